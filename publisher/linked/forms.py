"""Documents of one form: what is sound in one is sound in all that differ from it only in plain words, addresses and dates.

The pages of a site say the same things of other articles. A form is a document without its values: the same keys, of the same types
and with the same kinds of values, in the same order. What rules say of a document depends on its form, on which ids are the same, and
on its values. A value is *plain* when no rule finds anything in it where its key may stand; one that is not, such as a type, a language,
an address of this machine, counts with the form. So each form is judged once, by all rules, and of the next documents only whether
their values are plain. A rule that looks at several values together needs that here, too (`sizes`, dates, `ids`).

Only builds use it, which ask for warnings and errors, for files of JSON-LD and for pages with one block of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

from publisher.linked.document import Document
from publisher.linked.google import is_plain_name
from publisher.linked.values import is_before, moment
from publisher.schema import CONTEXT, Json, JsonObject

__all__ = ["keep", "known"]

_MOST, _MOST_SOUND, _LONGEST = 256, 64, 2_000
"""Forms that are known, values with which one was sound, and characters of those."""
_SMALLEST = 224
"""Pixels: no picture that is so wide and high is too small."""
_LOCAL = ("#", "_:")


# -- what is plain ---------------------------------------------------------------------------------------------------------

_Plain = Callable[[Sequence[Any]], bool]
_NO_WORDS = re.compile(
    r"\s*+(?:\Z|http|file:|\[object|\{\{|\{%|\$\{|%[A-Z_]|Lorem|(?:undefined|null|None|NaN|Invalid date)\s*+\Z)", re.IGNORECASE
)
_ODD = ("&", "<", "%%", "\0", "Ã", "â€", "Â", "ï¿½", "\ufffd")
"""In entities, tags, placeholders, and in what was read as another encoding."""
_HALVES = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(
    r"https?://(?!(?:www\.)?schema\.org/)(?:[A-Za-z0-9-]++\.)++(?!(?:local|localhost|internal|test|invalid)(?:/|\Z))[A-Za-z]{2,}+"
    r"(?:/(?:[A-Za-z0-9._~/?#!()*+,;=:@-]++|%(?!%))*+)?+",
    re.IGNORECASE | re.ASCII,
)
_TAG = re.compile(r"(?:tag|urn):[A-Za-z0-9.,:/@_-]++")
_DATE = re.compile(r"(?!0|1970-01-01T|1969-12-31T)[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2}))?")
_DIGITS = re.compile(r"[0-9a-f]++")


def _are_words(values: Sequence[str]) -> bool:
    joined = "\n".join(values)
    return (
        not any(sign in joined for sign in _ODD)
        and (joined.isascii() or not _HALVES.search(joined))
        and not any(map(_NO_WORDS.match, values))
    )


def _are_addresses(values: Sequence[str]) -> bool:
    return all(map(_ADDRESS.fullmatch, values))


def _are_identifiers(values: Sequence[str]) -> bool:
    return all(_TAG.fullmatch(each) or _ADDRESS.fullmatch(each) for each in values)


def _are_names(values: Sequence[str]) -> bool:
    return _are_words(values) and all(is_plain_name(each.strip()) for each in values)


def _are_dates(values: Sequence[str]) -> bool:
    return all(_DATE.fullmatch(each) and moment(each) for each in values)


def _are_digits(values: Sequence[str]) -> bool:
    return all(map(_DIGITS.fullmatch, values))


_SIZES = frozenset(("width", "height"))


def _are_sizes(values: Sequence[Any]) -> bool:
    return all(type(each) is int and _SMALLEST <= each <= 99_999 for each in values)


_WORDS = "alternateName alternativeHeadline articleBody articleSection caption copyrightNotice creditText dateline description headline"
_KINDS: dict[tuple[str, type], _Plain] = {
    **{(key, str): _are_words for key in (*_WORDS.split(), "keywords", "name", "text")},
    **{(key, str): _are_addresses for key in ("@id", "contentUrl", "isBasedOn", "item", "license", "sameAs", "url")},
    **{(key, str): _are_dates for key in ("datePublished", "dateModified")},
    **{(key, str): _are_digits for key in ("contentSize", "sha256")},
    ("identifier", str): _are_identifiers,
}
"""By the key whose value it is, and what that is in Python."""
_NOBODY = frozenset("BreadcrumbList CreativeWork ListItem NewsArticle Periodical WebPage WebSite".split())
"""What is no author, whatever its name."""


# -- forms -----------------------------------------------------------------------------------------------------------------

_Shape = tuple[tuple[object, ...], ...]
_Given = tuple[object, ...]


class _Taken:
    """A text taken apart while it is parsed: object by object, those inside first."""

    def __init__(self, text: str) -> None:
        self._shape: list[tuple[object, ...]] = []
        self.values: list[Any] = []
        self._clean = True
        self.data: Json = json.loads(text, object_pairs_hook=self._members, parse_constant=self._constant)
        self.shape: _Shape | None = tuple(self._shape) if self._clean and isinstance(self.data, dict) else None
        """The keys of each object and what its values are in Python, the same of each list; `None` for what is no form."""

    def _members(self, pairs: list[tuple[str, Json]]) -> JsonObject:
        found = dict(pairs)
        self._clean = self._clean and len(found) == len(pairs)
        kind = found.get("@type")
        self._shape.append((kind if isinstance(kind, str) else None, *found))
        self._take(found.values())
        return found

    def _take(self, values: Any) -> None:
        kinds = tuple(map(type, values))
        self._shape.append(kinds)
        if list not in kinds and dict not in kinds:
            self.values += values
            return
        for kind, each in zip(kinds, values, strict=True):
            if kind is list:
                self._take(each)
            elif kind is not dict:
                self.values.append(each)

    def _constant(self, name: str) -> None:
        self._clean = False


@dataclass(slots=True, eq=False)
class _Form:
    """The places of the values in a form, by what is plain there."""

    places: list[tuple[_Plain | None, list[int]]]
    """`None` is for what counts with the form."""
    ids: list[int]
    published: list[int]
    modified: list[int]
    sizes: list[list[int]]
    """Width and height of each picture, which are plain or not together."""
    sound: set[_Given] = field(default_factory=set)
    """What documents had, beside plain values, with which nothing was wrong."""

    def given(self, values: Sequence[Any]) -> _Given | None:
        """Return what is to be judged of the values; `None` when it has to be judged each time."""
        ids: dict[str, int] = {}
        same = [ids.setdefault(values[each], len(ids)) for each in self.ids]
        odd: list[tuple[int, object]] = []
        for plain, places in self.places:
            given = [values[each] for each in places]
            if plain is None or not plain(given):
                odd += ((place, each) for place, each in zip(places, given, strict=True) if plain is None or not plain((each,)))
        for together in self.sizes:
            if not _are_sizes([values[each] for each in together]):
                odd += ((each, values[each]) for each in together)
        texts = [each for _, each in odd if isinstance(each, str)]
        if any(each.startswith(_LOCAL) for each in texts) or sum(map(len, texts)) > _LONGEST:
            return None  # what is local refers to the end of an address
        if self.modified and self.published and not _are_dates([values[each] for each in (*self.modified, *self.published)]):
            return None  # they are compared
        if any(is_before(values[one], values[other]) for one, other in product(self.modified, self.published)):
            return None
        return (*same, *odd)


_FORMS: dict[_Shape, _Form] = {}


def known(text: str) -> tuple[Json] | None:
    """Return what a text says when another of this form, with other plain values, had nothing wrong with it; else `None`."""
    try:
        taken = _Taken(text)
    except (ValueError, RecursionError):
        return None
    form = _FORMS.get(taken.shape) if taken.shape else None
    return (taken.data,) if form and form.given(taken.values) in form.sound else None


def keep(document: Document) -> None:
    """Keep the form of a document with which nothing is wrong."""
    taken = _Taken(document.text)
    if taken.shape is None or not all(each == CONTEXT for _, each in document.contexts) or _is_respelled(document):
        return  # keys may mean something else in it
    if taken.shape not in _FORMS and len(_FORMS) >= _MOST:
        _FORMS.clear()
    form = _FORMS.setdefault(taken.shape, _form(document.data))
    if (given := form.given(taken.values)) is not None:
        if len(form.sound) >= _MOST_SOUND:
            form.sound.clear()
        form.sound.add(given)


def _is_respelled(document: Document) -> bool:
    """Return whether a name is spelled in another way than values are known by, or a keyword or a role puts values elsewhere."""
    named = (name.key != name.name for name in document.names)
    return any(named) or not document.keywords <= {"@context", "@graph", "@id", "@type"} or bool(document.all("Role"))


class _Slot(NamedTuple):
    """Where a value is."""

    key: str
    plain: _Plain | None
    owner: int
    """Which object has it."""


def _form(data: Json) -> _Form:
    by_kind: dict[_Plain | None, list[int]] = {}
    sizes: dict[int, list[int]] = {}
    named: dict[str, list[int]] = {"@id": [], "datePublished": [], "dateModified": []}
    for place, slot in enumerate(_slots(data)):
        if slot.key in _SIZES:
            sizes.setdefault(slot.owner, []).append(place)
            continue
        by_kind.setdefault(slot.plain, []).append(place)
        if slot.key in named and (slot.plain or slot.key == "@id"):
            named[slot.key].append(place)
    return _Form([*by_kind.items()], named["@id"], named["datePublished"], named["dateModified"], [*sizes.values()])


def _slots(data: Json) -> Iterator[_Slot]:
    """Yield each value, and what is plain there, in the order in which objects are taken apart."""
    if isinstance(data, list):
        for each in data:
            yield from _slots(each)
    elif isinstance(data, dict):
        for each in data.values():
            yield from _slots(each)
        kind = data.get("@type")
        is_nobody = isinstance(kind, str) and kind in _NOBODY
        for key, each in data.items():
            yield from (_Slot(key, _plain(key, leaf, each, is_nobody=is_nobody), id(data)) for leaf in _leaves(each))


def _leaves(value: Json) -> Iterator[Json]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif not isinstance(value, dict):
        yield value


def _plain(key: str, leaf: Json, whole: Json, *, is_nobody: bool) -> _Plain | None:
    if key == "headline" and isinstance(whole, list):
        return None  # of several, whether they are the same counts
    found = _KINDS.get((key, type(leaf)))
    return _are_names if found and key == "name" and not is_nobody else found

"""Documents of one form: what is sound in one is sound in all that differ from it only in plain words, addresses and dates.

The pages of a site say the same things of other articles. A form is a document without its values: all that is outside of quotes, but
for numbers, and the names of members; so a text is cut at its quotes, and not walked through. What rules say of a document depends on
its form, on which ids are the same, and on its values. A value is *plain* when no rule finds anything in it where its name may stand; one
that is not, such as a type, a language, an address of this machine, counts with the form. So each form is judged once, by all rules, and
of the next documents only whether their values are plain. A rule that looks at several values together needs that here, too (`sizes`,
dates, `ids`).

Only builds use it, which ask for warnings and errors, for files of JSON-LD and for pages with one block of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, product
from operator import itemgetter
from typing import Any, NamedTuple

from publisher.linked.document import Document
from publisher.linked.google import is_plain_name
from publisher.linked.values import is_before, moment
from publisher.schema import CONTEXT, Json, JsonObject

__all__ = ["Each", "Get", "are_addresses", "are_dates", "are_names", "getter", "is_sound", "keep", "known"]

_MOST, _MOST_SOUND, _LONGEST = 256, 64, 2_000
"""Forms that are known, values with which one was sound, and characters of those."""
_MOST_MET = 10_000
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


class Each:
    """Whether a pattern fits each of some values; those of the site come again and again, and are looked at once."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self._fits = pattern.fullmatch
        self._met: set[str] = set()

    def __call__(self, values: Sequence[str]) -> bool:
        """Return whether it fits each."""
        new = set(values) - self._met
        if not all(map(self._fits, new)):
            return False
        if len(self._met) >= _MOST_MET:
            self._met.clear()
        self._met |= new
        return True


are_addresses = Each(_ADDRESS)
"""Whether values are addresses of the web that anybody can reach."""


def _are_identifiers(values: Sequence[str]) -> bool:
    return all(_TAG.fullmatch(each) or _ADDRESS.fullmatch(each) for each in values)


def are_names(values: Sequence[str]) -> bool:
    """Return whether values are each the name of one person or house, and nothing else."""
    return _are_words(values) and all(is_plain_name(each.strip()) for each in values)


def are_dates(values: Sequence[str]) -> bool:
    """Return whether values are days or moments that there are, all in one spelling."""
    return all(_DATE.fullmatch(each) and moment(each) for each in values)


def _are_digits(values: Sequence[str]) -> bool:
    return all(map(_DIGITS.fullmatch, values))


_SIZES = frozenset(("width", "height"))
_SIZE = re.compile(r"[1-9][0-9]{2,4}", re.ASCII)


def _are_sizes(values: Sequence[str]) -> bool:
    return all(_SIZE.fullmatch(each) and int(each) >= _SMALLEST for each in values)


_WORDS = "alternateName alternativeHeadline articleBody articleSection caption copyrightNotice creditText dateline description headline"
_KINDS: dict[tuple[str, type], _Plain] = {
    **{(key, str): _are_words for key in (*_WORDS.split(), "keywords", "name", "text")},
    **{(key, str): are_addresses for key in ("@id", "contentUrl", "isBasedOn", "item", "license", "sameAs", "url")},
    **{(key, str): are_dates for key in ("datePublished", "dateModified")},
    **{(key, str): _are_digits for key in ("contentSize", "sha256")},
    ("identifier", str): _are_identifiers,
}
"""By the key whose value it is, and what that is in Python."""
_NOBODY = frozenset("BreadcrumbList CreativeWork ListItem NewsArticle Periodical WebPage WebSite".split())
"""What is no author, whatever its name."""


# -- forms -----------------------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"[-0-9][0-9.eE+-]*+")
_Given = tuple[object, ...]
Get = Callable[[Sequence[str]], tuple[str, ...]]
"""Gives some of several texts, always those at the same places."""


def getter(places: Sequence[int]) -> Get:
    """Return what gives the values at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple([values[each] for each in places])


def _unescaped(string: str) -> str:
    plain = string.replace("\\n", "\n")  # the most frequent by far, and nothing else is made of two characters: see `_Taken`
    return json.loads(f'"{string}"') if "\\" in plain else plain


class _Taken:
    """A text cut at its quotes: what is outside of them, numbers aside, and the strings and the numbers."""

    def __init__(self, text: str) -> None:
        if "\\\\" in text or '\\"' in text:  # so that each quote begins or ends a string
            text = text.replace("\\\\", "\\u005c").replace('\\"', "\\u0022")
        pieces = text.split('"')
        self.strings = pieces[1::2]
        if "\\" in text:
            self.strings = [_unescaped(each) if "\\" in each else each for each in self.strings]
        self.outside = '"'.join(pieces[::2])
        self.numbers = _NUMBER.findall(self.outside)
        if self.numbers:
            self.outside = _NUMBER.sub("0", self.outside)

    @property
    def values(self) -> list[str]:
        """The strings, names of members among them, and then the numbers."""
        return self.strings + self.numbers


@dataclass(slots=True, eq=False)
class _Form:
    """The places of the values in a form, by what is plain there."""

    places: list[tuple[_Plain, list[int], Get]]
    fixed: Get
    """What counts with the form."""
    ids: Get
    published: Get
    modified: Get
    sizes: list[list[int]]
    """Width and height of each picture, which are plain or not together."""
    sound: set[_Given] = field(default_factory=set)
    """What documents had, beside plain values, with which nothing was wrong."""

    def given(self, values: Sequence[str]) -> _Given | None:
        """Return what is to be judged of the values; `None` when it has to be judged each time."""
        ids: dict[str, int] = {}
        same = [ids.setdefault(each, len(ids)) for each in self.ids(values)]
        odd: list[tuple[int, str]] = []
        for plain, places, get in self.places:
            if not plain(given := get(values)):
                odd += ((place, each) for place, each in zip(places, given, strict=True) if not plain((each,)))
        for together in self.sizes:
            if not _are_sizes([values[each] for each in together]):
                odd += ((each, values[each]) for each in together)
        fixed = self.fixed(values)
        texts = (*fixed, *(each for _, each in odd))
        if any(each.startswith(_LOCAL) for each in texts) or sum(map(len, texts)) > _LONGEST:
            return None  # what is local refers to the end of an address
        modified, published = self.modified(values), self.published(values)
        if modified and published and not are_dates((*modified, *published)):
            return None  # they are compared
        if any(is_before(one, other) for one, other in product(modified, published)):
            return None
        return (*same, fixed, *odd)


_FORMS: dict[object, Get | _Form] = {}
"""Where the names are in what is outside of quotes, and by that and the names the forms."""


def known(text: str) -> tuple[Json] | None:
    """Return what a text says when another of this form, with other plain values, had nothing wrong with it; else `None`."""
    try:
        return (json.loads(text),) if is_sound(text) else None
    except ValueError:
        return None


def is_sound(text: str) -> bool:
    """Return whether another text of this form had nothing wrong with it; what is no JSON for another reason may be sound, too."""
    try:
        taken = _Taken(text)
    except ValueError:
        return False
    form = _known(taken)
    return form is not None and form.given(taken.values) in form.sound


def _known(taken: _Taken) -> _Form | None:
    names = _FORMS.get(taken.outside)
    if names is None or isinstance(names, _Form):
        return None
    found = _FORMS.get((taken.outside, names(taken.strings)))
    return found if isinstance(found, _Form) else None


def keep(document: Document) -> None:
    """Keep the form of a document with which nothing is wrong."""
    if not isinstance(document.data, dict) or not all(each == CONTEXT for _, each in document.contexts) or _is_respelled(document):
        return  # keys may mean something else in it
    taken, slots = _Taken(document.text), [*_slots(document.data, "")]
    form = _known(taken)
    if form is None:
        if len(_FORMS) >= _MOST - 1:
            _FORMS.clear()
        names = getter([*compress(range(len(taken.strings)), [each.is_name for each in slots if each.is_string])])
        form = _form(slots)
        _FORMS[taken.outside], _FORMS[taken.outside, names(taken.strings)] = names, form
    if (given := form.given(taken.values)) is not None:
        if len(form.sound) >= _MOST_SOUND:
            form.sound.clear()
        form.sound.add(given)


def _is_respelled(document: Document) -> bool:
    """Return whether a name is spelled in another way than values are known by, or a keyword or a role puts values elsewhere."""
    named = (name.key != name.name for name in document.names)
    return any(named) or not document.keywords <= {"@context", "@graph", "@id", "@type"} or bool(document.all("Role"))


class _Slot(NamedTuple):
    """Where a string or a number is."""

    key: str
    """Of the member whose value it is."""
    plain: _Plain | None
    owner: int
    """Which object has it."""
    is_name: bool
    is_string: bool


def _form(slots: Sequence[_Slot]) -> _Form:
    by_kind: dict[_Plain | None, list[int]] = {None: []}
    sizes: dict[int, list[int]] = {}
    named: dict[str, list[int]] = {"@id": [], "datePublished": [], "dateModified": []}
    for place, slot in enumerate(sorted(slots, key=lambda each: not each.is_string)):
        if slot.is_name:
            continue
        if slot.key in _SIZES:
            sizes.setdefault(slot.owner, []).append(place)
            continue
        by_kind.setdefault(slot.plain, []).append(place)
        if slot.key in named and (slot.plain or slot.key == "@id"):
            named[slot.key].append(place)
    fixed = getter(by_kind.pop(None))
    places = [(plain, several, getter(several)) for plain, several in by_kind.items() if plain]
    ids, published, modified = map(getter, named.values())
    return _Form(places, fixed, ids, published, modified, [*sizes.values()])


def _slots(data: Json, key: str, whole: Json = None, owner: JsonObject | None = None) -> Iterator[_Slot]:
    """Yield the slots of names and of values that are strings or numbers, in the order of the text."""
    if isinstance(data, dict):
        for name, each in data.items():
            yield _Slot(name, None, 0, is_name=True, is_string=True)
            yield from _slots(each, name, each, data)
    elif isinstance(data, list):
        for each in data:
            yield from _slots(each, key, whole, owner)
    elif isinstance(data, str | int | float) and not isinstance(data, bool):
        kind = (owner or {}).get("@type")
        plain = _plain(key, data, whole, is_nobody=isinstance(kind, str) and kind in _NOBODY)
        yield _Slot(key, plain, id(owner), is_name=False, is_string=isinstance(data, str))


def _plain(key: str, leaf: Json, whole: Json, *, is_nobody: bool) -> _Plain | None:
    if key == "headline" and isinstance(whole, list):
        return None  # of several, whether they are the same counts
    found = _KINDS.get((key, type(leaf)))
    return are_names if found and key == "name" and not is_nobody else found

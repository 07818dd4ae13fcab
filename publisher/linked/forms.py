"""Documents of one form: what is sound in one is sound in all that differ from it only in plain words, addresses and dates.

The pages of a site say the same things of other articles. A form is a document without its values: the same keys, brackets and small
numbers in the same order. What rules say of a document depends on its form, on which ids are the same, and on its values. A value is
*plain* when no rule finds anything in it where its key may stand; one that is not, such as a type, a language, an address of this
machine, counts with the form. So each form is judged once, by all rules, and of the next documents only whether their values are plain.

Only builds use it, which ask for warnings and errors, and only for pages with one block of JSON-LD.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from publisher.linked.document import Document
from publisher.linked.google import is_plain_name
from publisher.linked.values import is_before, moment
from publisher.schema import CONTEXT, Json

__all__ = ["keep", "known"]

_LEAF = re.compile(
    r'("(?:[^"\\]++|\\.)*+"\s*+:)|("(?:[^"\\]++|\\.)*+"|(?<=[:\s\[,])(?:22[4-9]|2[3-9][0-9]|[3-9][0-9]{2}|[1-9][0-9]{3,4})(?=[\s,}\]]))'
)
"""Keys, and values: strings with their quotes, and whole numbers from 224 (no picture of that size is too small) to 99999."""
_MOST, _MOST_SOUND, _LONGEST = 256, 64, 2_000
"""Forms that are known, values with which one was sound, and characters of those."""
_SIZES = frozenset({"width", "height"})
_LOCAL = ('"#', '"_:')


# -- what is plain, as it is written ------------------------------------------------------------------------------------------

_Plain = Callable[[Sequence[str]], bool]
_NO_WORDS = re.compile(
    r'"(?:\s|\\n)*+(?:"|http|file:|\[object|\{\{|\{%|<|\$\{|%[A-Z_]|Lorem|(?:undefined|null|None|NaN|Invalid date)(?:\s|\\n)*+")',
    re.IGNORECASE,
)
_ODD = ("&", "<", "%%", "Ã", "â€", "Â", "ï¿½", "\ufffd")
"""In entities, tags, placeholders, and in what was read as another encoding."""
_HALVES = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(
    r'"https?://(?!(?:www\.)?schema\.org/)(?:[A-Za-z0-9-]++\.)++(?!(?:local|localhost|internal|test|invalid)[/"])[A-Za-z]{2,}+'
    r'(?:/(?:[A-Za-z0-9._~/?#!()*+,;=:@-]++|%(?!%))*+)?+"',
    re.IGNORECASE | re.ASCII,
)
_TAG = re.compile(r'"(?:tag|urn):[A-Za-z0-9.,:/_@-]++"')
_DATE = re.compile(r'"(?!0|1970-01-01T|1969-12-31T)[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2}))?"')
_DIGITS = re.compile(r'"[0-9a-f]++"')


def _are_words(values: Sequence[str]) -> bool:
    joined = "".join(values)
    escapes = joined.count("\\")
    return (
        not any(sign in joined for sign in _ODD)
        and (not escapes or escapes == joined.count("\\n") + joined.count('\\"'))
        and (joined.isascii() or not _HALVES.search(joined))
        and not any(map(_NO_WORDS.match, values))
    )


def _are_addresses(values: Sequence[str]) -> bool:
    return all(map(_ADDRESS.fullmatch, values))


def _are_identifiers(values: Sequence[str]) -> bool:
    return all(_TAG.fullmatch(each) or _are_addresses((each,)) for each in values)


def _are_names(values: Sequence[str]) -> bool:
    return _are_words(values) and all("\\" not in each and is_plain_name(each[1:-1].strip()) for each in values)


def _are_dates(values: Sequence[str]) -> bool:
    return all(_DATE.fullmatch(each) and moment(each[1:-1]) for each in values)


def _are_digits(values: Sequence[str]) -> bool:
    return all(map(_DIGITS.fullmatch, values))


def _are_sizes(values: Sequence[str]) -> bool:
    return all(map(str.isdecimal, values))


_WORDS = "alternateName alternativeHeadline articleBody articleSection caption copyrightNotice creditText dateline description headline"
_KINDS: dict[str, _Plain] = {
    **dict.fromkeys((*_WORDS.split(), "keywords", "name", "text"), _are_words),
    **dict.fromkeys(("@id", "contentUrl", "isBasedOn", "item", "license", "sameAs", "url"), _are_addresses),
    **dict.fromkeys(("datePublished", "dateModified"), _are_dates),
    **dict.fromkeys(("contentSize", "sha256"), _are_digits),
    **dict.fromkeys(_SIZES, _are_sizes),
    "identifier": _are_identifiers,
}
"""By the key whose value it is."""
_NOBODY = frozenset("BreadcrumbList CreativeWork ListItem NewsArticle Periodical WebPage WebSite".split())
"""What is no author, whatever its name."""


# -- forms -----------------------------------------------------------------------------------------------------------------

_Shape = tuple[str | None, ...]
_Given = tuple[object, ...]


@dataclass(slots=True, eq=False)
class _Form:
    """The places of the values in a form, by what is plain there."""

    places: list[tuple[_Plain | None, tuple[int, ...]]]
    """`None` is for what counts with the form."""
    ids: tuple[int, ...]
    dates: tuple[tuple[int, ...], tuple[int, ...]]
    """Of publication, and of changes."""
    sound: set[_Given] = field(default_factory=set)
    """What documents had, beside plain values, with which nothing was wrong."""

    def given(self, values: Sequence[str]) -> _Given | None:
        """Return what is to be judged of the values; `None` when it has to be judged each time."""
        ids: dict[str, int] = {}
        same = [ids.setdefault(values[each], len(ids)) for each in self.ids]
        published, modified = ([values[each][1:-1] for each in places] for places in self.dates)
        odd: list[tuple[int, str]] = []
        for plain, places in self.places:
            given = [values[each] for each in places]
            if plain is None or not plain(given):
                odd += ((place, each) for place, each in zip(places, given, strict=True) if plain is None or not plain((each,)))
        if any(is_before(*each) for each in product(modified, published)) or sum(len(each) for _, each in odd) > _LONGEST:
            return None
        if any(each.startswith(_LOCAL) for _, each in odd):
            return None  # what they refer to is the end of an address
        return (*same, *odd)


_FORMS: dict[_Shape, _Form] = {}


def known(text: str) -> tuple[Json] | None:
    """Return what a text says when another of this form, with other plain values, had nothing wrong with it; else `None`."""
    shape, values = _taken_apart(text)
    form = _FORMS.get(shape)
    try:
        return (json.loads(text),) if form and form.given(values) in form.sound else None
    except ValueError:  # a control character: all else is as it was in the other
        return None


def keep(document: Document) -> None:
    """Keep the form of a document with which nothing is wrong."""
    shape, values = _taken_apart(document.text)
    if shape not in _FORMS and (form := _form(document, values)):
        if len(_FORMS) >= _MOST:
            _FORMS.clear()
        _FORMS[shape] = form
    if (form := _FORMS.get(shape)) and (given := form.given(values)) is not None:
        if len(form.sound) >= _MOST_SOUND:
            form.sound.clear()
        form.sound.add(given)


def _taken_apart(text: str) -> tuple[_Shape, list[str]]:
    """Return what is between the values of a text, with its keys, and the values as they are written."""
    parts: list[str | None] = _LEAF.split(text)  # between, key, value, between, …
    values = [each for each in parts[2::3] if each]
    parts[2::3] = [None] * (len(parts) // 3)
    return tuple(parts), values


def _form(document: Document, values: Sequence[str]) -> _Form | None:
    """Return the form of a document; `None` when keys may mean something else in it, or not all of its values are found."""
    slots = [*_slots(document.data, "", None)]
    alone = document.is_exact and all(each == CONTEXT for _, each in document.contexts)
    if not alone or [each for each, _, _ in slots] != [*map(json.loads, values)]:
        return None
    by_kind: dict[_Plain | None, list[int]] = {}
    for place, (_, _, plain) in enumerate(slots):
        by_kind.setdefault(plain, []).append(place)
    at = {name: tuple(place for place, (_, key, _) in enumerate(slots) if key == name) for name in ("@id", "datePublished", "dateModified")}
    return _Form([(plain, tuple(places)) for plain, places in by_kind.items()], at["@id"], (at["datePublished"], at["dateModified"]))


def _slots(data: Json, key: str, plain: _Plain | None) -> Iterator[tuple[Json, str, _Plain | None]]:
    """Yield the values in the order of the text, each with its key, and what is plain there."""
    if isinstance(data, dict):
        is_nobody = data.get("@type") in _NOBODY if isinstance(data.get("@type"), str) else False
        for name, each in data.items():
            kind = None if isinstance(each, list) and name == "headline" else _KINDS.get(name)
            yield from _slots(each, name, _are_names if name == "name" and not is_nobody else kind)
    elif isinstance(data, list):
        for each in data:
            yield from _slots(each, key, plain)
    elif isinstance(data, str) or (type(data) is int and 224 <= data <= 99999):
        yield data, key, plain if isinstance(data, str) == (key not in _SIZES) else None

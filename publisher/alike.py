"""Entries of feeds, and lone JSON-LD, of one form: what is right in one is right in all that differ only in plain values of their articles.

A writer gives all entries the same elements. So an entry that was read, checked and compared is cut at `<`, `>` and `"`, without its
article's text: what is a value of the article is known by being the same, and all else is its form. Another entry is right when it has
that form, and the values of its own article at those places: a reader that took these for the values of the one takes them for those of
the other, and rules find nothing in what is *plain*. That needs

- that both articles have the same fields, that the same of their values are equal, and that those are equal that are not in the entry;
- that all values are plain: words, names, addresses and dates that readers take as they are, and that rules ask nothing more of;
- that the text is the article's own; where it is read as HTML, of the grammar that the cleaner knows to its last character (`is_simple`).

An entry for which this is not so is read. Whoever writes a rule for feeds has to think of `_are_plain`: tests put odd values everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from email.utils import format_datetime
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place

if TYPE_CHECKING:
    from publisher.linked.forms import Get

__all__ = ["cut", "forget", "is_right", "is_simple", "keep"]

_MOST, _AT_HAND = 256, 1000
"""Forms that are known, and articles of which it is known what they say."""
_BETWEEN = bytes(set(range(256)) - set(b'<>"'))
_TEXT = b"\x1f"
"""Stands where the text was; nothing that is plain has it."""

# -- what an article says --------------------------------------------------------------------------------------------------

_WORDS = frozenset(
    "headline alternative_headline description article_section keywords dateline copyright_notice caption credit_text name text".split()
)
_ADDRESSES = frozenset(("url", "content_url", "license", "is_based_on", "same_as"))
_NUMBERS = frozenset(("content_size", "width", "height", "duration", "sha256"))
_KINDS: tuple[type[Any], ...] = (Article, Correction, Image, Link, Media, Organization, Person, Place)
_FIELDS = {kind: tuple(each.name for each in fields(kind) if each.name != "body") for kind in _KINDS}
_VALUES = {kind: attrgetter(*names) for kind, names in _FIELDS.items()}


@dataclass(frozen=True, slots=True)
class _Said:
    """What an article says: its fields with what is no value of theirs in `shape`, and their values in the order of the fields."""

    shape: tuple[object, ...]
    values: tuple[str, ...]
    leaves: tuple[tuple[int, ...], ...]
    """For each value of a field, which of them say it: a date is spelled in several ways, and names of authors are said together."""
    is_plain: bool


class _Saying:
    """Goes through an article once."""

    def __init__(self, article: Article) -> None:
        from publisher.linked.graph import article_id  # not before it is needed, as all that is imported in functions here

        self._named = article_id
        self.shape: list[object] = []
        self.values: list[str] = []
        self.words: list[str] = []
        self.names: list[str] = []
        self.addresses: list[str] = []
        self.identifiers: list[str] = []
        self.dates: list[str] = []
        self.leaves: list[tuple[int, ...]] = []
        self._parts(article)
        if len(names := [each.name for each in article.author]) > 1:
            self.leaves = [(*each, len(self.values)) if self.values[each[0]] in names else each for each in self.leaves]
            self.values.append(", ".join(names))  # as RSS has them

    def _parts(self, value: Any) -> None:
        kind = type(value)
        self.shape.append(kind)
        for name, each in zip(_FIELDS[kind], _VALUES[kind](value), strict=True):
            if each is None or each == ():
                self.shape.append(None)
            elif type(each) is tuple:
                self.shape.append(len(each))
                for one in each:
                    self._value(name, one, kind)
            else:
                self._value(name, each, kind)

    def _value(self, name: str, value: Any, owner: type[Any]) -> None:
        if type(value) in _FIELDS:
            self._parts(value)
        elif isinstance(value, date):
            self.shape.append(type(value))
            self._date(value)
        elif name in _WORDS:
            (self.names if owner in (Person, Organization) else self.words).append(value)
            self._say(value)
        elif name in _ADDRESSES or name == "identifier":
            (self.addresses if name in _ADDRESSES else self.identifiers).append(value)
            self._say(value, *((self._named(value),) if owner is Article and name == "url" else ()))
            self.shape.append(value.rpartition(".")[2] if name == "content_url" else None)  # rules compare the type with the ending
        elif name in _NUMBERS:
            self.shape.append(type(value))
            self._say(str(value))
        else:
            self.shape += (type(value), value)

    def _date(self, value: date) -> None:
        from publisher.schema import begin

        moment = begin(value)
        self.dates.append(value.isoformat())
        self._say(value.isoformat(), moment.isoformat(), format_datetime(moment))

    def _say(self, *spelled: str) -> None:
        self.leaves.append(tuple(range(len(self.values), len(self.values) + len(spelled))))
        self.values += spelled


def _said(article: Article) -> _Said:
    """Return what an article says, looked at once while it is at hand."""
    known = _at_hand.get(id(article))
    if known and known[0] is article:
        return known[1]
    saying = _Saying(article)
    first: dict[str, int] = {}
    same = tuple([first.setdefault(each, number) for number, each in enumerate(saying.values)])
    found = _Said((*saying.shape, same), tuple(saying.values), tuple(saying.leaves), _are_plain(saying))
    if len(_at_hand) >= _AT_HAND:
        _at_hand.clear()
    _at_hand[id(article)] = article, found  # with the article, so that no other one gets its id
    return found


_at_hand: dict[int, tuple[Article, _Said]] = {}

# -- what is plain ---------------------------------------------------------------------------------------------------------

_MARKS = re.compile(r'[<>&"\\]')
_ADDRESS = re.compile(
    r"https?://[a-z0-9.-]++(?::(?!80/|443/)[0-9]{2,5})?/[A-Za-z0-9._~/-]*+(?:\?[A-Za-z0-9._~/=-]++)?(?:#[A-Za-z0-9._~-]++)?"
)
_IDENTIFIER = re.compile(r"(?:tag|urn):[A-Za-z0-9.,:/@_-]++")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffd-\uffff]")


def _are_plain(saying: _Saying) -> bool:
    from publisher.feedrules.texts import garbled
    from publisher.linked.forms import are_dates, are_names

    joined = "\n".join(("", *saying.words, *saying.names, ""))
    return (
        not _MARKS.search(joined)
        and joined.replace("\n", "").isprintable()
        and "  " not in joined
        and "\n " not in joined
        and " \n" not in joined
        and "\n\n" not in joined
        and not garbled(joined)
        and (joined.isascii() or all(map(_is_line, (*saying.words, *saying.names))))
        and are_names(saying.names)
        and not any("," in each for each in saying.names)
        and are_dates(saying.dates)
        and all(map(_is_address, saying.addresses))
        and all(_is_address(each) or (_IDENTIFIER.fullmatch(each) and _is_whole(each)) for each in saying.identifiers)
    )


def _is_line(text: str) -> bool:
    from publisher.text import line

    return line(text) == text


def _is_address(text: str) -> bool:
    from publisher.feedrules import values
    from publisher.text import url

    return bool(_ADDRESS.fullmatch(text)) and url(text) == text and _is_whole(text) and not values.unlikely(text)


def _is_whole(text: str) -> bool:
    from publisher.feedrules import values

    return not values.address(text)


@lru_cache(maxsize=256)  # the same articles are in feeds of several formats, one after the other
def is_simple(body: str) -> bool:
    """Return whether every reader of ours gets this body back, and rules for HTML find nothing in it."""
    from publisher import cleaner, feeds
    from publisher.feedrules.texts import garbled

    return (
        cleaner.at_once(feeds.spelled(body)) == body
        and "<img" not in body
        and "javascript:" not in body.lower()
        and not _CONTROLS.search(body)
        and not garbled(body)
    )


# -- forms -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """What entries have in common, and where they have values of their articles."""

    same: tuple[str, ...]
    same_in: Get
    holes: Get
    meant: Get
    """The values of the article that are at the holes."""
    still: tuple[str, ...]
    still_in: Get
    """Those that are nowhere."""
    free: Get
    """What is of neither."""
    at: Mapping[int, int]
    """Which value of the article is at each hole."""
    pieces: Sequence[str]
    values: Sequence[str]
    """Of the entry that was read last, and of its article."""


_FORMS: dict[tuple[object, ...], _Form] = {}

_NUMBER = re.compile(rb'":( ?)([0-9]++)(?=[,}\n])')
"""A member of JSON that is a number: it is cut out like a text, and marked as none."""


def forget() -> None:
    """Forget all forms."""
    _FORMS.clear()
    _at_hand.clear()


def is_right(around: Hashable, parts: Sequence[bytes], article: Article) -> bool:
    """Return whether an entry, cut at its article's text, is surely right but for that; `around` is what it depends on in its feed."""
    if not (said := _said(article)).is_plain:
        return False
    marks, pieces = _cut(parts)
    form = _FORMS.get((around, marks, said.shape))
    return (
        form is not None
        and form.same_in(pieces) == form.same
        and form.holes(pieces) == form.meant(said.values)
        and form.still_in(said.values) == form.still
        and not any("\\" in each for each in form.free(pieces))  # which could make a quote mean something else
    )


def _cut(parts: Sequence[bytes]) -> tuple[bytes, list[str]]:
    return cut(_NUMBER.sub(b'":\\1\x1e"\\2"', _TEXT.join(parts)))


def cut(text: bytes) -> tuple[bytes, list[str]]:
    """Return all `<`, `>` and `"` of a text in UTF-8, and what is between them."""
    return text.translate(None, _BETWEEN), text.decode(errors="surrogateescape").replace("<", '"').replace(">", '"').split('"')


def keep(around: Hashable, parts: Sequence[bytes], article: Article, free: Collection[str] = ()) -> None:
    """Keep the form of an entry that was read, checked and compared with its article.

    `free` are members of JSON that say nothing about the article; who keeps them free looks at their values.
    """
    if not (said := _said(article)).is_plain:
        return
    marks, pieces = _cut(parts)
    first = {each: number for number, each in reversed([*enumerate(said.values)])}
    at: Mapping[int, int] = {place: first[each] for place, each in enumerate(pieces) if each in first and _may_differ(marks, pieces, place)}
    members = {place for place in range(2, len(pieces)) if pieces[place - 2] in free and pieces[place - 1].strip() == ":"}
    key = around, marks, said.shape
    if (former := _FORMS.get(key)) and (both := _in_both(former, at, pieces, members)) is not None and _agree(said, both, former):
        at = both
    if len(_FORMS) >= _MOST:
        _FORMS.clear()
    _FORMS[key] = _form(said, at, pieces, sorted(members - at.keys()))


def _form(said: _Said, at: Mapping[int, int], pieces: Sequence[str], free: Sequence[int]) -> _Form:
    from publisher.linked.forms import getter

    same = getter([place for place in range(len(pieces)) if place not in {*free, *at}])
    still = getter(_unshown(said, at))
    return _Form(
        same=same(pieces),
        same_in=same,
        holes=getter([*at]),
        meant=getter([*at.values()]),
        still=still(said.values),
        still_in=still,
        free=getter(free),
        at=at,
        pieces=pieces,
        values=said.values,
    )


def _unshown(said: _Said, at: Mapping[int, int]) -> list[int]:
    """Return which values of the article are nowhere in its entry."""
    shown, first = {*at.values()}, said.shape[-1]
    assert isinstance(first, tuple)
    return [each[0] for each in said.leaves if not any(first[number] in shown for number in each)]


def _in_both(former: _Form, at: Mapping[int, int], pieces: Sequence[str], free: Collection[int]) -> Mapping[int, int] | None:
    """Return the holes that two entries have in common, where all else of them is the same; else `None`.

    What is the article's own in one of them only is so by chance: the name of its section in a list of all sections.
    """
    both = {place: value for place, value in at.items() if former.at.get(place) == value}
    others = (place for place in range(len(pieces)) if place not in both and place not in free)
    return both if all(former.pieces[place] == pieces[place] for place in others) else None


def _agree(said: _Said, at: Mapping[int, int], former: _Form) -> bool:
    """Return whether those values are the same in two articles that are nowhere in their entries."""
    return all(said.values[each] == former.values[each] for each in _unshown(said, at))


def _may_differ(marks: bytes, pieces: Sequence[str], place: int) -> bool:
    """Return whether a piece is a value, and no name of an element or of a member of JSON."""
    return 0 < place < len(marks) and marks[place - 1 : place] != b"<" and not pieces[place + 1].lstrip().startswith(":")

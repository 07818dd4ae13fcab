"""Bylines as newsrooms write them, made into people and organizations.

The rules are those of practice, not of a standard: what follows "for" is an organization, a job title is no name,
a single word after a full name and a comma is a place ("Von Peter Müller, Berlin") unless it is an agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from publisher import phrases
from publisher.agencies import AGENCIES
from publisher.article import Organization, Party, Person
from publisher.text import line
from publisher.text import url as address

__all__ = ["Named", "by_role", "is_by_staff", "is_byline", "left_out", "parties", "party"]

Known = Mapping[str, Party]
"""Parties by their casefolded name."""

_NOBODY: Known = MappingProxyType({})
_SPELLINGS: dict[str, tuple[str, tuple[str, ...]]] = {}
for _group in AGENCIES:
    for _name in _group:
        _SPELLINGS.setdefault(_name.casefold(), (_name, _group))
_LONGEST = 160
_LONGEST_READ = 1000
_AROUND = " \t.,;:|(（、／/·*_["


_BY = re.compile(rf"(?P<label>{phrases.AUTHOR_LABELS}\s*[:：／/｜|=＝・]\s*)|{phrases.BEFORE_NAMES}(?:\s*[:：／/｜]\s*|\s+)", re.IGNORECASE)
_FROM = re.compile(r"from\s+", re.IGNORECASE)
_BY_INSIDE = re.compile(rf"(?<!\w)(?:{_BY.pattern})", re.IGNORECASE)
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.)*)\]\(\s*+<?((?:[^()\s<>]|\([^()\s]*\))*)>?(?:\s++[\"'(][^)]*)?\)")
_EMAIL = re.compile(r"[<(]?\s*(?:mailto:)?([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\s*[>)]?")
_HANDLE = re.compile(r"[(\[]?(?<!\w)@\w+[)\]]?")
_EMPHASIS = re.compile(r"(?<!\w)[*_]+|[*_]+(?!\w)|\*+|\\(?=[^\w\s])")
_SEPARATOR = re.compile(r"(?:(?<!\s)\s+)?(?:[,;、，；،؛|｜·•／]|(?<!RFE)/|\s[-–—]\s|\t)\s*")
_AND = re.compile(
    r"(?<!\s)\s++(?:and|AND|und|UND|et|ET|och|og|ja|ve|dan|và|și|και|with|WITH|mit|avec|con)\s+"
    r"|(?:(?<!\s)\s++)?(?:与|與|和|及)\s*|(?<!\s)\s++および\s+"
)
_FIRST_AND = re.compile(r"^(?:and|und|et|with|mit|avec|y|e|и|&)\s+")
_SHORT_AND = re.compile(r"(?<!\s)\s++(?:&|\+|y|e|i|a|и|і|та|و|en|és|u)\s+")
_FOR = re.compile(
    r"(?<!\s)\s++(?:for|from|für|pour|para|per|для|via)\s+(?:the\s+|die\s+|das\s+|den\s+|l['’]|la\s+|el\s+)?"
    r"|(?<!\s)\s++of\s+(?=the\s+[A-Z])(?:the\s+)?|(?:^|(?<!\s)\s++)[Ss]pecial\s+to\s+"
)
_IN = re.compile(r"(?<!\s)\s++(?:in|aus|à|en|em|в)\s+(?=[A-ZÀ-ÞА-Я]).*$")
_PARENTHESES = re.compile(r"(?:(?<!\s)\s++)?[(（]([^()（）]*)[)）]\s*")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_DEGREE = re.compile(r"(?:ph\.?\s?d|m\.?d|esq|m\.?sc|m\.?a|mba|cfa|cpa|rn)\.?", re.IGNORECASE)
_JOB = re.compile(rf"\b{phrases.JOBS}\b|{phrases.JOBS_UNSPACED}", re.IGNORECASE)
_JOB_BEFORE_NAME = re.compile(rf"\b{phrases.JOBS}\s+(?=\S)", re.IGNORECASE)
_STAFF = re.compile(
    rf"(?:(?:by|from|our|the|a|an)\s+)*{phrases.STAFF}"
    r"|(?:(?:by|from)\s+)?our\s+(?:own\s+)?(?:\w+\s+)?(?:writer|reporter|correspondent|contributor|editor)s?"
    r"(?=\s*(?:$|[,;:–—-])|\s+(?:in\s|(?-i:[A-Z])))",  # no sentence: "by our reporters' count"
    re.IGNORECASE,
)
_UNNAMED = re.compile(phrases.AGENCIES_UNNAMED, re.IGNORECASE)
_OF_STAFF = re.compile(
    r"(.*?\S)(?:'s|’s)?\s++(?:staff(?:\s+\w+)?|newsroom|correspondents?|reporters?|journalists?|editors|desk|team|bureau)", re.IGNORECASE
)
_OF_JOB = re.compile(r"([A-Z][\w'’.-]*+(?:\s[A-Z][\w'’.-]*+)+?)\s(?i:staff\swriter|staff\sreporter|writer)")
"""A person with what they do behind the name; before other jobs stands as often what they write about: "White House Reporter"."""
_ORGANIZATION = re.compile(rf"\b{phrases.OF_ORGANIZATIONS}\b|{phrases.OF_ORGANIZATIONS_UNSPACED}", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-ZА-Я]{2,6}\d?")
_WITH_ACRONYM = re.compile(r"(?=.*[a-zа-я])(?:.* )?[A-ZА-Я]{3,}(?: .*)?")  # "CNN Business"
_REPORTER = re.compile(r"(?:(?<!\s)\s++)?(?:(?:本报|本報|特约|实习)?(?:记者|記者)\s*[:：]?\s*|기자$)|(?<!\s)\s++(?:报道|報道|发自.*)$")
_ROLE = re.compile(
    rf"(?:(?<=[\s;,|(（、／/.·*_\[])|^)(?:(?P<contributor>{phrases.CONTRIBUTED_BY})|(?P<editor>{phrases.EDITED_BY})"
    rf"|(?P<author>{phrases.WRITTEN_BY})|(?P<picture>{phrases.PICTURED_BY}))\s*:?\s*",
    re.IGNORECASE,
)
_FILED = re.compile(
    r"(?:(?<![／/\s])[／/\s]++)?[\u4e00-\u9fff]{2,4}(?:報導|报道|報道)$|[\u4e00-\u9fff]{2}\d{1,2}日(?:電|电)$"
)  # "／台北報導"
_BETWEEN_CHINESE_NAMES = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_REPORTER_LINE = re.compile(
    r"[\u3040-\u30ff\u4e00-\u9fff]{2,10}(?:记者|記者)|[\u4e00-\u9fff]{0,12}(?:记者|記者)[\s:：]*[\u4e00-\u9fff、\s]{2,20}(?:[／/][\u4e00-\u9fff]{4,6})?|[가-힣]{2,5}\s*기자(?:\s.{0,40})?"
)
_TURNED = re.compile(r"([A-Z][\w'’-]+), ([A-Z][\w'’-]+)")  # "Smith, John"
_NOT_NAMES = frozenset("and und et with mit avec con y e i a & the of for from in via special to für pour para per для".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Name:
    """One name of a byline and what stood beside it."""

    text: str
    url: str | None = None
    email: str | None = None
    organization: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Whom a byline names, by what they did."""

    author: tuple[Party, ...] = ()
    editor: tuple[Party, ...] = ()
    contributor: tuple[Party, ...] = ()


def by_role(text: str, known: Known = _NOBODY, house: Party | None = None) -> Named:
    """Return whom a byline names: "Reporting by A; editing by B"; see `parties`. Who only made pictures is left out.

    Remembered for the last thousand bylines and whom they were read with: the mapping `known` must not change.
    """
    return _by_role(text[:_LONGEST_READ].strip(), _Same(known), house)


class _Same:
    """A mapping that is the same only as itself, so that it can be remembered by."""

    __slots__ = ("known",)

    def __init__(self, known: Known) -> None:
        self.known = known

    def __hash__(self) -> int:
        return id(self.known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.known is other.known


@lru_cache(maxsize=1024)  # a newspaper has the same few names above all its articles
def _by_role(text: str, same: _Same, house: Party | None) -> Named:
    known = same.known
    found: dict[str, dict[str, Party]] = {"author": {}, "editor": {}, "contributor": {}, "picture": {}}
    for role, part in _parts(text[1:-1] if text.startswith("(") and text.endswith(")") else text):
        found[role] |= {each.name.casefold(): each for each in _parties(part, known, house) if each.name.casefold() not in found[role]}
    author, editor, contributor = (tuple(found[role].values()) for role in ("author", "editor", "contributor"))
    return Named(author=author, editor=editor, contributor=contributor)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a byline, each with the role of who is named in it."""
    role, place = "author", 0
    for found in _ROLE.finditer(text):
        yield role, text[place : found.start()].rstrip(_AROUND)
        role, place = found.lastgroup or role, found.end()
    yield role, text[place:].rstrip(_AROUND) if place else text


def parties(text: str, known: Known = _NOBODY, house: Party | None = None) -> tuple[Party, ...]:
    """Return who a byline names, in its order, each once.

    `text` may be Markdown; links to profiles and e-mail addresses are kept.
    `known` parties are given as they are known; `house` is whom "Staff Writer" and the like mean.
    Of a byline that says who wrote and who edited, those who wrote.
    """
    named = by_role(text, known, house)
    return named.author or named.editor or named.contributor


def _parties(text: str, known: Known, house: Party | None) -> Iterator[Party]:
    for name in _names(text, known):
        if each := house if _is_staff(name.text) else _party(name, known):
            yield each


def party(name: str, known: Known = _NOBODY, *, organization: bool = False) -> Party | None:
    """Return the one person or organization of that name, which is not taken apart; `None` when there is no name."""
    clean = line(name)
    return _party(_Name(text=clean, organization=organization), known) if clean else None


def is_byline(text: str, known: Known = _NOBODY) -> bool:
    """Return whether a line says who wrote: "By …" in any language, or nothing but a known name."""
    plain = _plain(text) if len(text) <= 10 * _LONGEST else ""
    if not plain or len(plain) > _LONGEST:
        return False
    if (role := _ROLE.match(plain)) and not role["picture"]:
        return _begins_a_name(plain[role.end() :], known)
    if found := _BY.match(plain):
        return bool(found["label"]) or _begins_a_name(plain[found.end() :], known)
    whole = (_is_staff(plain), _REPORTER_LINE.fullmatch(plain), _is_agency_staff(plain, known), _known(plain, known))
    return any(whole)


def is_by_staff(text: str) -> bool:
    """Return whether a line says that the staff wrote, and nothing else, as a sentence too: "By our own correspondent."."""
    plain = _plain(text) if len(text) <= _LONGEST else ""
    found = _BY.match(plain) or _FROM.match(plain)
    return found is not None and _is_staff(plain[found.end() :])


@lru_cache(maxsize=1024)  # who writes has written before
def left_out(text: str, names: tuple[Party, ...]) -> str:
    """Return the words of a byline that are in none of its parties' names: places, job titles."""
    plain = _BY_INSIDE.sub("", _ROLE.sub(" ", _plain(_EMAIL.sub(" ", " ".join(text[:_LONGEST_READ].split())))), count=1)
    spelled = (each for name in names for each in (name.name, *_SPELLINGS.get(name.name.casefold(), ("", ()))[1]))
    kept = {word for each in spelled for word in re.findall(r"\w+", each.casefold())} | _NOT_NAMES
    left = (word.strip(".,;:()") for word in _SEPARATOR.sub(" ", plain).split() if not any(name.name in word for name in names))
    return " ".join(word for word in left if word and not set(re.findall(r"\w+", word.casefold())) <= kept)


def _begins_a_name(rest: str, known: Known) -> bool:
    """Return whether what follows "by" is a name: capitalized, or in a script without capitals, and no sentence."""
    if _known(rest, known) or _STAFF.match(rest) or _UNNAMED.match(rest):
        return True
    words = rest.split()
    sentence = rest.endswith((".", "!", "?", "。", "؟")) and len(words) > 6
    return bool(words) and words[0][0].isalpha() and not words[0][0].islower() and len(words) <= 24 and not sentence


def _is_staff(text: str) -> bool:
    return bool(_STAFF.fullmatch(text.rstrip(".")))


def _is_agency_staff(plain: str, known: Known) -> bool:
    found = _OF_STAFF.fullmatch(plain)
    return bool(found and _known(found[1], known))


def _plain(text: str) -> str:
    without_links = _LINK.sub(lambda link: link[1], text.replace("\xa0", " "))
    plain = " ".join(_EMPHASIS.sub("", without_links).split()).strip(" ,;:|")
    return plain[1:-1].strip() if plain[:1] in "(（" and plain[-1:] in ")）" and plain.count("(") + plain.count("（") == 1 else plain


# -- taking a byline apart -----------------------------------------------------------------------------------------------


def _names(text: str, known: Known) -> Iterator[_Name]:
    links = {_plain(link[1]).casefold(): link[2] for link in _LINK.finditer(text)}
    plain = _plain(text)
    plain = _FILED.sub("", plain[found.end() :] if (found := _BY.match(plain)) else plain)
    if "记者" in plain:  # in Japanese, a space is inside a name
        plain = "记者".join((*(pieces := plain.split("记者"))[:-1], _BETWEEN_CHINESE_NAMES.sub("、", pieces[-1])))
    for part in plain.split(";"):
        yield from (_linked(name, links) for name in _join(_pieces(part.strip(), known)))


def _linked(name: _Name, links: Mapping[str, str]) -> _Name:
    target = links.get(name.text.casefold(), "")
    if target.lower().startswith("mailto:"):
        found = _EMAIL.fullmatch(target[7:].partition("?")[0])
        return replace(name, email=name.email or (found[1] if found else None))
    return replace(name, url=None if target.startswith("#") else address(target))


def _pieces(plain: str, known: Known) -> Iterator[_Name]:
    """Yield names and what may belong to the name before; an e-mail address alone is a name without text."""
    if _known(plain, known) or _is_staff(plain):
        yield _Name(text=plain)
        return
    plain = _TURNED.sub(r"\2 \1", plain) if _TURNED.fullmatch(plain) else plain
    plain = _PARENTHESES.sub(lambda inner: inner[0] if "@" in inner[1] else f", {inner[1]}, ", plain)
    full_name = False
    for part in _SEPARATOR.split(plain):
        for each in _conjoined(part, known):
            for name in _piece(each, known):
                if full_name and _is_beside_a_name(name, known):
                    continue
                full_name = full_name or " " in name.text
                yield name


def _conjoined(part: str, known: Known) -> list[str]:
    """Split at "and"; at "&", "y" and the like only between full names, since "Ernst & Young" and "Ortega y Gasset" are one."""
    part = _FIRST_AND.sub("", part)
    if _known(part, known):
        return [part]
    pieces: list[str] = []
    for each in _AND.split(part):
        sides = _SHORT_AND.split(each)
        apart = all(" " in side.strip() or _known(side, known) for side in sides)
        pieces += sides if apart else [each]
    return [piece.strip() for piece in pieces if piece.strip()]


def _piece(text: str, known: Known) -> Iterator[_Name]:
    email = _EMAIL.search(text)
    text = _HANDLE.sub("", _EMAIL.sub("", text)).strip(" .:") if email or "@" in text else text
    if _known(text, known):
        yield _Name(text=text, email=email[1] if email else None)
        return
    name, *employers = _FOR.split(text)
    for index, each in enumerate(_reporters(_IN.sub("", name.strip()), known)):
        yield _Name(text=each, email=email[1] if email and not index else None)
    for employer in employers:
        yield _Name(text=employer.strip(), organization=True)


def _reporters(text: str, known: Known) -> list[str]:
    """Take "reporter" out of Chinese, Japanese and Korean bylines: "新华社记者王伟" is an agency and a person."""
    if text in ("本报记者", "本報記者"):
        return [text]
    pieces = [piece for piece in _REPORTER.split(text) if piece]
    if pieces and len(pieces) > 1 and not _known(pieces[0], known):
        pieces = ["".join(pieces)] if not _ORGANIZATION.search(pieces[0]) else pieces
    return pieces or [""]


def _is_beside_a_name(name: _Name, known: Known) -> bool:
    """Return whether what follows a full name is its job or place rather than another name."""
    if name.organization or name.email or not name.text or _known(name.text, known) or _SUFFIX.fullmatch(name.text):
        return False
    alone = " " not in name.text and name.text.isascii() and not _is_organization(name.text)
    return bool(_JOB.search(name.text) or _DEGREE.fullmatch(name.text) or alone)


def _join(pieces: Iterator[_Name]) -> list[_Name]:
    """Give suffixes and lone e-mail addresses to the name before them."""
    names: list[_Name] = []
    for piece in pieces:
        if names and not piece.text and piece.email:
            names[-1] = replace(names[-1], email=names[-1].email or piece.email)
        elif names and _SUFFIX.fullmatch(piece.text):
            names[-1] = replace(names[-1], text=f"{names[-1].text} {piece.text}")
        elif piece.text:
            names.append(piece)
    return names


# -- one name ------------------------------------------------------------------------------------------------------------


def _party(name: _Name, known: Known) -> Party | None:
    text = line(name.text.strip(" .,;:-–—'\""))
    if found := _known(name.text, known) or _known(text or "", known):
        return replace(found, url=found.url or name.url, email=found.email or name.email)
    if not text or _UNNAMED.fullmatch(text):
        return None
    if (person := _OF_JOB.fullmatch(text)) and not _is_organization(person[1]):
        return _party(replace(name, text=person[1]), known)
    if staff := _OF_STAFF.fullmatch(text):  # "Reuters Staff" is Reuters; of others only they know whether it is them
        is_known = bool(_known(staff[1], known))
        return _party(replace(name, text=staff[1]), known) if is_known else Organization(name=text, url=name.url, email=name.email)
    if (job := _JOB_BEFORE_NAME.search(text)) and (_known(rest := text[job.end() :], known) or (" " in rest and not rest[0].islower())):
        return _party(replace(name, text=rest), known)
    kind = Organization if name.organization or _is_organization(text) else Person
    return kind(name=_initials(text, name.text), url=name.url, email=name.email)


def _is_organization(name: str) -> bool:
    return bool(_ORGANIZATION.search(name) or _ACRONYM.fullmatch(name) or _WITH_ACRONYM.fullmatch(name))


def _initials(text: str, written: str) -> str:
    """Put back the full stop of "Jr." and of a last initial."""
    return f"{text}." if re.search(r"(?:\b[A-Z]|\b[JS]r)\.$", written.rstrip(" ,;:")) and not text.endswith(".") else text


def _known(text: str, known: Known) -> Party | None:
    """Return the party of that name, if it is known to the publication or an agency."""
    key = text.strip().casefold().removeprefix("the ").strip(" .")
    spelling, group = _SPELLINGS.get(key, ("", ()))
    if spelling.isupper() and len(spelling) <= 5 and not text.isupper():
        return known.get(key)  # "Aap" and "Map" are not the agencies AAP and MAP
    for name in (text.strip().casefold(), key, *map(str.casefold, group)):
        if name in known:
            return known[name]
    return Organization(name=spelling) if spelling else None

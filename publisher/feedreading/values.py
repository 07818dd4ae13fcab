"""Single values as other people's feeds have them: dates, names of people, titles that are HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import lru_cache

from publisher import bylines, dates, feeds, markup, schema
from publisher.article import Date, Organization, Party, Person
from publisher.feedrules.repair import date_of
from publisher.text import line

__all__ = ["beginning", "date_in_rss", "duration", "is_html", "moment", "people", "title", "words"]

_EARLY = re.compile(r" 0\d{3} ")
_LOOKED_AT = 1000
"""Characters of a text that tell whether it is HTML."""
_LONGEST_TITLE = 80
_LONGEST_DATE, _LONGEST_BYLINE = 100, 1000
_MAIL = r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+"
_MAIL_FIRST = re.compile(rf"(?:mailto:)?({_MAIL})\s*[-,:]?\s*[(\[]\s*([^()\[\]]+?)\s*[)\]]\s*")
_NAME_FIRST = re.compile(rf"([^<>()\[\]]*?[^<>()\[\]\s])\s*+[<(\[]\s*+(?:mailto:)?({_MAIL})\s*[>)\]]\s*")
_ONLY_MAIL = re.compile(rf"(?:mailto:)?({_MAIL})")
_NOBODY = re.compile(r"(?:no-?reply|donotreply)@", re.IGNORECASE)
"""Addresses that programs write for nobody's."""
_SEVERAL = re.compile(r"^(?:by|von|par|por|di|door|av|af)\s|[,;|、]|\s(?:and|und|et|y|och|og|en|&)\s", re.IGNORECASE)
"""What tells a byline from one name, which may have any words and signs in it."""
_INLINE = "a|abbr|acronym|b|big|blink|br|cite|code|del|em|font|i|img|ins|kbd|mark|nobr|p|q|s|small|span|strike|strong|sub|sup|tt|u|wbr"
_BLOCKS = "blockquote|div|figure|h[1-6]|iframe|li|ol|p|pre|script|section|style|table|ul"
_TAG = re.compile(
    rf"<(?:{_INLINE}|{_BLOCKS})(?:\s[^<>]*)?/?>.*</(?:{_INLINE}|{_BLOCKS})>|<(?:br|img|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE | re.DOTALL
)
_REFERENCE = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7})(?:\.\d+)?")


def moment(text: str | None, language: str | None = None) -> Date | None:
    """Return the date that a text says in any usual way; a moment without a zone is in UTC."""
    plain = (text or "").strip()
    return _moment(plain, language) if 0 < len(plain) <= _LONGEST_DATE else None


@lru_cache(maxsize=4096)
def _moment(text: str, language: str | None) -> Date | None:
    # The standard library passes over PM, and takes a zone that it does not know for UTC (3.11): so it is asked last.
    return date_of(text) or dates.parse(text, language=language) or date_in_rss(text)


def date_in_rss(text: str | None) -> Date | None:
    """Return a date as RSS, Atom or people write it; without a zone it is in UTC."""
    if not text or _EARLY.search(text):  # the standard library takes 0099 for 1999, and the model has no year before 1000
        return None
    if found := date_of(text):
        return found
    try:
        return schema.parse_date(parsedate_to_datetime(text.strip()).isoformat())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def people(text: str | None) -> tuple[Party, ...]:
    """Return whom a text names as RSS (`mail@example.org (Name)`), as mail programs, or as a byline does."""
    plain = title(text)
    if not plain:
        return ()
    return _people(plain) if len(plain) <= _LONGEST_BYLINE else (Person(name=plain),)


@lru_cache(maxsize=1024)
def _people(plain: str) -> tuple[Party, ...]:
    if found := _MAIL_FIRST.fullmatch(plain):
        return _with_mail(found[2], found[1])
    if found := _NAME_FIRST.fullmatch(plain):
        return _with_mail(found[1], found[2])
    if found := _ONLY_MAIL.fullmatch(plain):
        return _with_mail(found[1], found[1])
    if _SEVERAL.search(plain) and (found_in := bylines.parties(plain)):
        return found_in
    found_as = bylines.party(plain)
    return (replace(found_as, name=plain) if found_as else Person(name=plain),)


def _with_mail(name: str, mail: str) -> tuple[Party, ...]:
    """Return who has an e-mail address, when it can be one."""
    address = None if _NOBODY.match(mail) else schema.email(mail)
    parties = (Person(name=mail),) if name == mail else people(name.strip(" \"'")) or (Person(name=mail),)
    first, *others = parties
    known = isinstance(first, Organization)
    return (first if known or first.email else replace(first, email=address), *others)


def title(text: str | None) -> str | None:
    """Return a title that may be HTML, which RSS leaves open, as plain text.

    HTML is what has a pair of tags, or names or numbers of characters; "1 < 2 & 3 > 2" is text.
    """
    if text and is_html(text):
        return feeds.plain(text) or line(text)
    return line(text)


def is_html(text: str) -> bool:
    """Return whether a text has tags or names of characters as HTML has."""
    start = text[:_LOOKED_AT]
    return bool(_TAG.search(start) or _REFERENCE.search(start))


def duration(text: str | None) -> int | None:
    """Return the seconds that `1:02:03`, `62:03`, `3723` or `PT1H2M3S` says."""
    plain = (text or "").strip()
    if found := _CLOCK.fullmatch(plain):
        hours, minutes, seconds = (int(each or 0) for each in found.groups())
        return (hours * 60 + minutes) * 60 + seconds
    return schema.seconds(plain)


def words(body: str) -> str | None:
    """Return what a body says, on one line."""
    return line(markup.to_text(body)) if body else None


def beginning(body: str) -> str | None:
    """Return how a text without a title begins: at most 80 characters, whole words where there are some."""
    said = words(body)
    if not said or len(said) <= _LONGEST_TITLE:
        return said
    start = said[: _LONGEST_TITLE - 1]
    return f"{start.rpartition(' ')[0] or start}…"

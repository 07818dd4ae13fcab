"""The few words that a book says itself, in the languages of the theme; elsewhere in English."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from publisher.article import Date
from publisher.text import escape
from publisher.themes import pages

__all__ = ["THEME", "UNKNOWN", "Day", "Words", "attributes", "words"]

THEME = files("publisher") / "themes" / "epub"
Day = date
UNKNOWN = "und"
"""The tag of a language that nobody has told us (BCP 47, 4.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one language calls the parts of a book; `said` has the words that books share with web pages."""

    said: pages.Words
    contents: str
    cover: str
    title_page: str
    previous: str
    next: str
    recordings: str
    picture: str
    audio: str
    video: str
    front_page: str
    articles: str
    contributors: str
    colophon: str
    pictures: str
    fonts: str
    minutes: str
    """How long reading takes: `{n}` minutes."""
    made: str
    """That the book was made with `{tool}`."""
    number: str
    """An issue's number, `{n}`."""

    def date(self, value: Date) -> str:
        """Return a day or moment for people."""
        return pages.in_words(value, self.said)

    def days(self, first: Day, last: Day) -> str:
        """Return a run of days for people: a day, a month by its name, or from when to when."""
        if first == last:
            return self.date(first)
        if first.day == 1 and (last.year, last.month, last.day) == (first.year, first.month, monthrange(first.year, first.month)[1]):
            return self.month(first)
        if first.replace(day=1) == last.replace(day=1) and not self.said.date.startswith("{year}"):
            return pages.in_words(first, self.said, last.day)
        return f"{self.date(first)} – {self.date(last)}"

    def month(self, day: Day) -> str:
        """Return the month of a day with its year, by the name that it has alone."""
        own = self._alone
        usual = "{year}-{m:02}" if self.said.date.startswith("{year}-") else "{month} {year}"
        said = replace(self.said, months=own.get("months", self.said.months), date=own.get("month", usual))
        return pages.in_words(day, said)

    def year(self, year: int) -> str:
        """Return a year by itself."""
        return pages.digits(self._alone.get("year", "{year}").format(year=year), self.said)

    @property
    def _alone(self) -> Mapping[str, str]:
        """How months and years are written that stand alone, where that is not as in a date."""
        return _known_months().get(self.said.language) or _known_months().get(self.said.language.partition("-")[0], {})

    def attributes(self, around: str) -> str:
        """Return the attributes that these words need in a text of the language `around`; none when it is theirs."""
        same = around.partition("-")[0] == self.said.language.partition("-")[0]
        return "" if same else attributes(self.said.language)


@lru_cache(maxsize=256)
def words(language: str | None) -> Words:
    """Return the words for a language tag; for one that we don't know, English ones."""
    said, known = pages.words(language), _known_words()
    return Words(said=said, **known.get(said.language) or known.get(said.language.partition("-")[0]) or known["en"])


@lru_cache(maxsize=1)
def _known_words() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(tomllib.loads((THEME / "words.toml").read_text("utf-8")))


@lru_cache(maxsize=1)
def _known_months() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(tomllib.loads((THEME / "months.toml").read_text("utf-8")))


def attributes(language: str) -> str:
    """Return `lang`, `xml:lang` and `dir`, with a space before each.

    EPUB 3.3, 6.1.1: a page is XML, where `xml:lang` counts; HTML (3.2.6.2) wants `lang` to say the same.
    """
    tag = escape(language)
    return f' lang="{tag}" xml:lang="{tag}" dir="{pages.direction(language if language != UNKNOWN else None)}"'

"""Dates and times as people write them, in any common form and language, made into a day or an aware moment.

Nothing is guessed from today: what names no day, month and year is no date.
ISO 8601, RFC 822, English and East Asian forms are read here; other languages by dateparser,
which costs 240 ms to import (1.5.0) and is given only the day, because it knows few ways to write the time.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from publisher.article import Date

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

__all__ = ["Written", "is_before", "parse", "read"]

_LONGEST = 80
_FIRST_YEAR = 1600  # before the first newspaper; 0001-01-01 is how Go programs write that there is no date
_LAST_YEAR = 9998  # so that no change of zone leaves the calendar

# Minutes east of Greenwich: RFC 822, 5.1, then what newsrooms print. One that means several (CST, IST) means the first to claim it.
_ZONES = dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0) | {
    name: int(minutes)
    for name, minutes in (
        each.split(":")
        for each in """
        est:-300 edt:-240 cst:-360 cdt:-300 mst:-420 mdt:-360 pst:-480 pdt:-420 akst:-540 akdt:-480 hst:-600 brt:-180 art:-180
        bst:60 cet:60 met:60 mez:60 wat:60
        cest:120 mest:120 mesz:120 eet:120 sast:120 cat:120 eest:180 msk:180 мск:180 trt:180 eat:180 irst:210
        gst:240 pkt:300 ist:330 wib:420 hkt:480 sgt:480 pht:480 wita:480 awst:480 jst:540 kst:540 wit:540
        acst:570 aest:600 acdt:630 aedt:660 nzst:720 nzdt:780
        """.split()
    )
}
_SEASONAL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        start=1,
    )
    for name in names.split()
}
_LEVANTINE = {  # the months of Syria, Lebanon, Jordan, Iraq and Palestine in the names dateparser knows
    "كانون الثاني": "يناير", "شباط": "فبراير", "آذار": "مارس", "نيسان": "أبريل", "أيار": "مايو", "حزيران": "يونيو",
    "تموز": "يوليو", "آب": "أغسطس", "أيلول": "سبتمبر", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر",
}  # fmt: skip
_LANGUAGES = {  # asked in this order when the text's language is not known; all of dateparser's would take 2.5 s to load
    "LATIN": ("en", "es", "fr", "de", "pt", "it", "nl", "pl", "id", "tr", "cs", "sv", "da", "nb", "fi", "hu", "ro", "vi", "hr", "ca"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk"),
    "ARABIC": ("ar", "fa", "ur"),
    "GREEK": ("el",),
    "HEBREW": ("he",),
    "DEVANAGARI": ("hi",),
    "BENGALI": ("bn",),
    "THAI": ("th",),
    "GEORGIAN": ("ka",),
}

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:T| +)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?)? *(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_WEEK = re.compile(r"(\d{4})-?W(\d\d)-?([1-7])", re.IGNORECASE)
_WEEK_ALONE = re.compile(r"\b\d{4}-?W\d\d", re.IGNORECASE)
_OFFSET = re.compile(r"(?:utc|gmt|ut)?\s*([+−-])\s*(\d{1,2})(?::?([0-5]\d))?")
_NAMES = "|".join((*_ZONES, *_SEASONAL))
_ZONE = rf"(?:UTC|GMT|UT)?\s*[+−-]\s*\d{{1,2}}(?::?[0-5]\d)?\b | \b(?:{_NAMES})\b | \b[A-Z][a-z]+(?:/[A-Z][A-Za-z_]+){{1,2}}"
_TIME = re.compile(
    rf"""
    (?: (?<=\d)T | , | \b(?: at | um | à | às | alle | a\ las | o | в | о | kl\.? | klo\.? | pukul )\b )? \s*+
    (?: (?P<half> 上午 | 下午 | 午前 | 午後 | 오전 | 오후 ) \s*+ )?
    (?<![\d.]) (?P<hour> [01]?\d | 2[0-4] )
    (?: (?: [:h時时点] | 시\s* ) (?: (?P<minute> [0-5]\d ) (?: [分분] | : (?P<second> [0-5]\d | 60 ) (?: [.,]\d+ )? )? )?
      | (?= \s* [ap]\.?m\b ) | (?= \s+ Uhr\b ) )
    \s* (?P<meridiem> [ap]\.?m\b\.? )? \s* (?: (?: Uhr | Hrs? | ч | h )\b\.? )?
    \s* [(,]? \s* (?P<zone> {_ZONE} )? \s* \)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LAST_ZONE = re.compile(rf"[\s(]++ ( {_ZONE} ) \)? $", re.IGNORECASE | re.VERBOSE)
_DOTTED_TIME = re.compile(r"\b(kl\b\.?|klo\b\.?|pukul|alle|ore|at|um|,)\s*([01]?\d|2[0-3])\.([0-5]\d)(?![.\d])", re.IGNORECASE)
_EAST_ASIAN = re.compile(
    r"(\d{4}) \s*[年년]\s* (\d{1,2}) \s*[月월]\s* (\d{1,2}) \s*[日号號일]\s*"
    r"(?: [(（]? [月火水木金土日월화수목금토일] (?:曜日? | 요일)? [)）]? | (?:星期 | 周 | 週) [一二三四五六日天] )?",
    re.VERBOSE,
)
_NUMERIC = re.compile(r"(?:[^\W\d_]{1,12}\.?,? )?(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?")  # perhaps after a weekday
_DAYS = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)"
_WEEKDAY = re.compile(rf"^{_DAYS}(?:day)?\b\.?,?\s*|,?\s*\b{_DAYS}day$", re.IGNORECASE)
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+({_MONTH})\.?,?[\s-]+(\d{{4}}|'?\d{{2}})", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{{4}})", re.IGNORECASE)
_YEAR_SUFFIX = re.compile(r"\s*(?:\bгода?\b|\bг\b\.?|\bроку\b|\bр\b\.|\bد\b|\bم$)\s*,?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date that was found in a text."""

    value: Date
    ambiguous: bool = False
    """Whether it could be read as another day: `03/04/2018`, `24 Oct 18`."""
    without_zone: bool = False
    """Whether it is a moment that was written without an offset or a zone."""


def is_before(first: Date, second: Date) -> bool:
    """Return whether one date is surely before another: by days when one has no time, or only one of them a zone."""
    if isinstance(first, datetime) and isinstance(second, datetime) and (first.tzinfo is None) == (second.tzinfo is None):
        return first < second
    days = (_day_of(second) - _day_of(first)).days
    return days > (0 if type(first) is type(second) else 1)


def _day_of(value: Date) -> date:
    return value.date() if isinstance(value, datetime) else value


def parse(text: str, *, language: str | None = None, zone: tzinfo | None = None) -> Date | None:
    """Return the day or moment that `text` is, or `None` when it is neither; see `read`."""
    found = read(text, language=language, zone=zone)
    return found.value if found else None


def read(text: str, *, language: str | None = None, zone: tzinfo | None = None) -> Written | None:
    """Return the day or moment that `text` is and whether it is ambiguous, or `None` when it is neither.

    A day stays a day. A moment is aware, to the second, with a fixed offset in whole minutes;
    one without an offset is in `zone`, else in UTC.
    Among `03/04/2018` and the like the day comes first, unless `language` is American English.
    """
    text = _plain(text)
    if not text or len(text) > _LONGEST:
        return None
    try:
        return _week(text) or _iso(text, zone) or _written_out(text, language, zone)
    except (ValueError, OverflowError):  # a 30th of February, an offset of 99 hours
        return None


def _plain(text: str) -> str:
    """Return `text` with ASCII digits, punctuation and spaces; Arabic, Persian, Thai and full-width ones are replaced."""
    if text.isascii():
        return " ".join(text.split()).strip(" ,;|")
    digits = "".join(str(unicodedata.digit(each)) if unicodedata.category(each) == "Nd" else each for each in text)
    plain = digits.replace("،", ",").replace("：", ":").replace("／", "/").replace("，", ",").replace("\u200f", "").replace("\u200e", "")
    return " ".join(plain.split()).strip(" ,;|")


def _week(text: str) -> Written | None:
    """Return the day of a week (ISO 8601-1, 5.2.2.2): `2021-W18-3` is a Wednesday; raise `ValueError` for a week without a day."""
    if found := _WEEK.fullmatch(text):
        day = date.fromisocalendar(int(found[1]), int(found[2]), int(found[3]))
        return Written(value=_day(f"{day.year:04}", str(day.month), str(day.day)))
    if _WEEK_ALONE.search(text):
        raise ValueError(text)
    return None


def _iso(text: str, zone: tzinfo | None) -> Written | None:
    found = _ISO.fullmatch(text)
    if not found or ("-" in text[:8]) != (text[4] == text[7] == "-"):
        return None
    day = _day(found[1], found[2], found[3])
    if found[4] is None:
        return Written(value=day)
    moment = _moment(day, int(found[4]), int(found[5] or 0), int(found[6] or 0), _zone(found[7]) or zone)
    return Written(value=moment, without_zone=not found[7])


def _written_out(text: str, language: str | None, zone: tzinfo | None) -> Written | None:
    text = _DOTTED_TIME.sub(r"\1 \2:\3", text)
    clock = next((found for found in _TIME.finditer(text) if _is_clock(found)), None)
    rest = f"{text[: clock.start()]} {text[clock.end() :]}" if clock else text
    last = _LAST_ZONE.search(rest) if clock else None
    found = _read_day(_without_weekday(rest[: last.start()] if last else rest), language)
    if not found or not clock:
        return found
    named = clock["zone"] or (last[1] if last else None)
    moment = _moment(found.value, _hour(clock), int(clock["minute"] or 0), int(clock["second"] or 0), _zone(named) or zone)
    return Written(value=moment, ambiguous=found.ambiguous, without_zone=not named)


def _is_clock(found: re.Match[str]) -> bool:
    return bool(found["minute"] or found["meridiem"] or re.search(r"\dh|uhr|[시時时点]", found[0], re.IGNORECASE))


def _hour(clock: re.Match[str]) -> int:
    """Return the hour from 0 to 24, whatever half of the day it was counted in."""
    hour, half = int(clock["hour"]), (clock["half"] or clock["meridiem"] or "").lower()
    if half in ("下午", "午後", "오후") or half.startswith("p"):
        return hour + 12 if hour < 12 else hour
    return 0 if hour == 12 and half else hour


def _without_weekday(text: str) -> str:
    text = " ".join(text.split()).strip(" ,|()-–—")
    return _WEEKDAY.sub("", _YEAR_SUFFIX.sub(" ", text)).strip(" ,|()-–—")


def _read_day(text: str, language: str | None) -> Written | None:
    if found := _EAST_ASIAN.fullmatch(text):
        return Written(value=_day(found[1], found[2], found[3]))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(found[1], found[3], found[4], found[2], language)
    if found := _MONTH_FIRST.fullmatch(text):
        return Written(value=_day(found[3], str(_MONTHS[found[1].lower()]), found[2]))
    if found := _DAY_FIRST.fullmatch(text):
        year = found[3].lstrip("'")
        return Written(value=_day(year, str(_MONTHS[found[2].lower()]), found[1]), ambiguous=len(year) == 2)
    return _read_other(text, language)


def _numeric(first: str, second: str, third: str, separator: str, language: str | None) -> Written | None:
    if len(first) > 2:
        return Written(value=_day(first, second, third))
    if len(third) not in (2, 4):
        return None
    american = language == "en-US" and separator == "/"
    month_first = int(second) > 12 or (american and int(first) <= 12)
    month, day = (first, second) if month_first else (second, first)
    either = int(first) <= 12 and int(second) <= 12 and first != second and separator != "." and _may_be_american(language)
    return Written(value=_day(third, month, day), ambiguous=either or len(third) == 2)


def _may_be_american(language: str | None) -> bool:
    """Return whether a text in that language may put the month first; where it surely does, nothing is ambiguous either."""
    return language in (None, "en")


def _read_other(text: str, language: str | None) -> Written | None:
    """Return the day in a language that we leave to dateparser."""
    if len(re.findall(r"\d+", text)) < 2 or not re.search(r"(?<!\d)\d{4}(?!\d)", text):
        return None  # no year or no day: not worth the import
    for name, replacement in _LEVANTINE.items():
        text = re.sub(rf"\b{name}\b", replacement, text)
    for languages in _candidates(text, language):
        if found := _parser(languages).get_date_data(text).date_obj:
            return Written(value=_day(str(found.year), str(found.month), str(found.day)))
    return None


def _candidates(text: str, language: str | None) -> list[tuple[str, ...]]:
    """Return groups of languages to try: the text's own, then those of its script."""
    scripts = (unicodedata.name(each, "").split(" ")[0] for each in text if each.isalpha())
    group = _LANGUAGES.get(next(scripts, ""), ())
    own = "nb" if language in ("no", "nn") else (language or "").partition("-")[0]
    return [(own,), group] if own in group else [group] if group else []


@lru_cache(maxsize=64)
def _parser(languages: tuple[str, ...]) -> DateDataParser:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from dateparser.date import DateDataParser

        settings = {
            "PARSERS": ["absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "RELATIVE_BASE": datetime(2000, 1, 1),  # noqa: DTZ001 - never used, but without it dateparser looks at the clock
        }
        # Without `try_previous_locales=False` the answer would depend on what was asked before.
        return DateDataParser(languages=list(languages), try_previous_locales=False, settings=settings)


def _day(year: str, month: str, day: str) -> date:
    number = int(year)
    if len(year) == 2:  # as POSIX has it for %y
        number += 1900 if number >= 69 else 2000
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise ValueError(year)
    return date(number, int(month), int(day))


def _moment(day: date, hour: int, minute: int, second: int, zone: tzinfo | None) -> datetime:
    """Return the aware moment; 24:00 is the next day's midnight, and a leap second the one before it."""
    following = timedelta(days=1 if hour == 24 and not minute else 0)
    naive = datetime.combine(day, time(0 if following else hour, minute, min(second, 59))) + following
    offset = naive.replace(tzinfo=zone or UTC).utcoffset() or timedelta()
    return naive.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    lowered = text.strip().lower()
    if lowered in _ZONES:
        return timezone(timedelta(minutes=_ZONES[lowered]))
    if found := _OFFSET.fullmatch(lowered):
        hours, minutes = int(found[2]), int(found[3] or 0)
        return timezone(timedelta(hours=hours, minutes=minutes) * (1 if found[1] == "+" else -1))
    return _named_zone(_SEASONAL.get(lowered, text.strip()))


def _named_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(name) from None

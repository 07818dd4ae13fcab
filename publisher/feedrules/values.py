"""What is wrong with single values, in words: dates, addresses, e-mail addresses, languages, media types, numbers.

Each function returns `""` for a value as it should be. RFC 822 and 2822, RFC 3339, RFC 3986 and 3987, RFC 4151, RFC 8141,
BCP 47, RFC 6838 and W3C's date and time formats, all read 2026-11-24.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from publisher.text import language as known_language

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "Written",
    "address",
    "email",
    "language",
    "media_type",
    "name_and_address",
    "other_kind",
    "positive",
    "reference",
    "rfc_822",
    "rfc_3339",
    "unlikely",
    "unsafe",
    "w3c_date",
    "whole",
]

# -- dates ----------------------------------------------------------------------------------------------------------------

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZONES = {"UT": 0, "GMT": 0, "Z": 0, "UTC": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_STRICT = re.compile(
    rf"(?:(?:{'|'.join(WEEKDAYS)}), )?\d{{1,2}} (?:{'|'.join(MONTHS)}) \d{{4}} "
    r"\d\d:\d\d(?::\d\d)? (?:[+-]\d{4}|GMT|UT|Z|EST|EDT|CST|CDT|MST|MDT|PST|PDT)"
)
_LOOSE = re.compile(
    r"(?:(?P<weekday>[A-Za-z]+)\s*,\s*)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]+)\s+(?P<year>\d{4}|\d\d)\s+"
    r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s+(?P<zone>[A-Za-z]+|[+-]\d{4})(?:\s+\([^()]*\))?"
)
_RFC_3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|[+-](\d\d):(\d\d))")
_W3C = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-](\d\d):(\d\d)))?)?)?")


@dataclass(frozen=True, slots=True)
class Written:
    """What a date of RSS says, and what is wrong with it."""

    moment: datetime | None = None
    wrong: str = ""
    """Why it is no date of RFC 822."""
    weekday: str = ""
    """The day of the week that it should have, when it has another."""
    unusual: str = ""
    """What readers may not understand, though RFC 822 allows it."""


@lru_cache(maxsize=4096)
def rfc_822(text: str) -> Written:
    """Return what a date as in RFC 822 (with the years of RFC 2822) says, and what is wrong with it."""
    found = _LOOSE.fullmatch(text)
    if not found:
        return Written(wrong=_why_no_date(text))
    weekday, month, zone = (found["weekday"] or "").title(), found["month"].title(), found["zone"].upper()
    if month not in MONTHS:
        return Written(wrong=f"{found['month']!r} is no month, in English and with three letters")
    if weekday and weekday not in WEEKDAYS:
        return Written(wrong=f"{found['weekday']!r} is no day, in English and with three letters")
    offset = _offset(zone)
    if offset is None:
        return Written(wrong=f"{found['zone']!r} is no time zone that RFC 822 knows")
    year = int(found["year"]) + (0 if len(found["year"]) == 4 else 2000 if int(found["year"]) < 50 else 1900)
    day, hour, minute, second = (int(found[each] or 0) for each in ("day", "hour", "minute", "second"))
    try:  # a leap second is the 60th
        moment = datetime(year, MONTHS.index(month) + 1, day, hour, minute, 59 if second == 60 else second, tzinfo=offset)
    except ValueError:
        return Written(wrong="there is no such day or time")
    actual = WEEKDAYS[moment.weekday()]
    return Written(moment, "", actual if weekday and weekday != actual else "", _unusual(text, found))


def _offset(zone: str) -> timezone | None:
    if zone[0] in "+-":
        minutes = int(zone[1:3]) * 60 + int(zone[3:])
        sign = -1 if zone[0] == "-" else 1
        return timezone(timedelta(minutes=sign * minutes)) if int(zone[3:]) < 60 and minutes < 24 * 60 else None
    if zone in _ZONES:
        return timezone(timedelta(hours=_ZONES[zone]))
    return timezone.utc if len(zone) == 1 and zone.isalpha() and zone != "J" else None  # noqa: UP017


def _unusual(text: str, found: re.Match[str]) -> str:
    if _STRICT.fullmatch(text):
        return ""
    if len(found["year"]) == 2:
        return "the year has two digits"
    if found["zone"].upper() == "UTC" or (len(found["zone"]) == 1 and found["zone"].upper() != "Z"):
        return f"many readers do not know the zone {found['zone']!r}"
    return "its spaces, capitals or remarks are not the usual ones"


def _why_no_date(text: str) -> str:
    if not text:
        return "it is empty"
    if re.match(r"\d{4}-\d\d", text):
        return "this is a date of ISO 8601" if rfc_3339(text) else "this is how Atom writes dates"
    if digits := re.match(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b", text):
        unclear = "/" in text and max(map(int, digits.groups())) < 13
        return "day and month cannot be told apart" if unclear else "the month is not in words"
    if re.search(r"[+-]\d\d:\d\d$", text):
        return "its time zone has a colon"
    if re.search(r"\d:\d\d(:\d\d)?$", text):
        return "it has no time zone"
    return "it is in another form"


@lru_cache(maxsize=4096)
def rfc_3339(text: str) -> str:
    """Say what is wrong with a moment of Atom (RFC 4287, 3.3): RFC 3339 with a capital T and Z, and no white space."""
    if text != text.strip():
        return "it has white space around it"
    return _calendar(_RFC_3339.fullmatch(text), "it is not written as in RFC 3339")


@lru_cache(maxsize=4096)
def w3c_date(text: str) -> str:
    """Say what is wrong with a date in W3C's format, from a year to a moment."""
    return _calendar(_W3C.fullmatch(text), "it is not written as in ISO 8601")


def _calendar(found: re.Match[str] | None, otherwise: str) -> str:
    if not found:
        return otherwise
    year, month, day, hour, minute, second, zone_hour, zone_minute = (int(each or 0) for each in found.groups())
    try:
        datetime(max(year, 1), month or 1, day or 1, hour, minute, 59 if second == 60 else second)  # noqa: DTZ001
    except ValueError:
        return "there is no such day or time"
    if zone_hour > 23 or zone_minute > 59 or "00" in (found[2], found[3]) or found[1] == "0000":
        return "there is no such day or time"
    return ""


# -- addresses ------------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*(?::\d{1,4})?(?:[/?#](?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_NEVER = re.compile(r"[<>\"{}|\\^`\x00-\x20\x7f]")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AUTHORITY = re.compile(r"//(?:[^@/?#\[\]]*@)?(\[[0-9A-Fa-f:.]+\]|[^:/?#@\[\]]*)(?::(\d*))?(?:[/?#].*)?", re.DOTALL)
_TAG = re.compile(r"[^,:\s]+,\d{4}(?:-\d\d(?:-\d\d)?)?:.*", re.DOTALL)
_URN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,30}:\S+")
_UUID = re.compile(r"uuid:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", re.IGNORECASE)
_NEAR = re.compile(r"(https?|ftp)(//|:/?(?!/)|;//|:\\\\)", re.IGNORECASE)


def address(text: str) -> str:
    """Say what is wrong with an absolute address: a URL, or an IRI with any scheme."""
    return "" if _PLAIN.fullmatch(text) else _reference(text, absolute=True)


def reference(text: str) -> str:
    """Say what is wrong with an address that may be relative."""
    return "" if _PLAIN.fullmatch(text) else _reference(text, absolute=False)


def _reference(text: str, *, absolute: bool) -> str:
    if not text:
        return "it is empty" if absolute else ""
    if text != text.strip():
        return "it has white space around it"
    if found := _NEVER.search(text):
        return f"it has {'white space' if found[0] <= ' ' else repr(found[0])} in it"
    if _PERCENT.search(text):
        return "it has a % that two hexadecimal digits do not follow"
    found = _SCHEME.fullmatch(text)
    if not found or "/" in found[1]:
        return "it does not begin with a scheme such as https:" if absolute else ""
    return _scheme(found[1].lower(), found[2])


def _scheme(scheme: str, rest: str) -> str:
    if not rest:
        return "nothing follows the scheme"
    if scheme in ("http", "https", "ftp"):
        return _host(rest)
    if scheme == "tag" and not _TAG.fullmatch(rest):
        return "a tag: URI is tag:example.org,2026:name"
    if scheme == "urn" and not _URN.fullmatch(rest):
        return "a URN is urn:namespace:name"
    if scheme == "urn" and rest.lower().startswith("uuid:") and not _UUID.fullmatch(rest):
        return "it has no UUID after urn:uuid:"
    return ""


def _host(rest: str) -> str:
    found = _AUTHORITY.fullmatch(rest)
    if not found or not found[1]:
        return "it has no host"
    if found[2] and int(found[2][:6]) > 65535:
        return f"there is no port {found[2]}"
    if found[1].startswith((".", "-")) or ".." in found[1]:
        return f"{found[1]!r} is no host"
    return ""


_UNSAFE = re.compile(r"\s*(javascript|vbscript|data)\s*:", re.IGNORECASE)
_HERE = re.compile(
    r"https?://(?:[^@/?#]*@)?(localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|[\w.-]+\.(?:local|localhost))\.?(?:[:/?#]|$)", re.IGNORECASE
)
_TWICE = re.compile(r"https?://https?(?::|%3A|//)", re.IGNORECASE)
_UNFILLED = re.compile(r"https?://[^?#]*?/(undefined|null|None|NaN|\[object(?: |%20)Object\]|%5Bobject(?: |%20)Object%5D)/?(?:[?#]|$)")


_ODD = re.compile(r"(?i:local)|127\.|0\.0\.0\.0|::1|(?i:/https?[:/%])|/(?:undefined|null|None|NaN|\[object|%5Bobject)")
"""What is in every unlikely address: most have none of it."""


def unsafe(text: str) -> str:
    """Say why no careful reader follows an address."""
    found = None if text.startswith(("https://", "http://")) else _UNSAFE.match(text)
    return f"readers do not follow {found[1].lower()}:" if found else ""


def unlikely(text: str) -> str:
    """Say why an address that is written well is hardly the one that was meant."""
    if not _ODD.search(text):
        return ""
    if found := _HERE.match(text):
        return f"{found[1]!r} is the machine that the feed was made on"
    if _TWICE.match(text):
        return "its scheme is there twice"
    found = _UNFILLED.match(text)
    return f"it ends in {found[1]!r}, as a program writes what it does not know" if found else ""


# All but what of ASCII is left out: sets that name what is beyond ASCII take 15 ms to compile.
_WORD = r"[^\x00-\x20\"(),.:;<>@\[\\\]\x7f]+"
_LABEL = r"[^\x00-/:-@\[-`{-\x7f](?:[^\x00-,./:-@\[-`{-\x7f]*[^\x00-/:-@\[-`{-\x7f])?"
_LOCAL = rf"{_WORD}(?:\.{_WORD})*"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*\.[^\x00-@\[-`{{-\x7f][^\x00-,./:-@\[-`{{-\x7f]*"
_EMAIL = re.compile(rf"{_LOCAL}@{_DOMAIN}")
_NAMED = re.compile(rf"{_LOCAL}@{_DOMAIN}(?:\s+\(.*\))?", re.DOTALL)


def email(text: str) -> str:
    """Say what is wrong with an e-mail address (RFC 5322, `addr-spec`)."""
    return "" if _EMAIL.fullmatch(text) else "it is no e-mail address"


def name_and_address(text: str) -> str:
    """Say what is wrong with `mail@example.org (Name)`, as RSS writes people; the name can be left out."""
    return "" if _NAMED.fullmatch(text) else "it does not begin with an e-mail address"


# -- words and numbers ----------------------------------------------------------------------------------------------------

_SUBTAGS = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"  # noqa: S105
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:\s*;\s*{_TOKEN}=(?:{_TOKEN}|\"[^\"]*\"))*")


@lru_cache(maxsize=1024)
def language(text: str) -> str:
    """Say what is wrong with a language tag (BCP 47)."""
    if _SUBTAGS.fullmatch(text) and (text.lower().startswith(("x-", "i-")) or known_language(text)):
        return ""
    return "it is no language tag"


def media_type(text: str) -> str:
    """Say what is wrong with a media type (RFC 6838), which can have parameters."""
    return "" if _MEDIA_TYPE.fullmatch(text) else "it is no media type"


_ENDING = re.compile(r"https?://[^?#]*/[^/?#]*\.([A-Za-z0-9]{2,4})(?:[?#].*)?", re.DOTALL)
_KINDS_BY_ENDING = {
    **dict.fromkeys(("mp3", "m4a", "m4b", "wav", "flac", "opus", "aac"), ("audio",)),
    **dict.fromkeys(("mov", "m4v", "webm", "mkv", "avi"), ("video", "audio")),
    **dict.fromkeys(("mp4", "ogg", "ogv", "oga"), ("audio", "video")),
    **dict.fromkeys(("jpg", "jpeg", "png", "gif", "webp", "avif"), ("image",)),
    **dict.fromkeys(("pdf", "zip", "epub"), ("application",)),
}


def other_kind(address: str, media_type: str) -> str:
    """Say that the ending of an address stands for another kind of file than its media type."""
    kind = media_type.strip().partition("/")[0].lower()
    found = _ENDING.fullmatch(address.strip()) if kind in ("audio", "video", "image", "text") else None
    known = _KINDS_BY_ENDING.get(found[1].lower()) if found else None
    return f"a file .{found[1]} is none of {kind}/" if found and known and kind not in known else ""


def whole(text: str) -> str:
    """Say what is wrong with a whole number from 0."""
    return "" if text.isascii() and text.isdigit() else "it is no whole number"


def positive(text: str) -> str:
    """Say what is wrong with a whole number from 1."""
    return "" if text.isascii() and text.isdigit() and text.strip("0") else "it is no whole number above 0"

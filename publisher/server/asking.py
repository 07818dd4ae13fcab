"""What a request asks for: its path, what it has already, which part and which encoding it wants (RFC 9110, read 2026-11-27).

Pure: from the values of headers to decisions. What is malformed is taken as if it was not there, as RFC 9110 says of each of these
headers; a request that is dangerous is refused by `_refused` in `app`. What nobody knows since when it is so has no `modified`: then
questions with dates are taken as if they were not asked (13.1.3, 13.1.4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

__all__ = ["ENCODINGS", "Range", "candidates", "coding", "holds", "is_stale", "names", "path_of", "ranges"]

Range = tuple[int, int]
"""Number of the first byte, and of the one behind the last."""

ENCODINGS = ("br", "gzip")
"""Content codings that we have, the best first."""
_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_CODING = re.compile(r"\s*([\w*.+-]+)\s*(?:;\s*[qQ]=\s*([01](?:\.\d{0,3})?)\s*)?")
_SPEC = re.compile(r"\s*(\d*)-(\d*)\s*", re.ASCII)
_MOST_RANGES = 32
"""More in one request are no reader's: then all is sent (RFC 9110, 14.2, allows that)."""
_MOST_DIGITS = 18


# -- paths ----------------------------------------------------------------------------------------------------------------


def path_of(raw: bytes) -> str | None:
    """Return the path that a request names, without its first `/`, decoded once; `None` when it is none that a file can have.

    A path that is spelled in an uncommon way is not made common: it is only ever looked up among the paths that there are.
    """
    try:
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None
    return path[1:] if path.startswith("/") and "\0" not in path and "\\" not in path else None


def candidates(path: str) -> tuple[str, ...]:
    """Return the files that a path can mean, as servers of static files take it."""
    return (f"{path}index.html",) if not path or path.endswith("/") else (path, f"{path}.html")


# -- what is there already (RFC 9110, 13) ---------------------------------------------------------------------------------


def names(header: str, etag: str) -> bool:
    """Return whether `If-None-Match` names an entity tag, by weak comparison (8.8.3.2)."""
    return header.strip() == "*" or etag in (each.removeprefix("W/") for each in _TAG.findall(header))


def holds(headers: Mapping[str, str], etag: str, modified: int | None) -> bool:
    """Return whether what `If-Match`, or without it `If-Unmodified-Since`, demands is so: else the answer is 412 (13.1.1, 13.1.4)."""
    if (wanted := headers.get("if-match")) is not None:
        return wanted.strip() == "*" or etag in _TAG.findall(wanted)
    since = _moment(headers.get("if-unmodified-since"))
    return since is None or modified is None or modified <= since


def is_stale(headers: Mapping[str, str], etag: str, modified: int | None) -> bool:
    """Return whether who asks needs to be sent anything: else the answer is 304 (13.1.2, 13.1.3)."""
    if (known := headers.get("if-none-match")) is not None:
        return not names(known, etag)
    since = _moment(headers.get("if-modified-since"))
    return since is None or modified is None or modified > since


def _moment(header: str | None) -> int | None:
    """Return seconds since 1970, `None` when there is no date or it is none."""
    try:
        found = parsedate_to_datetime(header) if header else None
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()) if found else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


# -- which part (RFC 9110, 14) --------------------------------------------------------------------------------------------


def ranges(headers: Mapping[str, str], etag: str, modified: int | None, size: int) -> Sequence[Range] | None:
    """Return the parts asked for, in their order; `None` for all of it. Parts that are outside are left out, perhaps all of them."""
    wanted = headers.get("range", "")
    unit, _, specs = wanted.partition("=")
    if unit.strip().lower() != "bytes" or not _is_same(headers.get("if-range"), etag, modified):
        return None
    parts = [_SPEC.fullmatch(each) for each in specs.split(",") if each.strip()]
    found = [_part(each[1], each[2], size) for each in parts if each]
    if not parts or None in parts or "wrong" in found or len(found) > _MOST_RANGES:
        return None
    inside = [each for each in found if isinstance(each, tuple)]
    return None if sum(end - start for start, end in inside) > size and len(inside) > 1 else inside


def _part(first: str, last: str, size: int) -> Range | str | None:
    """Return one part, `None` when it is outside; `wrong` when it is none."""
    if not (first or last) or len(first) > _MOST_DIGITS or len(last) > _MOST_DIGITS or (first and last and int(last) < int(first)):
        return "wrong"
    if not first:
        return (max(0, size - int(last)), size) if int(last) and size else None
    return (int(first), min(size, int(last) + 1 if last else size)) if int(first) < size else None


def _is_same(header: str | None, etag: str, modified: int | None) -> bool:
    """Return whether `If-Range` is not there, or names what we have, by strong comparison (13.1.5)."""
    return (
        header is None
        or header.strip() == etag
        or (modified is not None and not header.strip().startswith(('"', "W/")) and _moment(header) == modified)
    )


# -- which encoding (RFC 9110, 12.5.3) ------------------------------------------------------------------------------------


def coding(header: str | None) -> str | None:
    """Return the content coding to use, `None` for none."""
    given = {each[1].lower(): float(each[2] or 1) for each in map(_CODING.fullmatch, (header or "").split(",")) if each}
    others = given.get("*", 0.0)
    weights = {each: given.get(each, given.get(f"x-{each}", others)) for each in ENCODINGS}
    best = max(ENCODINGS, key=lambda each: weights[each])
    return best if weights[best] > 0 and weights[best] >= given.get("identity", 0.0) else None

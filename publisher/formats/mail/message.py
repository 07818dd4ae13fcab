"""A message taken apart: the part to read, what is inside of it, and its fields; no header and no part can break the others."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime, unquote

from publisher import schema
from publisher.charset import text_of
from publisher.problems import Severity, Unreadable, problem
from publisher.text import allowed, line

__all__ = ["Message"]

_MOST_PARTS = 1_000
_MOST_NESTED = 60
"""Kinds of `multipart` in the whole file: each line is compared with the boundaries of all that it is in."""
_LONGEST_FIELD = 4_000
_MULTIPART = re.compile(rb"multipart/|message/rfc822", re.IGNORECASE)
_STATEFUL = re.compile(r"iso-2022-(?:jp|kr)|hz(?:-gb-2312)?|utf-7", re.IGNORECASE)
"""Encodings whose bytes are all ASCII, so that they pass for UTF-8."""
_META = re.compile(rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)


class Message:
    """One message; raises `Unreadable` when it is made to do harm."""

    def __init__(self, body: bytes) -> None:
        if len(_MULTIPART.findall(body)) > _MOST_NESTED:
            raise _unreadable("mail-too-many-parts", "the message has parts in parts without end", "check where it comes from")
        try:
            self._message = email.message_from_bytes(_without_envelope(body), policy=policy.default)
            self._parts = list(self._message.walk())
        except Unreadable:
            raise
        except Exception as error:  # whatever the parser stumbles over; 3.11 raises RecursionError for what is nested deep
            raise _unreadable("mail-malformed", f"this is no message that can be read ({type(error).__name__})", "save it anew") from None
        if len(self._parts) > _MOST_PARTS:
            raise _unreadable("mail-too-many-parts", f"the message has {len(self._parts)} parts", "check where it comes from")

    # -- fields -------------------------------------------------------------------------------------------------------

    def field(self, name: str) -> str | None:
        """Return what a field says, its encoded words decoded (RFC 2047), `None` when it is not there."""
        return next((found for each in self.fields(name) if (found := line(each))), None)

    def fields(self, name: str) -> Iterator[str]:
        """Yield what all the fields of a name say."""
        for given, raw in self._message.raw_items():
            if given.lower() == name:
                yield _decoded(given, str(raw)[:_LONGEST_FIELD])

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Return the names and addresses in a field such as `from`."""
        for given, raw in self._message.raw_items():
            if given.lower() == name:
                try:
                    found = policy.default.header_factory(given, str(raw)[:_LONGEST_FIELD]).addresses
                    return [(allowed(str(each.display_name)), allowed(str(each.addr_spec))) for each in found]
                except Exception:  # 3.11 raises IndexError, AttributeError and others for broken addresses
                    return [(_decoded(given, str(raw)[:_LONGEST_FIELD]), "")]
        return []

    def date(self) -> datetime | None:
        """Return when it was sent."""
        for written in self.fields("date"):
            try:
                found = schema.moment(parsedate_to_datetime(written))
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
            if schema.parse_date(found.isoformat()):
                return found
        return None

    # -- parts --------------------------------------------------------------------------------------------------------

    def texts(self) -> list[tuple[str, str]]:
        """Return the parts to read, as `html` or `plain`, or `flowed`, each with its text."""
        return [(_kind(each), _text(each)) for each in _bodies(self._message, whole=True)]

    def encrypted(self) -> bool:
        """Return whether only its receiver can read it."""
        return any(
            each.get_content_type() in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime") for each in self._parts
        )

    def inside(self) -> dict[str, bytes]:
        """Return the parts that HTML can refer to, by content id and by location (RFC 2392, RFC 2557)."""
        found: dict[str, bytes] = {}
        for each in self._leaves():
            for name in ("content-id", "content-location"):
                if value := _raw(each, name):
                    found.setdefault(unquote(value.strip()), _payload(each))
        return found

    def attachments(self) -> Iterator[tuple[str, str]]:
        """Yield name and content id of each part that is not text to read."""
        bodies = list(map(id, _bodies(self._message, whole=True)))
        for each in self._leaves():
            if id(each) not in bodies and (_named(each) or each.get_content_maintype() not in ("text", "multipart")):
                yield line(_named(each)) or each.get_content_type(), unquote((_raw(each, "content-id") or "").strip())

    def _leaves(self) -> Iterator[EmailMessage]:
        attached = {id(inner) for each in self._parts if each.get_content_type() == "message/rfc822" for inner in list(each.walk())[1:]}
        for each in self._parts:
            if id(each) not in attached and (not each.is_multipart() or each.get_content_type() == "message/rfc822"):
                yield each


def _without_envelope(body: bytes) -> bytes:
    """Return the message without the line that mailboxes put in front of each (RFC 4155) and without a byte order mark."""
    body = body.removeprefix(b"\xef\xbb\xbf")
    return body.partition(b"\n")[2] if body.startswith((b"From ", b">From ")) else body


def _decoded(name: str, raw: str) -> str:
    try:
        return allowed(str(policy.default.header_factory(name, raw)))
    except Exception:  # as above
        return allowed(raw)


def _raw(part: EmailMessage, name: str) -> str | None:
    return next((str(raw)[:_LONGEST_FIELD] for given, raw in part.raw_items() if given.lower() == name), None)


def _named(part: EmailMessage) -> str:
    try:
        return str(part.get_filename() or "")
    except Exception:  # as above
        return ""


def _is_attachment(part: EmailMessage) -> bool:
    return (_raw(part, "content-disposition") or "").strip().lower().startswith("attachment") or bool(_named(part))


def _bodies(part: EmailMessage, *, whole: bool = False) -> list[EmailMessage]:
    """Return the parts that are the text: of alternatives the last one with HTML, else the last one with any (RFC 2046, 5.1.4)."""
    kind = part.get_content_type()
    if not part.is_multipart():
        return [part] if kind in ("text/html", "text/plain") and (whole or not _is_attachment(part)) else []
    inside: list[EmailMessage] = [] if kind == "message/rfc822" else list(part.iter_parts())  # type: ignore[arg-type]
    found = [bodies for each in inside if (bodies := _bodies(each))]
    if kind == "multipart/alternative":
        with_html = [each for each in found if any(leaf.get_content_type() == "text/html" for leaf in each)]
        return (with_html or found or [[]])[-1]
    if kind in ("multipart/related", "multipart/signed"):
        return next(iter(found), [])
    return [leaf for each in found for leaf in each]


def _kind(part: EmailMessage) -> str:
    if part.get_content_subtype() == "html":
        return "html"
    value = (_raw(part, "content-type") or "").lower()
    flowed = re.search(r"format\s*=\s*[\"']?flowed", value)
    return ("flowed-delsp" if re.search(r"delsp\s*=\s*[\"']?yes", value) else "flowed") if flowed else "plain"


def _payload(part: EmailMessage) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except Exception:  # binascii.Error, LookupError, …
        found = None
    return found if isinstance(found, bytes) else b""


def _text(part: EmailMessage) -> str:
    """Return the text of a part, whatever it says of its encoding: UTF-8 is believed before what is declared."""
    body = _payload(part)
    try:
        declared = part.get_content_charset()
    except Exception:  # as above
        declared = None
    if declared and _STATEFUL.fullmatch(declared):
        return allowed(body.decode(declared, errors="replace"))
    is_other = declared and declared.lower().replace("_", "-") not in ("utf-8", "utf8")
    found = declared.encode(errors="replace") if declared and is_other else next(iter(_META.findall(body[:4096])), None)
    try:
        return allowed(text_of(body, found))
    except Unreadable:
        return ""


def _unreadable(code: str, message: str, hint: str) -> Unreadable:
    return Unreadable(problem(code, Severity.ERROR, message, hint=hint))

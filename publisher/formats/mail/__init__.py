"""Mail: one message in a file, as newsletters are kept (RFC 5322 and MIME, RFC 2045 to 2049, read 2026-11-26).

The HTML part is the text, else the plain one (RFC 3676 for `format=flowed`). What is made for mail programs only goes: tables that
lay out, pictures of a pixel, hidden elements, the paragraph with the link that the field List-Unsubscribe names.
All else stays, footers too. Nothing is fetched; pictures inside the message are media of the reading.
"""

from __future__ import annotations

import re

from publisher.formats import Context, Reading

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "mail"
TITLE = "Mail (newsletter)"
SPEC = "https://www.rfc-editor.org/rfc/rfc5322"
MEDIA_TYPE = "message/rfc822"

_TOP = 65_536
_FIELDS = re.compile(rb"(?:\xef\xbb\xbf)?(?:>?From [^\n]*\n)?(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*)+")
_NAME = re.compile(rb"^([!-9;-~]+)[ \t]*:", re.MULTILINE)
_MACHINES = frozenset(
    (b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to", b"content-type", b"list-id", b"dkim-signature")
)
"""Fields that only programs write, so that a text which begins with names and colons is no mail."""


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin with the fields of a message."""
    found = _FIELDS.match(body[:_TOP].replace(b"\r\n", b"\n"))
    if not found:
        return False
    names = {each.lower() for each in _NAME.findall(found[0])}
    return {b"from", b"date"} <= names and bool(names & _MACHINES)


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the message as an article; raise `Unreadable` when it has no text that we can read."""
    from publisher.formats.mail import reader

    return reader.read(body, context)

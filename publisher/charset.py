"""The text of pages that say themselves what they are encoded in, as web browsers understand it.

Encoding Standard (https://encoding.spec.whatwg.org/, read 2026-11-26), by webencodings: only encodings of text, Latin-1 is Windows-1252,
`gb2312` is GBK. Python knows more than those: `punycode`, for one, takes time that grows with the square of the length (3.11).
"""

from __future__ import annotations

import codecs

from publisher.manuscript import decode

__all__ = ["text_of"]

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NEVER_DECLARED = frozenset(("replacement", "utf-16le", "utf-16be", "utf-8"))
"""What a page that can be read far enough to find its declaration is not in, unless it has been tried already."""


def text_of(body: bytes, declared: bytes | None) -> str:
    """Return the text by its byte order mark, else as UTF-8, else as it is `declared`, else guessed.

    Raise `Unreadable` when it is no text.
    """
    if body.startswith(_MARKS):
        return decode(body)[0]
    try:
        return body.decode()
    except UnicodeDecodeError:
        codec = _codec(declared.decode(errors="replace")) if declared else None
    return codec.decode(body, "replace")[0] if codec else decode(body)[0]


def _codec(label: str) -> codecs.CodecInfo | None:
    from webencodings import lookup  # here because hardly any page needs it

    found = lookup("windows-1252" if label.lower() == "x-user-defined" else label)  # HTML, 13.2.3.2
    return found.codec_info if found and found.name not in _NEVER_DECLARED else None

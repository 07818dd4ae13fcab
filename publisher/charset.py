"""The text of pages that say themselves what they are encoded in, as web browsers understand it.

Encoding Standard (https://encoding.spec.whatwg.org/, read 2026-11-24): only encodings of text, and Latin-1 is Windows-1252.
Python knows more than those: `punycode`, for one, takes time that grows with the square of the length (3.11).
"""

from __future__ import annotations

import codecs
import re

from publisher.manuscript import decode

__all__ = ["text_of"]

_OF_TEXT = re.compile(
    r"utf_8|iso8859_\d+|cp\d+|koi8_[rtu]|mac_\w+|tis_620|kz1048|ptcp154|gb2312|gbk|gb18030|hz|big5|big5hkscs|euc_\w+|shift_jis\w*|iso2022_\w+"
)
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text_of(body: bytes, declared: bytes | None) -> str:
    """Return the text by its byte order mark, else as UTF-8, else as it is `declared`, else guessed.

    Raise `Unreadable` when it is no text.
    """
    if body.startswith(_MARKS):
        return decode(body)[0]
    try:
        return body.decode()
    except UnicodeDecodeError:
        name = _codec(declared.decode(errors="replace")) if declared else None
    return body.decode(name, errors="replace") if name else decode(body)[0]


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name.replace("-", "_")
    except (LookupError, ValueError):  # no such encoding; a NUL in its name
        return None
    return "cp1252" if name in ("ascii", "iso8859_1") else name if _OF_TEXT.fullmatch(name) else None

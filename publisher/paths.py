"""Which paths are one file: on disks where letters have no case, and on those where an accented letter has one spelling."""

from __future__ import annotations

import unicodedata

__all__ = ["composed", "folded"]


def composed(path: str) -> str:
    """Return a path as all of its spellings are on a disk that normalizes them (Unicode normalization form C)."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def folded(path: str) -> str:
    """Return a path as all are that some disk takes for one file with it: whatever the case, and the spelling of accents."""
    return path.lower() if path.isascii() else composed(composed(path).casefold())

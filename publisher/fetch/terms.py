"""What is asked of strangers and taken from them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bounds", "Fetched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is taken of strangers, and how much is asked of them."""

    size: int = 100_000_000
    """Bytes of one answer, unpacked."""
    ratio: int = 100
    """How many times larger than itself an answer may become when it is unpacked."""
    longest: float = 60
    """Seconds for one answer, from the first byte of the question to the last of the body."""
    patience: float = 15
    """Seconds without a byte."""
    redirects: int = 10
    freshness: int = 86400
    """Seconds for which an answer is used without asking again, at most, when its server says that it may be."""
    together: int = 8
    """Addresses that are asked at once."""
    at_once: int = 2
    """Of these, how many of one host."""
    pause: float = 0.25
    """Seconds from one question to the next, of one host."""
    crawl_delay: float = 10
    """Seconds from one question to the next, at most, when a robots.txt wants more."""
    retry_after: float = 30
    """Seconds after which a server that is busy is asked again, once; not at all when it wants more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer."""

    url: str
    """Where it came from, after all redirects."""
    media_type: str
    body: bytes
    """In UTF-8 with a byte order mark when the header named another encoding: the header goes before what a document says."""

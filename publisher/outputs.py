"""What is to be written, one file each, and what has been."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from hashlib import blake2b

from publisher.article import Publication
from publisher.formats import Target
from publisher.problems import Problem

__all__ = ["Answer", "Make", "Output", "Written", "digest_of"]


class Make:
    """A call to be made later, perhaps in another process; two are equal when function and arguments are."""

    def __init__(self, function: Callable[..., bytes], *arguments: object) -> None:
        self.function = function
        self.arguments = arguments

    def __call__(self) -> bytes:
        """Make the bytes."""
        return self.function(*self.arguments)

    def with_media(self, media: Callable[[str], bytes | None]) -> Make:
        """Return the same call, with other media for those who are told of them."""
        return Make(self.function, *(replace(each, media=media) if isinstance(each, Target) else each for each in self.arguments))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Make) and (self.function, self.arguments) == (other.function, other.arguments)

    def __hash__(self) -> int:
        return hash(self.function)


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file to be written."""

    path: str
    """Below the exports, with `/`."""
    format: str
    """Name of a format that is written and read back, or, with `make`, of what it is."""
    publication: Publication
    """What goes into it; with `make`, what it is of, without articles."""
    target: Target = Target()
    make: Make | None = None
    """Makes the bytes of what is no format of articles: a list, a sitemap, a picture."""


Answer = tuple[str, Hashable, bytes]
"""The address of a medium that an output has asked for, the state of its file just before, and the digest of its bytes.

The state is `None` where nothing tells when the file changes, the digest empty where there was no file.
"""


def digest_of(medium: bytes | None) -> bytes:
    """Return the digest that an answer has of a medium, empty where there is none."""
    return b"" if medium is None else blake2b(medium, digest_size=16).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as bytes, checked, and read back to be the same."""

    path: str
    body: bytes
    problems: tuple[Problem, ...]
    answers: tuple[Answer, ...] = ()
    """What came of all media that it has asked for, also where there were none."""

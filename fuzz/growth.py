"""How much longer files take that are twice as long: counted in lines of Python that run, never by the clock.

What regular expressions do inside of one line is counted by `tests.patterns`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from types import FrameType
from typing import Any

__all__ = ["LINEAR", "growth", "steps"]

LINEAR = 2.7
"""Times the steps that twice the text may take: 2 is linear, 2.2 sorting, 4 quadratic."""
_ADDED = 2000
"""Bytes that are put in at first."""
_FEW = 10_000
"""Steps that are not worth a look: some milliseconds."""
_EACH = 2
"""Pieces of each kind that are tried."""
_PIECES = (
    re.compile(rb"<([A-Za-z][\w:.-]*)[^<>]*>[^<>]*</\1>"),
    re.compile(rb"<([A-Za-z][\w:.-]*)(?: [^<>]*)?>.{1,500}?</\1>", re.DOTALL),
    re.compile(rb"<[^<>]+>"),
    re.compile(rb"[^\n]*\n"),
    re.compile(rb"\{[^{}]*\},?"),
    re.compile(rb'"[^"\n]*":[^,\n]*,'),
    re.compile(rb"[^\s<>\"]+\s*"),
    re.compile(rb"[^\w\s]"),
)
"""What can often be there once more: elements, tags, lines, objects, values, words, signs."""


def growth(run: Callable[[bytes], object], body: bytes) -> float:
    """Return how many times the steps it takes when a piece of a file is there twice as often, of the piece that grows most."""
    steps(run, body)  # what is done only once is done now
    return max((_of_piece(run, body, *piece) for piece in sorted(set(_pieces(body)))), default=1.0)


def _pieces(body: bytes) -> Iterator[tuple[int, int]]:
    for pattern in _PIECES:
        found = [each.span() for each in pattern.finditer(body)]
        yield from found[len(found) // (2 * _EACH) :: max(1, len(found) // _EACH)][:_EACH]


def _of_piece(run: Callable[[bytes], object], body: bytes, start: int, end: int) -> float:
    """Return how many times the steps are added when twice the text is: the least of three doublings.

    What begins only where there is enough of it grows once or twice, and not again. The file as it is says nothing: a quotation mark more,
    and another way is taken.
    """
    times = max(1, _ADDED // (end - start))
    made = (body[:start] + body[start:end] * (1 + times * more) + body[end:] for more in (1, 2, 4, 8, 16))
    counts = (steps(run, each) for each in made)
    added = (more - fewer for fewer, more in pairwise(counts))
    once, twice = next(added), next(added)
    if twice < _FEW or (found := twice / max(once, 1)) <= LINEAR:
        return 1.0 if twice < _FEW else found
    fourfold, eightfold = added
    return min(found, fourfold / twice, eightfold / max(fourfold, 1))


def steps(run: Callable[[bytes], object], body: bytes) -> int:
    """Return how many lines of Python are run, ours and those of libraries."""
    count = 0

    def note(_: FrameType, event: str, __: Any) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return note

    sys.settrace(note)
    try:
        run(body)
    except Exception:
        pass
    finally:
        sys.settrace(None)
    return count

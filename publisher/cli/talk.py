"""What all commands say: results on standard output, everything else on standard error."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from publisher.problems import Problem

__all__ = [
    "ALIKE",
    "CONTENT",
    "DEFECT",
    "END",
    "FINE",
    "USAGE",
    "colours_of",
    "count",
    "failed",
    "print_compared",
    "progress",
    "report",
    "say",
    "show",
    "spell",
    "terms",
    "utter",
    "verdict",
    "visible",
]

FINE, CONTENT, USAGE, DEFECT = 0, 1, 2, 3
ALIKE = 10
"""How many remarks of one kind a build tells people of: there may be one about each of thousands of sources."""
END = "\033[0m"
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Control characters, line ends, and what turns the direction of the text around it."""


def show(text: str, end: str = "\n") -> None:
    """Write a result."""
    sys.stdout.write(text + end)


def say(text: str) -> None:
    """Write a line for people."""
    sys.stderr.write(f"{text}\n")


def report(
    problems: Sequence[Problem], spelling: str = "text", paths: Sequence[str] = (), root: str = ".", most: int | None = None
) -> None:
    """Write the problems as `spell` gives them; in a spelling for programs they are results and go to stdout."""
    utter(spell(problems, spelling, paths, root, most), spelling)


def utter(text: str, spelling: str) -> None:
    """Write what `spell` gives to where it belongs."""
    (sys.stderr if spelling == "text" else sys.stdout).write(text)


def spell(problems: Sequence[Problem], spelling: str = "text", paths: Sequence[str] = (), root: str = ".", most: int | None = None) -> str:
    """Return what is written of the problems: for people one a line with its hint below, as their terminal shows it.

    For people, of those with one code that are no errors, at most so many where `most` is given, and then how many more there are.
    """
    if spelling == "text":
        colours = colours_of(sys.stderr)
        lines = (each if isinstance(each, str) else _as_text(each, colours) for each in _in_short(problems, most or len(problems)))
        return "".join(f"{line}\n" for line in lines)
    from publisher import docs, reports

    return reports.write(spelling, problems, paths, docs.rules() if spelling == "sarif" else {}, root)


def _in_short(problems: Sequence[Problem], most: int) -> Iterator[Problem | str]:
    """Yield the problems, and in place of the rest of those that are many of one kind a line about them."""
    from publisher.problems import Severity

    totals = Counter((each.code, each.severity) for each in problems)
    seen = Counter[tuple[str, Severity]]()
    for each in problems:
        kind = each.code, each.severity
        seen[kind] += 1
        # One line about one more would save nothing.
        if each.severity >= Severity.ERROR or seen[kind] <= most or totals[kind] == most + 1:
            yield each
        elif seen[kind] == most + 1:
            yield f"… and {totals[kind] - most} more of {each.severity} {each.code}: `publisher build --format json` has all of them"


def _as_text(found: Problem, colours: dict[str, str]) -> str:
    start, end = colours.get(str(found.severity), ""), colours.get("end", "")
    where = f" ({found.location.pointer})" if found.location.pointer else ""
    hint = f"\n  {visible(found.hint)}" if found.hint else ""
    return f"{visible(str(found.location))}: {start}{found.severity}{end} {found.code}: {visible(found.message + where)}{hint}"


def visible(text: str) -> str:
    """Return what a stranger wrote on one line, with characters that a terminal would obey made visible."""
    return _OBEYED.sub(lambda character: repr(character[0])[1:-1], text)


def colours_of(stream: TextIO) -> dict[str, str]:
    """Return how severities are coloured, nothing where colours are not wanted."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return {}
    return {"error": "\033[1;31m", "warning": "\033[33m", "info": "\033[36m", "end": END}


def progress(values: Iterable[Any], total: int, what: str) -> Iterator[Any]:
    """Yield the values, with a progress bar on a terminal when they take longer than a second."""
    if not sys.stderr.isatty():
        yield from values
        return
    from tqdm import tqdm  # here because importing it costs 30 ms

    yield from tqdm(values, total=total, desc=what, delay=1, leave=False, file=sys.stderr)


def terms(given: argparse.Namespace) -> dict[str, Any]:
    """Return how addresses on the web are asked."""
    return {"private": given.allow_private, "robots": not given.ignore_robots, "cache": not given.no_cache}


def failed(problems: Iterable[Problem], *, strict: bool) -> bool:
    """Return whether there is an error, when `strict` a warning."""
    from publisher.problems import Severity

    return any(each.severity >= (Severity.WARNING if strict else Severity.ERROR) for each in problems)


def verdict(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are."""
    from publisher.problems import Severity

    counts = [count(sum(each.severity == severity for each in problems), str(severity)) for severity in (Severity.ERROR, Severity.WARNING)]
    return ", ".join(counts)


def count(number: int, what: str) -> str:
    """Return a number with its word."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def print_compared(before: bytes, after: bytes, first: str, second: str) -> None:
    """Print the difference of two texts, as `diff -u` does."""
    from difflib import unified_diff

    colours = {"-": "\033[31m", "+": "\033[32m", "@": "\033[36m"} if colours_of(sys.stdout) else {}
    old, new = (body.decode(errors="replace").split("\n") for body in (before, after))
    for line in unified_diff(old, new, first, second, n=1, lineterm=""):
        show(f"{colours.get(line[:1], '')}{visible(line)}{END if colours else ''}")

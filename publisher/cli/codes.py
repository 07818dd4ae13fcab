"""Codes of problems, as somebody writes them on the command line or into the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.problems import Problem, Severity, problem

if TYPE_CHECKING:
    from publisher.reports import Choice

__all__ = ["in_settings", "misspelt"]


def misspelt(codes: Sequence[str]) -> Iterator[Problem]:
    """Yield an error for each code that is none: a slip would hide every problem, or none, for ever."""
    if not codes:
        return
    from publisher import docs, reports  # here because all rules come with it
    from publisher.keys import closest

    for code in reports.misspelt(codes, docs.rules()):
        hint = closest(code, docs.rules()) or "see `publisher rules` for all codes"
        yield problem("unknown-rule", Severity.ERROR, f"no code begins with {code!r}", hint=hint)


def in_settings(known: Choice, severity: Severity = Severity.ERROR) -> Iterator[Problem]:
    """Yield an error for each code in the settings that is none, located there; who does without them may take it for less."""
    from publisher import desk

    for key, codes in (("select", known.select), ("ignore", known.ignore)):
        yield from (replace(desk.in_settings(each, known.root, "check", key), severity=severity) for each in misspelt(codes))

"""What is wrong with an input or an output, where, and what to do about it.

A `Problem` is for the user's mistakes and goes into a list; an exception is for "cannot go on".
A rule is a function with the `rule` decorator: its name is the code, its docstring the explanation.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Generic, TypeVar

__all__ = [
    "Location",
    "Problem",
    "PublisherError",
    "Rule",
    "Severity",
    "Unreadable",
    "asked",
    "at_least",
    "check_all",
    "problem",
    "rule",
    "rules_in",
    "shown",
]

_SHOWN = 80


class Severity(enum.IntEnum):
    """How bad it is: a MUST broken is an error, a SHOULD a warning, advice is info."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """Where in a file something is.

    `line` and `column` count from 1, 0 when not known;
    `pointer` is a path inside the document, such as `articles[3].image[0].width`.
    """

    path: str = ""
    line: int = 0
    column: int = 0
    pointer: str = ""

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path or "-", self.line, self.column) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing to put right: what was found, where, and what to write instead."""

    code: str
    """Words, joined by hyphens."""
    severity: Severity
    message: str
    """What was found, lower case, no full stop."""
    hint: str = ""
    """What to do, starting with a verb."""
    spec: str = ""
    """URL of the sentence that says so."""
    location: Location = Location()

    def at(self, path: str) -> Problem:
        """Return the same problem, located in the file at `path`."""
        place = self.location
        location = Location(path=path, line=place.line, column=place.column, pointer=place.pointer)
        return Problem(code=self.code, severity=self.severity, message=self.message, hint=self.hint, spec=self.spec, location=location)


class PublisherError(Exception):
    """We cannot go on; `problems` says why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems

    def at(self, path: str) -> PublisherError:
        """Return the same error with every problem located in the file at `path`."""
        return type(self)(*(problem.at(path) for problem in self.problems))


class Unreadable(PublisherError):
    """The bytes are not what they should be, so nothing can be read from them."""


def problem(code: str, severity: Severity, message: str, *, hint: str = "", spec: str = "", line: int = 0, pointer: str = "") -> Problem:
    """Return a problem in a file whose path is not known yet (see `Problem.at`)."""
    return Problem(code=code, severity=severity, message=message, hint=hint, spec=spec, location=Location(line=line, pointer=pointer))


def shown(value: object) -> str:
    """Return a value in quotes for a message, of a long one its beginning."""
    text = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


_least: ContextVar[Severity] = ContextVar("least", default=Severity.INFO)


class at_least:  # noqa: N801 (a context manager, of which builds enter one for each page)
    """Ask no rule whose problems are slighter: a build, which does not tell them, need not look for them and for where they are."""

    __slots__ = ("severity", "token")

    def __init__(self, severity: Severity) -> None:
        self.severity = severity

    def __enter__(self) -> None:
        self.token = _least.set(self.severity)

    def __exit__(self, *_: object) -> None:
        _least.reset(self.token)


Document = TypeVar("Document")
Locate = Callable[[object], Location]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a rule is broken; what is empty or 0 is not known."""

    message: str
    line: int = 0
    pointer: str = ""
    where: object = None
    """The element or the path in JSON that is meant; `check_all` makes line, column and pointer of it."""
    hint: str = ""
    """What to do here, when it is other than what the rule says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Document]):
    """One rule of a format: `find` yields the places where a document breaks it."""

    code: str
    severity: Severity
    spec: str
    hint: str
    explanation: str
    find: Callable[[Document], Iterable[Finding]]

    def check(self, document: Document, locate: Locate | None = None) -> Iterator[Problem]:
        """Yield a problem for each place where `document` breaks this rule; none when nobody asks for so slight ones (see `at_least`)."""
        if self.severity < _least.get():
            return iter(())
        return (self.problem(found, locate) for found in self.find(document))

    def first(self, document: Document, locate: Locate, most: int) -> list[Problem]:
        """Return at most so many problems, the last of which says when there are more: what is wrong everywhere is told often enough."""
        findings = [*islice(self.find(document), most + 1)] if _are_asked(self.severity) else []
        if not findings:  # as nearly always
            return []
        found = [self.problem(each, locate) for each in findings]
        if len(found) > most:
            found[most - 1 :] = [replace(found[most - 1], message=f"{found[most - 1].message}; there are more of these")]
        return found

    def problem(self, found: Finding, locate: Locate | None = None) -> Problem:
        """Return one finding as a problem."""
        location = locate(found.where) if locate and found.where is not None else Location()
        return Problem(
            code=self.code,
            severity=self.severity,
            message=found.message,
            hint=found.hint or self.hint,
            spec=self.spec,
            location=replace(location, line=found.line or location.line, pointer=found.pointer or location.pointer),
        )


def rule(severity: Severity, *, spec: str, hint: str) -> Callable[[Callable[[Document], Iterable[Finding]]], Rule[Document]]:
    """Make a function a rule: its name is the code, its docstring the explanation."""

    def make(find: Callable[[Document], Iterable[Finding]]) -> Rule[Document]:
        code = find.__name__.strip("_").replace("_", "-")
        return Rule(code=code, severity=severity, spec=spec, hint=hint, explanation=find.__doc__ or "", find=find)

    return make


def rules_in(module: Mapping[str, Any]) -> tuple[Rule[Any], ...]:
    """Return the rules among a module's globals, in the order they were written."""
    return tuple(value for value in module.values() if isinstance(value, Rule))


def _are_asked(severity: Severity) -> bool:
    """Return whether somebody asks for problems that slight (see `at_least`)."""
    return severity >= _least.get()


def asked(rules: Iterable[Rule[Document]]) -> Iterator[Rule[Document]]:
    """Yield those rules whose problems somebody asks for (see `at_least`)."""
    least = _least.get()
    return (each for each in rules if each.severity >= least)


def check_all(rules: Iterable[Rule[Document]], document: Document, locate: Locate | None = None) -> list[Problem]:
    """Return what breaks any of `rules` in `document`, in the order of the rules.

    `locate` gives the place of what a finding names by `Finding.where` (see `places`).
    """
    return [each.problem(found, locate) for each in asked(rules) for found in each.find(document)]

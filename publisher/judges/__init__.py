"""Judges: the programs of others that check what we check, each one started once for all files.

EPUBCheck 5.3 (W3C), Ace 1.4 (DAISY) and the Nu Html Checker (W3C). None of them is needed to run Publisher; what is not installed
is named with the command that installs it. With `programs` this is the only room that starts programs. Nothing is fetched, and
nothing that lies beside a file is run: npm's packages are looked for where they are installed for all, and where `NODE_PATH` says.
"""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Protocol

from publisher.problems import Problem, PublisherError, Severity, problem

__all__ = ["CHROMIUM", "JUDGES", "Judge", "JudgeFailed", "Refused", "Verdict", "ask", "get", "npm_package", "program", "refused", "words"]

JUDGES = ("epubcheck", "ace", "nu")
"""In the order in which they are asked."""
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
"""Names of the browser that Ace judges with, in different systems."""


class JudgeFailed(RuntimeError):
    """The judge is missing or broken, so nothing is known about what it was asked."""


class Refused(ValueError):
    """The judge cannot read the file at all."""


class Judge(Protocol):
    """What every judge's module has."""

    TITLE: str
    """Name for people."""
    INSTALL: str
    """How to get it."""
    ENDINGS: frozenset[str]
    """Names of files that it judges end so."""

    def lacks(self) -> str:
        """Return what must be installed before it can judge; nothing when all is there."""

    def check(self, paths: Sequence[Path]) -> list[Problem]:
        """Return all that it says about the files; raise `JudgeFailed` when it breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What all judges say together."""

    problems: tuple[Problem, ...]
    asked: tuple[str, ...]
    """Who was asked about how many files."""
    missing: tuple[str, ...]
    """Who was not there, and how to install it."""


def get(name: str) -> Judge:
    """Return the judge called `name`."""
    module: Judge = importlib.import_module(f"publisher.judges.{name}")
    return module


def ask(paths: Sequence[str]) -> Verdict:
    """Return what the judges that are installed say about those of the files that are theirs to judge.

    Raise `PublisherError` when there is no judge at all.
    """
    judges = [get(name) for name in JUDGES]
    missing = {judge.TITLE: lack for judge in judges if (lack := judge.lacks())}
    told = tuple(f"{judge.TITLE} lacks {missing[judge.TITLE]}: {judge.INSTALL}" for judge in judges if judge.TITLE in missing)
    if len(missing) == len(judges):
        raise PublisherError(problem("judges-missing", Severity.ERROR, "no judge is installed", hint=f"install one: {'; '.join(told)}"))
    there = [(judge, _theirs(judge, paths)) for judge in judges if judge.TITLE not in missing]
    problems = tuple(found for judge, theirs in there for found in _judged(judge, theirs))
    return Verdict(problems=problems, asked=tuple(f"{judge.TITLE} ({_files(theirs)})" for judge, theirs in there), missing=told)


def _files(paths: Sequence[Path]) -> str:
    return f"{len(paths)} file" if len(paths) == 1 else f"{len(paths)} files"


def _theirs(judge: Judge, paths: Sequence[str]) -> list[Path]:
    return [Path(path) for path in paths if Path(path).suffix.lower() in judge.ENDINGS and Path(path).is_file()]


def _judged(judge: Judge, paths: Sequence[Path]) -> list[Problem]:
    """Return what a judge says; a judge that breaks is a problem too, since it says nothing of what it would have found."""
    try:
        return judge.check(paths) if paths else []
    except JudgeFailed as error:
        message = f"{judge.TITLE} broke: {' '.join(str(error).split())[-500:]}"
        return [problem("judge-failed", Severity.ERROR, message, hint="ask it alone to see more")]


def refused(judge: str, path: Path, error: Refused) -> Problem:
    """Return the problem that a judge cannot read a file at all."""
    message = f"this cannot be judged: {' '.join(str(error).split())[:500]}"
    return problem(f"{judge}-refused", Severity.ERROR, message, hint="mend what the others find first").at(str(path))


def program(*names: str) -> str:
    """Return the path of the first of the programs `names` that is installed; raise `JudgeFailed` when none is."""
    for name in names:
        if path := shutil.which(name):
            return path
    raise JudgeFailed(f"{' or '.join(names)} is not installed")


def npm_package(name: str) -> Path:
    """Return the folder of a package from npm; raise `JudgeFailed` when it is not installed."""
    for folder in _node_folders():
        if (folder / name / "package.json").is_file():
            return folder / name
    raise JudgeFailed(f"{name} from npm is not installed")


# Not the folder we are in: what lies beside the files to be judged may be made to be run.
def _node_folders() -> Iterator[Path]:
    yield from map(Path, filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)))
    yield Path("/usr/local/lib/node_modules")
    if node := shutil.which("node"):
        yield Path(node).resolve().parents[1] / "lib" / "node_modules"


def words(text: str) -> str:
    """Return text as words for a code: in lower case, with hyphens."""
    return "-".join("".join(part) for plain, part in groupby(text.lower(), lambda each: each.isascii() and each.isalnum()) if plain)

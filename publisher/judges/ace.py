"""Ace by DAISY: what keeps people from reading an EPUB, found by axe-core in Chromium and in the package.

A book's own scripts do not run meanwhile, and nothing is fetched.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from publisher.judges import CHROMIUM, JudgeFailed, Refused, npm_package, program, refused, words
from publisher.judges.worker import Worker
from publisher.problems import Location, Problem, Severity

__all__ = ["ENDINGS", "INSTALL", "TITLE", "check", "lacks"]

TITLE = "Ace by DAISY"
INSTALL = "npm install --global @daisy/ace-core playwright-core, and Chromium"
ENDINGS = frozenset({".epub"})
PACKAGES = ("@daisy/ace-core", "playwright-core")
SEVERITIES = {"critical": Severity.ERROR, "serious": Severity.ERROR, "moderate": Severity.WARNING, "minor": Severity.INFO}
"""By what axe-core calls impact."""
PATIENCE = 3600
"""Seconds for one book; a thousand articles take 5 minutes."""


def lacks() -> str:
    """Return what must be installed before it can judge; nothing when all is there."""
    programs = [names[0] for names in (("node",), CHROMIUM) if not any(map(shutil.which, names))]
    return ", ".join([*filter(_is_missing, PACKAGES), *programs])


def _is_missing(package: str) -> bool:
    try:
        npm_package(package)
    except JudgeFailed:
        return True
    return False


def check(paths: Sequence[Path]) -> list[Problem]:
    """Return all that Ace says about the books; each document in them costs 0.2 s."""
    return [found for path in paths for found in _check(path)]


def _check(path: Path) -> list[Problem]:
    try:
        return [_problem(path, found) for found in _ace().ask(str(path.absolute()))]
    except Refused as error:
        return [refused("ace", path, error)]


def _problem(path: Path, found: Mapping[str, Any]) -> Problem:
    pointer = ":".join(filter(None, [found["inside"], " ".join(found["element"])]))
    return Problem(
        code=f"ace-{words(found['rule'])}",
        severity=SEVERITIES.get(found["impact"], Severity.ERROR),
        message=" ".join(found["message"].split()).rstrip("."),
        hint="; ".join(found["hint"].split("\n")),
        spec=found["spec"],
        location=Location(path=str(path), pointer=pointer),
    )


@cache
def _ace() -> Worker:
    packages = (str(npm_package(name)) for name in PACKAGES)
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")), *packages, program(*CHROMIUM), patience=PATIENCE)

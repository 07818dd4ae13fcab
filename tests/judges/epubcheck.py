"""EPUBCheck 5.3, the W3C's conformance checker for EPUB, with its notes on usage."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tests.judges import Message
from tests.judges.worker import Worker

__all__ = ["check"]


def check(paths: Sequence[Path]) -> list[Message]:
    """Return all that EPUBCheck says about the books; the first one costs 5 s, each further one 0.05 s."""
    return [message for path in paths for found in _epubcheck().ask(str(path.absolute())) for message in _messages(path, found)]


def _messages(path: Path, found: Mapping[str, Any]) -> Iterator[Message]:
    """Yield one message for each location; EPUBCheck names 25 at most and counts the rest."""
    severity, code, text = found["severity"].lower(), found["ID"], found["message"]
    for place in found["locations"]:
        line, column = max(place["line"], 0), max(place["column"], 0)
        yield Message(path=path, severity=severity, code=code, text=text, inside=place["path"], line=line, column=column)
    for _ in range(found["additionalLocations"]):
        yield Message(path=path, severity=severity, code=code, text=text)


@cache
def _epubcheck() -> Worker:
    # -P: in the worker, `epubcheck` is the package and not this module beside it.
    return Worker(sys.executable, "-P", str(Path(__file__).with_name("epubcheck_worker.py")))

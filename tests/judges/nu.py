"""The Nu Html Checker: files named `.html` are checked as HTML, those named `.xhtml` as XML."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tests.judges import JudgeFailed, Message, program

__all__ = ["check"]

JAR = Path(__file__).with_name("node_modules") / "vnu-jar/build/dist/vnu.jar"
# The schemas need a deep stack; the other two make the start faster (2.2 s for two files).
JAVA = ("-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
CHECKED = {".html", ".xhtml"}


def check(paths: Sequence[Path]) -> list[Message]:
    """Return all that the checker says about the pages, from errors to advice; one call costs 2 s, each page 20 ms."""
    _expect_pages(paths)
    given = {path.absolute(): path for path in paths}
    return [_message(found, given) for found in _ask(list(given))] if given else []


# The checker says nothing about files that it cannot find or does not know, as if they were good.
def _expect_pages(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_file() or path.suffix not in CHECKED:
            raise FileNotFoundError(f"no page to check: {path}")


def _ask(paths: Sequence[Path]) -> list[Mapping[str, Any]]:
    command = [program("java"), *JAVA, "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--stdout"]
    done = subprocess.run([*command, *map(str, paths)], capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise JudgeFailed(done.stdout + done.stderr)
    messages: list[Mapping[str, Any]] = json.loads(done.stdout)["messages"]
    return messages


def _message(found: Mapping[str, Any], given: Mapping[Path, Path]) -> Message:
    return Message(
        path=given[Path(url2pathname(urlsplit(found["url"]).path))],
        severity=found.get("subType", found["type"]),
        text=found["message"],
        line=found.get("firstLine", found.get("lastLine", 0)),
        column=found.get("firstColumn", 0),
    )

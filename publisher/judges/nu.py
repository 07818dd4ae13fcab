"""The Nu Html Checker: files named `.xhtml` are checked as XML, others as HTML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from publisher.judges import JudgeFailed, npm_package, program, words
from publisher.problems import Location, Problem, Severity

__all__ = ["ENDINGS", "INSTALL", "TITLE", "check", "lacks"]

TITLE = "the Nu Html Checker"
INSTALL = "npm install --global vnu-jar, and a Java runtime"
ENDINGS = frozenset({".html", ".htm", ".xhtml", ".xht"})
SPEC = "https://html.spec.whatwg.org/multipage/"
# The schemas need a deep stack; the other two make the start faster (2.2 s for two files).
JAVA = ("-Xss4m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
SEVERITIES = {"info": Severity.INFO, "warning": Severity.WARNING}
"""Everything else that it may say is an error."""
AT_ONCE = 5000
"""Files that one command line can name, and one process judge."""
WORDS = 8
"""Words of a message that make its code, for the checker has none."""
_BLOCKED = re.compile("Resource violates Content Security Policy .*?: external script “(.*?)” blocked")
_SELF = re.compile(rb"(?:'|&#39;|&apos;)self(?:'|&#39;|&apos;)")
_QUOTED = re.compile("“.*?”")


def lacks() -> str:
    """Return what must be installed before it can judge; nothing when all is there."""
    try:
        npm_package("vnu-jar")
    except JudgeFailed:
        return "vnu-jar"
    return "" if shutil.which("java") else "java"


def check(paths: Sequence[Path]) -> list[Problem]:
    """Return all that the checker says about the pages, from errors to advice; one call costs 2 s, each page 20 ms."""
    _expect_pages(paths)
    given = {path.absolute(): path for path in paths}
    every = list(given)
    told = (each for start in range(0, len(every), AT_ONCE) for each in _ask(every[start : start + AT_ONCE]))
    return [_problem(each, given) for each in told if not _is_of_no_origin(each, given)]


# The checker says nothing about files that it cannot find or does not know, as if they were good.
def _expect_pages(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_file() or path.suffix.lower() not in ENDINGS:
            raise FileNotFoundError(f"no page to check: {path}")


def _ask(paths: Sequence[Path]) -> list[Mapping[str, Any]]:
    jar = npm_package("vnu-jar") / "build/dist/vnu.jar"
    command = [program("java"), *JAVA, "-jar", str(jar), "--format", "json", "--exit-zero-always", "--stdout", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL)  # noqa: S603 - no shell
    if done.returncode or not done.stdout.startswith("{"):
        raise JudgeFailed(done.stdout + done.stderr)
    messages: list[Mapping[str, Any]] = json.loads(done.stdout)["messages"]
    return messages


def _is_of_no_origin(found: Mapping[str, Any], given: Mapping[Path, Path]) -> bool:
    """Return whether a page is said to block its own script although it allows `'self'`: a file has no origin that this could mean.

    On the web it means where the page comes from (CSP 3, 6.7.2.7), and there the checker has nothing to say as it has about files.
    """
    blocked = _BLOCKED.match(found["message"])
    path = given.get(_path(found))
    return bool(blocked and ":" not in blocked[1] and path and _SELF.search(path.read_bytes()))


def _path(found: Mapping[str, Any]) -> Path:
    return Path(url2pathname(urlsplit(found.get("url", "")).path))


def _problem(found: Mapping[str, Any], given: Mapping[Path, Path]) -> Problem:
    path = given.get(_path(found), "")
    return Problem(
        code=f"nu-{_code(found['message'])}",
        severity=SEVERITIES.get(found.get("subType", found["type"]), Severity.ERROR),
        message=" ".join(found["message"].split()).rstrip("."),
        spec=SPEC,
        location=Location(path=str(path), line=found.get("firstLine", found.get("lastLine", 0)), column=found.get("firstColumn", 0)),
    )


def _code(message: str) -> str:
    """Return the first words of a message without what it quotes: `stray-end-tag` for “Stray end tag “p”.”."""
    return "-".join(words(_QUOTED.sub(" ", message)).split("-")[:WORDS]) or "message"

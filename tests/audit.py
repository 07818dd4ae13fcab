"""Ask whether anything that is locked has a known weakness: `make audit`.

Ends with 0 when all was asked and nothing is known, with 1 when something is, and with 2 when nobody could be asked or not of all:
pip-audit (2.10) ends with 0 for packages that its source does not know, and would so pass where there is no source at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

__all__ = ["audited", "verdict"]

ROOT = Path(__file__).parent.parent
SOURCES = ("pypi", "osv")
LOCKS = ("test", "build")
"""All that is installed: what builds the exports is in the first, too."""


def audited(source: str, locks: Sequence[str] = LOCKS) -> tuple[list[dict[str, Any]], str]:
    """Return what a source of advisories says of each package in lock files; nothing, and why, when it cannot be asked of one of them."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for lock in locks:
        each, why = _audited(source, lock)
        if not each:
            return [], why
        found |= {(one["name"], one.get("version", "")): one for one in each}
    return [*found.values()], ""


def _audited(source: str, lock: str) -> tuple[list[dict[str, Any]], str]:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "requirements" / f"{lock}.txt"), "--require-hashes"]
    options = ["--disable-pip", "--progress-spinner", "off", "--format", "json", "--vulnerability-service", source]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:300]
    return found, "" if found else "it knows of no package"


def verdict(answers: Iterable[tuple[str, list[dict[str, Any]], str]]) -> tuple[int, list[str]]:
    """Return how to end, and what to say, of the first source that knows all packages."""
    said: list[str] = []
    for source, found, why in answers:
        weak = [
            f"{each['name']} {each['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'none'}"
            for each in found
            for one in each.get("vulns", [])
        ]
        unknown = [each["name"] for each in found if "skip_reason" in each]
        if weak:
            return 1, [*said, *weak]
        if found and not unknown:
            return 0, [*said, f"{source}: {len(found)} packages, no weakness is known"]
        said.append(
            f"{source}: could not be asked{f' of {len(unknown)} of {len(found)} packages' if found else ''}{f': {why}' if why else ''}"
        )
    return 2, [*said, "nothing is known about what is locked: no source of advisories could be asked of all of it"]


def main(ask: Callable[[str], tuple[list[dict[str, Any]], str]] = audited) -> int:
    """Ask one source after the other, and say what is known."""
    ends, said = verdict((source, *ask(source)) for source in SOURCES)
    print(*said, sep="\n", file=sys.stderr)
    return ends


if __name__ == "__main__":
    sys.exit(main())

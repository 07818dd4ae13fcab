"""The bill of materials: all that the lock files hold, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/, read 2026-11-27): `make sbom`.

Made of the lock files alone, so that it is the same everywhere: no time, no machine, and a serial number that is a digest of the rest.
What a build needs is `required`; what judges and tests need is `excluded`. Digests are of all the files that a version is published as.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["bill"]

ROOT = Path(__file__).parent.parent
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "publisher.sbom")
_PACKAGE = re.compile(r"^([a-z0-9-]+)==(\S+?)(?: ;[^\\\n]*)?(?: \\)?\n((?:    .*\n?)*)", re.MULTILINE)
_WIDE = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}


def bill() -> dict[str, Any]:
    """Return the bill of materials."""
    needed, tested = _locked("exports"), _locked("test") | _locked("build")
    python = {name: _component(name, *each, scope="required") for name, each in needed.items()}
    python |= {name: _component(name, *each, scope="excluded") for name, each in tested.items() if name not in needed}
    components = sorted([*python.values(), *_npm()], key=lambda each: str(each["bom-ref"]))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": _self()},
        "components": components,
        "dependencies": sorted(_dependencies(needed | tested), key=lambda each: str(each["ref"])),
    }
    return document | {"serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, json.dumps(document, sort_keys=True))}"}


def _self() -> dict[str, Any]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {
        "type": "application",
        "bom-ref": "publisher",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
    }


def _locked(name: str) -> dict[str, tuple[str, str]]:
    """Return version, and what is said of it, of each package in a lock file."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return {found[1]: (found[2], found[3]) for found in _PACKAGE.finditer(text)}


def _component(name: str, version: str, said: str, *, scope: str) -> dict[str, Any]:
    digests = sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", said))
    return _library(f"pkg:pypi/{name}@{version}", name, version, scope, [{"alg": "SHA-256", "content": each} for each in digests])


def _library(purl: str, name: str, version: str, scope: str, hashes: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "scope": scope, "hashes": hashes, "purl": purl}


def _npm() -> Iterator[dict[str, Any]]:
    """Yield the packages that judges in JavaScript are made of, each version once."""
    packages = json.loads((ROOT / "tests/judges/package-lock.json").read_text("utf-8"))["packages"]
    found = {(path.rpartition("node_modules/")[2], each["version"]): each["integrity"] for path, each in packages.items() if path}
    for (name, version), integrity in sorted(found.items()):
        kind, _, digest = integrity.partition("-")
        hashes = [{"alg": _WIDE[kind], "content": base64.b64decode(digest).hex()}]
        yield _library(f"pkg:npm/{name.replace('@', '%40')}@{version}", name, version, "excluded", hashes)


def _dependencies(locked: dict[str, tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Yield what each package needs, as the lock files say who asked for what."""
    wanted: dict[str, set[str]] = {"publisher": set(), **{_ref(name, locked): set() for name in locked}}
    for name, (_, said) in locked.items():
        for asker in re.findall(r"(?:# via|#  ) +([a-z0-9-]+)(?: |\n|$)", said):
            wanted.setdefault(_ref(asker, locked), set()).add(_ref(name, locked))
        if "(pyproject.toml" in said:
            wanted["publisher"].add(_ref(name, locked))
    yield from ({"ref": ref, "dependsOn": sorted(needs)} if needs else {"ref": ref} for ref, needs in wanted.items())


def _ref(name: str, locked: dict[str, tuple[str, str]]) -> str:
    return f"pkg:pypi/{name}@{locked[name][0]}" if name in locked else "publisher"


def main() -> int:
    """Print the bill of materials."""
    print(json.dumps(bill(), indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What we are made of: each dependency has a reason and a licence that fits, and the bill of materials is whole and always the same."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import audit, sbom
from tests.test_locks import EXTRA, PYPROJECT, ROOT, locked

FITTING = frozenset(
    "MIT BSD-2-Clause BSD-3-Clause Apache-2.0 ISC MPL-2.0 OFL-1.1 PSF-2.0 MIT-CMU LGPL-3.0-or-later AGPL-3.0-or-later".split()
)
"""Licences that may be part of a work under AGPL-3.0-or-later."""
ROW = re.compile(r"^\| ([\w.-]+) \| ([^|]+) \| ([\w. -]+) \|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    """What for, and under which licence, by the name of each dependency in the table of docs/decisions.md."""
    table = (ROOT / "docs" / "decisions.md").read_text("utf-8").partition("## Dependencies")[2]
    return {canonicalize_name(found[1]): (found[2].strip(), found[3]) for found in ROW.finditer(table) if found[1] != "name"}


def asked() -> set[str]:
    groups = (PYPROJECT["project"]["dependencies"], EXTRA, *PYPROJECT["dependency-groups"].values())
    return {canonicalize_name(Requirement(text).name) for group in groups for text in group}


def test_each_dependency_has_its_reason_and_a_licence_that_fits() -> None:
    assert set(rows()) == asked()
    assert [name for name, (reason, _) in rows().items() if len(reason.split()) < 3] == []
    assert {part for _, licence in rows().values() for part in re.split(" AND | OR ", licence)} <= FITTING


def test_the_bill_of_materials_is_valid() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(sbom.bill())) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str('{"bomFormat": "x"}') is not None


def test_all_that_is_locked_is_in_the_bill() -> None:
    found = {each["purl"]: each for each in sbom.bill()["components"]}
    every = {name: version for lock in ("exports", "test", "build") for name, version in locked(lock).items()}
    assert {f"pkg:pypi/{name}@{version}" for name, version in every.items()} <= set(found)
    required = {purl for purl, each in found.items() if each["scope"] == "required"}
    assert required == {f"pkg:pypi/{name}@{version}" for name, version in locked("exports").items()}
    assert [purl for purl, each in found.items() if not each["hashes"]] == []
    assert [purl for purl in found if purl.startswith("pkg:npm/%40")], "with their scopes"


def test_the_bill_says_who_needs_what() -> None:
    needs = {each["ref"].partition("@")[0]: each.get("dependsOn", []) for each in sbom.bill()["dependencies"]}
    direct = {each.partition("@")[0].removeprefix("pkg:pypi/") for each in needs["publisher"]}
    assert {canonicalize_name(Requirement(text).name) for text in PYPROJECT["project"]["dependencies"]} <= direct
    assert "pkg:pypi/markupsafe" in {each.partition("@")[0] for each in needs["pkg:pypi/jinja2"]}
    known = {each["bom-ref"] for each in sbom.bill()["components"]}
    assert {each for several in needs.values() for each in several} <= known


def test_the_bill_is_the_same_on_another_day_elsewhere(tmp_path: Path) -> None:
    there = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    again = subprocess.run([sys.executable, "-m", "tests.sbom"], cwd=tmp_path, env=there, capture_output=True, text=True, check=True)
    assert json.loads(again.stdout) == sbom.bill()


# -- advisories -------------------------------------------------------------------------------------------------------------------

GOOD = {"name": "lxml", "version": "6.1", "vulns": []}
WEAK = {"name": "lxml", "version": "6.1", "vulns": [{"id": "CVE-1", "fix_versions": ["6.2"]}]}
SKIPPED = {"name": "tqdm", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("found", "ends", "says"),
    [
        ([GOOD], 0, "1 packages, no weakness is known"),
        ([WEAK], 1, "lxml 6.1: CVE-1, mended in 6.2"),
        ([WEAK, SKIPPED], 1, "CVE-1"),
        ([GOOD, SKIPPED], 2, "could not be asked of 1 of 2 packages"),
        ([SKIPPED], 2, "no source of advisories could be asked"),
        ([], 2, "no source of advisories could be asked"),
    ],
)
def test_an_audit_passes_only_when_all_was_asked(
    found: list[dict[str, Any]], ends: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main(lambda _: (found, "" if found else "no such host")) == ends
    assert says in capsys.readouterr().err


def test_an_audit_asks_of_all_that_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    every = {name for lock in ("exports", "test", "build") for name in locked(lock)}
    assert {name for lock in audit.LOCKS for name in locked(lock)} == every
    said = {"test": ([GOOD], ""), "build": ([{**GOOD, "name": "setuptools"}, GOOD], "")}
    monkeypatch.setattr(audit, "_audited", lambda _, lock: said[lock])
    assert [each["name"] for each in audit.audited("pypi")[0]] == ["lxml", "setuptools"]
    said["build"] = ([], "no such host")
    assert audit.audited("pypi") == ([], "no such host"), "half an answer is none"


def test_pip_audit_answers_as_we_understand_it() -> None:
    """With or without a source: what it prints is one or the other, and never nothing."""
    found, why = audit.audited("pypi", ["build"])
    assert bool(found) != bool(why)
    assert all("name" in each and ("vulns" in each or "skip_reason" in each) for each in found)

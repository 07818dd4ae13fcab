"""The lock files hold what is asked for, by digest, wherever it is fetched from."""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRA = PYPROJECT["project"]["optional-dependencies"]["judges"]
SCALE = PYPROJECT["project"]["optional-dependencies"]["scale"]
WANTED = {
    "build": PYPROJECT["build-system"]["requires"],
    "exports": PYPROJECT["project"]["dependencies"],
    "test": [*PYPROJECT["project"]["dependencies"], *EXTRA, *PYPROJECT["dependency-groups"]["test"]],
}


def locked(name: str) -> dict[str, str]:
    """Return the versions in a lock file by their packages' names."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock(name), re.MULTILINE))


def lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", WANTED)
def test_what_is_asked_for_is_locked(name: str) -> None:
    wanted = [Requirement(text) for text in WANTED[name]]
    missing = [str(each) for each in wanted if not each.specifier.contains(locked(name).get(canonicalize_name(each.name), "0"))]
    assert missing == [], "run `make lock`"


@pytest.mark.parametrize("name", WANTED)
def test_what_is_locked_has_digests_and_no_host(name: str) -> None:
    packages = re.split(r"^(?=\w)", lock(name), flags=re.MULTILINE)[1:]
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert "://" not in lock(name)


def test_tests_run_with_the_versions_that_build_the_exports() -> None:
    assert locked("exports").items() <= locked("test").items()


def test_packages_from_npm_have_digests_and_no_host() -> None:
    packages = json.loads((ROOT / "tests/judges/package-lock.json").read_text("utf-8"))["packages"]
    assert [path for path, package in packages.items() if path and ("integrity" not in package or "resolved" in package)] == []


def imported(path: Path) -> set[str]:
    """Return the outermost names of the packages that a module imports, wherever in its text."""
    nodes = list(ast.walk(ast.parse(path.read_bytes())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {name.partition(".")[0] for name in plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}}


def test_what_is_imported_is_asked_for() -> None:
    """A library that another one brings along may be gone with that one's next release."""
    names = set().union(*map(imported, (ROOT / "publisher").rglob("*.py"))) - sys.stdlib_module_names - {"publisher"}
    asked = {canonicalize_name(Requirement(text).name) for text in (*WANTED["exports"], *EXTRA, *SCALE)}
    asked |= {canonicalize_name("dask")}  # which distributed is a part of, in the same release
    known = packages_distributions()
    assert [name for name in sorted(names) if not asked & set(map(canonicalize_name, known.get(name, [])))] == []

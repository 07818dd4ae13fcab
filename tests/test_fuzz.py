"""What fuzzing has found stays mended, and a little of it runs each time; `make fuzz` runs it for long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fuzz import targets
from publisher import formats

FOUND = sorted(targets.CASES.glob("*-*"))
IS_AT_HAND = sys.platform == "linux" and sys.version_info < (3, 14)
"""Where atheris has a wheel (3.0)."""


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_broke_once_does_not_again(path: Path) -> None:
    assert targets.tried(path.name.rpartition("-")[0], path.read_bytes())


@pytest.mark.parametrize("name", targets.TARGETS)
def test_every_target_has_seeds_and_takes_them(name: str) -> None:
    said = [targets.tried(name, each) for each in targets.seeds(name)]
    assert len(said) > 3
    assert name in formats.CHECKED or any(each.startswith(("read", "cleaned")) or "taken" in each for each in said)


@pytest.mark.skipif(not IS_AT_HAND, reason="atheris has no wheel for this system")
@pytest.mark.parametrize("name", ["rss", "jsonfeed", "settings", "body"])
def test_a_short_run_breaks_nothing(name: str, tmp_path: Path) -> None:
    from fuzz.__main__ import fuzzed

    found = fuzzed(name, tmp_path, runs=200)
    assert found.broke == ""
    assert found.runs >= 200
    assert found.covered[0] > 0.3 * found.covered[1], "it reaches the reader"


@pytest.mark.skipif(not IS_AT_HAND, reason="atheris has no wheel for this system")
def test_what_breaks_is_told(tmp_path: Path) -> None:
    from fuzz.__main__ import fuzzed

    found = fuzzed("no such target", tmp_path, runs=3)
    assert "PublisherError: there is no format" in found.broke

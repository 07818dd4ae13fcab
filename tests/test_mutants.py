"""Mutation testing itself: what is changed, and that a change is told when no test notices."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests import mutants

ROOT = Path(__file__).parent.parent
SOURCE = '''"""A module."""

import re

__all__ = ["double"]

_WORD = re.compile("a")
_WORDS = (_WORD,)
_LIMIT = 7


def double(text: str, times: int = 2) -> str:
    """Return it so many times."""
    return text * times if len(text) < _LIMIT else text


class Pair:
    """Two."""

    first: str = "a"

    @property
    def both(self) -> str:
        """Return both."""
        return self.first + "b"

    def is_one(self) -> bool:
        """Return whether there is one."""
        return not self.first
'''


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[mutants.Mutant]:
    """The changes of a file."""
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    (tmp_path / "pair.py").write_text(SOURCE)
    return mutants.mutants("pair.py")


def test_functions_and_what_stands_outside_them_are_changed(made: list[mutants.Mutant]) -> None:
    assert {each.name: each.kind for each in made} == {
        "_WORD": "",  # stands in another value
        "_WORDS": "value",
        "_LIMIT": "value",
        "double": "function",
        "Pair.first": "",
        "Pair.both": "",
        "Pair.is_one": "function",
    }
    assert "-        return not self.first\n+        return self.first" in [
        each.diff.replace("    return", "        return") for each in made
    ]


def test_each_change_is_one_of_code_that_can_be_compiled(made: list[mutants.Mutant]) -> None:
    assert len({each.key for each in made}) == len(made) == 19
    for each in made:
        assert ast.dump(ast.parse(each.source())) != ast.dump(ast.parse(SOURCE))
        assert each.line in each.lines
        assert [line[0] for line in each.diff.splitlines()] == sorted(line[0] for line in each.diff.splitlines())[::-1]


def test_a_share_of_a_sample_is_between_two_others() -> None:
    """Wilson's interval, from the example of Newcombe (1998): 81 of 263."""
    outcome = mutants.Outcome(1000, ["x"] * 81, [None] * 182)  # type: ignore[list-item] # only counted
    assert outcome.row("x") == "| `x` | 1,000 | 263 | 81 | 182 | 30.8% (25.5% to 36.6%) |"


def test_what_tests_notice_is_killed_and_what_they_do_not_is_told() -> None:
    run = [sys.executable, "-m", "tests.mutants", "article", "--only", ":(MEDIA_TYPES|Article.type)$", "--sample", "4"]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split("|")[3:6] == [" 4 ", " 4 ", " 0 "]

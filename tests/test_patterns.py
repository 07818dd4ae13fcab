"""No regular expression of ours goes back and forth in a text more often than the text is long."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from tests.patterns import LINEAR, Found, Matcher, grown, patterns

BOUNDED = {"publisher.formats.webpage.pictures._CREDITED": "at most 80 characters of a credit are gone through, of a text of 2,000"}
"""Those that only look as if they were not, with the reason."""
ALL = patterns()
PARTS = 4


@pytest.fixture(autouse=True)
def _room() -> Iterator[None]:
    """The matcher calls itself for each character."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pattern_takes_steps_as_the_text_grows(part: int) -> None:
    found = {each: grown(each.pattern) for each in ALL[part::PARTS] if each.name not in BOUNDED}
    assert {each.name: worst for each, worst in found.items() if worst[0] > LINEAR} == {}


def test_there_are_many_patterns_and_each_exception_is_one_of_them() -> None:
    assert len(ALL) > 500
    assert {*BOUNDED} <= {each.name for each in ALL}


@pytest.mark.parametrize(
    "bad",
    [
        r"(a+)+$",
        r"(a|a)*b",
        r"(a|aa)+$",
        r"a*a*b",
        r"\s*(x\s*)?\s*y",
        r"(.*),(.*),z",
        r"<[^>]*?\s*=\s*>",
        r"(?:a?b?)*c",
        r"^(\d+)*!",
        rb"(x+x+)+y",
    ],
)
def test_patterns_that_are_not_linear_are_found(bad: str) -> None:
    assert grown(re.compile(bad))[0] > LINEAR


@pytest.mark.parametrize(
    "good", [r"a+b", r"(?:[^<>]++|x)*+y", r"\s*+(?:x\s*+)?y", r"[a-z]+(?:-[a-z]+)*$", r"(?>a+)b", r"(['\"]).*?\1", r"(?<!\w)\w+@"]
)
def test_patterns_that_are_linear_are_not_found(good: str) -> None:
    assert grown(re.compile(good))[0] <= LINEAR


def test_what_is_linear_from_one_place_may_not_be_through_a_text() -> None:
    assert grown(re.compile(r"\w+@"), through=True)[0] > LINEAR
    assert grown(re.compile(r"(?<!\w)\w+@"), through=True)[0] <= LINEAR


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?i)(?:ab|cd)+?e{2,3}", "xABcdee"), (r"(a)?(?(1)b|c)", "ab c"), (r"(?m)^x$", "a\nx\nb"), (r"\bone\b(?= two)", "none one two"),
        (r"(?<=a)b(?!c)", "abc ab"), (r"([xy])\1", "xyyx"), (r"(?>a*)b|a", "aaab"), (r"[^\W\d_]+?\s", "12 ab c"), (r"(?s)a.b", "a\nb"), (r"x*+y", "xxy"),
    ],
)  # fmt: skip
def test_the_matcher_finds_what_python_finds(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    matcher, items = Matcher.of(pattern, text)
    for place in range(len(text) + 1):
        said = compiled.match(text, place)
        if not pattern.startswith(("(?m)", r"\b", "(?<")) or place == 0 or said:
            matcher.groups.clear()
            assert matcher.end(items, place) == (said.end() if said else None)


def test_a_pattern_is_told_with_where_it_is() -> None:
    (found,) = (each for each in ALL if each.name == "publisher.cleaner.simple._POSITION")
    assert isinstance(found, Found)
    assert found.is_sought

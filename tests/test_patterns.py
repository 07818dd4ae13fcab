"""No regular expression of ours goes back and forth in a text more often than the text is long, nor begins anew in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from tests.patterns import LINEAR, Found, Matcher, begun_anew, grown, patterns

BOUNDED = {"publisher.formats.webpage.pictures._CREDITED": "at most 80 characters of a credit are gone through, of a text of 2,000"}
"""Those that only look as if they were not, with the reason."""
_MATCHED = "is only matched, out of a table or a loop"
_DATE = "a date has at most 80 characters"
_CLOSED = "each tag and each element of a page of ours is closed"
BOUNDED_THROUGH = BOUNDED | {
    "publisher.bylines._EMAIL": "a byline is cut at 1,000 characters, a line that is looked at as one has at most 1,600",
    "publisher.bylines._TURNED": "is sought only in a text that it matches as a whole",
    "publisher.dates._LAST_ZONE": _DATE,
    "publisher.dates._TIME": _DATE,
    "publisher.dates._WEEKDAY": _DATE,
    "publisher.dates._YEAR_SUFFIX": _DATE,
    "publisher.formats.blogger._TAKEOUT": "the name of a file in an archive, which has at most 65,535 bytes",
    "publisher.formats.epub.bodies._ROW": _CLOSED,
    "publisher.formats.epub.columns._LEAVES": _CLOSED,
    "publisher.formats.epub.kepub._TOKEN": _CLOSED,
    "publisher.formats.epub.rules.attributes._NOT_NEGATIVE": _MATCHED,
    "publisher.formats.epub.rules.attributes._POSITIVE": _MATCHED,
    "publisher.formats.epub.rules.attributes._WHOLE": _MATCHED,
    "publisher.formats.epub.rules.content._CHANGED": _MATCHED,
    "publisher.formats.jsonfeed.rules.jsonfeed_html_relative": _MATCHED,
    "publisher.formats.pandoc.inside._RTF_PICTURE": "at most 2,000 bytes are gone through; more digits than 32 pairs are its picture",
    "publisher.formats.pandoc.kinds._BEGINNINGS": _MATCHED,
    "publisher.formats.webpage.pictures._STAND_IN": "an address is cut at 2,000 characters, several of them at 20,000",
    "publisher.judges.nu._QUOTED": "a message of the validator",
    "publisher.keys._LONG_KEY": "a key is gone through for 200 characters",
    "publisher.linked.google._ADDRESS": "a name is cut at 300 characters",
    "publisher.listings._COMMENT": "the first 4,000 bytes of a file",
    "publisher.manuscript._COMMENT": "what comes behind the last end of a comment is not looked at",
}
"""The same for those that are sought in a text."""
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
    found = {each: grown(each.pattern) for each in patterns()[part::PARTS] if each.name not in BOUNDED}
    assert {each.name: worst for each, worst in found.items() if worst[0] > LINEAR} == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pattern_goes_through_a_text_in_steps_as_the_text_grows(part: int) -> None:
    """A search begins anew at each character: of many spaces, say, which each time would be gone through to their end."""
    sought = (each for each in patterns()[part::PARTS] if each.is_sought and each.name not in BOUNDED_THROUGH)
    found = {each: begun_anew(each.pattern) for each in sought}
    assert {each.name: worst for each, worst in found.items() if worst[0] > LINEAR} == {}


def test_there_are_many_patterns_and_each_exception_is_one_of_them() -> None:
    assert len(patterns()) > 800
    assert {*BOUNDED_THROUGH} <= {each.name for each in patterns()}


def test_patterns_inside_of_functions_are_found_with_their_flags() -> None:
    """Also those in which only the function knows a word: `rf"<(?:{names})…"`."""
    names = {each.name: each for each in patterns()}
    assert names["publisher.markup.from_text"].pattern.pattern == r"\n[ \t\f\r]*\n"
    assert names["publisher.formats.webpage.links.page_canonical_in_body"].pattern.flags & re.IGNORECASE
    assert names["publisher.manuscript._left_out"].pattern.pattern == r"<(?:7)(?![\w-])"


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


@pytest.mark.parametrize("bad", [r"\w+@", r"\s+$", r"<!--.*?-->", r"<p [^>]*>", r"class\s*=[^>]*\bx", rb"(?:<a|<b)[^>]*href"])
def test_what_is_linear_from_one_place_may_not_be_through_a_text(bad: str | bytes) -> None:
    assert grown(re.compile(bad))[0] <= LINEAR
    assert begun_anew(re.compile(bad))[0] > LINEAR


@pytest.mark.parametrize("good", [r"(?<!\w)\w+@", r"(?<!\s)\s++$", r"<!--.*?(?:-->|\Z)", r"<p [^<>]*>", r"(?:(?<!\s)\s++)?[|;]\s*", r"a+"])
def test_what_is_linear_through_a_text_wastes_no_steps(good: str) -> None:
    assert begun_anew(re.compile(good))[0] <= LINEAR


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
    (found,) = (each for each in patterns() if each.name == "publisher.cleaner.simple._POSITION")
    assert isinstance(found, Found)
    assert found.is_sought

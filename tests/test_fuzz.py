"""What fuzzing has found stays mended, and a little of it runs each time; `make fuzz` runs it for long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fuzz import growth, lines, targets
from publisher import formats, markup, places

FOUND = sorted(targets.CASES.glob("*-*"))
IS_AT_HAND = sys.platform == "linux" and sys.version_info < (3, 14)
"""Where atheris has a wheel (3.0)."""


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_broke_once_does_not_again(path: Path) -> None:
    assert targets.tried(path.name.rpartition("-")[0], path.read_bytes())


@pytest.mark.parametrize("name", targets.TARGETS)
def test_every_target_has_seeds_and_takes_them(name: str) -> None:
    said = [targets.tried(name, each) for each in targets.seeds(name)[::2]]  # all are tried when it is fuzzed
    assert len(said) > 3
    assert name in formats.CHECKED or any(each.startswith(("read", "cleaned")) or "taken" in each for each in said)


@pytest.mark.skipif(not IS_AT_HAND, reason="atheris has no wheel for this system")
@pytest.mark.parametrize("name", ["jsonfeed", "rss"])
def test_a_short_run_breaks_nothing(name: str, tmp_path: Path) -> None:
    from fuzz.__main__ import ROOM, fuzzed

    found = fuzzed(name, tmp_path, ["long"] if name == "jsonfeed" else ["short"], runs=200)
    assert found.broke == ""
    assert found.runs >= 20
    assert 0 < found.peak <= ROOM
    assert found.covered[0] > 0.8 * found.covered[1], "it reaches the reader"
    assert found.grows <= growth.LINEAR


@pytest.mark.skipif(not IS_AT_HAND, reason="atheris has no wheel for this system")
def test_what_breaks_is_told(tmp_path: Path) -> None:
    from fuzz.__main__ import fuzzed

    found = fuzzed("no such target", tmp_path, ["short"], runs=3)
    assert "PublisherError: there is no format" in found.broke


WORDS = b"one two three four five\n" * 4


def test_what_is_quadratic_grows_fourfold() -> None:
    def pairs(body: bytes) -> list[bytes]:
        parts = body.split(b"three four")
        return [one for one in parts for other in parts if one < other]

    assert growth.growth(pairs, WORDS) > 3.5


def test_what_is_linear_or_sorts_does_not() -> None:
    assert growth.growth(lambda body: [one for one in body for _ in range(9)], WORDS) == 2.0
    assert (
        growth.growth(lambda body: [each for word in body.split() for each in sorted(word, key=lambda each: -each)], WORDS) <= growth.LINEAR
    )


def test_what_begins_only_where_there_is_enough_of_it_has_not_grown() -> None:
    assert growth.growth(lambda body: [one for one in body for _ in range(20 if len(body) > 3000 else 1)], WORDS) <= growth.LINEAR


def test_lines_of_writers_are_not_those_of_readers() -> None:
    called = lines.called([("publisher.formats.rdf", "read"), ("publisher.formats.rdf", "check")])
    assert ("publisher.formats.rdf", "rdf_item_incomplete") in called
    assert ("publisher.feedreading.rescue", "tree") in called
    assert not any(module.endswith((".writer", "feedwriting")) for module, _ in called)


def test_an_archive_is_spelt_by_what_is_other_than_in_an_example() -> None:
    book = targets.packed("epub", b"changed archive\nEPUB/two.xhtml\n<p/>")
    assert targets.changed("epub", book) == b"changed archive\nEPUB/two.xhtml\n<p/>"
    assert targets.tried("epub", book) == targets.tried("epub", targets.unpacked(book))


def test_places_of_many_elements_in_one_line_take_linear_steps() -> None:
    def located(body: bytes) -> list[object]:
        root = markup.parse_html(body)
        find = places.HtmlPlaces(root, body.decode())
        return [find(each) for each in root.iter("b")]

    once, twice = (growth.steps(located, b"<b>coal</b>" * number) for number in (200, 400))
    assert twice < 2.1 * once

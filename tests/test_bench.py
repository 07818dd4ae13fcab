"""The table of `make bench`: what a line says, and what is put into the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bench import bare, edits, hugo, measure, site, table
from bench.__main__ import ROWS
from bench.measure import Cost
from bench.table import Row
from publisher import desk
from publisher.article import Article

LINES = {
    "a ratio": (
        Row(work="RSS", what="CPU", ours=0.05, theirs=0.1, whose="feedgen 1.0", most=1.0),
        "| RSS | CPU | 50 ms | 0.1 s feedgen 1.0 | 0.5 | ≤ 1 | reached |",
    ),
    "a small part": (
        Row(work="EPUB", what="CPU", ours=1.0, theirs=15.0, whose="pandoc", most=1 / 30),
        "| EPUB | CPU | 1 s | 15 s pandoc | 0.0667 | ≤ 1/30 | **missed** |",
    ),
    "ours alone": (
        Row(work="show", what="clock", ours=0.31, most=0.4, is_ratio=False),
        "| show | clock | 0.31 s |  |  | ≤ 0.4 s | reached |",
    ),
    "memory": (
        Row(work="EPUB", what="memory", ours=90e6, most=80e6, is_ratio=False),
        "| EPUB | memory | 90 MB |  |  | ≤ 80 MB | **missed** |",
    ),
    "nobody to compare with": (
        Row(work="all", what="CPU", ours=2.0, whose="Hugo: not installed", most=0.6),
        "| all | CPU | 2 s | Hugo: not installed |  | ≤ 0.6 |  |",
    ),
}


@pytest.mark.parametrize(("row", "line"), LINES.values(), ids=LINES)
def test_a_line_says_ours_theirs_ratio_target_and_whether_it_is_reached(row: Row, line: str) -> None:
    assert table.line(row) == line


def test_rows_measured_again_take_the_place_of_former_ones_and_others_stay(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("Before.\n<!-- books -->\n<!-- end of books -->\nAfter.\n", "utf-8")
    first = [Row(work=name, what="CPU", ours=2.0, theirs=4.0, whose="EbookLib 0.20") for name in ("write", "read")]
    table.put(document, "books", "Yesterday.", first)
    table.put(document, "books", "Today.", [Row(work="write", what="CPU", ours=1.0, theirs=5.0, whose="EbookLib 0.21")])
    assert document.read_text("utf-8") == (
        f"Before.\n<!-- books -->\nToday.\n\n{table.HEAD}"
        "| write | CPU | 1 s | 5 s EbookLib 0.21 | 0.2 |  |  |\n"
        "| read | CPU | 2 s | 4 s EbookLib 0.20 | 0.5 |  |  |\n"
        "<!-- end of books -->\nAfter.\n"
    )


def test_the_document_has_a_place_for_all_that_is_measured() -> None:
    document = (measure.ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert [name for name in ROWS if f"<!-- {name} -->\n" not in document or f"<!-- end of {name} -->" not in document] == []


def test_hugo_gets_the_same_articles_with_dates_and_links_as_it_reads_them(tmp_path: Path) -> None:
    site.written(tmp_path / "sources", 9)
    hugo.sources(tmp_path / "sources", tmp_path / "hugo")
    ours = sorted(each.relative_to(tmp_path / "sources") for each in (tmp_path / "sources").glob("*/*.md"))
    theirs = sorted(each.relative_to(tmp_path / "hugo" / "content") for each in (tmp_path / "hugo" / "content").rglob("*.md"))
    newest = (tmp_path / "hugo" / "content" / "2026" / "story-0.md").read_text("utf-8")
    assert (ours, "date: 2026-11-24T08:00:00Z\n" in newest, "/story-7/)" in newest) == (theirs, True, True)


def test_what_is_bare_has_a_page_for_each_article_and_all_of_them_in_a_feed(tmp_path: Path) -> None:
    site.written(tmp_path / "sources", 9)
    assert bare.built(tmp_path / "sources", tmp_path / "made") == 9
    held = _read(tmp_path / "made" / "index.xml")
    pages = [_read(each)[0] for each in (tmp_path / "made").glob("*/*/index.html")]
    assert {each.url: each.headline for each in pages} == {each.url: each.headline for each in held}
    assert {each.url: each.body.count("<p>") for each in pages} == {each.url: each.body.count("<p>") for each in held}
    assert [each.date_published for each in held] == sorted((each.date_published for each in pages if each.date_published), reverse=True)
    assert len(held) == 9


def test_what_is_bare_has_all_that_the_target_names(tmp_path: Path) -> None:
    site.written(tmp_path / "sources", 60)
    made = tmp_path / "made"
    bare.built(tmp_path / "sources", made, whole=True)
    rss, atom, json, book = (_read(made / each) for each in ("index.xml", "feed.atom", "feed.json", "newest.epub"))
    lone = [_read(each)[0] for each in made.glob("*/*/article.jsonld")]
    assert [(each.identifier, each.body, each.date_published) for each in rss] == [
        (each.identifier, each.body, each.date_published) for each in atom
    ]
    assert [(each.url, each.headline, each.body) for each in rss] == [(each.url, each.headline, each.body) for each in json]
    assert {each.url: (each.headline, each.author) for each in lone} == {each.url: (each.headline, each.author) for each in rss}
    assert [each.headline for each in book] == [each.headline for each in rss[:50]]
    assert [each.url for each in rss] == re.findall("<loc>(.*?)</loc>", (made / "sitemap.xml").read_text("utf-8"))


def _read(path: Path) -> Sequence[Article]:
    return desk.read_bytes(path.read_bytes(), path.name).publication.articles


def test_a_program_is_measured_with_all_that_it_starts() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = b\"x\" * 90_000_000'], check=True); print('done')"
    cost = measure.run([measure.PYTHON, "-c", code])
    assert (cost.said, cost.memory > 90_000_000) == ("done\n", True)


def test_a_program_that_fails_ends_the_run_and_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="has ended with 3"):
        measure.run([measure.PYTHON, "-c", "import sys; sys.exit(3)"])


def test_what_was_measured_is_put_aside_and_not_deleted(tmp_path: Path) -> None:
    for text in ("first", "second"):
        (tmp_path / "public").mkdir()
        (tmp_path / "public" / "index.html").write_text(text, "utf-8")
        measure.aside(tmp_path / "public", tmp_path / "never")
    assert [(tmp_path / f"public~{each}" / "index.html").read_text("utf-8") for each in range(2)] == ["first", "second"]
    assert not (tmp_path / "public").exists()


def test_what_is_compared_runs_in_turn_and_what_takes_long_once() -> None:
    ran: list[str] = []

    def work(name: str, *clocks: float) -> Callable[[], Cost]:
        left = iter(clocks)

        def once() -> Cost:
            ran.append(name)
            clock = next(left)
            return Cost(cpu=clock / 2, clock=clock, memory=int(clock), said=f"{name} {clock}")

        return once

    ours, theirs, long = measure.in_turn(work("ours", 3.0, 9.0, 5.0), work("theirs", 2.0, 1.0, 4.0), work("long", 1000.0))
    assert ran == ["ours", "theirs", "long", "ours", "theirs", "ours", "theirs"]
    assert (ours.clock, ours.cpu, theirs.clock, theirs.memory, long.clock) == (5.0, 2.5, 2.0, 2, 1000.0)


def test_an_edit_is_measured_by_what_differs_in_the_exports_and_in_the_book(tmp_path: Path) -> None:
    paper = edits.Newspaper(tmp_path, 12)
    paper.build()
    known = {(edit.kind, edit.place): found for edit, [found] in edits.measured(paper, 1)}
    text, renamed, name = known["text", "middle"], known["file renamed", "middle"], known["name of the publication", "all"]
    assert (text.members, 2 < text.outputs < 20) == (2, True)  # its chapter, and the record with its version
    assert (renamed.outputs, renamed.members) == (0, 0)
    assert (name.outputs > 10 * 11, name.members > 11) == (True, True)
    assert edits.row(edits.EDITS[1], [text, renamed]).split()[:5] == ["text", "middle", f"{text.outputs / 2:.0f}", "/", f"{text.outputs}"]

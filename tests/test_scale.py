"""What a build does and sends grows with what there is to write, and not with more: counted and weighed, never timed."""

from __future__ import annotations

import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from bench import site as newspaper
from publisher import build, bylines, cleaner, files, markup, planning, settings, sources
from publisher.article import Article, Person, Publication
from publisher.formats import Alternate, Target, markdown, no_media, writer
from publisher.newsstand.plan import Site
from publisher.outputs import Output
from publisher.problems import Finding, Problem, PublisherError, Severity, at_least, rule
from publisher.surroundings import Theme
from publisher.themes import templates
from tests import papers

SITE = "https://lantern.example/"
KNOWN = settings.read(
    b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2006"\n'
    b'[[issues]]\nselect = "newest"\nsize = 20\n[[issues]]\nselect = "all"\n'
)[0]
BODY = f"<p>{'The lamp burns on. ' * 200}</p>"
Trace = Callable[[FrameType, str, Any], Any]
BEGIN = datetime(2006, 1, 1, 8, tzinfo=UTC)


def article(number: int) -> Article:
    """One of a row, two a week; who wrote it, where and about what comes again after 40."""
    return Article(
        identifier=f"tag:lantern.example,2006:{number:06}",
        url=f"{SITE}articles/{number:06}.html",
        headline=f"The lamp in the year {number:06}",
        description="It burns on.",
        body=BODY,
        article_section=f"Section {number % 8}",
        author=(Person(name=f"Keeper {number % 40:02}"),),
        keywords=(f"Lamp {number % 40:02}",),
        date_published=BEGIN + timedelta(hours=84 * number),
    )


@lru_cache(maxsize=4)
def publication(count: int) -> Publication:
    return replace(KNOWN.publication, articles=tuple(map(article, range(count))))


@lru_cache(maxsize=4)
def plan(count: int) -> Sequence[Output]:
    return planning.plan(publication(count), KNOWN, no_media)


def steps(work: Callable[[], object]) -> Counter[CodeType]:
    """Return how many lines of each function of ours are run, with each turn of a loop: what a profile of calls would not see."""
    found: Counter[CodeType] = Counter()

    def note(frame: FrameType, event: str, _: object) -> Trace | None:
        found[frame.f_code] += event == "line"
        return note if "publisher" in frame.f_code.co_filename else None

    former = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(former)
    return found


# -- what is sent -----------------------------------------------------------------------------------------------------------

OF_ALL = ("epub", "sitemap", "archive", "_headers", "opml", "service", "cover")
"""What is of everything, or of all lists: it grows with them, and there are few of each."""


@pytest.mark.parametrize("kind", ["webpage", "newsarticle", "oembed", "list", "frontpage", "atom", "rss", "jsonfeed"])
def test_what_is_sent_for_one_file_is_no_larger_in_a_larger_publication(kind: str) -> None:
    few, many = (max(len(pickle.dumps(each)) for each in plan(count) if each.format == kind) for count in (400, 1600))
    most = 2 if kind == "list" else 1.1  # the newest page of a list has between one and two times as many articles as the others
    assert many < most * few, f"{few} bytes for 400 articles, {many} for 1600"


def test_what_is_sent_for_all_files_grows_as_the_articles_do() -> None:
    few, many = (sum(len(pickle.dumps(each)) for each in plan(count) if each.format not in OF_ALL) for count in (400, 1600))
    assert many < 4 * 1.05 * few


def test_a_large_style_sheet_is_sent_once() -> None:
    look = Theme(files=(("article.html", '{% extends "newspaper/article.html" %}'), ("extra.css", "p{color:red}" * 75_000)))
    options = replace(KNOWN, site=replace(KNOWN.site, theme=look))
    sizes = {each.path: len(pickle.dumps(each)) for each in planning.plan(publication(40), options, no_media) if each.format != "epub"}
    assert {path for path, size in sizes.items() if size > 500_000} == {"style.css"}


@pytest.mark.parametrize("text", ["<style>{{ page.style }}</style>", '{% include "extra.css" %}'])
def test_a_style_sheet_goes_along_where_a_template_has_it_inside(text: str) -> None:
    look = Theme(files=(("article.html", text), ("extra.css", "p{}")))
    assert templates.for_pages(look) == look


def test_texts_are_sent_only_for_what_has_them() -> None:
    texts = {each.format for each in plan(400) if BODY.encode() in pickle.dumps(each)}
    assert texts == {"webpage", "newsarticle", "atom", "rss", "jsonfeed", "epub"}


# -- what is done -----------------------------------------------------------------------------------------------------------


def many_sections(count: int) -> Publication:
    given = publication(count)
    return replace(given, articles=tuple(replace(each, article_section=f"Section {each.identifier[-6:-2]}") for each in given.articles))


def test_planning_takes_no_more_steps_for_each_article_of_a_larger_publication() -> None:
    """Also with more sections, years and months, the larger it is: nobody looks for one among all of them."""
    few, many = (steps(partial(planning.plan, many_sections(count), KNOWN, no_media)) for count in (300, 1200))
    worse = {code.co_qualname: (few[code], taken) for code, taken in many.items() if taken > 3000 and taken > 4 * 1.5 * few[code]}
    assert not worse, f"steps for 300 and for 1200 articles: {worse}"


def all_clashes(outputs: Sequence[Output]) -> list[Problem]:
    return list(build.clashes(publication(0), outputs))


def test_what_is_known_of_lists_stays_known_when_the_books_come() -> None:
    site = Site(publication=publication(80))
    known = site.lists, site.around, site.own_path(article(3))
    filled = site.with_books((), (Alternate(url=f"{SITE}opds.xml", media_type="a/b", title="Books"),))
    assert filled.lists is known[0]
    assert filled.around == known[1]
    assert [each.title for each in filled.newest] == ["Books"]


SOURCE = b"""---
title: The lamp
author: Mara Keeper, with Olu Lamp
date: 2026-11-24 08:00
section: Harbour
---

The *lamp* burns on, [they say](other.md).

## How

- it is filled
- it is lit
"""


def test_a_plain_article_is_read_without_a_tree_and_its_byline_once() -> None:
    context = KNOWN.context("lamp.md")
    bylines._by_role.cache_clear()
    found = steps(lambda: [markdown.read(SOURCE, context), markdown.read(SOURCE, context)])
    assert found[markup.parse_html.__code__] == found[cleaner.parsed.__code__] == 0
    assert bylines._by_role.cache_info().misses == 1
    assert found[markdown.read.__code__] > 0


def test_clashes_are_found_in_one_go() -> None:
    few, many = (steps(partial(all_clashes, plan(count))) for count in (400, 1600))
    assert sum(many.values()) < 4 * 1.2 * sum(few.values())


def test_a_file_that_many_articles_show_is_measured_once() -> None:
    asked: Counter[str] = Counter()

    def find(url: str) -> bytes | None:
        asked[url] += 1
        return papers.png() if url.endswith(".png") else None

    known = settings.read(
        b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\n'
        b'[publisher]\nname = "The Lantern Press"\nlogo = "media/logo.png"\n[authors."Ines Calloway"]\nimage = "media/ines.png"\n'
    )[0]
    read = [(f"{number}.md", b"---\ntitle: The ferry\nauthor: Ines Calloway\n---\n\nIt sailed.\n") for number in range(20)]
    found = sources.gather(read, known, known, find)
    assert {each.author[0].image.width for each in found.publication.articles} == {2}  # type: ignore[union-attr]
    assert (asked[f"{SITE}media/logo.png"], asked[f"{SITE}media/ines.png"]) == (1, 1)


# -- feeds ------------------------------------------------------------------------------------------------------------------

FEEDS = ("atom", "jsonfeed", "rss")


def feed(name: str, count: int) -> Output:
    return Output(path="feed", format=name, publication=publication(count), target=Target(url=f"{SITE}feed", home=SITE))


def worked(name: str, count: int) -> Counter[CodeType]:
    """Return the steps of writing, reading and checking a feed."""
    return steps(partial(build.render, feed(name, count)))


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_takes_no_more_steps_for_each_entry_of_a_larger_one(name: str) -> None:
    worked(name, 10)  # what is looked up once in a process
    few, many = worked(name, 100), worked(name, 400)
    worse = {code.co_qualname: (few[code], taken) for code, taken in many.items() if taken > 800 and taken > 4 * 1.2 * few[code]}
    # Looks at each element once, of documents that have many signs of attributes.
    assert worse.pop("parse_xml.<locals>.<genexpr>", (0, 0))[1] < 25 * 400
    assert not worse, f"steps for 100 and for 400 entries: {worse}"


@pytest.mark.parametrize("name", FEEDS)
def test_a_foreign_feed_takes_no_more_steps_for_each_entry_of_a_larger_one(name: str) -> None:
    """One that knows nothing of our lossless element."""
    module = writer(name)

    def read(count: int) -> Counter[CodeType]:
        body = (
            module.write(publication(count)).replace(b"https://schema.org/", b"https://other.example/").replace(b'"_schema"', b'"_other"')
        )
        return steps(lambda: (module.read(body), module.check(body)))

    read(10)
    few, many = read(100), read(400)
    worse = {code.co_qualname: (few[code], taken) for code, taken in many.items() if taken > 800 and taken > 4 * 1.2 * few[code]}
    # Looks at each element once, of documents that have many signs of attributes.
    assert worse.pop("parse_xml.<locals>.<genexpr>", (0, 0))[1] < 25 * 400
    assert not worse, f"steps for 100 and for 400 entries: {worse}"


# -- what is kept -----------------------------------------------------------------------------------------------------------


def test_outputs_wait_on_the_disk_where_they_are_to_be_and_are_renamed(tmp_path: Path) -> None:
    bodies = {f"{number}/page.html": f"page {number} ".encode() * 100 for number in range(50)}
    with files.spool(tmp_path / "exports") as keep:
        kept = {path: keep(path, body) for path, body in bodies.items()}
        numbers = {path: os.stat(keep.file(path)).st_ino for path in bodies}
        assert files.place(tmp_path / "exports", kept).changed == tuple(bodies)
    with files.spool(tmp_path / "exports") as keep:
        again = files.place(tmp_path / "exports", {path: keep(path, body) for path, body in bodies.items()}).changed
    assert again == ()
    assert {path: (tmp_path / "exports" / path).read_bytes() for path in bodies} == bodies
    assert {path: (tmp_path / "exports" / path).stat().st_ino for path in bodies} == numbers
    assert sorted(each.name for each in (tmp_path / "exports").glob(".*")) == [files.MANIFEST]


def test_an_output_that_cannot_be_kept_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file")
    with pytest.raises(PublisherError) as error:
        files.Spool(tmp_path / "exports")("page.html", b"a page")
    assert error.value.problems[0].code == "folder-is-file"


# -- what is asked ----------------------------------------------------------------------------------------------------------

ASKED: list[str] = []


@rule(Severity.INFO, spec="", hint="take it or leave it")
def advice(document: str) -> list[Finding]:
    """Some advice."""
    ASKED.append("advice")
    return [Finding(message=document)]


@rule(Severity.WARNING, spec="", hint="mend it")
def caution(document: str) -> list[Finding]:
    """A caution."""
    ASKED.append("caution")
    return [Finding(message=document)]


def test_advice_that_nobody_wants_is_not_looked_for() -> None:
    ASKED.clear()
    with at_least(Severity.WARNING):
        found = [each.code for rule_ in (advice, caution) for each in rule_.check("ferry")]
    assert (found, ASKED) == (["caution"], ["caution"])
    assert [each.code for rule_ in (advice, caution) for each in rule_.check("ferry")] == ["advice", "caution"]


# -- what is measured -------------------------------------------------------------------------------------------------------


def test_the_newspaper_that_is_measured_is_the_same_each_time_and_builds_without_a_problem(tmp_path: Path) -> None:
    for name in ("one", "other"):
        newspaper.written(tmp_path / name, 12)
    one, other = (
        {each.relative_to(tmp_path / name): each.read_bytes() for each in sorted((tmp_path / name).rglob("*.*"))}
        for name in ("one", "other")
    )
    assert one == other
    cost = newspaper.build(tmp_path / "one", tmp_path / "exports", "--only", "rss", "newsarticle", "--strict")
    assert cost.files > 13
    assert cost.memory > 10_000_000

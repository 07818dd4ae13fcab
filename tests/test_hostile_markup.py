"""Hostile markup, by every way in and out, judged by parsers that are not ours.

Here each vector takes one way, so that all ways are taken; `make hostile` (`tests/hostile_table.py`) sends each by all of them.
What Chromium makes of it is in `judges/test_hostile_pages.py`.
"""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import html5lib
import pytest

from publisher import build, desk, formats, schema, settings
from publisher.article import Article, Person
from publisher.formats import Context, Target, markdown
from publisher.outputs import Output
from publisher.post import Enclosure, Letter, compose
from publisher.problems import PublisherError, Severity
from publisher.settings import Settings
from tests import hostile, papers
from tests.hostile import Vector, squeezed, vectors

HTML = "{http://www.w3.org/1999/xhtml}"
ATOM = "{http://www.w3.org/2005/Atom}"


def test_there_are_vectors_of_each_family_and_none_twice() -> None:
    counts = Counter(each.family for each in vectors())
    assert len(vectors()) >= 600
    assert min(counts.values()) >= 30
    assert len({(each.family, each.name) for each in vectors()}) == len({each.text for each in vectors()}) == len(vectors())


def test_the_judge_sees_what_is_dangerous() -> None:
    """Vectors as they are, in a page: nearly all have what the judge looks for, and the others are harmless as markup."""
    live = [each for each in vectors() if each.family in ("scripts", "handlers", "frames", "styles", "namespaces")]
    seen = [each for each in live if hostile.faults_in("x.html", b"<!DOCTYPE html><title>x</title><p>" + each.bytes)]
    assert len(seen) > 0.85 * len(live)


def test_nothing_dangerous_is_read_and_nothing_is_written() -> None:
    taken = hostile.mixed(vectors())
    assert {way for way, _, _ in taken} == hostile.WAYS.keys()
    assert len({vector for _, vector, _ in taken}) > 0.97 * len(vectors()), "few files are refused"
    assert [fault for _, _, article in taken for fault in hostile.faults_of(article)] == []
    many = hostile.crowded([article for _, _, article in taken], 20)
    files = hostile.inside(hostile.site(many) | hostile.agencies(many))
    assert [fault for path, body in files.items() for fault in hostile.faults_in(path, body)] == []


@pytest.mark.parametrize("name", ["rss", "atom", "jsonfeed", "epub"])
def test_what_is_written_of_it_is_well_formed_and_comes_back_the_same(name: str) -> None:
    articles = [article for _, _, article in hostile.mixed(vectors()[::12], shift=11)]
    written = build.render(Output(path="x", format=name, publication=schema.with_articles(hostile.settings().publication, articles)))
    assert [each for each in written.problems if each.severity is Severity.ERROR] == []


def test_a_source_written_of_it_says_the_same() -> None:
    """Imports write what strangers said into front matter and Markdown of ours."""
    context = Context(publication=hostile.settings().publication, path="tide.md")
    for _, vector, article in hostile.mixed(vectors()[::10], shift=2):
        one = schema.with_articles(hostile.settings().publication, (article,))
        back = markdown.read(markdown.write(one, context), context).publication
        assert back == markdown.carry(one, context), vector.name
        assert hostile.faults_of(back.articles[0]) == []


def test_a_mail_with_such_names_has_no_other_header() -> None:
    for each in vectors()[::6]:
        book = Enclosure(name=f"{each.text}.epub", media_type="application/epub+zip", body=b"PK")
        day = datetime(2026, 11, 27, tzinfo=UTC)
        sent = compose(Letter(sender="a@lantern.example", recipient="b@lantern.example", date=day, enclosures=(book,)))
        head = message_from_bytes(sent)
        assert set(head.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}, each.name


def test_names_of_files_are_text(tmp_path: Path) -> None:
    """Sources and pictures called by vectors, as far as a disk takes them."""
    names = [
        name
        for each in vectors()
        if clean(name := each.text.replace("/", "⧸")) and "\0" not in name and len(os.fsencode(clean(name))) < 240
    ]
    (tmp_path / "publisher.toml").write_text('[publication]\nurl = "https://lantern.example/"\n[site]\nsearch = true\n')
    (tmp_path / "media").mkdir()
    for number, name in enumerate(map(clean, names[::7])):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Tide {number}\ncover: {json.dumps(f'media/{name}.png')}\n---\n\nIt sails.\n")
        (tmp_path / "media" / f"{name}.png").write_bytes(papers.png())
    found, on = desk.gather([str(tmp_path)])
    assert len(found.publication.articles) == len(names[::7])
    files = hostile.site(found.publication.articles, on.settings)
    assert [fault for path, body in files.items() for fault in hostile.faults_in(path, body)] == []


def clean(name: str) -> str:
    """Return a name that a disk takes, and that is of no hidden file."""
    return name.encode("utf-8", "replace").decode().lstrip(".")


# -- texts stay texts -------------------------------------------------------------------------------------------------------


def said(way: str = "JSON Feed, text") -> list[Article]:
    """Return an article for each vector that has it as its headline."""
    made = (hostile.through(way, vector, number) for number, vector in enumerate(vectors()))
    return [replace(each, article_section=None, author=()) for several in made for each in several]


WANTED = {squeezed(each.text) for each in vectors()} - {""}


def lost(shown: set[str]) -> set[str]:
    return WANTED - shown


def text(element: ET.Element) -> str:
    return squeezed("".join(element.itertext()))


def test_what_was_text_is_shown_as_text_in_lists() -> None:
    known = settings.read(b'[publication]\nurl = "https://lantern.example/"\n[site]\nsize = 700\n')[0]
    files = hostile.site([replace(each, author=(), keywords=()) for each in said()], known, books=False)
    shown = {
        text(each)
        for path, body in files.items()
        if path.startswith("archive/2026-")
        for each in html5lib.parse(body).iter(f"{HTML}a")
        if "u-url" in each.get("class", "")
    }
    assert lost(shown) == set()
    feeds = [files[each] for each in ("feed.json", *(path for path in files if path.startswith("feed/") and path.endswith(".json")))]
    assert lost({squeezed(each["title"]) for feed in feeds for each in json.loads(feed)["items"]}) == set()
    feeds = [
        files[each]
        for each in ("feed.atom", *(path for path in files if path.startswith("feed/") and path.endswith(".atom")))
        if each in files
    ]
    assert lost({text(each) for feed in feeds for each in ET.fromstring(feed).iter(f"{ATOM}title")}) == set()


def test_what_was_text_is_text_in_the_contents_of_a_book() -> None:
    whole = schema.with_articles(hostile.settings().publication, said())
    files = hostile.inside({"x.epub": formats.writer("epub").write(whole)})
    (contents,) = [body for path, body in files.items() if path.endswith("/nav.xhtml")]
    assert lost({text(each) for each in ET.fromstring(contents).iter(f"{HTML}a")}) == set()


def test_what_was_text_is_text_on_its_own_page() -> None:
    for each in said("front matter, texts")[::12]:
        page = html5lib.parse(formats.writer("webpage").write(schema.with_articles(hostile.settings().publication, (each,)), Target()))
        (heading,) = page.iter(f"{HTML}h1")
        assert text(heading) == squeezed(each.headline)
        (data,) = [found.text for found in page.iter(f"{HTML}script")]
        assert squeezed(each.headline) in {squeezed(found) for found in headlines(json.loads(data or ""))}


def headlines(value: object) -> list[str]:
    if isinstance(value, list):
        return [found for each in value for found in headlines(each)]
    if isinstance(value, dict):
        return [str(value[each]) for each in ("headline",) if each in value] + [
            found for each in value.values() for found in headlines(each)
        ]
    return []


# -- settings -----------------------------------------------------------------------------------------------------------------


def toml(vector: Vector, *, addresses: bool = False) -> bytes:
    """Return settings that say the vector in all texts, or also where an address belongs."""
    said = (
        json.dumps(vector.text.encode("utf-8", "replace").decode(), ensure_ascii=False)
        .replace("\x7f", "\\u007f")
        .replace("\x85", "\\u0085")
    )
    address = said if addresses else '"https://lantern.example/a"'
    picture = f"{{ src = {address}, alt = {said}, caption = {said}, credit = {said} }}"
    return f"""
[publication]
name = {said}
alternate_name = {said}
url = "https://lantern.example/"
description = {said}
copyright_notice = {said}
license = {address}
image = {picture}
sections = [{said}]
since = "2026"
[publisher]
name = {said}
url = {address}
logo = {picture}
same_as = [{address}]
[authors.{said}]
url = {address}
image = {picture}
[site]
search = true
[feeds]
hub = {address}
cloud = {address}
keywords = [{said}]
""".encode()


def taken(vector: Vector, *, addresses: bool = False) -> Settings | None:
    """Return the settings that say a vector, `None` when they are refused."""
    try:
        return settings.read(toml(vector, addresses=addresses))[0]
    except PublisherError:
        return None


def faults_of_settings(vector: Vector) -> list[str] | None:
    """Return what is dangerous in a site whose settings say a vector; `None` when they are refused."""
    known = taken(vector, addresses=True) or taken(vector)
    if not known:
        return None
    author = Person(name=known.publication.name)
    one = Article(
        identifier="urn:x", headline=vector.name, url=f"{hostile.SITE}x.html", article_section=known.publication.name, author=(author,)
    )
    return [fault for path, body in hostile.site([one], known, books=False).items() for fault in hostile.faults_in(path, body)]


def test_nearly_all_can_be_said_in_settings_but_not_as_addresses() -> None:
    assert sum(taken(each) is not None for each in vectors()) > 0.97 * len(vectors())
    assert {each.family for each in vectors() if taken(each, addresses=True)} <= {"addresses", "breakouts"}


@pytest.mark.parametrize("vector", vectors()[::45], ids=lambda each: each.name)
def test_what_a_publisher_says_of_itself_is_text(vector: Vector) -> None:
    assert not faults_of_settings(vector)

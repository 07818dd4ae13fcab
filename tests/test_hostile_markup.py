"""Hostile markup, by every way in and out, judged by parsers that are not ours.

Here each vector takes one way, so that all ways are taken; `make hostile` (`tests/hostile_table.py`) sends each by all of them.
What Chromium makes of it is in `judges/test_hostile_pages.py`.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace

import html5lib
import pytest

from publisher import formats, schema, settings
from publisher.article import Article
from publisher.formats import Target
from publisher.problems import PublisherError
from tests import hostile
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
    files = hostile.site([replace(each, author=(), keywords=()) for each in said()], known)
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


def toml(vector: Vector) -> bytes:
    """Return settings that say the vector wherever a publisher may say anything."""
    text = json.dumps(vector.text.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
    picture = f"{{ src = {text}, alt = {text}, caption = {text}, credit = {text} }}"
    return f"""
[publication]
name = {text}
alternate_name = {text}
url = "https://lantern.example/"
description = {text}
copyright_notice = {text}
license = {text}
image = {picture}
sections = [{text}]
since = "2026"
[publisher]
name = {text}
url = {text}
logo = {picture}
same_as = [{text}]
[authors.{text}]
url = {text}
[site]
search = true
[feeds]
hub = {text}
cloud = {text}
keywords = [{text}]
[[issues]]
by = "list"
name = {text}
""".encode()


def faults_of_settings(vector: Vector) -> list[str]:
    """Return what is dangerous in a site whose settings say a vector; nothing when they are refused."""
    try:
        known = settings.read(toml(vector))[0]
    except PublisherError:
        return []
    one = Article(
        identifier="urn:x", headline=vector.name, url=f"{hostile.SITE}x.html", article_section="".join(known.publication.sections) or None
    )
    return [fault for path, body in hostile.site([one], known).items() for fault in hostile.faults_in(path, body)]


@pytest.mark.parametrize("vector", vectors()[::45], ids=lambda each: each.name)
def test_what_a_publisher_says_of_itself_is_text(vector: Vector) -> None:
    assert faults_of_settings(vector) == []

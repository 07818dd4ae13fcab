"""Whatever the bytes are, reading refuses them or takes what it can, and checking tells what is wrong; nothing else happens."""

from __future__ import annotations

import contextlib
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publisher import formats, schema
from publisher.article import Publication
from publisher.formats import Format, Writer, jsonfeed
from publisher.minting import UNNAMED
from publisher.problems import Problem, PublisherError
from tests import papers, strategies

HOUSE = Path(__file__).parent.parent
TAG = re.compile(rb"<[^<>]*>")
JUNK = [
    *(b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", "\u2028\u202e".encode(), b"\\ud800", b"&#0;", b"&#x110000;", b"&x;"),
    *(b"<", b">", b"</", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE a [", b"<?x ", b"xml:", b'"', b"[[[[", b"{{{{"),
    *(b"- ", b"---\n", b"+++\n", b"1e999", b"9" * 400, b"-1"),
]
VALUES: list[Any] = [
    *(None, 5, -1, 1e308, 10**400, float("nan"), True, "", "x", "\x00", "\ud800", "//", "http://[", "mailto:a@b", "1_0", "PT1e9S"),
    *("0001-01-01", "9999-12-31T23:59:59-23:59", [], [[]], [None], {}, {"": {}}, {"@id": "x"}, {"@type": []}, {"@type": {}}),
    [{"@type": "NewsArticle"}],
]
EXAMPLES = settings(max_examples=300 if strategies.THOROUGH else 50)


@cache
def outputs() -> dict[str, bytes]:
    """A small real file of each format that we write: the two shortest articles of our exports."""
    whole = jsonfeed.read((HOUSE / "exports" / "feed.json").read_bytes()).publication
    two = tuple(sorted(whole.articles, key=lambda each: len(each.body))[:2])
    return {name: module.write(part(module, schema.with_articles(whole, two))) for name, module in formats.writers().items()}


def part(module: Writer, publication: Publication) -> Publication:
    return schema.with_articles(publication, publication.articles[:1]) if module.EACH == "article" else publication


@cache
def sources() -> tuple[bytes, ...]:
    """A few small files that people wrote."""
    written = (each.read_bytes() for ending in ("md", "txt", "toml") for each in (HOUSE / "seeds").glob(f"*.{ending}"))
    return tuple(sorted(written, key=lambda each: (len(each), each))[:6])


def hold(body: bytes, *names: str) -> None:
    """Read and check bytes as each of these formats, and as what they look like."""
    for module in [*map(formats.get, names), *detected(body)]:
        with contextlib.suppress(PublisherError):
            assert_canonical(module.read(body).publication)
        if isinstance(module, Writer):
            assert all(isinstance(each, Problem) and each.message for each in module.check(body)), module.NAME


def detected(body: bytes) -> Iterator[Format]:
    with contextlib.suppress(PublisherError):
        yield formats.detect(body)


def assert_canonical(publication: Publication) -> None:
    """Hold that what was read is as the model has it, but for bodies, which `test_markup` is about."""
    without = schema.with_articles(publication, (replace(each, body="") for each in publication.articles))
    assert schema.load(schema.dump(without)) == (without, ())


# -- damage ---------------------------------------------------------------------------------------------------------------


@st.composite
def damaged(draw: st.DrawFn, body: bytes) -> bytes:
    """The bytes after one to four accidents."""
    for _ in range(draw(st.integers(1, 4))):
        body = draw(st.sampled_from(ACCIDENTS))(draw, body)
    return body


def place(draw: st.DrawFn, body: bytes) -> tuple[int, int]:
    start = draw(st.integers(0, len(body)))
    return start, min(len(body), start + draw(st.integers(0, 300)))


def cut(draw: st.DrawFn, body: bytes) -> bytes:
    start, end = place(draw, body)
    return body[:start] + body[end:]


def end_early(draw: st.DrawFn, body: bytes) -> bytes:
    return body[: place(draw, body)[0]]


def double(draw: st.DrawFn, body: bytes) -> bytes:
    start, end = place(draw, body)
    return body[:end] + body[start:end] * draw(st.integers(1, 3)) + body[end:]


def flip(draw: st.DrawFn, body: bytes) -> bytes:
    start, _ = place(draw, body)
    return body[:start] + bytes([draw(st.integers(0, 255))]) + body[start + 1 :]


def swap(draw: st.DrawFn, body: bytes) -> bytes:
    """Two tags change places."""
    tags = [found.span() for found in TAG.finditer(body)]
    if not tags:
        return body
    (a, b), (c, d) = sorted((draw(st.sampled_from(tags)), draw(st.sampled_from(tags))))
    return body[:a] + body[c:d] + body[b:c] + body[a:b] + body[d:] if b <= c else body


def insert(draw: st.DrawFn, body: bytes) -> bytes:
    start, _ = place(draw, body)
    return body[:start] + draw(st.sampled_from(JUNK)) + body[start:]


ACCIDENTS: list[Callable[[st.DrawFn, bytes], bytes]] = [cut, end_early, double, flip, swap, insert]


@st.composite
def replaced(draw: st.DrawFn, document: Any) -> str:
    """JSON text with other values at some of its places."""
    document = deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(list(paths(document))))
        parent = document
        for step in way:
            parent = parent[step]
        parent[last] = deepcopy(draw(st.sampled_from(VALUES)))
    return schema.to_script(document)


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to each value inside JSON."""
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from paths(each, (*path, key))


# -- what holds -----------------------------------------------------------------------------------------------------------


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode), st.lists(st.sampled_from(JUNK), max_size=20).map(b"".join))
)
@EXAMPLES
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    hold(body, *formats.FORMATS)


@pytest.mark.parametrize("name", formats.FORMATS)
@given(data=st.data())
@EXAMPLES
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    known = outputs() | papers.examples()
    body = known[name] if name in known else data.draw(st.sampled_from(sources()))
    hold(data.draw(damaged(body)), name)


@pytest.mark.parametrize("name", ["jsonfeed", "newsarticle", "ninjs", "spelling"])
@given(data=st.data())
@EXAMPLES
def test_json_with_other_values_in_it_is_read_or_refused(name: str, data: st.DataObject) -> None:
    hold(data.draw(replaced(json.loads(outputs()[name]))).encode(errors="surrogatepass"), name)


@pytest.mark.parametrize("link", ["mailto:nobody", "MAILTO:jane@lantern.example", "mailto:jane@lantern.example?subject=Tram"])
def test_a_link_to_a_mailbox_that_is_none_is_no_address(link: str) -> None:
    hold(f"# The ferry\n\nBy [Jane Doe]({link})\n\n24 October 2018\n\nIt sailed.\n".encode(), "clipping")


HOMES = {
    "rss": '<rss version="2.0"><channel><title>x</title><link>{}</link></channel></rss>',
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>x</title><link href="{}"/></feed>',
    "jsonfeed": '{{"version": "https://jsonfeed.org/version/1.1", "title": "x", "home_page_url": "{}", "items": []}}',
}


@pytest.mark.parametrize("address", ["mailto:desk@lantern.example", "tel:+441234567", ""])
@pytest.mark.parametrize("name", HOMES)
def test_a_feed_whose_home_is_a_mailbox_lives_nowhere(name: str, address: str) -> None:
    assert formats.get(name).read(HOMES[name].format(address).encode()).publication.url == UNNAMED.url


IN_PAGE = re.compile(r'(?<=<script type="application/ld\+json">)[^<]*')
IN_FEED = re.compile(r"(?<=<schema:NewsArticle>)[^<]*")


@pytest.mark.parametrize(("name", "inside"), [("webpage", IN_PAGE), ("rss", IN_FEED), ("atom", IN_FEED)])
@given(data=st.data())
@EXAMPLES
def test_markup_with_other_values_in_its_json_is_read_or_refused(name: str, inside: re.Pattern[str], data: st.DataObject) -> None:
    written = outputs()[name].decode()
    found = inside.search(written)
    assert found
    values = json.loads(found[0].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    changed = written.replace(found[0], data.draw(replaced(values)))
    hold(changed.encode(errors="surrogatepass"), name)


@pytest.mark.parametrize("kind", ["epub", "docx"])
@given(data=st.data())
@EXAMPLES
def test_an_archive_with_a_damaged_file_is_read_or_refused(kind: str, data: st.DataObject) -> None:
    with zipfile.ZipFile(BytesIO((outputs() | papers.examples())[kind])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(members)))
    members[name] = data.draw(damaged(members[name]))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    hold(out.getvalue(), kind)

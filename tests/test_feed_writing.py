"""Feeds as they are written, and what a build finds out about one that is not as it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bench import articles as newspaper
from publisher import build, feedwriting, formats
from publisher.article import Article, Media, Person, Publication
from publisher.channels import History, Podcast
from publisher.formats import Target
from publisher.outputs import Output
from publisher.problems import Problem, Unreadable
from tests import strategies
from tests.test_feed_rules import CASES

FEEDS = ("atom", "jsonfeed", "rss")
HELD = newspaper.publication(8)
TARGET = Target(url="https://lantern.example/feed", home=HELD.url, history=History())


def with_(*articles: Article, **values: Any) -> Publication:
    return replace(HELD, articles=articles, **values)


@pytest.mark.parametrize("name", ["atom", "rss"])
def test_feedgen_writes_the_feed_around_them(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from feedgen.feed import FeedGenerator

    made: list[bytes] = []
    method = f"{name}_str"
    former = getattr(FeedGenerator, method)

    def make(feed: object, **given: object) -> bytes:
        made.append(former(feed, **given))
        return made[-1]

    monkeypatch.setattr(FeedGenerator, method, make)
    body = formats.writer(name).write(HELD, TARGET)
    (frame,) = made
    told = {each.tag for each in etree.fromstring(frame).iter()}
    assert told < {each.tag for each in etree.fromstring(body).iter()}


@given(strategies.publications(), st.sampled_from(("atom", "rss")))
def test_a_feed_is_spelled_as_lxml_spells_it(publication: Publication, name: str) -> None:
    body = formats.writer(name).write(publication, replace(TARGET, podcast=Podcast(image=f"{newspaper.SITE}show.png")))
    assert etree.tostring(etree.fromstring(body), encoding="UTF-8", xml_declaration=True) + b"\n" == body


@given(st.text(st.sampled_from("<>&'\"\r\n\t\x85 aé🌊"), min_size=1))
def test_any_text_is_spelled_as_lxml_spells_it(text: str) -> None:
    root = etree.Element("a", b=text)
    root.text = text
    lines: list[str] = []
    feedwriting.add(lines, "a", text, {"b": text})
    assert "".join(lines) == etree.tostring(root, encoding="unicode")


@pytest.mark.parametrize("name", ["atom", "rss"])
@pytest.mark.parametrize("field", ["headline", "body", "keywords"])
@pytest.mark.parametrize("odd", ["\x0b", "\x00", "\uffff", "\ud800"])
def test_what_no_xml_may_have_is_refused(name: str, field: str, odd: str) -> None:
    given: Any = {field: (f"a{odd}",) if field == "keywords" else f"a{odd}"}
    with pytest.raises(ValueError, match=r"no XML|surrogates"):
        formats.writer(name).write(with_(replace(HELD.articles[0], **given)), TARGET)


def test_nothing_else_is_refused() -> None:
    """XML 1.0, 2.2."""

    def is_refused(code: int) -> bool:
        try:
            feedwriting.entry("item", None, [chr(code)], indent=4)
        except ValueError:
            return True
        return False

    refused = {*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
    assert {code for code in range(0x10010) if is_refused(code)} == refused


def test_an_episode_is_another_entry_where_the_feed_is_a_podcast() -> None:
    sound = Media(content_url=f"{newspaper.SITE}ferry.mp3", type="AudioObject", encoding_format="audio/mpeg", duration=60)
    spoken = with_(replace(HELD.articles[0], associated_media=(sound,)))
    rss = formats.writer("rss")
    podcast = Podcast(image=f"{newspaper.SITE}show.png")
    plain, show = rss.write(spoken, TARGET), rss.write(spoken, replace(TARGET, podcast=podcast))
    assert (b"itunes:duration" in plain, b"itunes:duration" in show) == (False, True)


def test_another_home_makes_another_entry_of_atom() -> None:
    signed = with_(replace(HELD.articles[0], author=(Person(name="Ines Calloway"),)))
    atom = formats.writer("atom")
    assert atom.write(signed, TARGET) != atom.write(signed, replace(TARGET, home="https://ferry.example/"))


# -- what a build finds out ------------------------------------------------------------------------------------------------


def rendered(name: str, publication: Publication, target: Target = TARGET) -> tuple[Problem, ...]:
    """Return what a build finds wrong with a feed."""
    return build.render(Output(path="feed", format=name, publication=publication, target=target)).problems


def codes(name: str, publication: Publication) -> tuple[str, ...]:
    return tuple(each.code for each in rendered(name, publication))


def entries_of(name: str, body: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Return what stands before the entries of a feed, the entries, and what stands behind them."""
    begin = {"atom": b"\n  <entry ", "rss": b"\n    <item ", "jsonfeed": b"\n    {\n"}[name]
    end = {"atom": b"</entry>", "rss": b"</item>", "jsonfeed": b"\n    }"}[name]
    head, *parts = body.split(begin)
    tail = parts[-1].rpartition(end)[2]
    return head, [begin + each.rpartition(end)[0] + end for each in parts], tail


def joined(name: str, head: bytes, entries: list[bytes], tail: bytes) -> bytes:
    return head + (b"," if name == "jsonfeed" else b"").join(entries) + tail


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_can_be_taken_apart(name: str) -> None:
    """What the tests below rely on."""
    body = formats.writer(name).write(HELD, TARGET)
    head, entries, tail = entries_of(name, body)
    assert (len(entries), joined(name, head, entries, tail)) == (8, body)


def damaged(body: bytes, how: str, name: str) -> bytes:
    head, entries, tail = entries_of(name, body)
    one, *rest, last = entries
    other = {
        "order": (head, [one, rest[1], rest[0], *rest[2:], last]),
        "one missing": (head, [one, *rest]),
        "one twice": (head, [one, *rest[:-1], last, last]),
        "one more": (head, [one, *rest, last, last]),
        "a letter": (head, [one, rest[0].replace(b"Tobias", b"Tobiaz"), *rest[1:], last]),
        "a text": (head, [one, rest[0].replace(b"the ", b"thee ", 9), *rest[1:], last]),
        "head": (head.replace(b"The Lantern", b"The Lanterm"), entries),
    }
    return joined(name, *other[how], tail)


@pytest.mark.parametrize("how", ["order", "one missing", "one twice", "one more", "a letter", "a text", "head"])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_that_comes_back_different_is_an_error(name: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the same articles were right in another feed before."""
    module: Any = formats.writer(name)
    assert codes(name, HELD) == ()
    body = module.write(HELD, TARGET)
    assert damaged(body, how, name) != body
    monkeypatch.setattr(module, "write", lambda *_: damaged(body, how, name))
    assert "output-differs" in codes(name, HELD)
    assert codes(name, HELD) == codes(name, HELD)


@pytest.mark.parametrize("place", [0, -1, 0.5])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_that_is_cut_short_is_found_out(name: str, place: float, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = formats.writer(name)
    assert codes(name, HELD) == ()
    body = module.write(HELD, TARGET)
    at = int(len(body) * place) if place > 0 else 10 if place == 0 else len(body) - 4
    monkeypatch.setattr(module, "write", lambda *_: body[:at] + body[at + 2 :])
    assert codes(name, HELD) != ()


@pytest.mark.parametrize("name", FEEDS)
def test_a_fault_in_the_second_feed_is_told_with_its_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first feed has the same articles, and nothing is wrong with it."""
    module: Any = formats.writer(name)
    assert codes(name, HELD) == ()
    second = with_(*HELD.articles[2:], name="Harbour")
    body = module.write(second, TARGET)
    old = f"{newspaper.SITE}articles/4.html".encode()
    assert body.count(old) >= 1
    wrong = body.replace(old, b"http://localhost/4.html")
    monkeypatch.setattr(module, "write", lambda *_: wrong)
    found = rendered(name, second)
    places = {(each.location.line, each.location.pointer) for each in found if "not-public" in each.code or "localhost" in each.message}
    lines = {number for number, line in enumerate(wrong.splitlines(), 1) if b"http://localhost/4.html" in line}
    assert "output-differs" in {each.code for each in found}
    assert any(line in lines or "[2]" in pointer for line, pointer in places), found


def outcome(ask: Callable[[bytes], Any], body: bytes) -> Any:
    """Return what is made of a body, or the problems for which it cannot be read."""
    try:
        return ask(body)
    except Unreadable as error:
        return error.problems


def test_reviewing_a_feed_says_what_reading_and_checking_it_say() -> None:
    for path in sorted(CASES.glob("*.*.*")):
        name = {"atom": "atom", "json": "jsonfeed", "rss": "rss"}.get(path.suffix[1:])
        if name:
            module: Any = formats.writer(name)
            for body in (path.read_bytes(), path.read_bytes().replace(b"<rss ", b'<rss xmlns:s="https://schema.org/" ')):
                read = outcome(module.read, body)
                assert outcome(module.review, body) == ((read, module.check(body)) if isinstance(read, formats.Reading) else read), path


@pytest.mark.parametrize("name", FEEDS)
def test_an_identifier_that_is_there_twice_is_found(name: str) -> None:
    twin = replace(HELD.articles[3], identifier=HELD.articles[5].identifier, date_modified=HELD.articles[5].date_modified)
    assert codes(name, HELD) == codes(name, with_(HELD.articles[0], twin)) == ()
    (found,) = codes(name, with_(*HELD.articles[:3], twin, *HELD.articles[4:]))
    assert found in ("atom-id-repeated", "jsonfeed-id-repeated", "rss-guid-repeated")


def test_an_entry_with_the_id_of_its_feed_is_found() -> None:
    assert codes("atom", HELD) == ()
    assert codes("atom", with_(*HELD.articles, identifier=HELD.articles[5].identifier)) == ("atom-id-of-feed",)

"""Entries of feeds: written once and read once, and still every byte of every feed is proved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bench import articles as newspaper
from publisher import build, entries, feedwriting, files, formats, packing, piles, tracing
from publisher.article import Article, Media, Person, Place, Publication
from publisher.channels import History, Podcast
from publisher.entries import Layout, fingerprint
from publisher.formats import Target, jsonfeed
from publisher.outputs import Content, Output
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem
from publisher.workers import Workers
from tests import strategies
from tests.test_feed_rules import CASES, cases

FEEDS = ("atom", "jsonfeed", "rss")
HELD = newspaper.publication(8)
TARGET = Target(url="https://lantern.example/feed", home=HELD.url, history=History())


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    entries.forget()
    yield
    entries.forget()


def layout(name: str) -> Layout:
    found = formats.layout(name)
    assert found
    return found


def with_(*articles: Article, **values: Any) -> Publication:
    return replace(HELD, articles=articles, **values)


# -- written once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_the_same_bytes_whatever_was_written_before(name: str) -> None:
    module = formats.writer(name)
    fresh = module.write(HELD, TARGET)
    for chosen in (HELD.articles[:3], HELD.articles[::-1], HELD.articles[2:6], (), HELD.articles[4:5] * 2):
        again = module.write(with_(*chosen, name="Harbour"), replace(TARGET, url="https://lantern.example/harbour"))
        entries.forget()
        assert again == module.write(with_(*chosen, name="Harbour"), replace(TARGET, url="https://lantern.example/harbour"))
    assert module.write(HELD, TARGET) == fresh


@given(first=strategies.publications(), second=strategies.publications(), name=st.sampled_from(FEEDS))
def test_what_was_written_before_is_nowhere_else(first: Publication, second: Publication, name: str) -> None:
    module = formats.writer(name)
    both = replace(second, articles=tuple({each.identifier: each for each in (*first.articles, *second.articles)}.values()))
    entries.forget()
    module.write(first)
    known = module.write(both)
    entries.forget()
    assert known == module.write(both)


@pytest.mark.parametrize("name", FEEDS)
def test_each_article_is_written_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    home, method = (jsonfeed.writer, "_item") if name == "jsonfeed" else (feedwriting, "entry")
    former: Any = getattr(home, method)

    def make(*given: object, **named: object) -> object:
        made.append(given)
        return former(*given, **named)

    monkeypatch.setattr(home, method, make)
    for chosen in (HELD.articles[:5], HELD.articles[3:], HELD.articles):
        formats.writer(name).write(with_(*chosen), TARGET)
    assert len(made) == 8


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


@pytest.mark.parametrize("name", FEEDS)
def test_an_identifier_that_has_a_text_in_it_is_missed_nowhere(name: str) -> None:
    """Known entries are looked through without the text of their article; an identifier is more than that."""
    one, two, three = HELD.articles[:3]
    body = f"<p>{'word ' * 60}</p>"
    held = replace(two, body=body, identifier=f"x{body}"), replace(three, identifier=f"x{body}")
    module = formats.writer(name)
    for chosen in ((one, held[0]), (one, held[1]), (one, *held)):
        body_of_feed = module.write(with_(*chosen), TARGET)
        content = Content(publication=with_(*chosen), target=TARGET)
        assert build._proved(module, content, body_of_feed) == (told := build._examined(module, content, body_of_feed))
    assert told, "the last one has an identifier twice"


def test_what_is_never_in_an_entry_is_written_anew_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that could not be cut out of its feed again is not kept, and the feed is read as a whole."""
    former = feedwriting.entry
    monkeypatch.setattr(feedwriting, "entry", lambda *given, **named: former(*given, **named).replace(b"<title>", b"<!-- --><title>"))
    body = formats.writer("atom").write(HELD, TARGET)
    assert (piles.known_of(layout("atom"))._places, entries.unread(layout("atom"), HELD, body)) == ({}, None)


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


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "_MOST", 5)
    monkeypatch.setattr(entries, "_AT_HAND", 3)
    for name in FEEDS:
        for article in HELD.articles:
            output = Output(path="feed", format=name, publication=with_(article), target=TARGET)
            assert not build.render(output).problems
            assert 0 < len(piles._numbers) <= 5
            assert len(entries._fingerprints) <= 3


def test_entries_in_memory_are_no_more_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles._InMemory, "_ROOM", 10_000)
    for name in FEEDS:
        for article in HELD.articles:
            formats.writer(name).write(with_(article), TARGET)
            known = piles.known_of(layout(name))
            assert not known.is_full
    assert all(len(known._pile.take(0, 20_000)) < 10_000 + 6_000 for known in piles._known.values())


@pytest.mark.parametrize("most", [1, 3, 5, 100])
def test_entries_are_the_same_however_many_are_known(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    several = [
        replace(HELD, articles=HELD.articles[first:last]) for first, last in ((0, 3), (2, 5), (0, 8), (4, 7), (1, 2), (5, 8), (0, 8))
    ]
    expected = [[_alone(formats.writer(name).write, each) for each in several] for name in FEEDS]
    monkeypatch.setattr(piles, "_MOST", most)
    assert [[formats.writer(name).write(each, TARGET) for each in several] for name in FEEDS] == expected
    assert [[rendered(name, each) for name in FEEDS] for each in several] == [[()] * len(FEEDS)] * len(several)
    assert 0 < len(piles._numbers) <= max(most, len(HELD.articles))


def _alone(write: Callable[..., bytes], publication: Publication) -> bytes:
    entries.forget()
    return write(publication, TARGET)


def test_kinds_of_entries_without_end_are_not_all_kept() -> None:
    known = piles.known_of("x")
    for number in range(100):
        piles.known_of("x").keep(f"kind {number}", {0: (b"entry",)})
        piles.known_of("x").note(b"%d" % number, {0: b"x" * piles.MARK})
        assert max(len(known._places), len(known._marks)) <= piles._COLUMNS + 1
    assert piles.known_of("x").parts("kind 99", 0) == (b"entry",)
    assert piles.known_of("x").parts("kind 0", 0) is None


def test_what_is_known_of_an_entry_is_at_its_number() -> None:
    known = piles.known_of("x")
    known.keep("a", {3: (b"one", b"two"), 1: (b"three",)})
    known.note(b"around", {2: b"x" * piles.MARK})
    assert [known.parts("a", number) for number in range(5)] == [None, (b"three",), None, (b"one", b"two"), None]
    assert [known.is_read(b"around", number, b"x" * piles.MARK) for number in range(4)] == [False, False, True, False]
    assert not known.is_read(b"around", 2, b"y" * piles.MARK)
    assert not known.is_read(b"elsewhere", 2, b"x" * piles.MARK)
    assert known.parts("b", 3) is None


@pytest.mark.parametrize("name", FEEDS)
def test_entries_are_the_same_whether_they_waited_on_the_disk_or_in_memory(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = formats.writer(name)
    expected = module.write(HELD, TARGET)
    with files.spool(tmp_path / "exports") as spool, piles.kept_on(spool.pile):
        assert module.write(HELD, TARGET) == expected
        monkeypatch.setattr(entries, "_parts", None)  # none is made again
        assert module.write(HELD, TARGET) == expected
        assert not [each for each in (tmp_path / "exports").rglob("*") if each.is_file()], "what waits there has no name"
    assert not piles._known
    assert not (tmp_path / "exports").exists()


class Broken:
    """Room on a disk that is full, or of which what was written is not to be had again."""

    is_full = False

    def __init__(self, *, takes: bool) -> None:
        self._takes = takes
        self._size = 0

    def put(self, body: bytes) -> int:
        if not self._takes:
            raise PublisherError(problem("file-unwritable", Severity.ERROR, "cannot write: no space left"))
        self._size += len(body)
        return self._size - len(body)

    def take(self, place: int, size: int) -> bytes:
        return b"x" * (size - 1)


def no_room() -> Broken:
    raise PublisherError(problem("file-unwritable", Severity.ERROR, "cannot write: no space left"))


@pytest.mark.parametrize("pile", [partial(Broken, takes=False), partial(Broken, takes=True), no_room])
@pytest.mark.parametrize("name", FEEDS)
def test_entries_that_cannot_be_kept_are_written_again(name: str, pile: Callable[[], Broken]) -> None:
    module = formats.writer(name)
    expected = module.write(HELD, TARGET)
    with piles.kept_on(pile):
        assert [module.write(HELD, TARGET) for _ in range(2)] == [expected] * 2
        assert not build.render(Output(path="feed", format=name, publication=HELD, target=TARGET)).problems


def test_a_fork_does_not_write_over_the_entries_of_others(tmp_path: Path) -> None:
    first, second = HELD.articles[:2]
    module, expected = formats.writer("atom"), [formats.writer("atom").write(with_(each), TARGET) for each in HELD.articles[:2]]
    with files.spool(tmp_path / "exports") as spool, piles.kept_on(spool.pile):
        module.write(with_(first), TARGET)
        several = [with_(second), with_(first)] * 4
        told = [*Workers(2, "fork").map(partial(module.write, target=TARGET), several)]
        assert told == [expected[1], expected[0]] * 4
        assert module.write(with_(first), TARGET) == expected[0]


# -- what an article says ---------------------------------------------------------------------------------------------------

MOMENT = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"date_published": MOMENT}, {"date_published": MOMENT.astimezone(timezone(timedelta(hours=1)))}),
        ({"date_published": MOMENT}, {"date_modified": MOMENT}),
        ({"date_published": MOMENT.date()}, {"date_published": datetime(2026, 11, 24, tzinfo=UTC)}),
        ({"content_location": (Place(name="Sound", latitude=1.0, longitude=-1.0),)},) * 1
        + ({"content_location": (Place(name="Sound", latitude=1.0, longitude=-2.0),)},),
        ({"copyright_notice": "1", "license": None}, {"copyright_notice": None, "license": "1"}),
        ({"keywords": ("a", "b")}, {"keywords": ("ab",)}),
    ],
)
def test_articles_that_differ_in_anything_have_other_fingerprints(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = (replace(HELD.articles[0], **{"date_published": None, "date_modified": None, **each}) for each in (one, other))
    assert fingerprint(first) != fingerprint(second)
    assert fingerprint(kept(first)) != fingerprint(kept(second))


@given(strategies.articles())
def test_the_same_article_has_the_same_fingerprint(article: Article) -> None:
    copied = replace(article, headline="".join(list(article.headline)))
    assert fingerprint(copied) == fingerprint(article)


def kept(article: Article) -> Article:
    """Return an article as a build has it: its text is where it is kept."""
    known = tracing.known(replace(article))
    late = packing.blank(known, "body")
    tracing._SET_LATE(late, (lambda _: article.body, tracing.text_digest(article)))
    tracing._SET_KNOWN(late, known._known)
    return late


@given(strategies.articles())
def test_an_article_whose_text_is_elsewhere_has_a_fingerprint_of_the_same_length(article: Article) -> None:
    assert kept(article) == article
    assert fingerprint(kept(article)) == fingerprint(kept(replace(article)))
    assert len(fingerprint(kept(article))) == len(fingerprint(article))
    others = [replace(article, body=f"{article.body}<p>x</p>"), replace(article, headline=f"{article.headline}x")]
    assert len({fingerprint(kept(each)) for each in (article, *others)}) == 3


# -- read once --------------------------------------------------------------------------------------------------------------


def rendered(name: str, publication: Publication, target: Target = TARGET) -> tuple[str, ...]:
    """Return the codes of what a build finds wrong with a feed."""
    return tuple(each.code for each in build.render(Output(path="feed", format=name, publication=publication, target=target)).problems)


def read_by(name: str, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return a list of what will be read as a format."""
    module: Any = formats.writer(name)
    bodies: list[bytes] = []
    former = module.review

    def review(body: bytes) -> tuple[formats.Reading, list[Problem]]:
        bodies.append(body)
        found: tuple[formats.Reading, list[Problem]] = former(body)
        return found

    monkeypatch.setattr(module, "review", review)
    return bodies


@pytest.mark.parametrize("name", FEEDS)
def test_an_entry_that_was_right_is_not_read_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = read_by(name, monkeypatch)
    assert rendered(name, HELD) == ()
    assert rendered(name, with_(*HELD.articles[2:], name="Harbour", url=f"{HELD.url}harbour/")) == ()
    counts = [len(found.entries) for each in bodies if (found := layout(name).cut(each))]
    assert counts == [8, 1]


@pytest.mark.parametrize("name", FEEDS)
def test_a_document_is_the_same_bytes_when_it_is_put_together_again(name: str) -> None:
    body = formats.writer(name).write(HELD, TARGET)
    cut = layout(name).cut(body)
    assert cut
    assert (len(cut.entries), layout(name).join(cut)) == (8, body)


def damaged(body: bytes, how: str, name: str) -> bytes:
    cut = layout(name).cut(body)
    assert cut
    one, *rest, last = cut.entries
    other = {
        "order": replace(cut, entries=(one, rest[1], rest[0], *rest[2:], last)),
        "one missing": replace(cut, entries=(one, *rest)),
        "one twice": replace(cut, entries=(one, *rest[:-1], last, last)),
        "one more": replace(cut, entries=(one, *rest, last, last)),
        "a letter": replace(cut, entries=(one, rest[0].replace(b"Tobias", b"Tobiaz"), *rest[1:], last)),
        "a text": replace(cut, entries=(one, rest[0].replace(b"the ", b"thee ", 9), *rest[1:], last)),
        "head": replace(cut, head=cut.head.replace(b"The Lantern", b"The Lanterm")),
    }
    return layout(name).join(other[how])


@pytest.mark.parametrize("how", ["order", "one missing", "one twice", "one more", "a letter", "a text", "head"])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_known_entries_that_is_not_as_it_should_be_is_found_out(name: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = formats.writer(name)
    assert rendered(name, HELD) == ()
    body = module.write(HELD, TARGET)
    assert damaged(body, how, name) != body
    monkeypatch.setattr(module, "write", lambda *_: damaged(body, how, name))
    assert "output-differs" in rendered(name, HELD)


@pytest.mark.parametrize("place", [0, -1, 0.5])
@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_of_known_entries_that_is_cut_short_is_found_out(name: str, place: float, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = formats.writer(name)
    assert rendered(name, HELD) == ()
    body = module.write(HELD, TARGET)
    at = int(len(body) * place) if place > 0 else 10 if place == 0 else len(body) - 4
    monkeypatch.setattr(module, "write", lambda *_: body[:at] + body[at + 2 :])
    assert rendered(name, HELD) != ()


@pytest.mark.parametrize("name", FEEDS)
def test_an_entry_that_was_wrong_is_read_again(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = formats.writer(name)
    body = module.write(HELD, TARGET)
    wrong = damaged(body, "a letter", name)
    monkeypatch.setattr(module, "write", lambda *_: wrong)
    assert rendered(name, HELD) == rendered(name, HELD) != ()


def test_an_entry_counts_as_read_only_as_the_article_that_it_was() -> None:
    """Two articles with the same bytes cannot both be right."""
    rss = layout("rss")
    body = formats.writer("rss").write(HELD, TARGET)
    for known, expected in ((HELD.articles, 1), ((*HELD.articles[:7], replace(HELD.articles[7], headline="Fog")), 2)):
        part = entries.unread(rss, HELD, body)
        assert part
        part.note()
        part = entries.unread(rss, with_(*known), body)
        assert part
        assert len(part.publication.articles) == expected


def test_an_entry_whose_addresses_are_relative_is_read_in_each_feed() -> None:
    atom = layout("atom")
    body = formats.writer("atom").write(HELD, TARGET).replace(b'href="https://lantern.example/articles/3.html', b'href="/articles/3.html')
    part = entries.unread(atom, HELD, body)
    assert part
    part.note()
    again = entries.unread(atom, HELD, body)
    assert again
    assert [each.identifier[-2:] for each in again.publication.articles] == [":0", ":3"]


def test_an_item_that_is_half_an_object_never_counts_as_read() -> None:
    assert not layout("jsonfeed").stands_alone(b'    {\n      "id": "1", "url": {\n    }')


@pytest.mark.parametrize(
    "inside", [b"<!-- -->", b"<![CDATA[</entry>]]>", b"<?php ?>", b'<p xml:base="a"/>', b"<entry/>", b"<entry></entry>"]
)
def test_what_is_not_laid_out_as_we_do_is_read_as_it_is(inside: bytes) -> None:
    body = formats.writer("atom").write(HELD, TARGET)
    assert layout("atom").cut(body.replace(b"<summary>", inside + b"<summary>", 1)) is None


# -- rules ------------------------------------------------------------------------------------------------------------------


def laid_out(name: str, body: bytes) -> bytes:
    """Return a feed as we lay it out, as far as it can be read."""
    if name == "jsonfeed":
        feed = json.loads(body)
        return f"{json.dumps({**feed, 'items': feed.pop('items')}, ensure_ascii=False, indent=2)}\n".encode()
    parser = etree.XMLParser(remove_blank_text=True, remove_comments=True, strip_cdata=True)
    root = etree.fromstring(body, parser)
    return etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=True)


def judged(name: str, body: bytes) -> set[str]:
    """Return the codes of what a build would tell of a feed."""
    return {each.code for each in formats.writer(name).check(body) if each.severity > Severity.INFO}


def cut_case(path: Path) -> tuple[str, entries.Cut] | None:
    """Return the format of a case and its parts, when it can be laid out as we do."""
    body = path.read_bytes()
    name = {"atom": "atom", "json": "jsonfeed", "rss": "rss"}[path.suffix[1:]]
    try:
        cut = layout(name).cut(laid_out(name, body))
    except (etree.XMLSyntaxError, ValueError, KeyError):
        return None
    return (name, cut) if cut and 0 < len(cut.entries) < len(HELD.articles) else None


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


def told_by_parts(path: Path) -> bool | None:
    """Return whether a failing case is found to fail when as many of its entries as can be count as read; `None` when it is not cut.

    Those are the entries that do not fail alone: in the head of the case, or in that of the passing case beside it.
    """
    code = path.name.partition(".")[0]
    failing, passing = cut_case(path), cut_case(path.with_name(path.name.replace(".fail.", ".pass.")))
    if not failing or code not in judged(failing[0], layout(failing[0]).join(failing[1])):
        return None
    name, cut = failing
    if passing and (known := layout(name).identity(passing[1].entries[0])):
        # The first entry is always read, so that another one is put before those of the case.
        name_ = known.strip(b'"')
        cut = replace(cut, entries=(passing[1].entries[0].replace(name_, name_ + b"-other"), *cut.entries))
    for head in (cut, passing[1] if passing else cut):
        for entry, article in zip(cut.entries, HELD.articles, strict=False):
            single = layout(name).join(replace(head, entries=(entry,)))
            part = entries.unread(layout(name), with_(article), single)
            if part and not judged(name, single) & {code, "xml-malformed", "json-malformed"}:
                part.note()
    part = entries.unread(layout(name), with_(*HELD.articles[: len(cut.entries)]), layout(name).join(cut))
    return part is None or bool(judged(name, part.body) & {code, "xml-malformed"})


@pytest.mark.parametrize("path", cases("fail"))
def test_no_rule_is_broken_by_entries_together_that_each_keep_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (entries.Xml, entries.Json):
        monkeypatch.setattr(kind, "stands_alone", lambda *_: True)
    assert told_by_parts(path) is not False


def test_that_is_seen_where_entries_are_compared_with_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before would find."""
    numbers = count()
    for kind in (entries.Xml, entries.Json):
        monkeypatch.setattr(kind, "stands_alone", lambda *_: True)
        monkeypatch.setattr(kind, "identity", lambda *_: str(next(numbers)).encode())
    missed = set()
    for path in CASES.glob("*-id-*.fail.*"):
        entries.forget()
        missed |= set() if told_by_parts(path) is not False else {path.name.partition(".")[0]}
    assert {"atom-id-repeated", "jsonfeed-id-repeated"} <= missed


@pytest.mark.parametrize("name", FEEDS)
def test_an_identifier_that_is_there_twice_is_found_among_known_entries(name: str) -> None:
    twin = replace(HELD.articles[3], identifier=HELD.articles[5].identifier, date_modified=HELD.articles[5].date_modified)
    assert rendered(name, HELD) == rendered(name, with_(HELD.articles[0], twin)) == ()
    (found,) = rendered(name, with_(*HELD.articles[:3], twin, *HELD.articles[4:]))
    assert found in ("atom-id-repeated", "jsonfeed-id-repeated", "rss-guid-repeated")


def test_an_entry_with_the_id_of_its_feed_is_found_among_known_ones() -> None:
    assert rendered("atom", HELD) == ()
    assert rendered("atom", with_(*HELD.articles, identifier=HELD.articles[5].identifier)) == ("atom-id-of-feed",)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("atom", b"<generator>", b"<icon>https://lantern.example/icon.png</icon><generator>"),
        ("atom", b'xml:lang="en"', b'xml:lang="de"'),
        ("rss", b"<generator>", b"<ttl>60</ttl><generator>"),
        ("rss", b'version="2.0"', b'version="0.92"'),
        ("jsonfeed", b'"language"', b'"expired": true,\n  "language"'),
        ("jsonfeed", b"version/1.1", b"version/1"),
    ],
)
def test_an_entry_is_read_again_where_something_else_is_around_it(name: str, before: bytes, after: bytes) -> None:
    body = written_by(name, HELD.articles)
    counts = []
    for each in (body, body, body.replace(before, after, 1)):
        part = entries.unread(layout(name), HELD, each)
        assert part
        part.note()
        counts.append(len(part.publication.articles))
    assert counts == [8, 1, 8]


def written_by(name: str, articles: Sequence[Article]) -> bytes:
    return formats.writer(name).write(with_(*articles), TARGET)


@pytest.mark.parametrize("name", FEEDS)
def test_all_entries_of_our_feeds_can_be_cut_out(name: str) -> None:
    for chosen in ((), HELD.articles[:1], HELD.articles):
        cut = layout(name).cut(partial(written_by, name)(chosen))
        assert cut
        assert len(cut.entries) == len(chosen)

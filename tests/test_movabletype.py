"""Movable Type's text becomes articles."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats
from publisher.article import Article, Image, Person
from publisher.formats import Context, Reading, movabletype
from publisher.problems import Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("movabletype")


def entry(body: str, **lines: str) -> bytes:
    written = {"TITLE": "Rain", "DATE": "08/16/2009 09:05:00 PM"} | {name.replace("_", " "): value for name, value in lines.items()}
    return f"{''.join(f'{name}: {value}{chr(10)}' for name, value in written.items())}-----\nBODY:\n{body}\n-----\n--------\n".encode()


def only(body: bytes, context: Context = Context()) -> Article:
    (article,) = movabletype.read(body, context).publication.articles
    return article


@pytest.fixture(scope="module")
def reading() -> Reading:
    return movabletype.read(EXPORT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


@pytest.mark.parametrize("path", ["export.txt", "", "a.md", "lanterns.export"])
@pytest.mark.parametrize("body", [EXPORT, EXPORT.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + EXPORT])
def test_it_is_recognized_before_other_texts(path: str, body: bytes) -> None:
    assert formats.detect(body, path).NAME == "movabletype"


@pytest.mark.parametrize(
    "body", [b"TITLE: Rain\n\nIt rained.\n", b"---\ntitle: Rain\n---\n", b"AUTHOR: Jo\nTITLE: Rain\n-----\nIt rained.\n"]
)
def test_other_texts_are_none(body: bytes) -> None:
    assert formats.detect(body, "a.txt").NAME != "movabletype"


def test_an_entry_keeps_what_is_known_of_it(articles: dict[str, Article]) -> None:
    found = articles["Lanterns & rain"]
    assert (found.identifier, found.url) == ("tag:example.org,2026:movabletype-lanterns", "https://lanterns.example/2009/08/lanterns.html")
    assert (found.author, found.description) == ((Person(name="Keiko Arai"),), "A wet festival.")
    assert (found.article_section, found.keywords) == ("Festivals", ("rain", "paper lanterns", "paper", "fire", "Kyoto"))


def test_both_parts_of_the_text_are_one_and_lines_of_hyphens_are_text(articles: dict[str, Article]) -> None:
    assert articles["Lanterns & rain"].body == (
        "<p>It rained.<br/>All night.</p><p>The lanterns went out <em>one<br/>by one</em>.<br/>-----<br/>Not a part, but a line of the text.</p>"
        "<p>In the morning they were lit again.</p>"
    )


@pytest.mark.parametrize(
    ("breaks", "body", "expected"),
    [
        ("0", "<p>One\ntwo</p>", "<p>One two</p>"),
        ("richtext", "<p>One\ntwo</p>", "<p>One two</p>"),
        ("1", "One\ntwo", "<p>One<br/>two</p>"),
        ("__default__", "One\n\ntwo", "<p>One</p><p>two</p>"),
        ("", "One\n\ntwo", "<p>One</p><p>two</p>"),
        ("markdown", "One *two*", "<p>One <em>two</em></p>"),
        ("markdown_with_smartypants", '"One"', "<p>“One”</p>"),
        ("0", "a\n-----\n-----\nb", "<p>a ----- ----- b</p>"),
    ],
)
def test_a_text_is_read_by_its_filter(breaks: str, body: str, expected: str) -> None:
    assert only(entry(body, CONVERT_BREAKS=breaks)).body == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("08/16/2009 09:05:00 PM", datetime(2009, 8, 16, 21, 5, tzinfo=UTC)),
        ("08/16/2009 12:05:00 AM", datetime(2009, 8, 16, 0, 5, tzinfo=UTC)),
        ("08/16/2009 12:05:00 PM", datetime(2009, 8, 16, 12, 5, tzinfo=UTC)),
        ("08/16/2009 21:05:09", datetime(2009, 8, 16, 21, 5, 9, tzinfo=UTC)),
        ("8/6/2009 9:05 am", datetime(2009, 8, 6, 9, 5, tzinfo=UTC)),
        ("2009-08-16 21:05:00", datetime(2009, 8, 16, 21, 5, tzinfo=UTC)),
        ("02/30/2009 09:05:00 PM", None),
        ("", None),
    ],
)
def test_a_time_is_read_as_it_is_written(written: str, expected: datetime | None) -> None:
    assert only(entry("x", DATE=written)).date_published == expected


def test_times_are_in_the_zone_of_the_publication() -> None:
    found = only(entry("x"), Context(time_zone=ZoneInfo("Asia/Tokyo"))).date_published
    assert found is not None
    assert found.isoformat() == "2009-08-16T21:05:00+09:00"


def test_the_picture_of_an_entry_is_the_lead_picture(articles: dict[str, Article]) -> None:
    assert articles["As HTML"].image == (Image(content_url="https://lanterns.example/lead.jpg"),)


def test_what_is_not_published_is_a_draft(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {articles[each].identifier for each in ("In Markdown", "In Textile")}
    assert (articles["In Markdown"].date_published, articles["In Markdown"].date_modified) == (
        None,
        datetime(2010, 1, 2, 0, 30, tzinfo=UTC),
    )
    assert articles["In Textile"].date_published == datetime(2030, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("movabletype-unpublished", "articles that are not published yet: 'In Markdown (Draft)', 'In Textile (Future)'"),
        ("movabletype-comments", "comments left out, since an article has no place for them: 1"),
        ("movabletype-pings", "pings left out, since an article has no place for them: 1"),
        ("movabletype-text-filter", "texts are written for a filter that we do not have, and were read as HTML: 'textile_2'"),
        ("movabletype-malformed", "entries left out, since they have neither a title nor a text: 1"),
        ("date-without-zone", "the time '08/16/2009 09:05:00 PM' has no time zone; such times are read as UTC"),
    ],
)
def test_each_loss_is_told_once(reading: Reading, code: str, message: str) -> None:
    assert told(reading, code) == message


def test_an_entry_without_a_date_is_told() -> None:
    assert "movabletype-without-date" in {each.code for each in movabletype.read(entry("x", DATE="soon")).problems}


def test_comments_to_no_entry_are_counted() -> None:
    alone = b"TITLE: Rain\nNO ENTRY: 1\n-----\nCOMMENT:\nAUTHOR: Bo\nHello\n-----\n--------\n"
    assert (
        told(movabletype.read(entry("x") + alone), "movabletype-comments") == "comments left out, since an article has no place for them: 1"
    )


def test_the_last_entry_may_end_early() -> None:
    assert only(entry("It rained.")[: -len("\n-----\n--------\n")]).body == "<p>It rained.</p>"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\xfa\x00", b"no", b"--------\n" * 9])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        movabletype.read(body)


def test_a_file_without_entries_is_told() -> None:
    with pytest.raises(Unreadable) as error:
        movabletype.read(b"no")
    assert error.value.problems[0].code == "movabletype-no-entries"


@given(st.lists(st.sampled_from(["-----", "--------", "BODY:", "EXCERPT:", "COMMENT:", "TITLE: A", "DATE: 1", "text", ""])).map("\n".join))
def test_any_lines_are_read_or_refused(text: str) -> None:
    try:
        found = movabletype.read(text.encode())
    except Unreadable:
        return
    assert all(each.headline for each in found.publication.articles)

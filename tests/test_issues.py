"""Issues: which books are made of a publication, when each is out, and that one that is out changes no more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from publisher import build, files, hints, issues, planning, schema
from publisher.article import Article, Date, Publication
from publisher.formats.epub import listing, record
from publisher.inputs import Inputs
from publisher.issues import Book, Held, Selection
from publisher.problems import PublisherError, Severity
from tests.targets import PICTURE
from tests.test_build import SETTINGS, SITE, article, nothing, of

DAY, WEEK, MONTH = (Selection(select=each) for each in ("day", "week", "month"))


def on(day: Date | str, name: str = "", **values: Any) -> Article:
    """Return an article of a day, by default called like it."""
    published = date.fromisoformat(day) if isinstance(day, str) else day
    return article(name or published.isoformat(), date_published=published, **values)


def keys(books: Sequence[Book]) -> list[str]:
    return [each.edition.key if each.edition else "all" for each in books]


def held(publication: Publication, *selections: Selection) -> dict[str, list[str]]:
    """Return the names of the articles in each book by its key."""
    books = issues.plan(publication, selections).books
    return {key: [each.identifier.rpartition(":")[2] for each in book.articles] for key, book in zip(keys(books), books, strict=True)}


def codes(publication: Publication, *selections: Selection) -> list[str]:
    return [each.code for each in issues.plan(publication, selections).problems]


# -- what becomes an issue ------------------------------------------------------------------------------------------------


def test_without_settings_there_is_one_book_of_everything() -> None:
    given_ = of(on("2026-11-20"), article("undated"))
    assert issues.plan(given_).books == (Book(articles=given_.articles),)
    assert issues.path(given_, None) == "the-lantern.epub"


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (DAY, ["2026-11-15", "2026-11-16", "2026-11-22"]),
        (WEEK, ["2026-W46", "2026-W47"]),
        (MONTH, ["2026-11"]),
        (Selection(select="newest", size=2), ["newest-2026-11-22"]),
        (Selection(select="newest", size=2, name="Fresh"), ["fresh-2026-11-22"]),
    ],
    ids=lambda each: each.select if isinstance(each, Selection) else "",
)
def test_a_row_has_an_issue_for_each_time(selection: Selection, expected: list[str]) -> None:
    given_ = of(on("2026-11-22"), on("2026-11-16"), on("2026-11-15"))
    assert keys(issues.plan(given_, [selection]).books) == expected


def test_the_newest_are_the_newest_whatever_the_order() -> None:
    given_ = of(on("2026-11-15"), on("2026-11-22"), article("undated"), on("2026-11-16"))
    assert held(given_, Selection(select="newest", size=2)) == {"newest-2026-11-22": ["2026-11-22", "2026-11-16"]}


@pytest.mark.parametrize(
    ("day", "week"),
    [
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2024-12-30", "2025-W01"),
        ("2021-01-03", "2020-W53"),
    ],
)
def test_weeks_are_those_of_iso_8601_at_the_ends_of_years_too(day: str, week: str) -> None:
    assert keys(issues.plan(of(on(day)), [WEEK]).books) == [week]


def test_an_article_belongs_to_the_day_that_it_says_in_its_own_offset() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    given_ = of(on(late, "utc"), on(late.astimezone(timezone(timedelta(hours=3))), "moscow"))
    assert held(given_, WEEK) == {"2026-W47": ["utc"], "2026-W48": ["moscow"]}
    assert held(given_, DAY) == {"2026-11-22": ["utc"], "2026-11-23": ["moscow"]}


def test_earlier_articles_than_the_first_issue_are_in_none() -> None:
    given_ = of(on("2026-11-22"), on("2026-10-31"), on("1911-11-18"))
    assert held(given_, replace(MONTH, since=date(2026, 11, 1))) == {"2026-11": ["2026-11-22"]}
    assert held(given_, Selection(select="newest", size=9, since=date(2026, 1, 1))) == {"newest-2026-11-22": ["2026-11-22", "2026-10-31"]}


@pytest.mark.parametrize(
    ("selection", "day", "number"),
    [(DAY, "2026-11-20", 17), (WEEK, "2026-11-08", 1), (WEEK, "2026-11-09", 2), (MONTH, "2027-01-31", 3)],
)
def test_issues_are_numbered_from_the_first_day(selection: Selection, day: str, number: int) -> None:
    """4 November 2026 is a Wednesday."""
    (book,) = issues.plan(of(on(day)), [replace(selection, since=date(2026, 11, 4))]).books
    assert book.edition
    assert book.edition.issue_number == number


def test_a_number_stays_when_articles_come_between_and_before() -> None:
    row = replace(WEEK, since=date(2026, 1, 1))
    before = {key: book.edition for book in issues.plan(of(on("2026-11-20")), [row]).books for key in keys([book])}
    after = {
        key: book.edition
        for book in issues.plan(of(on("2026-11-20"), on("2026-11-01"), on("2025-01-01")), [row]).books
        for key in keys([book])
    }
    assert before["2026-W47"] == after["2026-W47"]


def test_without_a_first_day_there_are_no_numbers() -> None:
    assert [each.edition.issue_number for each in issues.plan(of(on("2026-11-20")), [WEEK]).books if each.edition] == [None]


def test_articles_without_a_date_are_told_once() -> None:
    given_ = of(on("2026-11-20"), article("a"), article("b"))
    found = issues.plan(given_, [replace(DAY, line=7), WEEK])
    assert [(each.code, each.severity, each.location.line) for each in found.problems] == [("issue-without-date", Severity.INFO, 7)]
    assert found.problems[0].message.startswith("2 articles have no date and can be in no issue by day: ")
    assert codes(given_, Selection()) == []


def test_a_row_without_any_issue_is_told() -> None:
    found = issues.plan(of(on("2026-11-20")), [replace(WEEK, since=date(2027, 1, 1), line=4), Selection(select="section", line=9)])
    assert [(each.code, each.severity, each.location.line) for each in found.problems] == [
        ("issue-none", Severity.INFO, 4),
        ("issue-none", Severity.INFO, 9),
    ]
    assert found.problems[0].message == "there is no issue by week: no article has a date since 2027-01-01"


def test_an_issue_of_days_to_come_is_told() -> None:
    books = issues.plan(of(on("2026-11-20"), on("2027-11-24")), [replace(WEEK, line=4)]).books
    (found,) = issues.ahead(books, date(2026, 11, 26))
    assert (found.code, found.severity, found.location.line) == ("issue-ahead", Severity.WARNING, 4)
    assert "2027-W47" in found.message
    assert list(issues.ahead(books, date(2027, 11, 22))) == []


def test_articles_of_days_to_come_are_told_as_such() -> None:
    given_ = of(on("2026-11-20"), on("2027-11-22"), on("2027-11-23"))
    first, second = hints.ahead(given_, date(2026, 11, 26), ["now.md", "then.md", "later.md"])
    assert {(each.code, each.severity) for each in (first, second)} == {("source-ahead", Severity.INFO)}
    assert (first.location.path, second.location.path) == ("then.md", "later.md")
    assert first.message.endswith("is of days to come, and stands on top")
    assert [each.location.path for each in hints.ahead(given_, date(2026, 11, 26))] == ["", ""]
    assert list(hints.ahead(given_, date(2027, 11, 22))) == []


def test_sections_are_issues_in_the_order_of_the_publication() -> None:
    given_ = replace(
        of(article("a", article_section="World"), article("b", article_section="Art"), article("c")), sections=("Art", "Sport")
    )
    assert held(given_, Selection(select="section")) == {"art": ["b"], "world": ["a"]}
    assert held(given_, Selection(select="section", section="World")) == {"world": ["a"]}
    assert held(given_, Selection(select="section", section="Sport")) == {}


def test_a_section_that_nothing_is_in_is_an_error_with_what_was_meant() -> None:
    (found,) = issues.plan(of(article(article_section="Harbour")), [Selection(select="section", section="Harbor", line=3)]).problems
    assert (found.code, found.location.line, found.hint) == ("issue-section-unknown", 3, "did you mean 'Harbour'?")


def test_two_sections_that_would_be_called_alike_have_issues_of_their_own() -> None:
    given_ = of(article("a", article_section="C"), article("b", article_section="C++"), article("c", article_section="C#"))
    assert codes(given_, Selection(select="section")) == []
    keys = [each.edition.key for each in issues.plan(given_, [Selection(select="section")]).books if each.edition]
    assert keys[0] == "c"
    assert all(re.fullmatch(r"c-[0-9a-f]{8}", each) for each in keys[1:])
    assert len(set(keys)) == 3
    (alone,) = issues.plan(given_, [Selection(select="section", section="C++")]).books
    assert alone.edition
    assert alone.edition.key == keys[1]


def test_a_file_of_a_week_beyond_the_calendar_is_no_issue() -> None:
    plain = issues.plan(of(on("2026-11-20")), [WEEK])
    assert issues.plan(of(on("2026-11-20")), [WEEK], out=["issues/the-lantern-9999-W52.epub"]) == plain


@pytest.mark.parametrize(
    "name", ["ferry", "Ferry.md", "ferry.md", "2026/ferry.md", f"{SITE}articles/ferry.html", "tag:lantern.example,2026:ferry"]
)
def test_a_list_names_articles_by_slug_file_address_or_identifier(name: str) -> None:
    given_ = of(article("bells"), article("ferry"))
    assert held(given_, Selection(select="list", name="One", articles=(name,))) == {"one": ["ferry"]}


def test_a_list_is_in_its_own_order_and_names_each_article_once() -> None:
    given_ = of(article("a"), article("b"), article("c"))
    assert held(given_, Selection(select="list", name="Best", articles=("c", "a", "c.md"))) == {"best": ["c", "a"]}


def test_an_unknown_article_in_a_list_is_an_error_with_its_line_and_what_was_meant() -> None:
    (found,) = issues.plan(of(article("lighthouse")), [Selection(select="list", name="x", articles=("lighthose",), line=9)]).problems
    assert (found.code, found.severity, found.location.line) == ("issue-article-unknown", Severity.ERROR, 9)
    assert found.hint == "did you mean 'lighthouse'?"


def test_a_name_of_two_articles_is_an_error() -> None:
    twins = [replace(article(each), url=f"{SITE}{each}/quay.html") for each in ("a", "b")]
    assert codes(of(*twins), Selection(select="list", name="x", articles=("quay",))) == ["issue-article-unclear"]


@pytest.mark.parametrize("name", ["2026-11", "2026-W47", "2026-11-20", "All", "newest", "Best 2026-11-20", "???"])
def test_no_name_takes_the_key_of_another_issue(name: str) -> None:
    key = issues.name_key(name, "list")
    assert key.startswith("list-")
    assert issues.name_key(name, "list") == key


@given(st.text(min_size=1, max_size=300))
def test_any_name_gives_a_file_name(name: str) -> None:
    key = issues.name_key(name, "section")
    assert key
    assert "/" not in key
    assert len(f"{'x' * 90}-{key}-2026-11-20.kepub.epub".encode()) <= 255


# -- what is out ----------------------------------------------------------------------------------------------------------


def made(books: Sequence[Book]) -> dict[str, str]:
    return {key: book.make for key, book in zip(keys(books), books, strict=True)}


def test_all_but_the_last_of_a_row_are_out() -> None:
    given_ = of(on("2026-11-20"), on("2026-11-10"), on("2026-11-01"))
    assert made(issues.plan(given_, [WEEK]).books) == {"2026-W44": "missing", "2026-W46": "missing", "2026-W47": "always"}
    assert made(issues.plan(given_, [Selection(), Selection(select="section")]).books) == {"all": "always"}


def test_an_issue_after_which_another_one_came_out_is_out_though_that_one_has_no_article_any_more() -> None:
    there = ["issues/the-lantern-2026-W48.epub", "issues/the-lantern-2026-W99.epub", "issues/the-lantern-lights.epub"]
    books = issues.plan(of(on("2026-11-20")), [WEEK], out=there).books
    assert made(books) == {"2026-W48": "missing", "2026-W47": "missing"}
    there = ["issues/the-lantern-newest-2026-11-21.kepub.epub"]
    assert made(issues.plan(of(on("2026-11-20")), [Selection(select="newest", size=1)], out=there).books) == {
        "newest-2026-11-20": "missing"
    }


def planned(publication: Publication, selection: Selection, out: Sequence[str] = (), wanted: Sequence[str] = (), **more: Any) -> list[str]:
    known = replace(SETTINGS, issues=(selection,))
    books = issues.plan(publication, known.issues, wanted, out).books
    outputs = planning.plan(publication, known, nothing, ("epub",), books=books, out=out, **more)
    return [each.path for each in outputs if each.format == "epub"]


def test_what_is_out_and_there_is_not_planned() -> None:
    given_ = of(on("2026-11-20"), on("2026-11-10"))
    first, second = "issues/the-lantern-2026-W46.epub", "issues/the-lantern-2026-W47.epub"
    assert planned(given_, WEEK) == [first, second]
    assert planned(given_, WEEK, [first, second]) == [second]
    assert planned(given_, WEEK, [second]) == [first, second]
    assert planned(given_, WEEK, [first, second], ["2026-W46"]) == [first]
    assert planned(given_, WEEK, [first, second], ["all"]) == [first, second]


def test_the_book_for_kobo_is_made_besides_where_it_is_asked_for() -> None:
    given_ = of(on("2026-11-20"))
    both = ["issues/the-lantern-2026-11.epub", "issues/the-lantern-2026-11.kepub.epub"]
    assert planned(given_, MONTH, kepub=True) == sorted(both)
    known = replace(SETTINGS, book=replace(SETTINGS.book, kepub=True))
    outputs = {each.path: each.target.kepub for each in planning.plan(given_, known, nothing, ("epub",))}
    assert outputs == {"the-lantern.epub": False, "the-lantern.kepub.epub": True}


def shelved(publication: Publication, title: str, cover: bytes | None = None) -> Held:
    """Return an issue of October that lies there."""
    said = replace(listing.planned(publication, None), identifier="urn:uuid:october", title=title, published="2026-10-01")
    return Held(path="issues/the-lantern-2026-10-01.epub", listing=said, cover=cover)


def test_where_a_plan_takes_the_same_of_what_is_out_it_is_the_same() -> None:
    given_ = of(on("2026-11-20"), on("2026-11-10"), on("2026-11-01"))
    known = replace(SETTINGS, issues=(WEEK, Selection(select="newest", size=2)))
    paths = [issues.path(given_, each.edition) for each in issues.plan(given_, known.issues).books]
    shelves = [(), (shelved(given_, "October"),), (shelved(given_, "October", PICTURE),), (shelved(given_, "Ten"),)]
    inputs, found = Inputs(b"1"), []
    for out in (several for size in range(len(paths) + 1) for several in combinations(paths, size)):
        books = issues.plan(given_, known.issues, out=out).books
        for held, kepub in product(shelves, (False, True)):
            plan = planning.plan(given_, known, nothing, books=books, out=out, held=held, kepub=kepub)
            stock = planning.stock(given_, known, books=books, out=out, held=held, kepub=kepub)
            found.append((stock, [(each.path, inputs.key(each)) for each in plan]))
    for (stock, plan_), (other, other_plan) in combinations(found, 2):
        assert (stock == other) == (plan_ == other_plan)
    assert len({str(plan_) for _, plan_ in found}) == 4 * 2 * 2 ** (len(paths) - 2), "whether the last of each row is there is all the same"


def test_an_issue_that_has_lost_all_its_articles_is_never_written() -> None:
    assert planned(of(on("2026-11-20")), WEEK, ["issues/the-lantern-2026-W01.epub"], kepub=True) == [
        "issues/the-lantern-2026-W47.epub",
        "issues/the-lantern-2026-W47.kepub.epub",
    ]


def test_an_issue_that_has_lost_all_its_articles_is_not_written_when_all_are_asked_for() -> None:
    found = planned(of(on("2026-11-20")), WEEK, ["issues/the-lantern-2026-W01.epub"], ["all"])
    assert found == ["issues/the-lantern-2026-W47.epub"]


def test_an_issue_does_not_know_when_the_publication_was_changed() -> None:
    changed = replace(of(on("2026-11-20")), date_modified=date(2026, 11, 25))
    (issue,) = (each for each in planning.plan(changed, replace(SETTINGS, issues=(WEEK,)), nothing, ("epub",)) if each.format == "epub")
    (everything,) = (each for each in planning.plan(changed, SETTINGS, nothing, ("epub",)))
    assert (issue.publication.date_modified, everything.publication.date_modified) == (None, date(2026, 11, 25))


def test_issues_share_the_articles_of_the_publication() -> None:
    given_ = of(on("2026-11-20"), on("2026-11-10"))
    assert all(any(each is one for one in given_.articles) for book in issues.plan(given_, [DAY, MONTH]).books for each in book.articles)


# -- what somebody asks for -----------------------------------------------------------------------------------------------

GIVEN = replace(of(on("2026-11-20", article_section="Harbour"), on("2026-10-10", article_section="World")), sections=("Harbour", "World"))
LISTED = (Selection(select="list", name="Lights & Bells", articles=("2026-10-10",)), Selection(select="newest", size=5))


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-W47", "2026-W47"),
        ("2026-10", "2026-10"),
        ("harbour", "harbour"),
        ("World", "world"),
        ("lights-bells", "lights-bells"),
        ("Lights & Bells", "lights-bells"),
        ("newest-2026-10-10", "newest-2026-10-10"),
    ],
)
def test_an_issue_is_made_when_it_is_asked_for_whatever_the_settings_say(wanted: str, key: str) -> None:
    books = issues.plan(GIVEN, LISTED, [wanted]).books
    assert [each for each, make in made(books).items() if make == "always"] == [key]


def test_an_issue_that_is_configured_is_made_as_configured() -> None:
    books = issues.plan(GIVEN, [replace(MONTH, name="Monthly", since=date(2026, 10, 1))], ["2026-11"]).books
    (found,) = (each.edition for each in books if each.make == "always")
    assert found
    assert (found.name, found.issue_number) == ("Monthly", 2)


def test_several_issues_can_be_asked_for() -> None:
    books = issues.plan(GIVEN, [MONTH], ["2026-10", "2026-W47"]).books
    assert made(books) == {"2026-11": "never", "2026-10": "always", "2026-W47": "always"}


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("2026-12", "choose one of '2026-11', '2026-10'"),
        ("2026-W60", "choose one of '2026-W47', '2026-W41'"),
        ("2026-02-31", "choose one of '2026-11-20', '2026-10-10'"),
        ("lights-bell", "did you mean 'lights-bells'?"),
        ("newest-2026-10-11", "did you mean 'newest-2026-11-20'?"),
    ],
)
def test_what_nothing_is_in_is_an_error_with_what_there_is(wanted: str, hint: str) -> None:
    with pytest.raises(PublisherError) as error:
        issues.plan(GIVEN, LISTED, [wanted])
    (found,) = error.value.problems
    assert (found.code, found.hint) == ("issue-unknown", hint)


# -- what has changed since -----------------------------------------------------------------------------------------------


def told(before: Sequence[Article], now: Sequence[Article]) -> str | None:
    """Return what is told of an issue of `before` when its articles are `now`."""
    written = record.write(of(*before), identifier="urn:x", name="x", published=None, number=None)
    (book,) = issues.plan(of(*now), [MONTH]).books or (Book(articles=(), edition=issues.plan(of(*before), [MONTH]).books[0].edition),)
    found = issues.outdated(book, schema.to_text(written).encode())
    return f"{found.message}; {found.hint}" if found else None


FIRST, SECOND = on("2026-11-20", "a", headline="The ferry"), on("2026-11-21", "b", headline="The bells")
ANEW = "make it anew with --issue 2026-11"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([FIRST], [FIRST], None),
        ([FIRST], [FIRST, SECOND], f"without 'The bells'; {ANEW}"),
        ([FIRST, SECOND], [FIRST], f"still with 'The bells'; {ANEW}"),
        ([FIRST], [SECOND], f"without 'The bells' and still with 'The ferry'; {ANEW}"),
        ([FIRST], [replace(FIRST, body="<p>It sank.</p>")], f"with a former version of its articles; {ANEW}"),
        ([FIRST], [], "still with 'The ferry'; delete the file to withdraw it"),
    ],
    ids=["nothing", "back-dated", "withdrawn", "another one", "edited", "all withdrawn"],
)
def test_what_is_not_in_an_issue_any_more_or_not_yet_is_told(before: list[Article], now: list[Article], expected: str | None) -> None:
    assert told(before, now) == (expected and f"this issue is out and stays as it is, {expected}")


@pytest.mark.parametrize("body", [FIRST.body, "<p>It sank.</p>"])
def test_an_issue_made_before_versions_were_digests_of_digests_is_told_only_when_its_articles_have_changed(body: str) -> None:
    """Until 2026-12-07 a version was the digest of the JSON spellings of all articles."""
    spelled = "".join(f"{schema.to_text(schema.spell(each), indent=None)}\n" for each in (FIRST, SECOND))
    written = schema.to_text({"@type": "PublicationIssue", "version": f"sha256-{sha256(spelled.encode()).hexdigest()}"})
    (book,) = issues.plan(of(replace(FIRST, body=body), SECOND), [MONTH]).books
    found = issues.outdated(book, written.encode())
    assert (found and found.code) == (None if body == FIRST.body else "issue-outdated")


@pytest.mark.parametrize(
    "written", [b"", b"{}", b"[]", b'{"version": 1}', b'{"version": "x", "hasPart": [1, {}, {"identifier": []}]}', b"\xff"]
)
def test_a_record_of_somebody_else_is_no_reason_to_fail(written: bytes) -> None:
    (book,) = issues.plan(of(FIRST), [MONTH]).books
    found = issues.outdated(book, written)
    assert found is None or found.code == "issue-outdated"


# -- the law --------------------------------------------------------------------------------------------------------------

DAYS = st.dates(min_value=date(2026, 9, 20), max_value=date(2026, 11, 20))


@given(
    batches=st.lists(st.sets(DAYS, min_size=1, max_size=3), min_size=2, max_size=4),
    selection=st.sampled_from([DAY, WEEK, MONTH, Selection(select="newest", size=2)]),
)
@hypothesis_settings(max_examples=10)
def test_what_is_out_never_changes_whatever_articles_come(
    batches: list[set[date]], selection: Selection, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("exports")
    known = replace(SETTINGS, issues=(selection,))
    articles: list[Article] = []
    for number, batch in enumerate(batches):
        articles += [on(day, f"{number}-{day}") for day in sorted(batch)]
        given_ = of(*sorted(articles, key=lambda each: (str(each.date_published), each.identifier), reverse=True))
        before = {path: (folder / path).read_bytes() for path in there(folder)}
        books = issues.plan(given_, known.issues, out=[*before]).books
        outputs = planning.plan(given_, known, nothing, ("epub",), books=books, out=[*before])
        files.place(folder, {each.path: each.body for each in build.render_all(outputs)}, stays=issues.stays)
        after = {path: (folder / path).read_bytes() for path in there(folder)}
        latest = max(before, default="")
        assert {path: after.get(path) for path in before if path != latest} == {path: before[path] for path in before if path != latest}


def there(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.epub"))

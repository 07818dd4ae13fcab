"""Clippings: what is found in text that somebody copied out of a page."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, schema
from publisher.article import Article, Image, Link, Organization, Person, Publication
from publisher.formats import Context, Reading, clipping
from publisher.problems import Problem, Severity, Unreadable

SEED = Path(__file__).parent.parent / "seeds" / "000_60a462808e73488c.txt"
HOUSE = Organization(name="The Moscow Times")
REUTERS = Organization(name="Reuters", url="https://www.reuters.com/")
SITE = "https://www.themoscowtimes.com/"
PUBLICATION = Publication(
    identifier=SITE,
    name="The Moscow Times",
    url=SITE,
    in_language="en",
    publisher=HOUSE,
    license="https://creativecommons.org/licenses/by/4.0/",
    sections=("News", "Opinion"),
)
CONTEXT = Context(publication=PUBLICATION, path="news/x1.txt", parties=MappingProxyType({"reuters": REUTERS}), since="1992")


def read(text: str | bytes, context: Context = CONTEXT) -> tuple[Article, dict[str, int]]:
    """The article, and the line of the last problem of each code."""
    reading = clipping.read(text.encode() if isinstance(text, str) else text, context)
    assert {each.code for each in reading.problems if each.severity > Severity.INFO} <= {"clipping-no-date", "text-encoding-guessed"}
    return reading.publication.articles[0], {each.code.removeprefix("clipping-"): each.location.line for each in reading.problems}


def warned(text: str) -> list[tuple[int, str]]:
    """Line and code of what is lost, below a headline and a date."""
    problems = clipping.read(f"# T\n\nOctober 24, 2018\n\n{text}".encode(), CONTEXT).problems
    return [(each.location.line, each.code) for each in problems if each.severity > Severity.INFO]


def clipped(text: str | bytes, context: Context = CONTEXT) -> Reading:
    """The article with all problems, whatever they are."""
    return clipping.read(text.encode() if isinstance(text, str) else text, context)


def told(found: Reading, code: str) -> list[Problem]:
    return [each for each in found.problems if each.code == f"clipping-{code}"]


# -- the seed ------------------------------------------------------------------------------------------------------------


def test_the_seed_gives_all_that_is_in_it() -> None:
    context = replace(CONTEXT, path=SEED.name)
    article, problems = read(SEED.read_bytes(), context)
    assert replace(article, body="") == Article(
        identifier="tag:www.themoscowtimes.com,1992:000_60a462808e73488c",
        headline="Putin and Trump Set to Meet in Paris on Nov. 11",
        url=f"{SITE}2018/10/24/putin-trump-meet-paris-november-11-a63282",
        in_language="en",
        date_published=date(2018, 10, 24),
        author=(REUTERS,),
        publisher=HOUSE,
        image=(Image(caption="Donald Trump", credit_text="Kremlin.ru"),),
        citation=(Link(name="Trump Delays Putin Meeting Until 'After the Russia Witch Hunt is Over,' Bolton Says"),),
    )
    assert problems == {
        "original-is-here": 41,
        "slug-from-headline": 0,
        "picture-missing": 11,
        "related-without-address": 17,
        "dead-link": 33,
    }


def test_the_seed_s_body_is_its_paragraphs_and_no_more() -> None:
    article, _ = read(SEED.read_bytes())
    assert article.body.startswith("<p>U.S. President Donald Trump and Russia's Vladimir Putin plan to meet in Paris next month,")
    assert article.body.endswith("McCain said.</p>")
    assert "Trump questioned the findings of U.S. intelligence" in article.body
    assert article.body.count("<p>") == 12
    assert not any(gone in article.body for gone in ("Reuters", "October 24", "Kremlin.ru", "Related", "Original url", "<a ", "**"))


@pytest.mark.parametrize("ending", ["md", "markdown", "txt", ""])
def test_the_seed_is_a_clipping_whatever_its_ending(ending: str) -> None:
    assert formats.detect(SEED.read_bytes(), f"a.{ending}") is clipping


@pytest.mark.parametrize(
    "text",
    [
        "# By the sea\n\nA text about 2018 and more.\n",
        "# T\n\nBy Jane Doe\n\nText\n",
        "# T\n\nOctober 24, 2018\n\nText\n",
        "---\ntitle: T\n---\n# T\n\nBy Jane Doe\n\nOctober 24, 2018\n",
        "## T\n\nBy Jane Doe\n\nOctober 24, 2018\n",
    ],
)
def test_plain_markdown_is_no_clipping(text: str) -> None:
    assert formats.detect(text.encode(), "a.md").NAME == "markdown"


def test_the_seed_is_detected_as_a_clipping() -> None:
    assert formats.detect(SEED.read_bytes(), SEED.name).NAME == "clipping"


# -- headline ------------------------------------------------------------------------------------------------------------

HEADLINES = {
    "# Putin in Paris\n\nText": "Putin in Paris",
    "# Putin in Paris #\n\nText": "Putin in Paris",
    "## Putin in Paris\n\nText": "Putin in Paris",
    "Putin in Paris\n===\n\nText": "Putin in Paris",
    "Putin in Paris\n\nText": "Putin in Paris",
    "**Putin** in [Paris](#)\n\nText": "Putin in Paris",
    "News\n\n# Putin in Paris\n\nText": "Putin in Paris",
    "October 24, 2018\n\nPutin in Paris\n\nText": "Putin in Paris",
    "2018. A year\n\nText": "2018. A year",
    "# AT&amp;T \\& <b>Co</b>\n\nText": "AT&T & Co",
}


@pytest.mark.parametrize("text", HEADLINES)
def test_the_headline_is_the_heading_or_the_first_line(text: str) -> None:
    article, _ = read(text)
    assert (article.headline, article.body) == (HEADLINES[text], "<p>Text</p>")


def test_a_first_line_without_mark_is_a_guess() -> None:
    assert read("\n\nPutin in Paris\n\nText")[1]["headline-guessed"] == 3


def test_a_paragraph_for_a_headline_stays_in_the_text() -> None:
    article, _ = read("word " * 100)
    assert article.headline.endswith("word …")
    assert article.body.count("word") == 100


def test_a_headline_is_all_that_is_needed() -> None:
    article, problems = read("# Putin in Paris")
    assert (article.headline, article.body) == ("Putin in Paris", "")
    assert set(problems) == {"only-headline", "no-byline", "no-date", "slug-from-headline"}


def test_a_line_above_the_headline_is_the_section_when_there_is_one_of_that_name() -> None:
    assert read("OPINION\n\n# Putin in Paris\n\nText")[0].article_section == "Opinion"
    article, problems = read("WORLD\n\n# Putin in Paris\n\nText")
    assert (article.article_section, problems["line-left-out"]) == (None, 1)


SUBTITLES = {
    "# T\n\n*They want to talk*\n\nBy Jane Doe\n\nText": ("They want to talk", None),
    "# T\n\n## They want to talk\n\nBy Jane Doe\n\nText": ("They want to talk", None),
    "# T\n## They want to talk\n\nText": ("They want to talk", None),
    "# T\n\nThey want to talk\n\nBy Jane Doe\n\nText": ("They want to talk", None),
    "# T\n\nThey want to talk, say both.\n\nBy Jane Doe\n\nText": (None, "They want to talk, say both."),
    "# T\n\nBy Jane Doe\n\n**Putin and Trump want to talk about weapons and about the elections, as their people say.**\n\nText": (
        None,
        "Putin and Trump want to talk about weapons and about the elections, as their people say.",
    ),
}


@pytest.mark.parametrize("text", SUBTITLES)
def test_what_stands_below_the_headline_is_subtitle_or_standfirst(text: str) -> None:
    article, _ = read(text)
    assert (article.alternative_headline, article.description) == SUBTITLES[text]
    assert article.body == "<p>Text</p>"


def test_a_heading_of_several_is_no_subtitle() -> None:
    article, _ = read("# T\n\n## One\n\nText\n\n## Two\n\nText")
    assert (article.alternative_headline, article.body) == (None, "<h2>One</h2><p>Text</p><h2>Two</h2><p>Text</p>")


# -- who and when --------------------------------------------------------------------------------------------------------

JANE, JOHN = Person(name="Jane Doe"), Person(name="John Smith")
EST = timezone(timedelta(hours=-5))
HEADERS = {
    "By Jane Doe\n\n24 October 2018": ((JANE,), date(2018, 10, 24)),
    "By Jane Doe\nOctober 24, 2018": ((JANE,), date(2018, 10, 24)),
    "October 24, 2018\n\nBy Jane Doe": ((JANE,), date(2018, 10, 24)),
    "By Jane Doe, October 24, 2018": ((JANE,), date(2018, 10, 24)),
    "By Jane Doe | Oct. 24, 2018": ((JANE,), date(2018, 10, 24)),
    "Reuters - 24.10.2018": ((REUTERS,), date(2018, 10, 24)),
    "By Jane Doe and John Smith\n\n24.10.2018": ((JANE, JOHN), date(2018, 10, 24)),
    "By Jane Doe\nBy John Smith\n24.10.2018": ((JANE, JOHN), date(2018, 10, 24)),
    "Jane Doe\nOctober 24, 2018": ((JANE,), date(2018, 10, 24)),
    "By Staff Writer\n\nPublished: Oct. 24, 2018": ((HOUSE,), date(2018, 10, 24)),
    "**By Jane Doe, Washington correspondent**\n\n*Oct. 24, 2018, 3:05 p.m. EST*": ((JANE,), datetime(2018, 10, 24, 15, 5, tzinfo=EST)),
    "3 min read\n\n---\n\nBy Jane Doe\n\n2018-10-24T08:00:00Z": ((JANE,), datetime(2018, 10, 24, 8, tzinfo=UTC)),
    "Source: Reuters\n\nOct. 24, 2018": ((REUTERS,), date(2018, 10, 24)),
}


@pytest.mark.parametrize("header", HEADERS)
def test_the_header_says_who_and_when(header: str) -> None:
    article, _ = read(f"# Headline\n\n{header}\n\nText")
    assert (article.author, article.date_published) == HEADERS[header]
    assert article.body == "<p>Text</p>"


def test_a_time_without_zone_is_in_the_publication_s() -> None:
    article, _ = read("# T\n\n24.10.2018 08:00\n\nText", replace(CONTEXT, time_zone=timezone(timedelta(hours=3))))
    assert article.date_published == datetime(2018, 10, 24, 8, tzinfo=timezone(timedelta(hours=3)))


@pytest.mark.parametrize(
    "line", ["Published: Oct. 24, 2018 | Updated: Oct. 25, 2018", "Publié le 24 octobre 2018, mis à jour le 25 octobre 2018"]
)
def test_the_date_of_the_last_change_is_told_from_that_of_publication(line: str) -> None:
    article, _ = read(f"# T\n\n{line}\n\nText")
    assert (article.date_published, article.date_modified) == (date(2018, 10, 24), date(2018, 10, 25))


def test_an_ambiguous_date_is_said() -> None:
    article, problems = read("# T\n\nBy Jane Doe\n\n03/04/2018\n\nText")
    assert (article.date_published, problems["date-ambiguous"]) == (date(2018, 4, 3), 5)


def test_the_day_in_the_file_s_name_or_the_original_s_address_is_better_than_none() -> None:
    named, problems = read("# T\n\nText", replace(CONTEXT, path="2018-10-24-x.txt"))
    assert (named.date_published, "date-guessed" in problems) == (date(2018, 10, 24), True)
    assert read("# T\n\nText\n\nSource: https://e.org/2018/10/24/x")[0].date_published == date(2018, 10, 24)


def test_what_a_byline_says_beside_names_is_left_out_and_said() -> None:
    article, problems = read("# T\n\nBy Jane Doe, Washington correspondent\n\nText")
    assert (article.author, problems["byline-shortened"]) == ((JANE,), 3)


@pytest.mark.parametrize("text", ["By Tuesday, the Kremlin had said nothing about the meeting in Paris.", "Jane Doe met John Smith."])
def test_prose_is_no_header(text: str) -> None:
    article, _ = read(f"# T\n\n{text}\n\nText")
    assert (article.author, article.body) == ((), f"<p>{text}</p><p>Text</p>")


DATELINES = {
    "WASHINGTON (AP) — Text": ("WASHINGTON", "AP"),
    "MOSCOW, Oct 24 (Reuters) - Text": ("MOSCOW, Oct 24", "Reuters"),
    "**MOSCOW** — Text": ("MOSCOW", None),
    "Berlin (dpa) - Text": ("Berlin", "dpa"),
    "WASHINGTON, D.C. – Text": ("WASHINGTON, D.C.", None),
    "(Reuters) - Text": (None, "Reuters"),
    "МОСКВА, 24 окт — РИА Новости. Text": ("МОСКВА, 24 окт", "РИА Новости"),
    "МОСКВА, 24 октября. /ТАСС/. Text": ("МОСКВА, 24 октября", "ТАСС"),
}


@pytest.mark.parametrize("text", DATELINES)
def test_a_dateline_leaves_the_text_and_names_the_agency(text: str) -> None:
    article, _ = read(f"# T\n\n{text}")
    assert (article.dateline, article.author[0].name if article.author else None) == DATELINES[text]
    assert article.body == "<p>Text</p>"


def test_all_that_is_taken_out_with_the_dateline_is_told() -> None:
    (found,) = told(clipped("# T\n\nOctober 24, 2018\n\nBERLIN (Reuters) — Text"), "dateline")
    assert found.message == "'BERLIN (Reuters)' was taken out of the text; the dateline is 'BERLIN'"


def test_an_agency_in_the_dateline_stays_there_when_somebody_else_wrote() -> None:
    article, _ = read("# T\n\nBy Jane Doe\n\nWASHINGTON (AP) — Text")
    assert (article.dateline, article.author) == ("WASHINGTON (AP)", (JANE,))


DAYS_IN_DATELINES = {
    "LONDON, Oct. 5, 2026 — Text": date(2026, 10, 5),
    "LONDON (5 October 2026) — Text": date(2026, 10, 5),
    "LONDON (15/10/2026) — Text": date(2026, 10, 15),
    "PARIS, le 5 octobre 2026 — Text": date(2026, 10, 5),
    "МОСКВА, 24 октября 2018 г. /ТАСС/ Text": date(2018, 10, 24),
    "WASHINGTON, D.C., Monday, October 5, 2026 (Reuters) - Text": date(2026, 10, 5),
    "LONDON, Oct. 5 — Text": None,
    "LONDON, October 2026 — Text": None,
    "NEW YORK, Oct. 5, 20:30 — Text": None,
}


@pytest.mark.parametrize("text", DAYS_IN_DATELINES)
def test_a_whole_date_in_the_dateline_is_better_than_none(text: str) -> None:
    article, problems = read(f"# T\n\n{text}")
    assert (article.date_published, article.body) == (DAYS_IN_DATELINES[text], "<p>Text</p>")
    assert problems.get("date-guessed") == (3 if article.date_published else None)


def test_a_date_in_the_dateline_stays_there_and_gives_way_to_all_others() -> None:
    text = "LONDON, Oct. 5, 2026 — Text"
    article, _ = read(f"# T\n\nOctober 6, 2026\n\n{text}")
    assert (article.dateline, article.date_published) == ("LONDON, Oct. 5, 2026", date(2026, 10, 6))
    assert read(f"# T\n\n{text}", replace(CONTEXT, path="2026-10-06-x.txt"))[0].date_published == date(2026, 10, 6)


@pytest.mark.parametrize("day", ["15/10/2026", "5.10.2026", "2026-10-05"])
def test_a_sentence_behind_a_date_is_no_part_of_the_header(day: str) -> None:
    article, _ = read(f"# T\n\nBy Jane Doe\n\nLONDON, {day} — The ferry sails on, and this stays.\n\nMore.")
    assert "The ferry sails on, and this stays." in article.body


def test_an_ambiguous_date_in_the_dateline_is_said() -> None:
    article, problems = read("# T\n\nVIENNA, 3-4-2026 — Text")
    assert (article.date_published, problems["date-ambiguous"]) == (date(2026, 4, 3), 3)


@pytest.mark.parametrize("text", ["NATO — the alliance — helped.", "Putin — and Trump.", "Paris - the city."])
def test_a_dash_makes_no_dateline(text: str) -> None:
    assert read(f"# T\n\nBy Jane Doe\n\n{text}")[0].body == f"<p>{text}</p>"


def test_an_agency_s_name_in_the_last_line_is_the_author() -> None:
    article, problems = read("# T\n\nText\n\n(Reuters)")
    assert (article.author, article.body, problems["author-guessed"]) == ((REUTERS,), "<p>Text</p>", 5)


# -- pictures ------------------------------------------------------------------------------------------------------------

CAPTIONS = {
    "**Donald Trump / Kremlin.ru**": Image(caption="Donald Trump", credit_text="Kremlin.ru"),
    "**Donald Trump / Mikhail Metzel / TASS**": Image(caption="Donald Trump", credit_text="Mikhail Metzel / TASS"),
    "*Donald Trump (Photo: Kremlin.ru)*": Image(caption="Donald Trump", credit_text="Kremlin.ru"),
    "**Donald Trump. © Kremlin.ru**": Image(caption="Donald Trump.", credit_text="Kremlin.ru"),
    "**Donald Trump in Paris (Reuters)**": Image(caption="Donald Trump in Paris", credit_text="Reuters"),
    "**Kremlin.ru**": Image(credit_text="Kremlin.ru"),
    "**Donald Trump**": Image(caption="Donald Trump"),
}


@pytest.mark.parametrize("line", CAPTIONS)
def test_a_bold_line_is_the_caption_of_a_missing_picture(line: str) -> None:
    article, problems = read(f"# T\n\nBy Jane Doe\n\n{line}\n\nText")
    assert (article.image, article.body, problems["picture-missing"]) == ((CAPTIONS[line],), "<p>Text</p>", 5)


def test_a_caption_in_the_middle_of_the_text_is_one_too() -> None:
    article, problems = read("# T\n\nBy Jane Doe\n\nText\n\n**Donald Trump / Kremlin.ru**\n\n**A subheading**\n\nMore")
    assert article.image == (Image(caption="Donald Trump", credit_text="Kremlin.ru"),)
    assert (article.body, problems["picture-missing"]) == ("<p>Text</p><p><strong>A subheading</strong></p><p>More</p>", 7)


def test_pictures_at_the_top_are_the_article_s_and_pictures_in_the_text_are_figures() -> None:
    text = """# T

![Trump at a desk](/media/trump.jpg)
*Donald Trump / Kremlin.ru*

![Putin](https://e.org/putin.jpg "Vladimir Putin")

Text

![The zoo](zoo.png)

**The zoo "at" night / AP**
"""
    article, problems = read(text)
    assert article.image == (
        Image(content_url=f"{SITE}media/trump.jpg", description="Trump at a desk", caption="Donald Trump", credit_text="Kremlin.ru"),
        Image(content_url="https://e.org/putin.jpg", description="Putin", caption="Vladimir Putin"),
    )
    caption = "<figcaption>The zoo &quot;at&quot; night / AP</figcaption>"
    assert article.body == f'<p>Text</p><figure><img alt="The zoo" src="{SITE}news/zoo.png"/>{caption}</figure>'
    assert problems["caption"] == 12


def test_a_picture_without_address_is_missing() -> None:
    article, problems = read("# T\n\nText\n\n![Trump](#)\n\n![](a.png)")
    assert article.image == (Image(description="Trump"),)
    assert (problems["picture-missing"], problems["image-without-alt"]) == (5, 7)


# -- links ---------------------------------------------------------------------------------------------------------------

RELATED = [
    "**Related article:** [Title](https://e.org/a)",
    "Related: [Title](https://e.org/a)",
    "*Read also:* [Title](https://e.org/a)",
    "**READ MORE: [Title](https://e.org/a)**",
    "> See also: [Title](https://e.org/a)",
    "Lire aussi : [Title](https://e.org/a)",
    "Lesen Sie auch: [Title](https://e.org/a)",
    "Lea también: [Title](https://e.org/a)",
    "Читайте также: [Title](https://e.org/a)",
    "اقرأ أيضا: [Title](https://e.org/a)",
    "相关阅读：[Title](https://e.org/a)",
    "関連記事：[Title](https://e.org/a)",
    "관련 기사: [Title](https://e.org/a)",
    "## Related articles\n\n- [Title](https://e.org/a)",
    "Related articles:\n* [Title](https://e.org/a)",
]


@pytest.mark.parametrize("line", RELATED)
def test_related_articles_are_citations(line: str) -> None:
    article, _ = read(f"# T\n\nBy Jane Doe\n\nText\n\n{line}\n\nMore")
    assert article.citation == (Link(name="Title", url="https://e.org/a"),)
    assert article.body == "<p>Text</p><p>More</p>"


def test_several_related_articles_are_kept_in_their_order() -> None:
    article, problems = read("# T\n\nText\n\nRead also: [One](/1.html), [Two](#)\n\n**Related:** Three\n")
    assert article.citation == (Link(name="One", url=f"{SITE}1.html"), Link(name="Two"), Link(name="Three"))
    assert problems["related-without-address"] == 7


@pytest.mark.parametrize(
    "text", ["Read more about it in the paper tomorrow.", "Related problems were found [elsewhere](https://e.org/) by others, too."]
)
def test_prose_that_begins_like_a_related_article_stays(text: str) -> None:
    article, _ = read(f"# T\n\nBy Jane Doe\n\n{text}")
    assert (article.citation, article.body == "") == ((), False)


SOURCES = [
    "Original url:\n\n<https://e.org/x>",
    "Original url: https://e.org/x",
    "**Source:** [here](https://e.org/x)",
    "Source: www.e.org/x",
    "Originally published at https://e.org/x.",
    "This article was originally published on https://e.org/x",
    "Quelle:\nhttps://e.org/x",
    "Источник: https://e.org/x",
    "المصدر: https://e.org/x",
    "来源：https://e.org/x",
    "https://e.org/x",
]


@pytest.mark.parametrize("line", SOURCES)
def test_the_original_s_address_is_taken_from_the_end(line: str) -> None:
    article, _ = read(f"# T\n\nBy Jane Doe\n\nText\n\n{line}\n")
    assert (article.is_based_on or "").replace("www.", "") == "https://e.org/x"
    assert article.body == "<p>Text</p>"


def test_an_original_in_this_publication_is_where_the_article_is_published() -> None:
    for line, found in ((f"{SITE}sport/x/", 2), (f"Source: {SITE}sport/x/", 1)):
        article, problems = read(f"# T\n\nBy Jane Doe\n\nText\n\n{line}\n")
        assert (article.url, article.is_based_on) == (f"{SITE}sport/x/", None)
        assert (problems["original-is-here"], sum(line == 7 for line in problems.values())) == (7, found)


def test_an_original_that_is_no_page_of_this_publication_is_left_out_and_told() -> None:
    found = clipped(f"# T\n\nBy Jane Doe\n\nText\n\n{SITE}\n")
    assert [each.location.line for each in told(found, "original-left-out")] == [7]
    (article,) = found.publication.articles
    assert (article.url, article.is_based_on) == (f"{SITE}articles/t.html", None)


def test_an_article_that_was_changed_before_it_was_published_is_told() -> None:
    found = clipped("# T\n\nBy Jane Doe\n\nNovember 20, 2026\n\nUpdated: November 10, 2026\n\nText\n")
    assert [(each.location.line, each.severity) for each in told(found, "modified-before-published")] == [(7, Severity.WARNING)]


NO_SOURCES = [
    "Related articles:\n\n- [One](https://e.org/1)\n- [Two](https://e.org/2)",
    "Related articles:\n\n- https://e.org/1\n- https://e.org/2",
    "[Visit our shop](https://shop.example/)",
    "* https://e.org/x",
]


@pytest.mark.parametrize("end", NO_SOURCES)
def test_a_link_in_the_last_line_is_not_where_the_article_first_appeared(end: str) -> None:
    assert read(f"# T\n\nBy Jane Doe\n\nText\n\n{end}\n")[0].is_based_on is None


@pytest.mark.parametrize("end", NO_SOURCES[:2])
def test_every_link_of_a_list_at_the_end_is_related(end: str) -> None:
    article = read(f"# T\n\nBy Jane Doe\n\nText\n\n{end}\n")[0]
    assert [each.url for each in article.citation] == ["https://e.org/1", "https://e.org/2"]


def test_an_address_that_is_its_own_link_may_be_where_the_article_first_appeared() -> None:
    assert read("# T\n\nText\n\n[https://e.org/x](https://e.org/x)")[0].is_based_on == "https://e.org/x"


def test_an_address_without_words_before_it_is_a_guess() -> None:
    assert read("# T\n\nText\n\nhttps://e.org/x")[1]["address-guessed"] == 5


def test_a_dead_link_becomes_its_text_and_is_said() -> None:
    article, problems = read("# T\n\nBy Jane Doe\n\nTrump [questioned *it*](#) and [that](https://e.org/).")
    assert article.body == '<p>Trump questioned <em>it</em> and <a href="https://e.org/">that</a>.</p>'
    assert problems["dead-link"] == 5


# -- languages, encodings, layouts ---------------------------------------------------------------------------------------

TONGUES = {
    "Путин и Трамп встретятся\n\nАвтор: Иван Петров\n\n24 октября 2018\n\nТекст о встрече в Париже.": ("ru", "Иван Петров"),
    "Путін і Трамп зустрінуться\n\nАвтор: Іван Петренко\n\n24 жовтня 2018\n\nТекст про зустріч у Парижі.": ("uk", "Іван Петренко"),
    "بوتين وترامب يلتقيان في باريس\n\nبقلم محمد أحمد\n\n٢٤ أكتوبر ٢٠١٨\n\nيعتزم الرئيس الأمريكي.": ("ar", "محمد أحمد"),
    "פוטין וטראמפ ייפגשו בפריז\n\nמאת: דוד כהן\n\n24 באוקטובר 2018\n\nנשיא ארצות הברית.": ("he", "דוד כהן"),
    "普京和特朗普将在巴黎会面\n\n文／王伟\n\n2018年10月24日\n\n　　美国总统计划会面。": ("zh", "王伟"),
    "プーチン氏とトランプ氏、パリで会談へ\n\n記者：山田太郎\n\n2018年10月24日（水）\n\n来月パリで会談する。": ("ja", "山田太郎"),
    "푸틴과 트럼프, 파리에서 회담\n\n홍길동 기자\n\n2018년 10월 24일\n\n대통령이 만난다.": ("ko", "홍길동"),
    "Πούτιν και Τραμπ στο Παρίσι\n\nΤου Γιώργου Παπαδόπουλου\n\n24 Οκτωβρίου 2018\n\nΚείμενο.": ("el", "Γιώργου Παπαδόπουλου"),
}


@pytest.mark.parametrize("text", TONGUES)
def test_another_script_is_another_language(text: str) -> None:
    article, problems = read(text)
    assert (article.in_language, article.author[0].name) == TONGUES[text]
    assert (article.date_published, "language-guessed" in problems) == (date(2018, 10, 24), True)


def test_the_publication_s_language_stays_when_the_script_is_the_same() -> None:
    context = replace(CONTEXT, publication=replace(PUBLICATION, in_language="uk"))
    article, problems = read("Путин и Трамп\n\nТекст", context)
    assert (article.in_language, "language-guessed" in problems) == ("uk", False)


LATIN = {
    "de": "Der alte Wärter stieg jeden Abend die Treppe hinauf, und das Licht war nicht aus, auch wenn die See ruhig ist.",
    "fr": "Le vieux gardien montait l’escalier tous les soirs, et la lampe ne s’éteignait pas dans la nuit, même quand il est malade.",
    "es": "El viejo farero subía la escalera todas las noches, y la luz no se apagaba, aunque el mar estaba en calma por la noche.",
    "it": "Il vecchio guardiano saliva la scala ogni sera, e la luce non si spegneva, anche se il mare era calmo per la notte.",
    "nl": "De oude wachter klom elke avond de trap op, en het licht ging niet uit, ook als de zee kalm was voor de nacht.",
    "pl": "Stary latarnik wchodził po schodach na górę, a światło nie gasło, że morze było spokojne i że jest w nim cisza do rana.",
}


@pytest.mark.parametrize("language", LATIN)
def test_common_words_tell_the_language_of_latin_letters(language: str) -> None:
    found = clipped(f"# T\n\n2018-10-24\n\n{LATIN[language]}")
    assert found.publication.articles[0].in_language == language
    assert [each.severity for each in told(found, "language-guessed")] == [Severity.INFO]


@pytest.mark.parametrize(
    "text",
    [
        "The old keeper climbed the stairs, and the light was not out, even if the sea is calm.",
        "Ferry Calais",
        "Mae'r hen geidwad yn dringo'r grisiau bob nos.",
    ],
)
def test_the_publication_s_language_stays_when_the_words_do_not_tell_another(text: str) -> None:
    found = clipped(f"# T\n\n2018-10-24\n\n{text}")
    assert (found.publication.articles[0].in_language, told(found, "language-guessed")) == ("en", [])


ENGLISH = "# Putin in Paris\n\nBy Jane Doe\n\nOctober 24, 2018\n\nIt’s “on” – café.\n"
RUSSIAN = "# Путин в Париже\n\nАвтор: Иван Петров\n\n24 октября 2018\n\nТекст о встрече президентов в Париже.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-8-sig"),
        (ENGLISH, "utf-16"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "utf-16"),
    ],
)
def test_text_in_another_encoding_is_the_same_text(text: str, encoding: str) -> None:
    assert read(text.replace("\n", "\r\n").encode(encoding))[0] == read(text)[0]


def test_a_guessed_encoding_that_nothing_speaks_for_gives_no_language() -> None:
    found = clipped("ЮЩЭФ ЦЧШЩ ЖФЪ".encode("cp1251"))
    assert {each.code for each in found.problems} >= {"text-encoding-unsure"}
    assert found.publication.articles[0].in_language is None


def test_spaces_that_do_not_break_change_nothing_but_the_text() -> None:
    article, _ = read("# T\n\u00a0\nBy\u00a0Jane\u00a0Doe\n\u00a0\nOctober\u00a024,\u00a02018\n\nText\u00a0here.")
    assert (article.author, article.date_published, article.body) == ((JANE,), date(2018, 10, 24), "<p>Text\u00a0here.</p>")


def test_paragraphs_without_a_line_between_are_paragraphs() -> None:
    lines = [f"This is paragraph {number}, which is long and ends with a full stop as paragraphs do." for number in range(3)]
    article, _ = read("\n".join(["# T", "By Jane Doe", *lines]))
    assert article.body == "".join(f"<p>{line}</p>" for line in lines)


def test_an_indented_paragraph_is_no_code_and_a_nested_list_stays_nested() -> None:
    article, _ = read("# T\n\nBy Jane Doe\n\n    Text\n\n- a\n    - b\n")
    assert article.body == "<p>Text</p><ul><li>a<ul><li>b</li></ul></li></ul>"


def test_quotes_stay_as_they_were_clipped() -> None:
    text = '# The "T"\n\nBy Jane Doe\n\nIt\'s "on" -- now.'
    assert read(text)[0].body == "<p>It's &quot;on&quot; -- now.</p>"
    article, _ = read(text, replace(CONTEXT, smart=True))
    assert (article.headline, article.body) == ('The "T"', "<p>It's &quot;on&quot; -- now.</p>")


def test_markup_that_attacks_does_nothing() -> None:
    text = """# Hi <script>alert(1)</script>

By [Jane Doe](javascript:alert(1))

<script>alert(1)</script>

<p onclick="x()">a <a href="javascript:x">b</a> <img src=x onerror=alert(1)></p>

[c](javascript:alert(1)) [d](http://[) ![e](javascript:y)
"""
    article = clipped(text).publication.articles[0]
    assert (article.headline, article.author) == ("Hi", (JANE,))
    assert not any(bad in article.body for bad in ("script", "onclick", "onerror"))


def test_license_and_copyright_are_not_inherited() -> None:
    article, _ = read("# T\n\nText")
    assert (article.license, article.copyright_notice, article.publisher) == (None, None, HOUSE)


def test_without_a_publication_the_address_is_an_example() -> None:
    article, _ = read("# Putin in Paris\n\nText", Context())
    assert (article.identifier, article.url) == ("tag:example.org,2026:putin-in-paris", "https://example.org/articles/putin-in-paris.html")


@pytest.mark.parametrize(
    ("body", "code"), [(b"", "clipping-empty"), (b"\xef\xbb\xbf \r\n\xc2\xa0", "clipping-empty"), (b"\x00\x01\x02", "text-binary")]
)
def test_nothing_cannot_be_read(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as raised:
        clipping.read(body, CONTEXT)
    assert raised.value.problems[0].code == code


@pytest.mark.parametrize("body", [b"<html><p>x", b'{"a": 1}', b"PK\x03\x04", b"\x89PNG\r\n", b"%PDF-1.7", bytes(range(32))])
def test_what_is_no_text_is_no_clipping(body: bytes) -> None:
    assert not clipping.recognizes(body, "x.txt")


PIECES = [
    *"\n".join([*HEADERS, *DATELINES, *DAYS_IN_DATELINES, *CAPTIONS, *RELATED, *SOURCES, *TONGUES, *HEADLINES]).split("\n"),
    "",
    "",
    "```",
    "***",
    "![a](b)",
    "<p>",
    "\x85",
]
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=12).map("\n".join))


# -- who did what ---------------------------------------------------------------------------------------------------------

MARY = Person(name="Mary Major")


def test_a_byline_names_editors_too() -> None:
    article, problems = read("# T\n\nReporting by Jane Doe; editing by Mary Major\n\nText")
    assert (article.author, article.editor, article.body) == ((Person(name="Jane Doe"),), (MARY,), "<p>Text</p>")
    assert "byline-shortened" not in problems


def test_the_last_line_says_who_reported_and_edited() -> None:
    text = "# T\n\nBy Jane Doe\n\nText\n\n(Reporting by Jane Doe and John Smith; Editing by Mary Major)"
    article, problems = read(text)
    assert (article.author, article.editor, article.contributor) == ((Person(name="Jane Doe"),), (MARY,), (Person(name="John Smith"),))
    assert (article.body, problems["signature"]) == ("<p>Text</p>", 7)


def test_who_reported_is_the_author_when_nobody_signed_above() -> None:
    assert read("# T\n\nText\n\nReporting by Jane Doe")[0].author == (Person(name="Jane Doe"),)


def test_an_agency_between_slashes_stays_between_them() -> None:
    article, _ = read("# T\n\nBy Jane Doe\n\nМОСКВА, 24 октября. /ТАСС/. Text")
    assert (article.dateline, article.body) == ("МОСКВА, 24 октября /ТАСС/", "<p>Text</p>")
    assert read("# T\n\nText. МОСКВА /ТАСС/.")[0].body == "<p>Text. МОСКВА /ТАСС/.</p>"


# -- what is lost ---------------------------------------------------------------------------------------------------------


def test_an_article_without_a_date_is_warned_of() -> None:
    (found,) = (each for each in clipping.read(b"# T\n\nText", CONTEXT).problems if each.severity > Severity.INFO)
    assert (found.code, found.hint) == ("clipping-no-date", "write the date below the headline")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("Text\n\nA Vec<String> and a <Name>.", [(7, "clipping-left-out")]),
        ("Text\n\n<svg><text>A chart</text></svg>", [(7, "clipping-left-out")]),
        ("Text\n\n" + "a|" * 300 + "\n" + "-|" * 300 + "\na\n", [(8, "clipping-too-large")]),
        ("Text, and a <b>bold</b> word, 1 < 2.", []),
    ],
)
def test_what_a_clipping_loses_is_told_with_its_line(text: str, lost: list[tuple[int, str]]) -> None:
    assert warned(text) == lost


DROPPED = {
    "A [link](javascript:x) to run.": (5, "clipping-address-left-out"),
    "Text\n\nA [link](ftp://e.org/a) elsewhere.": (7, "clipping-address-left-out"),
    "Text\n\n<script>x</script>": (7, "clipping-element-left-out"),
    "Text[^a] end.": (5, "clipping-note-missing"),
    "Text\n\n[^b]: Unused": (7, "clipping-note-unused"),
    'Text\n\n<iframe src="https://e.org/v"></iframe>': (7, "clipping-element-left-out"),
    "In `<svg>` code.\n\nText\n\n<svg><text>x</text></svg>": (9, "clipping-left-out"),
}


@pytest.mark.parametrize("text", DROPPED)
def test_links_and_elements_that_are_left_out_are_told_with_their_line(text: str) -> None:
    problems = clipped(f"# T\n\nOctober 24, 2018\n\n{text}").problems
    assert DROPPED[text] in [(each.location.line, each.code) for each in problems]


def test_an_element_left_out_of_the_headline_is_told() -> None:
    (found,) = told(clipped("\n# T <script>x</script>\n\nOctober 24, 2018\n\nText"), "element-left-out")
    assert (found.location.line, found.message) == (2, "left out: <script>")


def test_a_time_without_zone_is_told_unless_a_zone_is_set() -> None:
    text = "# T\n\nOctober 24, 2018, 8:15\n\nText"
    assert read(text)[1]["date-without-zone"] == 3
    assert "date-without-zone" not in read(text, replace(CONTEXT, time_zone=timezone(timedelta(hours=1))))[1]
    assert "date-without-zone" not in read("# T\n\nOctober 24, 2018, 8:15 UTC\n\nText")[1]


def test_long_lines_are_quoted_in_part() -> None:
    problems = clipping.read(f"{'Kicker ' * 5}\n# {'Long ' * 40}\n\n*{'sub ' * 100}*\n\nBy Jane Doe".encode(), CONTEXT).problems
    assert max(len(each.message) for each in problems) < 200


@pytest.mark.parametrize("line", ["a" + "_" * 100_000 + "b", "photo: " * 40_000 + "(", "**" + "photo: " * 40_000 + "(**"])
def test_a_long_line_is_looked_at_once(line: str) -> None:
    """A look from each of its places would take hours."""
    assert read(f"# T\n\nText.\n\n{line}")[0].body.startswith("<p>Text.</p>")


@pytest.mark.parametrize(
    "address", ['<a data-sourcepos="999:1-999:2" href="#">a</a>', f'<a data-sourcepos="{"9" * 5000}:1-1:1" href="#">a</a>']
)
def test_a_place_that_the_text_itself_claims_is_no_place(address: str) -> None:
    assert read(f"# T\n\nText {address}")[0].body == "<p>Text a</p>"


@given(st.one_of(st.binary(), TEXTS.map(lambda text: text.encode(errors="ignore"))))
def test_any_bytes_give_a_canonical_article_or_cannot_be_read(body: bytes) -> None:
    clipping.recognizes(body, "")
    with contextlib.suppress(Unreadable):
        publication = clipping.read(body, CONTEXT).publication
        assert schema.load(schema.dump(publication)) == (publication, ())

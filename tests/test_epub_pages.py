"""The pages of an issue: the order of reading, what each shows, and the ways between them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import markup
from publisher.article import Article, Image, Organization, Person, Publication
from publisher.formats import Edition, Target
from publisher.formats.epub.issue import plan
from publisher.themes import pages as theme
from publisher.themes.pages import reading_minutes
from tests.test_epub import AT, BELLS, FERRY, PUBLICATION, STARS, TARGET, files, page_of, written

HREF = re.compile(r'(?:href|src)="([^"]*)"')


def page(name: str, publication: Publication = PUBLICATION, target: Target = TARGET) -> str:
    return files(written(publication, target))[f"EPUB/{name}"].decode()


def spine(publication: Publication = PUBLICATION) -> list[str]:
    package = page("content.opf", publication)
    hrefs = {found[1]: found[0] for found in re.findall(r'<item href="([^"]*)" id="([^"]*)"', package)}
    return [hrefs[each] for each in re.findall(r'<itemref idref="([^"]*)"', package)]


def href_of(article: Article) -> str:
    return next(each.href for each in plan(PUBLICATION).chapters if each.article is article)


def test_reading_begins_with_the_cover_and_ends_with_the_colophon() -> None:
    sections = [each.href for each in plan(PUBLICATION).sections]
    assert spine() == [
        *("cover.xhtml", "title.xhtml", "front.xhtml", "contents.xhtml"),
        *(sections[0], href_of(BELLS), sections[1], href_of(FERRY), sections[2], href_of(STARS)),
        *("contributors.xhtml", "colophon.xhtml"),
    ]


def test_an_issue_without_articles_has_no_front_page_and_no_contributors() -> None:
    assert spine(replace(PUBLICATION, articles=())) == ["cover.xhtml", "title.xhtml", "contents.xhtml", "colophon.xhtml"]


def test_the_front_page_leads_with_a_picture_and_its_standfirst() -> None:
    front = page("front.xhtml")
    lead, rest = front.split('<div class="story', 2)[1:]
    assert 'alt="A lighthouse"' in lead
    assert FERRY.headline in lead
    assert f'<p class="standfirst">{FERRY.description}</p>' in lead
    assert BELLS.headline in rest


def test_the_front_page_has_the_original_before_its_translation() -> None:
    german = replace(FERRY, identifier="de", url="https://lantern.example/de.html", headline="Die letzte Fahrt", in_language="de")
    publication = replace(PUBLICATION, articles=(german, FERRY, *(replace(BELLS, identifier=f"{n}", url=None) for n in range(9))))
    assert german not in [each.article for each in plan(publication).leads]
    assert plan(publication).leads[0].article == FERRY


def test_the_title_page_says_which_issue_it_is() -> None:
    week = Edition(key="2026-W47", issue_number=12, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22))
    title = page("title.xhtml", target=replace(TARGET, edition=week))
    assert '<p class="day">16–22 November 2026</p>' in title
    assert '<p class="edition">No. 12</p>' in title
    front = page("front.xhtml", target=replace(TARGET, edition=Edition(key="tides", name="On Tides")))
    assert '<p class="day">On Tides</p>' in front


def test_every_section_has_a_page_with_its_articles() -> None:
    for each in plan(PUBLICATION).sections:
        assert [found for found in HREF.findall(page(each.href)) if found.startswith("article-")] == [one.href for one in each.chapters]


def test_an_article_leads_to_its_neighbours_its_section_and_the_contents() -> None:
    steps = page_of(FERRY).partition('<nav class="steps"')[2]
    issue = plan(PUBLICATION)
    own, section = issue.chapters[0], issue.sections[1]
    assert HREF.findall(steps) == [
        *(href_of(BELLS), href_of(STARS)),
        *(f"{section.href}#_{own.key}", f"contents.xhtml#_{own.key}"),
    ]


def test_no_link_between_articles_has_a_fragment() -> None:
    """Kobo makes a pop-up of such a link."""
    pages = [page(each.href) for each in plan(PUBLICATION).chapters]
    assert [href for each in pages for href in HREF.findall(each) if re.match(r"article-.*#", href)] == []


def test_every_link_inside_the_book_leads_somewhere() -> None:
    book = {name.removeprefix("EPUB/"): body.decode() for name, body in files(written()).items() if name.endswith(".xhtml")}
    media = {name.removeprefix("EPUB/") for name in files(written())}
    for name, body in book.items():
        for href in HREF.findall(body):
            path, _, fragment = href.partition("#")
            assert ":" in path or (path or name) in media, href
            assert not fragment or ":" in path or f'id="{fragment}"' in book[path or name], href


def test_the_contributors_are_listed_by_name_with_what_they_have_written() -> None:
    contributors = page("contributors.xhtml")
    assert re.findall(r"<h2><span[^>]*></span>(.*?)</h2>", contributors) == ["Ines Calloway", "Judith Amory", "Tobias Wren"]
    assert HREF.findall(contributors.partition("Ines Calloway")[2])[:2] == ["https://lantern.example/ines", href_of(FERRY)]


def test_two_people_of_one_name_are_two() -> None:
    first, second = (Person(name="Kim Lee", url=f"https://{host}.example/") for host in "ab")
    issue = plan(replace(PUBLICATION, articles=(replace(FERRY, author=(first,), editor=()), replace(BELLS, author=(second,)))))
    assert [each.party for each in issue.contributors] == [first, second]


def test_a_contributor_has_a_portrait() -> None:
    ines = Person(name="Ines", image=Image(content_url=f"{AT}ines.jpg", description="Ines, smiling"))
    contributors = page("contributors.xhtml", replace(PUBLICATION, articles=(replace(FERRY, author=(ines,)),)))
    assert re.search(r'<img alt="Ines, smiling" src="media/\w+\.jpg" data-src="[^"]+"/>', contributors)


def test_the_colophon_has_the_licence_of_each_text_and_picture() -> None:
    harbour = replace(FERRY, license="https://creativecommons.org/publicdomain/zero/1.0/")
    picture = replace(FERRY.image[0], license="https://creativecommons.org/licenses/by-sa/4.0/")
    colophon = page("colophon.xhtml", replace(PUBLICATION, articles=(replace(harbour, image=(picture,)), BELLS)))
    texts, pictures = colophon.split("<h2>")[1:]
    assert ">other.example/ferry</a> · © 2026 The Lantern Press · " in texts
    assert ">CC0 1.0</a>" in texts
    assert ' · The light · <span class="credit">Drawing: R. A.</span> · ' in pictures
    assert ">CC BY-SA 4.0</a>" in pictures
    assert BELLS.headline not in texts, "what holds for the whole book is said once"


def test_a_house_article_has_the_copyright_line_of_the_house_and_another_has_not() -> None:
    house = replace(PUBLICATION, copyright_notice="© The Lantern")
    own, taken = BELLS, replace(STARS, is_based_on="https://other.example/")
    issue = replace(house, articles=(own, taken, replace(FERRY, publisher=Organization(name="Others"), copyright_notice=None)))
    shown = ['<p class="copyright">© The Lantern</p>' in page(each.href, issue) for each in plan(issue).chapters]
    assert shown == [True, False, False]


@pytest.mark.parametrize(
    ("body", "minutes"),
    [
        ("", 0),
        ("<hr/>", 0),
        ("<p>Ring.</p>", 1),
        (f"<p>{'word ' * 230 * 3}</p>", 3),
        (f"<p>{'don’t ' * 230 * 2}</p>", 2),
        (f"<p>{'茶' * 2000}</p>", 4),
        (f'<p><a href="https://e.org/{"a-" * 2000}">short</a></p>', 1),
    ],
)
def test_reading_takes_a_minute_for_230_words_or_500_ideographs(body: str, minutes: int) -> None:
    assert reading_minutes(markup.clean(body)) == minutes


def test_words_are_counted_the_short_way_only_where_all_white_space_is_ascii_and_no_character_is_a_word() -> None:
    rare = [each for each in map(chr, range(0x110000)) if theme._RARE.search(each)]
    assert {each for each in map(chr, range(0x80, 0x110000)) if each.isspace() or theme._IDEOGRAPH.match(each)} <= set(rare)
    assert [each for each in map(chr, range(0x110000)) if theme._is_rare(each.encode(errors="surrogatepass"), each)] == rare


PARTS = ("harbour", "café", "“bells”", "—", "&amp;", " ", "  ", "\n", "\t", "<p>", "</p>", "<em>", '<a href="b c">')


@given(st.lists(st.sampled_from(PARTS)))
def test_the_short_way_to_count_words_gives_what_the_long_one_does(parts: list[str]) -> None:
    body = "".join(parts)
    written = body.encode()
    assert (theme._is_rare(written, body), theme._words(written)) == (False, len(re.sub("<[^>]*>", " ", body).split()))


def test_the_reading_time_is_in_the_language_and_digits_of_the_article() -> None:
    assert "مدة القراءة: 1 د" in page_of(STARS)
    assert "1 min read" in page_of(FERRY)

"""The pages beside the articles: lists, their index, the issues, how to subscribe, and what is shown where nothing is."""

from __future__ import annotations

import json
import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urljoin

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image as Picture

from publisher import build, issues, planning, settings, whole
from publisher.article import Article, Image, Link, Party, Person, Publication
from publisher.formats import Edition, no_media, webpage
from publisher.formats.epub.listing import planned
from publisher.issues import Held, Selection
from publisher.markup import Element, parse_html
from publisher.newsstand import addresses, lists, services
from publisher.newsstand.options import SiteOptions
from publisher.newsstand.plan import Site
from publisher.problems import Severity, Unreadable
from publisher.settings import Settings
from publisher.surroundings import Theme
from tests import strategies
from tests.judges import nu

SITE = "https://lantern.example/"
KNOWN = settings.read(
    b"""[publication]
name = "The Lantern"
url = "https://lantern.example/"
description = "News from the edge of the map"
language = "en"
since = "2026"
sections = ["Harbour", "World"]
image = { src = "https://lantern.example/media/banner.jpg", alt = "A lantern" }
[publisher]
name = "The Lantern Press"
type = "Organization"
[site]
size = 10
[feeds]
keywords = ["Tides"]
"""
)[0]
INES = Person(
    name="Ines Calloway",
    url="https://people.lantern.example/ines/",
    image=Image(content_url=f"{SITE}media/ines.jpg", width=400, height=400, description="Ines Calloway, smiling"),
    same_as=("https://social.example/@ines",),
)
SUMMARY = "Ferries slow to six knots as a whale believed to be passing through the sound decides otherwise, and the town keeps count."

Files = Mapping[str, bytes]


def article(number: int, **given_: Any) -> Article:
    """One of a row, each a day after that before it."""
    values: dict[str, Any] = {
        "identifier": f"tag:lantern.example,2026:{number}",
        "url": f"{SITE}articles/humpback-and-calf-stay-week-{number}-in-ellery-sound.html",
        "headline": f"Humpback and calf stay week {number} in Ellery Sound",
        "description": SUMMARY,
        "body": "<p>They stay.</p>",
        "article_section": "Harbour",
        "author": (INES,),
        "keywords": ("Tides", "Whales"),
        "date_published": date(2025, 9, 1) + timedelta(number),
        "in_language": "en",
    }
    return Article(**(values | given_))


def publication(*articles: Article, **given_: Any) -> Publication:
    return replace(KNOWN.publication, articles=articles, **given_)


def built(given_: Publication, known: Settings = KNOWN, only: tuple[str, ...] = (), **more: Any) -> dict[str, bytes]:
    """Return the files of a build but books and covers, whose writing takes longer than all others."""
    outputs = planning.plan(given_, known, no_media, only, **more)
    return {each.path: build.render(each).body for each in outputs if not each.path.endswith((".epub", ".jpg"))}


@lru_cache
def site(count: int = 25) -> Files:
    return built(publication(*map(article, range(count))))


def of_lists(files: Files) -> dict[str, Element]:
    """Return the pages that are no articles, not the front page, and lead nowhere else, parsed."""
    others = ("articles/", "index.html")
    pages = {path: body for path, body in files.items() if path.endswith(".html") and not path.startswith(others)}
    return {path: parse_html(body) for path, body in pages.items() if b'http-equiv="refresh"' not in body}


def page(path: str, files: Files | None = None) -> Element:
    return parse_html((files or site())[path])


def find(root: Element, path: str) -> list[str]:
    found = cast("list[str | Element]", root.xpath(path))
    return [each if isinstance(each, str) else " ".join("".join(map(str, each.itertext())).split()) for each in found]


def linked(body: bytes) -> list[dict[str, Any]]:
    found = re.search(rb'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)
    assert found
    return list(json.loads(found[1])["@graph"])


def of_type(body: bytes, kind: str) -> dict[str, Any]:
    (node,) = [each for each in linked(body) if each["@type"] == kind]
    return node


# -- which pages there are ------------------------------------------------------------------------------------------------


def test_there_is_a_page_of_each_section_author_keyword_year_and_month() -> None:
    assert [each for each in site(3) if each.endswith(".html") and not each.startswith("articles/")] == [
        "404.html",
        "archive.html",
        "archive/2025-09.html",
        "archive/2025.html",
        "authors/ines-calloway.html",
        "index.html",
        "issues.html",
        "keywords/tides.html",
        "keywords/whales.html",
        "sections/harbour.html",
        "subscribe.html",
    ]


def test_articles_of_one_day_have_one_order_everywhere() -> None:
    given_ = publication(*(article(each, date_published=date(2025, 9, 1)) for each in (2, 1, 3)))
    files = built(given_)
    feed = re.findall(r"<id>tag:lantern.example,2026:(\d)</id>", files["feed.atom"].decode())

    def order(path: str) -> list[str]:
        links = find(page(path, files), "//main//a/@href[contains(., 'week-')]")
        return list(dict.fromkeys(re.findall(r"week-(\d)", " ".join(links))))

    assert (order("index.html"), order("sections/harbour.html"), feed) == (["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"])


def test_without_web_pages_there_are_none() -> None:
    assert [each for each in built(publication(article(1)), only=("atom",)) if each.endswith((".html", ".js", ".svg"))] == []


OF_SEPTEMBER = ("archive/2025-09", "authors/ines-calloway", "keywords/tides", "keywords/whales", "sections/harbour")


def test_a_new_article_changes_only_the_first_page_of_its_lists() -> None:
    before, after = site(25), site(26)
    older = [each for each in of_lists(before) if re.fullmatch(r"(sections|authors|keywords|archive)/[\w-]+/[\w-]+\.html", each)]
    assert older == [f"{each}/2025-09-01--10.html" for each in OF_SEPTEMBER]
    assert {each: after[each] for each in older} == {each: before[each] for each in older}


def older(files: Files, stem: str = "sections/harbour") -> list[str]:
    """Return the periods of the older pages of a list, the newest first."""
    there = list(chain(files, f"{stem}.html"))[1:]
    assert sorted(there) == [path for path in of_lists(files) if path.startswith(f"{stem}/")]
    return [path.removeprefix(f"{stem}/").removesuffix(".html") for path in there]


def test_when_as_many_are_new_as_fill_a_page_only_the_link_to_it_is_new_on_the_page_before() -> None:
    before, after = site(29), site(30)
    assert older(after) == ["2025-09-11--20", "2025-09-01--10"]
    first, second = (each["sections/harbour/2025-09-01--10.html"].decode().splitlines() for each in (before, after))
    assert [each for each in second if each not in first] == [
        '<link rel="prev" href="2025-09-11--20.html">',
        '<li><a rel="prev" href="2025-09-11--20.html">Newer articles</a></li>',
    ]
    assert older(site(40)) == ["2025-09-21--30", "2025-09-11--20", "2025-09-01--10"]


def turned(one: Files, other: Files) -> list[str]:
    """Return the older pages of lists that only one of two sites has, or that differ."""
    pages = {path for files in (one, other) for path in of_lists(files) if path.count("/") > 1}
    return sorted(path for path in pages if one.get(path) != other.get(path))


def test_an_article_less_changes_only_the_page_of_its_own_period() -> None:
    there, gone = site(60), built(publication(*(article(each) for each in range(60) if each != 14)))
    assert turned(there, gone) == [f"{each}/2025-09-11--20.html" for each in OF_SEPTEMBER]


def test_an_article_on_another_day_changes_only_the_pages_of_both() -> None:
    moved = article(9, date_published=date(2025, 9, 11))
    there, after = site(60), built(publication(*(moved if each == 9 else article(each) for each in range(60))))
    assert [path for path in turned(there, after) if path.startswith("sections/")] == [
        f"sections/harbour/2025-09-{each}.html" for each in ("01--10", "11--15", "11--20", "16--20", "21--30")
    ]
    assert older(after)[-3:] == ["2025-09-16--20", "2025-09-11--15", "2025-09-01--10"], "eleven are too many for ten days"


def test_a_list_with_a_few_articles_a_year_has_years_on_its_older_pages() -> None:
    days = [date(year, month, 3) for year in (2018, 2019, 2020, 2021) for month in (1, 4, 7)] + [date(1999, 1, 3), date(2001, 2, 2)]
    files = built(publication(*(article(number, date_published=day) for number, day in enumerate(days))), only=("webpage",))
    assert older(files) == ["2000s", "1990s"]
    assert find(page("sections/harbour/1990s.html", files), "//p[@class='period']") == ["3 January 1999"]
    assert len(find(page("sections/harbour.html", files), "//main//*[contains(@class, 'h-entry')]")) == 12


def test_a_year_and_a_month_are_called_by_their_names() -> None:
    days = [date(2018, 1 + each // 2, 3 + each) for each in range(8)] + [date(2019, 5, 1 + each) for each in range(20)]
    files = built(publication(*(article(number, date_published=day) for number, day in enumerate(days))), only=("webpage",))
    assert older(files) == ["2019-05-01--10", "2018"]
    assert find(page("sections/harbour/2018.html", files), "//h1 | //p[@class='period']") == ["Harbour", "2018"]
    days = [date(2018, 3, 3 + each) for each in range(8)] + [date(2018, 2, 1 + each) for each in range(4)] + days[8:]
    files = built(publication(*(article(number, date_published=day) for number, day in enumerate(days))), only=("webpage",))
    assert older(files) == ["2019-05-01--10", "2018-03", "2018-02"]
    assert find(page("sections/harbour/2018-02.html", files), "//title") == ["Harbour, February 2018 – The Lantern"]


def test_articles_without_a_date_are_on_the_oldest_page() -> None:
    files = built(publication(*map(article, range(11)), *(article(each, date_published=None) for each in (11, 12))), only=("webpage",))
    assert older(files) == ["undated"]
    root = page("sections/harbour/undated.html", files)
    assert find(root, "//title") == ["Harbour, More – The Lantern"]
    assert find(root, "//main//*[@class='u-url p-name']") == [article(each).headline for each in (11, 12)]


def test_the_first_page_has_as_many_as_fill_one_at_least() -> None:
    assert [
        len(find(page("sections/harbour.html", site(count)), "//main//*[contains(@class, 'h-entry')]")) for count in (9, 10, 19, 20, 21)
    ] == [9, 10, 19, 10, 11]


def chain(files: Files, path: str) -> Iterator[str]:
    """Yield the pages of a list as a reader turns them."""
    while path:
        yield path
        older = find(page(path, files), "//nav[@class='turn']//a[@rel='next']/@href")
        path = urljoin(path, older[0]) if older else ""


@pytest.mark.parametrize("count", [1, 9, 10, 11, 19, 20, 21, 45])
def test_who_turns_the_pages_meets_every_article_once_the_newest_first(count: int) -> None:
    files = site(count)
    met = [each for path in chain(files, "sections/harbour.html") for each in find(page(path, files), "//main//*[@class='u-url p-name']")]
    assert met == [article(each).headline for each in reversed(range(count))]


def test_turning_back_leads_the_same_way() -> None:
    files = site(45)
    there = list(chain(files, "sections/harbour.html"))
    back = [urljoin(path, find(page(path, files), "//link[@rel='prev']/@href")[0]) for path in there[1:]]
    assert back == there[:-1]


def test_a_page_with_older_articles_says_of_what_days_they_are() -> None:
    assert find(page("sections/harbour/2025-09-01--10.html"), "//title") == ["Harbour, 1–10 September 2025 – The Lantern"]


# -- what is on them ------------------------------------------------------------------------------------------------------

TITLES = {
    "en": ("Articles by Ines Calloway", "September 2025", "2025"),
    "fr": ("Articles de Ines Calloway", "septembre 2025", "2025"),
    "cs": ("Články autora: Ines Calloway", "září 2025", "2025"),
    "ar": ("مقالات Ines Calloway", "سبتمبر 2025", "2025"),
    "fa": ("نوشته‌های Ines Calloway", "سپتامبر ۲۰۲۵", "۲۰۲۵"),
    "ja": ("Ines Callowayの記事", "2025年9月", "2025年"),
    "zh-Hant": ("Ines Calloway的文章", "2025年9月", "2025年"),
    "ko": ("Ines Calloway의 글", "2025년 9월", "2025년"),
}


@pytest.mark.parametrize("tag", TITLES)
def test_lists_are_called_as_the_language_calls_them(tag: str) -> None:
    files = built(publication(article(1), in_language=tag), only=("webpage",))
    found = (find(page(path, files), "//h1") for path in ("authors/ines-calloway.html", "archive/2025-09.html", "archive/2025.html"))
    assert tuple(each[0] for each in found) == TITLES[tag]


def test_a_list_announces_its_own_feeds_before_those_of_the_whole() -> None:
    found = find(page("sections/harbour.html"), "//link[@rel='alternate']/@href")
    assert found[:4] == [*(f"{SITE}sections/harbour.{each}" for each in ("json", "atom", "rss")), f"{SITE}feed.json"]


def test_feeds_of_a_list_are_linked_at_its_top_and_those_of_the_whole_at_the_foot() -> None:
    root = page("keywords/tides.html")
    assert find(root, "//main//nav[@class='feeds']//a/@href") == ["tides.json", "tides.atom", "tides.rss"]
    assert find(root, "//footer//nav[@class='follow']//a/@href")[:3] == ["../feed.json", "../feed.atom", "../feed.rss"]


def test_a_page_with_older_articles_has_the_way_to_it() -> None:
    assert find(page("archive/2025-09/2025-09-01--10.html"), "//nav[@class='trail']//li") == [
        "Front page",
        "Archive",
        "2025",
        "September 2025",
        "1–10 September 2025",
    ]


def test_linked_data_says_what_the_page_is_of_and_the_way_to_it() -> None:
    body = site()["sections/harbour/2025-09-01--10.html"]
    found = of_type(body, "CollectionPage")
    assert (found["@id"], found["name"]) == (f"{SITE}sections/harbour/2025-09-01--10.html", "Harbour, 1–10 September 2025")
    assert [each["url"] for each in found["mainEntity"]["itemListElement"]] == [article(each).url for each in reversed(range(10))]
    assert [each["name"] for each in of_type(body, "BreadcrumbList")["itemListElement"]] == [
        "The Lantern",
        "Harbour",
        "Harbour, 1–10 September 2025",
    ]


def test_the_page_of_an_author_tells_who_it_is() -> None:
    root, body = page("authors/ines-calloway.html"), site()["authors/ines-calloway.html"]
    assert find(root, "//*[contains(@class, 'h-card') and contains(@class, 'profile')]//a/@href") == [INES.url, *INES.same_as]
    assert find(root, "//*[@class='portrait']/img/@alt") == ["Ines Calloway, smiling"]
    assert find(root, "//meta[@property='og:image']/@content") == [f"{SITE}media/ines.jpg"]
    person = of_type(body, "ProfilePage")["mainEntity"]
    assert (person["@type"], person["name"], person["sameAs"]) == ("Person", "Ines Calloway", list(INES.same_as))


def test_an_author_whose_address_is_here_has_the_page_there_and_no_link_to_it() -> None:
    files = built(publication(article(1, author=(Person(name="Ines", url=f"{SITE}people/ines/"),))), only=("webpage",))
    root = page("people/ines/index.html", files)
    assert find(root, "//link[@rel='canonical']/@href") == [f"{SITE}people/ines/"]
    assert find(root, "//p[contains(@class, 'profile')]//a") == []


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("caf%C3%A9/", "café/index.html"),
        ("caf%c3%a9", "café.html"),
        ("o'hare,(1).html", "o'hare,(1).html"),
        ("caf%E9/", None),
        ("a%2Fb", None),
        ("a%2fb/", None),
        ("a%00b", None),
    ],
)
def test_an_address_that_can_be_no_files_is_not_where_a_page_goes(address: str, path: str | None) -> None:
    assert addresses.own_path(f"{SITE}{address}", KNOWN.publication) == path


SEARCHED = replace(KNOWN, site=replace(KNOWN.site, search=True))


def clashing(*given_: Article, **more: Any) -> tuple[list[str], set[str]]:
    """Return what a build of these articles has against its paths, and the pages that it writes."""
    held = publication(*given_)
    outputs = planning.plan(held, SEARCHED, no_media, **more)
    return [each.message for each in build.clashes(held, outputs)], {each.path for each in outputs if each.path.endswith(".html")}


def by(number: int, name: str, home: str, **more: Any) -> Article:
    return article(number, author=(Person(name=name, url=f"{SITE}{home}"),), **more)


def test_authors_with_one_page_together_have_their_lists_among_the_authors() -> None:
    problems, paths = clashing(by(1, "Ines", "team.html"), by(2, "Tobias", "team.html"), by(3, "Judith", "judith/"))
    assert (problems, "team.html" in paths) == ([], False)
    assert paths >= {"authors/ines.html", "authors/tobias.html", "judith/index.html"}


@pytest.mark.parametrize("home", ["about/", "about", "About.html"])
def test_an_author_whose_address_is_an_article_has_a_list_among_the_authors(home: str) -> None:
    problems, paths = clashing(by(1, "Ines", home, url=f"{SITE}about/"))
    assert (problems, paths >= {"about/index.html", "authors/ines.html"}) == ([], True)


@pytest.mark.parametrize("home", ["archive", "feed", "catalogue/", "subscribe.html", "sections/harbour", "404", "authors/tobias.html"])
def test_an_author_has_no_page_where_ours_are(home: str) -> None:
    problems, paths = clashing(by(1, "Ines", home), by(2, "Tobias", ""))
    assert (problems, paths >= {"authors/ines.html", "authors/tobias.html"}) == ([], True)


@pytest.mark.parametrize(
    "address",
    "archive archive/ Archive.html archive/2025 issues issues/1 subscribe search sections/harbour sections/harbour/1 sections/harbour/2025-09".split(),
)
def test_pages_beside_the_articles_give_way_to_articles(address: str) -> None:
    given_ = (article(0, url=f"{SITE}{address}"), *map(article, range(1, 25)))
    problems, paths = clashing(*given_)
    listed = address.casefold().removesuffix("/1").removesuffix("/2025-09").removesuffix("/").removesuffix(".html")
    assert (problems, f"{listed}--list.html" in paths) == ([], True)
    files = built(publication(*given_), SEARCHED)
    assert page(addresses.own_path(f"{SITE}{address}", KNOWN.publication) or "", files).findtext(".//h1") == given_[0].headline
    wrong = {
        "site-link-broken",
        "site-canonical-missing",
        "site-page-of-another-article",
        "site-sitemap-page-missing",
        "site-page-orphaned",
    }
    found = whole.check(files, files.__getitem__)
    assert [each.message for each in found if each.code in wrong and not re.search(r"[.](?:epub|jpg)'", each.message)] == []


def test_an_article_where_servers_look_for_what_is_not_there_is_shown_then() -> None:
    problems, paths = clashing(article(1, url=f"{SITE}404"))
    assert (problems, "404.html" in paths) == ([], True)


NAMES = {
    "Harbour": "harbour",
    "Ellery Quay": "ellery-quay",
    "E. M. Harkness": "e-m-harkness",
    "Pellow & Daughters": "pellow-daughters",
    "Sammy Davis, Jr.": "sammy-davis-jr",
    "Niamh O’Hara": "niamh-ohara",
    "Jean-Luc Émile": "jean-luc-émile",
    "Arts / Books (new)": "arts-books-new",
    "Вера Лугова": "вера-лугова",
    "ジョン・スミス": "ジョン-スミス",
    "C": "c",
    "C++": "c-f1deb75f",
    "C#": "c-",
    ".NET": "net-",
    "Who?": "who-",
    "5 €": "5-",
    "☂": "list-",
    "…": "list-",
    "x" * 91: "x" * 90 + "-",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_list_is_called_by_its_name_alone(name: str) -> None:
    (found,) = addresses.distinct([name]).values()
    assert found == NAMES[name] if not NAMES[name].endswith("-") else re.fullmatch(f"{NAMES[name]}[0-9a-f]{{8}}", found)


@given(st.lists(st.text(), unique=True, max_size=6))
def test_no_two_lists_have_one_name_and_the_older_keep_theirs(names: list[str]) -> None:
    found = addresses.distinct(names)
    assert len({each.casefold() for each in found.values()}) == len(names)
    for count in range(len(names)):
        assert addresses.distinct(names[:count]).items() <= found.items()


def test_a_new_article_takes_no_list_from_an_older_one() -> None:
    old = tuple(Article(identifier=f"a{n}", headline="A", keywords=("C++", "tide"), date_published=date(2026, 1, n)) for n in (1, 2, 3))
    new = tuple(Article(identifier=f"b{n}", headline="B", keywords=("C", "Tide"), date_published=date(2026, 2, n)) for n in (1, 2, 3))
    rare = Article(identifier="c", headline="C", keywords=("TIDE",), date_published=date(2025, 1, 1))

    def paths(*articles: Article) -> dict[str, str]:
        site = Site(publication=replace(KNOWN.publication, articles=articles))
        return {each.name: each.path for each in site.keywords}

    assert paths(*old)["C++"] == "keywords/c-f1deb75f.html"
    assert paths(*old)["tide"] == "keywords/tide.html"
    assert paths(*old).items() <= paths(*new, *old).items()
    assert paths(*new, *old)["C"] == "keywords/c.html"
    more = tuple(replace(rare, identifier=f"c{n}", date_published=date(2026, 3, n)) for n in (1, 2))
    assert paths(rare, *old).items() <= paths(*more, rare, *old).items()


# -- more of a section ----------------------------------------------------------------------------------------------------


def more_of(files: Files, number: int) -> list[str]:
    """Return the weeks of the articles that the page of an article names as more of its section."""
    return [each.split()[5] for each in find(page(f"articles/humpback-and-calf-stay-week-{number}-in-ellery-sound.html", files), MORE)]


MORE = "//section[@class='more']//li"


def test_more_of_a_section_is_what_came_before_and_is_not_named_yet() -> None:
    assert more_of(site(), 12) == ["10", "9", "8"], "11 is the article before"
    cited = article(7, citation=(Link(url=str(article(4).url), name="Week 4"),))
    assert more_of(built(publication(*map(article, range(7)), cited, article(8)), only=("webpage",)), 7) == ["5", "3", "2"]


def test_where_too_little_came_before_more_of_a_section_is_what_came_next() -> None:
    assert [more_of(site(), each) for each in (0, 1, 2, 3)] == [["2", "3", "4"], ["3", "4", "5"], ["0", "4", "5"], ["1", "0", "5"]]
    assert more_of(built(publication(article(0), article(1, article_section="World")), only=("webpage",)), 0) == []


@pytest.mark.parametrize("number", [0, 1, 12, 23, 24], ids=lambda each: f"article {each}")
def test_an_article_that_comes_or_goes_changes_few_pages_of_its_section(number: int) -> None:
    all_, rest = (built(publication(*(article(each) for each in range(25) if each != left)), only=("webpage",)) for left in (None, number))
    changed = {path for path in all_.keys() & rest.keys() if path.startswith("articles/") and all_[path] != rest[path]}
    assert len(changed) <= 7
    assert number != 24 or changed == {"articles/humpback-and-calf-stay-week-23-in-ellery-sound.html"}


def test_a_year_has_its_months_with_counts_and_its_headlines_by_month() -> None:
    files = site(40)
    root = page("archive/2025.html", files)
    assert find(root, "//ul[@class='counts']/li") == ["October 2025 10", "September 2025 30"]
    assert find(root, "//main/h2") == ["October 2025"]
    assert find(page("archive/2025.html", site(35)), "//main/h2") == ["October 2025", "September 2025"]
    assert older(files, "archive/2025") == [], "the pages of its months have the others"


def test_the_index_counts_all_lists() -> None:
    root = page("archive.html", site(40))
    assert find(root, "//section/h2") == ["2025 40", "Sections", "Authors", "Topics"]
    assert find(root, "//ul[@class='counts']/li") == [
        *("October 2025 10", "September 2025 30", "Harbour 40"),
        *("Ines Calloway 40", "Tides 40", "Whales 40"),
    ]


def test_an_article_without_date_is_in_the_index_itself() -> None:
    files = built(publication(article(1), article(2, date_published=None)), only=("webpage",))
    assert find(page("archive.html", files), "//section[last()]//a") == [article(2).headline]


def test_readers_are_told_what_is_opinion_in_lists_too() -> None:
    files = built(publication(article(1, type="OpinionNewsArticle")), only=("webpage",))
    assert find(page("sections/harbour.html", files), "//*[@class='kicker']") == ["Opinion"]
    assert find(page("archive/2025.html", files), "//li//small") == ["Opinion"]


def test_an_article_in_another_language_is_marked_as_such() -> None:
    files = built(publication(article(1, in_language="ar", headline="النجوم")), only=("webpage",))
    assert find(page("sections/harbour.html", files), "//article/@lang | //article/@dir") == ["ar", "rtl"]


# -- the issues -----------------------------------------------------------------------------------------------------------


def with_issues(*articles: Article, held: tuple[Held, ...] = (), more: tuple[str, ...] = (), kepub: bool = False, size: int = 10) -> Files:
    given_, out = publication(*articles), (*(each.path for each in held), *more)
    rows = (Selection(select="all"), Selection(select="month", since=date(2025, 8, 1)))
    books = issues.plan(given_, rows, out=out).books
    known = replace(KNOWN, issues=rows, site=SiteOptions(size=size))
    return built(given_, known, books=books, out=out, held=held, kepub=kepub)


def of_month(month: int) -> Held:
    """An issue that is out, and whose articles are gone."""
    first = date(2025, month, 1)
    edition = Edition(key=f"2025-{month:02}", issue_number=month, first_day=first, last_day=first + timedelta(27))
    listing = planned(publication(article(0, date_published=first)), edition)
    return Held(path=f"issues/the-lantern-2025-{month:02}.epub", listing=listing)


def test_issues_have_number_days_and_how_many_articles() -> None:
    root = page("issues.html", with_issues(*map(article, range(35))))
    assert find(root, "//ul[@class='issues']//h2") == ["October 2025", "September 2025", "The Lantern"]
    assert find(root, "//ul[@class='issues']//p[@class='dates']") == ["No. 3 Articles: 5", "No. 2 Articles: 30", "Articles: 35"]
    covers = [f"issues/the-lantern{each}-small.jpg" for each in ("-2025-10", "-2025-09", "")]
    assert find(root, "//ul[@class='issues']//img/@src") == covers


def test_an_issue_that_is_out_is_there_although_it_is_not_made_now() -> None:
    root = page("issues.html", with_issues(article(1), held=(of_month(7),), more=("issues/the-lantern-2025-07.kepub.epub",)))
    out = ["issues/the-lantern-2025-07.epub", "issues/the-lantern-2025-07.kepub.epub"]
    assert find(root, "//ul[@class='issues']//a/@href") == ["issues/the-lantern-2025-09.epub", *out, "the-lantern.epub"]


def test_an_issue_for_kobo_is_offered_where_there_is_one() -> None:
    root = page("issues.html", with_issues(article(1), kepub=True))
    assert find(root, "//ul[@class='issues']/li[last()]//a/@href") == ["the-lantern.epub", "the-lantern.kepub.epub"]


def test_many_issues_are_on_several_pages_of_which_the_older_ones_stay() -> None:
    files = with_issues(article(1), held=tuple(map(of_month, range(1, 8))), size=3)
    assert [len(find(page(path, files), "//ul[@class='issues']/li")) for path in chain(files, "issues.html")] == [6, 3]
    assert find(page("issues/1.html", files), "//title") == ["Issues, 1 January 2025 – 1 March 2025 – The Lantern"]


def test_an_issue_without_a_picture_beside_it_shows_none() -> None:
    files = built(publication(article(1)), only=("webpage", "epub"))
    assert find(page("issues.html", files), "//ul[@class='issues']//img") == []


# -- how to subscribe -----------------------------------------------------------------------------------------------------


def test_every_feed_is_offered() -> None:
    root = page("subscribe.html")
    whole = [f"{SITE}feed.{each}" for each in ("atom", "rss", "json")]
    catalogues = [f"{SITE}catalogue.{each}" for each in ("xml", "json")]
    own = [f"{SITE}{each}.atom" for each in ("sections/harbour", "authors/ines-calloway", "keywords/tides")]
    assert find(root, "//input/@value") == [*whole, f"{SITE}feeds.opml", *catalogues, *own]
    assert find(root, "(//ul[@class='rows'])[1]//p[@class='types']/a/@href") == [
        f"sections/harbour.{each}" for each in ("json", "atom", "rss")
    ]


def test_an_address_is_there_without_script_and_the_button_is_not() -> None:
    root = page("subscribe.html")
    assert (
        len(find(root, "//input[@readonly]"))
        == len(find(root, "//button[@hidden]"))
        == len(find(root, "//input"))
        == len(find(root, "//input[@aria-label]"))
    )


def test_a_script_may_run_on_one_page_only_and_only_ours() -> None:
    policies = {path: find(root, "//meta[@http-equiv]/@content")[0] for path, root in of_lists(site()).items()}
    assert [path for path, policy in policies.items() if "'self'" in policy] == ["subscribe.html"]
    assert find(page("subscribe.html"), "//script/@src") == ["site.js"]
    assert b"site.js" not in b"".join(body for path, body in site().items() if path != "subscribe.html")


def drawn(svg: bytes) -> Picture.Image:
    """Return what a QR code as SVG looks like, where each dark run is a line of one unit (SVG 2, 9.3)."""
    size = int(re.search(rb'(?:viewBox="0 0 |M0 0h)(\d+)', svg)[1])  # type: ignore[index]
    path = re.search(rb'stroke="#000" d="([^"]*)"', svg)[1].decode()  # type: ignore[index]
    picture, x, y = Picture.new("L", (size, size), 255), 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]*)", path):
        given_ = [float(each) for each in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            for step in range(int(given_[0])):
                picture.putpixel((x + step, int(y)), 0)
            x += int(given_[0])
        else:
            x, y = int(given_[0] + (x if command == "m" else 0)), given_[1] + (y if command == "m" else 0)
    return picture.resize((size * 6, size * 6), Picture.Resampling.NEAREST)


def scanned(svg: bytes) -> list[str]:
    return [each.text for each in zxingcpp.read_barcodes(drawn(svg))]


def test_a_phone_reads_the_addresses_from_the_codes() -> None:
    inside = re.findall(rb'<div class="code".*?</div>', site()["subscribe.html"], re.DOTALL)
    assert [scanned(each) for each in inside] == [[f"{SITE}feed.atom"], [f"{SITE}catalogue.xml"]]
    assert scanned(site()["subscribe/sections/harbour.svg"]) == [f"{SITE}sections/harbour.atom"]


def test_a_code_is_dark_on_light_in_the_dark_too() -> None:
    assert b'fill="#fff"' in site()["subscribe/sections/harbour.svg"]


def test_where_there_are_many_lists_their_addresses_are_behind_links() -> None:
    many = [article(each, article_section=f"Section {each % 12}", author=(Person(name=f"Author {each}"),)) for each in range(40)]
    root = page("subscribe.html", built(publication(*many), only=("webpage", "atom")))
    assert find(root, "//ul[@class='rows']//input") == []
    assert find(root, "(//ul[@class='rows'])[2]/li[1]//a/@href") == [
        *("authors/author-0.html", "authors/author-0.atom", "subscribe/authors/author-0.svg"),
    ]


def test_no_page_but_the_index_grows_with_the_number_of_lists() -> None:
    several = [article(each, article_section=f"Section {each:04}", author=(Person(name=f"Author {each}"),)) for each in range(300)]
    given_ = publication(*several, sections=("Section 0099", "Section 0098"))
    outputs = planning.plan(given_, KNOWN, no_media, ("webpage", "atom"))
    paths = (
        "index.html",
        "subscribe.html",
        "sections/section-0099.html",
        "authors/author-7.html",
        "archive/2025.html",
        "archive/2025-09.html",
    )
    files = {each.path: build.render(each).body for each in outputs if each.path in paths or "week-299-" in each.path}
    assert len(files) == 7
    assert {path: len(body) for path, body in files.items() if len(body) > 30_000} == {}
    named = find(page("sections/section-0099.html", files), "(//header/nav)[1]//a")
    assert (named[:3], len(named), named[-1]) == (["Section 0099", "Section 0098", "Section 0000"], 21, "More")
    root = page("subscribe.html", files)
    assert find(root, "//ul[@class='rows'][1]/following-sibling::p//a/@href") == ["archive.html", "archive.html"]
    assert len(find(root, "//ul[@class='rows']/li")) == 20 + 20 + len(["Tides"])
    assert len([each for each in outputs if each.path.startswith("subscribe/")]) == 41


def test_a_section_that_pages_do_not_name_is_found_by_the_index() -> None:
    several = [article(each, article_section=f"Section {each:02}") for each in range(30)]
    files = built(publication(*several), only=("webpage",))
    assert find(page("sections/section-29.html", files), "//nav[@class='trail']//a/@href") == ["../", "../archive.html"]
    trail = find(page("articles/humpback-and-calf-stay-week-29-in-ellery-sound.html", files), "//nav[@class='trail']//a/@href")
    assert trail[-1] == "../sections/section-29.html"


# -- where nothing is -----------------------------------------------------------------------------------------------------


def test_the_page_for_what_is_not_there_works_at_every_address() -> None:
    root = page("404.html")
    named = find(root, "//@href | //@src")
    assert [each for each in named if not each.startswith(("https://", "#_main"))] == []
    assert find(root, "//main//a") == ["Front page", "Archive"]


def test_the_page_for_what_is_not_there_is_not_to_be_found() -> None:
    root = page("404.html")
    assert find(root, "//meta[@name='robots']/@content") == ["noindex"]
    assert find(root, "//link[@rel='canonical'] | //meta[@property='og:url']") == []


def test_a_home_page_that_is_hidden_by_mistake_is_told() -> None:
    hidden = b'<!doctype html><html lang="en"><title>My blog</title><meta name="robots" content="noindex"><meta property="og:type" content="website">'
    assert "page-not-to-be-found" in [each.code for each in webpage.check(hidden)]


# -- all of them ----------------------------------------------------------------------------------------------------------


def test_every_link_leads_to_something_that_is_built() -> None:
    files = dict(site(45))
    there = {*files, *("", "the-lantern.epub", "issues/the-lantern-small.jpg")}
    broken = []
    for path, root in of_lists(files).items():
        for each in find(root, "//a/@href | //link/@href | //img/@src | //script/@src"):
            target = unquote(urljoin(f"{SITE}{path}", each).partition("#")[0])
            if target.startswith(SITE) and not target.startswith(f"{SITE}media/") and target.removeprefix(SITE) not in there:
                broken.append((path, each))
    assert broken == []


def test_the_rules_for_pages_have_nothing_against_them() -> None:
    """Though none has an article, one is not to be found, and one, which searches, is described by nothing."""
    found = {path: [each.code for each in webpage.check(body)] for path, body in site(45).items() if path in of_lists(site(45))}
    assert {path: codes for path, codes in found.items() if codes} == {}
    files = built(publication(*map(article, range(3))), SEARCHED)
    assert webpage.check(files["search.html"]) == []


def test_a_page_is_small() -> None:
    """Under 30 kB without pictures, with as many articles as a page can have in the default of the settings."""
    known = replace(KNOWN, site=SiteOptions())
    files = built(publication(*map(article, range(39 + 20))), known)
    assert {path: len(body) for path, body in files.items() if path in of_lists(files) and len(body) > 30_000} == {}


def test_nothing_is_loaded_from_elsewhere() -> None:
    for root in of_lists(site()).values():
        loaded = find(root, "//img/@src | //script/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //source/@srcset")
        assert [each for each in loaded if urljoin(SITE, each).startswith(SITE) is False] == []


def test_pictures_have_a_size_so_that_nothing_moves() -> None:
    for root in of_lists(site()).values():
        assert find(root, "//main//img[not(@width) or not(@height)]/@src") == []


def test_each_page_has_one_heading_one_main_part_and_named_navigation() -> None:
    for path, root in of_lists(site()).items():
        assert len(find(root, "//h1")) == len(find(root, "//main")) == 1, path
        names = find(root, "//nav/@aria-label")
        assert len(names) == len(set(names)) == len(find(root, "//nav")), path


def test_every_page_that_is_found_says_so_to_all_who_share_it() -> None:
    wanted = ("og:title", "og:type", "og:url", "og:site_name", "og:description", "og:image")
    for path, root in of_lists(site()).items():
        if path != "404.html":
            assert [each for each in wanted if not find(root, f"//meta[@property='{each}']/@content")] == [], path


def test_a_list_is_an_h_feed_of_h_entries() -> None:
    root = page("sections/harbour.html")
    assert find(root, "//main/@class") == ["list h-feed"]
    assert len(find(root, "//*[contains(@class, 'h-entry')]//*[contains(@class, 'u-url')]")) == 15
    assert find(root, "//article[1]//time/@datetime") == [(date(2025, 9, 1) + timedelta(24)).isoformat()]


def test_what_people_call_themselves_is_text_everywhere() -> None:
    hostile = '"><script>alert(1)</script>{{ 7*7 }}../../x'
    party: Party = Person(name=hostile, url="https://e.org/", same_as=("https://e.org/?a=<b>",))
    files = built(
        publication(*(article(each, author=(party,), keywords=(hostile,), article_section=hostile) for each in range(2))),
        only=("webpage", "atom"),
    )
    for path, root in of_lists(files).items():
        assert find(root, "//script[not(@type)]/@src") in ([], ["site.js"]), path
        assert all(".." not in each for each in files)
    assert find(page("archive.html", files), "//section[3]//a") == [hostile]


@given(strategies.publications())
@hypothesis_settings(max_examples=15)
def test_any_publication_has_pages_without_errors(given_: Publication) -> None:
    for output in planning.plan(strategies.gathered(given_), KNOWN, no_media, ("webpage",)):
        if output.make and output.format in (lists.NAME, services.NAME, "archive"):
            written = pickle.loads(pickle.dumps(output)).make()
            assert [each for each in webpage.check(written) if each.severity == Severity.ERROR] == []
            assert output.make() == written


# -- as a source ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["index.html", "sections/harbour.html", "authors/ines-calloway.html", "archive.html", "subscribe.html", "404.html"]
)
def test_a_page_that_is_no_article_is_not_read_as_one(path: str) -> None:
    with pytest.raises(Unreadable) as refused:
        webpage.read(site()[path])
    assert [each.code for each in refused.value.problems] == ["page-no-article"]


def test_a_page_of_an_article_that_also_lists_others_is_read() -> None:
    body = site()["articles/humpback-and-calf-stay-week-1-in-ellery-sound.html"]
    related = b'<script type="application/ld+json">{"@context":"https://schema.org","@type":"CollectionPage","name":"More"}</script></head>'
    assert webpage.read(body.replace(b"</head>", related)).publication.articles[0].headline == article(1).headline


# -- what others say ------------------------------------------------------------------------------------------------------


@pytest.mark.judges
def test_the_nu_html_checker_has_nothing_to_say(tmp_path: Path) -> None:
    """Not about any page of a site in a language from left to right, from right to left, in characters, and in one we have no words in."""
    for tag in ("en", "ar", "ja", "eo"):
        files = built(publication(*map(article, range(25)), in_language=tag))
        for path, body in files.items():
            target = tmp_path / tag / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
    assert [str(each) for each in nu.check(sorted(tmp_path.rglob("*.html")))] == []


@pytest.mark.judges
def test_a_script_that_a_page_does_not_allow_is_told(tmp_path: Path) -> None:
    """What a file has no origin for is passed over only where the page allows what comes from its own."""
    body = site()["subscribe.html"]
    (tmp_path / "a.html").write_bytes(body.replace(b"&#39;self&#39;", b"").replace(b"'self'", b""))
    assert [each.severity for each in nu.check([tmp_path / "a.html"])] == [Severity.WARNING]


def test_a_list_looks_as_the_theme_says() -> None:
    theme = Theme(files=(("list.html", '{% extends "newspaper/list.html" %}{% block skip %}Down{% endblock %}'),))
    known = replace(KNOWN, site=SiteOptions(theme=theme))
    assert find(page("sections/harbour.html", built(publication(article(1)), known, ("webpage",))), "//a[@class='skip']") == ["Down"]

"""The build: what is planned, what is proved before it is written, and that nothing depends on where it is done."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from publisher import build, settings
from publisher.article import Article, Image, Media, Organization, Person, Publication
from publisher.build import render
from publisher.files import Folder
from publisher.newsstand.options import SiteOptions
from publisher.outputs import Output, Written
from publisher.planning import plan
from publisher.problems import Severity
from publisher.settings import Settings
from tests import strategies

SITE = "https://lantern.example/"
SETTINGS: Settings = settings.read(
    b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n'
)[0]
EMPTY = SETTINGS.publication
FORMATS = ("epub", "rss", "atom", "jsonfeed", "spelling", "newsarticle", "webpage")


def nothing(url: str) -> bytes | None:
    return None


def article(name: str = "ferry", **values: Any) -> Article:
    given_ = {"headline": "The ferry’s last trip", "url": f"{SITE}articles/{name}.html", "body": "<p>It sailed.</p>"}
    return Article(identifier=f"tag:lantern.example,2026:{name}", **{**given_, **values})


def of(*articles: Article) -> Publication:
    return replace(EMPTY, articles=articles)


FOR_MACHINES = re.compile(r"sitemap.*|robots\.txt|_headers|.*\.oembed\.json")
"""See test_machines.py."""


def paths(publication: Publication, only: tuple[str, ...] = ()) -> list[str]:
    """Return the paths of what is planned: articles, and of the site beside them the front page."""
    return [each.path for each in plan(publication, SETTINGS, nothing, only) if not each.make or each.path == "index.html"]


def output(path: str, publication: Publication, known: Settings = SETTINGS, only: tuple[str, ...] = ()) -> Output:
    return next(each for each in plan(publication, known, nothing, only) if each.path == path)


# -- planning -------------------------------------------------------------------------------------------------------------


def test_each_article_has_a_page_and_data_and_the_publication_feeds_a_book_and_a_front_page() -> None:
    assert paths(of(article("ferry"), article("bells"))) == [
        "articles/bells.html",
        "articles/bells.jsonld",
        "articles/ferry.html",
        "articles/ferry.jsonld",
        "feed.atom",
        "feed.json",
        "feed.rss",
        "index.html",
        "the-lantern.epub",
    ]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        (("atom",), ["feed.atom"]),
        (("webpage",), ["articles/ferry.html", "index.html"]),
        (("spelling", "epub"), ["the-lantern.epub", "the-lantern.json"]),
    ],
)
def test_only_what_is_asked_for_is_planned(only: tuple[str, ...], expected: list[str]) -> None:
    assert paths(of(article()), only) == expected


def test_a_publication_without_articles_has_feeds_a_book_and_a_front_page() -> None:
    assert paths(of()) == ["feed.atom", "feed.json", "feed.rss", "index.html", "the-lantern.epub"]


def test_feeds_hold_the_newest_and_the_book_holds_all() -> None:
    known = replace(SETTINGS, site=SiteOptions(feed_size=2))
    many = of(*(article(str(number), date_published=date(2026, 1, 9 - number)) for number in range(5)))
    held = {
        path: len(output(path, many, known).publication.articles) for path in ("feed.rss", "feed.atom", "feed.json", "the-lantern.epub")
    }
    assert held == {"feed.rss": 2, "feed.atom": 2, "feed.json": 2, "the-lantern.epub": 5}
    assert output("feed.rss", many, known).publication.articles == many.articles[:2]


def test_every_output_knows_its_address_and_the_hub() -> None:
    known = replace(SETTINGS, site=SiteOptions(hub="https://hub.example/"))
    given_ = of(article("%E8%8C%B6%E7%A2%97"))
    page = output("articles/茶碗.html", given_, known).target
    assert (page.url, page.hub) == (f"{SITE}articles/%E8%8C%B6%E7%A2%97.html", "https://hub.example/")


def test_pages_announce_the_best_feed_first() -> None:
    announced = output("index.html", of(article())).target.alternates
    alternates = [each.url.removeprefix(SITE) for each in announced if each.rel == "alternate"]
    assert alternates == ["feed.json", "feed.atom", "feed.rss", "the-lantern.epub"]
    assert [each.media_type for each in announced][:2] == ["application/feed+json", "application/atom+xml"]


def test_pages_announce_only_what_is_written() -> None:
    announced = output("index.html", of(article()), only=("webpage", "rss")).target.alternates
    assert [each.url for each in announced] == [f"{SITE}feed.rss"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (f"{SITE}articles/ferry.html", "ferry"),
        (f"{SITE}2026/11/the-ferry/", "the-ferry"),
        (f"{SITE}articles/ferry.html?page=2#top", "ferry"),
        ("https://elsewhere.example/articles/other.html", "the-ferrys-last-trip"),
        (None, "the-ferrys-last-trip"),
        (SITE, "the-ferrys-last-trip"),
    ],
)
def test_a_file_is_called_like_the_address_here_else_like_the_headline(url: str | None, name: str) -> None:
    assert paths(of(article(url=url)), ("newsarticle",)) == [f"articles/{name}.jsonld"]


@pytest.mark.parametrize("path", ["2026/ferry", "2026/ferry.html", "2026/ferry/"])
def test_a_page_lies_at_the_address_of_its_article(path: str) -> None:
    known = {"2026/ferry": "2026/ferry.html", "2026/ferry.html": "2026/ferry.html", "2026/ferry/": "2026/ferry/index.html"}
    assert known[path] in paths(of(article(url=f"{SITE}{path}")))


@pytest.mark.parametrize(
    "path", ["%2Ftmp%2Fx.html", "/tmp/x.html", "..%2F..%2Fx.html", "a/%2E%2E/%2E%2E/x.html", "a%5Cb.html", ".env", "a%00b", ""]
)
def test_no_address_of_an_article_leads_out_of_the_exports(path: str) -> None:
    pages = [each for each in paths(of(article(url=f"{SITE}{path}")), ("webpage",)) if each != "index.html"]
    assert [each.startswith("articles/") and each.count("/") == 1 for each in pages] == [True]


@pytest.mark.parametrize(
    ("first", "second"),
    [("x/", "x/index.html"), ("x", "x.html"), ("x.html", "X.html"), ("%C3%A9.html", "e%CC%81.html")],
    ids=["folder and index", "without and with ending", "case", "composition"],
)
def test_two_outputs_in_one_place_are_told(first: str, second: str) -> None:
    planned = plan(of(article("a", url=f"{SITE}{first}"), article("b", url=f"{SITE}{second}")), SETTINGS, nothing, ("webpage",))
    assert [each.code for each in build.clashes(EMPTY, planned)] == ["path-twice"]


def test_a_page_where_a_folder_is_needed_is_told() -> None:
    planned = plan(of(article("a", url=f"{SITE}a.html"), article("b", url=f"{SITE}a.html/b")), SETTINGS, nothing)
    assert [(each.code, each.location.path) for each in build.clashes(EMPTY, planned)] == [("path-is-folder", "a.html")]


@pytest.mark.parametrize("path", ["feed.rss", "", "the-lantern.epub"])
def test_an_article_at_the_address_of_another_output_is_told(path: str) -> None:
    planned = plan(of(article("a", url=f"{SITE}{path}")), SETTINGS, nothing)
    assert [each.code for each in build.clashes(EMPTY, planned)] == (["address-taken"] if path else [])


def test_a_build_of_one_article_warns_when_feeds_would_lose_others() -> None:
    planned = plan(of(article("a")), SETTINGS, nothing)
    (found,) = build.shrunk(planned, ["articles/a.html", "articles/b.html", "articles/c.html", "feed.atom", "index.html"])
    assert (found.code, found.message) == (
        "build-partial",
        "this would have only these articles, and not those of articles/b.html and 1 more",
    )
    assert list(build.shrunk(planned, ["articles/a.html", "index.html"])) == []
    assert list(build.shrunk(plan(of(article("a")), SETTINGS, nothing, ("newsarticle",)), ["articles/b.html"])) == []


def test_a_usual_plan_has_no_clashes() -> None:
    assert list(build.clashes(EMPTY, plan(of(article("a"), article("b")), SETTINGS, nothing), ["media/a.jpg"])) == []


def test_a_medium_where_an_output_goes_is_told() -> None:
    (found,) = build.clashes(EMPTY, plan(of(article("a")), SETTINGS, nothing), ["feed.rss"])
    assert (found.location.path, found.message) == ("feed.rss", "this would be the rss and a file of yours")


def test_an_address_without_a_slash_at_its_end_is_still_a_folder() -> None:
    bare = replace(of(article()), url="https://lantern.example")
    assert output("feed.atom", bare).target.url == "https://lantern.example/feed.atom"


def test_a_new_article_renames_no_older_one() -> None:
    old = article("z", url=None, date_published=date(2026, 11, 1))
    new = article("a", url=None, date_published=date(2026, 11, 2))
    (before,) = paths(of(old), ("newsarticle",))
    held = {each.path: each.publication.articles[0] for each in plan(of(new, old), SETTINGS, nothing, ("newsarticle",))}
    assert held[before] == old
    assert len(held) == 2


def test_a_headline_without_letters_gives_a_name_all_the_same() -> None:
    assert paths(of(article(url=None, headline="???")), ("newsarticle",)) == ["articles/tag-lantern-example-2026-ferry.jsonld"]


def test_another_headline_leaves_the_name() -> None:
    assert paths(of(article())) == paths(of(article(headline="The ferry sails again")))


def test_the_names_do_not_depend_on_the_order_of_the_articles() -> None:
    first, second = article("a", url=None), article("b", url=None)
    forth, back = (
        {each.publication.articles: each.path for each in plan(of(*pair), SETTINGS, nothing, ("newsarticle",))}
        for pair in ((first, second), (second, first))
    )
    assert forth == back


@given(strategies.publications(most=5))
@hypothesis_settings(max_examples=50)
def test_no_two_outputs_have_one_path(publication: Publication) -> None:
    found = paths(strategies.gathered(publication), FORMATS)
    assert len({path.casefold() for path in found}) == len(found)
    assert all(len(part.encode()) <= 255 and part not in (".", "..") for path in found for part in path.split("/"))


@pytest.mark.parametrize("name", ["Feed", "Index", "FEED!", "..", "/", "媒体"])
def test_no_name_of_a_publication_brings_its_files_into_the_way_of_others(name: str) -> None:
    found = paths(replace(of(article()), name=name), FORMATS)
    assert len(set(found)) == len(found)


# -- rendering ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given_", plan(of(article()), SETTINGS, nothing, FORMATS), ids=lambda each: each.path)
def test_what_is_good_is_bytes_without_errors(given_: Output) -> None:
    written = render(given_)
    assert written.path == given_.path
    assert written.body
    assert [each for each in written.problems if each.severity == Severity.ERROR] == []


BAD = {
    "a body that is not well-formed": article(body="<p>a</p"),
    "a body with other elements": article(body="<p>a</p><script>x()</script>"),
    "a text with white space around it": article(headline=" The ferry "),
    "an address that is none": article(url="/ferry.html"),
    "an empty word": article(keywords=("",)),
}


@pytest.mark.parametrize("given_", BAD.values(), ids=BAD)
@pytest.mark.parametrize("name", FORMATS)
def test_what_does_not_come_back_is_an_error_and_not_written(name: str, given_: Article) -> None:
    for each in plan(of(given_), SETTINGS, nothing, (name,)):
        if each.format == name and not (name == "newsarticle" and "script" in given_.body):  # only text is carried
            assert Severity.ERROR in {found.severity for found in render(each).problems}


def test_what_came_back_different_is_told_with_its_field_and_both_values() -> None:
    written = render(output("feed.json", of(article(dateline="ELLERY\tQUAY"))))
    (found,) = (each for each in written.problems if each.code == "output-differs")
    assert (found.code, found.location.path, found.location.pointer) == ("output-differs", "feed.json", "articles[0].dateline")
    assert found.message == r"'ELLERY\tQUAY' came back as 'ELLERY QUAY'"


def test_long_values_are_shortened_in_messages() -> None:
    problems = render(output("feed.json", of(article(dateline="x" * 5000 + "\t")))).problems
    (found,) = (each for each in problems if each.code == "output-differs")
    assert len(found.message) < 200


def test_the_place_is_done_by_the_map_that_is_given() -> None:
    asked: list[object] = []

    def backwards(function: Callable[[Output], Written], outputs: Iterable[Output]) -> list[Written]:
        asked.append(function)
        return [function(each) for each in reversed(list(outputs))][::-1]

    planned = plan(of(article("a"), article("b")), SETTINGS, nothing, ("newsarticle", "rss"))
    assert list(build.render_all(planned, backwards)) == list(build.render_all(planned))
    assert asked == [render]


def test_the_work_can_go_to_another_process(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    for each in plan(of(article()), SETTINGS, Folder(tmp_path, SITE)):
        again = pickle.loads(pickle.dumps(each))
        assert render(again) == render(each)
        assert again.make or again.target.media(f"{SITE}a.txt") == b"a"


@given(st.permutations(range(4)))
@hypothesis_settings(max_examples=5)
def test_the_same_articles_give_the_same_plan(order: list[int]) -> None:
    articles = [article(str(number), date_published=date(2026, 1, 1) + timedelta(number)) for number in range(4)]
    shuffled = sorted((articles[number] for number in order), key=lambda each: each.identifier)
    assert [*plan(of(*shuffled), SETTINGS, nothing)] == [*plan(of(*articles), SETTINGS, nothing)]


# -- media ----------------------------------------------------------------------------------------------------------------


def test_all_files_that_outputs_may_refer_to_are_named() -> None:
    def picture(name: str) -> Image:
        return Image(content_url=f"{SITE}{name}.jpg")

    given_ = replace(
        of(
            article(
                image=(picture("lead"), Image(caption="missing")),
                associated_media=(Media(content_url=f"{SITE}horn.mp3"),),
                author=(Person(name="a", image=picture("author")), Organization(name="b", logo=picture("agency"))),
                editor=(Person(name="c", image=picture("editor")),),
                contributor=(Person(name="d", image=picture("contributor")),),
                publisher=Organization(name="e", logo=picture("house")),
                copyright_holder=Person(name="f", image=picture("holder")),
                body=f'<p><img alt="" src="{SITE}body.jpg"/> <a href="{SITE}data.csv">data</a></p>',
            )
        ),
        image=picture("banner"),
        publisher=Organization(name="g", logo=picture("logo")),
    )
    expected = "lead horn author agency editor contributor house holder body data banner logo".split()
    assert sorted(url.removeprefix(SITE).partition(".")[0] for url in build.media_of(given_)) == sorted(expected)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("2026/04/welcome.html", "2026/04/welcome.html"),
        ("2026/welcome/", "2026/welcome/index.html"),
        ("2026/welcome", "2026/welcome.html"),
        ("articles/%E8%8C%B6.html", "articles/茶.html"),
    ],
)
def test_a_page_lies_where_its_address_says(url: str, path: str) -> None:
    article = Article(identifier="tag:lantern.example,2026:a", headline="Welcome", url=f"https://lantern.example/{url}")
    given = Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/", articles=(article,))
    planned = [each for each in plan(given, settings.read(None)[0], lambda _: None) if each.format == "webpage"]
    assert [(each.path, each.target.url) for each in planned] == [(path, article.url)]


@pytest.mark.parametrize("url", ["?id=3", "", "index.html", "a/#b", ".publisher"])
def test_a_page_whose_address_is_no_file_lies_with_the_others(url: str) -> None:
    article = Article(identifier="tag:lantern.example,2026:a", headline="Welcome", url=f"https://lantern.example/{url}")
    given = Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/", articles=(article,))
    planned = [each for each in plan(given, settings.read(None)[0], lambda _: None) if each.format == "webpage"]
    assert [each.path.startswith("articles/") for each in planned] == [True]


def test_samples_are_one_of_each_format_but_of_those_that_take_long() -> None:
    outputs = [_sample(name, number) for number in range(2) for name in ("rss", "webpage", "epub", "list")]
    assert [*build.samples(outputs)] == ["0.rss", "0.webpage", "0.list"]


def _sample(format: str, number: int) -> Output:  # noqa: A002
    return Output(path=f"{number}.{format}", format=format, publication=EMPTY)

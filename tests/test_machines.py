"""What search engines, hosts and other sites find at a site: sitemaps, robots.txt, `_headers`, oEmbed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from protego import Protego

from publisher import build, formats, planning, settings
from publisher.article import Article, Image, Link, Organization, Person, Publication
from publisher.formats import Target, no_media, sitemap, webpage
from publisher.markup import parse_html, parse_xml
from publisher.newsstand import hosting, search, sitemaps
from publisher.newsstand.options import SiteOptions
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output
from publisher.problems import Severity
from publisher.settings import Settings
from tests import strategies

SITE = "https://lantern.example/"
PUBLICATION = Publication(identifier=SITE, name="The Lantern", url=SITE, in_language="en")
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def article(slug: str, published: date | None, **given_: object) -> Article:
    found = Article(identifier=f"tag:lantern.example,2026:{slug}", headline=f"About {slug}", url=f"{SITE}articles/{slug}.html")
    return replace(found, date_published=published, **given_)  # type: ignore[arg-type]


FERRY = article("ferry", date(2026, 11, 20))
BELLS = article("bells", datetime(2026, 10, 30, 9, tzinfo=UTC), date_modified=date(2026, 11, 2))


def files(*articles: Article, url: str = SITE, only: Iterable[str] = (), hub: str | None = None) -> dict[str, bytes]:
    """Return what a build makes of the articles, without books."""
    publication = replace(PUBLICATION, url=url, articles=articles)
    outputs = planning.plan(publication, Settings(publication=publication, site=SiteOptions(hub=hub)), no_media, tuple(only))
    return {each.path: build.render(each).body for each in outputs if each.format != "epub"}


def locations(body: bytes) -> list[str]:
    return [each.text or "" for each in parse_xml(body).iter(LOC)]


# -- sitemaps -------------------------------------------------------------------------------------------------------------


def test_the_index_names_a_sitemap_of_each_month_and_one_of_the_other_pages() -> None:
    made = files(FERRY, BELLS)
    assert locations(made["sitemap.xml"]) == [
        f"{SITE}{each}" for each in ("sitemap-2026-10.xml", "sitemap-2026-11.xml", "sitemap-pages.xml")
    ]
    assert locations(made["sitemap-2026-11.xml"]) == [FERRY.url]


def test_the_pages_beside_the_articles_are_those_that_are_made() -> None:
    made = files(FERRY, BELLS)
    pages = {
        path for path in made if path.endswith(".html") and not path.startswith("articles/") and path not in ("404.html", "search.html")
    }
    listed = [each.removeprefix(SITE) or "index.html" for each in locations(made["sitemap-pages.xml"])]
    assert sorted(listed) == sorted(pages)
    assert "index.html" in pages


def test_a_new_article_changes_the_sitemap_of_its_month_and_no_other() -> None:
    before, after = files(FERRY, BELLS), files(FERRY, BELLS, article("whale", date(2026, 11, 21)))
    changed = {path for path in after if path.startswith("sitemap-2") and before.get(path) != after[path]}
    assert changed == {"sitemap-2026-11.xml"}


def test_when_a_page_was_changed_last_is_what_the_article_says() -> None:
    root = parse_xml(files(FERRY, BELLS)["sitemap-2026-10.xml"])
    assert [each.text for each in root.iter("{*}lastmod")] == ["2026-11-02"]


def test_an_article_that_first_appeared_elsewhere_is_to_be_found_there() -> None:
    borrowed = replace(FERRY, is_based_on="https://northlight.example/ferry")
    assert "sitemap-2026-11.xml" not in files(borrowed, BELLS)


def test_pictures_of_an_article_are_listed_once_those_in_its_text_too() -> None:
    lead = Image(content_url=f"{SITE}media/a.jpg")
    body = f'<p><img src="{SITE}media/a.jpg" alt=""/><img src="{SITE}media/b.jpg?x=1&amp;y=2" alt=""/></p>'
    root = parse_xml(files(replace(FERRY, image=(lead, Image()), body=body))["sitemap-2026-11.xml"])
    found = [each.text for each in root.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc")]
    assert found == [f"{SITE}media/a.jpg", f"{SITE}media/b.jpg?x=1&y=2"]


def test_translations_name_each_other_and_themselves() -> None:
    english = replace(FERRY, in_language="en", translations=(Link(url=BELLS.url, in_language="de"),))
    root = parse_xml(files(english)["sitemap-2026-11.xml"])
    links = {each.get("hreflang"): each.get("href") for each in root.iter("{http://www.w3.org/1999/xhtml}link")}
    assert links == {"en": FERRY.url, "de": BELLS.url}


def test_news_are_of_the_two_days_before_the_newest_article_whatever_the_clock_says() -> None:
    newest = datetime(2020, 2, 2, 12, tzinfo=UTC)
    given_ = [article(str(hours), newest - timedelta(hours=hours)) for hours in (0, 47, 48, 49)]
    assert locations(files(*given_)["sitemap-news.xml"]) == [each.url for each in given_[:3]]


def test_what_is_paid_for_is_no_news() -> None:
    made = files(replace(FERRY, type="AdvertiserContentArticle"), replace(BELLS, date_published=date(2026, 11, 19)))
    assert locations(made["sitemap-news.xml"]) == [BELLS.url]


@pytest.mark.parametrize(("tag", "code"), [("pt-BR", "pt"), ("zh-Hans", "zh-cn"), ("zh-TW", "zh-tw"), ("zh", "zh-cn"), ("haw", "haw")])
def test_news_name_their_language_as_google_does(tag: str, code: str) -> None:
    root = parse_xml(files(replace(FERRY, in_language=tag))["sitemap-news.xml"])
    assert [each.text for each in root.iter("{*}language")] == [code]


def test_a_news_sitemap_has_a_thousand_articles_at_most() -> None:
    many = tuple(article(f"a{number}", date(2026, 11, 20)) for number in range(1001))
    site = Site(publication=replace(PUBLICATION, articles=many), formats=frozenset({"webpage"}))
    news = next(each for each in maps(site) if each.path == sitemaps.NEWS)
    assert len(locations(_made(news))) == 1000


def maps(site: Site, *others: Output) -> list[Output]:
    return [output for sheaf in sitemaps.sheaves(site, sitemaps.pages(others)) for output in sheaf.outputs()]


def _made(output: Output) -> bytes:
    assert output.make
    return output.make()


def test_a_month_with_too_many_articles_has_several_sitemaps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "_MOST", 2)
    made = files(*(article(f"a{day}", date(2026, 11, day)) for day in range(1, 6)))
    assert [len(locations(made[f"sitemap-2026-11{number}.xml"])) for number in ("", "-2", "-3")] == [2, 2, 1]
    assert locations(made["sitemap-2026-11.xml"]) == [f"{SITE}articles/a1.html", f"{SITE}articles/a2.html"]


def test_an_article_without_a_date_is_listed() -> None:
    assert locations(files(article("undated", None))["sitemap-undated.xml"]) == [f"{SITE}articles/undated.html"]


def test_what_search_engines_cannot_read_is_no_other_language_of_a_page() -> None:
    strange = replace(FERRY, in_language=None), replace(BELLS, translations=(Link(url="mailto:desk@lantern.example", in_language="fr"),))
    assert all(b"hreflang" not in body for path, body in files(*strange).items() if path.startswith("sitemap"))


def test_some_formats_alone_are_no_site() -> None:
    made = files(FERRY, only=("webpage", "rss"))
    assert not [path for path in made if path.startswith(("sitemap", "robots", "_headers")) or path.endswith(".oembed.json")]
    assert b"oembed" not in made["articles/ferry.html"]


@given(strategies.publications())
def test_the_sitemaps_of_any_publication_have_no_problem(publication: Publication) -> None:
    site = Site(publication=strategies.gathered(publication), formats=frozenset({"webpage"}))
    front = Output(path="index.html", format="frontpage", publication=site.bare, make=Make(bytes))
    for each in maps(site, front):
        assert [
            found for found in sitemap.check(_made(each)) if found.severity > Severity.INFO and found.code != "sitemap-address-repeated"
        ] == []


# -- robots.txt and _headers ----------------------------------------------------------------------------------------------


def test_robots_may_see_everything_and_are_told_of_the_sitemaps() -> None:
    rules = Protego.parse(files(FERRY)["robots.txt"].decode())
    assert rules.can_fetch(f"{SITE}articles/ferry.html", "Googlebot-News")
    assert list(rules.sitemaps) == [f"{SITE}sitemap.xml", f"{SITE}sitemap-news.xml"]


@pytest.mark.parametrize("path", ["robots.txt", "_headers"])
def test_a_publication_in_a_folder_of_a_host_has_no_file_of_the_host(path: str) -> None:
    assert path in files(FERRY)
    assert path not in files(replace(FERRY, url=f"{SITE}news/ferry.html"), url=f"{SITE}news/")


def headers(**given_: str) -> dict[str, dict[str, str]]:
    """Return the fields of each path as both hosts read them."""
    blocks = [block.splitlines() for block in files(FERRY, **given_)["_headers"].decode().strip().split("\n\n")]
    return {path: dict(line.strip().split(": ", 1) for line in lines) for path, *lines in blocks}


def test_feeds_are_sent_with_their_type_their_hub_and_their_address() -> None:
    found = headers(hub="https://hub.example/")["/feed.json"]
    assert found["Content-Type"] == "application/feed+json; charset=utf-8"
    assert found["Link"] == f'<https://hub.example/>; rel="hub", <{SITE}feed.json>; rel="self"'
    assert found["Access-Control-Allow-Origin"] == "*"


def test_only_what_never_changes_at_its_address_is_kept_unasked() -> None:
    kept = {path: fields["Cache-Control"] for path, fields in headers().items() if "*" in path and "Cache-Control" in fields}
    assert kept == {"/media/sized/*": "public, max-age=31536000, immutable"}


def test_the_site_lets_nobody_run_what_it_does_not_have() -> None:
    assert "wasm" not in hosting.POLICY


def test_a_feed_whose_name_is_a_number_is_sent_as_one_too() -> None:
    site = Site(publication=replace(PUBLICATION, articles=(FERRY,)), formats=frozenset({"webpage"}))
    paths = ("sections/2026.atom", "sections/2026/2025-09.atom")
    feeds = [Output(path=each, format="atom", publication=site.bare, target=Target(url=f"{SITE}{each}")) for each in paths]
    made = next(each for each in hosting.outputs(site, feeds) if each.path == "_headers")
    assert [line for line in _made(made).decode().splitlines() if line.startswith("/sections")] == ["/sections/2026.atom"]


def test_no_field_is_set_twice_for_one_path_since_cloudflare_would_join_them() -> None:
    found = headers()
    everywhere = set(found.pop("/*"))
    assert [path for path, fields in found.items() if everywhere & set(fields)] == []


def test_a_wildcard_is_the_end_of_a_path_since_netlify_takes_no_other() -> None:
    assert [path for path in headers() if "*" in path[:-1]] == []


def test_all_that_a_page_allows_itself_the_site_allows() -> None:
    """Of two policies the stricter holds, so the one of the site must not forbid what pages need."""
    site = dict(each.strip().split(" ", 1) for each in hosting.POLICY.split(";"))
    (own,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', webpage.write(replace(PUBLICATION, articles=(FERRY,))).decode())
    page = dict(each.strip().split(" ", 1) for each in own.replace("&#x27;", "'").replace("&#39;", "'").split(";"))
    for directive, value in page.items():
        assert directive in site, f"the site says nothing of {directive}"
        assert "'none'" in value or value.startswith("'sha256-"), f"look at {directive} {value} again"
    assert site["script-src"] == "{scripts}"


def test_no_script_inside_a_page_runs_but_that_of_the_search() -> None:
    policy = headers()["/*"]["Content-Security-Policy"]
    assert re.findall("script-src ([^;]*);", policy) == ["'self'"]
    known = Settings(publication=PUBLICATION, site=SiteOptions(search=True))
    outputs = planning.plan(replace(PUBLICATION, articles=(FERRY,)), known, no_media)
    (written,) = [build.render(each).body.decode() for each in outputs if each.path == "_headers"]
    assert f"script-src 'self' {search.source()};" in written
    assert "/search/parts/*\n  Cache-Control: public, max-age=31536000, immutable\n" in written, "each part has its digest in its name"


def test_only_a_site_with_tls_says_that_it_always_has_it() -> None:
    assert "Strict-Transport-Security" in headers()["/*"]
    assert b"Strict-Transport" not in files(replace(FERRY, url="http://lantern.example/f.html"), url="http://lantern.example/")["_headers"]


def test_what_hosts_would_call_by_another_type_has_its_own() -> None:
    site = Site(publication=replace(PUBLICATION, articles=(FERRY,)), formats=frozenset({"webpage"}))
    opml = Output(path="feeds.xml", format="opml", publication=site.bare, make=Make(bytes))
    made = next(each for each in hosting.outputs(site, (opml,)) if each.path == "_headers")
    assert f"/feeds.xml\n  Content-Type: {formats.get('opml').MEDIA_TYPE}\n" in _made(made).decode()


# -- oEmbed ---------------------------------------------------------------------------------------------------------------


def test_a_page_says_where_its_oembed_is_and_that_names_the_page() -> None:
    image = Image(content_url=f"{SITE}media/a.jpg", width=1200, height=800)
    made = files(replace(FERRY, author=(Person(name="Ines Calloway", url="https://ines.example/"),), image=(image,)))
    (link,) = [each for each in parse_html(made["articles/ferry.html"]).iter("link") if each.get("type") == "application/json+oembed"]
    assert link.get("href") == f"{SITE}articles/ferry.oembed.json"
    assert json.loads(made["articles/ferry.oembed.json"]) == {
        "version": "1.0",
        "type": "link",
        "title": "About ferry",
        "url": FERRY.url,
        "author_name": "Ines Calloway",
        "author_url": "https://ines.example/",
        "provider_name": "The Lantern",
        "provider_url": SITE,
        "thumbnail_url": f"{SITE}media/a.jpg",
        "thumbnail_width": 1200,
        "thumbnail_height": 800,
    }


def test_a_picture_of_unknown_size_is_no_thumbnail_since_the_three_go_together() -> None:
    made = files(replace(FERRY, image=(Image(content_url=f"{SITE}media/a.jpg"),), author=(Organization(name="A"), Organization(name="B"))))
    found = json.loads(made["articles/ferry.oembed.json"])
    assert (found["author_name"], [key for key in found if key.startswith(("thumbnail", "author_url"))]) == ("A, B", [])


def test_an_article_that_lives_elsewhere_has_no_oembed_here() -> None:
    made = files(replace(FERRY, url="https://elsewhere.example/ferry.html"))
    assert [path for path in made if path.endswith(".oembed.json")] == []


def test_a_page_alone_announces_no_oembed() -> None:
    assert b"oembed" not in webpage.write(replace(PUBLICATION, articles=(FERRY,)), Target())


def test_the_settings_make_no_difference_to_who_reads_them() -> None:
    known, _ = settings.read(
        b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\n[feeds]\nhub = "https://hub.example/"\n'
    )
    outputs = planning.plan(replace(known.publication, articles=(FERRY,)), known, no_media)
    assert [build.render(each).problems for each in outputs if each.path.startswith(("sitemap", "_headers", "robots"))] == [()] * 6

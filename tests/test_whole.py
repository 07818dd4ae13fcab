"""A publication as a whole: every rule is broken once in a site that is otherwise right, and raises its own code and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from io import BytesIO

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from publisher import build, naming, planning, settings, whole
from publisher.article import Article, Image, Media, Person
from publisher.formats import epub
from publisher.markup import parse_html
from publisher.problems import Problem, Severity, rules_in

SITE = "https://lantern.example/"
FERRY = "articles/ferry.html"
SITEMAP = "sitemap-2026-11.xml"
STYLE = b'body { background: url("media/dog.png") } /* url(gone.png) */ p { background: url(data:image/png;base64,AAAA) }'
OPML = (
    '<opml version="2.0"><head><title>All</title></head><body>'
    f'<outline type="rss" text="All" xmlUrl="{SITE}feed.rss" htmlUrl="{SITE}"/></body></opml>'
)

Files = dict[str, bytes]


def picture(width: int = 40, height: int = 30) -> bytes:
    written = BytesIO()
    Picture.new("RGB", (width, height), "navy").save(written, "PNG")
    return written.getvalue()


SOUND = b"ID3" + bytes(400)


@lru_cache
def _site() -> Files:
    """Return a small publication as `publisher build` writes it, with its media, a style sheet and a list of feeds."""
    known, _ = settings.read(
        b'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\nimage = "media/show.png"\n'
    )
    media = {"media/dog.png": picture(), "media/bell.mp3": SOUND, "media/show.png": picture(1400, 1400)}
    image = Image(
        content_url=f"{SITE}media/dog.png",
        encoding_format="image/png",
        width=40,
        height=30,
        content_size=len(picture()),
        description="A dog",
    )
    sound = Media(
        content_url=f"{SITE}media/bell.mp3", type="AudioObject", encoding_format="audio/mpeg", content_size=len(SOUND), name="A bell"
    )
    ferry = Article(
        identifier="tag:lantern.example,2026:ferry",
        url=f"{SITE}{FERRY}",
        headline="The ferry’s last trip",
        body=f'<h2 id="pier">The pier</h2><p>See <a href="{SITE}articles/bells.html#tower">the bells</a>, or <a href="#pier">the pier</a>.</p>',
        date_published=date(2026, 11, 20),
        author=(Person(name="Ines Calloway", url="https://people.lantern.example/ines/"),),
        image=(image,),
        associated_media=(sound,),
    )
    bells = replace(
        ferry,
        identifier="tag:lantern.example,2026:bells",
        url=f"{SITE}articles/bells.html",
        headline="Six bells",
        body='<h2 id="tower">The tower</h2><p>They rang.</p>',
        image=(),
        associated_media=(),
    )
    publication = replace(known.publication, articles=(ferry, bells))
    outputs = planning.plan(publication, known, lambda url: media.get(url.removeprefix(SITE)))
    made = {each.path: build.render(each).body for each in outputs}
    return {**_lists(), **media, "extra.css": STYLE, "extra.opml": OPML.encode(), **made}


def _lists() -> Files:
    """Return what stands for lists where no list is made."""
    links = "".join(f'<a href="{SITE}{each}">x</a>' for each in (FERRY, "articles/bells.html", "the-lantern.epub"))
    data = '<script type="application/ld+json">{"@context":"https://schema.org","@type":"CollectionPage"}</script>'
    page = f'<!doctype html><title>a</title><link rel="canonical" href="{SITE}">{data}{links}'.encode()
    return dict.fromkeys(("authors/ines-calloway.html", "archive.html", "issues.html", "subscribe.html"), page)


def site() -> Files:
    return dict(_site())


def problems(files: Files) -> list[Problem]:
    return whole.check(files, files.__getitem__)


def swap(path: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[path].decode()
        assert old in text, f"{old!r} is not in {path}"
        files[path] = text.replace(old, new).encode()

    return change


def drop(path: str) -> Callable[[Files], None]:
    return lambda files: files.__delitem__(path)


def put(path: str, body: bytes) -> Callable[[Files], None]:
    return lambda files: files.update({path: body})


def copied(path: str, to: str, *swaps: tuple[str, str]) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[path].decode()
        for old, new in swaps:
            assert old in text
            text = text.replace(old, new)
        files[to] = text.encode()

    return change


LOST = Image(content_url=f"{SITE}media/lost.jpg")
ADDED = '<p>More. <a href="gone.html">gone</a></p></article>'
BROKEN: dict[str, tuple[str, Callable[[Files], object]]] = {
    "site-link-broken": (FERRY, swap(FERRY, "</article>", ADDED)),
    "site-resource-missing": (FERRY, swap(FERRY, "</article>", '<img src="../media/cat.png" alt=""></article>')),
    "site-fragment-missing": (FERRY, swap(FERRY, "bells.html#tower", "bells.html#steeple")),
    "site-feed-missing": (FERRY, swap(FERRY, f'href="{SITE}feed.rss"', f'href="{SITE}news.rss"')),
    "site-article-without-page": ("feed.json", lambda files: swap("feed.json", "articles/bells.html", "articles/tower.html")(files)),
    "site-medium-missing": ("feed.rss", swap("feed.rss", "media/bell.mp3", "media/gong.mp3")),
    "site-medium-type-differs": ("feed.rss", swap("feed.rss", "audio/mpeg", "audio/ogg")),
    "site-medium-size-differs": ("feed.json", swap("feed.json", f'"size_in_bytes": {len(SOUND)}', '"size_in_bytes": 9')),
    "site-picture-size-differs": ("feed.atom", swap("feed.atom", 'width="40"', 'width="400"')),
    "site-podcast-picture": ("authors/ines-calloway.rss", put("media/show.png", picture(1400, 1300))),
    "site-article-differs": ("feed.atom", swap("feed.atom", "<title>Six bells</title>", "<title>Seven bells</title>")),
    "site-page-of-another-article": (FERRY, lambda files: files.update({FERRY: files["articles/bells.html"]})),
    "site-identifier-repeated": (
        FERRY,
        copied(FERRY, "articles/copy.html", (f"{SITE}{FERRY}", f"{SITE}articles/copy.html")),
    ),
    "site-canonical-missing": (
        "old.html",
        put("old.html", f'<!doctype html><title>a</title><link rel="canonical" href="{SITE}new.html">'.encode()),
    ),
    "site-sitemap-page-missing": (SITEMAP, swap(SITEMAP, f"{FERRY}</loc>", "articles/fairy.html</loc>")),
    "site-sitemap-page-not-canonical": (SITEMAP, swap(SITEMAP, f"{FERRY}</loc>", f"{FERRY}?print=1</loc>")),
    "site-page-unlisted": (
        FERRY,
        lambda files: [swap(each, FERRY, "articles/bells.html")(files) for each in (SITEMAP, "sitemap-news.xml")],
    ),
    "site-robots-forbid": ("robots.txt", swap("robots.txt", "Allow: /", "Disallow: /articles/ferry")),
    "site-robots-without-sitemap": ("robots.txt", put("robots.txt", b"User-agent: *\nAllow: /\n")),
    "site-address-missing": ("extra.opml", swap("extra.opml", "feed.rss", "sections/harbour.rss")),
    "site-page-orphaned": ("lost.html", put("lost.html", f'<!doctype html><link rel="canonical" href="{SITE}lost.html">'.encode())),
    "site-book-unlinked": ("issues/the-lantern-2026-W40.epub", put("issues/the-lantern-2026-W40.epub", b"PK")),
    "site-language-not-returned": (
        FERRY,
        swap(FERRY, "</head>", f'<link rel="alternate" hreflang="de" href="{SITE}articles/bells.html"></head>'),
    ),
}
ALSO = {
    "site-article-without-page": {"site-article-differs"},  # the address is one of the things that differ then
    "site-identifier-repeated": {"site-article-differs", "site-page-orphaned", "site-page-unlisted"},
    "site-sitemap-page-missing": {"site-page-unlisted"},
    "site-page-orphaned": {"site-page-unlisted"},
    "site-page-of-another-article": {"site-sitemap-page-not-canonical"},
}


def test_every_rule_has_a_case() -> None:
    assert set(BROKEN) == {each.code for each in rules_in(vars(whole))}


def test_a_site_as_it_was_built_has_no_problems() -> None:
    assert problems(site()) == []


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_broken_raises_its_own_code_where_it_is(code: str) -> None:
    path, change = BROKEN[code]
    files = site()
    change(files)
    found = problems(files)
    assert {each.code for each in found} - ALSO.get(code, set()) == {code}
    assert {each.location.path for each in found if each.code == code} == {path}


def test_a_copy_may_say_which_page_it_is_a_copy_of() -> None:
    files = site()
    files["articles/print.html"] = files[FERRY]
    assert problems(files) == []


def test_a_copy_of_a_page_that_was_never_ours_need_not_be_found() -> None:
    files = site()
    saved = '<!doctype html><title>Ferries</title><link rel="canonical" href="https://elsewhere.example/ferries.html"><p>Ferries.</p>'
    files["saved/ferries.html"] = saved.encode()
    assert problems(files) == []


@pytest.mark.parametrize("canonical", ["lost.html", f"{SITE}lost.html", f"{SITE}lost.html".replace("https://", "http://www.")])
def test_a_page_may_say_its_own_address_from_where_it_is_or_nearly(canonical: str) -> None:
    files = site()
    files["lost.html"] = f'<!doctype html><title>Lost</title><link rel="canonical" href="{canonical}"><p>Lost.</p>'.encode()
    assert {each.code for each in problems(files)} == {"site-page-orphaned", "site-page-unlisted"}


def test_links_to_other_sites_and_schemes_are_none_of_ours() -> None:
    files = site()
    links = "".join(
        f'<a href="{url}">x</a>' for url in ("https://elsewhere.example/gone.html", "mailto:a@e.org", "#top", "//cdn.example/x", "http://[")
    )
    swap(FERRY, "</article>", f"{links}</article>")(files)
    assert problems(files) == []


ALTERNATE = '<link rel="alternate" {} href="{}"></head>'
PLACES: dict[str, tuple[str, Callable[[str], tuple[str, str]]]] = {
    "link": (FERRY, lambda url: ("</article>", f'<a href="{url}">x</a></article>')),
    "picture": (FERRY, lambda url: ("</article>", f'<img src="{url}" alt=""></article>')),
    "pictures": (FERRY, lambda url: ("</article>", f'<img srcset="{url} 2x, {url}" alt=""></article>')),
    "base": (FERRY, lambda url: ("<head>", f'<head><base href="{url}">')),
    "canonical": (FERRY, lambda url: (f'rel="canonical" href="{SITE}{FERRY}"', f'rel="canonical" href="{url}"')),
    "feed": (FERRY, lambda url: ("</head>", ALTERNATE.format('type="application/rss+xml"', url))),
    "language": (FERRY, lambda url: ("</head>", ALTERNATE.format('hreflang="de"', url))),
    "style": (FERRY, lambda url: ("</head>", f"<style>a {{ b: url('{url}') }}</style></head>")),
    "style sheet": ("extra.css", lambda url: ("body {", f"body {{ background: url('{url}'); ")),
    "sitemap": (SITEMAP, lambda url: (f"<loc>{SITE}{FERRY}", f"<loc>{url}")),
    "sitemap of robots.txt": ("robots.txt", lambda url: ("Allow: /", f"Allow: /\nSitemap: {url}")),
    "robots.txt": ("robots.txt", lambda url: ("Allow: /", f"Disallow: {url}")),
    "list of feeds": ("extra.opml", lambda url: (f'xmlUrl="{SITE}feed.rss"', f'xmlUrl="{url}"')),
    "field": ("_headers", lambda url: ("Link: <", f'Link: <{url}>; rel="self", <')),
    "entry of a feed": ("feed.json", lambda url: (f'"url": "{SITE}{FERRY}"', f'"url": "{url}"')),
    "home of a feed": ("feed.json", lambda url: (f'"home_page_url": "{SITE}"', f'"home_page_url": "{url}"')),
}
BAD = ("http://[bad", f"{SITE}//[y", f"{SITE}%E9/[", "//[", f"{SITE}?[#]//[", "http://\u2100/", "http://a:b/", "[", "")


@pytest.mark.parametrize("url", BAD)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_address_is_found_wrong_or_left_to_other_rules(place: str, url: str) -> None:
    path, swapped = PLACES[place]
    files = site()
    swap(path, *swapped(url))(files)
    assert {each.code for each in problems(files)} <= set(BROKEN)


@given(
    st.sampled_from(sorted(PLACES)),
    st.sampled_from(("", SITE, f"{SITE}articles/", "//", "http://", "http://[")),
    st.text(st.sampled_from("[]/:?#@%.a2eE9Fé\u2100 ")),
)
@hypothesis.settings(max_examples=60)
def test_no_address_ends_a_check(place: str, start: str, rest: str) -> None:
    path, swapped = PLACES[place]
    files = site()
    swap(path, *swapped(f"{start}{rest}"))(files)
    problems(files)


def test_an_address_that_is_no_utf_8_is_that_of_no_file() -> None:
    files = site()
    files["caf\ufffd.html"] = files["a/b.html"] = files["404.html"]
    swap(FERRY, "</article>", f'<a href="{SITE}caf%E9.html">1</a> <a href="{SITE}a%2Fb.html">2</a></article>')(files)
    found = [each.message for each in problems(files) if each.code == "site-link-broken"]
    assert found == [f"the link '{SITE}caf%E9.html' leads to no file", f"the link '{SITE}a%2Fb.html' leads to no file"]


def test_a_link_may_leave_out_what_servers_add() -> None:
    files = site()
    swap(FERRY, "</article>", '<a href="bells">1</a> <a href="../">2</a> <a href="bells.html?from=ferry">3</a></article>')(files)
    assert problems(files) == []


def test_what_an_article_tells_of_lists_hides_nothing() -> None:
    files = site()
    swap(FERRY, "</article>", '<pre>{"@type": "CollectionPage"}</pre></article>')(files)
    assert FERRY in whole.Site(frozenset(files), files.__getitem__).outputs
    files[FERRY] = files["articles/bells.html"].replace(b"</article>", b'<pre>{"@type": "CollectionPage"}</pre></article>')
    assert "site-page-of-another-article" in {each.code for each in problems(files)}


def list_page(head: str) -> bytes:
    data = '<script type="application/ld+json">{"@context": "https://schema.org", "@type": "CollectionPage", "name": "All"}</script>'
    return f"<!doctype html><title>All</title>{head}{data}<article><h1>A</h1>{'<p>It burns on and on.</p>' * 50}</article>".encode()


def test_a_page_of_ours_whose_data_say_that_it_is_a_list_is_no_article() -> None:
    files = site()
    files["all.html"] = list_page('<meta name="generator" content="Publisher">')
    assert "all.html" not in whole.Site(frozenset(files), files.__getitem__).outputs


def test_a_page_of_others_that_calls_its_article_a_list_is_an_article() -> None:
    files = site()
    files["all.html"] = list_page("")
    assert "all.html" in whole.Site(frozenset(files), files.__getitem__).outputs


def test_a_folder_of_sources_is_no_publication() -> None:
    assert problems({"a.md": b"# A\n\n[b](gone.md)", "index.html": b"<!doctype html><title>a</title><a href=gone.html>b</a>"}) == []


def test_what_cannot_be_read_is_left_to_its_own_rules() -> None:
    files = site()
    files |= {
        "feed.atom": b"<feed",
        "articles/bells.jsonld": b"{",
        "the-lantern.epub": b"PK",
        "sitemap.xml": b"<urlset",
        "extra.opml": b"<opml",
        "extra.css": b"\xff",
    }
    assert {each.code for each in problems(files)} <= {"site-feed-missing"}


def test_severities_are_as_the_sentences_say() -> None:
    files = site()
    swap(FERRY, "</article>", ADDED)(files)
    (found,) = problems(files)
    assert (found.severity, found.location.line > 0) == (Severity.WARNING, True)
    assert json.dumps(found.message).count("gone.html") == 1


def test_an_issue_that_is_out_may_say_what_was_true_then() -> None:
    """An article was edited since, and another one is gone with its picture."""
    files = site()
    publication = epub.read(files["the-lantern.epub"]).publication
    edited, gone = publication.articles
    then = replace(
        publication, articles=(replace(edited, headline="It was called so then"), replace(gone, identifier="gone", image=(LOST,)))
    )
    files["issues/the-lantern-2026-W40.epub"] = epub.write(then)
    assert {each.code for each in problems(files)} == {"site-book-unlinked"}
    files["the-lantern.epub"] = files.pop("issues/the-lantern-2026-W40.epub")
    assert {each.code for each in problems(files)} >= {"site-article-differs", "site-medium-missing"}


# -- what is named --------------------------------------------------------------------------------------------------------


FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}<entry><link href="entry.html"/></entry></feed>'
NAMED = {
    "srcset": ("a.html", '<img src="a.jpg" srcset="b.jpg 1x, c,d.jpg 2x,e.jpg 3x">', {"a.jpg", "b.jpg", "c,d.jpg", "e.jpg"}),
    "srcset with commas": (
        "a.html",
        '<img srcset=" , data:a,b 1x, c.jpg, d.jpg (e, f.jpg) 2x,g.jpg,, h.jpg"><link rel="preload" imagesrcset="i.jpg,">',
        {"data:a,b", "c.jpg", "d.jpg", "g.jpg", "h.jpg", "i.jpg"},
    ),
    "source": ("a.html", '<picture><source srcset="b.avif 480w, b2.avif 960w"><img src="b.jpg"></picture>', {"b.avif", "b2.avif", "b.jpg"}),
    "poster": ("a.html", '<video poster="p.jpg"><source src="v.mp4"></video>', {"p.jpg", "v.mp4"}),
    "style": ("a.html", "<style>@import 'x.css'; a { background: url(b.png) }</style>", {"x.css", "b.png"}),
    "picture of a card": ("a.html", '<meta property="og:image" content="card.png"><meta property="og:title" content="x">', {"card.png"}),
    "oEmbed": ("a.html", '<link rel="alternate" type="application/json+oembed" href="a.json">', {"a.json"}),
    "canonical, hub and feeds have rules of their own": (
        "a.html",
        '<link rel="canonical" href="c"><link rel="hub" href="h"><link rel="alternate" type="application/rss+xml" href="f">',
        set(),
    ),
    "linked data": (
        "a.html",
        '<script type="application/ld+json">{"@graph":[{"@id":"i","name":"n","logo":{"contentUrl":"l.png"}}]}</script>',
        {"i", "l.png"},
    ),
    "file of linked data": ("a.jsonld", '{"url": "u", "identifier": "x"}', {"u"}),
    "archive of a feed": ("a.atom", FEED.format('<link rel="prev-archive" href="1.atom"/><link rel="hub" href="h"/>'), {"1.atom"}),
    "archive of a channel": (
        "a.rss",
        '<rss><channel xmlns:a="http://www.w3.org/2005/Atom"><link>home</link><a:link rel="prev-archive" href="1.rss"/></channel></rss>',
        {"1.rss"},
    ),
    "JSON Feed": ("a.json", '{"next_url": "2.json", "hubs": [{"url": "h"}], "items": [{"url": "u"}]}', {"2.json"}),
    "catalogue": (
        "c.xml",
        FEED.format('<link rel="start" href="c.xml" type="application/atom+xml;profile=opds-catalog"/>'),
        {"c.xml", "entry.html"},
    ),
    "catalogue in JSON": (
        "c.json",
        '{"links": [{"href": "c.json"}], "publications": [{"images": [{"href": "i.jpg"}]}]}',
        {"c.json", "i.jpg"},
    ),
    "list of feeds": ("f.opml", '<opml><body><outline xmlUrl="a.rss" htmlUrl="a.html" text="t"/></body></opml>', {"a.rss", "a.html"}),
    "fields": ("_headers", '/a\n  Link: <https://h.example/>; rel="hub", <self.rss>; rel="self"\n', {"self.rss"}),
    "redirects": ("_redirects", "# old\n/old /new.html 301\n/x/* /y/:splat\n", {"/new.html"}),
    "sitemaps of robots.txt": ("robots.txt", "User-agent: *\nSitemap: s.xml\n", {"s.xml"}),
    "style sheet": ("a.css", '/* url(no.png) */ a { b: url( "x y.png" ) } c { d: url(data:,x) }', {"x y.png"}),
    "style sheet with an open comment": ("a.css", "a { b: url(c.png) } /* url(no.png)", {"c.png"}),
    "fields with brackets": ("_headers", '/a\n  Link: <<<self.rss>; rel="self"\n', {"self.rss"}),
    "what is broken": ("a.json", "[" * 10_000, set()),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_a_file_names_is_found(name: str) -> None:
    path, text, expected = NAMED[name]
    found = naming.in_page(parse_html(text.encode())) if path.endswith(".html") else naming.in_file(path, text.encode())
    assert {each.url for each in found} == expected


LONG: dict[str, tuple[str, str, str, str]] = {
    "srcset of commas": ("a.html", '<img srcset="', ",", '">'),
    "srcset of commas and spaces": ("a.html", '<img srcset="', ", ", '">'),
    "srcset of addresses that end in commas": ("a.html", '<img srcset="', "a,,,, ", '">'),
    "srcset of one address": ("a.html", '<img srcset="', "a,", '">'),
    "srcset of brackets": ("a.html", '<img srcset="a ', "(", '">'),
    "srcset of spaces": ("a.html", '<img srcset="a', " ", 'b">'),
    "brackets of fields": ("_headers", "/a\n  Link: ", "<", "\n"),
    "addresses of fields": ("_headers", "/a\n  Link: ", "<a>;", "\n"),
    "spaces of fields": ("_headers", "/a\n  Link: <a>", " ", ";x\n"),
    "comments that are open": ("a.css", "", "/*", ""),
    "url( in url(": ("a.css", "", "url(", ""),
    "url( with a quote": ("a.css", "", "url('", ""),
    "@import": ("a.css", "", "@import '", ""),
    "placeholders": ("_redirects", "/a ", ":a*", "\n"),
}


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_is_looked_through_once(name: str) -> None:
    path, start, piece, end = LONG[name]

    def seconds(length: int) -> float:
        text = (start + piece * (length // len(piece)) + end).encode()
        root = parse_html(text) if path.endswith(".html") else None
        before = time.process_time()
        naming.in_file(path, text) if root is None else naming.in_page(root)
        return time.process_time() - before

    seconds(100)
    assert seconds(80_000) < 10 * seconds(16_000) + 0.1


def test_empty_lines_of_robots_txt_are_read_once() -> None:
    files = site()
    files["robots.txt"] = b"\n" * 200_000 + b"User-agent: *\nAllow: /\n"
    assert [each.code for each in problems(files)] == ["site-robots-without-sitemap"]


@pytest.mark.parametrize(
    "path", ["robots.txt", "_headers", "feed.json", "extra.css", "articles/bells.jsonld", "articles/bells.oembed.json"]
)
def test_each_kind_of_file_is_looked_at_in_the_site(path: str) -> None:
    files = site()
    text = files[path].decode()
    old = next(
        each
        for each in ("sitemap-news.xml", 'rss>; rel="self"', 'feed.json"', "media/dog.png", "bells.html#article", "bells.html")
        if each in text
    )
    files[path] = text.replace(
        old,
        old.replace(".xml", ".gz").replace("rss>", "rdf>").replace("dog", "cat").replace("bells", "balls").replace("feed.json", "f.json"),
        1,
    ).encode()
    assert {each.code for each in problems(files) if each.severity == Severity.ERROR} & {"site-address-missing", "site-resource-missing"}


def test_a_form_that_leads_nowhere_is_a_broken_link() -> None:
    files = site()
    swap(FERRY, "</article>", '<form action="../search.cgi"></form></article>')(files)
    assert [each.code for each in problems(files)] == ["site-link-broken"]


def test_robots_txt_in_a_folder_of_a_host_means_nothing() -> None:
    files = {
        path: body.replace(b"https://lantern.example/", b"https://lantern.example/news/")
        for path, body in site().items()
        if not path.endswith(".epub")
    }
    files["robots.txt"] = b"User-agent: *\nDisallow: /\n"
    assert not [each for each in problems(files) if each.code.startswith("site-robots")]

"""The least that Python takes for what Hugo makes in `bench/hugo/`: `python -m bench.bare SOURCES FOLDER [whole]`.

The same pages and the same feed, by YAML and Markdown in C and Rust and one f-string for each; nothing is cleaned, tied to others, checked,
read back or remembered, and what is odd in a source would end it. With `whole` comes what else the target beside Hugo names: each article
as JSON-LD, all of them in an Atom and a JSON feed and in a sitemap, the newest in a book. It is no part of Publisher: whoever asks how
near to Hugo Python can come has the answer here.
"""

from __future__ import annotations

import gc
import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import comrak
import yaml

from bench.site import SECTIONS

__all__ = ["built"]

_HOME = "https://lantern.example/"
_NAV = "".join(f'<li><a href="/sections/{each.lower()}.html">{each}</a></li>\n' for each in SECTIONS)
_NEWEST = 50
"""Articles of the book."""
_CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_OPTIONS = comrak.ExtensionOptions()
_AROUND = (
    {"@type": "Periodical", "@id": f"{_HOME}#publication", "identifier": _HOME, "name": "The Lantern", "url": _HOME, "inLanguage": "en"}
    | {"publisher": {"@id": f"{_HOME}#publisher"}, "hasPart": [{"@type": "CreativeWork", "name": each} for each in SECTIONS]},
    {"@type": "NewsMediaOrganization", "@id": f"{_HOME}#publisher", "name": "The Lantern Press", "url": "https://press.lantern.example/"},
    {"@type": "WebSite", "@id": f"{_HOME}#site", "url": _HOME, "name": "The Lantern", "inLanguage": "en"}
    | {"publisher": {"@id": f"{_HOME}#publisher"}},
)


class _Article(NamedTuple):
    """What is written of an article."""

    moment: str
    url: str
    said: Mapping[str, Any]
    body: str
    item: str


def built(sources: Path, folder: Path, *, whole: bool = False) -> int:
    """Write a page for each article and the feed of all, and with `whole` the rest; return how many articles there are."""
    articles = [_written(path, folder, whole=whole) for path in sources.glob("*/*.md")]
    articles.sort(key=lambda each: (each.moment, each.item), reverse=True)
    (folder / "index.xml").write_text(
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel>\n<title>The Lantern</title>\n<link>{_HOME}</link>\n<description>News</description>\n<language>en</language>\n"
        f"{''.join(each.item for each in articles)}</channel>\n</rss>\n",
        "utf-8",
    )
    if whole:
        _rest(articles, folder)
    return len(articles)


def _written(path: Path, folder: Path, *, whole: bool) -> _Article:
    """Write the page of an article, and with `whole` its JSON-LD."""
    _, matter, text = path.read_text("utf-8").split("---\n", 2)
    said = yaml.load(matter, yaml.CSafeLoader)
    body = comrak.render_markdown(text, extension_options=_OPTIONS)
    when = said["date"] if isinstance(said["date"], datetime) else datetime.fromisoformat(f"{said['date']}:00+00:00")
    url = f"{_HOME}{path.parent.name}/{path.stem}/"
    place = folder / path.parent.name / path.stem
    place.mkdir(parents=True, exist_ok=True)
    (place / "index.html").write_text(_page(said, body, url, when), "utf-8")
    if whole:
        (place / "article.jsonld").write_text(_text(_node(said, url, when.isoformat())), "utf-8")
    return _Article(when.isoformat(), url, said, body, _item(said, body, url, when))


def _rest(articles: Sequence[_Article], folder: Path) -> None:
    """Write the other feeds, the sitemap and the book."""
    (folder / "feed.atom").write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n<id>{_HOME}</id>\n'
        f"<title>The Lantern</title>\n<updated>{articles[0].moment}</updated>\n{''.join(map(_entry, articles))}</feed>\n",
        "utf-8",
    )
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Lantern",
        "home_page_url": _HOME,
        "items": [*map(_item_of, articles)],
    }
    (folder / "feed.json").write_text(json.dumps(feed, ensure_ascii=False), "utf-8")
    places = "".join(f"<url><loc>{each.url}</loc><lastmod>{each.moment}</lastmod></url>\n" for each in articles)
    (folder / "sitemap.xml").write_text(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{places}</urlset>\n', "utf-8")
    _book(articles[:_NEWEST], folder / "newest.epub")


def _entry(article: _Article) -> str:
    said = article.said
    names = "".join(f"<author><name>{escape(each)}</name></author>\n" for each in said["author"])
    terms = "".join(f'<category term="{escape(each)}"/>\n' for each in (said["section"], *said["tags"]))
    return (
        f'<entry>\n<id>{said["id"]}</id>\n<title>{escape(said["title"])}</title>\n<link href="{article.url}"/>\n'
        f"<published>{article.moment}</published>\n<updated>{article.moment}</updated>\n{names}{terms}"
        f'<summary>{escape(said["summary"])}</summary>\n<content type="html">{escape(article.body)}</content>\n</entry>\n'
    )


def _item_of(article: _Article) -> Mapping[str, Any]:
    said = article.said
    names = [{"name": each} for each in said["author"]]
    named = {"id": said["id"], "url": article.url, "title": said["title"], "summary": said["summary"], "authors": names}
    return named | {"content_html": article.body, "date_published": article.moment, "tags": [said["section"], *said["tags"]]}


def _book(articles: Sequence[_Article], path: Path) -> None:
    names = [f"{number}.xhtml" for number in range(len(articles))]
    listed = "".join(f'<item id="a{each}" href="{each}" media-type="application/xhtml+xml"/>' for each in names)
    linked = "".join(f'<li><a href="{name}">{escape(each.said["title"])}</a></li>' for name, each in zip(names, articles, strict=True))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr(
            "book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
            '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>The Lantern</dc:title><dc:language>en</dc:language>'
            f'<dc:identifier id="id">{_HOME}</dc:identifier><meta property="dcterms:modified">{articles[0].moment[:19]}Z</meta></metadata>'
            f'<manifest><item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{listed}</manifest>'
            f'<spine>{"".join(f"""<itemref idref="a{each}"/>""" for each in names)}</spine></package>',
        )
        archive.writestr("nav.xhtml", _chapter("The Lantern", f'<nav epub:type="toc"><ol>{linked}</ol></nav>'))
        for name, each in zip(names, articles, strict=True):
            archive.writestr(name, _chapter(each.said["title"], f"<h1>{escape(each.said['title'])}</h1>{each.body}"))


def _chapter(title: str, body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
        f"<head><title>{escape(title)}</title></head><body>{body}</body></html>"
    )


def _page(said: Mapping[str, Any], body: str, url: str, when: datetime) -> str:
    title, summary, moment = escape(said["title"]), escape(said["summary"]), when.isoformat()
    picture = said.get("image") or {}
    lead = (
        f'<figure class="lead">\n<img src="{_source(picture)}" alt="{escape(picture["alt"])}" width="1200" height="800">\n'
        f"<figcaption>{escape(picture['caption'])}</figcaption>\n</figure>\n"
        if picture
        else ""
    )
    names = "".join(f'<meta name="author" content="{escape(each)}">\n' for each in said["author"])
    tags = "".join(f'<meta property="article:tag" content="{escape(each)}">\n' for each in said["tags"])
    byline = ", ".join(
        f'<a class="p-author h-card" href="/authors/{quote(each.lower())}.html">{escape(each)}</a>' for each in said["author"]
    )
    topics = "".join(f'<li><span class="p-category">{escape(each)}</span></li>\n' for each in said["tags"])
    return (
        f'<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title} – The Lantern</title>\n'
        f'<script type="application/ld+json">{_graph(said, url, moment)}</script>\n<link rel="stylesheet" href="/style.css">\n'
        f'<meta name="description" content="{summary}">\n{names}<link rel="canonical" href="{url}">\n'
        f'<link rel="alternate" href="{_HOME}index.xml" type="application/rss+xml" title="The Lantern">\n'
        f'<meta property="og:type" content="article">\n<meta property="og:title" content="{title}">\n'
        f'<meta property="og:url" content="{url}">\n<meta property="og:site_name" content="The Lantern">\n'
        f'<meta property="og:description" content="{summary}">\n<meta property="article:published_time" content="{moment}">\n'
        f'<meta property="article:section" content="{said["section"]}">\n{tags}</head>\n<body>\n<header class="masthead">\n'
        f'<p class="name"><a href="/">The Lantern</a></p>\n<nav aria-label="Sections">\n<ul>\n{_NAV}</ul>\n</nav>\n</header>\n<main>\n'
        f'<article class="article h-entry">\n<header>\n<p class="kicker">{said["section"]}</p>\n<h1 class="p-name">{title}</h1>\n'
        f'<p class="standfirst p-summary">{summary}</p>\n<p class="byline">{byline}</p>\n'
        f'<p class="dates"><time class="dt-published" datetime="{moment}">{when:%-d %B %Y, %H:%M}</time></p>\n</header>\n{lead}'
        f'<div class="body e-content">{body}</div>\n<footer class="about">\n<h2>Topics</h2>\n<ul class="keywords">\n{topics}</ul>\n'
        '</footer>\n</article>\n</main>\n<footer class="foot">\n<p class="name"><a href="/">The Lantern</a></p>\n</footer>\n'
        "</body>\n</html>\n"
    )


def _node(said: Mapping[str, Any], url: str, moment: str) -> dict[str, Any]:
    """Return an article as JSON-LD."""
    picture = said.get("image")
    article = {
        "@type": "NewsArticle",
        "@id": f"{url}#article",
        "identifier": said["id"],
        "headline": said["title"],
        "url": url,
        "description": said["summary"],
        "articleSection": said["section"],
        "keywords": said["tags"],
        "inLanguage": "en",
        "datePublished": moment,
        "author": [{"@type": "Person", "name": each} for each in said["author"]],
        "publisher": {"@id": f"{_HOME}#publisher"},
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "isPartOf": {"@id": f"{_HOME}#publication"},
    }
    if picture:
        shown = {"@type": "ImageObject", "contentUrl": _source(picture), "encodingFormat": "image/jpeg", "width": 1200, "height": 800}
        article["image"] = [shown | {"caption": picture["caption"], "description": picture["alt"]}]
    return article


def _source(picture: Mapping[str, Any]) -> str:
    return f"{_HOME}{picture['src'].removeprefix('../')}"


def _graph(said: Mapping[str, Any], url: str, moment: str) -> str:
    """Return the JSON-LD of a page."""
    page = {"@type": "WebPage", "@id": url, "url": url, "name": said["title"], "inLanguage": "en", "isPartOf": {"@id": f"{_HOME}#site"}}
    trail = [
        {"@type": "ListItem", "position": 1, "name": "The Lantern", "item": _HOME},
        {"@type": "ListItem", "position": 2, "name": said["title"], "item": url},
    ]
    crumbs = {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumbs", "itemListElement": trail}
    graph = [_node(said, url, moment), page | {"breadcrumb": {"@id": f"{url}#breadcrumbs"}}, crumbs, *_AROUND]
    return _text({"@graph": graph}).replace("</", "<\\/")


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)


def _item(said: Mapping[str, Any], body: str, url: str, when: datetime) -> str:
    names = "".join(f"<dc:creator>{escape(each)}</dc:creator>\n" for each in said["author"])
    terms = "".join(f"<category>{escape(each)}</category>\n" for each in (said["section"], *said["tags"]))
    return (
        f"<item>\n<title>{escape(said['title'])}</title>\n<link>{url}</link>\n"
        f'<guid isPermaLink="false">{said["id"]}</guid>\n<pubDate>{format_datetime(when)}</pubDate>\n{names}{terms}'
        f"<description>{escape(said['summary'])}</description>\n<content:encoded>{escape(body)}</content:encoded>\n</item>\n"
    )


if __name__ == "__main__":
    gc.disable()
    print(built(*map(Path, sys.argv[1:3]), whole=sys.argv[3:] == ["whole"]))

"""The least that Python takes for what Hugo makes in `bench/hugo/`: `python -m bench.bare SOURCES FOLDER`.

The same pages and the same feed, by YAML and Markdown in C and Rust and one f-string for each; nothing is cleaned, tied to others, checked,
read back or remembered, and what is odd in a source would end it. It is no part of Publisher: whoever asks how near to Hugo Python can
come has the answer here.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import comrak
import yaml

from bench.site import SECTIONS

__all__ = ["built"]

_HOME = "https://lantern.example/"
_NAV = "".join(f'<li><a href="/sections/{each.lower()}.html">{each}</a></li>\n' for each in SECTIONS)
_OPTIONS = comrak.ExtensionOptions()
_AROUND = (
    {"@type": "Periodical", "@id": f"{_HOME}#publication", "identifier": _HOME, "name": "The Lantern", "url": _HOME, "inLanguage": "en"}
    | {"publisher": {"@id": f"{_HOME}#publisher"}, "hasPart": [{"@type": "CreativeWork", "name": each} for each in SECTIONS]},
    {"@type": "NewsMediaOrganization", "@id": f"{_HOME}#publisher", "name": "The Lantern Press", "url": "https://press.lantern.example/"},
    {"@type": "WebSite", "@id": f"{_HOME}#site", "url": _HOME, "name": "The Lantern", "inLanguage": "en"}
    | {"publisher": {"@id": f"{_HOME}#publisher"}},
)


def built(sources: Path, folder: Path) -> int:
    """Write a page for each article and the feed of all; return how many articles there are."""
    items = [_article(path, folder) for path in sources.glob("*/*.md")]
    entries = "".join(item for _, item in sorted(items, reverse=True))
    (folder / "index.xml").write_text(
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f"<channel>\n<title>The Lantern</title>\n<link>{_HOME}</link>\n<description>News</description>\n<language>en</language>\n{entries}"
        "</channel>\n</rss>\n",
        "utf-8",
    )
    return len(items)


def _article(path: Path, folder: Path) -> tuple[str, str]:
    """Write the page of an article; return its date and its item in the feed."""
    _, matter, text = path.read_text("utf-8").split("---\n", 2)
    said = yaml.load(matter, yaml.CSafeLoader)
    body = comrak.render_markdown(text, extension_options=_OPTIONS)
    when = said["date"] if isinstance(said["date"], datetime) else datetime.fromisoformat(f"{said['date']}:00+00:00")
    url = f"{_HOME}{path.parent.name}/{path.stem}/"
    place = folder / path.parent.name / path.stem
    place.mkdir(parents=True, exist_ok=True)
    (place / "index.html").write_text(_page(said, body, url, when), "utf-8")
    return when.isoformat(), _item(said, body, url, when)


def _page(said: Mapping[str, Any], body: str, url: str, when: datetime) -> str:
    title, summary, moment = escape(said["title"]), escape(said["summary"]), when.isoformat()
    picture = said.get("image") or {}
    source = f"{_HOME}{picture['src'].removeprefix('../')}" if picture else ""
    lead = (
        f'<figure class="lead">\n<img src="{source}" alt="{escape(picture["alt"])}" width="1200" height="800">\n'
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
        f'<script type="application/ld+json">{_graph(said, url, moment, source)}</script>\n<link rel="stylesheet" href="/style.css">\n'
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


def _graph(said: Mapping[str, Any], url: str, moment: str, source: str) -> str:
    """Return the JSON-LD of a page."""
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
    if source:
        picture = {"@type": "ImageObject", "contentUrl": source, "encodingFormat": "image/jpeg", "width": 1200, "height": 800}
        article["image"] = [picture | {"caption": said["image"]["caption"], "description": said["image"]["alt"]}]
    page = {"@type": "WebPage", "@id": url, "url": url, "name": said["title"], "inLanguage": "en", "isPartOf": {"@id": f"{_HOME}#site"}}
    trail = [
        {"@type": "ListItem", "position": 1, "name": "The Lantern", "item": _HOME},
        {"@type": "ListItem", "position": 2, "name": said["title"], "item": url},
    ]
    crumbs = {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumbs", "itemListElement": trail}
    graph = [article, page | {"breadcrumb": {"@id": f"{url}#breadcrumbs"}}, crumbs, *_AROUND]
    return json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).replace("</", "<\\/")


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
    print(built(*map(Path, sys.argv[1:])))

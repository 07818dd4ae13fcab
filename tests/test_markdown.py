"""Markdown with front matter: each tool's keys, each tool's additions to Markdown, and the traps between them."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, schema
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from publisher.formats import Context, Reading, markdown
from publisher.formats.markdown import dialects
from publisher.markup import to_text
from publisher.problems import Problem, Severity, Unreadable

HOUSE = Organization(name="The Lantern")
SITE = "https://lantern.example/"
PUBLICATION = Publication(identifier=SITE, name="The Lantern", url=SITE, in_language="en", publisher=HOUSE)
JANE = Person(name="Jane Doe", url="https://lantern.example/jane")
CET = timezone(timedelta(hours=1))
CONTEXT = Context(
    publication=PUBLICATION, path="news/paris/index.md", parties=MappingProxyType({"jane doe": JANE}), time_zone=CET, since="1999"
)


def reading(text: str | bytes, context: Context = CONTEXT) -> Reading:
    return markdown.read(text.encode() if isinstance(text, str) else text, context)


def read(text: str | bytes, context: Context = CONTEXT) -> Article:
    return reading(text, context).publication.articles[0]


def with_matter(*lines: str, body: str = "Text") -> Article:
    """The article with these lines of YAML."""
    return read("\n".join(["---", "title: T", "date: 2018-10-24", *lines, "---", body]))


def body_of(text: str) -> str:
    return with_matter(body=text).body


def problems_of(text: str | bytes) -> list[tuple[int, str]]:
    return [(each.location.line, each.code) for each in reading(text).problems]


def first_problem(text: str) -> Problem:
    return reading(text).problems[0]


# -- front matter of each tool -------------------------------------------------------------------------------------------

HUGO = """---
title: "Paris: a meeting"
subtitle: They want to talk
description: >
  Putin and Trump
  meet in Paris.
type: analysis
date: 2018-10-24T08:00:00+02:00
lastmod: 2018-10-25 09:30
draft: true
tags: [no, on, 2026]
categories: [News, World]
lang: fr
author:
  - Jane Doe
  - By John Smith and Reuters
  - name: Bellingcat
    type: Organization
    url: https://www.bellingcat.com/
editors: [Mary Major]
contributors: Max Minor
cover: {image: media/a.jpg, alt: A big house, caption: "The *Kremlin*", credit: TASS, relative: true}
canonicalURL: https://other.example/x
dateline: PARIS
location: {name: Paris, lat: 48.85, lon: 2.35}
podcast: {src: media/a.mp3, duration: "1:23", title: Listen}
related:
  - other.html
  - {title: A title, url: /y.html, lang: de}
  - "[Linked](https://e.org/z)"
translations:
  de: /de/paris.html
  es: {url: https://e.org/es, title: Una reunión}
corrections:
  - {date: 2018-10-26, text: "A name was *wrong*."}
license: CC BY 4.0
copyright: © 2018 The Lantern
copyright_year: 2018
copyright_holder: The Lantern
free: yes
slug: Paris meeting
layout: post
weight: 3
---
Text
"""


def test_every_field_of_the_model_can_be_set() -> None:
    found = reading(HUGO)
    assert found.draft
    assert found.problems == ()
    assert found.publication.articles[0] == Article(
        identifier="tag:lantern.example,1999:paris",
        headline="Paris: a meeting",
        type="AnalysisNewsArticle",
        url=f"{SITE}articles/paris-meeting.html",
        alternative_headline="They want to talk",
        description="Putin and Trump meet in Paris.",
        body="<p>Text</p>",
        article_section="News",
        keywords=("no", "on", "2026", "World"),
        dateline="PARIS",
        content_location=(Place(name="Paris", latitude=48.85, longitude=2.35),),
        in_language="fr",
        date_published=datetime(2018, 10, 24, 8, tzinfo=timezone(timedelta(hours=2))),
        date_modified=datetime(2018, 10, 25, 9, 30, tzinfo=CET),
        author=(
            JANE,
            Person(name="John Smith"),
            Organization(name="Reuters"),
            Organization(name="Bellingcat", url="https://www.bellingcat.com/"),
        ),
        editor=(Person(name="Mary Major"),),
        contributor=(Person(name="Max Minor"),),
        publisher=HOUSE,
        image=(Image(content_url=f"{SITE}news/paris/media/a.jpg", description="A big house", caption="The Kremlin", credit_text="TASS"),),
        associated_media=(Media(content_url=f"{SITE}news/paris/media/a.mp3", type="AudioObject", duration=83, name="Listen"),),
        citation=(
            Link(url=f"{SITE}news/paris/other.html"),
            Link(url=f"{SITE}y.html", name="A title", in_language="de"),
            Link(url="https://e.org/z", name="Linked"),
        ),
        is_based_on="https://other.example/x",
        translations=(
            Link(url=f"{SITE}de/paris.html", in_language="de"),
            Link(url="https://e.org/es", name="Una reunión", in_language="es"),
        ),
        corrections=(Correction(text="A name was wrong.", date_published=date(2018, 10, 26)),),
        license="https://creativecommons.org/licenses/by/4.0/",
        copyright_notice="© 2018 The Lantern",
        copyright_holder=HOUSE,
        copyright_year=2018,
        is_accessible_for_free=True,
    )


def test_zola_has_toml_with_taxonomies_and_extra() -> None:
    article = read("""+++
title = "Zola"
date = 2018-10-24
updated = 2018-10-25T10:00:00Z
[taxonomies]
tags = ["a", "b c"]
categories = ["News"]
[extra]
author = "Jane Doe"
feature_image = "/cover.jpg"
feature_image_alt = "A lamp"
feature_image_caption = "Lamp"
+++
Text
""")
    assert (article.date_published, article.date_modified) == (date(2018, 10, 24), datetime(2018, 10, 25, 10, tzinfo=UTC))
    assert (article.keywords, article.article_section, article.author) == (("a", "b c"), "News", (JANE,))
    assert article.image == (Image(content_url=f"{SITE}cover.jpg", description="A lamp", caption="Lamp"),)


PELICAN = """Title: My title: with a colon
Date: 2018-10-24 08:00
Modified: 2018-10-25
Category: World News
Tags: climate change, energy
Slug: my-title
Authors: Doe, Jane; Smith, John
Summary: A summary
  that goes on
Status: draft
Lang: de_DE

Text ![x]({static}/images/x.png)
"""


def test_pelican_has_a_header_without_fence() -> None:
    found = reading(PELICAN)
    article = found.publication.articles[0]
    assert (found.draft, found.problems) == (True, ())
    assert (article.headline, article.description, article.in_language) == ("My title: with a colon", "A summary that goes on", "de-DE")
    assert (article.article_section, article.keywords) == ("World News", ("climate change", "energy"))
    assert (article.author, article.date_published) == ((JANE, Person(name="John Smith")), datetime(2018, 10, 24, 8, tzinfo=CET))
    assert article.body == f'<p>Text <img alt="x" src="{SITE}images/x.png"/></p>'


def test_jekyll_has_date_and_slug_in_the_file_s_name_and_tags_with_spaces() -> None:
    text = "---\nlayout: post\ntitle: Welcome\ncategories: news world\npermalink: /:year/:title/\npublished: false\n---\nText"
    found = reading(text, replace(CONTEXT, path="_posts/2018-10-24-welcome-to-paris.md"))
    article = found.publication.articles[0]
    assert (article.date_published, article.url) == (date(2018, 10, 24), f"{SITE}articles/welcome-to-paris.html")
    assert (article.article_section, article.keywords, found.draft) == ("news", ("world",), True)
    assert [each.code for each in found.problems] == ["markdown-words-split", "markdown-permalink-pattern"]


def test_obsidian_has_nested_tags_and_links_for_images() -> None:
    article = with_matter("tags:", "  - news/world", '  - "#energy"', 'image: "[[cover.png]]"', "cssclasses: [x]")
    assert (article.keywords, article.image[0].content_url) == (("news/world", "energy"), named("cover.png"))


TWICE = {
    "---\ntitle: A\ndate: 2018-10-24\ntitle: B\n---\nText": 4,
    "---\ntitle: A\ndate: 2018-10-24\nDate: 2018-10-25\n---\nText": 4,
    "Title: A\nDate: 2018-10-24\nTitle: B\n\nText": 3,
    '{"title": "A",\n"date": "2018-10-24",\n"title": "B"}\nText': 3,
}


@pytest.mark.parametrize("text", TWICE)
def test_of_a_key_that_is_there_twice_the_first_counts_and_it_is_told(text: str) -> None:
    article = read(text)
    assert (article.headline, article.date_published) == ("A", date(2018, 10, 24))
    assert problems_of(text) == [(TWICE[text], "markdown-key-repeated")]


JSON = (
    '\n{\n\t"title": "A",\n\t"date": "2018-10-24",\n\t"tags": ["x", 2],\n\t"draft": false,\n\t"subtitle": null,\n\t"nam": 1\n}\n\nText <b\n'
)


def test_hugo_has_front_matter_in_json() -> None:
    article = read(JSON)
    assert (article.headline, article.keywords, article.alternative_headline) == ("A", ("x", "2"), None)
    assert (article.body, problems_of(JSON)) == ("<p>Text &lt;b</p>", [(8, "markdown-unknown-key")])


def test_json_with_text_below_is_markdown_whatever_its_name() -> None:
    assert formats.detect(JSON.encode(), "a.txt") is markdown


@pytest.mark.parametrize("text", ['{"a": 1} is JSON', '{"unknown": 1}\n\nText', "{x}\n\nText", '{"title": ' + "[" * 200_000 + "\n"])
def test_text_in_braces_is_no_front_matter(text: str) -> None:
    assert read(f"{text}\n").body != "<p>Text</p>"


def test_broken_json_is_told_with_its_line() -> None:
    with pytest.raises(Unreadable) as raised:
        read('{\n"title": "A",\n"date" 2\n}\nText')
    assert [(each.code, each.location.line) for each in raised.value.problems] == [("json-malformed", 3)]


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [HUGO, PELICAN], ids=["fence", "header"])
def test_a_file_from_windows_keeps_its_front_matter(text: str, encoding: str) -> None:
    assert read(text.replace("\n", "\r\n").encode(encoding)) == read(text)


def test_a_closing_fence_may_be_dots() -> None:
    assert read("---\ntitle: T\n...\nText").body == "<p>Text</p>"


@pytest.mark.parametrize("text", ["---\n\nA rule\n", "---\nNo key here\n---\n\nText", "---\n\nOne: two\n\n---\n\nText"])
def test_a_rule_at_the_top_is_no_front_matter(text: str) -> None:
    assert read(text).body.startswith("<hr/>")


BROKEN = {
    "---\ntitle: T\n\nText": ("markdown-open-front-matter", 1, "write --- on a line of its own"),
    "---\ntitle: T\nsubtitle: Foo: bar\n---\nText": ("yaml-malformed", 3, "put a value with a colon in quotes"),
    "---\ntitle: @foo\n---\nText": ("yaml-malformed", 2, "put a value that begins with a special character in quotes"),
    "---\ntitle: [a\n---\nText": ("yaml-malformed", 3, "put values"),
    "\n---\ntitle: *foo\n---\nText": ("yaml-malformed", 3, "put a value that begins with * in quotes"),
    "---\ntitle: " + "[" * 50 + "\n---\nText": ("yaml-malformed", 2, "remove some brackets"),
    "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"a{n}: &a [{','.join(['*a'] * 10)}]\n" for n in range(6)) + "---\n": (
        "yaml-malformed", 5, "write fewer values"
    ),
    "+++\ntitle = T\n+++\nText": ("toml-malformed", 2, "put text in quotes"),
    "+++\na = 1\na = 2\n+++\nText": ("toml-malformed", 3, ""),
    "---\n---\n": ("markdown-no-title", 0, "write title:"),
    "": ("markdown-empty", 0, "write front matter"),
}  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_broken_front_matter_is_told_with_its_line_and_what_to_write(text: str) -> None:
    with pytest.raises(Unreadable) as raised:
        read(text)
    found, (code, line, hint) = raised.value.problems[0], BROKEN[text]
    assert (found.code, found.location.line) == (code, line)
    assert found.hint.startswith(hint)


def test_a_key_nobody_knows_is_one_problem_with_what_was_probably_meant() -> None:
    found = first_problem("---\ntitle: T\ndate: 2018-10-24\nsubtitel: x\nextra: {layuot: y}\n---\nText")
    assert (found.code, found.location.line, found.hint) == ("markdown-unknown-key", 4, "did you mean 'subtitle'?")


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        *((line, "warning") for line in ("auhtor: A", "titel: A", "image: {src: a.png, alt: A, captoin: x}")),
        *((line, "info") for line in ("mood: A", "shoe_size: A", "image: {src: a.png, alt: A, shape: x}", "translationKey: A")),
        *((line, "info") for line in ("unpublished: A", "author_id: A", "seo_description: A", "uid: A", "title2: A", "released: A")),
    ],
)
def test_a_key_that_is_misspelt_is_more_than_one_for_other_programs(line: str, severity: str) -> None:
    (found,) = [each for each in reading(f"---\ntitle: T\ndate: 2018-10-24\n{line}\n---\nText").problems if "unknown-key" in each.code]
    assert (str(found.severity), found.location.line) == (severity, 4)


def test_that_columns_are_aligned_is_lost_and_told_once() -> None:
    table = "| a | b |\n|---|--:|\n| 1 | 2 |"
    fence = "```\n|:--|--:|\n```"
    found = reading(f"---\ntitle: T\ndate: 2018-10-24\n---\n{fence}\n\n{table}\n\n{table}\n").problems
    assert [(each.code, each.location.line) for each in found] == [("markdown-alignment", 10)]
    assert "markdown-alignment" not in {
        each.code for each in reading(f"---\ntitle: T\ndate: 2018-10-24\n---\n{fence}\n\n<p align='center'>A</p>").problems
    }
    assert reading(f"---\ntitle: T\ndate: 2018-10-24\n---\n{table.replace('--:', '---')}\n").problems == ()


INSIDE = {
    "image: {src: a.png, alt: A, captoin: x}": "did you mean 'caption'?",
    "image: {src: a.png, alt: A, crediT_: x, creddit: y}": "did you mean 'credit'?",
    "author: [{name: A, emial: x}]": "did you mean 'email'?",
    "editor: {nmae: A, name: B}": "did you mean 'name'?",
    "audio: {src: a.mp3, duratoin: 3}": "did you mean 'duration'?",
    "location: {name: X, lattitude: 3}": "did you mean 'latitude'?",
    "corrections: [{txt: A, text: B}]": "did you mean 'text'?",
    "related: [{url: /a, titel: B}]": "did you mean 'title'?",
    "author: {name: A, shoe size: 43}": "remove it, or leave it for other programs",
}


@pytest.mark.parametrize("line", INSIDE)
def test_a_key_nobody_knows_is_told_inside_of_mappings_too(line: str) -> None:
    (found,) = reading(f"---\ntitle: T\ndate: 2018-10-24\n{line}\n---\nText").problems
    assert (found.code, found.location.line, found.hint) == ("markdown-unknown-key", 4, INSIDE[line])


@pytest.mark.parametrize(
    "line", ["image: {src: a.png, alt: A, relative: true}", "author: {name: A, weight: 3}", "author: {name: A, bio: }"]
)
def test_a_key_inside_that_means_nothing_here_is_not_told(line: str) -> None:
    assert not reading(f"---\ntitle: T\ndate: 2018-10-24\n{line}\n---\nText").problems


@pytest.mark.parametrize("key", ["publishDate", "publish_date", "Publish-Date", "pubdate", "published", "date"])
def test_a_key_is_the_same_in_every_spelling(key: str) -> None:
    assert read(f"---\ntitle: T\n{key}: 2018-10-24\n---\nText").date_published == date(2018, 10, 24)


WRONG = {
    "title: [a, b]": "write it on one line",
    "date: tomorrow": "write it as 2018-10-24",
    "lastmod: soon": "write it as 2018-10-24",
    "lang: klingonish!": "write a BCP 47 tag",
    "image: 'http://['": "write the path of the image",
    "audio: {duration: 5}": "write the path of the recording",
    "audio: {src: a.mp3, duration: long}": "write seconds, 1:23, or PT1M23S",
    "free: maybe": "write true or false",
    "copyright_year: MMXVIII": "write four digits",
    "license: mine": "write its URL",
    "type: opinoin": "did you mean 'opinion'?",
    "location: [{x: 1}]": "write its name",
    "translations: {xx-yy-zz: /a}": "write a BCP 47 tag",
    "canonical: 'http://['": "write a URL",
    "corrections: [{date: 2018-10-24}]": "write date: and text:",
    "author: {url: https://e.org/}": "write a name",
    "draft: maybe": "write true or false",
    "draft: [a]": "write true or false",
    "visibility: nobody": "write public, members or paid",
    "tags: {a: b}": "write a list: [one, two words]",
    "tags: [a, [b]]": "write a list: [one, two words]",
    "category: {a: b}": "write a list: [one, two words]",
    "corrections: [{date: 2026-99-01, text: Bad}]": "write it as 2018-10-24",
    "corrections: [{date: 2026-09-01, text: Bad, note: [a]}]": "write note on one line",
    "location: {name: X, latitude: 91, longitude: 1}": "write degrees",
    "location: {name: X, latitude: 1, lng: east}": "write degrees",
    "location: {name: X, latitude: 1}": "write latitude and longitude",
    "author: [{name: A, url: notaurl}]": "write a URL",
    "author: [{name: A, same_as: [notaurl]}]": "write a URL",
    "image: {src: a.png, width: wide}": "write digits only",
    "image: {src: a.png, height: tall}": "write digits only",
    "image: {src: a.png, content_size: 1 MB}": "write digits only",
    "image: {src: a.png, sha256: x}": "write its 64 characters",
    "image: {src: a.png, media_type: picture}": "write one such as image/jpeg",
    "image: {src: a.png, license: mine}": "write its URL",
    "image: {src: a.png, caption: [a, b]}": "write caption on one line",
    "image: [[a.png]]": "write its path",
    "audio: {src: a.mp3, license: mine}": "write its URL",
    "audio: {src: a.mp3, content_size: 1 MB}": "write digits only",
    "audio: {src: a.mp3, sha256: x}": "write its 64 characters",
}


@pytest.mark.parametrize("line", WRONG)
def test_a_value_that_is_lost_is_a_warning_with_its_line(line: str) -> None:
    found = next(
        each
        for each in reading(f"---\nlayout: post\n{line}\n---\nText").problems
        if each.severity == Severity.WARNING and each.code != "markdown-no-date"
    )
    assert found.location.line == 3
    assert found.hint.startswith(WRONG[line])


TOO_EARLY = {
    "date: 2026-11-20\nupdated: 2026-11-10": [4],
    "date: 2026-11-20\nupdated: 2026-11-19": [4],
    "date: 2026-11-20\nupdated: 2026-11-20": [],
    "date: 2026-11-20\nupdated: 2026-11-19T23:00:00+01:00": [],
    "date: 2026-11-20T08:00:00+01:00\nupdated: 2026-11-20T07:59:59+01:00": [4],
    "date: 2026-11-20T08:00:00+01:00\nupdated: 2026-11-20T07:59:59+00:00": [],
    "updated: 2026-11-10": [],
}


@pytest.mark.parametrize("lines", TOO_EARLY)
def test_an_article_that_was_changed_before_it_was_published_is_told(lines: str) -> None:
    problems = reading(f"---\ntitle: T\n{lines}\n---\nText").problems
    assert [each.location.line for each in problems if each.code == "markdown-modified-before-published"] == TOO_EARLY[lines]


def test_an_article_without_text_is_told_unless_there_is_something_to_hear_or_see() -> None:
    assert problems_of("---\ntitle: T\ndate: 2018-10-24\n---\n") == [(5, "markdown-no-text")]
    assert problems_of("---\ntitle: T\ndate: 2018-10-24\naudio: a.mp3\n---\n") == []


MARKED_UP = {
    "title: A <b>bold</b> word": [2],
    "title: The <b> tag": [],
    "title: T\nsubtitle: 1 < 2": [],
    "title: T\nsubtitle: A<br/>": [3],
    "title: T\ndescription: <i>So</i>": [3],
}


@pytest.mark.parametrize("lines", MARKED_UP)
def test_tags_in_what_is_plain_text_are_told_once(lines: str) -> None:
    problems = reading(f"---\n{lines}\ndate: 2018-10-24\n---\nText").problems
    assert [each.location.line for each in problems if each.code == "markdown-markup"] == MARKED_UP[lines]


def test_a_date_that_is_none_is_told_once() -> None:
    assert problems_of("---\ntitle: T\ndate: 2026-13-45\n---\nText") == [(3, "markdown-wrong-value")]


SECTIONS = {
    "section: Twon": [(4, "did you mean 'Town'?")],
    "category: town": [(4, "did you mean 'Town'?")],
    "section: Town": [],
    "section: Weather": [],
    "section: Twon\nlang: nl": [],
    "section: Twon\nlang: en-GB": [(4, "did you mean 'Town'?")],
}


@pytest.mark.parametrize("lines", SECTIONS)
def test_a_section_that_is_probably_misspelt_is_told(lines: str) -> None:
    context = replace(CONTEXT, publication=replace(PUBLICATION, sections=("Town", "World")))
    problems = reading(f"---\ntitle: T\ndate: 2026-11-01\n{lines}\n---\nText", context).problems
    assert [(each.location.line, each.hint) for each in problems if each.code == "markdown-section-unknown"] == SECTIONS[lines]
    assert not reading(f"---\ntitle: T\ndate: 2026-11-01\n{lines}\n---\nText").problems


def test_an_ambiguous_date_is_said() -> None:
    assert problems_of("---\ntitle: T\ndate: 03/04/2018\n---\nText") == [(3, "markdown-date-ambiguous")]


DRAFTS = {
    "draft: true": True,
    "draft: false": False,
    "published: false": True,
    "published: true": False,
    "publish: no": True,
    "status: draft": True,
    "status: published": False,
    "layout: post": False,
    "draft:": False,
    "visibility: private": True,
    "visibility: public": False,
}


@pytest.mark.parametrize("line", DRAFTS)
def test_a_draft_is_one(line: str) -> None:
    found = reading(f"---\ntitle: T\ndate: 2018-10-24\n{line}\n---\nText")
    assert (found.draft, found.problems) == (DRAFTS[line], ())
    assert found.publication.articles[0].date_published == date(2018, 10, 24)


ADDRESSES = {
    "url: /2018/paris/": f"{SITE}2018/paris/",
    "permalink: paris.html": f"{SITE}paris.html",
    "url: https://e.org/paris": "https://e.org/paris",
    "permalink: pretty": f"{SITE}articles/paris.html",
    "slug: À Paris!": f"{SITE}articles/%C3%A0-paris.html",
    "canonical_url: https://lantern.example/x": f"{SITE}x",
    "canonical: /sport/x/": f"{SITE}sport/x/",
    "url: /y/\ncanonical: /sport/x/": f"{SITE}y/",
    "canonical: https://lantern.example/": f"{SITE}articles/paris.html",
    "canonical: https://lantern.example/?p=1": f"{SITE}articles/paris.html",
}


@pytest.mark.parametrize("line", ADDRESSES)
def test_an_article_says_where_it_lives(line: str) -> None:
    article = with_matter(line)
    assert (article.url, article.is_based_on) == (ADDRESSES[line], None)


ORIGINALS = {
    "canonical: /sport/x/": [(4, "markdown-original-is-here")],
    "canonical: /articles/paris.html": [],
    "url: /y/\ncanonical: /y/": [],
    "url: /y/\ncanonical: /sport/x/": [(5, "markdown-original-left-out")],
    "canonical: https://lantern.example/": [(4, "markdown-original-left-out")],
    "canonical: https://e.org/x": [],
}


@pytest.mark.parametrize("lines", ORIGINALS)
def test_an_original_in_this_publication_is_the_address_or_told(lines: str) -> None:
    assert problems_of(f"---\ntitle: T\ndate: 2018-10-24\n{lines}\n---\nText") == ORIGINALS[lines]


def test_an_identifier_is_kept_as_it_is() -> None:
    assert with_matter("id: urn:uuid:60a762d4-f3b5-4d4b-bc3c-1c5c7c1b8d4e").identifier == "urn:uuid:60a762d4-f3b5-4d4b-bc3c-1c5c7c1b8d4e"


IMAGES = {
    "image: a.png": Image(content_url=f"{SITE}news/paris/a.png"),
    "image: /a.png\nimage_alt: A\nimage_caption: C\nimage_credit: D": Image(
        content_url=f"{SITE}a.png", description="A", caption="C", credit_text="D"
    ),
    "images: [https://e.org/a.png]": Image(content_url="https://e.org/a.png"),
    "image: {path: a.png, alt: A}": Image(content_url=f"{SITE}news/paris/a.png", description="A"),
    "image: {caption: Donald Trump, credit: Kremlin.ru}": Image(caption="Donald Trump", credit_text="Kremlin.ru"),
    "image: {src: a.png, license: CC0}": Image(
        content_url=f"{SITE}news/paris/a.png", license="https://creativecommons.org/publicdomain/zero/1.0/"
    ),
}


@pytest.mark.parametrize("lines", IMAGES)
def test_a_picture_is_a_path_or_says_more(lines: str) -> None:
    assert with_matter(lines).image == (IMAGES[lines],)


RECORDINGS = {
    "audio: a.mp3": Media(content_url=f"{SITE}news/paris/a.mp3", type="AudioObject"),
    "media: https://e.org/a.mp4?x": Media(content_url="https://e.org/a.mp4?x", type="VideoObject"),
    "video: {url: https://e.org/v, duration: PT1H2M3S}": Media(content_url="https://e.org/v", type="VideoObject", duration=3723),
    "media: {src: https://e.org/v, type: audio/ogg}": Media(content_url="https://e.org/v", type="AudioObject", encoding_format="audio/ogg"),
    "media: https://e.org/v": Media(content_url="https://e.org/v"),
}


@pytest.mark.parametrize("line", RECORDINGS)
def test_a_recording_is_a_path_or_says_more(line: str) -> None:
    assert with_matter(line).associated_media == (RECORDINGS[line],)


# -- the headline --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["# Putin in *Paris*\n\nText", "Putin in Paris\n===\nText", "---\nlayout: post\n---\n\n# Putin in Paris #\nText"]
)
def test_without_a_title_the_first_heading_is_it(text: str) -> None:
    article = read(text)
    assert (article.headline, article.body) == ("Putin in Paris", "<p>Text</p>")


def test_a_heading_that_repeats_the_title_goes_and_another_one_stays() -> None:
    assert with_matter("headline: x", body="# T\n\nText").body == "<p>Text</p>"
    assert with_matter(body="# Another\n\nText").body == "<h2>Another</h2><p>Text</p>"


def test_without_title_and_heading_the_name_of_the_file_or_the_first_words_are_it() -> None:
    assert read("Text", replace(CONTEXT, path="putin-in-paris.md")).headline == "Putin in paris"
    assert read("*One* two three four five six seven eight nine", replace(CONTEXT, path="1.md")).headline == (
        "One two three four five six seven eight"
    )


# -- the text ------------------------------------------------------------------------------------------------------------


def named(name: str) -> str:
    """The address that asks for a file by its name; `sources` finds the file."""
    return f"{SITE}%5B%5B{name}%5D%5D"


BODIES = {
    "One\n\n<!--more-->\n\nTwo": "<p>One</p><p>Two</p>",
    "a ~~b~~ **c**": "<p>a <del>b</del> <strong>c</strong></p>",
    "H~2~O, approx ~5 and ~6 km, ~a b~": "<p>H<sub>2</sub>O, approx ~5 and ~6 km, ~a b~</p>",
    "[a](#one-thing) [b](#two) [c](#über)\n\n## One *thing*\n\n## Second {#two}\n\n## Über\n\n## Else": (
        '<p><a href="#one-thing">a</a> <a href="#two">b</a> <a href="#section-3">c</a></p>'
        '<h2 id="one-thing">One <em>thing</em></h2><h2 id="two">Second</h2><h2 id="section-3">Über</h2><h2>Else</h2>'
    ),
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "**強調。**日本": "<p><strong>強調。</strong>日本</p>",
    "https://e.org/a_b": '<p><a href="https://e.org/a_b">https://e.org/a_b</a></p>',
    '<div onclick="x()"><b>raw</b></div><script>x</script>': "<p><b>raw</b></p>",
    '![A](a.png "Caption \\"q\\" & c")': (
        f'<figure><img alt="A" src="{SITE}news/paris/a.png"/><figcaption>Caption &quot;q&quot; &amp; c</figcaption></figure>'
    ),
    "![A](a.png)": f'<p><img alt="A" src="{SITE}news/paris/a.png"/></p>',
    '{{< figure src="/a.png" alt="A" caption="B \\"q\\"" >}}\nText': (
        f'<figure><img alt="A" src="{SITE}a.png"/><figcaption>B &quot;q&quot;</figcaption></figure><p>Text</p>'
    ),
    '{{< figure src="/a.png" alt="A" caption="B *b*" attr="C" attrlink="https://e.org/c" >}}': (
        f'<figure><img alt="A" src="{SITE}a.png"/><figcaption>B <em>b</em> <a href="https://e.org/c">C</a></figcaption></figure>'
    ),
    'see {% link b.md %} or {{< ref "b" >}}.': f'<p>see <a href="{named("b.md")}">b.md</a> or <a href="{named("b")}">b</a>.</p>',
    '{% include figure.html image_path="/a.png" alt="A" %}': f'<figure><img alt="A" src="{SITE}a.png"/></figure>',
    "{{< youtube dQw4w9WgXcQ >}}": (
        '<p><a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">https://www.youtube.com/watch?v=dQw4w9WgXcQ</a></p>'
    ),
    '[a]({{< ref "b.html" >}}) [c]({{ site.baseurl }}/d.html) [e]({% link f.html %})': (
        f'<p><a href="{named("b.html")}">a</a> <a href="{SITE}d.html">c</a> <a href="{named("f.html")}">e</a></p>'
    ),
    "{% highlight ruby %}\nputs {{ x }}\n{% endhighlight %}": '<pre><code class="language-ruby">puts {{ x }}</code></pre>',
    "`{{< x >}}` {% raw %}{{ y }}{% endraw %}": "<p><code>{{&lt; x &gt;}}</code> {{ y }}</p>",
    "A paragraph.\n{: .lead}": "<p>A paragraph.</p>",
    "## Heading {#anchor}": "<h2>Heading</h2>",
    "[[A page|that]] and [[Page#Heading]], [[#Heading]] [[1]](https://e.org/)": (
        f'<p><a href="{named("A%20page")}">that</a> and <a href="{named("Page")}">Page</a>, Heading <a href="https://e.org/">[1]</a></p>'
    ),
    "![[a.png|A]] ==marked== %%hidden%% ^block1": f'<p><img alt="A" src="{named("a.png")}"/> <mark>marked</mark></p>',
    "{{</* youtube x */>}} {{% /* x */ %}}": "<p>{{&lt; youtube x &gt;}} {{% /* x */ %}}</p>",
    "```a``` ==b==\n\n```\n==c==": "<p><code>a</code> <mark>b</mark></p><pre><code>==c==</code></pre>",
    "> [!note]- A title\n> Text": "<blockquote><p><strong>A title</strong><br/>Text</p></blockquote>",
    "- [x] a\n- [ ] b\n\n  [x] c\n- [X] d": "<ul><li><p>☑ a</p></li><li><p>☐ b</p><p>[x] c</p></li><li><p>☑ d</p></li></ul>",
    '<figure class="kg-card"><img src="/a.png" alt="A"><figcaption>By <a href="https://e.org/">B</a></figcaption></figure>': (
        f'<figure><img alt="A" src="{SITE}a.png"/><figcaption>By <a href="https://e.org/">B</a></figcaption></figure>'
    ),
    "{% comment %}\nhidden\n{% endcomment %}\nText": "<p>Text</p>",
}


@pytest.mark.parametrize("text", BODIES)
def test_markdown_and_what_tools_add_to_it_become_a_body(text: str) -> None:
    assert body_of(text) == BODIES[text]


@pytest.mark.parametrize(
    "table",
    ["a|" * 300 + "\n" + "-|" * 300 + "\nb|\n", "> a|b\n> -|-\n\n" + "a|" * 190 + "\n" + "-|" * 190 + "\n" + "b|\n" * 1000],
    ids=["wide", "long"],
)
def test_a_table_of_cells_that_nobody_wrote_stays_text(table: str) -> None:
    """Each short row would be filled up to the width of the header."""
    article = with_matter(body=table)
    assert "<table>" not in article.body
    assert to_text(article.body).count("b") == table.count("b")
    (found,) = (each for each in reading(f"---\ntitle: T\ndate: 2018-10-24\n---\n{table}").problems)
    assert (found.code, table.split("\n")[found.location.line - 5].strip("> ") != "") == ("markdown-too-large", True)


def test_a_description_list_without_end_stays_text() -> None:
    """The parser would take an hour, and half a second where the limit is."""
    body = body_of("a\n: b\n\n" * 200_000)
    assert ("<dl>" in body, body.count("b")) == (False, 200_000)
    assert "<dl>" in body_of("a\n: b\n\n" * 100)


def test_addresses_without_end_stay_text() -> None:
    """The parser would take minutes."""
    assert body_of("a@b.example " * 300_000).count("a@b.example") == 300_000
    assert body_of("a@b.example") == '<p><a href="mailto:a@b.example">a@b.example</a></p>'


def test_a_large_table_is_one_when_it_was_written() -> None:
    table = "|a" * 100 + "|\n" + "|-" * 100 + "|\n" + ("|b" * 100 + "|\n") * 600
    assert body_of(table).count("<td>") == 60_000


def test_a_table_has_a_head() -> None:
    cells = '<thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody>'
    assert body_of("| a |\n|---|\n| b |") == f"<table>{cells}</table>"


def test_footnotes_are_numbered_and_lead_there_and_back() -> None:
    body = body_of("One[^x] two[^long-name] again[^x].\n\n[^long-name]: Second.\n[^x]: First.\n[^unused]: Third.\n")

    def reference(number: str, suffix: str = "") -> str:
        return f'<sup><a href="#fn-{number}" id="fnref-{number}{suffix}" role="doc-noteref">{number}</a></sup>'

    back = '<a href="#fnref-1" role="doc-backlink">↩</a> <a href="#fnref-1-2" role="doc-backlink">↩<sup>2</sup></a>'
    assert body.startswith(f"<p>One{reference('1')} two{reference('2')} again{reference('1', '-2')}.</p>")
    assert f'<li id="fn-1"><p>First. {back}</p></li>' in body
    assert '<li id="fn-2"><p>Second. <a href="#fnref-2" role="doc-backlink">↩</a></p></li>' in body
    assert 'role="doc-endnotes"' in body
    assert "Third" not in body


NOTES = {
    "One[^a] end.\n\n[^b]: Unused": [(5, "note-missing"), (7, "note-unused")],
    "One[^a] and[^a] end.": [(5, "note-missing")],
    "One[^A].\n\n[^a]: N": [],
    "`[^a]` \\[^b] [^c](/x)": [],
    "`[^a]` <code>[^a]</code>\n\n    [^b]: N\n\n```\n[^c]: N\n```": [],
    "`[^a]`\n\n[^a]": [(7, "note-missing")],
    "One\n\n<!--\n[^b]: N\n-->": [],
    "One\n\n> [^b]: N": [(7, "note-unused")],
    "One[^a]\n\n[^a]: N[^b]\n\n    [^c]\n[^b]: M": [(9, "note-missing")],
    "One\n\n[^a]: N[^b]\n[^b]: M": [(7, "note-unused")],
}


@pytest.mark.parametrize("body", NOTES)
def test_a_note_that_is_lost_and_a_mark_without_one_are_told(body: str) -> None:
    problems = reading(f"---\ntitle: T\ndate: 2018-10-24\n---\n{body}\n").problems
    assert [(each.location.line, each.code.removeprefix("markdown-")) for each in problems if "note" in each.code] == NOTES[body]
    assert all(each.severity is Severity.WARNING for each in problems if "note" in each.code)


def test_the_lead_picture_is_not_repeated_in_the_text() -> None:
    assert with_matter("image: a.png", body="![A](a.png)\n\nText\n\n![A](a.png)").body == (
        f'<p>Text</p><p><img alt="A" src="{SITE}news/paris/a.png"/></p>'
    )


def test_what_is_not_understood_is_left_out_and_its_inside_stays() -> None:
    text = "---\ntitle: T\ndate: 2018-10-24\n---\n\n{{% notice tip %}}\nInner *text*.\n{{% /notice %}}\n\n![[Note]] {{ page.title }}\n"
    assert read(text).body == "<p>Inner <em>text</em>.</p>"
    assert problems_of(text) == [(6, "markdown-tag-left-out"), (10, "markdown-tag-left-out"), (10, "markdown-tag-left-out")]


def test_lines_are_right_below_figures_headings_and_comments() -> None:
    text = "---\ntitle: T\ndate: 2018-10-24\n---\n# T\n%%a\nb%%\n{{< figure\n src='/a.png' >}}\n![](b.png)\n\n[dead](#) <img src=c.png>\n"
    assert problems_of(text) == [
        (8, "markdown-image-without-alt"),
        (10, "markdown-image-without-alt"),
        (12, "markdown-dead-link"),
        (12, "markdown-image-without-alt"),
    ]


LEFT_OUT = {
    "a\n\n[x](ftp://e.org/)": (7, "markdown-address-left-out"),
    "a\n\n[x](magnet:?xt=1)": (7, "markdown-address-left-out"),
    "`javascript:x`\n\n<a href='javascript:x'>y</a>": (7, "markdown-address-left-out"),
    "a\n\n[x](#nowhere)": (7, "markdown-dead-fragment"),
    "a\n\n```\n<script>\n```\n\n<script>x</script>": (11, "markdown-element-left-out"),
}


@pytest.mark.parametrize("body", LEFT_OUT)
def test_what_a_text_cannot_keep_is_told_with_its_line(body: str) -> None:
    assert problems_of(f"---\ntitle: T\ndate: 2018-10-24\n---\n{body}") == [LEFT_OUT[body]]


@pytest.mark.parametrize("body", ["[x](https://e.org/)", "`[x](ftp://e.org/)`", "Text <!-- <script>x</script> -->", "[a](#b)\n\n# B"])
def test_what_is_kept_is_not_told(body: str) -> None:
    assert problems_of(f"---\ntitle: T\ndate: 2018-10-24\n---\n{body}") == []


def test_headings_without_end_have_no_names() -> None:
    assert ' id="' in body_of("## a\n\n" * 900 + "[x](#a)")
    assert ' id="' not in body_of("## a\n\n" * 1100 + "[x](#a)")


def test_quotes_are_made_typographic_only_when_asked_for() -> None:
    text = '# It\'s "on"\n\n"Yes" -- no...'
    assert read(text).body == "<p>&quot;Yes&quot; -- no...</p>"
    article = read(text, replace(CONTEXT, smart=True))
    assert (article.headline, article.body) == ("It’s “on”", "<p>“Yes” – no…</p>")


NEVER_ENDING = ["{{< a ", "{{</* a ", "{% a ", "{{ a ", "{{" + " " * 99, "`" * 9 + "a\n\n", " {#a"]


@pytest.mark.parametrize("tag", [*NEVER_ENDING, "<img ", "{% highlight a"], ids=lambda tag: tag[:12].strip())
def test_tags_that_never_end_stay_and_are_looked_at_once(tag: str) -> None:
    """A pass for each of them would take hours here."""
    text = tag * 100_000
    assert dialects.plain(text, lambda *_: None)[0] == text


@pytest.mark.parametrize("tag", ["{% comment %} ", "{% raw %} "])
def test_tags_that_hide_the_text_up_to_their_end_hide_nothing_without_one(tag: str) -> None:
    assert dialects.plain(f"{tag * 100_000}Text", lambda *_: None)[0].strip() == "Text"


@pytest.mark.parametrize(
    "text", ["{{" + " " * 200_000 + "x", "a {#" + "a" * 400_000, '{% include a="' + "a" * 400_000, "{{< b\n" + "c" * 400_000]
)
def test_a_long_tag_that_never_ends_stays_and_is_looked_at_once(text: str) -> None:
    assert dialects.plain(text, lambda *_: None)[0] == text


def test_code_spans_of_every_length_that_never_end_are_looked_at_once() -> None:
    text = " ".join("`" * length for length in range(1, 2000))
    assert dialects.plain(f"{text} ==a==", lambda *_: None)[0] == f"{text} <mark>a</mark>"


# -- what is said ---------------------------------------------------------------------------------------------------------


def said(*lines: str, body: str = "Text", context: Context = CONTEXT) -> list[tuple[int, str, str]]:
    """Line, severity and code of all that is said of a dated article with these lines of YAML."""
    text = "\n".join(["---", "title: T", "date: 2018-10-24", *lines, "---", body])
    return [(each.location.line, str(each.severity), each.code) for each in reading(text, context).problems]


def test_an_article_without_a_date_is_warned_of() -> None:
    found = first_problem("---\ntitle: T\n---\nText")
    assert (found.code, found.severity, found.hint) == ("markdown-no-date", Severity.WARNING, "write date: in the front matter")


def test_what_is_neither_a_draft_nor_none_is_a_draft() -> None:
    assert reading("---\ntitle: T\ndraft: maybe\n---\nText").draft


@pytest.mark.parametrize(
    ("line", "free"),
    [("visibility: paid", False), ("visibility: members", False), ("visibility: public", None), ("visibility: paid\nfree: true", True)],
)
def test_in_ghost_only_what_is_public_is_free(line: str, free: bool | None) -> None:
    assert with_matter(line).is_accessible_for_free is free


@pytest.mark.parametrize("key", ["expiryDate", "unpublish_date"])
def test_that_a_page_is_to_go_is_not_acted_on(key: str) -> None:
    assert said(f"{key}: 2019-01-01") == [(4, "info", "markdown-expiry")]


def test_author_and_authors_are_both_authors() -> None:
    article = with_matter("author: Jane Doe", "authors: [John Smith, Jane Doe]")
    assert article.author == (JANE, Person(name="John Smith"))
    assert said("author: Jane Doe", "authors: [John Smith]") == [(4, "info", "markdown-names-merged")]
    assert said("author: Jane Doe", "authors: [jane doe]") == []


@pytest.mark.parametrize("written", ["Jane Doe, Washington correspondent", "By Jane Doe, Berlin"])
def test_what_of_a_byline_is_in_no_name_is_told(written: str) -> None:
    assert with_matter(f"author: {written}").author == (JANE,)
    assert said(f"author: {written}") == [(4, "info", "markdown-byline-shortened")]
    assert said("author: Jane Doe and John Smith", "editor: Mary Major") == []


def test_a_byline_names_editors_and_contributors_too() -> None:
    article = with_matter("author: By Jane Doe; editing by Mary Major; additional reporting by Max Minor", "editor: John Smith")
    assert (article.author, article.contributor) == ((JANE,), (Person(name="Max Minor"),))
    assert article.editor == (Person(name="John Smith"), Person(name="Mary Major"))


def test_a_dateline_is_what_was_written() -> None:
    assert with_matter("dateline: МОСКВА, 24 октября /ТАСС/").dateline == "МОСКВА, 24 октября /ТАСС/"


def test_in_obsidian_the_day_a_note_was_created_is_its_date_when_there_is_no_other() -> None:
    article = read("---\ntitle: T\ncreated: 2018-10-24\nupdated: 2018-10-25\n---\nText")
    assert (article.date_published, article.date_modified) == (date(2018, 10, 24), date(2018, 10, 25))
    assert with_matter("created: 2018-10-20").date_published == date(2018, 10, 24)


@pytest.mark.parametrize("matter", ["- title: T\n- date: 2018-10-24", "Just a sentence"])
def test_front_matter_without_keys_is_text_and_warned_of(matter: str) -> None:
    found = next(each for each in reading(f"---\n{matter}\n---\nText").problems if each.code == "markdown-without-keys")
    assert (found.location.line, found.severity) == (1, Severity.WARNING)
    assert found.hint.startswith('write "key: value"')


@pytest.mark.parametrize("text", ["---\n\nA rule\n\n---\nText", "---\nA rule\n\nand another\n\n---\nText", "---\nA rule"])
def test_text_between_rules_is_not_taken_for_front_matter(text: str) -> None:
    assert "markdown-without-keys" not in {each.code for each in reading(text).problems}


def test_of_many_keys_nobody_knows_the_first_are_told_one_by_one() -> None:
    found = said(*(f"unknown{number}: x" for number in range(500)))
    assert [line for line, _, code in found if code == "markdown-unknown-key"] == list(range(4, 25))


def test_a_time_without_zone_is_told_unless_a_zone_is_set() -> None:
    line = "lastmod: 2018-10-24 08:00"
    assert said(line, context=replace(CONTEXT, time_zone=None)) == [(4, "info", "date-without-zone")]
    assert said(line, context=replace(CONTEXT, time_zone=UTC)) == []
    assert said(line) == []
    assert said(f"{line}Z", context=replace(CONTEXT, time_zone=None)) == []


@pytest.mark.parametrize(
    "body", ["A Vec<String>.", "Dear <Name>,", "<svg><text>A chart</text></svg>", "<canvas>x</canvas>", "<select><option>One</select>"]
)
def test_text_that_is_lost_as_markup_is_warned_of_with_its_line(body: str) -> None:
    assert said(body=f"Text\n\n{body}") == [(7, "warning", "markdown-left-out")]


def test_text_in_code_is_not_lost() -> None:
    assert said(body="`Vec<String>`\n\n    <svg>x</svg>\n") == []


def test_long_values_are_quoted_in_part() -> None:
    found = reading(f"---\ntitle: T\ntype: {'x' * 999}\nlang: {'y' * 999}\n{'z' * 999}: 1\n---\n![](data:{'a' * 999})").problems
    assert max(len(each.message) for each in found) < 200


@pytest.mark.parametrize(
    "address", ['<a data-sourcepos="999:1-999:2" href="#">a</a>', f'<a data-sourcepos="{"9" * 5000}:1-1:1" href="#">a</a>']
)
def test_a_place_that_the_text_itself_claims_is_no_place(address: str) -> None:
    assert body_of(f"Text {address}") == "<p>Text a</p>"


# -- recognizing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "path"),
    [(b"Text", "a.md"), (b"Text", "a.Markdown"), (b"---\ntitle: T\n---\n", "a.txt"), (b"+++\n+++\n", ""), (PELICAN.encode(), "a.txt")],
)
def test_front_matter_or_the_file_s_name_tell_markdown(body: bytes, path: str) -> None:
    assert markdown.recognizes(body, path)
    assert formats.detect(body, path).NAME == "markdown"


@pytest.mark.parametrize(
    "body", [b"Putin in Paris\n\nText", b"---\n\nA rule", b"Note: this is text.\n", b"By: Jane Doe\nDate: today\n", b"\x00\x01"]
)
def test_text_is_not_markdown_without_a_reason(body: bytes) -> None:
    assert not markdown.recognizes(body, "a.txt")


PIECES = [
    *"\n".join([HUGO, PELICAN, *BROKEN, *WRONG, *IMAGES, *RECORDINGS, *BODIES, *ADDRESSES]).split("\n"),
    "---",
    "---",
    "+++",
    "",
    "",
    "\x85",
]
TEXTS = st.one_of(st.text(), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=14).map("\n".join))


@given(
    st.one_of(
        st.binary(),
        TEXTS.map(lambda text: text.encode(errors="ignore")),
        TEXTS.map(lambda text: f"---\n{text}\n---\n{text}".encode(errors="ignore")),
    )
)
def test_any_bytes_give_a_canonical_article_or_cannot_be_read(body: bytes) -> None:
    markdown.recognizes(body, "")
    with contextlib.suppress(Unreadable):
        publication = reading(body).publication
        assert schema.load(schema.dump(publication)) == (publication, ())

"""From sources to a publication: in order, with the facts about media, tied together, and with all that is wrong told."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Picture

from publisher import formats, hints, markup, schema, settings, sources
from publisher.article import Article, Image, Link, Media, Organization, Person, Publication
from publisher.problems import Problem, PublisherError, Severity
from publisher.settings import Settings
from publisher.sources import Gathered
from publisher.tracing import told_digest

SITE = "https://lantern.example/"
SETTINGS, _ = settings.read(
    b"""
[publication]
name = "The Lantern"
url = "https://lantern.example/"
language = "en"
since = "2026"
image = { src = "media/quay.png", alt = "The quay" }
[publisher]
name = "The Lantern Press"
logo = "media/quay.png"
[authors."Ines Calloway"]
image = "media/quay.png"
"""
)
ASSUMED, _ = settings.read(None)


def picture() -> bytes:
    Picture.new("RGB", (40, 30)).save(made := BytesIO(), "PNG")
    return made.getvalue()


FILES = {"media/quay.png": picture(), "media/horn.mp3": b"ID3\x04" + b"\0" * 96}


def find(url: str) -> bytes | None:
    return FILES.get(url.removeprefix(SITE))


def markdown(text: str = "It sailed.", **keys: str) -> bytes:
    """Return a source with these keys in its front matter."""
    head = {"title": "The ferry", **keys}
    return "\n".join(("---", *(f"{key}: {value}" for key, value in head.items()), "---", text, "")).encode()


def gather(given: Mapping[str, bytes], known: Settings | None = SETTINGS, *, drafts: bool = False) -> Gathered:
    return sources.gather(given.items(), known, ASSUMED, find, drafts=drafts)


def one_of(**keys: str) -> Article:
    """Return the article of one source with these keys."""
    (article,) = gather({"ferry.md": markdown(**keys)}).publication.articles
    return article


def told(found: Gathered) -> set[tuple[str, str, str]]:
    return {(each.code, str(each.severity), each.location.path) for each in found.problems}


def coded(found: Gathered, code: str) -> list[Problem]:
    return [each for each in found.problems if each.code == code]


# -- which files are sources ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["ferry.md", "news/ferry.txt", "feed.rss", "book.epub", "page.html", "a.json"])
def test_what_may_hold_an_article_is_a_source(path: str) -> None:
    assert sources.is_source(path)


@pytest.mark.parametrize(
    "path",
    [
        "publisher.toml",
        "news/publisher.toml",
        "media/a.JPG",
        "a.webp",
        "a.mp3",
        "style.css",
        "readings.csv",
        "LICENSE",
        "run.sh",
        "Makefile",
        "robots.txt",
        "ads.txt",
    ],
)
def test_media_and_settings_are_no_sources(path: str) -> None:
    assert not sources.is_source(path)


# -- order, drafts, clashes -----------------------------------------------------------------------------------------------


def test_the_newest_article_comes_first_and_those_without_a_date_last() -> None:
    dates = {"a": "2026-01-02", "b": "2026-03-04T10:00:00+02:00", "c": "", "d": "2026-03-04T09:00:00Z", "e": "1911-11-18"}
    given = {f"{name}.md": markdown(title=name, **({"date": when} if when else {})) for name, when in dates.items()}
    assert [each.headline for each in gather(given).publication.articles] == ["d", "b", "a", "e", "c"]


def test_articles_of_one_day_come_in_the_order_of_their_identifiers() -> None:
    given = {f"{name}.md": markdown(title=name, date="2026-01-02") for name in "cab"}
    assert [each.headline for each in gather(given).publication.articles] == ["a", "b", "c"]


def test_a_draft_is_left_out_and_told() -> None:
    found = gather({"a.md": markdown(title="a"), "b.md": markdown(title="b", draft="true")})
    assert [each.headline for each in found.publication.articles] == ["a"]
    assert ("source-draft", "info", "b.md") in told(found)


def test_a_draft_is_there_when_asked_for() -> None:
    found = gather({"b.md": markdown(title="b", draft="true")}, drafts=True)
    assert [each.headline for each in found.publication.articles] == ["b"]


def test_a_source_that_cannot_be_read_stops_no_other() -> None:
    found = gather({"a.md": markdown(title="a"), "b.rss": b"<rss version='2.0'><channel>", "c.md": markdown(title="c")})
    assert sorted(each.headline for each in found.publication.articles) == ["a", "c"]
    assert ("xml-malformed", "error", "b.rss") in told(found)


def unreadable(path: str) -> PublisherError:
    return PublisherError(Problem(code="file-unreadable", severity=Severity.ERROR, message="permission denied").at(path))


def test_a_source_that_cannot_be_opened_stops_no_other() -> None:
    found = sources.gather([("a.md", unreadable("a.md")), ("b.md", markdown(title="b"))], SETTINGS, ASSUMED, find)
    assert [each.headline for each in found.publication.articles] == ["b"]
    assert ("file-unreadable", "error", "a.md") in told(found)


def test_a_picture_that_cannot_be_read_stops_nothing_and_is_told_once() -> None:
    def refuse(url: str) -> bytes | None:
        if url.endswith("locked.png"):
            raise unreadable("media/locked.png")
        return find(url)

    text = "![x](media/locked.png) ![[locked.png]] [w](media/locked.png)"
    given = {"a.md": markdown(text, image="media/locked.png"), "b.md": markdown("![y](media/locked.png)", slug="b")}
    for found in (
        sources.gather(given.items(), SETTINGS, ASSUMED, refuse),
        sources.one("a.md", given["a.md"], SETTINGS, ASSUMED, refuse),
    ):
        assert [each.location.path for each in coded(found, "file-unreadable")] == ["media/locked.png"]
        assert [*coded(found, "source-media-missing"), *coded(found, "source-link-dead")] == []
        assert not any("<img" in each.body for each in found.publication.articles)


def test_two_articles_with_one_identifier_are_an_error() -> None:
    found = gather({"a/ferry.md": markdown(slug="one"), "b/ferry.md": markdown(slug="two")})
    (clash,) = coded(found, "source-identifier-clash")
    assert (str(clash.severity), clash.location.path) == ("error", "b/ferry.md")
    assert "'a/ferry.md'" in clash.message
    assert "id of its own" in clash.hint


def test_two_articles_with_one_address_are_an_error() -> None:
    found = gather({"a.md": markdown(slug="ferry"), "b.md": markdown(slug="ferry")})
    (clash,) = coded(found, "source-address-clash")
    assert (clash.location.path, clash.location.line, clash.hint) == ("b.md", 0, "give one of them another slug")


def test_what_settings_name_and_no_article_has_is_told() -> None:
    maud, ines = Person(name="Maude Fenwik"), Person(name="Ines Calloway")
    site = replace(SETTINGS.site, keyword_feeds=("rivver", "sea"))
    known = replace(SETTINGS, site=site, parties={each.name.casefold(): each for each in (maud, ines)})
    article = Article(identifier="urn:x:1", headline="A", author=(Person(name="Maud Fenwick"),), keywords=("river", "sea"))
    first, second = hints.unmatched(schema.with_articles(SETTINGS.publication, [article]), known, lambda *path: len(path[-1]))
    assert (first.code, first.location.line, first.hint) == ("settings-keyword-unused", 8, "did you mean 'river'?")
    assert (second.code, second.location.line, second.hint) == ("settings-author-unused", 12, "did you mean 'Maud Fenwick'?")
    assert {first.severity, second.severity} == {Severity.WARNING}


def test_an_author_to_come_is_no_mistake() -> None:
    """However much they are called as one that there is."""
    ines, ina = Person(name="Ines Calloway"), Person(name="Ina Calloway")
    known = replace(SETTINGS, parties={each.name.casefold(): each for each in (ines, ina)})
    article = Article(identifier="urn:x:1", headline="A", author=(ines,))
    assert not [*hints.unmatched(schema.with_articles(SETTINGS.publication, [article]), known, lambda *_: 1)]


def publication_by(*authors: Person) -> Publication:
    articles = [Article(identifier=f"urn:x:{each.name}", headline="A", author=(each,)) for each in authors]
    return schema.with_articles(SETTINGS.publication, articles)


def test_an_author_a_letter_away_is_told_once_where_the_article_is() -> None:
    """Also when nobody is called as the settings have it: which of the two is right, only people know."""
    ines = Person(name="Ines Calloway")
    known, publication = replace(SETTINGS, parties={ines.name.casefold(): ines}), publication_by(Person(name="Ines Caloway"))
    (found,) = [*hints.unmatched(publication, known, lambda *_: 1), *hints.misspelt(publication, known, ["a.md"])]
    assert (found.code, found.location.path, found.hint[:22]) == ("source-author-near", "a.md", "correct one of the two")


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        *((name, True) for name in ("Ines Caloway", "Ines Callowayy", "Ines Callowai", "Ines Calolway")),
        *(
            (name, False)
            for name in ("Ines Calloway", "ines calloway", "Ine Callowayy", "Ines Calloway 2", "Ina Calloway", "Ines Holloway", "Ann Li")
        ),
    ],
)
def test_an_author_a_letter_away_from_one_of_the_settings_is_told(name: str, is_told: bool) -> None:
    people = [Person(name=each) for each in ("Ines Calloway", "Ana Li")]
    known = replace(SETTINGS, parties={each.name.casefold(): each for each in people})
    publication = publication_by(*people, Person(name=name))
    found = [*hints.misspelt(publication, known, ["a.md", "b.md", "c.md"])]
    assert [(each.code, each.severity, each.location.path) for each in found] == [("source-author-near", Severity.INFO, "c.md")] * is_told


@pytest.mark.parametrize(("key", "code"), [("slug: ferry", "address"), ("url: /ferry", "address"), ("id: ferry", "identifier")])
def test_a_clash_is_told_with_the_line_of_what_clashes(key: str, code: str) -> None:
    given = {f"{name}.md": f"---\ntitle: {name}\ndate: 2026-11-01\n{key}\n---\nText".encode() for name in ("a", "b")}
    find = {f"{SETTINGS.publication.url}{path}": body for path, body in given.items()}.get
    found = sources.gather(given.items(), SETTINGS, ASSUMED, find)
    (clash,) = coded(found, f"source-{code}-clash")
    assert (clash.location.path, clash.location.line) == ("b.md", 4)
    assert [*found.paths] == ["a.md", "b.md"]


def test_two_articles_of_one_source_with_one_identifier_are_an_error() -> None:
    """Else a book would have the same chapter twice, and a page would be written over the other."""
    first = Article(identifier="urn:x:1", headline="A")
    twice = schema.with_articles(SETTINGS.publication, (first, replace(first, headline="B")))
    found = gather({"twice.json": formats.writer("spelling").write(twice)})
    assert len(coded(found, "source-identifier-clash")) == 1


def test_that_times_have_no_zone_is_told_once() -> None:
    given = {f"{name}.md": markdown(slug=name, date="2026-01-02 08:00", updated="2026-01-03 08:00") for name in "ab"}
    (found,) = coded(gather(given), "date-without-zone")
    assert (str(found.severity), found.location.path, found.location.line) == ("info", "a.md", 4)
    assert "time_zone in publisher.toml" in found.hint


def test_an_article_has_another_digest_when_anything_of_it_changes() -> None:
    given = {"a.md": markdown(slug="a", date="2026-01-02"), "b.md": markdown(slug="b")}
    more = {**given, "a.md": markdown(slug="a", date="2026-01-03")}
    first, again, later = ({each.url: told_digest(each) for each in gather(some).publication.articles} for some in (given, given, more))
    a, b = f"{SITE}articles/a.html", f"{SITE}articles/b.html"
    assert first == again
    assert (first[a] == later[a], first[b] == later[b]) == (False, True)


# -- what an article gets from where it is --------------------------------------------------------------------------------


def test_articles_have_the_publication_and_its_publisher() -> None:
    found = gather({"a.md": markdown(), "b.txt": b"# A clipping\n\nText.\n"})
    assert found.publication.name == "The Lantern"
    assert {each.publisher for each in found.publication.articles} == {found.publication.publisher}


def test_without_settings_a_single_file_says_what_its_articles_appear_in() -> None:
    feed = formats.writer("atom").write(Publication(identifier="urn:x", name="The Beacon", url="https://beacon.example/"))
    assert gather({"feed.atom": feed}, None).publication.name == "The Beacon"
    assert gather({"feed.atom": feed}).publication.name == "The Lantern"
    assert gather({"feed.atom": feed, "a.md": markdown()}, None).publication.name == ASSUMED.publication.name


def test_a_feed_alone_is_not_in_a_publication_that_is_assumed() -> None:
    feed = formats.writer("rss").write(gather({"ferry.md": markdown(date="2026-01-01")}).publication)
    assert [gather({"feed.rss": feed}, known).written for known in (None, SETTINGS)] == [False, True]


def test_what_we_have_written_ourselves_comes_as_it_is() -> None:
    article = Article(identifier="urn:1", headline="The ferry", image=(Image(content_url=f"{SITE}media/quay.png", width=1),))
    given = formats.writer("spelling").write(Publication(identifier=SITE, name="The Lantern", url=SITE, articles=(article,)))
    assert gather({"a.json": given}).publication.articles == (article,)


# -- media ----------------------------------------------------------------------------------------------------------------


def test_a_picture_gets_the_facts_about_its_file() -> None:
    (image,) = one_of(image="media/quay.png").image
    assert (image.content_url, image.encoding_format) == (f"{SITE}media/quay.png", "image/png")
    assert (image.width, image.height, image.content_size) == (40, 30, len(FILES["media/quay.png"]))
    assert len(image.sha256 or "") == 64


def test_a_recording_gets_the_facts_about_its_file() -> None:
    (media,) = one_of(audio="media/horn.mp3").associated_media
    assert isinstance(media, Media)
    assert (media.encoding_format, media.content_size, len(media.sha256 or "")) == ("audio/mpeg", 100, 64)


def test_a_picture_in_the_text_gets_its_size() -> None:
    (article,) = gather({"ferry.md": markdown("![The quay](media/quay.png)")}).publication.articles
    assert article.body == f'<p><img alt="The quay" height="30" src="{SITE}media/quay.png" width="40"/></p>'


def test_portraits_and_logos_get_the_facts_about_their_files() -> None:
    publication = gather({"ferry.md": markdown(author="Ines Calloway")}).publication
    (author,) = publication.articles[0].author
    assert isinstance(author, Person)
    assert isinstance(publication.publisher, Organization)
    pictures = (publication.image, publication.publisher.logo, author.image)
    assert [picture and picture.width for picture in pictures] == [40, 40, 40]


@pytest.mark.parametrize(
    "source",
    [
        markdown(image="media/gone.png", image_alt="x"),
        markdown(audio="media/gone.png"),
        markdown("![x](media/gone.png)"),
        markdown("![x](media/gone.png#a) ![y](media/gone.png)", image="media/gone.png#b", image_alt="x"),
        markdown("![x](media/gone.png?v=1) ![y](media/gone.png?v=2)", image="media/gone.png?v=3", image_alt="x"),
        b"# A clipping\n\n![x](media/gone.png)\n\nText.\n",
    ],
)
def test_a_file_that_is_not_there_is_a_warning(source: bytes) -> None:
    (missing,) = coded(gather({"ferry.md": source}), "source-media-missing")
    assert (str(missing.severity), missing.location.path) == ("warning", "ferry.md")
    assert missing.message == "there is no file 'media/gone.png'"


@pytest.mark.parametrize(
    "source",
    [
        markdown(image="media/gone.png", image_alt="x"),
        markdown("![x](<media/gone.png>)", subtitle="A picture"),
        b"# A clipping\n\nText.\n\n![x](/media/gone.png)\n",
        markdown("Text.\n\n![[gone.png]]"),
        "---\ntitle: É\nlang: fr\nimage: '[[gone.png]]'\n---\n".encode("utf-16"),
    ],
)
def test_a_file_that_is_not_there_is_told_with_the_line_that_names_it(source: bytes) -> None:
    (missing,) = coded(gather({"ferry.md": source}), "source-media-missing")
    text = source.decode("utf-16" if source.startswith(b"\xff\xfe") else "utf-8")
    assert "gone.png" in text.split("\n")[missing.location.line - 1]


def test_a_picture_that_is_not_there_is_not_shown_and_what_is_said_of_it_stays() -> None:
    text = 'One.\n\n![The quay](gone.png "At dawn")\n\n![](gone.png) Two ![there](media/quay.png).'
    found = gather({"ferry.md": markdown(text, image="gone.jpg", image_alt="A", image_caption="C")}).publication.articles[0]
    assert found.image == (Image(description="A", caption="C"),)
    assert found.body == (
        "<p>One.</p><figure>The quay<figcaption>At dawn</figcaption></figure>"
        f'<p>Two <img alt="there" height="30" src="{SITE}media/quay.png" width="40"/>.</p>'
    )


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("One.\n\n![The quay](gone.png)\n\nTwo.", "<p>One.</p><p>The quay</p><p>Two.</p>"),
        ("It lay ![the ferry](gone.png) there. ![Boats](gone.png)", "<p>It lay [the ferry] there. [Boats]</p>"),
        ("![One](gone.png) ![Two](gone.png)", "<p>[One] [Two]</p>"),
        ("Boats![at “dawn” & <dusk>](gone.png)went", "<p>Boats [at “dawn” &amp; &lt;dusk&gt;] went</p>"),
        ("- ![The quay](gone.png)\n- at *![dawn](gone.png)*", "<ul><li>The quay</li><li>at <em>[dawn]</em></li></ul>"),
        ('He said "![the quay](gone.png)" loud.', "<p>He said &quot;[the quay]&quot; loud.</p>"),
        ("हिन्दी![घाट](gone.png)में", "<p>हिन्दी [घाट] में</p>"),
        ("One.<br>![The quay](gone.png)<br>Two.", "<p>One.<br/>The quay<br/>Two.</p>"),
        ("![T](gone.png)he end ![⚓](gone.png)", "<p>The end ⚓</p>"),
    ],
)
def test_what_is_said_of_a_picture_that_is_not_there_is_set_off_from_the_words_beside_it(text: str, body: str) -> None:
    found = gather({"ferry.md": markdown(text)}).publication.articles[0]
    assert found.body == body
    assert markup.clean(body) == body


def test_a_picture_that_is_not_there_and_of_which_nothing_is_said_is_no_picture() -> None:
    assert one_of(image="gone.jpg").image == ()


@pytest.mark.parametrize("body", [b"", b"<!doctype html><title>404</title>", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n"])
def test_a_text_that_is_called_a_picture_is_told_with_its_line_and_not_shown(body: bytes) -> None:
    source = markdown("Text.\n\n![The quay](media/fake.PNG)", image="media/fake.PNG", image_alt="A")
    found = sources.gather({"a.md": source}.items(), SETTINGS, ASSUMED, lambda url: body if url.endswith("fake.PNG") else find(url))
    (told,) = coded(found, "source-media-unusable")
    assert (str(told.severity), told.location.path, told.location.line) == ("warning", "a.md", 3)
    assert told.message == "'media/fake.PNG' is empty or a text, and no picture; it was left out"
    (article,) = found.publication.articles
    assert (article.image, article.body) == ((Image(description="A"),), "<p>Text.</p><p>The quay</p>")
    assert coded(found, "source-media-missing") == []


def test_a_text_that_is_called_a_picture_is_told_once_whatever_place_in_it_is_named() -> None:
    source = markdown("![a](media/fake.png#a) ![b](media/fake.png) ![c](media/fake.png#c)")
    found = sources.gather({"a.md": source}.items(), SETTINGS, ASSUMED, lambda url: b"<p>" if "fake.png" in url else find(url))
    assert [each.message for each in coded(found, "source-media-unusable")] == [
        "'media/fake.png' is empty or a text, and no picture; it was left out"
    ]
    assert found.publication.articles[0].body == "<p>a b c</p>"


def test_a_recording_that_is_called_a_picture_and_is_a_text_is_told_and_left_out() -> None:
    source = markdown(audio="media/fake.png")
    found = sources.gather({"a.md": source}.items(), SETTINGS, ASSUMED, lambda url: b"<p>404" if "fake.png" in url else find(url))
    (told,) = coded(found, "source-media-unusable")
    assert (told.location.line, told.message) == (3, "'media/fake.png' is empty or a text, and no recording; it was left out")
    assert found.publication.articles[0].associated_media == ()


@pytest.mark.parametrize("picture", ["ferry.md", "ferry.md#top", "#top", "boat.html"])
def test_a_source_is_no_picture(picture: str) -> None:
    files = {"ferry.md": markdown(f"![A]({picture}) in.", image="boat.html", image_alt="B"), "boat.html": b"<p>A boat"}
    found = sources.gather(files.items(), SETTINGS, ASSUMED, lambda url: files.get(url.removeprefix(SITE).partition("#")[0]))
    article = next(each for each in found.publication.articles if each.body.endswith("A in.</p>"))
    assert article.image == (Image(description="B"),)
    assert {each.location.path for each in coded(found, "source-media-unusable")} == {"ferry.md"}


def test_a_file_of_the_site_that_is_not_there_is_told_once_whatever_place_in_it_is_named() -> None:
    found = gather({"ferry.md": markdown(f"![a]({SITE}media/gone.png#a) ![b]({SITE}media/gone.png#b)")})
    (told,) = coded(found, "source-media-elsewhere")
    assert told.message.startswith("there is no file 'media/gone.png'; ")


def test_a_recording_that_is_not_there_stays_with_its_address() -> None:
    """It has no text in its place, and a player says itself that it cannot play."""
    assert [each.content_url for each in one_of(audio="gone.mp3").associated_media] == [f"{SITE}gone.mp3"]


@pytest.mark.parametrize("path", ["ferry.md", "news/ferry.md", "media/ferry.md"])
def test_a_picture_asked_for_by_name_is_found_beside_the_source_or_in_media_above_it(path: str) -> None:
    (article,) = gather({path: markdown("![[quay.png|The quay]]", image='"[[quay.png]]"')}).publication.articles
    assert article.image[0].content_url == f"{SITE}media/quay.png"
    assert article.body == f'<p><img alt="The quay" height="30" src="{SITE}media/quay.png" width="40"/></p>'


def test_files_are_found_from_where_the_source_is_and_from_the_root() -> None:
    given = {"news/a.md": markdown(image="../media/quay.png"), "news/b.md": markdown(image="/media/quay.png", slug="b")}
    assert [each.image[0].width for each in gather(given).publication.articles] == [40, 40]


def test_pictures_elsewhere_are_not_looked_for() -> None:
    found = gather({"ferry.md": markdown("![x](https://elsewhere.example/a.png)", image="https://elsewhere.example/b.png")})
    assert coded(found, "source-media-missing") == []
    assert found.publication.articles[0].image[0].width is None


WORDS = "The ferry has crossed the sound every morning since the bridge was closed to lorries in the spring of last year."
PAGE = f"""<!DOCTYPE html><title>The ferry</title><h1>The ferry</h1><p>{WORDS}</p><p>{WORDS[::-1]}</p>
<p><img src="../media/quay.png" alt="The quay"></p><p>So <a href="../bells.md">it is</a>, and <a href="gone.md">not</a>. {WORDS}</p>
<p><img src="gone.png" alt="Gone"></p>
<p><img src="{SITE}media/old.png" alt="Of the site"></p><p>{WORDS.upper()}</p>
"""


def test_a_page_without_an_address_has_media_and_links_as_a_manuscript_has() -> None:
    given = {"news/ferry.html": PAGE.encode(), "bells.md": markdown(title="Bells", slug="six", date="2026-01-01")}
    found = gather(given)
    (article,) = (each for each in found.publication.articles if each.headline == "The ferry")
    assert article.url == f"{SITE}articles/ferry.html"
    assert f'<img alt="The quay" height="30" src="{SITE}media/quay.png" width="40"/>' in article.body
    assert f'So <a href="{SITE}articles/six.html">it is</a>, and not.' in article.body
    assert markup.media(article.body) == [f"{SITE}media/quay.png", f"{SITE}media/old.png"]
    lines = {each.code: (str(each.severity), each.location.line) for each in found.problems if each.code.startswith("source-")}
    assert lines == {"source-media-missing": ("warning", 3), "source-link-dead": ("warning", 2), "source-media-elsewhere": ("info", 4)}


def test_a_page_with_an_address_comes_as_it_is() -> None:
    page = f'<link rel="canonical" href="{SITE}2020/ferry/">{PAGE}'
    found = gather({"news/ferry.html": page.encode()})
    assert f"{SITE}2020/ferry/gone.png" in markup.media(found.publication.articles[0].body)
    assert coded(found, "source-media-missing") == []


# -- ties -----------------------------------------------------------------------------------------------------------------


def tied(text: str, **keys: str) -> Article:
    """Return the article of `news/ferry.md`, beside which there is another, `night/bells.de.md`."""
    other = markdown(title="Glocken", lang="de", slug="glocken", date="2026-01-01")
    given = {"news/ferry.md": markdown(text, date="2026-01-02", **keys), "night/bells.de.md": other}
    return gather(given).publication.articles[0]


GLOCKEN = f"{SITE}articles/glocken.html"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("../night/bells.de.md", GLOCKEN),
        ("/night/bells.de.md", GLOCKEN),
        ("../night/bells.de.md#six", f"{GLOCKEN}#six"),
        ("https://lantern.example/night/bells.de.md", GLOCKEN),
        ("https://elsewhere.example/night/bells.de.md", "https://elsewhere.example/night/bells.de.md"),
    ],
)
def test_a_link_to_another_source_is_a_link_to_its_article(link: str, address: str) -> None:
    assert tied(f"See [this]({link}).").body == f'<p>See <a href="{address}">this</a>.</p>'


DEAD = {
    "[a](nope.md)": ("link-dead", "warning", "a"),
    "[a](media/nope.pdf#page=2)": ("link-dead", "warning", "a"),
    "[a](secret.md)": ("link-to-draft", "warning", "a"),
    "[a](sub/)": ("link-elsewhere", "info", f'<a href="{SITE}sub/">a</a>'),
}


@pytest.mark.parametrize("link", DEAD)
def test_a_link_to_what_is_not_there_is_told_with_its_line(link: str) -> None:
    found = gather({"ferry.md": markdown(f"Text.\n\n{link}", date="2026-01-02"), "secret.md": markdown(draft="true")})
    code, severity, body = DEAD[link]
    (told,) = coded(found, f"source-{code}")
    assert (str(told.severity), told.location.path, told.location.line) == (severity, "ferry.md", 7)
    assert found.publication.articles[0].body == f"<p>Text.</p><p>{body}</p>"


@pytest.mark.parametrize(
    ("link", "hint"),
    [
        ("../fair.html", "did you mean 'fair.md'? it leads to the page of that source"),
        ("/fair.HTM#top", "did you mean 'fair.md'? it leads to the page of that source"),
        ("fair.html", "check that the page is there"),
        ("../fair.pdf/", "check that the page is there"),
    ],
)
def test_a_link_to_a_page_that_is_called_as_a_source_is_told_so(link: str, hint: str) -> None:
    found = gather({"news/ferry.md": markdown(f"[a]({link})", date="2026-01-02"), "fair.md": markdown(date="2026-01-01", slug="fair")})
    (told,) = found.problems
    assert (told.code, told.hint) == ("source-link-elsewhere", hint)


FRONT = {
    "related: [b.md,nope.md]": ("link-dead", "warning", ()),
    "related: [media/nope.pdf, b.md]": ("link-dead", "warning", ()),
    "related: ['[A ferry](nope.md)']": ("link-dead", "warning", (Link(name="A ferry"),)),
    "related: [secret.md]": ("link-to-draft", "warning", ()),
    "related: [/sub/]": ("link-elsewhere", "info", (Link(url=f"{SITE}sub/"),)),
    "translations: {de: nope.md, fr: b.md}": ("link-dead", "warning", ()),
}


@pytest.mark.parametrize("line", FRONT)
def test_front_matter_that_links_to_what_is_not_there_is_told_with_its_line(line: str) -> None:
    code, severity, links = FRONT[line]
    source = f"---\ntitle: The ferry\ndate: 2026-01-02\n{line}\n---\nText.\n".encode()
    other = markdown(title="B", slug="b", date="2026-01-01")
    found = gather({"ferry.md": source, "b.md": other, "secret.md": markdown(draft="true")})
    (told,) = coded(found, f"source-{code}")
    assert (str(told.severity), told.location.path, told.location.line) == (severity, "ferry.md", 4)
    article = found.publication.articles[0]
    assert tuple(each for each in (*article.citation, *article.translations) if each.name != "B") == links


def test_a_place_in_a_related_source_is_that_place_in_its_article() -> None:
    assert [each.url for each in tied("", related="[../night/bells.de.md#six]").citation] == [f"{GLOCKEN}#six"]


@pytest.mark.parametrize("link", ["media/quay.png", "/articles/ferry.html", "/", "https://elsewhere.example/x.md", "other.md"])
def test_a_link_to_what_is_there_is_not_told(link: str) -> None:
    given = {"ferry.md": markdown(f"[a]({link})", date="2026-01-02"), "other.md": markdown(date="2026-01-01", slug="other")}
    assert {each.code for each in gather(given).problems} == set()


@pytest.mark.parametrize("link", ["nope.md", "secret.md"])
def test_one_file_alone_has_the_same_dead_links(link: str) -> None:
    bodies = {"secret.md": markdown(draft="true")}
    found = sources.one(
        "ferry.md", markdown(f"[a]({link})", date="2026-01-02"), SETTINGS, ASSUMED, lambda url: bodies.get(url.removeprefix(SITE))
    )
    assert found.publication.articles[0].body == "<p>a</p>"


def test_a_recording_that_is_asked_for_by_a_name_that_nothing_has_is_none() -> None:
    assert one_of(audio='"[[nope.mp3]]"').associated_media == ()


def test_a_related_name_that_no_article_has_is_told_once() -> None:
    found = gather({"ferry.md": markdown("[[Nobody]]", related='["[[Nobody]]"]')})
    assert len(coded(found, "source-link-unknown")) == 1


def test_a_related_source_is_named_by_its_headline() -> None:
    assert tied("", related="[../night/bells.de.md]").citation == (Link(url=GLOCKEN, name="Glocken", in_language="de"),)


def test_a_related_source_keeps_the_title_it_was_given() -> None:
    given = "[{title: The bells, url: ../night/bells.de.md}]"
    assert tied("", related=given).citation == (Link(url=GLOCKEN, name="The bells", in_language="de"),)


def test_translations_know_each_other_when_both_say_so() -> None:
    given = {
        "a.md": markdown(title="The bells", date="2026-01-02", translations="[a.de.md]"),
        "a.de.md": markdown(title="Glocken", lang="de", slug="glocken", date="2026-01-01", translations="[a.md]"),
    }
    first, second = gather(given).publication.articles
    assert first.translations == (Link(url=second.url, name="Glocken", in_language="de"),)
    assert second.translations == (Link(url=first.url, name="The bells", in_language="en"),)


@pytest.mark.parametrize(
    ("back", "told"), [("[a.md]", []), ("{en: a.md}", []), ("['[[a]]']", []), ("[]", [4]), ("[https://elsewhere.example/]", [4])]
)
def test_a_translation_that_does_not_name_this_article_is_told(back: str, told: list[int]) -> None:
    given = {
        "a.md": markdown(title="The bells", date="2026-01-02", translations="{de: news/a.de.md}"),
        "news/a.de.md": markdown(title="Glocken", lang="de", slug="glocken", translations=back.replace("a.md", "../a.md")),
    }
    found = coded(gather(given), "source-translation-not-returned")
    assert [(each.location.path, each.location.line) for each in found] == [("a.md", line) for line in told]
    assert all(each.message == "the translation 'articles/glocken.html' does not name this article as its own" for each in found)
    assert coded(gather({"a.md": given["a.md"]}), "source-translation-not-returned") == []
    alone = sources.one("a.md", given["a.md"], SETTINGS, ASSUMED, lambda url: given.get(url.removeprefix(SITE)))
    assert coded(alone, "source-translation-not-returned") == []


NAMED = {
    "[[bells.de|that]]": f'<a href="{GLOCKEN}">that</a>',
    "[[Bells.de.md]]": f'<a href="{GLOCKEN}">Bells.de.md</a>',
    "[[night/bells.de#Six]]": f'<a href="{GLOCKEN}">night/bells.de</a>',
    "[a]({% post_url bells.de %})": f'<a href="{GLOCKEN}">a</a>',
    "[a]({{ site.baseurl }}{% link night/bells.de.md %})": f'<a href="{GLOCKEN}">a</a>',
    '[a]({{< ref "bells.de" >}})': f'<a href="{GLOCKEN}">a</a>',
    "{% post_url bells.de %}": f'<a href="{GLOCKEN}">bells.de</a>',
    "{% link nobody.md %}": "nobody.md",
    '<i>{{< ref "bells.de" >}}</i>': f'<i><a href="{GLOCKEN}">bells.de</a></i>',
    "[[quay.png]]": f'<a href="{SITE}media/quay.png">quay.png</a>',
    "[[Nobody|text]]": "text",
    "[a]({% post_url nothing %})": "a",
}


@pytest.mark.parametrize("link", NAMED)
def test_a_link_to_a_name_is_a_link_to_its_article_else_text(link: str) -> None:
    assert tied(f"See {link}.").body == f"<p>See {NAMED[link]}.</p>"


@pytest.mark.parametrize(
    "link", ["[[Nobody knows|text]]", "[a]({% post_url knows %})", "[a]({% link _posts/knows.md %})", '[a]({{< ref "knows" >}})']
)
def test_a_name_that_no_article_has_is_told_with_its_line(link: str) -> None:
    (found,) = coded(gather({"ferry.md": markdown(f"Who knows?\n\n{link}")}), "source-link-unknown")
    assert (str(found.severity), found.location.path, found.location.line) == ("info", "ferry.md", 6)


def test_of_articles_with_one_name_the_one_with_the_shortest_path_is_meant() -> None:
    given = {f"{path}/bells.md": markdown(title=path, slug=path) for path in ("b", "a", "a/c")}
    found = gather({"ferry.md": markdown("[[bells]]", date="2026-01-01"), **given}).publication.articles[0]
    assert found.body == f'<p><a href="{SITE}articles/a.html">bells</a></p>'


def test_a_name_that_is_related_is_that_article_else_only_its_title() -> None:
    given = """['[[bells.de]]', '[[bells.de|That]]', '[[Nobody]]']"""
    assert tied("", related=given).citation == (
        Link(url=GLOCKEN, name="Glocken", in_language="de"),
        Link(url=GLOCKEN, name="That", in_language="de"),
        Link(name="Nobody"),
    )


# -- one file alone -------------------------------------------------------------------------------------------------------


def test_one_file_gives_what_it_gives_among_all() -> None:
    given = {
        "a.md": markdown("See [b](b.md) and ![x](media/quay.png).", image="media/quay.png", author="Ines Calloway", related="[b.md]"),
        "b.md": markdown(title="Glocken", lang="de", date="2026-01-01"),
    }
    together = gather(given).publication
    opened: list[str] = []

    def find_also(url: str) -> bytes | None:
        opened.append(url.removeprefix(SITE))
        return find(url) or given.get(url.removeprefix(SITE))

    alone = sources.one("a.md", given["a.md"], SETTINGS, ASSUMED, find_also)
    assert alone.publication.articles == tuple(each for each in together.articles if each.headline == "The ferry")
    assert set(opened) == {"media/quay.png", "b.md"}


@pytest.mark.parametrize("paths", [(), ("a.md", "bells.md", "media/quay.png")])
def test_one_file_finds_another_by_its_name(paths: tuple[str, ...]) -> None:
    given = {"news/a.md": markdown("[[bells]] [[Nobody]]"), "bells.md": markdown(title="Bells", slug="six")}
    alone = sources.one("news/a.md", given["news/a.md"], SETTINGS, ASSUMED, lambda url: given.get(url.removeprefix(SITE)), paths)
    assert alone.publication.articles[0].body == f'<p><a href="{SITE}articles/six.html">bells</a> Nobody</p>'


def test_one_file_that_is_an_output_tells_its_own_publication() -> None:
    feed = formats.writer("atom").write(Publication(identifier="urn:x", name="The Beacon", url="https://beacon.example/"))
    found = sources.one("feed.atom", feed, SETTINGS, ASSUMED, find)
    assert (found.publication.name, found.written) == ("The Beacon", False)


def test_a_day_in_the_source_is_a_day_in_the_publication() -> None:
    found = one_of(date="2018-10-24").date_published
    assert (found, type(found)) == (date(2018, 10, 24), date)


# -- anything -------------------------------------------------------------------------------------------------------------

PATHS = st.sampled_from(["a.md", "b.txt", "c/index.md", "2018-10-24-d.markdown", "e.html", "f.rss", "g.json", "h.epub", "i", "ü/é.md"])
PIECES = [*NAMED, *FILES, "---", "title: T", "related: ['[[c]]', b.txt]", "image: '[[quay.png]]'", "![[gone.png]]", "![](/media/quay.png)"]
TEXTS = st.lists(st.sampled_from([*PIECES, "", "[x](a.md#y)", "{{< ref", "[[a", "# T", "\0", "%5B%5B"]) | st.text(max_size=9), max_size=12)
BODIES = st.binary(max_size=200) | TEXTS.map("\n".join).map(lambda text: text.encode(errors="ignore"))


@given(st.dictionaries(PATHS, BODIES, max_size=4), st.sampled_from([SETTINGS, None]), st.booleans())
def test_any_sources_give_a_publication_and_problems(bodies: dict[str, bytes], known: Settings | None, drafts: bool) -> None:
    found = gather(bodies, known, drafts=drafts)
    assert schema.load(schema.dump(found.publication)) == (found.publication, ())
    assert all("[[" not in unquote(each) for article in found.publication.articles for each in markup.links(article.body))


@given(PATHS, BODIES)
def test_any_source_alone_can_be_read_or_not(path: str, body: bytes) -> None:
    with contextlib.suppress(PublisherError):
        found = sources.one(path, body, SETTINGS, ASSUMED, find).publication
        assert schema.load(schema.dump(found)) == (found, ())


def test_a_source_larger_than_its_limit_is_refused() -> None:
    small = settings.read(b"[limits]\nfile = 1\n")[0]
    with pytest.raises(PublisherError, match="this has 2 MB, more than 1"):
        sources.one("a.md", b"# Lamp\n\n" + b"word " * 400_000, small, small, dict[str, bytes]().get)

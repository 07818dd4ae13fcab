"""Books: what is in them, what comes back from them, what is refused, and what EPUBCheck and MuPDF say."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import struct
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import ebooklib.epub
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from fuzz import growth
from publisher import markup, schema
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Publication
from publisher.formats import Context, Target, epub
from publisher.formats.epub import bodies
from publisher.formats.epub.media import Picture, Shelf, picture_from
from publisher.formats.epub.words import THEME, words
from publisher.problems import Severity, Unreadable
from tests import strategies
from tests.judges import epubcheck, mupdf
from tests.test_markup import soups

MEDIA = Path(__file__).parent.parent / "seeds" / "media"
AT = "https://lantern.example/media/"
BODY = markup.clean("""
    <p>The last ferry <em>sai</em><strong>led</strong>, see <a href="https://lantern.example/bells.html">the bells</a> and
    <a href="https://lantern.example/bells.html#one">one of them</a>.<sup><a href="#n1" id="r1" role="doc-noteref">1</a></sup></p>
    <h2>Chalk</h2><p>H<sub>2</sub>O <kbd>K</kbd> <code>c</code> <mark>m</mark> <del datetime="2026-11-01">d</del><ins>i</ins>
    <abbr title="Organization">O</abbr> <q cite="https://e.org/q">q</q> <small>s</small> <dfn>d</dfn> <var>x</var> <bdi>שלום</bdi>
    <ruby>渡<rt>わた</rt></ruby> <bdo dir="rtl">abc</bdo> long<wbr>word <time datetime="1931-05-02">2 May</time>
    <span lang="nb">ferje</span><br>x</p>
    <blockquote cite="https://e.org/q"><p>Nobody owns a ferry.</p></blockquote>
    <figure><img src="https://lantern.example/media/harbour.jpg" alt="A harbour" width="12" height="8">
    <figcaption>The quay</figcaption></figure>
    <p><a href="https://e.org/"><img src="https://e.org/elsewhere.png" alt="An &quot;arrow&quot;"></a> <img src="https://e.org/b.png"></p>
    <table><caption>Coal</caption><tr><th>Decade<th>Tons<tr><td>1930s<td>14,210</table>
    <ul><li>nine<ul><li>one</li></ul></li></ul><ol start="3" reversed><li value="2">a</li></ol>
    <pre><code class="language-py">def depart():\n\n    return 1 &lt; 2</code></pre><dl><dt>Screw</dt><dd>A propeller.</dd></dl><hr>
    <p><audio src="https://lantern.example/media/six-bells.mp3"></audio>
    <video src="https://e.org/a.mp4" poster="https://lantern.example/media/whale.jpg"></video></p>
    <p lang="ar" dir="rtl">مرحبا Paris</p>
    <div role="doc-endnotes"><ol><li id="n1" lang="fr">Note <a href="#r1" role="doc-backlink">back</a></li>
    <li id="n2">No note</li></ol></div>
""")
FERRY = Article(
    identifier="tag:lantern.example,2026:ferry",
    url="https://lantern.example/ferry.html",
    headline="The ferry’s last trip",
    alternative_headline="After 95 years, the bell is for sale",
    description="Chalk, coal and a bell: what a ferry leaves behind.",
    body=BODY,
    article_section="Harbour",
    dateline="ELLERY QUAY",
    in_language="en-GB",
    type="ReportageNewsArticle",
    date_published=datetime(2026, 11, 20, 8, 0, tzinfo=timezone(timedelta(hours=1))),
    date_modified=datetime(2026, 11, 22, 23, 30, tzinfo=timezone(timedelta(hours=-2))),
    author=(Person(name="Ines Calloway", url="https://lantern.example/ines"), Person(name="Tobias Wren")),
    editor=(Person(name="Judith Amory"),),
    image=(Image(content_url=f"{AT}lighthouse.jpg", description="A lighthouse", caption="The light", credit_text="Drawing: R. A."),),
    associated_media=(Media(content_url=f"{AT}six-bells.mp3", type="AudioObject", name="Six bells", duration=75),),
    citation=(Link(url="https://lantern.example/bells.html"), Link(name="A book on ferries")),
    translations=(Link(url="https://lantern.example/ferry.de.html", in_language="de"),),
    corrections=(Correction(text="The bell is of bronze.", date_published=date(2026, 11, 22)),),
    is_based_on="https://other.example/ferry",
    license="https://creativecommons.org/licenses/by/4.0/",
    copyright_notice="© 2026 The Lantern Press",
)
BELLS = Article(
    identifier="tag:lantern.example,2026:bells",
    url="https://lantern.example/bells.html",
    headline="Six bells and no tune",
    body="<p>Ring.</p>",
    article_section="Culture",
    date_published=date(2026, 11, 1),
)
STARS = Article(identifier="stars", headline="أسماء النجوم", body="<p>في البحر</p>", in_language="ar", description="سماء")
PUBLICATION = Publication(
    identifier="tag:lantern.example,2026:",
    name="The Lantern",
    url="https://lantern.example/",
    description="News from the edge of the map",
    in_language="en-GB",
    publisher=Organization(name="The Lantern Press", url="https://lantern.example/about/"),
    license="https://creativecommons.org/licenses/by/4.0/",
    sections=("Culture", "Harbour", "Nothing in it"),
    articles=(FERRY, BELLS, STARS),
)
BARE = Publication(identifier="x", name="Bare", url="https://bare.example/")


def media(url: str) -> bytes | None:
    path = MEDIA / url.removeprefix(AT)
    return path.read_bytes() if url.startswith(AT) and path.is_file() else None


TARGET = Target(media=media)


@cache
def written(publication: Publication = PUBLICATION, target: Target = TARGET) -> bytes:
    return epub.write(publication, target)


def files(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP file that is as the specification wants it, whatever is in it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def page_of(article: Article, book: bytes | None = None) -> str:
    pages = (data.decode() for name, data in files(book or written()).items() if name.startswith("EPUB/article-"))
    return next(page for page in pages if f'"identifier":"{article.identifier}"' in page)


def package(book: bytes | None = None) -> str:
    return files(book or written())["EPUB/content.opf"].decode()


def nav(book: bytes | None = None) -> str:
    return files(book or written())["EPUB/nav.xhtml"].decode()


def jpeg(width: int = 60, height: int = 40, mode: str = "RGB", **options: object) -> bytes:
    return encoded(Pillow.new(mode, (width, height)), "JPEG", **options)


def encoded(image: Pillow.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


PIXEL = encoded(Pillow.new("RGB", (1, 1)), "PNG")


def pixel(url: str) -> bytes | None:
    return PIXEL


def some(url: str) -> bytes | None:
    return PIXEL if len(url) % 2 else None


def same(first: Publication, second: Publication) -> None:
    assert json.dumps(schema.dump(first), indent=1) == json.dumps(schema.dump(second), indent=1)


def code_of(body: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        epub.read(body)
    assert all(found.hint for found in caught.value.problems)
    return caught.value.problems[0].code


# -- the container ---------------------------------------------------------------------------------------------------------


def test_the_media_type_stands_at_byte_38() -> None:
    flags, method = struct.unpack("<6xHH", written()[:10])
    assert (written()[30:58], flags, method) == (b"mimetypeapplication/epub+zip", 0, 0)


def test_members_are_in_one_order_and_say_nothing_about_when_and_where() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        members = archive.infolist()
    names = [each.filename for each in members]
    assert names[:2] == ["mimetype", "META-INF/container.xml"]
    assert names[2:] == sorted(names[2:])
    assert {each.date_time for each in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {(each.create_system, each.external_attr, each.extra) for each in members} == {(3, 0o644 << 16, b"")}


def test_pictures_are_stored_and_text_is_deflated() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        stored = {each.filename.rpartition(".")[2] for each in archive.infolist() if each.compress_type == zipfile.ZIP_STORED}
    assert stored == {"mimetype", "jpg", "mp3"}


def test_pages_and_what_they_show_go_into_the_archive_as_they_are_made_before_all_that_is_known_at_the_end() -> None:
    with zipfile.ZipFile(BytesIO(written())) as archive:
        order = [each.filename for each in sorted(archive.infolist(), key=lambda each: each.header_offset)]
    made = [each for each in order if each.endswith((".xhtml", ".jpg", ".mp3"))]
    assert order == ["mimetype", *made, *sorted(set(order[1:]) - set(made), key=lambda name: (name != "META-INF/container.xml", name))]


def test_the_same_issue_gives_the_same_bytes() -> None:
    assert epub.write(PUBLICATION, TARGET) == written()


# -- reading back ----------------------------------------------------------------------------------------------------------


def test_a_rich_issue_comes_back_whole() -> None:
    same(epub.read(written()).publication, PUBLICATION)


def test_its_pictures_and_sounds_are_found_by_their_own_addresses() -> None:
    reading = epub.read(epub.write(PUBLICATION, TARGET))
    asked = [url for each in PUBLICATION.articles for url in markup.media(each.body)]
    asked += [each.content_url for article in PUBLICATION.articles for each in article.image if each.content_url]
    asked += [each.content_url for article in PUBLICATION.articles for each in article.associated_media]
    found = {url: reading.media(url) for url in asked}
    assert any(found.values())
    assert {url for url, body in found.items() if body} == {url for url in asked if media(url) and not url.endswith(".mp4")}
    assert reading.media("https://lantern.example/media/none.jpg") is None


def test_it_comes_back_whole_without_its_pictures_too() -> None:
    same(epub.read(epub.write(PUBLICATION)).publication, PUBLICATION)


def test_an_issue_without_articles_comes_back() -> None:
    same(epub.read(epub.write(BARE)).publication, BARE)


def test_articles_come_back_in_the_order_of_the_publication_not_of_the_sections() -> None:
    assert re.findall(r'itemref idref="(?:article|section)-', package()) != []
    assert [each.identifier for each in epub.read(written()).publication.articles] == [FERRY.identifier, BELLS.identifier, "stars"]


def test_two_articles_with_one_identifier_are_two() -> None:
    twice = replace(BARE, articles=(BELLS, BELLS, replace(BELLS, headline="Other")))
    same(epub.read(epub.write(twice)).publication, twice)


@pytest.mark.parametrize("sections", [("Culture", "Harbour"), ("Harbour", "Culture")])
def test_two_articles_that_differ_in_their_text_alone_are_two_in_their_order(sections: tuple[str, ...]) -> None:
    other = replace(BELLS, body="<p>Silence.</p>")
    twice = replace(BARE, sections=sections, articles=(other, FERRY, BELLS))
    same(epub.read(epub.write(twice)).publication, twice)


@given(
    st.lists(soups(), min_size=1, max_size=3),
    st.sampled_from([media, pixel, some]),
)
def test_any_body_comes_back_character_for_character(parts: list[str], bytes_of: Callable[[str], bytes | None]) -> None:
    body = markup.clean("".join(parts))
    inside = bodies.for_book(body, Shelf(bytes_of), {"https://e.org/": "article-1.xhtml"}, words("en"))
    root = markup.parse_xml(f'<div xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">{inside}</div>'.encode())
    bodies.restore(root)
    assert markup.fragment(root) == body


def test_no_text_is_added_between_inline_elements() -> None:
    assert "<em>sai</em><strong>led</strong>" in page_of(FERRY)


# -- an article's page -----------------------------------------------------------------------------------------------------


def test_the_head_has_the_json_ld_of_the_web_page() -> None:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page_of(FERRY))
    assert found
    assert schema.from_text(found[1]) == schema.to_linked(FERRY, PUBLICATION, body=False)


def test_a_new_article_changes_no_page_of_an_article_that_does_not_stand_beside_it() -> None:
    older = tuple(replace(BELLS, identifier=f"bells-{number}", url=None) for number in range(5))
    several = (older, (replace(FERRY, article_section="Culture"), *older))
    before, now = (files(epub.write(replace(BARE, in_language="en", articles=each))) for each in several)
    pages = sorted(each for each in before if each.startswith("EPUB/article-"))
    beside = next(each for each in pages if b'"identifier":"bells-0"' in before[each])
    assert [each for each in pages if before[each] != now[each]] == [beside]


def test_a_page_says_its_own_language_and_direction() -> None:
    assert (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="ar" xml:lang="ar" dir="rtl">'
        in page_of(STARS)
    )


def test_an_article_without_language_has_that_of_the_publication() -> None:
    assert 'lang="en-GB" xml:lang="en-GB" dir="ltr"' in page_of(BELLS)


def test_words_of_the_book_are_in_the_language_of_the_article() -> None:
    assert "<b>السابق</b>" in page_of(STARS)


def test_words_in_a_language_we_have_none_for_are_marked_as_english() -> None:
    page = page_of(BELLS, epub.write(replace(BARE, articles=(replace(BELLS, in_language="ka"),))))
    assert re.search(r'<a href="contents.xhtml#_article-[0-9a-f]{12}" lang="en" xml:lang="en" dir="ltr">Contents</a>', page)


def test_every_language_of_the_theme_has_the_words_of_a_book() -> None:
    web = tomllib.loads((THEME.joinpath("..", "newspaper", "words.toml")).read_text("utf-8"))
    book = tomllib.loads((THEME / "words.toml").read_text("utf-8"))
    assert {each.partition("-")[0] for each in web} - {"und"} == {each.partition("-")[0] for each in book}
    assert {tuple(each) for each in book.values()} == {tuple(book["en"])}


def test_the_article_says_who_where_and_when() -> None:
    page = page_of(FERRY)
    assert re.search(r'<p class="byline"><a href="contributors.xhtml#_by-\w+">Ines Calloway</a>, <a href="[^"]*">Tobias Wren</a></p>', page)
    assert '<span class="dateline">ELLERY QUAY</span>' in page
    assert '<time datetime="2026-11-20T08:00:00+01:00">20 November 2026, 8:00 UTC+1</time>' in page


def test_a_link_to_an_article_of_the_issue_stays_in_the_book() -> None:
    inside = re.findall(
        r'<a data-href="https://lantern.example/bells.html" href="article-[0-9a-f]{12}\.xhtml">the bells</a>', page_of(FERRY)
    )
    assert len(inside) == 1


def test_a_link_into_an_article_of_the_issue_loses_its_fragment() -> None:
    """Kobo makes a pop-up of the page otherwise."""
    found = re.search(r'<a data-href="https://lantern.example/bells.html#one" href="article-\w{12}\.xhtml">one of them</a>', page_of(FERRY))
    assert found


def test_related_reading_in_the_issue_has_its_headline() -> None:
    assert re.search(r'<li><a href="article-[0-9a-f]{12}\.xhtml">Six bells and no tune</a></li>', page_of(FERRY))


def test_a_note_can_pop_up() -> None:
    page = page_of(FERRY)
    assert '<a href="#n1" id="r1" role="doc-noteref" epub:type="noteref">1</a>' in page
    assert '<li lang="fr" xml:lang="fr"><div class="note" id="n1" epub:type="footnote" role="doc-footnote">Note' in page
    assert '<li id="n2">No note</li>' in page


def test_previous_next_and_contents_are_at_the_end() -> None:
    page = page_of(FERRY)
    assert re.search(r'<a rel="prev" href="article-[0-9a-f]{12}\.xhtml"><b>Previous</b> <span lang="en-GB"', page)
    assert re.search(r'<a href="contents\.xhtml#_article-[0-9a-f]{12}">Contents</a>', page)


# -- pictures and sound ----------------------------------------------------------------------------------------------------


def test_a_picture_is_named_by_its_bytes() -> None:
    digest = hashlib.sha256((MEDIA / "lighthouse.jpg").read_bytes()).hexdigest()
    assert f"EPUB/media/{digest[:16]}.jpg" in files(written())


def test_the_same_picture_under_two_addresses_is_in_the_book_once() -> None:
    body = markup.clean('<p><img src="https://e.org/1.jpg" alt="a"><img src="https://e.org/2.jpg" alt="b"></p>')
    book = epub.write(replace(BARE, articles=(replace(BELLS, body=body),)), Target(media=pixel))
    (cover,) = re.findall(r'src="(media/[^"]+)"', files(book)["EPUB/cover.xhtml"].decode())
    (shown,) = set(re.findall(r'src="(media/[^"]+)"', page_of(BELLS, book)))
    assert {each for each in files(book) if each.startswith("EPUB/media/")} == {f"EPUB/{cover}", f"EPUB/{shown}"}


def test_a_picture_that_is_not_at_hand_is_a_link_with_its_alternative_text() -> None:
    page = page_of(FERRY)
    assert '<span class="picture" data-alt="An &quot;arrow&quot;" data-element="img" data-src="https://e.org/elsewhere.png">An' in page
    assert 'href="https://e.org/b.png">Picture (e.org)</a>' in page
    assert not re.search(r'<(img|audio|video|source)[^>]* src="http', page)


def test_sound_is_in_the_book_with_a_link_for_who_cannot_play_it() -> None:
    assert re.search(
        r'<audio controls="controls" data-src="[^"]*six-bells.mp3" src="media/[0-9a-f]{16}\.mp3"><a href="[^"]*six-bells.mp3">Audio',
        page_of(FERRY),
    )


def test_a_video_is_a_link_with_its_poster() -> None:
    assert re.search(
        r'<a class="recording" [^>]*href="https://e.org/a.mp4"[^>]*><img alt="" src="media/[0-9a-f]{16}\.jpg" data-src="[^"]+"/>Video \(e.org\)</a>',
        page_of(FERRY),
    )


def test_webp_becomes_jpeg_and_what_is_transparent_png() -> None:
    opaque, clear = Pillow.effect_noise((90, 60), 40), Pillow.new("RGBA", (9, 9), (1, 2, 3, 4))
    kinds = [picture_from(encoded(each, "WEBP")) for each in (opaque, clear)]
    assert [each.media_type for each in kinds if each] == ["image/jpeg", "image/png"]


def test_a_picture_that_every_system_shows_stays_byte_for_byte() -> None:
    data = jpeg()
    assert picture_from(data) == Picture(data=data, media_type="image/jpeg", width=60, height=40)


def test_a_picture_that_lies_on_its_side_is_set_upright() -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    found = picture_from(jpeg(60, 40, exif=exif))
    assert found
    assert (found.width, found.height) == (40, 60)


def test_a_picture_in_the_colours_of_a_printing_press_becomes_rgb() -> None:
    found = picture_from(jpeg(mode="CMYK"))
    assert found
    assert Pillow.open(BytesIO(found.data)).mode == "RGB"


def test_a_picture_larger_than_any_reader_becomes_smaller() -> None:
    found = picture_from(jpeg(4000, 2000))
    assert found
    assert (found.width, found.height) == (2560, 1280)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff", b"<svg>", PIXEL[:40], b"GIF89a"])
def test_a_damaged_picture_is_not_put_in(data: bytes) -> None:
    assert picture_from(data) is None


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'


def test_a_drawing_keeps_what_is_drawn_and_loses_what_the_program_noted() -> None:
    noted = SVG.format('<x:note xmlns:x="urn:x"/><circle xmlns:x="urn:x" x:y="z" r="4"/>')
    found = picture_from(noted.encode())
    assert found
    assert found.data.endswith(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" style="background:#fff"><circle r="4"/></svg>')


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="https://e.org/a.png"/>',
        '<use href="https://e.org/a.svg#b"/>',
        '<circle fill="url(https://e.org/a)"/>',
        "<style>@import 'https://e.org/a.css';</style>",
        "<foreignObject><p/></foreignObject>",
    ],
)
def test_a_drawing_of_nothing_but_what_runs_or_fetches_is_not_put_in(inside: str) -> None:
    assert picture_from(SVG.format(inside).encode()) is None


# -- the package and the navigation ----------------------------------------------------------------------------------------


def test_a_uri_is_the_identifier_of_the_book() -> None:
    assert '<dc:identifier id="identifier">tag:lantern.example,2026:</dc:identifier>' in package()


def test_another_identifier_becomes_a_uuid_that_stays_the_same() -> None:
    minted = uuid5(NAMESPACE_URL, "https://bare.example/ x")
    assert f'<dc:identifier id="identifier">urn:uuid:{minted}<' in package(epub.write(BARE))


def test_modified_is_the_newest_date_in_utc() -> None:
    assert "2026-11-23T01:30:00Z" in package()


def test_modified_is_fixed_when_no_date_is_known() -> None:
    assert "1970-01-01T00:00:00Z" in package(epub.write(BARE))


def test_the_title_has_the_day() -> None:
    assert '<dc:title id="name">The Lantern, 22 November 2026</dc:title>' in package()


def test_there_is_one_language() -> None:
    assert re.findall("<dc:language>(.*?)<", package()) == ["en-GB"]


def test_a_publication_without_language_has_the_one_that_most_articles_have() -> None:
    book = epub.write(replace(BARE, articles=(STARS, replace(BELLS, in_language=None))))
    assert re.findall("<dc:language>(.*?)<", package(book)) == ["ar"]
    assert 'page-progression-direction="rtl"' in package(book)


def test_an_unknown_language_is_und() -> None:
    assert "<dc:language>und</dc:language>" in package(epub.write(BARE))


def test_the_table_of_contents_has_sections_in_the_order_of_the_publication() -> None:
    toc = nav().partition('epub:type="toc"')[2].partition("</nav>")[0]
    assert re.findall(r"<a [^>]*>(.*?)</a>", toc) == [
        *("Front page", "Culture", BELLS.headline, "Harbour", FERRY.headline, "Articles", STARS.headline),
        *("Contributors", "Colophon"),
    ]
    assert "Nothing in it" not in nav()


def test_people_see_standfirsts_and_reading_systems_do_not() -> None:
    assert "what a ferry leaves behind" in files(written())["EPUB/contents.xhtml"].decode()
    assert "what a ferry leaves behind" not in nav()
    assert nav().count('hidden="hidden"') == 1, "the landmarks"


def test_no_text_is_hidden_on_a_page() -> None:
    """KindleGen refuses a book with more than 10,000 hidden characters (E3013)."""
    assert [name for name, body in files(written()).items() if b"hidden" in body and name.endswith((".xhtml", ".css"))] == [
        "EPUB/nav.xhtml"
    ]


def test_the_ncx_has_two_levels_and_the_same_identifier() -> None:
    ncx = files(written())["EPUB/toc.ncx"].decode()
    assert '<meta content="2" name="dtb:depth"/>' in ncx
    assert '<meta content="tag:lantern.example,2026:" name="dtb:uid"/>' in ncx
    assert re.findall(r'playOrder="(\d)"', ncx) == list("123456789")


def test_ebooklib_reads_our_book_with_its_own_reader() -> None:
    book = ebooklib.epub.EpubReader(BytesIO(written())).load()
    assert book.title == "The Lantern, 22 November 2026"
    assert [type(each).__name__ for each in book.toc] == ["Link", "tuple", "tuple", "tuple", "Link", "Link"]


# -- other people's books --------------------------------------------------------------------------------------------------

CONTAINER = """<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:isbn:1</dc:identifier><dc:title>Die Fähre</dc:title>
<dc:language>de</dc:language><dc:creator>Anna Seghers</dc:creator><dc:date>2020-02-03</dc:date></metadata>
<manifest><item id="one" href="eins.html" media-type="application/xhtml+xml"/>
<item id="two" href="zwei.html" media-type="application/xhtml+xml"/>
<item id="gone" href="gone.html" media-type="application/xhtml+xml"/><item id="picture" href="a.png" media-type="image/png"/></manifest>
<spine><itemref idref="two"/><itemref idref="one"/><itemref idref="gone"/></spine></package>"""
FOREIGN = {
    "mimetype": b"application/epub+zip",
    "META-INF/container.xml": CONTAINER.encode(),
    "OPS/book.opf": PACKAGE.encode(),
    "OPS/eins.html": b"<html><head><title>Eins</title></head><body><p>Erster&nbsp;Text <img src=a.png alt=Bild></p></body></html>",
    "OPS/zwei.html": b"<html xmlns='http://www.w3.org/1999/xhtml' lang='fr'><body><h1>Deux <i>fois</i></h1><p>Texte</p></body></html>",
}


def test_each_page_of_a_foreign_book_is_an_article_in_the_order_of_the_spine() -> None:
    publication = epub.read(packed(FOREIGN)).publication
    assert (publication.identifier, publication.name, publication.in_language) == ("urn:isbn:1", "Die Fähre", "de")
    assert [(each.headline, each.body, each.in_language) for each in publication.articles] == [
        ("Deux fois", "<p>Texte</p>", "fr"),
        ("Eins", "<p>Erster\u00a0Text Bild</p>", "de"),
    ]
    assert publication.articles[0].author == (Person(name="Anna Seghers"),)
    assert publication.articles[0].date_published == date(2020, 2, 3)


def test_a_foreign_book_is_part_of_the_publication_that_it_is_read_for() -> None:
    assert epub.read(packed(FOREIGN), Context(publication=BARE)).publication.name == "Bare"


def test_a_book_that_ebooklib_writes_is_read() -> None:
    book = ebooklib.epub.EpubBook()
    book.set_title("Andere")
    book.set_language("de")
    page = ebooklib.epub.EpubHtml(title="Kapitel", file_name="a.xhtml", lang="de")
    page.content = "<h1>Kopf</h1><p>Text</p>"
    book.add_item(page)
    book.toc, book.spine = [page], ["nav", page]
    book.add_item(ebooklib.epub.EpubNcx())
    book.add_item(ebooklib.epub.EpubNav())
    out = BytesIO()
    ebooklib.epub.write_epub(out, book)
    assert [(each.headline, each.body) for each in epub.read(out.getvalue()).publication.articles] == [("Kopf", "<p>Text</p>")]


# -- what is refused -------------------------------------------------------------------------------------------------------


def test_what_is_no_zip_file_or_half_of_one_is_refused() -> None:
    assert [code_of(each) for each in (b"", b"PK", written()[:-30], written()[: len(written()) // 2])] == ["epub-not-a-zip"] * 4


def test_a_zip_file_without_container_is_refused() -> None:
    assert code_of(packed({"a.txt": b"a"})) == "epub-no-container"


def test_a_book_without_package_document_is_refused() -> None:
    assert code_of(packed({**FOREIGN, "OPS/book.opf": b"<package/>"})) == "epub-no-package"


@pytest.mark.parametrize("name", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "a\\..\\b"])
def test_a_file_outside_the_book_is_refused(name: str) -> None:
    assert code_of(packed({**FOREIGN, name: b""})) == "epub-unsafe-name"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(60_000_000))
    assert code_of(out.getvalue()) == "epub-too-big"


def test_a_book_of_too_many_files_is_refused() -> None:
    assert code_of(packed({f"{n}": b"" for n in range(50_001)})) == "epub-too-big"


def test_a_file_that_is_listed_a_thousand_times_is_unpacked_once() -> None:
    items = "".join(f'<item id="i{n}" href="eins.html" media-type="application/xhtml+xml"/>' for n in range(1000))
    book = packed({**FOREIGN, "OPS/book.opf": PACKAGE.replace("<manifest>", f"<manifest>{items}").encode()})
    assert len(epub.read(book).publication.articles) <= 2


def test_entities_are_not_resolved() -> None:
    page = b'<!DOCTYPE html [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]><html><body><p>x &a; &f;</p></body></html>'
    text = epub.read(packed({**FOREIGN, "OPS/eins.html": page})).publication.articles[-1].body
    assert "boom" not in text
    assert "root:" not in text


SUBSET = """<?xml version="1.0"?><!DOCTYPE html [
<!-- don't stop at ]> here --><!ENTITY a "it's ]> boom"> <!ENTITY nbsp '&#160;'>
]>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>Sailed&nbsp;at noon</p>"""


@pytest.mark.parametrize("end", ["</body></html>", "<p>"], ids=["well-formed", "malformed"])
def test_definitions_of_a_document_type_are_no_text(end: str) -> None:
    (_, article) = epub.read(packed({**FOREIGN, "OPS/eins.html": f"{SUBSET}{end}".encode()})).publication.articles
    assert article.body == "<p>Sailed\u00a0at noon</p>"


@pytest.mark.parametrize("piece", ["[", "<!-- ", "'", "['<!DOCTYPE x ", "<!-- -->"])
def test_a_document_type_without_end_is_read_once(piece: str) -> None:
    def book(count: int) -> bytes:
        return packed({**FOREIGN, "OPS/eins.html": f"<!DOCTYPE html [{piece * count}&nbsp;<p>x".encode()})

    few, many = (growth.steps(read_or_refuse, book(count)) for count in (25_001, 50_001))
    assert many < growth.LINEAR * few


CHAPTER = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><p>Überfahrt{}</p></body></html>"
ENCODED = {
    "UTF-8 with a mark": CHAPTER.encode("utf-8-sig"),
    "UTF-16 with a mark": CHAPTER.encode("utf-16"),
    "UTF-16, declared": f"<?xml version='1.0' encoding='UTF-16'?>{CHAPTER}".encode("utf-16"),
    "Latin-1, declared": f'<?xml version="1.0" encoding="iso-8859-1"?>{CHAPTER}'.encode("latin-1"),
    "Latin-1, not declared": CHAPTER.encode("latin-1"),
    "UTF-8, declared as what nobody knows": f'<?xml version="1.0" encoding="klingon"?>{CHAPTER}'.encode(),
}


@pytest.mark.parametrize("more", ["", "&nbsp;", "<br>"], ids=["well-formed", "entity", "malformed"])
@pytest.mark.parametrize("chapter", ENCODED.values(), ids=ENCODED)
def test_a_chapter_is_read_in_its_encoding(chapter: bytes, more: str) -> None:
    chapter = chapter.replace(b"{}", more.encode()).replace("{}".encode("utf-16-le"), more.encode("utf-16-le"))
    (_, article) = epub.read(packed({**FOREIGN, "OPS/eins.html": chapter})).publication.articles
    assert article.body.replace("\u00a0", "") == "<p>Überfahrt</p>"


@given(data=st.data())
@settings(max_examples=150)
def test_no_damage_makes_reading_or_checking_fail_in_another_way(data: st.DataObject) -> None:
    body = bytearray(written(replace(PUBLICATION, articles=(BELLS, STARS))))
    for _ in range(data.draw(st.integers(1, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(body))


@given(data=st.data())
@settings(max_examples=150)
def test_no_file_makes_reading_or_checking_fail_in_another_way(data: st.DataObject) -> None:
    members = files(written(replace(PUBLICATION, articles=(BELLS, STARS))))
    name = data.draw(st.sampled_from(sorted(members)))
    cut = data.draw(st.integers(0, len(members[name])))
    junk = st.sampled_from([b"", b"<p>", b"</p>", b"&x;", b"{}", b"null", b"<?x?>", b"<nav>", b"\x00", b"\xff", b'href=""'])
    read_or_refuse(packed({**members, name: members[name][:cut] + data.draw(junk) + members[name][cut + data.draw(st.integers(0, 40)) :]}))


def read_or_refuse(body: bytes) -> None:
    epub.check(body)
    with contextlib.suppress(Unreadable):
        epub.read(body)


# -- the rules -------------------------------------------------------------------------------------------------------------

Members = dict[str, bytes]
OPF, NAV, PAGE = "EPUB/content.opf", "EPUB/nav.xhtml", "EPUB/title.xhtml"


def edit(path: str, old: str, new: str) -> Callable[[Members], Members]:
    def change(members: Members) -> Members:
        assert old.encode() in members[path]
        return {**members, path: members[path].replace(old.encode(), new.encode(), 1)}

    return change


def without(*names: str) -> Callable[[Members], Members]:
    return lambda members: {name: data for name, data in members.items() if name not in names}


BREAK: dict[str, Callable[[Members], Members]] = {
    "epub-mimetype-not-first": lambda members: {"META-INF/container.xml": members["META-INF/container.xml"], **members},
    "epub-mimetype-unclear": lambda members: {**members, "mimetype": b"application/zip"},
    "epub-file-twice": lambda members: {**members, "EPUB/STYLE.css": b"", OPF: list_item(members, "STYLE.css")},
    "epub-file-name-not-portable": lambda members: {**members, "EPUB/é.css": b"", OPF: list_item(members, "%C3%A9.css")},
    "epub-version-unknown": edit(OPF, 'version="3.0"', 'version="4.0"'),
    "epub-identifier-missing": edit(OPF, 'id="identifier"', 'id="other"'),
    "epub-title-missing": edit(OPF, '<dc:title id="name">The Lantern, 22 November 2026</dc:title>', '<dc:title id="name"> </dc:title>'),
    "epub-language-malformed": edit(OPF, "<dc:language>en-GB", "<dc:language>en_GB"),
    "epub-modified-malformed": edit(OPF, "2026-11-23T01:30:00Z", "2026-11-23T01:30:00.5Z"),
    "epub-accessibility-missing": lambda members: {
        **members,
        OPF: members[OPF].replace(b"schema:accessibilityHazard", b"schema:other"),
    },
    "epub-item-without-file": edit(OPF, "<manifest>", '<manifest><item id="x" href="x.css" media-type="text/css"/>'),
    "epub-item-twice": edit(OPF, "<manifest>", '<manifest><item id="x" href="style.css" media-type="text/css"/>'),
    "epub-file-not-listed": lambda members: {**members, "EPUB/x.css": b""},
    "epub-spine-broken": edit(OPF, '<itemref idref="cover-page"/>', '<itemref idref="cover-page"/><itemref idref="cover-page"/>'),
    "epub-cover-missing": edit(OPF, ' properties="cover-image"', ""),
    "epub-nav-missing": edit(OPF, ' properties="nav"', ""),
    "epub-page-malformed": edit(PAGE, "</section>", "</p>"),
    "epub-page-without-title": edit(PAGE, "<title>The Lantern, 22 November 2026</title>", "<title></title>"),
    "epub-page-language-missing": edit(PAGE, ' lang="en-GB" xml:lang="en-GB"', ""),
    "epub-id-twice": edit(PAGE, "<h1>", '<p id="a">x</p><h1 id="a">'),
    "epub-link-broken": edit(PAGE, "<h1>", '<p><a href="contents.xhtml#nowhere">x</a></p><h1>'),
    "epub-resource-remote": edit(PAGE, "<h1>", '<img src="https://e.org/a.png" alt="x"/><h1>'),
    "epub-resource-missing": edit(PAGE, "<h1>", '<img src="media/none.png" alt="x"/><h1>'),
    "epub-alternative-text-missing": edit("EPUB/cover.xhtml", 'alt="', 'title="'),
}


def list_item(members: Members, href: str) -> bytes:
    return members[OPF].replace(b"<manifest>", f'<manifest><item id="x" href="{href}" media-type="text/css"/>'.encode(), 1)


def test_our_own_book_breaks_no_rule() -> None:
    assert epub.check(written()) == []


@pytest.mark.parametrize("code", BREAK)
def test_a_broken_rule_is_found_and_no_other_error(code: str) -> None:
    found = epub.check(packed(BREAK[code](files(written()))))
    assert code in {each.code for each in found}
    assert {each.code for each in found if each.severity == Severity.ERROR} <= {code}


def test_a_table_of_contents_in_another_order_is_found() -> None:
    members = files(written())
    refs = re.findall(rb"<itemref[^>]*>", members[OPF])
    turned = members[OPF].replace(b"\n    ".join(refs[-2:]), b"\n    ".join(reversed(refs[-2:])))
    assert [each.code for each in epub.check(packed({**members, OPF: turned}))] == ["epub-toc-out-of-order"]


def test_a_damaged_file_is_found() -> None:
    body = written(replace(PUBLICATION, articles=()))
    place = body.index(b"\x89PNG") + 500
    broken = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
    assert [each.code for each in epub.check(broken)] == ["epub-file-damaged"]


def test_what_cannot_be_opened_is_one_error() -> None:
    assert [each.code for each in epub.check(b"no book")] == ["epub-not-a-zip"]


def test_importing_the_format_loads_no_heavy_library() -> None:
    code = "import sys, publisher.formats.epub; print({'lxml', 'ebooklib', 'PIL'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


# -- what others say -------------------------------------------------------------------------------------------------------


@pytest.mark.judges
def test_epubcheck_has_nothing_to_say_about_a_rich_issue(tmp_path: Path) -> None:
    books = [written(), epub.write(PUBLICATION), epub.write(BARE), epub.write(replace(PUBLICATION, in_language="ar"), TARGET)]
    paths = [tmp_path / f"{number}.epub" for number in range(len(books))]
    for path, book in zip(paths, books, strict=True):
        path.write_bytes(book)
    assert epubcheck.check(paths) == []


@pytest.mark.judges
def test_epubcheck_has_nothing_to_say_about_any_issue(tmp_path: Path) -> None:
    paths: list[Path] = []

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.publications(), st.booleans())
    def collect(publication: Publication, pictures: bool) -> None:
        paths.append(tmp_path / f"{len(paths)}.epub")
        paths[-1].write_bytes(epub.write(publication, Target(media=pixel) if pictures else Target()))

    collect()
    assert epubcheck.check(paths) == []


@pytest.mark.judges
def test_epubcheck_has_nothing_to_say_about_any_body(tmp_path: Path) -> None:
    found: list[Article] = []

    @settings(max_examples=200, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(soups())
    def collect(soup: str) -> None:
        found.append(Article(identifier=f"urn:x:{len(found)}", headline="Any", body=markup.clean(soup)))

    collect()
    for number, target in enumerate([Target(), Target(media=pixel)]):
        path = tmp_path / f"{number}.epub"
        path.write_bytes(epub.write(replace(BARE, articles=tuple(found)), target))
        assert epubcheck.check([path]) == []


@pytest.mark.judges
def test_mupdf_shows_every_page_and_all_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "issue.epub"
    path.write_bytes(written())
    assert mupdf.warnings(path) == []
    shown = re.sub(r"\s+", "", mupdf.text(path))
    for said in (FERRY.headline, FERRY.description, "The last ferry sailed, see", "Nobody owns a ferry.", "渡", "© 2026 The Lantern Press"):
        assert re.sub(r"\s+", "", str(said)) in shown

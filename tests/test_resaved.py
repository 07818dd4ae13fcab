"""Our books after other programs have saved them: what those programs are known to do, done here (`judges/test_calibre.py` asks them)."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Publication
from publisher.compare import differences
from publisher.formats import epub
from publisher.formats.epub import bodies, joining
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.words import words
from publisher.markup import Element
from publisher.problems import Severity
from tests.test_epub import BARE, BELLS, FERRY, PUBLICATION, STARS, files, packed, pixel, written
from tests.test_markup import soups

OPF = "EPUB/content.opf"
Members = dict[str, bytes]


def resaved(change: Callable[[Members], object]) -> bytes:
    members = files(written())
    change(members)
    return packed(members)


def on_pages(change: Callable[[str], str]) -> bytes:
    def change_all(members: Members) -> None:
        members.update({name: change(data.decode()).encode() for name, data in members.items() if name.endswith(".xhtml")})

    return resaved(change_all)


def pointers(book: bytes, expected: Publication = PUBLICATION) -> list[str]:
    return [each.pointer for each in differences(expected, epub.read(book).publication)]


BY_SECTION = replace(PUBLICATION, articles=(BELLS, FERRY, STARS))
"""In the order of the spine, which is all that is known without the record."""


def reversed_manifest(members: Members) -> None:
    start, manifest, end = re.split(r"(?<=<manifest>)|(?=</manifest>)", members[OPF].decode())
    members[OPF] = "".join((start, *reversed(re.findall(r"\s*<item [^>]*/>", manifest)), end)).encode()


def with_positions(members: Members) -> None:
    """Make the pages of articles what they were until 2026-12-07: each says its place in the publication."""
    for place, article in enumerate(PUBLICATION.articles, 1):
        mark = f'"identifier":"{article.identifier}"'.encode()
        (name,) = (each for each, data in members.items() if each.startswith("EPUB/article-") and mark in data)
        members[name] = members[name].replace(b"}</script>", b',"position":%d}</script>' % place)


# -- the package ----------------------------------------------------------------------------------------------------------


def test_a_shuffled_manifest_changes_no_order() -> None:
    """Calibre 8.5's `ebook-meta` shuffles it."""

    def shuffle(members: Members) -> None:
        start, manifest, end = re.split(r"(?<=<manifest>)|(?=</manifest>)", members[OPF].decode())
        members[OPF] = "".join((start, *sorted(re.findall(r"\s*<item [^>]*/>", manifest), key=lambda each: each[::-1]), end)).encode()

    assert pointers(resaved(shuffle)) == []


def test_the_publication_comes_back_without_its_record_in_the_order_of_the_spine() -> None:
    """Calibre 8.5's `ebook-convert` drops what is not in the manifest."""

    def drop_record(members: Members) -> None:
        del members["EPUB/issue.jsonld"]
        reversed_manifest(members)

    assert pointers(resaved(drop_record), BY_SECTION) == []


@pytest.mark.parametrize("record", [True, False])
def test_an_older_book_is_read_in_the_order_that_its_pages_say(*, record: bool) -> None:
    def change(members: Members) -> None:
        with_positions(members)
        reversed_manifest(members)
        if not record:
            del members["EPUB/issue.jsonld"]

    assert pointers(resaved(change)) == []


def test_an_article_that_the_record_does_not_list_comes_last() -> None:
    def forget(members: Members) -> None:
        record = schema.from_text(members["EPUB/issue.jsonld"])
        assert isinstance(record, dict)
        parts = record["hasPart"]
        assert isinstance(parts, list)
        members["EPUB/issue.jsonld"] = schema.to_text({**record, "hasPart": parts[1:]}).encode()

    assert pointers(resaved(forget), replace(PUBLICATION, articles=(BELLS, STARS, FERRY))) == []


def test_an_issue_without_articles_comes_back_without_its_record() -> None:
    members = files(epub.write(BARE))
    del members["EPUB/issue.jsonld"]
    assert list(differences(BARE, epub.read(packed(members)).publication)) == []


def test_without_record_and_title_page_the_articles_tell_the_publication() -> None:
    def tear_out(members: Members) -> None:
        del members["EPUB/issue.jsonld"], members["EPUB/title.xhtml"]

    assert pointers(resaved(tear_out), BY_SECTION) == []


def test_the_cover_is_called_cover_as_old_nooks_want_it() -> None:
    """Else Calibre warns that it renames it."""
    assert re.search(r'<item href="media/\w+\.jpg" id="cover" media-type="image/jpeg" properties="cover-image"/>', written_package())


def written_package() -> str:
    return files(written())[OPF].decode()


# -- pages ----------------------------------------------------------------------------------------------------------------


def test_classes_are_not_needed() -> None:
    assert pointers(on_pages(lambda page: re.sub(r' class="[^"]*"', ' class="calibre7"', page))) == []


def test_sizes_and_types_are_not_needed() -> None:
    assert pointers(on_pages(lambda page: re.sub(r' (?:width|height|type)="[^"/]*"', "", page))) == []


def test_underlined_text_may_become_a_span() -> None:
    body = markup.clean("<p>not <u>that</u> one, <u lang='fr'>celle-ci</u></p>")
    page = placed(bodies.for_book(body, Shelf(pixel), {}, words("en"))).replace("<u ", "<span ").replace("</u>", "</span>")
    root = markup.parse_xml(page.encode())
    bodies.restore(root)
    assert markup.fragment(root) == body


def restored(body: str, change: Callable[[str], str]) -> str:
    root = markup.parse_xml(placed(change(bodies.for_book(body, Shelf(pixel), {}, words("en")))).encode())
    bodies.restore(root)
    return markup.fragment(root)


def test_plain_code_may_get_the_class_of_other_code() -> None:
    """Calibre 8.5 gives both one where text runs from right to left, and so both have a `dir`."""
    body = markup.clean("<p>א <code class='language-python'>b</code> ב <code>plain</code></p>")
    assert (
        restored(
            body, lambda page: page.replace("<code ", '<code class="language-python" ').replace(' class="language-python" class', " class")
        )
        == body
    )


FOREIGN = ('data-1="x"', 'data-="x"', 'data-é="x"', 'data-lang="de"', 'data-id="b"', 'data-dir="rtl"', 'data-href="https://e.org/"')


@pytest.mark.parametrize("attribute", FOREIGN)
@pytest.mark.parametrize("name", ["span", "u", "code", "ol", "em"])
def test_notes_of_other_programs_are_none_of_ours(name: str, attribute: str) -> None:
    """An attribute without a name was a traceback, one with the name of another changed the text."""
    body = "<p>a</p><ol><li>b</li></ol>" if name == "ol" else f"<p>a <{name}>b</{name}></p>"
    assert restored(markup.clean(body), lambda page: page.replace(f"<{name}", f"<{name} {attribute}")) == markup.clean(body)


def test_a_whole_book_with_notes_of_other_programs_is_read() -> None:
    assert pointers(on_pages(lambda page: page.replace("</p>", '<span data-1="x"></span></p>'))) == []


def test_indentation_between_blocks_changes_nothing() -> None:
    """Editors (Sigil, Calibre's) print pages prettily."""
    block = r"(</?(?:p|h\d|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tr|th|td|figure|figcaption|blockquote|div|hr)\b[^>]*>)"
    pretty = on_pages(lambda page: re.sub(block, r"\n    \1\n    ", page))
    assert pointers(pretty) == []
    assert epub.read(pretty).problems == ()


def test_line_breaks_in_running_text_change_nothing() -> None:
    """Outside of `pre` they are white space as any other."""
    parts = re.compile(r"(<(pre|script)\b.*?</\2>|<[^>]*>)|([^<>]+)", re.DOTALL)
    assert pointers(on_pages(lambda page: parts.sub(lambda found: found[1] or found[3].replace(" ", "\n      "), page))) == []


def test_the_spans_that_kobo_wants_change_nothing() -> None:
    sentence = re.compile(r"(?<=<p>)([^<>]+)(?=<)")
    assert pointers(on_pages(lambda page: sentence.sub(r'<span class="koboSpan" id="kobo.1.1">\1</span>', page))) == []


def test_changed_text_is_told_and_read_as_it_is() -> None:
    reading = epub.read(on_pages(lambda page: page.replace("<p>Ring.</p>", "<p>Rang.</p>")))
    assert [each.body for each in reading.publication.articles if each.identifier == BELLS.identifier] == ["<p>Rang.</p>"]
    assert [(each.code, each.severity) for each in reading.problems] == [("epub-text-changed", Severity.INFO)]
    assert "'Six bells and no tune'" in reading.problems[0].message


def test_what_was_not_changed_gives_no_problem() -> None:
    assert epub.read(written()).problems == ()


def test_a_page_that_lost_its_json_ld_is_still_an_article() -> None:
    """With what people see of it, and with its text as it was."""
    reading = epub.read(on_pages(lambda page: re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)))
    assert reading.publication.name == "The Lantern"
    articles = {each.identifier: each for each in reading.publication.articles}
    ferry = articles["https://lantern.example/ferry.html"]
    assert (ferry.headline, ferry.body, ferry.url) == (FERRY.headline, FERRY.body, FERRY.url)
    assert (ferry.alternative_headline, ferry.description, ferry.dateline) == (
        FERRY.alternative_headline,
        FERRY.description,
        FERRY.dateline,
    )
    assert (ferry.in_language, ferry.date_published, ferry.copyright_notice) == (
        FERRY.in_language,
        FERRY.date_published,
        FERRY.copyright_notice,
    )
    assert [each.name for each in ferry.author] == [each.name for each in FERRY.author]
    assert sorted(each.body for each in articles.values()) == sorted(each.body for each in PUBLICATION.articles)
    assert [each.code for each in reading.problems] == ["epub-json-ld-lost"]


def test_one_page_without_json_ld_is_not_left_out() -> None:
    def tear(members: Members) -> None:
        name = next(each for each, data in members.items() if b'"identifier":"stars"' in data)
        members[name] = re.sub(rb"<script.*?</script>", b"", members[name], flags=re.DOTALL)

    reading = epub.read(resaved(tear))
    assert [each.headline for each in reading.publication.articles] == [each.headline for each in PUBLICATION.articles]


# -- characters -----------------------------------------------------------------------------------------------------------

ALTERED = {"\u00ad": "", "\u200b": "", "\u2011": "-", "\ufb01": "fi", "\ufb03": "ffi", "\ufb05": "ft"}
HYPHENS = (
    "<p>Donau\u00addampf\u00ad<b>schiff\u00ad</b>\u00adfahrt, 12\u20118 and\u200b<i>\u200bso</i> of\ufb01ce \ufb03 \ufb05</p><p>fi -</p>"
)


def altered(text: str) -> str:
    return "".join(ALTERED.get(each, each) for each in text)


@pytest.mark.parametrize("change", [str, altered])
def test_hyphens_and_ligatures_come_back(change: Callable[[str], str]) -> None:
    """Calibre 8.5 drops or replaces them."""
    article = replace(BELLS, headline="Schiff\u00adfahrt, of\ufb01ce 12\u20118", body=HYPHENS)
    members = files(epub.write(replace(BARE, articles=(article,))))
    changed = {name: change(data.decode()).encode() if name.endswith(".xhtml") else data for name, data in members.items()}
    reading = epub.read(packed(changed))
    assert (reading.publication.articles, reading.problems) == ((article,), ())


@given(st.text(st.sampled_from([*ALTERED, "f", "i", "-", " ", "漢"]), max_size=20).map(markup.from_text))
def test_any_such_characters_come_back(body: str) -> None:
    container = markup.parse_xml(f"<div{bodies.remembered(body)}/>".encode())
    assert bodies.recalled(body, container) == body
    assert bodies.recalled(altered(body), container) == body


def test_characters_are_not_put_into_text_that_was_changed() -> None:
    remembered = bodies.remembered("<p>Dampf\u00adschiff</p>")
    container = markup.parse_xml(f"<div{remembered}/>".encode())
    assert bodies.recalled("<p>Ruderboot</p>", container) is None


# -- cuts -----------------------------------------------------------------------------------------------------------------

CUT_BEFORE = ("h2", "h3", "div", "pre", "hr", "p", "br", "li")


def placed(body: str) -> str:
    return f'<div xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"{bodies.remembered(body)}>{body}</div>'


def cut(root: Element, number: int) -> list[Element]:
    """Return two parts as Calibre makes them of a tree (`oeb/polish/split.py`), cut before the element of that number."""
    first, second = deepcopy(root), deepcopy(root)
    drop([*first.iter()][number:])
    point = [*second.iter()][number]
    around = set(point.iterancestors())
    for each in around:
        each.text = None
    drop([each for each in [*second.iter()][:number] if each not in around])
    return [first, second]


def drop(elements: list[Element]) -> None:
    for each in elements:
        if (parent := each.getparent()) is not None:
            parent.remove(each)


def points(root: Element) -> list[int]:
    """Return the numbers of the elements before which Calibre cuts, moved to what they are the first thing in."""
    numbers = {each: number for number, each in enumerate(root.iter()) if each is not root}
    return sorted({numbers[outermost(each)] for each in numbers if str(each.tag).rpartition("}")[2] in CUT_BEFORE} - {1})


def outermost(element: Element) -> Element:
    while (parent := element.getparent()) is not None and parent.getparent() is not None and parent[0] is element:
        if (parent.text or "").strip():
            break
        element = parent
    return element


@given(st.lists(soups(), min_size=2, max_size=4), st.data())
def test_any_body_that_was_cut_comes_back(parts: list[str], data: st.DataObject) -> None:
    body = markup.clean("".join(parts))
    root = markup.parse_xml(placed(body).encode())
    if places := points(root):
        pieces = cut(root, data.draw(st.sampled_from(places)))
        found = (bodies.recalled(markup.fragment(each), root) for each in joining.joined(pieces))
        assert next(each for each in found if each is not None) == body


LONG = Article(
    identifier="long",
    headline="Long",
    body=markup.clean(
        "<p>One<sup><a href='#n1' id='r1' role='doc-noteref'>1</a></sup><br>two</p><ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>"
        "<h2>Part two</h2><blockquote><p>q</p><p>r</p></blockquote><div role='doc-endnotes'><ol><li id='n1'>N "
        "<a href='#r1' role='doc-backlink'>back</a></li></ol></div>"
    ),
)


def in_two_pages(page: bytes, heading: str) -> tuple[bytes, bytes]:
    """Return a page cut before a heading, which is marked; both have the whole head."""
    root = markup.parse_xml(page)
    body = root[1]
    number, point = next((number, each) for number, each in enumerate(body.iter()) if each.text == heading)
    point.set("id", "calibre_pb_1")
    first, second = deepcopy(root), deepcopy(root)
    first[1], second[1] = cut(body, number)
    return etree.tostring(first), etree.tostring(second)


def test_an_article_that_was_cut_into_two_pages_is_one() -> None:
    """With links between the pages, and a mark where the cut was, as Calibre makes them."""
    members = files(epub.write(replace(BARE, articles=(BELLS, LONG, FERRY))))
    (name,) = (each for each, data in members.items() if b'"identifier":"long"' in data)
    first, second = in_two_pages(members.pop(name), "Part two")
    members["EPUB/a.xhtml"] = first.replace(b'href="#n1"', b'href="b.xhtml#n1"')
    members["EPUB/b.xhtml"] = second.replace(b'href="#r1"', b'href="a.xhtml#r1"')
    key = name.removeprefix("EPUB/").removesuffix(".xhtml")
    item = '<item href="%s.xhtml" id="%s" media-type="application/xhtml+xml"/>'
    package = members[OPF].decode().replace(item % (key, key), item % ("b", "b") + item % ("a", "a"))
    members[OPF] = package.replace(f'<itemref idref="{key}"/>', '<itemref idref="a"/><itemref idref="b"/>').encode()
    reading = epub.read(packed(members))
    assert [(each.identifier, each.body) for each in reading.publication.articles] == [
        (each.identifier, each.body) for each in (BELLS, LONG, FERRY)
    ]
    assert reading.problems == ()
    scripts = {each: re.sub(rb"<script.*?</script>", b"", data, flags=re.DOTALL) for each, data in members.items()}
    assert sorted(each.body for each in epub.read(packed(scripts)).publication.articles) == sorted(
        each.body for each in (BELLS, LONG, FERRY)
    )


def test_a_list_and_a_quotation_go_on_after_a_cut_and_an_item_does_not() -> None:
    """The most likely, for text of which nothing more is known."""
    pieces = (
        "<ul><li>a</li></ul>",
        "<ul><li>b</li></ul>",
        "<ul><li>c</li></ul><blockquote><p>q</p></blockquote>",
        "<blockquote><p>r</p></blockquote>",
    )
    parts = [markup.parse_xml(f"<div>{each}</div>".encode()) for each in pieces]
    assert (
        markup.fragment(next(joining.joined(parts))) == "<ul><li>a</li><li>b</li><li>c</li></ul><blockquote><p>q</p><p>r</p></blockquote>"
    )


def test_text_after_a_list_that_was_cut_is_not_doubled() -> None:
    body = "<ul><li>a<ul><li>b</li><li>c</li></ul>d</li></ul>"
    root = markup.parse_xml(placed(body).encode())
    first, second = cut(root, 5)
    assert [markup.fragment(deepcopy(each)) for each in (first, second)] == [
        "<ul><li>a<ul><li>b</li></ul>d</li></ul>",
        "<ul><li><ul><li>c</li></ul>d</li></ul>",
    ]
    assert body in [markup.fragment(each) for each in joining.joined([first, second])]

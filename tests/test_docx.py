"""Word documents read: what the text, the styles and the properties say, and what is told of the rest."""

from __future__ import annotations

import time
import zipfile
from datetime import date
from io import BytesIO

import pytest

from publisher import formats, markup
from publisher.article import Article, Organization, Person
from publisher.formats import Context, Reading, docx
from publisher.minting import UNNAMED
from publisher.problems import PublisherError, Unreadable
from tests import papers
from tests.papers import NAMESPACES, paragraph, picture, run

TITLE = paragraph("The tram is back", "Title")
LIST = (
    f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum><w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
)
MEMBERS = {"picture": ("image", "media/image1.png")}
MEDIA: dict[str, bytes | str] = {"word/media/image1.png": papers.png()}
NOTES = (
    f'<w:footnotes {NAMESPACES}><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
    f'<w:footnote w:id="2">{paragraph("So the company says.")}</w:footnote></w:footnotes>'
)


def read(*paragraphs: str, **given: object) -> Reading:
    return docx.read(papers.docx(*paragraphs, **given), Context(path="2018/tram.docx"))  # type: ignore[arg-type]


def article(*paragraphs: str, **given: object) -> Article:
    return read(*paragraphs, **given).publication.articles[0]


def body(*paragraphs: str, **given: object) -> str:
    return article(TITLE, *paragraphs, **given).body


def codes(*paragraphs: str, **given: object) -> set[str]:
    return {each.code for each in read(TITLE, *paragraphs, **given).problems}


def test_among_many_documents_only_the_one_that_holds_a_picture_is_asked_for_it() -> None:
    asked: list[str] = []

    def holding(number: int) -> Reading:
        address = f"https://lantern.example/media/{number}.png"

        def media(url: str) -> bytes | None:
            asked.append(url)
            return b"a picture" if url == address else None

        return Reading(publication=UNNAMED, media=media, holds=frozenset((address,)))

    find = formats.inside(holding(number) for number in range(500))
    assert all(find(f"https://lantern.example/media/{number}.png") == b"a picture" for number in range(500))
    assert find("https://lantern.example/media/beside.png") is None
    assert len(asked) == 500


def test_what_gives_no_list_of_what_it_holds_is_asked() -> None:
    found = Reading(publication=UNNAMED, media=lambda url: b"a picture" if url.endswith("a.png") else None)
    assert formats.inside([Reading(publication=UNNAMED), found])("https://lantern.example/a.png") == b"a picture"
    assert formats.inside([Reading(publication=UNNAMED)]) is formats.no_media


def test_a_document_says_what_it_holds() -> None:
    found = read(TITLE, f"<w:p>{picture('picture')}</w:p>", targets=MEMBERS, members=MEDIA)
    assert found.holds == frozenset(markup.pictures(found.publication.articles[0].body)) != frozenset()
    assert all(map(found.media, found.holds))


def test_a_document_is_recognized_by_its_content() -> None:
    assert formats.detect(papers.docx(TITLE), "letter.zip") is docx


def test_an_archive_of_other_things_is_no_document() -> None:
    assert not docx.recognizes(papers.packed({"word/notes.txt": "x"}))


def test_a_page_with_the_ending_of_a_document_is_told() -> None:
    with pytest.raises(PublisherError, match="this is HTML, not a Word document"):
        formats.detect(b"<!DOCTYPE html><title>Not found</title>", "tram.docx")


def test_the_title_is_the_headline_and_the_subtitle_the_alternative_one() -> None:
    found = article(TITLE, paragraph("After forty years", "Subtitle"), paragraph("It runs."))
    assert (found.headline, found.alternative_headline, found.body) == ("The tram is back", "After forty years", "<p>It runs.</p>")


def test_without_a_title_the_first_heading_is_the_headline() -> None:
    found = article(paragraph("The tram is back", "heading1"), paragraph("It runs."), paragraph("Why", "heading2"))
    assert (found.headline, found.body) == ("The tram is back", "<p>It runs.</p><h2>Why</h2>")


def test_the_property_is_the_headline_of_a_document_with_many_chapters() -> None:
    found = article(
        paragraph("Foreword."), paragraph("One", "heading1"), paragraph("Two", "heading1"), core="<dc:title>The tram is back</dc:title>"
    )
    assert (found.headline, found.body) == ("The tram is back", "<p>Foreword.</p><h2>One</h2><h2>Two</h2>")


def test_a_style_based_on_a_heading_is_one() -> None:
    styles = (
        papers.STYLES
        + '<w:style w:type="paragraph" w:styleId="Zwischentitel"><w:name w:val="Zwischentitel"/><w:basedOn w:val="heading2"/></w:style>'
    )
    assert body(paragraph("Warum", "Zwischentitel"), styles=styles) == "<h2>Warum</h2>"


def test_a_level_in_the_outline_is_a_heading() -> None:
    assert body(paragraph("Why", "", '<w:outlineLvl w:val="1"/>')) == "<h2>Why</h2>"


def test_a_first_paragraph_that_is_taken_for_the_headline_is_told() -> None:
    found = read(paragraph("The tram is back"), paragraph("It runs."))
    assert found.publication.articles[0].headline == "The tram is back"
    assert "docx-headline-guessed" in {each.code for each in found.problems}


def test_what_has_a_style_of_its_own_in_front_of_the_text_is_about_it() -> None:
    found = article(
        TITLE,
        paragraph("By Ines Calloway and Tom Reed", "Byline"),
        paragraph("24 October 2018", "Date"),
        paragraph("It took forty years.", "Standfirst"),
        paragraph("HARBOUR —", "Dateline"),
        paragraph("It runs."),
    )
    assert [each.name for each in found.author] == ["Ines Calloway", "Tom Reed"]
    assert (found.date_published, found.description, found.dateline) == (date(2018, 10, 24), "It took forty years.", "HARBOUR")
    assert found.body == "<p>It runs.</p>"


def test_a_byline_without_a_style_stays_text() -> None:
    found = article(TITLE, paragraph("By Ines Calloway"), paragraph("It runs."))
    assert (found.author, found.body) == ((), "<p>By Ines Calloway</p><p>It runs.</p>")


def test_a_date_that_is_none_is_told() -> None:
    assert "docx-date-unreadable" in codes(paragraph("soon", "Date"), paragraph("It runs."))


def test_properties_say_who_and_when() -> None:
    core = (
        "<dc:creator>Ines Calloway; The Lantern Press</dc:creator><cp:keywords>tram, harbour</cp:keywords><cp:category>City</cp:category>"
        "<dc:description>Back.</dc:description><dcterms:created>2018-10-24T08:00:00Z</dcterms:created><dc:language>de</dc:language>"
    )
    found = read(TITLE, paragraph("It runs."), core=core)
    (said,) = found.publication.articles
    assert said.author == (Person(name="Ines Calloway"), Organization(name="The Lantern Press"))
    assert (said.keywords, said.article_section, said.description, said.in_language) == (("tram", "harbour"), "City", "Back.", "de")
    assert str(said.date_published) == "2018-10-24 08:00:00+00:00"
    assert "docx-date-guessed" in {each.code for each in found.problems}


def test_a_property_that_somebody_added_is_taken_first() -> None:
    custom = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        '<property name="Date Published"><vt:lpwstr>2018-10-25</vt:lpwstr></property>'
        '<property name="license"><vt:lpwstr>https://creativecommons.org/licenses/by/4.0/</vt:lpwstr></property></Properties>'
    )
    found = read(TITLE, core="<dcterms:created>2018-10-24T08:00:00Z</dcterms:created>", members={"docProps/custom.xml": custom})
    (said,) = found.publication.articles
    assert (said.date_published, said.license) == (date(2018, 10, 25), "https://creativecommons.org/licenses/by/4.0/")
    assert "docx-date-guessed" not in {each.code for each in found.problems}


def test_the_name_of_a_program_is_no_author() -> None:
    assert article(TITLE, core="<dc:creator>python-docx</dc:creator><dc:title>Microsoft Word - Document1</dc:title>").author == ()


def test_a_document_whose_state_is_draft_is_one() -> None:
    assert read(TITLE, core="<cp:contentStatus>Draft</cp:contentStatus>").draft


def test_each_value_says_where_it_is_from() -> None:
    origins = {each.field: each.source for each in read(TITLE, core="<dc:creator>Ines Calloway</dc:creator>").origins}
    assert origins == {"author": "document property author", "headline": "paragraph with the style Title"}


def test_notes_are_at_the_end_and_lead_back() -> None:
    noted = f'<w:p>{run("It runs.")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    found = body(noted, targets={"notes": ("footnotes", "footnotes.xml")}, members={"word/footnotes.xml": NOTES})
    assert found == (
        '<p>It runs.<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup></p><div role="doc-endnotes"><ol>'
        '<li id="fn-1"><p>So the company says. <a href="#fnref-1" role="doc-backlink">↩</a></p></li></ol></div>'
    )


def test_a_reference_to_a_note_that_is_not_there_takes_nothing_with_it() -> None:
    assert body(f'<w:p>{run("It runs.")}<w:r><w:footnoteReference w:id="9"/></w:r></w:p>') == "<p>It runs.</p>"


def test_lists_keep_their_numbers_also_after_a_paragraph_between() -> None:
    def item(text: str, level: int = 0) -> str:
        return paragraph(text, "", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="4"/></w:numPr>')

    found = body(
        item("Harbour"),
        item("the quay", 1),
        paragraph("Then"),
        item("Hill"),
        targets={"n": ("numbering", "numbering.xml")},
        members={"word/numbering.xml": LIST},
    )
    assert found == (
        '<ol start="3" type="a"><li>Harbour<ul><li>the quay</li></ul></li></ol><p>Then</p><ol start="4" type="a"><li>Hill</li></ol>'
    )


def test_quotations_and_code_are_put_together() -> None:
    found = body(*(paragraph(each, "Quote") for each in "ab"), *(paragraph(each, "HTMLPreformatted") for each in "cd"))
    assert found == "<blockquote><p>a</p><p>b</p></blockquote><pre><code>c\nd</code></pre>"


def test_a_picture_has_its_caption_alternative_text_and_bytes() -> None:
    found = read(
        TITLE, f"<w:p>{picture('picture', 'A grey square')}</w:p>", paragraph("The square", "caption"), targets=MEMBERS, members=MEDIA
    )
    (said,) = found.publication.articles
    (address,) = markup.media(said.body)
    assert said.body == f'<figure><img alt="A grey square" src="{address}"/><figcaption>The square</figcaption></figure>'
    assert (found.media(address), found.media("https://example.org/media/other.png")) == (papers.png(), None)


def test_what_word_adds_to_alternative_texts_goes() -> None:
    alt = "A tram. Description automatically generated with medium confidence"
    assert 'alt="A tram."' in body(f"<w:p>{picture('picture', alt)}</w:p>", targets=MEMBERS, members=MEDIA)


def test_a_picture_that_is_decoration_needs_no_alternative_text() -> None:
    decorated = f"<w:p>{picture('picture', inside='<adec:decorative val=' + chr(34) + '1' + chr(34) + '/>')}</w:p>"
    assert "alternative-text-missing" not in codes(decorated, targets=MEMBERS, members=MEDIA)
    assert "alternative-text-missing" in codes(f"<w:p>{picture('picture')}</w:p>", targets=MEMBERS, members=MEDIA)


def test_a_picture_outside_is_neither_fetched_nor_opened() -> None:
    targets = {"outside": ("image", "file:///etc/passwd")}
    for attribute in ("r:embed", "r:link"):
        linked = f"<w:p>{picture('outside', attribute=attribute)}</w:p>"
        assert body(linked, targets=targets) == ""
        assert "docx-external-picture" in codes(linked, targets=targets)


def test_a_picture_that_is_not_there_is_told() -> None:
    assert "docx-missing-picture" in codes(f"<w:p>{picture('nothing')}</w:p>")


def test_a_picture_that_browsers_do_not_show_is_told() -> None:
    assert "docx-picture-kind" in codes(
        f"<w:p>{picture('picture')}</w:p>", targets={"picture": ("image", "media/a.emf")}, members={"word/media/a.emf": b"\1\0\0\0"}
    )


def test_tracked_changes_are_as_if_accepted() -> None:
    changed = (
        f'<w:p>{run("It ")}<w:del w:id="1"><w:r><w:delText>stands</w:delText></w:r></w:del><w:ins w:id="2">{run("runs")}</w:ins></w:p>'
    )
    assert body(changed) == "<p>It runs</p>"
    assert codes(changed) >= {"docx-deletions", "docx-insertions"}


def test_comments_are_counted() -> None:
    comments = f'<w:comments {NAMESPACES}><w:comment w:id="1">{paragraph("really?")}</w:comment></w:comments>'
    found = read(TITLE, targets={"c": ("comments", "comments.xml")}, members={"word/comments.xml": comments})
    assert "1 comment was left out" in [each.message for each in found.problems]
    assert "docx-comments" in {each.code for each in found.problems}


@pytest.mark.parametrize(
    ("written", "code", "text"),
    [
        (f"<w:p>{run('seen')}{run('unseen', '<w:vanish/>')}</w:p>", "docx-hidden-text", "<p>seen</p>"),
        ("<w:p><m:oMath><m:r><m:t>E=mc²</m:t></m:r></m:oMath></w:p>", "docx-formulas", "<p>E=mc²</p>"),
        (
            '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
            "</a:graphic></wp:inline></w:drawing></w:r></w:p>",
            "docx-drawings",
            "",
        ),
        (paragraph("Why ... 2", "toc1"), "docx-contents", ""),
        ('<w:altChunk r:id="x"/>', "docx-parts-of-other-kinds", ""),
    ],
)
def test_what_is_lost_is_told(written: str, code: str, text: str) -> None:
    assert (body(written), code in codes(written)) == (text, True)


def test_a_document_without_text_is_told() -> None:
    assert "docx-empty" in codes()


def test_the_language_is_that_of_most_letters_and_others_are_marked() -> None:
    french = run("Vive le tram, dit le maire de la ville.", '<w:lang w:val="fr-FR"/>')
    english = run("It runs again, and everybody is glad of it, as far as we know.", '<w:lang w:val="en-GB"/>')
    found = article(TITLE, f"<w:p>{english}{french}</w:p>")
    assert found.in_language == "en-GB"
    assert '<span lang="fr-FR">Vive le tram, dit le maire de la ville.</span>' in found.body


def test_hebrew_runs_from_right_to_left() -> None:
    hebrew = '<w:rtl/><w:lang w:val="en-US" w:bidi="he-IL"/>'
    whole = article(
        *(f"<w:p><w:pPr><w:bidi/></w:pPr>{run('החשמלית חוזרת לעיר', hebrew)}</w:p>" for _ in range(3)),
        paragraph("It runs."),
    )
    assert whole.in_language == "he-IL"
    assert '<p dir="ltr">It runs.</p>' in whole.body


def test_runs_that_look_the_same_are_one() -> None:
    assert body(f"<w:p>{run('It ', '<w:b/>')}{run('ru', '<w:b/>')}{run('ns', '<w:b/><w:noProof/>')}{run('.')}</w:p>") == (
        "<p><strong>It runs</strong>.</p>"
    )


def test_ruby_keeps_its_annotation() -> None:
    written = f"<w:p><w:r><w:ruby><w:rt>{run('とう')}</w:rt><w:rubyBase>{run('灯')}</w:rubyBase></w:ruby></w:r></w:p>"
    assert body(written) == "<p><ruby>灯<rt>とう</rt></ruby></p>"


def test_what_fields_show_is_kept() -> None:
    assert body(f'<w:p>{run("Figure ")}<w:fldSimple w:instr=" SEQ Figure ">{run("1")}</w:fldSimple></w:p>') == "<p>Figure 1</p>"


def test_a_table_whose_style_shows_its_first_row_otherwise_has_headings() -> None:
    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{paragraph(each)}</w:tc>' for each in cells)}</w:tr>"

    table = (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblLook w:val="04A0"/></w:tblPr>'
        + row("Line", "Minutes")
        + row("1", "12")
        + "</w:tbl>"
    )
    styles = papers.STYLES + '<w:style w:type="table" w:styleId="Grid"><w:tblStylePr w:type="firstRow"/></w:style>'
    assert '<th scope="col">Line</th>' in body(table, styles=styles)
    assert "<th" not in body(table)


def test_links_lead_where_the_relationship_says_and_nowhere_else() -> None:
    linked = f'<w:p><w:hyperlink r:id="l">{run("here")}</w:hyperlink> <w:hyperlink r:id="gone">{run("there")}</w:hyperlink></w:p>'
    assert (
        body(linked, targets={"l": ("hyperlink", "https://lantern.example/")}) == '<p><a href="https://lantern.example/">here</a>there</p>'
    )


def test_strict_documents_are_read() -> None:
    strict = papers.docx(TITLE, paragraph("It runs."))
    members = {
        name: content.replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
        for name, content in unpacked(strict).items()
    }
    assert docx.read(papers.packed(members)).publication.articles[0].headline == "The tram is back"


def unpacked(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# -- what cannot be read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("docx-no-document", {"_rels/.rels": "<x/>", "word/document.xml": None}),
        ("docx-doctype", {"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
        ("xml-malformed", {"word/document.xml": "<a>"}),
        ("docx-too-long", {"word/document.xml": b"<a>" + b" " * 10_000_001}),
        ("docx-unsafe-name", {"../evil": "x"}),
    ],
)
def test_what_is_no_document_is_refused(code: str, changed: dict[str, bytes | str | None]) -> None:
    members: dict[str, bytes | str | None] = {**unpacked(papers.docx(TITLE)), **changed}
    with pytest.raises(Unreadable) as refused:
        docx.read(papers.packed({name: each for name, each in members.items() if each is not None}))
    assert refused.value.problems[0].code == code


def test_what_mammoth_stumbles_over_is_refused() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 60 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 60
    with pytest.raises(Unreadable) as refused:
        docx.read(papers.docx(deep))
    assert refused.value.problems[0].code in ("docx-malformed", "xml-malformed")


def test_half_a_document_is_refused() -> None:
    with pytest.raises(Unreadable) as refused:
        docx.read(papers.docx(TITLE)[:300])
    assert refused.value.problems[0].code == "docx-not-a-zip"


def test_damaged_styles_do_not_take_the_text_with_them() -> None:
    members = {**unpacked(papers.docx(paragraph("The tram is back"))), "word/styles.xml": b"<w:styles"}
    found = docx.read(papers.packed(members))
    assert found.publication.articles[0].headline == "The tram is back"
    assert "docx-part-damaged" in {each.code for each in found.problems}


def test_a_long_document_is_read_in_time_that_grows_with_it() -> None:
    def seconds(paragraphs: int) -> float:
        written = papers.docx(TITLE, *(paragraph(f"Paragraph {n} of the text.") for n in range(paragraphs)))
        took: list[float] = []
        for _ in range(3):  # what else a machine does, it does not do each time
            start = time.process_time()
            docx.read(written)
            took.append(time.process_time() - start)
        return min(took)

    seconds(10)
    assert seconds(4000) < 12 * seconds(1000)


def test_a_paragraph_cut_into_thousands_of_runs_is_read_in_time() -> None:
    start = time.process_time()
    found = body(f"<w:p>{run('a') * 20_000}</w:p>")
    assert (len(found), time.process_time() - start < 20) == (20_007, True)

"""NITF: what a document says, what its text is in HTML and back, what is left out, and every rule with what breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, markup
from publisher.article import Article, Correction, Image, Media, Organization, Person, Place, Publication
from publisher.formats import Context, Reading, nitf
from publisher.formats.nitf.content import carried
from publisher.formats.nitf.model import ATTRIBUTES, CHILDREN, ELEMENTS, NEEDED, ORDER, REQUIRED, VALUES
from publisher.problems import Severity, Unreadable
from tests import strategies

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/" version="-//IPTC//DTD NITF 3.6//EN" baselang="en">
  <head>
    <title>Ferry</title>
    <meta name="slug" content="ferry"/>
    <docdata management-status="usable">
      <correction info="The ferry is older."/>
      <evloc city="Ellery Quay" state-prov="Northlight"/>
      <doc-id regsrc="WIRE" id-string="wire-2026-7"/>
      <date.issue norm="20261024T080000Z"/>
      <doc.copyright holder="The Wire" year="2026"/>
      <key-list><keyword key="shipping"/><keyword key="ferries"/></key-list>
    </docdata>
    <pubdata type="web" name="The Lantern" position.section="Harbour" ex-ref="https://lantern.example/ferry.html"/>
    <revision-history name="Judith Amory" function="editor" norm="20261025"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>The ferry’s last trip</hl1><hl2>It sailed in fog</hl2></hedline>
      <rights>© 2026 The Wire</rights>
      <byline>By <person>Ines Calloway</person></byline>
      <distributor>The Wire</distributor>
      <dateline><location>ELLERY QUAY</location>, <story.date norm="20261024">Oct. 24</story.date></dateline>
      <abstract><p>It sailed.</p></abstract>
    </body.head>
    <body.content>
      <media media-type="image">
        <media-reference mime-type="image/jpeg" source="https://lantern.example/quay.jpg" width="640" height="480" alternate-text="A quay"/>
        <media-caption><p>The quay</p></media-caption>
        <media-producer>Tobias Wren</media-producer>
      </media>
      <p lede="true">The <org>Harbour Board</org> said it was <em>over</em>.</p>
      <hl2>Then</hl2>
      <ul><li>one</li><li>two</li></ul>
    </body.content>
    <body.end><tagline>More soon.</tagline></body.end>
  </body>
</nitf>
"""
WITH_DTD = """<?xml version="1.0"?>
<!DOCTYPE nitf SYSTEM "http://www.iptc.org/std/NITF/3.2/specification/nitf-3-2.dtd">
<nitf version="-//IPTC//DTD NITF 3.2//EN"><head><docdata><doc-id id-string="7"/><date.issue norm="20031010"/>
<key-list><keyword key="ferry, harbour,fog"/></key-list></docdata></head>
<body><body.head><hedline><hl1>Caf&eacute; &amp; quay</hl1></hedline><byline>By INES CALLOWAY<byttl>Associated Press</byttl></byline></body.head>
<body.content><block><p>It sailed &mdash; late.</p></block></body.content></body></nitf>
"""


def read(document: str = GOOD) -> Reading:
    return nitf.read(document.encode())


def article(document: str = GOOD) -> Article:
    return read(document).publication.articles[0]


def body(content: str) -> str:
    return article(GOOD[: GOOD.index("<body.content>")] + f"<body.content>{content}</body.content></body></nitf>").body


# -- reading --------------------------------------------------------------------------------------------------------------


def test_a_document_is_an_article() -> None:
    assert article() == Article(
        identifier="wire-2026-7",
        headline="The ferry’s last trip",
        url="https://lantern.example/ferry.html",
        alternative_headline="It sailed in fog",
        description="It sailed.",
        body="<p>The Harbour Board said it was <em>over</em>.</p><h2>Then</h2><ul><li>one</li><li>two</li></ul>",
        article_section="Harbour",
        keywords=("shipping", "ferries"),
        dateline="ELLERY QUAY",
        content_location=(Place(name="Ellery Quay, Northlight"),),
        in_language="en",
        date_published=datetime(2026, 10, 24, 8, tzinfo=UTC),
        date_modified=date(2026, 10, 25),
        author=(Person(name="Ines Calloway"),),
        editor=(Person(name="Judith Amory"),),
        publisher=Organization(name="The Wire"),
        image=(
            Image(
                content_url="https://lantern.example/quay.jpg",
                encoding_format="image/jpeg",
                width=640,
                height=480,
                caption="The quay",
                description="A quay",
                credit_text="Tobias Wren",
            ),
        ),
        corrections=(Correction(text="The ferry is older."),),
        copyright_notice="© 2026 The Wire",
        copyright_holder=Organization(name="The Wire"),
        copyright_year=2026,
    )


def test_what_it_appeared_in_is_in_its_publication_data() -> None:
    assert (read().publication.name, read().publication.url) == ("The Lantern", "https://lantern.example/")


def test_a_document_with_a_dtd_has_no_namespace_and_names_of_characters() -> None:
    found = article(WITH_DTD)
    assert (found.headline, found.body) == ("Café & quay", "<p>It sailed — late.</p>")
    assert found.date_published == date(2003, 10, 10)


def test_keywords_in_one_are_taken_apart() -> None:
    assert article(WITH_DTD).keywords == ("ferry", "harbour", "fog")


def test_a_byline_in_words_names_people_and_houses() -> None:
    assert [each.name.casefold() for each in article(WITH_DTD).author] == ["ines calloway"]


def test_subjects_are_keywords_where_there_are_none() -> None:
    subject = '<tobject><tobject.subject tobject.subject.refnum="04000000" tobject.subject.type="Economy"/></tobject><docdata>'
    assert article(WITH_DTD.replace("<docdata>", subject).replace("key=", "x=")).keywords == ("Economy",)


def test_a_job_is_no_part_of_a_name() -> None:
    person = "<person><name.given>Ines</name.given> <name.family>Calloway</name.family><function>Staff Writer</function></person>"
    assert article(GOOD.replace("<person>Ines Calloway</person>", person)).author == (Person(name="Ines Calloway"),)


def test_an_organization_may_be_the_author() -> None:
    assert article(GOOD.replace("<person>Ines Calloway</person>", "<byttl><org>The Wire</org></byttl>")).author == (
        Organization(name="The Wire"),
    )


def test_a_property_says_the_kind_of_article() -> None:
    kind = '<tobject><tobject.property tobject.property.type="Opinion"/></tobject><docdata '
    assert article(GOOD.replace("<docdata ", kind)).type == "OpinionNewsArticle"


@pytest.mark.parametrize("status", ["withheld", "canceled", "embargoed"])
def test_what_may_not_be_published_is_a_draft(status: str) -> None:
    assert read(GOOD.replace("usable", status)).draft
    assert not read().draft


def test_what_an_article_has_no_place_for_is_told_once() -> None:
    found = read(GOOD.replace("<doc-id ", '<urgency ed-urg="4"/><ed-msg info="Hold"/><doc-id ')).problems
    assert [(each.code, each.severity) for each in found] == [("nitf-left-out", Severity.INFO)]
    assert found[0].message == "the article has no place for ed-msg, tagline, urgency"


def test_pictures_bytes_in_a_document_are_told_to_be_left_out() -> None:
    inside = '<media media-type="image"><media-reference source="a.jpg"/><media-object encoding="base64">AAAA</media-object></media>'
    found = read(GOOD.replace("<hl2>Then</hl2>", inside))
    assert "media-object" in found.problems[-1].message
    assert "AAAA" not in found.publication.articles[0].body


@pytest.mark.parametrize("document", ["<nitf/>", "<nitf><body/></nitf>", "<html/>"])
def test_a_document_with_nothing_in_it_is_refused(document: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(document)
    assert error.value.problems[0].code == "nitf-no-article"


def test_a_lead_that_is_there_twice_is_there_once() -> None:
    twice = '<block class="lead"><p>a</p></block><block class="full"><p>a</p><p>b</p></block>'
    assert body(twice) == "<p>a</p><p>b</p>"
    assert body("<block><p>a</p></block><block><p>b</p></block>") == "<p>a</p><p>b</p>"


def test_a_byline_for_an_index_is_not_shown() -> None:
    second = '</byline><byline class="normalized_byline">Calloway, Ines</byline>'
    assert article(GOOD.replace("</byline>", second)).author == (Person(name="Ines Calloway"),)


def test_staff_is_nobody_and_the_house_is_the_author() -> None:
    found = article(
        GOOD.replace("By <person>Ines Calloway</person>", "By<person>Staff Reporter</person><byttl>Northlight News Agency</byttl>")
    )
    assert [each.name for each in found.author] == ["Northlight News Agency"]


@pytest.mark.parametrize(
    ("norm", "day"),
    [
        ("20261024T000000", date(2026, 10, 24)),
        ("20261024", date(2026, 10, 24)),
        ("2026-10-24T08:00:00+01:00", datetime(2026, 10, 24, 7, tzinfo=UTC)),
        ("20261024T0800-0500", datetime(2026, 10, 24, 13, tzinfo=UTC)),
        ("20261024T000000Z", datetime(2026, 10, 24, tzinfo=UTC)),
        ("soon", None),
    ],
)
def test_dates_are_normalized_in_several_ways(norm: str, day: date | None) -> None:
    assert article(GOOD.replace('norm="20261024T080000Z"', f'norm="{norm}"')).date_published == day


def test_a_second_headline_that_says_the_same_is_none() -> None:
    assert article(GOOD.replace("It sailed in fog", "The ferry’s last trip")).alternative_headline is None


def test_a_place_is_named_once() -> None:
    assert article(GOOD.replace('state-prov="Northlight"', 'county-dist="Ellery Quay"')).content_location == (Place(name="Ellery Quay"),)


# -- texts ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<block><p>a</p></block><block><p>b</p></block>", "<p>a</p><p>b</p>"),
        ("<p>a <q>b</q> <a href='https://e.org/'>c</a><br/>d</p>", '<p>a <q>b</q> <a href="https://e.org/">c</a><br/>d</p>'),
        (
            "<p><person>A B</person> paid <money unit='USD'>$5</money> in <location><city>Paris</city></location>.</p>",
            "<p>A B paid $5 in Paris.</p>",
        ),
        (
            "<p>H<num><sub>2</sub></num>O <num>1<frac><numer>1</numer><frac-sep>/</frac-sep><denom>2</denom></frac></num></p>",
            "<p>H<sub>2</sub>O 11/2</p>",
        ),
        ("<bq><block><p>a</p></block><credit>b</credit></bq>", "<blockquote><p>a</p><p>b</p></blockquote>"),
        ("<ol seqnum='3'><li>a</li></ol>", '<ol start="3"><li>a</li></ol>'),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        (
            "<table><caption>c</caption><tr><td>a</td><td>b</td></tr></table>",
            "<table><caption>c</caption><tbody><tr><td>a</td><td>b</td></tr></tbody></table>",
        ),
        (
            "<nitf-table><nitf-table-metadata><nitf-col/></nitf-table-metadata><table><tr><td>a</td></tr></table></nitf-table>",
            "<table><tbody><tr><td>a</td></tr></tbody></table>",
        ),
        ("<fn><body.content><p>a</p></body.content></fn>", "<p>a</p>"),
        ("<note noteclass='editorsnote'><body.content><p>a</p></body.content></note><p>b</p>", "<p>a</p><p>b</p>"),
        ("<pre>a\n b</pre><hr/>", "<pre>a\n b</pre><hr/>"),
        (
            "<p>a</p><media media-type='image'><media-reference source='https://e.org/a.jpg' alternate-text='A'/><media-caption>c</media-caption><media-producer>d</media-producer></media>",
            '<p>a</p><figure><img alt="A" src="https://e.org/a.jpg"/><figcaption>c<br/><small>d</small></figcaption></figure>',
        ),
        (
            "<p>a</p><media media-type='audio'><media-reference source='https://e.org/a.mp3'/></media>",
            '<p>a</p><figure><audio controls="controls" src="https://e.org/a.mp3"></audio></figure>',
        ),
        ("<p>a</p><media media-type='data'><media-reference source='https://e.org/a.csv'>x</media-reference></media>", "<p>a</p>"),
        ("<p>x<strong>y</strong></p>", "<p>x<strong>y</strong></p>"),
    ],
)
def test_a_text_is_what_it_is_in_html(content: str, html: str) -> None:
    assert body(content) == html


def test_media_before_all_text_are_those_of_the_article() -> None:
    media = (
        "<media media-type='video'><media-reference source='https://e.org/a.mp4' time='18' time-unit-of-measure='seconds'/></media><p>a</p>"
    )
    found = article(GOOD[: GOOD.index("<body.content>")] + f"<body.content>{media}</body.content></body></nitf>")
    assert (found.body, found.associated_media) == (
        "<p>a</p>",
        (Media(content_url="https://e.org/a.mp4", type="VideoObject", duration=18),),
    )


@given(strategies.bodies())
def test_what_nitf_holds_of_a_body_it_holds_for_ever(text: str) -> None:
    assert carried(carried(text)) == carried(text)


@given(strategies.bodies())
def test_no_word_of_a_body_is_lost(text: str) -> None:
    assert markup.to_text(carried(text)).split() == markup.to_text(text).split()


TAGS = (
    "<p> </p> <ul> <li> <em> </em> <table> <tr> <td> <th> </table> <caption> <thead> <tfoot> <figure> <figcaption> </figure> <blockquote> "
    "</blockquote> <dl> <dt> <dd> <pre> </pre> <h2> <h3> </h3> </a> <q> </q> <br> <hr> <code> </code> <ol> </ol> <ruby> <rt> </ruby> a b"
).split()
ATTRIBUTED = [
    *("<img src='https://e.org/a.jpg' alt='x'>", "<audio src='https://e.org/a.mp3'></audio>", "<a href='https://e.org/'>", " "),
    *("<time datetime='2018-10-24'>", "</time>", "<div role='doc-endnotes'>", "</div>"),
]


@given(st.lists(st.sampled_from([*TAGS, *ATTRIBUTED]), max_size=25).map("".join).map(markup.clean).filter(bool))
def test_whatever_is_inside_what_a_body_becomes_nitf_that_comes_back(text: str) -> None:
    written = nitf.write(
        Publication(identifier="x", name="x", url="https://a.example/", articles=(Article(identifier="x", headline="x", body=text),))
    )
    (found,) = nitf.read(written).publication.articles
    assert found.body == carried(text) == carried(found.body)
    assert markup.to_text(found.body).split() == markup.to_text(text).split()
    assert {each.code for each in nitf.check(written)} <= {"nitf-text-missing"}


@pytest.mark.parametrize(
    "text",
    [
        '<p dir="rtl" lang="ar">مرحبا <bdi>Paris</bdi></p>',
        "<h2>a</h2><h3>b</h3><p><strong>c</strong> <code>d</code></p>",
        '<pre><code class="language-py">a\n  b</code></pre>',
        '<p>x<sup><a href="#n1" id="r1" role="doc-noteref">1</a></sup></p><div role="doc-endnotes"><ol><li id="n1">N <a href="#r1" role="doc-backlink">back</a></li></ol></div>',
        '<blockquote cite="https://e.org/q"><p>Q</p></blockquote>',
        '<figure><img alt="A" height="20" src="https://e.org/a.jpg" width="10"/><figcaption>C</figcaption></figure>',
        '<p><time datetime="2018-10-24">then</time></p>',
    ],
)
def test_what_nitf_has_a_class_or_an_attribute_for_is_kept(text: str) -> None:
    assert markup.clean(text) == text
    assert carried(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('<p>a <img alt="" src="https://e.org/a.jpg"/> b</p>', '<p>a b</p><figure><img alt="" src="https://e.org/a.jpg"/></figure>'),
        ('<p><abbr title="x y">XY</abbr></p>', "<p><abbr>XY</abbr></p>"),
        ("<figure><pre>a</pre><figcaption>b</figcaption></figure>", "<pre>a</pre><p>b</p>"),
        (
            "<figure>a<table><tbody><tr><td>b</td></tr></tbody></table>c</figure>",
            "<p>a</p><table><tbody><tr><td>b</td></tr></tbody></table><p>c</p>",
        ),
        ("<p>long<wbr/>word</p>", "<p>longword</p>"),
        ('<p><time datetime="2018-10-24"><em>then</em></time></p>', "<p><em>then</em></p>"),
    ],
)
def test_what_nitf_has_no_place_for_is_lost(text: str, left: str) -> None:
    assert carried(text) == left


# -- writing --------------------------------------------------------------------------------------------------------------


@given(strategies.publications(least=1, most=1))
def test_what_is_written_breaks_no_rule_but_that_there_is_a_text(publication: Publication) -> None:
    assert {each.code for each in nitf.check(nitf.write(publication))} <= {"nitf-text-missing"}


def test_white_space_between_blocks_is_no_part_of_a_text() -> None:
    text = "<ul><li>a <em>b</em> c</li></ul><pre>x\n  y</pre>"
    written = Publication(identifier="x", name="x", url="https://a.example/", articles=(Article(identifier="x", headline="x", body=text),))
    assert nitf.read(nitf.write(written)).publication == written


def test_nitf_is_recognized_by_its_root() -> None:
    for document in (GOOD, WITH_DTD, "\ufeff<!-- x --><nitf/>"):
        assert formats.detect(document.encode(), "a.xml").NAME == "nitf"
    assert not nitf.recognizes(b"<p>On <nitf>.</p>", "a.xml")


# -- rules ----------------------------------------------------------------------------------------------------------------

BROKEN = [
    ("nitf-root-wrong", "<nitf ", "<news><nitf ", "</nitf>", "</nitf></news>"),
    ("nitf-namespace-unknown", 'xmlns="http://iptc.org/std/NITF/2006-10-18/"', 'xmlns="http://nitf.org/"'),
    ("nitf-version-unknown", "NITF 3.6", "NITF 2.5"),
    ("nitf-element-unknown", "<em>over</em>", "<strong>over</strong>"),
    ("nitf-element-unknown", "<hl2>Then</hl2>", "<h3>Then</h3>"),
    ("nitf-element-misplaced", "<li>one</li>", "<p>one</p>"),
    ("nitf-element-misplaced", "<em>over</em>", "<ul><li>over</li></ul>"),
    ("nitf-order-wrong", "<rights>© 2026 The Wire</rights>", "", "<abstract>", "<rights>x</rights><abstract>"),
    ("nitf-order-wrong", "<title>Ferry</title>", "<title>Ferry</title><title>Ferry</title>"),
    ("nitf-element-incomplete", "<li>one</li><li>two</li>", ""),
    ("nitf-element-incomplete", "<p>It sailed.</p>", ""),
    ("nitf-text-misplaced", "<hl2>Then</hl2>", "Then"),
    ("nitf-attribute-missing", '<media media-type="image">', "<media>"),
    ("nitf-attribute-missing", 'content="ferry"', ""),
    ("nitf-attribute-unknown", 'lede="true"', 'lead="true"'),
    ("nitf-value-unknown", 'type="web"', 'type="internet"'),
    ("nitf-value-unknown", 'function="editor"', 'function="sub"'),
    ("nitf-id-repeated", "<li>one</li><li>two</li>", '<li id="a">one</li><li id="a">two</li>'),
    ("nitf-date-malformed", 'norm="20261024T080000Z"', 'norm="24 October 2026"'),
    ("nitf-language-malformed", 'baselang="en"', 'baselang="English"'),
    ("nitf-headline-missing", "<hl1>The ferry’s last trip</hl1>", "<hl1/>"),
    ("nitf-identifier-missing", '<doc-id regsrc="WIRE" id-string="wire-2026-7"/>', '<doc-id regsrc="WIRE"/>'),
    ("nitf-text-missing", GOOD[GOOD.index("<body.content>") : GOOD.index("<body.end>")], "<body.content/>"),
]


def test_a_good_document_has_no_problem() -> None:
    assert nitf.check(GOOD.encode()) == []


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case[0])
def test_a_failing_case_breaks_its_rule_and_no_other(case: tuple[str, ...]) -> None:
    code, *changes = case
    document = GOOD
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in document
        document = document.replace(old, new)
    problems = nitf.check(document.encode())
    assert code in {each.code for each in problems}
    assert {each.code for each in problems if each.severity == Severity.ERROR} <= {code}
    assert all(each.hint and each.location.line for each in problems)


def test_every_rule_has_a_failing_case() -> None:
    assert {each.code for each in nitf.rules.RULES} == {case[0] for case in BROKEN}


def test_a_document_with_a_dtd_is_checked_too() -> None:
    assert nitf.check(WITH_DTD.encode()) == []


def test_what_is_no_xml_is_one_error() -> None:
    assert [each.code for each in nitf.check(b"<nitf>")] == ["xml-malformed"]


def test_the_tables_of_the_model_speak_of_elements_that_there_are() -> None:
    assert {*CHILDREN, *ORDER, *REQUIRED, *ATTRIBUTES, *NEEDED, *(name for name, _ in VALUES)} <= ELEMENTS
    assert all({part.rstrip("?*") for part in order.split()} == CHILDREN[name] for name, order in ORDER.items())


# -- beside the document --------------------------------------------------------------------------------------------------

LANTERN = Publication(identifier="x", name="The Lantern", url="https://lantern.example/")


def test_a_picture_beside_the_source_has_an_address() -> None:
    document = GOOD.replace("https://lantern.example/quay.jpg", "quay.jpg").encode()
    found = nitf.read(document, Context(publication=LANTERN, path="wire/ferry.xml"))
    assert [each.content_url for each in found.publication.articles[0].image] == ["https://lantern.example/wire/quay.jpg"]
    assert "nitf-media-missing" not in {each.code for each in found.problems}


def test_a_picture_without_address_is_told_and_keeps_its_caption() -> None:
    found = read(GOOD.replace("https://lantern.example/quay.jpg", "iJIJ"))
    assert [(each.code, each.severity, each.message) for each in found.problems[:1]] == [
        ("nitf-media-missing", Severity.WARNING, "a picture or recording has no address: 'iJIJ'")
    ]
    assert [(each.content_url, each.caption) for each in found.publication.articles[0].image] == [(None, "The quay")]


def test_a_moment_without_zone_is_in_that_of_the_publication() -> None:
    document = GOOD.replace('norm="20261024T080000Z"', 'norm="20261024T080000"').encode()
    found = nitf.read(document, Context(time_zone=ZoneInfo("Europe/Berlin"))).publication.articles[0]
    assert found.date_published == datetime(2026, 10, 24, 6, tzinfo=UTC)

"""NewsML-G2: what items say, which pictures belong to which text, what the IPTC's own reader makes of ours, and every rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from lxml import etree
from NewsMLG2.document import NewsMLG2Document

from publisher import formats
from publisher.article import Article, Image, Link, Media, Organization, Person, Place, Publication
from publisher.formats import Context, Reading, newsml
from publisher.problems import Severity, Unreadable
from tests import strategies

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
NAMESPACE = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
ITEM = f"""<newsItem {NAMESPACE} guid="urn:newsml:wire.example:20261024:ferry" version="3" standard="NewsML-G2" standardversion="2.34"
    conformance="power" xml:lang="en-GB">
  <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
  <rightsInfo>
    <copyrightHolder uri="https://wire.example/"><name>The Wire</name></copyrightHolder>
    <copyrightNotice>© 2026 The Wire</copyrightNotice>
    <usageTerms href="https://wire.example/terms">Not for use at sea</usageTerms>
  </rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider uri="https://wire.example/"><name>The Wire News Agency</name></provider>
    <versionCreated>2026-10-25T09:30:00Z</versionCreated>
    <firstCreated>2026-10-24T08:00:00Z</firstCreated>
    <pubStatus qcode="stat:usable"/>
    <edNote>Updates.</edNote>
    <link rel="irel:seeAlso" href="https://wire.example/bells.html" title="Bells"/>
    <link rel="irel:isDescribedBy" residref="urn:newsml:wire.example:20261024:quay"/>
  </itemMeta>
  <contentMeta>
    <contentCreated>2026-10-24T07:00:00Z</contentCreated>
    <located qcode="city:345"><name>Ellery Quay</name></located>
    <creator role="crol:writer"><name>Ines Calloway</name></creator>
    <creator type="cpnat:organisation"><name>Northlight</name></creator>
    <contributor role="ctrol:editor"><name>Judith Amory</name></contributor>
    <language tag="en"/>
    <genre qcode="genre:Analysis"><name>Analysis</name></genre>
    <subject type="cpnat:abstract" qcode="medtop:20000523"><name xml:lang="en">shipping</name></subject>
    <slugline>FERRY</slugline>
    <headline>The ferry’s last trip</headline>
    <headline role="hldrol:subheadline">It sailed in fog</headline>
    <dateline>ELLERY QUAY, Oct 24</dateline>
    <description role="drol:caption">x</description>
    <description role="drol:summary">It sailed.</description>
  </contentMeta>
  <contentSet>
    <inlineXML contenttype="application/xhtml+xml">
      <html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>It <em>sailed</em>.</p></body></html>
    </inlineXML>
  </contentSet>
</newsItem>"""
PICTURE = f"""<newsItem {NAMESPACE} guid="urn:newsml:wire.example:20261024:quay" version="1" standard="NewsML-G2" standardversion="2.34" conformance="power">
  <catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>
  <itemMeta><itemClass qcode="ninat:picture"/><provider qcode="nprov:WIRE"/><versionCreated>2026-10-24T08:00:00Z</versionCreated></itemMeta>
  <contentMeta><creator><name>Tobias Wren</name></creator><headline>Quay</headline>
    <description role="drol:caption">The quay</description></contentMeta>
  <contentSet>
    <remoteContent href="https://wire.example/thumb.jpg" contenttype="image/jpeg" width="80" height="60"/>
    <remoteContent href="https://wire.example/high.jpg" contenttype="image/jpeg" width="1500" height="1001" size="346071"/>
  </contentSet>
</newsItem>"""
QUAY = Image(
    content_url="https://wire.example/high.jpg",
    encoding_format="image/jpeg",
    width=1500,
    height=1001,
    content_size=346071,
    caption="The quay",
    credit_text="Tobias Wren",
)
NITF = """<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head>
  <hedline><hl1>Preview</hl1></hedline><byline><byttl>Sports Network</byttl></byline><abstract><p>A pair of teams.</p></abstract></body.head>
  <body.content><p>They <em>play</em>.</p><hl2>Then</hl2></body.content></body></nitf></inlineXML>"""
PACKAGE = f"""<packageItem {NAMESPACE} guid="urn:p" version="1" standard="NewsML-G2" standardversion="2.34" conformance="power">
  <itemMeta><itemClass qcode="ninat:composite"/><provider qcode="nprov:WIRE"/><versionCreated>2026-10-24T08:00:00Z</versionCreated></itemMeta>
  <groupSet root="G1"><group id="G1" role="group:main">
    <itemRef residref="urn:newsml:wire.example:20261024:ferry"><title>Ferry</title></itemRef>
    <itemRef residref="urn:newsml:wire.example:20261024:quay"><title>Quay</title></itemRef>
  </group></groupSet></packageItem>"""


def message(*items: str) -> str:
    header = "<header><sent>2026-10-25T10:00:00Z</sent></header>"
    return f"<newsMessage {NAMESPACE}>{header}<itemSet>{''.join(items)}</itemSet></newsMessage>"


def read(document: str = ITEM) -> Reading:
    return newsml.read(document.encode())


def article(document: str = ITEM) -> Article:
    return read(document).publication.articles[0]


def with_content(content: str) -> str:
    start, end = ITEM.index("<contentSet>"), ITEM.index("</contentSet>")
    return f"{ITEM[:start]}<contentSet>{content}{ITEM[end:]}"


# -- reading --------------------------------------------------------------------------------------------------------------


def test_a_news_item_is_an_article() -> None:
    assert article() == Article(
        identifier="urn:newsml:wire.example:20261024:ferry",
        headline="The ferry’s last trip",
        type="AnalysisNewsArticle",
        alternative_headline="It sailed in fog",
        description="It sailed.",
        body="<p>It <em>sailed</em>.</p>",
        keywords=("shipping",),
        dateline="ELLERY QUAY, Oct 24",
        content_location=(Place(name="Ellery Quay"),),
        in_language="en",
        date_published=datetime(2026, 10, 24, 7, tzinfo=UTC),
        date_modified=datetime(2026, 10, 25, 9, 30, tzinfo=UTC),
        author=(Person(name="Ines Calloway"), Organization(name="Northlight")),
        editor=(Person(name="Judith Amory"),),
        publisher=Organization(name="The Wire News Agency", url="https://wire.example/"),
        citation=(Link(url="https://wire.example/bells.html", name="Bells"),),
        copyright_notice="© 2026 The Wire",
        copyright_holder=Organization(name="The Wire", url="https://wire.example/"),
        license="https://wire.example/terms",
    )


def test_who_provides_an_item_is_what_it_appears_in() -> None:
    assert (read().publication.name, read().publication.url) == ("The Wire News Agency", "https://wire.example/")


def test_a_text_in_nitf_says_what_the_item_does_not() -> None:
    meta = ITEM[ITEM.index("<creator") : ITEM.index("<language")]
    found = article(with_content(NITF).replace(meta, "").replace('<description role="drol:summary">It sailed.</description>', ""))
    assert found.body == "<p>They <em>play</em>.</p><h2>Then</h2>"
    assert found.headline == "The ferry’s last trip"
    assert [each.name for each in found.author] == ["Sports Network"]


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('<inlineData contenttype="text/plain">One.\n\nTwo &amp; three.</inlineData>', "<p>One.</p><p>Two &amp; three.</p>"),
        ('<inlineData contenttype="text/html">&lt;p&gt;One.&lt;/p&gt;</inlineData>', "<p>One.</p>"),
        ('<inlineData contenttype="text/plain" encoding="encd:base64">T25l</inlineData>', ""),
        ('<inlineXML contenttype="application/xml"><x xmlns="urn:x"><y>One.</y></x></inlineXML>', "<p>One.</p>"),
        ("", ""),
    ],
)
def test_a_text_may_be_in_several_forms(content: str, body: str) -> None:
    assert article(with_content(content)).body == body


def test_a_text_in_nitf_needs_no_namespace_of_its_own() -> None:
    assert (
        article(with_content(NITF.replace(' xmlns="http://iptc.org/std/NITF/2006-10-18/"', ""))).body
        == "<p>They <em>play</em>.</p><h2>Then</h2>"
    )


def test_a_header_with_the_headline_is_no_part_of_the_text() -> None:
    header = "<header><ul><li>Shipping</li></ul><h1>The ferry’s last trip</h1></header>"
    assert article(ITEM.replace("<body>", f"<body>{header}")).body == "<p>It <em>sailed</em>.</p>"


def test_paragraphs_in_plain_text_are_paragraphs() -> None:
    assert article(with_content('<inlineData contenttype="text/plain"><![CDATA[\n<p>One.</p>]]></inlineData>')).body == "<p>One.</p>"


def test_a_category_is_a_section() -> None:
    category = '<subject qcode="cat:h" type="type:category"><name>Harbour</name></subject><slugline>'
    found = article(ITEM.replace("<slugline>", category))
    assert (found.article_section, found.keywords) == ("Harbour", ("shipping",))


def test_where_a_place_is_may_be_said_elsewhere() -> None:
    place = '<subject literal="L1" type="cpnat:poi"><name>The Quay</name></subject><slugline>'
    position = '</contentMeta><assert literal="L1"><POIDetails><position latitude="54.5" longitude="-1.2"/></POIDetails></assert>'
    found = article(ITEM.replace("<slugline>", place).replace("</contentMeta>", position))
    assert found.content_location == (Place(name="The Quay", latitude=54.5, longitude=-1.2),)


@pytest.mark.parametrize("role", ["hld:subHeadline", "hldrol:subheadline"])
def test_a_headline_may_be_the_second(role: str) -> None:
    assert article(ITEM.replace("hldrol:subheadline", role)).alternative_headline == "It sailed in fog"


def test_moments_are_written_in_several_ways() -> None:
    for moment in ("2026-10-25 09:30:00", "2026-10-25T10:30:00+0100"):
        assert article(ITEM.replace("2026-10-25T09:30:00Z", moment)).date_modified == datetime(2026, 10, 25, 9, 30, tzinfo=UTC)


def test_a_picture_that_a_text_links_to_is_in_its_article() -> None:
    found = read(message(ITEM, PICTURE)).publication.articles
    assert [(each.headline, each.image) for each in found] == [("The ferry’s last trip", (QUAY,))]


def test_a_picture_in_a_package_with_a_text_is_in_its_article() -> None:
    alone = ITEM.replace('<link rel="irel:isDescribedBy" residref="urn:newsml:wire.example:20261024:quay"/>', "")
    assert [each.image for each in read(message(alone, PICTURE)).publication.articles] == [(), (QUAY,)]
    assert [each.image for each in read(message(alone, PICTURE, PACKAGE)).publication.articles] == [(QUAY,)]


def test_a_picture_alone_is_an_article_with_it() -> None:
    found = article(PICTURE)
    assert (found.headline, found.image, found.body) == ("Quay", (QUAY,), "")


def test_items_without_guid_are_articles_all_the_same() -> None:
    bare = (each.replace("guid=", "x=") for each in (ITEM, PICTURE))
    found = read(message(*bare)).publication.articles
    assert [each.headline for each in found] == ["The ferry’s last trip", "Quay"]
    assert len({each.identifier for each in found}) == 2


def test_a_film_alone_is_an_article_with_it() -> None:
    film = PICTURE.replace("ninat:picture", "ninat:video").replace('size="346071"', 'duration="18" durationunit="timeunit:seconds"')
    (media,) = article(film.replace("image/jpeg", "video/mp4")).associated_media
    assert media == Media(
        content_url="https://wire.example/high.jpg",
        type="VideoObject",
        encoding_format="video/mp4",
        duration=18,
        name="Quay",
        description="The quay",
        credit_text="Tobias Wren",
    )


def test_a_picture_beside_the_source_has_an_address() -> None:
    lantern = Publication(identifier="x", name="The Lantern", url="https://lantern.example/")
    document = PICTURE.replace("https://wire.example/high.jpg", "./high.jpg").encode()
    (found,) = newsml.read(document, Context(publication=lantern, path="wire/quay.xml")).publication.articles
    assert [each.content_url for each in found.image] == ["https://lantern.example/wire/high.jpg"]


def test_a_moment_without_zone_is_in_that_of_the_publication() -> None:
    document = ITEM.replace("2026-10-25T09:30:00Z", "2026-10-25T09:30:00").encode()
    found = newsml.read(document, Context(time_zone=ZoneInfo("Europe/Athens"))).publication.articles[0]
    assert found.date_modified == datetime(2026, 10, 25, 7, 30, tzinfo=UTC)


def test_a_withheld_item_is_a_draft() -> None:
    withheld = ITEM.replace("stat:usable", "stat:withheld")
    assert read(withheld).draft
    assert read(message(withheld, ITEM.replace(":ferry", ":tram"))).drafts == {"urn:newsml:wire.example:20261024:ferry"}


def test_what_an_article_has_no_place_for_is_told_once() -> None:
    (found,) = read(message(ITEM, ITEM.replace(":ferry", ":tram"))).problems
    assert (found.code, found.severity) == ("newsml-left-out", Severity.INFO)
    assert found.message == "the article has no place for edNote (2 times), slugline (2 times)"


def test_a_package_alone_only_names_its_items() -> None:
    with pytest.raises(Unreadable) as error:
        read(PACKAGE)
    (found,) = error.value.problems
    assert (found.code, found.hint) == ("newsml-no-news-item", "read the items that it names: Ferry, Quay")


@pytest.mark.parametrize("name", ["conceptItem", "knowledgeItem", "planningItem", "catalogItem", "newsMessage"])
def test_other_items_hold_no_articles(name: str) -> None:
    with pytest.raises(Unreadable) as error:
        read(f"<{name} {NAMESPACE}/>")
    assert [each.code for each in error.value.problems] == ["newsml-no-news-item"]


def test_newsml_1_is_told_apart() -> None:
    document = '<?xml version="1.0"?><NewsML><NewsItem><NewsComponent/></NewsItem></NewsML>'
    assert formats.detect(document.encode(), "a.xml").NAME == "newsml"
    with pytest.raises(Unreadable, match="this is NewsML 1"):
        read(document)
    assert [each.code for each in newsml.check(document.encode())] == ["newsml-namespace-wrong"]


def test_newsml_is_recognized_by_its_root() -> None:
    for document in (ITEM, PACKAGE, message(ITEM), f"<n:newsItem {NAMESPACE.replace('xmlns', 'xmlns:n')}/>"):
        assert formats.detect(document.encode(), "a.xml").NAME == "newsml"
    assert not newsml.recognizes(b"<p>On <newsItem>.</p>", "a.xml")


# -- writing --------------------------------------------------------------------------------------------------------------

WRITTEN = Publication(
    identifier="x",
    name="The Lantern",
    url="https://lantern.example/",
    articles=(Article(identifier="a b", headline="Ferry", body="<p>x</p>", date_published=date(2026, 10, 24)),),
)


def unknown(ours: etree._Element, theirs: Any, path: str = "") -> Iterator[str]:
    """Yield what the IPTC's own reader of NewsML-G2 knows no property for, and what comes in another order than it has them."""
    known = {each["xml_name"]: each for _, each in theirs._element_definitions}
    attributes = {each.get("xml_name") for each in theirs._attribute_definitions.values()}
    yield from (f"{path}@{name!s}" for name in map(str, ours.attrib) if name not in attributes)
    for child in ours:
        name = str(child.tag).removeprefix(NAR)
        if name in known:
            yield from unknown(child, theirs.get_element_class(known[name]["element_class"])(xmlelement=child), f"{path}/{name}")
        elif getattr(theirs, "xsAny", None) not in (("any",) if str(child.tag).startswith(NAR) else ("any", "other")):
            yield f"{path}/{name}"
    order = [list(known).index(name) for each in ours if (name := str(each.tag).removeprefix(NAR)) in known]
    if path in ("", "/itemMeta") and order != sorted(order):
        yield f"{path} order"


@strategies.FEWER
@given(strategies.publications(least=1, most=1))
def test_the_own_reader_of_the_iptc_knows_everything_that_is_written(publication: Publication) -> None:
    body = newsml.write(publication)
    item = NewsMLG2Document(body).get_item()
    assert list(unknown(etree.fromstring(body), item)) == []
    assert str(item.itemmeta.itemclass.qcode) == "ninat:text"


@given(strategies.publications(least=1, most=1))
def test_what_is_written_breaks_no_rule(publication: Publication) -> None:
    assert newsml.check(newsml.write(publication)) == []


def test_a_day_is_a_day_where_the_schema_takes_one() -> None:
    root = etree.fromstring(newsml.write(WRITTEN))
    assert root.findtext(f".//{NAR}contentCreated") == "2026-10-24"
    assert root.findtext(f".//{NAR}firstCreated") == "2026-10-24T00:00:00+00:00"
    assert newsml.read(newsml.write(WRITTEN)).publication == WRITTEN


def test_an_identifier_that_is_no_uri_becomes_one_and_comes_back() -> None:
    body = newsml.write(WRITTEN)
    assert etree.fromstring(body).get("guid") == "https://lantern.example/#a%20b"
    assert newsml.read(body).publication.articles[0].identifier == "a b"


def test_an_article_without_date_has_the_first_moment_as_its_version() -> None:
    undated = replace(WRITTEN, articles=(replace(WRITTEN.articles[0], date_published=None),))
    assert b"<versionCreated>1970-01-01T00:00:00+00:00</versionCreated>" in newsml.write(undated)
    assert newsml.read(newsml.write(undated)).publication == undated


# -- rules ----------------------------------------------------------------------------------------------------------------

BROKEN = [
    ("newsml-namespace-wrong", "http://iptc.org/std/nar/2006-10-01/", "http://iptc.org/std/NewsML-G2/"),
    ("newsml-identity-missing", 'guid="urn:newsml:wire.example:20261024:ferry"', ""),
    ("newsml-identity-missing", 'standardversion="2.34"', ""),
    ("newsml-guid-malformed", "urn:newsml:wire.example:20261024:ferry", "ferry"),
    ("newsml-version-malformed", 'version="3"', 'version="3.1"'),
    ("newsml-conformance-core", 'conformance="power"', ""),
    ("newsml-management-missing", '<provider uri="https://wire.example/"><name>The Wire News Agency</name></provider>', ""),
    ("newsml-management-missing", ITEM[ITEM.index("<itemMeta>") : ITEM.index("<contentMeta>")], ""),
    ("newsml-element-misplaced", "<edNote>Updates.</edNote>", "<edNote>Updates.</edNote><headline>x</headline>"),
    ("newsml-order-wrong", "<edNote>Updates.</edNote>", "<edNote>Updates.</edNote><title>x</title>"),
    ("newsml-order-wrong", '<language tag="en"/>', '<language tag="en"/><creator><name>x</name></creator>'),
    ("newsml-element-repeated", "<pubStatus", '<pubStatus qcode="stat:usable"/><pubStatus'),
    ("newsml-date-malformed", "<versionCreated>2026-10-25T09:30:00Z", "<versionCreated>2026-10-25"),
    ("newsml-date-malformed", "2026-10-24T07:00:00Z", "24 October 2026"),
    ("newsml-date-without-zone", "2026-10-24T08:00:00Z", "2026-10-24T08:00:00"),
    ("newsml-code-malformed", 'qcode="stat:usable"', 'qcode="usable"'),
    ("newsml-catalog-missing", '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>', ""),
    ("newsml-content-type-missing", ' contenttype="application/xhtml+xml"', ""),
    ("newsml-content-missing", ITEM[ITEM.index("<contentSet>") : ITEM.index("</newsItem>")], ""),
    (
        "newsml-headline-missing",
        "<headline>The ferry’s last trip</headline>",
        "",
        '<headline role="hldrol:subheadline">It sailed in fog</headline>',
        "",
    ),
    ("newsml-language-malformed", '<language tag="en"/>', '<language tag="English"/>'),
]


@pytest.mark.parametrize("document", [ITEM, PICTURE, message(ITEM, PICTURE)])
def test_a_good_document_has_no_problem(document: str) -> None:
    assert newsml.check(document.encode()) == []


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case[0])
def test_a_failing_case_breaks_its_rule_and_no_other(case: tuple[str, ...]) -> None:
    code, *changes = case
    document = ITEM
    for old, new in zip(changes[::2], changes[1::2], strict=True):
        assert old in document
        document = document.replace(old, new)
    problems = newsml.check(document.encode())
    assert {each.code for each in problems} == {code}
    assert all(each.hint and each.location.line for each in problems)


def test_every_rule_has_a_failing_case() -> None:
    assert {each.code for each in newsml.rules.RULES} == {case[0] for case in BROKEN}


def test_a_catalog_may_be_in_the_header_of_a_message() -> None:
    catalog = '<catalogRef href="http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_38.xml"/>'
    bare = message(ITEM.replace(catalog, ""))
    assert [each.code for each in newsml.check(bare.encode())] == ["newsml-catalog-missing"]
    assert newsml.check(bare.replace("</header>", f"{catalog}</header>").encode()) == []


def test_what_is_no_xml_is_one_error() -> None:
    assert [each.code for each in newsml.check(b"<newsItem>")] == ["xml-malformed"]

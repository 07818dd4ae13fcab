"""Writes a NewsML-G2 news item of power conformance, with its text as XHTML."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from publisher import feeds, markup, newsroom, schema
from publisher.article import Article, Date, Image, Link, Media, Organization, Party, Publication
from publisher.feeds import XML
from publisher.formats import Target
from publisher.formats.newsml.reader import LOSSLESS, NAR, read_article
from publisher.markup import Element
from publisher.newsroom import ABOUT

VERSION = "2.35"
_CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
_XHTML = "http://www.w3.org/1999/xhtml"
_SPACES: dict[str | None, str] = {None: NAR[1:-1], "schema": ABOUT}
_PAGE_SPACES: dict[str | None, str] = {None: _XHTML}


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's one article as an indented news item in UTF-8."""
    (article,) = publication.articles
    item = etree.Element(f"{NAR}newsItem", _identity(article, publication), nsmap=_SPACES)  # type: ignore[arg-type]
    _add(item, "catalogRef", attributes={"href": _CATALOG})
    _rights(item, article)
    meta = _management(item, article, publication)
    _description(_add(item, "contentMeta"), article)
    rest = newsroom.difference(article, read_article(item), publication)
    etree.SubElement(meta, LOSSLESS).text = schema.to_text(rest, indent=None)
    _text(_add(item, "contentSet"), article)
    _indent(item)
    return etree.tostring(item, encoding="utf-8", xml_declaration=True) + b"\n"


def _identity(article: Article, publication: Publication) -> dict[str, str]:
    found = {
        "guid": newsroom.uri(article.identifier, publication),
        "version": "1",
        "standard": "NewsML-G2",
        "standardversion": VERSION,
        "conformance": "power",
    }
    tongue = article.in_language or publication.in_language
    return found | ({f"{XML}lang": tongue} if tongue else {})


def _add(parent: Element, name: str, text: str | None = None, attributes: Mapping[str, str | None] | None = None) -> Element:
    """Add an element, also one that has nothing inside."""
    element = etree.SubElement(parent, f"{NAR}{name}", {key: value for key, value in (attributes or {}).items() if value is not None})
    element.text = text
    return element


def _some(parent: Element, name: str, text: str | None, attributes: Mapping[str, str | None] | None = None) -> None:
    """Add an element when there is a text for it."""
    if text:
        _add(parent, name, text, attributes)


def _indent(item: Element) -> None:
    """Put each part on a line of its own; not what is inside texts, where white space counts."""
    for part in (item, *(each for each in item.iterdescendants(f"{NAR}*") if each.tag != f"{NAR}inlineXML")):
        if len(part):
            depth = sum(1 for _ in part.iterancestors()) + 1
            part.text = "\n" + "  " * depth
            for child in part:
                child.tail = "\n" + "  " * (depth if child.getnext() is not None else depth - 1)


def _rights(item: Element, article: Article) -> None:
    if not (article.copyright_holder or article.copyright_notice or article.license):
        return
    rights = _add(item, "rightsInfo")
    if article.copyright_holder:
        _party(rights, "copyrightHolder", article.copyright_holder)
    _some(rights, "copyrightNotice", article.copyright_notice)
    if article.license:
        _add(rights, "usageTerms", attributes={"href": article.license})


def _party(parent: Element, name: str, party: Party, attributes: Mapping[str, str | None] | None = None) -> Element:
    """Add somebody by name, with what he is and his address as identifier."""
    kind = "cpnat:organisation" if isinstance(party, Organization) else "cpnat:person"
    made = _add(parent, name, attributes={"type": kind, "uri": party.url, **(attributes or {})})
    _add(made, "name", party.name)
    for each in party.same_as:
        _add(made, "sameAs", attributes={"uri": each})
    if party.email:
        details = _add(made, "organisationDetails" if isinstance(party, Organization) else "personDetails")
        _add(_add(details, "contactInfo"), "email", party.email)
    return made


def _moment(value: Date | None) -> str | None:
    """Return a date as XML Schema's dateTime; a day is its first moment in UTC."""
    return schema.begin(value).isoformat() if value else None


def _management(item: Element, article: Article, publication: Publication) -> Element:
    """Add what is said of the item, in the order that the schema wants; return it."""
    meta = _add(item, "itemMeta")
    _add(meta, "itemClass", attributes={"qcode": "ninat:text"})
    provider = article.publisher or publication.publisher or Organization(name=publication.name)
    _party(meta, "provider", provider)
    _add(meta, "versionCreated", _moment(article.date_modified or article.date_published) or feeds.EPOCH.isoformat())
    _some(meta, "firstCreated", _moment(article.date_published))
    _add(meta, "pubStatus", attributes={"qcode": "stat:usable"})
    _add(meta, "generator", "Publisher")
    _add(meta, "title", article.headline)
    if article.url:
        _add(meta, "altRep", article.url, {"contenttype": "text/html"})
    _links(meta, article)
    return meta


def _links(meta: Element, article: Article) -> None:
    """Add links to what belongs to the article."""
    media: tuple[Image | Media, ...] = (*article.image, *article.associated_media)
    for medium in media:
        if medium.content_url:
            _add(meta, "link", attributes=_medium(medium))
    if article.is_based_on:
        _add(meta, "link", attributes={"rel": "irel:derivedFrom", "href": article.is_based_on})
    for each in article.citation:
        _link(meta, each, {"rel": "irel:seeAlso"})
    for each in article.translations:
        _link(meta, each, {"reluri": f"{ABOUT}workTranslation"})


def _link(meta: Element, link: Link, relation: Mapping[str, str]) -> None:
    """Add a link to another text, when it leads somewhere."""
    if link.url:
        made = _add(meta, "link", attributes={**relation, "href": link.url, "title": link.name})
        if link.in_language:
            _add(made, "language", attributes={"tag": link.in_language})


def _medium(medium: Image | Media) -> dict[str, str | None]:
    return {
        "reluri": f"{ABOUT}image" if isinstance(medium, Image) else f"{ABOUT}associatedMedia",
        "href": medium.content_url,
        "contenttype": medium.encoding_format,
        "size": str(medium.content_size) if medium.content_size is not None else None,
        "title": medium.caption if isinstance(medium, Image) else medium.name,
    }


def _description(meta: Element, article: Article) -> None:
    """Add what is said of the content, in the order that the schema wants."""
    for name, value in (("contentCreated", article.date_published), ("contentModified", article.date_modified)):
        _some(meta, name, value.isoformat() if value else None)  # these may be days
    for author in article.author:
        _party(meta, "creator", author)
    for editor in article.editor:
        _party(meta, "contributor", editor, {"roleuri": f"{ABOUT}editor"})
    for contributor in article.contributor:
        _party(meta, "contributor", contributor)
    if article.in_language:
        _add(meta, "language", attributes={"tag": article.in_language})
    if article.type != "NewsArticle":
        _add(_add(meta, "genre", attributes={"uri": f"{ABOUT}{article.type}"}), "name", article.type)
    for word in article.keywords:
        _add(meta, "keyword", word)
    if article.article_section:
        _add(_add(meta, "subject", attributes={"typeuri": f"{ABOUT}articleSection"}), "name", article.article_section)
    for place in article.content_location:
        _add(_add(meta, "subject", attributes={"type": "cpnat:geoArea"}), "name", place.name)
    _add(meta, "headline", article.headline)
    _some(meta, "headline", article.alternative_headline, {"roleuri": f"{ABOUT}alternativeHeadline"})
    _some(meta, "dateline", article.dateline)
    _some(meta, "by", newsroom.by(each.name for each in article.author))
    _some(meta, "description", article.description, {"role": "drol:summary"})


def _text(content: Element, article: Article) -> None:
    """Add the text as a page of XHTML."""
    inline = _add(content, "inlineXML", attributes={"contenttype": "application/xhtml+xml"})
    page = etree.SubElement(inline, f"{{{_XHTML}}}html", nsmap=_PAGE_SPACES)  # type: ignore[arg-type]
    if article.in_language:
        page.set(f"{XML}lang", article.in_language)
    etree.SubElement(etree.SubElement(page, f"{{{_XHTML}}}head"), f"{{{_XHTML}}}title").text = article.headline
    page.append(markup.parse_xml(f'<body xmlns="{_XHTML}">{article.body}</body>'.encode()))

"""Writes NITF 3.6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from lxml import etree

from publisher import nitftext, schema
from publisher.article import Article, Date, Image, Media, Organization, Party, Publication
from publisher.feeds import add
from publisher.formats import Target
from publisher.formats.nitf import content
from publisher.formats.nitf.content import NITF
from publisher.formats.nitf.reader import LOSSLESS
from publisher.markup import Element
from publisher.newsroom import difference

VERSION = "-//IPTC//DTD NITF 3.6//EN"
_SPACES: dict[str | None, str] = {None: NITF[1:-1]}
_KINDS = {"AudioObject": "audio", "VideoObject": "video"}


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's one article as an indented document in UTF-8."""
    (article,) = publication.articles
    root = etree.Element(f"{NITF}nitf", {"version": VERSION}, nsmap=_SPACES)  # type: ignore[arg-type]
    if article.in_language:
        root.set("baselang", article.in_language)
    head = etree.SubElement(root, f"{NITF}head")
    title = _add(head, "title", article.headline)
    _data(head, article, publication)
    body = etree.SubElement(root, f"{NITF}body")
    _opening(etree.SubElement(body, f"{NITF}body.head"), article)
    content.add(body, article.body)
    _pictures(body[-1], article)
    rest = schema.to_text(difference(article, nitftext.article(root), publication), indent=None)
    metas = ({"name": "generator", "content": "Publisher"}, {"name": LOSSLESS, "content": rest})
    for meta in reversed(metas):
        title.addnext(etree.Element(f"{NITF}meta", meta))
    _indent(root)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _indent(root: Element) -> None:
    """Put each part on a line of its own; not what is inside texts, where white space counts."""
    for part in (root, *root.iterfind("*"), *root.iterfind(f"{NITF}head//*"), *root.iterfind(f"{NITF}body/*")):
        if len(part) and part.tag != f"{NITF}title":
            depth = sum(1 for _ in part.iterancestors()) + 1
            part.text = "\n" + "  " * depth
            for child in part:
                child.tail = "\n" + "  " * (depth if child.getnext() is not None else depth - 1)


def _add(parent: Element, name: str, text: str | None, attributes: Mapping[str, str | None] | None = None) -> Element:
    """Add an element, also one that has nothing inside."""
    present = {key: value for key, value in (attributes or {}).items() if value is not None}
    element = etree.SubElement(parent, f"{NITF}{name}", present)
    element.text = text
    return element


def _data(head: Element, article: Article, publication: Publication) -> None:
    """Add what is said of the document: its subject, identifier, dates, rights, keywords, publication, revisions."""
    if kind := nitftext.PROPERTIES.get(article.type):
        _add(_add(head, "tobject", None), "tobject.property", None, {"tobject.property.type": kind})
    data = _add(head, "docdata", None, {"management-status": "usable"})
    for each in article.corrections:
        _add(data, "correction", None, {"info": each.text})
    for place in article.content_location:
        _add(data, "evloc", None, {"city": place.name})
    _add(data, "doc-id", None, {"id-string": article.identifier})
    add(data, f"{NITF}date.issue", attributes={"norm": _norm(article.date_published)})
    holder, year = article.copyright_holder, article.copyright_year
    add(data, f"{NITF}doc.copyright", attributes={"holder": holder.name if holder else None, "year": f"{year:04}" if year else None})
    if article.keywords:
        keys = _add(data, "key-list", None)
        for word in article.keywords:
            _add(keys, "keyword", None, {"key": word})
    appeared = {"type": "web", "name": publication.name, "position.section": article.article_section, "ex-ref": article.url}
    _add(head, "pubdata", None, appeared)
    for party, function in (*((each, "editor") for each in article.editor), *((each, "other") for each in article.contributor)):
        _add(head, "revision-history", None, {"name": party.name, "function": function})
    add(head, f"{NITF}revision-history", attributes={"norm": _norm(article.date_modified)})


def _norm(value: Date | None) -> str | None:
    """Return a date in the basic format of ISO 8601."""
    if not isinstance(value, datetime):
        return value.isoformat().replace("-", "") if value else None
    day, _, rest = value.isoformat().partition("T")
    return f"{day.replace('-', '')}T{rest.replace(':', '').replace('+0000', 'Z')}"


def _opening(head: Element, article: Article) -> None:
    """Add what stands above the text, in the order that NITF wants."""
    headlines = _add(head, "hedline", None)
    _add(headlines, "hl1", article.headline)
    add(headlines, f"{NITF}hl2", article.alternative_headline)
    add(head, f"{NITF}rights", article.copyright_notice)
    for author in article.author:
        _byline(_add(head, "byline", None), author)
    if article.publisher:
        _add(_add(head, "distributor", None), "org", article.publisher.name)
    if article.dateline:
        _add(_add(head, "dateline", None), "location", article.dateline)
    if article.description:
        _add(_add(head, "abstract", None), "p", article.description)


def _byline(byline: Element, author: Party) -> None:
    if isinstance(author, Organization):
        _add(_add(byline, "byttl", None), "org", author.name)
    else:
        _add(byline, "person", author.name)


def _pictures(contents: Element, article: Article) -> None:
    """Put the article's own pictures and recordings in front of its text."""
    media: Iterable[Image | Media] = (*article.image, *article.associated_media)
    for number, each in enumerate(each for each in media if each.content_url):
        contents.insert(number, _medium(each))


def _medium(medium: Image | Media) -> Element:
    image, recording = (medium, None) if isinstance(medium, Image) else (None, medium)
    kind = "image" if image else _KINDS.get(medium.type, "other") if isinstance(medium, Media) else ""
    made = etree.Element(f"{NITF}media", {"class": nitftext.MAIN_PICTURE if image else nitftext.MAIN_RECORDING, "media-type": kind})
    seconds = str(recording.duration) if recording and recording.duration is not None else None
    facts = {
        "source": medium.content_url,
        "name": recording.name if recording else None,
        "mime-type": medium.encoding_format,
        "time": seconds,
        "time-unit-of-measure": "seconds" if seconds else None,
        "alternate-text": image.description if image else None,
        "height": str(image.height) if image and image.height is not None else None,
        "width": str(image.width) if image and image.width is not None else None,
    }
    _add(made, "media-reference", None, facts)
    add(made, f"{NITF}media-caption", image.caption if image else recording.description if recording else None)
    add(made, f"{NITF}media-producer", medium.credit_text)
    return made

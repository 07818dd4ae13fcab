"""NITF as text: what its elements are in HTML, for the body of an article, and what its head says of it.

NITF 3.2 to 3.6 (https://iptc.org/standards/nitf/, read 2026-11-26), with or without namespace. NewsML-G2 and ninjs have it inside them.
Elements that mark what a word is (`person`, `location`, `money`, …) become their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy

from lxml import etree

from publisher import bylines, feeds, markup
from publisher.article import Article, Correction, Date, Image, Media, Organization, Party, Person, Place
from publisher.cleaner import local_name
from publisher.feedrules.repair import date_of
from publisher.markup import Element
from publisher.newsroom import fingerprint, named
from publisher.problems import Unreadable
from publisher.text import language, line, media_type, url

__all__ = [
    "CLASSES",
    "DIRECTION",
    "INLINE",
    "INSIDE",
    "MAIN_PICTURE",
    "MAIN_RECORDING",
    "PROPERTIES",
    "article",
    "body",
    "contents",
    "left_out",
    "plain",
]

INLINE = frozenset("strong i b u s small mark cite abbr dfn code kbd samp var sub sup span bdi bdo del ins ruby rt".split())
"""Elements of HTML that NITF has none for: there an `em` with the name as its class."""
CLASSES = frozenset(("h3", "h4", "h5", "h6"))
"""Classes of `hl2` that say which heading it is; without one it is an `h2`."""
DIRECTION = "dir-"
"""Beginning of the class that says in which direction a text is written."""
MAIN_PICTURE, MAIN_RECORDING, INSIDE = "image", "associatedMedia", "figure"
"""Classes of our `media`: schema.org's words for those of the article, and another for those in its text."""
PROPERTIES = {"AnalysisNewsArticle": "Analysis", "BackgroundNewsArticle": "Background", "OpinionNewsArticle": "Opinion"}
"""Kinds of articles in the words of `tobject.property.type` (http://cv.iptc.org/newscodes/subjectqualifier/ had them, too)."""

_RENAMED = {
    **dict.fromkeys(("person", "org", "location", "event", "function", "money", "num", "object.title", "pronounce"), "span"),
    **dict.fromkeys(("virtloc", "classifier", "copyrite", "postaddr", "frac", "numer", "denom", "frac-sep", "addressee", "lang"), "span"),
    **dict.fromkeys(("fn", "block", "body.content", "abstract", "nitf-table", "content"), "div"),
    **dict.fromkeys(("datasource", "credit", "byline", "dateline", "custom-table"), "p"),
    "media-caption": "figcaption",
    "media": "figure",
    "hl1": "h2",
}
_GONE = frozenset("media-metadata media-object nitf-table-metadata table-reference tobject key-list alt-code".split())
_KINDS = {"photo": "image", "picture": "image", "graphic": "image"}
_PLAYERS = {"audio": "audio", "video": "video"}
_CARRIED = frozenset(
    "title meta tobject docdata pubdata revision-history date.issue date.release doc-id du-key doc.copyright key-list keyword evloc "
    "correction tobject.property".split()
)
"""What the model has of the head, and containers of it."""
_TEXTS = frozenset("p hl2 table ul ol dl bq pre".split())
_NORM = re.compile(r"(\d{8})(?:T(\d{4})(\d\d)?(Z|[+-]\d{4})?)?")


# -- bodies ---------------------------------------------------------------------------------------------------------------


def body(source: str, repaired: feeds.Repaired, base: str = "") -> str:
    """Return the body that NITF text holds, as a document or a part of one; what is no XML is plain text."""
    try:
        root = feeds.parse_foreign(source.encode(errors="replace"))
    except Unreadable:
        return markup.from_text(markup.to_text(markup.clean(source)))
    return repaired.body(contents(root), base)


def contents(root: Element) -> Element:
    """Return an HTML element with what the contents of a NITF document say; the document stays as it is."""
    whole = markup.parse_xml(b"<div/>")
    for each in _outermost(root) or [root]:
        whole.append(deepcopy(each))
    for repeated in (*_lead([whole]), *_repeated(whole)):
        markup.take_out(repeated)
    for element in list(whole.iterdescendants("*")):
        _as_html(element)
    return whole


def _outermost(root: Element) -> list[Element]:
    """Return the contents of a document that are in no others, as those of notes are."""
    found: list[Element] = []
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end"), tag="{*}body.content"):
        found += [element] if event == "start" and not depth else []
        depth += 1 if event == "start" else -1
    return found


def _repeated(whole: Element) -> list[Element]:
    """Return blocks whose paragraphs are those with which the next block begins: some archives have the lead twice."""
    found = []
    for block in whole.iterfind("{*}body.content/{*}block"):
        after = block.getnext()
        said = [plain(each) for each in block.iterfind("{*}p")]
        if said and after is not None and local_name(after) == "block" and len(block) == len(said):
            found += [block] if [plain(each) for each in after.iterfind("{*}p")][: len(said)] == said else []
    return found


def _as_html(element: Element) -> None:
    """Give an element the name and the attributes that it has in HTML."""
    name = local_name(element)
    for kind in _classes(element):
        if kind.startswith(DIRECTION):
            element.set("dir", kind.removeprefix(DIRECTION))
    if name in _GONE:
        markup.take_out(element)
    elif change := _CHANGES.get(name):
        change(element)
    else:
        element.tag = _RENAMED.get(name, name)


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _heading(element: Element) -> None:
    element.tag = next((kind for kind in _classes(element) if kind in CLASSES), "h2")


def _emphasis(element: Element) -> None:
    element.tag = next((kind for kind in _classes(element) if kind in INLINE), "em")


def _preformatted(element: Element) -> None:
    """Make code of `pre` when its class says so."""
    element.tag = "pre"
    if "code" in _classes(element):
        tongue = next((kind for kind in _classes(element) if kind.startswith("language-")), None)
        inner = element.makeelement("code", {"class": tongue} if tongue else {})
        inner.text, element.text = element.text, None
        element.insert(0, inner)


def _attribute(tag: str, old: str, new: str) -> None:
    """Register an element one of whose attributes has another name in HTML."""

    def change(element: Element) -> None:
        element.tag = tag
        if value := element.get(old):
            element.set(new, value)

    _CHANGES[{"time": "chron", "blockquote": "bq"}.get(tag, tag)] = change


def _link(element: Element) -> None:
    element.tag = "a"
    if kind := next(iter(_classes(element)), None):
        element.set("role", kind)


def _note(element: Element) -> None:
    element.tag = "div"
    if element.get("noteclass") == "end":
        element.set("role", "doc-endnotes")


def _reference(element: Element) -> None:
    """Make a picture or a player of a reference to a medium."""
    parent = element.getparent()
    kind = _kind(parent, element)
    element.tag = _PLAYERS.get(kind, "img") if kind in ("audio", "video", "image") else "span"
    element.text = None
    for old, new in (("source", "src"), ("alternate-text", "alt")):
        if (value := element.get(old)) is not None:
            element.set(new, value)


def _producer(element: Element) -> None:
    """Make a caption of who made a picture, in small print."""
    small = element.makeelement("small", {})
    small.text, element.text = element.text, None
    for child in list(element):
        small.append(child)
    element.append(small)
    element.tag = "figcaption"


_CHANGES = {
    "hl2": _heading,
    "em": _emphasis,
    "pre": _preformatted,
    "a": _link,
    "note": _note,
    "media-reference": _reference,
    "media-producer": _producer,
}
_attribute("time", "norm", "datetime")
_attribute("blockquote", "quote-source", "cite")
_attribute("q", "quote-source", "cite")
_attribute("ol", "seqnum", "start")


def _kind(media: Element | None, reference: Element) -> str:
    """Return what a medium is: `image`, `audio`, `video`, or something else."""
    inside = media is not None and local_name(media) in ("media", "figure")
    said = (media.get("media-type") or "").strip().lower() if media is not None and inside else ""
    return _KINDS.get(said, said) or (reference.get("mime-type") or "image").partition("/")[0]


# -- the head -------------------------------------------------------------------------------------------------------------


def article(nitf: Element, content: str = "") -> Article:
    """Return what a document says by itself; `content` is its body, which `contents` gives."""
    headline = _text(nitf, "hedline/{*}hl1") or _text(nitf, "head/{*}title") or line(markup.to_text(content)[:80])
    identifier = _value(nitf, "doc-id", "id-string") or line(nitf.get("uno")) or _value(nitf, "du-key", "key")
    pictures, recordings = _media(nitf)
    return Article(
        identifier=identifier or fingerprint(headline or "", content),
        headline=headline or identifier or "",
        type=_type(nitf),
        url=_address(nitf),
        alternative_headline=second if (second := _text(nitf, "hedline/{*}hl2")) != headline else None,
        description=_text(nitf, "body.head/{*}abstract"),
        body=content,
        article_section=_value(nitf, "pubdata", "position.section"),
        keywords=tuple(_keywords(nitf)),
        dateline=_dateline(nitf),
        content_location=tuple(Place(name=name) for each in nitf.iter("{*}evloc") if (name := _place(each))),
        in_language=language(nitf.get("baselang") or nitf.get("{http://www.w3.org/XML/1998/namespace}lang")),
        date_published=_first_date(nitf, ("date.issue", "norm"), ("date.release", "norm"), ("pubdata", "date.publication")),
        date_modified=_changed(nitf),
        author=_authors(nitf),
        editor=_revisers(nitf, "editor"),
        contributor=_revisers(nitf, "other"),
        publisher=next((Organization(name=name) for each in nitf.iter("{*}distributor") if (name := plain(each))), None),
        image=pictures,
        associated_media=recordings,
        corrections=tuple(Correction(text=text) for each in nitf.iter("{*}correction") if (text := line(each.get("info")))),
        copyright_notice=_text(nitf, "body.head/{*}rights"),
        copyright_holder=feeds.organization(_value(nitf, "doc.copyright", "holder")),
        copyright_year=_year(_value(nitf, "doc.copyright", "year")),
    )


def plain(element: Element) -> str | None:
    """Return all the text of an element on one line, with a space between its blocks."""
    between = " " if element.find(".//{*}p") is not None else ""
    return line(between.join(map(str, element.itertext())))


def _text(nitf: Element, path: str) -> str | None:
    found = nitf.find(f".//{{*}}{path}")
    return plain(found) if found is not None else None


def _value(nitf: Element, name: str, attribute: str) -> str | None:
    """Return the first such attribute of an element, wherever it is."""
    return next((found for each in nitf.iter(f"{{*}}{name}") if (found := line(each.get(attribute)))), None)


def _type(nitf: Element) -> str:
    said = {(each.get("tobject.property.type") or "").strip().lower() for each in nitf.iter("{*}tobject.property")}
    return next((kind for kind, word in PROPERTIES.items() if word.lower() in said), "NewsArticle")


def _address(nitf: Element) -> str | None:
    """Return where the page of a document is: what `pubdata` for the web refers to."""
    return next((found for each in nitf.iter("{*}pubdata") if each.get("type") == "web" and (found := url(each.get("ex-ref")))), None)


def _keywords(nitf: Element) -> Iterator[str]:
    """Yield the keywords; some write all of them into one, with commas."""
    found = [key for each in nitf.iter("{*}keyword") if (key := line(each.get("key")))]
    if not found:
        names = (line(each.get(f"tobject.subject.{part}")) for each in nitf.iter("{*}tobject.subject") for part in ("matter", "type"))
        found = list(dict.fromkeys(filter(None, names)))
    yield from (word for each in found[0].split(",") if (word := line(each))) if len(found) == 1 else found


def _dateline(nitf: Element) -> str | None:
    """Return the place that a dateline names, without its date."""
    found = nitf.find(".//{*}dateline")
    if found is None:
        return None
    place = found.find("{*}location")
    return plain(place if place is not None and plain(place) else found)


def _place(evloc: Element) -> str | None:
    names = (line(evloc.get(name)) for name in ("city", "county-dist", "state-prov", "iso-cc"))
    return line(", ".join(dict.fromkeys(filter(None, names))))


def _first_date(nitf: Element, *places: tuple[str, str]) -> Date | None:
    return next((found for name, attribute in places if (found := _date(_value(nitf, name, attribute)))), None)


def _changed(nitf: Element) -> Date | None:
    """Return the newest day or moment of the revisions."""
    found = [date for each in nitf.iter("{*}revision-history") if (date := _date(each.get("norm")))]
    return max(found, key=str, default=None)


def _date(norm: str | None) -> Date | None:
    """Return the date of a `norm` attribute: ISO 8601, mostly in its basic format (20241129T170043Z)."""
    found = _NORM.fullmatch((norm or "").strip())
    if not found:
        return date_of(norm)
    day, minutes, seconds, zone = found.groups()
    if not minutes or (not zone and minutes == "0000" and seconds in (None, "00")):
        return date_of(day)  # midnight of nowhere is how some write a day
    return date_of(f"{day}T{minutes}{seconds or '00'}{zone or ''}")


def _authors(nitf: Element) -> tuple[Party, ...]:
    every = list(nitf.iter("{*}byline"))
    shown = [each for each in every if "normal" not in (each.get("class") or "")] or every  # "Calloway, Ines" is for indexes
    found = [party for each in shown for party in _named(each)]
    return tuple({each.name.casefold(): each for each in found}.values())


def _named(byline: Element) -> Iterable[Party]:
    """Return who a byline names: those it marks as people and organizations, else whoever its words name."""
    people = [_name(each) for each in byline.iterfind("{*}person")]
    houses = [plain(each) for each in byline.iterfind("{*}byttl/{*}org")]
    marked: list[Party] = [Person(name=each) for each in people if each and bylines.parties(each)]  # "Staff Writer" is nobody
    marked += [Organization(name=each) for each in houses if each]
    if not marked and not people:
        marked += bylines.by_role(_without(byline, "byttl")).author
    return marked or bylines.by_role(" ".join(filter(None, map(plain, byline.iterfind("{*}byttl"))))).author


def _without(element: Element, name: str) -> str:
    """Return the text of an element without that in those called `name`: what somebody is, is no part of who it is."""
    inside = ((("" if local_name(each) == name else plain(each)) or "", each.tail or "") for each in element)
    return line(" ".join((element.text or "", *(text for pair in inside for text in pair)))) or ""


def _name(person: Element) -> str | None:
    """Return the name of a person without what he or she is."""
    return line(_without(person, "function"))


def _revisers(nitf: Element, function: str) -> tuple[Party, ...]:
    rows = (each for each in nitf.iter("{*}revision-history") if each.get("function") == function)
    return tuple(person for each in rows for person in named(line(each.get("name"))))


def _year(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"[0-9]{4}", text) else None


# -- media ----------------------------------------------------------------------------------------------------------------


def _lead(parts: Iterable[Element]) -> list[Element]:
    """Return the media that belong to the article and not to its text: those that say so, and those before all text that say nothing."""
    found: dict[Element, None] = {}
    begun = False
    for each in (each for part in parts for each in part.iter("*")):
        name, kind = local_name(each), each.get("class")
        if name == "media" and (kind in (MAIN_PICTURE, MAIN_RECORDING) or (not kind and not begun)):
            found[each] = None
        begun = begun or (name in _TEXTS and not any(above in found for above in each.iterancestors()))
    return list(found)


def _media(nitf: Element) -> tuple[tuple[Image, ...], tuple[Media, ...]]:
    """Return the pictures and the recordings of the article itself."""
    pictures: list[Image] = []
    recordings: list[Media] = []
    for media in _lead(_outermost(nitf)):
        for reference in media.iterfind("{*}media-reference"):
            address, kind = url(reference.get("source")), _kind(media, reference)
            if kind == "image" and (picture := _image(media, reference, address)) != Image():
                pictures.append(picture)
            elif address:
                recordings.append(_recording(media, reference, address, kind))
    return tuple(pictures), tuple(recordings)


def _image(media: Element, reference: Element, address: str | None) -> Image:
    return Image(
        content_url=address,
        encoding_format=media_type(reference.get("mime-type")) if address else None,
        width=_pixels(reference, "width"),
        height=_pixels(reference, "height"),
        caption=_of(media, "media-caption"),
        description=line(reference.get("alternate-text")),
        credit_text=_of(media, "media-producer") or line(reference.get("source-credit")),
    )


def _recording(media: Element, reference: Element, address: str, kind: str) -> Media:
    seconds = reference.get("time") if reference.get("time-unit-of-measure") in ("second", "seconds") else None
    return Media(
        content_url=address,
        type=feeds.kind_of(kind),
        encoding_format=media_type(reference.get("mime-type")),
        duration=int(seconds) if seconds and re.fullmatch(r"[0-9]{1,15}", seconds) else None,
        name=line(reference.get("name")),
        description=_of(media, "media-caption"),
        credit_text=_of(media, "media-producer") or line(reference.get("source-credit")),
    )


def _of(media: Element, name: str) -> str | None:
    found = media.find(f"{{*}}{name}")
    return plain(found) if found is not None else None


def _pixels(reference: Element, name: str) -> int | None:
    value = reference.get(name) or ""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", value) else None


def left_out(nitf: Element) -> dict[str, int]:
    """Return what a document has and an article does not: names of elements, and how often."""
    found: dict[str, int] = {}
    for each in (*nitf.iterfind("{*}head//*"), *nitf.iter("{*}media-object"), *nitf.iterfind(".//{*}body.end/*")):
        name = local_name(each)
        if name not in _CARRIED:
            found[name] = found.get(name, 0) + 1
    return found

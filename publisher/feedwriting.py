"""What RSS and Atom share when they are written: elements as text, those of modules, and the lossless element.

feedgen writes the feed, and is given what it cannot write, and the entries, as text: its tree of an entry takes four times as long (1.0.0).
An element is a line, or several with what is in it indented, spelled as lxml spells it (6.1).
Whoever writes an entry gathers the lines of its elements; `entry` and `frame` put them where they belong.
The lossless element holds just the difference to what the others keep, which each format states (`native`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from publisher import schema
from publisher.article import Article, Image, Media, Place, Publication
from publisher.channels import History
from publisher.feeds import HISTORY, MEDIUMS, TRANSLATION, is_picture, kind_of, spelled, web
from publisher.text import escape

__all__ = ["Lines", "add", "body", "enclosures", "entry", "extend", "frame", "history_namespaces", "nest", "write_history", "write_rest"]

_LIKE_HTML = re.compile(r"<|&#?\w+;")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SUSPECT = bytes(set(range(0x20)) - set(b"\t\n\r")) + b"\xed\xef"
"""Of these bytes UTF-8 has at least one where there is such a character: to look for them takes a third of the time."""

Lines = list[str]
Attributes = Mapping[str, str | None]
_REMEMBERED = 256
"""Bodies whose spelling is remembered: the same articles are mostly written as RSS and as Atom, one after the other."""


# -- elements -------------------------------------------------------------------------------------------------------------


def add(lines: Lines, name: str, text: str | None = None, attributes: Attributes | None = None) -> None:
    """Add an element with a text, attributes, or both; nothing when all of them are absent."""
    said = _said(attributes) if attributes else ""
    if text is not None:
        lines.append(f"<{name}{said}>{_text(text)}</{name}>")
    elif said:
        lines.append(f"<{name}{said}/>")


def nest(lines: Lines, name: str, inside: Lines, attributes: Attributes | None = None) -> None:
    """Add an element with others in it, and be it empty."""
    said = _said(attributes) if attributes else ""
    if inside:
        lines += [f"<{name}{said}>", *[f"  {each}" for each in inside], f"</{name}>"]
    else:
        lines.append(f"<{name}{said}/>")


def _said(attributes: Attributes) -> str:
    return "".join([f' {name}="{_value(value)}"' for name, value in attributes.items() if value is not None])


def _text(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:  # to ask takes a sixth of the time
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;") if "\r" in text else text


def _value(text: str) -> str:
    spelled = _text(text)
    if '"' in spelled or "\n" in spelled or "\t" in spelled:
        return spelled.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
    return spelled


@lru_cache(maxsize=_REMEMBERED)
def body(html: str) -> str:
    """Return a body as it is between the tags of the element that holds it."""
    return _text(spelled(html))


def frame(document: bytes, lines: Lines, *, end: str, indent: int) -> tuple[bytes, bytes]:
    """Return what stands before and after the entries of a feed: feedgen's document with our lines, indented by so many spaces, at its end.

    `end` is how the feed closes there.
    """
    head, found, _ = document.partition(end.encode())
    assert found, "feedgen closes what it opens"
    margin = "\n" + " " * indent
    return head + "".join([margin + each for each in lines]).encode(), document[len(head) :]


def entry(name: str, language: str | None, lines: Lines, *, indent: int) -> bytes:
    """Return an item or an entry, itself indented by so many spaces, as far as its lines after the first go.

    Raise `ValueError`, as lxml does, when there is a character in it that no XML may have (XML 1.0, 2.2): readers leave none in articles.
    """
    begin = f"<{name}{_said({'xml:lang': language or None})}>"
    margin = "\n" + " " * indent
    text = f"{f'{margin}  '.join([begin, *lines])}{margin}</{name}>"
    written = text.encode(errors="surrogatepass")
    if len(written.translate(None, _SUSPECT)) < len(written) and (found := _NOT_IN_XML.search(text)):
        raise ValueError(f"no XML can have {found[0]!r}")
    return written


# -- what both have -------------------------------------------------------------------------------------------------------


def write_rest(lines: Lines, value: Article | Publication, native: Article | Publication) -> None:
    """Add what `value` has beyond `native`, which is what the other lines say.

    A text is never in it, but that there is none can be: some elements are read as one.
    """
    textless = isinstance(value, Article) and not value.body
    if rest := schema.rest(value, native, leave=() if textless else ("body",)):
        name = "schema:NewsArticle" if isinstance(value, Article) else "schema:Periodical"
        add(lines, name, schema.to_text(rest, indent=None))


def write_history(lines: Lines, history: History | None, link: str) -> None:
    """Add links to the documents beside this one, and whether it is an archive or all there is (RFC 5005, 2 and 4)."""
    if not history:
        return
    for rel, href in (("current", history.current), ("prev-archive", history.older), ("next-archive", history.newer)):
        if href:
            add(lines, link, attributes={"rel": rel, "href": href})
    if history_namespaces(history):
        nest(lines, "fh:complete" if history.is_complete else "fh:archive", [])


def history_namespaces(history: History | None) -> dict[str, str]:
    """Return the namespace of RFC 5005 where its elements are used."""
    return {"fh": HISTORY[1:-1]} if history and (history.is_complete or history.current) else {}


def extend(lines: Lines, article: Article, link: str) -> None:
    """Add the module elements that are the same in an RSS item and an Atom entry; `link` is the name of Atom's links there.

    Media go last, since some readers take the first description they meet for the text.
    """
    add(lines, "dcterms:alternative", article.alternative_headline)
    for place in article.content_location[:1]:
        _place(lines, place)
    for attributes in _links(article):
        add(lines, link, attributes=attributes)
    # newsboat shows but the last of them (2.36): a sound or a film, else a picture.
    documents = [each for each in article.associated_media if not _is_seen(each)]
    for media in documents:
        _recording(lines, media)
    for number, image in enumerate(article.image):
        _image(lines, image, first=number == 0)
    for media in filter(_is_seen, article.associated_media):
        _recording(lines, media)


def enclosures(article: Article) -> Iterator[Image | Media]:
    """Yield what an item can enclose, first what readers should take that take one: sound or film, a picture, another file."""
    played = [each for each in article.associated_media if _is_played(each)]
    files = [each for each in article.associated_media if not _is_played(each)]
    media: tuple[Image | Media, ...] = (*played, *article.image, *files)
    yield from (each for each in media if web(each.content_url))


def _is_played(media: Media) -> bool:
    return media.type != "MediaObject" or kind_of(media.encoding_format) != "MediaObject"


def _is_seen(media: Media) -> bool:
    """Return whether it is a sound, a film or a picture, not another file."""
    return _is_played(media) or is_picture(media.encoding_format)


def _place(lines: Lines, place: Place) -> None:
    add(lines, "dcterms:spatial", place.name)
    if place.latitude is not None and place.longitude is not None:
        add(lines, "georss:point", f"{_degrees(place.latitude)} {_degrees(place.longitude)}")


def _degrees(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _links(article: Article) -> Iterator[Attributes]:
    if article.is_based_on:
        yield {"rel": "via", "href": article.is_based_on}
    if article.license:
        yield {"rel": "license", "href": article.license}
    for rel, links in (("related", article.citation), (TRANSLATION, article.translations)):
        for each in links:
            if each.url:
                yield {"rel": rel, "href": each.url, "hreflang": each.in_language, "title": each.name}


def _image(lines: Lines, image: Image, *, first: bool) -> None:
    attributes = {
        "url": web(image.content_url),
        "type": image.encoding_format,
        "medium": "image",
        "fileSize": _positive(image.content_size),
        "width": _positive(image.width),
        "height": _positive(image.height),
        "isDefault": "true" if first else None,
    }
    if attributes["url"]:
        nest(lines, "media:content", _described(image.description, image.caption, image.credit_text, image.license), attributes)


def _recording(lines: Lines, media: Media) -> None:
    attributes = {
        "url": web(media.content_url),
        "type": media.encoding_format,
        "medium": next((medium for medium, kind in MEDIUMS.items() if kind == media.type), None),
        "fileSize": _positive(media.content_size),
        "duration": None if media.duration is None else str(media.duration),
    }
    if attributes["url"]:
        nest(lines, "media:content", _described(media.name, media.description, media.credit_text, media.license), attributes)


def _described(title: str | None, caption: str | None, credit: str | None, license_url: str | None) -> Lines:
    lines: Lines = []
    _medium_text(lines, "media:title", title)
    _medium_text(lines, "media:description", caption)
    add(lines, "media:credit", credit)
    add(lines, "media:copyright", attributes={"url": license_url})
    return lines


def _medium_text(lines: Lines, name: str, text: str | None) -> None:
    """Add a text (Media RSS, "media:title"), as HTML when it has what feedparser and the W3C validator take for HTML anyway."""
    if text:
        kind, spelled = ("html", escape(text)) if _LIKE_HTML.search(text) else ("plain", text)
        add(lines, name, spelled, {"type": kind})


def _positive(value: int | None) -> str | None:
    return str(value) if value else None  # "0" is an error for the W3C validator: Media RSS has positive numbers only

"""What each file is: the media type that is said of it, with its charset where it has one.

Names are not enough: `feed.json` is a JSON Feed and `catalogue.json` a catalogue (OPDS 2.0), an `.xml` can be a feed, a catalogue
(OPDS 1.2), a list of feeds or a sitemap. Types are those of IANA (https://www.iana.org/assignments/media-types/, read 2026-11-27);
`text/x-opml` is what OPML 2.0 asks for and nobody has registered; `application/rss+xml` is what the RSS Advisory Board asks for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from publisher.formats import ending
from publisher.problems import PublisherError

__all__ = ["CATALOGUES", "FEEDS", "is_feed", "is_page", "is_text", "media_type"]

FEEDS = ("application/feed+json", "application/atom+xml", "application/rss+xml")
"""What feed readers subscribe to."""
CATALOGUES = ("application/opds+json", "application/atom+xml;profile=opds-catalog")
"""What e-readers subscribe to (OPDS 2.0, 4.1; OPDS 1.2, 2.2)."""
_OCTETS = "application/octet-stream"
_TYPES = dict(
    each.split()
    for each in """
        html text/html, htm text/html, xhtml application/xhtml+xml, css text/css, js text/javascript, mjs text/javascript,
        txt text/plain, md text/markdown, csv text/csv, vtt text/vtt, ics text/calendar, atom application/atom+xml,
        rss application/rss+xml, rdf application/rdf+xml, opml text/x-opml, xml application/xml, xsl application/xslt+xml,
        xslt application/xslt+xml, svg image/svg+xml, json application/json, jsonld application/ld+json,
        webmanifest application/manifest+json, wasm application/wasm, epub application/epub+zip, pdf application/pdf,
        zip application/zip, ncx application/x-dtbncx+xml, opf application/oebps-package+xml, png image/png, jpg image/jpeg,
        jpeg image/jpeg, gif image/gif, webp image/webp, avif image/avif, jxl image/jxl, ico image/vnd.microsoft.icon,
        bmp image/bmp, mp3 audio/mpeg, m4a audio/mp4, aac audio/aac, ogg audio/ogg, oga audio/ogg, opus audio/ogg, wav audio/wav,
        flac audio/flac, weba audio/webm, mp4 video/mp4, m4v video/mp4, webm video/webm, mov video/quicktime, ogv video/ogg,
        woff2 font/woff2, woff font/woff, ttf font/ttf, otf font/otf
    """.split(",")
)
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_ROOTS = {b"rss": "application/rss+xml", b"RDF": "application/rdf+xml", b"opml": "text/x-opml", b"feed": "application/atom+xml"} | {
    b"OpenSearchDescription": "application/opensearchdescription+xml"
}
_ACQUISITION = b"http://opds-spec.org/acquisition"
_OPDS = b"http://opds-spec.org/"
_CHARSET = ("text/html", "text/css", "text/javascript", "text/plain", "text/markdown", "text/csv", "text/vtt", "text/x-opml")


def media_type(path: str, body: bytes) -> str:
    """Return the media type of a file; with `charset` where the type has that parameter and the bytes are UTF-8."""
    kind = ending(path)
    found = _TYPES.get(kind, _OCTETS)
    if kind in ("xml", "atom"):
        found = _of_xml(body, found)
    elif kind == "json":
        found = _of_json(body)
    is_marked = is_text(found) and (found.startswith(_CHARSET) or "xml" in found) and not found.startswith("image/")
    return f"{found};charset=utf-8" if is_marked and ";" not in found and _is_utf_8(body) else found


def _of_xml(body: bytes, usual: str) -> str:
    root = _ROOT.search(body)
    found = _ROOTS.get(root[1], usual) if root else usual
    if found != "application/atom+xml" or _OPDS not in body:
        return found
    return f"{CATALOGUES[1]};kind={'acquisition' if _ACQUISITION in body else 'navigation'}"


def _of_json(body: bytes) -> str:
    found = _parsed(body)
    if not isinstance(found, Mapping):
        return "application/json"
    if str(found.get("version", "")).startswith("https://jsonfeed.org/version/"):
        return "application/feed+json"
    is_catalogue = "metadata" in found and "links" in found and not {"publications", "navigation", "groups"}.isdisjoint(found)
    return CATALOGUES[0] if is_catalogue else "application/json"


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError, PublisherError):
        return None


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_text(kind: str) -> bool:
    """Return whether a media type is one of texts, which become smaller when compressed."""
    bare = kind.partition(";")[0]
    return bare.startswith("text/") or bare.endswith(("+xml", "+json", "/xml", "/json")) or bare == "application/wasm"


def is_page(kind: str) -> bool:
    """Return whether a media type is that of web pages."""
    return kind.startswith("text/html")


def is_feed(kind: str) -> bool:
    """Return whether a media type is one that readers subscribe to: a feed, a catalogue or a list of feeds."""
    return kind.startswith((*FEEDS, *CATALOGUES, "text/x-opml"))

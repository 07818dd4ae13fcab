"""Readers of catalogues, each telling of one document which books it would show: Thorium's, Foliate's, The Palace Project's, KOReader's.

The first three are these readers' own code, from npm and PyPI. KOReader is written in Lua for its devices: what it does with a catalogue
is written down here anew, after `plugins/opds.koplugin/opdsparser.lua` and `opdsbrowser.lua` of 2026 (`genItemTableFromCatalog`,
`genItemTableFromCatalog2`, `getItemFromPublication`, `getSyncDownloadList`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from webpub_manifest_parser.opds2 import OPDS2FeedParserFactory  # type: ignore[import-untyped]

from publisher.judges import Refused, program
from publisher.judges.worker import Worker
from tests.judges import chromium

__all__ = ["FOLIATE", "Shown", "foliate", "koreader", "palace", "synchronized", "thorium"]

FOLIATE = Path(__file__).parent / "node_modules" / "foliate-js" / "opds.js"
Get = Callable[[str], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One book as a reader shows it; addresses are absolute."""

    title: str
    author: str
    cover: str
    thumbnail: str
    acquisitions: tuple[str, ...]
    """The first is what is loaded when one asks for the book."""


# -- Thorium --------------------------------------------------------------------------------------------------------------


def thorium(url: str, get: Get) -> list[Shown]:
    """Return what r2-opds-js finds; raise `Refused` when that is no catalogue. It asks by itself."""
    return [_of_publication(each, url) for each in _thorium().ask(url).get("publications", [])]


@cache
def _thorium() -> Worker:
    return Worker(program("node"), str(Path(__file__).with_suffix(".mjs")))


def _of_publication(found: dict[str, Any], url: str) -> Shown:
    images = {each["rel"]: urljoin(url, each["href"]) for each in found["images"]}
    return Shown(
        title=found["metadata"]["title"],
        author=found["metadata"]["author"],
        cover=images["http://opds-spec.org/image"],
        thumbnail=images["http://opds-spec.org/image/thumbnail"],
        acquisitions=tuple(urljoin(url, each["href"]) for each in found["links"] if _is_acquisition(each["rel"])),
    )


def _is_acquisition(rel: str) -> bool:
    return rel.startswith("http://opds-spec.org/acquisition")


# -- Foliate --------------------------------------------------------------------------------------------------------------

_PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Foliate</title><body><script type="module">
import {{ getFeed, isOPDSCatalog }} from "./opds.js"
const text = {text}
const feed = getFeed(new DOMParser().parseFromString(text, "application/xml"))
const known = feed.links.every(link => !link.rel.includes("self") || isOPDSCatalog(link.type))
document.body.textContent = JSON.stringify({{ known, ...feed }})
</script>"""


def foliate_page(body: bytes) -> bytes:
    """Return a page that shows what foliate-js makes of an OPDS 1.2 catalogue; `FOLIATE` must lie beside it."""
    return _PAGE.format(text=json.dumps(body.decode()).replace("</", r"<\/")).encode()


def foliate(page: str, url: str) -> list[Shown]:
    """Return what foliate-js finds in the catalogue that is in a page, see `foliate_page`; `url` is where the catalogue is from."""
    feed = json.loads(chromium.text_of(page))
    if not feed["known"]:
        raise Refused("foliate-js does not take it for a catalogue")
    return [_of_foliate(each, url) for each in feed["publications"]]


def _of_foliate(found: dict[str, Any], url: str) -> Shown:
    cover, thumbnail = found["images"]
    return Shown(
        title=found["metadata"]["title"],
        author=found["metadata"]["author"][0]["name"],
        cover=urljoin(url, cover["href"]),
        thumbnail=urljoin(url, thumbnail["href"]),
        acquisitions=tuple(urljoin(url, each["href"]) for each in found["links"] if any(map(_is_acquisition, each["rel"]))),
    )


# -- The Palace Project ---------------------------------------------------------------------------------------------------


def palace(body: bytes, url: str) -> list[Shown]:
    """Return what webpub-manifest-parser finds in OPDS 2.0; raise `Refused` with all that it calls wrong by syntax or sense."""
    found = OPDS2FeedParserFactory().create().parse_json(json.loads(body))
    if found.errors:
        raise Refused("; ".join(map(str, found.errors)))
    return [_of_palace(each, url) for each in found.root.publications]


def _of_palace(found: Any, url: str) -> Shown:
    images = {each.rels[0]: urljoin(url, each.href) for each in found.images.links}
    return Shown(
        title=found.metadata.title,
        author=found.metadata.authors[0].name,
        cover=images["http://opds-spec.org/image"],
        thumbnail=images["http://opds-spec.org/image/thumbnail"],
        acquisitions=tuple(urljoin(url, each.href) for each in found.links if _is_acquisition(each.rels[0])),
    )


# -- KOReader -------------------------------------------------------------------------------------------------------------

_FEED_TYPE = "application/atom+xml"
_DOWNLOADS = frozenset(("application/epub+zip", "application/pdf"))
_COVERS = ("http://opds-spec.org/image", "http://opds-spec.org/cover", "x-stanza-cover-image")
_THUMBNAILS = ("http://opds-spec.org/image/thumbnail", "http://opds-spec.org/thumbnail", "x-stanza-cover-image-thumbnail")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What KOReader makes of one document."""

    items: tuple[Shown, ...]
    facets: tuple[tuple[str, str], ...]
    """Titles and addresses."""
    next: str | None


def koreader(url: str, get: Get) -> Listing:
    """Return what KOReader lists; one item without anything to acquire would be a way to another list, and is refused."""
    body = get(url)
    found = _of_json(json.loads(body), url) if re.match(rb"\s*\{", body) else _of_atom(body, url)
    if not all(each.acquisitions for each in found.items):
        raise Refused("an item has nothing to acquire")
    return found


def synchronized(url: str, get: Get, last: str | None = None, most: int = 50) -> list[Shown]:
    """Return what KOReader's synchronization takes up: from the first item on until that which it had loaded first at the last time."""
    taken: list[Shown] = []
    address: str | None = url
    while address and len(taken) < most:
        page = koreader(address, get)
        for each in page.items:
            if each.acquisitions[0] == last:
                return taken
            taken.append(each)
        address = page.next
    return taken


def _of_atom(body: bytes, url: str) -> Listing:
    """Read a feed with names as they are written, without namespaces, as its parser does: of several elements of a name the first counts."""
    root = etree.fromstring(re.sub(rb"<!--.*?-->", b"", body, flags=re.DOTALL))
    links = [each for each in root if each.tag.endswith("}link")]
    kept = {each.get("rel"): urljoin(url, each.get("href")) for each in links if _FEED_TYPE in each.get("type", "") and each.get("rel")}
    facets = ((each.get("title", ""), urljoin(url, each.get("href"))) for each in links if each.get("rel") == "http://opds-spec.org/facet")
    items = tuple(_of_entry(each, url) for each in root if each.tag.endswith("}entry"))
    return Listing(items=items, facets=tuple(facets), next=kept.get("next"))


def _of_entry(entry: Any, url: str) -> Shown:
    links = [each for each in entry if each.tag.endswith("}link") and each.get("rel")]
    acquired = (each for each in links if _is_acquisition(each.get("rel")) and each.get("type") in _DOWNLOADS)
    return Shown(
        title=_first(entry, "title").text,
        author=_first(_first(entry, "author"), "name").text,
        cover=urljoin(url, next(each.get("href") for each in links if each.get("rel") in _COVERS)),
        thumbnail=urljoin(url, next(each.get("href") for each in links if each.get("rel") in _THUMBNAILS)),
        acquisitions=tuple(urljoin(url, each.get("href")) for each in acquired),
    )


def _first(parent: Any, name: str) -> Any:
    return next(each for each in parent if each.tag.endswith(f"}}{name}"))


def _of_json(found: dict[str, Any], url: str) -> Listing:
    kept = {_one(each["rel"]): urljoin(url, each["href"]) for each in found["links"] if each.get("rel")}
    facets = ((each["title"], urljoin(url, each["href"])) for group in found.get("facets", []) for each in group["links"])
    items = tuple(_of_member(each, url) for each in found["publications"])
    return Listing(items=items, facets=tuple(facets), next=kept.get("next"))


def _one(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _of_member(found: dict[str, Any], url: str) -> Shown:
    """Read a publication; without relations the first picture would be taken for both, and be loaded large for each line of the list."""
    pictures = [(_one(each.get("rel")), urljoin(url, each["href"])) for each in found["images"]]
    thumbnail = next((href for rel, href in pictures if rel in _THUMBNAILS), pictures[0][1])
    links = [each for each in found["links"] if _one(each.get("rel")) not in (None, "self")]
    return Shown(
        title=found["metadata"]["title"],
        author=", ".join(_names(found["metadata"]["author"])),
        cover=next((href for rel, href in pictures if rel in _COVERS), thumbnail),
        thumbnail=thumbnail,
        acquisitions=tuple(
            urljoin(url, each["href"]) for each in links if _is_acquisition(_one(each["rel"])) and each["type"] in _DOWNLOADS
        ),
    )


def _names(author: Any) -> Iterator[str]:
    for each in author if isinstance(author, list) else [author]:
        yield each["name"] if isinstance(each, dict) else each

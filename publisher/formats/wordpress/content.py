"""The text of a post, which WordPress keeps in one of two ways: blocks, or HTML without paragraphs; shortcodes are in both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial

from publisher import schema
from publisher.formats.wordpress import attachments, blocks, shortcodes
from publisher.formats.wordpress.export import Export, Item, number
from publisher.formats.wordpress.listings import with_listings
from publisher.formats.wordpress.shortcodes import Attributes, Handler
from publisher.platforms import cards
from publisher.platforms.ledger import Ledger
from publisher.platforms.paragraphs import paragraphs
from publisher.text import escape

__all__ = ["Bodies"]

_CAPTIONED = re.compile(r"\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s<>\"'\[\]]+")
_SOURCES = {
    "audio": ("src", "mp3", "m4a", "ogg", "wav", "flac", "wma", "0"),
    "video": ("src", "mp4", "m4v", "webm", "ogv", "flv", "wmv", "0"),
}
_EMBEDS = frozenset(
    "youtube vimeo dailymotion tweet twitter instagram facebook tiktok soundcloud spotify mixcloud ted slideshare scribd flickr gist "
    "googlemaps wpvideo videopress archiveorg bandcamp reddit pinterest".split()
)
_MOST_SHARED = 1_000_000
"""Characters that blocks which several posts share add to one post."""


class Bodies:
    """Makes the bodies of posts."""

    def __init__(self, export: Export, ledger: Ledger, base: str) -> None:
        self._export = export
        self._ledger = ledger
        self._base = base
        self._shared = 0

    def of(self, item: Item) -> str:
        """Return the body of a post."""
        html = self._html(item["content:encoded"], item)
        return self._ledger.body(html, schema.web_address(item["link"]) or self._base, line=item.line, name=item["title"])

    def _html(self, content: str, item: Item) -> str:
        if not blocks.are_in(content):
            return paragraphs(self._expanded(content, item), _embedded)
        self._shared = 0
        footnotes = item.meta.get("footnotes", "")
        site = blocks.Site(pattern=self._pattern, note=self._note_block, footnotes=footnotes)
        return self._expanded(blocks.references(blocks.plain(content, site), footnotes), item)

    def _note_block(self, name: str) -> None:
        self._ledger.note("blocks", name)

    def _pattern(self, given: int) -> str | None:
        """Return the HTML of a block that several posts share; what is shared inside of one is not looked for."""
        item = self._export.by_number.get(given)
        if item is None or item.type != "wp_block" or self._shared > _MOST_SHARED:
            return None
        self._shared += len(item["content:encoded"])
        return blocks.plain(item["content:encoded"], blocks.Site(pattern=lambda _: None, note=self._note_block))

    # -- shortcodes --------------------------------------------------------------------------------------------------

    def _expanded(self, html: str, item: Item) -> str:
        handlers: dict[str, Handler] = {
            "caption": _captioned,
            "wp_caption": _captioned,
            "embed": _embed,
            "audio": lambda given, inside: self._recording("audio", given, inside),
            "video": lambda given, inside: self._recording("video", given, inside),
            "gallery": lambda given, _: self._gallery(given, item),
            "playlist": lambda given, _: self._playlist(given, item),
            **{name: partial(self._embed_of_plugin, name) for name in _EMBEDS},
        }
        return shortcodes.expand(with_listings(html), handlers, self._unknown)

    def _unknown(self, name: str, attributes: Attributes, inside: str) -> str:
        self._ledger.note("shortcodes", f"[{name}]")
        return inside if inside.strip() else "".join(map(cards.embed, _addresses(attributes, inside)))

    def _embed_of_plugin(self, name: str, attributes: Attributes, inside: str) -> str:
        found = _addresses(attributes, inside)
        self._ledger.note("shortcodes", f"[{name}]", count=not found)
        return "".join(map(cards.embed, found[:1]))

    def _recording(self, kind: str, attributes: Attributes, inside: str) -> str:
        given = (attributes.get(name, "") for name in _SOURCES[kind])
        source = next((each for each in given if each), "") or next(iter(_ADDRESS.findall(inside)), "")
        self._ledger.note("shortcodes", f"[{kind}]", count=not source)
        return cards.recording(kind, source, poster=attributes.get("poster", "")) if source else ""

    def _gallery(self, attributes: Attributes, item: Item) -> str:
        found = [each for each in self._items(attributes, item) if attachments.is_image(each)]
        return "\n".join(attachments.as_figure(each) for each in found)

    def _playlist(self, attributes: Attributes, item: Item) -> str:
        kind = "video" if attributes.get("type") == "video" else "audio"
        found = [each for each in self._items(attributes, item) if not attachments.is_image(each)]
        return "".join(cards.recording(kind, each["wp:attachment_url"], escape(each["title"])) for each in found)

    def _items(self, attributes: Attributes, item: Item) -> list[Item]:
        """Return the attachments that a gallery names, else those of the post that it shows by itself."""
        if given := attributes.get("ids") or attributes.get("include"):
            wanted = [number(each) for each in given.split(",")]
            found = [self._export.by_number.get(each) for each in wanted]
            self._note_missing(each for each, attachment in zip(wanted, found, strict=True) if attachment is None)
            return [each for each in found if each and each.type == "attachment"]
        left_out = {number(each) for each in attributes.get("exclude", "").split(",")}
        parent = number(attributes.get("id", "")) or item.number
        return [each for each in self._export.attached.get(parent, []) if each.number not in left_out]

    def _note_missing(self, numbers: Iterable[int]) -> None:
        for each in numbers:
            self._ledger.note("picture-missing", f"attachment {each}")


def _captioned(attributes: Attributes, inside: str) -> str:
    found = _CAPTIONED.fullmatch(inside)
    if not found:
        return inside
    return cards.figure(found[1], found[2].strip() or attributes.get("caption", ""))


def _embed(attributes: Attributes, inside: str) -> str:
    return "".join(map(cards.embed, _addresses(attributes, inside)[:1]))


def _addresses(attributes: Attributes, inside: str) -> list[str]:
    given = [each for value in attributes.values() for each in _ADDRESS.findall(value)]
    return list(dict.fromkeys([*_ADDRESS.findall(inside)[:1], *given]))


def _embedded(line: str) -> str | None:
    """Return the link for an address that stands alone on its line: WordPress shows the page there."""
    return cards.link(line) if _ADDRESS.fullmatch(line) else None

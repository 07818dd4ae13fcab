"""Pictures and recordings of WordPress's media library, which are posts of their own."""

from __future__ import annotations

import re

from publisher.article import Image, Media
from publisher.formats.wordpress.export import Item
from publisher.platforms import cards
from publisher.platforms.posts import plain
from publisher.text import line, media_type, url

__all__ = ["as_figure", "enclosed", "image", "is_image"]

_IMAGES = frozenset("jpg jpeg jpe png gif webp avif svg bmp tif tiff heic".split())
_SIZE = re.compile(r's:5:"width";i:(\d{1,6});s:6:"height";i:(\d{1,6});')
_CREDIT = re.compile(r's:6:"credit";s:\d{1,4}:"([^"]*)";')


def address(item: Item) -> str | None:
    """Return where the file of an attachment is."""
    return url(item["wp:attachment_url"]) or url(item["guid"])


def is_image(item: Item) -> bool:
    """Return whether an attachment is a picture, by the ending of its file."""
    return (address(item) or "").partition("?")[0].rpartition(".")[2].lower() in _IMAGES


def image(item: Item) -> Image | None:
    """Return the picture that an attachment is; `None` when it has no address."""
    data = item.meta.get("_wp_attachment_metadata", "")
    size, credit = _SIZE.search(data), _CREDIT.search(data)
    found = address(item)
    return (
        Image(
            content_url=found,
            width=(int(size[1]) or None) if size else None,
            height=(int(size[2]) or None) if size else None,
            caption=plain(item["excerpt:encoded"]),
            description=line(item.meta.get("_wp_attachment_image_alt")),
            credit_text=line(credit[1]) if credit else None,
        )
        if found
        else None
    )


def as_figure(item: Item) -> str:
    """Return the figure that a gallery shows of an attachment."""
    found = address(item)
    return cards.figure(cards.picture(found, item.meta.get("_wp_attachment_image_alt") or None), item["excerpt:encoded"]) if found else ""


def enclosed(item: Item) -> tuple[Media, ...]:
    """Return the recording of a podcast, which is noted as address, bytes and media type, each on its line."""
    address, _, rest = item.meta.get("enclosure", "").partition("\n")
    size, _, kind = rest.partition("\n")
    found, encoding = url(address), media_type(kind.partition("\n")[0])
    if not found or not found.startswith("http"):
        return ()
    sort = {"audio": "AudioObject", "video": "VideoObject"}.get((encoding or "").partition("/")[0], "MediaObject")
    number = int(size) if size.strip().isdigit() and size.isascii() and len(size) < 16 else 0
    return (Media(content_url=found, type=sort, encoding_format=encoding, content_size=number or None),)

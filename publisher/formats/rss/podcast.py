"""The podcast in a feed: what Apple and the Podcast Index ask of the channel and of an episode.

https://help.apple.com/itc/podcasts_connect/#/itcb54353390 and https://github.com/Podcastindex-org/podcast-namespace, read 2026-11-27.
Nothing of it is read back: all is made of what other elements say, and of settings.
Deviations: no `itunes:summary`, `itunes:title` and `itunes:author` in items, since feedparser (6.0.12) takes them for a second text,
another headline and one more author, and Apple reads `description`, `title` and the channel's author where they are missing;
no `podcast:locked`, since nobody has said whether another platform may take the feed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from publisher.article import Article, Image, Media, Publication
from publisher.channels import Podcast
from publisher.feeds import ITUNES, PODCAST, UNTYPED, kind_of, web
from publisher.feedwriting import Lines, add, nest
from publisher.formats import Target

__all__ = ["NAMESPACES", "enclosure", "is_show", "write_channel", "write_item"]

NAMESPACES = {"itunes": ITUNES[1:-1], "podcast": PODCAST[1:-1]}

_SHOWS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of UUIDs of shows (podcast namespace, "guid")."""
_TRANSCRIPTS = ("text/vtt", "application/x-subrip", "application/srt")
_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "mp4": "video/mp4"}
"""Media types by the ending of an address, for recordings whose type nobody knows."""
_ARTWORK = re.compile(r"\.(?:jpe?g|png)$", re.IGNORECASE)


def is_show(publication: Publication, target: Target) -> bool:
    """Return whether a feed is offered as a podcast: when there is something to hear, and the picture without which nobody lists it."""
    media = (each for article in publication.articles for each in article.associated_media)
    is_heard = any(_kind(each) == "AudioObject" and web(each.content_url) for each in media)
    return is_heard and target.podcast is not None and _artwork(publication, target.podcast) is not None


def _kind(media: Media) -> str:
    return media.type if media.type != "MediaObject" else kind_of(_type(media))


def _type(media: Image | Media) -> str:
    """Return the media type, by the ending of the address when nothing else says it."""
    ending = urlsplit(media.content_url or "").path.rpartition(".")[2].lower()
    return media.encoding_format or _TYPES.get(ending, UNTYPED)


def enclosure(article: Article) -> tuple[str, str, str] | None:
    """Return url, length and type of the one enclosure an item may have: what can be heard, else a film, else the picture, else a file."""
    media: tuple[Image | Media, ...] = (*article.associated_media, *article.image)
    for each in sorted(media, key=_rank):
        if address := web(each.content_url):
            return address, str(each.content_size or 0), _type(each)
    return None


def _rank(media: Image | Media) -> int:
    if isinstance(media, Image):
        return 2
    return {"AudioObject": 0, "VideoObject": 1}.get(_kind(media), 3)


def _episode(article: Article) -> Media | None:
    """Return the recording that is the enclosure."""
    media = sorted((each for each in article.associated_media if web(each.content_url)), key=_rank)
    return media[0] if media and _rank(media[0]) < 2 else None


# -- written --------------------------------------------------------------------------------------------------------------


def write_channel(lines: Lines, publication: Publication, target: Target, show: Podcast) -> None:
    """Add what Apple requires of a show (picture, category, explicit), who makes it, and by what it is known when it moves."""
    publisher = publication.publisher
    add(lines, "itunes:author", publisher.name if publisher else publication.name)
    add(lines, "itunes:image", attributes={"href": _artwork(publication, show)})
    below: Lines = []
    for name in reversed(show.category[:2]):
        inside, below = below, []
        nest(below, "itunes:category", inside, {"text": name})
    lines += below
    add(lines, "itunes:explicit", str(show.explicit).lower())
    if publisher and publisher.email:
        owner: Lines = []
        add(owner, "itunes:name", publisher.name)
        add(owner, "itunes:email", publisher.email)
        nest(lines, "itunes:owner", owner)
    if address := (target.history and target.history.current) or target.url:
        add(lines, "podcast:guid", str(uuid5(_SHOWS, address.partition("://")[2].rstrip("/"))))


def _artwork(publication: Publication, show: Podcast) -> str | None:
    return show.image or (_picture((publication.image,)) if publication.image else None)


def _picture(images: tuple[Image, ...]) -> str | None:
    """Return the address of the first JPEG or PNG: Apple takes no other."""
    return next((found for each in images if (found := web(each.content_url)) and _is_artwork(each)), None)


def _is_artwork(image: Image) -> bool:
    path = urlsplit(image.content_url or "").path
    return image.encoding_format in ("image/jpeg", "image/png") if image.encoding_format else bool(_ARTWORK.search(path))


def write_item(lines: Lines, article: Article) -> None:
    """Add how long the episode is, its picture and its transcripts."""
    episode = _episode(article)
    if episode:
        add(lines, "itunes:duration", str(episode.duration) if episode.duration else None)
        add(lines, "itunes:image", attributes={"href": _picture(article.image)})
        for each in _transcripts(article):
            add(lines, "podcast:transcript", attributes=each)


def _transcripts(article: Article) -> Iterator[dict[str, str | None]]:
    for each in article.associated_media:
        if web(each.content_url) and each.encoding_format in _TRANSCRIPTS:
            yield {"url": each.content_url, "type": each.encoding_format, "language": article.in_language}

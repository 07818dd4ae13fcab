"""The model: one `Article`, whatever it was written in and whatever it is written to.

Field names are schema.org's (V30.0, https://schema.org/NewsArticle) in snake case.
Everything is frozen, and nothing here has behaviour or does I/O.

What holds for every value, made so once where sources enter (`schema.load` checks it):

- absent is `None` or `()`, never `""`;
- text is one line, free of the characters that XML forbids, without white space at its ends;
- every URL is absolute and ASCII (RFC 3986);
- `Article.body` is what `markup.clean` returns: a well-formed XHTML fragment of allowed elements.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

__all__ = [
    "ARTICLE_TYPES",
    "MEDIA_TYPES",
    "Article",
    "Correction",
    "Date",
    "Image",
    "Link",
    "Media",
    "Named",
    "Organization",
    "Party",
    "Person",
    "Place",
    "Publication",
]

Date = date | datetime
"""A day, or an aware moment to the second; its precision and its offset are part of the value."""

ARTICLE_TYPES = (
    "NewsArticle",
    "AnalysisNewsArticle",
    "AskPublicNewsArticle",
    "BackgroundNewsArticle",
    "OpinionNewsArticle",
    "ReportageNewsArticle",
    "ReviewNewsArticle",
    "AdvertiserContentArticle",
    "BlogPosting",
    "Article",
)
"""What `Article.type` can be: https://schema.org/Article and its subtypes that newsrooms and bloggers use."""

MEDIA_TYPES = ("AudioObject", "VideoObject", "MediaObject")
"""What `Media.type` can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture (https://schema.org/ImageObject); without a `content_url` it is one that is missing."""

    content_url: str | None = None
    encoding_format: str | None = None
    """Media type, such as `image/jpeg`."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    content_size: int | None = None
    """Bytes."""
    sha256: str | None = None
    """Digest of the bytes: 64 lower-case hexadecimal digits."""
    caption: str | None = None
    description: str | None = None
    """Alternative text: what a person who does not see the picture needs to know."""
    credit_text: str | None = None
    license: str | None = None
    """URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A recording that belongs to an article (https://schema.org/MediaObject)."""

    content_url: str
    type: str = "MediaObject"
    """One of `MEDIA_TYPES`."""
    encoding_format: str | None = None
    """Media type, such as `audio/mpeg`."""
    content_size: int | None = None
    """Bytes."""
    duration: int | None = None
    """Seconds."""
    sha256: str | None = None
    """Digest of the bytes: 64 lower-case hexadecimal digits."""
    name: str | None = None
    description: str | None = None
    credit_text: str | None = None
    license: str | None = None
    """URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody (https://schema.org/Person)."""

    name: str
    url: str | None = None
    email: str | None = None
    image: Image | None = None
    same_as: tuple[str, ...] = ()
    """URLs of pages about the same person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A newsroom, an agency, a company (https://schema.org/Organization)."""

    name: str
    url: str | None = None
    email: str | None = None
    logo: Image | None = None
    same_as: tuple[str, ...] = ()
    """URLs of pages about the same organization."""


Party = Person | Organization


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another article, by its title, its address or both (https://schema.org/CreativeWork)."""

    url: str | None = None
    name: str | None = None
    in_language: str | None = None
    """BCP 47."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where it happened (https://schema.org/Place)."""

    name: str
    latitude: float | None = None
    """Degrees, WGS 84; given together with `longitude` or not at all."""
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was wrong and has been put right (https://schema.org/CorrectionComment)."""

    text: str
    date_published: Date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The addresses that a body names, in their order."""

    media: tuple[str, ...] = ()
    """Of pictures and recordings."""
    pictures: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    """But those within the body."""


class _Late:
    """What has no `body` of its own, but something that gives it when somebody asks: in a large archive few texts are in memory."""

    __slots__ = ("_known", "_late")
    _late: tuple[Callable[[bytes], str], bytes]
    """What gives texts, and the digest of the article's."""
    _known: bytes
    """What is known without its text of an article that was read from sources, packed: see `tracing`."""

    if not TYPE_CHECKING:  # else any name would be one of its fields

        def __getattr__(self, name: str) -> Any:
            if name != "body":
                raise AttributeError(name)
            give, digest = self._late
            return give(digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(_Late):
    """One article (https://schema.org/NewsArticle)."""

    identifier: str
    """Stays the same for ever, whatever else changes; a URI where we mint it (RFC 4151)."""
    headline: str
    type: str = "NewsArticle"
    """One of `ARTICLE_TYPES`."""
    url: str | None = None
    """Where its page is published."""
    alternative_headline: str | None = None
    description: str | None = None
    """The standfirst or summary."""
    body: str = ""
    """A well-formed XHTML fragment, as `markup.clean` returns it."""
    article_section: str | None = None
    keywords: tuple[str, ...] = ()
    dateline: str | None = None
    content_location: tuple[Place, ...] = ()
    in_language: str | None = None
    """BCP 47."""
    date_published: Date | None = None
    date_modified: Date | None = None
    author: tuple[Party, ...] = ()
    editor: tuple[Party, ...] = ()
    contributor: tuple[Party, ...] = ()
    publisher: Party | None = None
    image: tuple[Image, ...] = ()
    """The lead picture first; pictures inside the text are in `body`."""
    associated_media: tuple[Media, ...] = ()
    citation: tuple[Link, ...] = ()
    """Related reading."""
    is_based_on: str | None = None
    """URL where it first appeared."""
    translations: tuple[Link, ...] = ()
    corrections: tuple[Correction, ...] = ()
    license: str | None = None
    """URL."""
    copyright_notice: str | None = None
    copyright_holder: Party | None = None
    copyright_year: int | None = None
    is_accessible_for_free: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What articles appear in (https://schema.org/Periodical)."""

    identifier: str
    name: str
    url: str
    """The front page, http or https; ends with `/` where we mint it."""
    alternate_name: str | None = None
    description: str | None = None
    in_language: str | None = None
    """BCP 47."""
    publisher: Party | None = None
    image: Image | None = None
    license: str | None = None
    """URL."""
    copyright_notice: str | None = None
    date_modified: Date | None = None
    sections: tuple[str, ...] = ()
    """Names of the sections, in their order."""
    articles: tuple[Article, ...] = ()

"""What can be chosen about a site: the tables `[site]` and `[feeds]` of `publisher.toml`."""

from __future__ import annotations

from dataclasses import dataclass, field

from publisher.channels import Podcast
from publisher.surroundings import Theme

__all__ = ["FEED_SIZE", "SiteOptions"]

FEED_SIZE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOptions:
    """What a site has."""

    theme: Theme = field(default_factory=Theme)
    size: int = 20
    """How many articles a page of a list has at least, when there are so many."""
    keywords: int = 2
    """From how many articles on a keyword has a page."""
    search: bool = False
    """Whether there is a page to search in."""
    pictures: bool = True
    """Whether pages have pictures in several sizes and types."""
    metadata: bool = False
    """Whether pictures are published with all that cameras and programs have noted in them, as where they were taken."""
    feed_size: int = FEED_SIZE
    """How many articles a feed has; older ones are in its archive."""
    section_feeds: bool = True
    author_feeds: bool = True
    keyword_feeds: tuple[str, ...] = ()
    """The keywords that have feeds of their own."""
    podcast: Podcast = field(default_factory=Podcast)
    """What the show is, when articles have recordings."""
    hub: str | None = None
    """URL of the publication's WebSub hub."""
    cloud: str | None = None
    """URL at which an rssCloud server takes subscriptions; it is told of news at `ping` beside it."""
    indexnow: str = "https://api.indexnow.org/indexnow"
    """URL that is told of pages, and passes them on to the search engines that take part."""
    indexnow_key: str = ""
    """The key of IndexNow, which a file at the root of the site has, too; nobody is told without it."""

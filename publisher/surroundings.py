"""What stands around a page on a site: its style sheet, and where the sections, the people and the neighbours of an article are.

A page that stands alone has none of it: `Surroundings()`. Everything here is made by `publisher.newsstand` and only told to writers,
and is small, since it is sent to the processes that write pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from publisher.article import Link

__all__ = ["ALONE", "THEMES", "Kind", "Rendition", "Surroundings", "Theme"]

THEMES = ("newspaper", "blog")
"""The themes that we have."""

Kind = Literal["section", "author", "keyword", "year", "month"]
"""What a list of articles is a list of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """How pages look: a theme that we have, and the files that stand in for its own."""

    name: str = "newspaper"
    files: tuple[tuple[str, str], ...] = ()
    """Names, such as `article.html`, and texts of the files in the `theme` folder beside the sources; sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A picture in another size or type than the original (`source` and `srcset` in HTML, 4.8.4)."""

    url: str
    media_type: str
    width: int
    """Pixels."""
    height: int
    """Pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a page is told of the site around it."""

    theme: Theme = Theme()
    sheet: str | None = None
    """URL of the style sheet; `None`: it is inside the page."""
    sections: tuple[Link, ...] = ()
    """The pages of the sections that have articles, in their order; of many only the first."""
    rest: Link | None = None
    """Where the other sections are, when there are too many to name on each page."""
    services: tuple[tuple[str, str], ...] = ()
    """What other pages the site has, with their URLs: `archive`, `issues`, `subscribe`, `search`."""
    trail: tuple[Link, ...] = ()
    """The way from the front page to this one, both left out."""
    older: Link | None = None
    """The article before this one, in the order of their days; of a list, the page with the articles before."""
    newer: Link | None = None
    more: tuple[Link, ...] = ()
    """Other articles of the same section: the next older ones; where they are too few, the next newer ones, too; the nearest first."""
    lists: Mapping[tuple[Kind, str], str] = field(default_factory=dict, hash=False)
    """The URL of the page of each section, author and keyword of what is on this page."""
    embed: str | None = None
    """URL of what other sites show in the place of a link to this page (oEmbed)."""
    renditions: Mapping[str, tuple[Rendition, ...]] = field(default_factory=dict, hash=False)
    """Of each picture on this page that has some, by its URL: each type together, the smallest first."""


ALONE = Surroundings()

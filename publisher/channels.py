"""What a feed is told of itself beside its articles: its other documents, and what it is as a podcast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["CATEGORIES", "History", "Podcast", "category"]

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    name: tuple(filter(None, inside.split("|")))
    for name, inside in {
        "Arts": "Books|Design|Fashion & Beauty|Food|Performing Arts|Visual Arts",
        "Business": "Careers|Entrepreneurship|Investing|Management|Marketing|Non-Profit",
        "Comedy": "Comedy Interviews|Improv|Stand-Up",
        "Education": "Courses|How To|Language Learning|Self-Improvement",
        "Fiction": "Comedy Fiction|Drama|Science Fiction",
        "Government": "",
        "History": "",
        "Health & Fitness": "Alternative Health|Fitness|Medicine|Mental Health|Nutrition|Sexuality",
        "Kids & Family": "Education for Kids|Parenting|Pets & Animals|Stories for Kids",
        "Leisure": "Animation & Manga|Automotive|Aviation|Crafts|Games|Hobbies|Home & Garden|Video Games",
        "Music": "Music Commentary|Music History|Music Interviews",
        "News": "Business News|Daily News|Entertainment News|News Commentary|Politics|Sports News|Tech News",
        "Religion & Spirituality": "Buddhism|Christianity|Hinduism|Islam|Judaism|Religion|Spirituality",
        "Science": "Astronomy|Chemistry|Earth Sciences|Life Sciences|Mathematics|Natural Sciences|Nature|Physics|Social Sciences",
        "Society & Culture": "Documentary|Personal Journals|Philosophy|Places & Travel|Relationships",
        "Sports": (
            "Baseball|Basketball|Cricket|Fantasy Sports|Football|Golf|Hockey|Rugby|Running|Soccer|"
            "Swimming|Tennis|Volleyball|Wilderness|Wrestling"
        ),
        "Technology": "",
        "True Crime": "",
        "TV & Film": "After Shows|Film History|Film Interviews|Film Reviews|TV Reviews",
    }.items()
}
"""The categories of Apple Podcasts, with those below each (https://podcasters.apple.com/support/1691-apple-podcasts-categories)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Where a document stands among those of one feed (RFC 5005); without any address it is the only one, and complete."""

    older: str | None = None
    """URL of the archive before it."""
    newer: str | None = None
    """URL of the archive after it."""
    current: str | None = None
    """URL of the document with the newest articles, when this is an archive."""

    @property
    def is_complete(self) -> bool:
        """Whether all articles of the feed are in this document."""
        return not self.older and not self.current


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """What Apple Podcasts asks of a show and no article says."""

    category: tuple[str, ...] = ("News",)
    """One of Apple's, and perhaps one below it."""
    explicit: bool = False
    """Whether it is for adults only."""
    image: str | None = None
    """URL of a square JPEG or PNG with 1400 to 3000 pixels; `None`: the publication's picture."""


def category(text: str) -> tuple[str, ...] | None:
    """Return the category that a text such as `News > Daily News` means, `None` when Apple has none of that name."""
    above, _, below = (each.strip() for each in text.partition(">"))
    known = above in CATEGORIES and (not below or below in CATEGORIES[above])
    return ((above, below) if below else (above,)) if known else None

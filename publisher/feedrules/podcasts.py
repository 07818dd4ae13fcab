"""Rules for podcasts: Apple's itunes elements, and the podcast namespace.

https://help.apple.com/itc/podcasts_connect/#/itcb54353390 and https://github.com/Podcastindex-org/podcast-namespace, read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.channels import CATEGORIES
from publisher.feedrules import values
from publisher.feedrules.feed import Feed, said
from publisher.problems import Finding, Severity, rule, shown

_APPLE = "https://help.apple.com/itc/podcasts_connect/#/itcb54353390"
_CATEGORIES = "https://podcasters.apple.com/support/1691-apple-podcasts-categories"
_SPACE = "https://github.com/Podcastindex-org/podcast-namespace"
_ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
_PODCAST = "{https://podcastindex.org/namespace/1.0}"

_DURATION = re.compile(r"\d+|\d{1,3}:[0-5]\d|\d{1,3}:[0-5]\d:[0-5]\d")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")


@rule(Severity.WARNING, spec=_APPLE, hint="add itunes:image, itunes:category, itunes:explicit and language to the channel")
def feed_podcast_incomplete(feed: Feed) -> Iterator[Finding]:
    """Apple Podcasts lists a show only with a picture, a category, a language and whether it is explicit."""
    for channel in feed.of("channel"):
        children = feed.children(channel)
        if any(name.startswith(_ITUNES) for name in children) and _plays(feed):
            wanted = {"image": "itunes:image", "category": "itunes:category", "explicit": "itunes:explicit"}
            missing = [shown_ for name, shown_ in wanted.items() if f"{_ITUNES}{name}" not in children]
            missing += [] if "language" in children else ["language"]
            if missing:
                yield Finding(message=f"the podcast has no {', '.join(missing)}", where=channel)


def _plays(feed: Feed) -> bool:
    """Return whether the feed is a podcast, and not only written by a program that also writes podcasts."""
    return any(each.get("type", "").startswith(("audio/", "video/")) for each in feed.of("enclosure"))


@rule(Severity.ERROR, spec=_APPLE, hint="write seconds, or 1:23:45")
def feed_podcast_duration(feed: Feed) -> Iterator[Finding]:
    """Players show how long an episode is before anybody fetches it."""
    for each in feed.of(f"{_ITUNES}duration"):
        if not _DURATION.fullmatch(said(each)):
            yield Finding(message=f"the duration is {shown(said(each))}", where=each)


@rule(Severity.WARNING, spec=_CATEGORIES, hint="use one of Apple's categories, with & as &amp;")
def feed_podcast_category(feed: Feed) -> Iterator[Finding]:
    """Apple Podcasts and those who follow it sort shows into its own categories only."""
    for each in feed.of(f"{_ITUNES}category"):
        parent, text = each.getparent(), each.get("text", "")
        above = parent.get("text", "") if parent is not None and parent.tag == each.tag else None
        known = CATEGORIES if above is None else CATEGORIES.get(above, ())
        if text and text not in known and (above is None or above in CATEGORIES):
            yield Finding(message=f"Apple has no category {shown(text)}", where=each)


@rule(Severity.ERROR, spec=_APPLE, hint="write mail@example.org")
def feed_podcast_email(feed: Feed) -> Iterator[Finding]:
    """Directories verify who owns a show by a mail to this address."""
    for each in feed.of(f"{_ITUNES}email"):
        if values.email(said(each)):
            yield Finding(message=f"the address is {shown(said(each))}", where=each)


@rule(Severity.WARNING, spec=_APPLE, hint="use a JPEG or PNG, 1400 to 3000 pixels square")
def feed_podcast_picture(feed: Feed) -> Iterator[Finding]:
    """Apple Podcasts takes JPEG and PNG pictures only."""
    for each in feed.of(f"{_ITUNES}image"):
        href = each.get("href", "").strip()
        if re.search(r"\.(?:gif|webp|svg|avif|bmp|tiff?)(?:[?#]|$)", href, re.IGNORECASE):
            yield Finding(message=f"the picture is {shown(href)}", where=each)


@rule(Severity.WARNING, spec=_APPLE, hint="keep it under 4000 characters")
def feed_podcast_text_long(feed: Feed) -> Iterator[Finding]:
    """Apple Podcasts cuts summaries at 4000 characters and other texts at 255."""
    limits = {"summary": 4000, "subtitle": 255, "author": 255, "title": 255, "name": 255}
    for name, most in limits.items():
        for each in feed.of(f"{_ITUNES}{name}"):
            if len(each.text or "") > most:
                yield Finding(message=f"itunes:{name} has {len(each.text or '')} characters", where=each, hint=f"keep it under {most}")


@rule(Severity.WARNING, spec=_APPLE, hint="add the enclosure")
def feed_podcast_episode_silent(feed: Feed) -> Iterator[Finding]:
    """An episode without an enclosure has nothing to play, so directories leave it out."""
    for item in feed.of("item"):
        children = feed.children(item)
        if f"{_ITUNES}duration" in children and "enclosure" not in children:
            yield Finding(message="the episode has no enclosure", where=item)


_PLAYED = frozenset("audio/mpeg audio/mp3 audio/mp4 audio/x-m4a audio/m4a video/mp4 video/x-m4v video/quicktime application/pdf".split())


@rule(Severity.WARNING, spec=_APPLE, hint="offer it as MP3 or M4A")
def feed_podcast_format(feed: Feed) -> Iterator[Finding]:
    """Apple Podcasts takes episodes in MP3, M4A, MP4, M4V and MOV only; others it leaves out."""
    if any(name.startswith(_ITUNES) for channel in feed.of("channel") for name in feed.children(channel)):
        for each in feed.of("enclosure"):
            kind = each.get("type", "").partition(";")[0].strip().lower()
            if kind.startswith(("audio/", "video/")) and kind not in _PLAYED:
                yield Finding(message=f"the recording is {shown(kind)}", where=each)


@rule(Severity.WARNING, spec=f"{_SPACE}/blob/main/docs/tags/guid.md", hint="write the version 5 UUID of the feed's address")
def feed_podcast_guid(feed: Feed) -> Iterator[Finding]:
    """Directories know a show again by this UUID when its address changes."""
    for each in feed.of(f"{_PODCAST}guid"):
        if not _UUID.fullmatch(said(each)):
            yield Finding(message=f"podcast:guid is {shown(said(each))}", where=each)

"""Rules for Media RSS 1.5.1 (https://www.rssboard.org/media-rss) and GeoRSS (https://docs.ogc.org/cs/17-002r1/17-002r1.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.feedrules.feed import Feed, name_of, said
from publisher.feeds import ATOM, CONTENT, GEORSS, MEDIA
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule, shown

_SPEC = "https://www.rssboard.org/media-rss"
_GEO = "https://docs.ogc.org/cs/17-002r1/17-002r1.html"
_POSITION = "{http://www.w3.org/2003/01/geo/wgs84_pos#}"
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_PAIRS = {"point": (1, 1), "line": (2, 0), "polygon": (4, 0), "box": (2, 2)}


@rule(Severity.ERROR, spec=f"{_SPEC}#media-content", hint="add url, or media:player inside")
def feed_media_without_address(feed: Feed) -> Iterator[Finding]:
    """A picture or recording is where its url says; without one there is nothing to show or play."""
    for each in feed.of(f"{MEDIA}content"):
        if not each.get("url") and f"{MEDIA}player" not in feed.children(each):
            yield Finding(message="media:content has neither url nor media:player", where=each)


@rule(Severity.ERROR, spec=f"{_SPEC}#media-credit", hint="write the role in small letters")
def feed_media_role(feed: Feed) -> Iterator[Finding]:
    """The role of a person is a word in small letters, so that photographer is found as photographer."""
    for each in feed.of(f"{MEDIA}credit"):
        role = each.get("role")
        if role is not None and (not role or role != role.lower()):
            yield Finding(message=f"the role is {shown(role)}", where=each)


@rule(Severity.ERROR, spec=f"{_SPEC}#media-title", hint='write type="plain" or type="html"')
def feed_media_text_kind(feed: Feed) -> Iterator[Finding]:
    """A title or description of media is plain text or HTML; feedparser shows the tags of any other."""
    for each in feed.of(*(f"{MEDIA}{name}" for name in ("title", "description", "text"))):
        if each.get("type") not in (None, "plain", "html"):
            yield Finding(message=f"the type of {name_of(each.tag)} is {shown(each.get('type'))}", where=each)


@rule(Severity.WARNING, spec=f"{_SPEC}#media-description", hint="write media elements after the text")
def feed_media_before_text(feed: Feed) -> Iterator[Finding]:
    """feedparser takes the first description it meets for the text, so a caption before the text is shown instead of it."""
    if not feed.of(f"{MEDIA}description"):
        return
    for entry in feed.entries:
        before: Element | None = None
        for each in entry.iterchildren(*_OF_TEXT, *_OF_MEDIA):
            if each.tag in _OF_MEDIA:
                before = each if before is None and _has_caption(each) else before
            elif before is not None:
                yield Finding(message=f"{name_of(before.tag)} is before {name_of(each.tag)}", where=before)
                break


_OF_TEXT = ("description", f"{CONTENT}encoded", f"{ATOM}content", f"{ATOM}summary")
_OF_MEDIA = (f"{MEDIA}description", f"{MEDIA}content", f"{MEDIA}group")


def _has_caption(element: Element) -> bool:
    """Return whether it is a caption, or has one in it."""
    return next(element.iter(f"{MEDIA}description"), None) is not None


@rule(Severity.WARNING, spec=f"{_SPEC}#media-content", hint='keep isDefault="true" on one of them')
def feed_media_defaults(feed: Feed) -> Iterator[Finding]:
    """In a group of renditions one is shown unless somebody chooses another."""
    for group in feed.of(f"{MEDIA}group"):
        chosen = [each for each in feed.children(group).get(f"{MEDIA}content", ()) if each.get("isDefault") == "true"]
        if len(chosen) > 1:
            yield Finding(message=f"{len(chosen)} renditions of one group are the default", where=chosen[1])


@rule(Severity.ERROR, spec=f"{_SPEC}#media-hash", hint="write the digest in hexadecimal digits: 32 for md5, 40 for sha-1")
def feed_media_hash(feed: Feed) -> Iterator[Finding]:
    """By the digest players know a file again; one of another length is of no file."""
    for each in feed.of(f"{MEDIA}hash"):
        wanted = {"md5": 32, "sha-1": 40}.get(each.get("algo", "md5"))
        if wanted is None or not re.fullmatch(rf"[0-9A-Fa-f]{{{wanted}}}", said(each)):
            yield Finding(message=f"the hash is {shown(said(each))} with algo {shown(each.get('algo', 'md5'))}", where=each)


# -- places ---------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_GEO, hint="write latitude and longitude in degrees, such as 54.712 -3.905")
def feed_position_malformed(feed: Feed) -> Iterator[Finding]:
    """Places are pairs of latitude (-90 to 90) and longitude (-180 to 180), in this order.

    Spaces are between them; a map shows any other somewhere else, or not at all.
    """
    for name, (least, most) in _PAIRS.items():
        for each in feed.of(f"{GEORSS}{name}"):
            if wrong := _position(said(each), least, most, closed=name == "polygon"):
                yield Finding(message=f"georss:{name} is {shown(said(each))}: {wrong}", where=each)
    for name, limit in (("lat", 90), ("long", 180)):
        for each in feed.of(f"{_POSITION}{name}"):
            if not _NUMBER.fullmatch(said(each)) or abs(float(said(each))) > limit:
                yield Finding(message=f"geo:{name} is {shown(said(each))}", where=each)


def _position(text: str, least: int, most: int, *, closed: bool) -> str:
    numbers = text.split()
    if not all(_NUMBER.fullmatch(each) for each in numbers):
        return "it has more than numbers and spaces"
    pairs = [(float(a), float(b)) for a, b in zip(numbers[::2], numbers[1::2], strict=False)]
    if len(numbers) % 2 or len(pairs) < least or (most and len(pairs) > most):
        return f"it has {len(numbers)} numbers"
    if any(abs(latitude) > 90 or abs(longitude) > 180 for latitude, longitude in pairs):
        return "there is no such latitude or longitude"
    return "its first and last pair differ" if closed and pairs[0] != pairs[-1] else ""


@rule(Severity.ERROR, spec="https://www.w3.org/2003/01/geo/", hint="write both geo:lat and geo:long")
def feed_position_half(feed: Feed) -> Iterator[Finding]:
    """A latitude without a longitude is no place."""
    latitude, longitude = f"{_POSITION}lat", f"{_POSITION}long"
    for each in feed.of(latitude, longitude):
        parent = each.getparent()
        other = longitude if each.tag == latitude else latitude
        if parent is not None and other not in feed.children(parent):
            yield Finding(message=f"there is {name_of(each.tag)} without {name_of(other)}", where=each)

"""What is said of a feed that was read: what was put right in it, what could not be read, and what an article has no place for.

Each is told once, with how often it was found.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from publisher import feeds
from publisher.article import Date
from publisher.feedreading import values
from publisher.feedreading.modules import Children
from publisher.feedreading.shapes import CC, FEEDBURNER, GEO, ITUNES, PODCAST, RDF, SLASH, THREAD, WFW, XHTML
from publisher.feeds import ATOM, CONTENT, CREATIVE_COMMONS, DC, DCTERMS, GEORSS, MEDIA
from publisher.markup import Element
from publisher.problems import Problem, Severity, problem, shown

__all__ = ["Notes"]

_MOST_NAMED = 12
_DAYLESS = re.compile(r"\d{4}(?:-\d\d)?")
"""A year or a month, which W3CDTF allows in `dc:date` (https://www.w3.org/TR/NOTE-datetime) and an article has no place for."""
_AT = "{http://purl.org/atompub/tombstones/1.0}"
_APP = "{http://www.w3.org/2007/app}"
_GML = "{http://www.opengis.net/gml}"


def _all(space: str, names: str) -> Iterable[str]:
    return (f"{space}{name}" for name in names.split())


_READ = frozenset(
    (
        *_all("", "title link description guid pubDate author category enclosure source image language date id summary content body"),
        *_all("", "fullitem updated published issued created modified"),
        *_all(ATOM, "id title link summary content published updated author contributor category rights source info draft"),
        *_all(DC, "creator author contributor publisher rights language date subject coverage title description identifier"),
        *_all(DCTERMS, "alternative spatial modified created issued available date rights license subject abstract creator"),
        *_all(MEDIA, "content group thumbnail title description credit copyright license keywords category location"),
        *_all(ITUNES, "author image duration keywords summary subtitle title category"),
        *_all(PODCAST, "person location license"),
        *_all(GEORSS, "point featureName featurename where"),
        *_all(GEO, "lat long lon Point"),
        *_all(_GML, "Point"),
        *(f"{CONTENT}encoded", f"{SLASH}section", f"{CC}license", f"{CREATIVE_COMMONS}license", f"{FEEDBURNER}origLink"),
        *(f"{THREAD}in-reply-to", f"{XHTML}body", f"{XHTML}div", f"{_APP}control", f"{_APP}edited", f"{CONTENT}items"),
        *(
            f"{FEEDBURNER}awareness",
            "{http://www.google.com/schemas/play-podcasts/1.0}image",
            f"{RDF}type",
            "{http://purl.org/atom/app#}control",
        ),
    )
)
"""Elements of an item that are read, or that say nothing besides."""
_WORDS = {
    "comments": "addresses of comments",
    f"{WFW}commentRss": "feeds of comments",
    f"{WFW}commentRSS": "feeds of comments",
    f"{WFW}comment": "addresses for comments",
    f"{SLASH}comments": "numbers of comments",
    f"{SLASH}hit_parade": "counts of hits",
    f"{SLASH}department": "departments",
    f"{THREAD}total": "numbers of answers",
    f"{ITUNES}episode": "numbers of episodes",
    f"{ITUNES}season": "numbers of seasons",
    f"{ITUNES}explicit": "marks for explicit content",
    f"{ITUNES}episodeType": "kinds of episodes",
    f"{PODCAST}episode": "numbers of episodes",
    f"{PODCAST}season": "numbers of seasons",
    f"{PODCAST}transcript": "transcripts",
    f"{PODCAST}chapters": "chapters",
    f"{PODCAST}soundbite": "sound bites",
    f"{PODCAST}value": "ways of payment",
    f"{MEDIA}player": "players",
    f"{MEDIA}rating": "ratings",
    f"{MEDIA}community": "numbers of views",
    f"{MEDIA}text": "transcripts",
    f"{GEORSS}line": "lines on a map",
    f"{GEORSS}polygon": "areas on a map",
    f"{GEORSS}box": "areas on a map",
    f"{_AT}deleted-entry": "notes of what was deleted",
}
"""What people call what is left out."""


class Notes:
    """Collects what is to be said of one feed."""

    def __init__(self, language: str | None = None) -> None:
        self.repaired = feeds.Repaired()
        self.language = language
        """Of the feed: it says how to read a date in words."""
        self._dates: list[tuple[str, int]] = []
        self._left: Counter[str] = Counter()
        self._unnamed = 0

    def date(self, *elements: Element | None) -> Date | None:
        """Return the first date that one of the elements says; none that can be read is noted."""
        unread = None
        for each in elements:
            if each is not None and (text := (each.text or "").strip()):
                if found := values.moment(text, self.language):
                    return found
                unread = unread or (text, feeds.line_of(each))
        if unread:
            self._dates.append(unread)
        return None

    def written(self, text: str) -> Date | None:
        """Return the date that a text says, if any; one that cannot be read is noted."""
        found = values.moment(text, self.language)
        if text.strip() and not found:
            self._dates.append((text, 0))
        return found

    def left(self, kids: Children) -> None:
        """Note the elements of an item that nobody reads."""
        for name, found in kids.items():
            if name not in _READ:
                self._left[_WORDS.get(name) or _spelled(found[0])] += len(found)
            if name == f"{ATOM}link":
                self._left["feeds of comments"] += sum(each.get("rel") == "replies" for each in found)

    def members(self, names: Iterable[str]) -> None:
        """Note the members of a JSON object that nobody reads."""
        self._left.update(name[:60] for name in names)

    def renditions(self, count: int) -> None:
        """Note so many other sizes and formats of media in groups."""
        if count:
            self._left["other renditions of media"] += count

    def unnamed(self) -> None:
        """Note an item that has no identifier and no address."""
        self._unnamed += 1

    def problems(self) -> Iterator[Problem]:
        """Yield all that is to be said."""
        yield from self.repaired.problems()
        if self._dates:
            (text, line), count = self._dates[0], len(self._dates)
            message = f"a date cannot be read: {shown(text)}" if count == 1 else f"{count} dates cannot be read, the first is {shown(text)}"
            hint = "write the day, too" if _DAYLESS.fullmatch(text.strip()) else "write dates as RFC 822 or ISO 8601 have them"
            yield problem("feed-date-unread", Severity.WARNING, message, hint=hint, line=line)
        if self._unnamed:
            which = (
                "an item has no identifier and no address"
                if self._unnamed == 1
                else f"{self._unnamed} items have no identifier and no address"
            )
            message = f"{which}; one was made of what it says, which is another when that changes"
            yield problem("feed-item-unnamed", Severity.WARNING, message, hint="give every item an identifier that stays")
        if +self._left:
            yield problem(
                "feed-left-out", Severity.INFO, f"left out, as an article has no place for it: {self._named()}", hint="see the feed itself"
            )

    def _named(self) -> str:
        listed = sorted((+self._left).items(), key=lambda each: (-each[1], each[0]))
        more = f" and {len(listed) - _MOST_NAMED} more kinds" if len(listed) > _MOST_NAMED else ""
        return ", ".join(f"{word} ({count})" for word, count in listed[:_MOST_NAMED]) + more


def _spelled(element: Element) -> str:
    """Return the name of an element as the feed writes it: `slash:department`."""
    local = element.tag.rpartition("}")[2][:60]
    return f"{element.prefix[:30]}:{local}" if element.prefix else local

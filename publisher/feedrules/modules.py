"""Rules for modules of RSS and extensions of Atom: which elements they have, where, how often, and with what in them.

The tables say it in short: a value has a kind, and `_KINDS` says what is wrong with a value of each.
Dublin Core, DCMI terms, content, slash, syndication, wfw, trackback, creativeCommons, blogChannel, RFC 4685 (thr),
RFC 5005 (fh), RFC 5023 (app), OpenSearch 1.1, Media RSS 1.5.1, itunes and podcast; all read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from publisher.feedrules import values
from publisher.feedrules.feed import PREFIXES, Feed, name_of, repeated, said
from publisher.feeds import ATOM
from publisher.keys import closest
from publisher.problems import Finding, Severity, rule, shown

_RSS_PROFILE = "https://www.rssboard.org/rss-profile#namespace-elements"
_RFC_4685 = "https://www.rfc-editor.org/rfc/rfc4685"
_DCTERMS = "https://www.dublincore.org/specifications/dublin-core/dcmi-terms/"

_SPACES = {prefix: space for space, prefix in PREFIXES.items()}


@cache
def _full(name: str) -> str:
    """Return `{http://…}creator` for `dc:creator`."""
    prefix, _, local = name.partition(":")
    return f"{{{_SPACES[prefix]}}}{local}"


def _attribute(name: str) -> str:
    """Return the full name of an attribute; most have no namespace."""
    return name.replace("rdf:", "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}")


_CORE = (
    "title creator subject description publisher contributor date type format identifier source language relation coverage rights".split()
)
_ELEMENTS: Mapping[str, frozenset[str]] = {
    prefix: frozenset(names.split())
    for prefix, names in {
        "content": "encoded items",
        "dc": " ".join(_CORE),
        "slash": "section department comments hit_parade",
        "sy": "updatePeriod updateFrequency updateBase",
        "wfw": "comment commentRss commentRSS",
        "trackback": "ping about",
        "creativeCommons": "license",
        "blogChannel": "blogRoll mySubscriptions blink changes",
        "admin": "generatorAgent errorReportsTo",
        "thr": "in-reply-to total",
        "fh": "complete archive incremental prev",
        "app": "edited control draft collection accept categories service workspace",
        "opensearch": "totalResults startIndex itemsPerPage Query",
        "georss": (
            "point line polygon box elev floor radius where "
            "featuretypetag relationshiptag featurename featureTypeTag relationshipTag featureName"
        ),
        "itunes": (
            "author block category image duration explicit isClosedCaptioned order complete new-feed-url owner name email subtitle summary "
            "keywords title episode season episodeType type applepodcastsverify"
        ),
        "media": (
            "content group rating adult title description keywords thumbnail category hash player credit copyright text restriction "
            "community starRating statistics tags comments comment responses response embed param backLinks backLink status price license "
            "subTitle peerLink location rights scenes scene sceneTitle sceneDescription sceneStartTime sceneEndTime"
        ),
        "dcterms": " ".join(
            (
                *_CORE,
                "abstract accessRights accrualMethod accrualPeriodicity accrualPolicy alternative audience available bibliographicCitation",
                "conformsTo created dateAccepted dateCopyrighted dateSubmitted educationLevel extent hasFormat hasPart hasVersion",
                "instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy isRequiredBy isVersionOf issued license",
                "mediator medium modified provenance references replaces requires rightsHolder spatial tableOfContents temporal valid",
            )
        ),
    }.items()
}
_PLACES: Mapping[str, str] = {
    "content:encoded": "item",
    "slash:section": "item",
    "slash:department": "item",
    "slash:comments": "item",
    "slash:hit_parade": "item",
    "wfw:comment": "item",
    "wfw:commentRss": "item",
    "sy:updatePeriod": "channel",
    "sy:updateFrequency": "channel",
    "sy:updateBase": "channel",
    "itunes:owner": "channel",
    "itunes:type": "channel",
    "itunes:new-feed-url": "channel",
    "itunes:complete": "channel",
    "itunes:duration": "item",
    "itunes:episode": "item",
    "itunes:season": "item",
    "itunes:episodeType": "item",
    "itunes:order": "item",
    "podcast:locked": "channel",
    "podcast:transcript": "item",
    "thr:in-reply-to": "item",
}
"""Elements that have a meaning in one place only: `channel` is also Atom's feed, `item` its entry."""
_CHANNELS, _ITEMS = {"channel", f"{ATOM}feed"}, {"item", f"{ATOM}entry"}
_ONCE = (
    "content:encoded dc:date slash:comments slash:section slash:department slash:hit_parade sy:updatePeriod "
    "sy:updateFrequency sy:updateBase wfw:comment wfw:commentRss thr:total opensearch:totalResults opensearch:startIndex "
    "opensearch:itemsPerPage itunes:author itunes:block itunes:duration itunes:explicit itunes:image itunes:summary itunes:subtitle "
    "itunes:keywords itunes:owner itunes:episode itunes:season itunes:type itunes:new-feed-url podcast:locked podcast:guid "
    "app:edited fh:complete fh:archive georss:featurename"
).split()

_TEXTS: Mapping[str, str] = {
    **dict.fromkeys(["dc:date", "dcterms:created", "dcterms:modified", "dcterms:issued", "dcterms:dateSubmitted"], "date"),
    **dict.fromkeys(["dcterms:dateAccepted", "dcterms:dateCopyrighted", "sy:updateBase"], "date"),
    "app:edited": "moment",
    **dict.fromkeys(["slash:comments", "thr:total"], "whole"),
    **dict.fromkeys(["opensearch:totalResults", "opensearch:startIndex", "opensearch:itemsPerPage"], "whole"),
    **dict.fromkeys(["itunes:order", "itunes:season", "itunes:episode"], "whole"),
    "sy:updateFrequency": "positive",
    "slash:hit_parade": "wholes",
    "georss:elev": "number",
    "georss:radius": "number",
    **dict.fromkeys(["wfw:comment", "wfw:commentRss", "wfw:commentRSS", "creativeCommons:license"], "address"),
    "itunes:new-feed-url": "address",
    **dict.fromkeys(["blogChannel:blogRoll", "blogChannel:mySubscriptions", "blogChannel:blink", "blogChannel:changes"], "address"),
    "dc:language": "language",
    "sy:updatePeriod": "hourly|daily|weekly|monthly|yearly",
    "itunes:explicit": "~yes|no|clean|true|false|explicit",
    "itunes:episodeType": "~full|trailer|bonus",
    "itunes:type": "~episodic|serial",
    "itunes:isClosedCaptioned": "~yes|no|true|false",
    "podcast:locked": "~yes|no",
    "app:draft": "yes|no",
    "media:adult": "true|false",
}
"""What is in an element; of several words one, after `~` in any case."""
_ATTRIBUTES: Mapping[str, str] = {
    **dict.fromkeys(["media:content url", "media:thumbnail url", "media:player url", "media:copyright url"], "address"),
    **dict.fromkeys(["media:peerLink href", "media:subTitle href", "itunes:image href"], "address"),
    **dict.fromkeys(["podcast:transcript url", "podcast:chapters url", "podcast:funding url", "podcast:trailer url"], "address"),
    **dict.fromkeys(["podcast:person href", "podcast:person img"], "address"),
    **dict.fromkeys(["media:content fileSize", "media:content height", "media:content width", "media:content channels"], "positive"),
    **dict.fromkeys(["media:thumbnail height", "media:thumbnail width", "media:player height", "media:player width"], "positive"),
    **dict.fromkeys(["media:content bitrate", "media:content framerate"], "number"),
    **dict.fromkeys(["media:content samplingrate", "media:content duration"], "number"),
    **dict.fromkeys(["admin:generatorAgent rdf:resource", "admin:errorReportsTo rdf:resource", "trackback:ping rdf:resource"], "address"),
    "at:deleted-entry ref": "address",
    "at:deleted-entry when": "moment",
    "thr:in-reply-to ref": "iri",
    "thr:in-reply-to source": "iri",
    "thr:in-reply-to href": "iri",
    "thr:in-reply-to type": "type",
    **dict.fromkeys(["media:content type", "media:subTitle type", "media:peerLink type", "podcast:transcript type"], "type"),
    **dict.fromkeys(["podcast:alternateEnclosure type", "podcast:chapters type"], "type"),
    **dict.fromkeys(["media:content lang", "media:text lang", "media:subTitle lang", "podcast:transcript language"], "language"),
    "media:content medium": "image|audio|video|document|executable",
    "media:content isDefault": "true|false",
    "media:content expression": "sample|full|nonstop",
    "media:restriction relationship": "allow|deny",
    "media:restriction type": "country|uri|sharing",
    "media:status state": "active|blocked|deleted",
    "media:rights status": "userCreated|official",
    "media:starRating count": "whole",
    "media:statistics views": "whole",
    "media:statistics favorites": "whole",
}
"""What is in an attribute, where it is there."""
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "media:thumbnail": ("url",),
    "media:player": ("url",),
    "media:restriction": ("relationship",),
    "media:subTitle": ("href",),
    "media:peerLink": ("href",),
    "itunes:image": ("href",),
    "itunes:category": ("text",),
    "podcast:transcript": ("url", "type"),
    "podcast:chapters": ("url", "type"),
    "podcast:funding": ("url",),
    "podcast:soundbite": ("startTime", "duration"),
    "podcast:trailer": ("url", "pubdate"),
    "podcast:alternateEnclosure": ("type",),
    "podcast:source": ("uri",),
    "podcast:value": ("type", "method"),
    "at:deleted-entry": ("ref", "when"),
    "opensearch:Query": ("role",),
    "admin:generatorAgent": ("rdf:resource",),
    "admin:errorReportsTo": ("rdf:resource",),
    "podcast:valueRecipient": ("type", "address", "split"),
}
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_KINDS: Mapping[str, Callable[[str], str]] = {
    "date": values.w3c_date,
    "moment": values.rfc_3339,
    "whole": values.whole,
    "positive": values.positive,
    "wholes": lambda text: "" if re.fullmatch(r"\d+(?:\s*,\s*\d+)*", text) else "it is no list of whole numbers",
    "number": lambda text: "" if _NUMBER.fullmatch(text) else "it is no number",
    "address": values.address,
    "iri": values.reference,
    "language": values.language,
    "type": values.media_type,
}
_DATES, _NUMBERS = frozenset(("date", "moment")), frozenset(("whole", "positive", "wholes", "number"))
_ADDRESSES = frozenset(("address", "iri"))


def _fault(kind: str, text: str) -> str:
    """Say what is wrong with a value of a kind, or of one of several words."""
    if kind in _KINDS:
        return _KINDS[kind](text)
    words = kind.removeprefix("~").split("|")
    return "" if (text.lower() if kind[0] == "~" else text) in words else f"it is none of {', '.join(words)}"


def _wrong(feed: Feed, kinds: frozenset[str] | None) -> Iterator[Finding]:
    """Yield the elements and attributes whose values are wrong for their kind; `None` is one of several words."""
    texts, attributes, names = _rows(kinds)
    if names.isdisjoint(feed.names):
        return
    for name, full, kind in texts:
        for each in feed.of(full):
            if wrong := _fault(kind, said(each)):
                yield Finding(message=f"{name} is {shown(said(each))}: {wrong}", where=each)
    for name, full, attribute, key, kind in attributes:
        for each in feed.of(full):
            if (given := each.get(key)) is not None and (wrong := _fault(kind, given.strip())):
                yield Finding(message=f"{attribute} of {name} is {shown(given)}: {wrong}", where=each)


def _named_in(feed: Feed, table: Iterable[str]) -> list[str]:
    """Return the names in a table, in its order, of which there are elements in a feed: mostly none, so that is asked first."""
    names = _names_of(tuple(table))
    return [] if names.keys().isdisjoint(feed.names) else [name for full, name in names.items() if full in feed.names]


@cache
def _names_of(names: tuple[str, ...]) -> dict[str, str]:
    return {_full(name): name for name in names}


@cache
def _rows(kinds: frozenset[str] | None) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str, str, str]], frozenset[str]]:
    """Return the rows of both tables with values of these kinds, names in short and in full, and all names in full."""
    texts = [(name, _full(name), kind) for name, kind in _TEXTS.items() if _is_of(kind, kinds)]
    split = [(*both.split(" "), kind) for both, kind in _ATTRIBUTES.items() if _is_of(kind, kinds)]
    attributes = [(name, _full(name), attribute, _attribute(attribute), kind) for name, attribute, kind in split]
    return texts, attributes, frozenset(row[1] for row in (*texts, *attributes))


def _is_of(kind: str, kinds: frozenset[str] | None) -> bool:
    return kind in kinds if kinds is not None else "|" in kind


@rule(Severity.ERROR, spec="https://www.w3.org/TR/NOTE-datetime", hint="write 2018-10-24T08:00:00+01:00")
def feed_module_date(feed: Feed) -> Iterator[Finding]:
    """Dates of modules are as in ISO 8601, other than those of RSS; feedparser and reader drop what they cannot read."""
    return _wrong(feed, _DATES)


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="write digits only")
def feed_module_number(feed: Feed) -> Iterator[Finding]:
    """Readers show these numbers, sort by them, or keep room for a picture: words and units are lost."""
    return _wrong(feed, _NUMBERS)


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="write the whole address with https://")
def feed_module_address(feed: Feed) -> Iterator[Finding]:
    """Readers and players fetch or open these addresses, far from your site."""
    return _wrong(feed, _ADDRESSES)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def feed_module_language(feed: Feed) -> Iterator[Finding]:
    """By the language readers choose voices and subtitles."""
    return _wrong(feed, frozenset(("language",)))


@rule(Severity.ERROR, spec="https://www.iana.org/assignments/media-types/", hint="write a type such as image/jpeg")
def feed_module_type(feed: Feed) -> Iterator[Finding]:
    """By the type players choose what they can play, before they fetch it."""
    return _wrong(feed, frozenset(("type",)))


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="write one of the words that the module has")
def feed_module_word(feed: Feed) -> Iterator[Finding]:
    """Only the words of the module mean something: Apple hides an episode whose itunes:explicit it does not understand."""
    return _wrong(feed, None)


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="correct its name")
def feed_module_element_unknown(feed: Feed) -> Iterator[Finding]:
    """Readers ignore elements that a module does not have, so a misspelt one says nothing to anybody."""
    for name in feed.names:
        space, _, local = name[1:].partition("}")
        known = _ELEMENTS.get(PREFIXES.get(space, "")) if name.startswith("{") else None
        if known and local not in known:
            by_case = {each.casefold(): each for each in known}
            hint = f"did you mean {by_case[local.casefold()]!r}?" if local.casefold() in by_case else closest(local, known)
            yield from (Finding(message=f"there is no {name_of(name)}", where=each, hint=hint) for each in feed.of(name))


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="move it to where its module has it")
def feed_module_misplaced(feed: Feed) -> Iterator[Finding]:
    """Some elements say something about an entry, others about the feed; elsewhere readers do not look for them."""
    for name in _named_in(feed, _PLACES):
        wrong = _ITEMS if _PLACES[name] == "channel" else _CHANNELS
        for each in feed.of(_full(name)):
            parent = each.getparent()
            if parent is not None and parent.tag in wrong:
                yield Finding(message=f"{name} does not belong into {name_of(parent.tag)!r}", where=each)


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="keep one of them")
def feed_module_repeated(feed: Feed) -> Iterator[Finding]:
    """Of an element that can be there once feedparser takes the first or the last, and players their own choice."""
    if names := [*map(_full, _named_in(feed, _ONCE))]:
        yield from repeated(feed, (*feed.of("channel", f"{ATOM}feed"), *feed.entries), names)


@rule(Severity.ERROR, spec=_RSS_PROFILE, hint="add the attribute")
def feed_module_attribute_missing(feed: Feed) -> Iterator[Finding]:
    """Without this attribute the element says nothing: a thumbnail without url is no picture."""
    for name in _named_in(feed, _REQUIRED):
        for each in feed.of(_full(name)):
            for attribute in _REQUIRED[name]:
                if not (each.get(_attribute(attribute)) or "").strip():
                    yield Finding(message=f"{name} has no {attribute}", where=each)


_SPOKEN = (
    *("dc:creator", "dc:contributor", "dc:publisher", "dc:rights", "dc:subject", "dc:title"),
    *("content:encoded", "itunes:author", "slash:section"),
)


@rule(Severity.WARNING, spec=_RSS_PROFILE, hint="say something, or leave the element out")
def feed_module_empty(feed: Feed) -> Iterator[Finding]:
    """An empty byline is shown as one; an empty text hides the summary in newsboat."""
    for name in _named_in(feed, _SPOKEN):
        for each in feed.of(_full(name)):
            if not len(each) and not said(each):
                yield Finding(message=f"{name} is empty", where=each)


_USE_CORE = tuple(
    f"dcterms:{name}"
    for name in "publisher language subject source relation rights identifier title creator description contributor".split()
)


@rule(Severity.WARNING, spec=_DCTERMS, hint="use the element of dc: with the same name")
def feed_dcterms_element(feed: Feed) -> Iterator[Finding]:
    """Of two elements of one name readers know the older: dc:publisher, not dcterms:publisher."""
    for name in _named_in(feed, _USE_CORE):
        for each in feed.of(_full(name)):
            yield Finding(message=f"there is {name}", where=each, hint=f"write {name.replace('dcterms', 'dc')}")


@rule(Severity.ERROR, spec=f"{_RFC_4685}#section-3", hint="add ref, the id of what is answered")
def feed_reply_without_ref(feed: Feed) -> Iterator[Finding]:
    """A reply names what it answers by its id; only that stays the same wherever a feed is read."""
    for each in feed.of(_full("thr:in-reply-to")):
        if not each.get("ref"):
            yield Finding(message="thr:in-reply-to has no ref", where=each)


@rule(Severity.ERROR, spec=f"{_RFC_4685}#section-4", hint="write a number, and 2018-10-24T08:00:00+01:00")
def feed_replies_malformed(feed: Feed) -> Iterator[Finding]:
    """A link to replies says how many there are and when the newest came, so that readers need not fetch them to know."""
    for link in feed.of(f"{ATOM}link"):
        count, updated = link.get(_full("thr:count")), link.get(_full("thr:updated"))
        if count is not None and values.whole(count):
            yield Finding(message=f"thr:count is {shown(count)}", where=link)
        if updated is not None and values.rfc_3339(updated):
            yield Finding(message=f"thr:updated is {shown(updated)}", where=link)


@rule(Severity.WARNING, spec="https://www.rssboard.org/rss-profile#namespace-elements-slash", hint="add lastBuildDate to the channel")
def feed_comments_undated(feed: Feed) -> Iterator[Finding]:
    """The number of comments is as old as the feed; without lastBuildDate readers cannot tell."""
    found = feed.of(_full("slash:comments"))
    if found and not feed.of("lastBuildDate") and feed.root.tag == "rss":
        yield Finding(message="there are numbers of comments, and no lastBuildDate", where=found[0])

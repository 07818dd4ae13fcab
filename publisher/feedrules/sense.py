"""Rules for what is written as it should be and still cannot be meant: addresses, types and signs that nobody can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from publisher.feedrules import values
from publisher.feedrules.feed import Feed, name_of, said
from publisher.feedrules.texts import garbled
from publisher.feeds import ATOM, CONTENT, MEDIA
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule, shown

_SECURITY = "https://www.rfc-editor.org/rfc/rfc3986#section-7"
_TEXTS = ("title", "description", f"{CONTENT}encoded", *(f"{ATOM}{name}" for name in ("title", "subtitle", "summary", "content")))
_LINKS = ("link", "comments", "docs", f"{ATOM}uri")
_IN_ATTRIBUTES = ((f"{ATOM}link", "href"), ("source", "url"), ("enclosure", "url"), (f"{MEDIA}content", "url"))


def _addresses(feed: Feed) -> Iterator[tuple[Element, str]]:
    for each in feed.of(*_LINKS):
        if not len(each):
            yield each, said(each)
    for guid in feed.of("guid"):
        if guid.get("isPermaLink", "true") == "true":
            yield guid, said(guid)
    for name, attribute in _IN_ATTRIBUTES:
        for each in feed.of(name):
            yield each, (each.get(attribute) or "").strip()


def _wrong(feed: Feed, test: Callable[[str], str]) -> Iterator[Finding]:
    for each, address in _addresses(feed):
        if address and (wrong := test(address)):
            yield Finding(message=f"the {name_of(each.tag)} leads to {shown(address)}: {wrong}", where=each)


@rule(Severity.WARNING, spec=_SECURITY, hint="write an address with https://")
def feed_address_unsafe(feed: Feed) -> Iterator[Finding]:
    """A link that is a script or carries its own page would run in the reader; careful ones drop it, so it leads nowhere."""
    return _wrong(feed, values.unsafe)


@rule(
    Severity.WARNING,
    spec="https://www.rfc-editor.org/rfc/rfc6761#section-6.3",
    hint="look at what makes the feed, and give it the site's address",
)
def feed_address_unlikely(feed: Feed) -> Iterator[Finding]:
    """An address of the machine that the feed was made on, or with a word where a name was missing, leads readers nowhere."""
    return _wrong(feed, values.unlikely)


@rule(Severity.WARNING, spec="https://www.w3.org/TR/xml/#charencoding", hint="read the source as UTF-8, and write it as that")
def feed_text_garbled(feed: Feed) -> Iterator[Finding]:
    """UTF-8 that was read as another encoding shows as signs like â€™; nobody can search for such words."""
    for each in feed.of(*_TEXTS):
        if found := garbled(each.text):
            yield Finding(message=f"there is {shown(found)} in {name_of(each.tag)}", where=each)


_FILES = (("enclosure", "url"), (f"{ATOM}link", "href"), (f"{MEDIA}content", "url"))


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/rfc/rfc6838#section-4.2", hint="write the type of the file that is there")
def feed_type_contradicts(feed: Feed) -> Iterator[Finding]:
    """By the type a player chooses what to do with a file: a recording that claims to be a film plays nowhere."""
    for name, attribute in _FILES:
        for each in feed.of(name):
            if name == f"{ATOM}link" and each.get("rel") != "enclosure":
                continue
            if wrong := values.other_kind(each.get(attribute) or "", each.get("type") or ""):
                yield Finding(message=f"the type is {shown(each.get('type'))}: {wrong}", where=each)

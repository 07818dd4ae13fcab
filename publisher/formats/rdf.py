"""RSS 1.0 (https://web.resource.org/rss/1.0/spec) with its modules, and RSS 0.90, which are RDF; read 2026-11-26; only read.

Deviation: it is read as the feed that it is, not as RDF: what stands in another order of triples than the specification's is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher import listings, schema
from publisher.cleaner import local_name
from publisher.feedreading import rescue, shapes
from publisher.feedreading.identity import distinct
from publisher.feedreading.notes import Notes
from publisher.feedreading.rss import foreign_article, foreign_publication
from publisher.formats import Context, Reading, beginning
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, Unreadable, problem, rule

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "check", "read", "recognizes"]

NAME = "rdf"
TITLE = "RSS 1.0 and 0.90"
SPEC = "https://web.resource.org/rss/1.0/spec"
MEDIA_TYPE = "application/rdf+xml"

_START = re.compile(rb"<(?:[\w.-]+:)?RDF\s[^>]*(?:purl\.org/rss/1\.0|netscape\.com/rdf)")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes have an RDF element with the namespace of RSS near their beginning."""
    start = beginning(body)
    return bool(_START.search(start)) and (start.startswith(b"<") or b"<?xml" in start)


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the channel's publication; raise `Unreadable` when it is no such feed."""
    found = rescue.tree(body)
    named = found.root.tag
    channel = shapes.rss(found.root).find("channel") if shapes.is_rdf(found.root) else None
    if channel is None:
        message, hint = f"the root is {named!r}, without a channel", "check that this is an RSS 1.0 feed"
        raise Unreadable(problem("rdf-no-channel", Severity.ERROR, message, hint=hint, spec=f"{SPEC}#s5.3"))
    publication = foreign_publication(channel)
    notes = Notes(publication.in_language)
    articles, repeated = distinct(foreign_article(item, notes, publication.url) for item in channel.iterfind("item"))
    return Reading(publication=schema.with_articles(publication, articles), problems=(*found.problems, *notes.problems(), *repeated))


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed, and that it is of a kind that few write today; never raise."""
    return listings.check(body, (rss_1_0, rdf_no_channel, rdf_item_incomplete), "xml-malformed")


def _named(root: Element, name: str) -> Iterator[Element]:
    return (each for each in root.iter("*") if local_name(each) == name)


@rule(Severity.INFO, spec=SPEC, hint="write RSS 2.0 or Atom beside it")
def rss_1_0(root: Element) -> Iterator[Finding]:
    """RSS 1.0 is RDF and has little in common with RSS 2.0: readers still take it, but most have forgotten its modules."""
    yield Finding(message="this is RSS 1.0 or 0.90, which is RDF", where=root)


@rule(Severity.ERROR, spec=f"{SPEC}#s5.3", hint="add one channel")
def rdf_no_channel(root: Element) -> Iterator[Finding]:
    """A feed has a channel, which says what it is a feed of."""
    if next(_named(root, "channel"), None) is None:
        yield Finding(message="there is no channel", where=root)


@rule(Severity.ERROR, spec=f"{SPEC}#s5.5", hint="add a title and a link")
def rdf_item_incomplete(root: Element) -> Iterator[Finding]:
    """An item has a title and a link: there is no other way to show it."""
    for item in _named(root, "item"):
        names = {local_name(each) for each in item}
        if missing := [name for name in ("title", "link") if name not in names]:
            yield Finding(message=f"an item has no {' and no '.join(missing)}", where=item)

"""Reads RSS 2.0 and its elders, ours and everybody's; RSS 0.90 and 1.0 are RDF, and a format of their own."""

from __future__ import annotations

from publisher import feeds, schema
from publisher.feedreading import rescue, shapes
from publisher.feedreading.identity import distinct
from publisher.feedreading.notes import Notes
from publisher.feedreading.rss import foreign_article, foreign_publication, read_article, read_publication
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem

_SPEC = "https://www.rssboard.org/rss-specification"


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the channel's publication; raise `Unreadable` when it is no RSS feed."""
    found = rescue.tree(body)
    return read_tree(found.root, found.problems)


def read_tree(root: Element, problems: tuple[Problem, ...] = ()) -> Reading:
    """Return the same of a feed that is parsed, with the problems that it had."""
    given, root = root, root if feeds.is_ours(root) else shapes.rss(root)
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        message = f"the root is {given.tag!r}, without a channel"
        raise Unreadable(problem("rss-no-channel", Severity.ERROR, message, hint="check that this is an RSS 2.0 feed", spec=_SPEC))
    return _ours(channel, problems) if feeds.is_ours(root) else _foreign(channel, problems)


def _ours(channel: Element, problems: tuple[Problem, ...]) -> Reading:
    repaired = feeds.Repaired()
    articles = tuple(feeds.merged(item, read_article(item, repaired)) for item in channel.iterfind("item"))
    publication = feeds.merged(channel, read_publication(channel))
    return Reading(publication=schema.with_articles(publication, articles), problems=(*problems, *repaired.problems()))


def _foreign(channel: Element, problems: tuple[Problem, ...]) -> Reading:
    publication = foreign_publication(channel)
    notes = Notes(publication.in_language)
    articles, repeated = distinct(foreign_article(item, notes, publication.url) for item in channel.iterfind("item"))
    return Reading(publication=schema.with_articles(publication, articles), problems=(*problems, *notes.problems(), *repeated))

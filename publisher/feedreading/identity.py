"""Articles of one feed that have one identifier: an entry may be there once for each change (RFC 4287, 4.1.1), others are mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from publisher import feeds, schema
from publisher.article import Article
from publisher.problems import Problem, Severity, problem, shown

__all__ = ["distinct", "is_newer"]


def is_newer(one: Article, other: Article) -> bool:
    """Return whether one of two versions surely changed after the other."""
    mine, its = feeds.changed(one), feeds.changed(other)
    return bool(mine and its and schema.begin(mine) > schema.begin(its))


def distinct(articles: Iterable[Article]) -> tuple[tuple[Article, ...], tuple[Problem, ...]]:
    """Return the articles with each identifier once, and what is said about others.

    Of versions with one address the newest stays, in the first one's place; what has another address has that for its identifier.
    """
    found: dict[str, Article] = {}
    mistaken: list[str] = []
    former = 0
    for given in articles:
        known, each = found.get(given.identifier), given
        if known and given.url and given.url != known.url:
            mistaken.append(given.identifier)
            each = replace(given, identifier=given.url)
            known = found.get(given.url)
        former += known is not None
        found[each.identifier] = each if known is None or is_newer(each, known) else known
    return tuple(found.values()), tuple(_told(mistaken, former))


def _told(mistaken: list[str], former: int) -> Iterable[Problem]:
    if mistaken:
        which = "an item has" if len(mistaken) == 1 else f"{len(mistaken)} items have"
        message = f"{which} the identifier of another, such as {shown(mistaken[0])}; the address is taken instead"
        yield problem("feed-identifier-repeated", Severity.WARNING, message, hint="give every item an identifier of its own")
    if former:
        what = "a former version of an item is" if former == 1 else f"{former} former versions of items are"
        yield problem("feed-versions-left-out", Severity.INFO, f"{what} left out", hint="see the feed itself")

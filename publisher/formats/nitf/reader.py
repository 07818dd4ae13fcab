"""Reads NITF, ours and everybody's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from publisher import feeds, newsroom, nitftext, schema
from publisher.article import Article
from publisher.cleaner import local_name
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.text import url

__all__ = ["LOSSLESS", "read"]

LOSSLESS = "schema:NewsArticle"
"""Name of the `meta` that is JSON-LD."""
_SPEC = "https://iptc.org/standards/nitf/"
_WITHHELD = ("withheld", "canceled", "cancelled", "embargoed")


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the article of a document; raise `Unreadable` when there is none in it."""
    root = feeds.parse_foreign(body)
    if local_name(root) != "nitf":
        message = f"the root is {root.tag!r}, not nitf"
        raise Unreadable(problem("nitf-no-article", Severity.ERROR, message, hint="check that this is NITF", spec=_SPEC))
    missing = tuple(_placed(root, context))
    repaired = feeds.Repaired()
    content = repaired.body(nitftext.contents(root), "") if root.find("{*}body") is not None else ""
    native = nitftext.article(root, content)
    if not (content or root.find(".//{*}hl1") is not None or root.find(".//{*}title") is not None):
        message, hint = "there is neither a headline nor a text", "check whether the file is complete"
        raise Unreadable(problem("nitf-no-article", Severity.ERROR, message, hint=hint, spec=_SPEC))
    article, publication = newsroom.merged(native, _lossless(root))
    publication = publication or context.house or newsroom.publication_of(native.url, _publisher(root) or _distributor(native))
    left = tuple(_left_out(nitftext.left_out(root)))
    return Reading(
        publication=schema.with_articles(publication, (article,)),
        problems=(*missing, *repaired.problems(), *left),
        draft=_is_withheld(root),
    )


def _placed(root: Element, context: Context) -> Iterator[Problem]:
    """Give files beside the source their addresses, and moments the zone that the publication has; yield what has no address."""
    missing: list[Element] = []
    for each in root.iter("{*}media-reference"):
        source = each.get("source") or ""
        address = url(source) or (url(context.address(source)) if source and context.publication else None)
        each.set("source", address or source)
        missing += [] if address else [each]
    for each in root.iter("{*}date.issue", "{*}date.release", "{*}pubdata", "{*}revision-history"):
        for name in ("norm", "date.publication"):
            if value := each.get(name):
                each.set(name, newsroom.zoned(value, context.time_zone))
    if missing:
        names = ", ".join(shown(each.get("source") or "") for each in missing[:3])
        message = (
            f"{len(missing)} pictures or recordings have no address: {names}"
            if missing[1:]
            else f"a picture or recording has no address: {names}"
        )
        hint = "put the files beside the document, or write whole addresses"
        yield problem("nitf-media-missing", Severity.WARNING, message, hint=hint, spec=_SPEC, line=feeds.line_of(missing[0]))


def _distributor(article: Article) -> str | None:
    return article.publisher.name if article.publisher else None


def _lossless(root: Element) -> str | None:
    return next((each.get("content") for each in root.iterfind("{*}head/{*}meta") if each.get("name") == LOSSLESS), None)


def _publisher(root: Element) -> str | None:
    """Return what the document appeared in."""
    names = (each.get("name") for each in root.iterfind("{*}head/{*}pubdata"))
    return next(filter(None, (" ".join((name or "").split()) for name in names)), None)


def _is_withheld(root: Element) -> bool:
    docdata = root.find("{*}head/{*}docdata")
    return docdata is not None and (docdata.get("management-status") or "").strip().lower() in _WITHHELD


def _left_out(left: Mapping[str, int]) -> Iterator[Problem]:
    """Yield what to say about elements that the model has nothing for."""
    if left:
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in sorted(left.items())[:12])
        hint = "keep the original, if you need these"
        yield problem("nitf-left-out", Severity.INFO, f"the article has no place for {names}", hint=hint, spec=_SPEC)

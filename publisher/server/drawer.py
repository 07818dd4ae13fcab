"""The drawer: what an article becomes elsewhere, and what is wrong with it. A page of its own, which needs no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from publisher.minting import stem
from publisher.problems import Problem, PublisherError, Severity
from publisher.server import extracts, graph
from publisher.server.extracts import Entry, Page
from publisher.server.store import Edition, Store
from publisher.text import escape

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["content", "failed", "of_page", "sheet"]

_FOLDER = files("publisher") / "server"
_CARD = ("title", "description", "image", "image:alt", "url", "type")
"""What Open Graph says (https://ogp.me/, read 2026-11-27); all but the alternative text are needed."""


@cache
def sheet() -> bytes:
    """Return the style sheet."""
    return (_FOLDER / "drawer.css").read_bytes()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    known = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    known.filters["cut"] = _cut
    return known.from_string((_FOLDER / "drawer.html").read_text("utf-8"))


def _cut(text: str, most: int) -> str:
    """Return what is shown of a text of which there is room for about so many characters."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def failed(problems: Iterable[Problem]) -> bytes:
    """Return what is shown in the place of a site that could not be built yet."""
    return _template().render(title="The build has failed", failed=True, others=_worst_first(problems)).encode()


def of_page(edition: Edition, store: Store, path: str, problems: Sequence[Problem]) -> bytes:
    """Return the drawer of the page at `path`."""
    identifier = edition.articles.get(path)
    page = _page(edition, store, path)
    own = _worst_first(each for each in problems if _is_of(each, path, identifier))
    bad = [each.severity for each in problems if each.severity > Severity.INFO]
    entry = extracts.entry(edition, store, identifier) if identifier else None
    chapter = extracts.chapter(edition, store, identifier) if identifier else None
    nodes = graph.nodes(page.blocks)
    said = _template().render(
        title=f"Preview of {page.title or path}",
        failed=False,
        edition=edition,
        path=path,
        page=page,
        is_article=identifier is not None,
        own=own,
        others=_worst_first(each for each in problems if each not in own),
        count=len(bad),
        worst=max(bad, default=Severity.INFO),
        entry=entry,
        attached=[f"{kind}: {url.rpartition('/')[2]}" for kind, url in entry.enclosures] if entry else [],
        chapter=chapter,
        member=f"/_publisher/book/{quote(chapter.book)}/{quote(chapter.member)}" if chapter else "",
        nodes=nodes,
        drawn=graph.drawn(nodes),
        written=graph.written(nodes),
        **_shown(edition, page),
    )
    return said.encode()


def _page(edition: Edition, store: Store, path: str) -> Page:
    try:
        return extracts.page(store.read(edition.resources[path]))
    except PublisherError:
        return Page()


def _shown(edition: Edition, page: Page) -> dict[str, object]:
    """Return what search engines and networks show of a page, with the address that it will have."""
    address = urlsplit(edition.at_home(page.canonical) or edition.home)
    names = [unquote(each).removesuffix(".html") for each in address.path.split("/") if each]
    card = {key: page.graph.get(f"og:{key}") or page.graph.get(f"twitter:{key}") or "" for key in _CARD}
    return {
        "trail": " › ".join([address.netloc, *names]),
        "host": urlsplit(edition.home).hostname or "",
        "day": page.graph.get("article:published_time", "")[:10],
        "card": card,
        "picture": extracts.shown_here(edition, card["image"], page.canonical or edition.base) if card["image"] else "",
        "missing": [f"og:{key}" for key in _CARD if key != "image:alt" and not page.graph.get(f"og:{key}")],
    }


def _worst_first(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: -each.severity)


def _is_of(found: Problem, path: str, identifier: str | None) -> bool:
    """Return whether a problem is one of the page, of its JSON-LD, of the article in another file, or of its source."""
    where = found.location.path.replace("\\", "/")
    if where.rpartition(".")[0] == path.rpartition(".")[0] or where == path:
        return True
    # A source has given the article its identifier, by its name.
    minted = f":{quote(stem(where), safe='', errors='replace')}" if where else ""
    return bool(identifier and (identifier in (found.location.pointer, found.message) or (minted and identifier.endswith(minted))))


def content(found: Entry) -> bytes:
    """Return the text of an entry as a page: the typography of a feed reader, and nothing of the site's."""
    style = (_FOLDER / "entry.css").read_text("utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(found.title)}</title>\n'
        f'<base href="{escape(found.link)}">\n<style>{style}</style>\n</head>\n<body dir="auto">\n{found.html}\n</body>\n</html>\n'
    ).encode()

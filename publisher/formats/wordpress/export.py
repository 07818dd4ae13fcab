"""What is in an export, by the names that WordPress gives it, before anything is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from publisher.feeds import line_of
from publisher.markup import Element
from publisher.platforms.trees import text_in

__all__ = ["Category", "Export", "Item"]

_WP = re.compile(r"\{https?://wordpress\.org/export/[\d.]+/(?P<excerpt>excerpt/)?\}(?P<name>.*)")
_OTHERS = {
    "{http://purl.org/rss/1.0/modules/content/}": "content:",
    "{http://purl.org/dc/elements/1.1/}": "dc:",
    "{http://wellformedweb.org/CommentAPI/}": "wfw:",
}
_NO_COMMENTS = frozenset(("spam", "trash", "post-trashed"))


@lru_cache(maxsize=512)
def _name(tag: str) -> str:
    """Return `wp:post_id` for an element of any version of WXR; so do those whose prefix nobody declared call themselves."""
    if found := _WP.fullmatch(tag):
        return ("excerpt:" if found["excerpt"] else "wp:") + found["name"]
    space, brace, name = tag.rpartition("}")
    return _OTHERS.get(space + brace, "") + name


@dataclass(frozen=True, slots=True)
class Category:
    """A category or a tag that a post is in."""

    domain: str
    nicename: str
    name: str


class Item:
    """A post, a page, an attachment or anything else that WordPress keeps as a post."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self.line = line_of(element)
        self._texts: dict[str, str] = {}
        self.meta: dict[str, str] = {}
        self.categories: list[Category] = []
        self.comments = 0
        for child in element:
            self._take(child)

    def _take(self, child: Element) -> None:
        name = _name(child.tag) if isinstance(child.tag, str) else ""
        if name == "wp:postmeta":
            found = _texts(child)
            self.meta.setdefault(found.get("wp:meta_key", ""), found.get("wp:meta_value", ""))
        elif name == "category":
            self.categories.append(Category(child.get("domain") or "category", child.get("nicename") or "", text_in(child)))
        elif name == "wp:comment":
            self.comments += _texts(child).get("wp:comment_approved", "") not in _NO_COMMENTS
        elif name:
            self._texts.setdefault(name, text_in(child))

    def __getitem__(self, name: str) -> str:
        """Return the text of an element, such as `wp:post_id` or `title`; `""` when there is none."""
        return self._texts.get(name, "")

    @property
    def type(self) -> str:
        """Return what it is, a post when it does not say."""
        return self["wp:post_type"].strip() or "post"

    @property
    def number(self) -> int:
        """Return its number in the database, 0 when it has none."""
        return number(self["wp:post_id"])


def number(text: str) -> int:
    """Return a whole number, 0 when it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _texts(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        if isinstance(child.tag, str):
            found.setdefault(_name(child.tag), text_in(child))
    return found


@dataclass(frozen=True)
class Export:
    """All files of an export together."""

    site: Mapping[str, str]
    """Texts of the first channel, such as `title`."""
    items: tuple[Item, ...]
    authors: Mapping[str, str]
    """Names to show, by login."""
    primary: Mapping[int, str]
    """Names of categories by their number."""
    emails: int = 0
    """How many accounts have an e-mail address."""

    @classmethod
    def of(cls, channels: Iterable[Element]) -> Export:
        """Return what the channels say together."""
        site: dict[str, str] = {}
        items: list[Item] = []
        authors: dict[str, str] = {}
        terms: dict[int, str] = {}
        emails = 0
        for name, child in _children(channels):
            if name == "item":
                items.append(Item(child))
            elif name == "wp:author":
                found = _texts(child)
                authors.setdefault(found.get("wp:author_login", "").strip(), _display(found))
                emails += bool(found.get("wp:author_email", "").strip())
            elif name in ("wp:category", "wp:term"):
                found = _texts(child)
                terms.setdefault(number(found.get("wp:term_id", "")), found.get("wp:cat_name") or found.get("wp:term_name", ""))
            else:
                site.setdefault(name, text_in(child))
        return cls(site=site, items=tuple(items), authors=authors, primary=terms, emails=emails)

    @cached_property
    def by_number(self) -> Mapping[int, Item]:
        """Return everything by its number: attachments and blocks that several posts share are asked for by it."""
        return {each.number: each for each in reversed(self.items) if each.number}

    @cached_property
    def attached(self) -> Mapping[int, list[Item]]:
        """Return the attachments by the number of the post that they were uploaded to, as galleries show them."""
        found: dict[int, list[Item]] = {}
        for each in self.items:
            if each.type == "attachment":
                found.setdefault(number(each["wp:post_parent"]), []).append(each)
        return {parent: sorted(each, key=lambda item: (number(item["wp:menu_order"]), item.number)) for parent, each in found.items()}


def _children(channels: Iterable[Element]) -> Iterator[tuple[str, Element]]:
    for channel in channels:
        for child in channel:
            if isinstance(child.tag, str):
                yield _name(child.tag), child


def _display(author: Mapping[str, str]) -> str:
    """Return the name to show of an account: what it chose, else its first and last name."""
    given = " ".join(filter(None, (author.get("wp:author_first_name", "").strip(), author.get("wp:author_last_name", "").strip())))
    return author.get("wp:author_display_name", "").strip() or given

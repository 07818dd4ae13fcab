"""Medium's export: a ZIP file with a page for each post, which has microformats 2 (https://microformats.org/wiki/h-entry).

The shape is as in the exports of 2018 to 2025 (read 2026-11-26); there is no specification. We only read it.
Deviations: a picture that stands before all text is the lead picture, and is not in the text as well;
what readers do (claps, highlights, bookmarks, followers) is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from lxml import etree

from publisher import bylines, charset, dates, markup, minting, schema
from publisher.archives import Archive
from publisher.article import Article, Image, Party
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.platforms import cards, members, rewriting
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.posts import distinct, headline, unique
from publisher.platforms.rewriting import classes, first, said
from publisher.problems import Severity, Unreadable, problem
from publisher.text import line, url

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "medium"
TITLE = "Medium export"
SPEC = "https://microformats.org/wiki/h-entry"
MEDIA_TYPE = "application/zip"

_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "not-articles": Loss(_INFO, "what is no article was left out: {names}", "nothing, unless you miss any of it"),
    "no-entry": Loss(_WARNING, "pages without an entry of Medium in them: {names}", "export anew"),
    "member-damaged": Loss(_WARNING, "files of the archive that cannot be read: {names}", "export anew"),
}
_POST = re.compile(r"(?:^|/)posts/(?P<draft>draft_)?[^/]*\.html?$")
_NUMBER = re.compile(r"-(?P<number>[0-9a-f]{8,14})\.html?$")
_NUMBER_IN_ADDRESS = re.compile(r"medium\.com/p/(?P<number>[0-9a-f]{6,14})")
_ENTRY = re.compile(rb"""class\s*=\s*["'][^"'<>]*\bh-entry\b""")
_GRAF = etree.XPath("descendant::*[contains(concat(' ', normalize-space(@class), ' '), ' graf ')][1]")
_FIRST_TEXT = etree.XPath("descendant::text()[normalize-space()][1]")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are a ZIP file with posts that are entries of microformats, or that Medium's names have."""
    posts = [each for each in members.names(body) if _POST.search(each)]
    if not posts or any(each.endswith("posts.csv") for each in members.names(body)):
        return False
    return any(_NUMBER.search(each) for each in posts) or any(map(_ENTRY.search, members.beginnings(body, ".html")))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the posts of an export; raise `Unreadable` when it is none."""
    archive = Archive(body, NAME, context.limits)
    posts = sorted(each for each in archive.names if _POST.search(each) and not each.startswith("__MACOSX/"))
    if not posts:
        message = "there are no posts in this archive"
        raise Unreadable(problem("medium-no-posts", Severity.ERROR, message, hint="check that this is an export of Medium"))
    return _Reader(archive, posts, context).reading()


@dataclass(frozen=True, slots=True)
class _Post:
    name: str
    draft: bool
    entry: Element


class _Reader:
    def __init__(self, archive: Archive, names: list[str], context: Context) -> None:
        self.archive = archive
        self.names = names
        self.context = context
        self.ledger = Ledger(NAME, _LOSSES)
        self.publication = context.publication or UNNAMED
        self.media = members.Media(archive, context.address)

    def reading(self) -> Reading:
        """Return all posts."""
        posts = list(self.posts())
        articles = distinct(map(self.article, posts), self.ledger)
        drafts = frozenset(each.identifier for each, post in zip(articles, posts, strict=True) if post.draft)
        for name, count in self.others().items():
            self.ledger.note("not-articles", name, count=count)
        publication = schema.with_articles(self.publication, articles)
        return Reading(publication=publication, problems=self.ledger.problems(), drafts=drafts, media=self.media.read)

    def others(self) -> Counter[str]:
        """Return how many pages are in each of the other folders."""
        pages = (each.split("/") for each in self.archive.names if each.endswith((".html", ".htm")) and not _POST.search(each))
        return Counter(each[-2] if len(each) > 1 else each[-1] for each in pages)

    def posts(self) -> Iterator[_Post]:
        """Yield the entries of all pages that have one."""
        for name in self.names:
            try:
                page = charset.text_of(self.archive.read(name), None)
            except Unreadable:
                self.ledger.note("member-damaged", name)
                continue
            entry = first(rewriting.parsed(page), "h-entry")
            if entry is None:
                self.ledger.note("no-entry", name)
            else:
                found = _POST.search(name)
                yield _Post(name, bool(found and found["draft"]), entry)

    def article(self, post: _Post) -> Article:
        """Return a post."""
        entry = post.entry
        title, subtitle = line(said(first(entry, "p-name"))), line(said(first(entry, "p-summary")))
        time = first(entry, "dt-published")
        content = first(entry, "e-content")
        images: tuple[Image, ...] = ()
        if content is not None:
            _take_titles(content, title, subtitle)
            images = self.lead(content)
            _make_plain(content)
        body = self.ledger.body(content, self.resolve, name=title or post.name) if content is not None else ""
        published = dates.parse((time.get("datetime") or said(time)) if time is not None else "")
        self.ledger.note("unpublished", title or post.name, count=post.draft)
        self.ledger.note("without-date", title or post.name, count=published is None and not post.draft)
        return Article(
            identifier=self.identifier(post),
            type="BlogPosting",
            headline=headline(title, body, minting.stem(post.name)),
            url=None if post.draft else self.canonical(entry),
            alternative_headline=subtitle if subtitle != title and not _repeats(subtitle, body) else None,
            body=body,
            keywords=unique(line(said(each)) for each in entry.iter("a") if "p-tag" in classes(each)),
            in_language=self.publication.in_language,
            date_published=published,
            author=self.authors(entry),
            image=images,
        )

    def identifier(self, post: _Post) -> str:
        """Return the short address of a post, which is the guid in the feeds of Medium."""
        addresses = (each.get("href") or "" for each in post.entry.iter("a"))
        found = _NUMBER.search(post.name) or next((found for each in addresses if (found := _NUMBER_IN_ADDRESS.search(each))), None)
        if found:
            return f"https://medium.com/p/{found['number']}"
        return minting.identifier(self.publication.url, self.context.since, minting.stem(post.name))

    def canonical(self, entry: Element) -> str | None:
        """Return where a post is published."""
        found = first(entry, "p-canonical")
        return schema.web_address(found.get("href")) if found is not None else None

    def authors(self, entry: Element) -> tuple[Party, ...]:
        """Return who wrote a post, with the address of their page."""
        return tuple(found for each in entry.iter("a") if "p-author" in classes(each) and (found := self.author(each)))

    def author(self, link: Element) -> Party | None:
        """Return whom a link names."""
        found = bylines.party(said(link), self.context.parties)
        if not found or found.name.casefold() in self.context.parties:
            return found
        return type(found)(name=found.name, url=url(link.get("href")))

    def resolve(self, reference: str) -> str | None:
        """Return the address of what a text refers to."""
        return self.media.find(reference, "posts") or url(reference, "https://medium.com/")

    def lead(self, content: Element) -> tuple[Image, ...]:
        """Take the picture that stands before all text, and return it."""
        graf = next(iter(cast("list[Element]", _GRAF(content))), None)
        if graf is None or graf.tag != "figure" or _has_text_before(content, graf):
            return ()
        picture = next(graf.iter("img"), None)
        address = self.resolve(picture.get("src") or "") if picture is not None else None
        if picture is None or not address:
            return ()
        caption = said(next(graf.iter("figcaption"), None))
        markup.take_out(graf)
        return (Image(content_url=address, caption=line(caption), description=line(picture.get("alt"))),)


def _repeats(subtitle: str | None, body: str) -> bool:
    """Return whether a subtitle is only how the text begins, as Medium makes one where nobody has written any."""
    said = line(markup.to_text(body)) if subtitle else None
    return bool(subtitle and said and said.startswith(subtitle.rstrip("…. ")))


def _has_text_before(content: Element, graf: Element) -> bool:
    text = cast("list[etree._ElementUnicodeResult]", _FIRST_TEXT(content))
    parent = text[0].getparent() if text else None
    return parent is not None and parent is not graf and graf not in parent.iterancestors() and _is_before(parent, graf)


def _is_before(element: Element, other: Element) -> bool:
    root = element.getroottree().getroot()
    return next((each for each in root.iter() if each is element or each is other), None) is element


def _take_titles(content: Element, title: str | None, subtitle: str | None) -> None:
    """Take the title and the subtitle, which the text repeats, and the rule above it out of it."""
    divider = first(content, "section-divider")
    if divider is not None:
        markup.take_out(divider)
    for name, text in (("graf--title", title), ("graf--subtitle", subtitle)):
        found = first(content, name)
        if found is not None and text and line(said(found)) == text:
            markup.take_out(found)


def _make_plain(content: Element) -> None:
    """Make plain links of the pages shown inside a text, and take the names away that every paragraph has and nobody links to."""
    wanted = {href[1:] for each in content.iter("a") if (href := each.get("href") or "").startswith("#")}
    for each in content.iter("*"):
        if "graf" in classes(each) and each.get("id", "") not in wanted:
            each.attrib.pop("id", "")
    for each in [each for each in content.iter("div", "figure") if {"graf--mixtapeEmbed", "graf--iframe"} & set(classes(each))]:
        if made := _embedded(each):
            rewriting.replace(each, made)


def _embedded(graf: Element) -> str:
    if "graf--mixtapeEmbed" in classes(graf):
        link = next(graf.iter("a"), None)
        title, about = said(next(graf.iter("strong"), None)), said(next(graf.iter("em"), None))
        return cards.bookmark(link.get("href") or "", title, about) if link is not None else ""
    script = next(graf.iter("script"), None)
    source = (script.get("src") or "").removesuffix(".js") if script is not None else ""
    return cards.embed(source, caption_html=rewriting.inside(next(graf.iter("figcaption"), None))) if source else ""

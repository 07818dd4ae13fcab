"""Substack's export: a ZIP file with `posts.csv` and a page for each post. We only read it.

The shape is as in the exports that newsletters have got since 2020 (read 2026-11-26); there is no specification.
Deviations: the lists of subscribers and the statistics are left out unread. The export does not say which site it is of:
addresses are those of Substack, `/p/slug`, below the publication's. No post says who wrote it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from publisher import minting, schema
from publisher.archives import Archive
from publisher.article import Article, Media
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.platforms import cards, members, rewriting
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.notes import Notes, end_notes
from publisher.platforms.posts import distinct, headline, plain
from publisher.platforms.rewriting import Change, classes, inside, said
from publisher.problems import Severity, Unreadable, problem
from publisher.text import escape, url

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "substack"
TITLE = "Substack export"
SPEC = "https://support.substack.com/hc/en-us/articles/360037466012"
MEDIA_TYPE = "application/zip"

_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "restricted": Loss(_WARNING, "articles only for those who pay or subscribe: {names}", "decide whether everybody may read them"),
    "text-missing": Loss(_WARNING, "posts without a text in the archive: {names}", "export anew, or write it yourself"),
    "not-listed": Loss(_INFO, "texts not in posts.csv, so that nobody knows their titles and dates: {names}", "write them yourself"),
    "widgets": Loss(_INFO, "what asks readers to subscribe, to share or to answer was left out: {names}", "nothing"),
    "recordings": Loss(_WARNING, "recordings that only Substack plays were left out: {names}", "download them, and put them in"),
    "people": Loss(_INFO, "lists of subscribers and statistics were not read: {names}", "keep them safe: they are about people"),
    "member-damaged": Loss(_WARNING, "files of the archive that cannot be read: {names}", "export anew"),
    "list-damaged": Loss(_WARNING, "posts.csv cannot be read to its end", "export anew"),
}
_PAID = frozenset(("only_paid", "founding", "only_free"))
_TABLE = "posts.csv"


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are a ZIP file with the list of posts in it."""
    return any(_is_table(each) for each in members.names(body))


def _is_table(name: str) -> bool:
    return name.rpartition("/")[2] == _TABLE and not name.startswith("__MACOSX/")


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the posts of an export; raise `Unreadable` when it is none."""
    archive = Archive(body, NAME, context.limits)
    table = min((each for each in archive.names if _is_table(each)), key=lambda each: (len(each), each), default=None)
    if table is None:
        message = f"there is no {_TABLE} in this archive"
        raise Unreadable(problem("substack-no-posts", Severity.ERROR, message, hint="check that this is an export of Substack"))
    return _Reader(archive, table, context).reading()


class _Reader:
    def __init__(self, archive: Archive, table: str, context: Context) -> None:
        self.archive = archive
        self.folder = table.removesuffix(_TABLE)
        self.context = context
        self.ledger = Ledger(NAME, _LOSSES)
        self.publication = context.publication or UNNAMED
        self.media = members.Media(archive, context.address)
        self.rows = list(self.table(members.text(archive, table)))

    def table(self, text: str) -> Iterator[Mapping[str, str]]:
        """Yield the rows of `posts.csv`, as far as they can be read."""
        try:
            for row in csv.DictReader(StringIO(text)):
                yield {key: value for key, value in row.items() if isinstance(key, str) and isinstance(value, str)}
        except csv.Error:
            self.ledger.note("list-damaged")

    def reading(self) -> Reading:
        """Return all posts, those that are only files last."""
        listed = {row.get("post_id", "") for row in self.rows}
        others = [each for name in self.archive.names if (each := self.post_of(name)) and each not in listed]
        for each in others:
            self.ledger.note("not-listed", each)
        rows = [*(row for row in self.rows if row.get("post_id")), *({"post_id": each, "is_published": "false"} for each in others)]
        articles = distinct(map(self.article, rows), self.ledger)
        drafts = frozenset(each.identifier for each, row in zip(articles, rows, strict=True) if not _is_published(row))
        self.note_people()
        publication = schema.with_articles(self.publication, articles)
        return Reading(publication=publication, problems=self.ledger.problems(), drafts=drafts, media=self.media.read)

    def post_of(self, name: str) -> str:
        """Return the number and slug of the post whose text is in a file, `""` when that is none."""
        rest = name.removeprefix(f"{self.folder}posts/")
        return rest.removesuffix(".html") if rest != name and rest.endswith(".html") and "/" not in rest else ""

    def note_people(self) -> None:
        """Note the files that are about subscribers."""
        for name in self.archive.names:
            self.ledger.note("people", name.rpartition("/")[2], count=name.endswith(".csv") and not _is_table(name))

    def article(self, row: Mapping[str, str]) -> Article:
        """Return the post of a row."""
        number, _, slug = row["post_id"].partition(".")
        title, published = plain(row.get("title")), schema.parse_date(row.get("post_date", ""))
        draft = not _is_published(row)
        body = self.body(row["post_id"], title or slug)
        self.note_state(row, title or slug, draft=draft)
        self.ledger.note("without-date", title or slug, count=published is None and not draft)
        return Article(
            identifier=minting.identifier(self.publication.url, self.context.since, f"substack-{number}"),
            type="Article" if row.get("type") == "page" else "BlogPosting",
            headline=headline(title, body, slug.replace("-", " ")),
            url=self.address(slug) if not draft else None,
            alternative_headline=plain(row.get("subtitle")),
            body=body,
            in_language=self.publication.in_language,
            date_published=None if draft else published,
            date_modified=published if draft else None,
            associated_media=_recording(row.get("podcast_url", "")),
            is_accessible_for_free=False if row.get("audience") in _PAID else None,
        )

    def note_state(self, row: Mapping[str, str], title: str, *, draft: bool) -> None:
        """Note what an article has that the model does not."""
        self.ledger.note("unpublished", title, count=draft)
        self.ledger.note("restricted", f"{title} ({row.get('audience')})", count=row.get("audience") in _PAID)

    def address(self, slug: str) -> str | None:
        """Return where a post is on the site that it is published on, `None` when that is not known."""
        known = slug and self.publication.url != UNNAMED.url
        return url(f"p/{slug}", self.publication.url) if known else None

    def body(self, name: str, title: str) -> str:
        """Return the text of a post."""
        path = f"{self.folder}posts/{name}.html"
        try:
            html = members.text(self.archive, path)
        except KeyError:
            self.ledger.note("text-missing", title)
            return ""
        except Unreadable:
            self.ledger.note("member-damaged", path)
            return ""
        return self.ledger.body(_Text(self.ledger).tree(html), self.resolve, name=title)

    def resolve(self, reference: str) -> str | None:
        """Return the address of what a text refers to; what Substack fills in when it sends a letter goes nowhere."""
        if "%%" in reference:
            return None
        return self.media.find(reference, f"{self.folder}posts") or url(reference, self.publication.url)


def _is_published(row: Mapping[str, str]) -> bool:
    return row.get("is_published", "").strip().lower() in ("true", "1", "yes")


def _recording(address: str) -> tuple[Media, ...]:
    found = url(address)
    return (Media(content_url=found, type="AudioObject"),) if found and found.startswith("http") else ()


# -- the text -------------------------------------------------------------------------------------------------------------

_ADDRESSES = ("url", "canonical_url", "base_url", "href")
_NAMES = ("title", "name", "full_text", "label")
_WIDGETS = frozenset(
    "subscription-widget-wrap subscription-widget-wrap-editor subscription-widget subscribe-widget poll-embed paywall-jump "
    "install-substack-app-embed community-chat directMessage captioned-button-wrap".split()
)
_PLAYERS = frozenset(("native-audio-embed", "native-video-embed"))
_VIDEOS = {"youtube-wrap": "https://www.youtube.com/watch?v=", "vimeo-wrap": "https://vimeo.com/"}
_EMBEDS = frozenset(
    "tweet embedded-post-wrap digest-post-embed embedded-publication-wrap spotify-wrap soundcloud-wrap apple-podcast-container "
    "bluesky-wrap instagram tiktok-wrap github-gist bandcamp-wrap datawrapper-wrap comment embedded-post file-embed-wrapper".split()
)


class _Text:
    """One text, whose cards become plain, and whose notes come to its end."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._marks = Notes()
        self._notes: list[tuple[int, str]] = []

    def tree(self, html: str) -> Element:
        """Return the body of the text."""
        changes: dict[str, Change] = {
            **dict.fromkeys(_WIDGETS, self.widget),
            **dict.fromkeys(_PLAYERS, self.player),
            **dict.fromkeys(_VIDEOS, _video),
            **dict.fromkeys(_EMBEDS, _embed),
            "button-wrapper": self.button,
            "captioned-image-container": _image,
            "image-gallery-embed": _gallery,
            "pullquote": lambda element: f"<blockquote>{inside(element)}</blockquote>",
            "mention-wrap": _mention,
            "hide-text": lambda _: "",  # what Substack's editor says to authors
            "latex-rendered": _formula,
            "footnote-anchor": self.mark,
            "footnote": self.note,
        }
        root = rewriting.tree(html, changes)
        if self._notes:
            rewriting.append(root, end_notes(self._notes))
        return root

    def widget(self, element: Element) -> str:
        """Leave out what asks something of readers."""
        self._ledger.note("widgets", next(iter(classes(element)), ""))
        return ""

    def player(self, element: Element) -> str:
        """Leave out a recording whose address is not in the export."""
        self._ledger.note("recordings", _first(_data(element), _NAMES) or next(iter(classes(element)), ""))
        return ""

    def button(self, element: Element) -> str:
        """Return a link for a button that leads somewhere else than to Substack's own forms."""
        address = _first(_data(element), _ADDRESSES) or next((each.get("href") or "" for each in element.iter("a")), "")
        if not address or "%%" in address or "/subscribe" in address or "action=share" in address:
            return self.widget(element)
        return f"<p>{cards.link(address, said(element))}</p>"

    def mark(self, element: Element) -> str:
        """Return the mark that leads to a footnote."""
        return self._marks.mark((element.get("href") or "").lstrip("#"))

    def note(self, element: Element) -> str:
        """Put a footnote to the others."""
        number = rewriting.first(element, "footnote-number")
        name = (number.get("id") if number is not None else "") or element.get("id") or ""
        content = inside(rewriting.first(element, "footnote-content")) or escape(said(element))
        self._notes.append((self._marks.number(name), content))
        return ""


def _data(element: Element) -> Mapping[str, Any]:
    """Return what Substack's editor keeps of an element, as JSON in an attribute."""
    try:
        found = schema.from_text(element.get("data-attrs") or "{}")
    except Unreadable:
        return {}
    return found if isinstance(found, dict) else {}


def _first(values: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for each in names if isinstance(value := values.get(each), str) and value), "")


def _embed(element: Element) -> str | None:
    data = _data(element)
    address = _first(data, _ADDRESSES) or next((each.get("href") or "" for each in element.iter("a")), "")
    return cards.embed(address, _first(data, _NAMES) or said(element)) if address else None


def _video(element: Element) -> str | None:
    start = next(start for name, start in _VIDEOS.items() if name in classes(element))
    number = _first(_data(element), ("videoId",))
    return cards.embed(f"{start}{number}") if number else None


def _image(element: Element) -> str | None:
    image = next(element.iter("img"), None)
    if image is None:
        return None
    data = _data(image)
    source = _first(data, ("src",)) or image.get("src") or ""
    alternative = image.get("alt") or _first(data, ("alt",)) or None
    target = _first(data, ("href",))
    return cards.figure(cards.picture(source, alternative, target), inside(next(element.iter("figcaption"), None)))


def _gallery(element: Element) -> str | None:
    found = _data(element).get("gallery")
    images = found.get("images") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(images, list):
        return None
    sources = [source for each in images if isinstance(each, dict) and (source := _first(each, ("src",)))]
    figures = (cards.figure(cards.picture(each, _first(found, ("alt",)) or None)) for each in sources)
    return cards.gallery(figures, escape(_first(found, ("caption",))))


def _mention(element: Element) -> str | None:
    name = _first(_data(element), _NAMES)
    return escape(name) if name and not said(element) else None


def _formula(element: Element) -> str:
    return f"<p><code>{escape(_first(_data(element), ('persistentExpression',)) or said(element))}</code></p>"

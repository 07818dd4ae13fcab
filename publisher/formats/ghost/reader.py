"""From Ghost's tables to articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from publisher import bylines, manuscript, schema
from publisher.archives import Archive
from publisher.article import Article, Date, Image, Organization, Party, Person, Publication
from publisher.formats import Context, Reading
from publisher.formats.ghost import cards, lexical, mobiledoc
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.members import Media, names
from publisher.platforms.posts import distinct, headline, later, plain, unique
from publisher.problems import Severity, Unreadable, problem
from publisher.text import language, line, url

NAME = "ghost"
Row = Mapping[str, Any]
_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "restricted": Loss(_WARNING, "articles only for members or for those who pay: {names}", "decide whether everybody may read them"),
    "internal-tags": Loss(_INFO, "internal tags were left out, since readers do not see them: {names}", "nothing"),
    "featured": Loss(_INFO, "articles that were featured, and here are not: {names}", "nothing, or put them into a list of yours"),
    "cards": Loss(_INFO, "cards that are no text were left out: {names}", "write what you want to keep of them"),
    "code": Loss(
        _INFO, "articles whose pages had code of their own, which was left out: {count}", "put what you still need into the theme"
    ),
    "email-only": Loss(_INFO, "articles only sent by mail, so that they have no address: {names}", "nothing"),
    "site-unknown": Loss(
        _WARNING, "addresses on the site itself, which the export does not name: {count}", "write the url of the site in publisher.toml"
    ),
    "emails": Loss(_INFO, "e-mail addresses of accounts left out, since no page shows them: {count}", "write those that may be known"),
    "malformed": Loss(_WARNING, "entries that cannot be read: {count}", "export anew, and compare how many articles there are"),
}
_PAID = frozenset(("paid", "tiers", "members"))
_UNPUBLISHED = frozenset(("draft", "scheduled"))
_PLACE = "__GHOST_URL__"


def read(body: bytes, context: Context) -> Reading:
    """Return the posts and pages of an export; raise `Unreadable` when it is none."""
    archive = Archive(body, NAME, context.limits) if names(body) else None
    document = _document(archive) if archive else schema.from_text(_decoded(body))
    if (tables := _tables(document)) is None:
        message = "there are no posts of Ghost in this file"
        raise Unreadable(problem("ghost-no-posts", Severity.ERROR, message, hint="check that this is an export of Ghost"))
    return _Reader(tables, context, Media(archive, context.address) if archive else None).reading()


def _decoded(body: bytes) -> str:
    return manuscript.decode(body)[0]


def _document(archive: Archive) -> object:
    """Return the first JSON in an archive that has posts."""
    found: object = None
    for name in sorted(each for each in archive.names if each.lower().endswith(".json")):
        found = schema.from_text(_decoded(archive.read(name)))
        if _tables(found) is not None:
            break
    return found


def _tables(document: object) -> Row | None:
    """Return the tables of an export, in its form since version 0.4 or in that of other programs."""
    first = document.get("db") if isinstance(document, dict) else None
    holder = first[0] if isinstance(first, list) and first else document
    tables = holder.get("data", holder) if isinstance(holder, dict) else None
    return tables if isinstance(tables, dict) and isinstance(tables.get("posts"), list) else None


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value.strip() if isinstance(value, str) else ""


def _key(value: object) -> str:
    """Return what identifies a row: 24 hexadecimal digits, in early versions a number."""
    return str(value) if isinstance(value, str | int) else ""


def _date(value: object) -> Date | None:
    """Return a moment in UTC, written in ISO 8601 or, in early versions, in milliseconds since 1970."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**14:
        return schema.moment(datetime.fromtimestamp(value / 1000, UTC))
    return schema.parse_date(value) if isinstance(value, str) else None


class _Reader:
    def __init__(self, tables: Row, context: Context, media: Media | None) -> None:
        self.tables = tables
        self.context = context
        self.media = media
        self.ledger = Ledger(NAME, _LOSSES)
        self.about = {_text(each, "key"): _text(each, "value") for each in self.rows("settings")}
        self.home = context.publication.url if context.publication else UNNAMED.url
        self.users = {_key(each.get("id")): each for each in self.rows("users")}
        self.tags = {_key(each.get("id")): each for each in self.rows("tags")}
        self.meta = {_key(each.get("post_id")): each for each in self.rows("posts_meta")}
        self.authors_of = self.joined("posts_authors", "author_id")
        self.tags_of = self.joined("posts_tags", "tag_id")
        self.parties: dict[str, Party | None] = {}

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table."""
        found = self.tables.get(name)
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    def joined(self, name: str, other: str) -> Mapping[str, list[str]]:
        """Return what a table joins to each post, in its order."""
        rows = sorted(self.rows(name), key=lambda row: order if isinstance(order := row.get("sort_order"), int) else 0)
        found: dict[str, list[str]] = {}
        for each in rows:
            found.setdefault(_key(each.get("post_id")), []).append(_key(each.get(other)))
        return found

    def reading(self) -> Reading:
        """Return all posts and pages."""
        self.ledger.note("emails", count=sum(bool(_text(each, "email")) for each in self.users.values()))
        self.ledger.note("malformed", count=len(self.tables["posts"]) - len(self.rows("posts")))
        posts = self.rows("posts")
        articles = distinct(map(self.article, posts), self.ledger)
        drafts = frozenset(each.identifier for each, post in zip(articles, posts, strict=True) if _text(post, "status") in _UNPUBLISHED)
        publication = replace(self.publication(), sections=unique(each.article_section for each in articles))
        return Reading(
            publication=schema.with_articles(publication, articles),
            problems=self.ledger.problems(),
            drafts=drafts,
            media=self.media.read if self.media else Reading(publication=publication).media,
        )

    def publication(self) -> Publication:
        """Return what the settings say of the site."""
        return Publication(
            identifier=self.home,
            name=line(self.about.get("title")) or (self.context.publication or UNNAMED).name,
            url=self.home,
            description=line(self.about.get("description")),
            in_language=language(self.about.get("locale") or self.about.get("lang") or self.about.get("default_locale")),
        )

    def article(self, post: Row) -> Article:
        """Return a post or a page."""
        title, status, page = plain(_text(post, "title")), _text(post, "status"), _is_page(post)
        self.note_state(post, title or "", status)
        body = self.body(post)
        section, keywords = self.labels(post)
        published, modified = _date(post.get("published_at")), _date(post.get("updated_at"))
        draft = status == "draft"
        self.ledger.note("without-date", title or "", count=published is None and not draft)
        return Article(
            identifier=line(_key(post.get("id")) or _text(post, "uuid")) or f"{self.home}{_text(post, 'slug')}",
            type="Article" if page else "BlogPosting",
            headline=headline(title, body, _text(post, "slug")),
            url=self.address_of(post) if status not in _UNPUBLISHED and status != "sent" else None,
            description=plain(_text(post, "custom_excerpt")) or plain(_text(self.about_post(post), "meta_description")),
            body=body,
            article_section=section,
            keywords=keywords,
            in_language=language(_text(post, "locale")) or language(self.about.get("locale") or self.about.get("lang")),
            date_published=None if draft else published,
            date_modified=(modified or published) if draft else later(modified, published),
            author=self.authors(post),
            image=self.images(post),
            is_based_on=self.address(_text(post, "canonical_url")),
            is_accessible_for_free=False if _text(post, "visibility") in _PAID else None,
        )

    def note_state(self, post: Row, title: str, status: str) -> None:
        """Note what an article has that the model does not."""
        self.ledger.note("unpublished", f"{title} ({status})", count=status in _UNPUBLISHED)
        self.ledger.note("email-only", title, count=status == "sent")
        self.ledger.note("restricted", f"{title} ({_text(post, 'visibility')})", count=_text(post, "visibility") in _PAID)
        self.ledger.note("featured", title, count=post.get("featured") in (True, 1))
        self.ledger.note("code", count=bool(_text(post, "codeinjection_head") or _text(post, "codeinjection_foot")))

    def about_post(self, post: Row) -> Row:
        """Return what is said of a post in a table of its own, before version 3 in its own row."""
        return {**post, **{name: value for name, value in self.meta.get(_key(post.get("id")), {}).items() if value}}

    def address_of(self, post: Row) -> str | None:
        """Return where a post is on the site that it is published on, `None` when that is not known."""
        slug = _text(post, "slug")
        return url(f"{slug}/", self.home) if slug and self.home != UNNAMED.url else None

    def address(self, reference: str) -> str | None:
        """Return the address of what a text refers to: on the site, or in the archive."""
        path = reference.removeprefix(_PLACE) if reference.startswith(_PLACE) else reference
        if self.media and path.startswith("/") and (found := self.media.find(path)):
            return found
        self.ledger.note("site-unknown", count=path != reference and self.home == UNNAMED.url)
        return url(f"/{path.lstrip('/')}" if path != reference else path, self.home) if reference else None

    def body(self, post: Row) -> str:
        """Return the text of a post."""
        return self.ledger.body(self.html(post), self.address, name=_text(post, "title"))

    def html(self, post: Row) -> str | Element:
        """Return the finished HTML of a post, else that of its source."""
        if finished := _text(post, "html"):
            return cards.rendered(finished, self.note_card)
        return next((made for name, make in _SOURCES if (made := self.made(_text(post, name), make))), "")

    def made(self, source: str, make: Callable[[object, cards.Note], str]) -> str:
        """Return the HTML of a source in JSON; `""` when it is none."""
        try:
            return make(schema.from_text(source), self.note_card) if source else ""
        except Unreadable:
            self.ledger.note("malformed")
            return ""

    def note_card(self, name: str) -> None:
        """Note a card that is left out."""
        self.ledger.note("cards", name)

    def labels(self, post: Row) -> tuple[str | None, tuple[str, ...]]:
        """Return the primary tag and the others that readers see."""
        tags = [self.tags.get(each, {}) for each in self.tags_of.get(_key(post.get("id")), ())]
        found = unique(line(_text(each, "name")) for each in tags if not self.is_internal(each))
        return (found[0] if found else None), found[1:]

    def is_internal(self, tag: Row) -> bool:
        """Return whether readers do not see a tag, and note it."""
        internal = _text(tag, "name").startswith("#") or _text(tag, "visibility") == "internal"
        self.ledger.note("internal-tags", _text(tag, "name"), count=internal)
        return internal

    def authors(self, post: Row) -> tuple[Party, ...]:
        """Return who wrote a post; before version 2 only one could."""
        keys: Iterable[str] = self.authors_of.get(_key(post.get("id"))) or [_key(post.get("author_id"))]
        found = (self.party(key) for key in keys)
        return tuple(dict.fromkeys(each for each in found if each))

    def party(self, key: str) -> Party | None:
        """Return the account of that number as somebody."""
        if key not in self.parties:
            user = self.users.get(key, {})
            self.parties[key] = self.with_profile(bylines.party(_text(user, "name"), self.context.parties), user)
        return self.parties[key]

    def with_profile(self, found: Party | None, user: Row) -> Party | None:
        """Return somebody with what the account shows to readers, where nothing better is known."""
        if not found or found.name.casefold() in self.context.parties:
            return found
        same = tuple(each for each in (_twitter(_text(user, "twitter")), _facebook(_text(user, "facebook"))) if each)
        found = replace(found, url=found.url or url(_text(user, "website")), same_as=found.same_as or same)
        picture = self.address(_text(user, "profile_image") or _text(user, "image"))
        if not picture or isinstance(found, Organization):
            return found
        return replace(found, image=Image(content_url=picture)) if isinstance(found, Person) else found

    def images(self, post: Row) -> tuple[Image, ...]:
        """Return the picture above a post."""
        about = self.about_post(post)
        address = self.address(_text(post, "feature_image") or _text(post, "image"))
        caption, alternative = plain(_text(about, "feature_image_caption")), line(_text(about, "feature_image_alt"))
        return (Image(content_url=address, caption=caption, description=alternative),) if address else ()


_SOURCES: tuple[tuple[str, Callable[[object, cards.Note], str]], ...] = (("lexical", lexical.to_html), ("mobiledoc", mobiledoc.to_html))


def _is_page(post: Row) -> bool:
    return _text(post, "type") == "page" or post.get("page") in (True, 1)


def _twitter(name: str) -> str | None:
    return url(f"https://twitter.com/{name.removeprefix('@')}") if name else None


def _facebook(name: str) -> str | None:
    return url(f"https://www.facebook.com/{name}") if name else None

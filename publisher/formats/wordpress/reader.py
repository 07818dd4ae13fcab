"""From WordPress's posts to articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from publisher import bylines, manuscript, schema
from publisher.archives import Archive
from publisher.article import Article, Date, Image, Party, Publication
from publisher.formats import Context, Reading
from publisher.formats.wordpress import attachments
from publisher.formats.wordpress.content import Bodies
from publisher.formats.wordpress.export import Category, Export, Item, number
from publisher.markup import Element
from publisher.minting import UNNAMED
from publisher.platforms import members, trees
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.posts import distinct, headline, later, moment, plain, unique
from publisher.problems import Severity, Unreadable, problem
from publisher.text import language, line, url

NAME = "wordpress"
_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "password": Loss(
        _WARNING,
        "articles for readers with a password, which are drafts now: {names}",
        "decide whether everybody may read them",
    ),
    "trash": Loss(
        _INFO, "articles left out, since they are in the bin: {count}", "take them out of the bin and export anew if you want them"
    ),
    "sticky": Loss(_INFO, "articles that always stood at the top, and here do not: {names}", "nothing, or put them into a list of yours"),
    "post-types": Loss(_INFO, "what is neither post nor page was read as an article: {names}", "look whether these are articles"),
    "not-articles": Loss(_INFO, "what is no article was left out: {names}", "nothing, unless you miss any of it"),
    "shortcodes": Loss(
        _WARNING, "shortcodes of plugins were left out, and what was inside stayed: {names}", "look at what their plugins showed there"
    ),
    "blocks": Loss(_WARNING, "blocks that are made anew for every visitor were left out: {names}", "write what you want to keep of them"),
    "taxonomies": Loss(
        _INFO, "terms that are neither categories nor tags were left out: {names}", "write what you want to keep as keywords"
    ),
    "fields": Loss(_INFO, "fields of plugins and themes were left out: {names}", "look whether any says something to readers"),
    "picture-missing": Loss(
        _WARNING,
        "pictures that are named and not in the export: {names}",
        "export everything, not only posts, or all files at once",
    ),
    "emails": Loss(_INFO, "e-mail addresses of accounts left out, since no page shows them: {count}", "write those that may be known"),
    "member-damaged": Loss(_WARNING, "files of the archive that cannot be read: {names}", "export anew"),
}
_INTERNAL = frozenset(
    "nav_menu_item revision custom_css customize_changeset oembed_cache user_request wp_block wp_template wp_template_part "
    "wp_global_styles wp_navigation wp_font_family wp_font_face attachment feedback jp_img_sitemap jp_pay_order "
    "acf acf-field acf-field-group acf-post-type acf-taxonomy wpcf7_contact_form wpforms mc4wp-form elementor_library elementor_snippet "
    "et_pb_layout fl-builder-template tablepress_table ml-slider ml-slide shop_order shop_order_refund shop_coupon product_variation "
    "scheduled-action amp_validated_url".split()
)
"""What WordPress and plugins in wide use keep as posts, and what is none: menus, forms, layouts, orders."""
_ASKED_FOR = frozenset(("post", "page", "attachment", "wp_block"))
"""What posts ask for, or what says nothing."""
_DROPPED = frozenset(("trash", "auto-draft", "inherit"))
_PUBLISHED = frozenset(("publish", ""))
"""Any other status is of a post that is not published, also those that plugins add."""
_WITH_DATE = frozenset((*_PUBLISHED, "private", "future"))
"""The date is the one on which it was or will be published."""
_DEFAULT_CATEGORIES = frozenset(("uncategorized", "uncategorised"))
_PRIMARY = ("_yoast_wpseo_primary_category", "rank_math_primary_category", "_primary_category")
_DESCRIPTIONS = ("_yoast_wpseo_metadesc", "rank_math_description")
_SUBTITLES = ("_subtitle", "subtitle", "kia_subtitle", "wps_subtitle")
_TAXONOMIES = frozenset(("category", "post_tag", "tag", "author", "language", "post_format", "post_translations", "nav_menu"))
_FIELDS = frozenset((*_PRIMARY, *_DESCRIPTIONS, *_SUBTITLES, "enclosure", "footnotes", "rank_math_canonical_url"))
"""What is read, of those whose names do not begin with an underscore, which is for what only programs see."""
_CANONICAL = ("_yoast_wpseo_canonical", "rank_math_canonical_url")


def read(body: bytes, context: Context) -> Reading:
    """Return the posts and pages of an export; raise `Unreadable` when it is none."""
    ledger = Ledger(NAME, _LOSSES)
    channels = list(_channels(body, context, ledger))
    if not channels:
        message = "there is no channel of WordPress in this file"
        raise Unreadable(problem("wordpress-no-channel", Severity.ERROR, message, hint="check that this is an export of WordPress"))
    return _Reader(Export.of(channels), context, ledger).reading()


def _channels(body: bytes, context: Context, ledger: Ledger) -> Iterator[Element]:
    for each in _files(body, context, ledger):
        root, found = trees.parse(each, NAME)
        ledger.tell(found)
        channel = root if root.tag == "channel" else root.find(".//channel")
        if channel is not None:
            yield channel


def _files(body: bytes, context: Context, ledger: Ledger) -> Iterator[bytes]:
    if not members.names(body):
        yield body
        return
    archive = Archive(body, NAME, context.limits)
    for name in sorted(each for each in archive.names if each.lower().endswith(".xml") and not each.startswith("__MACOSX")):
        try:
            yield archive.read(name)
        except Unreadable:
            ledger.note("member-damaged", name)


@dataclass(frozen=True, slots=True)
class _Read:
    """An article and whether it is published."""

    article: Article
    draft: bool


class _Reader:
    def __init__(self, export: Export, context: Context, ledger: Ledger) -> None:
        self.export = export
        self.context = context
        self.ledger = ledger
        self.publication = _publication(export)
        self.bodies = Bodies(export, ledger, self.publication.url)
        self.parties: dict[str, Party | None] = {}

    def reading(self) -> Reading:
        """Return all that is an article."""
        self.ledger.note("emails", count=self.export.emails)
        self._tell_types()
        found = [read for item in self.export.items if _is_article(item) and (read := self._article(item))]
        articles = distinct((each.article for each in found), self.ledger)
        drafts = frozenset(article.identifier for article, each in zip(articles, found, strict=True) if each.draft)
        sections = unique(each.article_section for each in articles)
        publication = replace(self.publication, sections=sections)
        return Reading(publication=schema.with_articles(publication, articles), problems=self.ledger.problems(), drafts=drafts)

    def _tell_types(self) -> None:
        for each in self.export.items:
            if _is_article(each):
                self.ledger.note("post-types", each.type, count=each.type not in ("post", "page"), line=each.line)
            else:
                self.ledger.note("not-articles", each.type, count=each.type not in _ASKED_FOR, line=each.line)

    def _article(self, item: Item) -> _Read | None:
        """Return what a post is, `None` when it is in the bin or empty."""
        status = item["wp:status"].strip() or "publish"
        if status in _DROPPED:
            self.ledger.note("trash", count=status == "trash")
            return None
        name = plain(item["title"]) or item["wp:post_name"]
        draft = self._is_draft(item, status, name)
        self.ledger.note("comments", count=item.comments, line=item.line)
        self.ledger.note("sticky", name, count=item["wp:is_sticky"].strip() == "1")
        self._tell_others(item)
        body = self.bodies.of(item)
        published, modified = self._dates(item, status)
        primary, others = self._categories(item)
        article = Article(
            identifier=self._identifier(item),
            type="BlogPosting" if item.type == "post" else "Article",
            headline=headline(plain(item["title"]), body, item["wp:post_name"]),
            url=None if draft else schema.web_address(item["link"]),
            alternative_headline=self._meta(item, _SUBTITLES),
            description=plain(item["excerpt:encoded"]) or self._meta(item, _DESCRIPTIONS),
            body=body,
            article_section=primary,
            keywords=unique((*_named(item, "post_tag", "tag"), *others)),
            in_language=_language(item) or self.publication.in_language,
            date_published=published,
            date_modified=modified,
            author=self._authors(item),
            image=self._images(item),
            associated_media=attachments.enclosed(item),
            is_based_on=self._canonical(item),
        )
        return _Read(article, draft)

    def _tell_others(self, item: Item) -> None:
        """Note what plugins keep of a post and nothing here has a place for."""
        for each in item.categories:
            self.ledger.note("taxonomies", each.domain, count=each.domain not in _TAXONOMIES, line=item.line)
        for key, value in item.meta.items():
            self.ledger.note("fields", key, count=not key.startswith("_") and key not in _FIELDS and bool(value.strip()), line=item.line)

    def _is_draft(self, item: Item, status: str, name: str) -> bool:
        self.ledger.note("unpublished", f"{name} ({status})", count=status not in _PUBLISHED, line=item.line)
        secret = bool(item["wp:post_password"].strip())
        self.ledger.note("password", name, count=secret, line=item.line)
        return secret or status not in _PUBLISHED

    def _identifier(self, item: Item) -> str:
        """Return the guid, which the feed of the site has too."""
        return line(item["guid"]) or schema.web_address(item["link"]) or f"{self.publication.url}?p={item.number}"

    def _dates(self, item: Item, status: str) -> tuple[Date | None, Date | None]:
        """Return when a post was or will be published, and when it was changed; for a draft WordPress keeps only the latter."""
        published = self._date(item, "wp:post_date", item["pubDate"])
        modified = self._date(item, "wp:post_modified")
        if status not in _WITH_DATE:
            return None, modified or published
        self.ledger.note("without-date", plain(item["title"]) or "", count=published is None, line=item.line)
        return published, later(modified, published)

    def _date(self, item: Item, name: str, otherwise: str = "") -> Date | None:
        local = item[name].strip()
        if found := moment(local, item[f"{name}_gmt"]):
            return found
        from publisher import dates

        written = dates.read(otherwise) if otherwise else None
        if (written is None or written.without_zone) and local and not local.startswith("0000"):
            written = dates.read(local, zone=self.context.time_zone)
            if written:
                self.ledger.tell(manuscript.without_zone(item.line, local, self.context.time_zone))
        return written.value if written else None

    def _authors(self, item: Item) -> tuple[Party, ...]:
        """Return who wrote it: those that Co-Authors Plus names, else the account."""
        together = [each.name or each.nicename for each in item.categories if each.domain == "author"]
        names = [self.export.authors.get(each) or each for each in together] or [self._display(item["dc:creator"].strip())]
        found = (self._party(each) for each in names)
        return tuple(dict.fromkeys(each for each in found if each))

    def _display(self, login: str) -> str:
        return self.export.authors.get(login) or login

    def _party(self, name: str) -> Party | None:
        if name not in self.parties:
            self.parties[name] = bylines.party(name, self.context.parties)
        return self.parties[name]

    def _categories(self, item: Item) -> tuple[str | None, list[str | None]]:
        """Return the section and the other categories of a post."""
        names = _named(item, "category")
        given = (self.export.primary.get(number(item.meta.get(key, ""))) for key in _PRIMARY)
        primary = next((name for each in given if each and (name := plain(each)) in names), None) or next(iter(names), None)
        return primary, [each for each in names if each != primary]

    def _images(self, item: Item) -> tuple[Image, ...]:
        """Return the featured image."""
        if not (given := number(item.meta.get("_thumbnail_id", ""))):
            return ()
        picture = self.export.by_number.get(given)
        found = attachments.image(picture) if picture else None
        self.ledger.note("picture-missing", f"attachment {given}", count=found is None, line=item.line)
        return (found,) if found else ()

    def _meta(self, item: Item, keys: tuple[str, ...]) -> str | None:
        """Return the first of these fields of plugins that says something; one with `%%` is a template."""
        values = (item.meta.get(key, "") for key in keys)
        return next((found for each in values if "%" not in each and (found := plain(each))), None)

    def _canonical(self, item: Item) -> str | None:
        """Return where a post says that it appeared first."""
        found = next((address for key in _CANONICAL if (address := url(item.meta.get(key)))), None)
        return found if found != url(item["link"]) else None


def _named(item: Item, *domains: str) -> list[str]:
    """Return the names of a post's categories or tags, without the category that is none; tags had another domain in WXR 1.0."""
    named = [plain(each.name) or line(each.nicename) for each in item.categories if each.domain in domains and not _is_default(each)]
    return [each for each in dict.fromkeys(named) if each]


def _is_default(category: Category) -> bool:
    return (category.nicename or category.name).lower() in _DEFAULT_CATEGORIES


def _language(item: Item) -> str | None:
    """Return the language of a post as Polylang keeps it."""
    return next((found for each in item.categories if each.domain == "language" and (found := language(line(each.nicename)))), None)


def _is_article(item: Item) -> bool:
    """Return whether this is to be read: posts, pages, and what plugins keep, when it has a title and a text."""
    if item.type in ("post", "page"):
        return bool(item["title"].strip() or item["content:encoded"].strip())
    return item.type not in _INTERNAL and bool(item["title"].strip() and item["content:encoded"].strip())


def _publication(export: Export) -> Publication:
    site: dict[str, Any] = dict(export.site)
    address = next(
        (found for key in ("link", "wp:base_blog_url", "wp:base_site_url") if (found := schema.web_address(site.get(key)))), UNNAMED.url
    )
    return Publication(
        identifier=address,
        name=plain(site.get("title")) or address,
        url=address,
        description=plain(site.get("description")),
        in_language=language(line(site.get("language"))),
    )

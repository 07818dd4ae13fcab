"""Web page: one article as HTML (https://html.spec.whatwg.org/multipage/, read 2026-11-23) with NewsArticle JSON-LD in it.

The JSON-LD holds every field but the body, the page's own text holds that, so both together lose nothing.
The rest of the page says the same to people, and to those who read Open Graph, h-entry or links instead of JSON-LD.

Deviations: `og:url` and the canonical link of a republished article name where it first appeared;
`article:author` is left out for authors without a profile, since its value is a URL (https://ogp.me/#type_article).
"""

from __future__ import annotations

import codecs
import hashlib
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Literal, cast
from urllib.parse import urlsplit

from lxml import etree

from publisher import markup, schema
from publisher.article import Article, Correction, Date, Link, Media, Publication
from publisher.charset import text_of
from publisher.formats import Context, Reading, Target
from publisher.markup import Element
from publisher.problems import Finding, Problem, PublisherError, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.schema import Json, JsonObject
from publisher.text import allowed, escape, language, line, url
from publisher.themes import pages
from publisher.themes.pages import Words, attributes, flow, link, meta, tag

NAME = "webpage"
TITLE = "Web page (HTML with NewsArticle JSON-LD)"
SPEC = "https://html.spec.whatwg.org/multipage/"
MEDIA_TYPE = "text/html"
PATH = "articles/{slug}.html"
EACH: Literal["article"] = "article"

_OPEN_GRAPH = "https://ogp.me/"
_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/article"
_BODY = "body e-content"
_START = re.compile(r"(?:<\?xml[^>]*>|<!--(?>.*?-->)|\s)*+<(!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_ENDING = re.compile(r"\.x?html?", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_DATA = "application/ld+json"
_WRAPPED = re.compile(r"^\s*<!\[CDATA\[|\]\]>[\s;]*$|;\s*$")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin like an HTML document, or are called one and have a tag."""
    start = body[:4096].removeprefix(codecs.BOM_UTF8).decode(errors="replace")
    return bool(_START.match(start)) or (bool(_ENDING.fullmatch(path[path.rfind(".") :])) and "<" in start)


# -- writing: the page ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Page:
    """What the parts of a page are made from."""

    article: Article
    publication: Publication
    target: Target

    @cached_property
    def language(self) -> str | None:
        return self.article.in_language or self.publication.in_language

    @cached_property
    def words(self) -> Words:
        return pages.words(self.language)

    @cached_property
    def said(self) -> str:
        """The attributes of what is in our words, where those are in another language than the page."""
        return attributes(self.words.language, (self.language or "").partition("-")[0]) if self.words.language == "en" else ""

    @cached_property
    def canonical(self) -> str | None:
        return self.article.is_based_on or self.article.url

    @cached_property
    def media(self) -> tuple[Media, ...]:
        return tuple(each for each in self.article.associated_media if pages.media_url(each.content_url))

    def near(self, href: str) -> str:
        """Return a link as seen from this page."""
        here = self.article.url if self.target.url in (None, self.article.url) else None
        return pages.near(href, here, self.publication)


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the page of the publication's one article, in UTF-8."""
    (article,) = publication.articles
    page = _Page(article, publication, target)
    return pages.document(page.language, _head(page), _body(page))


def carry(publication: Publication) -> Publication:
    """Return the publication: nothing is lost, since schema.org has a name for every field and the page has the body."""
    return publication


# -- writing: the head ----------------------------------------------------------------------------------------------------


def _head(page: _Page) -> Iterator[str]:
    article, publication = page.article, page.publication
    data = schema.to_script(schema.to_linked(article, publication, body=False))
    yield from pages.opening(f"{article.headline} – {publication.name}", data, "page.css")
    yield meta("description", article.description)
    yield from (meta("author", each.name) for each in article.author)
    yield meta("robots", "max-image-preview:large")
    yield meta("generator", "Publisher")
    yield from _links(page)
    yield from _open_graph(page)
    yield from _twitter(page)


def _links(page: _Page) -> Iterator[str]:
    article = page.article
    yield link("canonical", page.canonical)
    yield from (link("alternate", each.url, type=each.media_type, title=each.title) for each in page.target.alternates)
    yield from (link("alternate", url_, hreflang=tongue) for tongue, url_ in _languages(article).items())
    yield link("license", article.license)
    yield pages.icon(page.publication, page.near)


def _languages(article: Article) -> dict[str, str]:
    """Return the address of the article in each of its languages, `{}` when there is but one."""
    others = {each.in_language: each.url for each in article.translations if each.in_language and each.url}
    own = {article.in_language: article.url} if others and article.in_language and article.url else {}
    return others | own


def _open_graph(page: _Page) -> Iterator[str]:
    article = page.article
    yield meta("og:type", "article")
    yield meta("og:title", article.headline)
    yield meta("og:url", page.canonical)
    yield meta("og:site_name", page.publication.name)
    yield meta("og:description", article.description)
    yield meta("og:locale", pages.locale(page.language))
    yield from pages.open_graph_images(pages.shared(article.image, page.publication))
    yield meta("article:published_time", _iso(article.date_published))
    yield meta("article:modified_time", _iso(article.date_modified))
    yield from (meta("article:author", pages.media_url(each.url)) for each in article.author)
    yield meta("article:section", article.article_section)
    yield from (meta("article:tag", each) for each in article.keywords)


def _iso(value: Date | None) -> str | None:
    return value.isoformat() if value else None


def _twitter(page: _Page) -> Iterator[str]:
    """Yield what the card doesn't take from Open Graph."""
    image = next(iter(pages.shared(page.article.image, page.publication)), None)
    yield meta("twitter:card", "summary_large_image" if image else "summary")
    yield meta("twitter:image:alt", (image.description or image.caption) if image else None)


# -- writing: the body ----------------------------------------------------------------------------------------------------


def _body(page: _Page) -> Iterator[str]:
    yield f'<a class="skip" href="#_article"{page.said}>{page.words.skip}</a>'
    yield pages.masthead(page.publication, page.language, page.near)
    article = flow((_header(page), _lead(page), _text(page), _about(page)), "article", class_="article h-entry")
    yield flow([article], "main", id="_article")
    yield pages.foot(page.publication, page.language, page.target.alternates, page.near, rights=not page.article.is_based_on)


def _header(page: _Page) -> str:
    article = page.article
    return flow(
        (
            _kicker(page),
            f'<h1 class="p-name">{escape(article.headline)}</h1>',
            _paragraph("deck", article.alternative_headline),
            _paragraph("standfirst p-summary", article.description),
            _byline(page),
            _dates(page),
        ),
        "header",
    )


def _paragraph(kind: str, text: str | None) -> str:
    return f'<p class="{kind}">{escape(text)}</p>' if text else ""


def _kicker(page: _Page) -> str:
    """Return the section and, where the article is no plain report, its kind: a reader must see what is opinion or paid for."""
    section, kind = page.article.article_section, pages.kind(page.article, page.words)
    parts = [_section(page, section)] if section else []
    parts += [f"<span{page.said}>{kind}</span>"] if kind else []
    return f'<p class="kicker">{" ".join(parts)}</p>' if parts else ""


def _section(page: _Page, section: str) -> str:
    href = pages.section_url(page.publication, section) if section in page.publication.sections else None
    text = f'<span class="p-category">{escape(section)}</span>'
    return f"{tag('a', href=page.near(href))}{text}</a>" if href else text


def _byline(page: _Page) -> str:
    names = pages.byline(page.article.author, "p-author", page.near)
    return f'<p class="byline">{names}</p>' if names else ""


def _dates(page: _Page) -> str:
    words, published, modified = page.words, page.article.date_published, page.article.date_modified
    parts = [_labelled(page, words.published, pages.time(published, words, "dt-published"))] if published else []
    if modified and modified != published:
        parts.append(_labelled(page, words.updated, pages.time(modified, words, "dt-updated")))
    return f'<p class="dates">{" ".join(parts)}</p>' if parts else ""


def _labelled(page: _Page, label: str, value: str) -> str:
    return f"<span><span{page.said}>{label}</span> {value}</span>"


def _lead(page: _Page) -> str:
    """Return the lead picture; nothing when it is missing, or when the text has it."""
    image = pages.lead(page.article)
    if not image or not image.content_url or f' src="{escape(image.content_url)}"' in page.article.body:
        return ""
    shown = pages.picture(image, page.near(image.content_url), class_="u-photo", fetchpriority="high")
    return flow((shown, _caption(image.caption, image.credit_text)), "figure", class_="lead")


def _caption(text: str | None, credit: str | None) -> str:
    parts = [escape(text)] if text else []
    parts += [f'<small class="credit">{escape(credit)}</small>'] if credit else []
    return f"<figcaption>{' '.join(parts)}</figcaption>" if parts else ""


def _text(page: _Page) -> str:
    place, players = _dateline(page.article), (_player(page, each) for each in page.media)
    return flow((place, f'<div class="{_BODY}">{_shown_body(page)}</div>', *players), "div", class_="text")


def _shown_body(page: _Page) -> str:
    """Return the body with attributes that a body has not: they go when it is read.

    A wide table scrolls on a phone, and what scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1).
    """
    body = markup.to_html(markup.relink(page.article.body, page.near))
    return body.replace("<img ", '<img loading="lazy" ').replace("<table", '<table tabindex="0"')


def _dateline(article: Article) -> str:
    """Return the dateline, which runs into the first paragraph."""
    kind = "dateline run-in" if article.body.startswith("<p") and not article.body.startswith("<pre") else "dateline"
    return _paragraph(kind, article.dateline)


def _player(page: _Page, media: Media) -> str:
    """Return a player that loads nothing until it is asked to, or a link to what is neither sound nor film."""
    kind = _player_of(media)
    href = page.near(media.content_url)
    name = media.name or urlsplit(media.content_url).path.rpartition("/")[2] or media.content_url
    file = f"{tag('a', href=href, type=media.encoding_format)}{escape(name)}</a>"
    if not kind:
        return flow([f"<p>{file}</p>", _paragraph("media-note", media.description)], "div", class_="media")
    source = tag("source", src=href, type=media.encoding_format)
    player = f"{tag(kind, controls='', preload='none', class_=f'u-{kind}')}{source}{file}</{kind}>"
    caption = " – ".join(each for each in (media.name, media.description, pages.length(media.duration)) if each)
    return flow((player, _caption(caption, media.credit_text)), "figure", class_="media")


def _player_of(media: Media) -> str:
    by_type = {"AudioObject": "audio", "VideoObject": "video"}.get(media.type, "")
    essence = (media.encoding_format or "").partition("/")[0]
    return essence if essence in ("audio", "video") else "" if essence else by_type


# -- writing: below the text ----------------------------------------------------------------------------------------------


def _about(page: _Page) -> str:
    article, words = page.article, page.words
    return flow(
        (
            _listed(page, "corrections", words.corrections, [_correction(page, each) for each in article.corrections]),
            _listed(page, "related", words.related, [_related(page, each) for each in article.citation]),
            _listed(page, "translations", words.translations, [_translation(page, each) for each in article.translations]),
            _origin(page),
            _people(page),
            _listed(
                page,
                "keywords",
                words.keywords,
                [f'<span class="p-category" dir="auto">{escape(each)}</span>' for each in article.keywords],
            ),
            _rights(page),
        ),
        "footer",
        class_="about",
    )


def _listed(page: _Page, kind: str, title: str, items: Iterable[str]) -> str:
    inside = [f"<li>{each}</li>" for each in items]
    listed = flow(inside, "ul", class_=kind if kind != "corrections" else None)
    return (
        flow((f"<h2{page.said}>{title}</h2>", listed), "section", class_="corrections" if kind == "corrections" else None) if inside else ""
    )


def _correction(page: _Page, correction: Correction) -> str:
    day = f"<b>{pages.time(correction.date_published, page.words)}</b> " if correction.date_published else ""
    return day + escape(correction.text)


def _related(page: _Page, given: Link) -> str:
    text = escape(given.name or pages.shortened(given.url or ""))
    inside = tag("span", lang=given.in_language, dir=pages.direction(given.in_language)) + f"{text}</span>"
    return f"{tag('a', href=page.near(given.url), hreflang=given.in_language)}{inside}</a>" if given.url else f"<cite>{inside}</cite>"


def _translation(page: _Page, given: Link) -> str:
    return _related(page, replace(given, name=given.name or pages.called(given.in_language)))


def _origin(page: _Page) -> str:
    """Return where the article first appeared, when that is not here."""
    first = page.article.is_based_on
    if not first or first == page.article.url:
        return ""
    return f"<p><span{page.said}>{page.words.origin}</span> {tag('a', href=page.near(first))}{escape(pages.shortened(first))}</a></p>"


def _people(page: _Page) -> str:
    article, words = page.article, page.words
    roles = ((words.editor, article.editor), (words.contributor, article.contributor))
    return flow(f"<p><span{page.said}>{label}</span> {pages.byline(who, 'p-contributor', page.near)}</p>" for label, who in roles if who)


def _rights(page: _Page) -> str:
    parts = [each for each in (_copyright(page), _licence(page)) if each]
    return f'<p class="rights">{" · ".join(parts)}</p>' if parts else ""


def _copyright(page: _Page) -> str:
    """Return the notice, or one made of holder and year, or whose the article is when it is not ours."""
    article, foreign = page.article, page.article.publisher != page.publication.publisher
    holder = article.copyright_holder or (article.publisher if foreign or article.copyright_year else None)
    sign = ["©"] if article.copyright_year or article.copyright_holder else []
    made = " ".join([*sign, *([str(article.copyright_year)] if article.copyright_year else []), *([holder.name] if holder else [])])
    return escape(article.copyright_notice or made)


def _licence(page: _Page) -> str:
    given = page.article.license
    if not given:
        return ""
    name = pages.licence(given, page.words)
    return (
        f"{tag('a', rel='license', href=page.near(given))}<span{page.said if name == page.words.licence else ''}>{escape(name)}</span></a>"
    )


# -- reading --------------------------------------------------------------------------------------------------------------


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the page's article; raise `Unreadable` when there is none.

    A page of ours gives back all that was written; of other pages we take what their data and metadata say, and guess the body.
    """
    root = markup.parse_html(_utf8(body))
    node = _linked(root)
    own = next((each for each in root.iter("div") if each.get("class") == _BODY), None)
    if node and own is not None and isinstance(node.get("identifier"), str):
        return Reading(publication=_with_body(_publication(node, context), own))
    return _read_other(root, body, node, context)


def _utf8(body: bytes) -> bytes:
    """Return the page in UTF-8: as it is, else as the page says (HTML, 13.2.3.2), else guessed."""
    declared = _CHARSET.search(body[:4096])
    return text_of(body, declared[1] if declared else None).encode()


def _publication(node: JsonObject, context: Context) -> Publication:
    try:
        return schema.from_linked(node, context.publication)
    except PublisherError as error:
        raise Unreadable(*error.problems) from None


def _with_body(publication: Publication, element: Element) -> Publication:
    (article,) = publication.articles
    return replace(publication, articles=(replace(article, body=markup.fragment(element, article.url or "")),))


def _string(node: JsonObject, key: str) -> str:
    value = node.get(key)
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else ""


# -- reading: linked data -------------------------------------------------------------------------------------------------

_DEEPEST = 8
"""How far down lists, graphs and references are followed."""
_MOST_COPIED = 20_000
"""How many values may come from nodes referred to; more than any page needs that was not made to do harm."""


def _linked(root: Element) -> JsonObject | None:
    """Return the node of the page's article, with references to other nodes of the page resolved, or `None`."""
    nodes = [each for script in _scripts(root) for item in _items(script) for each in _nodes(item)]
    article = _article_node(nodes, _address(root))
    return _References(nodes).resolved(article) if article else None


def _scripts(root: Element) -> list[Element]:
    return [each for each in root.iter("script") if (each.get("type") or "").partition(";")[0].strip().lower() == _DATA]


def _items(script: Element) -> list[Json]:
    """Return what one block says, `[]` when it is malformed, so that it doesn't take the good ones with it (extruct 0.18.0)."""
    from extruct.jsonld import JsonLdExtractor  # here because importing it costs 360 ms

    script.set("type", _DATA)  # extruct wants it without charset
    script.text = _WRAPPED.sub("", allowed(script.text or "").replace("\f", " "))
    try:
        return schema.parsed(lambda _: list(JsonLdExtractor().extract_items(script)), "", "JSON")
    except (ValueError, Unreadable):
        return []


def _nodes(item: Json, depth: int = _DEEPEST) -> Iterator[JsonObject]:
    """Yield the nodes of a document: those at its top, in lists, in a graph, and what a page is mainly about."""
    if isinstance(item, list) and depth:
        for each in item:
            yield from _nodes(each, depth - 1)
    elif isinstance(item, dict) and depth:
        yield item
        yield from _nodes(item.get("@graph"), depth - 1)
        yield from _nodes(item.get("mainEntity"), depth - 1)


class _References:
    """Puts nodes in the place of references to them, but no node into itself, and not without end."""

    def __init__(self, nodes: list[JsonObject]) -> None:
        self.known = {str(each["@id"]): each for each in nodes if "@id" in each and not set(each) <= {"@id", "@type"}}
        self.left = _MOST_COPIED

    def resolved(self, node: JsonObject, path: tuple[str, ...] = ()) -> JsonObject:
        """Return the node with its references resolved; `path` are those on the way to it."""
        return {key: self.value(each, path) for key, each in node.items() if key != "@graph"}

    def value(self, value: Json, path: tuple[str, ...]) -> Json:
        self.left -= bool(path)
        if self.left < 0 or not isinstance(value, list | dict):
            return value
        if isinstance(value, list):
            return [self.value(each, path) for each in value]
        name = str(value.get("@id"))
        if not set(value) <= {"@id", "@type"} or name not in self.known:
            return self.resolved(value, path)
        return value if name in path or len(path) == _DEEPEST else self.resolved(self.known[name], (*path, name))


def _article_node(nodes: list[JsonObject], address: str) -> JsonObject | None:
    """Return the node of the page's article: the one with the page's address, else the first."""
    articles = [each for each in nodes if _is_article(each)]
    return next((each for each in articles if address and _string(each, "url") == address), articles[0] if articles else None)


def _is_article(node: JsonObject) -> bool:
    kinds = node.get("@type")
    return any(str(each).endswith(("Article", "BlogPosting")) for each in (kinds if isinstance(kinds, list) else [kinds]))


# -- reading: pages of others ---------------------------------------------------------------------------------------------

_SHORTEST = 250
"""How many characters of paragraphs make an element likely to hold the article."""
_NOT_TEXT = "header footer nav aside form h1 script style".split()


def _read_other(root: Element, body: bytes, node: JsonObject | None, context: Context) -> Reading:
    said: JsonObject = {key: value for key, value in (node or {}).items() if value not in (None, "", [], {})}
    base = context.address(context.path) if context.publication else ""
    address = url(_string(said, "url"), base) or url(_address(root), base) or ""
    found: JsonObject = _metadata(root) | said | ({"url": address} if address else {})
    found["identifier"] = (
        line(_string(said, "identifier")) or address or uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(body).hexdigest()).urn
    )
    text = markup.fragment(_guessed_body(root), address or base)
    headline = line(_string(found, "headline")) or line(_string(found, "name"))
    if not headline:
        message = "there is no article in this page: no JSON-LD, no heading, no title"
        raise Unreadable(problem("page-no-article", Severity.ERROR, message, hint="check that this is the page you mean", spec=SPEC))
    publication = _publication({**found, "headline": headline}, context)
    (article,) = publication.articles
    article = replace(article, body=text or article.body)
    return Reading(publication=replace(publication, articles=(article,)), problems=tuple(_guesses(node, article)))


def _guesses(node: JsonObject | None, article: Article) -> Iterator[Problem]:
    hint = "compare it with the page"
    yield problem("page-body-guessed", Severity.INFO, "which part of the page is the article was guessed", hint=hint)
    if node is None:
        yield problem("page-fields-guessed", Severity.INFO, "the page has no JSON-LD; its metadata was read instead", hint=hint)
    if not article.body:
        yield problem("page-body-missing", Severity.WARNING, "no text was found in the page", hint=hint)


def _address(root: Element) -> str:
    """Return the page's own address, `""` when it doesn't say."""
    for each in root.iter("link"):
        if "canonical" in (each.get("rel") or "").lower().split() and each.get("href"):
            return (each.get("href") or "").strip()
    return _meta(root, "og:url") or ""


def _meta(root: Element, *names: str) -> str | None:
    return next((each for name in names for each in _all_meta(root, name)), None)


def _all_meta(root: Element, name: str) -> list[str]:
    return [
        content
        for each in root.iter("meta")
        if name in ((each.get("property") or "").lower(), (each.get("name") or "").lower()) and (content := line(each.get("content")))
    ]


def _metadata(root: Element) -> JsonObject:
    """Return what the page says outside of JSON-LD, in its terms; what is absent is left out."""
    found: JsonObject = {
        "@type": "NewsArticle",
        "headline": _first_text(root, "h1") or _meta(root, "og:title") or _first_text(root, "title"),
        "description": _meta(root, "og:description", "description"),
        "inLanguage": root.get("lang") or _meta(root, "og:locale"),
        "image": _meta(root, "og:image"),
        "datePublished": _meta(root, "article:published_time"),
        "dateModified": _meta(root, "article:modified_time"),
        "articleSection": _meta(root, "article:section"),
        "keywords": [*_all_meta(root, "article:tag")],
        "author": [*_all_meta(root, "author")],
        "publisher": {"@type": "Organization", "name": _meta(root, "og:site_name") or ""},
    }
    return {key: value for key, value in found.items() if value not in (None, "", [], {"@type": "Organization", "name": ""})}


def _first_text(root: Element, name: str) -> str | None:
    return next((found for each in root.iter(name) if (found := _said(each))), None)


def _said(element: Element) -> str | None:
    return line("".join(map(str, element.itertext())))


def _guessed_body(root: Element) -> Element:
    """Return the longest `article`, else `main`, else `body`, without what is around a text."""
    lengths = _lengths(root)
    candidates = (max(root.iter(name), key=lengths.__getitem__, default=root) for name in ("article", "main", "body"))
    chosen = next((each for each in candidates if each is not root and lengths[each] >= _SHORTEST), root)
    etree.strip_elements(chosen, *_NOT_TEXT, with_tail=False)
    return chosen


def _lengths(root: Element) -> Counter[Element]:
    """Return how many characters of paragraphs are in each element, counted in one walk."""
    found: Counter[Element] = Counter()
    paragraphs = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            paragraphs += element.tag == "p"
            found[element] += len(line(element.text) or "") if paragraphs else 0
        elif (parent := element.getparent()) is not None:
            paragraphs -= element.tag == "p"
            found[parent] += found[element] + (len(line(element.tail) or "") if paragraphs else 0)
    return found


# -- checking -------------------------------------------------------------------------------------------------------------


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the page; never raise."""
    try:
        return check_all(_RULES, _Document(body, markup.parse_html(_utf8(body))))
    except Unreadable as error:
        return list(error.problems)


@dataclass(frozen=True, slots=True)
class _Block:
    """One block of JSON-LD."""

    line: int
    data: Json
    fault: str
    """`""`, `malformed`, `cut` or `swallows`."""
    message: str = ""


@dataclass(frozen=True)
class _Document:
    """A page, as its rules see it."""

    bytes: bytes
    root: Element

    @cached_property
    def blocks(self) -> tuple[_Block, ...]:
        return tuple(_block(each) for each in _scripts(self.root))

    @cached_property
    def article(self) -> JsonObject | None:
        """The article's node, `None` when there is none."""
        nodes = [each for block in self.blocks for each in _nodes(block.data)]
        return _article_node(nodes, _address(self.root))

    @cached_property
    def node(self) -> JsonObject:
        """The same, `{}` when there is none."""
        return self.article or {}

    @cached_property
    def canonicals(self) -> list[Element]:
        return [each for each in self.root.iter("link") if "canonical" in (each.get("rel") or "").lower().split()]

    @cached_property
    def feeds(self) -> list[Element]:
        """The links to feeds in the head."""
        return [each for each in self.root.iter("link") if "alternate" in (each.get("rel") or "").lower().split() and _is_feed(each)]


def _is_feed(element: Element) -> bool:
    return (element.get("type") or "").lower() in (
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/json",
    )


def _block(script: Element) -> _Block:
    text, place = script.text or "", _line(script)
    if _swallows(text.lower()):
        return _Block(place, None, "swallows")
    try:
        return _Block(place, schema.from_text(text), "")
    except Unreadable as error:
        (found,) = error.problems
        message = found.message.removeprefix("this is not JSON: ")
        fault = "cut" if message.startswith("unterminated string") else "malformed"
        return _Block(place + max(found.location.line - 1, 0), None, fault, message)


def _swallows(text: str) -> bool:
    """Return whether there is a script in a comment: looked for from comment to comment, so that nothing is read twice."""
    start, script = text.find("<!--"), 0
    while start >= 0 <= script:
        script = script if script >= start + 4 else text.find("<script", start + 4)
        end = text.find("-->", start + 4)
        if script >= 0 and (script < end or end < 0):
            return True
        start = text.find("<!--", end)
    return False


def _line(element: Element) -> int:
    return cast("int | None", element.sourceline) or 0


def _blocks_with(page: _Document, fault: str) -> Iterator[_Block]:
    return (each for each in page.blocks if each.fault == fault)


def _of(node: JsonObject, key: str) -> list[Json]:
    value = node.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


@rule(Severity.ERROR, spec=f"{SPEC}semantics.html#charset", hint="save the page as UTF-8 and declare it")
def page_encoding_wrong(page: _Document) -> Iterator[Finding]:
    """A page is in UTF-8, and what it declares is that."""
    declared = _CHARSET.search(page.bytes[:4096])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        yield Finding(message=f"the page declares {declared[1].decode()!r}")
    elif page.bytes.decode(errors="ignore").encode() != page.bytes:
        yield Finding(message="the page is not UTF-8")


@rule(Severity.WARNING, spec="https://www.w3.org/TR/WCAG22/#language-of-page", hint='write <html lang="en">')
def page_lang_missing(page: _Document) -> Iterator[Finding]:
    """Without its language a page is read out, hyphenated and translated wrongly."""
    if not page.root.get("lang"):
        yield Finding(message="the page has no language", line=_line(page.root))


@rule(Severity.ERROR, spec=f"{SPEC}dom.html#attr-lang", hint="write a BCP 47 tag, such as en or pt-BR")
def page_lang_invalid(page: _Document) -> Iterator[Finding]:
    """The language is a valid BCP 47 tag."""
    if (given := page.root.get("lang")) and language(given) is None:
        yield Finding(message=f"{given!r} is no language tag", line=_line(page.root))


@rule(Severity.ERROR, spec=f"{SPEC}semantics.html#the-title-element", hint="give the page a title")
def page_title_empty(page: _Document) -> Iterator[Finding]:
    """The title is what tabs, bookmarks and search results show; it is not only white space."""
    if not any(_said(each) for each in page.root.iter("title")):
        yield Finding(message="the page has no title")


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/tutorials/page-structure/headings/", hint="make the headline, and only that, an h1")
def page_h1_not_one(page: _Document) -> Iterator[Finding]:
    """The headline is the one h1."""
    if (count := len([*page.root.iter("h1")])) != 1:
        yield Finding(message=f"the page has {count} h1 elements")


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/tutorials/page-structure/headings/", hint="use the next level")
def page_heading_level_skipped(page: _Document) -> Iterator[Finding]:
    """Headings leave no level out on the way down."""
    before = 1
    for each in page.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(str(each.tag)[1])
        if level > before + 1:
            yield Finding(message=f"h{level} follows h{before}", line=_line(each))
        before = level


@rule(Severity.ERROR, spec=f"{SPEC}dom.html#the-id-attribute", hint="give each its own id")
def page_id_duplicate(page: _Document) -> Iterator[Finding]:
    """No two elements have the same id, or links to it go wrong."""
    seen: set[str] = set()
    for each in page.root.iter():
        if (name := each.get("id")) is not None:
            if name in seen:
                yield Finding(message=f"the id {name!r} is there twice", line=_line(each))
            seen.add(name)


@rule(Severity.ERROR, spec=f"{SPEC}images.html#alt", hint='write what it shows, or alt="" when it only decorates')
def page_image_without_alt(page: _Document) -> Iterator[Finding]:
    """Every picture has alternative text, be it empty."""
    for each in page.root.iter("img"):
        if each.get("alt") is None:
            yield Finding(message=f"the picture {each.get('src')!r} has no alt", line=_line(each))


@rule(Severity.ERROR, spec=f"{SPEC}semantics.html#the-link-element", hint="give it an href, or leave it out")
def page_link_without_address(page: _Document) -> Iterator[Finding]:
    """A link element says where it goes."""
    for each in page.root.iter("link"):
        if not (each.get("href") or each.get("imagesrcset") or "").strip():
            yield Finding(message=f"the link {each.get('rel')!r} goes nowhere", line=_line(each))


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/WCAG22/Understanding/resize-text.html", hint="add the viewport meta element")
def page_viewport_missing(page: _Document) -> Iterator[Finding]:
    """Without a viewport, phones show the page tiny."""
    if not _meta(page.root, "viewport"):
        yield Finding(message="the page has no viewport")


@rule(Severity.INFO, spec="https://developers.google.com/search/docs/appearance/snippet", hint="add a meta description")
def page_description_missing(page: _Document) -> Iterator[Finding]:
    """The description is what search results show below the title."""
    if not _meta(page.root, "description"):
        yield Finding(message="the page has no description")


@rule(
    Severity.INFO, spec="https://developers.google.com/search/docs/appearance/google-discover", hint="add max-image-preview:large to robots"
)
def page_preview_small(page: _Document) -> Iterator[Finding]:
    """Google Discover shows large pictures only where the page allows it."""
    image = _meta(page.root, "og:image")
    if image and "max-image-preview:large" not in (_meta(page.root, "robots") or ""):
        yield Finding(message=f"only a small preview of {image!r} is allowed")


# -- checking: links ------------------------------------------------------------------------------------------------------

_CANONICAL = "https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls"
_AUTODISCOVERY = "https://www.rssboard.org/rss-autodiscovery"


@rule(Severity.WARNING, spec=_CANONICAL, hint='add <link rel="canonical"> with the address of the article')
def page_canonical_missing(page: _Document) -> Iterator[Finding]:
    """The canonical link names the one address of an article that can be reached at several."""
    if not page.canonicals:
        yield Finding(message="the page has no canonical link")


@rule(Severity.WARNING, spec=_CANONICAL, hint="write the whole address with https://")
def page_canonical_relative(page: _Document) -> Iterator[Finding]:
    """A relative canonical link names another address wherever the page is copied to."""
    for each in page.canonicals:
        if (href := (each.get("href") or "").strip()) and not href.startswith(("http://", "https://")):
            yield Finding(message=f"the canonical link is {href!r}", line=_line(each))


@rule(Severity.WARNING, spec=_CANONICAL, hint="keep one")
def page_canonical_twice(page: _Document) -> Iterator[Finding]:
    """Where canonical links disagree, search engines heed none."""
    if len({each.get("href") for each in page.canonicals}) > 1:
        yield Finding(message=f"the page has {len(page.canonicals)} canonical links", line=_line(page.canonicals[1]))


@rule(Severity.INFO, spec=_AUTODISCOVERY, hint='add <link rel="alternate" type="application/rss+xml" title="…">')
def page_feed_missing(page: _Document) -> Iterator[Finding]:
    """A link to the feed lets readers subscribe by giving the page's address."""
    if not page.feeds:
        yield Finding(message="the page names no feed")


@rule(Severity.INFO, spec=_AUTODISCOVERY, hint="add a title")
def page_feed_untitled(page: _Document) -> Iterator[Finding]:
    """The title tells people which feed to choose."""
    for each in page.feeds:
        if not line(each.get("title")):
            yield Finding(message=f"the feed {each.get('href')!r} has no title", line=_line(each))


@rule(Severity.INFO, spec=_OPEN_GRAPH, hint="give the article a picture, or the publication one for all (`image` in publisher.toml)")
def page_open_graph_without_image(page: _Document) -> Iterator[Finding]:
    """Open Graph asks for og:image, which is what links in messages are shown with."""
    if not _meta(page.root, "og:image"):
        yield Finding(message="the page has no og:image")


@rule(Severity.WARNING, spec=_OPEN_GRAPH, hint="add the missing property")
def page_open_graph_incomplete(page: _Document) -> Iterator[Finding]:
    """Open Graph requires og:title, og:type and og:url, which is what links in messages are shown with."""
    for name in ("og:title", "og:type", "og:url"):
        if not _meta(page.root, name):
            yield Finding(message=f"the page has no {name}")


# -- checking: linked data ------------------------------------------------------------------------------------------------

_IN_SCRIPT = f"{SPEC}scripting.html#restrictions-for-contents-of-script-elements"
_JSON = "https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents"


@rule(Severity.ERROR, spec=_JSON, hint="write it with a JSON library")
def page_json_ld_malformed(page: _Document) -> Iterator[Finding]:
    """JSON-LD is JSON: most readers leave out a block with a mistake in it, and some all blocks of the page."""
    for each in _blocks_with(page, "malformed"):
        yield Finding(message=f"the JSON-LD is malformed: {each.message}", line=each.line)


@rule(Severity.ERROR, spec=_IN_SCRIPT, hint=r"write < as \u003c in JSON-LD")
def page_json_ld_cut_short(page: _Document) -> Iterator[Finding]:
    """`</script>` within a string ends the block, and what follows runs as part of the page."""
    for each in _blocks_with(page, "cut"):
        yield Finding(message="the JSON-LD ends within a string", line=each.line)


@rule(Severity.ERROR, spec=_IN_SCRIPT, hint=r"write < as \u003c in JSON-LD")
def page_json_ld_swallows_the_page(page: _Document) -> Iterator[Finding]:
    """After `<!--` and `<script` the next `</script>` doesn't end the block, so that browsers show nothing of what follows."""
    for each in _blocks_with(page, "swallows"):
        yield Finding(message="the JSON-LD has <!-- and then <script in it", line=each.line)


@rule(Severity.ERROR, spec=f"{SPEC}syntax.html#writing", hint="move it into the head")
def page_json_ld_after_html(page: _Document) -> Iterator[Finding]:
    """Nothing but comments follows the end of the document; readers miss what does."""
    text = page.bytes.decode(errors="replace")
    end = re.search(r"</html\s*>", text, re.IGNORECASE)
    if end and (found := re.compile(r"<script[^<>]*ld\+json", re.IGNORECASE).search(text, end.end())):
        yield Finding(message="there is JSON-LD after </html>", line=text.count("\n", 0, found.start()) + 1)


@rule(Severity.WARNING, spec=_GOOGLE, hint="add NewsArticle JSON-LD to the head")
def page_json_ld_missing(page: _Document) -> Iterator[Finding]:
    """Without linked data, search engines and archives guess the headline, the dates and the authors."""
    if not page.blocks:
        yield Finding(message="the page has no JSON-LD")


@rule(Severity.WARNING, spec=_GOOGLE, hint='give the article "@type": "NewsArticle"')
def page_json_ld_not_an_article(page: _Document) -> Iterator[Finding]:
    """The page's linked data describes its article."""
    if page.article is None and any(not each.fault and "CollectionPage" not in str(each.data) for each in page.blocks):
        yield Finding(message="no node of the JSON-LD is an article")


@rule(Severity.WARNING, spec="https://developers.google.com/search/docs/appearance/structured-data/sd-policies", hint="use one headline")
def page_headline_differs(page: _Document) -> Iterator[Finding]:
    """Linked data says what the page shows."""
    headline, shown = _string(page.node, "headline"), [_said(each) for each in page.root.iter("h1")]
    if headline and shown and (line(headline) or "").casefold() not in [(each or "").casefold() for each in shown]:
        yield Finding(message=f"the headline is {headline!r} in the JSON-LD and {shown[0]!r} on the page", pointer="headline")


@rule(Severity.WARNING, spec=_GOOGLE, hint="add the offset, such as +01:00")
def page_date_without_zone(page: _Document) -> Iterator[Finding]:
    """A time without an offset is taken for one where the search engine is."""
    for key in ("datePublished", "dateModified"):
        if re.search(r"\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?$", value := _string(page.node, key)):
            yield Finding(message=f"{value!r} has no offset", pointer=key)


@rule(Severity.WARNING, spec=_GOOGLE, hint="correct one of the dates")
def page_modified_before_published(page: _Document) -> Iterator[Finding]:
    """An article is not modified before it is published."""
    published, modified = (schema.parse_date(_string(page.node, key)) for key in ("datePublished", "dateModified"))
    if published and modified and _latest(modified) < _earliest(published):
        yield Finding(message=f"modified {modified.isoformat()} is before published {published.isoformat()}", pointer="dateModified")


def _earliest(value: Date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _latest(value: Date) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(23, 59, 59), UTC)


@rule(Severity.WARNING, spec=_GOOGLE, hint="give the author a name")
def page_author_without_name(page: _Document) -> Iterator[Finding]:
    """An author has a name."""
    for number, each in enumerate(_of(page.node, "author")):
        if isinstance(each, dict) and "@id" not in each and not _string(each, "name").strip():
            yield Finding(message="the author has no name", pointer=f"author[{number}].name")


@rule(Severity.INFO, spec=_GOOGLE, hint="give the author a url or sameAs")
def page_author_without_url(page: _Document) -> Iterator[Finding]:
    """A profile tells authors of the same name apart."""
    for number, each in enumerate(_of(page.node, "author")):
        if isinstance(each, dict) and not {"@id", "url", "sameAs"} & set(each):
            yield Finding(message=f"the author {_string(each, 'name')!r} has no profile", pointer=f"author[{number}].url")


@rule(Severity.WARNING, spec=_GOOGLE, hint="write the whole address with https://")
def page_image_relative(page: _Document) -> Iterator[Finding]:
    """Pictures in linked data and Open Graph have absolute addresses, since they are read away from the page."""
    for address in [*_image_addresses(page), *_all_meta(page.root, "og:image")]:
        if not re.match("[a-z]+:", address, re.IGNORECASE):
            yield Finding(message=f"the picture {address!r} has no absolute address", pointer="image")


def _image_addresses(page: _Document) -> Iterator[str]:
    for each in _of(page.node, "image"):
        found = (_string(each, "contentUrl") or _string(each, "url")) if isinstance(each, dict) else each
        if isinstance(found, str) and found:
            yield found


@rule(Severity.INFO, spec=_GOOGLE, hint="add width and height in pixels")
def page_image_without_size(page: _Document) -> Iterator[Finding]:
    """With its size known, a picture can be chosen without loading it."""
    for number, each in enumerate(_of(page.node, "image")):
        if isinstance(each, dict) and _string(each, "contentUrl") and not {"width", "height"} <= set(each):
            yield Finding(message="the picture has no size", pointer=f"image[{number}]")


_RULES = rules_in(globals())

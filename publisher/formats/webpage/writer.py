"""Pages written: the head for machines, the body for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlsplit

from publisher import markup, schema
from publisher.article import Article, Correction, Date, Image, Link, Media, Publication
from publisher.formats import Target
from publisher.formats.webpage.content import BODY
from publisher.text import escape
from publisher.themes import pages
from publisher.themes.pages import Words, attributes, flow, link, meta, tag

__all__ = ["write"]

_LEAD = "(min-width: 62rem) 52rem, 100vw"
_IN_TEXT = "(min-width: 40rem) 34em, 100vw"
"""How wide pictures are in `page.css`."""
_IMG = re.compile(r'<img [^<>]*? src="([^"]*)"[^<>]*>')


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


# -- the head --------------------------------------------------------------------------------------------------------------


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


# -- the body --------------------------------------------------------------------------------------------------------------


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
    if not image or not image.content_url or _is_in_body(image, page.article):
        return ""
    img = pages.picture(image, page.near(image.content_url), class_="u-photo", fetchpriority="high", decoding="async")
    shown = pages.framed(img, page.target.site.renditions.get(image.content_url, ()), page.near, _LEAD)
    return flow((shown, _caption(image.caption, image.credit_text)), "figure", class_="lead")


def _is_in_body(image: Image, article: Article) -> bool:
    return f' src="{escape(image.content_url or "")}"' in article.body


def _owed(page: _Page) -> str:
    """Return who made a picture that the text has, where the text does not say so: a credit is owed wherever the picture is."""
    shown = (each for each in page.article.image if each.content_url and _is_in_body(each, page.article))
    owed = dict.fromkeys(each.credit_text for each in shown if each.credit_text and escape(each.credit_text) not in page.article.body)
    return f'<p class="owed">{" · ".join(map(escape, owed))}</p>' if owed else ""


def _caption(text: str | None, credit: str | None) -> str:
    parts = [escape(text)] if text else []
    parts += [f'<small class="credit">{escape(credit)}</small>'] if credit else []
    return f"<figcaption>{' '.join(parts)}</figcaption>" if parts else ""


def _text(page: _Page) -> str:
    place, players = _dateline(page.article), (_player(page, each) for each in page.media)
    return flow((place, f'<div class="{BODY}">{_shown_body(page)}</div>', _owed(page), *players), "div", class_="text")


def _shown_body(page: _Page) -> str:
    """Return the body with attributes that a body has not: they go when it is read.

    A wide table scrolls on a phone, and what scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1).
    """
    body = markup.to_html(markup.relink(page.article.body, page.near))
    shown = body.replace("<img ", '<img loading="lazy" decoding="async" ').replace("<table", '<table tabindex="0"')
    by_address = {escape(page.near(url)): several for url, several in page.target.site.renditions.items()}
    return _IMG.sub(lambda img: pages.framed(img[0], by_address.get(img[1], ()), page.near, _IN_TEXT), shown) if by_address else shown


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


# -- below the text --------------------------------------------------------------------------------------------------------


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

"""Pages written: the head for machines, the body for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from publisher import markup, schema
from publisher.article import Article, Image, Link, Media, Publication
from publisher.formats import Target
from publisher.formats.webpage.content import BODY
from publisher.linked import graph
from publisher.text import escape
from publisher.themes import frame, pages, templates
from publisher.themes.frame import Frame, Place

__all__ = ["write"]

_IMG = re.compile(r'<img [^<>]*? src="([^"]*)"[^<>]*>')


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recording:
    """A recording as the page shows it."""

    url: str
    name: str
    player: str
    """`audio` or `video`, `""` for what is neither."""
    media_type: str | None
    caption: str
    description: str | None
    credit: str | None


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the page of the publication's one article, in UTF-8; raise `PublisherError` when a user's template is wrong."""
    (article,) = publication.articles
    data = schema.to_script(graph.of_article(article, publication, target.site))
    page = Frame(
        publication=publication,
        title=f"{article.headline} – {publication.name}",
        shared_title=article.headline,
        data=data,
        site=target.site,
        here=article.url if target.url in (None, article.url) else None,
        canonical=article.is_based_on or article.url,
        tongue=article.in_language,
        description=article.description,
        alternates=target.alternates,
        images=article.image,
        kind="article",
    )
    return frame.render(page, "article.html", **_given(page, article))


def _given(page: Frame, article: Article) -> dict[str, object]:
    """Return what the template is given beside the page; docs/themes.md tells of each."""
    return {
        "article": article,
        "body": templates.kept(f'<div class="{BODY}">{_shown_body(page, article)}</div>'),
        "kind": page.kind_of(article),
        "is_updated": bool(article.date_modified and article.date_modified != article.date_published),
        "minutes": _minutes(page, article),
        "lead": _lead(article),
        "owed": _owed(article),
        "runs_in": article.body.startswith("<p") and not article.body.startswith("<pre"),
        "media": tuple(_recording(page, each) for each in article.associated_media if pages.media_url(each.content_url)),
        "languages": tuple(_languages(article)),
        "profiles": tuple(filter(None, (pages.media_url(each.url) for each in article.author))),
        **_onward(page, article),
        "copyright": _copyright(page, article),
        "licence": pages.licence(article.license, page.words) if article.license else None,
    }


def _onward(page: Frame, article: Article) -> dict[str, object]:
    """Return what there is to read besides."""
    first = article.is_based_on if article.is_based_on != article.url else None
    return {
        "related": tuple(map(page.place, article.citation)),
        "translations": tuple(page.place(_called(each)) for each in article.translations),
        "origin": page.place(Link(url=first)) if first else None,
        "more": tuple(map(page.place, page.site.more)),
        "more_of": page.words.more_of.format(name=article.article_section or page.publication.name),
    }


def _called(link: Link) -> Link:
    """Return a translation by its title, else by what its language calls itself."""
    return replace(link, name=link.name or pages.called(link.in_language))


def _languages(article: Article) -> Iterator[Place]:
    """Yield the addresses of the article in each of its languages, when there are several."""
    others = {each.in_language: each.url for each in article.translations if each.in_language and each.url}
    own = {article.in_language: article.url} if others and article.in_language and article.url else {}
    return (Place(url=url, name="", language=language) for language, url in (others | own).items())


def _minutes(page: Frame, article: Article) -> str:
    """Return how long reading takes in words, nothing for what is read in a minute."""
    minutes = pages.reading_minutes(article.body)
    return page.words.minutes.format(n=page.number(minutes)) if minutes > 1 else ""


def _lead(article: Article) -> Image | None:
    """Return the lead picture; nothing when it is missing, or when the text has it."""
    image = pages.lead(article)
    return None if not image or _is_in_body(image, article) else image


def _is_in_body(image: Image, article: Article) -> bool:
    return f' src="{escape(image.content_url or "")}"' in article.body


def _owed(article: Article) -> tuple[str, ...]:
    """Return who made a picture that the text has, where the text does not say so: a credit is owed wherever the picture is."""
    shown = (each for each in article.image if each.content_url and _is_in_body(each, article))
    return tuple(dict.fromkeys(each.credit_text for each in shown if each.credit_text and escape(each.credit_text) not in article.body))


def _shown_body(page: Frame, article: Article) -> str:
    """Return the body with attributes that a body has not: they go when it is read.

    A wide table scrolls on a phone, and what scrolls must be reachable by keyboard (WCAG 2.2, 2.1.1).
    """
    body = markup.to_html(markup.relink(article.body, page.near))
    shown = body.replace("<img ", '<img loading="lazy" decoding="async" ').replace("<table", '<table tabindex="0"')
    known = {escape(page.near(url)): several for url, several in page.site.renditions.items()}
    return _IMG.sub(lambda img: pages.framed(img[0], known.get(img[1], ()), page.near, pages.SIZES["text"]), shown) if known else shown


def _recording(page: Frame, media: Media) -> _Recording:
    return _Recording(
        url=page.near(media.content_url),
        name=media.name or urlsplit(media.content_url).path.rpartition("/")[2] or media.content_url,
        player=_player_of(media),
        media_type=media.encoding_format,
        caption=" – ".join(each for each in (media.name, media.description, pages.length(media.duration)) if each),
        description=media.description,
        credit=media.credit_text,
    )


def _player_of(media: Media) -> str:
    by_type = {"AudioObject": "audio", "VideoObject": "video"}.get(media.type, "")
    essence = (media.encoding_format or "").partition("/")[0]
    return essence if essence in ("audio", "video") else "" if essence else by_type


def _copyright(page: Frame, article: Article) -> str:
    """Return the notice, or one made of holder and year, or whose the article is when it is not ours."""
    foreign = article.publisher != page.publication.publisher
    holder = article.copyright_holder or (article.publisher if foreign or article.copyright_year else None)
    sign = ["©"] if article.copyright_year or article.copyright_holder else []
    made = " ".join([*sign, *([str(article.copyright_year)] if article.copyright_year else []), *([holder.name] if holder else [])])
    return article.copyright_notice or made

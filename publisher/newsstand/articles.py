"""The files of each article: its page, its linked data, and what other sites show of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from publisher import schema
from publisher.article import Article
from publisher.formats import Target, writer
from publisher.newsstand import addresses, embeds
from publisher.newsstand.plan import Beside, Common, Site, embed_path
from publisher.outputs import Content, Output, Sheaf
from publisher.surroundings import ALONE

__all__ = ["sheaves"]


def sheaves(site: Site, target: Target, names: tuple[str, ...], wanted: Collection[str] | None = None) -> Iterator[Sheaf]:
    """Yield the files of each article in the formats of these names; of some sheaves by name those alone."""
    if names:
        common = Common(publication=site.bare, target=replace(target, site=site.around))
        given = partial(_given, site, common, names)
        for article in site.articles:
            if wanted is None or article.identifier in wanted:
                yield Sheaf(article.identifier, _outputs, article=article, late=given)


def _given(site: Site, common: Common, names: tuple[str, ...], article: Article) -> tuple[object, ...]:
    own, slug = site.own_path(article), site.slug(article)
    return common, names, site.has_embeds, article, site.beside(article), own, slug


def _outputs(
    common: Common, names: Iterable[str], has_embed: bool, article: Article, beside: Beside, own: str | None, slug: str
) -> Iterator[Output]:
    """Yield the files of one article; `own` is where its address leads, where that is here."""
    embed = embed_path(own) if own and has_embed else None
    for name in names:
        path = own if own and name == "webpage" else writer(name).PATH.format(slug=slug)
        url = article.url if own and name == "webpage" else addresses.url(common.publication, path)
        yield Output.late(path, name, _page if name == "webpage" else _single, common, article, url, beside, embed, article=article)
    if embed:
        yield embeds.output(common.publication, embed, article)


def _page(common: Common, article: Article, url: str, beside: Beside, embed: str | None) -> Content:
    around = beside.within(common.target.site, addresses.url(common.publication, embed) if embed else None)
    return _content(common, article, replace(common.target, url=url, site=around))


def _single(common: Common, article: Article, url: str, beside: Beside, embed: str | None) -> Content:
    return _content(common, article, replace(common.target, url=url, site=ALONE))


def _content(common: Common, article: Article, target: Target) -> Content:
    return Content(publication=schema.with_articles(common.publication, (article,)), target=target)

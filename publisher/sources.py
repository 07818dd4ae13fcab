"""From sources to a publication: read each, measure its media, tie the articles together, put them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from publisher import feeds, formats, markup, schema
from publisher.article import Article, Image, Link, Media, Party, Person, Publication
from publisher.formats import Reading
from publisher.measure import Facts, measure
from publisher.problems import Problem, PublisherError, Severity, problem
from publisher.settings import Settings

__all__ = ["Gathered", "gather", "is_source", "one"]

Find = Callable[[str], bytes | None]
"""Gives the bytes of the file that is published at a URL."""

_WRITTEN = frozenset("md markdown mdown mkd txt text json jsonld rss atom xml html htm xhtml epub".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the sources gave: a publication in order, and what was found on the way, with the paths of the sources."""

    publication: Publication
    problems: tuple[Problem, ...]
    written: bool = True
    """Whether it comes from a form that people write, rather than from one that we write for them."""


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    reading: Reading
    written: bool
    """Whether it is in a form that people write, rather than one that we write for them."""


def is_source(path: str) -> bool:
    """Return whether a file in a folder may hold articles, by its ending."""
    return path.rpartition(".")[2].lower() in _WRITTEN


def gather(
    sources: Iterable[tuple[str, bytes]], settings: Settings | None, assumed: Settings, find: Find, *, drafts: bool = False
) -> Gathered:
    """Return the publication made of all sources, newest article first.

    `settings` are those of `publisher.toml`; without one, a single file that says what its articles appear in
    gives the publication, else `assumed` does. A source that cannot be read is an error among the problems.
    """
    problems: list[Problem] = []
    read = [each for path, body in sources if (each := _try(path, body, settings or assumed, problems, drafts=drafts))]
    publication = _measured(_publication(read, settings, assumed), find)
    complete = [_complete(each, publication, find, problems) for each in read]
    by_url = {_address(source.path, publication): articles[0] for source, articles in zip(read, complete, strict=True) if articles}
    articles = [_tie(article, by_url.get) for each in complete for article in each]
    problems += _clashes(read, complete)
    return Gathered(publication=schema.with_articles(publication, sorted(articles, key=_order)), problems=tuple(problems))


def _try(path: str, body: bytes, settings: Settings, problems: list[Problem], *, drafts: bool) -> _Source | None:
    try:
        found = _read(path, body, settings)
    except PublisherError as error:
        problems += error.at(path).problems
        return None
    problems += (each.at(path) for each in found.reading.problems)
    if found.reading.draft and not drafts:
        problems.append(problem("source-draft", Severity.INFO, "this is a draft: left out", hint="build with --drafts to see it").at(path))
        return None
    return found


def one(path: str, body: bytes, settings: Settings | None, assumed: Settings, find: Find) -> Gathered:
    """Return what one file holds, as `gather` would; of the other sources only those that it links to are read."""
    found = _read(path, body, settings or assumed)
    problems = [each.at(path) for each in found.reading.problems]
    if not found.written:
        return Gathered(publication=found.reading.publication, problems=tuple(problems), written=False)
    publication = _measured((settings or assumed).publication, find)

    def look_up(address: str) -> Article | None:
        other = address.removeprefix(publication.url)
        body = find(address) if other != address and is_source(other) else None
        target = _try(unquote(other), body, settings or assumed, [], drafts=False) if body else None
        return next(iter(target.reading.publication.articles), None) if target else None

    articles = [_tie(article, look_up) for article in _complete(found, publication, find, problems)]
    return Gathered(publication=schema.with_articles(publication, articles), problems=tuple(problems))


def _read(path: str, body: bytes, settings: Settings) -> _Source:
    module = formats.detect(body, path)
    return _Source(path, module.read(body, settings.context(path)), not isinstance(module, formats.Writer))


def _publication(read: list[_Source], settings: Settings | None, assumed: Settings) -> Publication:
    if settings is None and len(read) == 1:
        return schema.with_articles(read[0].reading.publication, ())
    return (settings or assumed).publication


def _address(path: str, publication: Publication) -> str:
    """Return the URL that other sources call the source at `path`."""
    return f"{publication.url}{quote(path, errors='surrogateescape')}"


def _order(article: Article) -> tuple[bool, float, str]:
    """Return what sorts the newest article first, and those without a date last."""
    published = article.date_published
    return published is None, -feeds.as_moment(published).timestamp() if published else 0.0, article.identifier


# -- media ----------------------------------------------------------------------------------------------------------------


def _complete(source: _Source, publication: Publication, find: Find, problems: list[Problem]) -> tuple[Article, ...]:
    """Return the source's articles with the facts about their media; a file that is not there is a problem."""
    articles = source.reading.publication.articles
    if not source.written:
        return articles
    for article in articles:
        for address in _media_of(article):
            if address.startswith(publication.url) and find(address) is None:
                message = f"there is no file {unquote(address.removeprefix(publication.url))!r}"
                hint = "check the path, which begins where the source is"
                problems.append(problem("source-media-missing", Severity.WARNING, message, hint=hint).at(source.path))
    return tuple(_with_facts(article, publication, find) for article in articles)


def _media_of(article: Article) -> Iterator[str]:
    yield from (each.content_url for each in article.image if each.content_url)
    yield from (each.content_url for each in article.associated_media)
    yield from markup.media(article.body)


def _with_facts(article: Article, publication: Publication, find: Find) -> Article:
    return replace(
        article,
        image=tuple(_image(each, find) for each in article.image),
        associated_media=tuple(_recording(each, find) for each in article.associated_media),
        author=tuple(_party(each, find) for each in article.author),
        editor=tuple(_party(each, find) for each in article.editor),
        contributor=tuple(_party(each, find) for each in article.contributor),
        publisher=publication.publisher,
        copyright_holder=_party(article.copyright_holder, find) if article.copyright_holder else None,
        body=markup.with_sizes(article.body, lambda address: _size(address, find)),
    )


def _measured(publication: Publication, find: Find) -> Publication:
    """Return the publication with the facts about its own pictures."""
    image, publisher = publication.image, publication.publisher
    return replace(publication, image=image and _image(image, find), publisher=publisher and _party(publisher, find))


def _facts(address: str | None, find: Find) -> Facts | None:
    body = find(address) if address else None
    return measure(body, address or "") if body is not None else None


def _size(address: str, find: Find) -> tuple[int, int] | None:
    facts = _facts(address, find)
    return (facts.width, facts.height) if facts and facts.width and facts.height else None


def _image(image: Image, find: Find) -> Image:
    if not (facts := _facts(image.content_url, find)):
        return image
    return replace(
        image,
        encoding_format=facts.encoding_format,
        width=facts.width,
        height=facts.height,
        content_size=facts.content_size,
        sha256=facts.sha256,
    )


def _recording(media: Media, find: Find) -> Media:
    if not (facts := _facts(media.content_url, find)):
        return media
    kind = facts.encoding_format or media.encoding_format
    return replace(media, encoding_format=kind, content_size=facts.content_size, sha256=facts.sha256)


def _party(party: Party, find: Find) -> Party:
    if isinstance(party, Person):
        return replace(party, image=_image(party.image, find)) if party.image else party
    return replace(party, logo=_image(party.logo, find)) if party.logo else party


# -- ties between articles ------------------------------------------------------------------------------------------------


def _tie(article: Article, look_up: Callable[[str], Article | None]) -> Article:
    """Return the article with links to other sources made links to their articles."""
    return replace(
        article,
        body=markup.relink(article.body, lambda address: _new_address(address, look_up)),
        citation=tuple(_link(each, look_up) for each in article.citation),
        translations=tuple(_link(each, look_up) for each in article.translations),
    )


def _new_address(address: str, look_up: Callable[[str], Article | None]) -> str:
    plain, mark, place = address.partition("#")
    target = look_up(plain)
    return f"{target.url}{mark}{place}" if target and target.url else address


def _link(link: Link, look_up: Callable[[str], Article | None]) -> Link:
    target = look_up(link.url) if link.url else None
    if target is None:
        return link
    return Link(url=target.url, name=link.name or target.headline, in_language=link.in_language or target.in_language)


def _clashes(read: list[_Source], complete: list[tuple[Article, ...]]) -> Iterator[Problem]:
    """Yield an error for each article that has the identifier of another, or the address of one in another source."""
    seen: dict[str, str] = {}
    for source, articles in zip(read, complete, strict=True):
        for article in articles:
            for what, value in (("identifier", article.identifier), ("address", article.url)):
                other = seen.get(f"{what} {value}")
                if value and other and (other != source.path or what == "identifier"):
                    message = f"the {what} {value!r} is that of {'another article' if other == source.path else repr(other)} too"
                    hint = "give one of them another slug" if what == "address" else "give one of them an id of its own"
                    yield problem(f"source-{what}-clash", Severity.ERROR, message, hint=hint).at(source.path)
                seen.setdefault(f"{what} {value}", source.path)

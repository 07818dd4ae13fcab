"""Articles from elsewhere made into sources that people go on with: what the files are called, what is in them, what may be replaced.

What an import writes is listed in a ledger with its digest. So the next one knows a file that somebody has edited, and leaves it.
Nothing here opens a file.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, unquote

from publisher import build, compare, enclosed, markup, minting, schema, settings, sources
from publisher.article import Article, Image, Media, Organization, Party, Person, Publication
from publisher.formats import markdown
from publisher.measure import measure
from publisher.newsstand import addresses
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.schema import JsonObject
from publisher.settings import Settings
from publisher.text import slug

__all__ = ["Edited", "Ledger", "Moved", "Plan", "losses", "moved", "plan", "settings_file"]

Find = Callable[[str], bytes | None]
"""Gives bytes by a URL, or by a path."""
Watch = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Passes values through and may show how far the work is: values, how many, what is done with them."""

_ENDING = ".md"
_ENDINGS = {
    **enclosed.ENDINGS,
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "application/pdf": "pdf",
}


def unwatched(values: Iterable[Any], total: int, what: str) -> Iterable[Any]:
    """Pass values through and show nothing."""
    return values


# -- what gets lost --------------------------------------------------------------------------------------------------------


def losses(before: Publication, after: Publication, *, articles_only: bool = False) -> Iterator[Problem]:
    """Yield a warning for each field that some of the articles, or the publication, have `before` and not `after`, with how many."""
    lost: Counter[str] = Counter()
    less: Counter[str] = Counter()
    for one, other in zip(before.articles, after.articles, strict=True):
        _count(schema.spell(one), schema.spell(other), lost, less)
    yield from (_loss(f"{_number(number, 'article')} {'loses' if number == 1 else 'lose'} `{key}`") for key, number in lost.items())
    yield from (
        _loss(f"{_number(number, 'article')} {'keeps' if number == 1 else 'keep'} `{key}` only in part") for key, number in less.items()
    )
    if not articles_only:
        lost, less = Counter(), Counter()
        _count(schema.spell(schema.with_articles(before, ())), schema.spell(schema.with_articles(after, ())), lost, less)
        yield from (_loss(f"the publication loses `{key}`") for key in lost)
        yield from (_loss(f"the publication keeps `{key}` only in part") for key in less)


def _count(before: JsonObject, after: JsonObject, lost: Counter[str], less: Counter[str]) -> None:
    for key, value in before.items():
        if key not in after:
            lost[key] += 1
        elif after[key] != value:
            less[key] += 1


def _loss(message: str) -> Problem:
    hint = "keep the original where that matters; `publisher fields` says what each format carries"
    return problem("convert-loss", Severity.WARNING, message, hint=hint)


def _number(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


# -- media -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A publication whose media lie in the folder beside it."""

    publication: Publication
    files: Mapping[str, bytes]
    """Media by their path."""
    paths: Mapping[str, str]
    """Their paths by the URL that they had."""


def moved(
    publication: Publication,
    find: Find,
    base: str,
    known: Mapping[str, str],
    *,
    facts: bool = True,
    base_of: Callable[[Article], str] | None = None,
) -> Moved:
    """Return the publication with each medium whose bytes `find` gives at an address below `base`, in the folder of media.

    What would be a source there is none: a page, a feed or a book that a text links to stays where it is.
    `known` are paths of earlier times by URL. Without `facts`, what is measured in the files anyway is not said.
    `base_of` gives the address that stands for the folder in an article, where that is not the same for all.
    """
    shelf = _Shelf(base, known)
    for url in dict.fromkeys(build.media_of(publication)):
        if url not in shelf.paths and (body := find(url)) is not None:
            shelf.take(url, body)
    whole = _Mover(base, shelf.paths, shelf.sizes, facts).publication(schema.with_articles(publication, ()))
    articles = (_Mover(base_of(each) if base_of else base, shelf.paths, shelf.sizes, facts).article(each) for each in publication.articles)
    return Moved(publication=schema.with_articles(whole, articles), files=shelf.files, paths=shelf.paths)


class _Shelf:
    """Gives media their names: the same ones every time."""

    def __init__(self, base: str, known: Mapping[str, str]) -> None:
        self.base = base
        self.known = known
        self.files: dict[str, bytes] = {}
        self.paths: dict[str, str] = {}
        self.sizes: dict[str, tuple[int, int]] = {}
        """Pixels, by the old URL."""

    def take(self, url: str, body: bytes) -> None:
        """Put a medium in its place, unless it would be a source there."""
        facts = measure(body, url)
        path = self.known.get(url) or self.own(url) or self.named(url, body, facts.encoding_format, facts.sha256)
        if sources.is_source(path):
            return  # a build would take it for articles, and publishes no such file of the user's: it was made by one
        self.files[path] = body
        self.paths[url] = path
        if facts.width and facts.height:
            self.sizes[url] = (facts.width, facts.height)

    def own(self, url: str) -> str:
        """Return the path of what has an address in the folder of media already, `""` when it is elsewhere."""
        path = unquote(url.removeprefix(self.base).partition("?")[0].partition("#")[0])
        plain = posixpath.normpath(path) == path and not any(each.startswith(".") for each in path.split("/"))
        return path if url.startswith(self.base) and path.startswith(markdown.MEDIA) and plain and "\0" not in path else ""

    def named(self, url: str, body: bytes, kind: str | None, digest: str) -> str:
        """Return a path made of the last part of the address; another file of that name gets its digest into its own."""
        name = unquote(url.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2])
        stem, _, ending = name.rpartition(".")
        ending = _ENDINGS.get(kind or "") or (slug(ending)[:8] if stem else "") or "bin"
        stem = slug(stem or name) or "file"
        first, second = (f"{markdown.MEDIA}{each}.{ending}" for each in (stem, f"{stem}-{digest[:8]}"))
        taken = {path for other, path in self.known.items() if other != url}
        return first if first not in taken and self.files.get(first, body) == body else second


@dataclass(frozen=True, slots=True)
class _Mover:
    """Changes addresses wherever a medium is named."""

    base: str
    paths: Mapping[str, str]
    sizes: Mapping[str, tuple[int, int]]
    facts: bool

    def publication(self, publication: Publication) -> Publication:
        """Return what is said of the publication itself."""
        return replace(publication, publisher=self.party(publication.publisher), image=self.image(publication.image))

    def new(self, url: str | None) -> str | None:
        """Return the new address of a medium, `None` when it keeps its own."""
        return f"{self.base}{quote(path)}" if (path := self.paths.get(url or "")) else None

    def article(self, article: Article) -> Article:
        """Return one article."""
        body = article.body if self.facts else markup.without_sizes(article.body, self.sizes.get)
        return replace(
            article,
            body=markup.relink(body, lambda url: self.new(url) or url),
            image=tuple(filter(None, map(self.image, article.image))),
            associated_media=tuple(map(self.recording, article.associated_media)),
            author=tuple(filter(None, map(self.party, article.author))),
            editor=tuple(filter(None, map(self.party, article.editor))),
            contributor=tuple(filter(None, map(self.party, article.contributor))),
            publisher=self.party(article.publisher),
            copyright_holder=self.party(article.copyright_holder),
        )

    def image(self, image: Image | None) -> Image | None:
        """Return a picture."""
        new = self.new(image.content_url) if image else None
        if image is None or new is None:
            return image
        found = replace(image, content_url=new)
        return found if self.facts else replace(found, encoding_format=None, width=None, height=None, content_size=None, sha256=None)

    def recording(self, media: Media) -> Media:
        """Return a recording."""
        new = self.new(media.content_url)
        if new is None:
            return media
        found = replace(media, content_url=new)
        return found if self.facts else replace(found, content_size=None, sha256=None)

    def party(self, party: Party | None) -> Party | None:
        """Return a person or an organization."""
        if party is None:
            return None
        return replace(party, image=self.image(party.image)) if isinstance(party, Person) else replace(party, logo=self.image(party.logo))


# -- the settings ----------------------------------------------------------------------------------------------------------


def settings_file(publication: Publication, files: Container[str] = ()) -> bytes:
    """Return a `publisher.toml` that says of the publication what its articles do not say themselves; `files` lie beside it."""
    lines = [*_publication_lines(publication, files), *_publisher_lines(publication, files)]
    while True:
        text = "".join(f"{each}\n" for each in lines)
        try:
            settings.read(text.encode())
            return text.encode()
        except PublisherError as error:  # a stranger's e-mail address or licence that is none
            wrong = {each.location.line - 1 for each in error.problems if each.location.line}
            lines = [each for number, each in enumerate(lines) if number not in wrong] if wrong else []


def _publication_lines(publication: Publication, files: Container[str]) -> Iterator[str]:
    sections = publication.sections or _sections(publication.articles)
    newest = max((each.date_published.year for each in publication.articles if each.date_published), default=None)
    yield "[publication]"
    yield from _assigned("name", publication.name)
    yield from _assigned("alternate_name", publication.alternate_name)
    if publication.url == minting.UNNAMED.url:
        yield "# Nobody has said where this lives: write its address."
    yield from _assigned("url", publication.url)
    yield from _assigned("description", publication.description)
    yield from _assigned("language", publication.in_language)
    yield from _assigned("license", publication.license)
    yield from _assigned("copyright_notice", publication.copyright_notice)
    yield from _assigned("identifier", publication.identifier if publication.identifier != publication.url else None)
    yield from _assigned("since", str(newest) if newest else None)
    yield from _image_lines("image", publication.image, publication.url, files)
    if sections:
        yield f"sections = [{', '.join(map(_quoted, sections))}]"


def _publisher_lines(publication: Publication, files: Container[str]) -> Iterator[str]:
    house = publication.publisher
    if house is None or house == Organization(name=publication.name, url=publication.url):
        return  # what the settings assume anyway
    yield ""
    yield "[publisher]"
    yield from _assigned("name", house.name)
    yield from _assigned("type", None if isinstance(house, Organization) else "Person")
    yield from _assigned("url", house.url)
    yield from _assigned("email", house.email)
    yield from _image_lines("logo", house.image if isinstance(house, Person) else house.logo, publication.url, files)
    if house.same_as:
        yield f"same_as = [{', '.join(map(_quoted, house.same_as))}]"


def _sections(articles: Iterable[Article]) -> tuple[str, ...]:
    """Return the sections that the articles are in, the largest first."""
    found = Counter(each.article_section for each in articles if each.article_section)
    return tuple(sorted(found, key=lambda name: (-found[name], name)))


def _assigned(key: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"{key} = {_quoted(value)}"


def _image_lines(key: str, image: Image | None, base: str, files: Container[str]) -> Iterator[str]:
    if image is None or not image.content_url:
        return
    path = unquote(image.content_url.removeprefix(base))
    named = {
        "src": path if image.content_url.startswith(base) and path in files else image.content_url,  # in full it is kept without its file
        "alt": image.description,
        "caption": image.caption,
        "credit": image.credit_text,
        "license": image.license,
    }
    yield f"{key} = {{ {', '.join(f'{name} = {_quoted(value)}' for name, value in named.items() if value)} }}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a string of JSON is one of TOML


# -- the ledger ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What imports have written: path and digest (SHA-256) of each article by its identifier, and of each medium by its URL."""

    articles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    media: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes | None) -> Ledger:
        """Return what a ledger says; raise `PublisherError` when it is damaged."""
        if body is None:
            return cls()
        try:
            tables = schema.from_text(body)
            if not isinstance(tables, dict):
                raise TypeError
            return cls(articles=_entries(tables.get("articles")), media=_entries(tables.get("media")))
        except (PublisherError, TypeError, ValueError):
            message = "this list of what was imported is damaged"
            hint = "take it away: then every file counts as edited, and --force replaces them"
            raise PublisherError(problem("import-ledger-damaged", Severity.ERROR, message, hint=hint)) from None

    def to_bytes(self) -> bytes:
        """Return the ledger as JSON."""
        tables = {"articles": dict(sorted(self.articles.items())), "media": dict(sorted(self.media.items()))}
        return f"{json.dumps(tables, ensure_ascii=False, indent=1)}\n".encode()


def _entries(table: object) -> dict[str, tuple[str, str]]:
    if not isinstance(table, dict):
        raise TypeError
    return {str(key): (str(path), str(digest)) for key, (path, digest) in table.items()}


# -- the files -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A text that somebody has edited since it was imported, and what it would become."""

    path: str
    now: bytes
    new: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import is going to do."""

    files: Mapping[str, bytes]
    """What is to be written, by path."""
    edited: tuple[Edited, ...]
    problems: tuple[Problem, ...]
    ledger: Ledger


def plan(
    found: Moved, drafts: frozenset[str], own: Settings, ledger: Ledger, there: Find, *, force: bool = False, watch: Watch = unwatched
) -> Plan:
    """Return what an import of the articles into the sources with the settings `own` is going to do.

    `there` gives the bytes of what lies at a path already. What somebody has edited, or taken away, stays so without `force`.
    """
    planner = _Planner(own, ledger, there, frozenset(found.files), force)
    for article, path in watch(_named(found.publication, own, ledger, there), len(found.publication.articles), "writing"):
        planner.article(found.publication, article, path, draft=article.identifier in drafts)
    for url, path in found.paths.items():
        planner.medium(url, path, found.files[path])
    before = schema.with_articles(found.publication, (_as_source(each, own) for each in found.publication.articles))
    problems = (*planner.problems, *losses(before, planner.carried(before), articles_only=True))
    new = Ledger(articles={**ledger.articles, **planner.articles}, media={**ledger.media, **planner.media})
    return Plan(files=planner.files, edited=tuple(planner.edited), problems=problems, ledger=new)


def _as_source(article: Article, own: Settings) -> Article:
    """Return an article without what sources say elsewhere: a tag that is the section, what is known of the publisher."""
    house, publisher = own.publication.publisher, article.publisher
    same = house and publisher and (house.name, house.url or publisher.url) == (publisher.name, publisher.url or house.url)
    keywords = tuple(each for each in article.keywords if each != article.article_section)
    return replace(article, keywords=keywords, publisher=house if same else publisher)


class _Planner:
    """Decides, file by file."""

    def __init__(self, own: Settings, ledger: Ledger, there: Find, media: frozenset[str], force: bool) -> None:
        self.own = own
        self.ledger = ledger
        self.there = there
        self.brought = media
        self.force = force
        self.files: dict[str, bytes] = {}
        self.edited: list[Edited] = []
        self.problems: list[Problem] = []
        self.articles: dict[str, tuple[str, str]] = {}
        self.media: dict[str, tuple[str, str]] = {}
        self.back: dict[str, Article] = {}

    def carried(self, publication: Publication) -> Publication:
        """Return the publication as the sources have it."""
        return schema.with_articles(publication, (self.back.get(each.identifier, each) for each in publication.articles))

    def is_beside(self, url: str) -> bool:
        """Return whether a file lies at an address below the publication's, or is about to."""
        path = unquote(url.removeprefix(self.own.publication.url))
        return path in self.brought or self.there(path) is not None

    def article(self, publication: Publication, article: Article, path: str, *, draft: bool) -> None:
        """Decide about one article; one that does not come back the same is not written."""
        context = self.own.context(path)
        part = schema.with_articles(publication, (article,))
        body = markdown.write(part, context, draft=draft, beside=self.is_beside)
        carried = markdown.carry(part, context)
        self.back[article.identifier] = carried.articles[0]
        wrong = next(compare.differences(carried, markdown.read(body, context).publication), None)
        if wrong:
            hint = "this is a defect of Publisher: please report it with the source"
            message = f"{shown(wrong.first)} came back as {shown(wrong.second)}"
            self.problems.append(problem("output-differs", Severity.ERROR, message, hint=hint, pointer=wrong.pointer).at(path))
            return
        self.articles[article.identifier] = self.decide(path, body, self.ledger.articles.get(article.identifier, ("", ""))[1])

    def medium(self, url: str, path: str, body: bytes) -> None:
        """Decide about one medium."""
        self.media[url] = self.decide(path, body, self.ledger.media.get(url, ("", ""))[1])

    def decide(self, path: str, body: bytes, last: str) -> tuple[str, str]:
        """Write a file, or leave it; return its entry for the ledger. `last` is the digest of what was imported before."""
        now, digest = self.there(path), _digest(body)
        if now == body:
            return path, digest
        if now is None and last and not self.force:
            message, hint = "this was taken away since it was imported, and stays away", "use --force to have it again"
            self.problems.append(problem("import-taken-away", Severity.INFO, message, hint=hint).at(path))
            return path, last
        if now is not None and _digest(now) != last and not self.force:
            if digest != last:
                message = "this was edited since it was imported, and what it was imported from has changed too: left as it is"
                message = message if last else "there is a file that no import has written: left as it is"
                hint = "take over what you want of the difference, or use --force to replace it"
                self.problems.append(problem("import-edited", Severity.WARNING, message, hint=hint).at(path))
                self.edited += [Edited(path=path, now=now, new=body)] if path.endswith(_ENDING) else []
            return path, last
        self.files[path] = body
        return path, digest


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _named(publication: Publication, own: Settings, ledger: Ledger, there: Find) -> Iterator[tuple[Article, str]]:
    """Yield each article with the path of its file: the one that it has had, else one made of its slug that nothing else has."""
    taken = {path for path, _ in ledger.articles.values()}
    names = addresses.slugs(replace(publication, url=own.publication.url) if publication.url == minting.UNNAMED.url else publication)
    for article in publication.articles:
        if known := ledger.articles.get(article.identifier):
            yield article, known[0]
            continue
        name = names[article.identifier]
        if not article.date_published and minting.day(name):
            name = f"article-{name}"  # the reader would take the day for the article's
        mark = hashlib.sha256(article.identifier.encode()).hexdigest()
        choice = (f"{name}{_ENDING}", f"{name}-{mark[:8]}{_ENDING}")
        path = next((each for each in choice if each not in taken and _is_free(each, article, own, there)), f"{name}-{mark}{_ENDING}")
        taken.add(path)
        yield article, path


def _is_free(path: str, article: Article, own: Settings, there: Find) -> bool:
    """Return whether nothing lies at a path, or what does is the same article."""
    body = there(path)
    if body is None:
        return True
    try:
        (found,) = markdown.read(body, own.context(path)).publication.articles
    except PublisherError:
        return False
    return found.identifier == article.identifier

"""From a publication to files: plan what is to be written, render each, read it back and compare.

`map` is the only thing that decides where the work is done. Nothing here opens a file.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

from publisher import compare, formats, issues, markup, schema
from publisher.article import Article, Party, Person, Publication
from publisher.formats import Alternate, Target, Writer, epub, frontpage
from publisher.issues import Book
from publisher.minting import publication_slug
from publisher.problems import Location, Problem, PublisherError, Severity, problem, shown
from publisher.schema import begin
from publisher.settings import Settings
from publisher.text import slug

__all__ = ["DEFAULT", "Output", "Written", "asked", "clashes", "media_of", "plan", "render", "render_all", "shrunk", "slugs"]

DEFAULT = ("rss", "atom", "jsonfeed", "epub", "newsarticle", "webpage")
"""The formats that a build writes when nothing else is asked for."""
_SINGLE = ("newsml", "nitf", "ninjs", "newsarticle", "webpage")
"""Formats with one file for each article."""
_FEEDS = ("jsonfeed", "atom", "rss")
"""Formats that hold only the newest articles; in the order in which pages announce them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One file to be written."""

    path: str
    """Below the exports, with `/`."""
    format: str
    publication: Publication
    """What goes into it."""
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One file as bytes, checked, and read back to be the same."""

    path: str
    body: bytes
    problems: tuple[Problem, ...]


def plan(
    publication: Publication,
    settings: Settings,
    media: Callable[[str], bytes | None],
    only: Collection[str] = (),
    *,
    books: Sequence[Book] | None = None,
    out: Collection[str] = (),
    kepub: bool = False,
) -> tuple[Output, ...]:
    """Return what is to be written, sorted by path.

    `books` are those that `issues.plan` has found, and `out` the paths of issues that are there: who is out is not written again.
    With `kepub` there are books for Kobo besides, as when the settings say so.
    """
    writers = {name: module for name, module in formats.writers().items() if name in (only or DEFAULT)}
    books = issues.plan(publication, settings.issues).books if books is None else books
    names = slugs(publication)
    alternates = tuple(_alternates(publication, writers, books))
    target = Target(hub=settings.hub, alternates=alternates, media=media, book=settings.book)
    singles = (module for module in writers.values() if module.NAME != epub.NAME)
    outputs = [each for module in singles for each in _outputs(module, publication, settings, names, target)]
    if epub.NAME in writers:
        kinds = (False, True) if kepub or settings.book.kepub else (False,)
        outputs += (each for book in books for each in _books(publication, book, target, kinds, out))
    if not only or "webpage" in only:
        newest = tuple(_newest(publication, books)) if epub.NAME in writers else ()
        outputs.append(_output("index.html", frontpage.NAME, publication, replace(target, alternates=(*alternates, *newest))))
    return tuple(sorted(outputs, key=lambda each: each.path))


def _books(publication: Publication, book: Book, target: Target, kinds: Iterable[bool], out: Collection[str]) -> Iterator[Output]:
    """Yield what is to be written of one book: for all readers, and for Kobo.

    When a feed was changed at last says nothing of an issue, and would change the issue with each new article.
    """
    part = replace(publication, articles=book.articles, date_modified=None) if book.edition else publication
    paths = {kepub: issues.path(publication, book.edition, kepub=kepub) for kepub in (False, True)}
    is_new = book.make == "always" or (book.make == "missing" and bool(book.articles) and paths[False] not in out)
    for kepub, path in paths.items():
        is_missing = book.make == "missing" and bool(book.articles) and path not in out
        # What there is for Kobo goes with the book, so that the two never differ.
        if (is_new and path in out) or (kepub in kinds and (is_new or is_missing)):
            yield _output(path, epub.NAME, part, replace(target, edition=book.edition, kepub=kepub))


def _outputs(module: Writer, publication: Publication, settings: Settings, slugs: dict[str, str], target: Target) -> Iterator[Output]:
    if module.EACH == "publication":
        part = schema.with_articles(publication, publication.articles[: settings.feed_size]) if module.NAME in _FEEDS else publication
        yield _output(module.PATH.format(slug=publication_slug(publication)), module.NAME, part, target)
        return
    for article in publication.articles:
        path = module.PATH.format(slug=slugs[article.identifier])
        part = schema.with_articles(publication, (article,))
        own = _own_path(article, publication) if module.NAME == "webpage" else None
        yield _output(own or path, module.NAME, part, replace(target, url=article.url) if own else target)


def _own_path(article: Article, publication: Publication) -> str | None:
    """Return where the page of an article goes whose address is another than `articles/….html`, so that the address is true."""
    address = article.url or ""
    if not address.startswith(_base(publication)) or any(mark in address for mark in "?#"):
        return None
    path = unquote(address[len(_base(publication)) :])
    parts = path.removesuffix("/").split("/")
    if path in ("index", "index.html") or any(not part or part.startswith(".") or not part.isprintable() or "\\" in part for part in parts):
        return None  # an empty part would make the path absolute, and lead out of the exports
    return f"{path}index.html" if path.endswith("/") else path if path.endswith((".html", ".htm")) else f"{path}.html"


def _output(path: str, name: str, publication: Publication, target: Target) -> Output:
    address = target.url or f"{_base(publication)}{quote(path)}"
    return Output(path=path, format=name, publication=publication, target=replace(target, url=address))


def _base(publication: Publication) -> str:
    """Return the address of the folder that the exports become."""
    return f"{publication.url.removesuffix('/')}/"


def _alternates(publication: Publication, writers: Collection[str], books: Sequence[Book]) -> Iterator[Alternate]:
    """Yield what every page announces: feeds, and the book of everything where there is one."""
    for name in (each for each in _FEEDS if each in writers):
        module = formats.writers()[name]
        yield _alternate(publication, module.PATH.format(slug=publication_slug(publication)), module)
    if epub.NAME in writers and any(not each.edition for each in books):
        yield _alternate(publication, issues.path(publication, None), formats.writers()[epub.NAME])


def _newest(publication: Publication, books: Sequence[Book]) -> Iterator[Alternate]:
    """Yield the last issue of each row, where there is no book of everything.

    Only the front page announces them: it changes with every article, and the page of an old article need not.
    """
    if all(each.edition for each in books):
        for edition in (each.edition for each in books if each.last and each.edition):
            yield _alternate(publication, issues.path(publication, edition), formats.writers()[epub.NAME], edition.key)


def _alternate(publication: Publication, path: str, module: Writer, key: str = "") -> Alternate:
    name = f"{publication.name} {key}" if key else publication.name
    return Alternate(url=f"{_base(publication)}{quote(path)}", media_type=module.MEDIA_TYPE, title=f"{name} ({module.TITLE})")


def slugs(publication: Publication) -> dict[str, str]:
    """Return the name of each article's files by its identifier: the last part of its address here, else its headline.

    Where several have one name the oldest keeps it, so that a new article renames no file of an older one.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for article in sorted(publication.articles, key=_age):
        name = _name(article, publication)
        if name in taken:
            name = f"{name}-{hashlib.sha256(article.identifier.encode()).hexdigest()[:8]}"
        taken.add(name)
        found[article.identifier] = name
    return found


def _age(article: Article) -> tuple[bool, datetime, str]:
    published = article.date_published
    return published is None, begin(published) if published else datetime.max.replace(tzinfo=UTC), article.identifier


def _name(article: Article, publication: Publication) -> str:
    address = article.url or ""
    base = _base(publication)
    path = address[len(base) :].partition("?")[0].partition("#")[0] if address.startswith(base) else ""
    last = unquote(path.rstrip("/").rpartition("/")[2])
    return slug(last.removesuffix(".html")) or slug(article.headline) or slug(article.identifier) or "article"


def clashes(outputs: Sequence[Output], media: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield an error for each path that another one of a build would overwrite: the same file, or a folder on its way.

    `A.html` and `a.html` are one file on many systems, and so are two spellings of one accented letter.
    """
    meant: dict[str, list[str]] = {}
    for path, what in (*((each.path, _what(each)) for each in outputs), *((path, "a file of yours") for path in media)):
        meant.setdefault(_folded(path), []).append(what)
    folders = {parent for path in meant for parent in _above(path)}
    hint = "give the article another url, or the file another name"
    for path, several in sorted(meant.items()):
        if len(several) > 1:
            yield problem("path-twice", Severity.ERROR, f"this would be {' and '.join(several)}", hint=hint).at(path)
        if path in folders:
            yield problem("path-is-folder", Severity.ERROR, f"this would be {several[0]} and a folder for others", hint=hint).at(path)
    yield from _misled(outputs)


def _misled(outputs: Sequence[Output]) -> Iterator[Problem]:
    """Yield an error for each article whose address is that of another output."""
    known = {each.target.url: each for each in outputs if each.format != "webpage"}
    for each in outputs:
        article = each.publication.articles[0] if each.format == "webpage" else None
        if article and (other := known.get(article.url)):
            message = f"the address of {shown(article.headline)} is that of {_what(other)}"
            yield problem("address-taken", Severity.ERROR, message, hint="give the article another url").at(other.path)


def _what(output: Output) -> str:
    each = output.format in formats.writers() and formats.writer(output.format).EACH == "article"
    return f"the {output.format} of {shown(output.publication.articles[0].headline)}" if each else f"the {output.format}"


def shrunk(outputs: Sequence[Output], former: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning when feeds and books would have only the articles asked for now, and a former build has made more."""
    planned = {each.path for each in outputs}
    left = [path for path in former if path.endswith(".html") and path not in planned]
    whole = [each.path for each in outputs if each.format not in _SINGLE]
    if left and whole:
        message = f"this would have only these articles, and not those of {left[0]}" + (f" and {len(left) - 1} more" if left[1:] else "")
        hint = "build the whole folder; or choose another folder with -o, or --only webpage newsarticle"
        yield problem("build-partial", Severity.WARNING, message, hint=hint).at(whole[0])


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def asked(outputs: Iterable[Output]) -> tuple[str, ...]:
    """Return the addresses of the media that books would have inside, each once, in the order in which their pages ask for them."""
    found: dict[str, None] = {}

    def note(url: str) -> None:
        found[url] = None

    for each in outputs:
        if each.format == "epub" and not each.target.kepub:
            with suppress(PublisherError):  # rendering says so
                formats.writer(each.format).write(each.publication, replace(each.target, media=note))
    return tuple(found)


def render_all(outputs: Iterable[Output], map: Callable[..., Iterable[Any]] = map) -> Iterator[Written]:  # noqa: A002
    """Yield each output as bytes, in the order of the plan."""
    yield from map(render, outputs)


def render(output: Output) -> Written:
    """Return one output as bytes with what is wrong with it; an output that comes back different is an error."""
    try:
        body, problems = _render(output)
    except PublisherError as error:
        body, problems = b"", list(error.problems)
    return Written(path=output.path, body=body, problems=tuple(each.at(output.path) for each in problems))


def _render(output: Output) -> tuple[bytes, list[Problem]]:
    if output.format == frontpage.NAME:
        return frontpage.write(output.publication, output.target), []
    module = formats.writers()[output.format]
    told: list[Problem] = []
    body = module.write(output.publication, replace(output.target, tell=told.append))
    back = module.read(body).publication
    wrong = (each for each in module.check(body) if each.severity > Severity.INFO)  # who wants advice asks `check` for it
    return body, [*told, *wrong, *_lost(module.carry(output.publication), back)]


def told(problems: Iterable[Problem]) -> list[Problem]:
    """Return what is wrong with the outputs; what is so with several books, such as a picture that all of them show, once."""
    every = list(problems)
    counts = Counter(_everywhere(each) for each in every)
    first = {_everywhere(each): each for each in reversed(every)}
    return [_with(each, counts[_everywhere(each)] - 1) for each in every if each is first[_everywhere(each)]]


def _everywhere(found: Problem) -> Problem:
    """Return what a problem of a book is in each book that has it."""
    return replace(found, location=Location()) if found.code.startswith("epub-") else found


def _with(found: Problem, more: int) -> Problem:
    if not more or not found.code.startswith("epub-"):
        return found
    return replace(found, message=f"{found.message} (and so in {more} more book{'s' if more > 1 else ''})")


def _lost(expected: Publication, back: Publication) -> Iterator[Problem]:
    for each in compare.differences(expected, back):
        message = f"{_or_nothing(each.first)} came back as {_or_nothing(each.second)}"
        hint = "this is a defect of Publisher: please report it with the source"
        yield problem("output-differs", Severity.ERROR, message, hint=hint, pointer=each.pointer)


def _or_nothing(value: object) -> str:
    return "nothing" if value is None else shown(value)


def media_of(publication: Publication) -> Iterator[str]:
    """Yield the URLs of all files that the outputs may refer to, some more than once."""
    yield from _of_party(publication.publisher)
    if publication.image and publication.image.content_url:
        yield publication.image.content_url
    for article in publication.articles:
        yield from (each.content_url for each in article.image if each.content_url)
        yield from (each.content_url for each in article.associated_media)
        yield from markup.media(article.body)
        yield from markup.links(article.body)
        for party in (*article.author, *article.editor, *article.contributor, article.publisher, article.copyright_holder):
            yield from _of_party(party)


def _of_party(party: Party | None) -> Iterator[str]:
    picture = None if party is None else party.image if isinstance(party, Person) else party.logo
    if picture and picture.content_url:
        yield picture.content_url

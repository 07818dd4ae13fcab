"""From any form to any other: what was read wherever it lay, together, written as one file, as several, or as sources.

Nothing is written before all of it is known to be right, and what it loses is named.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote, urljoin

from publisher import build, desk, fetch, files, formats, imports, markup, schema, settings
from publisher.article import Article, Publication
from publisher.formats import Target, markdown
from publisher.imports import Edited, Ledger, Moved
from publisher.minting import UNNAMED, publication_slug
from publisher.newsstand import addresses
from publisher.outputs import Output
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.settings import Settings
from publisher.sources import Gathered, is_source

__all__ = ["STDIN", "Brought", "Converted", "bring", "collect", "convert", "format_of", "is_folder", "keep", "writable"]

STDIN = "-"
Find = Callable[[str], bytes | None]
"""Gives the bytes behind a URL."""
Terms = Mapping[str, Any]
"""How addresses on the web are asked: what `desk.read` takes besides."""
NO_TERMS: Terms = MappingProxyType({})
Job = Callable[[], Gathered]
Watch = Callable[[Iterable[Any], int, str], Iterable[Any]]
"""Passes values through and may show how far the work is: values, how many, what is done with them."""

_MEDIA = frozenset(
    "png jpg jpeg gif webp avif svg bmp ico mp3 m4a ogg opus wav flac aac mp4 webm mov pdf css js woff woff2 ttf otf".split()
)
"""Endings of what lies beside articles."""
_AT_ONCE = 4
_WITH_MEDIA = frozenset(("epub", "webpage", "markdown"))
"""Formats that pictures from the web can be brought into."""


# -- reading ---------------------------------------------------------------------------------------------------------------


def collect(
    inputs: Sequence[str],
    *,
    form: str | None = None,
    drafts: bool = False,
    terms: Terms = NO_TERMS,
    follow: bool = False,
    full_text: bool = False,
    stdin: Callable[[], bytes] = bytes,
    watch: Watch = imports.unwatched,
) -> Gathered:
    """Return what files, folders, addresses on the web and `-` give together; of each article the newest version.

    With `follow`, feeds are read to their end, and with `full_text`, articles with a summary only get the texts of their pages.

    What cannot be read is an error among the problems, and keeps nothing else from being read; raise `PublisherError`
    when nothing can. `form` is the name of their format, when that is not to be found from their content.
    """
    problems: list[Problem] = []
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        read = partial(desk.follow, **terms) if follow else partial(desk.read, form=form, **terms)
        answers = desk.read_each([each for each in inputs if fetch.is_url(each)], form=form, **terms)

        def ask(url: str) -> Job:
            return pool.submit(read, url).result if follow else partial(_answered, answers)

        jobs = [job for each in inputs for job in _jobs(each, form, stdin, ask, read, drafts=drafts)]
        found = [each for job in watch(jobs, len(jobs), "reading") if (each := _done(job, problems))]
    finally:
        pool.shutdown(cancel_futures=True)
    if not found:
        raise PublisherError(*(problems or _nothing(inputs)))
    whole = _together(found if drafts else [_published(each) for each in found], problems)
    return desk.full_text(whole, watch=watch, **terms) if full_text else whole


def _jobs(
    given: str, form: str | None, stdin: Callable[[], bytes], ask: Callable[[str], Job], read: Callable[[str], Gathered], *, drafts: bool
) -> Iterator[Job]:
    """Yield what reads each of the files that an input means; of addresses several are asked at once."""
    if given == STDIN:
        yield lambda: desk.read_bytes(stdin(), "", form)
    elif fetch.is_url(given):
        yield ask(given)
    elif not Path(given).is_dir():
        yield partial(read, given)
    elif form is None and (files.home(Path(given)) / files.SETTINGS).is_file():
        yield lambda: desk.gather([given], drafts=drafts, remember=False)[0]
    else:
        yield from _of_folder(Path(given), form, drafts=drafts)


def _answered(answers: Iterator[tuple[str, Gathered | PublisherError]]) -> Gathered:
    """Return what is at the next of the addresses; raise `PublisherError` when nothing is."""
    _, found = next(answers)
    if isinstance(found, PublisherError):
        raise found
    return found


def _of_folder(folder: Path, form: str | None, *, drafts: bool) -> Iterator[Job]:
    """Yield what reads the files of a folder without settings: texts together, since they link to each other, all others one by one."""
    names = [each for each in files.walk(folder, made=False) if formats.ending(each) not in _MEDIA]
    texts = [str(folder / each) for each in names if form is None and is_source(each) and formats.ending(each) in formats.TEXTS]
    if texts:
        yield lambda: desk.gather(texts, drafts=drafts, root=folder, remember=False)[0]
    for each in names:
        if (path := str(folder / each)) not in texts and (form or _is_known(path)):
            yield partial(desk.read, path, form=form)


def _is_known(path: str) -> bool:
    """Return whether a file in a folder is in a format that we read; what is not was not meant."""
    try:
        return formats.detect(files.read(Path(path)), path).NAME not in formats.SOURCES
    except PublisherError as error:
        return error.problems[0].code != "unknown-content"


def _done(job: Job, problems: list[Problem]) -> Gathered | None:
    try:
        return job()
    except PublisherError as error:
        problems += error.problems
        return None


def _nothing(inputs: Sequence[str]) -> list[Problem]:
    hint = "name a file, or a folder with articles"
    return [problem("no-sources", Severity.ERROR, "there is nothing to read here", hint=hint).at(each) for each in inputs]


def _published(found: Gathered) -> Gathered:
    """Return what was read without drafts."""
    every = found.publication.articles
    kept = [each for each in every if each.identifier not in found.drafts]
    if len(kept) == len(every):
        return found
    message = f"{len(every) - len(kept)} of {len(every)} articles are drafts: left out"
    told = problem("source-drafts", Severity.INFO, message, hint="use --drafts to have them too")
    return replace(found, publication=schema.with_articles(found.publication, kept), problems=(*found.problems, told), drafts=frozenset())


def _together(found: Sequence[Gathered], problems: list[Problem]) -> Gathered:
    """Return several publications as one: what is said of the first that says something, and of each article the newest version."""
    problems = [*dict.fromkeys(each for one in found for each in one.problems), *problems]
    publication = next((each.publication for each in found if each.publication.url != UNNAMED.url), found[0].publication)
    articles, twice = _newest(found)
    if twice:
        message = (
            f"{_count(len(twice), 'article')} {'was' if len(twice) == 1 else 'were'} there more than once; the newest was taken, as of"
        )
        hint = "leave one of the files out when you want the other"
        problems.append(problem("article-twice", Severity.INFO, f"{message} {shown(twice[0].headline)}", hint=hint))
    if others := {each.publication.name for each in found} - {publication.name, UNNAMED.name}:
        message = f"the articles appeared in {_count(len(others) + 1, 'publication')}; what is written says {shown(publication.name)}"
        problems.append(problem("publications-merged", Severity.INFO, message, hint="put the one first that you mean"))
    problems += _two_media(found, articles)
    return Gathered(
        publication=schema.with_articles(publication, articles),
        problems=tuple(problems),
        written=all(each.written for each in found),
        drafts=frozenset().union(*(each.drafts for each in found)),
        media=found[0].media if len(found) == 1 else partial(_first_media, tuple(each.media for each in found)),
    )


def _first_media(several: Sequence[Find], url: str) -> bytes | None:
    return next((body for media in several if (body := media(url)) is not None), None)


def _newest(found: Sequence[Gathered]) -> tuple[list[Article], list[Article]]:
    """Return each article once, in the place where it was first, and those that were there more than once."""
    articles: dict[str, Article] = {}
    twice: dict[str, Article] = {}
    for each in (article for one in found for article in one.publication.articles):
        other = articles.setdefault(each.identifier, each)
        if other is not each and other != each:
            articles[each.identifier] = twice[each.identifier] = each if _changed(each) >= _changed(other) else other
    return list(articles.values()), list(twice.values())


def _changed(article: Article) -> float:
    """Return when an article was changed at last, as seconds."""
    day = article.date_modified or article.date_published
    return schema.begin(day).timestamp() if day else float("-inf")


def _two_media(found: Sequence[Gathered], articles: Iterable[Article]) -> Iterator[Problem]:
    """Yield an error for each address at which two inputs have different files: the wrong picture would be shown.

    Where files say themselves what they appeared in, an address is one place: a book has its pictures smaller.
    """
    found = [each for each in found if each.written]
    if len(found) < 2:
        return
    asked = dict.fromkeys(build.media_of(schema.with_articles(UNNAMED, articles)))
    for url in asked:
        if len({body for each in found if (body := each.media(url)) is not None}) > 1:
            hint = "read the files one by one, or give each folder a publisher.toml with an address of its own"
            yield problem("media-twice", Severity.ERROR, f"two files have different media at {shown(url)}", hint=hint)


# -- converting ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What a publication became."""

    folder: Path | None
    """Where the files belong; `None` for standard output."""
    files: dict[str, bytes]
    """By their path below the folder; for standard output one."""
    problems: tuple[Problem, ...]


def format_of(name: str) -> str:
    """Return the format that a file's name says; raise `PublisherError` when it says none that we write."""
    if formats.ending(name) in ("md", "markdown"):
        return markdown.NAME
    try:
        return desk.format_of(name)
    except PublisherError as error:
        hint = f"name the format with --to, one of {', '.join(writable())}; for sources name a folder, with / at its end"
        raise PublisherError(replace(error.problems[0], hint=hint)) from None


def writable() -> tuple[str, ...]:
    """Return the names of all formats that `convert` writes."""
    return (*formats.writers(), markdown.NAME)


def is_folder(out: str) -> bool:
    """Return whether an output means a folder."""
    return out.endswith("/") or Path(out).is_dir()


def convert(
    found: Gathered,
    out: str,
    to: str | None = None,
    *,
    fetch_media: bool = False,
    terms: Terms = NO_TERMS,
    watch: Watch = imports.unwatched,
) -> Converted:
    """Return the files that a publication becomes in another format, each read back and compared, and all that is lost.

    Raise `PublisherError` when it cannot be what was asked for.
    """
    form = to or (None if out == STDIN else format_of(out))
    if form is None:
        raise PublisherError(problem("no-format", Severity.ERROR, "standard output has no name", hint="name the format with --to"))
    each = form == markdown.NAME or formats.writer(form).EACH == "article"
    if each and not is_folder(out) and len(found.publication.articles) != 1:
        message = f"{form} holds one article, and there are {len(found.publication.articles)}"
        hint = f"name a folder, such as articles/, for one file each, with --to {form}"
        raise PublisherError(*found.problems, problem("not-one-article", Severity.ERROR, message, hint=hint).at(out))
    with ExitStack() as stack:
        bytes_of, missing = _with_fetched(stack, found, form, fetch=fetch_media, terms=terms, watch=watch)
        return _converted(found, out, form, bytes_of, missing, watch)


def _with_fetched(
    stack: ExitStack, found: Gathered, form: str, *, fetch: bool, terms: Terms, watch: Watch
) -> tuple[Find, Sequence[Problem]]:
    """Return what gives the bytes of media, fetched ones among them, and what could not be had."""
    if not fetch:
        return found.media, ()
    if form not in _WITH_MEDIA:
        message = f"nothing was fetched: {form} names pictures by their addresses"
        return found.media, [problem("fetch-unused", Severity.INFO, message, hint="leave --fetch out")]
    cache = files.Cache(files.Folder(stack.enter_context(files.scratch()), ""))
    wanted = [url for url in _shown(found.publication) if found.media(url) is None]
    missing = desk.fetch_media(wanted, cache, private=terms.get("private", False), robots=terms.get("robots", True), watch=watch)
    return partial(_first_media, (found.media, cache)), missing


def _shown(publication: Publication) -> Iterator[str]:
    """Yield the addresses of pictures and recordings, and not of what is only linked to."""
    linked = frozenset(url for each in publication.articles for url in markup.links(each.body))
    media = frozenset(url for each in publication.articles for url in markup.media(each.body))
    yield from (url for url in dict.fromkeys(build.media_of(publication)) if url in media or url not in linked)


def _converted(found: Gathered, out: str, form: str, bytes_of: Find, missing: Sequence[Problem], watch: Watch) -> Converted:
    if form == markdown.NAME:
        return _as_markdown(found, out, bytes_of, missing)
    moved = _moved(found.publication, form, bytes_of)
    folder, outputs = _outputs(moved.publication, out, form, bytes_of)
    rendered = list(watch(map(build.render, outputs), len(outputs), "writing"))
    carried = [formats.writer(form).carry(each.publication) for each in outputs]
    articles = [article for each in carried for article in each.articles]
    lost = imports.losses(moved.publication, schema.with_articles(carried[0], articles)) if carried else ()
    beside = moved.files if folder else {}
    problems = (*(each for one in rendered for each in one.problems), *(each.at(out) for each in lost))
    return Converted(
        folder=folder,
        files={**beside, **{each.path: each.body for each in rendered}},
        problems=(*missing, *problems, *(each.at(out) for each in _beside(beside, form, moved.publication))),
    )


def _moved(publication: Publication, form: str, bytes_of: Find) -> Moved:
    """Return a publication whose media lie below its address, for pages beside each; those of a book stay, since it takes them in."""
    if form == "epub":
        return Moved(publication=publication, files={}, paths={})
    base_of = partial(_folder_of, publication=publication) if form == "webpage" else None
    return imports.moved(publication, bytes_of, _base(publication), {}, base_of=base_of)


def _folder_of(article: Article, publication: Publication) -> str:
    """Return the address that stands for the folder in which the page of an article lies."""
    own = article.url if article.url and article.url.startswith(_base(publication)) else _base(publication)
    return urljoin(own, ".")


def _base(publication: Publication) -> str:
    return f"{publication.url.removesuffix('/')}/"


def _beside(beside: Collection[str], form: str, publication: Publication) -> Iterator[Problem]:
    """Yield what has to be done with media that lie beside a file which names them by their addresses."""
    base = _base(publication)
    relative = form == "webpage" and all((each.url or "").startswith(base) for each in publication.articles)
    if beside and not relative:
        were = "was" if len(beside) == 1 else "were"
        message = f"{_count(len(beside), 'file')} that the articles show {were} put beside, and named as if at {base}"
        yield problem("media-beside", Severity.INFO, message, hint="publish them there")


def _outputs(publication: Publication, out: str, form: str, bytes_of: Find) -> tuple[Path | None, list[Output]]:
    """Return the folder of the files, `None` for standard output, and what each is to hold."""
    if out == STDIN:
        return None, [_output(publication, "-", form, bytes_of)]
    if not is_folder(out):
        return Path(out).parent, [_output(publication, Path(out).name, form, bytes_of)]
    path = posixpath.basename(formats.writer(form).PATH)
    if formats.writer(form).EACH == "publication":
        return Path(out), [_output(publication, path.format(slug=publication_slug(publication)), form, bytes_of)]
    names = addresses.slugs(publication)
    parts = ((each, schema.with_articles(publication, (each,))) for each in publication.articles)
    return Path(out), [_output(part, path.format(slug=names[each.identifier]), form, bytes_of) for each, part in parts]


def _output(publication: Publication, name: str, form: str, bytes_of: Find) -> Output:
    url = None if name == STDIN or form == "webpage" else f"{_base(publication)}{quote(name)}"
    return Output(path=name, format=form, publication=publication, target=Target(url=url, media=bytes_of))


def _as_markdown(found: Gathered, out: str, bytes_of: Find, missing: Sequence[Problem]) -> Converted:
    """Return one article as a source that belongs where it will lie: what the settings there say is not said again."""
    at = desk.desk_of(Path() if out == STDIN else Path(out).parent)
    root = at.folder.root if at.own else Path(out).parent
    own = at.settings if out != STDIN else settings.read(None)[0]
    path = "article.md" if out == STDIN else os.path.relpath(Path(out).resolve(), root.resolve()).replace(os.sep, "/")
    moved = imports.moved(found.publication, bytes_of, own.publication.url, {}, facts=False)
    (article,) = moved.publication.articles
    plan = imports.plan(moved, found.drafts, own, Ledger(articles={article.identifier: (path, "")}), formats.no_media, force=True)
    problems = (*missing, *(each.at(out) for each in (*plan.problems, *_without_settings(found.publication, at))))
    if out == STDIN:
        return Converted(folder=None, files={each: body for each, body in plan.files.items() if each == path}, problems=problems)
    return Converted(folder=root, files=dict(plan.files), problems=problems)


def _without_settings(publication: Publication, at: desk.Desk) -> Iterator[Problem]:
    if at.own is None and publication.url != UNNAMED.url:
        message = f"what is said of {shown(publication.name)} itself is lost, since it would stand in publisher.toml"
        yield problem("convert-loss", Severity.WARNING, message, hint="convert into a folder, which gets one")


def keep(converted: Converted, inputs: Sequence[str], *, force: bool) -> tuple[str, ...]:
    """Put the files in place, all or none; return which have changed.

    Raise `PublisherError` when one is there already and is another, unless by `force`, or when it is one that was read.
    """
    folder = converted.folder or Path()
    read = {each.resolve() for each in _files_of(inputs)}
    for path, body in converted.files.items():
        place = folder / path
        if place.is_dir():
            raise PublisherError(
                problem("file-is-folder", Severity.ERROR, "there is a folder of this name", hint="name a file").at(str(place))
            )
        if not place.exists() or files.read(place) == body:
            continue
        if place.resolve() in read:
            hint = "choose another name"
            raise PublisherError(problem("file-is-input", Severity.ERROR, "this is what was read", hint=hint).at(str(place)))
        if not force:
            hint = "choose another name, or use --force to replace it"
            raise PublisherError(
                problem("file-exists", Severity.ERROR, "this file is there already, and is another", hint=hint).at(str(place))
            )
    return files.put(folder, converted.files)


def _files_of(inputs: Iterable[str]) -> Iterator[Path]:
    yield from (Path(each) for each in inputs if each != STDIN and not fetch.is_url(each))


# -- importing -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What an import has done."""

    changed: tuple[str, ...] = ()
    """Paths of what was written, below the folder."""
    total: int = 0
    """How many files it is about."""
    edited: tuple[Edited, ...] = ()
    problems: tuple[Problem, ...] = field(default_factory=tuple)


def bring(
    found: Gathered,
    folder: Path,
    inputs: Sequence[str] = (),
    *,
    force: bool = False,
    fetch_media: bool = False,
    terms: Terms = NO_TERMS,
    watch: Watch = imports.unwatched,
) -> Brought:
    """Write articles as sources into a folder, with a `publisher.toml` where there is none; raise `PublisherError` when that cannot be.

    `inputs` are where they were read, which must be elsewhere: else each article would be there twice.
    """
    for each in _files_of(inputs):
        if each.resolve().is_relative_to(folder.resolve()):
            message, hint = "this lies in the folder of the sources itself", "choose another folder with -o, or move the file out of it"
            raise PublisherError(problem("import-into-itself", Severity.ERROR, message, hint=hint).at(str(each)))

    def there(path: str) -> bytes | None:
        return files.read(folder / path) if (folder / path).is_file() else None

    ledger = _ledger(there)
    written = there(files.SETTINGS)
    with ExitStack() as stack:
        own = _settings(folder, written or imports.settings_file(found.publication))
        bytes_of, missing = _with_fetched(stack, _at_hand(found, ledger, there), markdown.NAME, fetch=fetch_media, terms=terms, watch=watch)
        known = {url: path for url, (path, _) in ledger.media.items()}
        moved = imports.moved(found.publication, bytes_of, own.publication.url, known, facts=False)
    if written is None:
        own = _settings(folder, toml := imports.settings_file(replace(moved.publication, url=own.publication.url), moved.files))
    plan = imports.plan(moved, found.drafts, own, ledger, there, force=force, watch=watch)
    new = {**plan.files, **({files.SETTINGS: toml} if written is None else {})}
    changed = files.put(folder, {**new, files.LEDGER: plan.ledger.to_bytes()})
    problems = (*missing, *(_in(folder, each) for each in plan.problems), *(_in(folder, each) for each in _left_on_the_web(moved, own)))
    count = 1 + len(plan.ledger.articles) + len({path for path, _ in plan.ledger.media.values()})
    return Brought(changed=tuple(each for each in changed if each != files.LEDGER), total=count, edited=plan.edited, problems=problems)


def _in(folder: Path, found: Problem) -> Problem:
    return found.at(str(folder / found.location.path)) if found.location.path else found.at(str(folder))


def _ledger(there: Find) -> Ledger:
    try:
        return Ledger.read(there(files.LEDGER))
    except PublisherError as error:
        raise error.at(files.LEDGER) from None


def _settings(folder: Path, body: bytes) -> Settings:
    try:
        return settings.read(body)[0]
    except PublisherError as error:
        raise error.at(str(folder / files.SETTINGS)) from None


def _at_hand(found: Gathered, ledger: Ledger, there: Find) -> Gathered:
    """Return what was read, whose media are also those that an import has brought before: they need not be fetched again."""

    def media(url: str) -> bytes | None:
        return body if (body := found.media(url)) is not None or url not in ledger.media else there(ledger.media[url][0])

    return replace(found, media=media)


def _left_on_the_web(moved: Moved, own: Settings) -> Iterator[Problem]:
    """Yield a warning when pictures have addresses of the publication itself and are not in the folder, so that no build publishes them."""
    base = own.publication.url
    left = [url for url in _shown(moved.publication) if url.startswith(base) and unquote(url.removeprefix(base)) not in moved.files]
    if left:
        what = _count(len(left), "picture or recording", "pictures or recordings")
        message = f"{what} below {base} did not come along, and no build will publish that: {shown(left[0])}"
        yield problem("import-media-elsewhere", Severity.WARNING, message, hint="use --fetch, or put the files there yourself")


def _count(number: int, what: str, several: str = "") -> str:
    return f"{number} {what}" if number == 1 else f"{number} {several or f'{what}s'}"

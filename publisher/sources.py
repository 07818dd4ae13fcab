"""From sources to a publication: read each, measure its media, tie the articles together, put them in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from publisher import archives, disclosure, formats, manuscript, markup, schema
from publisher.article import Article, Image, Link, Media, Party, Person, Publication
from publisher.formats import Context, Origin, Reading
from publisher.measure import Facts, measure
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.schema import begin
from publisher.settings import Settings
from publisher.text import escape

__all__ = ["Gathered", "ahead", "as_published", "gather", "is_source", "looks_written", "one"]

Find = Callable[[str], bytes | None]
"""Gives the bytes of the file that is published at a URL."""

_WRITTEN = frozenset("md markdown mdown mkd txt text json jsonld rss atom rdf opml xml html htm xhtml epub".split())
_FOR_ROBOTS = frozenset(("robots.txt", "ads.txt", "app-ads.txt", "humans.txt", "security.txt", "llms.txt", "llms-full.txt"))
"""What lies at the root of sites and is no article."""
_SHAPELESS = frozenset(("clipping-no-date", "clipping-no-byline"))
_ABOUT_SETTINGS = frozenset(("date-without-zone",))
_NAMED = re.compile(r"\[\[(?P<name>.+)\]\]")
"""Where the address of a file would be, the name it is asked for by."""
_TAG = re.compile(r"(?:\[\[|\{%-?\s*(?:link|post_url)\s|[\s<%](?:rel)?ref\s++\"?)\s*+([^\[\]|#\n\"%>]+)")
_LOCAL = re.compile(
    r".+\.(?:md|markdown|mdown|mkd|txt|png|jpe?g|gif|webp|avif|svg|mp3|m4a|ogg|opus|wav|flac|mp4|webm|mov|pdf|zip|csv)", re.IGNORECASE
)
"""Paths of what lies beside sources; others may be pages of the site."""
_WORD = re.compile(r"[^\s<>()\[\]{}|\"'#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the sources gave: a publication in order, and what was found on the way, with the paths of the sources."""

    publication: Publication
    problems: tuple[Problem, ...]
    written: bool = True
    """Whether it comes from a form that people write, and says nothing itself of what its articles appear in."""
    drafts: frozenset[str] = frozenset()
    """Identifiers of those articles that are not published yet."""
    media: Find = formats.no_media
    """Gives the bytes of what was inside the sources, by its URL in the articles, and of what lies beside them."""
    origins: tuple[Origin, ...] = ()
    """Where the values of articles were taken from, as far as a reader tells."""


def ahead(publication: Publication, today: date) -> Iterator[Problem]:
    """Yield what is to be told of articles of days to come: nothing waits for its day, and these stand before all others until then."""
    found = [each for each in publication.articles if each.date_published and (begin(each.date_published).date() - today).days > 1]
    if found:
        named = ", ".join(shown(each.headline) for each in found[:3]) + (f" and {len(found) - 3} more" if found[3:] else "")
        message = (
            f"{'this is' if len(found) == 1 else 'these are'} of days to come, and stand{'s' if len(found) == 1 else ''} on top: {named}"
        )
        hint = "correct the date, or write draft: true until the day"
        yield problem("source-ahead", Severity.INFO, message, hint=hint)


@dataclass(frozen=True, slots=True)
class _Source:
    path: str
    reading: Reading
    written: bool
    """Whether it is in a form that people write, and says nothing itself of what its articles appear in."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where its text names what lies beside it: lines by `_mark`."""
    whole: frozenset[str] = frozenset()
    """Addresses of the publication that its text has in full: of its site on the web, when no file is there."""


def is_source(path: str) -> bool:
    """Return whether a file in a folder may hold articles, by its ending; `path` begins in the folder."""
    return path.rpartition(".")[2].lower() in _WRITTEN and path.lower() not in _FOR_ROBOTS


def looks_written(body: bytes) -> bool:
    """Return whether a text is surely an article: it has front matter, or a byline and a date."""
    if formats.get("markdown").recognizes(body, ""):
        return True
    try:
        return _SHAPELESS.isdisjoint(each.code for each in formats.get("clipping").read(body, Context()).problems)
    except PublisherError:
        return False


def gather(
    sources: Iterable[tuple[str, bytes | PublisherError]],
    settings: Settings | None,
    assumed: Settings,
    find: Find,
    *,
    drafts: bool = False,
    paths: Iterable[str] = (),
) -> Gathered:
    """Return the publication made of all sources, newest article first.

    `settings` are those of `publisher.toml`; without one, a single file that says what its articles appear in
    gives the publication, else `assumed` does. A source that cannot be read is an error among the problems;
    in place of its bytes may stand why it could not be opened. Of the sources at `paths` that are not among them
    those are read that they link to, so that one article alone has the same links as among all.
    """
    problems: list[Problem] = []
    among = tuple(paths)
    read = [each for path, body in sources if (each := _try(path, body, settings or assumed, problems, drafts=drafts))]
    find = _Careful(_inside(read, find), problems, as_published(settings or assumed))
    publication = _measured(_publication(read, settings, assumed), find)
    drafts_left = {each.location.path for each in problems if each.code == "source-draft"}
    shelf = _Shelf(publication, find, problems, drafts_left)
    complete = [_complete(each, shelf) for each in read]
    by_path = {source.path: articles[0] for source, articles in zip(read, complete, strict=True) if articles}
    if {each for each in among if is_source(each)} <= {source.path for source in read} | {each.location.path for each in problems}:
        shelf.pages.update(each.url for articles in complete for each in articles if each.url)
    by_url = {_address(path, publication): article for path, article in by_path.items()}
    names = _names(by_path)
    elsewhere = _Elsewhere(shelf, find, settings or assumed, next(iter(by_path), ""), among)

    def look_up(address: str) -> Article | None:
        name = shelf.name(address)
        return (by_path.get(names.get(_plain(name), "")) if name else by_url.get(address)) or elsewhere(address)

    articles = [_tie(article, source, shelf, look_up) for source, each in zip(read, complete, strict=True) for article in each]
    problems += _clashes(read, complete)
    return Gathered(
        publication=schema.with_articles(publication, sorted(articles, key=_order)),
        problems=tuple(_once(problems)),
        written=settings is not None or len(read) != 1 or read[0].written,
        drafts=frozenset().union(*map(_drafts, read)),
        media=find.published,
    )


def _inside(read: Iterable[_Source], find: Find) -> Find:
    """Return what finds media inside the sources, and else what `find` does."""
    inside = [each.reading.media for each in read if each.reading.media is not formats.no_media]

    def found(url: str) -> bytes | None:
        return next((body for media in inside if (body := media(url)) is not None), None) or find(url)

    return found if inside else find


def _drafts(source: _Source) -> frozenset[str]:
    """Return the identifiers of a source's articles that are not published yet."""
    reading = source.reading
    return frozenset(each.identifier for each in reading.publication.articles if reading.draft or each.identifier in reading.drafts)


def _once(problems: list[Problem]) -> list[Problem]:
    """Return the problems, of those that are about the settings rather than a source only the first of each code."""
    first = {each.code: each for each in reversed(problems)}
    return [each for each in dict.fromkeys(problems) if each.code not in _ABOUT_SETTINGS or each is first[each.code]]


def as_published(settings: Settings) -> Callable[[bytes], bytes]:
    """Return what makes of a picture what is published of it; it raises `Unfit` when that cannot be told of a damaged one."""
    return _as_it_is if settings.site.metadata else disclosure.published


def _as_it_is(body: bytes) -> bytes:
    return body


class _Careful:
    """Finds files; one that is there and cannot be read is a problem, told once, and as good as not there."""

    def __init__(self, find: Find, problems: list[Problem], publish: Callable[[bytes], bytes]) -> None:
        self._find = find
        self._publish = publish
        self._problems = problems
        self._told: set[str] = set()
        self._facts: dict[str, Facts | None] = {}

    def __call__(self, url: str) -> bytes | None:
        """Return the bytes of the file at a URL, `None` when there are none."""
        try:
            return self._find(url)
        except PublisherError as error:
            self._problems.extend(error.problems if url not in self._told else ())
            self._told.add(url)
            return None

    def published(self, url: str) -> bytes | None:
        """Return the bytes that will be at a URL, `None` when there are none."""
        body = self(url)
        try:
            return body and self._publish(body)
        except disclosure.Unfit as error:  # told when it is published
            return None if isinstance(error, disclosure.Unsafe) else body

    def facts(self, url: str) -> Facts | None:
        """Return what a file is as it is published, measured once: a logo or a portrait is that of many articles."""
        if url not in self._facts:
            body = self.published(url)
            self._facts[url] = measure(body, url) if body is not None else None
        return self._facts[url]


def _try(path: str, body: bytes | PublisherError, settings: Settings, problems: list[Problem], *, drafts: bool) -> _Source | None:
    try:
        if isinstance(body, PublisherError):
            raise body
        found = _read(path, body, settings)
    except PublisherError as error:
        problems += error.at(path).problems
        return None
    problems += (each.at(path) for each in found.reading.problems)
    if found.reading.draft and not drafts:
        problems.append(problem("source-draft", Severity.INFO, "this is a draft: left out", hint="build with --drafts to see it").at(path))
        return None
    return found if drafts else _without_drafts(found, problems)


def _without_drafts(source: _Source, problems: list[Problem]) -> _Source:
    """Return a source of many articles without those that are not published yet."""
    every = source.reading.publication.articles
    kept = tuple(each for each in every if each.identifier not in source.reading.drafts)
    if len(kept) == len(every):
        return source
    message = f"{len(every) - len(kept)} of {len(every)} articles are drafts: left out"
    problems.append(problem("source-drafts", Severity.INFO, message, hint="use --drafts to see them").at(source.path))
    return replace(source, reading=replace(source.reading, publication=schema.with_articles(source.reading.publication, kept)))


def one(
    path: str, body: bytes, settings: Settings | None, assumed: Settings, find: Find, paths: Iterable[str] = (), *, form: str | None = None
) -> Gathered:
    """Return what one file holds, as `gather` would; of the other sources only those that it links to are read.

    `paths` are those of all files; without them, what is asked for by name is looked for where it usually lies.
    `form` is the name of its format, when that is not to be found from its content.
    """
    found = _read(path, body, settings or assumed, form)
    problems = [each.at(path) for each in found.reading.problems]
    find = _Careful(_inside([found], find), problems, as_published(settings or assumed))
    kept = Gathered(
        publication=found.reading.publication,
        problems=tuple(problems),
        written=False,
        drafts=_drafts(found),
        media=find,
        origins=found.reading.origins,
    )
    if not found.written:
        return kept
    publication = _measured((settings or assumed).publication, find)
    shelf = _Shelf(publication, find, problems)
    look_up = _Elsewhere(shelf, find, settings or assumed, path, paths)
    articles = [_tie(article, found, shelf, look_up) for article in _complete(found, shelf)]
    return replace(kept, publication=schema.with_articles(publication, articles), problems=tuple(_once(problems)), written=True)


class _Elsewhere:
    """Finds the articles of sources that were not asked for, and reads only those that are linked to."""

    def __init__(self, shelf: _Shelf, find: Find, settings: Settings, beside: str, paths: Iterable[str]) -> None:
        self._shelf = shelf
        self._find = find
        self._settings = settings
        self._beside = beside
        self._paths = paths

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return _names(filter(is_source, self._paths))

    def __call__(self, address: str) -> Article | None:
        """Return the first article of the source at an address, `None` when there is none or it is a draft."""
        path = self._path_of(address)
        body = self._find(_address(path, self._shelf.publication)) if is_source(path) else None
        told: list[Problem] = []
        found = _try(path, body, self._settings, told, drafts=False) if body else None
        self._shelf.drafts.update(path for each in told if each.code == "source-draft")
        return next(iter(found.reading.publication.articles), None) if found else None

    def _path_of(self, address: str) -> str:
        base = self._shelf.publication.url
        if name := self._shelf.name(address):
            return self._names.get(_plain(name)) or self._shelf.source(name, self._beside)
        return unquote(address.removeprefix(base)) if base and address.startswith(base) else ""


def _read(path: str, body: bytes, settings: Settings, form: str | None = None) -> _Source:
    _refuse_large(body, settings)
    module = formats.get(form) if form else formats.detect(body, path)
    context = settings.context(path)
    reading = module.read(body, context)
    says_where = schema.with_articles(reading.publication, ()) != context.publication
    written = not isinstance(module, formats.Writer) and not says_where
    beside = [each for article in reading.publication.articles for each in _beside(article, reading.publication.url)] if written else []
    if not beside:
        return _Source(path, reading, written)
    text = _text(body)
    return _Source(path, reading, written, _lines(text, set(map(_mark, beside))), frozenset(_whole(text, beside)))


def _text(body: bytes) -> str:
    """Return a source as text, `""` when it is none, such as a document in an archive."""
    if archives.looks_like(body):
        return ""
    try:
        return manuscript.decode(body)[0]
    except PublisherError:
        return ""


def _refuse_large(body: bytes, settings: Settings) -> None:
    """Raise `PublisherError` for more than anybody would write or read."""
    most = settings.limits.file * (5 if archives.looks_like(body) else 1)
    if len(body) > most:
        message = f"this has {len(body) / 1_000_000:.0f} MB, more than {most // 1_000_000}"
        hint = "split it, or set a larger `file` in [limits] of publisher.toml"
        raise PublisherError(problem("file-too-large", Severity.ERROR, message, hint=hint))


def _beside(article: Article, base: str) -> Iterator[str]:
    """Yield the addresses of the files and articles of the publication that an article names."""
    linked = (each.url for each in (*article.citation, *article.translations) if each.url)
    yield from (each for each in chain(_media_of(article), markup.links(article.body), linked) if base and each.startswith(base))


def _mark(address: str) -> str:
    """Return the last word of a file's name: it is spelled alike wherever the path to it begins."""
    return unquote(address.partition("#")[0]).rstrip("]/").rpartition("/")[2].rpartition("[")[2].rpartition(" ")[2]


def _lines(text: str, marks: set[str]) -> dict[str, int]:
    """Return the first line that has each of the marks; one in a tag that asks for a file by its name comes first."""
    asked: dict[str, int] = {}
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if "%" not in line and not any(each in line for each in marks):
            continue  # in words without escapes a mark is as it stands there
        for lines, words in ((asked, _TAG.findall(line)), (found, _WORD.findall(line))):
            for mark in marks.intersection(map(_mark, map(str.strip, words))):
                lines.setdefault(mark, number)
    return found | asked


def _whole(text: str, addresses: Iterable[str]) -> Iterator[str]:
    """Yield those of the addresses that a text has in full, in HTML or not."""
    yield from (each for each in dict.fromkeys(addresses) if each in text or escape(each) in text)


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
    return published is None, -schema.begin(published).timestamp() if published else 0.0, article.identifier


# -- media ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Where files lie, and what is told about those that don't."""

    publication: Publication
    find: _Careful
    problems: list[Problem]
    drafts: set[str] = field(default_factory=set)
    """Paths of the sources that were left out."""
    pages: set[str] = field(default_factory=set)
    """Addresses of all articles; empty when not all sources are read."""

    def path(self, address: str) -> str:
        """Return the path that the publication's `address` has, `""` when it is elsewhere or at its root."""
        base = self.publication.url
        return unquote(address.removeprefix(base).partition("?")[0]) if base and address.startswith(base) else ""

    def name(self, address: str) -> str:
        """Return the name that a file is asked for by, `""` when it is not by name."""
        base = self.publication.url
        found = _NAMED.fullmatch(unquote(address.removeprefix(base))) if base and address.startswith(base) else None
        return found["name"] if found else ""

    def file(self, address: str, path: str) -> str | None:
        """Return the address of a file that the source at `path` means, `None` when there is none."""
        if name := self.name(address):
            places = (f"{folder}{inner}{name}" for folder in _folders(path) for inner in ("", "media/"))
            return next((found for each in places if self.find(found := _address(each, self.publication)) is not None), None)
        base = self.publication.url
        return None if base and address.startswith(base) and self.find(address) is None else address

    def source(self, name: str, path: str) -> str:
        """Return the path of the source of that name beside `path` or above it, `""` when there is none."""
        names = [name, *(f"{name}.{ending}" for ending in ("md", "markdown", "txt"))]
        places = (f"{folder}{each}" for folder in _folders(path) for each in names if is_source(each))
        return next((each for each in places if self.find(_address(each, self.publication)) is not None), "")

    def say(self, code: str, severity: Severity, source: _Source, address: str, message: str, hint: str) -> None:
        """Note what is not there."""
        line = source.lines.get(_mark(address), 0)
        self.problems.append(problem(f"source-{code}", severity, message, hint=hint, line=line).at(source.path))


def _folders(path: str) -> Iterator[str]:
    """Yield the folder of a path and those above it, each with `/` at its end, the root as `""`."""
    yield from (f"{each}/" if str(each) != "." else "" for each in PurePosixPath(path).parents)


def _complete(source: _Source, shelf: _Shelf) -> tuple[Article, ...]:
    """Return the source's articles with the facts about their media; a file that is not there is a problem."""
    articles = source.reading.publication.articles
    if not source.written:
        return articles
    return tuple(_with_facts(_with_files(each, source, shelf), shelf.publication, shelf.find) for each in articles)


def _with_files(article: Article, source: _Source, shelf: _Shelf) -> Article:
    """Return the article with the addresses of its files, and without pictures that are not there; what is said of them stays."""
    files = {address: shelf.file(address, source.path) for address in dict.fromkeys(_media_of(article))}
    for address in [each for each, found in files.items() if found is None and each in source.whole]:
        files[address] = address
        message = f"there is no file {shown(shelf.path(address))}; its address was kept, since the site may have such a file"
        shelf.say("media-elsewhere", Severity.INFO, source, address, message, "check that it is there, or bring it below media/")
    for address, found in files.items():
        if found is None:
            message = f"there is no file {shown(shelf.name(address) or unquote(address.removeprefix(shelf.publication.url)))}"
            hint = "check the path, which begins where the source is"
            shelf.say("media-missing", Severity.WARNING, source, address, message, hint)
    if all(address == found for address, found in files.items()):
        return article
    images = (replace(each, content_url=files.get(each.content_url or "")) for each in article.image)
    return replace(
        article,
        image=tuple(each for each in dict.fromkeys(images) if each != Image()),
        associated_media=tuple(
            replace(each, content_url=files[each.content_url] or each.content_url)
            for each in article.associated_media
            if files[each.content_url] or not shelf.name(each.content_url)
        ),
        body=markup.clean(article.body, lambda address: files.get(address, address)),
    )


def _media_of(article: Article) -> Iterator[str]:
    yield from (each.content_url for each in article.image if each.content_url)
    yield from (each.content_url for each in article.associated_media)
    yield from markup.media(article.body)


def _with_facts(article: Article, publication: Publication, find: _Careful) -> Article:
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


def _measured(publication: Publication, find: _Careful) -> Publication:
    """Return the publication with the facts about its own pictures."""
    image, publisher = publication.image, publication.publisher
    return replace(publication, image=image and _image(image, find), publisher=publisher and _party(publisher, find))


def _facts(address: str | None, find: _Careful) -> Facts | None:
    return find.facts(address) if address else None


def _size(address: str, find: _Careful) -> tuple[int, int] | None:
    facts = _facts(address, find)
    return (facts.width, facts.height) if facts and facts.width and facts.height else None


def _image(image: Image, find: _Careful) -> Image:
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


def _recording(media: Media, find: _Careful) -> Media:
    if not (facts := _facts(media.content_url, find)):
        return media
    kind = facts.encoding_format or media.encoding_format
    return replace(media, encoding_format=kind, content_size=facts.content_size, sha256=facts.sha256)


def _party(party: Party, find: _Careful) -> Party:
    if isinstance(party, Person):
        return replace(party, image=_image(party.image, find)) if party.image else party
    return replace(party, logo=_image(party.logo, find)) if party.logo else party


# -- ties between articles ------------------------------------------------------------------------------------------------


LookUp = Callable[[str], Article | None]
"""Gives the article of the source at a URL, or of the name in its place."""


def _tie(article: Article, source: _Source, shelf: _Shelf, look_up: LookUp) -> Article:
    """Return the article with links to other sources made links to their articles; a name that none has becomes text."""
    new = {address: _new_address(address, source, shelf, look_up) for address in dict.fromkeys(markup.links(article.body))}
    body = markup.relink(article.body, lambda address: new.get(address) or address)
    return replace(
        article,
        body=markup.clean(body, lambda address: new.get(address, address)) if None in new.values() else body,
        citation=tuple(filter(None, (_link(each, source, shelf, look_up) for each in article.citation))),
        translations=tuple(filter(None, (_link(each, source, shelf, look_up) for each in article.translations))),
    )


def _new_address(address: str, source: _Source, shelf: _Shelf, look_up: LookUp) -> str | None:
    """Return where a link goes, `None` when it asks for a name that nothing has."""
    plain, mark, place = address.partition("#")
    if (target := look_up(plain)) and target.url:
        return f"{target.url}{mark}{place}"
    if shelf.name(plain):
        return _file(plain, source, shelf)
    return address if not source.written or _is_there(plain, shelf) else _kept(address, source, shelf)


def _is_there(address: str, shelf: _Shelf) -> bool:
    """Return whether an address is that of a page, of a file, or none of ours."""
    path = shelf.path(address)
    there = not path or address in shelf.pages or shelf.find(address.partition("?")[0]) is not None
    return there and path not in shelf.drafts


def _kept(address: str, source: _Source, shelf: _Shelf) -> str | None:
    """Return an address at which nothing lies when it may be a page of the site, `None` when it names a source or a file."""
    plain = address.partition("#")[0]
    path = shelf.path(plain)
    if path in shelf.drafts:
        message = f"{shown(path)} is a draft, which is left out; the text of the link was kept"
        shelf.say("link-to-draft", Severity.WARNING, source, address, message, "publish it too, or take the link out")
    elif _LOCAL.fullmatch(path) and plain not in source.whole:
        message = f"there is no source or file {shown(path)}; the text of the link was kept"
        shelf.say("link-dead", Severity.WARNING, source, address, message, "check the path, which begins where the source is")
    else:
        if shelf.pages:
            message = f"there is no article or file {shown(path)}; the link was kept, since the site may have such a page"
            shelf.say("link-elsewhere", Severity.INFO, source, address, message, "check that the page is there")
        return address
    return None


def _file(address: str, source: _Source, shelf: _Shelf) -> str | None:
    if not (found := shelf.file(address, source.path)):
        message = f"there is no article or file {shown(shelf.name(address))}; the text of the link was kept"
        shelf.say("link-unknown", Severity.INFO, source, address, message, "write the name of its file")
    return found


def _link(link: Link, source: _Source, shelf: _Shelf, look_up: LookUp) -> Link | None:
    """Return a link with the address of the article that it means; without address, when it asks for a name that none has."""
    if link.url and (target := look_up(link.url)):
        return Link(url=target.url, name=link.name or target.headline, in_language=link.in_language or target.in_language)
    if link.url and (name := shelf.name(link.url)):
        return Link(url=_file(link.url, source, shelf), name=link.name or name, in_language=link.in_language)
    return link


def _names(paths: Iterable[str]) -> dict[str, str]:
    """Return the path that each name means: any end of a path, with or without ending; as in Obsidian, the shortest path first."""
    found: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        parts = _plain(path).split("/")
        for start in range(len(parts)):
            whole = "/".join(parts[start:])
            bare = whole.rpartition(".")[0]
            for name in (whole, bare, bare.removesuffix("/index")):
                found.setdefault(name, path)
    return found


def _plain(name: str) -> str:
    """Return a name as all its spellings have it."""
    return unicodedata.normalize("NFC", name).casefold().strip().strip("/")


def _clashes(read: list[_Source], complete: list[tuple[Article, ...]]) -> Iterator[Problem]:
    """Yield an error for each article that has the identifier of another, or the address of one in another source."""
    seen: dict[str, str] = {}
    for source, articles in zip(read, complete, strict=True):
        for article in articles:
            for what, value in (("identifier", article.identifier), ("address", article.url)):
                other = seen.get(f"{what} {value}")
                if value and other and (other != source.path or what == "identifier"):
                    message = f"the {what} {shown(value)} is that of {'another article' if other == source.path else shown(other)} too"
                    hint = "give one of them another slug" if what == "address" else "give one of them an id of its own"
                    yield problem(f"source-{what}-clash", Severity.ERROR, message, hint=hint).at(source.path)
                seen.setdefault(f"{what} {value}", source.path)

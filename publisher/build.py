"""From outputs to files: render each, read it back and compare; which of them would be in each other's way.

`map` is the only thing that decides where the work is done. Nothing here opens a file.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from typing import Any
from urllib.parse import unquote

from publisher import compare, formats
from publisher.article import Party, Person, Publication
from publisher.formats import Target
from publisher.newsstand import addresses
from publisher.outputs import Answer, Content, Media, Output, Written, digest_of
from publisher.paths import folded
from publisher.problems import Location, Problem, PublisherError, Severity, at_least, problem, shown
from publisher.tracing import at_hand, named_in

__all__ = ["asked", "clashes", "kept", "media_of", "rank", "render", "render_all", "samples", "shrunk", "told", "without_echoes"]

_TEMPLATE = "theme-"
"""What codes of problems in templates begin with."""
_LOST_BY_TEMPLATE = "let your theme/article.html show {{ body }}, and its head {{ page.script }}, as they are"
_PARTS = 64
_LONG = frozenset(("epub", "cover", "rendition", "search", "sitemap"))
_SINGLE = ("newsml", "nitf", "ninjs", "newsarticle", "webpage")
"""Formats with one file for each article."""


def clashes(publication: Publication, outputs: Sequence[Output], media: Iterable[str] = ()) -> Iterator[Problem]:
    """Yield an error for each path that another one of a build would overwrite, the same file or a folder on its way, and for each address.

    `A.html` and `a.html` are one file on many systems, and so are two spellings of one accented letter.
    """
    if _are_apart(chain(map(attrgetter("path"), outputs), media)):
        yield from _misled(publication, outputs)
        return
    meant: dict[str, list[Output | None]] = {}
    for path, what in (*((each.path, each) for each in outputs), *((path, None) for path in media)):
        meant.setdefault(folded(path), []).append(what)
    folders = _folders(meant)
    hint = "give the article another url, or the file another name"
    for path, several in sorted((path, several) for path, several in meant.items() if len(several) > 1 or path in folders):
        if len(several) > 1:
            message = f"this would be {' and '.join(map(_what, several))}"
            yield problem("path-twice", Severity.ERROR, message, hint=hint).at(path)
        if path in folders:
            message = f"this would be {_what(several[0])} and a folder for others"
            yield problem("path-is-folder", Severity.ERROR, message, hint=hint).at(path)
    yield from _misled(publication, outputs)


def _are_apart(paths: Iterable[str]) -> bool:
    """Return whether each path has a file of its own, looked at by numbers, some at a time: of a large site there are a million."""
    parts = [array("q") for _ in range(_PARTS)]
    parents: set[str] = set()
    for path in map(folded, paths):
        parts[(number := hash(path)) % _PARTS].append(number)
        parents.add(path.rpartition("/")[0])
    folders = {*map(hash, _with_above(parents))}
    return all(len({*part}) == len(part) and folders.isdisjoint(part) for part in parts)


def _folders(paths: Iterable[str]) -> set[str]:
    """Return all folders above files."""
    return {*_with_above({path.rpartition("/")[0] for path in paths})}


def _with_above(folders: Iterable[str]) -> Iterator[str]:
    return (each for folder in folders for each in (folder, *_above(folder)))


def _misled(publication: Publication, outputs: Sequence[Output]) -> Iterator[Problem]:
    """Yield an error for each article whose address is that of another output."""
    base, pages = addresses.base(publication), (each for each in outputs if each.format == "webpage")
    articles = (each.article or each.publication.articles[0] for each in pages)
    meant = {unquote(each.url[len(base) :]): each for each in articles if each.url and each.url.startswith(base)}
    for each in outputs:
        if each.format != "webpage" and (article := meant.get(each.path)):
            message = f"the address of {shown(article.headline)} is that of {_what(each)}"
            yield problem("address-taken", Severity.ERROR, message, hint="give the article another url").at(each.path)


def _what(output: Output | None) -> str:
    if output is None:
        return "a file of yours"
    each = not output.is_made and formats.writer(output.format).EACH == "article"
    return f"the {output.format} of {shown(output.publication.articles[0].headline)}" if each else f"the {output.format}"


def shrunk(outputs: Sequence[Output], former: Iterable[str]) -> Iterator[Problem]:
    """Yield a warning when feeds and books would have only the articles asked for now, and a former build has made more."""
    planned = {each.path for each in outputs}
    left = [path for path in former if path.endswith(".html") and path not in planned]
    whole = [each.path for each in outputs if not each.is_made and each.format not in _SINGLE]
    if left and whole:
        message = f"this would have only these articles, and not those of {left[0]}" + (f" and {len(left) - 1} more" if left[1:] else "")
        hint = "build the whole folder; or choose another folder with -o, or --only webpage newsarticle"
        yield problem("build-partial", Severity.WARNING, message, hint=hint).at(whole[0])


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
                content = each.content()
                formats.writer(each.format).write(content.publication, replace(content.target, media=note))
    return tuple(found)


Keep = Callable[[str, bytes], object]
"""Keeps the bytes of an output at a path below the exports until it is put there."""
Key = Callable[[str, Content], bytes | None]
"""Gives the digest of what an output of a format is made of."""


def render_all(
    outputs: Iterable[Output],
    map: Callable[..., Iterable[Any]] = map,  # noqa: A002
    keep: Keep | None = None,
    key: Key | None = None,
) -> Iterator[Written]:
    """Yield each output as bytes, in the order in which `map` gives them; with `keep`, which whoever makes one asks, without its bytes.

    With `key` besides, each comes with the digest of what it was made of.
    """
    yield from map(partial(_kept, keep, key) if keep else render, outputs)


def _kept(keep: Keep, key: Key | None, output: Output) -> Written:
    return kept(keep, render(output, key))


def kept(keep: Keep, written: Written) -> Written:
    """Return an output without its bytes, which are kept."""
    keep(written.path, written.body)
    return replace(written, body=b"")


def samples(outputs: Iterable[Output]) -> dict[str, Output]:
    """Return the first output of each format, without those that take long, by their paths: who makes these has loaded what all need."""
    firsts: dict[str, Output] = {}
    for each in outputs:
        firsts.setdefault(each.format, each)
    return {each.path: each for name, each in firsts.items() if name not in _LONG}


def render(output: Output, key: Key | None = None) -> Written:
    """Return one output as bytes with what is wrong with it; an output that comes back different is an error."""
    content = output.content()
    made_of = key(output.format, content) if key else None
    asked = _Asked()
    try:
        body, problems = _render(output.format, content, asked)
    except PublisherError as error:
        body, problems = b"", list(error.problems)
    located = tuple(_located(each, output.path) for each in problems)
    return Written(path=output.path, body=body, problems=located, answers=tuple(asked.answers.values()), key=made_of)


class _Asked:
    """Notes what media are asked for and what comes: a file is looked at before it is read, so that no change is missed."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}

    def of(self, media: Media) -> Media:
        """Return what gives the same media, and notes them."""
        return partial(self._answer, media, getattr(media, "state", None))

    def _answer(self, media: Media, state_of: Callable[[str], Hashable] | None, url: str) -> bytes | None:
        state = state_of(url) if state_of else None
        body = media(url)
        self.answers.setdefault(url, (url, state, digest_of(body)))
        return body


def _located(found: Problem, path: str) -> Problem:
    """Return a problem where it is: in the output, or in the template that the output was to be made by."""
    return found if found.code.startswith(_TEMPLATE) else found.at(path)


def _render(name: str, content: Content, asked: _Asked) -> tuple[bytes, list[Problem]]:
    if content.make:
        return _made(name, content.make.with_media(asked.of)())
    module = formats.writer(name)
    told: list[Problem] = []
    at_hand(content.publication.articles)
    body = module.write(content.publication, replace(content.target, tell=told.append, media=asked.of(content.target.media)))
    return body, [*told, *_proved(module, content, body)]


def _proved(module: formats.Writer, content: Content, body: bytes) -> list[Problem]:
    """Return what the rules say of an output, and what is lost when it is read back."""
    back, wrong = _reviewed(module, body)
    return [*wrong, *_lost(module.carry(content.publication), back, content.target)]


def _reviewed(module: formats.Writer, body: bytes) -> tuple[Publication, list[Problem]]:
    """Return what comes back of an output, and what the rules say of it."""
    reviewer = formats.reviewer(module.NAME)
    if reviewer is None:
        return module.read(body).publication, _wrong(module, body)
    with at_least(Severity.WARNING):
        reading, problems = reviewer.review(body)
    return reading.publication, [each for each in problems if each.severity > Severity.INFO]


def _made(name: str, body: bytes) -> tuple[bytes, list[Problem]]:
    """Return what is no format of articles, and what its rules say of it, where it has some."""
    rules = formats.checker(name)
    return body, _wrong(rules, body) if rules else []


def _wrong(rules: formats.Checker, body: bytes) -> list[Problem]:
    """Return what the rules say of an output; who wants advice asks `check` for it."""
    with at_least(Severity.WARNING):
        return [each for each in rules.check(body) if each.severity > Severity.INFO]


def told(problems: Iterable[Problem]) -> list[Problem]:
    """Return what is wrong with the outputs; what is so with several books or pages once."""
    every = list(problems)
    counts = Counter(_everywhere(each) for each in every)
    first = {_everywhere(each): each for each in reversed(every)}
    return [_with(each, counts[_everywhere(each)] - 1) for each in every if each is first[_everywhere(each)]]


_MODIFIED = frozenset(("jsonld-modified-before-published", "page-modified-before-published"))
_AT_ONE_ADDRESS = frozenset(("path-twice", "address-taken", "sitemap-address-repeated"))
_ECHOES: Mapping[str, frozenset[str]] = {
    "source-address-clash": _AT_ONE_ADDRESS,
    "source-identifier-clash": _AT_ONE_ADDRESS | {"atom-id-repeated", "jsonfeed-id-repeated", "rss-guid-repeated"},
    "markdown-modified-before-published": _MODIFIED,
    "clipping-modified-before-published": _MODIFIED,
    "markdown-no-text": frozenset(("jsonfeed-content-empty",)),
    "markdown-markup": frozenset(
        ("jsonld-markup-in-text", "rss-title-with-markup", "atom-text-looks-like-html", "jsonfeed-plain-with-html")
    ),
}
"""What is told of outputs when this is told of a source."""


def without_echoes(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without those that only follow from one that is told at a source.

    What else there is of their kind is told when that is put right.
    """
    every = tuple(problems)
    echoes = {code for cause in {each.code for each in every} & _ECHOES.keys() for code in _ECHOES[cause]}
    return tuple(each for each in every if each.code not in echoes) if echoes else every


def _everywhere(found: Problem) -> Problem:
    """Return what a problem of a book is in each book that has it."""
    return replace(found, location=Location()) if found.code.startswith("epub-") else found


def _with(found: Problem, more: int) -> Problem:
    where = "book" if found.code.startswith("epub-") else "page" if found.code.startswith(_TEMPLATE) else ""
    if not more or not where:
        return found
    return replace(found, message=f"{found.message} (and so in {more} more {where}{'s' if more > 1 else ''})")


def _lost(expected: Publication, back: Publication, target: Target) -> Iterator[Problem]:
    for each in compare.differences(expected, back):
        message = f"{_or_nothing(each.first)} came back as {_or_nothing(each.second)}"
        own = any(name.endswith(".html") for name, _ in target.site.theme.files)
        hint = _LOST_BY_TEMPLATE if own else "this is a defect of Publisher: please report it with the source"
        yield problem("output-differs", Severity.ERROR, message, hint=hint, pointer=each.pointer)


def _or_nothing(value: object) -> str:
    return "nothing" if value is None else shown(value)


_CONTENT = frozenset((*_SINGLE, "epub", "cover", "rendition", "code", "oembed", "stylesheet", "script", "key"))
_INDEXES = frozenset(("sitemap", "frontpage", "robots.txt", "_headers"))


def rank(outputs: Iterable[Output]) -> Callable[[str], int]:
    """Return when each path is put in place where that is not done at once: what others point to first, what readers begin with last."""

    @cache  # where all is put in place at once, nobody asks
    def ranks() -> dict[str, int]:
        return {each.path: 2 if each.format in _INDEXES else 1 for each in outputs if each.format not in _CONTENT}

    return lambda path: ranks().get(path, 0)


def media_of(publication: Publication) -> Iterator[str]:
    """Yield the URLs of all files that the outputs may refer to, some more than once."""
    yield from _of_party(publication.publisher)
    if publication.image and publication.image.content_url:
        yield publication.image.content_url
    for article in publication.articles:
        yield from (each.content_url for each in article.image if each.content_url)
        yield from (each.content_url for each in article.associated_media)
        named = named_in(article)
        yield from named.media
        yield from named.links
        for party in (*article.author, *article.editor, *article.contributor, article.publisher, article.copyright_holder):
            yield from _of_party(party)


def _of_party(party: Party | None) -> Iterator[str]:
    picture = None if party is None else party.image if isinstance(party, Person) else party.logo
    if picture and picture.content_url:
        yield picture.content_url

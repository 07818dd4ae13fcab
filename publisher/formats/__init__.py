"""The formats: one module each, a pair of mirrors around the model.

A format is a module with the names of `Format`; one that people only write by hand has no `write`.
Law: `read(write(p)).publication == carry(p)`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Literal, Protocol, runtime_checkable
from urllib.parse import quote, urljoin

from publisher import minting
from publisher.archives import Limits
from publisher.article import Party, Publication
from publisher.channels import History, Podcast
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem
from publisher.surroundings import ALONE, Surroundings

__all__ = [
    "CHECKED",
    "FORMATS",
    "SOURCE",
    "SOURCES",
    "TEXTS",
    "Alternate",
    "BookOptions",
    "Context",
    "Edition",
    "Format",
    "Origin",
    "Reading",
    "Reviewer",
    "Target",
    "Targeted",
    "Writer",
    "beginning",
    "checker",
    "detect",
    "ending",
    "get",
    "inside",
    "is_written",
    "no_media",
    "reviewer",
    "targets",
    "writer",
    "writers",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a reader may want to know beside the bytes; sources that people write need it, outputs do not."""

    publication: Publication | None = None
    """What the article appears in, without articles."""
    path: str = ""
    """The source's path below the root of the sources, with `/`: it gives the identifier and the slug."""
    parties: Mapping[str, Party] = field(default_factory=lambda: MappingProxyType({}))
    """Known authors and agencies by their casefolded name."""
    time_zone: tzinfo | None = None
    """For moments written without an offset; UTC when not given."""
    since: str = "2026"
    """Year or day from which the publication owns its domain: part of every minted identifier (RFC 4151, 2.1)."""
    limits: Limits = field(default_factory=Limits)
    """How much of a stranger's file is read."""
    smart: bool = False
    """Whether straight quotes, `--` and `...` in Markdown become typographic ones."""

    @property
    def house(self) -> Publication | None:
        """The publication, when somebody has said what it is: what is only assumed is less than what a file says itself."""
        return self.publication if self.publication and self.publication.url != minting.UNNAMED.url else None

    def address(self, reference: str) -> str:
        """Return the absolute URL of what the source calls `reference`.

        A file below the sources' root is published at the same path below the publication's URL.
        """
        if reference.lower().startswith(("https://", "http://")):
            return reference  # urljoin would take away an empty query, and with it part of the address
        base = self.publication.url if self.publication else ""
        from_root = reference.startswith("/") and not reference.startswith("//")
        return urljoin(base, reference[1:]) if from_root else urljoin(_place(base, self.path), reference)


@lru_cache(maxsize=64)  # asked for with each link of a source
def _place(base: str, path: str) -> str:
    """Return where the source at `path` would be below `base`."""
    return urljoin(base, quote(path, errors="surrogateescape"))


def no_media(url: str) -> bytes | None:
    """Return nothing: what has no media inside."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a value of an article was taken from."""

    identifier: str
    """The article's."""
    field: str
    """In the JSON spelling, such as `datePublished`."""
    source: str
    """For people, such as `JSON-LD datePublished` or `meta article:published_time`."""
    guessed: bool = False
    """Whether nothing says so in so many words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader got, and what it had to guess or leave."""

    publication: Publication
    problems: tuple[Problem, ...] = ()
    draft: bool = False
    """Its author does not want it published yet."""
    drafts: frozenset[str] = frozenset()
    """Identifiers of those articles of many that are not published yet."""
    media: Callable[[str], bytes | None] = no_media
    """Gives the bytes of what was inside the file, by its URL in the articles: pictures of a document, of an archive."""
    holds: frozenset[str] | None = None
    """The URLs that `media` knows; `None` when only asking tells."""
    origins: tuple[Origin, ...] = ()
    is_manuscript: bool = False
    """Whether it is to be taken as if people had written it here, though we write this format: what it names lies beside it."""


def inside(readings: Iterable[Reading]) -> Callable[[str], bytes | None]:
    """Return what gives the bytes of what was inside any of the files: `no_media` when nothing was.

    A document that says what it holds is asked for nothing else: of thousands with pictures inside, one is asked for each picture.
    """
    known: dict[str, Callable[[str], bytes | None]] = {}
    others: list[Callable[[str], bytes | None]] = []
    for each in readings:
        if each.holds is not None:
            known.update((address, each.media) for address in each.holds if address not in known)
        elif each.media is not no_media:
            others.append(each.media)

    def found(url: str) -> bytes | None:
        media = (*((known[url],) if url in known else ()), *others)
        return next((body for each in media if (body := each(url)) is not None), None)

    return found if known or others else no_media


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternate:
    """Another output of the same publication, for links between outputs."""

    url: str
    media_type: str
    title: str
    rel: str = "alternate"
    """The link relation: a catalogue of books is `related`, since feed readers take each alternate in Atom for a feed."""


def _nobody_listens(found: Problem) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which part of a publication a book is (https://schema.org/PublicationIssue)."""

    key: str
    """Stays the same for ever and is no other edition's, such as `2026-W47`: part of the identifier and of the file's name."""
    name: str | None = None
    """What people call it, when that is more than its days."""
    issue_number: int | None = None
    """Its place in the row of editions, from 1."""
    first_day: date | None = None
    """With `last_day`, the days that it is of."""
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookOptions:
    """How books are made: the table `[epub]` of `publisher.toml`."""

    cover: str | None = None
    """URL of a picture to take for the cover, instead of a drawn one."""
    cover_description: str | None = None
    """What it shows, for those who do not see it."""
    vertical: bool = False
    """Whether Chinese, Japanese and Korean are set in columns."""
    fonts: tuple[str, ...] = ()
    """URLs of font files to embed."""
    budget: int = 50_000_000
    """Bytes that a book may have: pictures are reduced until it fits."""
    kepub: bool = False
    """Whether to make a book for Kobo besides."""
    issn: str | None = None
    certified_by: str | None = None
    """Who has evaluated the accessibility of the books; nobody else may say that they conform."""
    certifier_report: str | None = None
    """URL of what they found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a writer may want to know beside the publication."""

    url: str | None = None
    """Where the bytes will be published."""
    hub: str | None = None
    """URL of the publication's WebSub hub."""
    cloud: str | None = None
    """URL at which an rssCloud server takes subscriptions; for RSS."""
    alternates: tuple[Alternate, ...] = ()
    """Outputs to announce in pages: feeds first, best first."""
    media: Callable[[str], bytes | None] = no_media
    """Gives the bytes behind a media URL, or `None` when they are not at hand."""
    tell: Callable[[Problem], None] = _nobody_listens
    """Is told what a writer had to leave out or to change."""
    edition: Edition | None = None
    """Which part of the publication this is; `None` for all of it."""
    book: BookOptions = BookOptions()
    kepub: bool = False
    """Whether this is the book for Kobo (`.kepub.epub`)."""
    site: Surroundings = ALONE
    """What stands around a page."""
    home: str | None = None
    """URL of the publication, when a feed is of a part of it: an article has one identifier in all of them."""
    history: History | None = None
    """Where this document stands in its feed; `None`: not said."""
    podcast: Podcast | None = None
    """How recordings are offered to directories of podcasts; `None`: not at all."""


class Format(Protocol):
    """What every format's module has."""

    NAME: str
    """Name on the command line."""
    TITLE: str
    """Name for people, with the version."""
    SPEC: str
    """URL of the specification."""
    MEDIA_TYPE: str

    def recognizes(self, body: bytes, path: str) -> bool:
        """Return whether `body` looks like this format; `path` only decides between look-alikes."""

    def read(self, body: bytes, context: Context = ...) -> Reading:
        """Return what the bytes hold; raise `Unreadable` when that is nothing."""


@runtime_checkable
class Checker(Format, Protocol):
    """What a format's module has besides when there are rules for it."""

    def check(self, body: bytes) -> list[Problem]:
        """Return what is wrong with the bytes; never raise."""


@runtime_checkable
class Reviewer(Checker, Protocol):
    """What a format's module has besides when its reader and its rules can share what they parse."""

    def review(self, body: bytes) -> tuple[Reading, list[Problem]]:
        """Return what `read` and `check` return, and raise what `read` raises."""


@runtime_checkable
class Targeted(Checker, Protocol):
    """What a format's module has besides when devices and shops take less than the specification allows."""

    TARGETS: Mapping[str, str]
    """Their names on the command line, and for people."""

    def check(self, body: bytes, targets: Collection[str] = ...) -> list[Problem]:
        """Return what is wrong with the bytes, also for those of `targets`; never raise."""


@runtime_checkable
class Fixer(Checker, Protocol):
    """What a format's module has besides when some mistakes have one sure repair."""

    def fix(self, body: bytes, problems: Iterable[Problem]) -> bytes:
        """Return the bytes with those of `problems`, from `check` of the same bytes, repaired that can be."""


@runtime_checkable
class Writer(Checker, Protocol):
    """What a format's module has besides when we write it."""

    PATH: str
    """Path below the exports; `{slug}` is the article's or the publication's."""
    EACH: Literal["publication", "article"]
    """Whether one file holds the publication or one article of it."""

    def write(self, publication: Publication, target: Target = ...) -> bytes:
        """Return the publication, which has exactly one article where `EACH` says so, as bytes."""

    def carry(self, publication: Publication) -> Publication:
        """Return the part of the publication that this format can hold."""


# In the order in which a file is tried: what is surest first, what takes any text last.
FORMATS = (
    *("epub", "docx", "mail", "wordpress", "ghost", "substack", "medium", "blogger"),
    *("opds", "rss", "atom", "rdf", "opml", "sitemap", "opds2", "jsonfeed", "spelling", "ninjs", "newsml", "nitf", "newsarticle"),
    *("webpage", "movabletype", "pandoc", "markdown", "clipping"),
)
CHECKED = ("opds", "opds2", "opml", "sitemap")
"""Those that have rules, and no articles to read."""
SOURCES = ("markdown", "clipping")
"""Those that take any text."""

TEXTS = frozenset(("md", "markdown", "mdown", "mkd", "mdx", "txt", "text"))
"""Endings of what people write."""

_XML = ("wordpress", "blogger", "opds", "rss", "atom", "rdf", "opml", "sitemap", "newsml", "nitf")
_NAMED = {
    "epub": "epub",
    "docx": "docx",
    "eml": "mail",
    "odt": "pandoc",
    "rtf": "pandoc",
    "rss": "rss",
    "atom": "atom",
    "rdf": "rdf",
    "opml": "opml",
    "jsonld": "newsarticle",
}
"""Endings that say the format of what looks like none."""
_PAGES = frozenset(("html", "htm", "xhtml"))
_MEANT = {
    **dict.fromkeys(("rss", "atom", "rdf"), "a feed"),
    **dict.fromkeys(_PAGES, "a web page"),
    "xml": "a feed or a sitemap",
    "opml": "a list of feeds",
    "json": "JSON",
    "jsonld": "JSON-LD",
    "epub": "an EPUB book",
    "docx": "a Word document",
    "eml": "a mail",
    "odt": "an OpenDocument text",
    "rtf": "a text in RTF",
}
"""What people expect in a file by its ending; text that they write is none of it."""
_FENCES = (b"---\n", b"+++\n", b"---\r\n", b"+++\r\n")
"""What front matter begins with."""
_NOTHING = b"\0 \t\r\n\v\f\xef\xbb\xbf\xff\xfe"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_TOP = 4096


SOURCE = "markdown"
"""The one that sources are written in: it is no `Writer`, since no build publishes sources."""


@cache  # asked for with each file that is read, and `import_module` takes its time
def get(name: str) -> Format:
    """Return the format called `name`; raise `PublisherError` when there is none."""
    if name not in FORMATS:
        raise PublisherError(
            problem("unknown-format", Severity.ERROR, f"there is no format {name!r}", hint=f"use one of {', '.join(FORMATS)}")
        )
    module: Format = importlib.import_module(f"publisher.formats.{name}")
    return module


@cache  # a build asks for each of its files, and comparing a module with a protocol takes a while
def writers() -> Mapping[str, Writer]:
    """Return the formats that we write, by name."""
    return MappingProxyType({name: module for name in FORMATS if isinstance(module := get(name), Writer)})


@cache
def checker(name: str) -> Checker | None:
    """Return the format called `name` when it has rules and no articles to read."""
    module = get(name) if name in CHECKED else None
    return module if isinstance(module, Checker) else None


@cache
def is_written(name: str) -> bool:
    """Return whether we write the format called `name`: other than `writers`, without a look at all others, which are 10 MB."""
    return isinstance(get(name), Writer)


@cache
def reviewer(name: str) -> Reviewer | None:
    """Return a format that we write when its reader and its rules share what they parse, else `None`."""
    return module if isinstance(module := writer(name), Reviewer) else None


def targets() -> dict[str, str]:
    """Return the devices and shops that have rules of their own: their names on the command line, and for people."""
    modules = (get(name) for name in FORMATS)
    return {name: title for module in modules if isinstance(module, Targeted) for name, title in module.TARGETS.items()}


@cache
def writer(name: str) -> Writer:
    """Return the format called `name` that we write, without a look at all others; raise `PublisherError` when there is none."""
    if name in FORMATS and isinstance(module := get(name), Writer):
        return module
    hint = f"use one of {', '.join(writers())}"
    if name not in FORMATS:
        raise PublisherError(problem("unknown-format", Severity.ERROR, f"there is no format {name!r}", hint=hint))
    raise PublisherError(problem("format-not-written", Severity.ERROR, f"{name} is a format that we only read", hint=hint))


def ending(path: str) -> str:
    """Return the ending of a file's name or an address, in lower case and without the dot, `""` when there is none."""
    name = path.partition("?")[0].partition("#")[0].rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def beginning(body: bytes) -> bytes:
    """Return what the first bytes say in ASCII, without a byte order mark: in UTF-16 every second byte is 0."""
    start = body[:_TOP]
    for mark in _MARKS:
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"").lstrip()


def detect(body: bytes, path: str = "") -> Format:
    """Return the format of `body`, found from its content, or by the ending of `path` when it looks like none.

    Raise `Unreadable` when none fits, and say which mistake it looks like.
    """
    kind = ending(path)
    start = beginning(body)
    for found in _mistakes(body, start, kind):
        raise Unreadable(found.at(path))
    if kind in TEXTS and start.startswith(_FENCES) and get(SOURCE).recognizes(body, path):
        return get(SOURCE)  # no other begins so, and none of them need be loaded
    for name in FORMATS:
        if name in SOURCES and kind in _NAMED:
            return get(_NAMED[kind])
        if _may_be(name, start, kind) and (module := get(name)).recognizes(body, path):
            return module
    raise Unreadable(
        problem("unknown-content", Severity.ERROR, "this is no format that we can read", hint="see `publisher formats`").at(path)
    )


def _may_be(name: str, start: bytes, kind: str) -> bool:
    """Return whether to ask a format at all: a text that only quotes a feed is none, and what programs write is no text."""
    if kind in TEXTS:
        return name not in _XML or start.startswith(b"<")
    return name not in SOURCES or kind not in _MEANT or kind in _PAGES


def _mistakes(body: bytes, start: bytes, kind: str) -> Iterator[Problem]:
    """Yield what a file with this ending surely is instead of what is meant."""
    meant = _MEANT.get(kind)
    if meant and not body.strip(_NOTHING):
        yield problem("file-empty", Severity.ERROR, f"the file is empty, and should be {meant}", hint="check what writes it")
    elif meant and kind not in _PAGES and get("webpage").recognizes(start, ""):
        hint = "check the address: the server answered with a page, perhaps one that says what is wrong"
        yield problem("html-instead", Severity.ERROR, f"this is HTML, not {meant}", hint=hint)
    elif start.startswith(b"[") and get("jsonfeed").recognizes(body.strip(_NOTHING)[1:], ""):
        message = "this is a list with a JSON Feed in it, and readers want the feed itself"
        yield problem("jsonfeed-in-list", Severity.ERROR, message, hint="take away the [ ] around it")

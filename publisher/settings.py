"""The settings: `publisher.toml`, which says what a publication is called, where it lives and who writes for it.

Every key is in `KEYS`, which gives the documentation and what may be written; anything else is an error with its line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, available_timezones

from publisher import bylines, issues, minting, text
from publisher.archives import Limits
from publisher.article import Image, Organization, Party, Person, Publication
from publisher.channels import Podcast, category
from publisher.formats import BookOptions, Context
from publisher.issues import Selection
from publisher.keys import Keyed, closest, license_url, toml
from publisher.manuscript import decode
from publisher.newsstand.options import SiteOptions
from publisher.problems import Problem, PublisherError, Severity, problem, shown
from publisher.reports import Choice
from publisher.surroundings import THEMES, Theme

__all__ = ["KEYS", "Key", "Settings", "document", "read"]

SINCE = Context().since
LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What `publisher.toml` says."""

    publication: Publication
    """Without articles."""
    parties: Mapping[str, Party] = field(default_factory=dict)
    """Known authors, and the publisher, by their casefolded name."""
    since: str = SINCE
    """Year or day from which the publication owns its domain."""
    time_zone: tzinfo | None = None
    """Of times that are written without one; `None` when nothing is said, and UTC is assumed."""
    site: SiteOptions = field(default_factory=SiteOptions)
    """What a site has beside its articles, and which feeds."""
    book: BookOptions = field(default_factory=BookOptions)
    """How books are made."""
    issues: tuple[Selection, ...] = ()
    """Which books are made; one of everything when nothing is said."""
    fetch: bool = False
    """Whether pictures elsewhere on the web are fetched for books."""
    smart: bool = False
    """Whether straight quotes, `--` and `...` in Markdown become typographic ones."""
    check: Choice = field(default_factory=Choice)
    """Which problems `publisher check` tells of."""
    limits: Limits = field(default_factory=Limits)
    """How much of a stranger's file is read."""

    def context(self, path: str) -> Context:
        """Return what a reader may want to know when it reads the source at `path`."""
        return Context(
            publication=self.publication,
            path=path,
            parties=self.parties,
            time_zone=self.time_zone,
            since=self.since,
            smart=self.smart,
            limits=self.limits,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing that can be set."""

    table: str
    name: str
    type: str
    default: str
    sentence: str


def _keys(rows: str) -> tuple[Key, ...]:
    cells = ([cell.strip() for cell in row.split("|")] for row in rows.strip().splitlines())
    return tuple(
        Key(table=table, name=name, type=kind, default=default, sentence=sentence) for table, name, kind, default, sentence in cells
    )


KEYS = _keys("""
    publication | name | text | the host of `url` | What the publication is called.
    publication | alternate_name | text | | Another name, such as an abbreviation.
    publication | url | URL | `https://example.org/` | Where it lives; everything is published below this address.
    publication | description | text | | What it is about, in a sentence.
    publication | language | language tag | `en` | The language of what says nothing else (BCP 47), such as `pt-BR`.
    publication | license | licence | | URL of the licence, or its name, such as `CC BY 4.0`.
    publication | copyright_notice | text | | Such as `© 2026 The Herald`.
    publication | image | image | | Its logo or cover, for feeds.
    publication | identifier | text | its `url` | What identifies it for ever, also when it moves; a URI.
    publication | since | year or day | `2026` | From when it owns its domain: part of every identifier, so set it once and leave it.
    publication | time_zone | time zone | `UTC` | For times that are written without one, such as `Europe/Berlin`.
    publication | sections | list of texts | | The names of its sections, in their order.
    publisher | name | text | the publication's name | Who publishes it.
    publisher | type | `Organization` or `Person` | `Organization` | What the publisher is.
    publisher | url | URL | | Its home page.
    publisher | email | e-mail address | | Where to write to.
    publisher | logo | image | | Its logo, or a person's portrait.
    publisher | same_as | list of URLs | | Pages about the same publisher elsewhere.
    authors."Name" | type | `Organization` or `Person` | `Person`, for news agencies `Organization` | What the author is.
    authors."Name" | url | URL | | The author's page.
    authors."Name" | email | e-mail address | | Where to write to.
    authors."Name" | same_as | list of URLs | | Pages about the same author elsewhere.
    authors."Name" | image | image | | A portrait.
    authors."Name" | logo | image | | The same for an organization.
    image | src | URL | | Its address, or its path below the folder of the articles.
    image | alt | text | | What a person who does not see it needs to know.
    image | caption | text | | What is written below it.
    image | credit | text | | Who made it.
    image | license | licence | | URL of the licence, or its name, such as `CC BY 4.0`.
    site | theme | `newspaper` or `blog` | `newspaper` | How pages look; files in `theme/` beside this one stand in for its own.
    site | size | whole number | `20` | How many articles a page of a section, an author and so on has at least, when there are so many.
    site | keywords | whole number | `2` | From how many articles on a keyword has a page.
    site | search | true or false | `false` | Whether there is a page to search in; it is the only page that needs a script.
    site | pictures | true or false | `true` | Whether pages have pictures in several sizes and types (AVIF, WebP).
    site | metadata | true or false | `false` | Whether pictures keep what is noted in them, such as where they were taken.
    feeds | size | whole number | `40` | How many articles a feed has, or all of the newest day; older ones are in its archive (RFC 5005).
    feeds | sections | true or false | `true` | Whether each section has feeds of its own.
    feeds | authors | true or false | `true` | Whether each author has feeds of their own.
    feeds | keywords | list of texts | | The keywords that have feeds of their own.
    feeds | podcast_category | text | `News` | When articles have recordings: where Apple Podcasts lists them, such as `News > Daily News`.
    feeds | podcast_explicit | true or false | `false` | Whether the show is for adults only.
    feeds | podcast_image | image | the publication's | Its picture, or it is no podcast: square JPEG or PNG, 1400 to 3000 pixels.
    feeds | hub | URL | | A WebSub hub that tells readers at once when something is new.
    feeds | cloud | URL | | Where an rssCloud server takes subscriptions, such as `http://rpc.rsscloud.io:5337/pleaseNotify`.
    announce | indexnow_key | text | | A key that you make up, 8 to 128 letters, digits or hyphens: search engines are told of pages.
    announce | indexnow | URL | `https://api.indexnow.org/indexnow` | Whom to tell of pages.
    issues | select | `all`, `newest`, `day`, `week`, `month`, `section`, `list` | | What there is a book of: all, each day, and so on.
    issues | size | whole number | | How many articles `newest` has.
    issues | section | text | each section | The one section that there is a book of.
    issues | articles | list of texts | | The articles of a `list` in their order: slugs, file names, addresses or identifiers.
    issues | name | text | | What people call it; a `list` needs one.
    issues | since | year, month or day | | When the row begins: earlier articles are in none of it, and issues are numbered from there.
    epub | cover | image | drawn from the issue | A picture to take for the cover; higher than wide, at least 625 × 1000 pixels.
    epub | vertical | true or false | `false` | Whether Chinese, Japanese and Korean are set in columns, from right to left.
    epub | fonts | list of paths | | Font files (TrueType, OpenType) to embed, with only the letters that are used.
    epub | size | whole number | `50` | Megabytes that a book may have; pictures are reduced until it fits.
    epub | fetch | true or false | `false` | Whether pictures and sound from the web are fetched for books, once, into `.publisher-cache`.
    epub | kepub | true or false | `false` | Whether a book for Kobo is made besides, `….kepub.epub`.
    epub | issn | ISSN | | The International Standard Serial Number of the publication.
    epub | certified_by | text | | Who has evaluated the accessibility of the books; only then they say that they conform.
    epub | certifier_report | URL | | Where the evaluation can be read.
    markdown | smart | true or false | `false` | Whether straight quotes, `--` and `...` become typographic.
    limits | file | whole number | `100` | Megabytes of one file or page that are read; an archive may have five times as much.
    limits | members | whole number | `50000` | Files that an archive may have.
    limits | unpacked | whole number | `1000` | Megabytes that all files of an archive may have together.
    limits | ratio | whole number | `100` | How many times larger than itself an archive may become.
    check | select | list of texts | all | Codes of problems, or their beginnings, that `publisher check` tells of.
    check | ignore | list of texts | | Codes, or their beginnings, that it leaves out.
    check | baseline | list of texts | | Known problems: code, path, how often (`publisher check --format baseline` writes them).
""")
"""Everything that can be set: table, key, type, default and what it means. `image` is what stands for an image."""


_TITLES = {"image": "An image: a path, a URL or a table", "issues": "`[[issues]]`: as many as there are kinds of issues"}


def document() -> str:
    """Return the documentation of the settings, in Markdown, made from `KEYS`."""
    tables = dict.fromkeys(key.table for key in KEYS)
    return "# Settings: `publisher.toml`\n\n" + "\n".join(_document_table(table) for table in tables)


def _document_table(table: str) -> str:
    title = _TITLES.get(table, f"`[{table}]`")
    rows = [f"| `{key.name}` | {key.type} | {key.default} | {key.sentence} |" for key in KEYS if key.table == table]
    return "\n".join((f"## {title}", "", "| key | type | default | meaning |", "|---|---|---|---|", *rows, ""))


# -- reading -------------------------------------------------------------------------------------------------------------


There = Callable[[str, str], bool]
"""Says whether there is a file at a URL below that of the publication."""


def _everywhere(url: str, base: str) -> bool:
    return True


def read(body: bytes | None, there: There = _everywhere) -> tuple[Settings, tuple[Problem, ...]]:
    """Return what `publisher.toml` says, without pictures that are not `there`, and what had to be assumed.

    `None` is a publication without one. Raise `PublisherError` with all that is wrong.
    """
    if body is None:
        return _settings(_Root(Keyed(), there)), (_missing(),)
    written, encoding = decode(body)
    root = _Root(toml(written), there)
    settings = _settings(root)
    if root.problems:
        raise PublisherError(*sorted(root.problems, key=lambda each: each.location.line))
    return settings, (*encoding, *_assumed(root, settings), *sorted(root.told, key=lambda each: each.location.line))


def _missing() -> Problem:
    default = minting.UNNAMED
    message = f"no publisher.toml: the publication is called {default.name} and lives at {default.url}, in English, since {SINCE}"
    return problem("settings-missing", Severity.INFO, message, hint="write a publisher.toml with a [publication] of your own")


def _assumed(root: _Root, settings: Settings) -> Iterator[Problem]:
    given, publication = root.keyed.values.get("publication", {}), settings.publication
    assumed = {"name": publication.name, "url": publication.url, "language": publication.in_language, "since": settings.since}
    for key, value in assumed.items():
        if key not in given:
            hint = f"set {key} in [publication]"
            yield problem(f"settings-no-{key}", Severity.INFO, f"the publication has no {key}; {value} is assumed", hint=hint)


def _settings(root: _Root) -> Settings:
    publication, feeds, epub, markdown, check = (root.table(name) for name in ("publication", "feeds", "epub", "markdown", "check"))
    root.only("publication", "publisher", "authors", "site", "feeds", "announce", "issues", "epub", "markdown", "limits", "check")
    url = publication.url("url") or minting.UNNAMED.url
    url = f"{re.sub('[?#].*', '', url).rstrip('/')}/"
    name = publication.text("name") or urlsplit(url).hostname or minting.UNNAMED.name
    house = _house(root.table("publisher"), name, url)
    return Settings(
        publication=Publication(
            identifier=publication.text("identifier") or url,
            name=name,
            url=url,
            alternate_name=publication.text("alternate_name"),
            description=publication.text("description"),
            in_language=publication.language("language") or LANGUAGE,
            publisher=house,
            image=publication.picture("image", url),
            license=publication.license("license"),
            copyright_notice=publication.text("copyright_notice"),
            sections=publication.texts("sections"),
        ),
        parties={house.name.casefold(): house} | dict(_authors(root, url)),
        since=publication.since("since") or SINCE,
        time_zone=publication.time_zone("time_zone"),
        site=_site(root.table("site"), feeds, root.table("announce"), url),
        book=_book(epub, url),
        issues=_issues(root),
        fetch=epub.flag("fetch") or False,
        smart=markdown.flag("smart") or False,
        limits=_limits(root.table("limits")),
        check=Choice(select=check.texts("select"), ignore=check.texts("ignore"), baseline=check.texts("baseline")),
    )


def _issues(root: _Root) -> tuple[Selection, ...]:
    found: dict[tuple[str, str], Selection] = {}
    for table in root.tables("issues"):
        if (each := _selection(table)) and (own := _sort_of(each)) in found:
            hint = f"take it out, or say what is different; the other one is in line {found[own].line}"
            table.wrong("settings-issues-twice", "select", f"there are two [[issues]] of the same {each.select}", hint)
        elif each:
            found[own] = each
    return tuple(found.values())


def _sort_of(selection: Selection) -> tuple[str, str]:
    """Return what two selections must not have in common: else their issues have the same keys."""
    name = issues.name_key(selection.name, selection.select) if selection.name and selection.select in ("newest", "list") else ""
    return selection.select, selection.section or name


_NEEDS = {"newest": ("size",), "list": ("name", "articles")}
"""The keys that `select` asks for."""
_USES = {
    "all": (),
    "newest": ("size", "name", "since"),
    **dict.fromkeys(("day", "week", "month"), ("name", "since")),
    "section": ("section", "name"),
    "list": ("name", "articles"),
}
"""The keys that `select` makes something of."""


def _selection(table: _Table) -> Selection | None:
    select = table.one_of("select", *issues.SELECTS)
    if "select" not in table.values:
        table.wrong("settings-no-select", "select", "[[issues]] has no select", f"write select, one of {', '.join(issues.SELECTS)}")
    found = Selection(
        select=select or issues.ALL,
        size=table.number("size") or 0,
        section=table.text("section"),
        articles=table.texts("articles"),
        name=table.text("name"),
        since=table.first_day("since"),
        line=table.line("articles"),
    )
    if not select:
        return None
    for key in _NEEDS.get(select, ()):
        if key not in table.values:
            table.wrong(f"settings-no-{key}", "select", f"an issue of select = {select!r} needs {key}", f"write {key}")
    for key in table.values:
        if key not in ("select", *_USES[select]) and key in issues.Selection.__dataclass_fields__:
            table.wrong("settings-unused-key", key, f"{key} says nothing of an issue of select = {select!r}", "take it out")
    return found


def _podcast(feeds: _Table, base: str) -> Podcast:
    hint = 'write one of those of Apple Podcasts, such as "News" or "News > Daily News"'
    chosen = feeds.checked("podcast_category", category, "settings-bad-value", "category", hint)
    picture = feeds.picture("podcast_image", base)
    return Podcast(
        category=chosen or Podcast().category,
        explicit=feeds.flag("podcast_explicit") or False,
        image=picture.content_url if picture else None,
    )


def _site(site: _Table, feeds: _Table, announce: _Table, base: str) -> SiteOptions:
    usual = SiteOptions()
    sections, authors, pictures = feeds.flag("sections"), feeds.flag("authors"), site.flag("pictures")
    return SiteOptions(
        theme=Theme(name=site.one_of("theme", *THEMES) or usual.theme.name),
        size=site.number("size") or usual.size,
        keywords=site.number("keywords") or usual.keywords,
        search=site.flag("search") or False,
        pictures=usual.pictures if pictures is None else pictures,
        metadata=site.flag("metadata") or False,
        feed_size=feeds.number("size") or usual.feed_size,
        section_feeds=usual.section_feeds if sections is None else sections,
        author_feeds=usual.author_feeds if authors is None else authors,
        keyword_feeds=feeds.texts("keywords"),
        podcast=_podcast(feeds, base),
        hub=feeds.url("hub"),
        cloud=feeds.url("cloud"),
        indexnow=announce.url("indexnow") or usual.indexnow,
        indexnow_key=announce.checked("indexnow_key", _key, "settings-bad-key", "key", _KEY_HINT) or "",
    )


_KEY_HINT = "make one up of 8 to 128 letters, digits and hyphens; it is no secret"


def _key(value: str) -> str | None:
    """Return a key that IndexNow takes (its documentation, "Verifying ownership via the key")."""
    return value if re.fullmatch(r"[A-Za-z0-9-]{8,128}", value) else None


def _book(table: _Table, base: str) -> BookOptions:
    cover = table.picture("cover", base)
    size = table.number("size")
    return BookOptions(
        cover=cover.content_url if cover else None,
        cover_description=cover.description if cover else None,
        vertical=table.flag("vertical") or False,
        fonts=table.files("fonts", base),
        budget=size * 1_000_000 if size else BookOptions().budget,
        kepub=table.flag("kepub") or False,
        issn=table.checked("issn", _issn, "settings-bad-issn", "ISSN", 'write it like "2049-3630"; the last digit is checked'),
        certified_by=table.text("certified_by"),
        certifier_report=table.url("certifier_report"),
    )


def _limits(table: _Table) -> Limits:
    usual = Limits()
    file, unpacked = table.number("file"), table.number("unpacked")
    return Limits(
        file=file * 1_000_000 if file else usual.file,
        members=table.number("members") or usual.members,
        unpacked=unpacked * 1_000_000 if unpacked else usual.unpacked,
        ratio=table.number("ratio") or usual.ratio,
    )


def _issn(value: str) -> str | None:
    """Return an ISSN whose last digit fits the others (ISO 3297, annex A)."""
    if not re.fullmatch(r"\d{4}-\d{3}[\dX]", value):
        return None
    digits = [10 if each == "X" else int(each) for each in value.replace("-", "")]
    return value if sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0 else None


def _house(table: _Table, name: str, url: str) -> Party:
    if not table.values:
        return Organization(name=name, url=url)
    return _party(table, table.text("name") or name, url, organization=True)


def _authors(root: _Root, url: str) -> Iterator[tuple[str, Party]]:
    for written in root.table("authors").values:
        if name := text.line(written):
            agency = isinstance(bylines.party(name), Organization)
            yield name.casefold(), _party(root.table("authors", written), name, url, organization=agency)


def _party(table: _Table, name: str, base: str, *, organization: bool) -> Party:
    kind = table.one_of("type", "Organization", "Person")
    picture = table.picture("logo", base) or table.picture("image", base)
    url, email, same_as = table.url("url"), table.email("email"), table.urls("same_as")
    if kind == "Organization" or (organization and not kind):
        return Organization(name=name, url=url, email=email, logo=picture, same_as=same_as)
    return Person(name=name, url=url, email=email, image=picture, same_as=same_as)


# -- tables and values ---------------------------------------------------------------------------------------------------

Value = TypeVar("Value")
_SINCE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_TYPES = {str: "text", bool: "true or false", int: "a whole number", float: "a number", list: "a list", dict: "a table"}
_EXAMPLES = {
    str: 'put it in quotes, such as "text"',
    bool: "write true or false",
    int: "write a number without quotes",
    list: 'write ["one", "two"]',
}


class _Root:
    """The whole file: its tables, and all that is wrong with them."""

    def __init__(self, keyed: Keyed, there: There) -> None:
        self.keyed = keyed
        self.there = there
        self.problems: list[Problem] = []
        self.told: list[Problem] = []
        """What keeps nobody from going on."""

    def table(self, *path: str) -> _Table:
        """Return the table at `path`, empty when there is none."""
        values: Any = self.keyed.values
        for part in path:
            values = values.get(part, {})
        if not isinstance(values, dict):
            self.wrong("settings-wrong-type", path, f"{path[-1]} is {_kind(values)}, not a table", f"write a table, [{_header(path)}]")
            values = {}
        return _Table(self, path, values)

    def tables(self, name: str) -> list[_Table]:
        """Return the tables of the array `name`, none when there is none."""
        values = self.keyed.values.get(name, [])
        if isinstance(values, list) and all(isinstance(each, dict) for each in values):
            return [_Table(self, (f"{name}[{number}]",), each, name) for number, each in enumerate(values)]
        self.wrong(
            "settings-wrong-type", (name,), f"{name} is {_kind(values)}, not a list of tables", f"write [[{name}]], with two brackets"
        )
        return []

    def only(self, *names: str) -> None:
        """Note every table that has none of these names."""
        for name in self.keyed.values:
            if name not in names:
                hint = closest(name, names) or f"use {', '.join(f'[{each}]' for each in names)}"
                self.wrong("settings-unknown-table", (name,), f"there is no table {name!r}", hint)

    def wrong(self, code: str, path: tuple[str, ...], message: str, hint: str) -> None:
        """Note an error."""
        self.problems.append(self._found(code, Severity.ERROR, path, message, hint))

    def tell(self, code: str, severity: Severity, path: tuple[str, ...], message: str, hint: str) -> None:
        """Note what is no error."""
        self.told.append(self._found(code, severity, path, message, hint))

    def _found(self, code: str, severity: Severity, path: tuple[str, ...], message: str, hint: str) -> Problem:
        return problem(code, severity, message, hint=hint, line=self.line(*path), pointer=".".join(path))

    def line(self, *path: str) -> int:
        """Return the line of a key; of one in an array that is written as a value, the line of the array."""
        return self.keyed.line(*path) or self.keyed.line(path[0].partition("[")[0])


class _Table:
    """One table: gives values by their type, and notes what is wrong with them."""

    def __init__(self, root: _Root, path: tuple[str, ...], values: Mapping[str, Any], documented: str = "") -> None:
        self.root = root
        self.path = path
        self.values = values
        if documented or path != ("authors",):
            self.only(tuple(key.name for key in KEYS if key.table == (documented or _header(path, "Name"))))

    def line(self, key: str) -> int:
        """Return the line of a key; where there is none, the line where the table begins."""
        return self.root.line(*self.path, key)

    def only(self, names: tuple[str, ...]) -> None:
        """Note every key that has none of these names."""
        for key in self.values:
            if key not in names:
                hint = closest(key, names) or f"use {', '.join(names)}"
                self.wrong("settings-unknown-key", key, f"there is no key {key!r} in {_header(self.path)}", hint)

    def wrong(self, code: str, key: str, message: str, hint: str) -> None:
        """Note an error at a key."""
        self.root.wrong(code, (*self.path, key), message, hint)

    def given(self, key: str, kind: type[Value]) -> Value | None:
        """Return the value when it is of that type, else `None`."""
        value = self.values.get(key)
        if value is None or (isinstance(value, kind) and not (kind is int and isinstance(value, bool))):
            return value
        self.wrong("settings-wrong-type", key, f"{key} is {_kind(value)}, not {_TYPES[kind]}", _EXAMPLES[kind])
        return None

    def text(self, key: str) -> str | None:
        """Return a line of text."""
        return text.line(self.given(key, str))

    def checked(self, key: str, check: Callable[[str], Value | None], code: str, what: str, hint: str) -> Value | None:
        """Return what `check` makes of a text; note an error when that is nothing."""
        if (value := self.text(key)) is None:
            return None
        found = check(value)
        if found is None:
            self.wrong(code, key, f"{key} {value!r} is no {what}", hint)
        return found

    def url(self, key: str) -> str | None:
        """Return an address on the web."""
        return self.checked(key, _web, "settings-bad-url", "URL", 'write it in full, such as "https://example.org/"')

    def language(self, key: str) -> str | None:
        """Return a canonical language tag."""
        return self.checked(key, text.language, "settings-bad-language", "language tag", 'write a BCP 47 tag, such as "en" or "pt-BR"')

    def email(self, key: str) -> str | None:
        """Return an e-mail address."""
        hint = 'write it like "desk@example.org"'
        return self.checked(key, lambda value: value if _EMAIL.fullmatch(value) else None, "settings-bad-email", "e-mail address", hint)

    def license(self, key: str) -> str | None:
        """Return the URL of a licence."""
        return self.checked(key, license_url, "settings-bad-license", "licence", 'write its URL, or "CC BY 4.0"')

    def time_zone(self, key: str) -> tzinfo | None:
        """Return a time zone."""
        value = self.text(key)
        if value is None or (zone := _zone(value)):
            return zone if value else None
        hint = _closest_zone(value) or 'write a name such as "Europe/Berlin"'
        self.wrong("settings-bad-time-zone", key, f"{key} {value!r} is no time zone", hint)
        return None

    def one_of(self, key: str, *words: str) -> str | None:
        """Return one of the words."""
        hint = closest(str(self.values.get(key)), words) or f"write {' or '.join(words)}"
        return self.checked(key, lambda value: value if value in words else None, "settings-bad-value", f"{'/'.join(words)}", hint)

    def since(self, key: str, hint: str = "write the year or the day from which you own the domain, such as 2018") -> str | None:
        """Return a year, a month or a day as RFC 4151 has it."""
        value = self.values.get(key)
        if isinstance(value, int | date) and not isinstance(value, bool | datetime):
            self.values = {**self.values, key: str(value)}
        return self.checked(key, lambda value: value if _SINCE.fullmatch(value) else None, "settings-bad-date", "year or day", hint)

    def first_day(self, key: str) -> date | None:
        """Return a day; of a year or a month, the first."""
        if not (value := self.since(key, "write the year, month or day of the first issue, such as 2026-01")):
            return None
        try:
            return date.fromisoformat("-".join([*value.split("-"), "01", "01"][:3]))
        except ValueError:
            self.wrong("settings-bad-date", key, f"{key} {value!r} is no day", "write a day that the calendar has")
            return None

    def number(self, key: str) -> int | None:
        """Return a whole number from 1 up."""
        value = self.given(key, int)
        if value is not None and value < 1:
            self.wrong("settings-bad-number", key, f"{key} is {value}", "write a number from 1 up")
        return value

    def flag(self, key: str) -> bool | None:
        """Return true or false."""
        return self.given(key, bool)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of lines of text."""
        found = []
        for value in self.given(key, list) or ():
            if not isinstance(value, str):
                self.wrong("settings-wrong-type", key, f"{key} has {_kind(value)} in it, not text", _EXAMPLES[list])
            elif clean := text.line(value):
                found.append(clean)
        return tuple(dict.fromkeys(found))

    def urls(self, key: str) -> tuple[str, ...]:
        """Return a list of addresses on the web."""
        written = self.texts(key)
        for value in written:
            if _web(value) is None:
                self.wrong("settings-bad-url", key, f"{value!r} in {key} is no URL", 'write it in full, such as "https://example.org/"')
        return tuple(url for value in written if (url := _web(value)))

    def image(self, key: str, base: str) -> Image | None:
        """Return an image, given by its address, its path, or a table that says more."""
        value = self.values.get(key)
        if isinstance(value, str):
            value = {"src": value}
        if not isinstance(value, dict):
            self.given(key, str)
            return None
        table = _Table(self.root, (*self.path, key), value, "image")
        address = table.checked(
            "src", lambda src: text.url(src.lstrip("/"), base), "settings-bad-url", "path or URL", "write a path or a URL"
        )
        if "src" not in value:
            self.wrong("settings-no-src", key, f"{key} has no src", "write src, the path or the URL of the image")
        return Image(
            content_url=address,
            description=table.text("alt"),
            caption=table.text("caption"),
            credit_text=table.text("credit"),
            license=table.license("license"),
        )

    def picture(self, key: str, base: str) -> Image | None:
        """Return an image, `None` when its file is not there: every page would show it broken."""
        found, value = self.image(key, base), self.values.get(key)
        written, inside = (value.get("src"), ("src",)) if isinstance(value, dict) else (value, ())
        address = found.content_url if found else None
        return found if not address or self._is_there(address, base, str(written), (*self.path, key, *inside)) else None

    def files(self, key: str, base: str) -> tuple[str, ...]:
        """Return the addresses of a list of files, of those that are there."""
        found = ((each, text.url(each.lstrip("/"), base)) for each in self.texts(key))
        return tuple(url for each, url in found if url and self._is_there(url, base, each, (*self.path, key)))

    def _is_there(self, address: str, base: str, written: str, path: tuple[str, ...]) -> bool:
        """Return whether a file that is named in the settings can be used, and tell when it cannot."""
        if not address.startswith(base) or self.root.there(address, base):
            return True
        message = f"there is no file {shown(unquote(address.removeprefix(base)))}"
        if _web(written):
            message += "; its address was kept, since the site may have such a file"
            self.root.tell("settings-media-elsewhere", Severity.INFO, path, message, "check that it is there, or bring it below media/")
            return True
        self.root.tell("settings-media-missing", Severity.WARNING, path, message, "check the path, which begins where this file is")
        return False


def _header(path: tuple[str, ...], name: str = "") -> str:
    return f'authors."{name or path[1]}"' if path[0] == "authors" and len(path) > 1 else ".".join(path)


def _kind(value: object) -> str:
    return _TYPES.get(type(value), "a date or a time")


def _web(value: str) -> str | None:
    found = text.url(value)
    return found if found and found.startswith("http") else None


def _zone(name: str) -> tzinfo | None:
    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found, not a path below the data, a folder of it
        return None


def _closest_zone(name: str) -> str:
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(available_timezones())}
    city = name.rpartition("/")[2][:60].casefold().replace(" ", "_")
    found = difflib.get_close_matches(city, cities, n=1, cutoff=0.7)
    return f"did you mean {cities[found[0]]!r}?" if found else ""

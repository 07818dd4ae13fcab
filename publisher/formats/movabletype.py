"""Movable Type's text (https://movabletype.org/documentation/appendices/import-export-format.html, read 2026-11-26). We only read it.

TypePad, Hatena and others export it too. Deviations: the primary category is the section, the others are keywords;
what stands after a line of five hyphens and begins with no known name is still part of the text before it;
times, which have no zone, are in the publication's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from publisher import bylines, dates, manuscript, minting, schema
from publisher.article import Article, Date, Image, Party
from publisher.formats import Context, Reading
from publisher.minting import UNNAMED
from publisher.platforms.ledger import Ledger, Loss
from publisher.platforms.paragraphs import paragraphs
from publisher.platforms.posts import distinct, headline, plain, unique
from publisher.problems import Severity, Unreadable, problem
from publisher.text import line, slug, url

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "movabletype"
TITLE = "Movable Type export"
SPEC = "https://movabletype.org/documentation/appendices/import-export-format.html"
MEDIA_TYPE = "text/plain"

_INFO, _WARNING = Severity.INFO, Severity.WARNING
_LOSSES = {
    "unpublished": Loss(_INFO, "articles that are not published yet: {names}", "publish them, or ask for drafts to have them too"),
    "pings": Loss(_INFO, "pings left out, since an article has no place for them: {count}", "keep the export if you want them later"),
    "text-filter": Loss(
        _WARNING, "texts are written for a filter that we do not have, and were read as HTML: {names}", "look at these articles"
    ),
    "malformed": Loss(_WARNING, "entries left out, since they have neither a title nor a text: {count}", "look into the file there"),
}
_KEY = re.compile(
    r"(AUTHOR|TITLE|BASENAME|STATUS|DATE|PRIMARY CATEGORY|CATEGORY|TAGS|IMAGE|UNIQUE URL|CONVERT BREAKS|NO ENTRY)"
    r"\s*:\s*(.*)"
)
_PART = re.compile(r"(BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING)\s*:\s*")
_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:(?:AUTHOR|TITLE|BASENAME|STATUS|DATE|PRIMARY CATEGORY|CATEGORY|ALLOW COMMENTS|ALLOW PINGS|CONVERT BREAKS|"
    rb"UNIQUE URL|TAGS|IMAGE) *:[^\r\n]*\r?\n\s*)+-----[ \t]*\r?\n(?:BODY|EXTENDED BODY|EXCERPT|KEYWORDS|COMMENT|PING) *:"
)
_TOP = 20_000
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) +(\d{1,2}):(\d\d)(?::(\d\d))? *([AP]M)?", re.IGNORECASE)
_TAG = re.compile(r'"([^"]*)"|([^",]+)')
_PUBLISHED = ("publish", "published", "release", "")
_HTML = frozenset(("0", "richtext", "none"))
_BREAKS = frozenset(("1", "__default__", "convert_breaks", ""))
_MARKDOWN = frozenset(("markdown", "markdown_with_smartypants"))


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin with the lines of an entry and the first of its texts."""
    return bool(_START.match(body[:_TOP]))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the entries of an export; raise `Unreadable` when there are none."""
    text, problems = manuscript.decode(body)
    reader = _Reader(context)
    for each in problems:
        reader.ledger.tell(each)
    found = [each for each in _entries(text) if reader.is_article(each)]
    if not found:
        message = "there are no entries of Movable Type in this file"
        raise Unreadable(problem("movabletype-no-entries", Severity.ERROR, message, hint="check that this is an export of Movable Type"))
    return reader.reading(found)


@dataclass(slots=True)
class _Entry:
    """An entry: its lines by their name, and its texts."""

    line: int
    values: dict[str, list[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)
    comments: int = 0
    pings: int = 0

    def value(self, name: str) -> str:
        """Return the first value of that name, `""` when there is none."""
        return next((each for each in self.values.get(name, ()) if each), "")

    def text(self, name: str) -> str:
        """Return a text, `""` when there is none."""
        return "\n".join(self.texts.get(name, ())).strip("\n")


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the entries, which a line of eight hyphens ends; of the last one it may be missing."""
    splitter = _Splitter()
    for number, each in enumerate(text.split("\n"), start=1):
        if (found := splitter.take(number, each.rstrip("\r"))) is not None:
            yield found
    yield splitter.entry


class _Splitter:
    """Goes through the lines, and knows in which part of an entry they are."""

    def __init__(self) -> None:
        self.entry = _Entry(1)
        self._part: str | None = ""  # "" for the lines with names, `None` for what is left out
        self._fresh = False

    def take(self, number: int, text: str) -> _Entry | None:
        """Take a line; return the entry when it ends with it."""
        if text.rstrip() == "--------":
            done, self.entry, self._part, self._fresh = self.entry, _Entry(number + 1), "", False
            return done
        if text.rstrip() == "-----":
            self._keep_hyphens()
            self._fresh = True
        elif self._fresh and (text.strip() or self._part == ""):
            self._begin(text)
        elif self._part == "":
            self._value(text)
        elif self._part is not None:
            self.entry.texts[self._part].append(text)
        return None

    def _keep_hyphens(self) -> None:
        """Keep the line before this one when that was of hyphens too: then it began nothing."""
        if self._fresh and self._part:
            self.entry.texts[self._part].append("-----")

    def _begin(self, text: str) -> None:
        found = _PART.fullmatch(text.rstrip()) or _PART.match(text)
        self._fresh = False
        if found is None:
            if self._part:
                self.entry.texts[self._part] += ["-----", text]
            return
        name = found[1]
        self.entry.comments += name == "COMMENT"
        self.entry.pings += name == "PING"
        self._part = None if name in ("COMMENT", "PING") else name
        if self._part:
            self.entry.texts.setdefault(self._part, []).append(text[found.end() :])

    def _value(self, text: str) -> None:
        if found := _KEY.fullmatch(text.strip()):
            self.entry.values.setdefault(found[1], []).append(found[2].strip())


class _Reader:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.ledger = Ledger(NAME, _LOSSES)
        self.publication = context.publication or UNNAMED
        self.parties: dict[str, Party | None] = {}

    def is_article(self, entry: _Entry) -> bool:
        """Return whether an entry says anything; one that says something without title and text is noted."""
        if entry.value("NO ENTRY") == "1":
            self.note_answers(entry)
            return False
        has_article = bool(entry.value("TITLE") or entry.text("BODY") or entry.text("EXTENDED BODY"))
        self.ledger.note("malformed", count=not has_article and bool(entry.values or entry.texts), line=entry.line)
        return has_article

    def reading(self, entries: list[_Entry]) -> Reading:
        """Return the articles."""
        articles = distinct(map(self.article, entries), self.ledger)
        drafts = frozenset(each.identifier for each, entry in zip(articles, entries, strict=True) if not _is_published(entry))
        publication = schema.with_articles(self.publication, articles)
        return Reading(publication=publication, problems=self.ledger.problems(), drafts=drafts)

    def note_answers(self, entry: _Entry) -> None:
        """Note comments and pings."""
        self.ledger.note("comments", count=entry.comments, line=entry.line)
        self.ledger.note("pings", count=entry.pings, line=entry.line)

    def article(self, entry: _Entry) -> Article:
        """Return an entry."""
        self.note_answers(entry)
        title, address = plain(entry.value("TITLE")), schema.web_address(entry.value("UNIQUE URL"))
        body = self.ledger.body(self.html(entry), address or self.publication.url, line=entry.line, name=title or "")
        date, draft = self.date(entry), not _is_published(entry)
        name = headline(title, body, entry.value("BASENAME"))
        self.ledger.note("unpublished", f"{name} ({entry.value('STATUS')})", count=draft, line=entry.line)
        self.ledger.note("without-date", name, count=date is None, line=entry.line)
        section, others = self.categories(entry)
        waits = draft and entry.value("STATUS").lower() not in ("future", "scheduled")
        image = url(entry.value("IMAGE"))
        return Article(
            identifier=self.identifier(entry, title or body, date),
            type="BlogPosting",
            headline=name,
            url=None if draft else address,
            description=plain(entry.text("EXCERPT")),
            body=body,
            article_section=section,
            keywords=unique((*_tags(entry), *others)),
            in_language=self.publication.in_language,
            date_published=None if waits else date,
            date_modified=date if waits else None,
            author=self.authors(entry),
            image=(Image(content_url=image),) if image else (),
        )

    def identifier(self, entry: _Entry, words: str, date: Date | None) -> str:
        """Return a name made of the one of its file, else of day and title: an entry has no number."""
        day = schema.begin(date).strftime("%Y-%m-%d-") if date else ""
        name = entry.value("BASENAME") or f"{day}{slug(words) or entry.line}"
        return minting.identifier(self.publication.url, self.context.since, f"movabletype-{name}")

    def html(self, entry: _Entry) -> str:
        """Return both parts of a text as HTML."""
        kind = entry.value("CONVERT BREAKS").lower()
        texts = [each for name in ("BODY", "EXTENDED BODY") if (each := entry.text(name)).strip()]
        self.ledger.note("text-filter", kind, count=kind not in _HTML | _BREAKS | _MARKDOWN, line=entry.line)
        if kind in _MARKDOWN:
            return manuscript.to_html("\n\n".join(texts), smart=kind != "markdown")
        return "\n".join(map(paragraphs, texts) if kind in _BREAKS else texts)

    def date(self, entry: _Entry) -> Date | None:
        """Return when an entry was written, in the publication's zone."""
        written = entry.value("DATE")
        zone = self.context.time_zone
        if found := _moment(written):
            self.ledger.tell(manuscript.without_zone(entry.line, written, zone))
            return schema.moment(found.replace(tzinfo=zone or UTC))
        return dates.parse(written, language="en-US", zone=zone)

    def categories(self, entry: _Entry) -> tuple[str | None, list[str]]:
        """Return the section and the other categories."""
        names = [plain(each) for each in (*entry.values.get("PRIMARY CATEGORY", ()), *entry.values.get("CATEGORY", ()))]
        found = unique(names)
        return (found[0] if found else None), list(found[1:])

    def authors(self, entry: _Entry) -> tuple[Party, ...]:
        """Return who wrote an entry."""
        name = entry.value("AUTHOR")
        if name not in self.parties:
            self.parties[name] = bylines.party(name, self.context.parties)
        found = self.parties[name]
        return (found,) if found else ()


def _is_published(entry: _Entry) -> bool:
    return entry.value("STATUS").lower() in _PUBLISHED


def _moment(written: str) -> datetime | None:
    """Return what `10/24/2018 08:00:00 PM` says, without a zone; without AM or PM the hours are of 24."""
    found = _DATE.fullmatch(written.strip())
    if not found:
        return None
    month, day, year, hour, minute, second = (int(each or 0) for each in found.groups()[:6])
    half = (found[7] or "").upper()
    hour = hour % 12 + (12 if half == "PM" else 0) if half else hour
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone is added by who knows it
    except ValueError:
        return None


def _tags(entry: _Entry) -> Iterator[str | None]:
    """Yield the tags, and the keywords, which are separated by commas or stand each on a line."""
    for each in entry.values.get("TAGS", ()):
        yield from (line(found[1] or found[2]) for found in _TAG.finditer(each))
    yield from map(line, re.split(r"[,\n]", entry.text("KEYWORDS")))

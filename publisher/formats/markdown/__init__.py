"""Markdown with front matter, as Hugo, Jekyll, Zola, Pelican, Ghost and Obsidian have it.

CommonMark 0.31.2 (https://spec.commonmark.org/0.31.2/, read 2026-11-23) with what `manuscript` adds to it.
No specification says which keys front matter has; `matter` has those that are read, from the tools' documentation.
`write` is for `import`: it makes sources that people go on with, where they will lie, so it has the reader's context.
That makes it no `Writer`: no build publishes sources.
What is guessed or not understood is a problem of severity info, what is lost one of severity warning, each with its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import islice

from publisher import bylines, dates, manuscript, minting
from publisher.article import Article, Publication
from publisher.formats import Context, Reading
from publisher.formats.markdown import dialects, matter
from publisher.formats.markdown.fields import Fields
from publisher.formats.markdown.matter import MEDIA
from publisher.markup import to_text
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.text import line
from publisher.text import slug as slug_of

__all__ = ["MEDIA", "MEDIA_TYPE", "NAME", "SPEC", "TITLE", "carry", "line_of", "read", "recognizes", "write"]

NAME = "markdown"
TITLE = "Markdown with front matter"
SPEC = "https://spec.commonmark.org/0.31.2/"
MEDIA_TYPE = "text/markdown"

_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown", ".mdx")
_HEADING = re.compile(r"\s*?^ {0,3}(?:#[ \t]+(?P<marked>[^\n]*)$|(?P<underlined>[^\s#>|-][^\n]*)\n {0,3}=+[ \t]*$)", re.MULTILINE)
_HEADING_END = re.compile(r"(?:^|(?<=\s))#+$")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_BETWEEN = re.compile(r"(?:(?<!\s)\s++)?[|•·]\s*|(?<!\s)\s++[-–—]\s+")
_TOP = 5_000  # characters
_LONGEST_BYLINE = 100
_WRITE_MARKDOWN = "write it in Markdown or HTML"
_LEAD = re.compile(r"\s*?^!\[[^\]\n]*\]\(\s*<?(?P<src>[^\s<>()]++)>?[^)\n]*\)[ \t]*$", re.MULTILINE)


def recognizes(body: bytes, path: str) -> bool:
    """Return whether the text begins with front matter or its name ends as Markdown's does."""
    try:
        text = manuscript.decode(body)[0]
    except Unreadable:
        return path.lower().endswith(_SUFFIXES)
    return matter.begins(text) or (path.lower().endswith(_SUFFIXES) and not _is_clipping(text))


def _is_clipping(text: str) -> bool:
    """Return whether a text without front matter begins as pages do: below a heading a byline and a date."""
    top = list(islice((each.strip() for each in text[:_TOP].split("\n") if each.strip()), 5))
    if not top or not top[0].startswith("# ") or text.lstrip().startswith(("---", "+++")):
        return False
    short = [each for each in top[1:] if len(each) <= _LONGEST_BYLINE]
    lines = [piece for each in short for piece in _BETWEEN.split(_LINK.sub(r"\1", each).replace("*", ""))]
    return any(map(bylines.is_byline, lines)) and any(map(dates.parse, lines))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the one article of a Markdown file; raise `Unreadable` when there is nothing in it or its front matter is broken."""
    text, problems = manuscript.decode(body)
    if not text.strip():
        raise Unreadable(problem("markdown-empty", Severity.ERROR, "the file is empty", hint="write front matter and text"))
    return _Reader(matter.split(text), context, list(problems)).reading()


def line_of(body: bytes, *fields: str) -> int:
    """Return the line of the first of the fields that front matter has, 0 when it has none."""
    try:
        lines = matter.split(manuscript.decode(body)[0]).lines
    except Unreadable:
        return 0
    return next((lines[key] for field in fields for key in matter.KEYS[field] if key in lines), 0)


def write(
    publication: Publication, context: Context = Context(), *, draft: bool = False, beside: Callable[[str], bool] | None = None
) -> bytes:
    """Return the publication's one article as the text of a source; see `writer.write`."""
    from publisher.formats.markdown import writer  # here because only imports write sources

    return writer.write(publication, context, draft=draft, beside=beside)


def carry(publication: Publication, context: Context = Context()) -> Publication:
    """Return what the reader makes of what is written; see `writer.carry`."""
    from publisher.formats.markdown import writer

    return writer.carry(publication, context)


class _Reader:
    """Makes one article of a file taken apart."""

    def __init__(self, source: matter.Source, context: Context, problems: list[Problem]) -> None:
        self.source = source
        self.context = context
        self.problems = problems
        self.publication = context.publication or minting.UNNAMED
        self.fields = Fields(source, context, problems)
        self.resolve = manuscript.resolver(context.address)

    def reading(self) -> Reading:
        """Return the publication with the one article, and whether it is a draft."""
        article = self.article()
        self.problems += self.fields.unknown()
        for key, number in self.source.repeated:
            self.say("key-repeated", number, f"{shown(key)} is there twice; the first is taken", "keep one of them", Severity.WARNING)
        draft = self.fields.draft()
        if self.source.without_keys:
            hint = 'write "key: value" on each line of front matter; above a rule, leave a line empty'
            self.say("without-keys", 1, "what stands below --- has no keys, so it was read as text", hint, Severity.WARNING)
        problems = tuple(sorted(self.problems, key=lambda each: each.location.line))
        return Reading(publication=replace(self.publication, articles=(article,)), problems=problems, draft=draft)

    def article(self) -> Article:
        """Return the article."""
        fields = self.fields
        headline, text, first_line = self.headline()
        images = fields.images()
        body = self.body(*self.without_lead(text, first_line, {image.content_url for image in images}))
        headline = headline or self.first_words(body)
        section, keywords = fields.section_and_keywords()
        editors, contributors = fields.editors_and_contributors()
        slug = self.slug(headline)
        url = fields.own_address(minting.address(self.publication.url, slug))
        published, modified = fields.date("date_published") or self.day(), fields.date("date_modified")
        if early := manuscript.modified_too_early(published, modified):
            fields.say(early.code, "date_modified", early.message, early.hint, early.severity)
        if not body and not fields.value("media"):
            self.say("no-text", first_line, "there is no text below the front matter", "write it", Severity.WARNING)
        return Article(
            identifier=fields.text("identifier") or self.mint(slug),
            headline=headline,
            type=fields.type(),
            url=url,
            alternative_headline=fields.text("alternative_headline"),
            description=fields.text("description"),
            body=body,
            article_section=section,
            keywords=keywords,
            dateline=fields.text("dateline"),
            content_location=fields.places(),
            in_language=fields.language() or self.publication.in_language,
            date_published=published,
            date_modified=modified,
            author=fields.parties("author"),
            editor=editors,
            contributor=contributors,
            publisher=self.publication.publisher,
            image=images,
            associated_media=fields.media(),
            citation=fields.links("citation"),
            is_based_on=fields.original(url),
            translations=fields.translations(),
            corrections=fields.corrections(),
            license=fields.license("license"),
            copyright_notice=fields.text("copyright_notice"),
            copyright_holder=next(iter(fields.parties("copyright_holder")), None),
            copyright_year=fields.year("copyright_year"),
            is_accessible_for_free=fields.free(),
        )

    def say(self, code: str, line: int, message: str, hint: str = "", severity: Severity = Severity.INFO) -> None:
        """Note what was guessed or left out."""
        self.problems.append(problem(f"markdown-{code}", severity, message, hint=hint, line=line))

    # -- headline, slug, date ---------------------------------------------------------------------------------------

    def headline(self) -> tuple[str, str, int]:
        """Return the headline, the text without it, and the line that the text begins in."""
        text, first_line = self.source.body, self.source.first_line
        title = self.fields.text("headline") or ""
        found = _HEADING.match(text)
        written = _HEADING_END.sub("", (found["marked"] or found["underlined"] or "").strip()) if found else ""
        heading = manuscript.to_text(written, smart=self.context.smart)
        if found and heading and _same(heading, title or heading):
            first_line += text.count("\n", 0, found.end())
            return title or heading, text[found.end() :], first_line
        return title, text, first_line

    def first_words(self, body: str) -> str:
        """Return a headline for an article that has none: the name of its file, else the first words of its text."""
        words = (minting.words(self.context.path) or " ".join(to_text(body).split()[:8])) if body else ""
        if not (headline := line(f"{words[:1].upper()}{words[1:]}")):
            raise Unreadable(
                problem("markdown-no-title", Severity.ERROR, "there is no title and no text", hint="write title: in the front matter")
            )
        self.say("title-guessed", 0, f"there is no title; {shown(headline)} is taken", "write title: in the front matter")
        return headline

    def slug(self, headline: str) -> str:
        """Return the last part of the address."""
        slug, guessed = minting.slug(self.context.path, headline, self.fields.text("slug") or "")
        if guessed and self.context.path:
            message = f"the name of the file says nothing; the address is made of the headline: {slug}"
            self.say("slug-from-headline", 0, message, "write slug: in the front matter, or rename the file")
        return slug

    def mint(self, slug: str) -> str:
        """Return the identifier of an article that has none."""
        return minting.identifier(self.publication.url, self.context.since, minting.stem(self.context.path) or slug)

    def day(self) -> date | None:
        """Return the day that the file's name begins with, as Jekyll's do."""
        day = minting.day(self.context.path)
        if not day and not self.fields.key("date_published"):  # else it is told that this is no date
            self.say(
                "no-date",
                0,
                "there is no date, so the article comes last, and Atom, which needs one, says 1970-01-01",
                "write date: in the front matter",
                Severity.WARNING,
            )
        return day

    # -- the text ---------------------------------------------------------------------------------------------------

    def without_lead(self, text: str, first_line: int, images: set[str | None]) -> tuple[str, int]:
        """Return the text without a picture at its top that the front matter has too, and the line it begins in."""
        if (found := _LEAD.match(text)) and self.resolve(found["src"]) in images - {None}:
            return text[found.end() :], first_line + text.count("\n", 0, found.end())
        return text, first_line

    def body(self, text: str, first_line: int) -> str:
        """Return the text as a body."""

        def note(line: int, tag: str) -> None:
            self.say(
                "tag-left-out", line + first_line - 1, f"{' '.join(tag.split())[:80]} is not understood and was left out", _WRITE_MARKDOWN
            )

        markdown, lines = dialects.plain(text, note)
        html = manuscript.to_html(markdown, smart=self.context.smart)

        def line_of(number: int) -> int:
            return lines[min(number, len(lines)) - 1] + first_line - 1

        for loss in manuscript.losses(html, markdown):
            self.say(loss.code, line_of(loss.line) if loss.line else 0, loss.message, loss.hint, loss.severity)
        for number, address in (*manuscript.images_without_alt(html), *dialects.images_without_alt(markdown)):
            message = f"the image {shown(dialects.name(address))} has no alternative text"
            self.say("image-without-alt", line_of(number), message, "say what it shows, in the brackets or as alt")
        body, repairs = manuscript.body(html, self.resolve, line_of)
        self.problems += [each for each in repairs if each.code != "alternative-text-missing"]  # told with its line above
        return body


def _same(first: str, second: str) -> bool:
    """Return whether two headlines say the same, whatever their quotes and dashes look like."""
    return slug_of(first) == slug_of(second) if slug_of(first) else first == second

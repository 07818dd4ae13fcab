"""The article of a document: its text, what its styles and its properties say about it, and what is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from publisher import bylines, dates, markup, minting, schema
from publisher.archives import Archive
from publisher.article import Party, Publication
from publisher.enclosed import Pictures, minted
from publisher.formats import Context, Origin, Reading
from publisher.formats.docx import body as bodies
from publisher.formats.docx import properties
from publisher.formats.docx.body import Block
from publisher.formats.docx.package import Package
from publisher.formats.docx.preparing import prepare
from publisher.manuscript import resolver
from publisher.markup import Element
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import line

__all__ = ["read"]

_ABOUT = ("title", "subtitle", "byline", "dateline", "date", "standfirst")
"""What paragraphs say about the text, in front of it."""
_LOST = {
    "comment": ("docx-comments", "{} comments were left out", "read them before you publish"),
    "deletion": ("docx-deletions", "{} tracked deletions were left out, as if they had been accepted", "accept or reject them in Word"),
    "insertion": ("docx-insertions", "{} tracked insertions were kept, as if they had been accepted", "accept or reject them in Word"),
    "formula": ("docx-formulas", "{} formulas became text", "make pictures of them"),
    "drawing": ("docx-drawings", "{} charts or drawings were left out", "make pictures of them"),
    "hidden": ("docx-hidden-text", "{} pieces of hidden text were left out", "show them when they belong to the text"),
    "contents": ("docx-contents", "a table of contents with {} lines was left out", ""),
    "external": ("docx-external-picture", "{} pictures are not in the document, and were not fetched", "embed them in the document"),
    "missing": ("docx-missing-picture", "{} pictures are not in the document, though it says so", "insert them anew"),
    "chunk": ("docx-parts-of-other-kinds", "{} parts in another format were left out", "save the document anew in Word"),
}
"""For each thing that is counted: code, message and hint."""
_WARNINGS = frozenset(("comment", "deletion", "insertion", "external", "missing", "drawing", "chunk"))
_LONGEST_HEADLINE = 300


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the document as an article; raise `Unreadable` when it is none or was made to do harm."""
    context = replace(context, publication=context.publication or minting.UNNAMED)
    archive = Archive(body, "docx", context.limits)
    package = Package(archive)
    prepared = prepare(package)
    pictures = Pictures(context.address)
    blocks, unknown = bodies.blocks(prepared, archive, pictures.keep)
    core, custom = properties.said(package)
    about = _About(blocks, core, custom, context)
    node = about.node(prepared.language)
    text, repairs = markup.mended(about.text(), resolver(context.address))
    publication = _publication(node, context)
    article = replace(publication.articles[0], body=text)
    lost = [*package.problems, *_lost(prepared.counts), *_unknown(unknown), *about.problems, *(each.problem() for each in repairs)]
    if not text:
        lost.append(
            problem("docx-empty", Severity.WARNING, "there is no text in the document", hint="check that this is the file you mean")
        )
    return Reading(
        publication=replace(publication, articles=(article,)),
        problems=tuple(lost),
        draft=str(core.get("status", "")).casefold() == "draft",
        media=pictures.bytes_of,
        holds=pictures.addresses,
        origins=tuple(Origin(identifier=article.identifier, field=name, source=each) for name, each in about.origins.items()),
    )


def _publication(node: JsonObject, context: Context) -> Publication:
    try:
        return schema.from_linked(node, context.publication)
    except PublisherError as error:
        raise Unreadable(*error.problems) from None


def _lost(counts: dict[str, int]) -> Iterator[Problem]:
    for name, (code, message, hint) in _LOST.items():
        if number := counts.get(name, 0):
            severity = Severity.WARNING if name in _WARNINGS else Severity.INFO
            yield problem(code, severity, _counted(message, number), hint=hint)


def _counted(message: str, number: int) -> str:
    said = message.format(number)
    if number != 1:
        return said
    for many, one in (("comments were", "comment was"), ("deletions were left out, as if they", "deletion was left out, as if it")):
        said = said.replace(many, one)
    return said


def _unknown(paths: Sequence[str]) -> Iterator[Problem]:
    if paths:
        more = f", and {len(paths) - 1} more" if len(paths) > 1 else ""
        message = f"a picture of a kind that browsers do not show was left out: {shown(paths[0])}{more}"
        yield problem("docx-picture-kind", Severity.WARNING, message, hint="insert it as JPEG or PNG")


class _About:
    """What is said about the article: by paragraphs, which are taken out of the text, and by properties."""

    def __init__(self, blocks: list[Block], core: JsonObject, custom: JsonObject, context: Context) -> None:
        self.blocks = blocks
        self.core = core
        self.custom = custom
        self.context = context
        self.problems: list[Problem] = []
        self.origins: dict[str, str] = {}
        self.found: JsonObject = {}

    def node(self, language: str | None) -> JsonObject:
        """Return what is known of the article as linked data."""
        self.properties(language)
        self.paragraphs()
        self.headline()
        headline = str(self.found["headline"])
        house = self.context.publication or minting.UNNAMED
        identifier, address = minted(house, self.context.since, self.context.path, headline)
        given: JsonObject = {"@type": "NewsArticle", "url": address, **self.found}
        given["identifier"] = self.custom.get("identifier") or identifier
        if house.publisher and "publisher" not in given:
            given["publisher"] = schema.spell(house.publisher, linked=True)
        return given

    def say(self, name: str, value: Json, source: str) -> None:
        if value not in (None, "", []):
            self.found[name] = value
            self.origins[name] = source

    def properties(self, language: str | None) -> None:
        """Take what the document's properties say; those that people add are meant, the others are often left over."""
        for name, value in self.core.items():
            if name not in ("status", "headline", "identifier"):
                self.say(name, self.people(value) if name == "author" else value, f"document property {name}")
        self.say("inLanguage", language, "language of the text")
        for name, value in self.custom.items():
            self.say(name, self.people(value) if name in ("author", "editor", "contributor") else value, f"custom property {name}")
        if "datePublished" in self.core and "datePublished" not in self.custom:
            self.guess("date", f"the day that the document was made on, {self.core['datePublished']}, is taken for that of the article")

    def guess(self, code: str, message: str) -> None:
        self.problems.append(problem(f"docx-{code}-guessed", Severity.INFO, message, hint="write it into the document, or correct it here"))

    def people(self, value: Json) -> Json:
        names = value if isinstance(value, list) else [value]
        found = (bylines.party(str(each), self.context.parties) for each in names)
        return [schema.spell(each, linked=True) for each in found if each]

    # -- paragraphs ---------------------------------------------------------------------------------------------------

    def paragraphs(self) -> None:
        """Take out of the text what paragraphs say about it, by their styles."""
        for role in _ABOUT:
            if taken := self.take(role):
                getattr(self, f"take_{role}", self.take_line)(role, taken)

    def take(self, role: str) -> list[Element]:
        """Take out the paragraphs of a kind that stand before the text begins; a title, wherever it is."""
        start = next((n for n, (kind, each) in enumerate(self.blocks) if kind not in _ABOUT and _words(each)), len(self.blocks))
        found = [n for n, (kind, each) in enumerate(self.blocks) if kind == role and (n <= start or role == "title")]
        found = found[:1] if role == "title" else found
        taken = [self.blocks[n][1] for n in found if _words(self.blocks[n][1])]
        self.blocks = [each for n, each in enumerate(self.blocks) if n not in found]
        return taken

    def take_title(self, role: str, taken: list[Element]) -> None:
        self.say("headline", _words(taken[0]), "paragraph with the style Title")

    def take_subtitle(self, role: str, taken: list[Element]) -> None:
        self.say("alternativeHeadline", line(" ".join(map(_words, taken))), "paragraph with the style Subtitle")

    def take_byline(self, role: str, taken: list[Element]) -> None:
        house: Party | None = self.context.publication.publisher if self.context.publication else None
        named = [each for written in taken for each in bylines.parties(_words(written), self.context.parties, house)]
        self.say("author", [schema.spell(each, linked=True) for each in named], "paragraph with a style for bylines")

    def take_dateline(self, role: str, taken: list[Element]) -> None:
        self.say("dateline", line(_words(taken[0]).strip(" —–-")), "paragraph with the style Dateline")

    def take_date(self, role: str, taken: list[Element]) -> None:
        language = self.found.get("inLanguage")
        written = _words(taken[0])
        found = dates.parse(written, language=language if isinstance(language, str) else None, zone=self.context.time_zone)
        if found is None:
            hint = "write it as 24 October 2018"
            self.problems.append(problem("docx-date-unreadable", Severity.WARNING, f"{shown(written)} is no date", hint=hint))
            return
        self.say("datePublished", found.isoformat(), "paragraph with the style Date")
        self.problems = [each for each in self.problems if each.code != "docx-date-guessed"]

    def take_standfirst(self, role: str, taken: list[Element]) -> None:
        self.say("description", line(" ".join(map(_words, taken))), "paragraph with a style for standfirsts")

    def take_line(self, role: str, taken: list[Element]) -> None:
        """Take nothing: every kind has its own way."""

    def headline(self) -> None:
        """Find the headline: the title, else the first heading where it is the only one of its level or stands first."""
        if "headline" in self.found:
            return
        tops = [n for n, (_, each) in enumerate(self.blocks) if each.tag == "h1" and _words(each)]
        first = next((n for n, (_, each) in enumerate(self.blocks) if _words(each)), -1)
        if tops and (len(tops) == 1 or tops[0] == first or "headline" not in self.core):
            self.say("headline", _words(self.blocks.pop(tops[0])[1]), "first Heading 1")
        elif "headline" in self.core:
            self.say("headline", self.core["headline"], "document property title")
        else:
            self.guessed_headline(first)

    def guessed_headline(self, first: int) -> None:
        words = _words(self.blocks[first][1]) if first >= 0 else ""
        if 0 < len(words) <= _LONGEST_HEADLINE and self.blocks[first][1].tag in ("p", *(f"h{n}" for n in range(1, 7))):
            self.blocks.pop(first)
            self.say("headline", words, "first paragraph")
            self.guess("headline", f"nothing has the style Title or Heading 1; the first paragraph is taken, {shown(words)}")
        else:
            said = line(minting.words(self.context.path)) or "Untitled"
            self.say("headline", said, "name of the file")
            self.guess("headline", f"nothing has the style Title or Heading 1; the headline is {shown(said)}")

    def text(self) -> Element:
        """Return what is left as the text."""
        root = etree.Element("div")
        root.extend([each for _, each in self.blocks])
        return root


def _words(element: Element) -> str:
    """Return what an element says on one line, without the numbers of notes."""
    parts = (str(each) for each in element.xpath("descendant::text()[not(ancestor::a[@role='doc-noteref'])]"))  # type: ignore[union-attr]
    return line("".join(parts)) or ""

"""The article that pandoc makes of a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from publisher import bylines, dates, markup, minting, programs, schema, scripts
from publisher.article import Publication
from publisher.enclosed import Pictures, minted
from publisher.formats import Context, Origin, Reading
from publisher.formats.pandoc.inside import OpenDocument, fictionbook_picture, rtf_picture
from publisher.formats.pandoc.kinds import FICTIONBOOK, ODT, RTF, kind_of
from publisher.manuscript import decode, resolver
from publisher.markup import Element
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem, shown
from publisher.schema import Json, JsonObject
from publisher.text import language, line

__all__ = ["read"]

_SPEC = "https://pandoc.org/installing.html"
_SECONDS = 60
_MEMORY = "-M768m"
"""For GHC's runtime, which every pandoc has: the heap may have so many megabytes."""
_MOST = 20_000_000
"""Bytes of HTML: twice what a body may have."""
_TITLE_BLOCK = "title-block-header"
_LONGEST_HEADLINE = 300
_LOST = {
    "annotation": ("pandoc-comments", "{} comments were left out"),
    "tracked-changes": ("pandoc-changes", "{} tracked changes are as if they had been accepted"),
}
"""What an OpenDocument can have besides text, by its elements: code and message."""
_SEEN = ("title", "subtitle", "author", "date", "abstract")


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the document as an article; raise `Unreadable` when pandoc is not there or does not understand it."""
    context = replace(context, publication=context.publication or minting.UNNAMED)
    kind = kind_of(body, context.path)
    if kind is None:
        message, hint = (
            "this is none of the formats that are read through pandoc, or its name does not say which",
            "give the file its ending",
        )
        raise Unreadable(problem("pandoc-unknown-kind", Severity.ERROR, message, hint=hint))
    document = OpenDocument(body, context.limits) if kind == ODT else None
    problems: list[Problem] = []
    if kind not in (ODT, RTF, FICTIONBOOK, "docbook", "jats"):
        text, found = decode(body)
        body, problems = text.encode(), list(found)
    root = markup.parse_html(_html(kind, document.prepared() if document else body))
    inside = (
        document.picture if document else rtf_picture(body) if kind == RTF else fictionbook_picture(body) if kind == FICTIONBOOK else _none
    )
    return _Paper(root, document, inside, problems, context, top_only=kind == RTF).reading()


def _none(source: str) -> bytes | None:
    return None


def _html(kind: str, body: bytes) -> bytes:
    program = programs.find("pandoc", "pypandoc", "files/pandoc")
    if not program:
        hint = "install pandoc, as the page says or with `pip install pypandoc_binary`, or save the document as .docx or .md"
        raise Unreadable(
            problem("pandoc-missing", Severity.ERROR, f"{kind} is read through pandoc, which is not installed", hint=hint, spec=_SPEC)
        )
    options = ("--from", kind, "--to", "html5", "--standalone", "--sandbox", "--wrap=none", "--no-highlight", "--metadata=pagetitle:-")
    try:
        return programs.run((program, "+RTS", _MEMORY, "-RTS", *options), body, seconds=_SECONDS, most=_MOST)
    except programs.Failed as error:
        message = f"pandoc does not understand this {kind}: {str(error)[:300]}"
        raise Unreadable(
            problem("pandoc-failed", Severity.ERROR, message, hint="open it in the program that made it and save it anew")
        ) from None


class _Paper:
    def __init__(
        self,
        root: Element,
        document: OpenDocument | None,
        inside: Callable[[str], bytes | None],
        problems: list[Problem],
        context: Context,
        *,
        top_only: bool = False,
    ) -> None:
        self.top_only = top_only
        self.root = root
        self.body = next(root.iter("body"), root)
        self.document = document
        self.inside = inside
        self.problems = problems
        self.context = context
        self.pictures = Pictures(context.address)
        self.found: JsonObject = {}
        self.origins: dict[str, str] = {}
        self.title: Json = None

    def say(self, name: str, value: Json, source: str) -> None:
        if value not in (None, "", []) and name not in self.found:
            self.found[name] = value
            self.origins[name] = source

    def reading(self) -> Reading:
        self.title_block()
        self.metadata()
        self.properties()
        self.headline()
        self.take_pictures()
        _notes(self.body)
        _plain(self.body)
        text, repairs = markup.mended(self.body, resolver(self.context.address))
        self.say("inLanguage", _language(text), "words of the text")
        publication = self.publication()
        article = replace(publication.articles[0], body=text)
        if not text:
            self.problems.append(
                problem("pandoc-empty", Severity.WARNING, "there is no text in the document", hint="check that this is the file you mean")
            )
        return Reading(
            publication=replace(publication, articles=(article,)),
            problems=(*self.problems, *(each.problem() for each in repairs)),
            media=self.pictures.bytes_of,
            holds=self.pictures.addresses,
            origins=tuple(Origin(identifier=article.identifier, field=name, source=each) for name, each in self.origins.items()),
        )

    def publication(self) -> Publication:
        house = self.context.publication or minting.UNNAMED
        identifier, address = minted(house, self.context.since, self.context.path, str(self.found["headline"]))
        node: JsonObject = {"@type": "NewsArticle", "identifier": identifier, "url": address, **self.found}
        if house.publisher:
            node["publisher"] = schema.spell(house.publisher, linked=True)
        try:
            return schema.from_linked(node, house)
        except PublisherError as error:
            raise Unreadable(*error.problems) from None

    # -- what the document says about itself ---------------------------------------------------------------------------

    def title_block(self) -> None:
        """Take out the block in which pandoc shows title, authors, date and abstract."""
        block = next((each for each in self.body if each.get("id") == _TITLE_BLOCK), None)
        if block is None:
            return
        said: dict[str, list[str]] = {name: [] for name in _SEEN}
        for each in block.iter():
            if (name := each.get("class")) in said and (words := _words(each)):
                said[name].append(words)
        self.say("headline", next(iter(said["title"]), None), "title")
        self.say("alternativeHeadline", next(iter(said["subtitle"]), None), "subtitle")
        self.say("author", self.people(said["author"]), "author")
        self.date(next(iter(said["date"]), None))
        self.say("description", next((_without_label(each) for each in said["abstract"]), None), "abstract")
        self.body.remove(block)

    def people(self, names: list[str]) -> list[Json]:
        house = self.context.publication.publisher if self.context.publication else None
        return [schema.spell(party, linked=True) for each in names for party in bylines.parties(each, self.context.parties, house)]

    def date(self, written: str | None) -> None:
        found = dates.parse(written, zone=self.context.time_zone) if written else None
        if written and not found:
            hint = "write it as 24 October 2018"
            self.problems.append(problem("pandoc-date-unreadable", Severity.WARNING, f"{shown(written)} is no date", hint=hint))
        self.say("datePublished", found.isoformat() if found else None, "date")

    def metadata(self) -> None:
        """Take what is in the head of the page."""
        for each in self.root.iter("meta"):
            value = line(each.get("content"))
            if each.get("name") == "keywords" and value:
                self.say("keywords", [word for word in (part.strip() for part in value.split(",")) if word], "keywords")
            elif each.get("name") == "description":
                self.say("description", value, "description")
        self.say("inLanguage", language(self.root.get("lang")), "language")

    def properties(self) -> None:
        """Take what an OpenDocument says besides: its styles Title and Subtitle, its properties."""
        if self.document is None:
            return
        for name, style in (("headline", "Title"), ("alternativeHeadline", "Subtitle")):
            if (words := self.document.styled(style)) and self.take(words):
                self.say(name, words, f"paragraph with the style {style}")
        if (words := self.document.styled("Author")) and self.take(words):
            self.say("author", self.people([words]), "paragraph with the style Author")
        if (words := self.document.styled("Date")) and self.take(words):
            self.date(words)
        self.heads(self.document.heads())
        for name, (code, message) in _LOST.items():
            if number := self.document.counts[name]:
                self.problems.append(
                    problem(code, Severity.WARNING, message.format(number), hint="open the document and decide about them")
                )
        core = self.document.said()
        if "datePublished" in core and "datePublished" not in self.found:
            message = f"the day that the document was made on, {core['datePublished']}, is taken for that of the article"
            self.problems.append(problem("pandoc-date-guessed", Severity.INFO, message, hint="write the date into the document"))
        for name, value in core.items():
            if name not in ("headline", "author"):
                self.say(name, value, "document property")
        author = core.get("author")
        self.say("author", self.people([str(each) for each in author]) if isinstance(author, list) else None, "document property")
        self.title = core.get("headline")

    def heads(self, rows: list[int]) -> None:
        """Make headings of the cells in so many first rows of each table."""
        for table, number in zip(self.body.iter("table"), rows, strict=False):
            for row in list(table.iter("tr"))[:number]:
                for cell in row.iterchildren("td"):
                    cell.tag = "th"

    def take(self, words: str) -> bool:
        """Take the paragraph that says these words out of the beginning of the text; return whether it was there."""
        for each in list(self.body)[:10]:
            if each.tag in ("p", "h1", "h2") and _words(each) == words:
                self.body.remove(each)
                return True
        return False

    def headline(self) -> None:
        """Find the headline: the title, else the first heading where it is alone or at the top, else the first paragraph.

        In a document without styles for titles, as RTF is, a heading below the top is that of a section.
        """
        if "headline" in self.found:
            return
        parts = [each for each in self.body if isinstance(each.tag, str) and _words(each)]
        tops = [each for each in parts if each.tag == "h1"]
        if tops and (tops[0] is parts[0] or (not self.top_only and (len(tops) == 1 or not self.title))):
            self.say("headline", _words(tops[0]), "first heading")
            self.body.remove(tops[0])
        elif self.title:
            self.say("headline", self.title, "document property")
        else:
            self.guess(parts)

    def guess(self, parts: list[Element]) -> None:
        words = _words(parts[0]) if parts and parts[0].tag in ("p", "h2", "h3") else ""
        if 0 < len(words) <= _LONGEST_HEADLINE:
            self.body.remove(parts[0])
        else:
            words = line(minting.words(self.context.path)) or "Untitled"
        message = f"the document has no title; {shown(words)} is taken for the headline"
        self.problems.append(problem("pandoc-headline-guessed", Severity.INFO, message, hint="give it a title"))
        self.say("headline", words, "first words")

    # -- the text -----------------------------------------------------------------------------------------------------

    def take_pictures(self) -> None:
        """Give pictures inside the document their addresses; tell of those that are not."""
        missing: list[str] = []
        described = self.document.descriptions() if self.document else {}
        for each in list(self.body.iter("img")):
            source = each.get("src") or ""
            found = self.inside(source)
            address = self.pictures.keep(found) if found else None
            if address:
                each.set("src", address)
                if source in described:
                    each.set("alt", described[source])
            elif found or (self.inside is not _none and "://" not in source):
                missing.append(source)
                each.set("src", "")
        if missing:
            more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
            message = f"a picture is not in the document, or of a kind that browsers do not show: {shown(missing[0])}{more}"
            self.problems.append(problem("pandoc-picture", Severity.WARNING, message, hint="insert it as JPEG or PNG"))


def _words(element: Element) -> str:
    return line("".join(map(str, element.itertext()))) or ""


def _without_label(abstract: str) -> str:
    return abstract.removeprefix("Abstract").strip()


def _language(body: str) -> str | None:
    text = markup.to_text(body)
    return language(scripts.guess_by_words(text)) or language(scripts.guess_language(text))


def _plain(body: Element) -> None:
    """Take away what pandoc adds by itself: names of headings that nothing links to, and `image` for what a picture shows."""
    linked = {(each.get("href") or "")[1:] for each in body.iter("a") if (each.get("href") or "").startswith("#")}
    for each in body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if each.get("id", "") not in linked:
            each.attrib.pop("id", "")
    for each in body.iter("img"):
        if each.get("alt") == "image":
            each.set("alt", "")


def _notes(body: Element) -> None:
    """Spell notes as bodies have them: pandoc puts the raised number into the link, and a line above the notes."""
    for each in list(body.iter("a")):
        if each.get("role") == "doc-noteref" and len(each) == 1 and each[0].tag == "sup":
            each.text = _words(each)
            each.remove(each[0])
            raised = each.makeelement("sup")
            raised.tail, each.tail = each.tail, None
            if (around := each.getparent()) is not None:
                around.replace(each, raised)
                raised.append(each)
        elif each.get("role") == "doc-backlink":
            each.text = "↩"
            _space_before(each)
    for notes in body.iter("section", "aside"):
        for rule in [each for each in notes if each.tag == "hr" and notes.get("role") == "doc-endnotes"]:
            notes.remove(rule)


def _space_before(link: Element) -> None:
    before, around = link.getprevious(), link.getparent()
    if before is not None:
        before.tail = f"{(before.tail or '').rstrip()} "
    elif around is not None and (around.text or "").strip():
        around.text = f"{(around.text or '').rstrip()} "

"""Clippings: articles copied out of a web page as plain text or Markdown, without any metadata. We only read them.

No specification says what they look like. What we expect, in any language, each part but the first optional:

    # Headline                                 a heading, or just the first line
    *A subtitle*
    By [Name](#)
    October 24, 2018
    **Caption / Credit**                       of a picture that did not come along, or `![alt](address)`
    WASHINGTON (AP) — Paragraphs in Markdown …
    **Related article:** [Title](#)
    Original url: <https://…>

Whatever is guessed or left out is a problem of severity info, with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import NamedTuple

from publisher import bylines, dates, manuscript, minting, phrases, scripts, text
from publisher.article import Article, Date, Image, Link, Party
from publisher.formats import Context, Reading
from publisher.problems import Problem, Severity, Unreadable, problem, shown

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "clipping"
TITLE = "Clipping"
SPEC = "https://spec.commonmark.org/0.31.2/"
MEDIA_TYPE = "text/plain"


def recognizes(body: bytes, path: str) -> bool:
    """Return whether the bytes are text; nothing but being no other format makes them a clipping."""
    if body.lstrip()[:10].startswith(_NOT_TEXT) or _LIST.match(body[:200]):
        return False
    try:
        return bool(manuscript.decode(body))
    except Unreadable:
        return False


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the one article of a clipping; raise `Unreadable` when there is no text."""
    written, problems = manuscript.decode(body)
    lines = [_Line(number, each.rstrip()) for number, each in enumerate(written.split("\n"), start=1)]
    if not any(line.words for line in lines):
        raise Unreadable(
            problem(
                "clipping-empty", Severity.ERROR, "the file is empty", hint="write a headline in its first line, if it is to be an article"
            )
        )
    return _Clipping(lines, context, list(problems)).reading()


# -- what lines look like ------------------------------------------------------------------------------------------------

_LIST = re.compile(rb"\s*\[\s*\{")
"""How a list of objects begins in JSON."""
_NOT_TEXT = (b"<", b"{", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF", b"\x1f\x8b")
_LONGEST_HEADLINE = 250
_LONGEST_CAPTION = 500
_LONGEST_PIECE = 100
_LONGEST_KICKER = 40
_WRITE_ADDRESS = "write the address in the brackets"
_TARGET = r"\(\s*+<?(?P<{name}>[^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+(?:\"(?P<title_of_{name}>[^\"]*)\"|'[^']*'))?\s*\)"
_MARKS = re.compile(r"^[\s\u3000]*(?:#{1,6}\s+|>\s*|[-*+•▪►▶→]\s+)*")
_EMPHASIS = re.compile(r"\*+|(?<!\w)_+|(?<!_)_++(?!\w)")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.*)$")
_HEADING_END = re.compile(r"(?:^|(?<=\s))#+$")
_UNDERLINE = re.compile(r"\s{0,3}(?:={2,}|-{2,})\s*$")
_RULE = re.compile(r"\s{0,3}([-*_])\s*(?:\1\s*){2,}$")
_ITEM = re.compile(r"\s*(?:[-*+•▪►▶→]|\d{1,2}[.)])\s+")
_EMPHASIZED = re.compile(r"(\*\*\*|___|\*\*|__|\*|_)(?=[^\s*_])(?P<inside>(?:(?!\1).)+?)\1")
_STRONG = re.compile(r"(\*\*|__)(?=[^\s*_])(?P<inside>(?:(?!\1).)+?)\1")
_LINK = re.compile(r"(?<!!)\[(?P<name>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]" + _TARGET.format(name="href"))
_SENTENCE = re.compile(r"^(?:\S++\s++){3}.*[.!?…][\"”’)]?$|[。！？]$")
_PICTURE = re.compile(rf"\[?!\[(?P<alt>(?:[^\[\]\\]|\\.)*)\]{_TARGET.format(name='src')}(?:\]\([^)]*\))?")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'\])]+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,12}", re.IGNORECASE)
_SOURCE = re.compile(rf"{phrases.SOURCE}\s*[:：]?\s*", re.IGNORECASE)
_RELATED = re.compile(rf"{phrases.RELATED}\s*(?P<colon>[:：►▶→>|-]|$|(?=\[))\s*", re.IGNORECASE)
_PUBLISHED = re.compile(rf"{phrases.PUBLISHED}\s*[:：-]?\s*", re.IGNORECASE)
_UPDATED = re.compile(rf"{phrases.UPDATED}\s*[:：-]?\s*", re.IGNORECASE)
_CREDIT = re.compile(
    rf"(?:[(（\[]\s*+|(?<![(（\[\s])\s++)?(?<![A-Za-z]){phrases.CREDIT_LABELS}\s*(?P<credit>[^()（）\]]+?)\s*[)）\]]?\s*\.?$", re.IGNORECASE
)
_LAST_PARENTHESES = re.compile(r"(?:(?<!\s)\s++)?[(（](?P<credit>[^()（）]{2,60})[)）]\s*\.?$")
_FURNITURE = re.compile(rf"{phrases.FURNITURE}\.?", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:(?<!\s)\s++)?[|•·]\s*|(?<!\s)\s++[-–—]\s+|\t+")
_SENTENCE_END = re.compile(r"[.!?…。！？؟։।]['\"”’»)\]]*$")
_PLACE = re.compile(
    r"(?P<place>[^\W\d_][^—–―()\[\]/]{0,57}?[^—–―()\[\]/\s])\s*+(?:[(（](?P<agency>[^()（）]{2,40})[)）]\s*+)?(?:[—–―]|--?)\s+(?:(?P<after>[^.\n]{2,40})\.\s+)?"
    r"|[(（](?P<alone>[^()（）]{2,40})[)）]\s*(?:[—–―]|--?)\s+"
    r"|(?P<before>[^\W\d_][^—–―()\[\]/]{0,57}?[^—–―()\[\]/\s])[.,]?\s*+/(?P<slashed>[^/\n]{2,40})/\.?\s+"
)
_SIGNED = re.compile(r"\(?(?:(?:additional )?(?:reporting|writing|editing)|reported|written|edited|compiled) by\b", re.IGNORECASE)
_NO_PLACES = frozenset("NATO UNESCO UNICEF OPEC NASA FIFA UEFA COVID BREAKING UPDATE UPDATED WATCH ANALYSIS OPINION EXCLUSIVE НАТО".split())
_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")


class _Line(NamedTuple):
    """One line of the file."""

    number: int
    text: str

    @property
    def words(self) -> str:
        """What it says, with single spaces and without signs of headings, lists and quotes in front."""
        return _MARKS.sub("", f"{' '.join(self.text.split())} ").strip()

    @property
    def plain(self) -> str:
        """What it says, without signs of emphasis either."""
        return _EMPHASIS.sub("", self.words).strip()

    def blank(self) -> _Line:
        """Return the line without its text, which keeps paragraphs apart."""
        return self._replace(text="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """What stands between headline and text."""

    section: str | None = None
    subtitle: str | None = None
    description: str | None = None
    authors: tuple[Party, ...] = ()
    editors: tuple[Party, ...] = ()
    contributors: tuple[Party, ...] = ()
    published: Date | None = None
    modified: Date | None = None
    images: tuple[Image, ...] = ()


# -- the reader ----------------------------------------------------------------------------------------------------------


class _Clipping:
    """Takes one part after the other out of the lines; what is left is the text."""

    def __init__(self, lines: list[_Line], context: Context, problems: list[Problem]) -> None:
        self.lines = lines
        self.context = context
        self.problems = problems
        self.publication = context.publication or minting.UNNAMED
        self.resolve = manuscript.resolver(context.address)
        self.language = self.find_language()
        self.header = _Header()
        self.address_line = 0
        self.modified_line = 0
        self.dateline_line = 0

    def reading(self) -> Reading:
        """Return the publication with the one article."""
        address = self.take_address()
        related = tuple(self.take_related())
        headline = self.take_headline()
        self.take_header()
        self.take_signature()
        dateline = self.take_dateline()
        body = self.body()
        slug, identifier = self.mint(headline)
        url = self.own_address(address, minting.address(self.publication.url, slug))
        published = self.header.published or self.day_elsewhere(address, dateline)
        if early := manuscript.modified_too_early(published, self.header.modified):
            self.say(early.code, self.modified_line, early.message, early.hint, early.severity)
        article = Article(
            identifier=identifier,
            headline=headline,
            url=url,
            alternative_headline=self.header.subtitle,
            description=self.header.description,
            body=body,
            article_section=self.header.section,
            dateline=dateline,
            in_language=self.language,
            date_published=published,
            date_modified=self.header.modified,
            author=self.header.authors or self.nobody(),
            editor=self.header.editors,
            contributor=self.header.contributors,
            publisher=self.publication.publisher,
            image=self.header.images,
            citation=related,
            is_based_on=self.original(address, url),
        )
        return Reading(
            publication=replace(self.publication, articles=(article,)),
            problems=tuple(sorted(self.problems, key=lambda each: each.location.line)),
        )

    def say(self, code: str, line: int, message: str, hint: str = "", severity: Severity = Severity.INFO) -> None:
        """Note what was guessed or left out."""
        self.problems.append(problem(f"clipping-{code}", severity, message, hint=hint, line=line))

    def blank(self, *indexes: int) -> None:
        """Take lines out of the text."""
        for index in indexes:
            self.lines[index] = self.lines[index].blank()

    def filled(self, start: int = 0) -> Iterator[tuple[int, _Line]]:
        """Yield index and line of what is not blank, from `start` on."""
        for index in range(start, len(self.lines)):
            if self.lines[index].text.strip():
                yield index, self.lines[index]

    def inline(self, markdown: str) -> str | None:
        """Return what Markdown says, as plain text."""
        return manuscript.to_text(markdown)

    # -- language ---------------------------------------------------------------------------------------------------

    def find_language(self) -> str | None:
        """Return the publication's language, unless the text is in another script."""
        expected = self.publication.in_language
        written = " ".join(line.plain for line in self.lines)
        script = scripts.script(written)
        if script == "LATIN" and (found := self.language_of_words(written)):
            return found
        if not script or (expected and scripts.script_of(expected) in (script, {"JAPANESE": "CJK"}.get(script))):
            return expected
        if any(each.code == "text-encoding-unsure" for each in self.problems):
            return None
        guessed = scripts.guess_language(written)
        if guessed or expected:
            letters = {"CJK": "Chinese"}.get(script, script.title())
            message = f"the text is in {letters} letters; its language is taken to be {guessed or 'unknown'}"
            self.say("language-guessed", 0, message, "set `lang` in front matter when that is wrong")
        return guessed

    def language_of_words(self, written: str) -> str | None:
        """Return the language that common words of the text are in, when it is surely another than the publication's."""
        guessed = scripts.guess_by_words(written)
        if not guessed or guessed == (self.publication.in_language or "").partition("-")[0]:
            return None
        message = f"the words of the text are in another language than the publication's: it is taken to be {guessed}"
        self.say("language-guessed", 0, message, "set `lang` in front matter when that is wrong")
        return guessed

    # -- the end: where it comes from, what else to read ------------------------------------------------------------

    def take_address(self) -> str | None:
        """Take out where the article first appeared: "Original url:" and an address, on its line or the next."""
        filled = list(self.filled())
        for position in range(len(filled) - 1, -1, -1):
            index, line = filled[position]
            following = filled[position + 1 : position + 2]
            label = _SOURCE.match(line.plain)
            if label and not line.plain[label.end() :].strip() and following and _is_address(following[0][1].words):
                self.blank(index, following[0][0])
                return self.address(following[0][1])
            if label and _is_address(rest := line.plain[label.end() :]) and rest:
                self.blank(index)
                return self.address(line)
        if len(filled) > 1 and self.is_left_alone(filled[-1][1]) and (url := _address(filled[-1][1].words)[1]):
            self.blank(filled[-1][0])
            self.address_line = filled[-1][1].number
            self.say("address-guessed", self.address_line, f"the last line, {url}, is taken to be where the article first appeared")
            return url
        return None

    def is_left_alone(self, line: _Line) -> bool:
        """Return whether a line is nothing but a bare address, neither a link with words nor one of a list."""
        link = _LINK.fullmatch(line.words)
        written = link["name"] if link and link["name"].strip("<>") == link["href"] else line.words
        return not _LINK.search(written) and _is_address(written) and not _ITEM.match(line.text)

    def address(self, line: _Line) -> str | None:
        """Return the address on a line."""
        written, url = _address(line.words)
        self.address_line = line.number
        if not url:
            self.say("address-unusable", line.number, f"the original's address {shown(written)} leads nowhere", "write its URL")
        return url

    def own_address(self, address: str | None, minted: str) -> str:
        """Return where the article first appeared, when that is a page of this publication, else the minted address."""
        if not address or address == minted or not minting.is_page(self.publication.url, address):
            return minted
        message = f"{shown(address)} is an address of this publication, so the article is published there"
        self.say("original-is-here", self.address_line, message, "take the line out when it is to be published elsewhere")
        return address

    def original(self, address: str | None, url: str) -> str | None:
        """Return where the article first appeared, which is not where it is published, `url`."""
        if not address or not address.startswith(self.publication.url):
            return address
        if address != url:
            message = f"{shown(address)} is an address of this publication, and not the article's; it was left out"
            self.say("original-left-out", self.address_line, message, "write the address of the article", Severity.WARNING)
        return None

    def take_related(self) -> Iterator[Link]:
        """Take out lines with related articles: "Related article: [title](#)", or a list below such words."""
        for index, line in list(self.filled()):
            label = _RELATED.match(_LINK.sub("[", line.plain))
            if not label or not self.lines[index].text:
                continue
            if _LINK.search(line.words):
                if _is_only_links(line.words[line.words.find("[") :]):
                    self.blank(index)
                    yield from self.links(line)
            elif not (rest := line.plain[label.end() :]) and label["colon"] is not None:
                yield from self.take_list(index)
            elif label["colon"].strip() and len(rest) <= _LONGEST_HEADLINE:
                self.blank(index)
                yield from filter(None, (self.link(line.number, rest, ""),))

    def take_list(self, index: int) -> Iterator[Link]:
        """Take out the links below the words "Related articles:"."""
        for below, line in self.filled(index + 1):
            if _LINK.search(line.words) and _is_only_links(line.words):
                yield from self.links(line)
            elif _ITEM.match(line.text) and _is_address(line.words):
                yield from filter(None, (self.link(line.number, "", _address(line.words)[0]),))
            else:
                break
            self.blank(index, below)

    def links(self, line: _Line) -> Iterator[Link]:
        """Yield the related articles of a line."""
        for found in _LINK.finditer(line.words):
            if link := self.link(line.number, found["name"], found["href"]):
                yield link

    def link(self, line: int, name: str, address: str) -> Link | None:
        """Return a related article, `None` when it has neither title nor address."""
        url = self.resolve(address) if address and not address.startswith("#") else None
        title = self.inline(name)
        if not url:
            self.say(
                "related-without-address", line, f"the related article {shown(title or '')} has no address", "write its URL in the brackets"
            )
        return Link(url=url, name=title) if url or title else None

    # -- the beginning ----------------------------------------------------------------------------------------------

    def take_headline(self) -> str:
        """Take out the first heading near the top, else the first line that is no byline or date."""
        index, line = self.find_headline()
        underlined = index + 1 < len(self.lines) and bool(_UNDERLINE.match(self.lines[index + 1].text))
        if not underlined and not _HEADING.match(line.text):
            self.say("headline-guessed", line.number, "the first line is taken to be the headline", 'write "# " in front of it')
        self.take_kickers(index)
        for link in _LINK.finditer(line.text):
            self.say("link-left-out", line.number, f"the link {shown(link['name'])} in the headline was left out; its text was kept")
        self.note_losses(line)
        headline = self.inline(_without_heading_mark(line.text))
        if headline and len(headline) > _LONGEST_HEADLINE:  # a paragraph, which stays in the text
            return f"{headline[:100].rpartition(' ')[0] or headline[:100]} …"
        self.blank(index, *([index + 1] if underlined else []))
        return headline or minting.words(self.context.path) or minting.stem(self.context.path) or self.publication.name

    def note_losses(self, line: _Line) -> None:
        """Note what a line loses that becomes plain text, but for its links, which all such lines lose."""
        markdown = _without_heading_mark(line.text)
        for loss in manuscript.losses(manuscript.to_html(markdown), markdown):
            if loss.code in ("left-out", "element-left-out"):
                self.say(loss.code, line.number, loss.message, loss.hint, loss.severity)

    def take_kickers(self, headline: int) -> None:
        """Take out short lines above the headline, which name the section."""
        for index, line in self.filled():
            if index >= headline:
                break
            if self.is_header(line) or len(line.plain) > _LONGEST_KICKER:
                continue
            section = next((each for each in self.publication.sections if each.casefold() == line.plain.casefold()), None)
            self.header = replace(self.header, section=section or self.header.section)
            if not section:
                self.say(
                    "line-left-out",
                    line.number,
                    f"{shown(line.plain)} above the headline is no section of the publication and was left out",
                )
            self.blank(index)

    def find_headline(self) -> tuple[int, _Line]:
        """Return where the headline is."""
        top = list(islice(self.filled(), 6))
        for each in top:
            if (mark := _HEADING.match(each[1].text)) and len(mark[1]) == 1:
                return each
        for each in top:
            if not self.is_header(each[1]):
                return each
        raise Unreadable(problem("clipping-no-headline", Severity.ERROR, "there is no headline", hint="write one in the first line"))

    def is_header(self, line: _Line) -> bool:
        """Return whether a line is a byline, a date or a picture."""
        return bool(self.is_byline(line.plain) or self.find_date(line.plain) or _PICTURE.match(line.words))

    def is_byline(self, written: str) -> bool:
        """Return whether a line says who wrote."""
        return bylines.is_byline(written, self.context.parties)

    def take_header(self) -> None:
        """Take out lines from the top for as long as they are no text."""
        first = True
        for index, line in list(self.filled()):
            if not self.lines[index].text:
                continue  # a caption, which went with its picture
            takers = (self.take_rule, self.take_byline, self.take_picture, self.take_subtitle if first else self.take_caption)
            if not any(take(index, line) for take in (*takers, self.take_name, self.take_standfirst)):
                break
            first = False

    def take_rule(self, index: int, line: _Line) -> bool:
        """Take out a rule, or a piece of the page such as "3 min read"."""
        if not _RULE.match(line.text) and not _FURNITURE.fullmatch(line.plain):
            return False
        if not _RULE.match(line.text):
            self.say("line-left-out", line.number, f"{shown(line.plain)} is no part of the article and was left out")
        self.blank(index)
        return True

    def take_byline(self, index: int, line: _Line) -> bool:
        """Take out a byline, a date, or both on one line: "By Jane Doe | October 24, 2018"."""
        if (label := _SOURCE.match(line.plain)) and self.agency(line.plain[label.end() :]):
            line = line._replace(text=line.plain[label.end() :])
        pieces = self.pieces(line)
        found = [self.find_date(_plain(piece)) for piece in pieces]
        if not any(found) and not self.is_byline(line.plain):
            return False
        if any(found) and any(
            len(piece) > _LONGEST_PIECE or (not day and self.is_sentence(piece)) for piece, day in zip(pieces, found, strict=True)
        ):
            return False  # a dateline, or a text that begins with a date
        for piece, day in zip(pieces, found, strict=True):
            if day:
                self.keep_date(*day, line.number)
            else:
                self.keep_byline(piece, line.number)
        self.blank(index)
        return True

    def is_sentence(self, written: str) -> bool:
        """Return whether a piece of a line is text, and names nobody."""
        return bool(_SENTENCE.search(written)) and not self.is_byline(_plain(written)) and not _is_name(_plain(written))

    def pieces(self, line: _Line) -> list[str]:
        """Return the parts of a line that may be names and dates."""
        if self.find_date(line.plain):
            return [line.words]
        pieces = [piece for piece in _BETWEEN.split(line.words) if piece.strip("*_ ")]
        if any(self.find_date(_plain(piece)) for piece in pieces):
            return pieces
        if (updated := _UPDATED.search(line.words, 1)) and self.find_date(_plain(line.words[updated.start() :].rstrip(")"))):
            return [line.words[: updated.start()].rstrip(" ,;("), line.words[updated.start() :].rstrip(")")]
        commas = [found.start() for found in re.finditer("[,，،]", line.words)] if self.is_byline(line.plain) else []
        dated = next((comma for comma in commas if self.find_date(_plain(line.words[comma + 1 :]))), None)
        return [line.words] if dated is None else [line.words[:dated], line.words[dated + 1 :]]

    def keep_byline(self, written: str, line: int) -> None:
        """Add those whom a byline names to the authors."""
        if not self.is_byline(_plain(written)) and not _is_name(_plain(written)):
            return self.say("line-left-out", line, f"{shown(_plain(written))} is no name and was left out")
        named = bylines.by_role(written, self.context.parties, self.publication.publisher)
        found = (*named.author, *named.editor, *named.contributor)
        for name in _LINK.finditer(written):
            if not name["href"].strip("#"):
                self.say("dead-link", line, f"the link {shown(name['name'])} goes nowhere; its text was kept", _WRITE_ADDRESS)
        if left := bylines.left_out(written, found):
            house = f"; it is taken to be {self.publication.publisher.name}" if self.publication.publisher in found[:1] else ""
            self.say("byline-shortened", line, f"{shown(left)} was left out of the byline {shown(_plain(written))}{house}")
        self.keep_named(named)
        return None

    def keep_named(self, named: bylines.Named) -> None:
        """Add people to those who are named already, each once."""
        header = self.header
        self.header = replace(
            header,
            authors=_joined(header.authors, named.author),
            editors=_joined(header.editors, named.editor),
            contributors=_joined(header.contributors, named.contributor),
        )

    def find_date(self, written: str) -> tuple[dates.Written, bool] | None:
        """Return the date that a line is, and whether it is one of a change; labels in front may say so."""
        if len(written) > _LONGEST_PIECE or not any(each.isdigit() for each in written):
            return None
        for label in (_UPDATED, _PUBLISHED, None):
            found = label.match(written) if label else None
            if (found or not label) and (day := self.read_date(written[found.end() if found else 0 :])):
                return day, label is _UPDATED
        return None

    def read_date(self, written: str) -> dates.Written | None:
        """Return the date, read with what is known about language and zone."""
        return dates.read(written, language=self.language, zone=self.context.time_zone)

    def keep_date(self, day: dates.Written, updated: bool, line: int) -> None:
        """Set one of the two dates, the first time it is given."""
        self.note_unclear(day, line)
        if updated:
            self.modified_line = self.modified_line or line
            self.header = replace(self.header, modified=self.header.modified or day.value)
        else:
            self.header = replace(self.header, published=self.header.published or day.value)

    def note_unclear(self, day: dates.Written, line: int) -> None:
        """Note that a date could be read as another, or a time in another zone."""
        if day.ambiguous:
            self.say("date-ambiguous", line, f"the date was read as {day.value.isoformat()}", "write it as 2018-10-24")
        if day.without_zone and (unclear := manuscript.without_zone(line, day.value.strftime("%H:%M"), self.context.time_zone)):
            self.problems.append(unclear)

    def take_subtitle(self, index: int, line: _Line) -> bool:
        """Take out a heading or an emphasized line right below the headline."""
        emphasized = _EMPHASIZED.fullmatch(line.words)
        if emphasized and _caption(line.words).credit_text:
            return self.take_caption(index, line)
        if not emphasized and not (_HEADING.match(line.text) and (self.header_follows(index) or self.is_only_heading(line))):
            return False
        self.header = replace(self.header, subtitle=self.inline(emphasized["inside"] if emphasized else line.words))
        self.say("subtitle", line.number, f"{shown(line.plain)} is taken to be the subtitle")
        self.blank(index)
        return True

    def is_only_heading(self, line: _Line) -> bool:
        """Return whether there is no other heading in the text, so that this one begins no section."""
        return sum(bool(_HEADING.match(each.text)) for each in self.lines) == 1 and bool(_HEADING.match(line.text))

    def header_follows(self, index: int) -> bool:
        """Return whether one of the next two lines, with more below it, is a byline or a date."""
        following = [line for _, line in islice(self.filled(index + 1), 3)]
        return any(self.is_byline(line.plain) or self.find_date(line.plain) for line in following[:-1])

    def take_caption(self, index: int, line: _Line) -> bool:
        """Take out a bold line: the caption of a picture that did not come along, or a standfirst."""
        image = _caption(line.words)
        if not _EMPHASIZED.fullmatch(line.words) or not (image.credit_text or _STRONG.fullmatch(line.words)):
            return False
        if not image.credit_text and (len(line.plain) > 80 or _SENTENCE_END.search(line.plain)) and not self.header.description:
            self.header = replace(self.header, description=self.inline(line.plain))
            self.say("standfirst", line.number, "the bold line is taken to be the standfirst")
        else:
            self.keep_missing(image, line.number)
        self.blank(index)
        return True

    def keep_missing(self, image: Image, line: int) -> None:
        """Add a picture of which only the caption is there."""
        parts = [f"{name} {shown(value)}" for name, value in (("caption", image.caption), ("credit", image.credit_text)) if value]
        message = f"the picture with {' and '.join(parts)} is missing" if parts else "a picture is missing"
        self.say("picture-missing", line, message, "put the file below media/ and write ![what it shows](media/…)")
        if image != Image():
            self.header = replace(self.header, images=(*self.header.images, image))

    def take_picture(self, index: int, line: _Line) -> bool:
        """Take out an image, with the caption below it."""
        if not (found := _PICTURE.fullmatch(line.words)):
            return False
        caption = self.take_caption_below(index) or Image(caption=text.line(found["title_of_src"]))
        image = replace(caption, content_url=self.resolve(found["src"]), description=self.inline(found["alt"]))
        self.blank(index)
        if not found["src"].strip("#") or not image.content_url:
            self.keep_missing(replace(image, content_url=None), line.number)
        else:
            self.header = replace(self.header, images=(*self.header.images, image))
        return True

    def take_caption_below(self, index: int) -> Image | None:
        """Take out the caption of the image at `index`: a line that is emphasized or says whose picture it is."""
        below, line = next(self.filled(index + 1), (0, None))
        if not line or _HEADING.match(line.text) or len(line.plain) > _LONGEST_CAPTION or self.is_header(line):
            return None
        image = _caption(line.words)
        if not _EMPHASIZED.fullmatch(line.words) and not (image.credit_text and _CREDIT.search(line.plain)):
            return None
        self.blank(below)
        self.say("caption", line.number, f"{shown(line.plain)} is taken to be the caption of the picture above")
        return image

    def take_name(self, index: int, line: _Line) -> bool:
        """Take out a bare name next to the date."""
        following = next((each for _, each in self.filled(index + 1)), None)
        beside = self.header.published or (following and self.find_date(following.plain))
        if self.header.authors or not beside or not _is_name(line.plain):
            return False
        self.header = replace(self.header, authors=bylines.parties(line.words, self.context.parties, self.publication.publisher))
        self.say("author-guessed", line.number, f"{shown(line.plain)} is taken to be the author", 'write "By" in front')
        self.blank(index)
        return True

    def take_standfirst(self, index: int, line: _Line) -> bool:
        """Take out a line between headline and byline."""
        if self.header.description or self.header.authors or len(line.plain) > _LONGEST_CAPTION or not self.header_follows(index):
            return False
        if self.header.subtitle or _SENTENCE_END.search(line.plain):
            self.header = replace(self.header, description=self.inline(line.words))
        else:
            self.header = replace(self.header, subtitle=self.inline(line.words))
        self.say("standfirst", line.number, "the line between headline and byline is taken to be the standfirst")
        self.blank(index)
        return True

    # -- what is missing so far -------------------------------------------------------------------------------------

    def take_signature(self) -> None:
        """Take out of the last line who reported and edited; an agency's name, when there was no byline."""
        last = list(self.filled())[-1:]
        for index, line in last:
            if _SIGNED.match(line.plain) and len(line.plain) <= _LONGEST_HEADLINE and self.is_byline(line.plain):
                self.keep_signature(line)
                self.blank(index)
                return
        for index, line in last if not self.header.authors else ():
            written = _SOURCE.sub("", line.plain, count=1).strip("()[]—–- ")
            if len(written) <= _LONGEST_PIECE and self.is_byline(written) and (found := self.agency(written)):
                self.header = replace(self.header, authors=(found,))
                self.say("author-guessed", line.number, f"the last line, {shown(written)}, is taken to be the author")
                self.blank(index)

    def keep_signature(self, line: _Line) -> None:
        """Keep who reported and edited; who did not sign above helped."""
        named = bylines.by_role(line.words.strip("()"), self.context.parties, self.publication.publisher)
        if self.header.authors:
            others = tuple(each for each in named.author if each.name not in {author.name for author in self.header.authors})
            named = replace(named, author=(), contributor=(*others, *named.contributor))
        self.keep_named(named)
        self.say("signature", line.number, f"{shown(line.plain)} was taken out of the text; it says who reported and edited")

    def agency(self, written: str) -> Party | None:
        """Return the agency or the known party of that name."""
        found = bylines.party(written, self.context.parties)
        return found if found and self.is_byline(written) else None

    def take_dateline(self) -> str | None:
        """Take the place out of the beginning of the text: "WASHINGTON (AP) — "."""
        index, line = next(self.filled(), (0, _Line(0, "")))
        words = _EMPHASIZED.sub(lambda found: found["inside"], line.words, count=1) if line.words.startswith(("*", "_")) else line.words
        if not (found := _PLACE.match(words)):
            return None
        named = found["agency"] or found["alone"] or found["slashed"]
        after = self.agency(found["after"]) if found["after"] else None
        if after and self.header.authors and after.name not in {each.name for each in self.header.authors}:
            after = None  # it is neither the author nor part of the place, so it stays in the text
        agency = self.agency(named) if named else after
        place = found["place"] or found["before"] or ""
        if not agency and not _is_place(place):
            return None
        rest = words[found.start("after") :] if found["after"] and not after else words[found.end() :]
        self.lines[index] = line._replace(text=rest)
        self.dateline_line = line.number
        if agency and not self.header.authors:
            self.header = replace(self.header, authors=(agency,))
            self.say("author-guessed", line.number, f"{agency.name} in the dateline is taken to be the author")
        elif named and (not agency or agency.name not in {each.name for each in self.header.authors}):
            written = f"/{named}/" if found["slashed"] else f"({named})"
            place = f"{place} {written}" if place else named
        if place:
            taken = words[: len(words) - len(rest)].strip(" —–―-")
            self.say("dateline", line.number, f"{shown(taken)} was taken out of the text; the dateline is {shown(text.line(place))}")
        return text.line(place)

    def day_elsewhere(self, address: str | None, dateline: str | None) -> Date | None:
        """Return the day that the file's name, the original's address or the dateline says."""
        hint = "write the date below the headline"
        for day, place, line in self.days_elsewhere(address, dateline):
            self.say("date-guessed", line, f"there is no date; {day}, from {place}, is taken", hint)
            return day
        message = "there is no date, so the article comes last, and Atom, which needs one, says 1970-01-01"
        self.say("no-date", 0, message, hint, Severity.WARNING)
        return None

    def days_elsewhere(self, address: str | None, dateline: str | None) -> Iterator[tuple[Date, str, int]]:
        """Yield days that are said beside the header, each with where and in which line; the day of a dateline may be the one before."""
        if day := minting.day(self.context.path):
            yield day, "the name of the file", 0
        if (found := _DAY_IN_ADDRESS.search(address or "")) and (day := _day(found)):
            yield day, "the original's address", 0
        if written := next(filter(None, map(self.find_date, _ends(dateline or ""))), None):
            self.note_unclear(written[0], self.dateline_line)
            yield written[0].value, "the dateline", self.dateline_line

    def nobody(self) -> tuple[Party, ...]:
        """Note that there is no byline."""
        self.say("no-byline", 0, "there is no byline", 'write "By …" below the headline')
        return ()

    def mint(self, headline: str) -> tuple[str, str]:
        """Return the article's slug and identifier."""
        path = self.context.path
        slug, guessed = minting.slug(path, headline)
        if guessed and path:
            self.say(
                "slug-from-headline",
                0,
                f"the name of the file says nothing; the address is made of the headline: {slug}",
                "rename the file",
            )
        return slug, minting.identifier(self.publication.url, self.context.since, minting.stem(path) or slug)

    # -- the text ---------------------------------------------------------------------------------------------------

    def body(self) -> str:
        """Return what is left as a body."""
        self.take_pictures()
        lines = list(_paragraphs(self.lines))
        markdown = "\n".join(line.text for line in lines)
        html = manuscript.to_html(markdown)

        def line_of(number: int) -> int:
            return lines[min(number, len(lines)) - 1].number

        for loss in manuscript.losses(html, markdown):
            self.say(loss.code, line_of(loss.line) if loss.line else 0, loss.message, loss.hint, loss.severity)
        for number, address in manuscript.images_without_alt(html):
            self.say(
                "image-without-alt", line_of(number), f"the image {shown(address)} has no alternative text", "write it in the brackets"
            )
        body, repairs = manuscript.body(html, self.resolve, line_of)
        self.problems += repairs
        if not body:
            self.say("only-headline", 0, "there is nothing below the headline")
        return body

    def take_pictures(self) -> None:
        """Give images in the text the captions below them; take out captions of pictures that are missing."""
        for index, line in list(self.filled()):
            if not self.lines[index].text:
                continue
            if found := _PICTURE.fullmatch(line.words):
                self.caption_picture(index, line, found)
            elif _STRONG.fullmatch(line.words) and (image := _caption(line.words)).credit_text and _is_caption(line.plain):
                self.keep_missing(image, line.number)
                self.blank(index)

    def caption_picture(self, index: int, line: _Line, found: re.Match[str]) -> None:
        """Write the caption below an image into it, as its title; take it out when it has no address."""
        caption = self.take_caption_below(index)
        if not found["src"].strip("#"):
            self.keep_missing(replace(caption or Image(), description=self.inline(found["alt"])), line.number)
            self.blank(index)
        elif caption:
            title = " / ".join(each for each in (caption.caption, caption.credit_text) if each).replace("\\", "\\\\").replace('"', '\\"')
            self.lines[index] = line._replace(text=f'![{found["alt"]}](<{found["src"]}> "{title}")')


def _joined(first: tuple[Party, ...], second: tuple[Party, ...]) -> tuple[Party, ...]:
    """Return both, each name once."""
    names = {each.name for each in first}
    return (*first, *(each for each in second if each.name not in names))


def _plain(written: str) -> str:
    return _EMPHASIS.sub("", written).strip()


def _without_heading_mark(written: str) -> str:
    found = _HEADING.match(written)
    return _HEADING_END.sub("", found[2].strip()).strip() if found else written.strip()


def _is_address(written: str) -> bool:
    """Return whether there is nothing but an address, bare or in Markdown."""
    rest = _LINK.sub("", written) if _LINK.search(written) else _ADDRESS.sub("", written, count=1)
    return rest != written and not rest.strip(" <>.,;()[]*_")


def _address(written: str) -> tuple[str, str | None]:
    """Return the address on a line, as it is written and as a URL."""
    found = _LINK.search(written)
    address = found["href"] if found else (bare[0].rstrip(".,;:!?") if (bare := _ADDRESS.search(written)) else "")
    return address, text.url(f"https://{address}" if address.lower().startswith("www.") else address)


def _is_only_links(written: str) -> bool:
    """Return whether there is little text around the links, if any."""
    return len(_LINK.sub("", written).strip(" ,;|.*_•·-–—()")) <= 3


def _is_name(written: str) -> bool:
    """Return whether it is two to four capitalized words and nothing else."""
    words = written.split()
    capitalized = all(word[0].isupper() or word in ("de", "van", "von", "der", "al", "bin", "da", "di") for word in words)
    return 2 <= len(words) <= 4 and capitalized and all(each.isalpha() or each in " .-'’" for each in written) and not written.endswith(".")


def _is_place(written: str) -> bool:
    """Return whether it begins in capitals as a dateline does."""
    first = re.split(r"[,.]", written)[0].strip()
    return first.isupper() and len(first) >= 3 and first.split()[0] not in _NO_PLACES


def _is_caption(plain: str) -> bool:
    """Return whether a bold line reads as a caption with a credit: no question or label, and the credit is short."""
    return (
        len(plain) <= _LONGEST_CAPTION
        and not re.search(r"[?:？：]", plain.partition("Photo")[0])
        and len(plain.rpartition("/")[2]) <= _LONGEST_PIECE
    )


def _caption(written: str) -> Image:
    """Return caption and credit of a line: "Caption / Credit", "Caption (Photo: Credit)", "Caption. © Credit"."""
    plain = _plain(written)
    if len(plain) > 2 * _LONGEST_CAPTION:
        return Image(caption=text.line(plain))
    if found := _CREDIT.search(plain):
        return Image(caption=text.line(plain[: found.start()].rstrip(" |/,–—-")), credit_text=text.line(found["credit"]))
    caption, *credit = re.split(r"(?<!\s)\s++/\s+", plain)
    if credit:
        return Image(caption=text.line(caption), credit_text=text.line(" / ".join(credit)))
    last = _LAST_PARENTHESES.search(plain)
    if last and bylines.is_byline(last["credit"]):
        return Image(caption=text.line(plain[: last.start()]), credit_text=text.line(last["credit"]))
    if _DOMAIN.fullmatch(plain) or bylines.is_byline(plain):
        return Image(credit_text=text.line(plain))
    return Image(caption=text.line(plain))


def _ends(dateline: str) -> Iterator[str]:
    """Yield what may be the date of a dateline: the ends of what stands in and outside of its brackets and slashes, the longest first."""
    for piece in re.split(r"[()（）]|(?<!\d)/|/(?!\d)", dateline):
        yield from (piece[found.start() :] for found in re.finditer(r"(?<![^\s,،])[^\s,،]", piece))


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _paragraphs(lines: list[_Line]) -> Iterator[_Line]:
    """Yield the lines without what only looks like Markdown: indented paragraphs, and paragraphs without a line between."""
    in_list = False
    before = ""
    for line in lines:
        written = line.text if in_list else line.text.lstrip(" \t\xa0\u3000")
        if written.strip() and line.text == line.text.lstrip():
            in_list = bool(_ITEM.match(written))
        if _is_paragraph(before) and _is_paragraph(written):
            yield line.blank()
        yield line._replace(text=written)
        before = written


def _is_paragraph(written: str) -> bool:
    """Return whether a line is long and ends as a sentence does, so that it is probably a paragraph of its own."""
    return (
        len(written) > 60 and bool(_SENTENCE_END.search(written)) and not _ITEM.match(written) and not written.startswith((">", "|", "#"))
    )

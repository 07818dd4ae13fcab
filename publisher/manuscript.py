"""What people type: bytes made into text, and Markdown made into markup.

Markdown is CommonMark 0.31.2 with GitHub's tables, strikethrough (with two tildes) and bare links, with Pandoc's subscript (`H~2~O`),
and with footnotes and description lists. Headings have GitHub's names where a link of the text asks for one.
By comrak (0.0.16): 30 µs for an article of 350 words. pyromark (0.10.3) takes 8, but knows no bare links,
leaves footnotes where they were defined without a way back, and sees no emphasis next to Chinese or Japanese punctuation.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import tzinfo
from functools import cache, lru_cache
from html import unescape
from itertools import accumulate, count, islice
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category
from urllib.parse import unquote

from publisher import markup, scripts
from publisher.dates import is_before
from publisher.markup import clean
from publisher.markup import to_text as text_of
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.text import allowed, escape, line, url

if TYPE_CHECKING:
    from comrak import ExtensionOptions, ParseOptions, RenderOptions

    from publisher.article import Date

__all__ = [
    "Loss",
    "body",
    "decode",
    "images_without_alt",
    "inline",
    "losses",
    "modified_too_early",
    "resolver",
    "to_html",
    "to_text",
    "without_zone",
]

_WRITE_LT = "write &lt; for a < that is text, and make a picture of a drawing or formula"

_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BROKEN = "\ufffd"
_REMEMBERED = 100_000  # bytes
_ESCAPED = re.compile("[\udc80-\udcff]")
_LINE_END = re.compile("\r\n?|[\n\x85\u2028\u2029]")
_MOST_LINES = 5
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NO_CHARACTERS = frozenset(("Cc", "Cn", "Co", "Cs"))
_SPACING = frozenset("\t\n\f\r")
_POSITION = r' data-sourcepos="(\d{1,9}):[\d:-]*"'
_PLACE = re.compile(r"(\d{1,9}):")
_ANY_POSITION = re.compile(r' data-sourcepos="[^"]*"')
_FIGURE = re.compile(r'<p data-sourcepos="[^"]*"><img([^>]*?) title="([^"]*)" /></p>')
_NOTE = re.compile(rf'<sup{_POSITION} class="footnote-ref"><a href="#fn-[^"]*" id="fnref-[^"]*" data-footnote-ref>(\d+)</a></sup>')
_NOTES = re.compile(rf'<section{_POSITION} class="footnotes" data-footnotes>')
_NOTE_ITEM = re.compile(rf'<li{_POSITION} id="fn-[^"]*">')
_BACK = re.compile(r'<a href="#fnref-[^"]*" class="footnote-backref" data-footnote-backref data-footnote-backref-idx="([^"]*)"[^<>]*>')
_ANCHOR = re.compile(r'<a href="#[^"]*" aria-label="[^"]*" data-heading-content="[^"]*" class="anchor"></a>')
_HEADING = re.compile(
    r'<h(?P<level>[1-6]) id="(?P<id>[^"]*)"(?P<position> data-sourcepos="[^"]*")>(?:<a id="(?P<own>[A-Za-z][A-Za-z0-9._-]{0,99})"></a>)?'
)
_FRAGMENT = re.compile(r'(?P<before><a(?: data-sourcepos="(?P<line>\d{1,9}):[\d:-]*")? href="#)(?P<id>[^"]+)"')
_NAMED = re.compile(r"""<[a-z][^<>]*?\s(?:id|name)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_PLAIN_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")
_SUBSCRIPT = re.compile(r"(<sub\b[^<>]*>|</sub>)")
_PLAIN = re.compile(r"(?:[^\W_]++|[ ,.;()?%/'–—’‘“”…-]++)*+")
"""Words with no mark that means something in Markdown."""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SOURCE_CODE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}+|~{3,}+)[^\n]*\n(?:.*?^[ \t]*(?P=fence)|.*)|(?<!`)(?P<ticks>`++)[^`\n]*(?P=ticks)(?!`)",
    re.DOTALL | re.MULTILINE,
)
_ADDRESSED = re.compile(
    rf"<(?P<tag>a|img)\b(?:{_POSITION})?[^<>]*?\s(?:href|src)\s*=\s*(?P<written>\"[^\"]*\"|'[^']*'|[^\s\"'<>]+)", re.IGNORECASE
)
_NOTE_MARK = re.compile(r"(?<!\\)\[\^([^\[\]\n]{1,100})\]")
_NOTE_TEXT = re.compile(r"[ \t>*+-]*+\[\^([^\[\]\n]{1,100})\]:")
_CODE = re.compile(r"(</?(?:pre|code)\b[^<>]*>)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_USABLE = ("http:", "https:", "mailto:", "tel:")
_SILENT = re.compile(r"<(script|style|iframe|object|embed)\b", re.IGNORECASE)
_IMAGE = re.compile(rf'<img{_POSITION} src="([^"]*)" alt=""')
_DEAD_LINK = re.compile(rf'<a{_POSITION} href="#?"[^<>]*>')
_TAG = re.compile(r"<[^<>]*>")
_TASK = re.compile(r'(<li data-sourcepos="[\d:-]*">(?:\n<p data-sourcepos="[\d:-]*">)?)\[([ xX])\](?=\s)')
_DELIMITER = re.compile(r"^[ \t>]*[|:-][ \t>|:-]*$", re.MULTILINE)
_TERM = re.compile(r"^[ \t>]*:[ \t]", re.MULTILINE)
_AT = re.compile("@")
_MOST_SIGNS = 5_000
_MOST_HEADINGS = 1_000
_HEADING_LINE = re.compile(r"#(?:[ \t]|$)|^[ \t>]*+(?:=++|-++)[ \t]*+$", re.MULTILINE)
_MOST_COLUMNS = 200
_MOST_EMPTY = 50_000
"""Cells of tables that nobody wrote: rows are filled up to the width of the header, so that 60 kB could become 160 MB."""


# -- bytes ---------------------------------------------------------------------------------------------------------------


def decode(body: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text, with `\\n` line ends and without what XML forbids, and what could not be read or had to be guessed.

    By its byte order mark, else UTF-8, which it is with few broken bytes too, else by its letters.
    Raise `Unreadable` when it is no text.
    """
    return (_just_decoded if len(body) <= _REMEMBERED else _decoded)(body)


def _decoded(body: bytes) -> tuple[str, tuple[Problem, ...]]:
    text, problems = _decode(body)
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text, problems  # as most are, which is known many times sooner
    if 20 * len(_CONTROLS.findall(text)) > len(text):
        text, problems = _unmarked(body)
    return allowed(text), problems


_just_decoded = lru_cache(maxsize=4)(_decoded)
"""Who finds out what a file is, who reads it and who looks for a line in it ask one after the other."""


def _decode(body: bytes) -> tuple[str, tuple[Problem, ...]]:
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace"), ()
    if (zeros := body[:1000].count(0)) and 3 * zeros > len(body[:1000]):
        name = "utf-16-be" if 2 * body[:1000:2].count(0) > zeros else "utf-16-le"
        return body.decode(name, errors="replace"), (_guessed(name.upper(), sure=True),)
    try:
        return body.decode(), ()
    except UnicodeDecodeError:
        return _repaired(body) or _read_as(body, *scripts.guess_encoding(body))


def _unmarked(body: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return text in UTF-16 without a byte order mark, in any script; raise `Unreadable` when it is none.

    It has lines and nothing but characters; a line end of the other byte order is no character.
    """
    for name in ("utf-16-le", "utf-16-be"):
        with suppress(UnicodeDecodeError):
            signs = set(text := body.decode(name))
            if "\n" in signs and _NO_CHARACTERS.isdisjoint(map(category, signs - _SPACING)):
                return text, (_guessed(name.upper(), sure=True),)
    hint = "give us a text file, saved as UTF-8, a web page, a feed or an EPUB book"
    raise Unreadable(problem("text-binary", Severity.ERROR, "this is no text: it is full of control characters", hint=hint))


def _repaired(body: bytes) -> tuple[str, tuple[Problem, ...]] | None:
    """Return text that is UTF-8 but for a few bytes: bytes that continue a character are hardly ever right by chance."""
    text = body.decode(errors="replace")
    broken = text.count(_BROKEN) - body.count(_BROKEN.encode())
    if len(text.encode()) - len(text) - 2 * text.count(_BROKEN) < 2 * broken:
        return None
    lines = _broken_lines(body)
    named = ", ".join(map(str, lines[:_MOST_LINES])) + (f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else "")
    what = "is a byte that is" if broken == 1 else "are bytes that are"
    message = f"in line{'s' if len(lines) > 1 else ''} {named} {what} not UTF-8; what could not be read became {_BROKEN}"
    hint = "write the characters anew, and save the file as UTF-8"
    return text, (problem("text-bytes-broken", Severity.WARNING, message, hint=hint, line=lines[0]),)


def _broken_lines(body: bytes) -> list[int]:
    """Return the lines that are not UTF-8, from 1."""
    lines = _LINE_END.split(body.decode(errors="surrogateescape"))
    return [number for number, each in enumerate(lines, start=1) if _ESCAPED.search(each)]


def _read_as(body: bytes, encoding: str, sure: bool) -> tuple[str, tuple[Problem, ...]]:
    name = encoding.replace("cp125", "windows-125").replace("_", "-")
    return body.decode(encoding, errors="replace"), (_guessed(name, sure=sure),)


def _guessed(name: str, *, sure: bool) -> Problem:
    message = f"the text is not UTF-8; it was read as {name}" + ("" if sure else ", though little speaks for that")
    return problem(f"text-encoding-{'guessed' if sure else 'unsure'}", Severity.WARNING, message, hint="save the file as UTF-8")


# -- Markdown ------------------------------------------------------------------------------------------------------------


def to_html(markdown: str, *, smart: bool = False) -> str:
    """Return Markdown as HTML for `markup.clean`: raw HTML is kept as it is, and elements tell their line.

    Footnotes are in the form of DPUB-ARIA 1.1; a paragraph that is an image with a title is a figure with that caption.
    Tables that would be far larger than they were written stay text (see `_kept_as_text`).
    `smart`: straight quotes, `--` and `...` become typographic.
    """
    import comrak  # here because most commands read no Markdown

    kept = frozenset(kind for _, kind in _kept_as_text(markdown))
    # comrak looks for a free name among all that are alike: 5 s for 10,000 headings (0.0.16).
    named = "#" in markdown and not _has_many_headings(markdown)
    extensions, parsing, rendering = _options(smart, named, kept)
    html = comrak.render_markdown(markdown, extensions, parsing, rendering)
    html = _with_names(_ANCHOR.sub("", _with_subscripts(html)))
    html = _TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☑'}", html)
    return _with_notes(_FIGURE.sub(r"<figure><img\1 /><figcaption>\2</figcaption></figure>", html))


def _has_many_headings(markdown: str) -> bool:
    most = markdown.count("#") + markdown.count("\n") + 1
    return most > _MOST_HEADINGS and len(_HEADING_LINE.findall(markdown)) > _MOST_HEADINGS


def _with_subscripts(html: str) -> str:
    """Give back the tildes around what is no subscript, since it has spaces: "from ~5 km to a~6 km"."""
    if "<sub data-sourcepos=" not in html:
        return html
    pieces = _SUBSCRIPT.split(html)
    opened: list[tuple[int, int]] = []
    spaces = 0
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            spaces += any(each.isspace() for each in _TAG.sub("", piece))
        elif piece != "</sub>":
            opened.append((place, spaces))
        elif opened:
            start, before = opened.pop()
            if spaces > before and pieces[start].startswith("<sub data-sourcepos="):
                pieces[start] = pieces[place] = "~"
    return "".join(pieces)


def _with_names(html: str) -> str:
    """Leave headings the names that links ask for: their own, else what they say, or a number when that is not ASCII."""
    asked = {unquote(unescape(found["id"])) for found in _FRAGMENT.finditer(html)}
    names: dict[str, str] = {}
    for found in _HEADING.finditer(html) if asked else ():
        said = unescape(found["id"])
        if asked & {said, found["own"]}:
            names[said] = found["own"] or (said if _PLAIN_ID.fullmatch(said) else f"section-{len(names) + 1}")

    def heading(found: re.Match[str]) -> str:
        name = names.get(unescape(found["id"]))
        return f"<h{found['level']}" + (f' id="{name}"' if name else "") + f"{found['position']}>"

    def link(found: re.Match[str]) -> str:
        return f'{found["before"]}{names.get(unquote(unescape(found["id"])), found["id"])}"'

    return _FRAGMENT.sub(link, _HEADING.sub(heading, html))


def _kept_as_text(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield line and kind of what is too large or too many: all tables, description lists or bare links of the text stay text then."""
    if line := _wide_table(markdown):
        yield line, "tables"
    # comrak looks through the whole list for each of its terms: 0.7 s for 8,000, 29 s for 32,000 (0.0.16),
    # and through the whole paragraph for each e-mail address: 0.9 s for 25,000, 14 s for 100,000.
    for kind, sign, pattern in (("description lists", ":", _TERM), ("bare links", "@", _AT)):
        few = markdown.count(sign) <= _MOST_SIGNS
        if last := None if few else next(islice(pattern.finditer(markdown), _MOST_SIGNS, None), None):
            yield markdown.count("\n", 0, last.start()) + 1, kind


def _wide_table(markdown: str) -> int:
    """Return the line of a table with too many columns, or too many cells that nobody wrote; 0 when there is none."""
    if "|" not in markdown or not _DELIMITER.search(markdown):
        return 0
    columns = empty = 0
    for number, written in enumerate(markdown.split("\n"), start=1):
        if not written.strip(" \t>"):
            columns = 0
            continue
        if _DELIMITER.fullmatch(written):
            columns = max(columns, written.count("|") + 1)
        empty += max(0, columns - written.count("|") - 1)
        if columns > _MOST_COLUMNS + 2 or empty > _MOST_EMPTY:  # a row may have a bar at either end
            return number
    return 0


@lru_cache(maxsize=8)
def _options(smart: bool, named: bool, kept: frozenset[str]) -> tuple[ExtensionOptions, ParseOptions, RenderOptions]:
    import comrak

    extensions, parsing, rendering = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    extensions.autolink, extensions.table = "bare links" not in kept, "tables" not in kept
    extensions.description_lists = "description lists" not in kept
    if named:
        extensions.header_id_prefix = ""
    extensions.subscript = True  # else single tildes strike out, as GitHub has it: "H~2~O"
    extensions.strikethrough = extensions.footnotes = extensions.cjk_friendly_emphasis = True
    parsing.smart = smart
    rendering.unsafe_ = rendering.sourcepos = True
    return extensions, parsing, rendering


def _with_notes(html: str) -> str:
    """Give footnotes numbers for names, and roles that tell a screen reader what they are."""
    if not (start := _NOTES.search(html)):
        return html
    seen: Counter[str] = Counter()
    numbers = count(1)

    def reference(found: re.Match[str]) -> str:
        seen[found[2]] += 1
        again = f"-{seen[found[2]]}" if seen[found[2]] > 1 else ""
        return f'<sup><a id="fnref-{found[2]}{again}" href="#fn-{found[2]}" role="doc-noteref">{found[2]}</a></sup>'

    html = _NOTE.sub(reference, html)
    html = _BACK.sub(r'<a href="#fnref-\1" role="doc-backlink">', html)
    html = _NOTE_ITEM.sub(lambda _: f'<li id="fn-{next(numbers)}">', html)
    return html.replace(start[0], '<section role="doc-endnotes">')


def to_text(markdown: str, *, smart: bool = False) -> str | None:
    """Return what a line of Markdown says, without its markup; `None` when that is nothing."""
    if not smart and _PLAIN.fullmatch(markdown):
        return line(markdown)
    # The letter in front keeps "1. " and "# " from being read as a list and a heading.
    html = clean(to_html(f"x{markdown.strip()}" if markdown[:1].isalnum() else f"x {markdown.strip()}", smart=smart))
    return line(text_of(html)[1:])


def inline(markdown: str) -> str:
    """Return a line of Markdown as HTML without a paragraph around it."""
    html = " ".join(_ANY_POSITION.sub("", to_html(markdown)).split())
    whole = html.removeprefix("<p>").removesuffix("</p>")
    return escape(markdown) if "<p>" in whole or len(html) - len(whole) != 7 else whole


def body(html: str, resolve: markup.Resolve, line_of: Callable[[int], int]) -> tuple[str, list[Problem]]:
    """Return the body that `to_html` made the HTML of, and a problem for each kind of thing that was put right in it.

    `line_of` gives the line in the source of a line of the Markdown.
    """
    made, repairs = markup.mended(html, resolve)
    lines = ((each, _line(each)) for each in repairs)
    return made, [each.problem(line_of(number) if number else 0) for each, number in lines]


def _line(repair: markup.Repair) -> int:
    """Return the line in the Markdown of what was put right, 0 when it is not known."""
    around = () if repair.element is None else (repair.element, *repair.element.iterancestors())
    return next((int(found[1]) for each in around if (found := _PLACE.match(each.get("data-sourcepos") or ""))), 0)


def images_without_alt(html: str) -> Iterator[tuple[int, str]]:
    """Yield line and address of each image in what `to_html` returned that says nothing to those who don't see it."""
    for found in _IMAGE.finditer(html):
        yield int(found[1]), found[2]


class Loss(NamedTuple):
    """What a text loses when it becomes a body."""

    code: str
    line: int
    """In the Markdown, from 1; 0 when not known."""
    message: str
    hint: str = ""
    severity: Severity = Severity.WARNING


def losses(html: str, markdown: str) -> Iterator[Loss]:
    """Yield what is lost of `markdown`, of which `to_html` made `html`."""
    for number, name in _dead_links(html):
        yield Loss("dead-link", number, f"the link {shown(name)} goes nowhere; its text was kept", "write its address", Severity.INFO)
    for number, name in _dead_fragments(html):
        message = f"there is no place {shown(f'#{name}')} in the text; the text of the link was kept"
        yield Loss("dead-fragment", number, message, "write the heading in small letters, with hyphens for spaces")
    for number, kind in _kept_as_text(markdown):
        yield Loss("too-large", number, f"{kind} were kept as text, since this is too much", "split the text")
    if lost := _left_out(html, markdown):
        yield Loss("left-out", lost[0], f"left out: {lost[1]}", _WRITE_LT)
    if "[^" in markdown:
        yield from _lost_notes(html, markdown)
    if _ALIGNED.search(html):
        message, number = "how the columns of this table are aligned was left out", _aligned(markdown)
        hint = f"leave out {'the colons' if number else 'align'}: feeds and books show tables as their readers do"
        yield Loss("alignment", number, message, hint, Severity.INFO)
    yield from _dropped(html, markdown)


_ALIGNED = re.compile(r'<t[hd] [^<>]*align="')
_BELOW_HEADS = frozenset("-:| \t\r>")
"""What the row below the head of a table is made of, in a quotation, too."""


def _aligned(markdown: str) -> int:
    """Return the line of the first row that says how columns are aligned, 0 when none does: that was written in HTML."""
    lines = enumerate(_without_comments(_without_code(markdown)).split("\n"), start=1)
    return next((number for number, line in lines if ":" in line and "-" in line and _BELOW_HEADS.issuperset(line)), 0)


def _dead_fragments(html: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each place that a link asks for and that is not there."""
    names = {unescape(each) for each in _NAMED.findall(html)} if "#" in html else set()
    for found in _FRAGMENT.finditer(html):
        if (name := unescape(found["id"])) not in names and unquote(name) not in names:
            yield int(found["line"] or 0), unquote(name)


def _lost_notes(html: str, markdown: str) -> Iterator[Loss]:
    """Yield marks of notes that are not there, and notes that nothing asks for, which are left out."""
    kept = {_label(each) for each in _NOTE_MARK.findall(unescape(_TAG.sub("", _outside_code(html))))}
    quoted = {_label(each) for each in _NOTE_MARK.findall(unescape(_TAG.sub("", html)))}
    asked: set[str] = set()
    notes: list[tuple[int, str]] = []
    for number, written in enumerate(_without_comments(_without_code(markdown)).split("\n"), start=1):
        if "[^" not in written:
            continue
        if (note := _NOTE_TEXT.match(written)) and _label(note[1]) not in quoted:
            notes.append((number, note[1]))
        for name in _NOTE_MARK.findall(written, note.end() if note else 0):
            if _label(name) in kept and _label(name) not in asked:
                message = f"there is no note {shown(name)}; its mark was kept as text"
                yield Loss("note-missing", number, message, f"write it on lines of their own: [^{name}]: …")
            asked.add(_label(name))
    for number, name in notes:
        if _label(name) not in asked:
            message = f"nothing in the text asks for the note {shown(name)}; it was left out"
            yield Loss("note-unused", number, message, f"write [^{name}] where it belongs")


def _outside_code(html: str) -> str:
    """Return HTML without what is in code."""
    pieces = _CODE.split(html)
    depths = accumulate((-1 if each.startswith("</") else 1 for each in pieces[1::2]), lambda depth, step: max(0, depth + step), initial=0)
    return "".join(piece for piece, depth in zip(pieces[::2], depths, strict=True) if not depth)


def _without_comments(html: str) -> str:
    """Return HTML without comments; its lines stay."""
    end = html.rfind("-->") + 3 if "-->" in html else 0
    return _COMMENT.sub(_only_lines, html[:end]) + html[end:] if end else html


def _label(written: str) -> str:
    return " ".join(written.split()).casefold()


def _only_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _dropped(html: str, markdown: str) -> Iterator[Loss]:
    """Yield links and pictures with addresses that nobody can follow or that do harm, and elements that run or show something else."""
    shown_html = _without_comments(html)
    source = cache(lambda: _without_code(markdown))  # seldom needed, and it takes longer than all the rest
    for found in _ADDRESSED.finditer(shown_html):
        address = "".join(unescape(found["written"].strip("\"'")).split())
        if (scheme := _SCHEME.match(address)) and scheme[0].lower() not in _USABLE:
            number = int(found[2] or 0) or _line_of(source(), found["written"].strip("\"'"))
            kind = "the link to" if found["tag"].lower() == "a" else "the image"
            kept = "; its text was kept" if found["tag"].lower() == "a" else ""
            yield Loss("address-left-out", number, f"{kind} {shown(address)} was left out{kept}", "write an https address")
    for name in dict.fromkeys(map(str.lower, _SILENT.findall(shown_html))):
        message = f"left out: <{name}>" if name in ("script", "style") else f"of <{name}> only a link to its address is kept, if it has one"
        yield Loss("element-left-out", _line_of(source(), f"<{name}"), message, severity=Severity.INFO)


def _without_code(markdown: str) -> str:
    """Return Markdown without what is in code; its lines stay."""
    return _SOURCE_CODE.sub(_only_lines, markdown)


def _line_of(source: str, written: str) -> int:
    place = source.lower().find(written.lower())
    return source.count("\n", 0, place) + 1 if place >= 0 else 0


def _dead_links(html: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each link in what `to_html` returned that goes nowhere, `[text](#)`."""
    place = 0
    while (found := _DEAD_LINK.search(html, place)) and (end := html.find("</a>", found.end())) >= 0:
        yield int(found[1]), line(_TAG.sub("", html[found.end() : end])) or ""
        place = end


def _left_out(html: str, source: str) -> tuple[int, str] | None:
    """Return what a body loses of `html`, in words, and the line of `source` where the first of it is."""
    if not (lost := markup.left_out(html)):
        return None
    names = "|".join(map(re.escape, (*lost.content, *lost.tags)))
    source = _without_code(source)
    first = re.search(rf"<(?:{names})(?![\w-])", source, re.IGNORECASE)
    return source.count("\n", 0, first.start()) + 1 if first else 0, str(lost)


def modified_too_early(published: Date | None, modified: Date | None) -> Loss | None:
    """Return what is to be told when an article was surely changed before it was published."""
    if not published or not modified or not is_before(modified, published):
        return None
    message = f"the article was changed on {modified.isoformat()}, before it was published on {published.isoformat()}"
    return Loss("modified-before-published", 0, message, "correct one of the dates")


def without_zone(line: int, written: str, zone: tzinfo | None) -> Problem | None:
    """Return the problem of a time written without a zone when none was set; UTC is assumed then."""
    if zone is not None:
        return None
    message = f"the time {shown(written)} has no time zone; such times are read as UTC"
    hint = 'write time_zone in publisher.toml, such as time_zone = "Europe/Berlin", or the offset: 2018-10-24T08:00:00+01:00'
    return problem("date-without-zone", Severity.INFO, message, hint=hint, line=line)


def resolver(address: Callable[[str], str]) -> Callable[[str], str | None]:
    """Return the function that `markup.clean` needs: the canonical URL that `address` gives, `None` when there is none."""

    def resolve(reference: str) -> str | None:
        try:
            return url(address(reference))
        except ValueError:  # urllib.parse refuses "http://["
            return None

    return resolve

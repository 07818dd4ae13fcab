"""What people type: bytes made into text, and Markdown made into markup.

Markdown is CommonMark 0.31.2 with GitHub's tables, strikethrough and bare links, and with footnotes and description lists.
By comrak (0.0.16): 30 µs for an article of 350 words. pyromark (0.10.3) takes 8, but knows no bare links,
leaves footnotes where they were defined without a way back, and sees no emphasis next to Chinese or Japanese punctuation.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import tzinfo
from functools import lru_cache
from itertools import count, islice
from typing import TYPE_CHECKING

from publisher import markup
from publisher.markup import clean
from publisher.markup import to_text as text_of
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.text import allowed, line, url

if TYPE_CHECKING:
    from comrak import ExtensionOptions, ParseOptions, RenderOptions

__all__ = [
    "WRITE_LT",
    "dead_links",
    "decode",
    "images_without_alt",
    "kept_as_text",
    "left_out",
    "resolver",
    "to_html",
    "to_text",
    "without_zone",
]

WRITE_LT = "write &lt; for a < that is text, and make a picture of a drawing or formula"

_MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = "cp1252 cp1251 cp1250 cp1253 cp1254 cp1255 cp1256 koi8_r cp932 gb18030 big5 euc_kr euc_jp".split()
_LATIN = {  # letters that are common in the languages that each is used for
    "cp1252": frozenset("àâçéèêëîïôùûœæñáíóúãõäöüßåøÀÂÇÉÈÊÎÔÛŒÑÁÍÓÚÃÕÄÖÜÅØ¿¡«»"),
    "cp1250": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžäĺľôöőüűăâîşĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÖŐÜŰŞ"),
    "cp1254": frozenset("çğıöşüâîûÇĞİÖŞÜ"),
}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_POSITION = r' data-sourcepos="(\d{1,9}):[\d:-]*"'
_FIGURE = re.compile(r'<p data-sourcepos="[^"]*"><img([^>]*?) title="([^"]*)" /></p>')
_NOTE = re.compile(rf'<sup{_POSITION} class="footnote-ref"><a href="#fn-[^"]*" id="fnref-[^"]*" data-footnote-ref>(\d+)</a></sup>')
_NOTES = re.compile(rf'<section{_POSITION} class="footnotes" data-footnotes>')
_NOTE_ITEM = re.compile(rf'<li{_POSITION} id="fn-[^"]*">')
_BACK = re.compile(r'<a href="#fnref-[^"]*" class="footnote-backref" data-footnote-backref data-footnote-backref-idx="([^"]*)"[^<>]*>')
_IMAGE = re.compile(rf'<img{_POSITION} src="([^"]*)" alt=""')
_DEAD_LINK = re.compile(rf'<a{_POSITION} href="#?"[^<>]*>')
_TAG = re.compile(r"<[^<>]*>")
_TASK = re.compile(r'(<li data-sourcepos="[\d:-]*">(?:\n<p data-sourcepos="[\d:-]*">)?)\[([ xX])\](?=\s)')
_DELIMITER = re.compile(r"^[ \t>]*[|:-][ \t>|:-]*$", re.MULTILINE)
_TERM = re.compile(r"^[ \t>]*:[ \t]", re.MULTILINE)
_AT = re.compile("@")
_MOST_SIGNS = 5_000
_MOST_COLUMNS = 200
_MOST_EMPTY = 50_000
"""Cells of tables that nobody wrote: rows are filled up to the width of the header, so that 60 kB could become 160 MB."""


# -- bytes ---------------------------------------------------------------------------------------------------------------


def decode(body: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text, with `\\n` line ends and without what XML forbids, and how sure we are of it.

    By its byte order mark, else UTF-8, else a guess, which is a problem. Raise `Unreadable` when it is no text.
    """
    text, encoding = _decode(body)
    if 20 * len(_CONTROLS.findall(text)) > len(text):
        hint = "give us a text file, a web page, a feed or an EPUB book"
        raise Unreadable(problem("text-binary", Severity.ERROR, "this is no text: it is full of control characters", hint=hint))
    if not encoding:
        return allowed(text), ()
    message = f"the text is not UTF-8; it was read as {encoding}"
    return allowed(text), (problem("text-encoding-guessed", Severity.INFO, message, hint="save the file as UTF-8"),)


def _decode(body: bytes) -> tuple[str, str]:
    """Return the text, and the name of its encoding when that is a guess."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace"), ""
    if (zeros := body[:1000].count(0)) and 3 * zeros > len(body[:1000]):
        return body.decode(name := "utf-16-be" if body[0] == 0 else "utf-16-le", errors="replace"), name.upper()
    try:
        return body.decode(), ""
    except UnicodeDecodeError:
        encoding = _guess(body)
        return body.decode(encoding, errors="replace"), encoding.replace("cp125", "windows-125").replace("_", "-")


def _guess(body: bytes) -> str:
    """Return the encoding that `body` is probably in.

    Where few letters are not ASCII, windows-1252: detectors then see little difference between it and its siblings.
    """
    if 50 * (sum(byte >= 0xA0 for byte in body) - 2) < len(body):
        return "cp1252"
    from charset_normalizer import from_bytes  # here because importing it costs 60 ms

    best = from_bytes(body, cp_isolation=_ENCODINGS).best()
    encoding = best.encoding if best and best.encoding in _ENCODINGS else "cp1252"
    return _latin(body) if encoding in _LATIN else encoding


def _latin(body: bytes) -> str:
    """Return the Latin encoding in which most letters are common ones: detectors take "Été à Paris" for Slovak."""
    return max(_LATIN, key=lambda encoding: sum(each in _LATIN[encoding] for each in body.decode(encoding, errors="ignore")))


# -- Markdown ------------------------------------------------------------------------------------------------------------


def to_html(markdown: str, *, smart: bool = False) -> str:
    """Return Markdown as HTML for `markup.clean`: raw HTML is kept as it is, and elements tell their line.

    Footnotes are in the form of DPUB-ARIA 1.1; a paragraph that is an image with a title is a figure with that caption.
    Tables that would be far larger than they were written stay text (see `kept_as_text`).
    `smart`: straight quotes, `--` and `...` become typographic.
    """
    import comrak  # here because most commands read no Markdown

    kept = frozenset(kind for _, kind in kept_as_text(markdown))
    extensions, parsing, rendering = _options(smart, kept)
    html = comrak.render_markdown(markdown, extensions, parsing, rendering)
    html = _TASK.sub(lambda found: f"{found[1]}{'☐' if found[2] == ' ' else '☑'}", html)
    return _with_notes(_FIGURE.sub(r"<figure><img\1 /><figcaption>\2</figcaption></figure>", html))


def kept_as_text(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield line and kind of what is too large or too many: all tables, description lists or bare links of the text stay text then."""
    if line := _wide_table(markdown):
        yield line, "tables"
    # comrak looks through the whole list for each of its terms: 0.7 s for 8,000, 29 s for 32,000 (0.0.16),
    # and through the whole paragraph for each e-mail address: 0.9 s for 25,000, 14 s for 100,000.
    for kind, sign in (("description lists", _TERM), ("bare links", _AT)):
        if last := next(islice(sign.finditer(markdown), _MOST_SIGNS, None), None):
            yield markdown.count("\n", 0, last.start()) + 1, kind


def _wide_table(markdown: str) -> int:
    """Return the line of a table with too many columns, or too many cells that nobody wrote; 0 when there is none."""
    if not _DELIMITER.search(markdown):
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


@lru_cache(maxsize=4)
def _options(smart: bool, kept: frozenset[str]) -> tuple[ExtensionOptions, ParseOptions, RenderOptions]:
    import comrak

    extensions, parsing, rendering = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    extensions.autolink, extensions.table = "bare links" not in kept, "tables" not in kept
    extensions.description_lists = "description lists" not in kept
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
    # The letter in front keeps "1. " and "# " from being read as a list and a heading.
    html = clean(to_html(f"x{markdown.strip()}" if markdown[:1].isalnum() else f"x {markdown.strip()}", smart=smart))
    return line(text_of(html)[1:])


def images_without_alt(html: str) -> Iterator[tuple[int, str]]:
    """Yield line and address of each image in what `to_html` returned that says nothing to those who don't see it."""
    for found in _IMAGE.finditer(html):
        yield int(found[1]), found[2]


def dead_links(html: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each link in what `to_html` returned that goes nowhere, `[text](#)`."""
    place = 0
    while (found := _DEAD_LINK.search(html, place)) and (end := html.find("</a>", found.end())) >= 0:
        yield int(found[1]), line(_TAG.sub("", html[found.end() : end])) or ""
        place = end


def left_out(html: str, source: str) -> tuple[int, str] | None:
    """Return what a body loses of `html`, in words, and the line of `source` where the first of it is."""
    if not (lost := markup.left_out(html)):
        return None
    names = "|".join(map(re.escape, (*lost.content, *lost.tags)))
    first = re.search(rf"<(?:{names})(?![\w-])", source, re.IGNORECASE)
    return source.count("\n", 0, first.start()) + 1 if first else 0, str(lost)


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

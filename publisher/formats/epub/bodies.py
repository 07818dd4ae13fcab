"""The text of an article inside a book, and the very same text back.

A canonical body is XHTML already. What a book needs beyond it leaves the original beside it in `data-` attributes
(HTML Standard, 3.2.6.6), and `restore` puts that back:

- a picture or recording whose bytes are in the book has its address in `data-src`;
- one whose bytes are not is a link (inside a link: a span) with all its attributes as `data-` and its name as `data-element`;
- a link to another article of the issue has its address in `data-href`;
- code without a letter that is written from right to left has a `dir` when other text has one, and `data-dir` says that it had none;
- a note has its id, and what pop-ups need, on a `div` inside the item of the list;
- a table is in a `div` of its own, which tells the style sheet how much room it needs, and its cells know what their column is called.

`epub:type` and `xml:lang` are added where they help; `markup.fragment` leaves them out on reading.

So that the text survives programs that save the book anew, what Calibre 8.5's `ebook-convert` is known to take away is said twice:
the size of a picture, the type of a list and the language of code as `data-`, `u` as `data-element`, and the characters that it
replaces beside the text (`remembered`). Ids and roles it keeps, classes not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import urlsplit

from publisher.cleaner import local_name
from publisher.formats.epub.media import Kept, Shelf
from publisher.formats.epub.words import Words
from publisher.markup import Element, unescape
from publisher.text import escape

__all__ = ["ID", "for_book", "host", "in_json", "is_body", "recalled", "remembered", "restore"]

ID = "_body"
"""The id of the element that holds an article's text."""

_XHTML = "{http://www.w3.org/1999/xhtml}"
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)(/?)>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_NOTE = re.compile(r'<a href="#([^"<]*)"[^<>]* role="doc-noteref"')
_MARKED = re.compile(f"<(?=[a-z0-9]+ |/?(?:a|audio|video|u|table|tr|td|th)>){_TAG.pattern[1:]}")
"""The tags that have to be looked at in a body without notes and without code beside text from right to left."""
_TAKEN_AWAY = {"code": ("class",), "img": ("height", "width"), "ol": ("type",)}
"""Attributes that Calibre 8.5 makes classes and styles of."""
_ORIGINALS = {"a": ("href",), "audio": ("src",), "code": ("class",), "img": ("height", "src", "width"), "ol": ("type",)}
"""Attributes whose originals an element may have beside them."""
_STOOD_FOR = ("alt", "controls", "height", "poster", "src", "title", "width")
"""The same of what stands for an element whose bytes are not in the book."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_CODE = ("pre", "code", "kbd", "samp")
_SOME_CODE = re.compile(rf"<(?:{'|'.join(_CODE)})\b")
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[hd]\b[^<>]*>(.*?)</t[hd]>", re.DOTALL)
_WORD = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff-]+|[^\s-]")
"""What stays in one line: anything up to a space or hyphen, but each character of Chinese, Japanese and Korean for itself."""
_LETTER, _BETWEEN = 0.46, 0.7
"""The width of a letter and of the space between two columns in em: measured with serif fonts in tables, which are a bit smaller."""
_NEEDS: tuple[int, ...] = (*range(8, 31, 2), 35, 40, 50, 60)
"""Widths in em that the style sheet knows."""
_ANY_TAG = re.compile(r"<[^<>]*>")
_FEW_COLUMNS = 2
"""So many have room on every page."""
_STAYS = ("dir", "id", "lang")
"""Attributes that mean the same on what stands for an element."""


def for_book(body: str, shelf: Shelf, chapters: Mapping[str, str], words: Words) -> str:
    """Return a canonical body as a book has it; `chapters` are the pages of the issue's articles by their URL."""
    rewriter = _Rewriter(body, shelf, chapters, words)
    pattern = _TAG if rewriter.notes or rewriter.mirrored else _MARKED
    return pattern.sub(rewriter.tag, body)


class _Rewriter:
    """One pass over the tags of a canonical body; attribute values stay escaped throughout."""

    def __init__(self, body: str, shelf: Shelf, chapters: Mapping[str, str], words: Words) -> None:
        self.shelf = shelf
        self.chapters = chapters
        self.words = words
        self.notes = frozenset(_NOTE.findall(body))
        self.mirrored = bool(_SOME_CODE.search(body) and _RIGHT_TO_LEFT.search(body))
        """Whether code has to be kept from being turned around."""
        self.in_link = False
        self.items: list[bool] = []
        """For each item of a list that is open, whether it is a note."""
        self.columns: list[str] = []
        """What the columns of the table that is open are called."""
        self.column = 0

    def tag(self, found: re.Match[str]) -> str:
        end, name, attributes = found[1], found[2], found[3]
        if name in ("audio", "video"):
            return "" if end else self.player(name, attributes)  # a player has nothing inside
        if name == "li":
            return self.item(end, attributes)
        if name == "a":
            self.in_link = not end
        if not end and name == "u":
            attributes += ' data-element="u"'
        if name in ("table", "tr", "td", "th"):
            return self.table(name, end, attributes, found)
        if name in _CODE and self.mirrored and not end:
            return f"<{name}{self.changed(name, attributes)}{_left_to_right(name, attributes, found)}>"
        if end or not attributes:
            return found[0]
        if name == "img":
            return self.picture(attributes)
        return f"<{name}{self.changed(name, attributes)}{found[4]}>"

    def item(self, end: str, attributes: str) -> str:
        """Return a tag of an item; that of a note has a `div` with the id inside, for pop-ups (Apple Books).

        An item cannot have the role `doc-footnote` (EPUBCheck 5.3), and Ace 1.4 wants it with the `epub:type`.
        """
        if end:
            return "</div></li>" if self.items.pop() else "</li>"
        given = dict(_ATTRIBUTE.findall(attributes))
        self.items.append(given.get("id") in self.notes)
        if not self.items[-1]:
            return f"<li{self.changed('li', attributes)}>"
        identifier = given.pop("id")
        note = f'<div class="note" id="{identifier}" epub:type="footnote" role="doc-footnote">'
        return f"<li{_with(given)}{_language(given)}>{note}"

    def table(self, name: str, end: str, attributes: str, found: re.Match[str]) -> str:
        """Return a tag of a table; a cell has the name of its column, for where columns have no room."""
        if name == "table":
            whole = found.string[found.start() : found.string.find("</table>", found.start())]
            self.columns = [] if end else _columns(whole)
            return "</table></div>" if end else f'<div class="table need-{_need(whole)}"><table{self.changed(name, attributes)}>'
        if end:
            return found[0]
        if name == "tr":
            self.column = 0
        called = self.columns[self.column] if name == "td" and self.column < len(self.columns) else ""
        label = f' data-label="{called}"' if called else ""
        self.column += name != "tr"
        return f"<{name}{self.changed(name, attributes)}{label}>"

    def changed(self, name: str, attributes: str) -> str:
        """Return the attributes of an element that stays, with those that a book needs besides."""
        given = dict(_ATTRIBUTE.findall(attributes))
        # Without the fragment: Kobo makes a pop-up of a link to one (kobolabs/epub-spec, "Footnotes").
        if name == "a" and (chapter := self.chapters.get(unescape(given.get("href", "")).partition("#")[0])):
            attributes = _with(given | {"data-href": given["href"], "href": chapter})
        return attributes + _with(_twice(name, given)) + self.semantics(name, given) + _language(given)

    def semantics(self, name: str, given: Mapping[str, str]) -> str:
        """Return the `epub:type` of notes, for the pop-ups of Apple Books and others (EPUB SSV 1.1, "Notes and annotations")."""
        if name == "a" and given.get("role") == "doc-noteref":
            return ' epub:type="noteref"'
        return ' epub:type="endnotes"' if name == "div" and given.get("role") == "doc-endnotes" else ""

    def picture(self, attributes: str) -> str:
        given = dict(_ATTRIBUTE.findall(attributes))
        if kept := self.shelf.picture(unescape(given["src"])):
            shown = _twice("img", given) | _shown(given, kept) | {"data-src": given["src"], "src": kept.href}
            return f"<img{_with(shown)}{_language(given)}/>"
        label = given.get("alt") or given.get("title") or self.label(self.words.picture, given["src"])
        return self.stand_in("img", "picture", given, label)

    def player(self, name: str, attributes: str) -> str:
        given = dict(_ATTRIBUTE.findall(attributes))
        label = self.label(self.words.audio if name == "audio" else self.words.video, given["src"])
        if name == "audio" and (kept := self.shelf.recording(unescape(given["src"]))):
            # For reading systems without sound; `markup.fragment` leaves out what is inside a player.
            fallback = f'<a href="{given["src"]}">{label}</a>'
            return f"<audio{_with(given | {'data-src': given['src'], 'src': kept.href})}{_language(given)}>{fallback}</audio>"
        poster = self.shelf.picture(unescape(given.get("poster", "")))
        shown = f'<img alt="" src="{poster.href}" data-src="{given["poster"]}"/>' if poster else ""
        return self.stand_in(name, "recording", given, shown + label)

    def label(self, word: str, address: str) -> str:
        return escape(f"{word} ({host(unescape(address))})")

    def stand_in(self, name: str, kind: str, given: Mapping[str, str], content: str) -> str:
        """Return what stands for an element whose bytes are not in the book."""
        attributes = {each if each in _STAYS else f"data-{each}": value for each, value in given.items()}
        attributes |= {"class": kind, "data-element": name} | ({} if self.in_link else {"href": given["src"]})
        tag = "span" if self.in_link else "a"
        return f"<{tag}{_with(attributes)}{_language(given)}>{content}</{tag}>"


def _left_to_right(name: str, attributes: str, found: re.Match[str]) -> str:
    """Return the attributes that keep brackets and full stops of code where they belong in text from right to left."""
    inside = found.string[found.end() : found.string.find(f"</{name}>", found.end())]
    return "" if " dir=" in attributes or _RIGHT_TO_LEFT.search(inside) else ' data-dir="" dir="ltr"'


def _columns(table: str) -> list[str]:
    """Return what the columns of a table are called, as values of attributes; nothing when that is not one name for each."""
    head, found, _ = table.partition("</thead>")
    plain = found and head.count("<tr") == 1 and table.count("<table") == 1 and "colspan=" not in table and "rowspan=" not in table
    names = [" ".join(_ANY_TAG.sub("", each).split()).replace('"', "&quot;") for each in _CELL.findall(head)] if plain else []
    return names if len(names) > _FEW_COLUMNS else []


def _need(table: str) -> int:
    """Return how wide a table must be so that no word in it is broken, in em, as one of those that the style sheet knows."""
    widths: dict[int, int] = {}
    for row in _ROW.findall(table):
        for column, cell in enumerate(_CELL.findall(row)):
            longest = max((len(each) for each in _WORD.findall(unescape(_ANY_TAG.sub("", cell)))), default=0)
            widths[column] = max(widths.get(column, 2), longest)
    need = sum(_LETTER * letters + _BETWEEN for letters in widths.values())
    return next((each for each in _NEEDS if each >= need), _NEEDS[-1])


def _with(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in sorted(attributes.items()))


def _shown(given: Mapping[str, str], kept: Kept) -> dict[str, str]:
    """Return the attributes of a picture without its size, but with a width that is less than it has.

    Calibre 8.5 gives a picture with both lengths these in pixels, so that `max-width` stretches it.
    """
    width = int(given.get("width", 0))
    left_out = ("height",) if 0 < width < (kept.width or 0) else ("height", "width")
    return {name: value for name, value in given.items() if name not in left_out}


def _twice(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return what would be taken away from an element, to be said twice."""
    return {f"data-{each}": given[each] for each in _TAKEN_AWAY.get(name, ()) if each in given}


def _language(given: Mapping[str, str]) -> str:
    """Return the `xml:lang` that says the same as `lang` (EPUB 3.3, 6.1.2)."""
    return f' xml:lang="{given["lang"]}"' if "lang" in given else ""


def host(url: str) -> str:
    """Return who is behind an address: its host without `www.`, or all of it when it has none."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


def restore(root: Element) -> None:
    """Put back, in the tree of a book's page, what `for_book` changed and `markup.fragment` would not leave out."""
    for element in list(root.iter("{*}div")):
        _restore_wrapped(element)
    for element in root.iter(*(f"{{*}}{each}" for each in _CODE)):
        if element.get("data-dir") == "":
            for each in ("data-dir", "dir"):
                element.attrib.pop(each, "")
    for element in list(root.iter("{*}span", "{*}u", *(f"{{*}}{name}" for name in _ORIGINALS))):
        _restore_attributes(element)


def _restore_attributes(element: Element) -> None:
    """Give an element its name and its attributes back; what else a stranger may have noted as `data-` stays where it is."""
    name, tag = element.get("data-element"), local_name(element)
    originals = {each: element.get(f"data-{each}") for each in (_STOOD_FOR if name else _ORIGINALS.get(tag, ()))}
    if tag == "code":
        element.attrib.pop("class", "")  # Calibre 8.5 gives plain code the class of other code
    if name:
        _replace(element, name)
    for each, value in originals.items():
        if value is not None:
            element.set(each, value)


def _is_note(element: Element) -> bool:
    return element.get("role") == "doc-footnote" or element.get("class") == "note"


def _restore_wrapped(element: Element) -> None:
    """Give an item the id that its note has, and take a table out of the `div` that is only there for the style sheet."""
    parent = element.getparent()
    if parent is None:
        return
    if local_name(parent) == "li" and _is_note(element):
        parent.set("id", element.attrib.pop("id", ""))
    elif (element.get("class") or "").startswith("table ") and len(element) == 1:
        element[0].tail = element.tail
        parent.replace(element, element[0])


def _replace(element: Element, name: str) -> None:
    """Make an element one that was called `name`; a picture, player or what was `none` has nothing inside and only what stays."""
    if name in ("img", "audio", "video", "none"):
        stays = {each: value for each in _STAYS if (value := element.get(each)) is not None}
        tail = element.tail
        element.clear()
        element.tail = tail
        for each, value in stays.items():
            element.set(each, value)
    element.tag = f"{_XHTML}{name if name in ('img', 'audio', 'video', 'u') else 'span'}"


def is_body(element: Element) -> bool:
    """Return whether the element is the one that holds an article's text in our books."""
    return local_name(element) == "div" and (element.get("id") == ID or element.get("class") == "body")


# -- what others replace --------------------------------------------------------------------------------------------------

_REPLACED = {"\u00ad": "", "\u200b": "", "\u2011": "-"} | dict(
    zip("\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", ("ff", "fi", "fl", "ffi", "ffl", "ft", "st"), strict=True)
)
"""Characters with what Calibre 8.5 makes of them (`preprocess.py`, `LIGATURES`; `epub_output.py`, `special_chars`)."""
_LETTERS = dict(zip("abcdefghij", _REPLACED, strict=True))
_ANY_REPLACED = re.compile(f"[{''.join(_REPLACED)}]")
_ASCII = bytes(range(0x80))
_NO_LETTER = re.compile(rf"\W|{_ANY_REPLACED.pattern}")
_MARK = re.compile(r"([0-9]{1,8})([a-j])")


def remembered(body: str) -> str:
    """Return the attributes by which `recalled` knows the body again: a digest, and what is replaced in it.

    For each character that is, how many stand between it and the one before, and a letter for which it is.
    """
    found = [each.start() for each in _ANY_REPLACED.finditer(body)] if any(each in body for each in _REPLACED) else []
    letters = {character: letter for letter, character in _LETTERS.items()}
    marks = (f"{place - before - 1}{letters[body[place]]}" for before, place in pairwise((-1, *found)))
    characters = f' data-characters="{" ".join(marks)}"' if found else ""
    return f'{characters} data-digest="{_digest(body)}"'


def recalled(body: str, container: Element) -> str | None:
    """Return the body as it was written, or `None` when it is not the one that the element around it remembers."""
    digest = container.get("data-digest")
    whole = _with_characters(body, container.get("data-characters") or "")
    return next((each for each in (body, whole) if digest in (None, _digest(each))), None)


def in_json(text: str) -> str:
    """Return JSON text in which what may be replaced is escaped: besides those, quotation marks, dashes and spaces of all kinds."""
    if text.isascii():
        return text
    others = text.encode(errors="surrogatepass").translate(None, _ASCII).decode(errors="surrogatepass")
    for each in _NO_LETTER.findall("".join(set(others))):
        text = text.replace(each, json.dumps(each)[1:-1])
    return text


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]


def _with_characters(body: str, marks: str) -> str:
    """Return a body with the marked characters put back, as far as they fit."""
    out: list[str] = []
    place = 0
    for between, letter in _MARK.findall(marks):
        character = _LETTERS[letter]
        out += (body[place : place + int(between)], character)
        place += int(between)
        place += len(next((each for each in (character, _REPLACED[character]) if body.startswith(each, place)), ""))
    return "".join((*out, body[place:]))

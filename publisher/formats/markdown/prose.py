"""Bodies as Markdown: what `manuscript` and `dialects` read back as the same body.

Where CommonMark 0.31.2 and what `manuscript` adds to it cannot say something, HTML says it: a tag in the line, or a whole block.
Nothing here is believed: every text is read back, and what came back different is written as HTML, block by block, until it is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from publisher import manuscript, markup
from publisher.formats.markdown import dialects
from publisher.markup import Element
from publisher.text import escape

__all__ = ["escaped", "from_body"]

Spell = Callable[[str], str]
"""Gives how an address is written in the file."""

_VOID = frozenset(("br", "hr", "img", "wbr", "source", "track", "col"))
_MARKS = {"em": "*", "strong": "**", "del": "~~"}
_BLOCKS = frozenset("p h2 h3 h4 h5 h6 ul ol dl blockquote pre table figure hr div".split())
_NOT_TEXT = re.compile(
    r"[\\`*\[\]<~]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|&(?=#?\w+;)"
    r"|!$"
    r"|\{|(?<=\{)[%:#]|(?<==)=|=(?==)|(?<=%)%|%(?=%)"
    r"|(?:(?<=\s)|^)\^"
    r"|(?<=\S)@(?=\S)"
    r"|(?<=[A-Za-z]):(?=//)|(?<=\b[Ww]{3})\."
)
"""What Markdown, or a dialect of it, would take for something else: a backslash in front makes it text."""
_SMART = re.compile(r"[\"']|(?<=-)-|-(?=-)|(?<=\.)\.|\.(?=\.)")
_LINE_START = re.compile(r"^(?:(?=>|[+:-](?:\s|$)|#{1,6}(?:\s|$)|[=|:-][=|: -]*$)|(?P<number>\d{1,9})(?=[.)](?:\s|$)))", re.MULTILINE)
_TICKS = re.compile("`+")
_IN_RAW = re.compile(r"[{}\[\]=%^`~$]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_CODE_LANGUAGE = re.compile(r"language-(?P<name>\S+)")
_BLANK = re.compile(r"\n[ \t]*\n")
_MOST_REPAIRS = 12
_REFERENCE = re.compile(r"fnref-(\d+)(?:-\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """How text is written: what may be Markdown in it."""

    spell: Spell
    smart: bool = False
    tags: bool = False
    """Whether what is in the line is marked by tags of HTML only."""
    in_table: bool = False
    notes: frozenset[str] = field(default_factory=frozenset)
    """Numbers of the notes that are written as Markdown has them."""


def from_body(body: str, resolve: markup.Resolve, spell: Spell, *, smart: bool = False, first_as_html: Iterable[str] = ()) -> str:
    """Return a canonical body as Markdown that is read back as the same, blocks apart by an empty line.

    `resolve` is what the reader makes of an address, and `spell` its opposite. A text that begins with one of the pictures
    `first_as_html` has that in HTML, since the reader would take it for the one in front matter.
    """
    if not body:
        return ""
    root = markup.parse_xml(f"<body>{body}</body>".encode())
    blocks = list(root.iterchildren("*"))
    shown = set(first_as_html)

    def read(text: str) -> str:
        plain, _ = dialects.plain(text, _nobody_listens)
        return markup.clean(manuscript.to_html(plain, smart=smart), resolve)

    def is_same(text: str) -> bool:
        return read(text) == body

    hand = _Hand(spell=spell, smart=smart)
    notes = _notes(blocks)
    for each in (replace(hand, notes=notes), hand) if notes else (hand,):
        chunks = _chunks(blocks, each, shown)
        if is_same(_joined(chunks)) or is_same(_joined(chunks := _careful(blocks, chunks, each, read, resolve))):
            return _joined(chunks)
        if not each.notes and (repaired := _repaired(blocks, chunks, each, read, body)):
            return repaired
    flat = [_flat(each, spell) for each in blocks]
    return _joined(flat) if is_same(_joined(flat)) else "".join(flat)


def escaped(text: str, *, smart: bool = False) -> str:
    """Return Markdown that says a line of text, which stands where `manuscript.to_text` reads it."""
    written = _escape(text, smart=smart)
    if manuscript.to_text(written, smart=smart) == text:
        return written
    return "".join(each if each.isalnum() or each == " " else f"&#{ord(each)};" for each in text)


def _nobody_listens(line: int, tag: str) -> None:
    return None


# -- making sure -----------------------------------------------------------------------------------------------------------


def _joined(chunks: Iterable[str]) -> str:
    return "\n\n".join(each for each in chunks if each)


def _chunks(blocks: list[Element], hand: _Hand, shown: set[str]) -> list[str]:
    """Return each block as we hope that it can be read."""
    chunks = _siblings(blocks, hand)
    if chunks[0].startswith("![") and shown.intersection(each.get("src", "") for each in blocks[0].iter("img")):
        chunks[0] = _pretty(blocks[0], hand.spell)
    return chunks


def _careful(blocks: list[Element], chunks: list[str], hand: _Hand, read: Callable[[str], str], resolve: markup.Resolve) -> list[str]:
    """Return the blocks, each of which was read by itself to be what it should be; notes are tried in HTML."""
    found = []
    for block, chunk in zip(blocks, chunks, strict=True):
        expected = markup.clean(_canonical(block), resolve)
        alone = replace(hand, notes=frozenset())
        tried = [_block(block, alone), _block(block, tagged := replace(alone, tags=True)), _pretty(block, hand.spell)]
        number = next((number for number, each in enumerate(tried) if each and read(each) == expected), 3)
        kept = (chunk, _block(block, replace(tagged, notes=hand.notes)), tried[2], _flat(block, hand.spell))
        found.append(kept[number])
    return found


def _repaired(blocks: list[Element], chunks: list[str], hand: _Hand, read: Callable[[str], str], body: str) -> str:
    """Return the text with those blocks in HTML that come back different beside the others, `""` when that does not help."""
    wanted = [_canonical(each) for each in blocks]
    for _ in range(_MOST_REPAIRS):
        text = read(_joined(chunks))
        if text == body:
            return _joined(chunks)
        got = [_canonical(each) for each in markup.parse_xml(f"<body>{text}</body>".encode()).iterchildren("*")]
        place = next((number for number, (one, other) in enumerate(zip(wanted, got, strict=False)) if one != other), len(wanted) - 1)
        around = [number for number in (place, place - 1, place + 1) if 0 <= number < len(chunks)]
        worse = next((number for number in around if chunks[number] != _flat(blocks[number], hand.spell)), None)
        if worse is None:
            return ""
        chunks = [_flat(blocks[number], hand.spell) if number == worse else each for number, each in enumerate(chunks)]
    return ""


# -- blocks ----------------------------------------------------------------------------------------------------------------


def _siblings(blocks: list[Element], hand: _Hand) -> list[str]:
    """Return blocks that follow each other; of two lists the second has another mark, so that they stay two."""
    found: list[str] = []
    kind = ""
    other = False
    for block in blocks:
        other = not other if block.tag == kind and kind in ("ul", "ol") else False
        kind = str(block.tag)
        found.append(_block(block, hand, other=other))
    return found


def _block(block: Element, hand: _Hand, *, other: bool = False) -> str:
    """Return one block as Markdown, or in HTML what has no Markdown."""
    write = _WRITERS.get(str(block.tag), _not_markdown)
    made = _list(block, hand, other=other) if block.tag in ("ul", "ol") else write(block, hand)
    return _flat(block, hand.spell) if made is None else made


def _not_markdown(block: Element, hand: _Hand) -> None:
    return None


def _paragraph(block: Element, hand: _Hand) -> str | None:
    return None if block.attrib else _line_starts(_inline(block, hand))


def _heading(block: Element, hand: _Hand) -> str | None:
    text = _inline(block, hand)
    if block.attrib or "\n" in text:
        return None
    return f"{'#' * int(str(block.tag)[1])} {re.sub(r'(?<!#)(#+)$', lambda found: chr(92) + found[1], text)}"


def _rule(block: Element, hand: _Hand) -> str | None:
    return None if block.attrib else "---"


def _quote(block: Element, hand: _Hand) -> str | None:
    if block.attrib or not len(block):
        return None
    lines = _joined(_siblings(list(block), hand)).split("\n")
    return "\n".join(f"> {each}" if each else ">" for each in lines)


def _code(block: Element, hand: _Hand) -> str | None:
    inner = block[0] if len(block) == 1 and block[0].tag == "code" and not block.text and not block[0].tail else None
    if block.attrib or inner is None or len(inner):
        return None
    language = _CODE_LANGUAGE.fullmatch(inner.get("class", ""))
    if set(inner.attrib) - {"class"} or (inner.get("class") and not language):
        return None
    text = inner.text or ""
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{fence}{language['name'] if language else ''}\n{text}\n{fence}"


def _list(block: Element, hand: _Hand, *, other: bool) -> str | None:
    start = block.get("start", "1")
    if set(block.attrib) - {"start"} or not start.isdigit() or any(item.attrib for item in block):
        return None
    loose = any(each.tag == "p" for item in block for each in item)
    items = []
    for number, item in enumerate(block, start=int(start)):
        mark = f"{number}{')' if other else '.'}" if block.tag == "ol" else "*" if other else "-"
        items.append(_item(mark, _parts(item, hand), loose=loose))
    return ("\n\n" if loose else "\n").join(items)


def _item(mark: str, parts: list[str], *, loose: bool) -> str:
    indent = " " * (len(mark) + 1)
    lines = ("\n\n" if loose else "\n").join(parts).split("\n")
    return "\n".join(f"{mark} {each}".rstrip() if not number else f"{indent}{each}" if each else "" for number, each in enumerate(lines))


def _parts(item: Element, hand: _Hand) -> list[str]:
    """Return what is in an item or a description: the text in it as a paragraph, and blocks."""
    return [part for run in _runs(item) for part in ([_line_starts(_line(run, hand))] if _is_text(run) else _siblings(run, hand))]  # type: ignore[arg-type]


def _runs(node: Element) -> Iterator[list[Element | str]]:
    """Yield what is inside an element in runs: text with what is in the line, or blocks."""
    inside: list[Element | str] = [node.text] if node.text else []
    for child in node:
        inside += [child, child.tail] if child.tail else [child]
    for _, run in groupby(inside, key=_is_block):
        yield list(run)


def _is_block(part: Element | str) -> bool:
    return not isinstance(part, str) and part.tag in _BLOCKS


def _is_text(run: list[Element | str]) -> bool:
    return not _is_block(run[0])


def _descriptions(block: Element, hand: _Hand) -> str | None:
    tags = "".join(str(each.tag)[1] for each in block)  # "tdd" is a term with two descriptions
    if block.attrib or any(each.attrib for each in block) or not re.fullmatch(r"(?:td+)+", tags):
        return None
    loose = any(map(_is_block, (part for each in block for part in each)))
    apart = "\n\n" if loose else "\n"
    lines: list[str] = []
    for each in block:
        text = _line_starts(_inline(each, hand)) if each.tag == "dt" else _item(":", _parts(each, hand), loose=loose)
        if each.tag == "dt" and "\n" in text:
            return None
        lines.append(("\n\n" if lines and each.tag == "dt" else apart if lines else "") + text)
    return "".join(lines)


def _table(block: Element, hand: _Hand) -> str | None:
    if block.attrib or [each.tag for each in block] != ["thead", "tbody"] or len(block[0]) != 1:
        return None
    head, body = block[0][0], list(block[1])
    fits = all(cell.get("scope") == "col" and len(cell.attrib) == 1 and cell.tag == "th" for cell in head) and all(
        cell.tag == "td" and not cell.attrib and not any(map(_is_block, cell)) for row in body for cell in row
    )
    if not fits or any(each.attrib for each in (*block, head, *body)):
        return None
    rows = [[_inline(cell, replace(hand, in_table=True)) for cell in row] for row in (head, *body)]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _figure(block: Element, hand: _Hand) -> str | None:
    """Return a picture with a plain caption as an image with a title, which the reader makes a figure of."""
    if block.attrib or [each.tag for each in block] != ["img", "figcaption"] or len(block[1]) or block[1].attrib:
        return _pretty(block, hand.spell)
    caption = block[1].text or ""
    image = _image(block[0], hand)
    if hand.tags or not image.startswith("!["):
        return _pretty(block, hand.spell)
    title = re.sub(r'(["\\])', r"\\\1", _ENTITY.sub("&amp;", caption))
    return f'{image[:-1]} "{title}")'


def _end_notes(block: Element, hand: _Hand) -> str | None:
    if not hand.notes:
        return None
    notes = []
    for item in block[0]:
        number = item.get("id", "").removeprefix("fn-")
        for back in [each for each in item.iter("a") if each.get("role") == "doc-backlink"]:
            _take_out(back)
        lines = _joined(_parts(item, hand)).split("\n")
        rest = (f"    {each}" if each else "" for each in lines[1:])
        notes.append("\n".join((f"[^{number}]: {lines[0]}", *rest)))
    return "\n\n".join(notes)


def _take_out(element: Element) -> None:
    """Take an element away with the space in front of it; the text behind it stays."""
    around, before = element.getparent(), element.getprevious()
    if around is None:
        return
    tail = element.tail or ""
    if before is not None:
        before.tail = f"{(before.tail or '').rstrip(' ')}{tail}"
    else:
        around.text = f"{(around.text or '').rstrip(' ')}{tail}"
    around.remove(element)


def _notes(blocks: list[Element]) -> frozenset[str]:
    """Return the numbers of the end notes, when they are as the reader makes them."""
    last = blocks[-1]
    if last.tag != "div" or last.get("role") != "doc-endnotes" or [each.tag for each in last] != ["ol"]:
        return frozenset()
    numbers = [item.get("id", "").removeprefix("fn-") for item in last[0]]
    return frozenset(numbers) if all(each.isdigit() for each in numbers) else frozenset()


_WRITERS: dict[str, Callable[[Element, _Hand], str | None]] = {
    "p": _paragraph,
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), _heading),
    "hr": _rule,
    "blockquote": _quote,
    "pre": _code,
    "dl": _descriptions,
    "table": _table,
    "figure": _figure,
    "div": _end_notes,
}


# -- in the line -----------------------------------------------------------------------------------------------------------


def _inline(node: Element, hand: _Hand) -> str:
    """Return what is inside an element as one line, but for line breaks."""
    inside: list[Element | str] = [node.text] if node.text else []
    for child in node:
        inside += [child, child.tail] if child.tail else [child]
    return _line(inside, hand)


def _line(parts: list[Element | str], hand: _Hand) -> str:
    written: list[str] = []
    for number, part in enumerate(parts):
        if isinstance(part, str):
            written.append(_escape(part, smart=hand.smart, in_table=hand.in_table))
            continue
        following = parts[number + 1] if number + 1 < len(parts) else ""
        written.append(_element(part, hand, written[-1][-1:] if written else "", following[:1] if isinstance(following, str) else "*"))
    return "".join(written)


def _element(element: Element, hand: _Hand, before: str, after: str) -> str:
    tag = str(element.tag)
    if tag == "br" and not element.attrib:
        return "<br/>" if hand.in_table else "\\\n"
    if tag == "img":
        return _image(element, hand)
    if hand.notes and tag == "sup" and (number := _noted(element)) in hand.notes:
        return f"[^{number}]"
    plain = not hand.tags and not element.attrib
    if plain and tag == "code" and not len(element) and (code := element.text):
        return _code_span(code, hand)
    inside = _inline(element, hand)
    if plain and tag in _MARKS and _flanks(before, inside, after):
        return f"{_MARKS[tag]}{inside}{_MARKS[tag]}"
    if plain and tag == "sub" and inside.isalnum():
        return f"~{inside}~"
    if not hand.tags and tag == "a" and set(element.attrib) == {"href"}:
        return _link(element, inside, hand)
    return f"{_start(element, hand.spell)}{inside}</{tag}>"


def _flanks(before: str, inside: str, after: str) -> bool:
    """Return whether marks around a text are surely seen: words inside, and no word and no other mark outside."""
    if not inside or not (inside[0].isalnum() and inside[-1].isalnum()):
        return bool(inside) and not inside[0].isspace() and not inside[-1].isspace() and _is_edge(before) and _is_edge(after)
    return before not in ("*", "~", "_", "=") and after not in ("*", "~", "_", "=")


def _is_edge(character: str) -> bool:
    return not character or character.isspace() or character in "([“„«—–,.;:!?)”»"


def _noted(element: Element) -> str:
    """Return the number of the note that an element refers to as the reader would write it, `""` when it does not."""
    link = element[0] if len(element) == 1 and element[0].tag == "a" and not element.text and not element[0].tail else None
    if link is None or element.attrib or link.get("role") != "doc-noteref" or not (found := _REFERENCE.fullmatch(link.get("id", ""))):
        return ""
    return found[1] if link.get("href") == f"#fn-{found[1]}" and link.text == found[1] else ""


def _code_span(code: str, hand: _Hand) -> str:
    ticks = "`" * (1 + max(map(len, _TICKS.findall(code)), default=0))
    space = " " if code.startswith("`") or code.endswith("`") or (code[0] == code[-1] == " " and code.strip()) else ""
    return f"{ticks}{space}{code.replace('|', chr(92) + '|') if hand.in_table else code}{space}{ticks}"


def _link(element: Element, inside: str, hand: _Hand) -> str:
    address = hand.spell(element.get("href", ""))
    if not len(element) and element.text == address and address.startswith("http"):
        return f"<{address}>"
    return f"[{inside}]({_destination(address)})"


def _image(element: Element, hand: _Hand) -> str:
    if hand.tags or set(element.attrib) != {"alt", "src"}:
        return _start(element, hand.spell)
    alternative = _escape(element.get("alt", ""), smart=hand.smart, in_table=hand.in_table)
    return f"![{alternative}]({_destination(hand.spell(element.get('src', '')))})"


def _destination(address: str) -> str:
    address = _ENTITY.sub("&amp;", address)
    return f"<{address}>" if re.search(r"[()\s]", address) or not address else address


def _escape(text: str, *, smart: bool, in_table: bool = False) -> str:
    written = _NOT_TEXT.sub(r"\\\g<0>", text)
    if smart:
        written = _SMART.sub(r"\\\g<0>", written)
    return written.replace("|", "\\|") if in_table else written


def _line_starts(text: str) -> str:
    """Return lines none of which begins as a block does."""
    return _LINE_START.sub(lambda found: f"{found['number'] or ''}\\", text)


# -- HTML ------------------------------------------------------------------------------------------------------------------


def _canonical(element: Element) -> str:
    """Return an element as it stands in a body."""
    return _html(element, lambda address: address, lambda text: escape(text).replace("&quot;", '"'), escape)


def _flat(element: Element, spell: Spell) -> str:
    """Return an element as HTML on one line that no dialect of Markdown takes for something else."""
    return _html(element, spell, _protected, _protected)


def _pretty(element: Element, spell: Spell) -> str:
    """Return an element as HTML as people write it: what is verbatim on its own lines, of a figure each part on a line."""

    def verbatim(text: str) -> str:
        return _protected(text).replace("&#10;", "\n")

    if element.tag == "pre" and not (element.text or "").startswith("\n") and not _BLANK.search("".join(map(str, element.itertext()))):
        return _html(element, spell, verbatim, _protected)
    if element.tag != "figure" or element.text:
        return _flat(element, spell)
    parts = (_html(each, spell, verbatim, _protected) if each.tag == "pre" else _flat(each, spell) for each in element)
    return "\n".join((_start(element, spell), *parts, "</figure>"))


def _html(element: Element, spell: Spell, text: Spell, attribute: Spell) -> str:
    """Return an element as HTML; its text and attributes are written by what is given for them."""
    start = _start(element, spell, attribute)
    if element.tag in _VOID:
        return start
    inside = "".join(f"{_html(each, spell, text, attribute)}{text(each.tail or '')}" for each in element)
    return f"{start}{text(element.text or '')}{inside}</{element.tag}>"


def _protected(text: str) -> str:
    """Return text for HTML in which only HTML is seen."""
    safe = _IN_RAW.sub(lambda found: f"&#{ord(found[0])};", escape(text).replace("&quot;", '"' if '"' not in text else "&quot;"))
    return safe.replace("\n", "&#10;")


def _start(element: Element, spell: Spell, attribute: Spell = _protected) -> str:
    """Return the tag that an element begins with, closed where it is void."""
    given = sorted((str(name), str(value)) for name, value in element.attrib.items())
    written = ((name, spell(value) if name in ("href", "src", "poster") else value) for name, value in given)
    attributes = "".join(f' {name}="{attribute(value)}"' for name, value in written)
    return f"<{element.tag}{attributes}{'/' if element.tag in _VOID else ''}>"

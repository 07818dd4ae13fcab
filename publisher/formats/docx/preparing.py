"""The document written anew for mammoth (1.13), which then meets only what it understands.

mammoth hands on what a paragraph is by its style, and no more. So each paragraph gets a bookmark, whose name is the number of a
`Paragraph` that says the rest, and each run that has a language of its own a style that becomes a `span`. Styles and numbering are
resolved here, since mammoth knows no lists that come from a style but few; pictures become files whose content is their path.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from publisher import scripts
from publisher.formats.docx.package import WP, A, Package, R, Relationship, W, local, val
from publisher.formats.docx.styles import Level, Styles, heading, numbering, on
from publisher.markup import Element
from publisher.text import language

__all__ = ["MARK", "Paragraph", "Prepared", "Run", "prepare"]

MARK = "publisher-mark-"
"""How the bookmarks are called that say which paragraph it is."""
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_NOT_LISTED = frozenset(("none", ""))
_BULLET = "bullet"
_PLAIN = frozenset(f"{W}{name}" for name in ("t", "br", "tab"))
_LEVELS = 9
_MOST_SPANNED = 1000
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_KEPT = ("vertAlign", "highlight")
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
_MOST_KINDS = 200
"""Kinds of runs: mammoth looks for each run through all of them."""
_TYPES = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """What mammoth does not hand on of a paragraph."""

    role: str = ""
    """Such as `title`, `h2`, `caption`; empty for one like others."""
    direction: str = ""
    """`rtl` or `ltr`, where that is not the document's."""
    number: int | None = None
    """In an ordered list."""
    type: str = ""
    """Of the list: `a`, `A`, `i` or `I`; empty for numbers and bullets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What mammoth does not hand on of a run."""

    language: str | None = None
    direction: str = ""
    role: str = ""
    """`code`, `base` and `rt` of a ruby, or nothing."""

    def path(self) -> str:
        """Return the element that mammoth is to make of it."""
        named = f"{'code' if self.role == 'code' else 'span'}"
        attributes = {"lang": self.language, "dir": self.direction, "class": self.role if self.role in ("base", "rt") else ""}
        return named + "".join(f"[{name}='{value}']" for name, value in attributes.items() if value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document that mammoth can read, and what it is to know beside it."""

    archive: bytes
    style_map: str
    paragraphs: tuple[Paragraph, ...]
    language: str | None
    counts: Counter[str] = field(default_factory=Counter)
    """How many there are of what is lost or was decided."""


def prepare(package: Package) -> Prepared:
    """Return the document for mammoth; raise `Unreadable` when there is none in the package."""
    return _Preparing(package).prepared()


class _Preparing:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.roots = {"document": package.document()}
        for name in ("footnotes", "endnotes"):
            if (root := package.tree(package.part(name))) is not None:
                self.roots[name] = root
        self.styles = Styles(package.tree(package.part("styles")))
        self.levels = numbering(package)
        self.counters: dict[tuple[str, int], int] = {}
        self.paragraphs: list[Paragraph] = []
        self.runs: dict[Run, int] = {}
        self.targets: dict[str, dict[str, Relationship]] = {}
        self.counts: Counter[str] = Counter()
        self.language: str | None = None
        self.direction = "ltr"

    def prepared(self) -> Prepared:
        for name, root in self.roots.items():
            path = self.package.main if name == "document" else self.package.part(name)
            self.targets[name] = self.package.relationships(path)
            self.simplify(root)
            self.references(root, self.targets[name])
        self.find_language()
        for root in self.roots.values():
            self.tables(root)
            self.rewrite(root)
        self.counts["comment"] += len(self.comments())
        return Prepared(
            archive=self.archive(),
            style_map=self.style_map(),
            paragraphs=tuple(self.paragraphs),
            language=self.language,
            counts=self.counts,
        )

    def comments(self) -> list[Element]:
        root = self.package.tree(self.package.part("comments"))
        return list(root.iter(f"{W}comment")) if root is not None else []

    # -- what mammoth does not know ------------------------------------------------------------------------------------

    def simplify(self, root: Element) -> None:
        """Leave out what was deleted or is hidden, and put into plain runs what mammoth takes no notice of."""
        etree.strip_elements(root, etree.Entity, f"{W}sectPr", with_tail=False)
        for each in list(root.iter(f"{_COMPATIBLE}AlternateContent")):
            _choose(each)
        for each in list(root.iter(f"{W}ins", f"{W}moveTo")):
            self.counts["insertion"] += local(_parent(each)) not in ("rPr", "trPr")
        for each in list(root.iter(f"{W}del", f"{W}moveFrom")):
            if local(_parent(each)) not in ("rPr", "trPr"):
                self.counts["deletion"] += 1
                _drop(each)
        for each in list(root.iter(f"{W}tr")):
            if each.find(f"{W}trPr/{W}del") is not None:
                self.counts["deletion"] += 1
                _drop(each)
        for each in list(root.iter(f"{_MATH}oMath")):
            self.counts["formula"] += 1
            _replace(each, [_run("".join(found.text or "" for found in each.iter(f"{_MATH}t")))])
        for each in list(root.iter(f"{W}ruby")):
            _replace(each.getparent() if local(_parent(each)) == "r" else each, _ruby(each))
        etree.strip_tags(root, f"{_MATH}oMathPara", f"{W}fldSimple", f"{W}bdo", f"{W}dir")
        for each in list(root.iter(f"{W}cr")):
            each.tag = f"{W}br"
        for each in list(root.iter(f"{W}r")):
            self.hide(each)
        self.counts["chunk"] += len(list(root.iter(f"{W}altChunk")))

    def hide(self, run: Element) -> None:
        if on(run.find(f"{W}rPr/{W}vanish")):
            self.counts["hidden"] += bool(_text(run).strip())
            _drop(run)

    # -- what is referred to ------------------------------------------------------------------------------------------

    def references(self, root: Element, targets: dict[str, Relationship]) -> None:
        """Leave out what leads nowhere: mammoth gives up at the first."""
        for each in root.iter(f"{W}hyperlink", f"{A}hlinkClick"):
            if (name := each.get(f"{R}id")) is not None and name not in targets:
                del each.attrib[f"{R}id"]
        for each in list(root.iter(f"{A}blip")):
            self.picture(each, f"{R}embed", targets)
        for each in list(root.iter(f"{_VML}imagedata")):
            self.picture(each, f"{R}id", targets)
        for each in root.iter(f"{A}graphicData"):
            self.counts["drawing"] += each.get("uri") != _PICTURE and not list(each.iter(f"{A}blip", f"{W}txbxContent"))
        for each in root.iter(f"{WP}docPr"):
            if any(_is_yes(found.get("val")) for found in each.iter(_DECORATIVE)):
                each.set("descr", "\ue000")
        for tag, part in _NOTES.items():
            known = {note.get(f"{W}id") for note in self.roots[part]} if part in self.roots else set()
            for each in list(root.iter(f"{W}{tag}")):
                if each.get(f"{W}id") not in known:
                    _drop(each)
        for each in list(root.iter(f"{W}commentReference", f"{W}bookmarkStart")):
            if not each.get(f"{W}name"):
                _drop(each)

    def picture(self, blip: Element, attribute: str, targets: dict[str, Relationship]) -> None:
        found = targets.get(blip.get(attribute) or "")
        if found and not found.external and found.target in self.package.archive.names:
            return
        outside = blip.get(f"{R}link") is not None or (found is not None and found.external)
        self.counts["external" if outside else "missing"] += 1
        _drop(blip)

    # -- language -----------------------------------------------------------------------------------------------------

    def find_language(self) -> None:
        """Find the language and the direction that most of the text is in."""
        letters: Counter[str | None] = Counter()
        directions: Counter[str] = Counter()
        sample: list[str] = []
        for paragraph in self.roots["document"].iter(f"{W}p"):
            style = val(paragraph.find(f"{W}pPr/{W}pStyle"))
            directions[self.direction_of(paragraph, style)] += 1 if _text(paragraph).strip() else 0
            for run in paragraph.iter(f"{W}r"):
                text = _text(run)
                sample.append(text)
                letters[self.tongue(run, style, text)] += sum(map(str.isalpha, text))
        found = letters.most_common(1)[0][0] if letters else None
        text = "".join(sample)
        script = scripts.script(text)
        fits = found is not None and scripts.script_of(found) in (script, {"JAPANESE": "CJK"}.get(script))
        self.language = found if fits or not script else language(scripts.guess_language(text))
        self.direction = directions.most_common(1)[0][0] if directions else "ltr"

    def tongue(self, run: Element, style: str | None, text: str) -> str | None:
        """Return the language that a run says it is in; Word keeps three of them, for three kinds of letters (17.3.2.20)."""
        own = run.find(f"{W}rPr")
        written = own.find(f"{W}rtl") if own is not None else None
        kind = "bidi" if on(written) else "eastAsia" if _EAST_ASIAN.search(text) else "val"
        direct = own.find(f"{W}lang") if own is not None else None
        named = val(own.find(f"{W}rStyle")) if own is not None else None
        by_style = (self.styles.run(name, "lang") for name in (named, style) if name or name is style)
        found = (each.get(f"{W}{kind}") for each in (direct, *by_style) if each is not None)
        return language(next(filter(None, found), None))

    def direction_of(self, paragraph: Element, style: str | None) -> str:
        own = paragraph.find(f"{W}pPr/{W}bidi")
        return "rtl" if on(own if own is not None else self.styles.paragraph(style, "bidi")) else "ltr"

    # -- paragraphs and runs ------------------------------------------------------------------------------------------

    def rewrite(self, root: Element) -> None:
        for paragraph in list(root.iter(f"{W}p")):
            properties = paragraph.find(f"{W}pPr")
            style = val(properties.find(f"{W}pStyle")) if properties is not None else None
            said = self.paragraph(paragraph, properties, style)
            if said.role == "toc":
                self.counts["contents"] += bool(_text(paragraph).strip())
                _drop(paragraph)
                continue
            words: Element | None = None
            for run in list(paragraph.iter(f"{W}r")):
                self.run(run, style, said)
                words = _merged(words, run)

    def paragraph(self, paragraph: Element, properties: Element | None, style: str | None) -> Paragraph:
        """Write the properties of a paragraph anew, and a bookmark that says the rest."""
        level = val(properties.find(f"{W}outlineLvl")) if properties is not None else None
        role = self.styles.role(style) or heading(level)
        kept = etree.Element(f"{W}pPr")
        number, kind = self.listed(properties, style, kept) if not role else (None, "")
        direction = self.direction_of(paragraph, style)
        said = Paragraph(role=role, direction=direction if direction != self.direction else "", number=number, type=kind)
        if properties is not None:
            if properties.find(f"{W}rPr/{W}del") is not None:
                etree.SubElement(etree.SubElement(kept, f"{W}rPr"), f"{W}del")
            paragraph.remove(properties)
        mark = etree.Element(f"{W}bookmarkStart", {f"{W}name": f"{MARK}{len(self.paragraphs)}"})
        paragraph[:0] = [kept, mark]
        self.paragraphs.append(said)
        return said

    def listed(self, properties: Element | None, style: str | None, kept: Element) -> tuple[int | None, str]:
        """Say to mammoth whether a paragraph is an item of a list; return its number and the list's type."""
        own = properties.find(f"{W}numPr") if properties is not None else None
        given = own if own is not None else self.styles.paragraph(style, "numPr") if style else None
        if given is None:
            return None, ""
        by_style = self.styles.paragraph(style, f"numPr/{W}numId") if style else None
        name = val(given.find(f"{W}numId")) or val(by_style) or "0"
        depth = _depth(val(given.find(f"{W}ilvl")))
        level = self.levels.get(name, {}).get(str(depth))
        if level is None or level.format in _NOT_LISTED:
            return None, ""
        ordered = level.format != _BULLET
        listed = etree.SubElement(kept, f"{W}numPr")
        etree.SubElement(listed, f"{W}ilvl", {f"{W}val": str(depth)})
        etree.SubElement(listed, f"{W}numId", {f"{W}val": "2" if ordered else "1"})
        return (self.count(name, depth, level), _TYPES.get(level.format, "")) if ordered else (None, "")

    def count(self, name: str, depth: int, level: Level) -> int:
        for deeper in range(depth + 1, _LEVELS):
            self.counters.pop((name, deeper), None)
        self.counters[name, depth] = self.counters.get((name, depth), level.start - 1) + 1
        return self.counters[name, depth]

    def run(self, run: Element, style: str | None, paragraph: Paragraph) -> None:
        """Write the properties of a run anew."""
        properties = run.find(f"{W}rPr")
        named = val(properties.find(f"{W}rStyle")) if properties is not None else None
        kept = etree.Element(f"{W}rPr")
        means = set(self.styles.emphasis(named) if named else ())
        for tag in ("b", "i", "strike"):
            own = properties.find(f"{W}{tag}") if properties is not None else None
            if (tag in means if own is None else on(own)) and not (tag == "b" and _is_heading(paragraph.role)):
                etree.SubElement(kept, f"{W}{tag}")
        kept.extend([found for tag in _KEPT if properties is not None and (found := properties.find(f"{W}{tag}")) is not None])
        said = self.said(run, properties, style, code="code" in means and paragraph.role != "code")
        if said != Run() and (said in self.runs or len(self.runs) < _MOST_KINDS):
            etree.SubElement(kept, f"{W}rStyle", {f"{W}val": f"Run{self.runs.setdefault(said, len(self.runs))}"})
        if properties is not None:
            run.remove(properties)
        run.insert(0, kept)

    def said(self, run: Element, properties: Element | None, style: str | None, *, code: bool) -> Run:
        text = _text(run)
        tongue = self.tongue(run, style, text) if any(map(str.isalpha, text)) else None
        foreign = tongue and _primary(tongue) != _primary(self.language) and scripts.script_of(tongue) == scripts.script(text)
        turned = foreign and self.direction == "ltr" and properties is not None and on(properties.find(f"{W}rtl"))
        role = run.get("publisher-role") or ("code" if code else "")
        return Run(language=tongue if foreign else None, direction="rtl" if turned else "", role=role)

    # -- tables -------------------------------------------------------------------------------------------------------

    def tables(self, root: Element) -> None:
        """Say which rows are headings: those that say so, else the first where the style shows it otherwise (17.4.49, 17.4.56)."""
        for table in root.iter(f"{W}tbl"):
            rows = table.findall(f"{W}tr")
            look = table.find(f"{W}tblPr/{W}tblLook")
            heads = len(rows) > 1 and self.styles.heads(val(table.find(f"{W}tblPr/{W}tblStyle"))) and _shows_first_row(look)
            if heads and not any(each.find(f"{W}trPr/{W}tblHeader") is not None for each in rows):
                properties = rows[0].find(f"{W}trPr")
                if properties is None:
                    properties = etree.Element(f"{W}trPr")
                    rows[0].insert(0, properties)
                etree.SubElement(properties, f"{W}tblHeader")
        for span in list(root.iter(f"{W}gridSpan")):
            if not (given := val(span) or "").isascii() or not given.isdigit() or not 0 < int(given[:9]) <= _MOST_SPANNED:
                _drop(span)

    # -- the archive --------------------------------------------------------------------------------------------------

    def style_map(self) -> str:
        """Return what mammoth is to make of lists, breaks and runs."""
        lines = [f"r.Run{number} => {run.path()}" for run, number in self.runs.items()]
        for kind, tag in (("unordered", "ul"), ("ordered", "ol")):
            lines += [f"p:{kind}-list({n}) => {'ul|ol > li > ' * (n - 1)}{tag} > li:fresh" for n in range(1, _LEVELS + 1)]
        return "\n".join([*lines, "highlight => mark", "p => p:fresh"])

    def archive(self) -> bytes:
        """Return the package with no more than the text: what it refers to, and how."""
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, root in self.roots.items():
                archive.writestr(f"word/{name}.xml", etree.tostring(root))
                archive.writestr(f"word/_rels/{name}.xml.rels", _listed(self.targets[name]))
            archive.writestr("word/numbering.xml", _NUMBERING)
            pictures = {each.target for targets in self.targets.values() for each in targets.values() if not each.external}
            for path in sorted(pictures & self.package.archive.names.keys()):
                archive.writestr(f"pictures/{path}", path)
        return out.getvalue()


def _lists() -> Iterator[str]:
    for number, kind in enumerate((_BULLET, "decimal"), start=1):
        levels = "".join(f'<w:lvl w:ilvl="{each}"><w:numFmt w:val="{kind}"/></w:lvl>' for each in range(_LEVELS))
        yield f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
    yield from (f'<w:num w:numId="{each}"><w:abstractNumId w:val="{each}"/></w:num>' for each in (1, 2))


_NUMBERING = f'<w:numbering xmlns:w="{W[1:-1]}">{"".join(_lists())}</w:numbering>'


def _listed(targets: dict[str, Relationship]) -> bytes:
    root = etree.Element("{http://schemas.openxmlformats.org/package/2006/relationships}Relationships")
    for name, each in targets.items():
        target = each.target if each.external else f"/pictures/{each.target}"
        etree.SubElement(
            root, "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship", Id=name, Target=target, Type=each.kind
        )
    return etree.tostring(root)


def _parent(element: Element) -> Element:
    around = element.getparent()
    return around if around is not None else element


def _drop(element: Element) -> None:
    if (around := element.getparent()) is not None:
        around.remove(element)


def _replace(element: Element | None, others: Iterable[Element]) -> None:
    if element is None or (around := element.getparent()) is None:
        return
    place = around.index(element)
    around[place : place + 1] = list(others)


def _choose(alternatives: Element) -> None:
    """Put what every program understands in the place of alternatives, else the first of them."""
    fallback = alternatives.find(f"{_COMPATIBLE}Fallback")
    chosen = fallback if fallback is not None and len(fallback) else alternatives.find(f"{_COMPATIBLE}Choice")
    _replace(alternatives, list(chosen) if chosen is not None else [])


def _run(text: str, role: str = "") -> Element:
    run = etree.Element(f"{W}r", {"publisher-role": role} if role else {})
    etree.SubElement(run, f"{W}t").text = text
    return run


def _ruby(ruby: Element) -> list[Element]:
    parts = [("base", ruby.find(f"{W}rubyBase")), ("rt", ruby.find(f"{W}rt"))]
    return [_run(_text(part), role) for role, part in parts if part is not None]


def _text(element: Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def _merged(before: Element | None, run: Element) -> Element | None:
    """Put a run of words into the one right before it, when that looks the same: Word cuts runs wherever somebody typed later.

    `before` is the last run of words; return what is that now.
    """
    if not _is_plain(run):
        return None
    if before is None or run.getprevious() is not before or etree.tostring(before[0]) != etree.tostring(run[0]):
        return run
    before.extend(list(run)[1:])
    _drop(run)
    return before


def _is_plain(run: Element) -> bool:
    return len(run) > 0 and run[0].tag == f"{W}rPr" and all(each.tag in _PLAIN for each in list(run)[1:])


def _depth(level: str | None) -> int:
    return min(int(level), _LEVELS - 1) if level and level.isascii() and level.isdigit() and len(level) < 4 else 0


def _primary(tag: str | None) -> str:
    return (tag or "").partition("-")[0]


def _is_heading(role: str) -> bool:
    return role in ("title", "subtitle") or role[:1] == "h"


def _is_yes(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _shows_first_row(look: Element | None) -> bool:
    """Return whether a table shows the format of its style for the first row: by an attribute, or in older files by a bit."""
    if look is None:
        return False
    if (first := look.get(f"{W}firstRow")) is not None:
        return _is_yes(first)
    try:
        return bool(int(val(look) or "0", 16) & 0x20)
    except ValueError:
        return False

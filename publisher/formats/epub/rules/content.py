"""The basics of HTML's content model: which element may be where, and which are no more (HTML, 3.2.5 and 16.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import HTML, HTML_SPEC, SPACES, Book, at, nearest, quoted
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_OBSOLETE = frozenset(
    "acronym applet basefont bgsound big blink center dir font frame frameset isindex keygen listing marquee menuitem multicol nextid nobr "
    "noembed noframes plaintext rb rtc spacer strike tt xmp".split()
) - {"rb", "rtc"}
_INSTEAD = {"acronym": "abbr", "center": "CSS, text-align", "font": "CSS", "big": "CSS", "strike": "s or del", "tt": "code", "dir": "ul"}
_ALLOWED_IN_EPUB_2 = frozenset("acronym big tt applet".split())
_ELEMENTS = frozenset(
    "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas caption cite code col colgroup data datalist "
    "dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header hgroup hr html i "
    "iframe img input ins kbd label legend li link main map mark menu meta meter nav noscript object ol optgroup option output p param "
    "picture pre progress q rb rp rt rtc ruby s samp script search section select slot small source span strong style sub summary sup "
    "table tbody td template textarea tfoot th thead time title tr track u ul var video wbr".split()
)
_NEWER = frozenset(
    "article aside audio bdi button canvas data datalist details dialog embed fieldset figcaption figure footer form header hgroup "
    "input label legend main mark meter nav optgroup option output picture progress ruby s search section select source summary template "
    "textarea time track u video wbr".split()
)
"""What EPUB 2 does not have: it came with HTML 5, or is none of the modules that OPS 2.0.1 takes from XHTML 1.1."""
_TEXT_ONLY = frozenset(
    "p h1 h2 h3 h4 h5 h6 pre span em strong small s cite q dfn abbr code samp kbd var sub sup i b u mark bdi bdo time data label button "
    "rt".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote details dialog div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav "
    "ol p pre search section table ul".split()
)
_TRANSPARENT = frozenset("a ins del map object video audio noscript canvas".split())
_PARENTS: Mapping[str, frozenset[str]] = {
    "li": frozenset("ul ol menu".split()),
    "dt": frozenset("dl div".split()),
    "dd": frozenset("dl div".split()),
    "caption": frozenset(["table"]),
    "colgroup": frozenset(["table"]),
    "thead": frozenset(["table"]),
    "tbody": frozenset(["table"]),
    "tfoot": frozenset(["table"]),
    "tr": frozenset("table thead tbody tfoot".split()),
    "td": frozenset(["tr"]),
    "th": frozenset(["tr"]),
    "col": frozenset(["colgroup", "table"]),
    "figcaption": frozenset(["figure"]),
    "legend": frozenset(["fieldset"]),
    "summary": frozenset(["details"]),
    "source": frozenset("audio video picture".split()),
    "track": frozenset("audio video".split()),
    "rt": frozenset("ruby rtc".split()),
    "rp": frozenset("ruby".split()),
}
_CHILDREN: Mapping[str, frozenset[str]] = {
    "ul": frozenset(["li"]),
    "ol": frozenset(["li"]),
    "dl": frozenset("dt dd div".split()),
    "table": frozenset("caption colgroup col thead tbody tfoot tr".split()),
    "thead": frozenset(["tr"]),
    "tbody": frozenset(["tr"]),
    "tfoot": frozenset(["tr"]),
    "tr": frozenset("td th".split()),
    "colgroup": frozenset(["col"]),
}
_SUPPORTING = frozenset("script template".split())
_VOID = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
_INTERACTIVE = ("a", "button", "details", "embed", "iframe", "label", "select", "textarea")
_DAY = r"\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?"
_ZONE = r"(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)"
_TIME = re.compile(
    rf"\d{{4,}}|\d{{4,}}-(0[1-9]|1[0-2])|{_DAY}|(--)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|{_CLOCK}|{_DAY}[T ]{_CLOCK}({_ZONE})?|{_ZONE}"
    r"|\d{4,}-W([0-4]\d|5[0-3])|P(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d{1,3})?S)?)?|(\d+(\.\d+)?\s*+[wdhmsWDHMS]\s*+)+"
)
_CHANGED = re.compile(rf"{_DAY}([T ]{_CLOCK}{_ZONE})?")
_HEAD = frozenset("title base link meta style script template noscript".split())
_HEAD_ONLY = ("title", "base", "meta", "style")
_NAMESPACES = (HTML, "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}", "{http://www.idpf.org/2007/ops}")
_TABLE_ORDER = {"caption": 0, "colgroup": 1, "thead": 2, "tbody": 3, "tr": 3, "tfoot": 4}
_NOT_IN_ITSELF = {
    "header": ("header", "footer"),
    "footer": ("header", "footer"),
    "form": ("form",),
    "dfn": ("dfn",),
    "address": ("address",),
}
_CONFORMING = "dom.html#kinds-of-content"


@rule(Severity.ERROR, spec=f"{HTML_SPEC}obsolete.html#non-conforming-features", hint="say it in CSS")
def epub_element_obsolete(book: Book) -> Iterator[Finding]:
    """What browsers of the nineties knew is no part of XHTML; many reading systems show it as plain text."""
    for page in book.pages.values():
        for name in sorted(page.html_names & (_OBSOLETE - _ALLOWED_IN_EPUB_2 if book.is_2 else _OBSOLETE)):
            for each in page.html(name):
                yield at(each, f"there is a {name} element", f"write {_INSTEAD[name]}" if name in _INSTEAD else "")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}semantics.html", hint="write an element of HTML")
def epub_element_unknown(book: Book) -> Iterator[Finding]:
    """An element that is in no vocabulary has no meaning, and no style."""
    for page in book.pages.values():
        for tag in sorted(page.tags):
            name = tag.removeprefix(HTML)
            if name != tag and "-" not in name and name not in _ELEMENTS and name not in _OBSOLETE:
                yield at(next(page.html(name)), f"there is no element {quoted(name)} in HTML", nearest(name, _ELEMENTS))
            elif name != tag and book.is_2 and name in _NEWER:
                yield at(next(page.html(name)), f"there is no element {quoted(name)} in XHTML 1.1, which EPUB 2 is written in")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="end the paragraph before it, or write div instead")
def epub_block_in_text(book: Book) -> Iterator[Finding]:
    """In a paragraph there is text; a browser that reads HTML ends it at a list, so that pages differ from reader to reader."""
    for page in book.pages.values():
        for each in page.html(*sorted(_BLOCKS & page.html_names)):
            around = each.getparent()
            while around is not None and _html_name(around) in _TRANSPARENT:
                around = around.getparent()
            if around is not None and _html_name(around) in _TEXT_ONLY:
                yield at(each, f"there is {quoted(local_name(each))} in {quoted(local_name(around))}")


def _html_name(element: Element) -> str:
    tag = str(element.tag)
    return tag.removeprefix(HTML) if tag.startswith(HTML) else ""


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="put it into the element that it belongs to")
def epub_element_misplaced(book: Book) -> Iterator[Finding]:
    """List items, cells and captions mean something in their list, table and figure only."""
    for page in book.pages.values():
        for name in sorted(_PARENTS.keys() & page.html_names):
            for each in page.html(name):
                parent = each.getparent()
                if parent is None or (_html_name(parent) not in _PARENTS[name] and _html_name(parent) != "template"):
                    yield at(each, f"there is {quoted(name)} in {quoted(local_name(parent))}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="put it into an item or a cell")
def epub_content_misplaced(book: Book) -> Iterator[Finding]:
    """Lists have items, and tables rows: anything else between them is counted wrongly, and shown outside."""
    for page in book.pages.values():
        for name in sorted(_CHILDREN.keys() & page.html_names):
            for each in page.html(name):
                yield from _foreign_in(each, _CHILDREN[name])


def _foreign_in(element: Element, known: frozenset[str]) -> Iterator[Finding]:
    loose = (element.text or "", *((each.tail or "") for each in element))
    if text := "".join(loose).strip(SPACES):
        yield at(element, f"in {quoted(local_name(element))} there is the text {quoted(text)}")
    for each in element.iterchildren("*"):
        # What is known to be elsewhere is told once, by `epub_element_misplaced`.
        if (name := _html_name(each)) not in known | _SUPPORTING and name not in _PARENTS:
            yield at(each, f"in {quoted(local_name(element))} there is {quoted(local_name(each))}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}text-level-semantics.html#the-a-element", hint="end the link before the other begins")
def epub_link_in_link(book: Book) -> Iterator[Finding]:
    """Nobody can tell which of two links he touches."""
    for page in book.pages.values():
        for each in page.html(*_INTERACTIVE):
            around = next(each.iterancestors(f"{HTML}a", f"{HTML}button"), None)
            if around is not None:
                yield at(each, f"there is {quoted(local_name(each))} in {quoted(local_name(around))}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}syntax.html#void-elements", hint="end it at once, and put the content after it")
def epub_void_element_filled(book: Book) -> Iterator[Finding]:
    """A line break or a picture has no content: readers of HTML show it elsewhere."""
    for page in book.pages.values():
        for each in page.html(*_VOID):
            if len(each) or (each.text or "").strip(SPACES):
                yield at(each, f"{quoted(local_name(each))} has content")


@rule(
    Severity.ERROR, spec=f"{HTML_SPEC}text-level-semantics.html#the-time-element", hint="write it as 2018-10-24 or 2018-10-24T07:00+01:00"
)
def epub_time_malformed(book: Book) -> Iterator[Finding]:
    """What programs read of a date is the attribute datetime, and only as ISO 8601."""
    for page in book.pages.values():
        for each in page.html("time", "ins", "del"):
            pattern = _TIME if local_name(each) == "time" else _CHANGED
            if (value := each.get("datetime")) is not None and not (value.strip(SPACES) and pattern.fullmatch(value.strip(SPACES))):
                yield at(each, f"datetime is {quoted(value)}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}tables.html#attributes-common-to-td-and-th-elements", hint="name ids of th in the same table")
def epub_headers_broken(book: Book) -> Iterator[Finding]:
    """By headers a screen reader says which column a cell is in."""
    for page in book.pages.values():
        for each in page.html("td", "th"):
            table = next(each.iterancestors(f"{HTML}table"), None)
            for name in (each.get("headers") or "").split():
                if not any(next(cell.iterancestors(f"{HTML}table"), None) is table for cell in page.ids.get(name, ())):
                    yield at(each, f"there is no header cell {quoted(name)}")


_NAMES_IDS = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-flowto")


@rule(Severity.ERROR, spec="https://www.w3.org/TR/wai-aria-1.2/#valuetype_idref", hint="name an id of the same page")
def epub_aria_target_missing(book: Book) -> Iterator[Finding]:
    """A label that is nowhere leaves an element without name."""
    for page in book.pages.values():
        names = [each for each in _NAMES_IDS if each in page.attributes]
        for each in page.root.iter(f"{HTML}*") if names else ():
            for name in names:
                for target in (each.get(name) or "").split():
                    if target not in page.ids:
                        yield at(each, f"{name} names {quoted(target)}, which is not there")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="keep title, meta, link, style and data in the head, the rest in the body")
def epub_head_content(book: Book) -> Iterator[Finding]:
    """The head is about the page; what people read is in the body."""
    for page in book.pages.values():
        for head in page.html("head"):
            for each in head.iterchildren(f"{HTML}*"):
                if _html_name(each) not in _HEAD:
                    yield at(each, f"there is {quoted(local_name(each))} in the head")
            for title in list(head.iterchildren(f"{HTML}title"))[1:]:
                yield at(title, "there is a second title")
        for each in page.html(*_HEAD_ONLY):
            if next(each.iterancestors(f"{HTML}head", f"{HTML}template"), None) is None and not _is_said_of_text(each):
                yield at(each, f"there is {quoted(local_name(each))} in {quoted(local_name(each.getparent()))}")


def _is_said_of_text(element: Element) -> bool:
    """Return whether this is microdata or RDFa, which may be anywhere."""
    return local_name(element) == "meta" and (element.get("itemprop") or element.get("property")) is not None


@rule(Severity.ERROR, spec=f"{HTML_SPEC}sections.html#the-body-element", hint="put the content into one body, after the head")
def epub_body_missing(book: Book) -> Iterator[Finding]:
    """A page without body shows nothing."""
    for page in book.pages.values():
        if page.root.tag == f"{HTML}html" and page.root.find(f"{HTML}body") is None:
            yield at(page.root, "the page has no body")


@rule(Severity.ERROR, spec="https://www.w3.org/TR/epub-33/#sec-xhtml-extensions", hint="take it out, or write an element of HTML")
def epub_element_foreign(book: Book) -> Iterator[Finding]:
    """What word processors leave in a page is no part of XHTML: no reading system knows how to show it."""
    for page in book.pages.values():
        foreign = sorted(tag for tag in page.tags if not tag.startswith(_NAMESPACES))
        for each in page.root.iter(*foreign) if foreign else ():
            parent = each.getparent()
            if parent is not None and _html_name(parent):
                yield at(each, f"there is {quoted(str(each.tag))} in {quoted(local_name(parent))}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}dom.html#the-dir-attribute", hint="write ltr, rtl or auto; on bdo ltr or rtl")
def epub_dir_wrong(book: Book) -> Iterator[Finding]:
    """By dir Arabic and Hebrew stand in their order."""
    for page in book.pages.values():
        for each in page.html("bdo"):
            if each.get("dir") is None:
                yield at(each, "bdo has no dir")
        for each in page.root.iter(f"{HTML}*") if b"dir=" in page.body else ():
            if (value := each.get("dir")) is not None and value.lower() not in ("ltr", "rtl", "auto"):
                yield at(each, f"dir is {quoted(value)}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="put it first, or where the element has its place for it")
def epub_order_wrong(book: Book) -> Iterator[Finding]:
    """Captions, heads and terms have their place: elsewhere they belong to something else."""
    for page in book.pages.values() if not book.is_2 else ():  # XHTML 1.1 has another order
        for table in page.html("table"):
            yield from _out_of_order(table)
        for figure in page.html("figure"):
            names = _inside(figure)
            if "figcaption" in names[1:-1] or names.count("figcaption") > 1:
                yield at(figure, "the caption is neither first nor last in the figure, or there are two")
        for details in page.html("details"):
            if _inside(details)[:1] != ["summary"]:
                yield at(details, "details do not begin with a summary")
        for each in page.html("dl"):
            names = _inside(each)
            if (names[:1] == ["dd"] or names[-1:] == ["dt"]) and "div" not in names:
                yield at(each, "the list begins with a dd or ends with a dt")


def _inside(element: Element) -> list[str]:
    return [name for each in element.iterchildren("*") if (name := _html_name(each)) not in _SUPPORTING]


def _out_of_order(table: Element) -> Iterator[Finding]:
    last = 0
    for each in table.iterchildren(f"{HTML}*"):
        place = _TABLE_ORDER.get(_html_name(each), last)
        if place < last:
            yield at(each, f"{_html_name(each)} comes too late in the table")
        last = max(last, place)


@rule(Severity.ERROR, spec=f"{HTML_SPEC}{_CONFORMING}", hint="end the outer one before it")
def epub_element_in_itself(book: Book) -> Iterator[Finding]:
    """A header has no header, and a form no form."""
    for page in book.pages.values():
        for name, others in _NOT_IN_ITSELF.items():
            for each in page.html(name):
                around = next(each.iterancestors(*(f"{HTML}{other}" for other in others)), None)
                if around is not None:
                    yield at(each, f"there is {quoted(name)} in {quoted(local_name(around))}")
        for each in page.html("area"):
            if next(each.iterancestors(f"{HTML}map"), None) is None:
                yield at(each, "there is an area outside of a map")

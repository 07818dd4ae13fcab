"""The HTML of mails: what is made for mail programs taken out, so that a text is left.

A table is one of data when it says so by headings or a caption, or when it is a grid: at least two rows and two columns, as many cells
in each row, and nothing but words in the cells. All others lay out the page, and those with the role `presentation` always do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from publisher import markup
from publisher.cleaner import local_name, short_enough
from publisher.markup import Element
from publisher.text import line

__all__ = ["Letter", "is_view"]

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:^|[;\s])(?:max-)?height\s*:\s*0(?:px)?\s*(?:;|$|!)"
    r"|opacity\s*:\s*0\s*(?:;|$|!)",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"(?<![\w-])font-size\s*:\s*0(?:px)?\s*(?:;|$|!)", re.IGNORECASE)
_FILLERS = re.compile("[\u00a0\u00ad\u034f\u061c\u2000-\u200f\u2028-\u202f\u2060-\u206f\u3164\ufeff\u180e]+")
"""Characters without ink, which are put after a preview so that nothing of the text is in it."""
_SIZE = re.compile(r"(?:^|[;\s])(?:max-)?(width|height)\s*:\s*([0-9.]+)\s*px", re.IGNORECASE)
_TINY = 2
_TABLE = frozenset("table tbody thead tfoot tr td th caption colgroup col center".split())
_BLOCK_IN_CELL = frozenset("table p h1 h2 h3 h4 h5 h6 ul ol blockquote div img hr".split())
_VIEW = re.compile(
    r"(?:view|read|open|see)\b.{0,40}\b(?:in (?:your|a|the) (?:web )?browser|in browser|online|on the web)|(?:web|online|browser) version"
    r"|im browser (?:an|lesen|öffnen|ansehen|anzeigen)|online[- ](?:lesen|ansehen|version)|webversion"
    r"|(?:voir|lire|afficher|consulter)\b.{0,40}\b(?:navigateur|en ligne)|version (?:en ligne|web)"
    r"|(?:ver|leer|abrir)\b.{0,40}\b(?:navegador|en línea|en la web|online)|(?:visualizza|leggi|apri)\b.{0,40}\b(?:browser|online)"
    r"|(?:bekijk|lees|open)\b.{0,40}\b(?:browser|online)|(?:visa|läs|öppna|se|vis|åpne|åbn)\b.{0,40}\b(?:webbläsare\w*|nettleser\w*|browser\w*)"
    r"|(?:zobacz|wyświetl|otwórz)\b.{0,40}\bprzeglądarce|(?:открыть|посмотреть|читать)\b.{0,40}\b(?:браузере|онлайн)"
    r"|ブラウザ|在浏览器中|在瀏覽器中|웹에서 보기|브라우저",
    re.IGNORECASE,
)
_LONGEST_NOTICE = 200
_LONGEST_NAME = 45
_MOST_BEFORE, _MOST_AFTER = 5, 10
"""Notices about the message are among its first links or its last."""
_MARK = "publisher-layout"


class Letter:
    """The tree of a mail's HTML; each method takes something out and says what. Raises `Unreadable` when it is too long."""

    def __init__(self, html: str) -> None:
        html = short_enough(html)
        whole = html if "<html" in html.lower() else f"<html><body>{html}</body></html>"
        self.root = markup.parse_html(whole.encode())

    def language(self) -> str | None:
        """Return the language that the HTML says it is in."""
        return next((found for each in self.root.iter("html", "body", "div") if (found := each.get("lang"))), None)

    def take_hidden(self) -> str | None:
        """Take out what is not shown; return what mail programs show of it beside the subject."""
        said: str | None = None
        for each in list(self.root.iter()):
            if _is_hidden(each) and _is_inside(each, self.root):
                said = said or line(_FILLERS.sub(" ", " ".join(map(str, each.itertext()))))
                markup.take_out(each)
        return said

    def take_pixels(self) -> int:
        """Take out pictures of a pixel, which count readers or keep a distance; return how many."""
        tiny = [each for each in self.root.iter("img") if _is_tiny(each)]
        for each in tiny:
            markup.take_out(each)
        return len(tiny)

    def take_notice(self, wanted: Callable[[Element], bool]) -> str | None:
        """Take out the paragraph that has the first of the links that are `wanted` and little else; return the link's address."""
        links = list(self.root.iter("a"))
        for link in [*links[:_MOST_BEFORE], *links[_MOST_BEFORE:][-_MOST_AFTER:]]:
            if (address := link.get("href")) and wanted(link):
                block = _paragraph(link)
                if block is not None and len(_words(block)) <= _LONGEST_NOTICE:
                    markup.take_out(block)
                return address
        return None

    def take_heading(self, headline: str) -> None:
        """Take out the first heading when it says what the headline says."""
        first = next((each for each in self.root.iter(*(f"h{n}" for n in range(1, 7))) if _words(each)), None)
        if first is not None and _words(first).casefold() == headline.casefold():
            markup.take_out(first)

    def links(self) -> Iterator[str]:
        """Yield where links go."""
        yield from (address for each in self.root.iter("a") if (address := each.get("href")))

    def pictures(self, resolve: Callable[[str], str | None]) -> list[str]:
        """Give pictures that are inside the message their addresses; return what was referred to."""
        found: list[str] = []
        for each in self.root.iter("img"):
            source = (each.get("src") or "").strip()
            if address := resolve(source):
                each.set("src", address)
                found.append(source)
        return found

    def flatten(self) -> None:
        """Make paragraphs of tables that lay out, and of lines that are two breaks apart."""
        for table in list(self.root.iter("table")):
            if _lays_out(table):
                for each in _own(table):
                    each.tag = "div" if each.tag in ("td", "th", "caption") else _MARK
                table.tag = _MARK
        for each in list(self.root.iter("center")):
            each.tag = "div"
        _strip(self.root)
        _split(self.root)


def is_view(link: Element) -> bool:
    """Return whether a link leads to the message on the web, by what it says."""
    said = _words(link)
    return len(said) <= _LONGEST_NAME and bool(_VIEW.search(said))


def _strip(root: Element) -> None:
    etree.strip_tags(root, _MARK)


def _split(root: Element) -> None:
    """Put a boundary in the place of two breaks after each other."""
    for each in list(root.iter("br")):
        following = each.getnext()
        if following is not None and following.tag == "br" and not (each.tail or "").strip("\xa0 \t\r\n"):
            each.tag = "div"
            each.tail = None
        elif (before := each.getprevious()) is not None and before.tag == "div" and not len(before) and not before.text and not before.tail:
            before.tail = each.tail
            each.tail = None
            if (around := each.getparent()) is not None:
                around.remove(each)


def _words(element: Element) -> str:
    return line("".join(map(str, element.itertext()))) or ""


def _is_hidden(element: Element) -> bool:
    if not isinstance(element.tag, str) or local_name(element) in ("html", "body", "head"):
        return False
    style = element.get("style") or ""
    return element.get("hidden") is not None or bool(_HIDDEN.search(style)) or (bool(_NO_SIZE.search(style)) and not _has_sizes(element))


def _has_sizes(element: Element) -> bool:
    """Return whether something inside shows though the letters around it have no size, which takes the gaps away between columns."""
    return any(each.tag == "img" or "font-size" in (each.get("style") or "") for each in element.iterdescendants())


def _is_inside(element: Element, root: Element) -> bool:
    return element is root or element.getparent() is not None


def _is_tiny(image: Element) -> bool:
    sizes = {name.lower(): value for name, value in _SIZE.findall(image.get("style") or "")}
    for name in ("width", "height"):
        given = (image.get(name) or sizes.get(name) or "").strip().removesuffix("px")
        if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]+)?", given) and float(given) <= _TINY:
            return True
    return False


def _paragraph(element: Element) -> Element | None:
    """Return the paragraph, cell or division right around an element."""
    return next((each for each in element.iterancestors("p", "td", "th", "li", "div")), None)


# -- tables ---------------------------------------------------------------------------------------------------------------


def _own(table: Element) -> Iterator[Element]:
    """Yield the parts of a table, and none of the tables inside."""
    level = list(table)
    while level:
        each = level.pop()
        if each.tag in _TABLE and each.tag not in ("table", "center"):
            yield each
            level += list(each) if each.tag not in ("td", "th", "caption") else []


def _lays_out(table: Element) -> bool:
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    parts = list(_own(table))
    if any(each.tag in ("th", "caption") for each in parts):
        return False
    rows = [[cell for cell in row if cell.tag == "td"] for row in parts if row.tag == "tr"]
    widths = {len(row) for row in rows}
    is_grid = len(rows) > 1 and len(widths) == 1 and widths.pop() > 1
    return not is_grid or any(each.tag in _BLOCK_IN_CELL for row in rows for cell in row for each in cell.iterdescendants())

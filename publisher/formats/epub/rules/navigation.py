"""The navigation document (EPUB 3.3, 7) and the NCX of old reading systems (OPF 2.0.1, 2.4.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import EPUB_TYPE, HTML, NCX, SPACES, SPEC, Book, Document, at, label, quoted, said
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "hgroup")
_KINDS = ("toc", "landmarks", "page-list")
_NCX_SPEC = "https://idpf.org/epub/20/spec/OPF_2.0.1_draft.htm#Section2.4.1"
_NCX_NAMESPACE = "{http://www.daisy.org/z3986/2005/ncx/}"


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav", hint='add a page with properties="nav" that has a nav with epub:type="toc"')
def epub_nav_missing(book: Book) -> Iterator[Finding]:
    """One page is the navigation document, with a table of contents that is not empty."""
    listed = [each for each in book.items if "nav" in each.properties]
    if len(listed) != 1 and not book.is_2:
        yield at(book.package, f"{len(listed)} items are the navigation document")
    for page in book.navs:
        if not any(_kind(each) == "toc" for each in page.html("nav")):
            yield at(page.root, "there is no table of contents")
        elif not any(True for _ in _toc_links(page)):
            yield at(page.root, "there is nothing in the table of contents")


def _kind(nav: Element) -> str:
    """Return which of the lists of a navigation document a nav is."""
    return next((each for each in (nav.get(EPUB_TYPE) or "").split() if each in _KINDS), "")


def _navs(book: Book, *kinds: str) -> Iterator[Element]:
    for page in book.navs:
        yield from (each for each in page.html("nav") if each.get(EPUB_TYPE) and (not kinds or _kind(each) in kinds))


def _toc_links(page: Document) -> Iterator[Element]:
    for nav in page.html("nav"):
        if _kind(nav) == "toc":
            yield from nav.iter(f"{HTML}a")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-def-types", hint="put all entries into one list")
def epub_nav_twice(book: Book) -> Iterator[Finding]:
    """There is one table of contents, at most one list of landmarks and one of pages; reading systems show one of two."""
    for page in book.navs:
        times = Counter(_kind(each) for each in page.html("nav"))
        for each in page.html("nav"):
            if (kind := _kind(each)) and times[kind] > 1:
                yield at(each, f"there are {times[kind]} navs of type {quoted(kind)}")
                break


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-def-model", hint="write nav > ol > li > a or span, and a list inside li after them")
def epub_nav_structure(book: Book) -> Iterator[Finding]:
    """Reading systems make their own contents of the lists, so nothing else may be in them."""
    for nav in _navs(book):
        children = [local_name(each) for each in nav.iterchildren("*")]
        if children[:1] and children[0] in _HEADINGS:
            children = children[1:]
        if children != ["ol"]:
            yield at(nav, f"in the nav there is {', '.join(children) or 'nothing'}, and not one ol")
        for each in nav.iterchildren(f"{HTML}ol"):
            yield from _bad_entries(each)


def _bad_entries(start: Element) -> Iterator[Finding]:
    """Yield what is wrong in a list and those inside it; libxml2 lets no document be deeper than 256 elements."""
    for each in start.iter(f"{HTML}ol"):
        if not len(each):
            yield at(each, "the list has no entries")
        for entry in each.iterchildren("*"):
            parts = [local_name(part) for part in entry.iterchildren("*")]
            loose = "".join((entry.text or "", *((part.tail or "") for part in entry))).strip(SPACES)
            if loose:
                yield at(entry, f"in the entry there is the text {quoted(loose)}")
            elif local_name(entry) != "li":
                yield at(entry, f"in the list there is {quoted(local_name(entry))}, and not li")
            elif parts == ["span"]:
                yield at(entry, "a span has no list after it", "make the span a link, or put a list after it")
            elif parts not in (["a"], ["a", "ol"], ["span", "ol"]):
                yield at(entry, f"in the entry there is {', '.join(parts) or 'nothing'}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-def-model", hint="write what the entry leads to")
def epub_nav_label_empty(book: Book) -> Iterator[Finding]:
    """An entry without text is an empty line in the contents, and silence for who listens."""
    for nav in _navs(book):
        for each in nav.iter(f"{HTML}a", f"{HTML}span"):
            if local_name(each.getparent()) == "li" and not label(each, by_title=False):
                yield at(each, f"the entry {quoted(each.get('href'))} has no text")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-def-model", hint="begin the nav with a heading")
def epub_nav_heading_missing(book: Book) -> Iterator[Finding]:
    """A list of figures, say, is known by its heading alone; only contents, landmarks and pages need none."""
    for nav in _navs(book):
        if not _kind(nav) and next((local_name(each) for each in nav.iterchildren("*")), "") not in _HEADINGS:
            yield at(nav, f"the nav of type {quoted(nav.get(EPUB_TYPE))} has no heading")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-toc", hint="link to a page of the book")
def epub_nav_remote(book: Book) -> Iterator[Finding]:
    """The contents of a book lead to places in the book."""
    for nav in _navs(book, *_KINDS):
        for each in nav.iter(f"{HTML}a"):
            href = (each.get("href") or "").strip(SPACES)
            if href and book.resolve("", href) is None:
                yield at(each, f"the entry leads to {quoted(href)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-landmarks", hint='write what it leads to, such as epub:type="bodymatter"')
def epub_landmark_without_type(book: Book) -> Iterator[Finding]:
    """By its type a reading system knows which landmark is the beginning."""
    for nav in _navs(book, "landmarks"):
        for each in nav.iter(f"{HTML}a"):
            if not (each.get(EPUB_TYPE) or "").strip(SPACES):
                yield at(each, f"the landmark {quoted(label(each))} has no epub:type")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-nav-landmarks", hint="leave one of them")
def epub_landmark_twice(book: Book) -> Iterator[Finding]:
    """Two landmarks of the same type do not lead to the same place."""
    for nav in _navs(book, "landmarks"):
        seen: set[tuple[str, str]] = set()
        for each in nav.iter(f"{HTML}a"):
            keys = {(kind, (each.get("href") or "").strip(SPACES).lower()) for kind in (each.get(EPUB_TYPE) or "").lower().split()}
            if keys & seen:
                yield at(each, f"{quoted(each.get('href'))} is the {quoted(each.get(EPUB_TYPE))} twice")
            seen |= keys


@rule(Severity.WARNING, spec=f"{SPEC}#sec-nav-toc", hint="bring the table of contents into the order of the spine")
def epub_toc_out_of_order(book: Book) -> Iterator[Finding]:
    """The table of contents names the pages in reading order."""
    for page in book.navs:
        last = (-1, -1)
        for link in _toc_links(page):
            place = _place(book, page, (link.get("href") or "").strip(SPACES)) or last
            if place < last:
                yield at(link, f"{quoted(link.get('href'))} comes earlier than the entry before it")
                break
            last = place


def _place(book: Book, nav: Document, href: str) -> tuple[int, int] | None:
    """Return the number of a page in the spine and of an element on it; `None` when it is neither."""
    target = book.resolve(nav.path, href) if href else None
    number = book.in_spine.get(target or "")
    if number is None or target is None:
        return None
    fragment = unquote(href.partition("#")[2])
    if not fragment or target not in book.pages:
        return number, -1
    found = book.pages[target].ids.get(fragment)
    return (number, book.pages[target].order[found[0]]) if found else None


@rule(Severity.WARNING, spec=f"{SPEC}#sec-nav-pagelist", hint="put each page into the one list, without lists inside")
def epub_page_list_nested(book: Book) -> Iterator[Finding]:
    """Pages and landmarks are flat lists; reading systems show the first level only."""
    for nav in _navs(book, "page-list", "landmarks"):
        if len(list(nav.iter(f"{HTML}ol"))) > 1:
            yield at(nav, f"there are lists inside the {_kind(nav)}")


# -- NCX ------------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_NCX_SPEC, hint="write well-formed XML")
def epub_ncx_malformed(book: Book) -> Iterator[Finding]:
    """An NCX that cannot be read leaves old reading systems without contents."""
    for path, item in book.paths.items():
        if item.media_type == NCX and book.bytes(path) is not None:
            document = book.open(path)
            if document is None:
                yield at(item.element, f"{quoted(path)} is not well-formed XML")
            elif document.root.tag != f"{_NCX_NAMESPACE}ncx":
                yield at(document.root, f"the root element is {quoted(str(document.root.tag))}")


@rule(Severity.ERROR, spec=_NCX_SPEC, hint="write the unique identifier of the package into dtb:uid")
def epub_ncx_identifier(book: Book) -> Iterator[Finding]:
    """Old reading systems take an NCX with another identifier for that of another book."""
    for each in book.ncx.root.iter("{*}meta") if book.ncx and book.identifier else ():
        if each.get("name") == "dtb:uid" and (each.get("content") or "").strip(SPACES) != book.identifier:
            yield at(each, f"dtb:uid is {quoted(each.get('content'))}, the identifier is {quoted(book.identifier)}")


@rule(Severity.ERROR, spec=_NCX_SPEC, hint="link to a page of the spine and an id that is on it")
def epub_ncx_target_missing(book: Book) -> Iterator[Finding]:
    """An entry that leads nowhere makes a Kindle refuse the book."""
    for each in book.ncx.root.iter("{*}content") if book.ncx else ():
        source = (each.get("src") or "").strip(SPACES)
        path = book.resolve(book.ncx.path, source) if book.ncx else None
        fragment = unquote(source.partition("#")[2])
        if not source or path is None or path not in book.paths:
            yield at(each, f"there is no {quoted(source)}")
        elif fragment and path in book.pages and fragment not in book.pages[path].ids:
            yield at(each, f"there is no place {quoted(source)}")
        elif path not in book.in_spine:
            yield at(each, f"{quoted(source)} is not in the spine")


@rule(Severity.ERROR, spec=_NCX_SPEC, hint="write navMap > navPoint > navLabel and content, each navPoint with an id of its own")
def epub_ncx_structure(book: Book) -> Iterator[Finding]:
    """The NCX has a map of points, each with a label and a target."""
    if book.ncx is None:
        return
    if next(book.ncx.root.iter("{*}navPoint"), None) is None:
        yield at(book.ncx.root, "there are no entries")
    if book.ncx.root.get("version") is None or next(book.ncx.root.iter("{*}docTitle"), None) is None:
        yield at(book.ncx.root, "the NCX has no version or no docTitle")
    for each in book.ncx.root.iter("{*}navPoint"):
        parts = [local_name(part) for part in each.iterchildren("*")]
        if "navlabel" not in parts or parts.count("content") != 1:
            yield at(each, "an entry has no label or no target")
        if not each.get("id") or len(book.ncx.ids.get(each.get("id") or "", ())) > 1:
            yield at(each, f"the id {quoted(each.get('id'))} is missing or there twice")


@rule(
    Severity.ERROR,
    spec="https://daisy.org/activities/standards/daisy/daisy-3/z39-86-2005-r2012-specifications-for-the-digital-talking-book/#NCX",
    hint="number the entries in reading order from 1; those with one target alike",
)
def epub_ncx_play_order(book: Book) -> Iterator[Finding]:
    """By playOrder entries are sorted; gaps and doubles put them into another order."""
    numbered = [each for each in book.ncx.root.iter("*") if each.get("playOrder")] if book.ncx else []
    orders = {each.get("playOrder") or "": each for each in reversed(numbered)}
    by_order: dict[str, set[str]] = {}
    for each in numbered:
        by_order.setdefault(each.get("playOrder") or "", set()).add(_source(each))
    for order, sources in by_order.items():
        if not order.isdecimal() or (int(order[:9]) > 1 and str(int(order[:9]) - 1) not in orders):
            yield at(orders[order], f"playOrder is {quoted(order)}, and there is none before it")
        elif len(sources) > 1:
            yield at(orders[order], f"{len(sources)} targets have playOrder {quoted(order)}")
    if numbered and "1" not in orders:
        yield at(numbered[0], "no playOrder is 1")


def _source(entry: Element) -> str:
    return next((each.get("src") or "" for each in entry.iterchildren("{*}content")), "")


@rule(Severity.INFO, spec=_NCX_SPEC, hint="write what the entry leads to")
def epub_ncx_label_empty(book: Book) -> Iterator[Finding]:
    """An entry without text is an empty line in the contents of old reading systems."""
    for each in book.ncx.root.iter("{*}navPoint") if book.ncx else ():
        labels = [said(text) for own in each.iterchildren("{*}navLabel") for text in own.iter("{*}text")]
        if labels and not any(labels):
            yield at(each, "an entry has no text")

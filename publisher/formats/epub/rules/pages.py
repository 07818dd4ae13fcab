"""XHTML pages: whether they can be opened, what they link to and what they show (EPUB 3.3, 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import unquote

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import (
    A11Y,
    EPUB_TYPE,
    HTML,
    HTML_SPEC,
    PAGE,
    SPACES,
    SPEC,
    SVG,
    XML_LANG,
    Book,
    Document,
    Link,
    Spot,
    at,
    nearest,
    quoted,
    said,
    script_kind,
)
from publisher.markup import Element, parse_xml
from publisher.problems import Finding, Severity, Unreadable, rule
from publisher.text import language

_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_MARKUP = (PAGE, SVG, "application/x-dtbook+xml", "text/html")
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*", re.IGNORECASE)
_EXTERNAL = re.compile(rb"<!ENTITY\s++[^<>]*?\b(?:SYSTEM|PUBLIC)\b", re.IGNORECASE)
_VIEWPORT = re.compile(r"(width|height)\s*=\s*(\d+(?:\.\d+)?|device-\1)\b", re.IGNORECASE)
_NOT_IN_AN_ADDRESS = re.compile(r'[\s"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})')
_BRACKET = re.compile(r"https?://[^/?#]*[/?#][^\[\]]*[\[\]]", re.IGNORECASE)
_HALF_ABSOLUTE = re.compile(r"https?:(?!//[^/])", re.IGNORECASE)
_NEAR = 5
"""How many elements inside of a target may say that it is a note."""
_NOTES = frozenset("footnote endnote rearnote note doc-footnote doc-endnote footnotes endnotes rearnotes doc-endnotes".split())
_TYPES = frozenset(
    "abstract acknowledgments afterword annoref annotation appendix aside assessment backlink backmatter biblioentry bibliography "
    "biblioref bodymatter bridgehead chapter colophon concluding-sentence conclusion contributors copyright-page cover covertitle credit "
    "credits dedication division endnote endnotes epigraph epilogue errata figure footnote footnotes foreword frontmatter fulltitle "
    "glossary glossdef glossref glossterm halftitle halftitlepage help imprimatur imprint index introduction keyword landmarks "
    "learning-objective learning-resource list list-item loa loi lot lov marginalia note noteref notice other-credits page-list pagebreak "
    "part preamble preface prologue pullquote qna rearnote rearnotes revision-history sidebar subchapter subtitle table table-cell "
    "table-row tip title titlepage toc topic-sentence volume warning balloon panel panel-group sound-area text-area region-based "
    "antonym-group condensed-entry def dictentry dictionary etymology example gram-info idiom part-of-speech part-of-speech-group "
    "part-of-speech-list phonetic-transcription phrase-group phrase-list sense-group sense-list synonym-group tran tran-info "
    "index-editor-note index-entry index-entry-list index-group index-headnotes index-legend index-locator index-locator-list "
    "index-locator-range index-term index-term-categories index-term-category index-xref-preferred index-xref-related".split()
)
"""EPUB SSV 1.1, with the vocabularies for comics, dictionaries, indexes and data navigation."""


@rule(Severity.ERROR, spec=f"{SPEC}#sec-xhtml-req", hint="write well-formed XML")
def epub_page_malformed(book: Book) -> Iterator[Finding]:
    """Pages are XML, and reading systems stop at the first mistake in it."""
    for path, item in book.paths.items():
        if item.media_type in (PAGE, SVG) and path not in book.pages and (data := book.bytes(path)) is not None:
            try:
                parse_xml(data)
            except Unreadable as error:
                found = error.problems[0]
                yield at(Spot(path=path, line=found.location.line, column=found.location.column), found.message, found.hint)


@rule(Severity.ERROR, spec=f"{SPEC}#sec-xhtml-req", hint='begin with <html xmlns="http://www.w3.org/1999/xhtml">')
def epub_page_namespace(book: Book) -> Iterator[Finding]:
    """Without the namespace of XHTML browsers show a page as plain text."""
    for page in book.pages.values():
        if page.root.tag != f"{HTML}html":
            yield at(page.root, f"the root element is {quoted(str(page.root.tag))}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-xml-constraints", hint="save the file as UTF-8")
def epub_encoding_wrong(book: Book) -> Iterator[Finding]:
    """Pages are UTF-8, other XML in a book may be UTF-16; all other encodings are read as garbage."""
    for path, document in ((book.path, book.document), *book.pages.items()):
        if path != book.path and document.body.startswith(_UTF_16):
            yield at(Spot(path=path, line=1, column=1), "the encoding is 'UTF-16'")
        elif (found := _ENCODING.match(document.body)) and found[1].decode().lower() not in ("utf-8", "utf8", "utf-16"):
            yield at(Spot(path=path, line=1, column=1), f"the encoding is {quoted(found[1].decode())}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-xml-constraints", hint="write <!DOCTYPE html>")
def epub_doctype_forbidden(book: Book) -> Iterator[Finding]:
    """The document types of XHTML 1 name files on the web, which no book may need."""
    for path, page in book.pages.items() if not book.is_2 else ():
        about = page.root.getroottree().docinfo
        system = about.system_url  # type: ignore[attr-defined]  # lxml-stubs 0.5 do not know it
        if about.public_id or system not in (None, "", "about:legacy-compat"):
            declared = _doctype(page)
            yield at(
                Spot(path=path, line=page.body.count(b"\n", 0, page.body.find(declared)) + 1),
                f"the document type {quoted(_text(declared))}",
            )


def _doctype(page: Document) -> bytes:
    found = _DOCTYPE.search(page.body)
    return found[0] if found else b""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-xml-constraints", hint="write the text itself")
def epub_entity_external(book: Book) -> Iterator[Finding]:
    """An entity from a file is not read by any reading system that is careful."""
    for path, page in (*book.pages.items(), (book.path, book.document)):
        if _declares(page) and (found := _EXTERNAL.search(page.body)):
            yield at(Spot(path=path, line=page.body.count(b"\n", 0, found.start()) + 1), f"the entity {quoted(_text(found[0]))}")


def _declares(page: Document) -> bool:
    """Return whether the document type declares entities; what looks so in a comment does not."""
    inner = page.root.getroottree().docinfo.internalDTD
    return inner is not None and any(True for _ in inner.iterentities())  # type: ignore[attr-defined]  # nor this


@rule(Severity.ERROR, spec=f"{HTML_SPEC}semantics.html#the-title-element", hint="give the page a title")
def epub_page_without_title(book: Book) -> Iterator[Finding]:
    """The title is what screen readers say first."""
    for page in book.pages.values():
        if page.root.tag == f"{HTML}html" and not any(local_name(each.getparent()) == "head" and said(each) for each in page.html("title")):
            yield at(page.root, "the page has no title")


@rule(Severity.WARNING, spec=f"{A11Y}#sec-wcag-gen", hint="give the page lang and xml:lang with the same BCP 47 tag")
def epub_page_language_missing(book: Book) -> Iterator[Finding]:
    """By the language of a page a voice is chosen, and where words are broken."""
    for page in book.pages.values():
        html, xml = page.root.get("lang"), page.root.get(XML_LANG)
        tag = html or xml
        if not tag or (_LANGUAGE.fullmatch(tag) and not (language(tag) or tag == "und")):
            yield at(page.root, f"the language of the page is {quoted(tag)}" if tag else "the page has no language")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}dom.html#the-lang-and-xml:lang-attributes", hint="write the same BCP 47 tag in both")
def epub_language_contradictory(book: Book) -> Iterator[Finding]:
    """A text is in one language: what lang and xml:lang say is the same, and a tag."""
    for page in book.pages.values():
        if b"lang=" not in page.body:
            continue
        for each in page.root.iter(f"{HTML}*"):
            html, xml = each.get("lang"), each.get(XML_LANG)
            if html is not None and xml is not None and html.lower() != xml.lower():
                yield at(each, f"lang is {quoted(html)}, xml:lang is {quoted(xml)}")
            elif (tag := html or xml) and not _LANGUAGE.fullmatch(tag):
                yield at(each, f"{quoted(tag)} is no language tag")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}dom.html#the-id-attribute", hint="give each element an id of its own")
def epub_id_twice(book: Book) -> Iterator[Finding]:
    """A link to an id that two elements have goes to one of them by chance."""
    for document in (book.document, *book.pages.values()):
        for value, found in document.ids.items():
            if len(found) > 1 and not (document is book.document and all(local_name(each) == "item" for each in found)):
                yield at(found[1], f"{len(found)} elements have the id {quoted(value)}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}semantics.html#charset", hint='write <meta charset="utf-8"/>')
def epub_charset_wrong(book: Book) -> Iterator[Finding]:
    """A page in UTF-8 that says it is in another encoding is garbage in the reading systems that believe it."""
    for page in book.pages.values() if not book.is_2 else ():
        for each in page.html("meta"):
            declared = (each.get("http-equiv") or "").lower() == "content-type"
            if each is not next(_charsets(page), each) and (declared or each.get("charset")):
                yield at(each, "the charset is declared twice")
            elif (each.get("charset") or "utf-8").lower() != "utf-8":
                yield at(each, f"the charset is {quoted(each.get('charset'))}")
            elif declared and not re.fullmatch(r"text/html;\s*charset=utf-8", (each.get("content") or "").strip(SPACES), re.IGNORECASE):
                yield at(each, f"the content-type is {quoted(each.get('content'))}", "write text/html; charset=utf-8")


def _charsets(page: Document) -> Iterator[Element]:
    return (each for each in page.html("meta") if each.get("charset") or (each.get("http-equiv") or "").lower() == "content-type")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-xhtml-deviations-base", hint="take base out, and write each address in full")
def epub_base_element(book: Book) -> Iterator[Finding]:
    """Reading systems differ in what they make of base; links on the page lead elsewhere in some."""
    for page in book.pages.values():
        for each in page.html("base"):
            if each.get("href"):
                yield at(each, f"the base of the page is {quoted(each.get('href'))}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-fxl-content-dimensions", hint='write <meta name="viewport" content="width=1200, height=1600"/>')
def epub_viewport_missing(book: Book) -> Iterator[Finding]:
    """A page of fixed layout says how wide and how high it is; else it is shown at any size."""
    for path, page in book.pages.items():
        found = [each for each in page.html("meta") if (each.get("name") or "").strip() == "viewport"]
        if _is_fixed(book, path) and (
            not found or {each[0].lower() for each in _VIEWPORT.findall(found[0].get("content") or "")} != {"width", "height"}
        ):
            yield at(
                found[0] if found else page.root, f"the viewport is {quoted(found[0].get('content'))}" if found else "there is no viewport"
            )


def _is_fixed(book: Book, path: str) -> bool:
    place = book.in_spine.get(path)
    if place is None or book.is_2 or path != getattr(book.by_id.get(book.spine[place].get("idref") or ""), "path", None):
        return False
    own = (book.spine[place].get("properties") or "").split()
    if "rendition:layout-pre-paginated" in own or "rendition:layout-reflowable" in own:
        return "rendition:layout-pre-paginated" in own
    return book.is_pre_paginated


# -- links ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#sec-resource-locations", hint="link to a page and an id that are in the book")
def epub_link_broken(book: Book) -> Iterator[Finding]:
    """A link inside the book goes to a page that is there, and to an id on it."""
    for link in book.links:
        if not link.href or link.target is None or not book.is_inside(link.target):
            continue
        fragment = unquote(link.href.partition("#")[2])
        if link.target not in book.archive.names:
            yield at(link.element, f"there is no {quoted(link.href)}")
        elif fragment and (page := book.pages.get(link.target)) and fragment not in page.ids and not _is_pointer(fragment):
            yield at(link.element, f"there is no place {quoted(link.href)}", nearest(fragment, page.ids))


def _is_pointer(fragment: str) -> bool:
    return fragment.startswith(("epubcfi(", "xpointer(", ":~:", "t=", "xywh="))


@rule(Severity.ERROR, spec=f"{SPEC}#sec-itemref-elem", hint='put the page into the spine, with linear="no" when it is not read in order')
def epub_link_outside_spine(book: Book) -> Iterator[Finding]:
    """Reading systems open pages of the spine only; other links do nothing."""
    for link in book.links:
        item = book.paths.get(link.target or "")
        if item and item.media_type in (PAGE, SVG) and link.target not in book.in_spine and _goes_away(book, link):
            yield at(link.element, f"{quoted(link.href)} is not in the spine")


def _goes_away(book: Book, link: Link) -> bool:
    return bool(link.href) and link.target != link.page.path and link.target in book.archive.names


@rule(Severity.ERROR, spec=f"{SPEC}#sec-foreign-resources", hint="put it on a page, and link to that")
def epub_link_to_no_page(book: Book) -> Iterator[Finding]:
    """A link leads to a page; what reading systems do with a picture or a PDF is open."""
    for link in book.links:
        item = book.paths.get(link.target or "")
        if item is None and _goes_away(book, link):
            yield at(link.element, f"{quoted(link.href)} is not in the manifest")
        elif item and _goes_away(book, link) and not any(one.media_type in _MARKUP for one in book.chain(item)):
            yield at(link.element, f"{quoted(link.href)} is {quoted(item.media_type)}, and no page")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-iri", hint="write the way from this page to the file, such as ../images/a.jpg")
def epub_address_outside(book: Book) -> Iterator[Finding]:
    """An address that begins with a slash, leads above the book or to somebody's disk is nothing in the reader's hand."""
    for each in (*book.links, *book.shown):
        if each.href.lower().startswith("file:") or (each.target is not None and not book.is_inside(each.target)):
            yield at(each.element, f"the address {quoted(each.href)}")
        elif each.kind == "link" and each.href[:5].lower() == "data:":
            yield at(each.element, f"the link {quoted(each.href)} is data")


@rule(Severity.ERROR, spec="https://url.spec.whatwg.org/#url-writing", hint="percent-encode what is no part of an address")
def epub_address_malformed(book: Book) -> Iterator[Finding]:
    """Each reading system guesses differently what a wrong address means."""
    for each in (*book.links, *book.shown):
        wrong = _NOT_IN_AN_ADDRESS.search(each.href) or _HALF_ABSOLUTE.match(each.href) or _BRACKET.match(each.href)
        if wrong and not each.href.lower().startswith(("data:", "javascript:")):
            yield at(each.element, f"the address {quoted(each.href)}")


@rule(Severity.WARNING, spec="https://www.w3.org/TR/epub-ssv-11/#noteref", hint='let it lead to an aside with epub:type="footnote"')
def epub_noteref_without_note(book: Book) -> Iterator[Finding]:
    """Apple Books and others show a note above the page, when what a noteref leads to says that it is one."""
    for link in book.links:
        kinds = {*(link.element.get(EPUB_TYPE) or "").split(), *(link.element.get("role") or "").split()}
        page = book.pages.get(link.target or "") if kinds & {"noteref", "doc-noteref"} else None
        found = page.ids.get(unquote(link.href.partition("#")[2]), []) if page else []
        if found and not any(is_note(each) for each in found):
            yield at(link.element, f"{quoted(link.href)} leads to {quoted(local_name(found[0]))}, which is no note")


def is_note(element: Element) -> bool:
    """Return whether the element, or what is around it or near its beginning, says that it is a note."""
    around = (element, *element.iterancestors(), *islice(element.iterdescendants("*"), _NEAR))
    return any(_NOTES & {*(each.get(EPUB_TYPE) or "").split(), *(each.get("role") or "").split()} for each in around)


# -- what is shown --------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#sec-resource-locations", hint="put the file into the book, or link to it")
def epub_resource_remote(book: Book) -> Iterator[Finding]:
    """What a page shows is in the book, so that it can be read on a train; only sound and video may be elsewhere."""
    for each in book.shown:
        recording = each.kind in ("audio", "video") or local_name(each.element) in ("script", "track")
        if not recording and each.href and each.target is None and _is_web(each.href):
            yield at(each.element, f"{quoted(each.href)} is not in the book")


def _is_web(href: str) -> bool:
    return not href.lower().startswith(("data:", "file:", "about:", "blob:"))


@rule(Severity.ERROR, spec=f"{SPEC}#sec-manifest-elem", hint="put the file into the book and list it in the manifest")
def epub_resource_missing(book: Book) -> Iterator[Finding]:
    """What a page shows is in the manifest."""
    for each in book.shown:
        if not each.href:
            yield at(each.element, f"the {local_name(each.element)} has no address")
        elif each.target is None and each.kind in ("audio", "video") and _is_web(each.href) and each.href not in book.remote:
            yield at(each.element, f"{quoted(each.href)} is not in the manifest")
        elif each.target is not None and each.target not in book.paths and book.is_inside(each.target):
            yield at(each.element, f"there is no {quoted(each.href)}")


@rule(
    Severity.ERROR,
    spec=f"{HTML_SPEC}images.html#alt",
    hint='describe the picture, or write alt="" when it is decoration',
)
def epub_alternative_text_missing(book: Book) -> Iterator[Finding]:
    """Without alternative text a screen reader says the name of the file."""
    for page in book.pages.values():
        for each in page.html("img"):
            alternative = each.get("alt")
            if alternative is None or (alternative and not alternative.strip(" ")):
                yield at(each, f"the picture {quoted(each.get('src'))} has no alternative text")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-scripted-content", hint="take the script out; JSON-LD is no script")
def epub_script(book: Book) -> Iterator[Finding]:
    """Few reading systems run scripts, and none that a newspaper needs."""
    for page in book.pages.values():
        for each in page.html("script"):
            if script_kind(each):
                yield at(each, "there is a script")


@rule(Severity.INFO, spec="https://www.w3.org/TR/epub-ssv-11/", hint="take a type of EPUB SSV 1.1")
def epub_type_unknown(book: Book) -> Iterator[Finding]:
    """Reading systems pass over a type that is in no vocabulary."""
    for page in book.pages.values():
        for element, kinds in page.typed:
            for kind in kinds:
                if ":" not in kind and kind not in _TYPES:
                    yield at(element, f"{quoted(kind)} is no type", nearest(kind, _TYPES))


@rule(Severity.ERROR, spec=f"{SPEC}#sec-prefix-attr", hint="declare the prefix in epub:prefix of the html element")
def epub_type_prefix_undeclared(book: Book) -> Iterator[Finding]:
    """A type with a prefix that nobody declared means nothing."""
    for page in book.pages.values() if not book.is_2 else ():
        declared = (page.root.get("{http://www.idpf.org/2007/ops}prefix") or "").split()
        known = {"msv", "prism", *(each.rstrip(":") for each in declared if each.endswith(":"))}
        for element, kinds in page.typed:
            for kind in kinds:
                if ":" in kind and kind.partition(":")[0] not in known:
                    yield at(element, f"the prefix of {quoted(kind)} is not declared")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-xhtml-content-switch", hint="write one text for all reading systems")
def epub_switch_deprecated(book: Book) -> Iterator[Finding]:
    """No reading system chooses by epub:switch any more: readers see all of it, or nothing."""
    for page in book.pages.values():
        for each in page.root.iter("{http://www.idpf.org/2007/ops}switch", "{http://www.idpf.org/2007/ops}trigger"):
            yield at(each, f"there is an epub:{local_name(each)}")

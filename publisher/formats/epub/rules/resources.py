"""Files of the manifest: media types, fallbacks, what is elsewhere (EPUB 3.3, 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import PAGE, SPACES, SPEC, SVG, Book, Document, Item, at, nearest, quoted, script_kind
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")
_CORE_IMAGES = frozenset(("image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"))
_MAY_BE_REMOTE = re.compile(r"(audio|video|font)/|application/(font-|x-font|vnd\.ms-opentype)")
_KINDS = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF8", "image/gif"), (b"%PDF-", "application/pdf"))
_ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif", "jif"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
}
_OLD = {
    "text/html": PAGE,
    "text/x-oeb1-document": PAGE,
    "text/x-oeb1-css": "text/css",
    "image/jpg": "image/jpeg",
    "application/x-font-ttf": "font/ttf",
    "application/x-font-truetype": "font/ttf",
    "application/x-font-opentype": "font/otf",
    "application/x-font-otf": "font/otf",
}
_CORE = re.compile(
    r"text/(css|javascript|vtt)|image/(gif|jpeg|png|svg\+xml|webp)|audio/|video/|font/"
    r"|application/(xhtml\+xml|javascript|ecmascript|x-javascript|x-dtbncx\+xml|smil\+xml|pls\+xml|font-|vnd\.ms-opentype|x-dtbook\+xml)"
)
_MATHML = "{http://www.w3.org/1998/Math/MathML}math"
_SVG_ELEMENT = "{http://www.w3.org/2000/svg}svg"
_SWITCH = "{http://www.idpf.org/2007/ops}switch"
_HANDLER = re.compile(r"on[a-z]+")
_HANDLERS = re.compile(rb"\son[a-z]+\s*=")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-media-type", hint="write the media type of the file, such as application/xhtml+xml")
def epub_media_type_malformed(book: Book) -> Iterator[Finding]:
    """By the media type a reading system decides what to do with a file."""
    for each in book.items:
        if not _MEDIA_TYPE.fullmatch(each.media_type):
            yield at(each.element, f"the media-type of {quoted(each.href)} is {quoted(each.media_type)}")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-media-type", hint="write the media type that the bytes are of")
def epub_media_type_wrong(book: Book) -> Iterator[Finding]:
    """A PNG that says it is a JPEG is not shown by every reading system."""
    for path, item in book.paths.items():
        if item.media_type in _ENDINGS and (data := book.bytes(path)) is not None and (kind := _kind(data)) != item.media_type:
            found = "empty" if not data else kind or "something else"
            yield at(item.element, f"{quoted(path)} is {found}, not {item.media_type}")


def _kind(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for mark, kind in _KINDS if data.startswith(mark)), "")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-core-media-types", hint="put the whole file into the book")
def epub_image_cut(book: Book) -> Iterator[Finding]:
    """Of a picture that ends too early readers see a part, or nothing."""
    for path, item in book.paths.items():
        whole = _WHOLE.get(item.media_type)
        data = book.bytes(path) if whole else None
        if whole and data is not None and _kind(data) == item.media_type and not whole(data):
            yield at(item.element, f"{quoted(path)} ends too early")


def _png_is_whole(data: bytes) -> bool:
    place = 8
    while place + 12 <= len(data):
        length, name = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        if name == b"IEND":
            return True
        place += 12 + length
    return False


def _jpeg_is_whole(data: bytes) -> bool:
    """Return whether there is a scan, and the mark of the end after it: with a small picture inside there are two such marks."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF:
        if data[place + 1] == 0xDA:
            return data.rfind(b"\xff\xd9") > place
        filling = data[place + 1] == 0xFF
        place += 1 if filling else 2 + int.from_bytes(data[place + 2 : place + 4])
    return False


def _webp_is_whole(data: bytes) -> bool:
    return int.from_bytes(data[4:8], "little") + 8 <= len(data)


_WHOLE = {"image/png": _png_is_whole, "image/jpeg": _jpeg_is_whole, "image/webp": _webp_is_whole}


@rule(Severity.WARNING, spec=f"{SPEC}#attrdef-media-type", hint="name the file by what it is")
def epub_extension_wrong(book: Book) -> Iterator[Finding]:
    """Some reading systems go by the end of the name, and show no picture."""
    for path, item in book.paths.items():
        ending = path.rpartition("/")[2].rpartition(".")[2].lower()
        others = {each for kind, endings in _ENDINGS.items() if kind != item.media_type for each in endings}
        if item.media_type in _ENDINGS and ending in others:
            yield at(item.element, f"{quoted(path)} is {item.media_type}")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-core-media-types", hint="write the media type of today")
def epub_media_type_old(book: Book) -> Iterator[Finding]:
    """Media types of before EPUB 3 are not known to every reading system."""
    for each in book.items:
        if better := _OLD.get(each.media_type.lower()):
            yield at(each.element, f"{quoted(each.href)} is {quoted(each.media_type)}", f"write {better}")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-item-fallback", hint="name another item of the manifest that needs no fallback")
def epub_fallback_broken(book: Book) -> Iterator[Finding]:
    """A chain of fallbacks ends at something that every reading system knows."""
    for each in book.items:
        fallback = each.element.get("fallback")
        if fallback is None:
            continue
        last = list(book.chain(each))[-1]
        goes_on = (last.element.get("fallback") or "").strip(SPACES)
        if fallback.strip(SPACES) not in book.by_id:
            yield at(each.element, f"there is no item {quoted(fallback)}")
        elif goes_on in book.by_id:
            yield at(each.element, f"the fallbacks of {quoted(each.id)} go in a circle, or on and on")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-spine-elem", hint="put pages into the spine, or give the item a fallback that is one")
def epub_spine_foreign(book: Book) -> Iterator[Finding]:
    """What is read in order is XHTML or SVG; everything else needs a page to fall back on."""
    known = (PAGE, SVG, "application/x-dtbook+xml", "text/x-oeb1-document", "text/html") if book.is_2 else (PAGE, SVG)
    for each in book.spine:
        item = book.by_id.get((each.get("idref") or "").strip(SPACES))
        if item and not any(one.media_type in known for one in book.chain(item)):
            yield at(each, f"{quoted(item.href)} is {quoted(item.media_type)}, and no page")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-resource-locations", hint="put the file into the book")
def epub_item_remote(book: Book) -> Iterator[Finding]:
    """Only sound, video and fonts may be elsewhere: the rest must be there on a train, too."""
    scripted = bool(book.remote) and any(map(_is_scripted, book.pages.values()))  # scripts may fetch anything
    for href, item in book.remote.items():
        elsewhere = _MAY_BE_REMOTE.match(item.media_type) or (scripted and item.media_type not in (PAGE, "text/css", *_CORE_IMAGES))
        if not href.startswith("data:") and not elsewhere:
            yield at(item.element, f"{quoted(href)} is not in the book")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-foreign-resources", hint="give the item a fallback of a core media type, or convert it")
def epub_image_foreign(book: Book) -> Iterator[Finding]:
    """Pictures that reading systems need not know have a fallback."""
    core = _CORE_IMAGES - {"image/webp"} if book.is_2 else _CORE_IMAGES
    for each in book.shown:
        item = book.paths.get(each.target or "") if each.href and each.kind == "image" else None
        if item and item.media_type != PAGE and not any(one.media_type in core for one in book.chain(item)) and not _has_type(each.element):
            yield at(each.element, f"{quoted(each.href)} is {quoted(item.media_type)}, and has no fallback")


def _has_type(source: Element) -> bool:
    return local_name(source) == "source" and bool(source.get("type"))


# -- what the manifest says about pages -----------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#app-item-properties-vocab", hint="add the property to the item of the page")
def epub_page_property_missing(book: Book) -> Iterator[Finding]:
    """By these a reading system knows before it opens a page what it will need."""
    for path, page in book.pages.items() if not book.is_2 else ():
        item = book.paths[path]
        for name in sorted(_needed(page) - item.properties):
            yield at(item.element, f"{quoted(item.href)} does not say {name}")


@rule(Severity.ERROR, spec=f"{SPEC}#app-item-properties-vocab", hint="take the property away")
def epub_page_property_untrue(book: Book) -> Iterator[Finding]:
    """A page that says it has scripts and has none is not opened where scripts are not wanted."""
    for path, page in book.pages.items() if not book.is_2 else ():
        item = book.paths[path]
        claimed = item.properties & {"mathml", "scripted", "svg", "switch"}
        if any(script_kind(each) == "module" for each in page.html("script")):
            claimed -= {"scripted"}  # EPUBCheck 5.3 does not want it for modules, EPUB 3.3 (5.6.5) does: both are left alone
        untrue = claimed - _needed(page) if claimed else set()
        for name in sorted(untrue - ({"svg"} if untrue and _shows_svg(book, page) else set())):
            yield at(item.element, f"{quoted(item.href)} says {name}, and there is none")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-remote-resources", hint="take the property away")
def epub_remote_property_untrue(book: Book) -> Iterator[Finding]:
    """A page that needs nothing from elsewhere does not say so."""
    for path, page in book.pages.items() if not book.is_2 else ():
        item = book.paths[path]
        if "remote-resources" in item.properties and not {"remote-resources", "scripted"} & _needed(page) and not _links_css(page):
            yield at(item.element, f"{quoted(item.href)} says remote-resources, and there are none")


def _links_css(page: Document) -> bool:
    """Return whether CSS could be what needs something from elsewhere."""
    return any(each.kind == "style" for each in page.references) or any(True for _ in page.html("style"))


def _needed(page: Document) -> set[str]:
    found: set[str] = set()
    for name, tag in (("mathml", _MATHML), ("svg", _SVG_ELEMENT), ("switch", _SWITCH)):
        if tag in page.tags:
            found.add(name)
    if _is_scripted(page):
        found.add("scripted")
    if any(each.href.startswith(("http://", "https://")) for each in page.references if each.kind not in ("style", "image")):
        found.add("remote-resources")
    return found


def _is_scripted(page: Document) -> bool:
    """Return whether a page has scripts, forms or handlers of events; JSON-LD is a data block (EPUB 3.3, 6.3)."""
    if any(True for _ in page.html("form")):
        return True
    if any(script_kind(each) == "script" for each in page.html("script")):
        return True
    return bool(_HANDLERS.search(page.body)) and any(_HANDLER.fullmatch(str(name)) for each in page.root.iter("*") for name in each.attrib)


def _shows_svg(book: Book, page: Document) -> bool:
    shown = (book.paths.get(book.resolve(page.path, each.href) or "") for each in page.references)
    return any(item and item.media_type == SVG for item in shown) or any(each.get("type") == SVG for each in page.html("object"))


@rule(Severity.ERROR, spec=f"{SPEC}#sec-media-overlays", hint="name an item that is application/smil+xml")
def epub_overlay_broken(book: Book) -> Iterator[Finding]:
    """A page that is read aloud by a recording names the overlay that says when."""
    for each in book.items:
        overlay = (each.element.get("media-overlay") or "").strip(SPACES)
        if overlay and (overlay not in book.by_id or book.by_id[overlay].media_type != "application/smil+xml"):
            yield at(each.element, f"the overlay {quoted(overlay)} of {quoted(each.href)} is none", nearest(overlay, _overlays(book)))


def _overlays(book: Book) -> list[str]:
    return [each.id for each in book.items if each.media_type == "application/smil+xml"]


@rule(Severity.INFO, spec=f"{SPEC}#sec-core-media-types", hint="link to it from outside, or give it a fallback")
def epub_item_foreign(book: Book) -> Iterator[Finding]:
    """What no reading system has to know is shown by few of them."""
    for each in book.items:
        if not any(_core(one) for one in book.chain(each)):
            yield at(each.element, f"{quoted(each.href)} is {quoted(each.media_type)}")


def _core(item: Item) -> bool:
    return bool(_CORE.match(item.media_type)) or item.media_type.lower() in _OLD

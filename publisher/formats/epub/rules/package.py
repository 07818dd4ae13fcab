"""The package document: what the book says about itself, and the order of its pages (EPUB 3.3, 5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import unquote
from uuid import UUID

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import NCX, PAGE, SPACES, SPEC, XML_LANG, Book, Item, at, nearest, quoted, said
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MODIFIED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*|[xi](-[A-Za-z0-9]{1,8})+")
_W3C_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
_NAME = re.compile(r"[^\W\d][\w.\-·]*")
_PREFIXES = frozenset("a11y dcterms marc media onix rendition schema xsd".split())
"""Reserved prefixes (D.1.4)."""
_META = frozenset(
    "alternate-script authority belongs-to-collection collection-type dictionary-type display-seq file-as group-position "
    "identifier-type meta-auth pageBreakSource role source-language source-of target-language term title-type".split()
)
_ITEM = frozenset("cover-image data-nav dictionary glossary index mathml nav remote-resources scripted search-key-map svg switch".split())
_ITEMREF = frozenset("page-spread-left page-spread-right".split())
_RELATIONS = frozenset("acquire alternate marc21xml-record mods-record onix-record record voicing xml-signature xmp-record".split())
_DUBLIN_CORE = frozenset(
    "contributor coverage creator date description format identifier language publisher relation rights source subject title type".split()
)
_RENDITION = {
    "rendition:layout": frozenset("reflowable pre-paginated".split()),
    "rendition:flow": frozenset("paginated scrolled-continuous scrolled-doc auto".split()),
    "rendition:orientation": frozenset("landscape portrait auto".split()),
    "rendition:spread": frozenset("none landscape portrait both auto".split()),
}
_REFINES = {
    "collection-type": ("meta",),
    "identifier-type": ("identifier", "source"),
    "role": ("creator", "contributor", "publisher"),
    "source-of": ("source",),
    "title-type": ("title",),
    "authority": ("subject",),
    "term": ("subject",),
}
_OF_EPUB_2 = ("role", "file-as", "scheme", "event")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-package-elem", hint="write the namespaces of OPF and of Dublin Core exactly")
def epub_package_namespace(book: Book) -> Iterator[Finding]:
    """Reading systems know elements by their namespace; in another one a title is none."""
    for each in (book.package, *book.package.iter("{*}metadata", "{*}manifest", "{*}spine")):
        if each.tag != _OPF + local_name(each):
            yield at(each, f"the element {quoted(str(each.tag))} has the wrong namespace")
    for each in (*book.dc("identifier"), *book.dc("title"), *book.dc("language")):
        if each.tag != _DC + local_name(each):
            yield at(each, f"the element {quoted(str(each.tag))} has the wrong namespace")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-package-elem", hint="write metadata, manifest and spine, once each, in this order")
def epub_package_incomplete(book: Book) -> Iterator[Finding]:
    """The package has metadata, a manifest and a spine, in this order."""
    needed = ["metadata", "manifest", "spine"]
    if (found := [name for each in book.package.iterchildren("*") if (name := local_name(each)) in needed]) != needed:
        yield at(book.package, f"the package has {', '.join(found) or 'nothing'}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-package-elem", hint='write version="3.0"')
def epub_version_unknown(book: Book) -> Iterator[Finding]:
    """The version is 3.0 for every EPUB 3, and 2.0 for every EPUB 2."""
    if (version := book.package.get("version")) not in ("3.0", "2.0"):
        yield at(book.package, f"the version is {quoted(version)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf-dcidentifier", hint="give the dc:identifier that unique-identifier names")
def epub_identifier_missing(book: Book) -> Iterator[Finding]:
    """The unique identifier tells books apart, and is the same for every release of one."""
    if not book.identifier:
        named = book.package.get("unique-identifier")
        yield at(book.package, f"there is no dc:identifier with the id {quoted(named)}")


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/rfc/rfc9562#section-4", hint="write 32 hexadecimal digits in groups of 8-4-4-4-12")
def epub_uuid_malformed(book: Book) -> Iterator[Finding]:
    """What calls itself a UUID and is none may be the same as another book's."""
    for each in book.dc("identifier"):
        scheme = next((value for name, value in each.attrib.items() if str(name).rpartition("}")[2] == "scheme"), "")
        value = said(each)
        if (value.lower().startswith("urn:uuid:") or str(scheme).lower() == "uuid") and not _is_uuid(value):
            yield at(each, f"{quoted(value)} is no UUID")


def _is_uuid(value: str) -> bool:
    digits = value.lower().removeprefix("urn:uuid:")
    try:
        return str(UUID(digits)) == digits
    except ValueError:
        return False


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf-dctitle", hint="add a dc:title")
def epub_title_missing(book: Book) -> Iterator[Finding]:
    """The title is what shelves show."""
    if not any(map(said, book.dc("title"))):
        yield at(book.package, "there is no dc:title")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf-dclanguage", hint="write a BCP 47 tag, such as en or pt-BR")
def epub_language_malformed(book: Book) -> Iterator[Finding]:
    """The language is a well-formed tag; und where it is not known."""
    found = book.dc("language")
    for each in found:
        if not _LANGUAGE.fullmatch(said(each).replace("_", "-") if book.is_2 else said(each)):
            yield at(each, f"{quoted(said(each))} is no language tag")
    if not found:
        yield at(book.package, "there is no dc:language")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-xml-lang", hint="write a BCP 47 tag, such as en or pt-BR")
def epub_package_language_malformed(book: Book) -> Iterator[Finding]:
    """By the language of a title shelves choose how to sort and to say it."""
    for each in book.package.iter("*"):
        for name in (XML_LANG, "hreflang"):
            if (tag := each.get(name)) and not _LANGUAGE.fullmatch(tag.strip(SPACES)):
                yield at(each, f"{quoted(tag)} is no language tag")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-pkg-metadata", hint="write a value, or take the element out")
def epub_metadata_empty(book: Book) -> Iterator[Finding]:
    """Each element of the metadata says something: an empty one is shown as an empty line, or stops the import."""
    for each in book.package.iter("{*}metadata"):
        for inside in each.iterchildren("*"):
            # The first of these are missing when they are empty, and that is told elsewhere.
            first = local_name(inside) in ("identifier", "title", "language") and inside is next(each.iterchildren(str(inside.tag)))
            own = str(inside.tag).startswith(_DC) and not first
            if (own or (inside.get("property") and local_name(inside) == "meta")) and not book.is_2 and not said(inside):
                yield at(inside, f"{quoted(inside.get('property') or local_name(inside))} is empty")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-metadata-last-modified", hint="write it in UTC, such as 2018-10-24T07:00:00Z")
def epub_modified_malformed(book: Book) -> Iterator[Finding]:
    """The moment of the last change, once, to the second, in UTC."""
    found = book.metas("dcterms:modified")
    if not book.is_2 and (len(found) != 1 or not _MODIFIED.fullmatch(said(found[0]))):
        yield at(found[-1] if found else book.package, f"dcterms:modified is {', '.join(map(quoted, map(said, found))) or 'missing'}")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-opf-dcdate", hint="write a date as 2018, 2018-10 or 2018-10-24")
def epub_date_malformed(book: Book) -> Iterator[Finding]:
    """Shelves sort by the date of publication, and read no other spelling."""
    for each in book.dc("date"):
        if said(each) and not _W3C_DATE.fullmatch(said(each)):
            yield at(each, f"{quoted(said(each))} is no date of ISO 8601")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf-dcdate", hint="keep the date of publication; dcterms:modified has the other")
def epub_date_twice(book: Book) -> Iterator[Finding]:
    """A book is published once; which of two dates it was nobody could tell."""
    for each in book.dc("date")[1:]:
        if not book.is_2:
            yield at(each, f"{quoted(said(each))} is a second dc:date")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-refines", hint="write # and the id of the element that is meant")
def epub_refines_nothing(book: Book) -> Iterator[Finding]:
    """What refines something that is not there is lost: an author's role, a series' number."""
    for each in book.package.iter("{*}meta", "{*}link"):
        refines = (each.get("refines") or "").strip(SPACES)
        if refines.startswith("#") and refines[1:] not in book.document.ids:
            yield at(each, f"there is no {quoted(refines)}")
        elif refines and book.resolve(book.path, refines) is None:
            yield at(each, f"{quoted(refines)} is not in the book")


@rule(Severity.WARNING, spec=f"{SPEC}#attrdef-refines", hint="write # and the id of the element that is meant")
def epub_refines_without_id(book: Book) -> Iterator[Finding]:
    """Without # it is the name of a file: what is said of an author is said of nothing."""
    for each in book.package.iter("{*}meta", "{*}link"):
        refines = (each.get("refines") or "").strip(SPACES)
        path = book.resolve(book.path, refines) if refines and "#" not in refines else None
        if path:
            meant = book.paths[path].id if path in book.paths else refines
            hint = f"write #{meant}" if meant in book.document.ids else ""
            yield at(each, f"{quoted(refines)} is the name of a file, not of an element", hint)


@rule(Severity.ERROR, spec=f"{SPEC}#app-meta-property-vocab", hint="let it refine the element that it describes")
def epub_refines_wrong(book: Book) -> Iterator[Finding]:
    """A role belongs to a person, a collection-type to a collection; elsewhere reading systems pass over it."""
    for each in book.package.iter("{*}meta"):
        wanted = _REFINES.get((each.get("property") or "").strip(SPACES))
        target = (each.get("refines") or "").strip(SPACES)
        found = book.document.ids.get(target[1:], []) if target.startswith("#") else []
        if target and (each.get("property") or "").strip(SPACES) == "belongs-to-collection":
            wanted = ("meta",)
        if wanted and (not target or found) and not any(local_name(one) in wanted for one in found):
            yield at(each, f"{quoted(each.get('property'))} refines {quoted(target) if target else 'nothing'}, not {' or '.join(wanted)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-meta-elem", hint="write property, or name and content for old reading systems")
def epub_meta_without_property(book: Book) -> Iterator[Finding]:
    """A meta element without a name says nothing."""
    for each in book.package.iter("{*}meta") if not book.is_2 else ():
        if not (each.get("property") or "").strip(SPACES) and (each.get("name") is None or each.get("content") is None):
            yield at(each, "a meta element has no property")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-vocab-assoc", hint="write a property of the vocabulary")
def epub_property_unknown(book: Book) -> Iterator[Finding]:
    """Reading systems pass over a name that is in no vocabulary."""
    for element, name, known in _properties(book):
        if any(mark in name for mark in SPACES):
            yield at(element, f"{quoted(name)} is more than one property")
        elif ":" not in name and name not in known:
            yield at(element, f"{quoted(name)} is no property", nearest(name, known))
        if name.startswith("rendition:") and local_name(element) == "meta" and name not in (*_RENDITION, "rendition:viewport"):
            yield at(element, f"{quoted(name)} is no property", nearest(name, _RENDITION))


@rule(Severity.ERROR, spec=f"{SPEC}#sec-prefix-attr", hint="declare the prefix on the package element")
def epub_prefix_undeclared(book: Book) -> Iterator[Finding]:
    """A name with a prefix that nobody declared means nothing."""
    declared = {each.rstrip(":") for each in (book.package.get("prefix") or "").split() if each.endswith(":")}
    for element, name, _ in _properties(book):
        if ":" in name and name.partition(":")[0] not in _PREFIXES | declared:
            yield at(element, f"the prefix of {quoted(name)} is not declared")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-prefix-attr", hint='write prefix="name: https://… other: https://…"')
def epub_prefix_malformed(book: Book) -> Iterator[Finding]:
    """A declaration that cannot be read declares nothing."""
    declared = (book.package.get("prefix") or "").split()
    names, addresses = declared[::2], declared[1::2]
    whole = len(names) == len(addresses) and all(each.endswith(":") and _NAME.fullmatch(each[:-1]) for each in names)
    if not whole and not book.is_2:
        yield at(book.package, f"the prefix is {quoted(book.package.get('prefix'))}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-pkg-metadata", hint="take an element of Dublin Core 1.1, or meta with a property")
def epub_metadata_unknown(book: Book) -> Iterator[Finding]:
    """Dublin Core has fifteen elements; reading systems pass over a sixteenth."""
    for each in book.package.iter(f"{_DC}*"):
        name = str(each.tag).removeprefix(_DC)
        if name not in _DUBLIN_CORE:
            yield at(each, f"there is no dc:{name}", nearest(name, _DUBLIN_CORE))


def _properties(book: Book) -> Iterator[tuple[Element, str, frozenset[str]]]:
    """Yield all names of properties, each with the vocabulary for those without prefix."""
    if book.is_2:
        return
    for each in book.package.iter("{*}meta"):
        if name := (each.get("property") or "").strip(SPACES):
            yield each, name, _META
    for item in book.items:
        yield from ((item.element, name, _ITEM) for name in sorted(item.properties))
    for each in book.spine:
        yield from ((each, name, _ITEMREF) for name in (each.get("properties") or "").split())
    for each in book.package.iter("{*}link"):
        if local_name(each.getparent()) == "metadata":
            yield from ((each, name, _RELATIONS) for name in (each.get("rel") or "").split())


@rule(Severity.ERROR, spec=f"{SPEC}#app-rendering-vocab", hint="write one of the values of the vocabulary, once")
def epub_rendition_unknown(book: Book) -> Iterator[Finding]:
    """By these a reading system decides whether pages are fixed or flow."""
    for name, known in _RENDITION.items():
        found = book.metas(name)
        for each in found:
            if said(each) not in known:
                yield at(each, f"{name} is {quoted(said(each))}, not {', '.join(sorted(known))}")
        for each in found[1:]:
            yield at(each, f"{name} is there {len(found)} times")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf-dccreator", hint='write <meta refines="#id" property="role"> and the like')
def epub_attribute_of_epub_2(book: Book) -> Iterator[Finding]:
    """In EPUB 3 roles, sorting names and schemes are elements; the attributes of EPUB 2 are not read any more."""
    for each in book.package.iter(f"{_DC}*"):
        for name in _OF_EPUB_2:
            if not book.is_2 and each.get(_OPF + name) is not None:
                yield at(each, f"opf:{name} is {quoted(each.get(_OPF + name))}")


@rule(Severity.ERROR, spec="https://www.w3.org/TR/xml-id/#processing", hint="begin ids with a letter, without spaces and colons")
def epub_id_malformed(book: Book) -> Iterator[Finding]:
    """An id that is no name cannot be referred to."""
    for value, elements in book.document.ids.items():
        if not _NAME.fullmatch(value.strip(SPACES)):
            yield at(elements[0], f"the id {quoted(value)} is no name")
    for page in book.pages.values():
        for value, elements in page.ids.items():
            if not value or any(mark in value for mark in " \t\n\r"):
                yield at(elements[0], f"the id {quoted(value)} has a space in it" if value else "an id is empty")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-item-elem", hint="add the file, or take the item out")
def epub_item_without_file(book: Book) -> Iterator[Finding]:
    """What the manifest lists is in the book."""
    for path, item in book.paths.items():
        if path not in book.archive.names and book.is_inside(path):
            yield at(item.element, f"there is no {quoted(path)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-item-elem", hint="list each file once, with an id of its own")
def epub_item_twice(book: Book) -> Iterator[Finding]:
    """Ids and files of items are unique."""
    for what, values in (("id", [each.id for each in book.items]), ("href", [each.path or each.href for each in book.items])):
        for value, times in Counter(values).items():
            if times > 1 or not value:
                found = next(each for each, own in reversed(list(zip(book.items, values, strict=True))) if own == value)
                yield at(found.element, f"{times} items have the {what} {quoted(value)}" if value else f"an item has no {what}")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-href", hint="write the way from the package to the file, without # and ?")
def epub_item_href_malformed(book: Book) -> Iterator[Finding]:
    """An item is a whole file in the container: not a part of it, and nothing outside."""
    for item in book.items:
        inside = item.path is not None
        if "#" in item.href or (inside and ("?" in item.href or not book.is_inside(item.path))):
            yield at(item.element, f"the href {quoted(item.href)}")
        elif inside and any(mark in item.href for mark in ' "<>\\^`{|}'):
            yield at(item.element, f"the href {quoted(item.href)} has characters that are no part of an address")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-manifest-elem", hint="take the item out")
def epub_item_is_package(book: Book) -> Iterator[Finding]:
    """The package document does not list itself."""
    if book.path in book.paths:
        yield at(book.paths[book.path].element, f"the manifest lists {quoted(book.path)}")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-manifest-elem", hint="list it in the manifest")
def epub_file_not_listed(book: Book) -> Iterator[Finding]:
    """What is in the book is in the manifest; only the package document and linked records are not."""
    linked = {book.resolve(book.path, each.get("href") or "") for each in book.package.iter("{*}link")}
    own = {"mimetype", *(each.get("full-path") for each in book.container.root.iter("{*}rootfile", "{*}link"))}
    for name in book.archive.names:
        if name not in book.paths and name not in linked and name not in own and not name.startswith("META-INF/") and name[-1:] != "/":
            yield Finding(message=f"{quoted(name)} is not in the manifest", pointer=name)


# -- the spine ------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#sec-spine-elem", hint="name items of the manifest, each once")
def epub_spine_broken(book: Book) -> Iterator[Finding]:
    """The spine names the pages in their order."""
    named = [(each.get("idref") or "").strip(SPACES) for each in book.spine]
    last = dict(zip(named, book.spine, strict=True))
    for value, times in Counter(named).items():
        where = last[value]
        if times > 1:
            yield at(where, f"the spine has {quoted(value)} {times} times")
        elif value not in book.by_id:
            yield at(where, f"there is no item {quoted(value)}")
    if not named:
        yield at(book.package, "the spine is empty")


@rule(Severity.ERROR, spec=f"{SPEC}#attrdef-itemref-linear", hint='write linear="yes", or nothing, for what is read in order')
def epub_spine_not_linear(book: Book) -> Iterator[Finding]:
    """At least one page is read in order; where a book opens is the first of these."""
    values = [each.get("linear", "yes") for each in book.spine]
    for each in book.spine:
        if each.get("linear", "yes") not in ("yes", "no"):
            yield at(each, f"linear is {quoted(each.get('linear'))}")
    if values and "yes" not in values and all(each == "no" for each in values):
        yield at(book.spine[0], "no page of the spine is linear")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-spine-elem", hint="write ltr, rtl or default, and for dir ltr, rtl or auto")
def epub_direction_unknown(book: Book) -> Iterator[Finding]:
    """By the direction pages are turned from right to left."""
    for each in book.package.iter("*"):
        known = {"page-progression-direction": ("ltr", "rtl", "default"), "dir": ("ltr", "rtl", "auto")}
        for name, values in known.items():
            if (value := each.get(name)) is not None and value.strip(SPACES) not in values:
                yield at(each, f"{name} is {quoted(value)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf2-ncx", hint="name the item of the NCX in the attribute toc of the spine")
def epub_spine_toc_wrong(book: Book) -> Iterator[Finding]:
    """Old reading systems find their table of contents, the NCX, by the attribute toc; EPUB 2 needs one."""
    spine = next(book.package.iter("{*}spine"), None)
    if spine is None:
        return
    toc = spine.get("toc")
    if toc is not None and (toc.strip(SPACES) not in book.by_id or book.by_id[toc.strip(SPACES)].media_type != NCX):
        yield at(spine, f"toc is {quoted(toc)}, which is no NCX")
    elif toc is None and (book.is_2 or any(each.media_type == NCX for each in book.items)):
        yield at(spine, "the spine does not name the NCX")


# -- the cover, links, guide ----------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec=f"{SPEC}#sec-cover-image", hint='give the picture of the cover properties="cover-image"')
def epub_cover_missing(book: Book) -> Iterator[Finding]:
    """By the cover people find the book on the shelf."""
    if not _covers(book) and not (book.is_2 and any(each.get("name") == "cover" for each in book.metas())):
        yield at(book.package, "no item is the cover")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-cover-image", hint="leave the property on one picture")
def epub_cover_twice(book: Book) -> Iterator[Finding]:
    """One picture is the cover."""
    for each in _covers(book)[1:]:
        yield at(each.element, f"{quoted(each.href)} is a second cover")


def _covers(book: Book) -> list[Item]:
    return [each for each in book.items if "cover-image" in each.properties]


@rule(Severity.ERROR, spec=f"{SPEC}#app-item-properties-vocab", hint="move the property to the item that has it")
def epub_property_misplaced(book: Book) -> Iterator[Finding]:
    """Only a picture is a cover, and only a page is a navigation document."""
    for each in book.items:
        if "cover-image" in each.properties and not each.media_type.startswith("image/"):
            yield at(each.element, f"the cover {quoted(each.href)} is {quoted(each.media_type)}, and no picture")
        if "nav" in each.properties and each.media_type != PAGE:
            yield at(each.element, f"the navigation document {quoted(each.href)} is {quoted(each.media_type)}, and no page")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-link-elem", hint="give the link an href, a rel, and the media-type of a file in the book")
def epub_package_link_incomplete(book: Book) -> Iterator[Finding]:
    """A link without these leads nowhere, or nobody knows why."""
    for each in book.package.iter("{*}link"):
        if local_name(each.getparent()) != "metadata" or book.is_2:
            continue
        if not each.get("href") or not each.get("rel"):
            yield at(each, "a link has no href or no rel")
        elif not each.get("media-type") and (each.get("rel") == "record" or book.resolve(book.path, each.get("href") or "")):
            yield at(each, f"the link to {quoted(each.get('href'))} has no media-type")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-link-elem", hint="take it out of the manifest, or do not link to it")
def epub_package_link_listed(book: Book) -> Iterator[Finding]:
    """What is linked from the metadata is about the book, and no part of it."""
    spined = {item.path for each in book.spine if (item := book.by_id.get(each.get("idref") or ""))}
    for each in book.package.iter("{*}link"):
        path = book.resolve(book.path, each.get("href") or "")
        main = local_name(each.getparent()) == "metadata" and not each.get("refines")
        if main and path in book.paths and path != book.path and path not in spined and "#" not in (each.get("href") or ""):
            yield at(each, f"{quoted(each.get('href'))} is in the manifest, too")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-link-elem", hint="add the file, or take the link out")
def epub_package_link_broken(book: Book) -> Iterator[Finding]:
    """A record or a voicing that is missing was meant to be there."""
    for each in book.package.iter("{*}link"):
        path = book.resolve(book.path, each.get("href") or "") if each.get("href") else None
        if path is not None and path not in book.archive.names and local_name(each.getparent()) == "metadata":
            yield at(each, f"there is no {quoted(each.get('href'))}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-opf2-guide", hint="refer to a page of the manifest, or take the reference out")
def epub_guide_broken(book: Book) -> Iterator[Finding]:
    """Kindle and old reading systems open the book at a place of the guide."""
    for each in book.package.iter("{*}reference"):
        href = each.get("href") or ""
        path = book.resolve(book.path, href)
        if path not in book.paths:
            yield at(each, f"the guide refers to {quoted(href)}, which is no item")
        elif book.paths[path].media_type not in (PAGE, "image/svg+xml", "application/x-dtbook+xml"):
            yield at(each, f"the guide refers to {quoted(href)}, which is no page")
        elif (fragment := unquote(href.partition("#")[2])) and path in book.pages and fragment not in book.pages[path].ids:
            yield at(each, f"there is no place {quoted(href)}")

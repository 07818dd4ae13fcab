"""What must hold for NewsML-G2, as rules: the structure of an item, what is required, codes, dates, and its text.

Stated after the structure matrix of 2.35 and its guide (read in parts 2026-11-26): what a receiver's program goes wrong with,
not every attribute. Other people's schemas judge the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from publisher import markup, newsroom
from publisher.formats.newsml.reader import NAR, ROOTS
from publisher.keys import closest
from publisher.listings import is_w3c_date
from publisher.markup import Element
from publisher.places import XmlPlaces
from publisher.problems import Finding, Problem, Rule, Severity, Unreadable, rule, rules_in, shown
from publisher.text import language

__all__ = ["RULES", "check"]

_SPEC = "https://iptc.org/standards/newsml-g2/"
_GUIDE = "https://iptc.org/std/NewsML-G2/guidelines/"
_MOST = 100
_ITEMS = ROOTS - {"newsMessage"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_QCODE = re.compile(r"[^\s:]+:\S+")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?")
_ORDER = {
    "newsItem": "catalogRef catalog hopHistory pubHistory rightsInfo itemMeta contentMeta partMeta assert inlineRef derivedFrom "
    "derivedFromValue contentSet",
    "itemMeta": "itemClass provider versionCreated firstCreated embargoed pubStatus role fileName generator profile service title edNote "
    "memberOf instanceOf signal altRep deliverableOf hash expires origRep incomingFeedId metadataCreator link itemMetaExtProperty",
    "newsMessage": "header itemSet",
}
"""What is inside these, in its order."""
_SIDE_BY_SIDE = {"newsItem": ("catalogRef catalog", "partMeta assert inlineRef derivedFrom derivedFromValue")}
"""Of these, those that stand in any order."""
_DESCRIPTION = (
    "urgency contentCreated contentModified digitalSourceType located infoSource creator contributor audience exclAudience altId rating "
    "userInteraction icon language genre keyword subject slugline headline dateline by creditline description contentMetaExtProperty"
).split()
_ADMINISTRATIVE = _DESCRIPTION[:13]
_INSIDE = {
    "contentMeta": frozenset(_DESCRIPTION),
    "contentSet": frozenset(("inlineXML", "inlineData", "remoteContent")),
    "rightsInfo": frozenset(
        "accountable copyrightHolder copyrightNotice usageTerms link rightsInfoExtProperty rightsExpressionXML rightsExpressionData "
        "dataMining".split()
    ),
    "itemSet": _ITEMS,
    **{name: frozenset(order.split()) for name, order in _ORDER.items()},
}
_ONCE = frozenset("itemMeta contentMeta contentSet itemClass provider versionCreated firstCreated embargoed pubStatus urgency".split())
_REQUIRED = ("itemClass", "provider", "versionCreated")
_MOMENTS = ("versionCreated", "firstCreated", "embargoed", "sent")
_DATES = ("contentCreated", "contentModified", "expires")
_CODES = ("qcode", "rel", "role", "type", "rendition", "scope")


class _Document:
    """A document as its rules see it."""

    def __init__(self, root: Element) -> None:
        self.root = root

    @cached_property
    def elements(self) -> list[tuple[Element, str]]:
        """Every element of NewsML-G2 with its name."""
        return [(each, _name(each)) for each in self.root.iter(f"{NAR}*")]

    @cached_property
    def items(self) -> list[Element]:
        return [each for each, name in self.elements if name in _ITEMS]

    @cached_property
    def news(self) -> list[Element]:
        return [each for each in self.items if _name(each) == "newsItem"]


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the document; never raise."""
    try:
        root = markup.parse_xml(body)
    except Unreadable as error:
        return list(error.problems)
    document, places = _Document(root), XmlPlaces(root, body)
    return [found for each in RULES for found in each.first(document, places, _MOST)]


@rule(Severity.ERROR, spec=_SPEC, hint=f'write xmlns="{NAR[1:-1]}"')
def newsml_namespace_wrong(document: _Document) -> Iterator[Finding]:
    """The outermost element is an item or a message in the namespace of the IPTC's news architecture."""
    if document.root.tag not in {f"{NAR}{name}" for name in ROOTS}:
        yield Finding(message=f"the outermost element is {shown(document.root.tag)}", where=document.root)


@rule(Severity.ERROR, spec=_SPEC, hint="add it")
def newsml_identity_missing(document: _Document) -> Iterator[Finding]:
    """An item has a guid, and says that it is NewsML-G2 and in which version: receivers find by these what they have already."""
    for item in document.items:
        for name in ("guid", "standard", "standardversion"):
            if not (item.get(name) or "").strip():
                yield Finding(message=f"{_name(item)} has no {name}", where=item)


@rule(Severity.WARNING, spec=_SPEC, hint="use a URI, such as a tag or urn:newsml")
def newsml_guid_malformed(document: _Document) -> Iterator[Finding]:
    """A guid is a URI, unique for ever."""
    for item in document.items:
        if (guid := (item.get("guid") or "").strip()) and not newsroom.is_uri(guid):
            yield Finding(message=f"the guid is {shown(guid)}", where=item)


@rule(Severity.ERROR, spec=_SPEC, hint="write a whole number from 1 up")
def newsml_version_malformed(document: _Document) -> Iterator[Finding]:
    """The version of an item is a positive whole number, higher each time."""
    for item in document.items:
        version = item.get("version")
        if version is not None and not re.fullmatch(r"\s*0*[1-9][0-9]{0,9}\s*", version):
            yield Finding(message=f"the version is {shown(version)}", where=item)


@rule(Severity.WARNING, spec=_GUIDE, hint='write conformance="power"')
def newsml_conformance_core(document: _Document) -> Iterator[Finding]:
    """Items are of power conformance: core, which is meant when nothing is said, is not developed since 2.27."""
    for item in document.items:
        if item.get("conformance") != "power":
            yield Finding(message=f"the conformance is {shown(item.get('conformance') or 'core')}", where=item)


@rule(Severity.ERROR, spec=_SPEC, hint="add it")
def newsml_management_missing(document: _Document) -> Iterator[Finding]:
    """An item has an itemMeta with its class, its provider, and when this version was made."""
    for item in document.items:
        meta = item.find(f"{NAR}itemMeta")
        for name in _REQUIRED if meta is not None else ():
            if meta is not None and meta.find(f"{NAR}{name}") is None:
                yield Finding(message=f"itemMeta has no {name}", where=meta)
        if meta is None:
            yield Finding(message=f"{_name(item)} has no itemMeta", where=item)


@rule(Severity.ERROR, spec=_SPEC, hint="move it to where the schema has it")
def newsml_element_misplaced(document: _Document) -> Iterator[Finding]:
    """What is inside an item, its metadata and its contents is what the schema has there; elements of others come after it."""
    for element, name in document.elements:
        parent = element.getparent()
        around = _name(parent) if parent is not None else ""
        if around in _INSIDE and name not in _INSIDE[around]:
            yield Finding(message=f"{name} cannot be in {around}", where=element, hint=closest(name, _INSIDE[around]))


@rule(Severity.ERROR, spec=_SPEC, hint="put them into the order of the schema")
def newsml_order_wrong(document: _Document) -> Iterator[Finding]:
    """The parts of an item and its management metadata have one order, and a description begins with who and when."""
    for element, name in document.elements:
        places = _places(name)
        last, before = -1, ""
        for child in element if places else ():
            place = places.get(_name(child), -1) if str(child.tag).startswith(NAR) else -1
            if -1 < place < last:
                yield Finding(message=f"{_name(child)} comes after {before}", where=child)
                break
            last, before = max(last, place), _name(child) if place >= last else before


def _places(name: str) -> dict[str, int]:
    """Return the place of each element in what has an order."""
    if name == "contentMeta":
        return {each: min(place, len(_ADMINISTRATIVE)) for place, each in enumerate(_DESCRIPTION) if each != "icon"}
    places = {each: place for place, each in enumerate(_ORDER.get(name, "").split())}
    for group in _SIDE_BY_SIDE.get(name, ()):
        places |= dict.fromkeys(group.split(), min(places[each] for each in group.split()))
    return places


@rule(Severity.ERROR, spec=_SPEC, hint="keep one of them")
def newsml_element_repeated(document: _Document) -> Iterator[Finding]:
    """Of some elements there is one: two dates of one version would be two answers."""
    seen: set[tuple[Element | None, str]] = set()
    for element, name in document.elements:
        key = (element.getparent(), name)
        if name in _ONCE and key in seen:
            yield Finding(message=f"{name} is there already", where=element)
        seen.add(key)


@rule(Severity.ERROR, spec="https://www.w3.org/TR/xmlschema-2/#dateTime", hint="write 2018-10-24T08:00:00+01:00")
def newsml_date_malformed(document: _Document) -> Iterator[Finding]:
    """Versions are of a moment to the second; contents may be of a day, a month or a year."""
    for element, name in document.elements:
        text = (element.text or "").strip()
        wrong = (name in _MOMENTS and text and not _MOMENT.fullmatch(text)) or (
            name in _DATES and not (_MOMENT.fullmatch(text) or is_w3c_date(text))
        )
        if wrong:
            yield Finding(message=f"{name} is {shown(text)}", where=element)


@rule(Severity.WARNING, spec="https://www.w3.org/TR/xmlschema-2/#dateTime", hint="add the zone, such as Z or +01:00")
def newsml_date_without_zone(document: _Document) -> Iterator[Finding]:
    """A moment has its zone: an item goes around the world."""
    for element, name in document.elements:
        text = (element.text or "").strip()
        if name in (*_MOMENTS, *_DATES) and _MOMENT.fullmatch(text) and not re.search(r"(?:Z|[+-]\d\d:\d\d)$", text):
            yield Finding(message=f"{name} is {shown(text)}", where=element)


@rule(Severity.ERROR, spec=_GUIDE, hint="write alias:code, or a URI in the attribute for it, such as uri")
def newsml_code_malformed(document: _Document) -> Iterator[Finding]:
    """A QCode is the alias of a scheme and a code, joined by a colon."""
    for element, _ in document.elements:
        for name in _CODES:
            value = element.get(name)
            if value is not None and not (value.split() and all(_QCODE.fullmatch(each) for each in value.split())):
                yield Finding(message=f"{name} is {shown(value)}", where=element)


@rule(Severity.ERROR, spec=_GUIDE, hint="add the catalogRef of the IPTC, and that of your own codes")
def newsml_catalog_missing(document: _Document) -> Iterator[Finding]:
    """An item with QCodes names a catalog: without one nobody knows what their aliases stand for."""
    for item in document.items:
        paths = ((item, ""), (document.root, f"{NAR}header/"))
        catalogs = any(each.find(f"{path}{NAR}{name}") is not None for each, path in paths for name in ("catalogRef", "catalog"))
        if not catalogs and any(each.get("qcode") for each in item.iter(f"{NAR}*")):
            yield Finding(message=f"{_name(item)} has QCodes and no catalog", where=item)


@rule(Severity.ERROR, spec=_SPEC, hint="add the media type of what is inside, such as application/xhtml+xml")
def newsml_content_type_missing(document: _Document) -> Iterator[Finding]:
    """Contents say their media type: a receiver chooses by it what opens them."""
    for element, name in document.elements:
        if name in ("inlineXML", "remoteContent") and not (element.get("contenttype") or "").strip():
            yield Finding(message=f"{name} has no contenttype", where=element)


@rule(Severity.WARNING, spec=_SPEC, hint="put the text into inlineXML")
def newsml_content_missing(document: _Document) -> Iterator[Finding]:
    """A news item has its contents with it, or says where they are."""
    for item in document.news:
        contents = item.find(f"{NAR}contentSet")
        if contents is None or not any(
            len(each) or (each.text or "").strip() or each.get("href") or each.get("residref") for each in contents
        ):
            yield Finding(message="there are no contents in this newsItem", where=item)


@rule(Severity.WARNING, spec=_SPEC, hint="write it into headline, in contentMeta")
def newsml_headline_missing(document: _Document) -> Iterator[Finding]:
    """A news item has a headline in contentMeta: the title of itemMeta is for those who manage items."""
    for item in document.news:
        if not any("".join(map(str, each.itertext())).strip() for each in item.iterfind(f"{NAR}contentMeta/{NAR}headline")):
            yield Finding(message="there is no headline", where=item)


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/info/bcp47", hint="write a language tag, such as en or pt-BR")
def newsml_language_malformed(document: _Document) -> Iterator[Finding]:
    """Languages are tags of BCP 47."""
    for element, name in document.elements:
        for value in (element.get(_LANG), element.get("tag") if name == "language" else None):
            if value and language(value) is None:
                yield Finding(message=f"the language is {shown(value)}", where=element)


RULES: tuple[Rule[_Document], ...] = rules_in(globals())

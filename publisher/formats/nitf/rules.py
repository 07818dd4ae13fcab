"""What must hold for NITF, as rules: its content model, and what an article needs besides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from publisher import markup, nitftext
from publisher.cleaner import local_name
from publisher.formats.nitf.model import ATTRIBUTES, CHILDREN, ELEMENTS, MIXED, NEEDED, ORDER, REQUIRED, VALUES
from publisher.keys import closest
from publisher.markup import Element
from publisher.places import XmlPlaces
from publisher.problems import Finding, Problem, Rule, Severity, Unreadable, rule, rules_in, shown
from publisher.text import language

__all__ = ["RULES", "check"]

_SPEC = "https://iptc.org/standards/nitf/"
_NAMESPACE = "http://iptc.org/std/NITF/2006-10-18/"
_VERSION = re.compile(r"-//IPTC//DTD NITF 3\.[0-9]//EN")
_COMMON = frozenset(("id", "class", "style", "lang", "dir", "{http://www.w3.org/XML/1998/namespace}lang"))
_NORM = re.compile(r"\d{4}-?\d\d-?\d\d(?:T\d\d:?\d\d(?::?\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_DATES = {"date.issue": "norm", "date.release": "norm", "date.expire": "norm", "revision-history": "norm", "pubdata": "date.publication"}
_MOST = 100


class _Document:
    """A document as its rules see it."""

    def __init__(self, root: Element) -> None:
        self.root = root

    @cached_property
    def elements(self) -> list[tuple[Element, str]]:
        """Every element of NITF with its name."""
        return [(each, local_name(each)) for each in self.root.iter("*") if _is_ours(each)]

    @cached_property
    def known(self) -> list[tuple[Element, str]]:
        return [pair for pair in self.elements if pair[1] in ELEMENTS]


def _is_ours(element: Element) -> bool:
    tag = str(element.tag)
    return not tag.startswith("{") or tag.startswith(f"{{{_NAMESPACE}}}") or "nitf" in tag.partition("}")[0].lower()


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the document; never raise."""
    try:
        root = markup.parse_xml(body)
    except Unreadable as error:
        return list(error.problems)
    document, places = _Document(root), XmlPlaces(root, body)
    return [found for each in RULES for found in each.first(document, places, _MOST)]


@rule(Severity.ERROR, spec=_SPEC, hint="make nitf the outermost element")
def nitf_root_wrong(document: _Document) -> Iterator[Finding]:
    """The outermost element is nitf."""
    if local_name(document.root) != "nitf":
        yield Finding(message=f"the outermost element is {local_name(document.root)}", where=document.root)


@rule(Severity.WARNING, spec=_SPEC, hint=f'write xmlns="{_NAMESPACE}", or none with a DTD')
def nitf_namespace_unknown(document: _Document) -> Iterator[Finding]:
    """The namespace is that of NITF since 2006, and documents with a DTD have none."""
    space = str(document.root.tag).rpartition("}")[0].lstrip("{")
    if space not in ("", _NAMESPACE):
        yield Finding(message=f"the namespace is {shown(space)}", where=document.root)


@rule(Severity.INFO, spec=_SPEC, hint='write version="-//IPTC//DTD NITF 3.6//EN"')
def nitf_version_unknown(document: _Document) -> Iterator[Finding]:
    """The version is one of 3.0 to 3.9, in the words of its DTD."""
    version = document.root.get("version")
    if version is not None and not _VERSION.fullmatch(version.strip()):
        yield Finding(message=f"the version is {shown(version)}", where=document.root)


@rule(Severity.WARNING, spec=_SPEC, hint="use an element of NITF; formatting is em with a class")
def nitf_element_unknown(document: _Document) -> Iterator[Finding]:
    """NITF has a fixed set of elements, which is not that of HTML: a program knows nothing of others, and may leave out what is in them."""
    for element, name in document.elements:
        if name not in ELEMENTS:
            yield Finding(message=f"NITF has no {shown(name)}", where=element, hint=closest(name, ELEMENTS))


@rule(Severity.ERROR, spec=_SPEC, hint="move it to where the schema has it")
def nitf_element_misplaced(document: _Document) -> Iterator[Finding]:
    """Each element is inside one that may have it: a validator stops at the first that is not."""
    for element, name in document.known:
        parent = element.getparent()
        if parent is None or not _is_ours(parent) or local_name(parent) not in ELEMENTS:
            continue
        if name not in CHILDREN.get(local_name(parent), ()):
            yield Finding(message=f"{name} cannot be in {local_name(parent)}", where=element)


_MODELS = {
    name: re.compile("".join(f"(?:{re.escape(part.rstrip('?*'))} ){part[len(part.rstrip('?*')) :]}" for part in order.split()))
    for name, order in ORDER.items()
}


@rule(Severity.ERROR, spec=_SPEC, hint="put them into the order of the schema")
def nitf_order_wrong(document: _Document) -> Iterator[Finding]:
    """What is in the head, and above a text, has one order."""
    for element, name in document.known:
        if name in _MODELS:
            inside = [local_name(each) for each in element if local_name(each) in CHILDREN[name]]
            if not _MODELS[name].fullmatch("".join(f"{each} " for each in inside)):
                said = ", ".join(inside[:8]) or "nothing"
                yield Finding(message=f"in {name} there is {said}", where=element, hint=f"write {ORDER[name].replace(' ', ', ')}")


@rule(Severity.ERROR, spec=_SPEC, hint="add what is missing, or take the element out")
def nitf_element_incomplete(document: _Document) -> Iterator[Finding]:
    """Lists have items, rows cells, media a reference, an abstract its blocks: without it a validator stops."""
    for element, name in document.known:
        if name in NEEDED and not any(local_name(each) in NEEDED[name] for each in element):
            some = ", ".join(sorted(NEEDED[name])[:3])
            yield Finding(message=f"in {name} there is nothing of what it needs, such as {some}", where=element)


@rule(Severity.ERROR, spec=_SPEC, hint="put the text into a p")
def nitf_text_misplaced(document: _Document) -> Iterator[Finding]:
    """Text is only in elements for text: between paragraphs it is in none, and programs do not show it."""
    for element, name in document.known:
        if name in CHILDREN and name not in MIXED:
            loose = (element.text, *(each.tail for each in element))
            if found := next((text for text in loose if text and text.strip()), None):
                yield Finding(message=f"in {name} there is the text {shown(found.strip())}", where=element)


@rule(Severity.ERROR, spec=_SPEC, hint="add it")
def nitf_attribute_missing(document: _Document) -> Iterator[Finding]:
    """Some elements say nothing without an attribute: media without their type, for instance."""
    for element, name in document.known:
        if name in REQUIRED and element.get(REQUIRED[name]) is None:
            yield Finding(message=f"{name} has no {REQUIRED[name]}", where=element)


@rule(Severity.WARNING, spec=_SPEC, hint="take it out")
def nitf_attribute_unknown(document: _Document) -> Iterator[Finding]:
    """An element has the attributes of the schema."""
    for element, name in document.known:
        for each in map(str, element.attrib) if name in ATTRIBUTES else ():
            if each not in ATTRIBUTES[name] | _COMMON and not each.startswith("{"):
                yield Finding(message=f"{name} has no attribute {shown(each)}", where=element, hint=closest(each, ATTRIBUTES[name]))


@rule(Severity.ERROR, spec=_SPEC, hint="write one of the values of the schema")
def nitf_value_unknown(document: _Document) -> Iterator[Finding]:
    """Some attributes have values that the schema lists."""
    for (name, attribute), values in VALUES.items():
        for element, found in document.known:
            if found == name and (value := element.get(attribute)) is not None and value.strip() not in values:
                hint = f"write one of {', '.join(sorted(values))}"
                yield Finding(message=f"{attribute} of {name} is {shown(value)}", where=element, hint=hint)


@rule(Severity.ERROR, spec="https://www.w3.org/TR/xml/#id", hint="give each element an id of its own")
def nitf_id_repeated(document: _Document) -> Iterator[Finding]:
    """An id is that of one element: XML has them so."""
    ids = Counter(element.get("id") for element, _ in document.known)
    for element, _ in document.known:
        if (value := element.get("id")) is not None and ids[value] > 1:
            ids[value] = 0
            yield Finding(message=f"the id {shown(value)} is there several times", where=element)


@rule(Severity.WARNING, spec=_SPEC, hint="write 20181024T080000+0100, or 20181024")
def nitf_date_malformed(document: _Document) -> Iterator[Finding]:
    """Normalized dates are in ISO 8601, as programs read them."""
    for element, name in document.known:
        value = element.get(_DATES[name]) if name in _DATES else None
        if value and not _NORM.fullmatch(value.strip()):
            yield Finding(message=f"{_DATES[name]} of {name} is {shown(value)}", where=element)


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/info/bcp47", hint="write a language tag, such as en or pt-BR")
def nitf_language_malformed(document: _Document) -> Iterator[Finding]:
    """The language of the document is a tag of BCP 47."""
    value = document.root.get("baselang")
    if value and language(value) is None:
        yield Finding(message=f"baselang is {shown(value)}", where=document.root)


@rule(Severity.WARNING, spec=_SPEC, hint="write it into hl1, in the hedline of body.head")
def nitf_headline_missing(document: _Document) -> Iterator[Finding]:
    """An article has a headline in hl1: the title of the head is for programs."""
    if not any(name == "hl1" and nitftext.plain(element) for element, name in document.elements):
        yield Finding(message="there is no headline", where=document.root)


@rule(Severity.WARNING, spec=_SPEC, hint="add doc-id with an id-string to docdata")
def nitf_identifier_missing(document: _Document) -> Iterator[Finding]:
    """A document has an identifier in docdata: a correction of it is another article to every program otherwise."""
    if not document.root.get("uno") and not any(
        name == "doc-id" and (element.get("id-string") or "").strip() for element, name in document.known
    ):
        yield Finding(message="there is no doc-id with an id-string", where=document.root)


@rule(Severity.WARNING, spec=_SPEC, hint="write the text into body.content")
def nitf_text_missing(document: _Document) -> Iterator[Finding]:
    """A document has a text."""
    if not any(name == "body.content" and len(element) for element, name in document.known):
        yield Finding(message="there is no text in body.content", where=document.root)


RULES: tuple[Rule[_Document], ...] = rules_in(globals())

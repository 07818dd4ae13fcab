"""What must hold for ninjs 3, as rules: its JSON Schema, and what an article needs besides.

The JSON Schema of 3.3 (read 2026-11-26) is `_OBJECTS`, in its own names; what newer versions add is only a warning.
Items of 1.x and 2.x are checked as what they are in 3.x (see `versions`), but not for the names of their properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from publisher import newsroom, schema
from publisher.formats.ninjs.versions import modern, version
from publisher.keys import closest
from publisher.places import JsonPlaces, Path
from publisher.problems import Finding, Problem, Rule, Severity, Unreadable, rule, rules_in, shown
from publisher.schema import Json, JsonObject
from publisher.text import language

__all__ = ["RULES", "check"]

_SPEC = "https://iptc.org/std/ninjs/userguide/"
_JSON = "https://www.rfc-editor.org/rfc/rfc8259"
_MOST = 100
_BOM = b"\xef\xbb\xbf"

# What each object may have: the kind of each property. A name in capitals is another object, `[…]` is a list of it.
_TEXT = {"role": "text", "contentType": "text", "value": "text"}
_ABOUT = {"name": "text", "rel": "text", "uri": "uri", "literal": "text"}
_DATES = "firstCreated versionCreated contentCreated contentDigitised embargoedUntil expires".split()
_TEXTS = "profile version copyrightHolder copyrightNotice usageTerms edNote language title by slugline located".split()
_ITEM = {
    "uri": "uri",
    "type": "text",
    "representationType": "text",
    "pubStatus": "text",
    "urgency": "integer",
    **dict.fromkeys(_DATES, "moment"),
    **dict.fromkeys(_TEXTS, "text"),
    "descriptions": "[TEXT]",
    "headlines": "[TEXT]",
    "bodies": "[BODY]",
    "people": "[PERSON]",
    "organisations": "[ORGANISATION]",
    "places": "[PLACE]",
    "subjects": "[SUBJECT]",
    "events": "[EVENT]",
    "objects": "[OBJECT]",
    "infoSources": "[SOURCE]",
    "renditions": "[RENDITION]",
    "associations": "[ASSOCIATION]",
    "altIds": "[ALTID]",
    "trustIndicators": "[TRUST]",
    "genres": "[GENRE]",
    "standard": "STANDARD",
    "rightsInfo": "RIGHTS",
    "digitalSourceType": "SOURCETYPE",
    "eventDetails": "ANY",
    "plannedCoverage": "[ANY]",
}
_RENDITION = {
    **dict.fromkeys("name contentType title format aspectRatio videoCodec transportProtocol scanType bitrate".split(), "text"),
    "href": "uri",
    "width": "integer",
    "height": "integer",
    "sizeInBytes": "integer",
    "duration": "number",
    "frameRate": "number",
    "poi": "ANY",
    "resources": "[ANY]",
    "extensions": "ANY",
}
_OBJECTS: Mapping[str, Mapping[str, str]] = {
    "ITEM": _ITEM,
    "ASSOCIATION": {**_ITEM, "name": "text", "rel": "text"},
    "TEXT": _TEXT,
    "BODY": {**_TEXT, "charCount": "integer", "wordCount": "integer"},
    "PERSON": {**_ABOUT, "contactInfo": "[CONTACT]"},
    "ORGANISATION": {**_ABOUT, "symbols": "[ANY]", "contactInfo": "[CONTACT]"},
    "PLACE": {**_ABOUT, "contactInfo": "[CONTACT]", "geoJSON": "ANY"},
    "SUBJECT": {**_ABOUT, "creator": "text", "relevance": "integer", "confidence": "integer"},
    "EVENT": {**_ABOUT, "id": "text"},
    "OBJECT": _ABOUT,
    "SOURCE": {"name": "text", "role": "text", "uri": "uri", "literal": "text", "contactInfo": "[CONTACT]"},
    "CONTACT": {**dict.fromkeys(("type", "role", "lang", "name", "value"), "text"), "address": "ANY"},
    "RENDITION": _RENDITION,
    "ALTID": {"role": "text", "value": "text"},
    "TRUST": {"role": "uri", "title": "text", "href": "uri"},
    "GENRE": {"name": "text", "uri": "text", "literal": "text"},
    "STANDARD": {"name": "text", "version": "text", "schema": "uri"},
    "RIGHTS": {"langId": "uri", "linkedRights": "uri", "encodedRights": "text"},
    "SOURCETYPE": {"name": "text", "uri": "uri", "literal": "text"},
}
_REQUIRED = {"ITEM": "uri", "ASSOCIATION": "uri name", "TEXT": "value", "BODY": "value", "RENDITION": "name"}
_VALUES = {
    "type": "text audio video picture graphic composite component event planning".split(),
    "representationType": ["full", "partial"],
    "pubStatus": ["usable", "withheld", "canceled"],
}
_RANGES = {"urgency": (1, 9), "relevance": (0, 100), "confidence": (0, 100)}
_MOMENT = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])[Tt](?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)
_KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("text", "uri", "moment"), (str,)),
    "integer": (int,),
    "number": (int, float),
}
_WORDS = {"text": "a string", "uri": "a string", "moment": "a string", "integer": "a whole number", "number": "a number"}
Member = tuple[Path, str, Json, str]
"""Where a property is, its name, its value and its kind."""


class _Document:
    """A file as its rules see it: every object of its items with the way to it, and what it is."""

    def __init__(self, body: bytes) -> None:
        self.data = schema.from_text(body.removeprefix(_BOM))
        listed = self.data if isinstance(self.data, list) else [self.data]
        start = isinstance(self.data, list)
        self.items = [((number,) * start, each) for number, each in enumerate(listed) if isinstance(each, dict)]

    @cached_property
    def objects(self) -> list[tuple[Path, JsonObject, str]]:
        """Every object of items in version 3, with what it is in `_OBJECTS`."""
        found: list[tuple[Path, JsonObject, str]] = [(path, each, "ITEM") for path, each in self.items if version(each) == 3]
        for path, members, kind in found:  # grows
            for name, value in members.items():
                inner = _OBJECTS[kind].get(name, "").strip("[]")
                if inner in _OBJECTS:
                    found += [(way, each, inner) for way, each in _inside((*path, name), value)]
        return found

    @cached_property
    def members(self) -> list[Member]:
        """Every property that version 3 has."""
        return [
            ((*path, name), name, value, _OBJECTS[kind][name])
            for path, members, kind in self.objects
            for name, value in members.items()
            if name in _OBJECTS[kind]
        ]

    @cached_property
    def modern(self) -> list[tuple[Path, JsonObject]]:
        """Every item with the names of 3.x in small letters."""
        return [(path, modern(each)) for path, each in self.items]


def _inside(path: Path, value: Json) -> Iterator[tuple[Path, JsonObject]]:
    """Yield the object that a value is, or those in the list that it is."""
    if isinstance(value, dict):
        yield path, value
    elif isinstance(value, list):
        yield from (((*path, number), each) for number, each in enumerate(value) if isinstance(each, dict))


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the items; never raise."""
    try:
        document = _Document(body)
    except Unreadable as error:
        return list(error.problems)
    places = JsonPlaces(body.removeprefix(_BOM).decode("utf-8", errors="replace"))
    return [found for each in RULES for found in each.first(document, places, _MOST)]


def _texts(item: JsonObject, name: str) -> list[str]:
    """Return the texts of a list of a modern item."""
    listed = item.get(name)
    values = (each.get("value") for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    return [each for each in values if isinstance(each, str) and each.strip()]


@rule(Severity.ERROR, spec=_SPEC, hint="write one object, with a uri")
def ninjs_item_missing(document: _Document) -> Iterator[Finding]:
    """A file is a news object, or a list of some."""
    if not document.items:
        yield Finding(message="there is no object in this JSON", line=1)


@rule(Severity.ERROR, spec=_SPEC, hint='add "uri", which identifies the item for ever')
def ninjs_uri_missing(document: _Document) -> Iterator[Finding]:
    """Each item has a uri: it is the one property that is required, and what updates find an item by."""
    for path, item in document.modern:
        if not isinstance(item.get("uri"), str) or not str(item["uri"]).strip():
            yield Finding(message="the item has no uri", where=path)


@rule(Severity.ERROR, spec=_SPEC, hint="add it")
def ninjs_property_missing(document: _Document) -> Iterator[Finding]:
    """Texts have a value, renditions and associations a name: programs look for them by it."""
    for path, members, kind in document.objects:
        for name in _REQUIRED.get(kind, "").split():
            if name not in members and kind != "ITEM":
                yield Finding(message=f"there is no {name!r} in {path[-2] if len(path) > 1 else 'it'}", where=path)


@rule(Severity.ERROR, spec=_SPEC, hint="write it as the schema has it")
def ninjs_type_wrong(document: _Document) -> Iterator[Finding]:
    """Each property is of the type that the schema says: programs that map it to their own types stop at others."""
    for path, name, value, kind in document.members:
        wanted = "a list" if kind.startswith("[") and not isinstance(value, list) else ""
        if kind in _OBJECTS or kind == "ANY":
            wanted = "" if isinstance(value, dict) else "an object"
        elif kind in _KINDS and (not isinstance(value, _KINDS[kind]) or isinstance(value, bool)):
            wanted = _WORDS[kind]
        if wanted:
            yield Finding(message=f"{name} is {shown(value)}, not {wanted}", where=path)


@rule(Severity.WARNING, spec=_SPEC, hint="take it out, or put it where the schema has it")
def ninjs_property_unknown(document: _Document) -> Iterator[Finding]:
    """An item has no properties but those of the schema, which refuses others: what is only yours belongs into `altIds` or an extension."""
    for path, members, kind in document.objects:
        for name in members:
            if name not in _OBJECTS[kind] and not (kind == "ITEM" and name == "$schema"):
                near = closest(name, _OBJECTS[kind])
                yield Finding(message=f"ninjs 3 has no {shown(name)} here", where=(*path, name), hint=near)


@rule(Severity.ERROR, spec=_SPEC, hint="write one of the values of the schema")
def ninjs_value_unknown(document: _Document) -> Iterator[Finding]:
    """Type, status and completeness are words of the schema, urgency and the like numbers within bounds."""
    for path, members, kind in document.objects:
        for name, values in _VALUES.items() if kind in ("ITEM", "ASSOCIATION") else ():
            if isinstance(value := members.get(name), str) and value not in values:
                yield Finding(message=f"{name} is {shown(value)}", where=(*path, name), hint=f"write one of {', '.join(values)}")
        for name, (least, most) in _RANGES.items():
            if isinstance(value := members.get(name), int) and not least <= value <= most:
                yield Finding(message=f"{name} is {shown(value)}", where=(*path, name), hint=f"write a number from {least} to {most}")


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc3339#section-5.6", hint="write 2018-10-24T08:00:00+01:00")
def ninjs_date_malformed(document: _Document) -> Iterator[Finding]:
    """Dates are moments with their zone: the schema has them as date-time of RFC 3339."""
    for path, name, value, kind in document.members:
        if kind == "moment" and isinstance(value, str) and not _MOMENT.fullmatch(value):
            yield Finding(message=f"{name} is {shown(value)}", where=path)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc3986#section-3", hint="write the whole URI, its special characters escaped")
def ninjs_uri_malformed(document: _Document) -> Iterator[Finding]:
    """What the schema has as a URI is a whole one: a reader of it has no address that a part could be relative to."""
    for path, name, value, kind in document.members:
        if kind == "uri" and isinstance(value, str) and value and not newsroom.is_uri(value):
            yield Finding(message=f"{name} is {shown(value)}, no URI", where=path)


@rule(Severity.ERROR, spec=_SPEC, hint="give either linkedRights or encodedRights")
def ninjs_rights_ambiguous(document: _Document) -> Iterator[Finding]:
    """Rights are linked or encoded, one of both."""
    for path, members, kind in document.objects:
        if kind == "RIGHTS" and ("linkedRights" in members) == ("encodedRights" in members):
            yield Finding(message=f"rightsInfo has {'both' if 'linkedRights' in members else 'neither'}", where=path)


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/info/bcp47", hint="write a language tag, such as en or pt-BR")
def ninjs_language_malformed(document: _Document) -> Iterator[Finding]:
    """Languages are tags of BCP 47."""
    for path, name, value, _ in document.members:
        if name == "language" and isinstance(value, str) and language(value) is None:
            yield Finding(message=f"language is {shown(value)}", where=path)


@rule(Severity.WARNING, spec=_SPEC, hint='add {"role": "main", "value": …} to headlines')
def ninjs_headline_missing(document: _Document) -> Iterator[Finding]:
    """An item has a headline: `title` and `slugline` are for editors, and nothing else can be shown in a list."""
    for path, item in document.modern:
        if not _texts(item, "headlines"):
            yield Finding(message="the item has no headline", where=path)


@rule(Severity.WARNING, spec=_SPEC, hint="add the text to bodies")
def ninjs_body_missing(document: _Document) -> Iterator[Finding]:
    """A text has a body."""
    for path, item in document.modern:
        if item.get("type") == "text" and not _texts(item, "bodies"):
            yield Finding(message="the text has no body", where=path)


@rule(Severity.INFO, spec=_SPEC, hint='add "standard": {"name": "ninjs", "version": "3.3"}')
def ninjs_standard_missing(document: _Document) -> Iterator[Finding]:
    """An item says which version of ninjs it is in: the versions have other names for the same things."""
    for path, item in document.modern:
        standard = item.get("standard")
        if not isinstance(standard, dict) or not standard.get("version"):
            yield Finding(message="the item does not say which version of ninjs it is in", where=path)


@rule(Severity.INFO, spec=_SPEC, hint="write ninjs 3")
def ninjs_version_old(document: _Document) -> Iterator[Finding]:
    """Version 3 has the same properties as 2, in the camel case that JSON mostly has, and 1 has some that no program can know by name."""
    for path, item in document.items:
        if (found := version(item)) < 3:
            yield Finding(message=f"the item is in ninjs {found}", where=path)


RULES: tuple[Rule[_Document], ...] = rules_in(globals())

"""Rules about values: is each what its property takes (schema.org 30.1), and written as ISO 8601, URLs and BCP 47 have it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import cache, lru_cache

from publisher import dates
from publisher.linked.document import Document, alternatives, quoted
from publisher.linked.nodes import Node, Value
from publisher.linked.vocabulary import Property, Vocabulary
from publisher.problems import Finding, Severity, rule
from publisher.text import language

_MODEL = "https://schema.org/docs/datamodel.html"
_FULL = "https://schema.org/docs/full.html"
_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/article"
_POLICIES = "https://developers.google.com/search/docs/appearance/structured-data/sd-policies"

_NUMBERS = frozenset({"Number", "Integer", "Float"})
_MEASURES = frozenset({"Distance", "Mass", "Energy", "Quantity", "QuantitativeValue"})
_DATES = frozenset({"Date", "DateTime"})
_TEXTS = frozenset({"Text", "PronounceableText", "CssSelectorType", "XPathType"})
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_REFERENCE = re.compile(r"//?[^\s<>\"]*|\.{0,2}/[^\s<>\"]+|[#?][^\s<>\"]*|[\w%~-]+(?:[./][\w%~-]*)+(?:[/?#][^\s<>\"]*)?")
_SCHEMA_ORG = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)?([A-Za-z0-9]+)")
_THING_URL = re.compile(r"https?://(?:www\.)?schema\.org/([A-Z]\w*)/?")


def _texts(document: Document, wanted: Callable[[Property], bool]) -> Iterator[tuple[Value, str]]:
    """Yield the texts that are values of some properties, without white space around them."""
    for found, texts in document.texts_by_property:
        if wanted(found):
            yield from texts


@cache  # of the properties that schema.org has, so that it ends
def _takes_text(found: Property) -> bool:
    return not found.ranges.isdisjoint(_TEXTS)


# -- things ---------------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec=_MODEL, hint="write an object with a type and a name")
def jsonld_text_for_thing(document: Document) -> Iterator[Finding]:
    """Text in place of a thing is allowed, but it cannot say what kind of thing it is, nor where there is more about it."""
    names = document.vocabulary
    for each, text in _texts(
        document, lambda found: not any(map(names.is_data_type, found.ranges)) and not _only_enumerations(names, found)
    ):
        if not _IRI.fullmatch(text) and each.name not in ("author", "creator"):
            found = names.property(each.name)
            kinds = alternatives(sorted(found.ranges)[:3]) if found else ""
            yield Finding(message=f"{each.name} is the text {quoted(text)}, not a thing", where=each.path, hint=f"write an object: {kinds}")


@rule(Severity.WARNING, spec=_FULL, hint="write the text itself")
def jsonld_thing_for_text(document: Document) -> Iterator[Finding]:
    """Who expects text finds none in an object: a headline that is an object is no headline."""
    names = document.vocabulary
    for each, found, node in document.known_things:
        if not names.things(found) and not node.is_reference and not _may_be_anything(document, each, node):
            yield Finding(message=f"{each.name} is an object, not text", where=each.path, hint=_plain(found))


def _plain(found: Property) -> str:
    return f"write {alternatives(found.ranges)} itself"


def _may_be_anything(document: Document, value: Value, node: Node) -> bool:
    """Return whether an object is a Role, which stands between any property and its value, or of a type that nobody here knows."""
    known = node.types and all(document.vocabulary.type(each) for each in node.types)
    return node.foreign or not known or document.is_a(node, "Role") or document.is_a(value.owner, "Role")


@rule(Severity.WARNING, spec=_FULL, hint="use the property for it, or give the thing another type")
def jsonld_thing_of_wrong_type(document: Document) -> Iterator[Finding]:
    """Readers expect what schema.org says a property is about: a place is no author."""
    names = document.vocabulary
    for each, found, _ in document.known_things:
        wanted, node = names.things(found), document.meant(each)
        if node and wanted and not names.fits(node.types, found) and not _may_be_anything(document, each, node):
            message = f"{each.name} is a {alternatives(node.types)}"
            yield Finding(message=message, where=each.path, hint=f"schema.org expects {alternatives(sorted(wanted)[:4])}")


# -- kinds of literals ----------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_FULL, hint="write what the property takes")
def jsonld_value_of_wrong_kind(document: Document) -> Iterator[Finding]:
    """A boolean or a number where schema.org expects neither says nothing that a reader could use."""
    for each, found in document.known_numbers:
        if _is_of_wrong_kind(each.data, found):
            yield Finding(
                message=f"{each.name} is {quoted(each.data)}", where=each.path, hint=f"write {alternatives(sorted(found.ranges)[:4])}"
            )


def _is_of_wrong_kind(data: object, found: Property) -> bool:
    if isinstance(data, bool):
        return "Boolean" not in found.ranges
    return isinstance(data, int | float) and not _takes_numbers(found) and not _is_date(found)


def _takes_numbers(found: Property) -> bool:
    return not found.ranges.isdisjoint(_NUMBERS | _MEASURES | _TEXTS | {"MonetaryAmount", "PropertyValue", "Boolean"})


@rule(Severity.INFO, spec="https://schema.org/Number", hint="write it without quotes")
def jsonld_number_as_text(document: Document) -> Iterator[Finding]:
    """A number in quotes is text: most readers convert it, some do not."""
    for each, text in _texts(document, _is_number):
        if _NUMBER.fullmatch(text):
            yield Finding(message=f"{each.name} is the text {quoted(text)}", where=each.path)


_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


@cache
def _is_number(found: Property) -> bool:
    return not found.ranges.isdisjoint(_NUMBERS) and not _takes_text(found) and found.ranges.isdisjoint({"Boolean", "URL", *_DATES})


@rule(Severity.ERROR, spec="https://schema.org/Number", hint="write digits with a point for decimals, and nothing else")
def jsonld_number_unreadable(document: Document) -> Iterator[Finding]:
    """Where a number is expected, readers drop text that is none."""
    for each, text in _texts(document, _is_number):
        if not _NUMBER.fullmatch(text) and not _IRI.fullmatch(text):
            yield Finding(message=f"{each.name} is {quoted(text)}, which is no number", where=each.path)


@rule(Severity.INFO, spec="https://schema.org/Boolean", hint="write true or false without quotes")
def jsonld_boolean_as_text(document: Document) -> Iterator[Finding]:
    """Google asks for a JSON boolean, and takes the text, too; others take any text that is not empty for true."""
    for each, text in _texts(document, _is_boolean):
        if text.lower() in ("true", "false"):
            yield Finding(message=f"{each.name} is the text {quoted(text)}", where=each.path)


@cache
def _is_boolean(found: Property) -> bool:
    return "Boolean" in found.ranges and not _takes_text(found) and "URL" not in found.ranges and len(found.ranges) == 1


@rule(Severity.ERROR, spec="https://schema.org/Boolean", hint="write true or false")
def jsonld_boolean_malformed(document: Document) -> Iterator[Finding]:
    """There are two booleans; readers cannot tell which of them `yes` or 0 is."""
    for each, found in document.known:
        if _is_boolean(found) and not isinstance(each.data, bool) and each.node is None and not _is_truth(each.data):
            yield Finding(message=f"{each.name} is {quoted(each.data)}", where=each.path)


def _is_truth(data: object) -> bool:
    text = data.strip().lower() if isinstance(data, str) else "?"
    return not text or text.rpartition("/")[2].removeprefix("schema:") in ("true", "false")


# -- dates and durations --------------------------------------------------------------------------------------------------

_DATE = re.compile(r"[+-]?\d{4}(?:-\d\d(?:-\d\d)?|\d{4}|-W\d\d(?:-\d)?|-\d{3})?")
_MOMENT = re.compile(r"(\d{4}-?\d\d-?\d\d)T(\d\d(?::?\d\d(?::?\d\d(?:[.,]\d+)?)?)?)(Z|z|[+-]\d\d(?::?\d\d)?)?")


@cache
def _is_date(found: Property) -> bool:
    return not found.ranges.isdisjoint(_DATES) and not _takes_text(found) and found.ranges <= _DATES | {"Time"}


@lru_cache(maxsize=512)
def moment(text: str) -> datetime | date | None:
    """Return the day or the moment that a text in ISO 8601 means, `None` when it means none; a year or a month is its first day."""
    try:
        if found := _MOMENT.fullmatch(text):
            zone = (found[3] or "").upper()
            hour = found[2].replace("24", "00", 1) if found[2].startswith("24") else found[2]
            return datetime.fromisoformat(f"{found[1]}T{hour.replace(',', '.')}{zone}")
        if _DATE.fullmatch(text):
            whole = f"{text}-01" if re.fullmatch(r"\d{4}-\d\d", text) else f"{text}-01-01" if re.fullmatch(r"\d{4}", text) else text
            return date(*map(int, whole.split("-"))) if re.fullmatch(r"\d{4}-\d\d-\d\d", whole) else _other_date(whole)
    except ValueError:
        pass
    return None


def _other_date(text: str) -> date | None:
    if re.fullmatch(r"\d{4}-\d{3}", text):
        return datetime.strptime(text, "%Y-%j").date()  # noqa: DTZ007 - only the day is used
    return date.fromisoformat(text) if not text.startswith(("+", "-")) else None


def _is_time(text: str) -> bool:
    try:
        return bool(time.fromisoformat(text))
    except ValueError:
        return False


@rule(Severity.ERROR, spec=_GOOGLE, hint="write a day (2018-10-24) or a moment with its offset (2018-10-24T08:00:00+01:00)")
def jsonld_date_malformed(document: Document) -> Iterator[Finding]:
    """Dates are ISO 8601; search engines ignore others, so the article has none, and they may guess one from the page."""
    for each, text in _texts(document, _is_date):
        if moment(text) is None and not _is_before_our_era(text) and not _may_be_time(document, each, text):
            yield Finding(message=f"{each.name} is {quoted(text)}, which is no date in ISO 8601", where=each.path, hint=_dated(text))
    for each, found in document.known_numbers:
        if _is_date(found) and isinstance(each.data, int | float) and not isinstance(each.data, bool) and not 0 < each.data <= 9999:
            yield Finding(message=f"{each.name} is the number {quoted(each.data)}", where=each.path)


def _is_before_our_era(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]\d{4,6}(-\d\d){0,2}", text))


def _may_be_time(document: Document, value: Value, text: str) -> bool:
    found = document.vocabulary.property(value.name)
    return found is not None and "Time" in found.ranges and _is_time(text)


def _dated(text: str) -> str:
    """Return what to write instead, where that is plain."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d.*", text):
        return f"write {quoted(text.replace(' ', 'T', 1))}" if moment(text.replace(" ", "T", 1)) else "write T between day and time"
    return ""


_MOMENTS_OF_NEWS = (
    *("datePublished", "dateModified", "dateCreated", "uploadDate", "expires"),
    *("coverageStartTime", "coverageEndTime", "startDate", "endDate"),
)


@rule(Severity.WARNING, spec=_GOOGLE, hint="add the offset, such as +01:00, or Z")
def jsonld_date_without_zone(document: Document) -> Iterator[Finding]:
    """A time without an offset is taken for one where the search engine is, so that news appear hours too old or in the future."""
    for each in (value for name in _MOMENTS_OF_NEWS for value in document.by_name.get(name, ())):
        found = moment(each.text.strip())
        if isinstance(found, datetime) and found.tzinfo is None:
            yield Finding(message=f"{each.name} is {quoted(each.text)}, without an offset", where=each.path)


@rule(Severity.INFO, spec="https://www.rfc-editor.org/rfc/rfc3339#section-5.6", hint="write it as +01:00")
def jsonld_date_offset_without_colon(document: Document) -> Iterator[Finding]:
    """A time with colons has a colon in its offset, too; strict parsers refuse the mixture."""
    for each, text in _texts(document, _is_date):
        if re.search(r":\d\d(?:\.\d+)?[+-]\d{4}$", text) and moment(text):
            yield Finding(message=f"{each.name} is {quoted(text)}", where=each.path)


@rule(Severity.WARNING, spec=_GOOGLE, hint="write the real date, or leave it out")
def jsonld_date_placeholder(document: Document) -> Iterator[Finding]:
    """The first moment that a program can write (year 1, 1970) stands for a date that it did not have."""
    for each, text in _texts(document, _is_date):
        if re.match(r"(0000|0001-01-01|1970-01-01T00:00:00|1969-12-31T)", text) and each.name in _MOMENTS_OF_NEWS:
            yield Finding(message=f"{each.name} is {quoted(text)}", where=each.path)


@rule(Severity.WARNING, spec=_GOOGLE, hint="correct one of the dates")
def jsonld_modified_before_published(document: Document) -> Iterator[Finding]:
    """An article is not modified before it is published: one of the dates is wrong, and search engines may trust neither."""
    owners = {each.owner for each in document.by_name.get("dateModified", ())}
    for node in [each for each in document.nodes if each in owners] if owners else ():
        both = [[each for each in document.texts(node, name) if moment(each.text.strip())] for name in ("datePublished", "dateModified")]
        if all(both):
            published, modified = both[0][0], both[1][0]
            if is_before(modified.text.strip(), published.text.strip()):
                message = f"modified {quoted(modified.text)} is before published {quoted(published.text)}"
                yield Finding(message=message, where=modified.path)


def is_before(text: str, other: str) -> bool:
    """Return whether one date is surely before another: by days when one has no time, or only one of them a zone."""
    first, second = moment(text), moment(other)
    return first is not None and second is not None and min(len(text), len(other)) >= 10 and dates.is_before(first, second)


_DURATION = re.compile(
    r"-?P(?!$)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?W)?(?:\d+(?:[.,]\d+)?D)?"
    r"(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?"
)


@rule(Severity.ERROR, spec="https://schema.org/Duration", hint="write it as in PT3M45S (three minutes and 45 seconds)")
def jsonld_duration_malformed(document: Document) -> Iterator[Finding]:
    """Durations are ISO 8601; players and search engines ignore others."""
    for each, text in _texts(document, _is_duration):
        if not _DURATION.fullmatch(text) and not _IRI.fullmatch(text):
            yield Finding(message=f"{each.name} is {quoted(text)}, which is no duration", where=each.path)


@cache
def _is_duration(found: Property) -> bool:
    return "Duration" in found.ranges and not _takes_text(found)


# -- addresses ------------------------------------------------------------------------------------------------------------


@cache
def _takes_address(found: Property) -> bool:
    return "URL" in found.ranges and not _takes_text(found)


@rule(Severity.WARNING, spec="https://schema.org/URL", hint="write the address of a page or a file, with https://")
def jsonld_url_malformed(document: Document) -> Iterator[Finding]:
    """Where an address is expected, text leads nowhere: it is resolved like a relative address and becomes a link that is dead."""
    for each, text in document.once(_no_addresses):
        if not _REFERENCE.fullmatch(text):
            yield Finding(message=f"{each.name} is {quoted(text)}, which is no address", where=each.path)


_ADDRESS = re.compile(r"(?!https?:(?!//[^/\s]))[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"]+")
"""Absolute addresses; templates of addresses, and those in other scripts, are."""


def _no_addresses(document: Document) -> Iterator[tuple[Value, str]]:
    """Yield the texts where addresses are expected that are no absolute ones."""
    return ((each, text) for each, text in _texts(document, _takes_address) if not _ADDRESS.fullmatch(text))


@rule(Severity.WARNING, spec=_GOOGLE, hint="write the whole address, with https://")
def jsonld_url_relative(document: Document) -> Iterator[Finding]:
    """Linked data is read away from its page, where a relative address leads elsewhere or nowhere."""
    for each, text in document.once(_no_addresses):
        if _REFERENCE.fullmatch(text) and not _names_node(document, text):
            yield Finding(message=f"{each.name} is {quoted(text)}, without a scheme", where=each.path)


def _names_node(document: Document, text: str) -> bool:
    """Return whether a text is the id of a node here: schema.org's context makes references of the values of `image` or `url`."""
    return text in document.described or text in document.fragments


_PRIVATE = re.compile(
    r"https?://(?:[^/@]*@)?(?:localhost|[\w-]+\.(?:local|localhost|internal|test|invalid)|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|"
    r"192\.168\.\d+\.\d+|\[::1\])(?::\d+)?(?:[/?#]|$)|file:",
    re.IGNORECASE,
)


def is_private(address: str) -> bool:
    """Return whether an address leads nobody anywhere but whoever sits at the machine, or in the house, where it was written."""
    return bool(_PRIVATE.match(address))


@rule(Severity.WARNING, spec=_GOOGLE, hint="write the address under which everybody reaches it")
def jsonld_url_not_public(document: Document) -> Iterator[Finding]:
    """An address of the machine on which a site was made leads nobody else anywhere."""
    for each, text in _texts(document, lambda found: "URL" in found.ranges):
        if is_private(text):
            yield Finding(message=f"{each.name} is {quoted(text)}", where=each.path)


# -- languages and enumerations -------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec="https://schema.org/inLanguage", hint="write a BCP 47 tag, such as en or pt-BR")
def jsonld_language_unknown(document: Document) -> Iterator[Finding]:
    """Languages are BCP 47 tags; who sorts or translates news by language passes over others."""
    for each in (value for name in ("inLanguage", "availableLanguage") for value in document.by_name.get(name, ())):
        text = each.text.strip()
        if (
            text
            and not _IRI.fullmatch(text)
            and ("_" in text or language(text[:100]) is None)
            and (each.name == "inLanguage" or len(text) == 2)
        ):
            yield Finding(message=f"{each.name} is {quoted(text)}, which is no language tag", where=each.path)


@cache
def _only_enumerations(names: Vocabulary, found: Property) -> bool:
    return any(map(names.is_enumeration, found.ranges)) and not _takes_text(found) and "Thing" not in found.ranges


@rule(Severity.WARNING, spec=_FULL, hint="write the address of a member, such as https://schema.org/InStock")
def jsonld_enumeration_unknown(document: Document) -> Iterator[Finding]:
    """Only the values that schema.org lists are understood; another says nothing."""
    names = document.vocabulary
    for each, text in _texts(document, lambda found: _only_enumerations(names, found)):
        found = _SCHEMA_ORG.fullmatch(text)
        if (found and not names.is_known(found[1])) or (not found and not _IRI.fullmatch(text) and not _REFERENCE.fullmatch(text)):
            kinds = sorted(each.kind.ranges if each.kind else ())
            meant = names.closest_member(found[1] if found else text, kinds)
            hint = f"did you mean https://schema.org/{meant}?" if meant else f"write one of {', '.join(_some(names, kinds))}"
            yield Finding(message=f"{each.name} is {quoted(text)}", where=each.path, hint=hint)


def _some(names: Vocabulary, enumerations: list[str]) -> list[str]:
    return [member for each in enumerations for member in names.members(each)][:5]


@rule(Severity.WARNING, spec=_FULL, hint="check the name")
def jsonld_term_unknown(document: Document) -> Iterator[Finding]:
    """An address below schema.org that names nothing there says nothing."""
    names = document.vocabulary
    for each in document.values if "schema.org/" in document.beginnings else ():
        found = _THING_URL.fullmatch(each.text.strip()) if each.text.startswith("http") else None
        enumeration = found and (property_ := names.property(each.name)) and _only_enumerations(names, property_)
        if found and not enumeration and not names.is_known(found[1]) and found[1] not in ("True", "False"):
            yield Finding(message=f"schema.org has no {quoted(found[1])}", where=each.path)


# -- text -----------------------------------------------------------------------------------------------------------------

_SHORT = (
    *("headline", "alternativeHeadline", "name", "description", "articleSection", "keywords", "caption", "creditText", "dateline"),
    *("url", "contentUrl", "thumbnailUrl", "image", "logo", "sameAs"),
)
_ENTITY = re.compile(
    r"&(?:amp|quot|apos|lt|gt|nbsp|[lr][sd]quo|[mn]dash|hellip|[lr]aquo|[a-z](?:uml|acute|grave|circ|tilde|cedil)|#\d{2,6}|#x[0-9a-f]{2,6});",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?(?:p|b|i|em|strong|br|span|a|div|h[1-6]|sup|sub|u|img|ul|li|font)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_GARBLED = re.compile('Ã[\x80-\xbf]|â€[\x80-\x9f™œž“”˜¦¢š"]|Â[\xa0«»°©®´·]|ï¿½|\ufffd')
_PLACEHOLDER = re.compile(
    r"\{\{.*\}\}|\{%.*%\}|<\?(?:php|=).*|\$\{[^}]+\}|\[object Object\]|undefined|null|None|NaN|Invalid date|%[A-Z_]+%|Lorem ipsum.*|"
    r".*%%[A-Za-z]\w*%%.*",
    re.DOTALL,
)


_SIGNS = ("{{", "{%", "<?", "${", "[object Object]", "undefined", "null", "None", "NaN", "Invalid date", "%", "Lorem ipsum")
"""One of these is in each placeholder, and to look for them is much sooner done."""


def _short_texts(document: Document) -> Iterator[Value]:
    return (each for name in _SHORT for each in document.by_name.get(name, ()) if each.text)


def _joined(document: Document) -> Iterator[str]:
    yield "\0".join(each.text for each in document.once(_short_texts))


def _that_say(document: Document, pattern: re.Pattern[str], sign: str = "") -> Iterator[tuple[Value, str]]:
    """Yield the short texts in which a pattern is, and what it has found; `sign`: what it begins with, else it is not in ASCII."""
    (joined,) = document.once(_joined)
    for each in document.once(_short_texts) if (sign in joined if sign else not joined.isascii()) else ():
        if found := pattern.search(each.text):
            yield each, found[0]


@rule(Severity.WARNING, spec=_POLICIES, hint="write the character itself")
def jsonld_entity_in_text(document: Document) -> Iterator[Finding]:
    """JSON-LD is no HTML: `&amp;` is shown as five characters, and an address with it in leads elsewhere."""
    for each, found in _that_say(document, _ENTITY, "&"):
        yield Finding(message=f"{each.name} has {quoted(found)} in it: {quoted(each.text)}", where=each.path)


@rule(Severity.WARNING, spec=_POLICIES, hint="write it as plain text")
def jsonld_markup_in_text(document: Document) -> Iterator[Finding]:
    """Headlines, names and descriptions are plain text: search results and readers show tags as they are."""
    for each, found in _that_say(document, _TAG, "<"):
        yield Finding(message=f"{each.name} has the tag {quoted(found)} in it", where=each.path)


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/rfc/rfc8259#section-8.1", hint="read the source as UTF-8, and write it as that")
def jsonld_text_garbled(document: Document) -> Iterator[Finding]:
    """UTF-8 that was read as another encoding shows as signs like â€™; nobody can search for such words."""
    for each, found in _that_say(document, _GARBLED):
        yield Finding(message=f"{each.name} has {quoted(found)} in it: {quoted(each.text)}", where=each.path)


@rule(Severity.WARNING, spec=_POLICIES, hint="write the value, or leave the property out")
def jsonld_placeholder(document: Document) -> Iterator[Finding]:
    """What a template left unfilled is published as if it were the text."""
    for each in document.values if any(sign in document.beginnings for sign in _SIGNS) else ():
        if each.text and each.name not in ("urlTemplate", "target") and _PLACEHOLDER.fullmatch(each.text.strip()[:200]):
            yield Finding(message=f"{each.name} is {quoted(each.text)}", where=each.path)


@rule(Severity.INFO, spec=_POLICIES, hint="write the value, or leave the property out")
def jsonld_value_empty(document: Document) -> Iterator[Finding]:
    """A property without a value says nothing, and some readers show it empty."""
    for each in document.values:
        if isinstance(each.data, str) and not each.data.strip():
            yield Finding(message=f"{each.name} is empty", where=each.path)
    for name in document.names:
        if name.node.data.get(name.key, True) in ([], {}):
            yield Finding(message=f"{name.name} is empty", where=name.path)

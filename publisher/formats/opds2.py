"""OPDS 2.0, catalogues of books as JSON (https://drafts.opds.io/opds-2.0, a draft, read 2026-11-27); only checked.

What must hold is the draft with its JSON Schemas, and those of the Readium Web Publication Manifest that it is built on
(https://github.com/readium/webpub-manifest, read on the same day). A single publication is checked as that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from publisher import listings, schema
from publisher.formats import Context, Reading, beginning
from publisher.listings import is_w3c_date
from publisher.places import JsonPlaces, Path
from publisher.problems import Finding, Problem, Severity, Unreadable, check_all, rule, rules_in, shown
from publisher.schema import Json, JsonObject
from publisher.text import language

NAME = "opds2"
TITLE = "OPDS 2.0 (checked only)"
SPEC = "https://drafts.opds.io/opds-2.0"
MEDIA_TYPE = "application/opds+json"

_PUBLICATION_TYPE = "application/opds-publication+json"
_RWPM = "https://github.com/readium/webpub-manifest"
_SCHEMAS = f"{SPEC}#appendix-a-json-schema"
_ACQUISITION = "http://opds-spec.org/acquisition"
_COLLECTIONS = ("navigation", "publications", "groups")
_PICTURES = ("image/jpeg", "image/png", "image/gif")
_PEOPLE = (
    *("author", "translator", "editor", "artist", "illustrator", "letterer", "penciler", "colorist", "inker", "narrator"),
    *("contributor", "publisher", "imprint"),
)
_COUNTS = {"numberOfItems": 0, "itemsPerPage": 1, "currentPage": 1}
"""Members that count, and the least that they can be."""
_KINDS: Mapping[type, str] = {dict: "an object", list: "a list of objects"}
_SELF = re.compile(rb'"rel"\s*:\s*(?:\[\s*)?"(?:self|http://opds-spec\.org/)')
_TYPE = re.compile(rb'"application/opds(?:-publication)?\+json"')
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_TEMPLATE = re.compile(r"\{[^{}]*\}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.IGNORECASE)


class _Catalogue:
    """A catalogue as its rules see it: every object with the way to it."""

    def __init__(self, data: Json) -> None:
        self.top: JsonObject = data if isinstance(data, dict) else {}

    @cached_property
    def is_publication(self) -> bool:
        """Whether this is one publication and no feed."""
        return not any(name in self.top for name in _COLLECTIONS) and ("images" in self.top or "readingOrder" in self.top)

    @cached_property
    def groups(self) -> list[tuple[Path, JsonObject]]:
        return list(_objects(self.top, (), "groups"))

    @cached_property
    def facets(self) -> list[tuple[Path, JsonObject]]:
        return [found for path, each in self.lists for found in _objects(each, path, "facets")]

    @cached_property
    def lists(self) -> list[tuple[Path, JsonObject]]:
        """The feed and its groups."""
        return [] if self.is_publication else [((), self.top), *self.groups]

    @cached_property
    def publications(self) -> list[tuple[Path, JsonObject]]:
        if self.is_publication:
            return [((), self.top)]
        return [found for path, each in self.lists for found in _objects(each, path, "publications")]

    @cached_property
    def navigation(self) -> list[tuple[Path, JsonObject]]:
        return [found for path, each in self.lists for found in _objects(each, path, "navigation")]

    @cached_property
    def links(self) -> list[tuple[Path, JsonObject]]:
        """All Link Objects, those of pictures too."""
        holders = [*self.lists, *self.facets, *self.publications]
        found = [link for path, each in holders for link in _objects(each, path, "links")]
        return [*found, *self.navigation, *(link for path, each in self.publications for link in _objects(each, path, "images"))]

    @cached_property
    def metadata(self) -> list[tuple[Path, JsonObject]]:
        """What is said of each feed, group, facet and publication; an empty object where there is nothing."""
        return [((*path, "metadata"), _object(each, "metadata")) for path, each in (*self.lists, *self.facets, *self.publications)]

    @cached_property
    def described(self) -> list[tuple[Path, JsonObject]]:
        """What is said of each publication."""
        return [((*path, "metadata"), _object(each, "metadata")) for path, each in self.publications]


def _objects(members: JsonObject, path: Path, name: str) -> Iterator[tuple[Path, JsonObject]]:
    value = members.get(name)
    if isinstance(value, list):
        yield from (((*path, name, number), each) for number, each in enumerate(value) if isinstance(each, dict))


def _object(members: JsonObject, name: str) -> JsonObject:
    value = members.get(name)
    return value if isinstance(value, dict) else {}


def _string(members: JsonObject, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _several(value: Json) -> list[Json]:
    """Return what may be one or a list of them as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _rels(link: JsonObject) -> list[str]:
    return [each for each in _several(link.get("rel")) if isinstance(each, str)]


def _is_acquisition(link: JsonObject) -> bool:
    return any(each in ("preview", _ACQUISITION) or each.startswith(f"{_ACQUISITION}/") for each in _rels(link))


def _media_type(link: JsonObject) -> str:
    return _string(link, "type").partition(";")[0].strip().lower()


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON with a catalogue's type, or with one of its lists and links to itself or to books."""
    if not beginning(body).startswith(b"{"):
        return False
    plain = body.replace(b"\0", b"") if b"\0" in body[:4] else body
    is_marked = bool(_TYPE.search(plain)) or b"http://opds-spec.org/" in plain
    return is_marked and bool(_SELF.search(plain)) and _has_shape(plain)


def _has_shape(body: bytes) -> bool:
    """Return whether an object has the lists of a catalogue or says that it is one; of broken JSON, whether it mentions its type."""
    try:
        found = schema.from_text(body.decode("utf-8-sig", errors="replace"))
    except Unreadable:
        return bool(_TYPE.search(body))
    if not isinstance(found, dict) or not isinstance(found.get("metadata"), dict):
        return False
    says_so = any("self" in _rels(each) and _media_type(each) == MEDIA_TYPE for _, each in _objects(found, (), "links"))
    return says_so or any(isinstance(found.get(name), list) for name in (*_COLLECTIONS, "images"))


def read(body: bytes, context: Context = Context()) -> Reading:
    """Raise `Unreadable`: it lists books, and articles are in those."""
    raise listings.holds_no_articles("an OPDS catalogue", "books")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the catalogue; never raise."""
    try:
        data = schema.from_text(body.removeprefix(b"\xef\xbb\xbf"))
    except Unreadable as error:
        return list(error.problems)
    text = body.decode("utf-8-sig", errors="replace")
    return check_all(_RULES, _Catalogue(data), JsonPlaces(text))


# -- feeds ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_SCHEMAS, hint="write an object for metadata, and lists of objects for all collections and links")
def opds2_kind_wrong(catalogue: _Catalogue) -> Iterator[Finding]:
    """Metadata is an object, links and collections are lists of objects: a reader stumbles over anything else."""
    for path, each in (*catalogue.lists, *catalogue.facets, *catalogue.publications):
        for name in ("metadata", "links", "images", "facets", *_COLLECTIONS):
            wanted = dict if name == "metadata" else list
            value: Any = each.get(name, wanted())
            if not isinstance(value, wanted) or not all(isinstance(one, dict) for one in (value if wanted is list else ())):
                yield Finding(message=f"{name} is not {_KINDS[wanted]}", where=(*path, name))


@rule(Severity.ERROR, spec=f"{SPEC}#overview", hint="add publications, navigation or groups")
def opds2_nothing_listed(catalogue: _Catalogue) -> Iterator[Finding]:
    """A feed lists books, links or groups of them."""
    if not catalogue.is_publication and not any(name in catalogue.top for name in _COLLECTIONS):
        yield Finding(message="there are neither publications nor navigation nor groups", where=())


@rule(Severity.ERROR, spec=f"{SPEC}#overview", hint="add a title")
def opds2_title_missing(catalogue: _Catalogue) -> Iterator[Finding]:
    """A feed, each group, each set of facets and each book has a title: it is what readers show."""
    for path, each in catalogue.metadata:
        title = each.get("title")
        if not (title.strip() if isinstance(title, str) else title and isinstance(title, dict)):
            yield Finding(message="there is no title", where=path)


@rule(Severity.ERROR, spec=f"{SPEC}#overview", hint=f'add {{"rel": "self", "href": …, "type": "{MEDIA_TYPE}"}}')
def opds2_no_self(catalogue: _Catalogue) -> Iterator[Finding]:
    """A feed says where it is."""
    if not catalogue.is_publication and not any("self" in _rels(each) for _, each in _objects(catalogue.top, (), "links")):
        yield Finding(message="there is no link to self", where=("links",))


@rule(Severity.ERROR, spec=f"{SPEC}#11-navigation", hint="add a title")
def opds2_navigation_without_title(catalogue: _Catalogue) -> Iterator[Finding]:
    """Each link of a navigation has a title: KOReader leaves it out otherwise."""
    for path, each in catalogue.navigation:
        if not _string(each, "title").strip():
            yield Finding(message=f"the link to {shown(_string(each, 'href'))} has no title", where=path)


@rule(Severity.ERROR, spec=f"{SPEC}#15-groups", hint="make two groups of it")
def opds2_group_mixed(catalogue: _Catalogue) -> Iterator[Finding]:
    """A group has books or links, not both, and one of them."""
    for path, each in catalogue.groups:
        if ("navigation" in each) == ("publications" in each):
            found = "both navigation and publications" if "navigation" in each else "neither navigation nor publications"
            yield Finding(message=f"the group has {found}", where=path)


@rule(Severity.WARNING, spec=f"{SPEC}#14-facets", hint="add another choice, or take the facet out")
def opds2_facet_without_choice(catalogue: _Catalogue) -> Iterator[Finding]:
    """A facet has at least two links: with one there is nothing to choose."""
    for path, each in catalogue.facets:
        if (count := len(_several(each.get("links")))) < 2:
            yield Finding(message=f"the facet has {count or 'no'} link{'s' if count != 1 else ''}", where=path)


@rule(Severity.ERROR, spec=f"{SPEC}#3-pagination", hint="write a whole number, pages from 1")
def opds2_count_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """How many books there are, how many on a page, and which page this is, are whole numbers."""
    for path, each in catalogue.metadata:
        for name, least in _COUNTS.items():
            value = each.get(name, least)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                yield Finding(message=f"{name} is {shown(value)}", where=(*path, name))


@rule(Severity.ERROR, spec=f"{SPEC}#2-search", hint='write "href": "search{?query}", "templated": true')
def opds2_search_without_query(catalogue: _Catalogue) -> Iterator[Finding]:
    """Search is a template with a place for `query`."""
    for path, each in catalogue.links:
        variables = ",".join(_TEMPLATE.findall(_string(each, "href")))
        if "search" in _rels(each) and (each.get("templated") is not True or not re.search(r"\bquery\b", variables)):
            yield Finding(message=f"the address for searching is {shown(_string(each, 'href'))}", where=path)


# -- links ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_RWPM}#24-the-link-object", hint="write the address, with spaces as %20")
def opds2_address_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """Each link has an address, escaped."""
    for path, each in catalogue.links:
        address = _TEMPLATE.sub("", _string(each, "href"))
        if not _string(each, "href") or re.search(r'[\s<>"{}|\\^`]', address):
            yield Finding(message=f"the address is {shown(each.get('href'))}", where=path)


@rule(Severity.ERROR, spec=f"{_RWPM}#24-the-link-object", hint='add "templated": true')
def opds2_template_unmarked(catalogue: _Catalogue) -> Iterator[Finding]:
    """An address with places to fill says that it is a template: else a reader asks for the braces."""
    for path, each in catalogue.links:
        if _TEMPLATE.search(_string(each, "href")) and each.get("templated") is not True:
            yield Finding(message=f"{shown(_string(each, 'href'))} is not said to be a template", where=path)


@rule(Severity.ERROR, spec=f"{_RWPM}#24-the-link-object", hint="write whole pixels, or leave it out")
def opds2_size_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """Width and height are whole numbers of pixels above 0."""
    for path, each in catalogue.links:
        for name in ("width", "height"):
            value = each.get(name, 1)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                yield Finding(message=f"the {name} is {shown(value)}", where=(*path, name))


@rule(Severity.WARNING, spec=f"{SPEC}#43-acquisition-links", hint="write the type of the file, such as application/epub+zip")
def opds2_acquisition_without_type(catalogue: _Catalogue) -> Iterator[Finding]:
    """A link to a book says of which type that is: readers offer only what they can open."""
    for path, each in catalogue.links:
        if _is_acquisition(each) and "/" not in _media_type(each):
            yield Finding(message=f"the type of {shown(_string(each, 'href'))} is {shown(_string(each, 'type'))}", where=path)


@rule(Severity.ERROR, spec=f"{SPEC}#43-acquisition-links", hint='write "price": {"currency": "EUR", "value": 4.99}')
def opds2_price_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """A price has a value that is a number, and a currency by its code of ISO 4217."""
    for path, each in catalogue.links:
        price = _object(each, "properties").get("price")
        if price is not None and not (isinstance(price, dict) and _is_price(price)):
            yield Finding(message=f"the price is {shown(price)}", where=(*path, "properties", "price"))


def _is_price(price: JsonObject) -> bool:
    value = price.get("value")
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and value >= 0
        and bool(re.fullmatch("[A-Z]{3}", _string(price, "currency")))
    )


# -- publications ---------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#41-opds-publication", hint=f'add a link with "rel": "{_ACQUISITION}/open-access"')
def opds2_no_acquisition(catalogue: _Catalogue) -> Iterator[Finding]:
    """Each book can be had: by a link to acquire it, or by its own reading order."""
    for path, each in catalogue.publications:
        if "readingOrder" not in each and not any(_is_acquisition(link) for _, link in _objects(each, path, "links")):
            yield Finding(message="there is nothing to acquire", where=path)


@rule(Severity.ERROR, spec=f"{SPEC}#12-publications", hint="add images, with a cover in JPEG, PNG or GIF and its type")
def opds2_images_missing(catalogue: _Catalogue) -> Iterator[Finding]:
    """Each book has pictures, and at least one of them is JPEG, PNG or GIF and says so."""
    for path, each in catalogue.publications:
        kinds = [_media_type(image) for _, image in _objects(each, path, "images")]
        if not kinds:
            yield Finding(message="there are no images", where=path)
        elif not set(kinds) & set(_PICTURES):
            yield Finding(message=f"the images are of type {shown(', '.join(kinds))}", where=(*path, "images"))


@rule(Severity.ERROR, spec=f"{_RWPM}/blob/master/schema/metadata.schema.json", hint="write a URI such as urn:isbn:978031600000X")
def opds2_identifier_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """The identifier of a book is a URI: by it a reader knows which one it has already."""
    for path, each in catalogue.described:
        value = each.get("identifier", "urn:none")
        if not isinstance(value, str) or not _URI.fullmatch(value):
            yield Finding(message=f"the identifier is {shown(value)}", where=(*path, "identifier"))


@rule(Severity.WARNING, spec=f"{_RWPM}/blob/master/schema/metadata.schema.json", hint="give each book the identifier it has")
def opds2_identifier_repeated(catalogue: _Catalogue) -> Iterator[Finding]:
    """In one list each book is once."""
    seen: set[tuple[Path, str]] = set()
    for path, each in catalogue.described:
        key = (path[:-2], _string(each, "identifier"))
        if key[1] and key in seen:
            yield Finding(message=f"the identifier {shown(key[1])} is there already", where=(*path, "identifier"))
        seen.add(key)


@rule(Severity.ERROR, spec=f"{_RWPM}/blob/master/schema/metadata.schema.json", hint="write a tag such as en or pt-BR")
def opds2_language_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """Languages are tags of BCP 47."""
    for path, each in catalogue.described:
        for tag in _several(each.get("language")):
            if not isinstance(tag, str) or not language(tag):
                yield Finding(message=f"the language is {shown(tag)}", where=(*path, "language"))


@rule(
    Severity.ERROR,
    spec=f"{_RWPM}/blob/master/schema/metadata.schema.json",
    hint="write 2018-10-24T08:00:00Z; a day is enough for published",
)
def opds2_date_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """When a book was changed is a moment with its offset; when it was published may be a day too."""
    for path, each in catalogue.metadata:
        for name, is_right in (("modified", _is_moment), ("published", _is_day_or_moment)):
            if name in each and not is_right(_string(each, name)):
                yield Finding(message=f"{name} is {shown(each[name])}", where=(*path, name))


def _is_moment(text: str) -> bool:
    return bool(_MOMENT.fullmatch(text)) and is_w3c_date(text.upper())


def _is_day_or_moment(text: str) -> bool:
    return _is_moment(text) or (bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and is_w3c_date(text))


@rule(Severity.ERROR, spec=f"{_RWPM}/blob/master/schema/contributor.schema.json", hint='write a name, or {"name": …}, or a list of them')
def opds2_contributor_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """Who made a book is told by name."""
    for path, each in catalogue.described:
        for name in _PEOPLE:
            for one in _several(each.get(name)):
                if not _is_named(one):
                    yield Finding(message=f"the {name} is {shown(one)}", where=(*path, name))


def _is_named(value: Json) -> bool:
    name = value.get("name") if isinstance(value, dict) else value
    return bool(name) and isinstance(name, str | dict)


@rule(Severity.ERROR, spec=f"{_RWPM}/blob/master/schema/series.schema.json", hint='write {"name": …, "position": 3}')
def opds2_series_malformed(catalogue: _Catalogue) -> Iterator[Finding]:
    """What a book belongs to has a name, and a position that is a number."""
    for path, each in catalogue.described:
        for role, several in _object(each, "belongsTo").items():
            for one in _several(several):
                position = one.get("position", 0) if isinstance(one, dict) else 0
                if not _is_named(one) or not isinstance(position, int | float) or isinstance(position, bool):
                    yield Finding(message=f"the {role} is {shown(one)}", where=(*path, "belongsTo", role))


@rule(Severity.ERROR, spec=f"{SPEC}#41-opds-publication", hint=f"write {_PUBLICATION_TYPE}")
def opds2_publication_type_wrong(catalogue: _Catalogue) -> Iterator[Finding]:
    """A book that can only be acquired is no catalogue: a link to what is said of it has the type of a publication."""
    for path, each in catalogue.publications:
        for where, link in _objects(each, path, "links"):
            if "self" in _rels(link) and "readingOrder" not in each and _media_type(link) == MEDIA_TYPE:
                yield Finding(message=f"the type is {shown(_string(link, 'type'))}", where=where)


_RULES = rules_in(globals())

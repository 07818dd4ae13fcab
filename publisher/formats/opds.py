"""OPDS 1.2, catalogues of books as Atom feeds (https://specs.opds.io/opds-1.2, read 2026-11-27); only checked.

What must hold is the specification sentence by sentence, with what Atom requires of every feed (5.1.1).
What KOReader does is told after its plugins/opds.koplugin, read on the same day.
Deviation: a link without `kind` is only a warning, though 7.1.3 says MUST, since section 7 itself announces catalogues without it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from publisher import listings
from publisher.feeds import ATOM, DC, DCTERMS
from publisher.formats import Context, Reading, beginning
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, rule, rules_in, shown

NAME = "opds"
TITLE = "OPDS 1.2 (checked only)"
SPEC = "https://specs.opds.io/opds-1.2"
MEDIA_TYPE = "application/atom+xml;profile=opds-catalog"

_OPDS = "{http://opds-spec.org/2010/catalog}"
_RELATIONS = "http://opds-spec.org/"
_ACQUISITION, _BUY = f"{_RELATIONS}acquisition", f"{_RELATIONS}acquisition/buy"
_IMAGES = (f"{_RELATIONS}image", f"{_RELATIONS}image/thumbnail")
_FACET = f"{_RELATIONS}facet"
_FEED_TYPE, _SEARCH_TYPE = "application/atom+xml", "application/opensearchdescription+xml"
_AROUND = frozenset("self start up first previous prev next last subsection current".split())
"""Relations of a catalogue's feeds to each other (6; RFC 5005, 3; RFC 8288)."""
_PICTURES = ("image/gif", "image/jpeg", "image/png")
_RFC_4287 = "https://www.rfc-editor.org/rfc/rfc4287"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)")
_LINK = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?link(?=[\s/>])[^<>]*")
_OWN = re.compile(rb"""\srel\s*=\s*["']\s*http://opds-spec\.org/""")
_HOME = re.compile(rb"""\srel\s*=\s*["']\s*(?:self|start)\s*["']""")
_PROFILE = re.compile(rb"profile\s*=\s*(?:&quot;|\")?opds-catalog", re.IGNORECASE)


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether this is Atom whose links are those of a catalogue: a feed that only announces one is none."""
    if not beginning(body).startswith(b"<"):
        return False
    plain = body.replace(b"\0", b"") if b"\0" in body[:4] else body
    if listings.root_name(plain) not in ("feed", "entry") or b"opds" not in plain:
        return False
    links = (each[0] for each in _LINK.finditer(plain))
    return any(_OWN.search(each) or (_HOME.search(each) and _PROFILE.search(each)) for each in links)


def read(body: bytes, context: Context = Context()) -> Reading:
    """Raise `Unreadable`: it lists books, and articles are in those."""
    raise listings.holds_no_articles("an OPDS catalogue", "books")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the catalogue; never raise."""
    return listings.check(body, _RULES, "opds-malformed")


# -- what the rules look at -----------------------------------------------------------------------------------------------


def _entries(root: Element) -> list[Element]:
    return [root] if root.tag == f"{ATOM}entry" else root.findall(f"{ATOM}entry")


def _links(parent: Element) -> list[Element]:
    return parent.findall(f"{ATOM}link")


def _all_links(root: Element) -> Iterator[Element]:
    yield from (each for parent in {root: None, **dict.fromkeys(_entries(root))} for each in _links(parent))


def _rels(link: Element) -> list[str]:
    return (link.get("rel") or "").split()


def _is_acquisition(link: Element) -> bool:
    return any(each == _ACQUISITION or each.startswith(f"{_ACQUISITION}/") for each in _rels(link))


def _books(root: Element) -> list[Element]:
    """Return the entries that are books: those with something to acquire (2)."""
    return [each for each in _entries(root) if any(map(_is_acquisition, _links(each)))]


def _media_type(link: Element) -> tuple[str, dict[str, str]]:
    kind, *parameters = (link.get("type") or "").split(";")
    pairs = (each.partition("=") for each in parameters)
    return kind.strip().lower(), {name.strip().lower(): value.strip().strip("\"'").lower() for name, _, value in pairs}


def _named(root: Element) -> str:
    return str(root.tag).removeprefix(ATOM)


def _said(element: Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _of_rel(links: Iterable[Element], *relations: str) -> list[Element]:
    return [each for each in links if set(relations) & set(_rels(each))]


# -- the rules ------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{SPEC}#511-relationship-between-atom-and-dublin-core-metadata", hint="add one id, one title and one updated")
def opds_element_missing(root: Element) -> Iterator[Finding]:
    """A catalogue and each of its entries have one id, one title and one date of their last change, as Atom wants it."""
    for each in {root: None, **dict.fromkeys(_entries(root))}:
        for name in ("id", "title", "updated"):
            found = each.findall(f"{ATOM}{name}")
            if len(found) != 1 or not _said(found[0]):
                yield Finding(
                    message=f"the {_named(each)} has {len(found) or 'no'} {name}" if len(found) != 1 else f"the {name} is empty", where=each
                )


@rule(Severity.ERROR, spec=f"{_RFC_4287}#section-3.3", hint="write 2018-10-24T08:00:00Z")
def opds_date_malformed(root: Element) -> Iterator[Finding]:
    """Atom's dates are moments with their offset (RFC 3339); by them a reader knows what is new."""
    for each in root.iter(f"{ATOM}updated", f"{ATOM}published"):
        found = _MOMENT.fullmatch((each.text or "").strip())
        if not found or not listings.is_w3c_date(found[1]):
            yield Finding(message=f"{shown(each.text or '')} is no moment", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#511-relationship-between-atom-and-dublin-core-metadata", hint="give each book the identifier it has")
def opds_entry_repeated(root: Element) -> Iterator[Finding]:
    """Each book has an id of its own: by it a reader knows which one it has already."""
    seen: set[str] = set()
    for each in _entries(root):
        identifier = (each.findtext(f"{ATOM}id") or "").strip()
        if identifier and identifier in seen:
            yield Finding(message=f"the id {shown(identifier)} is there already", where=each)
        seen.add(identifier)


@rule(Severity.ERROR, spec=f"{_RFC_4287}#section-4.1.2", hint="add an author with a name, to the entry or to the feed")
def opds_author_missing(root: Element) -> Iterator[Finding]:
    """Each entry has an author, its own or that of the feed: readers show it beside the title, and else "Unknown"."""
    if any(_has_name(each) for each in root.findall(f"{ATOM}author")):
        return
    for each in _entries(root):
        if not any(_has_name(one) for one in each.findall(f"{ATOM}author")):
            yield Finding(message="the entry has no author", where=each)


def _has_name(author: Element) -> bool:
    return bool((author.findtext(f"{ATOM}name") or "").strip())


@rule(Severity.WARNING, spec=f"{SPEC}#26-element-definitions", hint='add <link rel="self"> with the address of the feed')
def opds_no_self(root: Element) -> Iterator[Finding]:
    """A catalogue says where it is, once."""
    found = _of_rel(_links(root), "self")
    if _named(root) == "feed" and len(found) != 1:
        yield Finding(message=f"there are {len(found)} links to self" if found else "there is no link to self", where=root)


@rule(Severity.WARNING, spec=f"{SPEC}#21-opds-catalog-root", hint='add <link rel="start"> with the address of the root')
def opds_no_start(root: Element) -> Iterator[Finding]:
    """Each feed of a catalogue leads to its root, so that a reader can go home from wherever it has come in."""
    if _named(root) == "feed" and not _of_rel(_links(root), "start"):
        yield Finding(message="there is no link to the start", where=root)


@rule(Severity.ERROR, spec=f"{SPEC}#22-navigation-feeds", hint="put the books into a feed of their own, and link to that")
def opds_entries_mixed(root: Element) -> Iterator[Finding]:
    """A feed lists either books or other feeds: KOReader takes up no new issue where its first entry is no book."""
    books = _books(root)
    for each in _entries(root) if books else ():
        if each not in books and _links(each):
            yield Finding(message="the entry has nothing to acquire, and others have", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#22-navigation-feeds", hint="add a link to what the entry leads to")
def opds_entry_without_link(root: Element) -> Iterator[Finding]:
    """An entry leads somewhere: to a book, or to another feed."""
    for each in _entries(root):
        if not _links(each):
            yield Finding(message="the entry has no link", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#2-opds-catalog-feed-documents", hint="write the kind that the feed is of")
def opds_kind_contradicts(root: Element) -> Iterator[Finding]:
    """A feed says of itself what it is: acquisition when it lists books, navigation when it lists feeds."""
    entries = _entries(root)
    true = "acquisition" if _books(root) else "navigation"
    for each in _of_rel(_links(root), "self") if entries and _named(root) == "feed" else ():
        said = _media_type(each)[1].get("kind", true)
        if said != true:
            yield Finding(message=f"the feed says that it is {shown(said)}, and is {true}", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#712-the-opds-catalog-profile-parameter", hint=f"write {MEDIA_TYPE};kind=acquisition")
def opds_link_without_profile(root: Element) -> Iterator[Finding]:
    """A link to another feed of the catalogue has its profile in the type: else it looks like any Atom feed."""
    for each in _to_feeds(root):
        if _media_type(each)[1].get("profile") != "opds-catalog":
            yield Finding(message=f"the type is {shown(each.get('type'))}", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#713-the-opds-kind-parameter", hint="add ;kind=acquisition or ;kind=navigation")
def opds_link_without_kind(root: Element) -> Iterator[Finding]:
    """A link to another feed says which kind that is of, so that a reader can show it before it has asked for it."""
    for each in _to_feeds(root):
        parameters = _media_type(each)[1]
        is_entry = parameters.get("type") == "entry"
        if parameters.get("profile") == "opds-catalog" and not is_entry and parameters.get("kind") not in ("acquisition", "navigation"):
            yield Finding(message=f"the type is {shown(each.get('type'))}", where=each)


def _to_feeds(root: Element) -> Iterator[Element]:
    """Yield the links to Atom that can only be to documents of this catalogue."""
    for each in _all_links(root):
        if _media_type(each)[0] == _FEED_TYPE and any(rel in _AROUND or rel.startswith(_RELATIONS) for rel in _rels(each)):
            yield each


@rule(Severity.ERROR, spec=f"{_RFC_4287}#section-4.2.7.1", hint="write the address in href, with spaces as %20")
def opds_address_malformed(root: Element) -> Iterator[Finding]:
    """Each link has an address, escaped."""
    for each in _all_links(root):
        address = (each.get("href") or "").strip()
        if not address or re.search(r'[\s<>"]', address):
            yield Finding(message=f"the address is {shown(address)}", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#53-acquiring-publications", hint="write the type of the file, such as application/epub+zip")
def opds_acquisition_without_type(root: Element) -> Iterator[Finding]:
    """A link to a book says of which type that is: readers offer only what they can open."""
    for each in filter(_is_acquisition, _all_links(root)):
        if "/" not in _media_type(each)[0]:
            yield Finding(message=f"the type of {shown(each.get('href') or '')} is {shown(each.get('type') or '')}", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#the-atomlink-element", hint='add <opds:price currencycode="EUR">4.99</opds:price>')
def opds_price_missing(root: Element) -> Iterator[Finding]:
    """What is to be bought has a price."""
    for each in _of_rel(_all_links(root), _BUY):
        if each.find(f"{_OPDS}price") is None:
            yield Finding(message="the link to buy has no price", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#the-opdsprice-element", hint='write <opds:price currencycode="EUR">4.99</opds:price>')
def opds_price_malformed(root: Element) -> Iterator[Finding]:
    """A price is a decimal number without a sign, and its currency a code of ISO 4217."""
    for each in root.iter(f"{_OPDS}price"):
        if not _is_amount(each.text or "") or not re.fullmatch("[A-Z]{3}", each.get("currencycode") or ""):
            yield Finding(message=f"the price is {shown(each.text or '')} in {shown(each.get('currencycode') or '')}", where=each)


def _is_amount(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[\d.]{1,40}", text.strip())) and Decimal(text.strip()) >= 0
    except InvalidOperation:
        return False


@rule(Severity.ERROR, spec=f"{SPEC}#513-summary-and-content", hint="write plain text; put what has markup into content")
def opds_summary_with_markup(root: Element) -> Iterator[Finding]:
    """A summary is plain text, though Atom allows more: clients of catalogues show markup as it is."""
    for each in root.iter(f"{ATOM}summary"):
        if each.get("type", "text") != "text" or len(each):
            yield Finding(message=f"the summary is of type {shown(each.get('type', 'text'))}, with {len(each)} elements", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#513-summary-and-content", hint="add a summary that says what is in the book")
def opds_no_description(root: Element) -> Iterator[Finding]:
    """Each book is described: in most readers it is all that one sees before loading it."""
    for each in _books(root):
        if not any(_said(one) for one in each.iterchildren(f"{ATOM}summary", f"{ATOM}content")):
            yield Finding(message="the book has neither summary nor content", where=each)


@rule(Severity.WARNING, spec=f"{SPEC}#522-artwork-relations", hint="add a picture in JPEG, PNG or GIF, with its type")
def opds_image_type_unusual(root: Element) -> Iterator[Finding]:
    """Of the pictures of a book at least one is JPEG, PNG or GIF, and says so."""
    for each in _books(root):
        pictures = _of_rel(_links(each), *_IMAGES)
        if pictures and not any(_media_type(one)[0] in _PICTURES for one in pictures):
            yield Finding(message=f"the type of the picture is {shown(pictures[0].get('type') or '')}", where=pictures[0])


_ATOM_FOR = {"creator": "author", "subject": "category", "rights": "rights", "description": "summary", "abstract": "summary"}


@rule(Severity.ERROR, spec=f"{SPEC}#511-relationship-between-atom-and-dublin-core-metadata", hint="write title, of Atom")
def opds_title_of_dublin_core(root: Element) -> Iterator[Finding]:
    """The title of a book is Atom's: readers look for no other."""
    for each in _entries(root):
        yield from (
            Finding(message="there is a title of Dublin Core", where=one) for one in each.iterchildren(f"{DC}title", f"{DCTERMS}title")
        )


@rule(Severity.WARNING, spec=f"{SPEC}#511-relationship-between-atom-and-dublin-core-metadata", hint="write Atom's element instead")
def opds_dublin_core_instead(root: Element) -> Iterator[Finding]:
    """What Atom has an element for is in that: who made a book, what it is about, its rights, its description."""
    for each in _entries(root):
        for name, better in _ATOM_FOR.items():
            for one in each.iterchildren(f"{DC}{name}", f"{DCTERMS}{name}"):
                yield Finding(message=f"there is {shown(name)} of Dublin Core, where Atom has {better}", where=one)


@rule(Severity.ERROR, spec=f"{SPEC}#4-facets", hint="take the facet out, or list the books here")
def opds_facet_misplaced(root: Element) -> Iterator[Finding]:
    """Facets choose among books: a feed that lists other feeds has none."""
    if _entries(root) and not _books(root):
        yield from (Finding(message="there is a facet where no book is", where=each) for each in _of_rel(_links(root), _FACET))


@rule(Severity.ERROR, spec=f"{SPEC}#the-opdsactivefacet-attribute", hint='write opds:activeFacet="true" at one of a group')
def opds_facet_active_twice(root: Element) -> Iterator[Finding]:
    """In a group at most one facet is the active one."""
    active = [each for each in _of_rel(_links(root), _FACET) if each.get(f"{_OPDS}activeFacet") == "true"]
    counts = Counter(each.get(f"{_OPDS}facetGroup") for each in active)
    for each in active:
        if counts[group := each.get(f"{_OPDS}facetGroup")] > 1:
            yield Finding(message=f"{counts[group]} facets of the group {shown(group or '')} are active", where=each)


@rule(Severity.ERROR, spec=f"{SPEC}#3-search", hint=f"link to an OpenSearch description, with the type {_SEARCH_TYPE}")
def opds_search_type_wrong(root: Element) -> Iterator[Finding]:
    """Search is described in a document of OpenSearch, and the link to it says so."""
    for each in _of_rel(_links(root), "search"):
        if _media_type(each)[0] != _SEARCH_TYPE:
            yield Finding(message=f"the type is {shown(each.get('type') or '')}", where=each)


_RULES = rules_in(globals())

"""What must hold for Atom 1.0, as rules: RFC 4287 with what readers do.

Sources, read 2026-11-24: RFC 4287, RFC 4685, RFC 5005, RFC 8288 (link relations), XML Base;
what readers do was measured with newsboat 2.36, sfeed 2.2, feedparser 6.0.14, reader 3.26 and miniflux 2.2.6.
A document with one entry as its root (RFC 4287, 4.1.2) is checked as that entry.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping

from publisher.feedrules import repair, shared, values
from publisher.feedrules.feed import Feed, check_feed, empty_or, name_of, repeated, said, stray, stray_texts, told_of, with_attribute
from publisher.feedrules.texts import looks_like_html, title_like_html
from publisher.feeds import ATOM
from publisher.keys import closest
from publisher.markup import Element
from publisher.problems import Finding, Problem, Rule, Severity, rule, rules_in, shown

__all__ = ["RULES", "check", "check_tree", "fix"]

_SPEC = "https://www.rfc-editor.org/rfc/rfc4287"
_XHTML = "{http://www.w3.org/1999/xhtml}"

_COMMON = ("author", "category", "contributor", "id", "link", "rights", "title", "updated")
_PARTS = {
    "feed": (*_COMMON, "generator", "icon", "logo", "subtitle", "entry"),
    "entry": (*_COMMON, "content", "published", "source", "summary"),
    "source": (*_COMMON, "generator", "icon", "logo", "subtitle"),
    "author": ("name", "uri", "email"),
    "contributor": ("name", "uri", "email"),
}
_ONCE = {
    "feed": ("generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("content", "published", "rights", "source", "summary"),
    "source": ("generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated"),
    "author": ("uri", "email"),
    "contributor": ("uri", "email"),
}
_ONCE_IN_FULL = {f"{ATOM}{parent}": [f"{ATOM}{name}" for name in names] for parent, names in _ONCE.items()}
_ATTRIBUTES = {
    "generator": ("uri", "version"),
    "category": ("term", "scheme", "label"),
    "link": ("href", "rel", "type", "hreflang", "title", "length"),
    "content": ("type", "src"),
    **dict.fromkeys(("title", "subtitle", "summary", "rights"), ("type",)),
}
_WITH_PARTS = tuple(f"{ATOM}{name}" for name in _PARTS)
_STRAY = stray(*(f"atom:{name}" for name in _PARTS))
_TEXTS = ("title", "subtitle", "summary", "rights")
_PLAIN = ("id", "updated", "published", "name", "uri", "email", "icon", "logo", "generator")
_REFERENCES = ("icon", "logo", "uri")
_NAMES = frozenset(name for names in _PARTS.values() for name in names) | {"feed"}
_DEFAULT_PORTS = re.compile(r"(?:http://[^/?#]*:80|https://[^/?#]*:443)(?:[/?#]|$)")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed; never raise."""
    return check_feed(body, atom_no_feed, RULES)


def check_tree(root: Element, body: bytes) -> list[Problem]:
    """Return the same of a feed that is parsed."""
    return told_of(root, body, atom_no_feed, RULES)


def fix(body: bytes, problems: Iterable[Problem]) -> bytes:
    """Return the feed with those of its problems repaired that have one sure repair, and all else byte for byte as it was."""
    return repair.xml(body, problems, _REPAIRS)


_REPAIRS: Mapping[str, repair.XmlRepair] = {
    "atom-date-malformed": repair.written(repair.rfc_3339),
    "atom-id-not-an-iri": repair.stripped(),
    "atom-address-malformed": repair.stripped(),
    "atom-email-malformed": repair.written(lambda text: text.strip().removeprefix("mailto:")),
    "feed-link-malformed": repair.stripped("href"),
    "atom-element-unknown": repair.renamed({name.lower(): name for name in _NAMES}),
}


def _section(number: str) -> str:
    return f"{_SPEC}#section-{number}"


def _of(feed: Feed, *names: str) -> list[Element]:
    return [each for name in names for each in feed.of(f"{ATOM}{name}")]


def _all(feed: Feed) -> list[Element]:
    """Return the feed and the entries in it, or the entry that is the document."""
    return [each for each in _of(feed, "feed", "entry") if each is feed.root or each.getparent() is feed.root]


def _entries(feed: Feed) -> list[Element]:
    return [each for each in _all(feed) if each.tag == f"{ATOM}entry"]


def _first(feed: Feed, parent: Element, name: str) -> Element | None:
    return next(iter(feed.children(parent).get(f"{ATOM}{name}", ())), None)


def _local(element: Element) -> str:
    return element.tag.removeprefix(ATOM)


# -- the document ---------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("4.1.1"), hint='begin with <feed xmlns="http://www.w3.org/2005/Atom">')
def atom_no_feed(feed: Feed) -> Iterator[Finding]:
    """Only a feed element in Atom's namespace is a feed; readers show nothing of any other document."""
    if feed.root.tag not in (f"{ATOM}feed", f"{ATOM}entry"):
        yield Finding(message=f"the root is {shown(feed.root.tag)}", where=feed.root)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="add exactly one of it")
def atom_required_missing(feed: Feed) -> Iterator[Finding]:
    """A feed and each entry have exactly one id, one title and one updated: by them readers know, list and sort it."""
    for each in _all(feed):
        children = feed.children(each)
        for name in ("id", "title", "updated"):
            found = children.get(f"{ATOM}{name}", ())
            if len(found) != 1:
                message = f"the {_local(each)} has {len(found)} elements {name!r}"
                yield Finding(message=message, where=found[1] if found else each)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="leave one of them")
def atom_repeated(feed: Feed) -> Iterator[Finding]:
    """Of an element that can be there once readers take the first or the last, each its own."""
    for parent, names in _ONCE_IN_FULL.items():
        yield from repeated(feed, feed.of(parent), names)


@rule(Severity.ERROR, spec=_section("6.2"), hint="correct its name; other elements need a namespace of their own")
def atom_element_unknown(feed: Feed) -> Iterator[Finding]:
    """Atom's namespace has only the elements of RFC 4287; readers ignore any other, so a misspelt one says nothing to anybody."""
    for name in feed.names:
        if name.startswith(ATOM) and name.removeprefix(ATOM) not in _NAMES:
            local = name.removeprefix(ATOM)
            known = {each.casefold(): each for each in _NAMES}
            hint = f"did you mean {known[local.casefold()]!r}?" if local.casefold() in known else closest(local, _NAMES)
            yield from (Finding(message=f"Atom has no element {local!r}", where=each, hint=hint) for each in feed.of(name))


@rule(Severity.ERROR, spec=_section("4"), hint="move it to where RFC 4287 has it")
def atom_element_misplaced(feed: Feed) -> Iterator[Finding]:
    """Readers look for an element only where RFC 4287 puts it: a feed has no summary, and an entry no logo."""
    for name in feed.names:
        local = name.removeprefix(ATOM)
        if name.startswith(ATOM) and local in _NAMES:
            for each in feed.of(name):
                parent = each.getparent()
                above = _local(parent) if parent is not None and parent.tag.startswith(ATOM) else None
                if above in _PARTS and local not in _PARTS[above]:
                    yield Finding(message=f"{local!r} does not belong into {above!r}", where=each)


@rule(Severity.ERROR, spec=_section("2"), hint="leave it out, or put it into a namespace")
def atom_attribute_unknown(feed: Feed) -> Iterator[Finding]:
    """Attributes without a namespace are those of RFC 4287; nobody reads another."""
    for local in _NAMES:
        known = _ATTRIBUTES.get(local, ())
        for each in feed.of(f"{ATOM}{local}"):
            for attribute in map(str, each.keys()):
                if not attribute.startswith("{") and attribute not in known:
                    hint = closest(attribute, known) if known else ""
                    yield Finding(message=f"{local!r} has no attribute {attribute!r}", where=each, hint=hint)


@rule(Severity.ERROR, spec=_section("4"), hint="put the text into an element")
def atom_text_stray(feed: Feed) -> Iterator[Finding]:
    """Text between the elements belongs to none of them: it is lost, and mostly the rest of a broken tag."""
    for parent, text, where in stray_texts(feed, _WITH_PARTS, _STRAY):
        yield Finding(message=f"there is text in {_local(parent)!r}: {shown(text)}", where=where)


@rule(Severity.WARNING, spec=_section("6.4"), hint="use Atom's own elements")
def atom_rss_element(feed: Feed) -> Iterator[Finding]:
    """Elements of RSS mean nothing in Atom: no reader looks for pubDate or content:encoded there."""
    for name in feed.names:
        if not name.startswith("{") or name == "{http://purl.org/rss/1.0/modules/content/}encoded":
            for each in feed.of(name):
                parent = each.getparent()
                if parent is not None and parent.tag in (f"{ATOM}feed", f"{ATOM}entry"):
                    yield Finding(message=f"there is {name_of(name)!r} in {_local(parent)!r}", where=each)


# -- ids, dates, languages ------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("4.2.6"), hint="write a tag: URI, which can stay for ever")
def atom_id_not_an_iri(feed: Feed) -> Iterator[Finding]:
    """By the id a reader knows what it has shown already; it is an absolute IRI, without white space around it."""
    for each in _of(feed, "id"):
        parent = each.getparent()
        if parent is not None and parent.tag.startswith(ATOM) and (wrong := values.address(each.text or "")):
            yield Finding(message=f"the id {empty_or(each.text, f' is no IRI: {wrong}')}", where=each)


@rule(Severity.WARNING, spec=_section("4.2.6.1"), hint="write scheme and host in small letters, no usual port, and no dots in the path")
def atom_id_not_normal(feed: Feed) -> Iterator[Finding]:
    """Ids are compared letter by letter; one that a program may write another way is a new entry for newsboat, miniflux and reader."""
    for each in _of(feed, "id"):
        if not values.address(said(each)) and (why := _not_normal(said(each))):
            yield Finding(message=f"the id {shown(said(each))} can be written another way: {why}", where=each)


def _not_normal(identifier: str) -> str:
    scheme, _, rest = identifier.partition(":")
    if scheme != scheme.lower():
        return "its scheme has capitals"
    if not rest.startswith("//"):
        return ""
    host, _, path = rest[2:].partition("/")
    if host.partition("?")[0].partition("#")[0] != host.partition("?")[0].partition("#")[0].lower():
        return "its host has capitals"
    if _DEFAULT_PORTS.match(identifier):
        return "its port is the usual one"
    if "/./" in f"/{path}/" or "/../" in f"/{path}/":
        return "its path has dots"
    if "/" not in rest[2:] and scheme in ("http", "https"):
        return "its path is empty"
    return "a small letter follows %" if re.search(r"%(?:[0-9A-F]?[a-f]|[a-f][0-9A-F])", path) else ""


@rule(Severity.WARNING, spec=_section("4.1.1"), hint="give each article an id of its own")
def atom_id_repeated(feed: Feed) -> Iterator[Finding]:
    """Entries with one id and one date of change are one entry for a reader."""
    # RFC 4287 allows an entry to be there once for each date of change.
    seen: set[tuple[str, str]] = set()
    for entry in _entries(feed):
        identifier = _first(feed, entry, "id")
        key = said(identifier), said(_first(feed, entry, "updated"))
        if key[0] and key in seen:
            yield Finding(message=f"the id {shown(key[0])} is there already", where=identifier)
        seen.add(key)


@rule(Severity.WARNING, spec=_section("4.2.6"), hint="give the feed an id of its own")
def atom_id_of_feed(feed: Feed) -> Iterator[Finding]:
    """An id is of one feed or one entry in all the world; newsboat and miniflux keep one of two with the same."""
    own = said(_first(feed, feed.root, "id"))
    for entry in _entries(feed):
        if entry is not feed.root and own and said(_first(feed, entry, "id")) == own:
            yield Finding(message=f"the entry has the id of the feed, {shown(own)}", where=_first(feed, entry, "id"))


@rule(Severity.ERROR, spec=_section("3.3"), hint="write 2018-10-24T08:00:00+01:00")
def atom_date_malformed(feed: Feed) -> Iterator[Finding]:
    """Dates are moments with an offset, as in RFC 3339, without white space; others newsboat and miniflux take for now."""
    for each in _of(feed, "updated", "published"):
        if wrong := values.rfc_3339(each.text or ""):
            yield Finding(message=f"the date {empty_or(each.text, f' is no moment: {wrong}')}", where=each)


@rule(Severity.INFO, spec=_section("4.2.9"), hint="check which of both is right")
def atom_published_late(feed: Feed) -> Iterator[Finding]:
    """An entry that was published after its last change looks old to readers that sort by one date, new to others."""
    for entry in _entries(feed):
        published, updated = said(_first(feed, entry, "published")), said(_first(feed, entry, "updated"))
        if published[:10] > updated[:10] > "" and not values.rfc_3339(published) and not values.rfc_3339(updated):
            yield Finding(message=f"published is {published}, updated {updated}", where=_first(feed, entry, "published"))


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def atom_language_unknown(feed: Feed) -> Iterator[Finding]:
    """By the language readers choose voices, fonts, hyphenation and translation."""
    tagged = ((each, each.get("hreflang", "")) for each in _of(feed, "link"))
    for each, found in (*with_attribute(feed, "xml:lang"), *tagged):
        if found and values.language(found):
            yield Finding(message=f"{shown(found)} is no language tag", where=each)


# -- people ---------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("4.2.1"), hint="add an author to the feed")
def atom_author_missing(feed: Feed) -> Iterator[Finding]:
    """Each entry has an author, or the feed has one for all: without, miniflux and feedparser show none or the one before."""
    name = f"{ATOM}author"
    if name in feed.children(feed.root):
        return
    for entry in _entries(feed):
        children = feed.children(entry)
        if name not in children and not any(name in feed.children(each) for each in children.get(f"{ATOM}source", ())):
            yield Finding(message="neither the entry nor the feed has an author", where=entry)


@rule(Severity.ERROR, spec=_section("3.2.1"), hint="name the person")
def atom_person_without_name(feed: Feed) -> Iterator[Finding]:
    """A person has exactly one name: without it readers show no byline, or the address."""
    for each in _of(feed, "author", "contributor"):
        found = feed.children(each).get(f"{ATOM}name", ())
        if len(found) != 1:
            yield Finding(message=f"the {_local(each)} has {len(found)} names", where=each)


@rule(Severity.WARNING, spec=_section("3.2.1"), hint="say something, or leave the element out")
def atom_empty(feed: Feed) -> Iterator[Finding]:
    """RFC 4287 allows a name, a term or an address without text; readers show an empty byline, or fetch the feed as its own picture."""
    for each in _of(feed, "name", "generator", *_REFERENCES):
        if not len(each) and not said(each):
            yield Finding(message=f"the {_local(each)} is empty", where=each)
    for each in _of(feed, "category"):
        if each.get("term") is not None and not each.get("term", "").strip():
            yield Finding(message="the term of the category is empty", where=each)


@rule(Severity.ERROR, spec=_section("3.2.3"), hint="write mail@example.org")
def atom_email_malformed(feed: Feed) -> Iterator[Finding]:
    """The address of a person is an address only, without name and without mailto:."""
    for each in _of(feed, "email"):
        if values.email(each.text or ""):
            yield Finding(message=f"the address is {shown(each.text or '')}", where=each)


# -- addresses and links --------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("2"), hint="write the whole address with https://, without white space around it")
def atom_address_malformed(feed: Feed) -> Iterator[Finding]:
    """Readers fetch icon and logo and open the page of a person; an address has no white space around it."""
    for each in _of(feed, *_REFERENCES):
        if said(each) and (wrong := values.reference(each.text or "")):
            yield Finding(message=f"the {_local(each)} {shown(each.text)} is no address: {wrong}", where=each)
    for name, attribute, test in (("generator", "uri", values.reference), ("category", "scheme", values.address)):
        for each in _of(feed, name):
            if (given := each.get(attribute)) is not None and (wrong := test(given)):
                yield Finding(message=f"{attribute} of the {name} is {shown(given)}: {wrong}", where=each)


@rule(Severity.ERROR, spec=_section("4.2.7"), hint="add href, with the whole address")
def atom_link_without_address(feed: Feed) -> Iterator[Finding]:
    """A link goes somewhere; one without href is dropped, or leads to the feed itself."""
    for link in _of(feed, "link"):
        if link.get("href") is None or (not link.get("href") and link.get("rel", "alternate") == "alternate"):
            yield Finding(message="the link has no href", where=link)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="keep one; use another relation for translations")
def atom_alternate_repeated(feed: Feed) -> Iterator[Finding]:
    """There is one alternate of each type and language; newsboat, sfeed and miniflux take the first, others the last."""
    for parent in (*_all(feed), *_of(feed, "source")):
        seen: set[tuple[str | None, str | None]] = set()
        for link in feed.children(parent).get(f"{ATOM}link", ()):
            if link.get("rel", "alternate") == "alternate":
                key = (link.get("type"), link.get("hreflang"))
                if key in seen:
                    yield Finding(
                        message=f"there are two alternates {f'of type {shown(key[0])}' if key[0] else 'without a type'}", where=link
                    )
                seen.add(key)


@rule(Severity.INFO, spec=_section("4.2.7.2"), hint="use https://schema.org/workTranslation for translations, enclosure for files")
def atom_alternate_several(feed: Feed) -> Iterator[Finding]:
    """Of several alternates newsboat, sfeed and miniflux open the first, feedparser and reader the last."""
    for entry in _entries(feed):
        links = feed.children(entry).get(f"{ATOM}link", ())
        found = [each for each in links if each.get("rel", "alternate") == "alternate"]
        if len(found) > 1:
            yield Finding(message=f"there are {len(found)} alternates", where=found[1])


@rule(Severity.WARNING, spec=_section("4.1.1"), hint="add a link with rel=self and the feed's own address")
def atom_self_missing(feed: Feed) -> Iterator[Finding]:
    """With its own address in it a feed can be subscribed to from a copy, and WebSub works."""
    links = feed.children(feed.root).get(f"{ATOM}link", ())
    if feed.root.tag == f"{ATOM}feed" and not any(each.get("rel") == "self" for each in links):
        yield Finding(message="the feed does not say its own address", where=feed.root)


@rule(Severity.ERROR, spec=_section("4.2.2"), hint="add term")
def atom_category_without_term(feed: Feed) -> Iterator[Finding]:
    """A category says which one; label is only how it is shown."""
    for each in _of(feed, "category"):
        if each.get("term") is None:
            yield Finding(message="the category has no term", where=each)


@rule(Severity.WARNING, spec=_section("4.2.11"), hint="copy id, title and updated of the feed that the entry comes from")
def atom_source_incomplete(feed: Feed) -> Iterator[Finding]:
    """The source of an entry is known by the id, title and date of the feed that it was in first."""
    for each in _of(feed, "source"):
        missing = [name for name in ("id", "title", "updated") if f"{ATOM}{name}" not in feed.children(each)]
        if missing:
            yield Finding(message=f"the source has no {', '.join(missing)}", where=each)


# -- texts ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("3.1.1"), hint='write type="text", "html" or "xhtml"')
def atom_text_type(feed: Feed) -> Iterator[Finding]:
    """A title, summary and the like is text, html or xhtml; a media type is for content only."""
    for each in _of(feed, *_TEXTS):
        if each.get("type", "text") not in ("text", "html", "xhtml"):
            yield Finding(message=f"the type of the {_local(each)} is {shown(each.get('type'))}", where=each)


@rule(Severity.ERROR, spec=_section("3.1.1.2"), hint='escape the markup (&lt;b&gt;), or write type="xhtml" with a div')
def atom_markup_unescaped(feed: Feed) -> Iterator[Finding]:
    """A text or html has no elements in it; newsboat and sfeed drop those, and the words in them."""
    texts = [each for each in _of(feed, *_TEXTS, "content") if each.get("type", "text") in ("text", "html") or _is_plain(each)]
    for each in (*texts, *_of(feed, *_PLAIN)):
        child = next(each.iterchildren("*"), None)
        if child is not None:
            yield Finding(message=f"there is an element {name_of(child.tag)!r} in {_local(each)!r}", where=each)


def _is_plain(content: Element) -> bool:
    return content.get("type", "").lower().startswith("text/") and not _is_xml(content.get("type", ""))


def _is_xml(kind: str) -> bool:
    essence = kind.partition(";")[0].strip().lower()
    return essence.endswith(("+xml", "/xml")) or essence in ("application/xml-dtd", "application/xml-external-parsed-entity")


@rule(Severity.ERROR, spec=_section("3.1.1.3"), hint='put all of it into one <div xmlns="http://www.w3.org/1999/xhtml">')
def atom_xhtml_div(feed: Feed) -> Iterator[Finding]:
    """XHTML is inside one div of its namespace, which readers take away; without it miniflux and sfeed show tags or nothing."""
    for each in _of(feed, *_TEXTS, "content"):
        if each.get("type") == "xhtml":
            children = list(each.iterchildren("*"))
            stray = "".join((each.text or "", *(child.tail or "" for child in each)))
            if [child.tag for child in children] != [f"{_XHTML}div"] or stray.strip():
                found = ", ".join(name_of(child.tag) for child in children[:3]) or "no element"
                yield Finding(message=f"in {_local(each)!r} there is {found}, not one div", where=each)


@rule(Severity.WARNING, spec=_section("4.2.14"), hint="name it")
def atom_title_empty(feed: Feed) -> Iterator[Finding]:
    """A title is what readers list; newsboat and miniflux show the address, or nothing, for an empty one."""
    for each in _of(feed, "title"):
        if not len(each) and not said(each):
            yield Finding(message="the title is empty", where=each)


@rule(Severity.WARNING, spec=_section("3.1.1.1"), hint='write type="html"')
def atom_text_looks_like_html(feed: Feed) -> Iterator[Finding]:
    """A text without a type is plain: every reader shows its tags and character references as they stand."""
    for each in _of(feed, *_TEXTS, "content"):
        if (
            each.get("type", "text") == "text"
            and not len(each)
            and (found := (title_like_html if _local(each) == "title" else looks_like_html)(each.text))
        ):
            yield Finding(message=f"there is {shown(found)} in the plain {_local(each)}", where=each)


# -- content --------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="add content, or a link with rel=alternate")
def atom_content_missing(feed: Feed) -> Iterator[Finding]:
    """An entry without content has to say where it is."""
    for entry in _entries(feed):
        children = feed.children(entry)
        links = (each for each in children.get(f"{ATOM}link", ()) if each.get("rel", "alternate") == "alternate")
        if f"{ATOM}content" not in children and not any(each.get("href") for each in links):
            yield Finding(message="the entry has neither content nor an alternate link", where=entry)


@rule(Severity.ERROR, spec=_section("4.1.3.1"), hint="write text, html, xhtml or a media type such as image/png")
def atom_content_type(feed: Feed) -> Iterator[Finding]:
    """The type of a content is text, html, xhtml or a media type that is not composite; with src only a media type."""
    for each in _of(feed, "content"):
        kind = each.get("type")
        if kind is None or (kind in ("text", "html", "xhtml") and each.get("src") is None):
            continue
        if values.media_type(kind) or kind.lower().startswith(("multipart/", "message/")):
            yield Finding(message=f"the type of the content is {shown(kind)}", where=each)


@rule(Severity.WARNING, spec=_section("4.1.3.2"), hint="add type, the media type of what is there")
def atom_content_type_missing(feed: Feed) -> Iterator[Finding]:
    """What is elsewhere has to be fetched before a reader knows whether it can show it."""
    for each in _of(feed, "content"):
        if each.get("src") is not None and each.get("type") is None:
            yield Finding(message="the content with src has no type", where=each)


@rule(Severity.ERROR, spec=_section("4.1.3.2"), hint="write the whole address in src, and nothing between the tags")
def atom_content_elsewhere(feed: Feed) -> Iterator[Finding]:
    """A content is here or at src, not both: readers show one and never fetch the other."""
    for each in _of(feed, "content"):
        source = each.get("src")
        if source is None:
            continue
        if wrong := values.reference(source):
            yield Finding(message=f"src is {shown(source)}: {wrong}", where=each)
        if len(each) or (each.text or "").strip():
            yield Finding(message="the content has src, and is not empty", where=each)


@rule(Severity.ERROR, spec=_section("4.1.3.3"), hint="write Base64, or a type that is text or XML")
def atom_content_not_base64(feed: Feed) -> Iterator[Finding]:
    """A content that is neither text nor XML is in Base64."""
    for each in _of(feed, "content"):
        if _is_binary(each) and each.get("src") is None:
            try:
                base64.b64decode("".join((each.text or "").split()), validate=True)
                wrong = bool(len(each))
            except (binascii.Error, ValueError):
                wrong = True
            if wrong:
                yield Finding(message=f"the content of type {shown(each.get('type'))} is no Base64", where=each)


def _is_binary(content: Element) -> bool:
    kind = content.get("type", "text")
    readable = kind.lower().startswith(("text/", "multipart/", "message/")) or _is_xml(kind)
    return "/" in kind and not readable and not values.media_type(kind)


@rule(Severity.WARNING, spec=_section("4.1.3.3"), hint="put one element of that type into it, not escaped")
def atom_content_not_xml(feed: Feed) -> Iterator[Finding]:
    """A content with a type of XML is one element of it; as an escaped text it is shown as text."""
    for each in _of(feed, "content"):
        if _is_xml(each.get("type", "")) and each.get("src") is None and len(list(each.iterchildren("*"))) != 1:
            yield Finding(message=f"the content of type {shown(each.get('type'))} is not one element", where=each)


_ESCAPED = re.compile(r"\s*<(?:p|div|br|a|img|b|i|em|strong|h[1-6]|ul|ol|table|span|blockquote|figure)\b[^<>]*>", re.IGNORECASE)


@rule(Severity.WARNING, spec=_section("3.1.1.3"), hint='write the elements unescaped, or type="html"')
def atom_xhtml_escaped(feed: Feed) -> Iterator[Finding]:
    """XHTML is made of elements; what is escaped in it is text, so readers show the tags."""
    for each in _of(feed, "content", "summary", "title", "subtitle", "rights"):
        parts = list(each.iterchildren("*")) if each.get("type") == "xhtml" else []
        if len(parts) == 1 and not len(parts[0]) and _ESCAPED.match(parts[0].text or ""):
            yield Finding(message=f"the div in the {_local(each)} has only escaped markup: {shown(said(parts[0]))}", where=each)


@rule(Severity.ERROR, spec=_section("4.1.2"), hint="add a summary")
def atom_summary_missing(feed: Feed) -> Iterator[Finding]:
    """An entry whose content is elsewhere or no text has a summary: there is nothing else to show."""
    for entry in _entries(feed):
        content = _first(feed, entry, "content")
        if content is None or f"{ATOM}summary" in feed.children(entry):
            continue
        if content.get("src") is not None or _is_binary(content):
            yield Finding(message="the content is not readable here, and there is no summary", where=entry)


@rule(Severity.INFO, spec=_section("4.1.1"), hint="check that this is the feed you mean")
def atom_entries_missing(feed: Feed) -> Iterator[Finding]:
    """A feed without entries is valid, and mostly a fault of the program that wrote it."""
    if feed.root.tag == f"{ATOM}feed" and not _entries(feed):
        yield Finding(message="the feed has no entries", where=feed.root)


RULES: tuple[Rule[Feed], ...] = (*rules_in(globals()), *shared.RULES)

"""OPML 2.0, a list of feeds to subscribe to (http://opml.org/spec2.opml, read 2026-11-24); only checked.

Deviation: the dates of `head` may have a year of four digits, as RFC 822 has been read since RFC 1123.
"""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from publisher import listings
from publisher.formats import Context, Reading
from publisher.listings import is_address
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, rule, rules_in, shown

NAME = "opml"
TITLE = "OPML 2.0 (checked only)"
SPEC = "http://opml.org/spec2.opml"
MEDIA_TYPE = "text/x-opml"

_SPEC = "https://opml.org/spec2.opml"
_DATES = ("dateCreated", "dateModified")


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the first element is `opml`."""
    return listings.root_name(body) == "opml"


def read(body: bytes, context: Context = Context()) -> Reading:
    """Raise `Unreadable`: it lists feeds, and articles are in those."""
    raise listings.holds_no_articles("OPML")


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the list; never raise."""
    return listings.check(body, _RULES, "opml-malformed")


def _feeds(opml: Element) -> Iterator[Element]:
    return (each for each in opml.iter("outline") if (each.get("type") or "").lower() == "rss" or each.get("xmlUrl") is not None)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629042198000", hint='write version="2.0"')
def opml_version_unknown(opml: Element) -> Iterator[Finding]:
    """The version is 1.0, 1.1 or 2.0, and a number is all that it is."""
    if opml.get("version") not in ("1.0", "1.1", "2.0"):
        yield Finding(message=f"the version is {shown(opml.get('version') or '')}", where=opml)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629042198000", hint="write one head, then one body")
def opml_structure(opml: Element) -> Iterator[Finding]:
    """A list is one head and one body, in this order: importers look at the body alone, and find no feed without it."""
    names = [str(each.tag) for each in opml if each.tag in ("head", "body")]
    if names != ["head", "body"]:
        yield Finding(message=f"inside opml there is {shown(', '.join(names))}", where=opml)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629042982000", hint="add an outline for each feed")
def opml_body_empty(opml: Element) -> Iterator[Finding]:
    """The body has at least one outline."""
    for body in opml.findall("body"):
        if body.find("outline") is None:
            yield Finding(message="there is no outline in the body", where=body)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629042982000", hint="add text, the name that a reader shows")
def opml_outline_without_text(opml: Element) -> Iterator[Finding]:
    """Each outline has a text attribute: it is what readers show in their list."""
    for each in opml.iter("outline"):
        if each.get("text") is None:
            yield Finding(message="the outline has no text", where=each)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629043023000", hint="write the feed's whole address in xmlUrl")
def opml_feed_without_address(opml: Element) -> Iterator[Finding]:
    """A subscription has the address of its feed in xmlUrl."""
    for each in _feeds(opml):
        if not is_address(each.get("xmlUrl")):
            yield Finding(message=f"the address of the feed is {shown(each.get('xmlUrl') or '')}", where=each)


@rule(Severity.WARNING, spec=f"{_SPEC}#1629043023000", hint='write type="rss", for Atom and JSON Feed too')
def opml_feed_without_type(opml: Element) -> Iterator[Finding]:
    """A subscription has type="rss", of whatever kind the feed is: some importers take only those."""
    for each in opml.iter("outline"):
        if each.get("xmlUrl") is not None and (each.get("type") or "").lower() != "rss":
            yield Finding(message=f"the type is {shown(each.get('type') or '')}", where=each)


@rule(Severity.WARNING, spec=f"{_SPEC}#1629043023000", hint="keep one of them")
def opml_feed_repeated(opml: Element) -> Iterator[Finding]:
    """Each feed is in one list of a level once: else a reader subscribes to it twice, or refuses the file."""
    seen: set[tuple[Element | None, str]] = set()
    for each in _feeds(opml):
        key = (each.getparent(), each.get("xmlUrl") or "")
        if key in seen:
            yield Finding(message=f"the feed {shown(key[1])} is there already", where=each)
        seen.add(key)


@rule(Severity.ERROR, spec=f"{_SPEC}#1629042198000", hint="write Wed, 24 Oct 2018 08:00:00 GMT")
def opml_date_malformed(opml: Element) -> Iterator[Finding]:
    """Dates are as in RFC 822."""
    for each in opml.iterfind("head/*"):
        if each.tag in _DATES and not _is_date(each.text or ""):
            yield Finding(message=f"{shown(each.text or '')} is no RFC 822 date", where=each)


def _is_date(text: str) -> bool:
    try:
        return bool(parsedate_to_datetime(text.strip()))
    except (ValueError, OverflowError):
        return False


_RULES = rules_in(globals())

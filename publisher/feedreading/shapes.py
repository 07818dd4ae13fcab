"""The shapes that feeds have had, made one: names in the namespaces and the letters that the readers know.

RSS 0.90 (my.netscape.com/rdf/simple/0.9/) and RSS 1.0 (https://web.resource.org/rss/1.0/spec) become RSS 2.0 with their items in
the channel; Atom 0.3 (draft-ietf-atompub-format-00 and its elders) becomes Atom 1.0. All read 2026-11-26.
Trees are changed in place.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from lxml import etree

from publisher.feeds import ATOM, CONTENT, CREATIVE_COMMONS, DC, DCTERMS, GEORSS, MEDIA
from publisher.markup import Element
from publisher.text import allowed

__all__ = ["CC", "FEEDBURNER", "GEO", "ITUNES", "PODCAST", "RDF", "SLASH", "THREAD", "WFW", "XHTML", "atom", "is_rdf", "rss", "usual"]

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
WFW = "{http://wellformedweb.org/CommentAPI/}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
GEO = "{http://www.w3.org/2003/01/geo/wgs84_pos#}"
CC = "{http://web.resource.org/cc/}"
FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
XHTML = "{http://www.w3.org/1999/xhtml}"

_ATOM_0_3 = "{http://purl.org/atom/ns#}"
_KNOWN = (ATOM, CONTENT, CREATIVE_COMMONS, DC, DCTERMS, GEORSS, MEDIA, ITUNES, PODCAST, SLASH, WFW, THREAD, GEO, CC, FEEDBURNER, XHTML)
_ELSEWHERE = {
    "http://purl.org/dc/elements/1.0/": DC,
    "http://purl.org/rss/modules/content/": CONTENT,
    "http://cyber.law.harvard.edu/rss/creativeCommonsRssModule.html": CREATIVE_COMMONS,
    "http://creativecommons.org/ns#": CC,
    "http://www.w3.org/2003/01/geo/": GEO,
    "http://www.itunes.com/dtds/podcast-1.0.dtd/": ITUNES,
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": PODCAST,
    "http://podcastindex.org/namespace/1.0": PODCAST,
    "http://search.yahoo.com/rss": MEDIA,
    "http://search.yahoo.com/mrss": MEDIA,
    "http://video.search.yahoo.com/mrss": MEDIA,
    "http://www.georss.org/georss/10": GEORSS,
}
"""Other names of namespaces that feeds really have."""
_RSS_SPACES = (
    "http://purl.org/rss/1.0",
    "http://my.netscape.com/rdf/simple/0.9",
    "http://channel.netscape.com/rdf/simple/0.9",
    "http://purl.org/net/rss1.1#",
    "http://backend.userland.com/rss",
    "http://backend.userland.com/rss2",
    "http://backend.userland.com/rss091",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://cyber.law.harvard.edu/rss/rss.html",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd",
    "http://example.com/newformat",
)
_RSS_NAMES = {
    name.lower(): name
    for name in (
        "rss channel item title link description language copyright managingEditor webMaster pubDate lastBuildDate generator docs ttl "
        "rating author comments guid source category enclosure image url width height textInput skipHours skipDays cloud"
    ).split()
}
_0_3 = {"issued": "published", "created": "published", "modified": "updated", "tagline": "subtitle", "copyright": "rights", "url": "uri"}
_CONSTRUCTS = frozenset(f"{ATOM}{name}" for name in ("title", "subtitle", "summary", "content", "rights", "info"))
_CONTROLS = re.compile(r"[\x80-\x9f]|&#(12[89]|1[345]\d);")
_ANY_TEXT = re.compile(r"(?:text/)?(plain|html)", re.IGNORECASE)


def _bare(space: str) -> str:
    """Return a namespace as it is compared: small letters, no `/` or `#` at the end, no difference between http and https, www or not."""
    return re.sub(r"^http:/+(?:www\.)?", "", space.strip().lower().replace("https:", "http:")).rstrip("/#")


_SPACES = {_bare(each[1:-1]): each for each in _KNOWN} | {_bare(space): usual for space, usual in _ELSEWHERE.items()}
_OF_RSS = frozenset(map(_bare, _RSS_SPACES))


def usual(root: Element) -> Element:
    """Return the tree with every element of a known namespace in the usual spelling of that, and with its characters as Windows has them.

    What stands at 128 to 159 is never meant for a control character: it came out of Windows-1252 unchanged.
    """
    _rename(root, _usual_name)
    for each in root.iter("*"):
        if each.text and _CONTROLS.search(each.text):
            each.text = _CONTROLS.sub(_in_windows, each.text)
    return root


def _in_windows(found: re.Match[str]) -> str:
    number = ord(found[0]) if len(found[0]) == 1 else int(found[1])
    return bytes([number]).decode("cp1252", errors="ignore")


def _rename(root: Element, new: Callable[[str], str]) -> None:
    """Give every element the name that is `new` for its own."""
    names = {name: new(name) for name in {each.tag for each in root.iter("*")}}
    if any(name != changed for name, changed in names.items()):
        for each in list(root.iter("*")):
            if names[each.tag] != each.tag and ":" not in names[each.tag].rpartition("}")[2]:  # a prefix that recovering left
                each.tag = names[each.tag]


def _usual_name(name: str) -> str:
    space, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    return f"{found}{local}" if space and (found := _SPACES.get(_bare(space))) else name


def is_rdf(root: Element) -> bool:
    """Return whether the root is that of RSS 0.90 or 1.0, which is RDF."""
    return str(root.tag).rpartition("}")[2].lower() == "rdf"


def rss(root: Element) -> Element:
    """Return the tree as RSS 2.0 has it: its elements in no namespace, in the usual letters, the items in the channel."""
    usual(root)
    own = _space(root)

    def plain(name: str) -> str:
        space, _, local = name.rpartition("}")
        known = not space or space[1:] == own or _bare(space[1:]) in _OF_RSS
        return _RSS_NAMES.get(local.lower(), name) if known else name

    _rename(root, plain)
    return _in_channel(root)


def _space(root: Element) -> str:
    space, _, local = root.tag.rpartition("}")
    return space[1:] if local.lower() in ("rss", "channel") else ""


def _in_channel(root: Element) -> Element:
    """Return an `rss` element whose channel has all items and pictures that are beside it, as in RSS 1.0."""
    if root.tag == "channel":
        outer = etree.Element("rss")
        outer.append(root)
        root = outer
    if root.tag == "rss" and root.find("channel") is None and root.find("item") is not None:
        etree.SubElement(root, "channel")
    channel = root.find("channel")
    if channel is None or (root.tag != "rss" and not is_rdf(root)):
        return root
    beside = [each for each in root if each is not channel and each.tag in ("item", "image", "textInput")]
    if any(each.tag == "image" for each in beside):
        for each in channel.findall("image"):  # it only refers to the one beside the channel
            channel.remove(each)
    channel.extend(beside)
    channel.extend([item for each in channel.findall("items") for item in each.iter("item")])  # RSS 1.1
    root.tag = "rss"
    return root


def atom(root: Element) -> Element:
    """Return the tree as Atom 1.0 has it; a feed in no namespace, or in one that nobody knows, is taken for one."""
    usual(root)
    space, _, local = root.tag.rpartition("}")
    if local.lower() not in ("feed", "entry"):
        return root
    spaces = {"", _ATOM_0_3[1:-1], space[1:]} - {ATOM[1:-1]}
    old = root.find(f".//{_ATOM_0_3}*") is not None or root.tag.startswith(_ATOM_0_3)

    def new(name: str) -> str:
        space, _, local = name.rpartition("}")
        local = local.lower()
        return f"{ATOM}{_0_3.get(local, local) if old else local}" if space[1:] in spaces else name

    if old or ATOM not in root.tag:
        for each in list(root.iter(f"{_ATOM_0_3}created")):
            if (beside := each.getparent()) is not None and beside.find(f"{_ATOM_0_3}issued") is not None:
                beside.remove(each)  # when it was written; it was published when it was issued
        _rename(root, new)
    if old:
        for each in root.iter(*_CONSTRUCTS):
            _construct(each)
    return root


def _construct(element: Element) -> None:
    """Give a content of Atom 0.3 (3.1) the type that it has in Atom 1.0: there `mode` says how it is written, and `type` what it is."""
    kind, mode = element.get("type", "text/plain"), element.attrib.pop("mode", "xml")
    if mode == "base64":
        element.text = _from_base64(element.text or "")
        kind = "html" if "<" in element.text else kind
    if len(element):
        element.set("type", "xhtml")
    elif found := _ANY_TEXT.fullmatch(kind):
        element.set("type", "text" if found[1].lower() == "plain" and mode != "escaped" else "html")
    elif kind.endswith(("html", "html+xml")):
        element.set("type", "html")


def _from_base64(text: str) -> str:
    try:
        return allowed(base64.b64decode(text, validate=False).decode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return ""

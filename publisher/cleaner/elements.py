"""The elements of HTML, by what becomes of them in a body."""

from __future__ import annotations

from lxml import etree

__all__ = [
    "BLOCKS",
    "BOUNDARIES",
    "FRAMES",
    "HARMLESS",
    "INLINE",
    "LEFT_OUT",
    "PLAYERS",
    "RENAMED",
    "SILENT",
    "Element",
    "has_content",
    "local_name",
    "text_of",
]

Element = etree._Element

LEFT_OUT = frozenset(
    "script style template noscript head title meta link base svg math canvas input select textarea button datalist "
    "option optgroup progress meter map area param rp frameset frame noembed noframes dialog".split()
)
BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol menu dir dl blockquote pre listing xmp table figure hr".split())
BOUNDARIES = BLOCKS | frozenset(
    "div section article main header footer aside nav center address details summary fieldset legend form hgroup search body html "
    "li dt dd caption thead tbody tfoot tr td th figcaption colgroup".split()
)
INLINE = frozenset("em strong i b u s small mark q cite abbr dfn code kbd samp var sub sup span bdi bdo del ins time ruby rt a".split())
RENAMED = {"tt": "code", "strike": "s", "acronym": "abbr", "menu": "ul", "dir": "ul", "listing": "pre", "xmp": "pre"}
PLAYERS = frozenset({"audio", "video"})
FRAMES = {"iframe": "src", "embed": "src", "object": "data"}
SILENT = frozenset("script style head meta link base input area param rp frame".split())
"""What is left out and was never to be read."""
_OTHERS = frozenset(
    "br wbr img picture source track col big font nobr data output slot label rb rtc applet basefont bgsound blink keygen marquee "
    "menuitem multicol nextid plaintext spacer summary isindex image".split()
)
HARMLESS = (BOUNDARIES | INLINE | RENAMED.keys() | PLAYERS | FRAMES.keys() | _OTHERS | SILENT) - (LEFT_OUT - SILENT)
"""The elements of HTML, old and new, that lose none of the text in them."""
_CONTENT = frozenset({"img", "hr"}) | PLAYERS | FRAMES.keys()


def local_name(element: Element | None) -> str:
    """Return the local name in lower case, `""` for comments and the like."""
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def text_of(element: Element) -> str:
    """Return all the text inside an element."""
    return "".join(map(str, element.itertext()))


def has_content(element: Element) -> bool:
    """Return whether an element has text inside, or something that shows without."""
    if local_name(element) in LEFT_OUT:
        return False
    return bool(text_of(element).strip()) or any(local_name(each) in _CONTENT for each in element.iter())

"""Pictures of a page as its readers see them: those that scripts load later, and those with captions as figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml import etree

from publisher import markup, phrases
from publisher.article import Image
from publisher.formats.webpage import boilerplate
from publisher.markup import Element, Resolve
from publisher.text import allowed, line

__all__ = ["address", "figured", "is_shown", "plain", "resolved", "said_of"]

_LATER = (
    *(
        "data-src",
        "data-original",
        "data-lazy-src",
        "data-lazy",
        "data-hi-res-src",
        "data-full-src",
        "data-large-file",
        "data-original-src",
    ),
    *(
        "data-url",
        "data-img-src",
        "data-image",
        "data-flickity-lazyload",
        "data-actualsrc",
        "data-echo",
        "data-lazyload",
        "lazysrc",
        "file",
    ),
)
"""Where scripts that load pictures when they come into view find their addresses, the commonest first."""
_SETS = ("data-srcset", "data-lazy-srcset", "srcset", "data-original-set")
_STAND_IN = re.compile(
    r"^$|^(?:data|about|javascript):|(?:blank|spacer|placeholder|transparent|pixel|lazy|loading|loader|1x1|grey|gray|empty|trans)[\w-]*\.(?:gif|png|svg|jpe?g|webp)",
    re.IGNORECASE,
)
"""Addresses of pictures that stand there until the real one is loaded."""
_OF_NO_ARTICLE = re.compile(
    r"^(?:https?:)?//(?:[^/?#]*(?<![a-z])(?:scorecardresearch|quantserve|google-?analytics|googlesyndication|doubleclick|(?:google)?adservices"
    r"|adsystem|ad-?servers?|ad-?click)(?![a-z])|(?:www\.)?facebook\.com/tr\b)|^[^?#]*/(?:ck|lg|avw|afr|matomo|piwik)\.php\b",
    re.IGNORECASE,
)
"""Addresses of servers and programs that count visits or show advertisements."""
_COUNTING = re.compile(
    r"/(?:pixel|beacon|collect|track(?:er|ing)?|hit|count(?:er)?)/?(?:\.(?:gif|png))?(?=\?|$)|/[a-z]\.gif\?|[?&]noscript=", re.IGNORECASE
)
"""What most addresses of others that count have in common; a picture of which something is said may be called so, too."""
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|[?#/])", re.IGNORECASE)
_CANDIDATE = re.compile(r"\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+(\d+(?:\.\d+)?)([wx]))?[^,]*(?:,|$)")
_SAID = ("alt", "title")
_SIZES = ("width", "height")
_WIDE = 2048
"""Pixels; more are of no use in a column of text."""
_SMALL = 48
"""Pixels of icons."""
_CAPTION = re.compile(
    r"caption|(?<![a-z])credits?(?![a-z])|legend|didascalia|bildunterschrift|bildtext|pie-?(?:de)?-?foto|cutline", re.IGNORECASE
)
_CREDIT = re.compile(r"(?<![a-z])(?:credits?|copyright|source|photographer|attribution|agency|byline)(?![a-z])", re.IGNORECASE)
_HOUSES = "Getty|Reuters|Shutterstock|iStock|AFP|AP Photo|Associated Press|Alamy|EPA|Bloomberg|dpa|Xinhua|WireImage|Unsplash|Pixabay"
_CREDITED = re.compile(
    rf"(?:^|(?<=[.!?…)\]]\s)|[(\[|/]\s*)(?<![A-Za-z])(?:{phrases.CREDIT_LABELS}\s*|(?=[^().]{{0,60}}\b(?:{_HOUSES})\b))"
    r"(?P<credit>[^()\[\]]{2,80}?)\s*[)\]]?\.?$",
    re.IGNORECASE,
)
_MOST_CAPTION = 1000
_MOST_LINE = 300
_MOST_CAPTIONS = 2000
_MOST_IN_FIGURE = 100
_MOST_SOURCES = 20
_LONGEST_ADDRESS = 2000
_LINES = frozenset(("small", "span", "em", "i", "font", "cite"))
"""What a caption is set in that has no name."""
_FIGURE_LEVELS = 4
_NO_CAPTION = ("h1", "h2", "ul", "ol", "figure", "form", "table", "blockquote", "iframe")
"""What no picture with its caption has in it."""


def resolved(root: Element) -> None:
    """Give each picture of the page the address that it has when it is seen; take away those that nobody sees."""
    for each in list(root.iter("noscript")):
        _unwrap(each)
    for each in list(root.iter("img", "amp-img", "source")):
        if each.tag != "source":
            each.tag = "img"
            _resolve(each)


def _unwrap(noscript: Element) -> None:
    """Put the pictures for readers without scripts in the place of what scripts would have loaded."""
    if noscript.getparent() is None:
        return
    shown = [each for each in noscript.iter("img") if _is_for_readers(each, noscript)]
    waiting = _waiting(noscript)
    counts = bool(shown) and waiting is not None and _is_whole(waiting) and not _is_told_of(shown[0])
    if not shown or counts or "".join(map(str, noscript.itertext())).strip():
        markup.take_out(noscript)
        return
    if waiting is not None:
        _inherit(shown[0], waiting)
        markup.take_out(waiting)
    noscript.tag = "span"


def _waiting(noscript: Element) -> Element | None:
    """Return the picture in whose place those in a `noscript` are for readers without scripts."""
    before = noscript.getprevious()
    beside = before if before is not None else noscript.getparent()
    found = next(beside.iter("img"), None) if beside is not None else None
    return None if found is None or any(each is noscript for each in found.iterancestors()) else found


def _is_for_readers(picture: Element, noscript: Element) -> bool:
    """Return whether a picture in a `noscript` neither counts visits nor advertises: else it would stand in the place of a real one."""
    above = list(takewhile(lambda each: each is not noscript, picture.iterancestors()))
    if _is_pixel(picture) or any(_OF_NO_ARTICLE.search(_address(each, "href")) for each in above):
        return False
    is_hidden = not _is_told_of(picture) and any(map(boilerplate.is_undisplayed, (picture, *above)))
    return not _counts(picture) and not is_hidden and is_shown(picture)


def _address(element: Element, name: str = "src") -> str:
    """Return an address that an element has, as much of it as patterns look at."""
    return (element.get(name) or "").strip()[:_LONGEST_ADDRESS]


def _counts(picture: Element) -> bool:
    """Return whether a picture counts visits or advertises."""
    address = _address(picture)
    return bool(_OF_NO_ARTICLE.search(address) or (_COUNTING.search(address) and not _is_told_of(picture)))


def _is_told_of(picture: Element) -> bool:
    """Return whether something is said of a picture: what it shows, how large it is, what stands below it."""
    return any((picture.get(each) or "").strip() for each in (*_SAID, *_SIZES)) or next(picture.iterancestors("figure"), None) is not None


def _is_whole(picture: Element) -> bool:
    """Return whether a picture is there without scripts, so that it waits for no other one."""
    return not _STAND_IN.search(_address(picture)) and not any(picture.get(each) for each in (*_LATER, *_SETS) if each != "srcset")


def _inherit(picture: Element, waiting: Element) -> None:
    """Give a picture what is said of the one that stood there for it, as far as nothing is said of itself.

    Sizes are those of the real one, unless they are of a single pixel; one of each would be of no shape.
    """
    sized = _is_pixel(waiting) or any(picture.get(each) for each in _SIZES)
    for name in _SAID if sized else (*_SAID, *_SIZES):
        if not picture.get(name) and (said := waiting.get(name)) is not None:
            picture.set(name, allowed(said))


def _resolve(picture: Element) -> None:
    if "emoji" in (picture.get("class") or "").lower() or "wp-smiley" in (picture.get("class") or ""):
        picture.tail = f"{allowed(picture.get('alt') or '')}{picture.tail or ''}"
        markup.take_out(picture)
    elif _is_pixel(picture):
        markup.take_out(picture)
    elif _STAND_IN.search(_address(picture)):
        found = next(_addresses(picture), None)
        picture.set("src", allowed(found or ""))
        if not found or _counts(picture):
            markup.take_out(picture)
    elif _counts(picture):
        markup.take_out(picture)


def _is_pixel(picture: Element) -> bool:
    """Return whether a picture only counts visits."""
    sizes = [str(picture.get(each) or "").strip().removesuffix("px") for each in ("width", "height")]
    return "0" in sizes or "1" in sizes


def _addresses(picture: Element) -> Iterator[str]:
    """Yield where the real picture may be, the best first."""
    for name in _LATER:
        if (address := (picture.get(name) or "").strip()) and not _STAND_IN.search(address[:_LONGEST_ADDRESS]):
            yield address
    # To libxml2 a `source` has an end (2.14), so that each is inside of the one before, and the picture inside of the last.
    above = next((each for each in islice(picture.iterancestors(), _MOST_SOURCES) if each.tag == "picture"), None)
    sources = list(islice(above.iter("source"), _MOST_SOURCES)) if above is not None else []
    yield from filter(None, (_best(each.get(name) or "") for each in (picture, *sources) for name in _SETS))
    for each in (picture, *sources):
        named = ((str(name), str(value).strip()) for name, value in each.attrib.items())
        yield from (value for name, value in named if name.startswith("data-") and _PICTURE_FILE.search(value) and " " not in value)


def _best(candidates: str) -> str | None:
    """Return the address of the largest picture of a `srcset` that is not too large (HTML, 4.8.4.2.1)."""
    found = [(float(size or 1), each) for each, size, _ in _CANDIDATE.findall(candidates[:20_000]) if not _STAND_IN.search(each)]
    fitting = [each for each in found if each[0] <= _WIDE]
    return max(fitting, key=lambda each: each[0])[1] if fitting else min(found, key=lambda each: each[0])[1] if found else None


def is_shown(picture: Element) -> bool:
    """Return whether a picture is more than an icon, a face or a logo."""
    sizes = [(picture.get(each) or "").strip().removesuffix("px") for each in ("width", "height")]
    if any(each.isdecimal() and len(each) < 6 and int(each) <= _SMALL for each in sizes):
        return False
    named = f"{picture.get('class') or ''} {picture.get('src') or ''}".lower()
    return not re.search(r"avatar|gravatar|\blogo\b|\bicons?\b|sprite|feedburner|doubleclick|/ads?/|badge|emoji", named[:500])


# -- figures ----------------------------------------------------------------------------------------------------------------


def figured(root: Element) -> None:
    """Make figures of what looks like one to readers: a picture with a caption below it."""
    named = (each for each in list(root.iter("div", "span", "p", "small", "em", "h4", "h5", "h6", "dd", "cite")) if _is_caption(each))
    for each in islice(named, _MOST_CAPTIONS):
        if (holder := _holder(each)) is not None:
            _make_figure(holder, each)
    for each in list(root.iter("div", "center", "p")):
        if 1 < len(each) < 6 and (below := _below_picture(each)) is not None:
            _make_figure(each, below)


def _below_picture(holder: Element) -> Element | None:
    """Return the one element with text below a picture, where there is nothing else in `holder`."""
    parts = [each for each in holder if each.tag != "br"]
    loose = [holder.text, *(each.tail for each in holder)]
    if len(parts) != 2 or parts[1].tag not in _LINES or any(text and text.strip() for text in loose):
        return None
    above, below = parts
    is_alone = above.tag in ("img", "a", "picture", "span", "p") and not _text(above) and sum(1 for _ in above.iter("img")) == 1
    return below if is_alone and 0 < len(_text(below) or "") <= _MOST_LINE and below.find(".//img") is None else None


def _is_caption(element: Element) -> bool:
    named = f"{element.get('class') or ''} {element.get('itemprop') or ''}"[:200]
    if not _CAPTION.search(named) or element.find(".//img") is not None or element.get("id") == "caption":
        return False
    return not any(each.tag in ("figure", "figcaption") for each in element.iterancestors())


def _holder(caption: Element) -> Element | None:
    """Return the element that has one picture and nothing but its caption."""
    holder = caption.getparent()
    for _ in range(_FIGURE_LEVELS):
        if holder is None or holder.tag in ("body", "article", "main", "section", "html"):
            return None
        inside = list(islice(holder.iter(), _MOST_IN_FIGURE))
        pictures = sum(each.tag == "img" for each in inside)
        if len(inside) == _MOST_IN_FIGURE:
            return None
        if pictures:
            text = "".join(map(str, holder.itertext())).strip()
            return holder if pictures == 1 and len(text) < _MOST_CAPTION and next(holder.iter(*_NO_CAPTION), None) is None else None
        holder = holder.getparent()
    return None


def _make_figure(holder: Element, caption: Element) -> None:
    picture = next(holder.iter("img"))
    said = dict.fromkeys(each for each in holder.iter() if each is caption or _is_caption(each))
    below = etree.Element("figcaption")
    for each in [each for each in said if not any(above in said for above in each.iterancestors())]:
        each.tag, each.tail = "span", " "
        below.append(each)
    for each in list(holder):
        holder.remove(each)
    holder.tag, holder.text, picture.tail = "figure", None, None
    holder.extend([picture, below])


def plain(figure: Element) -> None:
    """Leave nothing in a figure of pictures but these and one caption, with the credit set apart."""
    shown = list(figure.iter("img", "video", "audio"))
    if figure.tag != "figure" or not shown or figure.find(".//table") is not None or figure.find(".//pre") is not None:
        return
    captions = list(figure.iter("figcaption"))
    for each in list(figure):
        figure.remove(each)
    figure.text = None
    for each in [each for caption in captions for each in caption.iterdescendants() if boilerplate.is_unseen(each)]:
        markup.take_out(each)
    for each in shown:
        each.tail = None
        figure.append(each)
    if captions:
        figure.append(_joined(captions))


def _joined(captions: list[Element]) -> Element:
    made = etree.Element("figcaption")
    for each in captions:
        for part in _parts_of(each):
            made.append(part)
    return made


def _parts_of(caption: Element) -> Iterator[Element]:
    """Yield the caption without the credit that its page sets apart, and the credit."""
    credited = next((each for each in caption.iterdescendants() if _is_credit(each)), None)
    if credited is not None:
        markup.take_out(credited)
        credited.tag, credited.tail = "small", None
    for each in caption.iterdescendants("p", "div", "h2", "h3", "h4", "h5", "h6"):
        each.tag, each.tail = "span", f"{each.tail or ''} "
    caption.tag, caption.tail = "span", " "
    yield caption
    if credited is not None:
        yield credited


def said_of(figure: Element, resolve: Resolve) -> Image | None:
    """Return the picture of a figure with its caption, credit and alternative text."""
    picture = next(figure.iter("img"), None)
    source = resolve(picture.get("src") or "") if picture is not None else None
    if picture is None or source is None:
        return None
    caption = next(figure.iter("figcaption"), None)
    credited = next((each for each in (caption.iterdescendants() if caption is not None else ()) if _is_credit(each)), None)
    credit = _text(credited) if credited is not None else None
    whole = (_text(caption) or "") if caption is not None else ""
    text = line(whole.replace(credit, "") if credit else whole)
    if text and not credit and (found := _CREDITED.search(text[: 2 * _MOST_CAPTION])) and _is_like_names(found["credit"]):
        credit, text = line(found["credit"]), line(text[: found.start()].rstrip(" ([|/-–—"))
    return Image(content_url=source, caption=text, credit_text=credit, description=line(picture.get("alt")))


def _is_like_names(text: str) -> bool:
    """Return whether most words of a text are written as those of names are."""
    said: list[str] = re.findall(r"\w+", text)
    return 3 * sum(each.islower() and len(each) > 3 for each in said) < len(said)


def _is_credit(element: Element) -> bool:
    return isinstance(element.tag, str) and bool(_CREDIT.search(f"{element.get('class') or ''} {element.get('itemprop') or ''}"))


def _text(element: Element) -> str | None:
    return line(" ".join("".join(map(str, element.itertext())).split()))


def address(picture: str) -> str:
    """Return what is the same in all addresses of a picture, in whatever size: its file's name without sizes."""
    name = picture.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
    return re.sub(r"[-_@](?:\d+x\d+|\d+w|\d+x|scaled)(?=\.|$)", "", name)

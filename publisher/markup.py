"""Bodies: the one canonical spelling of an article's text, its other spellings, and parsers that are safe.

A body is a fragment that is the same as XHTML and as HTML: allowed elements only, paragraphs around loose text,
white space collapsed outside `pre`, attributes in alphabetical order, every URL absolute.
`clean` makes it from anything and leaves it alone when it is one already; `cleaner` says what is allowed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html.entities import html5
from itertools import accumulate
from typing import cast
from unicodedata import category

from lxml import etree

from publisher import cleaner
from publisher.article import Named
from publisher.cleaner import BOUNDARIES, HARMLESS, LeftOut, Repair, Resolve, fragment, is_note, is_notes, local_name, short_enough
from publisher.problems import Location, Severity, Unreadable, problem
from publisher.text import allowed, escape, spaced

__all__ = [
    "Element",
    "LeftOut",
    "Repair",
    "Resolve",
    "clean",
    "fragment",
    "from_text",
    "in_brackets",
    "is_note",
    "is_notes",
    "left_out",
    "links",
    "media",
    "mended",
    "named",
    "parse_html",
    "parse_xml",
    "pictures",
    "plain_text",
    "relink",
    "take_out",
    "to_html",
    "to_text",
    "unescape",
    "with_sizes",
    "without_sizes",
]

Element = etree._Element
_DOCUMENT = re.compile(r"</?(?:html|head|body|frameset)\b[^<>]*>|<!doctype\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile("(<[^<>]*>)")
_DESCRIBED = re.compile(r'<img alt="(?P<alt>[^"]+)"[^<>]* src="(?P<src>[^"]*)"')
_ENDS = frozenset(".,;:!?)]…")
_SWALLOWING = re.compile(r"<(script|style|title|textarea|iframe|noembed|noframes|xmp|plaintext)\b|<!--", re.IGNORECASE)
_CLOSING = re.compile(r"</(script|style|title|textarea|iframe|noembed|noframes|xmp|plaintext)", re.IGNORECASE)
# libxml2 refuses 10 MB of text in one element, and depth, lest entities in attributes, which it always resolves, make more of them.
# Where no entity can be declared, much text is harmless.
_HUGE = 9_000_000
_DEEPEST = 256
_MOST_ATTRIBUTES, _LONG_TAG = 2000, 10_000
_HALF = _LONG_TAG // 2
"""An attribute has four bytes or more when there are thousands of other names."""
_CROWDED = etree.XPath(f"boolean(//*[count(@*) > {_MOST_ATTRIBUTES}])")
_IN_ASCII = re.compile(
    rb"""(\xef\xbb\xbf)?\s*<(?!\0|\?xml[^>]*encoding\s*=\s*["'](?!utf-8|us-ascii|iso-8859|windows-125))""", re.IGNORECASE
)
"""The start of a document in which `<!DOCTYPE` is spelled in the bytes of ASCII."""
_ANY_TAG = re.compile(rb"<[^<>]*>")
_START = re.compile(r"<([A-Za-z][^\s/>]*)")
_END = re.compile(r"</([A-Za-z][^\s/>]*)")


def clean(markup: str, base: str | Resolve = "") -> str:
    """Return the canonical body made of `markup`, which may be HTML, XHTML or hostile.

    `base` is the URL that relative references are resolved against, or a function that makes them absolute;
    references that cannot be resolved, and links to a place in the text that is not there, become plain text.
    Idempotent. Raises `Unreadable` when there are more than ten million characters (`cleaner.LONGEST`).
    """
    return mended(markup, base)[0]


def mended(source: str | Element, base: str | Resolve = "") -> tuple[str, tuple[Repair, ...]]:
    """Return the body that `clean` makes of a text, or `fragment` of a tree, and what was put right in it, or has to be by its author."""
    if not isinstance(source, str):
        return cleaner.mended(source, base)
    if not source.strip():
        return "", ()
    known = cleaner.at_once(short_enough(source), base)
    return (known, ()) if known is not None else cleaner.parsed(_tree(source), base)


def left_out(source: str | Element) -> LeftOut:
    """Return what `clean` leaves out of a text, or `fragment` of a tree: false when nothing, else words for a message.

    Scripts, style sheets and the like are not text, so they do not count. Apart from `clean`, so that only who asks pays:
    a text with none but harmless tags is not even parsed.
    """
    if not isinstance(source, str):
        return cleaner.left_out(source)
    if HARMLESS.issuperset(map(str.lower, _START.findall(source))):
        return LeftOut()
    return cleaner.left_out(_tree(source), frozenset(map(str.lower, _END.findall(source))))


def _tree(markup: str) -> Element:
    return parse_html(f"<html><body>{_contained(allowed(markup))}</body></html>".encode())


def _contained(markup: str) -> str:
    """Return markup in which no tag reaches further than it should.

    Tags of the document around it go; one that would make all the rest its own text, since it is never closed, becomes text.
    """
    markup = _DOCUMENT.sub("", markup)
    last = {found[1].lower(): found.start() for found in _CLOSING.finditer(markup)}
    comment = markup.rfind("<!--")
    unclosed = comment if comment > markup.rfind("-->") else -1

    def as_text(found: re.Match[str]) -> str:
        swallows = found.start() == unclosed or (found[1] and last.get(found[1].lower(), -1) < found.start())
        return f"&lt;{found[0][1:]}" if swallows else found[0]

    return _SWALLOWING.sub(as_text, markup)


def to_html(body: str) -> str:
    """Return a canonical body as HTML (HTML Standard, 13.1): void elements have no slash."""
    return body.replace("/>", ">")


def relink(body: str, change: Callable[[str], str]) -> str:
    """Return the body with `change` applied to every URL in it."""
    pieces = body.split('"')  # no text has one, so that every second piece is a value
    for place in range(1, len(pieces), 2):
        if pieces[place - 1].endswith(_ADDRESSED):
            pieces[place] = escape(change(unescape(pieces[place])))
    return '"'.join(pieces)


_ADDRESSED = (" href=", " src=", " poster=", " cite=")


def media(body: str) -> list[str]:
    """Return the URLs of the pictures and recordings in a body, in their order."""
    return [unescape(found) for found in re.findall(r' (?:src|poster)="([^"]*)"', body)]


def pictures(body: str) -> list[str]:
    """Return the URLs of the pictures in a body, in their order."""
    return [unescape(found) for found in re.findall(r'<img [^<>]*?src="([^"]*)"', body)]


def links(body: str) -> list[str]:
    """Return the URLs that a body links to, in their order."""
    return [unescape(found) for found in re.findall(r' href="([^"#][^"]*)"', body)]


def named(body: str) -> Named:
    """Return all addresses that a body names."""
    return Named(media=tuple(media(body)), pictures=tuple(pictures(body)), links=tuple(links(body)))


def in_brackets(body: str, gone: Collection[str]) -> str:
    """Return the body with each picture at one of these URLs, where other words or pictures stand beside it, as what is said of it."""
    parts = _TAGS.split(body)
    beside = _beside(parts)
    for place in range(1, len(parts), 2):
        found = _DESCRIBED.match(parts[place])
        if found and beside[place] and unescape(found["src"]) in gone and _says_words(unescape(found["alt"])):
            before = unescape("".join(parts[max(place - 3, 0) : place : 2]))
            after = unescape("".join(parts[place + 1 : place + 4 : 2]))
            left = " " if _is_of_word(before[-1:]) or before[-1:] in _ENDS else ""
            right = " " if _is_of_word(after[:1]) else ""
            parts[place] = f"{left}[{found['alt']}]{right}"
    return "".join(parts)


def _is_of_word(sign: str) -> bool:
    """Return whether a character is a letter, a digit, or a mark on one."""
    return sign.isalnum() or (sign != "" and category(sign)[0] == "M")


def _says_words(alternative: str) -> bool:
    """Return whether it is more than the letter or the sign that a picture may stand for."""
    return len(alternative) > 1 and any(map(str.isalpha, alternative))


def _beside(parts: Sequence[str]) -> list[bool]:
    """Return of each part, tags and what is between them by turns, whether there are two or more things to see on its line."""
    line, lines = 0, []
    for place, part in enumerate(parts):
        name = part.strip("</>").partition(" ")[0] if place % 2 else ""
        line += name in BOUNDARIES or name == "br"
        lines.append(line)
    seen = Counter(line for place, line in enumerate(lines) if (parts[place].startswith("<img ") if place % 2 else parts[place].strip()))
    return [seen[line] > 1 for line in lines]


def with_sizes(body: str, size: Callable[[str], tuple[int, int] | None]) -> str:
    """Return the body with width and height on each picture that has neither and whose `size` (pixels) is known."""

    def sized(found: re.Match[str]) -> str:
        known = None if ' width="' in found[0] or ' height="' in found[0] else size(unescape(found["src"]))
        return with_size(found[0], known) if known else found[0]

    def with_size(tag: str, known: tuple[int, int]) -> str:
        attributes = [*re.findall(r' [a-z]+="[^"]*"', tag), f' width="{known[0]}"', f' height="{known[1]}"']
        return f"<img{''.join(sorted(attributes))}/>"

    return re.sub(r'<img [^<>]*?src="(?P<src>[^"]*)"[^<>]*/>', sized, body)


def without_sizes(body: str, size: Callable[[str], tuple[int, int] | None]) -> str:
    """Return the body without width and height on each picture of just that `size` (pixels): the opposite of `with_sizes`."""

    def bare(found: re.Match[str]) -> str:
        known = size(unescape(found["src"]))
        has_it = known and f' width="{known[0]}"' in found[0] and f' height="{known[1]}"' in found[0]
        return re.sub(r' (?:width|height)="[^"]*"', "", found[0]) if has_it else found[0]

    return re.sub(r'<img [^<>]*?src="(?P<src>[^"]*)"[^<>]*/>', bare, body)


def unescape(value: str) -> str:
    """Return the text that `escape` made `value` of."""
    return value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@lru_cache(maxsize=4)  # an article is written, and what of it can be carried is asked for
def to_text(body: str) -> str:
    """Return the text of a body: one paragraph for each block, `\\n\\n` between them, `\\n` for a line break.

    `to_text(from_text(to_text(body))) == to_text(body)`.
    """
    said = _text_of(body) if _is_other(body) else unescape(_TAG.sub("", _PARTED.sub("\0", body).replace("<br/>", "\n")))
    blocks = (_lines(block) for block in said.split("\0"))
    return "\n\n".join(block for block in blocks if block)


@lru_cache(maxsize=4)
def plain_text(body: str) -> str:
    """Return the text of a canonical body for those who have nothing else of it: as `to_text`, but with the number of a note as `[1]`.

    Else "9 votes to 6" with the first note would be "9 votes to 61". The sign that leads back from a note says nothing.
    Brackets that stand around it already are enough, be it around the link or in it.
    `plain_text(from_text(plain_text(body))) == plain_text(body)`.
    """
    return to_text(_NOTE.sub(_note, body) if 'role="doc-' in body else body)


def _note(found: re.Match[str]) -> str:
    inner = _TAG.sub("", found[2]).strip()
    if found[1] == "backlink":
        return inner if re.search(r"\w", unescape(inner)) else ""
    if _OPENED.search(found.string, max(0, found.start() - _BESIDE), found.start()) and _CLOSED.match(found.string, found.end()):
        return inner[1:-1] if _BRACKETED.fullmatch(inner) else inner
    return inner if inner[:1] in ("", "[", "(") else f"[{inner}]"


_NOTE = re.compile(r'<a (?:[^<>]* )?role="doc-(noteref|backlink)"[^<>]*>(.*?)</a>', re.DOTALL)
_BESIDE = 200
_OPENED = re.compile(r"[\[(](?:</?(?:sup|sub|small|span)(?: [^<>]*)?>|\s)*$")
_CLOSED = re.compile(r"(?:</?(?:sup|sub|small|span)(?: [^<>]*)?>|\s)*[\])]")
"""Brackets around a note's link, which get no second ones."""
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
_PARTED = re.compile(rf"</?(?:{'|'.join(sorted(BOUNDARIES))})(?: [^<>]*)?/?>")
_TAG = re.compile(r"</?[a-z][a-zA-Z0-9-]*(?: [^<>]*)?/?>")
_NO_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot);)")
_NO_TAG = re.compile(r"<(?:br[^/]|(?!/?[a-z][a-zA-Z0-9-]*[ />]))")


def _is_other(body: str) -> bool:
    """Return whether a body has what no canonical one has: it is parsed, which takes five times as long."""
    return "\r" in body or "\0" in body or bool(_NO_TAG.search(body) or _NO_REFERENCE.search(body))


def _text_of(body: str) -> str:
    """Return the text of a body of any spelling, with U+0000 around blocks."""
    chunks: list[str] = []
    for event, element in etree.iterwalk(parse_xml(f"<body>{body}</body>".encode()), events=("start", "end")):
        boundary = "\0" if local_name(element) in BOUNDARIES else "\n" if local_name(element) == "br" and event == "start" else ""
        chunks += [boundary, (element.text if event == "start" else element.tail) or ""]
    return "".join(chunks)


def _lines(block: str) -> str:
    if not block.strip():
        return ""
    if "\n" not in block:
        return spaced(block).strip(" ")
    lines = (spaced(each).strip(" ") for each in block.split("\n"))
    return "\n".join(each for each in lines if each)


@lru_cache(maxsize=4)
def from_text(text: str) -> str:
    """Return the body that says `text`, as `to_text` spells it."""
    blocks = (_lines(allowed(block)) for block in re.split(r"\n[ \t\f\r]*\n", allowed(text)))
    return "".join(f"<p>{'<br/>'.join(escape(each) for each in block.split(chr(10)))}</p>" for block in blocks if block)


# -- parsers that a hostile document cannot use against us ---------------------------------------------------------------


def parse_html(markup: bytes) -> Element:
    """Return the root of an HTML document in UTF-8; raise `Unreadable` when there is nothing in it, or a tag with thousands of attributes.

    A document nested deeper than libxml2 goes (2048) loses its tags, not its text.
    """
    _refuse_crowded(markup)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise Unreadable(problem("html-empty", Severity.ERROR, "there is no HTML here", hint="check that this is the file you mean"))
    if any("depth" in error.message for error in parser.error_log if error.level >= etree.ErrorLevels.FATAL):
        return parse_html(b"<html><body>" + _ANY_TAG.sub(b" ", markup) + b"</body></html>")
    return root


def _refuse_crowded(markup: bytes) -> None:
    """Raise `Unreadable` when a tag has thousands of attributes: libxml2 goes through all of them to put one more into the tree."""
    if _may_be_crowded(markup):
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=_Attributes())  # type: ignore[arg-type] # the stubs want all methods
        _refuse_many(cast("int", etree.fromstring(markup, parser)))


def _may_be_crowded(markup: bytes) -> bool:
    """Return whether a tag could have too many attributes: each has an equals sign, a slash or white space of its own.

    White space counts only where no `>` is between; in a value that may have one, there is an equals sign.
    """
    if len(markup) <= _LONG_TAG:
        return False
    if max(markup.count(b"="), markup.count(b"/")) > _MOST_ATTRIBUTES:
        return True
    if _is_cut(markup, b">"):
        return False
    parts = markup.split(b">")
    return max(map(len, parts)) > _LONG_TAG and max(len(each.split()) for each in parts) > _MOST_ATTRIBUTES


def _may_be_crowded_xml(markup: bytes) -> bool:
    """Return whether an element of XML could have too many attributes: each has an equals sign, and a `<` is in none.

    In the entities of a document type both may be spelled as references.
    """
    if b"<!DOCTYPE" in markup or not is_in_ascii(markup):
        return len(markup) > _LONG_TAG
    if markup.count(b"=") <= _MOST_ATTRIBUTES or _is_cut(markup, b"<"):
        return False
    return any(each.count(b"=") > _MOST_ATTRIBUTES for each in markup.split(b"<"))


def _is_cut(markup: bytes, end: bytes) -> bool:
    """Return whether the byte that ends tags is everywhere, so that none is long."""
    return all(markup.find(end, start, start + _HALF) >= 0 for start in range(0, len(markup) - _HALF + 1, _HALF))


def is_in_ascii(markup: bytes) -> bool:
    """Return whether what markup is made of is spelled in the bytes of ASCII in a document of XML, as far as it says."""
    return bool(_IN_ASCII.match(markup))


def _refuse_many(attributes: int) -> None:
    if attributes > _MOST_ATTRIBUTES:
        message = f"a tag has more than {_MOST_ATTRIBUTES:,} attributes"
        raise Unreadable(problem("xml-too-many-attributes", Severity.ERROR, message, hint="check where it comes from"))


class _Attributes:
    """Takes the tags of a document without making a tree of them; gives the largest number of attributes of one."""

    def __init__(self) -> None:
        self.most = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Count the attributes."""
        self.most = max(self.most, len(attributes))

    def close(self) -> int:
        """Return the largest number."""
        return self.most


def parse_xml(markup: bytes, *, entities: bool = False) -> Element:
    """Return the root of an XML document; raise `Unreadable` with the line when it is not well-formed.

    Nothing is fetched. No entity is resolved, or with `entities` those that the document itself says in full, as far as libxml2
    (2.14) thinks that harmless: up to a megabyte, or five times what the document has.
    """
    huge = len(markup) > _HUGE and b"<!DOCTYPE" not in markup and is_in_ascii(markup)
    try:
        root = _parsed(markup, huge=huge, entities=entities)
    except etree.XMLSyntaxError as error:
        said = (error.msg or "empty").partition(", line")[0].strip()
        message = f"this is not well-formed XML: {_IN_WORDS.get(said) or said.lower()}"
        line, column = error.position
        found = problem("xml-malformed", Severity.ERROR, message, hint=_advice(said))
        raise Unreadable(replace(found, location=Location(line=line or 0, column=max(column or 0, 0)))) from None
    if _may_be_crowded_xml(markup):
        _refuse_many(_MOST_ATTRIBUTES + 1 if _CROWDED(root) else 0)
    if huge and _depth(root) > _DEEPEST:
        message, hint = "the elements are nested too deep", f"nest at most {_DEEPEST}"
        raise Unreadable(problem("xml-too-deep", Severity.ERROR, message, hint=hint))
    return root


_IN_WORDS = {
    "xmlParseEntityRef: no name": "an & stands alone",
    "EntityRef: expecting ';'": "a ; is missing after the name of a character",
    "StartTag: invalid element name": "a < stands alone",
    "Document is empty": "there is nothing in it",
    "AttValue: \" or ' expected": "the value of an attribute has no quotes",
    **dict.fromkeys(("AttValue: ' expected", 'AttValue: " expected'), "the value of an attribute has no end"),
}
"""What libxml2 says in names of its functions."""
_ADVICE = {
    "entityref": "write &amp; for &",
    "invalid element name": "write &lt; for <",
    "unescaped '<'": "write &lt; for <",
    "namespace prefix": "declare the prefix",
    "entity '": "write the character itself, or its number, such as &#160;",
    "xml declaration allowed only": "remove what is before <?xml",
    "opening and ending tag mismatch": "close every element, the inner one first",
    "invalid bytes": "declare the encoding that the file really has, or save it as UTF-8",
    "invalid character": "leave control characters out: XML has none",
    **dict.fromkeys(
        ("attvalue: ' expected", 'attvalue: " expected'), "check that the file is complete; a value ends with the quote it begins with"
    ),
    "att": "write each attribute once, its value in quotation marks",
    "char value": "leave control characters out: XML has none",
    "extra content": "put everything into one element, and nothing after it",
    "comment": "write no -- in a comment",
}
"""What to do about what libxml2 says."""
_ENTITY = re.compile(r"entity '([a-z0-9]+)' not defined", re.IGNORECASE)


def _advice(said: str) -> str:
    if (found := _ENTITY.search(said)) and len(character := html5.get(f"{found[1]};", "")) == 1:
        return f"write &#{ord(character)}; for &{found[1]};"
    return next((advice for words, advice in _ADVICE.items() if words in said.lower()), "check that the file is complete")


_MOST_ERRORS = 100
"""Of libxml2, in one document."""


def _parsed(markup: bytes, *, huge: bool, entities: bool) -> Element:
    parser = _parser(huge=huge, recover=False, entities=entities)
    try:
        return etree.fromstring(markup, parser)
    except etree.XMLSyntaxError:
        # To libxml2 a namespace with a space in it is an error; to XML and its namespaces it is a name as any other. It tells no more than
        # a hundred errors, so whatever comes after these is none that could be passed by.
        if len(parser.error_log) >= _MOST_ERRORS or any(each.type != etree.ErrorTypes.WAR_NS_URI for each in parser.error_log):
            raise
        root = etree.fromstring(markup, _parser(huge=huge, recover=True, entities=entities))
        if root is None or any("}" in uri for _, (_, uri) in etree.iterwalk(root, events=("start-ns",))):
            raise  # with a brace in their namespace lxml finds no elements and attributes by their names
        return root


def _parser(*, huge: bool, recover: bool, entities: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities="internal" if entities else False,  # type: ignore[arg-type] # lxml-stubs 0.5 are of lxml 4
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
        recover=recover,
    )


def _depth(root: Element) -> int:
    steps = (1 if event == "start" else -1 for event, _ in etree.iterwalk(root, events=("start", "end")))
    return max(accumulate(steps))


def take_out(element: Element) -> None:
    """Take an element out of its tree, but not the text after it; one that is in none stays as it is."""
    around, before, tail = element.getparent(), element.getprevious(), element.tail
    if around is None:
        return
    element.tail = None  # else it would go along
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        around.text = (around.text or "") + tail
    around.remove(element)

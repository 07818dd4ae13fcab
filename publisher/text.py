"""Single values cleaned as sources enter: lines of text, URLs, language tags, slugs.

Each function takes anything a stranger wrote and returns the one canonical form, or `None` when there is none;
each is idempotent. Empty, here and in bodies, is what has no character but white space of any script (`str.isspace`):
a no-break space or an ideographic space says nothing by itself, though it stays where it stands beside something.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

__all__ = ["allowed", "escape", "language", "line", "media_type", "slug", "spaced", "url"]

# What XML 1.0 (2.2) forbids or discourages and HTML (13.2.3.5) calls an error:
# controls, surrogates, non-characters. U+FEFF goes because files put together leave it in the middle.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_SPACE = re.compile(r"[ \t\n\r\f\x85\u2028\u2029]+")
_NOT_IN_A_URI = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]")
_CANONICAL_URL = re.compile(
    r"https?://(?:[a-z0-9]++(?:-[a-z0-9]++)*+\.)++[a-z]{2,}+(?:/(?!\.)[A-Za-z0-9._~!$&'()*+,;=:@-]*+)++"
    r"(?:\?[A-Za-z0-9._~/=&:+-]*+)?+(?:#[A-Za-z0-9._~/=-]*+)?+"
)
"""Most addresses: what a parser leaves as it is. No name of a host is in Punycode here, or could be a number."""
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_NOT_A_LETTER = re.compile("[^a-z0-9]+")
_SLUG_BYTES = 90
_CANONICAL = frozenset(
    "ar bg bn ca cs da de el en en-AU en-CA en-GB en-US es et eu fa fi fr ga gl he hi hr hu is it ja ko lt lv nl pl pt pt-BR ro ru sk sl "
    "sr sv sw ta th tr uk ur vi zh".split()
)
"""Tags that are canonical, and most of those that are ever asked for: no registry need be loaded for them."""
_REMEMBERED = 400


def allowed(text: str) -> str:
    """Return `text` with `\\n` line ends and without the characters that XML forbids."""
    # What is printable but for line ends and tabs has none of these, and that is known many times sooner.
    return text if text.replace("\n", "").replace("\t", "").isprintable() else _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def spaced(text: str) -> str:
    """Return `text` with each run of white space that HTML collapses as one space."""
    return text if text.isprintable() and "  " not in text else _SPACE.sub(" ", text)


def escape(text: str) -> str:
    """Return `text` for use between tags or in double quotes, in XML as in HTML."""
    # On lines of text four times replace is 15 times faster than translate.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def line(text: str | None) -> str | None:
    """Return `text` on one line, white space collapsed, or `None` when nothing is left."""
    if not text:
        return None
    kept = text.strip(" ") if text.isprintable() and "  " not in text else spaced(_FORBIDDEN.sub("", text)).strip(" ")
    return None if kept.isspace() else kept or None


def url(reference: str | None, base: str = "") -> str | None:
    """Return the absolute ASCII URL of `reference`, or `None` when it is none or could do harm.

    Parsed as browsers do (WHATWG URL Standard), then percent-encoded where RFC 3986 asks for more.
    Only http, https, mailto and tel; the user name and the password of a web address are left out,
    and so are the slashes of `tel://1` (RFC 6068 and RFC 3966 know none).
    """
    if reference and len(reference) + len(base) < _REMEMBERED:
        return _known_url(reference, base)  # the same few addresses come again and again: authors, the publisher, licences
    return _url(reference, base)


def _url(reference: str | None, base: str) -> str | None:
    if not (reference := line(reference)):
        return None
    if not base and _CANONICAL_URL.fullmatch(reference):
        return reference  # known in a tenth of the time
    import ada_url  # here because importing it costs 20 ms

    try:
        parsed = ada_url.URL(reference, base) if base else ada_url.URL(reference)
    except ValueError:
        return None
    if parsed.protocol in ("mailto:", "tel:"):
        rest = parsed.href.removeprefix(parsed.protocol).lstrip("/")
        return parsed.protocol + _escaped(rest) if rest.partition("#")[0] else None
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname or _NOT_IN_A_URI.search(parsed.hostname.strip("[]")):
        return None
    if parsed.username or parsed.password:
        parsed.username = parsed.password = ""  # nobody's secret belongs into what is published
    path = parsed.href.index("/", len(parsed.protocol) + 2)
    return parsed.href[:path] + _escaped(parsed.href[path:])


_known_url = lru_cache(maxsize=4096)(_url)


def _escaped(rest: str) -> str:
    """Return what follows the host or the scheme with all escaped that cannot be there (RFC 3986, 3.3 to 3.5)."""
    before, hash_, fragment = _NOT_IN_A_URI.sub(lambda found: quote(found[0], safe=""), rest).partition("#")
    return before + hash_ + fragment.replace("#", "%23")


@lru_cache(maxsize=1024)
def language(tag: str | None) -> str | None:
    """Return the canonical BCP 47 tag, or `None` when it is not one that the registry knows.

    `en_us` gives `en-US`.
    """
    if not tag or tag in _CANONICAL:
        return tag or None
    import langcodes  # here because importing it costs 90 ms

    try:
        return str(langcodes.standardize_tag(tag)) if langcodes.tag_is_valid(tag) else None
    except ValueError:  # langcodes.LanguageTagError is one
        return None


def media_type(value: str | None) -> str | None:
    """Return the media type in lower case without parameters (RFC 6838, 4.2), or `None` when it is none."""
    essence = (value or "").partition(";")[0].strip().lower()
    return essence if _MEDIA_TYPE.fullmatch(essence) else None


def slug(text: str) -> str:
    """Return a readable name for a file or an address, in the text's own script.

    Lower-case letters, marks and digits joined by hyphens, at most 90 bytes of UTF-8, `""` when nothing is left.
    """
    kept = ""
    for word in _words(text):
        longer = f"{kept}-{word}" if kept else word.encode()[:_SLUG_BYTES].decode(errors="ignore")
        if len(longer.encode()) > _SLUG_BYTES:
            break
        kept = longer
    return kept


def _words(text: str) -> list[str]:
    """Return the words of a text in lower case, in compatibility composition."""
    if text.isascii():
        return _NOT_A_LETTER.sub(" ", text.lower().replace("'", "")).split()
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower()).replace("'", "").replace("’", "")
    return "".join(each if unicodedata.category(each)[0] in "LMN" else " " for each in letters).split()

"""What the preview adds to pages, and what pages may do: one script, allowed by its digest, and nothing else that they do not have.

A page can say itself what it may do, in a `meta` element (Content Security Policy 3, 3.3). There the script would be refused, so that
policy goes into a header, with the digest added; all other policies stay as strict as they are.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

from publisher.text import escape

__all__ = ["injected", "inside", "policies"]

_SCRIPT = re.compile(rb"<script\b([^>]*+)>?(.*?)(?:</script\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TYPE = re.compile(rb"""\btype\s*=\s*["']?([^"'\s>]*)""", re.IGNORECASE)
_SOURCE = re.compile(rb"\bsrc\s*=", re.IGNORECASE)
_RUN = (b"", b"module", b"text/javascript", b"application/javascript")
_META = re.compile(rb"<meta\s[^>]*+>?\n?", re.IGNORECASE)
_POLICY = re.compile(rb"""http-equiv\s*=\s*["']?content-security-policy["'\s]""", re.IGNORECASE)
_CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_END = re.compile(rb"</body\s*>", re.IGNORECASE)
_SHEETS = "style-src 'self' 'unsafe-inline'"
_MEDIA = "img-src 'self' data: https:; media-src 'self' https:; font-src 'self' data:"
_OWN = f"default-src 'none'; {_SHEETS}; {_MEDIA}; connect-src 'self'; frame-src 'self'; manifest-src 'self'"
_BOUNDS = "object-src 'none'; form-action 'self'; frame-ancestors 'self'"


def inside(base: str) -> str:
    """Return the policy of what is shown inside the drawer, with pictures of the preview: it is looked at, and does nothing."""
    media = "; ".join(f"{name} 'self' data: https: {base}" for name in ("img-src", "media-src", "font-src"))
    return f"default-src 'none'; {_SHEETS}; {media}; frame-src 'self'; base-uri 'self' {base}; {_BOUNDS}"


@cache
def _script() -> str:
    return (files("publisher") / "server" / "preview.js").read_text("utf-8")


@cache
def _allowed() -> str:
    return _digest(_script().encode())


def _digest(script: bytes) -> str:
    """Return what stands for a script in a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def policies(body: bytes) -> str:
    """Return the policy of a page as it is: it may run the scripts that it has."""
    return _policy(_sources(body))


def injected(body: bytes, path: str, page: str, looks: str) -> tuple[bytes, str]:
    """Return a page with the script of the preview, and its policies.

    `page` and `looks` stand for the bytes of the page and of what it shows: the script loads it anew when they are others.
    """
    policies = [_policy([*_sources(body), _allowed()]), *(_with_script(each) for each in _said(body))]
    said = f'data-path="{escape(path)}" data-page="{page}" data-looks="{looks}"'
    script = f"<script {said}>{_script()}</script>\n".encode()
    rest = _META.sub(lambda found: b"" if _POLICY.search(found[0]) else found[0], body)
    ends = [each.start() for each in _END.finditer(rest)]
    at = ends[-1] if ends else len(rest)
    return rest[:at] + script + rest[at:], ", ".join(policies)


def _policy(scripts: Iterable[str]) -> str:
    return f"{_OWN}; script-src {' '.join(dict.fromkeys(scripts)) or repr('none')}; base-uri 'none'; {_BOUNDS}"


def _sources(body: bytes) -> Iterator[str]:
    """Yield which scripts a page may run, as it says itself; else those of the site as a whole, and those inside it by their digests."""
    said = [given for each in _said(body) if (given := dict(_directives(each)).get("script-src"))]
    if said:
        yield from (each for each in said[0].split() if each != "'none'")
        return
    for found in _SCRIPT.finditer(body):
        kind = _TYPE.search(found[1])
        if _SOURCE.search(found[1]):
            yield "'self'"
        elif (kind[1].lower() if kind else b"") in _RUN:
            yield _digest(found[2])


def _said(body: bytes) -> Iterator[str]:
    """Yield the policies that a page has in itself."""
    for found in _META.finditer(body):
        content = _CONTENT.search(found[0]) if _POLICY.search(found[0]) else None
        if content and (text := (content[1] or content[2] or b"").decode(errors="replace")):
            yield html.unescape(text)


def _with_script(policy: str) -> str:
    """Return a policy that allows the script, its questions and its frame besides."""
    given = dict(_directives(policy))
    general = given.get("default-src")
    wanted = {"script-src": _allowed(), "connect-src": "'self'", "frame-src": "'self'"}
    for name, source in wanted.items():
        former = given.get(name, general)
        if former is not None:
            given[name] = " ".join([*(each for each in former.split() if each not in ("'none'", source)), source])
    return "; ".join(f"{name} {value}".strip() for name, value in given.items()).replace(",", "%2C")


def _directives(policy: str) -> Iterator[tuple[str, str]]:
    for each in policy.split(";"):
        name, _, value = " ".join(each.split()).partition(" ")
        if name:
            yield name.lower(), value

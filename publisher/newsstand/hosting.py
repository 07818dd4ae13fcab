"""What a host and a crawler look for at the top of a site: `robots.txt` (RFC 9309), `_headers` and `_redirects`, which static hosts read.

`_headers` is as Netlify (https://docs.netlify.com/routing/headers/) and Cloudflare Pages
(https://developers.cloudflare.com/pages/configuration/headers/) have it, read 2026-11-27, in the part that both share: nothing stands
behind a `*`, and no field is in two rules for one path, since Cloudflare would join the values. Cloudflare takes 100 rules, so those
that matter most come first.
`_redirects` says where former addresses lead, see `redirects`.

All count only at the top of a host, so that a publication in a folder has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote, urlsplit

from publisher import formats
from publisher.newsstand import addresses, pictures, redirects, search, sitemaps
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output

__all__ = ["HEADERS", "POLICY", "REDIRECTS", "ROBOTS", "outputs"]

ROBOTS = "robots.txt"
HEADERS = "_headers"
REDIRECTS = "_redirects"
POLICY = (
    "default-src 'self'; img-src * data:; media-src *; style-src 'self' 'unsafe-inline'; "
    "script-src {scripts}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""What holds for the whole site (CSP 3); `{scripts}` are files of the site, and the script inside the page of the search.

A page's own policy holds besides, and is stricter: here is all that any of them may allow, and `frame-ancestors`, which only a field
can say. No script in a page runs but that one, whatever became of the page's policy. Pictures and recordings of an article may lie
elsewhere.
"""
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SECURE = {"Strict-Transport-Security": "max-age=31536000"}
"""For this host alone and for a year: what belongs to hosts below it, and lists that cannot be left again, are for people to decide."""
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
"""Kept for ever: pictures in other sizes and parts of the search's index have their digests in their names.

All else may be replaced at its address: pages, pictures as they came, issues. It is asked for each time, as both hosts do without being
told; most answers are 304. A rule for all of `media/` would hold for the pictures in it too.
"""
_FEED = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
"""Any reader may poll at once, also one that runs in a page of another site."""
_FEEDS = ("rss", "atom", "jsonfeed")
_KNOWN = {"xml": "application/xml", "json": "application/json", "opml": "text/x-opml", "html": "text/html"}
"""What hosts say of a file by its ending."""
_LONGEST = 2000
"""Characters of a line that Cloudflare takes."""


def outputs(site: Site, others: Sequence[Output]) -> Iterator[Output]:
    """Yield what belongs at the top of a host, when the whole site is written there."""
    if sitemaps.is_site(site) and urlsplit(addresses.base(site.publication)).path == "/":
        maps = [each.path for each in others if each.path in (sitemaps.INDEX, sitemaps.NEWS)]
        yield _output(site, ROBOTS, Make(_robots, tuple(addresses.url(site.publication, each) for each in maps)))
        yield _output(site, HEADERS, Make(_headers, tuple(_rules(site, others))))
        if moved := redirects.lines(site):
            yield _output(site, REDIRECTS, Make(_lines, moved))


def _output(site: Site, path: str, make: Make) -> Output:
    return Output(path=path, format=path, publication=site.bare, make=make)


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{each}\n" for each in lines).encode()


def _robots(maps: Iterable[str]) -> bytes:
    """Return what crawlers may do, which is all (RFC 9309, 2.2.2), and where the sitemaps are."""
    return "\n".join(("User-agent: *", "Allow: /", "", *(f"Sitemap: {each}" for each in maps), "")).encode()


Rule = tuple[str, tuple[tuple[str, str], ...]]


def _rules(site: Site, others: Sequence[Output]) -> Iterator[Rule]:
    """Yield each path with its fields."""
    secure = _SECURE if site.publication.url.startswith("https:") else {}
    yield _rule("/*", {"Content-Security-Policy": _policy(site)} | _ALWAYS | secure)
    yield from (_rule(f"/{folder}/*", _KEPT) for folder in (pictures.FOLDER, *([search.FOLDER] if site.options.search else [])))
    polled = [each for each in others if each.format in _FEEDS or (each.is_made and each.format in formats.FORMATS)]
    paths = {each.path for each in polled}
    asked = (each for each in polled if not addresses.is_archive(each.path, paths))  # nobody polls these
    for each in sorted(asked, key=lambda each: (each.path.count("/"), each.path)):
        if fields := _fields(site, each):
            yield _rule(f"/{quote(each.path)}", fields)


def _policy(site: Site) -> str:
    return POLICY.format(scripts=" ".join(("'self'", *([search.source()] if site.options.search else []))))


def _rule(path: str, fields: Mapping[str, str]) -> Rule:
    return path, tuple((name, value) for name, value in fields.items() if len(f"{name}: {value}") <= _LONGEST)


def _fields(site: Site, output: Output) -> dict[str, str]:
    """Return the fields of a feed or of what else readers poll; none where the host says the right thing."""
    media_type = formats.get(output.format).MEDIA_TYPE
    if output.format in _FEEDS:
        own, hub = addresses.url(site.publication, output.path), site.options.hub
        links = [*([f'<{hub}>; rel="hub"'] if hub else []), f'<{own}>; rel="self"']
        # WebSub, 4: a hub and the feed's own address in Link fields are found before those in the feed.
        return {"Content-Type": f"{media_type}; charset=utf-8", "Link": ", ".join(links), **_FEED}
    said = _KNOWN.get(formats.ending(output.path))
    return {"Content-Type": media_type, **_FEED} if output.is_made and said not in (None, media_type) else {}


def _headers(rules: Iterable[Rule]) -> bytes:
    blocks = ([path, *(f"  {name}: {value}" for name, value in fields), ""] for path, fields in rules)
    return "\n".join(line for block in blocks for line in block).encode()

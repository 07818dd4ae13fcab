"""Telling the world: what of a built publication has changed since it was announced at last, and how each service wants to be told.

WebSub (https://www.w3.org/TR/websub/, 7: how a hub is told is left to it, and hubs keep to PubSubHubbub 0.4, 7.1), IndexNow
(https://www.indexnow.org/documentation) and rssCloud (https://www.rssboard.org/rsscloud-interface); read 2026-11-27.

Nothing here opens a file or asks anybody. What is remembered is the digest of what was announced, for each service by itself: who could
not be reached is told the next time, and all others are left in peace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Literal
from urllib.parse import urlencode, urljoin, urlsplit

from publisher import schema
from publisher.article import Publication
from publisher.markup import parse_html, parse_xml
from publisher.newsstand import addresses
from publisher.newsstand.options import SiteOptions
from publisher.problems import Problem, PublisherError, Severity, problem

__all__ = ["Announced", "Announcement", "Service", "Thing", "announcements", "due", "refusal", "services", "things", "uploads"]

Kind = Literal["websub", "rsscloud", "indexnow"]
_LINKED = b'<script type="application/ld+json">'
_PICTURES = re.compile(rb"</?(?:picture|source|img)\b[^>]*+>?", re.IGNORECASE)
_SIZES = re.compile(rb"""\s(?:srcset|sizes)="[^"]*+\"""", re.IGNORECASE)
_FEEDS = {".atom": "application/atom+xml", ".rss": "application/rss+xml", ".json": "application/feed+json"}
_LINKS = re.compile(rb"<(?:link|meta)\b[^>]*+>?", re.IGNORECASE)
_MOST = 10_000
"""URLs in one question (IndexNow, "Submitting set of URLs")."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One address that may have changed: a feed, or a page that is found here and nowhere else."""

    url: str
    digest: str
    """Of what people read there: SHA-256, hexadecimal. A page that only looks otherwise has the same."""
    sha256: str
    """Of the bytes."""
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Somebody who wants to be told."""

    kind: Kind
    endpoint: str
    """URL."""
    key: str = ""
    """Of IndexNow: what is in the file at the same name, so that nobody else speaks for this site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One question to one service."""

    service: Service
    things: tuple[Thing, ...]
    gone: tuple[str, ...] = ()
    """URLs of pages that were announced and are no longer there."""
    body: bytes
    media_type: str

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses that it is about."""
        return (*(each.url for each in self.things), *self.gone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What each service was told: digest by URL, by the address of the service."""

    digests: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, body: bytes | None) -> Announced:
        """Return what was remembered; raise `PublisherError` when it is damaged."""
        if body is None:
            return cls()
        try:
            told = schema.from_text(body)
            if not isinstance(told, dict):
                raise TypeError
            return cls(digests={endpoint: _texts(digests) for endpoint, digests in told.items()})
        except (PublisherError, TypeError, ValueError):
            hint = "take it away: then everything is announced anew"
            raise PublisherError(
                problem("announce-ledger-damaged", Severity.ERROR, "this list of what was announced is damaged", hint=hint)
            ) from None

    def to_bytes(self) -> bytes:
        """Return it as JSON."""
        told = {endpoint: dict(sorted(digests.items())) for endpoint, digests in sorted(self.digests.items())}
        return f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode()

    def after(self, done: Announcement) -> Announced:
        """Return what is to be remembered when an announcement has been taken."""
        endpoint = done.service.endpoint
        known = {url: digest for url, digest in self.digests.get(endpoint, {}).items() if url not in done.gone}
        return Announced(digests={**self.digests, endpoint: {**known, **{each.url: each.digest for each in done.things}}})


def _texts(table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(each, str) for each in table.values()):
        raise TypeError
    return dict(table)


# -- what there is ---------------------------------------------------------------------------------------------------------


def things(files: Iterable[tuple[str, bytes]], publication: Publication) -> Iterator[Thing]:
    """Yield the feeds that people subscribe to and the pages that search engines list, from the paths and bytes of a built folder.

    Archives of feeds are no topics of their own. Pages that say that they are a copy of another, or are not to be listed, are left out.
    """
    feeds: dict[str, Thing] = {}
    pages: dict[str, Thing] = {}
    copies: dict[str, Thing] = {}
    for path, body in files:
        if kind := _feed_type(path, body):
            digest = sha256(body).hexdigest()
            feeds[path] = Thing(url=addresses.url(publication, path), digest=digest, sha256=digest, media_type=kind)
        elif path.endswith((".html", ".htm")) and (url := _page_url(path, body, publication)):
            found = Thing(url=url, digest=sha256(_read(body)).hexdigest(), sha256=sha256(body).hexdigest(), media_type="text/html")
            (pages if url == _own_url(path, publication) else copies).setdefault(url, found)
    yield from (each for path, each in feeds.items() if not addresses.is_archive(path, feeds))
    yield from (copies | pages).values()


def _read(body: bytes) -> bytes:
    """Return what people and machines read on a page: an article, without the others that are named after it; else what is in `main`.

    In which sizes and types there are pictures is no news.
    """
    main = _element(b"main", body) or body
    articles = [*_articles(body)]
    found = (_element(b"article", main) or main) if articles else main
    return b" ".join([*_PICTURES.sub(_plain, found).split(), *articles])


def _element(name: bytes, body: bytes) -> bytes:
    """Return all from the first beginning of an element to the last end of one."""
    begin, end = re.search(rb"<%b\b" % name, body), body.rfind(b"</%b>" % name)
    return body[begin.start() : end] if begin and end > begin.start() else b""


def _plain(tag: re.Match[bytes]) -> bytes:
    """Return the tag of a picture without its sizes; only space for what has nothing else."""
    plain = _SIZES.sub(b"", tag[0])
    is_kept = tag[0][:4].lower() == b"<img" or (tag[0][:7].lower() == b"<source" and plain == tag[0])
    return b" %b " % (plain if is_kept else b"")


def _articles(body: bytes) -> Iterator[bytes]:
    """Yield what linked data say of the article whose page this is, and not what they say of the publication."""
    for part in body.split(_LINKED)[1:]:
        with suppress(PublisherError):
            said = schema.from_text(part.partition(b"</script>")[0])
            nodes = said.get("@graph", [said]) if isinstance(said, dict) else said
            found = (each for each in nodes if isinstance(each, dict) and "headline" in each) if isinstance(nodes, list) else ()
            yield from (json.dumps(each, sort_keys=True).encode() for each in found)


def _feed_type(path: str, body: bytes) -> str | None:
    """Return the media type of a feed; `None` of what is none."""
    is_other = path.endswith(".json") and b"https://jsonfeed.org/version/" not in body[:300]
    return None if is_other else _FEEDS.get(path[path.rfind(".") :])


def _page_url(path: str, body: bytes, publication: Publication) -> str | None:
    """Return where a page is found, `None` when that is elsewhere, or when it is not to be found."""
    canonical, listed = _said(body)
    is_elsewhere = canonical and not addresses.is_below(canonical, publication)
    return None if is_elsewhere or not listed else canonical or _own_url(path, publication)


def _own_url(path: str, publication: Publication) -> str:
    shown = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
    return addresses.url(publication, shown)


def _said(body: bytes) -> tuple[str | None, bool]:
    """Return the canonical address that a page names, and whether it may be listed; from its head alone."""
    head = parse_html(b"".join(islice((each[0] for each in _LINKS.finditer(body)), 200)) or b"<p></p>")
    canonical = next((each.get("href") for each in head.iter("link") if (each.get("rel") or "").lower() == "canonical"), None)
    robots = (each.get("content") or "" for each in head.iter("meta") if (each.get("name") or "").lower() == "robots")
    return canonical, not any("noindex" in each.lower() for each in robots)


# -- who is told ------------------------------------------------------------------------------------------------------------


def services(publication: Publication, options: SiteOptions) -> tuple[Service, ...]:
    """Return who is to be told, as the settings say."""
    found = [Service(kind="websub", endpoint=options.hub)] if options.hub else []
    found += [Service(kind="rsscloud", endpoint=urljoin(options.cloud, "ping"))] if options.cloud else []
    found += [Service(kind="indexnow", endpoint=options.indexnow, key=options.indexnow_key)] if options.indexnow_key else []
    return tuple(found)


def due(service: Service, found: Iterable[Thing], told: Announced) -> tuple[tuple[Thing, ...], tuple[str, ...]]:
    """Return what a service has not been told of, and the pages that it knows and that are gone."""
    wanted = {each.url: each for each in found if _concerns(service.kind, each.media_type)}
    known = told.digests.get(service.endpoint, {})
    changed = tuple(each for url, each in wanted.items() if known.get(url) != each.digest)
    gone = tuple(url for url in known if url not in wanted) if service.kind == "indexnow" else ()
    return changed, gone


def _concerns(kind: Kind, media_type: str) -> bool:
    wanted = {"websub": media_type != "text/html", "rsscloud": media_type == "application/rss+xml", "indexnow": media_type == "text/html"}
    return wanted[kind]


def announcements(service: Service, publication: Publication, changed: Iterable[Thing], gone: Iterable[str] = ()) -> Iterator[Announcement]:
    """Yield what to post: to a hub and a cloud each feed by itself, to IndexNow pages by the thousands."""
    if service.kind != "indexnow":
        for each in changed:
            yield Announcement(service=service, things=(each,), body=_form(service.kind, each.url), media_type=_FORM)
        return
    left: list[Thing | str] = [*changed, *gone]
    for start in range(0, len(left), _MOST):
        part = left[start : start + _MOST]
        pages = tuple(each for each in part if isinstance(each, Thing))
        lost = tuple(each for each in part if isinstance(each, str))
        body = _submission(service.key, publication, [*(each.url for each in pages), *lost])
        yield Announcement(service=service, things=pages, gone=lost, body=body, media_type="application/json; charset=utf-8")


def _form(kind: Kind, url: str) -> bytes:
    """Return the form: some hubs read `hub.url`, some `hub.topic`."""
    fields = {"url": url} if kind == "rsscloud" else {"hub.mode": "publish", "hub.topic": url, "hub.url": url}
    return urlencode(fields).encode()


def _submission(key: str, publication: Publication, urls: list[str]) -> bytes:
    host = urlsplit(publication.url).netloc
    said = {"host": host, "key": key, "keyLocation": _key_url(key, publication), "urlList": urls}
    return json.dumps(said, ensure_ascii=False).encode()


def uploads(planned: Iterable[Announcement], publication: Publication) -> dict[str, str]:
    """Return what must be on the server before anybody is told, as digests (SHA-256) by URL: the feeds, and the key of IndexNow.

    Pages are not asked for: a server may have changed their markup on its way, and there may be thousands.
    """
    found: dict[str, str] = {}
    for each in planned:
        found |= {thing.url: thing.sha256 for thing in each.things if thing.media_type != "text/html"}
        if key := each.service.key:
            found[_key_url(key, publication)] = sha256(key.encode()).hexdigest()
    return found


def _key_url(key: str, publication: Publication) -> str:
    return addresses.url(publication, f"{key}.txt")


def refusal(service: Service, answer: bytes) -> Problem | None:
    """Return what a service has said against an announcement in an answer that looks like success."""
    if service.kind != "rsscloud":
        return None
    try:
        said = parse_xml(answer)
    except PublisherError:
        return None  # the interface leaves it to the server what it answers
    if said.get("success") != "false":
        return None
    message = f"the cloud did not take it: {said.get('msg') or 'it does not say why'}"
    return problem("announce-refused", Severity.ERROR, message, hint="try again later")

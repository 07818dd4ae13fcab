"""The preview as an ASGI application: the site for everybody who may ask, and below `/_publisher/` what is for its editor.

Everything is looked up in the tables of an edition, so there is no path that leads anywhere else. What is for the editor is answered
only to who sits at this machine: it names files of the sources, and others on the network need none of it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import ExitStack
from functools import lru_cache
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from publisher import files, reports
from publisher.problems import Problem, Severity
from publisher.server import asking, drawer, extracts, hosts, kinds, pages
from publisher.server.answers import ALWAYS, Representation, answer, refusal
from publisher.server.store import Edition, Made, Resource, Store, digest_of

__all__ = ["App"]

_PATIENCE = 15.0
"""Seconds after which a connection that waits for news is told that there is none, so that nothing in between ends it."""
_BUILDING = 600.0
"""Seconds that a request waits for the first build."""
_OF_FEEDS = "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data: https:; frame-ancestors 'self'"
_OF_FILES = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; frame-ancestors 'self'"
_OPEN = ("image/", "audio/", "video/", "font/", "application/epub+zip")
"""What pages of readers elsewhere show, so that they may."""


class App:
    """One preview: what is served now, what is wrong with it, and who waits for news of it."""

    def __init__(self, store: Store, tell: Callable[[Exception], None]) -> None:
        self.store = store
        self.edition: Edition | None = None
        self.problems: tuple[Problem, ...] = ()
        self._together: tuple[Problem, ...] = ()
        self._tell = tell
        self._told = 0
        self._closed = False
        self._ready = asyncio.Event()
        self._news = asyncio.Condition()
        own = {"events": self._events, "state": self._state, "problems": self._listed, "drawer": self._drawer, "entry": self._entry}
        own |= {"drawer.css": self._sheet, "book/{member:path}": self._member, "{rest:path}": self._nothing}
        self._router = Router([Route(f"/_publisher/{each}", self._for_editor(call)) for each, call in own.items()], redirect_slashes=False)
        self._router.default = self._site

    # -- what happens

    async def publish(self, made: Made) -> None:
        """Serve what was made from now on; when it failed, go on with what is there, and say why."""
        if made.about == "more":
            self._together = made.problems
        else:
            self.problems, self._together = made.problems, ()
            if made.edition:
                self.store.clear(self.edition, made.edition)  # who is in the middle of a file of the former one gets it whole
                self.edition = made.edition
        await self._announce()

    async def close(self) -> None:
        """Let go of all who wait."""
        self._closed = True
        await self._announce()

    async def _announce(self) -> None:
        self._told += 1
        self._ready.set()
        async with self._news:
            self._news.notify_all()

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the sources, the files, and the files together."""
        return (*self.problems, *(each for each in self._together if each not in self.problems))

    # -- who may ask what

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        started = False

        async def noted(message: Mapping[str, object]) -> None:
            nonlocal started
            started = True
            await send(dict(message))

        request = Request(_in_origin_form(scope), receive)
        try:
            if refused := _refused(request):
                await refused(request.scope, receive, noted)
            else:
                await self._router(request.scope, receive, noted)
        except Exception as error:
            self._tell(error)
            if started:
                raise
            await refusal(500, "this is a defect of Publisher")(request.scope, receive, send)

    def _for_editor(self, call: Callable[[Request], object]) -> Callable[[Request], object]:
        """Return what answers only to who sits here, and to no page of another site."""

        async def guarded(request: Request) -> Response:
            if not _is_here(request) or request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
                return refusal(403, "this is only for who sits at the machine of the preview")
            response: Response = await call(request)  # type: ignore[misc]
            response.headers["cross-origin-resource-policy"] = "same-origin"
            return response

        return guarded

    # -- the site

    async def _site(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        with ExitStack() as kept:
            response = await self._found(request, kept)
            await response(scope, receive, send)

    async def _found(self, request: Request, kept: ExitStack) -> Response:
        """Return the answer; what it reads while it is sent is `kept` open."""
        await asyncio.wait_for(self._ready.wait(), _BUILDING)
        edition = self.edition
        if edition is None:
            return await self._failed(request)
        path = asking.path_of(request.scope["raw_path"])
        for each in asking.candidates(path) if path is not None else ():
            if each in edition.resources:
                return await self._answer(request, edition, each, kept)
        if path and f"{path}/index.html" in edition.resources:
            return refusal(308, "this is a folder", location=f"/{quote(path)}/")
        return await self._missing(request, edition, asking.candidates(path or "")[0])

    async def _answer(self, request: Request, edition: Edition, path: str, kept: ExitStack) -> Response:
        resource = edition.resources[path]
        if kinds.is_page(resource.media_type):
            return await answer(request, await self._page(request, edition, path))
        headers = _headers(edition, path, resource)
        read = kept.enter_context(self.store.held(resource))
        return await answer(request, _representation(resource, read, headers))

    async def _page(self, request: Request, edition: Edition, path: str, missing: str = "") -> Representation:
        """Return a page; for who sits here, with the script of the preview in it. It can stand for one that is `missing`."""
        resource = edition.resources[path]
        modified: int | None
        body = await run_in_threadpool(self.store.read, resource)
        if not _is_here(request):
            body, policy, digest, modified = body, pages.policies(body), resource.digest, int(resource.modified)
        else:
            body, policy = _injected(body, missing or path, "" if missing else resource.digest, edition.looks)
            digest, modified = digest_of(body), None  # the script says what the page shows, which changes at other times
        return Representation(
            digest=digest,
            size=len(body),
            media_type=resource.media_type,
            modified=modified,
            read=lambda start, end: body[start:end],
            headers={"content-security-policy": policy, "cross-origin-resource-policy": "same-origin"},
            status=404 if missing else 200,
        )

    async def _missing(self, request: Request, edition: Edition, path: str) -> Response:
        if "404.html" not in edition.resources:
            return refusal(404, "there is no such file")
        return await answer(request, await self._page(request, edition, "404.html", path))

    async def _failed(self, request: Request) -> Response:
        """Return what is wrong in the place of a site that was never built; the page loads anew when it was."""
        if not _is_here(request):
            return refusal(503, "there is nothing to read yet", retry_after="5")
        body, policy = pages.injected(drawer.failed(self.problems), "", "", "")
        return Response(body, 503, {**ALWAYS, "content-type": "text/html;charset=utf-8", "content-security-policy": policy})

    # -- for the editor

    def _now(self, path: str) -> dict[str, object]:
        """Return what a page has to know to see that it has changed."""
        edition = self.edition
        resource = edition.resources.get(path) if edition else None
        counts = {each: sum(found.severity == each for found in self.all_problems) for each in Severity}
        return {
            "page": resource.digest if resource else "",
            "looks": edition.looks if edition else "",
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "told": self._told,
        }

    async def _state(self, request: Request) -> Response:
        return _json(self._now(_path(request)))

    async def _listed(self, request: Request) -> Response:
        return _json([json.loads(reports.as_line(each)) for each in self.all_problems])

    async def _events(self, request: Request) -> Response:
        headers = {**ALWAYS, "cache-control": "no-store", "content-type": "text/event-stream"}
        if request.method == "HEAD":
            return Response(None, 200, headers)
        return StreamingResponse(self._told_to(_path(request)), 200, headers)

    async def _told_to(self, path: str) -> AsyncIterator[str]:
        """Yield what has changed, at once and whenever something has (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
        told = -1
        while not self._closed:
            if self._told != told and self._ready.is_set():
                told = self._told
                yield f"retry: 500\ndata: {json.dumps(self._now(path))}\n\n"
                continue
            try:
                await asyncio.wait_for(self._wait(told), _PATIENCE)
            except TimeoutError:
                yield ": nothing new\n\n"

    async def _wait(self, told: int) -> None:
        async with self._news:
            await self._news.wait_for(lambda: self._told != told or self._closed)

    async def _drawer(self, request: Request) -> Response:
        path, edition = _path(request), self.edition
        path = path if edition is None or path in edition.resources else "404.html"
        if edition is None or path not in edition.resources:
            return _html(drawer.failed(self.problems), edition)
        body = await run_in_threadpool(drawer.of_page, edition, self.store, path, self.all_problems)
        return _html(body, edition)

    async def _sheet(self, request: Request) -> Response:
        return Response(drawer.sheet(), 200, {**ALWAYS, "content-type": "text/css;charset=utf-8"})

    async def _entry(self, request: Request) -> Response:
        edition = self.edition
        identifier = edition.articles.get(_path(request)) if edition else None
        found = await run_in_threadpool(extracts.entry, edition, self.store, identifier) if edition and identifier else None
        return _html(drawer.content(found), edition) if found else refusal(404, "no feed has this article")

    async def _member(self, request: Request) -> Response:
        """Return a file inside a book, as a reading system would take it."""
        edition, asked = self.edition, str(request.path_params["member"])
        book = next((each for each in edition.books if asked.startswith(f"{each}/")), None) if edition else None
        if not edition or book is None or book not in edition.resources:
            return refusal(404, "there is no such book")
        name = asked[len(book) + 1 :]
        body = await run_in_threadpool(files.member, self.store.path(edition.resources[book]), name)
        if body is None:
            return refusal(404, "the book has no such file")
        kind = kinds.media_type(name, body)
        return Response(body, 200, {**ALWAYS, "content-type": kind, "content-security-policy": pages.inside(edition.base)})

    async def _nothing(self, request: Request) -> Response:
        return refusal(404, "there is no such file")


@lru_cache(maxsize=32)
def _injected(body: bytes, path: str, page: str, looks: str) -> tuple[bytes, str]:
    return pages.injected(body, path, page, looks)


def _in_origin_form(scope: Scope) -> Scope:
    """Return the scope of a request that names its whole address as if it named its path, called by that host (RFC 9112, 3.2.2)."""
    raw: bytes = scope["raw_path"]
    scheme, mark, rest = raw.partition(b"://")
    if raw.startswith(b"/") or not mark or scheme.lower() != b"http":
        return scope
    host, _, path = rest.partition(b"/")
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    decoded = asking.path_of(b"/" + path)
    return {**scope, "raw_path": b"/" + path, "path": f"/{decoded or ''}", "headers": [(b"host", host), *headers]}


def _refused(request: Request) -> Response | None:
    """Return the answer to what is not answered: another name, another method, and what has a body, which could hide another request."""
    if not hosts.is_allowed(request.headers.get("host", ""), _here(request)):
        return refusal(421, "this server is not called so; ask for its address", connection="close")
    if request.method not in ("GET", "HEAD"):
        return refusal(405, "only GET and HEAD are answered here", allow="GET, HEAD", connection="close")
    if "transfer-encoding" in request.headers or request.headers.get("content-length", "0") != "0":
        return refusal(400, "a request for a file has no body", connection="close")
    if not request.scope["raw_path"].startswith(b"/"):
        return refusal(400, "this is no path", connection="close")
    return None


def _here(request: Request) -> str:
    return str((request.scope.get("server") or ("",))[0])


def _is_here(request: Request) -> bool:
    return hosts.is_here(request.client.host if request.client else "", _here(request))


def _path(request: Request) -> str:
    return request.query_params.get("path", "")


def _headers(edition: Edition, path: str, resource: Resource) -> dict[str, str]:
    if not kinds.is_feed(resource.media_type):
        shown = "cross-origin" if resource.media_type.startswith(_OPEN) else "same-origin"
        return {"cross-origin-resource-policy": shown, "content-security-policy": _OF_FILES}
    links = [f'<{edition.url(path)}>; rel="self"', *([f'<{edition.hub}>; rel="hub"'] if edition.hub else [])]
    return {
        "link": ", ".join(links),  # WebSub, 4
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "ETag, Link",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": _OF_FEEDS,
    }


def _representation(resource: Resource, read: Callable[[int, int], bytes], headers: Mapping[str, str]) -> Representation:
    return Representation(
        digest=resource.digest,
        size=resource.size,
        media_type=resource.media_type,
        modified=int(resource.modified),
        read=read,
        headers=headers,
    )


def _json(value: object) -> Response:
    headers = {**ALWAYS, "cache-control": "no-store", "content-type": "application/json"}
    return Response(json.dumps(value, ensure_ascii=False).encode(), 200, headers)


def _html(body: bytes, edition: Edition | None) -> Response:
    policy = pages.inside(edition.base if edition else "")
    return Response(
        body, 200, {**ALWAYS, "cache-control": "no-store", "content-type": "text/html;charset=utf-8", "content-security-policy": policy}
    )

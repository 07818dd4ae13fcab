"""Answers over HTTP: one representation of a resource, exactly as it was asked for.

What is sent has a strong entity tag made of its bytes, so that a reader that asks again is told that nothing has changed, also after the
preview was started anew. What is compressed is another representation, with another tag (RFC 9110, 8.8.3.3).
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from publisher.server import asking, kinds
from publisher.server.asking import Range

__all__ = ["ALWAYS", "Representation", "answer", "refusal"]

_CHUNK = 256 * 1024
_MOST_COMPRESSED = 16 * 2**20
"""Bytes of a text; of a larger one compressing takes longer than sending it on the own network."""
_LEAST_COMPRESSED = 256
_BOUNDARY = "publisher-part"

ALWAYS = {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
"""Headers of every answer: keep it, but ask each time whether it is still true; guess no types; frame it nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """The bytes that there are at an address, before they are asked for."""

    digest: str
    size: int
    media_type: str
    modified: int | None
    """Seconds since 1970; `None` when nobody knows: then only the entity tag says whether it is another."""
    read: Callable[[int, int], bytes]
    """Gives the bytes from one number to before another."""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def refusal(status: int, text: str, **headers: str) -> Response:
    """Return an answer that says in a sentence why there is no other."""
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return PlainTextResponse(f"{text}\n", status, {**ALWAYS, "content-security-policy": "default-src 'none'", **more})


async def answer(request: Request, found: Representation) -> Response:
    """Return what the request is to be sent of a representation: all, parts, or that it has it already."""
    compressible = kinds.is_text(found.media_type) and _LEAST_COMPRESSED <= found.size <= _MOST_COMPRESSED
    # A part is one of the bytes themselves: who asks for parts of a text is sent them uncompressed.
    coded = asking.coding(request.headers.get("accept-encoding")) if compressible and "range" not in request.headers else None
    etag = f'"{found.digest}-{coded}"' if coded else f'"{found.digest}"'
    headers = {**ALWAYS, **found.headers, "etag": etag}
    headers |= {"last-modified": formatdate(found.modified, usegmt=True)} if found.modified is not None else {}
    headers |= {"vary": _also(headers.get("vary"), "Accept-Encoding")} if compressible else {}
    if found.status == 200:
        if not asking.holds(request.headers, etag, found.modified):
            return refusal(412, "what is here is not what the request expects", etag=etag)
        if not asking.is_stale(request.headers, etag, found.modified):
            return Response(None, 304, {name: value for name, value in headers.items() if name not in ("content-security-policy",)})
    headers["content-type"] = found.media_type
    if coded:
        return await _compressed(request, found, coded, headers)
    return _plain(request, found, etag, headers)


def _also(former: str | None, name: str) -> str:
    return f"{former}, {name}" if former else name


async def _compressed(request: Request, found: Representation, coded: str, headers: dict[str, str]) -> Response:
    body = await run_in_threadpool(_packed, coded, found.read(0, found.size))
    headers |= {"content-encoding": coded, "content-length": str(len(body))}
    return Response(None if request.method == "HEAD" else body, found.status, headers)


@lru_cache(maxsize=128)
def _packed(coded: str, body: bytes) -> bytes:
    if coded == "gzip":
        return gzip.compress(body, 6, mtime=0)
    import brotli

    packed: bytes = brotli.compress(body, quality=5)
    return packed


def _plain(request: Request, found: Representation, etag: str, headers: dict[str, str]) -> Response:
    headers["accept-ranges"] = "bytes"
    wanted = asking.ranges(request.headers, etag, found.modified, found.size) if found.status == 200 else None
    if wanted is None:
        return _sent(request, found, [(0, found.size)], found.status, headers)
    if not wanted:
        return refusal(416, "the file is shorter than that", content_range=f"bytes */{found.size}", accept_ranges="bytes", etag=etag)
    if len(wanted) > 1:
        return _in_parts(request, found, wanted, headers)
    start, end = wanted[0]
    return _sent(request, found, wanted, 206, headers | {"content-range": f"bytes {start}-{end - 1}/{found.size}"})


def _sent(request: Request, found: Representation, parts: Sequence[Range], status: int, headers: dict[str, str]) -> Response:
    headers["content-length"] = str(sum(end - start for start, end in parts))
    if request.method == "HEAD":
        return Response(None, status, headers)
    return StreamingResponse(_chunks(found, parts), status, headers)


async def _chunks(found: Representation, parts: Sequence[Range]) -> AsyncIterator[bytes]:
    for start, end in parts:
        for at in range(start, end, _CHUNK):
            yield await run_in_threadpool(found.read, at, min(end, at + _CHUNK))


def _in_parts(request: Request, found: Representation, parts: Sequence[Range], headers: dict[str, str]) -> Response:
    """Return several parts in one answer (RFC 9110, 14.6)."""
    boundary = f"{_BOUNDARY}-{found.digest}"  # no bytes have their own digest in them
    heads = [_head(boundary, found, start, end) for start, end in parts]
    last = f"\r\n--{boundary}--\r\n".encode()
    size = sum(map(len, heads)) + sum(end - start for start, end in parts) + len(last)
    headers |= {"content-type": f"multipart/byteranges; boundary={boundary}", "content-length": str(size)}
    if request.method == "HEAD":
        return Response(None, 206, headers)

    async def body() -> AsyncIterator[bytes]:
        for head, part in zip(heads, parts, strict=True):
            yield head
            async for chunk in _chunks(found, [part]):
                yield chunk
        yield last

    return StreamingResponse(body(), 206, headers)


def _head(boundary: str, found: Representation, start: int, end: int) -> bytes:
    return f"\r\n--{boundary}\r\nContent-Type: {found.media_type}\r\nContent-Range: bytes {start}-{end - 1}/{found.size}\r\n\r\n".encode()

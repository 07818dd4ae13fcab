"""The network: the only module that opens it.

What comes in is what a stranger sends: no address of the own machine or network is asked, whatever a name or a redirect says
(the address is looked at after connecting, so that a name that changes its answer gains nothing), and no answer is endless.
"""

from __future__ import annotations

import codecs
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from publisher.problems import PublisherError, Severity, problem

__all__ = ["Fetched", "get", "is_url", "media"]

LARGEST = 64 * 2**20
_LONGEST = 60
"""Seconds for one answer from its first byte to its last."""
_PATIENCE = 15
"""Seconds without a byte."""
_REDIRECTS = 5
_NAT64 = IPv6Network("64:ff9b::/96")
_CHUNK = 64 * 2**10
_NO_CHARSETS = frozenset("utf-8 idna punycode undefined unicode_escape raw_unicode_escape utf-7".split())
"""What Python knows and no document is in, and UTF-8, which needs no change."""
_NEVER_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "64:ff9b:1::/48", "fec0::/10", "100::/64", "5f00::/16")))
"""What Python 3.11 does not know to be for local use (RFC 6890, RFC 8215, RFC 3879)."""
_AGENT = "publisher (an article converter run by a person)"
_DOCUMENTS = "text/html, application/feed+json, application/atom+xml, application/rss+xml, application/epub+zip, */*;q=0.5"
_MEDIA = "image/jpeg, image/png, image/svg+xml, image/*;q=0.8, audio/mpeg, audio/mp4, audio/*;q=0.8, */*;q=0.1"
_LARGEST_MEDIA = 32 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One answer."""

    url: str
    """Where it came from, after all redirects."""
    media_type: str
    body: bytes
    """In UTF-8 with a byte order mark when the header named another encoding: the header goes before what a document says."""


def is_url(path: str) -> bool:
    """Return whether this is an address on the web rather than a path."""
    return path.lower().startswith(("http://", "https://"))


def get(url: str, *, private: bool = False) -> Fetched:
    """Return what is at an address; raise `PublisherError` when that is nothing, too much, too slow, or not public.

    With `private`, addresses of the own machine and network are asked too.
    """
    found, parameters = _asked(url, _DOCUMENTS, LARGEST, private=private)
    return replace(found, body=_in_utf_8(found.body, parameters))


def media(url: str, *, private: bool = False) -> bytes:
    """Return the bytes of the picture or recording at an address, as they are; raise `PublisherError` as `get` does."""
    found, _ = _asked(url, _MEDIA, _LARGEST_MEDIA, private=private)
    return found.body


def _asked(url: str, accept: str, most: int, *, private: bool) -> tuple[Fetched, str]:
    """Return an answer of at most so many bytes, and the parameters of its media type."""
    from urllib3.exceptions import HTTPError  # here because importing it costs 40 ms

    try:
        with _pool(private=private) as pool:
            headers = {"User-Agent": _AGENT, "Accept": accept}
            answer = pool.request("GET", url, headers=headers, preload_content=False, redirect=True)
            if answer.status != 200:
                raise _failed(
                    url, "fetch-refused", f"the server answers {answer.status} {answer.reason or ''}".rstrip(), "check the address"
                )
            body = b"".join(_limited(answer, url, most))
            final = answer.geturl() or url
            kind, _, parameters = (answer.headers.get("content-type") or "").partition(";")
            return Fetched(url=urljoin(url, final), media_type=kind.strip().lower(), body=body), parameters
    except PublisherError as error:
        raise error.at(url) from None
    except HTTPError as error:
        raise _failed(
            url, "fetch-failed", f"the address cannot be read: {_reason(error)}", "check the address, and that the server runs"
        ) from None
    except (ValueError, UnicodeError):
        raise _failed(url, "fetch-failed", "this is no address that can be asked", "write it in full, with https://") from None


def _failed(url: str, code: str, message: str, hint: str) -> PublisherError:
    return PublisherError(problem(code, Severity.ERROR, message, hint=hint).at(url))


def _reason(error: Exception) -> str:
    """Return the innermost cause in its own words."""
    cause = getattr(error, "reason", None)
    if isinstance(cause, Exception) and cause is not error:
        return _reason(cause)
    return str(error).rpartition("): ")[2] or type(error).__name__


def _limited(answer: Any, url: str, most: int) -> Iterator[bytes]:
    """Yield the body, decompressed; raise `PublisherError` when it is too large or takes too long."""
    size, end = 0, monotonic() + _LONGEST
    while chunk := answer.read1(_CHUNK, decode_content=True):  # what is there: `stream` waits until a whole chunk is
        size += len(chunk)
        if size > most:
            raise _failed(url, "fetch-too-large", f"the answer is larger than {most >> 20} MB", "fetch it with another program")
        if monotonic() > end:
            raise _failed(url, "fetch-too-slow", f"the answer takes longer than {_LONGEST} s", "try again later")
        yield chunk


def _in_utf_8(body: bytes, parameters: str) -> bytes:
    names = (each.partition("=")[2].strip(" \"'") for each in parameters.split(";") if each.strip().lower().startswith("charset="))
    name = next(names, "")
    if not name or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body
    try:
        if codecs.lookup(name).name in _NO_CHARSETS:
            return body
        return codecs.BOM_UTF8 + body.decode(name, "replace").encode("utf-8", "replace")
    except (LookupError, UnicodeError):
        return body


# -- only public addresses ------------------------------------------------------------------------------------------------


def _pool(*, private: bool) -> Any:
    """Return a pool of connections that closes those to addresses which are not public before a byte is sent."""
    from urllib3 import PoolManager, Retry, Timeout
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _public(super()._new_conn(), private=private)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _public(super()._new_conn(), private=private)

    class Plain(HTTPConnectionPool):
        ConnectionCls = Http

    class Secure(HTTPSConnectionPool):
        ConnectionCls = Https

    retries = Retry(total=_REDIRECTS, connect=0, read=0, status=0, other=0, redirect=_REDIRECTS)
    pool = PoolManager(timeout=Timeout(connect=_PATIENCE, read=_PATIENCE), retries=retries)
    pool.pool_classes_by_scheme = {"http": Plain, "https": Secure}
    return pool


def _public(connected: socket.socket, *, private: bool) -> socket.socket:
    """Return the connection when it leads to the public internet; else close it and raise `PublisherError`."""
    address = connected.getpeername()[0].partition("%")[0]
    if private or _is_public(address):
        return connected
    connected.close()
    hint = "use --allow-private when you mean a server of your own"
    raise PublisherError(problem("fetch-private", Severity.ERROR, f"the address {address} is not public", hint=hint))


def _is_public(address: str) -> bool:
    """Return whether an address is one of the public internet, and so is the IPv4 address that it may hold."""
    found = ip_address(address)
    every = (found, *_inside(found))
    return all(each.is_global and not each.is_multicast and not any(each in net for net in _NEVER_PUBLIC) for each in every)


def _inside(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64 (RFC 6052)."""
    if isinstance(address, IPv6Address):
        yield from (each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each)
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)

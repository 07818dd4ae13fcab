"""Connections to the public internet only, and none that lasts longer than it may.

A name is looked up once, the address found is looked at, and it is the address that is connected to, not the name: a name server that
changes its answer in between gains nothing. TLS still asks for the name, so a certificate has to be for the host that was asked for.
No proxy is used, whatever the environment says: behind one nobody could see what is connected to.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from math import inf
from ssl import SSLContext
from time import monotonic
from typing import Any
from weakref import WeakSet

import httpcore2
import httpx2

from publisher.problems import PublisherError, Severity, problem

__all__ = ["Guard", "Transport", "is_public", "look_up", "until"]

_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
"""Newer Pythons call none of it global, and older ones all; what counts is the IPv4 address in it."""
_GIVEN_OUT = IPv6Network("2000::/3")
"""All of IPv6 that is anybody's address on the internet (RFC 4291, 2.4): not IPv4 written as `::127.0.0.1` or `::ffff:0:127.0.0.1`."""
_NEVER_PUBLIC = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20", "168.63.129.16")))
"""What Python 3.11 does not know to be nobody's address: for protocols, relays of 6to4, documents (RFC 6890, RFC 7526, RFC 9637).

The last one looks public, but is that of the host below each virtual machine in Azure, which gives out its settings.
"""
_ISATAP = (0x5EFE, 0x0200_5EFE)
_MOST_ADDRESSES = 8
"""Of one name that are tried."""
_END: ContextVar[float] = ContextVar("_END", default=inf)
"""When what this thread is asking for has to be there, in the seconds of `monotonic`."""


class Transport(httpx2.BaseTransport):
    """HTTP/1.1 over connections of a guard (httpx2 2.16 has no place for one in its own transport)."""

    def __init__(self, guard: Guard, *, most: int) -> None:
        self._pool = httpcore2.ConnectionPool(ssl_context=_authorities(), max_connections=most, keepalive_expiry=15, network_backend=guard)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to a request, its body not yet read."""
        url = request.url
        address = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        raw = request.headers.raw
        asked = httpcore2.Request(request.method, address, headers=raw, content=request.read(), extensions=request.extensions)
        answer = self._pool.handle_request(asked)
        return httpx2.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream), extensions=answer.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _authorities() -> SSLContext:
    """Return what says whose certificates hold: as the system has it, or `SSL_CERT_FILE` and `SSL_CERT_DIR`."""
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        message = f"the certificates of the authorities cannot be read: {(error.strerror or str(error)).lower()}"
        hint = "check SSL_CERT_FILE and SSL_CERT_DIR in the environment"
        raise PublisherError(problem("fetch-failed", Severity.ERROR, message, hint=hint)) from None


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class Guard(httpcore2.NetworkBackend):
    """Opens connections to addresses that may be asked: public ones, or with `private` any."""

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._plain = httpcore2.SyncBackend()
        self._lines: WeakSet[_Line] = WeakSet()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Return a connection to the first address of a host that answers; raise `PublisherError` when none may be asked."""
        failure: Exception = httpcore2.ConnectError("the name has no address")
        for address in self._allowed(look_up(host, port))[:_MOST_ADDRESSES]:
            try:
                stream = self._plain.connect_tcp(address, port, _left(timeout), local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
                continue
            return self._watched(stream)
        raise failure

    def _allowed(self, addresses: list[str]) -> list[str]:
        found = [each for each in addresses if self._private or is_public(each)]
        if addresses and not found:
            raise _private(addresses[0])
        return found

    def _watched(self, stream: httpcore2.NetworkStream) -> httpcore2.NetworkStream:
        """Return a connection when it leads where it was meant to; nothing was sent through it yet."""
        peer = stream.get_extra_info("server_addr")[0]
        if not (self._private or is_public(peer)):
            stream.close()
            raise _private(peer)
        return _Line(stream, self._lines)

    def hang_up(self) -> None:
        """End all connections, so that who waits for one does not wait any longer."""
        for each in list(self._lines):
            with suppress(OSError):
                each.get_extra_info("socket").shutdown(socket.SHUT_RDWR)


class _Line(httpcore2.NetworkStream):
    """A connection on which no wait is longer than `until` allows: a header that comes byte by byte is never late by itself."""

    def __init__(self, stream: httpcore2.NetworkStream, lines: WeakSet[_Line]) -> None:
        self._stream, self._lines = stream, lines
        lines.add(self)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Line(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)), self._lines)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def until(end: float) -> None:
    """Set when what this thread asks for next has to be there."""
    _END.set(end)


def _left(timeout: float | None) -> float:
    """Return for how many seconds to wait; raise `ReadTimeout` when the time is up."""
    left = _END.get() - monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the time is up")
    return left if timeout is None else min(timeout, left)


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, the best first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # UnicodeError: a label longer than 63 letters
        raise httpcore2.ConnectError(str(error)) from None
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _private(address: str) -> PublisherError:
    hint = "use --allow-private when you mean a server of your own"
    return PublisherError(problem("fetch-private", Severity.ERROR, f"the address {address} is not public", hint=hint))


def is_public(address: str) -> bool:
    """Return whether an address is one of the public internet, and so is the IPv4 address that it may hold."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and not (found in _GIVEN_OUT or found in _NAT64 or found.ipv4_mapped):
        return False
    every = (*([] if found in _SIX_TO_FOUR else [found]), *_inside(found))
    return all(each.is_global and not each.is_multicast and not any(each in net for net in _NEVER_PUBLIC) for each in every)


def _inside(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address]:
    """Yield the IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, NAT64 (RFC 6052), ISATAP (RFC 5214, 6.1)."""
    if isinstance(address, IPv6Address):
        yield from (each for each in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())) if each)
        if address in _NAT64 or int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            yield IPv4Address(int(address) & 0xFFFFFFFF)

"""Where the preview can be asked, and by whom: sockets, addresses of this machine, and which names a request may call it by.

A page elsewhere can make its own name mean this machine and then read what it likes here (DNS rebinding). It cannot make the browser say
another name than its own in `Host`, so only names that nobody else has are answered.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

from publisher.problems import PublisherError, Severity, problem

__all__ = ["LOCAL", "addresses", "bound", "is_allowed", "is_here"]

LOCAL = "127.0.0.1"
_NAMES = frozenset(("localhost", LOCAL, "::1"))
_ELSEWHERE = "192.0.2.1"
"""An address that nobody has (RFC 5737): connecting a UDP socket to it sends nothing, and says where it would be sent from."""
_TRIES = 20
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::[0-9]{1,5})?")
"""An address or a name, perhaps with a port (RFC 9110, 7.2)."""


def bound(port: int, *, lan: bool = False) -> socket.socket:
    """Return a socket that listens on the port, on the next one that is free, or on any; raise `PublisherError` when there is none."""
    host = "0.0.0.0" if lan else LOCAL  # noqa: S104 - asked for
    tried = (*range(port, min(port + _TRIES, 65536)), 0) if port else (0,)
    reason = OSError()
    for each in tried:
        try:
            return _listening(host, each)
        except OSError as error:
            reason = error
            if isinstance(error, PermissionError):
                break
    message = f"cannot listen on port {port}: {(reason.strerror or 'unknown').lower()}"
    raise PublisherError(problem("serve-no-port", Severity.ERROR, message, hint="name another one with --port, from 1024 on"))


def _listening(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made


def addresses() -> list[str]:
    """Return the addresses of this machine on its network (IPv4), the one that others reach it at first; none without a network."""
    found = dict.fromkeys([*_outward(), *_named()])
    return [each for each in found if not ipaddress.ip_address(each).is_loopback]


def _outward() -> Iterable[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect((_ELSEWHERE, 9))
        except OSError:
            return []
        return [asked.getsockname()[0]]


def _named() -> Iterable[str]:
    try:
        return [str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)]
    except OSError:
        return []


def is_allowed(host: str, here: str) -> bool:
    """Return whether a request may call this server `host`, which came in at the address `here`."""
    found = _HOST.fullmatch(host)
    return found is not None and (found[1] or found[2].rstrip(".")).lower() in (*_NAMES, here)


def is_here(client: str, here: str) -> bool:
    """Return whether who asks sits at this machine."""
    return client == here or client in _NAMES or client.startswith("127.")

"""`serve`: the preview, and what is said of it in the terminal."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.cli.talk import ALIKE, FINE, count, report, say, show, verdict, visible

if TYPE_CHECKING:
    from publisher.problems import Problem
    from publisher.server.store import Edition, Made

__all__ = ["PORT", "serve"]

PORT = 8000
_MOST_FEEDS = 3


_USUAL = 80
"""The port that no address names (RFC 9110, 4.2.1): one that does would come back different."""


def serve(given: argparse.Namespace) -> int:
    """Serve a preview until somebody ends it."""
    from publisher import files
    from publisher.server import hosts, running
    from publisher.server.store import Store
    from publisher.server.workshop import Order

    _refuse_missing(given.source)
    others = hosts.addresses() if given.lan else []
    host = _reachable(others) if given.lan else hosts.LOCAL
    try:
        with files.scratch() as folder, running.builder() as builder, closing(hosts.bound(given.port, lan=given.lan)) as listening:
            port = listening.getsockname()[1]
            if given.port not in (0, port):
                say(f"port {given.port} is taken; this is {port}")
            today = datetime.now(UTC).date()
            base = f"http://{host}/" if port == _USUAL else f"http://{host}:{port}/"
            order = Order(sources=tuple(given.source), base=base, store=Store(folder), today=today, drafts=given.drafts)
            teller = _Teller(open_page=given.open, also=[f"http://{each}:{port}/" for each in others[1:]], code=given.lan)
            running.run(order, listening, builder, running.Listener(teller.made, _defect))
    except KeyboardInterrupt:
        pass  # that is how one ends it
    return FINE


def _refuse_missing(paths: Iterable[str]) -> None:
    from publisher.problems import PublisherError, Severity, problem

    for each in paths:
        if not Path(each).exists():
            raise PublisherError(problem("file-missing", Severity.ERROR, "there is no such file or folder", hint="check the path").at(each))


def _reachable(others: list[str]) -> str:
    from publisher.problems import PublisherError, Severity, problem

    if not others:
        hint = "connect to the network that the other device is in, or leave --lan out"
        raise PublisherError(problem("serve-no-network", Severity.ERROR, "this machine has no address on a network", hint=hint))
    return others[0]


def _defect(error: Exception) -> None:
    say(f"this is a defect of Publisher: {type(error).__name__}: {visible(str(error))}")


class _Teller:
    """Says once where the preview is, and after each build what has changed."""

    def __init__(self, *, open_page: bool, also: list[str], code: bool) -> None:
        self._open = open_page
        self._also = also
        self._code = code
        self._said: tuple[Problem, ...] = ()
        self._is_up = False

    def made(self, made: Made, former: Edition | None) -> None:
        """Say what a build gave."""
        report([each for each in made.problems if each not in self._said], most=ALIKE)
        if made.about == "more":
            self._said += made.problems
            return
        self._said = made.problems
        if made.edition is None:
            say(f"{verdict(made.problems)}: {'the former site is still served' if former else 'waiting for a change'}")
        elif not self._is_up:
            self._welcome(made.edition)
        else:
            say(f"built anew: {count(_changes(made.edition, former), 'file')} changed, {verdict(made.problems)}")

    def _welcome(self, edition: Edition) -> None:
        self._is_up = True
        lines = list(_addresses(edition, self._also))
        width = max(len(url) for url, _ in lines)
        show("\n".join(f"{url:<{width}}  {visible(what)}" for url, what in lines))
        if self._code and sys.stdout.isatty():
            show(f"\n{_code(_first_page(edition))}")
        say(f"{count(len(edition.resources), 'file')}, {verdict(self._said)}; Ctrl-C ends it")
        sys.stdout.flush()
        if self._open:
            import webbrowser

            webbrowser.open(edition.base)


def _changes(edition: Edition, former: Edition | None) -> int:
    """Return how many files are new, others or gone."""
    before = {path: each.digest for path, each in former.resources.items()} if former else {}
    after = {path: each.digest for path, each in edition.resources.items()}
    return sum(before.get(path) != after.get(path) for path in before.keys() | after.keys())


def _addresses(edition: Edition, also: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield addresses and what is there: the site, its feeds for feed readers, its catalogue for e-readers."""
    from publisher.server import kinds

    yield edition.base, edition.name
    yield from ((each, f"{edition.name}, on another network of this machine") for each in also)
    yield from ((edition.url(path), "feed, for feed readers") for path in edition.offered(*kinds.FEEDS)[:_MOST_FEEDS])
    for each in kinds.CATALOGUES:
        yield from ((edition.url(path), "catalogue of books, for e-readers") for path in edition.offered(each)[:1])


def _first_page(edition: Edition) -> str:
    """Return the address that a phone is shown at first: where one subscribes, else the front page."""
    return edition.url("subscribe.html") if "subscribe.html" in edition.resources else edition.base


def _code(url: str) -> str:
    """Return a QR code for a terminal, dark on light whatever the colours there are."""
    from io import StringIO

    import segno

    out = StringIO()
    segno.make(url, error="l", micro=False).terminal(out, compact=True, border=2)
    return f"{out.getvalue()}{url}"

"""The key of IndexNow, in a file of that name: who can put it there speaks for the site (https://www.indexnow.org/documentation)."""

from __future__ import annotations

from collections.abc import Iterator

from publisher.formats import Target
from publisher.newsstand import addresses
from publisher.newsstand.plan import Site
from publisher.outputs import Make, Output

__all__ = ["outputs"]


def outputs(site: Site) -> Iterator[Output]:
    """Yield the file, when there is a key."""
    if site.whole and (key := site.options.indexnow_key):
        path = f"{key}.txt"
        target = Target(url=addresses.url(site.publication, path))
        yield Output(path=path, format="key", publication=site.bare, target=target, make=Make(str.encode, key))

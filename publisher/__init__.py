"""Publisher: one article in, every channel out, and back again.

    import publisher
    publication = publisher.read("article.md")
    publisher.write(publication, "feed.atom")

Nothing heavy is imported before it is needed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publisher.article import Publication
    from publisher.problems import Problem

from publisher.problems import PublisherError

__all__ = ["PublisherError", "__version__", "check", "read", "write"]

__version__ = "0.1.0"

Path = str | os.PathLike[str]


def read(path: Path) -> Publication:
    """Return what a file holds, whatever its format; raise `PublisherError` when it cannot be read."""
    from publisher.desk import read

    return read(path).publication


def write(publication: Publication, path: Path) -> None:
    """Write a publication; the name says the format: `feed.rss`, `feed.atom`, `feed.json`, `x.epub`, `x.html`, `x.jsonld`, `x.json`.

    Raise `PublisherError` when the format holds one article and there are several, or the file cannot be written.
    """
    from publisher.desk import write

    write(publication, path)


def check(path: Path) -> list[Problem]:
    """Return what is wrong with a file."""
    from publisher.desk import check

    return check(path)

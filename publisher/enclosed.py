"""Documents that are one file with all that belongs to it: their pictures get addresses, their article an identifier."""

from __future__ import annotations

import re
from collections.abc import Callable

from publisher import minting
from publisher.article import Publication
from publisher.measure import measure
from publisher.text import url

__all__ = ["ENDINGS", "Pictures", "minted"]

ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/svg+xml": "svg",
}
"""Pictures that browsers show, and how their files end."""
_SVG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE[^>]*>\s*)?<(?:\w+:)?svg[\s>]", re.DOTALL)


class Pictures:
    """The pictures inside a document, by the addresses that they are published at.

    An address is made of the digest of the bytes, so that the same picture has the same one wherever it is from.
    """

    def __init__(self, address: Callable[[str], str]) -> None:
        self._address = address
        self._found: dict[str, bytes] = {}

    def keep(self, body: bytes) -> str | None:
        """Return the URL of a picture, `None` when it is none that browsers show."""
        facts = measure(body, "a.svg" if _SVG.match(body[:2000]) else "")
        ending = ENDINGS.get(facts.encoding_format or "")
        found = url(self._address(f"/media/{facts.sha256[:16]}.{ending}")) if ending else None
        if found:
            self._found[found] = body
        return found

    @property
    def addresses(self) -> frozenset[str]:
        """The URLs of all that were kept."""
        return frozenset(self._found)

    def bytes_of(self, address: str) -> bytes | None:
        """Return the bytes of a picture that was kept."""
        return self._found.get(address)


def minted(publication: Publication, since: str, path: str, headline: str) -> tuple[str, str]:
    """Return identifier and URL of the article that the document at `path` holds."""
    slug, _ = minting.slug(path, headline)
    return minting.identifier(publication.url, since, minting.stem(path) or slug), minting.address(publication.url, slug)

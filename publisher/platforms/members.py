"""ZIP files that platforms give out: what is in them, and the addresses that the media in them get."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from urllib.parse import unquote

from publisher.archives import Archive, looks_like
from publisher.problems import Unreadable
from publisher.text import url

__all__ = ["Media", "beginnings", "names", "text"]

_MEDIA = frozenset("jpg jpeg png gif webp avif svg bmp tif tiff heic mp3 m4a ogg oga opus wav flac mp4 m4v webm mov pdf".split())
_TOP = 4096


@lru_cache(maxsize=1)  # several formats ask one after the other
def names(body: bytes) -> tuple[str, ...]:
    """Return the names of the files in a ZIP file, `()` when it is none."""
    if not looks_like(body):
        return ()
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return tuple(archive.namelist())
    except Exception:
        return ()


def beginnings(body: bytes, ending: str, most: int = 20) -> list[bytes]:
    """Return the first bytes of the first files in a ZIP file whose names end so."""
    found = []
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            for each in [name for name in archive.namelist() if name.lower().endswith(ending)][:most]:
                with archive.open(each) as member:
                    found.append(member.read(_TOP))
    except Exception:
        return found
    return found


def text(archive: Archive, name: str) -> str:
    """Return a member's text; raise `Unreadable` when it cannot be unpacked, `KeyError` when there is none."""
    return archive.read(name).decode("utf-8-sig", errors="replace")


class Media:
    """The pictures and recordings in an archive; `address` gives the URL that a path from the root is published at."""

    def __init__(self, archive: Archive, address: Callable[[str], str]) -> None:
        self._archive = archive
        self._address = address
        self._names = {each: each for each in archive.names if each.rpartition(".")[2].lower() in _MEDIA}
        self._published: dict[str, str | None] = {}
        self._by_url: dict[str, str] = {}

    def find(self, reference: str, folder: str = "") -> str | None:
        """Return the URL of the file that a file in `folder` refers to, `None` when it is not in the archive."""
        path = unquote(reference.partition("?")[0].partition("#")[0])
        for each in (posixpath.normpath(posixpath.join(folder, path)), path.lstrip("/")):
            if each in self._names:
                return self._published.setdefault(each, None) or self._publish(each)
        return None

    def _publish(self, name: str) -> str | None:
        """Return the URL of a member, made of its bytes: two files that are the same are one."""
        try:
            digest = sha256(self._archive.read(name)).hexdigest()[:16]
        except Unreadable:
            return None
        found = url(self._address(f"/media/{digest}.{name.rpartition('.')[2].lower()}"))
        self._published[name] = found
        if found:
            self._by_url.setdefault(found, name)
        return found

    def read(self, address: str) -> bytes | None:
        """Return the bytes behind a URL that `find` gave."""
        return self._archive.read(self._by_url[address]) if address in self._by_url else None

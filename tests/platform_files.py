"""Small exports of each platform, written after real ones: the files in `tests/platforms`, those of archives packed."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from publisher.formats import Reading

HERE = Path(__file__).parent / "platforms"
FILES = {
    "wordpress": "wordpress.xml",
    "ghost": "ghost.json",
    "substack": "substack",
    "medium": "medium",
    "blogger": "blogger.xml",
    "movabletype": "movabletype.txt",
}


def packed(members: Mapping[str, bytes | str]) -> bytes:
    """Return a ZIP file with these members, the same each time."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()


def members(name: str) -> dict[str, bytes]:
    """Return what is in the folder of that name."""
    folder = HERE / name
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()}


def export(name: str) -> bytes:
    """Return the export of a platform."""
    path = HERE / FILES[name]
    return packed(members(FILES[name])) if path.is_dir() else path.read_bytes()


def told(reading: Reading, code: str) -> str:
    """Return the one message of a code."""
    (message,) = [each.message for each in reading.problems if each.code == code]
    return message

"""Books made from recipes: a good book as TOML, and what a case changes in it."""

from __future__ import annotations

import random
import struct
import tomllib
import zipfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

__all__ = ["BOOKS", "CASES", "book", "recipe"]

CASES = Path(__file__).parent / "cases" / "epub"
BOOKS = CASES / "books"
_METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2}
_KINDS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
_SECRET = 0x1
"""The bit in the flags of a member that says that it has a password."""


@cache
def members(name: str) -> Mapping[str, bytes]:
    """Return the files of the good book called `name`."""
    found = tomllib.loads((BOOKS / f"{name}.toml").read_text("utf-8"))
    pictures = {path: picture(path, *size) for path, size in found.get("pictures", {}).items()}
    texts = {path: text.lstrip("\n").encode() for path, text in found["members"].items()}
    return {"mimetype": b"application/epub+zip", **texts, **pictures}


def picture(path: str, width: int, height: int, *, mode: str = "RGB", frames: int = 1, noise: bool = False) -> bytes:
    """Return a picture in the format that its name ends in: blue, moving when it has more frames than one, or grey noise."""
    out = BytesIO()
    if noise:
        first, *more = [Image.frombytes("L", (width, height), random.Random(0).randbytes(width * height))]
    else:
        first, *more = (Image.new("RGB", (width, height), (0, 0, 128 + number)).convert(mode) for number in range(frames))
    moving: dict[str, Any] = {"save_all": True, "append_images": more} if more else {}
    first.save(out, _KINDS[path.rpartition(".")[2]], **moving)
    return out.getvalue()


def book(name: str) -> bytes:
    """Return a good book."""
    return packed(dict(members(name)), {})


def recipe(path: Path) -> bytes:
    """Return the book that a case describes.

    `base` is the good book, `edit` replaces text that must be there once, `add` and `drop` are files, `zip` is how they are packed.
    """
    case = tomllib.loads(path.read_text("utf-8"))
    files = dict(members(case.get("base", "good")))
    for each in case.get("edit", ()):
        files[each["file"]] = edited(files[each["file"]], each["old"].encode(), each["new"].encode(), f"{path.name}: {each['old']}")
    for each in case.get("add", ()):
        files[each["file"]] = added(each)
    for name in case.get("drop", ()):
        del files[name]
    return packed(files, case.get("zip", {}))


def edited(text: bytes, old: bytes, new: bytes, what: str) -> bytes:
    assert text.count(old) == 1, f"{what} is there {text.count(old)} times"
    return text.replace(old, new)


def added(case: Mapping[str, Any]) -> bytes:
    if "picture" in case:
        how = {key: case[key] for key in ("mode", "frames", "noise") if key in case}
        return picture(case.get("as", case["file"]), *case["picture"], **how)
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    return str(case["text"]).lstrip("\n").encode(case.get("encoding", "utf-8")).ljust(case.get("pad", 0))


def packed(files: dict[str, bytes], how: Mapping[str, Any]) -> bytes:
    """Return the files as a ZIP file: stored, in their order, unless `how` says otherwise."""
    first = how.get("first", "mimetype")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(files, key=lambda name: name != first):
            archive.writestr(zipfile.ZipInfo(name), files[name], _METHODS[how.get("methods", {}).get(name, "stored")])
    return with_secrets(out.getvalue(), how.get("secret", ()), how.get("damaged", ()))


def with_secrets(body: bytes, secret: list[str], damaged: list[str]) -> bytes:
    """Return the archive with files that say they have a password, and with files in which one byte is another."""
    changed = bytearray(body)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        for name in damaged:
            member = archive.getinfo(name)
            changed[member.header_offset + 30 + len(name.encode()) + member.file_size // 2] ^= 1
    for name in secret:
        place = body.rindex(name.encode())  # in the central directory
        flags = place - 46 + 8
        struct.pack_into("<H", changed, flags, changed[flags] | _SECRET)
    return bytes(changed)

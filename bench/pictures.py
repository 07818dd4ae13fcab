"""Articles with a picture of its own each, made when somebody asks for it: nothing of them is in memory before."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

from PIL import Image

from bench.articles import SITE, publication
from publisher.article import Publication
from publisher.formats import Target, epub

__all__ = ["grown", "illustrated", "jpeg"]

_SIZE, _GRAIN = (1600, 1200), 24
_BIT = 64
"""Pixels of the squares that make each picture another one, also when it was made smaller."""


def illustrated(count: int) -> Publication:
    """Return a publication with `count` articles, each with a lead picture that no other one has."""
    held = publication(count)
    articles = (
        replace(each, image=(replace(each.image[0], content_url=f"{SITE}media/own-{number}.jpg"),))
        for number, each in enumerate(held.articles)
    )
    return replace(held, articles=tuple(articles))


def jpeg(url: str | None) -> bytes | None:
    """Return a JPEG of about 260 kB, as hard to make smaller as a photograph is, with its number in black and white squares."""
    if not url or not url.startswith(f"{SITE}media/own-"):
        return None
    picture = _noise().copy()
    number = int(url.rpartition("-")[2].removesuffix(".jpg"))
    for place in range(_SIZE[0] // _BIT):
        picture.paste("white" if number >> place & 1 else "black", (place * _BIT, 0, place * _BIT + _BIT, _BIT))
    out = BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


@cache
def _noise() -> Image.Image:
    width, height = (each // _GRAIN for each in _SIZE)
    grain = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))  # noqa: S311 - nothing is secret here
    return grain.resize(_SIZE, Image.Resampling.BICUBIC)


def grown(count: int) -> tuple[int, int]:
    """Return how many bytes there are in a book of `count` pictures, and by how many a process of its own grew to write it."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown, (count,))


def _grown(count: int) -> tuple[int, int]:
    held = illustrated(count)
    epub.write(illustrated(3), Target(media=jpeg))  # what is imported and drawn once
    before = _most()
    body = epub.write(held, Target(media=jpeg))
    return len(body), _most() - before


def _most() -> int:
    """Return the most bytes that this process ever had; `getrusage` would count those of the one that started it (Linux)."""
    return next(int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))

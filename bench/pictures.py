"""Articles with a picture of its own each, made when somebody asks for it: nothing of them is in memory before."""

from __future__ import annotations

import json
import random
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO

from PIL import Image

from bench.articles import SITE, publication
from bench.measure import most_memory
from publisher.article import Publication
from publisher.formats import Target, epub

__all__ = ["illustrated", "jpeg"]

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


def _main(count: int) -> None:
    """Print how many bytes there are in a book of `count` pictures, and by how many this process grew to write it."""
    held = illustrated(count)
    epub.write(illustrated(3), Target(media=jpeg))  # what is imported and drawn once
    before = most_memory()
    body = epub.write(held, Target(media=jpeg))
    print(json.dumps([len(body), most_memory() - before]))


if __name__ == "__main__":
    _main(int(sys.argv[1]))

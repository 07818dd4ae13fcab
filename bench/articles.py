"""Articles for measuring: the same ones from the same seed, 3.4 kB of body each, with all that usual articles have."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from publisher import markup
from publisher.article import Article, Image, Organization, Person, Publication

__all__ = ["SITE", "publication"]

SITE = "https://lantern.example/"
_WORDS = (
    "harbour lamp keeper winter ferry bell tower clock market square paper letter railway mountain whale boat fog light river stone "
    "evening morning council vote garden school teacher physicist camera map road bridge island signal engine choir festival bread café "
    "naïve Zürich “quoted” — the of and a to in that it was for on with as at by from"
).split()
_SECTIONS = ("Harbour", "World", "Opinion", "Science", "Music")
_BEGIN = datetime(2026, 11, 24, 8, tzinfo=UTC)


def publication(count: int, seed: int = 7, times: int = 1) -> Publication:
    """Return a publication with `count` articles, the newest first; `times` makes their texts longer."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    house = Organization(name="The Lantern Press", url=SITE)
    articles = tuple(_article(number, chance, house, times) for number in range(count))
    return Publication(
        identifier=SITE, name="The Lantern", url=SITE, in_language="en", publisher=house, sections=_SECTIONS, articles=articles
    )


def _article(number: int, chance: random.Random, house: Organization, times: int) -> Article:
    published = _BEGIN - timedelta(hours=3 * number)
    authors = tuple(
        Person(name=name, url=f"{SITE}people/{name.split()[0].lower()}/") for name in chance.sample(_PEOPLE, chance.choice((1, 1, 2)))
    )
    picture = Image(
        content_url=f"{SITE}media/{number % 50}.jpg",
        encoding_format="image/jpeg",
        width=1200,
        height=800,
        content_size=84_213,
        caption=_sentence(chance, 9),
        description=_sentence(chance, 12),
        credit_text="Tobias Wren",
    )
    return Article(
        identifier=f"tag:lantern.example,2026:{number}",
        url=f"{SITE}articles/{number}.html",
        headline=_sentence(chance, 7).rstrip("."),
        description=_sentence(chance, 20),
        body=markup.clean("".join(_block(chance, place) for _ in range(times) for place in range(9))),
        article_section=chance.choice(_SECTIONS),
        keywords=tuple(chance.sample(_WORDS[:30], 3)),
        in_language="en",
        date_published=published,
        date_modified=published + timedelta(hours=1),
        author=authors,
        publisher=house,
        image=(picture,),
    )


_PEOPLE = ("Ines Calloway", "Tobias Wren", "Judith Amory", "Yusra Al-Hadidi", "Morikawa Tōko")


def _sentence(chance: random.Random, words: int) -> str:
    return f"{' '.join(chance.choices(_WORDS, k=words)).capitalize()}."


def _block(chance: random.Random, place: int) -> str:
    text = " ".join(_sentence(chance, 14) for _ in range(4))
    if place == 3:
        return f"<h2>{_sentence(chance, 4)}</h2><p>{text}</p>"
    if place == 5:
        items = f'<li>{_sentence(chance, 5)}</li><li><a href="{SITE}about/">{_sentence(chance, 5)}</a></li>'
        return f"<blockquote><p>{text}</p></blockquote><ul>{items}</ul>"
    return f"<p>{text[:60]}<em>{text[60:80]}</em>{text[80:]}</p>"


# -- for programs that read pages ------------------------------------------------------------------------------------------


def _pages(folder: Path, count: int, times: int) -> None:
    """Write `all.html`, and the same as `index.html` with a page for each article."""
    held = publication(count, times=times)
    texts = {f"{number}.html": f"<h1>{each.headline}</h1>{each.body}" for number, each in enumerate(held.articles)}
    for name, text in texts.items():
        _page(folder / name, text)
    _page(folder / "all.html", "".join(texts.values()))
    _page(folder / "index.html", "".join(f'<p><a href="{name}">{name}</a></p>' for name in texts))


def _page(path: Path, content: str) -> None:
    head = '<meta charset="utf-8"><title>The Lantern</title>'
    path.write_text(f'<!DOCTYPE html><html lang="en"><head>{head}</head><body>{content}</body></html>', "utf-8")


if __name__ == "__main__":
    _pages(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

"""One piece of work on made-up articles in a process of its own: `python -m bench.inside write-rss 1000 1` (see `measure.inside`).

What has to be there before, such as the articles and what is imported, is not counted.
"""

from __future__ import annotations

import gc
import io
import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from statistics import median
from time import perf_counter
from types import MappingProxyType

from bench.articles import publication
from bench.measure import most_memory_of_all, spent
from publisher import formats
from publisher.article import Publication

__all__ = ["WORKS"]

_TIMES = 3


def _measured(work: Callable[[], object]) -> tuple[float, float]:
    gc.collect()
    cpu, clock = spent(), perf_counter()
    work()
    return spent() - cpu, perf_counter() - clock


def _write(name: str, held: Publication) -> Callable[[], object]:
    write = formats.writer(name).write
    return partial(_anew, partial(write, held))


def _anew(write: Callable[[], object]) -> object:
    """Write something when nothing is remembered of the run before: what is measured is the first time."""
    from publisher.formats.epub import cover

    cover.draw.cache_clear()
    return write()


def _read(name: str, held: Publication) -> Callable[[], object]:
    return partial(formats.writer(name).read, formats.writer(name).write(held))


def _check(name: str, held: Publication) -> Callable[[], object]:
    return partial(formats.writer(name).check, formats.writer(name).write(held))


# -- theirs: the same articles, with what their interface has for them -----------------------------------------------------


def _feedgen(write: str, held: Publication) -> Callable[[], object]:
    from feedgen.feed import FeedGenerator

    def run() -> object:
        feed = FeedGenerator()
        feed.load_extension("dc")
        feed.id(held.url)
        feed.title(held.name)
        feed.link(href=held.url)
        feed.description(held.name)
        for article in held.articles:
            entry = feed.add_entry(order="append")
            entry.id(article.identifier)
            entry.title(article.headline)
            entry.link(href=article.url)
            entry.summary(article.description)
            entry.content(article.body, type="CDATA" if write == "rss_str" else "html")
            entry.author([{"name": each.name} for each in article.author])
            entry.category([{"term": each} for each in article.keywords])
            entry.published(article.date_published)
            entry.updated(article.date_modified)
        return getattr(feed, write)()

    return run


def _feedparser(name: str, held: Publication) -> Callable[[], object]:
    import feedparser

    return partial(feedparser.parse, formats.writer(name).write(held))


def _validator(name: str, held: Publication) -> Callable[[], object]:
    """Return the W3C's validator on a feed; its folder `src` has to be on the path."""
    import feedvalidator  # type: ignore[import-not-found]

    return partial(feedvalidator.validateString, formats.writer(name).write(held).decode(), firstOccurrenceOnly=True)


def _ebooklib(held: Publication, media: Mapping[str, bytes] = MappingProxyType({})) -> Callable[[], object]:
    from ebooklib import epub

    def run() -> object:
        book = epub.EpubBook()
        book.set_identifier(held.identifier)
        book.set_title(held.name)
        book.set_language("en")
        chapters = []
        for number, article in enumerate(held.articles):
            chapter = epub.EpubHtml(title=article.headline, file_name=f"{number}.xhtml", lang="en")
            chapter.content = f"<h1>{article.headline}</h1>{article.body}"
            book.add_item(chapter)
            if picture := media.get(article.image[0].content_url or ""):
                book.add_item(epub.EpubImage(uid=f"picture-{number}", file_name=f"{number}.jpg", media_type="image/jpeg", content=picture))
            chapters.append(chapter)
        book.toc = chapters
        book.spine = ["nav", *chapters]
        book.add_item(epub.EpubNcx())
        book.add_item(epub.EpubNav())
        epub.write_epub(io.BytesIO(), book)
        return None

    return run


def _pictured(held: Publication, *, ours: bool) -> Callable[[], object]:
    """Return the writing of a book of a tenth of the articles, each with a picture of its own."""
    from bench.pictures import illustrated, jpeg

    own = illustrated(len(held.articles) // 10)
    pictures = {url: jpeg(url) or b"" for each in own.articles if (url := each.image[0].content_url)}
    write = partial(formats.writer("epub").write, own, formats.Target(media=pictures.get))
    return partial(_anew, write) if ours else _ebooklib(own, pictures)


WORKS: Mapping[str, Callable[[Publication], Callable[[], object]]] = MappingProxyType(
    {f"write-{name}": partial(_write, name) for name in ("rss", "atom", "jsonfeed", "epub")}
    | {f"read-{name}": partial(_read, name) for name in ("rss", "atom", "jsonfeed", "epub")}
    | {f"check-{name}": partial(_check, name) for name in ("rss", "atom", "jsonfeed", "epub")}
    | {f"feedgen-{name}": partial(_feedgen, f"{name}_str") for name in ("rss", "atom")}
    | {f"feedparser-{name}": partial(_feedparser, name) for name in ("rss", "atom")}
    | {f"validator-{name}": partial(_validator, name) for name in ("rss", "atom")}
    | {
        "ebooklib": _ebooklib,
        "write-pictures": partial(_pictured, ours=True),
        "ebooklib-pictures": partial(_pictured, ours=False),
    }
)


def _main(name: str, count: int, times: int) -> None:
    work = WORKS[name](publication(count, times=times))
    costs = [_measured(work) for _ in range(_TIMES)]
    print(json.dumps([median(each for each, _ in costs), median(each for _, each in costs), most_memory_of_all()]))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

"""Print a table: the work, our time, theirs, the ratio, and what we want it to be."""

from __future__ import annotations

import argparse
import gc
import io
import platform
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from statistics import median
from time import process_time
from types import MappingProxyType

from bench.articles import publication
from bench.pictures import grown, illustrated, jpeg
from publisher import formats, schema
from publisher.article import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table; times are seconds of CPU."""

    work: str
    ours: float
    theirs: float | None
    whose: str
    target: str


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--articles", type=int, default=1000, help="how many articles (default: 1000)")
    count = parser.parse_args().articles
    held = publication(count)
    print(f"{count} articles, Python {platform.python_version()}, {platform.machine()}; seconds of CPU, the median of three\n")
    print(f"{'work':<38}{'ours':>9}{'theirs':>9}{'ratio':>8}  whose · target")
    for row in rows(held):
        theirs, ratio = ("-", "-") if row.theirs is None else (f"{row.theirs:.3f}", f"{row.ours / row.theirs:.2f}")
        print(f"{row.work:<38}{row.ours:>9.3f}{theirs:>9}{ratio:>8}  {row.whose} · {row.target}")
    print(f"\n{'pictures, of 230 kB each':<38}{'book':>9}{'memory':>9}  MB by which a process grows")
    for pictures in (count // 10, count // 4, count // 2, count):
        book, growth = grown(pictures)
        print(f"{pictures:<38}{book / 1e6:>9.1f}{growth / 1e6:>9.1f}")


def rows(held: Publication) -> Iterator[Row]:
    """Yield the measurements one by one."""
    bodies = {name: formats.writer(name).write(held) for name in ("rss", "atom", "jsonfeed", "epub")}
    for name, whose, theirs in (
        ("rss", "feedgen", _feedgen("rss_str")),
        ("atom", "feedgen", _feedgen("atom_str")),
        ("epub", "EbookLib", _ebooklib),
    ):
        module = formats.writer(name)
        yield _row(f"write {module.TITLE}", partial(module.write, held), partial(theirs, held), whose, "≤ 1.0")
    own = illustrated(len(held.articles) // 10)
    jpegs = {url: jpeg(url) or b"" for each in own.articles if (url := each.image[0].content_url)}
    writing = partial(formats.writer("epub").write, own, formats.Target(media=jpegs.get))
    yield _row("write EPUB 3.3, a tenth with pictures", writing, partial(_ebooklib, own, jpegs), "EbookLib", "≤ 2.0")
    for name in ("rss", "atom"):
        module = formats.writer(name)
        yield _row(f"read {module.TITLE}", partial(module.read, bodies[name]), partial(_feedparser, bodies[name]), "feedparser", "≤ 0.1")
    yield _row("read JSON Feed 1.1", partial(formats.writer("jsonfeed").read, bodies["jsonfeed"]), target="≤ 0.2 s a 1,000")
    for name in ("rss", "atom", "jsonfeed"):
        yield _row(f"check {formats.writer(name).TITLE}", partial(formats.writer(name).check, bodies[name]), target="≤ 0.3 s a 1,000")
    yield _row("check EPUB 3.3", partial(formats.writer("epub").check, bodies["epub"]), target="≤ 3 s a 1,000")
    page = formats.writer("webpage")
    pages = [page.write(schema.with_articles(held, (article,))) for article in held.articles]
    yield _row("check all pages", lambda: [page.check(each) for each in pages], target="≤ 3 s a 1,000")


def _row(work: str, ours: Callable[[], object], theirs: Callable[[], object] | None = None, whose: str = "", target: str = "") -> Row:
    return Row(
        work=work,
        ours=_time(ours),
        theirs=_time(theirs) if theirs else None,
        whose=f"{whose} {version(whose)}" if whose else "",
        target=target,
    )


def _time(work: Callable[[], object]) -> float:
    return median(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    gc.collect()
    start = process_time()
    work()
    return process_time() - start


# -- theirs: the same articles, with what their interface has for them -----------------------------------------------------


def _feedgen(write: str) -> Callable[[Publication], bytes]:
    def run(held: Publication) -> bytes:
        from feedgen.feed import FeedGenerator

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
        written: bytes = getattr(feed, write)()
        return written

    return run


def _ebooklib(held: Publication, media: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    from ebooklib import epub

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
    written = io.BytesIO()
    epub.write_epub(written, book)
    return written.getvalue()


def _feedparser(body: bytes) -> object:
    import feedparser

    return feedparser.parse(body)


if __name__ == "__main__":
    main()

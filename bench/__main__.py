"""Measure ours and theirs on the same articles and print a table: work, ours, theirs, ratio, target."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import books, feeds, newspaper, starting
from bench.table import HEAD, Row, line, machine, put

_DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"


ROWS: dict[str, tuple[Callable[[int], Iterator[Row]], int, str]] = {
    "whole": (newspaper.whole, 10_000, "a newspaper built from nothing, beside Hugo"),
    "bare": (newspaper.bare, 10_000, "what Python takes at least for what Hugo makes"),
    "changed": (newspaper.changed, 10_000, "the same with one article changed, and with none"),
    "books": (books.rows, 1_000, "EPUB, beside EbookLib, pandoc and Calibre"),
    "feeds": (feeds.rows, 1_000, "feeds, beside feedgen, feedparser and the W3C's validator"),
    "start": (starting.rows, 1, "what is asked of one file"),
    "large": (newspaper.large, 100_000, "ten times as many articles; only when asked for: it takes long"),
}
"""What is measured, of how many articles, and what that is."""


def main() -> None:
    """Measure and print."""
    given = _arguments()
    print(f"{machine()}\n\n{HEAD}", end="", flush=True)
    for name in given.rows:
        measure, count, _ = ROWS[name]
        measured = []
        for row in measure(given.articles or count):
            measured.append(row)
            print(line(row), flush=True)
        if given.write:
            put(_DOCUMENT, name, f"{machine()}.", measured)


def _arguments() -> argparse.Namespace:
    told = "\n".join(f"  {name:<9}{what} ({count:,})" for name, (_, count, what) in ROWS.items())
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, epilog=f"rows:\n{told}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    usual = [each for each in ROWS if each != "large"]
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=usual, help="which of them (default: all but large)")
    parser.add_argument("-n", "--articles", type=int, help="how many articles (default: as many as the targets speak of)")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md, too")
    given = parser.parse_args()
    if given.write and given.articles:
        parser.error("the table in docs/benchmarks.md is that of all articles")
    return given


if __name__ == "__main__":
    main()

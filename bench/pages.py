"""Score the text of imported pages against what is true, with the extraction library alone beside it: `python -m bench.pages`.

The measure is that of Zyte's article extraction benchmark (https://github.com/scrapinghub/article-extraction-benchmark):
groups of four words, each as often as it occurs; precision and recall of each page, their means over all pages, and F1 of those.
The pages and their true texts are a corpus that lies beside the project; without it there is nothing to measure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from time import process_time

from publisher import markup
from publisher.formats import Context, webpage

__all__ = ["CORPUS", "Page", "Score", "Scores", "imported", "pages", "scores"]

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "pages"
_WORDS = 4
_CAPTION = re.compile("<figcaption>.*?</figcaption>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """A real page."""

    name: str
    url: str
    body: bytes
    truth: str
    """The text of its article, as people found it."""


@dataclass(frozen=True, slots=True)
class Score:
    """How much of what was taken is true, and how much of what is true was taken, from 0 to 1."""

    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of all pages; `milliseconds` are of CPU, for a page."""

    each: tuple[Score, ...]
    milliseconds: float

    @property
    def precision(self) -> float:
        """The mean over all pages."""
        return fmean(each.precision for each in self.each)

    @property
    def recall(self) -> float:
        """The mean over all pages."""
        return fmean(each.recall for each in self.each)

    @property
    def f1(self) -> float:
        """The harmonic mean of both means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def pages(corpus: Path = CORPUS) -> list[Page]:
    """Return the pages of the corpus, none when it is not there."""
    truth = corpus / "truth.json"
    told = json.loads(truth.read_bytes()) if truth.is_file() else {}
    return [
        Page(name, each["url"], gzip.decompress((corpus / f"{name}.html.gz").read_bytes()), each["articleBody"])
        for name, each in sorted(told.items())
    ]


def scores(held: list[Page], extract: Callable[[Page], str]) -> Scores:
    """Return how well `extract` gives the texts of these pages."""
    extract(held[0])  # what is imported once
    start = process_time()
    texts = [extract(each) for each in held]
    spent = process_time() - start
    return Scores(tuple(_score(each.truth, text) for each, text in zip(held, texts, strict=True)), 1000 * spent / len(held))


def _score(truth: str, text: str) -> Score:
    expected, actual = _groups(truth), _groups(text)
    right = (expected & actual).total()
    return Score(right / actual.total() if actual else 0.0, right / expected.total() if expected else 1.0)


def _groups(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[start:] for start in range(min(_WORDS, len(words)))), strict=False))


# -- what is measured -------------------------------------------------------------------------------------------------------


def imported(page: Page) -> str:
    """Return the text of a page as we import it."""
    return markup.to_text(_body(page))


def _without_captions(page: Page) -> str:
    return markup.to_text(_CAPTION.sub("", _body(page)))


def _body(page: Page) -> str:
    (article,) = webpage.read(page.body, Context(path=page.url)).publication.articles
    return article.body


def _trafilatura(*, precise: bool) -> Callable[[Page], str]:
    def extract(page: Page) -> str:
        import trafilatura

        return trafilatura.extract(page.body, include_comments=False, favor_precision=precise) or ""

    return extract


def _ways() -> Iterator[tuple[str, Callable[[Page], str]]]:
    yield "ours", imported
    yield "ours, without captions", _without_captions
    yield "trafilatura", _trafilatura(precise=False)
    yield "trafilatura, favor_precision", _trafilatura(precise=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "corpus", nargs="?", type=Path, default=CORPUS, help="folder with the pages and truth.json (default: beside the project)"
    )
    parser.add_argument("--each", action="store_true", help="print how well each page is imported, too")
    given = parser.parse_args()
    if not (held := pages(given.corpus)):
        print(f"no pages to measure: there is no {given.corpus / 'truth.json'}")
        return
    print(f"{f'{len(held)} pages':<32}{'F1':>8}{'precision':>11}{'recall':>8}{'ms':>7}")
    found = {name: scores(held, extract) for name, extract in _ways()}
    for name, each in found.items():
        print(f"{name:<32}{each.f1:>8.4f}{each.precision:>11.4f}{each.recall:>8.4f}{each.milliseconds:>7.1f}")
    for page, score in zip(held, found["ours"].each, strict=True) if given.each else ():
        print(f"{score.precision:.3f} {score.recall:.3f} {page.name} {page.url}")


if __name__ == "__main__":
    main()

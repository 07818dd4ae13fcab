"""Calibre saves our books anew, and converts them: every article comes back, and it complains about nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image as Raster

from publisher import formats, markup
from publisher.article import Article, Publication
from publisher.compare import differences
from publisher.formats import Target
from publisher.formats.epub.issue import subjects
from tests import strategies
from tests.judges import calibre, mupdf
from tests.judges.examples import COVER, EXPORTS, exported, media, publications, squeezed

pytestmark = pytest.mark.judges

SOME = 13
"""Every so many of the generated publications, since Calibre takes 40 ms and more for an article."""
OTHER_OPTIONS = ("--epub-version", "3", "--epub-flatten", "--epub-inline-toc", "--pretty-print", "--insert-metadata")
EVERYWHERE = ("--enable-heuristics", "--flow-size", "12", "--page-breaks-before", "//*[name()='h2' or name()='p']")
PARTS = markup.clean(
    "<p>One<sup><a href='#n1' id='r1' role='doc-noteref'>1</a></sup></p><h2>Part two</h2><p>A <u>lined</u> word, 12\u20118, of\ufb01ce</p>"
    "<ol start='3' type='a'><li>x<ul><li>y</li></ul></li></ol><blockquote><p>q</p><h3>Chapter three</h3><p>r</p></blockquote>"
    "<pre><code class='language-py'>if\u00ada:\n\n    b</code></pre><table><tr><td>1<td>2<tr><td>3<td>4</table>"
    "<p><img src='https://lantern.example/media/a.jpg' alt='A' width='10' height='20'> "
    "<audio src='https://e.org/a.mp3'></audio> <video src='https://e.org/a.mp4'></video></p><p>Donau\u00addampf\u00ad<b>schiff</b></p>"
    "<div role='doc-endnotes'><ol><li id='n1'>N <a href='#r1' role='doc-backlink'>back</a></li></ol></div>"
)


@cache
def seeds() -> Publication:
    return exported()


@cache
def generated() -> Publication:
    """Return one issue of many: of every kind of article some, one in parts, one that is long."""
    some = publications()[::SOME]
    long = "".join(f"<p>{number}. {'Words, words, words. ' * 20}</p><ul><li><p>a</p><p>b</p></li><li>c</li></ul>" for number in range(700))
    more = (
        Article(identifier="parts", headline="Chapter of parts", body=PARTS),
        Article(identifier="long", headline="Long", body=markup.clean(long)),
    )
    articles = (article for each in some for article in each.articles)
    return replace(some[0], articles=(*more, *articles), sections=("World news",))


def book(publication: Publication, folder: Path, at_hand: Callable[[str], bytes | None] | None = None) -> Path:
    """Return the path of the publication's book, in a folder of its own."""
    at_hand = at_hand or (of_seeds if publication is seeds() else media(1))
    path = folder / "book.epub"
    path.write_bytes(formats.writer("epub").write(publication, Target(media=at_hand)))
    return path


def of_seeds(url: str) -> bytes | None:
    path = EXPORTS / "media" / url.rpartition("/")[2]
    return path.read_bytes() if path.is_file() and url.startswith(seeds().url) else None


def pointers(publication: Publication, path: Path) -> list[str]:
    """Return where the book at `path` differs from the publication."""
    return [each.pointer for each in differences(publication, formats.get("epub").read(path.read_bytes()).publication)]


def by_section(publication: Publication) -> Publication:
    """Return the publication in the order of its book's spine: a converted book has no record to tell another one."""
    names = [*subjects(publication), None]
    return replace(publication, articles=tuple(sorted(publication.articles, key=lambda each: names.index(each.article_section))))


BOTH = pytest.mark.parametrize("publication", [seeds, generated])
WIDER = BOTH if strategies.THOROUGH else pytest.mark.parametrize("publication", [generated])
"""For what takes Calibre half a minute: what is generated, and in `make judges` the demo too."""


# -- saved anew -----------------------------------------------------------------------------------------------------------


@WIDER
def test_a_polished_issue_comes_back_whole(publication: Callable[[], Publication], tmp_path: Path) -> None:
    """Pictures are not compressed here: that takes half a minute for those of the seeds."""
    made, polished = book(publication(), tmp_path), tmp_path / "polished.epub"
    assert calibre.polish(made, polished, "--jacket", "--upgrade-book", "--remove-unused-css") == []
    assert pointers(publication(), polished) == []


def test_an_issue_with_compressed_pictures_comes_back_whole(tmp_path: Path) -> None:
    """With a cover of its own: one that is drawn is a large PNG, which optipng is busy with for half a minute."""
    few = replace(generated(), articles=generated().articles[:5], image=COVER)
    made = book(few, tmp_path, lambda url: media(7)(url) if url == COVER.content_url else media(1)(url))
    polished = tmp_path / "polished.epub"
    assert calibre.polish(made, polished, "--compress-images") == []
    assert pointers(few, polished) == []
    assert polished.stat().st_size < made.stat().st_size


@BOTH
def test_an_issue_with_other_metadata_comes_back_whole(publication: Callable[[], Publication], tmp_path: Path) -> None:
    made, cover = book(publication(), tmp_path), tmp_path / "cover.jpg"
    Raster.new("RGB", (600, 800)).save(cover)
    labels = ("--title", "Another title", "--authors", "A B & C D", "--tags", "x,y", "--series", "S", "--index", "3", "--language", "fr")
    assert calibre.relabel(made, *labels, "--publisher", "Others", "--date", "2001-02-03", "--comments", "<p>No</p>") == []
    assert calibre.relabel(made, "--cover", str(cover)) == []
    assert pointers(publication(), made) == []


@WIDER
@pytest.mark.parametrize("options", [(), OTHER_OPTIONS], ids=["default", "many options"])
def test_a_converted_issue_comes_back_whole(options: tuple[str, ...], publication: Callable[[], Publication], tmp_path: Path) -> None:
    """With another version, names, folders and pages cut into parts."""
    made, converted = book(publication(), tmp_path), tmp_path / "converted.epub"
    calibre.convert(made, converted, *options)
    assert pointers(by_section(publication()), converted) == []


def test_an_issue_cut_before_every_paragraph_comes_back_whole(tmp_path: Path) -> None:
    made, converted = book(seeds(), tmp_path), tmp_path / "converted.epub"
    calibre.convert(made, converted, *EVERYWHERE)
    assert pointers(by_section(seeds()), converted) == []


def test_text_that_calibre_alters_is_told(tmp_path: Path) -> None:
    """Straight quotation marks, but not in code."""
    made, converted = book(seeds(), tmp_path), tmp_path / "converted.epub"
    calibre.convert(made, converted, "--smarten-punctuation")
    reading = formats.get("epub").read(converted.read_bytes())
    expected = by_section(seeds())
    altered = [
        number for number, each in enumerate(expected.articles) if "&quot;" in re.sub("<pre>.*?</pre>", "", each.body, flags=re.DOTALL)
    ]
    assert [each.pointer for each in differences(expected, reading.publication)] == [f"articles[{number}].body" for number in altered]
    assert [each.code for each in reading.problems] == ["epub-text-changed"] * len(altered)


# -- converted ------------------------------------------------------------------------------------------------------------


@WIDER
def test_calibre_converts_to_azw3_and_back_without_a_warning_or_a_loss(publication: Callable[[], Publication], tmp_path: Path) -> None:
    made, kindle, back = book(publication(), tmp_path), tmp_path / "book.azw3", tmp_path / "back.epub"
    assert calibre.convert(made, kindle) == []
    calibre.convert(kindle, back)
    assert pointers(by_section(publication()), back) == []


def test_calibre_converts_to_kepub_without_a_warning_or_a_loss(tmp_path: Path) -> None:
    made, kobo = book(seeds(), tmp_path), tmp_path / "book.kepub"
    assert calibre.convert(made, kobo) == []
    assert pointers(by_section(seeds()), kobo) == []


def test_calibre_converts_to_pdf_without_a_warning(tmp_path: Path) -> None:
    """A cover over the whole page, and every headline in the text."""
    made, pdf = book(seeds(), tmp_path), tmp_path / "book.pdf"
    assert calibre.convert(made, pdf) == []
    (cover,) = mupdf.render(pdf, tmp_path, pages="1")
    with Raster.open(cover) as page:
        assert len(page.convert("L").getcolors(256) or ()) > 100
    text = squeezed(mupdf.text(pdf))
    missing = [each.headline for each in seeds().articles if each.in_language != "ar" and squeezed(each.headline) not in text]
    assert missing == []

"""No text is lost: each chapter says what its article says, character for character, as our reader and as MuPDF have it.

Validators do not see it when a letter is missing. MuPDF's text is compared line by line: one line for each block and after each
line break. What it legitimately does, and nothing else, is undone on both sides: a space of any kind and a tab are a space, and there
is none at the end of a line; soft hyphens and marks that only set a direction are not shown; ligatures are taken apart; bullets and
numbers stand before items; a table's caption stands after it. In tables it also breaks lines within words, and text that runs from
right to left it orders in its own way: there the characters count without white space, in any order.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from publisher import formats, markup
from publisher.article import Article, Publication
from publisher.cleaner import BOUNDARIES, local_name
from publisher.formats import Target
from publisher.formats.epub.words import Words, words
from publisher.markup import Element
from tests.judges import mupdf
from tests.judges.examples import exported, publications, unillustrated
from tests.judges.test_calibre import book
from tests.strategies import BODIES

pytestmark = pytest.mark.judges

TRICKY = [
    "<p><b>AB</b><i>CD</i><u>E</u><code>F</code> <em>g</em> <strong>h</strong><sub>2</sub>O x<sup>3</sup>y long<wbr>word<kbd>K</kbd></p>",
    "<p>soft\u00adhyphen no\u00a0break 12\u20118 of\ufb01ce zero\u200bwidth thin\u2009space e\u0301 é \U0001f469\u200d\U0001f680 \U00020000</p>",
    "<p lang='ja'>彼は<ruby>渡<rt>わた</rt></ruby>した。<b>太</b><i>字</i>、<span lang='zh'>汉</span>字「引用」</p><p lang='zh'>中<em>文</em>字</p>",
    "<pre>  a  b\n\tif x &lt; y:\n\n        <b>c</b><i>d</i>  e\n    f</pre>",
    "<p>before <img src='https://e.org/gone.png' alt='A gone picture'> after, <img src='https://e.org/no.png'>close</p>",
    "<p lang='ar' dir='rtl'>مرحبا بالعالم <bdi>Paris</bdi> 12</p><p>in <span lang='he' dir='rtl'>שלום</span> out</p>",
    "<ul><li>one<ul><li>two</li><li>three</li></ul></li><li>four</li></ul><ol start='9'><li>nine</li><li><p>ten</p><p>and</p></li></ol>",
    "<table><tr><th>Year<th>Lamp<tr><td>1868<td><p>Colza</p><p>oil</p><tr><td><b>19</b><i>24</i><td>Vapour</table>",
    "<dl><dt>T<dd>D<dt>U<dd><p>a</p><p>b</p></dl><blockquote><p>Q</p><blockquote><p>R</p></blockquote></blockquote><h2>A</h2><h3>B</h3>",
    "<p>x<br>y<sup><a id='r1' href='#n1' role='doc-noteref'>1</a></sup>z</p><div role='doc-endnotes'><ol><li id='n1'>N "
    "<a href='#r1' role='doc-backlink'>back</a></li><li>M</li></ol></div>",
    f"<p>{'Donaudampfschifffahrtsgesellschaftskapitän and internationalization ' * 30}.</p>",
]
LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
LIGATURES_OF = re.compile(f"[{''.join(LIGATURES)}]")
UNSEEN = re.compile("[\u00ad\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MARKER = re.compile(r"^(?:[•○▪]|\d+\.|[a-z]\.|[ivxlc]+\.) +", re.IGNORECASE)


def shown(lines: list[str]) -> list[str]:
    """Return the lines that are not empty, without what the head of this file names."""
    found = (LIGATURES_OF.sub(lambda each: LIGATURES[each[0]], UNSEEN.sub("", each)) for each in lines)
    return [re.sub(r"\s", " ", each).rstrip() for each in found if each.strip()]


Line = tuple[str, bool]
"""A line, and whether MuPDF may have its characters in another order and on several lines."""


def said(body: str, language: str, *, with_media: bool) -> list[Line]:
    """Return the lines of a body: a new one at the beginning and the end of each block, at `br`, and in `pre` at its line ends."""
    parts = "".join(_said(markup.parse_xml(f"<body>{body}</body>".encode()), words(language), with_media))
    loose = False
    found: list[Line] = []
    for each in re.split(r"\n|(\0table|\0end)", parts):
        loose = (each == "\0table") if each and each.startswith("\0") else loose
        found += [(MARKER.sub("", line), loose or is_rtl(line)) for line in shown([each or ""]) if not line.startswith("\0")]
    return found


def is_rtl(line: str) -> bool:
    return any(unicodedata.bidirectional(each) in ("R", "AL") for each in line)


def _said(element: Element, own: Words, with_media: bool) -> Iterator[str]:
    name = local_name(element)
    around = {"table": ("\0table\n", "\n\0end\n"), "br": ("\n", "")}.get(name, ("\n", "\n") if name in BOUNDARIES else ("", ""))
    yield around[0]
    yield stand_in(element, own, with_media) if name in ("img", "audio", "video") else element.text or ""
    for child in (*(each for each in element if local_name(each) != "caption"), *element.findall("caption")):
        yield from _said(child, own, with_media)
        yield child.tail or ""
    yield around[1]


def stand_in(element: Element, own: Words, with_media: bool) -> str:
    """Return what is shown where a picture, or recording, cannot be."""
    host = urlsplit(element.get("src") or "").hostname
    if local_name(element) == "img":
        return "" if with_media else element.get("alt") or f"{own.picture} ({host})"
    return f"{own.audio if local_name(element) == 'audio' else own.video} ({host})"


def seen(path: Path) -> list[str]:
    """Return the lines that MuPDF shows, without bullets and numbers."""
    return [MARKER.sub("", each) for each in shown(mupdf.lines(path))]


def missing(publication: Publication, path: Path, *, with_media: bool = False) -> list[str]:
    """Return the headlines of the articles whose text does not stand in the book at `path`, whole and in one piece."""
    lines = seen(path)
    texts = ((each.headline, said(each.body, each.in_language or "en", with_media=with_media)) for each in publication.articles)
    return [headline for headline, text in texts if not any(stands_at(place, text, lines) for place in range(len(lines)))]


def stands_at(place: int, text: list[Line], lines: list[str]) -> bool:
    """Return whether the lines from `place` on are the text."""
    for loose, group in groupby(text, key=lambda each: each[1]):
        wanted = [line for line, _ in group]
        if not loose:
            if lines[place : place + len(wanted)] != wanted:
                return False
            place += len(wanted)
            continue
        characters, found = sorted("".join(wanted).replace(" ", "")), ""
        while len(found) < len(characters) and place < len(lines):
            found, place = found + lines[place].replace(" ", ""), place + 1
        if sorted(found) != characters:
            return False
    return True


@cache
def tricky() -> Publication:
    """Return an issue of bodies with what readers and writers stumble over, each between two lines that nothing else has."""
    drawn = dict.fromkeys(unillustrated(each.body) for publication in publications() for each in publication.articles)
    bodies = [*map(markup.clean, TRICKY), *(each for each in map(markup.clean, BODIES) if not has_media(each))]
    bodies += [each for each in drawn if each and not has_media(each) and is_shown(each)]
    articles = (
        Article(identifier=str(number), headline=f"No. {number}", body=f"<p>begin {number}</p>{each}<p>end {number}</p>", in_language="en")
        for number, each in enumerate(bodies)
    )
    return Publication(identifier="tricky", name="Tricky", url="https://lantern.example/", in_language="en", articles=tuple(articles))


def has_media(body: str) -> bool:
    return any(each in body for each in ("<audio", "<video", "lantern.example/media"))


def is_shown(body: str) -> bool:
    """Return whether all its characters are assigned; MuPDF makes of the others what it likes."""
    return all(unicodedata.category(each)[0] != "C" or each == "\n" for each in body)


def test_every_article_of_the_seeds_is_in_the_book(tmp_path: Path) -> None:
    issue = exported()
    assert missing(issue, book(issue, tmp_path), with_media=True) == []


def tricky_book(folder: Path) -> Path:
    path = folder / "book.epub"
    path.write_bytes(formats.writer("epub").write(tricky(), Target()))
    return path


def test_tricky_text_is_in_the_book(tmp_path: Path) -> None:
    path = tricky_book(tmp_path)
    assert formats.get("epub").read(path.read_bytes()).publication == tricky()
    assert len(tricky().articles) > 40
    assert missing(tricky(), path) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<b>AB</b><i>CD</i>", "<b>AB</b> <i>CD</i>"),
        ("<b>AB</b><i>CD</i>", "<b>A</b><i>CD</i>"),
        ("文</em>字", "文</em> 字"),
        ("<b>太</b><i>字</i>", "<b>太</b><i>字字</i>"),
        ("</a> after, ", "</a> "),
        (">close", "> close"),
        ("        <b>c</b>", "<b>c</b>"),
        ("<td>1868</td>", "<td>186</td>"),
        ("مرحبا", "مرحب"),
        ("e\u0301 ", "e "),
        ("<rt>わた</rt>", ""),
        ("x<br/>y", "xy"),
        ("no\u00a0break", "nobreak"),
    ],
)
def test_the_smallest_change_is_seen(old: str, new: str, tmp_path: Path) -> None:
    """The comparison is worth something only when a book that lost or gained a character does not pass."""
    path = tricky_book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    changed = {name: data.replace(old.encode(), new.encode()) if "/article-" in name else data for name, data in members.items()}
    assert changed != members
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in changed.items():
            archive.writestr(name, data)
    assert missing(tricky(), path) != []
    assert [each.code for each in formats.get("epub").read(path.read_bytes()).problems].count("epub-text-changed") >= 1

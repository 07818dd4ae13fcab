"""The catalogue of the books and their covers: what is listed, in which order, and that what is out stays listed as it is."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from publisher import build, cli, issues, planning
from publisher.article import Organization, Person, Publication
from publisher.formats import Edition, Target, epub, opds, opds2
from publisher.formats.epub import cover as covers
from publisher.formats.epub import listing, record
from publisher.issues import Held, Selection
from publisher.newsstand.options import SiteOptions
from publisher.outputs import Output
from publisher.settings import Settings
from tests import strategies
from tests.test_build import SETTINGS, SITE, article, nothing, of
from tests.test_issues import DAY, MONTH, on

EXPORTS = Path(__file__).parent.parent / "exports"
WEEK = Edition(key="2026-W47", first_day=date(2026, 11, 16), last_day=date(2026, 11, 22), issue_number=3)
ATOM, DC = "{http://www.w3.org/2005/Atom}", "{http://purl.org/dc/terms/}"
NEWS = of(on("2026-11-20", "bells", article_section="Harbour"), on("2026-10-04", "ferry", article_section="World"))


def planned(publication: Publication, *selections: Selection, known: Settings = SETTINGS, **more: Any) -> dict[str, Output]:
    return {each.path: each for each in planning.plan(publication, replace(known, issues=selections), nothing, **more)}


def xml(outputs: dict[str, Output], path: str = "catalogue.xml") -> Any:
    assert outputs[path].make
    return etree.fromstring(outputs[path].make())  # type: ignore[misc]


def titles(outputs: dict[str, Output], path: str = "catalogue.xml") -> list[str]:
    return [each.text for each in xml(outputs, path).iterfind(f"{ATOM}entry/{ATOM}title")]


def links(root: Any, rel: str) -> list[str]:
    return [each.get("href") for each in root.iterfind(f"{ATOM}link") if each.get("rel") == rel]


def catalogues(outputs: dict[str, Output]) -> list[str]:
    return [path for path in outputs if path.startswith("catalogue")]


# -- what a book says of itself is what is said of it ---------------------------------------------------------------------


@given(strategies.publications(), st.sampled_from([None, WEEK, replace(WEEK, name="Weekly", issue_number=None)]))
@hypothesis_settings(max_examples=25)
def test_what_is_listed_before_a_book_is_written_is_what_the_book_says(publication: Publication, edition: Edition | None) -> None:
    with zipfile.ZipFile(BytesIO(epub.write(publication, Target(edition=edition)))) as book:
        said = listing.told(book.read(listing.PACKAGE), book.read(record.MEMBER))
        assert said
        assert said[0] == listing.planned(publication, edition)
        assert said[1] in book.namelist()


def test_a_book_that_others_have_made_is_none_of_ours() -> None:
    body = epub.write(NEWS)
    package = zipfile.ZipFile(BytesIO(body)).read(listing.PACKAGE)
    assert listing.told(package)
    assert listing.told(package.replace(b'content="publisher"', b'content="calibre"')) is None
    assert listing.told(package.replace(b"cover-image", b"cover")) is None
    assert listing.told(re.sub(rb"T\d\d:", b"T99:", package, count=1)) is None
    assert listing.told(b"<package") is None
    said = listing.told(package.replace(b"</metadata>", b'<meta property="group-position">a lot</meta></metadata>'))
    assert said
    assert said[0].position is None


@given(strategies.publications(), st.sampled_from([(), (MONTH,), (Selection(), MONTH, Selection(select="section"))]))
@hypothesis_settings(max_examples=25)
def test_whatever_is_published_the_catalogue_keeps_the_rules(publication: Publication, selections: tuple[Selection, ...]) -> None:
    publication = strategies.gathered(publication)
    if any(each.code == "issue-twice" for each in issues.plan(publication, selections).problems):
        return
    outputs = planned(publication, *selections)
    for each in filter(None, (outputs.get(path) for path in catalogues(outputs))):
        written = build.render(each)
        assert written.problems == ()
        assert not [found.code for found in {"opds": opds, "opds2": opds2}[each.format].check(written.body)]
        assert written == build.render(each)


# -- which documents there are --------------------------------------------------------------------------------------------


def test_a_publication_with_one_book_has_it_in_the_root() -> None:
    outputs = planned(NEWS)
    assert catalogues(outputs) == ["catalogue.json", "catalogue.xml"]
    assert titles(outputs) == ["The Lantern, 20 November 2026"]
    root = xml(outputs)
    assert links(root, "start") == ["catalogue.xml"]
    assert links(root, "self") == [f"{SITE}catalogue.xml"]
    assert links(root, "http://opds-spec.org/facet") == []


def test_both_formats_list_the_same() -> None:
    outputs = planned(NEWS, Selection(), MONTH, Selection(select="section"))
    assert {path.removesuffix(".xml") for path in catalogues(outputs) if path.endswith(".xml")} == {
        path.removesuffix(".json") for path in catalogues(outputs) if path.endswith(".json")
    }
    for path in (each for each in catalogues(outputs) if each.endswith(".json")):
        assert outputs[path].make
        found = json.loads(outputs[path].make())  # type: ignore[misc]
        assert [each["metadata"]["title"] for each in found["publications"]] == titles(outputs, path.replace(".json", ".xml"))


def test_the_newest_issue_is_first_and_what_always_stands_there_last() -> None:
    outputs = planned(NEWS, Selection(), Selection(select="section"), MONTH)
    assert titles(outputs) == [
        *("The Lantern, November 2026", "The Lantern, October 2026"),
        *("The Lantern, Harbour", "The Lantern, World", "The Lantern, 20 November 2026"),
    ]


def test_each_kind_of_issue_is_a_facet_of_the_root() -> None:
    outputs = planned(NEWS, Selection(), Selection(select="section"), MONTH, DAY)
    facets = [each for each in xml(outputs).iterfind(f"{ATOM}link") if each.get("rel") == "http://opds-spec.org/facet"]
    assert [(each.get("title"), each.get("href")) for each in facets] == [
        ("All", "catalogue.xml"),
        ("Monthly", "catalogue/months.xml"),
        ("Daily", "catalogue/days.xml"),
        ("By topic", "catalogue/topics.xml"),
    ]
    assert titles(outputs, "catalogue/topics.xml") == ["The Lantern, Harbour", "The Lantern, World"]
    assert links(xml(outputs, "catalogue/topics.xml"), "up") == ["../catalogue.xml"]
    german = planned(replace(NEWS, in_language="de-AT"), DAY, MONTH)
    assert "Monatlich" in [each.get("title") for each in xml(german).iterfind(f"{ATOM}link")]


@pytest.mark.parametrize(("language", "daily"), [("ar", "يومية"), ("ja", "日刊"), ("pl", "Dzienne"), ("zh-TW", "日刊"), ("eo", "Daily")])
def test_the_kinds_are_called_as_the_language_of_the_publication_calls_them(language: str, daily: str) -> None:
    found = xml(planned(replace(NEWS, in_language=language), DAY, MONTH))
    assert daily in [each.get("title") for each in found.iterfind(f"{ATOM}link")]


def many(number: int) -> Publication:
    return of(*(on(date(2026, 11, 1) + timedelta(each)) for each in range(number)))


def walked(outputs: dict[str, Output]) -> list[list[str]]:
    """Return the titles of each page, as one comes to it by `next`."""
    found, path = [], "catalogue.xml"
    while path:
        found.append(titles(outputs, path))
        following = links(xml(outputs, path), "next")
        path = f"catalogue/{following[0].rpartition('/')[2]}" if following else ""
    return found


def test_older_books_are_on_pages_that_stay_as_they_are() -> None:
    known = replace(SETTINGS, site=SiteOptions(size=3))
    before, after = (planned(many(number), DAY, known=known) for number in (7, 8))
    assert [len(each) for each in walked(before)] == [4, 3]
    assert [len(each) for each in walked(after)] == [5, 3]
    assert [*chain.from_iterable(walked(after))] == titles(planned(many(8), DAY))
    assert [len(each) for each in walked(planned(many(10), DAY, known=known))] == [4, 3, 3]
    assert build.render(before["catalogue/1.xml"]) == build.render(after["catalogue/1.xml"])
    assert build.render(before["catalogue/1.json"]) == build.render(after["catalogue/1.json"])
    last = xml(after, "catalogue/1.xml")
    assert [links(last, rel) for rel in ("first", "previous", "last", "next")] == [
        ["../catalogue.xml"],
        ["../catalogue.xml"],
        ["1.xml"],
        [],
    ]
    assert build.render(after["catalogue/1.xml"]).problems == ()


def test_what_always_stands_there_moves_no_older_issue() -> None:
    known = replace(SETTINGS, site=SiteOptions(size=3))
    before, after, alone = (
        planned(many(number), DAY, *more, known=known) for number, more in ((7, [Selection()]), (8, [Selection()]), (8, []))
    )
    for path in ("catalogue/1.xml", "catalogue/1.json"):
        assert build.render(before[path]) == build.render(after[path])
    assert titles(after, "catalogue/1.xml") == titles(alone, "catalogue/1.xml")
    assert titles(after) == [*titles(alone), titles(planned(many(8), Selection()))[0]]


def test_where_no_books_are_written_there_is_no_catalogue() -> None:
    assert catalogues(planned(NEWS, only=("webpage", "rss"))) == []
    assert catalogues(planned(NEWS, only=("epub",))) == []


# -- what an entry says ---------------------------------------------------------------------------------------------------


def entry(publication: Publication = NEWS, *selections: Selection, **more: Any) -> Any:
    return xml(planned(publication, *(selections or (MONTH,)), **more)).find(f"{ATOM}entry")


def test_an_entry_has_the_identifier_of_its_book() -> None:
    outputs = planned(NEWS, MONTH)
    book = epub.write(outputs["issues/the-lantern-2026-11.epub"].publication, outputs["issues/the-lantern-2026-11.epub"].target)
    assert f">{entry().findtext(f'{ATOM}id')}<".encode() in zipfile.ZipFile(BytesIO(book)).read(listing.PACKAGE)
    assert entry().findtext(f"{DC}identifier") == entry().findtext(f"{ATOM}id")


def test_an_entry_names_house_people_day_and_what_is_in_it() -> None:
    house = Organization(name="The Lantern Press")
    given_ = of(on("2026-11-20", "bells", article_section="Harbour", author=(Person(name="Ines Calloway"),)))
    found = entry(replace(given_, publisher=house, in_language="en", copyright_notice="© 2026"))
    assert [each.findtext(f"{ATOM}name") for each in found.iterfind(f"{ATOM}author")] == ["The Lantern Press"]
    assert [each.findtext(f"{ATOM}name") for each in found.iterfind(f"{ATOM}contributor")] == ["Ines Calloway"]
    assert [found.findtext(f"{DC}{name}") for name in ("issued", "language", "publisher")] == ["2026-11-20", "en", "The Lantern Press"]
    assert found.findtext(f"{ATOM}updated") == "2026-11-20T00:00:00Z"
    assert [each.get("term") for each in found.iterfind(f"{ATOM}category")] == ["Harbour"]
    assert (found.findtext(f"{ATOM}rights"), found.findtext(f"{ATOM}summary")) == ("© 2026", given_.articles[0].headline)


def test_the_book_for_kobo_comes_after_the_one_for_all() -> None:
    acquisitions = [
        (each.get("href"), each.get("title")) for each in entry(kepub=True).iterfind(f"{ATOM}link") if "acquisition" in each.get("rel")
    ]
    assert acquisitions == [("issues/the-lantern-2026-11.epub", "EPUB"), ("issues/the-lantern-2026-11.kepub.epub", "EPUB (Kobo)")]


def test_a_position_in_a_row_is_a_number() -> None:
    outputs = planned(NEWS, MONTH, Selection(select="day", since=date(2026, 11, 1)))
    assert outputs["catalogue.json"].make
    found = json.loads(outputs["catalogue.json"].make())
    assert [each["metadata"]["belongsTo"]["series"]["position"] for each in found["publications"]] == [2026.11, 20, 2026.1]


def test_the_front_page_leads_to_the_catalogue_and_no_other_page_says_so() -> None:
    outputs = planned(NEWS)
    page = build.render(outputs["index.html"]).body.decode()
    assert f'<link rel="related" href="{SITE}catalogue.xml" type="application/atom+xml;profile=opds-catalog"' in page
    assert f'<link rel="related" href="{SITE}catalogue.json" type="application/opds+json"' in page
    articles = [each for path, each in outputs.items() if path.startswith("articles/") and path.endswith(".html")]
    assert articles
    assert not any(b"catalogue." in build.render(each).body for each in articles)


# -- covers ---------------------------------------------------------------------------------------------------------------


def test_a_cover_is_that_of_the_book_as_jpeg_and_there_is_a_small_one() -> None:
    outputs = planned(of(article()))
    cover, small = (build.render(outputs[f"issues/the-lantern{end}.jpg"]).body for end in ("", "-small"))
    with zipfile.ZipFile(BytesIO(build.render(outputs["the-lantern.epub"]).body)) as book:
        (inside,) = (book.read(name) for name in book.namelist() if name.endswith((".jpg", ".png")))
    assert covers.as_jpeg(inside) == cover
    with Image.open(BytesIO(cover)) as image:
        assert (image.size, image.format) == ((1600, 2560), "JPEG")
    with Image.open(BytesIO(small)) as image:
        assert (image.size, image.format) == ((300, 480), "JPEG")
    assert len(small) < 60_000
    assert build.render(outputs["issues/the-lantern-small.jpg"]).body == small


def test_covers_go_with_issues_whatever_else_is_written() -> None:
    pictures = ["issues/the-lantern-2026-11-small.jpg", "issues/the-lantern-2026-11.jpg"]
    only = planned(NEWS, MONTH, only=("epub",), out=["issues/the-lantern-2026-10.epub"])
    assert [path for path in only if path.endswith(".jpg")] == pictures
    assert [path for path in planned(NEWS, only=("epub",)) if path.endswith(".jpg")] == []


# -- what is out ----------------------------------------------------------------------------------------------------------


def shelved(key: str, title: str, cover: bytes | None = None) -> Held:
    said = replace(listing.planned(NEWS, WEEK), identifier=f"urn:uuid:{key}", title=title, published=key)
    return Held(path=f"issues/the-lantern-{key}.epub", listing=said, cover=cover)


def test_what_is_out_is_listed_as_its_file_says() -> None:
    there = ["issues/the-lantern-2026-10-04.epub", "issues/the-lantern-2026-10-04.kepub.epub"]
    outputs = planned(NEWS, DAY, out=there, held=[shelved("2026-10-04", "As it was")])
    assert titles(outputs) == ["The Lantern, 20 November 2026", "As it was"]
    root = xml(outputs)
    assert [each.get("href") for each in root.iter(f"{ATOM}link") if (each.get("title") or "").endswith("(Kobo)")] == [f"{there[1]}"]
    assert not [path for path in outputs if "10-04" in path]


def test_an_issue_that_lies_there_under_a_former_name_too_is_listed_once() -> None:
    both = [replace(shelved("2026-10-04", "Former"), path="issues/a-lamp-2026-10-04.epub"), shelved("2026-10-04", "Own")]
    outputs = planned(NEWS, DAY, out=[each.path for each in both], held=both)
    assert titles(outputs) == ["The Lantern, 20 November 2026", "Own"]
    assert build.render(outputs["catalogue.xml"]).problems == ()
    made = replace(both[0], listing=listing.planned(replace(NEWS, articles=NEWS.articles[:1]), Edition(key="2026-11-20")))
    assert titles(planned(NEWS, DAY, out=[made.path], held=[made]))[0] == "The Lantern, 20 November 2026"
    assert len(titles(planned(NEWS, DAY, out=[made.path], held=[made]))) == 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_an_issue_that_lies_there_without_pictures_gets_them(kind: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (1600, 2560), "#1d4e6b").save(drawn, kind)
    held = [shelved("2026-10-04", "As it was", drawn.getvalue())]
    outputs = planned(NEWS, DAY, out=[held[0].path], held=held)
    for end, size in {"": (1600, 2560), "-small": (300, 480)}.items():
        body = build.render(outputs[f"issues/the-lantern-2026-10-04{end}.jpg"]).body
        with Image.open(BytesIO(body)) as image:
            assert (image.size, image.format) == (size, "JPEG")
        assert (body == drawn.getvalue()) == (kind == "JPEG" and not end)


@pytest.mark.parametrize(("start", "end"), [(b"\xff\xd8\xff", "-small"), (b"\x89PNG\r\n\x1a\n", "-small"), (b"\x89PNG\r\n\x1a\n", "")])
def test_a_damaged_cover_inside_an_issue_is_told_and_stops_nothing_else(start: bytes, end: str) -> None:
    held = [shelved("2026-10-04", "As it was", start)]
    outputs = planned(NEWS, DAY, out=[held[0].path], held=held)
    (found,) = build.render(outputs[f"issues/the-lantern-2026-10-04{end}.jpg"]).problems
    assert (found.code, found.message) == ("epub-cover-unusable", "the cover inside this issue cannot be read")


def test_covers_stay_as_long_as_their_issue() -> None:
    stays = issues.remaining(["issues/the-lantern-2026-10.epub"])
    kept = [
        "issues/the-lantern-2026-10.jpg",
        "issues/the-lantern-2026-10-small.jpg",
        "issues/the-lantern-2026-10.epub",
        "issues/other.epub",
    ]
    assert [path for path in (*kept, "issues/the-lantern-2026-09.jpg", "the-lantern.jpg") if stays(path)] == kept


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("the-lantern.epub", "all"),
        ("issues/the-lantern-2026-W47.epub", "week"),
        ("issues/the-lantern-2026-11.kepub.epub", "month"),
        ("issues/the-lantern-2026-11-20.epub", "day"),
        ("issues/the-lantern-2026-13.epub", "list"),
        ("issues/the-lantern-weekend-2026-11-20.epub", "newest"),
        ("issues/the-lantern-harbour.epub", "list"),
        ("issues/another.epub", "list"),
    ],
)
def test_the_kind_of_an_issue_is_in_its_name(path: str, kind: str) -> None:
    assert issues.kind(NEWS, path) == kind


def written(folder: Path, days: Sequence[str]) -> None:
    for path in folder.glob("*.md"):
        path.unlink()
    for day in days:
        (folder / f"{day}.md").write_text(f"---\ntitle: Of {day}\ndate: {day}\n---\nText.\n")


def test_pages_and_catalogue_are_the_same_whether_issues_are_made_again_or_lie_there(tmp_path: Path) -> None:
    issues_ = '[[issues]]\nselect = "month"\n[[issues]]\nselect = "all"\n[site]\nsize = 1\n'
    settings = f'[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\n[publisher]\nname = "The Press"\n{issues_}'
    (tmp_path / "publisher.toml").write_text(settings)
    written(tmp_path, ["2026-08-02", "2026-09-03", "2026-09-04", "2026-10-04", "2026-11-20"])

    def made(*more: str) -> dict[str, bytes]:
        assert cli.main(["build", str(tmp_path), "-o", str(tmp_path / "exports"), *more]) == 0
        names = ["issues.html", *(f"issues/{number}.html" for number in (1, 2, 3)), "catalogue.xml", "catalogue.json", "catalogue/1.xml"]
        return {name: (tmp_path / "exports" / name).read_bytes() for name in names}

    first = made("--issue", "all")
    assert b"Articles: 2" in b"".join(first.values())
    assert made() == first
    assert made() == first
    assert made("--issue", "all") == first
    written(tmp_path, ["2026-09-03", "2026-09-04", "2026-10-04", "2026-11-20"])
    gone = made()
    assert b"2026-08.epub" in gone["issues/1.html"]
    assert made("--issue", "all") == gone, "an issue whose articles are gone stays listed"


def test_an_issue_stays_in_the_catalogue_when_its_articles_are_gone(tmp_path: Path) -> None:
    settings = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\n[publisher]\nname = "The Press"\n[[issues]]\nselect = "month"\n'
    (tmp_path / "publisher.toml").write_text(settings)
    made, issue = tmp_path / "exports", "issues/the-lantern-2026-10.epub"
    command = ["build", str(tmp_path), "-o", str(made)]

    def listed() -> bytes:
        assert cli.main(command) == 0
        return (made / "catalogue.xml").read_bytes() + (made / "catalogue.json").read_bytes()

    written(tmp_path, ["2026-10-04", "2026-11-20"])
    first = listed()
    assert listed() == first, "built again from what lies there, it is the same"
    written(tmp_path, ["2026-11-20"])
    assert listed() == first
    assert (made / "issues/the-lantern-2026-10-small.jpg").exists()
    (made / "issues/the-lantern-2026-10.jpg").unlink()
    assert listed() == first
    assert (made / "issues/the-lantern-2026-10.jpg").exists(), "what is lost is taken from the book"
    (made / issue).unlink()
    assert issue.encode() not in listed(), "who deletes the file withdraws the issue"
    assert not list(made.glob("issues/*2026-10*"))

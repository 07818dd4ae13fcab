"""Chromium searches the seeds, over HTTP and from the disk, and chooses among the sizes of pictures."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from publisher import build, desk, planning
from publisher.article import Article, Publication
from publisher.files import Folder, place
from publisher.formats import writer
from publisher.newsstand import pictures as sized
from publisher.settings import Settings, read
from tests.judges import nu
from tests.judges.searching import pictures, search

pytestmark = pytest.mark.judges

SEEDS = Path(__file__).parents[2] / "seeds"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def publication() -> Publication:
    return desk.gather([str(SEEDS)])[0].publication


def built(publication: Publication, folder: Path, language: str = "en") -> Path:
    """Write the pages of the seeds, with a search."""
    toml = (SEEDS / "publisher.toml").read_text().replace('language = "en"', f'language = "{language}"')
    known: Settings = read(toml.encode())[0]
    find, kept = Folder(SEEDS, publication.url), desk.pictures_kept()
    developed = tuple(sized.developed(each, find, kept) for each in sized.shown(publication))
    outputs = planning.plan(publication, known, find, ("webpage",), developed=(developed, kept))
    written = {each.path: each.body for each in build.render_all(outputs)}
    media = {path: SEEDS / path for url in build.media_of(publication) if (path := find.path(url)) and path.startswith("media/")}
    place(folder, {**media, **written})
    return folder


@pytest.fixture(scope="module")
def exports(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(publication, tmp_path_factory.mktemp("exports"))


@pytest.fixture(scope="module")
def site(exports: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(exports))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def headlines(found: dict[str, Any]) -> list[str]:
    return [each["headline"] for each in found["results"]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of sixty articles, each of them about ferries."""
    return trips(tmp_path_factory.mktemp("many"), 60, 1)


@pytest.fixture(scope="module")
def decades(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose index has several periods."""
    return trips(tmp_path_factory.mktemp("decades"), 300, 20)


def trips(folder: Path, count: int, days: int) -> Path:
    """Write a site of articles about ferries, each some days after that before it."""
    known = read((SEEDS / "publisher.toml").read_bytes())[0]
    url = known.publication.url
    articles = (
        Article(
            identifier=str(number),
            headline=f"Trip {number}",
            description="Seventh of all" if number % 7 == 0 else None,
            url=f"{url}{number}.html",
            body="<p>The ferry sailed.</p>" + ("<p>It was foggy.</p>" if number % 90 == 5 else ""),
            date_published=date(2006, 1, 1) + timedelta(days * number),
        )
        for number in range(count)
    )
    publication = replace(known.publication, articles=tuple(articles))
    outputs = planning.plan(publication, known, lambda _: None, ("webpage",))
    place(folder, {each.path: each.body for each in build.render_all(outputs)})
    return folder


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("ferry", range(299, 289, -1)),
        ("seventh", range(294, 230, -7)),
        ("foggy", (275, 185, 95, 5)),
        ("fog sailed", (275, 185, 95, 5)),
        ("ferries seventh 140", (140,)),
        ("trip 275 foggy", (275,)),
    ],
)
def test_what_is_found_in_all_periods_comes_newest_first(decades: Path, question: str, expected: Sequence[int]) -> None:
    periods = {each.name.removeprefix("words-").rpartition("-")[0] for each in (decades / "search/parts").glob("words-*")}
    assert len(periods) >= 3
    found = search((decades / "search.html").as_uri(), question)
    assert headlines(found) == [f"Trip {number}" for number in expected]
    assert [each["url"].rpartition("/")[2] for each in found["results"]] == [f"{number}.html" for number in expected]


@pytest.mark.parametrize(
    ("question", "first", "count"), [("ferry", "Trip 59", 10), ("ferr", "Trip 59", 10), ("ferry 7", "Trip 7", 1), ("& .", None, 0)]
)
def test_a_word_that_is_everywhere_finds_the_newest(many: Path, question: str, first: str | None, count: int) -> None:
    found = search((many / "search.html").as_uri(), question)
    assert (headlines(found)[:1], len(found["results"])) == ([first] if first else [], count)
    assert bool(found["status"])


# -- search ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "first", "marked"),
    [
        ("lighthouse", "The lamp at Tarn Skerry turns again", "lighthouse"),
        ("tarn ske", "The lamp at Tarn Skerry turns again", "Tarn"),
        ("WHALE", "Humpback and calf stay third week in Ellery Sound", "whale"),
        ("calloway", "The lamp at Tarn Skerry turns again", "Calloway"),
        ("Leuchtturm", "Das Licht von Tarn Skerry dreht sich wieder", "Leuchtturm"),
        ("leuchtturme", "Das Licht von Tarn Skerry dreht sich wieder", None),
        ("النجوم", "أسماء النجوم على سطح قارب", "النجوم"),
        ("نجوم", "أسماء النجوم على سطح قارب", "النجوم"),
        ("اسماء", "أسماء النجوم على سطح قارب", "أسماء"),
        ("茶碗", "割れた茶碗に、金の川", "茶碗"),
        ("金継ぎ", "割れた茶碗に、金の川", None),
        ("обсерватория", "Остров над облаками", None),
    ],
)
def test_questions_in_every_language_find_their_article(site: str, question: str, first: str, marked: str | None) -> None:
    found = search(f"{site}search.html", question)
    assert first in headlines(found)[:2]
    assert found["errors"] == []
    marks = next(each["marks"] for each in found["results"] if each["headline"] == first)
    assert marked is None or marked in marks
    assert found["status"] == f"Articles found: {len(found['results'])}"


def test_a_result_says_section_day_and_standfirst(site: str) -> None:
    (found,) = search(f"{site}search.html", "humpback")["results"]
    assert found["url"].startswith(f"{site}")
    assert ["HARBOUR" in found["text"].upper(), "28 September 2026" in found["text"], "Ferries slow to six knots" in found["text"]] == [
        True
    ] * 3


def test_nothing_found_is_said(site: str) -> None:
    found = search(f"{site}search.html", "xyzzy")
    assert (found["results"], found["status"]) == ([], "Nothing found. Try fewer words, or only their beginnings.")


def test_nothing_is_asked_of_others_and_little_of_the_site(site: str) -> None:
    found = search(f"{site}search.html", "harbour bells")
    assert [each for each in found["asked"] if not each.startswith(site)] == []
    icon = f"{site}media/logo.png"  # a browser may ask for it again with each new address, and the search makes one (search.js)
    asked = [each for each in found["asked"] if each != icon]
    assert len(asked) == len(set(asked)), asked
    assert found["bytes"] - found["asked"].count(icon) * (SEEDS / "media/logo.png").stat().st_size < 100_000


def test_it_works_from_a_disk(exports: Path) -> None:
    found = search((exports / "search.html").as_uri(), "whale")
    assert headlines(found) == ["Humpback and calf stay third week in Ellery Sound"]
    assert found["errors"] == []


def test_a_question_in_the_address_is_answered(site: str) -> None:
    found = search(f"{site}search.html?q=whale", "")
    assert headlines(found) == ["Humpback and calf stay third week in Ellery Sound"]


def test_enter_keeps_the_question_in_the_address_and_the_keyboard_opens_the_first_result(site: str) -> None:
    found = search(f"{site}search.html", "humpback", enter=True, follow=True)
    assert found["where"] == f"{site}search.html?q=humpback"
    assert found["then"] == found["results"][0]["url"]


def test_without_script_the_page_says_how_to_search(site: str) -> None:
    found = search(f"{site}search.html", script=False)
    assert "Without one you find every article in the archive" in found["shown"]
    assert 'action="archive.html"' in found["html"]


def test_what_is_asked_is_never_markup(site: str) -> None:
    found = search(f"{site}search.html", "<img src=x onerror=alert(1)> whale")
    assert found["errors"] == []
    assert "onerror=" not in found["html"].replace("%", "")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_violation(site: str, width: int, *, dark: bool) -> None:
    assert search(f"{site}search.html", "star", width=width, dark=dark, axe=True)["violations"] == []


@pytest.mark.parametrize("language", ["ar", "ja"])
def test_the_page_of_another_language_finds_the_same(publication: Publication, exports: Path, tmp_path: Path, language: str) -> None:
    other = built(replace(publication, in_language=language), tmp_path / "exports", language)
    found = search((other / "search.html").as_uri(), "نجوم")
    assert headlines(found) == ["أسماء النجوم على سطح قارب"]
    assert found["status"] == {"ar": "عدد المقالات: 1", "ja": "見つかった記事：1件"}[language]
    assert nu.check([other / "search.html"]) == []


def test_nu_has_nothing_to_say_of_the_page(exports: Path) -> None:
    assert nu.check([exports / "search.html"]) == []


# -- pictures -------------------------------------------------------------------------------------------------------------


def lead(site: str, width: int, scale: float) -> str:
    (chosen, *_) = pictures(f"{site}index.html", width=width, scale=scale)["chosen"]
    return str(chosen["chosen"]).rpartition("/")[2]


def test_the_browser_takes_the_size_that_it_needs(site: str) -> None:
    names = [lead(site, width, scale) for width, scale in ((360, 1), (360, 2.6), (1280, 2))]
    assert [name.partition(".")[0].rpartition("-")[2] for name in names] == ["480", "960", "1600"]
    assert {name.rpartition(".")[2] for name in names} == {"avif"}


def test_every_picture_of_every_page_can_be_shown_and_is_not_blown_up(site: str, exports: Path) -> None:
    for page in sorted(exports.glob("articles/*.html")):
        found = pictures(f"{site}articles/{page.name}", width=1280)
        assert found["errors"] == [], page.name
        assert [each for each in found["chosen"] if not each["wide"]] == [], page.name


def test_a_page_as_the_browser_writes_it_reads_back_as_the_same_article(site: str, exports: Path) -> None:
    pages = [page for page in sorted(exports.glob("articles/*.html")) if b"<picture>" in page.read_bytes()]
    assert len(pages) >= 8
    for page in pages:
        saved = pictures(f"{site}articles/{page.name}", width=1280)["html"].encode()
        assert writer("webpage").read(saved).publication == writer("webpage").read(page.read_bytes()).publication, page.name


def test_nu_has_nothing_to_say_of_pages_with_pictures_in_sizes(exports: Path) -> None:
    assert nu.check([exports / "index.html", *sorted(exports.glob("articles/*.html"))]) == []

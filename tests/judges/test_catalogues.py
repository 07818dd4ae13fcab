"""People's readers subscribe to the catalogue over HTTP: each finds title, author, cover and book of every issue, and the book opens."""

from __future__ import annotations

import shutil
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import ebooklib.epub
import pytest
from PIL import Image

from publisher import cli, formats
from publisher.judges import epubcheck
from publisher.problems import Severity
from tests.judges import catalogues
from tests.judges.catalogues import FOLIATE, Shown
from tests.servers import Answer, Server, answer, serving

pytestmark = pytest.mark.judges

SEEDS = Path(__file__).parent.parent.parent / "seeds"
TYPES = {
    "xml": "application/atom+xml",
    "json": "application/opds+json",
    "jpg": "image/jpeg",
    "epub": "application/epub+zip",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript",
}
BOTH = ("catalogue.xml", "catalogue.json")


@dataclass(frozen=True)
class Stand:
    """A folder that was built and is served, not at the address that it was built for."""

    folder: Path
    server: Server

    def url(self, path: str) -> str:
        return self.server(f"/{path}", "127.0.0.1")

    def get(self, url: str) -> bytes:
        assert url.startswith(self.url("")), "a reader is led to another machine"
        with urllib.request.urlopen(url) as found:
            body: bytes = found.read()
        return body

    def serve(self, path: str, body: bytes) -> None:
        self.server.answers[f"/{path}"] = of_type(path, body)

    def serve_all(self) -> None:
        for path in sorted(self.folder.rglob("*.*")):
            if path.suffix[1:] in TYPES:
                self.serve(path.relative_to(self.folder).as_posix(), path.read_bytes())


def of_type(path: str, body: bytes) -> Answer:
    return answer(body, Content_Type=TYPES[path.rpartition(".")[2]])


def build(sources: Path, folder: Path, *options: str) -> None:
    assert cli.main(["build", str(sources), "-o", str(folder), *options]) == 0


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Serve the seeds, with books for Kobo, built twice: some issues are out then."""
    folder = tmp_path_factory.mktemp("exports")
    for _ in range(2):
        build(SEEDS, folder, "--kepub")
    with serving({}) as server:
        found = Stand(folder, server)
        found.serve_all()
        found.serve("opds.js", FOLIATE.read_bytes())
        found.serve("foliate.html", catalogues.foliate_page((folder / "catalogue.xml").read_bytes()))
        yield found


def readers(stand: Stand) -> Iterator[tuple[str, list[Shown]]]:
    """Yield what each reader shows of the root, by the name of the reader and of the document."""
    for path in BOTH:
        yield f"Thorium, {path}", catalogues.thorium(stand.url(path), stand.get)
        yield f"KOReader, {path}", [*catalogues.koreader(stand.url(path), stand.get).items]
    yield "Foliate", catalogues.foliate(stand.url("foliate.html"), stand.url("catalogue.xml"))
    yield "Palace", catalogues.palace(stand.get(stand.url("catalogue.json")), stand.url("catalogue.json"))


def test_every_reader_finds_title_author_cover_and_book_of_every_issue(stand: Stand) -> None:
    names = ("the-lantern-2026-10", "the-lantern-2026-09", "the-lantern-lights-and-bells", "the-lantern")
    titles = ("October 2026", "September 2026", "Lights and Bells", "4 October 2026")
    expected = [
        Shown(
            title=f"The Lantern, {title}",
            author="The Lantern Press",
            cover=stand.url(f"issues/{name}.jpg"),
            thumbnail=stand.url(f"issues/{name}-small.jpg"),
            acquisitions=tuple(stand.url(f"{'issues/' if number < 3 else ''}{name}{end}") for end in (".epub", ".kepub.epub")),
        )
        for number, (name, title) in enumerate(zip(names, titles, strict=True))
    ]
    for reader, shown in readers(stand):
        assert (reader, shown) == (reader, expected)


@pytest.mark.parametrize("path", BOTH)
def test_what_a_reader_loads_is_a_book_that_opens(stand: Stand, path: str, tmp_path: Path) -> None:
    shown = catalogues.thorium(stand.url(path), stand.get)
    assert shown
    for number, each in enumerate(shown):
        book = tmp_path / f"{number}.epub"
        book.write_bytes(stand.get(each.acquisitions[0]))
        assert ebooklib.epub.read_epub(str(book)).get_metadata("DC", "title")[0][0] == each.title
        assert formats.detect(book.read_bytes()).read(book.read_bytes()).publication.articles
        assert [found.code for found in epubcheck.check([book]) if found.severity > Severity.INFO] == []
        for url, width in ((each.cover, 1600), (each.thumbnail, 300)):
            with Image.open(BytesIO(stand.get(url))) as picture:
                assert (picture.format, picture.width) == ("JPEG", width)


@pytest.mark.parametrize("path", BOTH)
def test_koreader_offers_the_kinds_of_issues_and_each_leads_to_some(stand: Stand, path: str) -> None:
    facets = catalogues.koreader(stand.url(path), stand.get).facets
    assert [title for title, _ in facets] == ["All", "Monthly", "By topic"]
    found = [[each.title for each in catalogues.koreader(url, stand.get).items] for _, url in facets]
    assert [len(each) for each in found] == [4, 2, 1]
    assert catalogues.thorium(facets[1][1], stand.get) == [*catalogues.koreader(facets[1][1], stand.get).items]


@pytest.mark.parametrize("path", BOTH)
def test_koreader_synchronizes_a_new_issue_and_nothing_that_it_has(stand: Stand, path: str, tmp_path: Path) -> None:
    """What it has loaded first is its mark: so the newest issue is first, and what always stands there never is."""
    sources, folder = tmp_path / "seeds", tmp_path / "exports"
    (sources / "articles").mkdir(parents=True)
    shutil.copy(SEEDS / "publisher.toml", sources)
    settings = (sources / "publisher.toml").read_text(encoding="utf-8")
    (sources / "publisher.toml").write_text(
        settings.partition("[[issues]]")[0] + '[[issues]]\nselect = "all"\n[[issues]]\nselect = "day"\n', encoding="utf-8"
    )
    (sources / "media").symlink_to(SEEDS / "media")

    def after(*days: str) -> None:
        for day in days:
            (sources / f"{day}.md").write_text(f"---\ntitle: Of {day}\ndate: {day}\n---\nText.\n", encoding="utf-8")
        build(sources, folder)

    after("2026-11-20", "2026-11-21")
    here = Stand(folder, stand.server)
    kept = dict(stand.server.answers)
    try:
        here.serve_all()
        first = catalogues.synchronized(here.url(path), here.get)
        assert [each.title for each in first][:2] == ["The Lantern, 21 November 2026", "The Lantern, 20 November 2026"]
        assert catalogues.synchronized(here.url(path), here.get, first[0].acquisitions[0]) == []
        after("2026-11-22")
        here.serve_all()
        again = catalogues.synchronized(here.url(path), here.get, first[0].acquisitions[0])
        assert [each.title for each in again] == ["The Lantern, 22 November 2026"]
    finally:
        stand.server.answers.clear()
        stand.server.answers.update(kept)

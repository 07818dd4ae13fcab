"""`convert` and `import` as people use them: real files of several formats, in a real folder."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

from publisher import cli, compare, desk, exchange, formats, markup, schema
from publisher.article import Article, Image, Organization, Person, Publication
from publisher.formats import Context, Reading, atom, epub, newsarticle, rss, spelling
from publisher.problems import PublisherError
from tests import test_epub_foreign
from tests.test_cli import tree
from tests.test_exports import ROOT
from tests.test_fetching import PHOTOGRAPH

LAKE = Publication(
    identifier="https://lake.example/",
    name="The Lake",
    url="https://lake.example/",
    in_language="en",
    description="News from the lake.",
    articles=(
        Article(
            identifier="https://lake.example/?p=2",
            url="https://lake.example/2026/ice/",
            headline="The ice: a week early",
            body='<p>It is <em>thin</em>. See <a href="https://lake.example/2026/ferry/">the ferry</a>.</p>'
            '<figure><img alt="Ice" src="https://cdn.example/ice.jpg"/><figcaption>At dawn</figcaption></figure>',
            author=(Person(name="Ada Byron"),),
            article_section="Weather",
            keywords=("ice",),
            date_published=datetime(2026, 11, 3, 7, 30, tzinfo=UTC),
            in_language="en",
        ),
        Article(
            identifier="https://lake.example/?p=1",
            url="https://lake.example/2026/ferry/",
            headline="The ferry",
            body="<h2>Out</h2><p>It sailed.</p>",
            date_published=datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
            in_language="en",
        ),
    ),
)


class Answers(BaseHTTPRequestHandler):
    pages: dict[str, bytes]

    def do_GET(self) -> None:
        self.send_response(200 if self.path in self.pages else 404)
        self.end_headers()
        self.wfile.write(self.pages.get(self.path, b"nothing"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    """A site with a feed and a picture."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    Answers.pages = {"/feed": rss.write(LAKE), "/ice.jpg": PHOTOGRAPH}
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


@pytest.fixture(autouse=True)
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a feed, in which the commands are given."""
    (tmp_path / "feed.xml").write_bytes(rss.write(LAKE))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def seen(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Return the exit code of a command, and all that it says."""
    capsys.readouterr()
    code = cli.main(arguments)
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    assert "defect" not in err
    return code, out + err


def read(path: str) -> Publication:
    return desk.read(path).publication


# -- convert ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["issue.epub", "feed.json", "feed.atom", "copy.rss", "all.json"])
def test_a_feed_becomes_any_other_format_with_all_that_it_has(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "feed.xml", name)
    assert code == 0
    assert "convert-loss" not in said
    assert "2 articles, 1 file (1 changed), 0 errors, 0 warnings in" in said
    assert list(compare.between(read("feed.xml"), read(name))) == []


def test_each_loss_is_named_with_its_field_and_how_many_articles_lose_it(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "feed.xml", "articles/", "--to", "newsarticle")
    assert code == 0
    assert "articles/: warning convert-loss: 2 articles keep `body` only in part" in said
    assert sorted(tree(Path("articles"))) == ["ferry.jsonld", "ice.jsonld"]
    assert read("articles/ice.jsonld").articles[0].headline == "The ice: a week early"


def test_a_loss_counts_as_an_error_when_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "feed.xml", "articles/", "--to", "newsarticle", "--strict")
    assert code == 1
    assert said.rstrip().endswith("0 errors, 1 warning: nothing was written")
    assert not Path("articles").exists()


@pytest.mark.parametrize("name", ["one.jsonld", "one.html", "one.md"])
def test_several_articles_do_not_fit_into_a_file_of_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "feed.xml", name)
    assert code == 1
    assert "error not-one-article:" in said
    assert "name a folder, such as articles/" in said
    assert not Path(name).exists()


def test_what_is_there_is_replaced_by_force_only(capsys: pytest.CaptureFixture[str]) -> None:
    Path("feed.atom").write_text("mine")
    code, said = seen(capsys, "convert", "feed.xml", "feed.atom")
    assert code == 1
    assert "feed.atom: error file-exists: this file is there already, and is another" in said
    assert Path("feed.atom").read_text() == "mine"
    assert seen(capsys, "convert", "feed.xml", "feed.atom", "--force")[0] == 0
    assert len(read("feed.atom").articles) == 2
    assert "(0 changed)" in seen(capsys, "convert", "feed.xml", "feed.atom")[1]


def test_what_was_read_is_never_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("feed.xml").read_bytes()
    code, said = seen(capsys, "convert", "feed.xml", "./feed.xml", "--to", "atom", "--force")
    assert (code, Path("feed.xml").read_bytes()) == (1, before)
    assert "error file-is-input" in said


def test_standard_input_and_output_are_files_too(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(rss.write(LAKE))))
    assert cli.main(["convert", "-", "-", "--from", "rss", "--to", "atom"]) == 0
    out, _ = capfdbinary.readouterr()
    assert len(atom.read(out).publication.articles) == 2


@pytest.mark.parametrize(
    ("arguments", "says", "ends"),
    [
        (["feed.xml", "-"], "error no-format: standard output has no name", 2),
        (["feed.xml", "feed.foo"], "error unknown-ending: no format has the ending '.foo'", 2),
        (["nothing.xml", "feed.atom"], "nothing.xml: error file-unreadable", 2),
        (["feed.xml", "feed.atom", "--from", "jsonfeed"], "feed.xml:1: error json-malformed", 1),
        (["empty", "feed.atom"], "empty: error no-sources", 1),
        (["feed.xml", "taken"], "error unknown-ending", 2),
        (["feed.xml", "taken.epub"], "", 0),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    arguments: list[str], says: str, ends: int, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("empty").mkdir()
    before = tree(Path())
    code, said = seen(capsys, "convert", *arguments)
    assert says in said
    assert code == ends
    assert not says or tree(Path()) == before


def test_problems_as_json_do_not_go_between_the_bytes_of_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert seen(capsys, "convert", "feed.xml", "-", "--to", "atom", "--json")[0] == 2


@pytest.mark.parametrize("option", [["--to", "clipping"], ["--to", "nonsense"], ["--from", "nonsense"]])
def test_a_format_that_there_is_not_is_wrong_usage(option: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["convert", "feed.xml", "x", *option])
    assert stopped.value.code == 2


def test_pictures_beside_sources_come_along_and_pages_find_them(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "seeds", "seeds")
    code, said = seen(capsys, "convert", "seeds/bells.md", "out/bells.html")
    assert code == 0
    assert "media-beside" not in said
    assert 'src="media/bells.jpg"' in Path("out/bells.html").read_text("utf-8")
    assert Path("out/media/bells.jpg").read_bytes() == Path("seeds/media/bells.jpg").read_bytes()
    code, said = seen(capsys, "convert", "seeds/bells.md", "feeds/bells.atom")
    assert "were put beside, and named as if at https://lantern.example/" in said


def test_media_that_a_build_has_put_beside_come_along_and_nothing_else_does(capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "exports", "exports")
    assert seen(capsys, "import", "exports/feed.rss", "-o", "again")[0] == 0
    built = {path: body for path, body in tree(Path("exports")).items() if path.startswith("media/")}
    assert {path: body for path, body in tree(Path("again")).items() if path.startswith("media/")}.items() <= built.items()
    first, second = desk.read("exports/feed.rss").publication, desk.gather(["again"])[0].publication
    assert list(compare.between(first, second)) == []
    shutil.copy("exports/media/bells.jpg", "secret.jpg")
    Path("feed.xml").write_bytes(
        rss.write(schema.with_articles(LAKE, [replace(LAKE.articles[0], image=(Image(content_url="https://lake.example/secret.jpg"),))]))
    )
    seen(capsys, "import", "feed.xml")
    assert not Path("seeds/media").exists()


LINKED = {
    "publisher.toml": '[publication]\nname = "Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n',
    "lamp.md": "---\ntitle: Lamp\ndate: 2026-05-01\n---\nIt is lit, and [the bells](bells.md) ring.\n",
    "bells.md": "---\ntitle: Bells\ndate: 2026-05-02\n---\nSee the [lamp](lamp.md#top), the [tide table](media/tides.pdf), [all of"
    " them](papers/all.csv), [the feed](/feed.rss), [the book](/lantern.epub), [the front](/index.html), [the sheet](/style.css),"
    " [the script](/site.js).\n",
    "media/tides.pdf": "%PDF-1.4\nLow at six.\n",
    "papers/all.csv": "hour,height\n",
}
"""Two articles that link to each other, to files of the user's, and to what a build makes."""


def linked(capsys: pytest.CaptureFixture[str], out: str = "site") -> None:
    """Build them."""
    for path, text in LINKED.items():
        (place := Path("mine") / path).parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    assert seen(capsys, "build", "mine", "-o", out)[0] == 0


@pytest.mark.parametrize("command", [("import", "-o", "again"), ("convert", "again/")])
@pytest.mark.parametrize("given", ["feed.atom", "feed.rss", "feed.json", "lantern.epub", "articles/bells.html"])
def test_what_a_build_has_made_is_no_medium_and_links_to_it_stay(
    given: str, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    linked(capsys)
    name, *rest = command
    assert seen(capsys, name, f"site/{given}", *rest)[0] == 0
    assert {path: body for path, body in tree(Path("again")).items() if path.startswith("media/")} == {
        "media/tides.pdf": LINKED["media/tides.pdf"].encode(),
        "media/all.csv": LINKED["papers/all.csv"].encode(),
    }
    code, said = seen(capsys, "build", "again", "-o", "new")
    assert (code, "0 errors, 0 warnings" in said) == (0, True)
    page = Path("new/articles/bells.html").read_text("utf-8")
    assert '<a href="lamp.html#top">lamp</a>' in page
    assert '<a href="../media/tides.pdf">tide table</a>' in page
    others = ("feed.rss", "lantern.epub", "index.html", "style.css", "site.js")
    assert [path for path in others if f'<a href="../{path}">' not in page] == []


@pytest.mark.parametrize("given", ["site/feed.atom", "mine"])
def test_pages_and_feeds_link_to_articles_as_before(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    linked(capsys, "site" if given != "mine" else given)
    assert seen(capsys, "convert", given, "pages/", "--to", "webpage")[0] == 0
    names = {path for path in tree(Path("pages")) if not path.endswith((".css", ".js"))}
    assert names == {"bells.html", "lamp.html", "media/all.csv", "media/tides.pdf"}
    assert 'href="media/bells.html"' not in Path("pages/lamp.html").read_text("utf-8")
    seen(capsys, "convert", given, "one.rss")
    assert "https://lantern.example/articles/lamp.html#top" in read("one.rss").articles[0].body


def test_one_article_becomes_a_source_of_the_folder_that_it_is_put_into(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.jsonld").write_bytes(newsarticle.write(schema.with_articles(LAKE, LAKE.articles[:1])))
    Path("seeds/weather").mkdir(parents=True)
    Path("seeds/publisher.toml").write_text(
        '[publication]\nname = "The Lake"\nurl = "https://lake.example/"\nlanguage = "en"\nsince = "2026"\n'
    )
    code, _ = seen(capsys, "convert", "one.jsonld", "seeds/weather/ice.md")
    assert code == 0
    text = Path("seeds/weather/ice.md").read_text("utf-8")
    assert 'title: "The ice: a week early"' in text
    assert "url: /2026/ice/" in text
    assert "lang:" not in text
    assert read("seeds/weather/ice.md").articles[0].url == "https://lake.example/2026/ice/"
    code, said = seen(capsys, "convert", "one.jsonld", "ice.md")
    assert "what is said of 'The Lake' itself is lost, since it would stand in publisher.toml" in said


def test_several_inputs_become_one_and_the_newest_version_of_an_article_counts(capsys: pytest.CaptureFixture[str]) -> None:
    newer = replace(LAKE.articles[0], headline="The ice is here", date_modified=datetime(2026, 11, 9, tzinfo=UTC))
    Path("new.json").write_bytes(spelling.write(schema.with_articles(LAKE, [newer])))
    Path("notes").mkdir()
    Path("notes/shore.md").write_text("---\ntitle: The shore\ndate: 2026-11-02\n---\nSand.\n")
    Path("notes/photo.jpg").write_bytes(PHOTOGRAPH)
    Path("notes/data.bin").write_bytes(b"\0\1\2")
    code, said = seen(capsys, "convert", "new.json", "feed.xml", "notes", "all.json")
    assert code == 0
    assert "info article-twice: 1 article was there more than once; the newest was taken, as of 'The ice is here'" in said
    found = read("all.json")
    assert sorted(each.headline for each in found.articles) == ["The ferry", "The ice is here", "The shore"]
    assert found.name == "The Lake"


def test_articles_of_several_publications_go_into_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    other = replace(LAKE, name="The Hill", url="https://hill.example/", articles=(replace(LAKE.articles[0], identifier="hill"),))
    Path("hill.json").write_bytes(spelling.write(other))
    _, said = seen(capsys, "convert", "feed.xml", "hill.json", "all.json")
    assert "info publications-merged: the articles appeared in 2 publications; what is written says 'The Lake'" in said
    assert read("all.json").name == "The Lake"


def test_two_pictures_at_one_address_are_not_mixed_up(capsys: pytest.CaptureFixture[str]) -> None:
    for name, picture in (("one", PHOTOGRAPH), ("two", PHOTOGRAPH[:-9])):
        Path(name, "media").mkdir(parents=True)
        Path(name, "media/a.jpg").write_bytes(picture)
        Path(name, f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-01-01\n---\n![x](media/a.jpg)\n")
    code, said = seen(capsys, "convert", "one", "two", "all.epub")
    assert code == 1
    assert "error media-twice: two files have different media at 'https://example.org/media/a.jpg'" in said
    assert not Path("all.epub").exists()


def test_texts_of_a_folder_without_settings_are_tied_together(capsys: pytest.CaptureFixture[str]) -> None:
    Path("notes/old/media").mkdir(parents=True)
    Path("notes/old/media/a.jpg").write_bytes(PHOTOGRAPH)
    Path("notes/old/one.md").write_text("---\ntitle: One\ndate: 2026-01-01\n---\n![](media/a.jpg) and [two](../two.md)\n")
    Path("notes/two.md").write_text("---\ntitle: Two\ndate: 2026-01-02\n---\nTwo.\n")
    Path("notes/feed.xml").write_bytes(rss.write(LAKE))
    code, said = seen(capsys, "convert", "notes", "all.json")
    assert code == 0
    one = next(each for each in read("all.json").articles if each.headline == "One")
    assert one.body.endswith('and <a href="https://example.org/articles/two.html">two</a></p>')
    assert len(read("all.json").articles) == 4
    assert "source-media-missing" not in said


HOSTILE = [
    b"",
    b"\0" * 99,
    b"PK\x03\x04" + b"\xff" * 60,
    b"<rss><channel>" * 999,
    b"{" * 9999,
    b"---\n- x",
    b"\xff\xfe<",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_no_bytes_bring_it_down(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.bin").write_bytes(body)
    for form in ("rss", "epub", "markdown", "clipping", "jsonfeed", "newsarticle", "webpage"):
        for command in (
            ["convert", "x.bin", "out.json", "--from", form, "--force"],
            ["import", "x.bin", "-o", f"of-{form}", "--from", form],
        ):
            code, said = seen(capsys, *command)
            assert code in (0, 1)
            assert said


def test_a_name_says_its_format() -> None:
    names = {
        "a.MD": "markdown",
        "a.xml": "rss",
        "feed.json": "jsonfeed",
        "x/a.json": "spelling",
        "a.jsonld": "newsarticle",
        "a.htm": "webpage",
    }
    assert {name: exchange.format_of(name) for name in names} == names
    with pytest.raises(PublisherError, match="no format has the ending ''"):
        exchange.format_of("seeds")


# -- what readers give beside articles -------------------------------------------------------------------------------------


def parcel(body: bytes, context: Context = Context()) -> Reading:
    """Read a format made up here, which is no text: articles with drafts and pictures inside, as exports and documents have them."""
    found = json.loads(body.removeprefix(b"PARCEL").lstrip(b"\0"))
    base = context.address("/media/")
    articles = tuple(
        Article(
            identifier=each,
            headline=each.title(),
            body=f'<p><img alt="" src="{base}dot.png"/> {each}</p>',
            image=(Image(content_url=f"{base}dot.png"),),
        )
        for each in found["articles"]
    )
    publication = schema.with_articles(context.publication or LAKE, articles)
    inside = {f"{base}dot.png": base64.b64decode(found["picture"])}
    return Reading(publication=publication, drafts=frozenset(found["drafts"]), media=inside.get)


def is_parcel(body: bytes, path: str) -> bool:
    return body.startswith(b"PARCEL")


@pytest.fixture
def parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format with media inside, registered as all others are."""
    module = SimpleNamespace(NAME="parcel", TITLE="Parcel", SPEC="", MEDIA_TYPE="", recognizes=is_parcel, read=parcel)
    monkeypatch.setitem(sys.modules, "publisher.formats.parcel", module)
    monkeypatch.setattr(formats, "FORMATS", ("parcel", *formats.FORMATS))
    pack = {
        "articles": ["one", "two"],
        "drafts": ["two"],
        "picture": base64.b64encode((ROOT / "seeds/media/logo.png").read_bytes()).decode(),
    }
    Path("a.parcel").write_bytes(b"PARCEL" + bytes(2000) + json.dumps(pack).encode())


@pytest.mark.usefixtures("parcels")
def test_pictures_inside_a_file_go_into_books_and_beside_sources(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "a.parcel", "a.epub")
    assert code == 0
    assert "info source-drafts: 1 of 2 articles are drafts: left out" in said
    assert "not at hand" not in said
    assert len(read("a.epub").articles) == 1
    assert len(Path("a.epub").read_bytes()) > len((ROOT / "seeds/media/logo.png").read_bytes()) // 2
    code, said = seen(capsys, "import", "a.parcel", "-o", "seeds")
    assert code == 0
    assert sorted(tree(Path("seeds"))) == [".publisher-import", "media/dot.png", "one.md", "publisher.toml", "two.md"]
    assert "draft: true" in Path("seeds/two.md").read_text()
    assert "draft" not in Path("seeds/one.md").read_text()
    assert "![](media/dot.png)" not in Path("seeds/one.md").read_text().split("---")[1]
    (one,) = desk.gather(["seeds"])[0].publication.articles
    assert one.image[0].width == 512


@pytest.mark.usefixtures("parcels")
def test_a_picture_that_somebody_has_changed_stays_and_its_bytes_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "a.parcel")
    Path("seeds/media/dot.png").write_bytes(PHOTOGRAPH)
    pack = Path("a.parcel").read_bytes()
    Path("a.parcel").write_bytes(pack[: pack.rindex(b'"picture"')] + b'"picture": "' + base64.b64encode(PHOTOGRAPH[:-5]) + b'"}')
    code, said = seen(capsys, "import", "a.parcel")
    assert code == 0
    assert "seeds/media/dot.png: warning import-edited" in said
    assert "(yours)" not in said
    assert Path("seeds/media/dot.png").read_bytes() == PHOTOGRAPH


@pytest.mark.usefixtures("parcels")
def test_a_build_publishes_pictures_that_are_inside_sources(capsys: pytest.CaptureFixture[str]) -> None:
    Path("home").mkdir()
    shutil.move("a.parcel", "home/a.md")
    Path("home/publisher.toml").write_text('[publication]\nurl = "https://lake.example/"\nname = "L"\n')
    code, _ = seen(capsys, "build", "home", "-o", "out", "--drafts")
    assert code == 0
    assert Path("out/media/dot.png").read_bytes() == (ROOT / "seeds/media/logo.png").read_bytes()
    assert desk.gather(["home"], drafts=True)[0].drafts == {"two"}
    assert [each.identifier for each in desk.gather(["home"])[0].publication.articles] == ["one"]


# -- import ----------------------------------------------------------------------------------------------------------------


def test_seeds_imported_are_the_same_publication(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "import", str(ROOT / "seeds"), "-o", "again")
    assert code == 0
    assert "convert-loss" not in said
    first, second = (desk.gather([folder], drafts=True)[0].publication for folder in (str(ROOT / "seeds"), "again"))
    assert list(compare.between(first, second)) == []
    texts = [path.read_text("utf-8").partition("\n---\n")[2] for path in Path("again").glob("*.md")]
    written = sum(map(len, texts))
    as_html = sum(
        len(each) for text in texts for each in text.split("\n\n") if re.match(r"<(?:figure|p|table|dl|div|blockquote|ul|ol)\b", each)
    )
    assert as_html / written < 0.12


def test_a_feed_becomes_sources_that_people_go_on_with(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "import", "feed.xml")
    assert code == 0
    assert "2 articles, 3 files (3 changed), 0 errors, 0 warnings in" in said
    assert Path("seeds/ice.md").read_text("utf-8") == (
        '---\nid: https://lake.example/?p=2\ntitle: "The ice: a week early"\ndate: 2026-11-03T07:30:00+00:00\nauthor: Ada Byron\n'
        "section: Weather\ntags: [ice]\nurl: /2026/ice/\n---\n\n"
        "It is *thin*. See [the ferry](https://lake.example/2026/ferry/).\n\n"
        '![Ice](https://cdn.example/ice.jpg "At dawn")\n'
    )
    assert Path("seeds/publisher.toml").read_text("utf-8") == (
        '[publication]\nname = "The Lake"\nurl = "https://lake.example/"\ndescription = "News from the lake."\nlanguage = "en"\n'
        'since = "2026"\nsections = ["Weather"]\n'
    )
    assert seen(capsys, "build", "seeds", "-o", "out")[0] == 0
    assert [each.identifier for each in read("out/feed.rss").articles] == [each.identifier for each in LAKE.articles]


def test_importing_again_updates_what_has_changed_and_leaves_the_rest(desktop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    assert "(0 changed)" in seen(capsys, "import", "feed.xml")[1]
    changed = replace(LAKE.articles[1], headline="The ferry is late", url="https://lake.example/2026/late/")
    Path("feed.xml").write_bytes(rss.write(schema.with_articles(LAKE, (LAKE.articles[0], changed))))
    assert "(1 changed)" in seen(capsys, "import", "feed.xml")[1]
    assert "title: The ferry is late" in Path("seeds/ferry.md").read_text()
    assert not Path("seeds/late.md").exists()
    assert sorted(each.name for each in Path("seeds").iterdir()) == [".publisher-import", "ferry.md", "ice.md", "publisher.toml"]


def test_a_file_that_somebody_has_edited_stays_and_the_difference_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    mine = Path("seeds/ferry.md").read_text().replace("It sailed.", "It sailed at noon.")
    Path("seeds/ferry.md").write_text(mine)
    code, said = seen(capsys, "import", "feed.xml")
    assert (code, "import-edited" in said) == (0, False), "nothing new has come"
    changed = (replace(LAKE.articles[0], body="<p>Gone.</p>"), replace(LAKE.articles[1], body="<h2>Out</h2><p>It sailed at ten.</p>"))
    Path("feed.xml").write_bytes(rss.write(schema.with_articles(LAKE, changed)))
    code, said = seen(capsys, "import", "feed.xml")
    assert code == 0
    assert "seeds/ferry.md: warning import-edited: this was edited since it was imported" in said
    assert "--- seeds/ferry.md (yours)\n+++ seeds/ferry.md (imported)\n" in said
    assert "-It sailed at noon.\n+It sailed at ten.\n" in said
    assert "(1 changed, 1 left as edited)" in said
    assert Path("seeds/ferry.md").read_text() == mine
    assert "Gone." in Path("seeds/ice.md").read_text()
    assert seen(capsys, "import", "feed.xml", "--strict")[0] == 1
    assert "import-edited" not in seen(capsys, "import", "feed.xml", "--force")[1]
    assert "It sailed at ten." in Path("seeds/ferry.md").read_text()
    assert "(0 changed)" in seen(capsys, "import", "feed.xml")[1]


def test_a_file_that_was_taken_away_stays_away(capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    Path("seeds/ferry.md").unlink()
    code, said = seen(capsys, "import", "feed.xml")
    assert "seeds/ferry.md: info import-taken-away" in said
    assert (code, Path("seeds/ferry.md").exists()) == (0, False)
    seen(capsys, "import", "feed.xml", "--force")
    assert Path("seeds/ferry.md").exists()


def test_files_that_no_import_has_written_are_never_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    Path("seeds").mkdir()
    Path("seeds/ferry.md").write_text("---\ntitle: Another ferry\n---\nMine.\n")
    Path("seeds/ice.md").write_text("---\ntitle: Ice\nid: https://lake.example/?p=2\n---\nMine.\n")
    Path("seeds/publisher.toml").write_text('[publication]\nname = "Mine"\nurl = "https://mine.example/"\n')
    code, said = seen(capsys, "import", "feed.xml")
    assert code == 0
    assert "seeds/ice.md: warning import-edited: there is a file that no import has written" in said
    assert Path("seeds/ferry.md").read_text() == "---\ntitle: Another ferry\n---\nMine.\n"
    assert [each.name for each in Path("seeds").glob("ferry-*.md")] == ["ferry-a3a8a5c4.md"] or len(
        list(Path("seeds").glob("ferry-*.md"))
    ) == 1
    assert 'name = "Mine"' in Path("seeds/publisher.toml").read_text()


def test_two_articles_of_one_slug_get_two_files_that_keep_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    twin = replace(
        LAKE.articles[1], identifier="twin", url="https://lake.example/2025/ferry/", date_published=datetime(2025, 1, 1, tzinfo=UTC)
    )
    Path("feed.xml").write_bytes(rss.write(schema.with_articles(LAKE, (*LAKE.articles, twin))))
    seen(capsys, "import", "feed.xml")
    names = sorted(each.name for each in Path("seeds").glob("ferry*.md"))
    assert len(names) == 2
    Path("feed.xml").write_bytes(rss.write(LAKE))
    seen(capsys, "import", "feed.xml")
    assert sorted(each.name for each in Path("seeds").glob("ferry*.md")) == names


def test_pictures_of_the_web_come_along_when_asked_for(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = replace(
        LAKE.articles[0],
        body=f'<p><img alt="Ice" height="60" src="{server}/ice.jpg" width="90"/></p>',
        image=(Image(content_url=f"{server}/gone.jpg"),),
    )
    Answers.pages["/feed"] = rss.write(schema.with_articles(LAKE, (here,)))
    code, said = seen(capsys, "import", f"{server}/feed", "--fetch", "--allow-private")
    assert code == 0
    assert "/gone.jpg: warning fetch-" in said
    assert Path("seeds/media/ice.jpg").read_bytes() == PHOTOGRAPH
    text = Path("seeds/ice.md").read_text()
    assert "![Ice](media/ice.jpg)" in text
    assert f"src: {server}/gone.jpg" in text
    del Answers.pages["/ice.jpg"]
    code, said = seen(capsys, "import", f"{server}/feed", "--fetch", "--allow-private")
    assert "(0 changed)" in said
    code, said = seen(capsys, "convert", f"{server}/feed", "x.atom", "--fetch", "--allow-private")
    assert "info fetch-unused" in said


def test_one_address_that_fails_does_not_stop_an_import(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "import", f"{server}/nothing", f"{server}/feed", "--allow-private")
    assert code == 1
    assert "/nothing: error" in said
    assert Path("seeds/ice.md").exists()


def test_one_address_that_fails_does_not_stop_a_conversion(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", f"{server}/nothing", f"{server}/feed", "all.atom", "--allow-private")
    assert code == 1
    assert "/nothing: error" in said
    assert len(read("all.atom").articles) == 2


def test_a_feed_is_followed_and_its_summaries_become_texts_when_that_is_wanted(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = "The keeper climbs the stair at dusk and lights the lamp, and the harbour knows that it is evening. " * 12
    feed = '<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>T</title><link>{0}</link>{1}<item><guid isPermaLink="false">tag:herald.example,2026:{2}</guid>'
    feed += "<title>Cod {2}</title><link>{0}/cod/{2}</link><description>Short.</description></item></channel></rss>"
    page = f"<!doctype html><html lang='en'><head><title>Cod</title></head><body><article><h1>Cod</h1><p>{text}</p></article></body></html>"
    Answers.pages = {
        "/feed": feed.format(server, f'<a:link rel="next" href="{server}/old"/>', 2).encode(),
        "/old": feed.format(server, "", 1).encode(),
        "/cod/1": page.encode(),
        "/cod/2": page.encode(),
    }
    code, said = seen(capsys, "convert", f"{server}/feed", "all.atom", "--follow", "--full-text", "--allow-private", "--no-cache")
    assert code == 0, said
    found = read("all.atom").articles
    assert {each.headline for each in found} == {"Cod 1", "Cod 2"}
    assert all("lights the lamp" in each.body for each in found)


def test_what_a_file_appeared_in_is_what_it_says_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has said here what the articles appear in: what would be assumed is less."""
    letter = "From: The Lantern <news@lantern.example>\nSubject: Hello\nContent-Type: text/plain\n\nThe lamp turns again tonight."
    Path("letter.eml").write_text(letter)
    assert seen(capsys, "convert", "letter.eml", "letter.json")[0] == 0
    assert (read("letter.json").name, read("letter.json").url) == ("The Lantern", "https://lantern.example/")
    metadata = "<dc:publisher>Acme Press</dc:publisher>"
    Path("foreign.epub").write_bytes(test_epub_foreign.book({"a": f"<h1>One</h1>{test_epub_foreign.TEXT}"}, metadata=metadata))
    assert seen(capsys, "convert", "foreign.epub", "foreign.json")[0] == 0
    found = read("foreign.json")
    assert found.publisher
    assert (found.name, found.publisher.name) == ("Ferries", "Acme Press")


def test_pictures_at_the_publications_own_address_stay_there_and_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    pictures = tuple(
        Image(content_url=f"https://lake.example/{each}", width=9, height=8) for each in ("uploads/ice.jpg?a=1&b=2", "media/ice.jpg")
    )
    body = (
        '<p><img alt="" src="https://lake.example/media/ice.jpg" width="9" height="8"/> <a href="https://lake.example/ice.pdf">all</a></p>'
    )
    own = replace(LAKE.articles[0], image=pictures, body=markup.clean(body))
    Path("feed.xml").write_bytes(rss.write(schema.with_articles(LAKE, (own,))))
    _, said = seen(capsys, "import", "feed.xml")
    assert "seeds: warning import-media-elsewhere: 2 pictures or recordings below https://lake.example/ did not come along" in said
    found = desk.gather(["seeds"])[0]
    assert {each.code for each in found.problems if each.code.startswith("source-")} == {"source-media-elsewhere", "source-link-elsewhere"}
    assert found.publication.articles[0].image == pictures
    assert found.publication.articles[0].body == own.body


def test_articles_keep_the_publisher_of_the_sources_and_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("feed.xml").write_bytes(
        spelling.write(schema.with_articles(LAKE, (replace(LAKE.articles[0], publisher=Person(name="Somebody")),)))
    )
    Path("seeds").mkdir()
    Path("seeds/publisher.toml").write_text('[publication]\nname = "Mine"\nurl = "https://mine.example/"\n')
    _, said = seen(capsys, "import", "feed.xml")
    assert "seeds: warning convert-loss: 1 article keeps `publisher` only in part" in said


def test_a_damaged_ledger_is_told_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    for damaged in (b"{", b"[]", b'{"articles": {"a": 1}, "media": {}}', b"\xff\xfe\x00", b'{"articles": []}'):
        Path("seeds/.publisher-import").write_bytes(damaged)
        code, said = seen(capsys, "import", "feed.xml", "--force")
        assert code == 1
        assert "error import-ledger-damaged" in said


def test_a_ledger_cannot_lead_out_of_the_folder(capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    Path("mine.md").write_text("mine")
    ledger = json.loads(Path("seeds/.publisher-import").read_text())
    ledger["articles"]["https://lake.example/?p=1"] = ["../mine.md", "0" * 64]
    Path("seeds/.publisher-import").write_text(json.dumps(ledger))
    code, said = seen(capsys, "import", "feed.xml", "--force")
    assert (code, Path("mine.md").read_text()) == (1, "mine")
    assert "error file-outside" in said


def test_a_folder_as_output_gets_sources(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = seen(capsys, "convert", "feed.xml", "seeds/")
    assert code == 0
    assert "(3 changed)" in said
    assert Path("seeds/publisher.toml").exists()


def test_a_book_of_ours_comes_back_as_sources(capsys: pytest.CaptureFixture[str]) -> None:
    Path("lake.epub").write_bytes(epub.write(LAKE))
    assert seen(capsys, "import", "lake.epub")[0] == 0
    found = desk.gather(["seeds"])[0].publication
    assert [each.body for each in found.articles] == [each.body for each in LAKE.articles]


def test_nothing_is_written_when_a_file_cannot_be(capsys: pytest.CaptureFixture[str]) -> None:
    Path("seeds/ferry.md").mkdir(parents=True)
    (Path("seeds/ferry.md") / "keep").write_text("mine")
    code, said = seen(capsys, "import", "feed.xml")
    assert code == 1
    assert "error file-unwritable" in said
    assert os.listdir("seeds") == ["ferry.md"]


@pytest.mark.parametrize("given", ["seeds", "seeds/ice.md", "./seeds/../seeds"])
def test_sources_are_not_imported_into_their_own_folder(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    seen(capsys, "import", "feed.xml")
    before = tree(Path("seeds"))
    code, said = seen(capsys, "import", given)
    assert (code, tree(Path("seeds"))) == (1, before)
    assert "error import-into-itself" in said


def test_a_logo_that_did_not_come_along_is_in_what_is_built_of_the_sources(capsys: pytest.CaptureFixture[str]) -> None:
    logo = Image(content_url=f"{LAKE.url}media/logo.png", description="A lantern")
    house = Organization(name="The Lake Press", url="https://press.example/", logo=logo)
    Path("lake.json").write_bytes(spelling.write(replace(LAKE, publisher=house, image=logo)))
    assert seen(capsys, "import", "lake.json", "-o", "sources")[0] == 0
    code, said = seen(capsys, "build", "sources", "-o", "site", "--only", "atom")
    assert (code, "settings-media-missing" in said) == (0, False)
    found = read("site/feed.atom")
    assert (found.image, found.publisher) == (logo, house)

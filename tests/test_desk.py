"""The desk: where files, settings and formats come together, and every problem says which file it is about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from publisher import desk, files, formats
from publisher.article import Article, Organization, Publication
from publisher.desk import Opened
from publisher.problems import Problem, PublisherError, Severity, problem

TOML = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n'
FERRY = "---\ntitle: The ferry\ndate: 2026-01-02\ndescription: It sailed.\n---\nIt sailed. ![The quay](/media/quay.jpg)\n"
BELLS = "# The bells\n\nBy Reuters\n\n3 January 2026\n\nThey rang.\n"
SITE = {
    "README.md": "# Our site\n\nHow to build it.\n",
    "robots.txt": "User-agent: *\nDisallow:\n",
    "ads.txt": "google.com, pub-1, DIRECT\n",
    "notes.txt": "Call the ferry company.\n",
    "google123.html": "google-site-verification: google123.html",
    "blank.html": "",
    "search.json": '[{"title": "The ferry", "url": "/ferry"}]',
    "package.json": '{"name": "site", "version": "1.0.0"}',
    "browserconfig.xml": '<?xml version="1.0"?><browserconfig><msapplication/></browserconfig>',
    "index.html": "<!doctype html><html lang='en'><title>The Lantern</title></html>",
}
PUBLICATION = Publication(
    identifier="https://lantern.example/",
    name="The Lantern",
    url="https://lantern.example/",
    articles=(Article(identifier="urn:1", headline="The ferry", body="<p>It sailed.</p>"),),
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with settings, two articles and a picture, in which we are."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"publisher.toml": TOML, "news/2026/ferry.md": FERRY, "bells.txt": BELLS, "media/quay.jpg": "\0no picture"}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def headlines(*paths: str) -> list[str]:
    return [each.headline for each in desk.gather(paths)[0].publication.articles]


def located(problems: Iterable[Problem]) -> set[tuple[str, str]]:
    return {(each.location.path, each.code) for each in problems}


def refused(error: pytest.ExceptionInfo[PublisherError]) -> list[tuple[str, str]]:
    return sorted(located(error.value.problems))


# -- what is remembered ---------------------------------------------------------------------------------------------------


def remembered(root: Path) -> bytes | None:
    """Keep a value and return what is there the next time."""
    for _ in range(2):
        with desk.kept(desk.desk_of(root)) as found:
            there = found.get("test", "a")
            found.keep("test", {"a": b"1"})
    return there


def test_what_is_remembered_lies_beside_the_sources_out_of_the_way_of_git(home: Path) -> None:
    assert remembered(home / "news") == b"1"
    assert sorted(each.name for each in (home / files.CACHE).iterdir()) == [".gitignore", "records"]


def test_without_settings_nothing_is_remembered(home: Path) -> None:
    (home / "publisher.toml").unlink()
    assert remembered(home) is None
    assert not (home / files.CACHE).exists()


@pytest.mark.parametrize("link", [files.CACHE, f"{files.CACHE}/records", f"{files.CACHE}/records-journal"])
def test_a_link_in_place_of_what_is_remembered_is_not_followed(home: Path, tmp_path_factory: pytest.TempPathFactory, link: str) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (home / link).parent.mkdir(exist_ok=True)
    (home / link).symlink_to(outside if link == files.CACHE else outside / "file")
    assert remembered(home) is None
    assert not [*outside.iterdir()]


# -- gathering ------------------------------------------------------------------------------------------------------------


def test_a_folder_gives_all_its_articles(home: Path) -> None:
    assert headlines(".") == ["The bells", "The ferry"]


def test_the_settings_are_the_nearest_above(home: Path) -> None:
    gathered, at = desk.gather(["news/2026/ferry.md"])
    (article,) = gathered.publication.articles
    assert (at.folder.root, at.settings.publication.name) == (home, "The Lantern")
    assert article.identifier == "tag:lantern.example,2026:ferry"


def test_a_file_named_twice_is_there_once(home: Path) -> None:
    assert headlines("news", "news/2026/ferry.md", "./bells.txt", "bells.txt", ".") == ["The bells", "The ferry"]


def test_problems_tell_paths_as_seen_from_where_we_are(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "news/broken.json").write_text('{"publication":')
    monkeypatch.chdir(home / "news")
    assert ("broken.json", "json-malformed") in located(desk.gather([".."])[0].problems)


def test_what_lies_in_a_folder_of_exports_is_no_source(home: Path) -> None:
    files.place(home / "exports", {"feed.atom": b"not a source", "articles/ferry.html": b"nor this"})
    (home / "exports/own.txt").write_text("# My own\n\nText.\n")
    assert headlines(".") == ["The bells", "The ferry"]


def test_what_a_build_made_beside_the_sources_is_no_source(home: Path) -> None:
    files.place(home, {"feed.atom": b"not a source"})
    assert headlines(".") == ["The bells", "The ferry"]


def test_a_file_that_a_build_made_can_be_named(home: Path) -> None:
    files.place(home, {"feed.atom": formats.writer("atom").write(PUBLICATION)})
    assert headlines("feed.atom") == ["The ferry"]


def test_without_settings_it_is_told_what_is_assumed(home: Path) -> None:
    (home / "publisher.toml").unlink()
    gathered, at = desk.gather(["bells.txt"])
    assert ("publisher.toml", "settings-missing") in {(Path(path).name, code) for path, code in located(gathered.problems)}
    assert at.own is None


def test_the_work_can_be_watched(home: Path) -> None:
    seen: list[tuple[str, int, str]] = []

    def watch(values: Iterable[Opened], total: int, what: str) -> Iterable[Opened]:
        for value in values:
            seen.append((value[0], total, what))
            yield value

    desk.gather(["."], watch=watch)
    assert seen == [("bells.txt", 2, "reading"), ("news/2026/ferry.md", 2, "reading")]


def test_a_path_that_is_not_there_is_told(home: Path) -> None:
    with pytest.raises(PublisherError) as error:
        desk.gather([".", "nowhere"])
    assert refused(error) == [("nowhere", "file-missing")]


@pytest.mark.parametrize("ask", [lambda path: desk.gather([path]), desk.checkable], ids=["gather", "check"])
def test_a_folder_without_sources_is_an_error(home: Path, ask: Callable[[str], object]) -> None:
    """Built, it would take everything out of the exports."""
    with pytest.raises(PublisherError) as error:
        ask("media")
    assert refused(error) == [("media", "no-sources")]


def test_wrong_settings_are_told_with_their_line(home: Path) -> None:
    (home / "publisher.toml").write_text(TOML + 'nam = "x"\n')
    with pytest.raises(PublisherError) as error:
        desk.gather(["."])
    (found,) = error.value.problems
    assert (found.location.path, found.location.line) == ("publisher.toml", 6)
    assert "did you mean 'name'" in found.hint


@pytest.mark.parametrize(
    ("here", "path", "seen"), [(".", ".", ""), (".", "news", ""), ("news", "..", "../"), ("news/2026", "../..", "../../")]
)
def test_what_the_settings_have_is_told_as_seen_from_where_we_are(
    home: Path, monkeypatch: pytest.MonkeyPatch, here: str, path: str, seen: str
) -> None:
    (home / "publisher.toml").write_text(TOML.replace('since = "2026"\n', ""))
    (home / "theme").mkdir()
    (home / "theme/unknown.txt").write_text("x")
    monkeypatch.chdir(home / here)
    places = {each.location.path for each in desk.gather([path])[0].problems if each.code.startswith(("settings-", "theme-"))}
    assert places == {f"{seen}publisher.toml", f"{seen}theme/unknown.txt"}
    (home / "publisher.toml").write_text("[publication")
    for ask in (desk.gather, lambda paths: desk.choice(paths[0])):
        with pytest.raises(PublisherError) as error:
            ask([path])
        assert refused(error) == [(f"{seen}publisher.toml", "toml-malformed")]


def test_settings_of_a_file_are_told_as_it_was_named(home: Path) -> None:
    (home / "publisher.toml").write_text(TOML.replace('since = "2026"\n', ""))
    assert ("publisher.toml", "settings-no-since") in located(desk.check("news/2026/ferry.md"))
    assert (str(home / "publisher.toml"), "settings-no-since") in located(desk.check(home / "news/2026/ferry.md"))


# -- one file -------------------------------------------------------------------------------------------------------------


def test_one_source_is_read_with_its_settings(home: Path) -> None:
    found = desk.read("news/2026/ferry.md")
    assert (found.publication.name, found.written) == ("The Lantern", True)
    assert found.publication.articles[0].date_published is not None


def test_an_output_is_read_without_a_word_about_settings(tmp_path: Path) -> None:
    desk.write(PUBLICATION, tmp_path / "feed.atom")
    found = desk.read(tmp_path / "feed.atom")
    assert (found.publication, found.problems, found.written) == (PUBLICATION, (), False)


@pytest.mark.parametrize(("name", "code"), [("nowhere.md", "file-unreadable"), ("media", "file-is-folder")])
def test_what_cannot_be_read_is_told_with_its_path(home: Path, name: str, code: str) -> None:
    with pytest.raises(PublisherError) as error:
        desk.read(name)
    assert refused(error) == [(name, code)]


def test_a_file_that_is_no_text_is_told_with_its_path(home: Path) -> None:
    (home / "a.md").write_bytes(bytes(range(32)) * 20)
    with pytest.raises(PublisherError) as error:
        desk.read("a.md")
    assert {path for path, _ in refused(error)} == {"a.md"}


def test_problems_of_one_source_have_its_path(home: Path) -> None:
    (home / "news/2026/ferry.md").write_text(FERRY.replace("quay.jpg", "gone.jpg"))
    assert located(desk.read("news/2026/ferry.md").problems) == {("news/2026/ferry.md", "source-media-missing")}


# -- writing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["feed.rss", "feed.xml", "feed.atom", "feed.json", "a.json", "a.epub", "a.html", "a.jsonld", "A.EPUB", "deep/er/a.html"]
)
def test_the_name_says_the_format(tmp_path: Path, name: str) -> None:
    desk.write(PUBLICATION, tmp_path / name)
    assert desk.read(tmp_path / name).publication == PUBLICATION


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a", "a.docx", "rss"])
def test_an_ending_that_no_format_has_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublisherError) as error:
        desk.write(PUBLICATION, tmp_path / name)
    assert refused(error) == [(str(tmp_path / name), "unknown-ending")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.html", "a.jsonld"])
@pytest.mark.parametrize("count", [0, 2])
def test_a_page_holds_one_article(tmp_path: Path, name: str, count: int) -> None:
    articles = tuple(Article(identifier=f"urn:{number}", headline="x") for number in range(count))
    with pytest.raises(PublisherError, match=f"holds one article, and there are {count}") as error:
        desk.write(Publication(identifier="urn:p", name="x", url="https://e.org/", articles=articles), tmp_path / name)
    assert refused(error) == [(str(tmp_path / name), "not-one-article")]


def test_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(PublisherError, match="cannot write") as error:
        desk.write(PUBLICATION, tmp_path / "file/feed.rss")
    assert {code for _, code in refused(error)} == {"file-unwritable"}


# -- checking -------------------------------------------------------------------------------------------------------------


def test_an_output_is_checked_by_the_rules_of_its_format(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text("<rss version='2.0'><channel><title>T</title></channel></rss>")
    assert (str(tmp_path / "feed.rss"), "rss-channel-required") in located(desk.check(tmp_path / "feed.rss"))


def test_a_source_is_checked_by_reading_it(home: Path) -> None:
    (home / "news/2026/ferry.md").write_text(FERRY.replace("quay.jpg", "gone.jpg"))
    assert ("news/2026/ferry.md", "source-media-missing") in located(desk.check("news/2026/ferry.md"))


PICTURED = (
    TOML.replace("language", 'image = "media/cover.png"\nlanguage')
    + '[publisher]\nlogo = {src = "/media/a%20logo.png", alt = "A lamp"}\n'
    + '[authors."Ada Byron"]\nimage = "media/quay.jpg"\n[authors."Nobody"]\nimage = "media/nobody.png"\n'
    + '[authors."Reuters"]\nlogo = "https://elsewhere.example/logo.png"\n[feeds]\npodcast_image = "media/cast.png"\n'
    + '[epub]\ncover = {src = "media/front.jpg", alt = "A lamp"}\nfonts = ["media/quay.jpg", "media/a.ttf"]\n'
)


def test_pictures_of_the_settings_that_are_not_there_are_told_and_not_shown(home: Path) -> None:
    (home / "publisher.toml").write_text(PICTURED)
    gathered, at = desk.gather(["."])
    found = [(each.location.path, each.location.line, each.message) for each in gathered.problems if "media" in each.code]
    names = {
        4: "media/cover.png",
        8: "media/a logo.png",
        12: "media/nobody.png",
        16: "media/cast.png",
        18: "media/front.jpg",
        19: "media/a.ttf",
    }
    assert found == [("publisher.toml", line, f"there is no file {name!r}") for line, name in names.items()]
    assert {(each.code, each.severity) for each in gathered.problems if "media" in each.code} == {
        ("settings-media-missing", Severity.WARNING)
    }
    house = gathered.publication.publisher
    assert isinstance(house, Organization)
    assert (gathered.publication.image, house.logo, at.settings.site.podcast.image) == (None, None, None)
    assert (at.settings.book.cover, at.settings.book.fonts) == (None, ("https://lantern.example/media/quay.jpg",))
    pictures = [each.logo if isinstance(each, Organization) else each.image for each in at.settings.parties.values()]
    assert {each.content_url for each in pictures if each} == {
        "https://lantern.example/media/quay.jpg",
        "https://elsewhere.example/logo.png",
    }


def test_a_picture_of_the_settings_at_an_address_of_the_site_is_kept(home: Path) -> None:
    url = "https://lantern.example/media/cover.png"
    (home / "publisher.toml").write_text(PICTURED.replace('"media/cover.png"', f'{{src = "{url}"}}'))
    gathered, _ = desk.gather(["."])
    (found,) = [each for each in gathered.problems if each.code == "settings-media-elsewhere"]
    assert (found.severity, found.location.line) == (Severity.INFO, 4)
    assert gathered.publication.image
    assert gathered.publication.image.content_url == url


def test_a_check_of_sources_tells_once_of_pictures_of_the_settings(home: Path) -> None:
    (home / "publisher.toml").write_text(PICTURED)
    found = list(desk.check_each(desk.checkable(".")))
    assert [each.location.line for each in found if each.code == "settings-media-missing"] == [4, 8, 12, 16, 18, 19]
    for name in ("cover.png", "a logo.png", "nobody.png", "cast.png", "front.jpg", "a.ttf"):
        (home / "media" / name).write_bytes(b"x")
    assert [each for each in desk.check_each(desk.checkable(".")) if "media" in each.code] == []


@pytest.mark.parametrize("body", [b"", b"\0\1\2" * 100, b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"{", b"<rss"])
def test_whatever_the_bytes_checking_gives_problems(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(body)
    assert {each.location.path for each in desk.check(path)} == {str(path)}


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert located(desk.check(tmp_path / "nowhere")) == {(str(tmp_path / "nowhere"), "file-unreadable")}


def test_a_folder_means_all_files_that_can_be_checked(home: Path) -> None:
    files.place(home / "exports", {"feed.atom": b"", "media/a.jpg": b""})
    found = [Path(path).relative_to(home).as_posix() for path in desk.checkable(str(home))]
    assert found == ["bells.txt", "exports/feed.atom", "news/2026/ferry.md"]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site's folder as it really is: one page, and much that is no article."""
    for name, text in SITE.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def checked(folder: Path) -> list[str]:
    return [Path(path).relative_to(folder).as_posix() for path in desk.checkable(str(folder))]


def test_on_a_site_only_what_is_in_our_formats_is_checked(site: Path) -> None:
    assert checked(site) == ["index.html"]


def test_our_own_report_is_not_checked(site: Path) -> None:
    (site / "o.json").write_text('[{"code": "rss-self-missing", "path": "feed.rss"}]')
    assert checked(site) == ["index.html"]


@pytest.mark.parametrize("name", ["o.json", "report.xml"])
def test_a_report_that_is_just_being_written_is_not_checked(site: Path, name: str) -> None:
    (site / name).write_bytes(b"")
    assert checked(site) == ["index.html"]


@pytest.mark.parametrize("name", ["feed.json", "feed.xml", "feed.rss", "issue.epub"])
def test_an_empty_feed_is_checked(site: Path, name: str) -> None:
    (site / name).write_bytes(b"")
    assert name in checked(site)


@pytest.mark.parametrize("text", [FERRY, BELLS], ids=["front matter", "clipping"])
def test_an_article_on_a_site_is_checked(site: Path, text: str) -> None:
    (site / "post.md").write_text(text, "utf-8")
    assert checked(site) == ["index.html", "post.md"]


def test_with_settings_every_text_is_a_source(site: Path) -> None:
    (site / "publisher.toml").write_text(TOML)
    assert checked(site) == ["README.md", "index.html", "notes.txt"]


def test_what_was_built_has_no_sources_in_it(home: Path) -> None:
    files.place(home / "exports", {"feed.atom": b"", "notes.txt": BELLS.encode()})
    assert "exports/notes.txt" not in checked(home)


def test_a_folder_of_nothing_but_texts_holds_sources(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("# The quay\n\nIt is new.\n")
    assert checked(tmp_path) == ["notes.txt"]


def test_a_folder_in_which_nothing_is_ours_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(SITE["package.json"])
    with pytest.raises(PublisherError) as error:
        desk.checkable(str(tmp_path))
    assert refused(error) == [(str(tmp_path), "no-sources")]


@pytest.mark.parametrize("name", ["robots.txt", "package.json", "README.md"])
def test_a_file_that_is_named_is_always_checked(site: Path, name: str) -> None:
    assert desk.checkable(str(site / name)) == [str(site / name)]
    assert desk.check(site / name)


def test_that_settings_are_missing_is_told_once_of_a_file_that_is_there(tmp_path: Path) -> None:
    paths = [str(tmp_path / name) for name in ("a.txt", "b.txt")]
    for path in paths:
        Path(path).write_text(BELLS)
    found = [each.location.path for each in desk.check_each(paths) if each.code == "settings-missing"]
    assert found == paths[:1]


def test_a_source_that_cannot_be_opened_keeps_no_other_from_being_read(home: Path) -> None:
    (home / "news/gone.md").symlink_to("nowhere.md")
    found, _ = desk.gather([str(home)])
    assert len(found.publication.articles) == 2
    assert ("news/gone.md", "file-unreadable") in located(found.problems)


def test_a_link_out_of_the_folder_publishes_nothing(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A stranger's source must not put what lies elsewhere on this machine into the exports."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("# Secret\n\nText.\n")
    (home / "news/link.txt").symlink_to(secret)
    (home / "news/inside.txt").symlink_to(home / "bells.txt")
    found, _ = desk.gather([str(home / "news")])
    assert "Secret" not in [each.headline for each in found.publication.articles]
    assert ("news/link.txt", "link-outside") in located(found.problems)
    assert "The bells" in [each.headline for each in found.publication.articles]


def test_two_publications_are_not_mixed(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "publisher.toml").write_text('[publication]\nname = "The Beacon"\n')
    (other / "a.txt").write_text("# A\n\nText.\n")
    with pytest.raises(PublisherError) as error:
        desk.gather([str(home), str(other)])
    assert refused(error) == [(str(other), "two-publications")]


def test_one_article_alone_has_the_same_links_as_among_all(home: Path) -> None:
    (home / "story.md").write_text("---\ntitle: A story\ndate: 2026-11-01\n---\nSee [the ferry](news/2026/ferry.md).\n")
    alone, _ = desk.gather([str(home / "story.md")])
    among, _ = desk.gather([str(home)])
    assert alone.publication.articles == tuple(each for each in among.publication.articles if each.headline == "A story")
    assert "ferry.html" in alone.publication.articles[0].body


def test_what_is_on_another_drive_is_told_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows knows no way from one drive to another."""

    def refuse(*_: object) -> str:
        raise ValueError

    found = problem("media-unsafe", Severity.ERROR, "it is no drawing").at(str(tmp_path / "a.svg"))
    monkeypatch.setattr(os.path, "relpath", refuse)
    assert desk.seen([found]) == [found]


def test_what_the_theme_has_is_told_once_and_not_with_each_source(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\ndate: 2026-01-01\n---\nText.\n")
    (tmp_path / "publisher.toml").write_text('[publication]\nname = "The Lake"\nurl = "https://lake.example/"\nsince = "2026"\n')
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme/styl.css").write_text("p {}")
    found = [each.code for each in desk.check_each([str(tmp_path / "a.md"), str(tmp_path / "b.md")])]
    assert found.count("theme-file-unused") == 1

"""Themes: where a template is looked for, what it is given, and what is said of one that is wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import markupsafe
import pytest
from hypothesis import strategies as st

from publisher import build, cli, desk, files, planning
from publisher.article import Article, Link, Organization, Publication
from publisher.formats import Target, webpage
from publisher.formats.webpage import writer
from publisher.newsstand import front
from publisher.problems import Problem, PublisherError, Severity
from publisher.surroundings import THEMES, Surroundings, Theme
from publisher.themes import frame, templates
from publisher.themes.frame import Frame
from tests.judges import nu

PAPER = Publication(
    identifier="https://paper.example/",
    name="The Paper & Sons",
    url="https://paper.example/",
    in_language="en",
    publisher=Organization(name="Paper & Sons"),
)


def page(*files: tuple[str, str], **given: object) -> Frame:
    site = Surroundings(
        theme=Theme(files=tuple(sorted(files))),
        sections=(Link(url="https://paper.example/sections/harbour.html", name="Harbour"),),
        services=(("archive", "https://paper.example/archive.html"),),
        sheet="https://paper.example/style.css",
    )
    values = {"publication": PAPER, "title": "A <title>", "data": "{}", "site": site, "here": "https://paper.example/news/a.html"}
    return Frame(**{**values, **given})  # type: ignore[arg-type]


def shown(*files: tuple[str, str], name: str = "base.html", **values: object) -> str:
    return frame.render(page(*files), name, **values).decode()


def wrong(*files: tuple[str, str], name: str = "base.html", **values: object) -> Problem:
    with pytest.raises(PublisherError) as caught:
        shown(*files, name=name, **values)
    (found,) = caught.value.problems
    return found


def test_what_every_page_has_is_there() -> None:
    text = shown()
    assert "<title>A &lt;title&gt;</title>" in text
    assert '<link rel="stylesheet" href="../style.css">' in text
    assert '<li><a href="../sections/harbour.html">Harbour</a></li>' in text
    assert '<li><a href="../archive.html">Archive</a></li>' in text
    assert "The Paper &amp; Sons" in text


def test_no_line_is_empty_or_indented() -> None:
    text = shown(("base.html", "<p>\n\n   one\n {% if true %}\n\n two\n{% endif %}</p>\n\n"))
    assert text == "<p>\none\ntwo\n</p>\n"


def test_lines_that_are_kept_stay_as_they_are() -> None:
    assert shown(("base.html", "<div>{{ body }}</div>"), body=templates.kept("<pre>\n\n  a</pre>")) == "<div><pre>\n\n  a</pre></div>\n"


def test_a_users_file_may_extend_ours_of_the_same_name() -> None:
    own = '{% extends "newspaper/base.html" %}{% block foot %}<footer>mine</footer>{% endblock %}'
    text = shown(("base.html", own))
    assert "<footer>mine</footer>" in text
    assert '<header class="masthead">' in text


def test_a_template_with_a_mistake_in_its_spelling_is_told_with_its_line() -> None:
    found = wrong(("base.html", "<p>\n{% if %}\n</p>"))
    assert (found.code, found.location.path, found.location.line) == ("theme-template", "theme/base.html", 2)
    assert found.hint


def test_a_name_that_nothing_has_is_told_with_its_line() -> None:
    found = wrong(("base.html", "<p>\n\n{{ nonsense }}</p>"))
    assert (found.message, found.location.path, found.location.line) == ("'nonsense' is undefined", "theme/base.html", 3)


def test_a_part_that_nothing_has_is_told_without_the_names_of_our_classes() -> None:
    found = wrong(("base.html", "{{ page.nonsense }}"))
    assert (found.message, found.location.line) == ("there is nothing called 'nonsense' in this", 1)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 / 0 }}",
        '{% include "base.html" %}',
        '{% include "nothing.html" %}',
        "{{ page.near(1, 2, 3) }}",
        "{{ page.__class__.__mro__ }}",
        "{{ range(999999999) | list }}",
        "{{ page.time(words) }}",
        "{{ [].append(1) }}",
        "{% block a %}{% block a %}",
        "{{ 'a' | nonsense }}",
        "{% nonsense %}",
    ],
)
def test_whatever_is_wrong_with_a_users_template_is_a_problem_in_its_file(text: str) -> None:
    found = wrong(("base.html", text))
    assert (found.code, found.location.path) == ("theme-template", "theme/base.html")
    assert found.message
    assert found.hint


def test_what_goes_into_a_template_is_escaped() -> None:
    assert shown(("base.html", "{{ text }}"), text="<script>") == "&lt;script&gt;\n"


def test_a_page_is_the_same_each_time() -> None:
    assert shown() == shown()
    assert shown(("base.html", "{{ page.time(day) }}"), day=date(2026, 11, 27)) == '<time datetime="2026-11-27">27 November 2026</time>\n'


# -- a user's own files ---------------------------------------------------------------------------------------------------

TOML = """
[publication]
name = "The Lantern"
url = "https://lantern.example/"
language = "en"
since = "2026"

[publisher]
name = "The Lantern Press"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for path, text in {
        "publisher.toml": TOML,
        "ferry.md": "# The ferry\n\nIt sailed at six.\n",
        "bells.md": "# The bells\n\nRang.\n",
    }.items():
        (tmp_path / path).write_text(text)
    (tmp_path / "theme").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def built() -> tuple[dict[str, str], list[tuple[str, str, int]]]:
    """Return the pages and style sheet that a build of this folder makes, and what is wrong."""
    found, at = desk.gather(["."])
    outputs = planning.plan(found.publication, at.settings, found.media, ("webpage",))
    made = list(build.render_all(outputs))
    problems = (*at.problems, *build.told(each for one in made for each in one.problems))
    told = [(each.code, each.location.path, each.location.line) for each in problems if each.severity > Severity.INFO]
    return {each.path: each.body.decode() for each in made}, told


def test_a_file_in_the_folder_theme_stands_in_for_ours(home: Path) -> None:
    (home / "theme/article.html").write_text(
        '{% extends "newspaper/article.html" %}\n{% block lead %}<p class="mine">{{ article.headline }}</p>{% endblock %}\n'
    )
    (home / "theme/extra.css").write_text(".mine { color: red }\n")
    pages, problems = built()
    assert '<p class="mine">The ferry</p>' in pages["articles/ferry.html"]
    assert pages["style.css"].endswith(".mine{color:red}\n")
    assert problems == []


def test_a_style_sheet_of_ones_own_is_the_whole_style(home: Path) -> None:
    (home / "theme/style.css").write_text("p { margin: 0; }\n")
    assert built()[0]["style.css"] == "p{margin:0}\n"


def test_what_is_quoted_in_a_style_sheet_stays_as_it_is() -> None:
    own = """/* a "comment" */ q::before { content: "; }  /* , */" ; } a > b , c { margin : 0 auto ; font: 1em/1 "A  \\" B" } /* open"""
    assert (
        templates.sheet(Theme(files=(("style.css", own),)))
        == 'q::before{content:"; }  /* , */"}a>b,c{margin :0 auto;font:1em/1 "A  \\" B"}'
    )


@pytest.mark.parametrize("text", ['"', "/*", "\\", "'\\\\", " ", "{ "])
def test_long_style_sheets_are_read_in_one_go(text: str) -> None:
    assert len(templates.sheet(Theme(files=(("style.css", text * (400_000 // len(text))),)))) <= 400_000


def test_what_is_in_the_folder_theme_is_no_source_and_not_published(home: Path) -> None:
    (home / "theme/notes.md").write_text("# Notes\n\nNot for readers.\n")
    (home / "ferry.md").write_text("# The ferry\n\n[Notes](theme/notes.md) ![x](theme/x.png)\n")
    (home / "theme/x.png").write_bytes(b"x")
    found, at = desk.gather(["."])
    assert [each.headline for each in found.publication.articles] == ["The bells", "The ferry"]
    assert [each.code for each in found.problems if each.severity == Severity.ERROR] == ["theme-article"]
    assert at.folder.path("https://lantern.example/theme/x.png") is None


def test_the_folder_has_one_name() -> None:
    """Twice in the code, since `files` imports nothing of ours and nothing but rooms at the edge imports `files`."""
    assert files.THEME == templates.FOLDER


def test_a_folder_called_theme_without_settings_beside_it_is_one_like_others(home: Path) -> None:
    (home / "news/theme").mkdir(parents=True)
    (home / "news/theme/storm.md").write_text("# The storm\n\nIt blew.\n")
    assert "The storm" in [each.headline for each in desk.gather(["."])[0].publication.articles]


def test_a_file_that_the_theme_has_no_use_for_is_told(home: Path) -> None:
    (home / "theme/artcle.html").write_text("x")
    (home / "theme/font.woff2").write_bytes(b"x")
    (home / "theme/.hidden").write_bytes(b"x")
    _, at = desk.gather(["."])
    told = [(each.code, Path(each.location.path).name, each.hint) for each in at.problems]
    assert told == [
        ("theme-file-unused", "artcle.html", "did you mean 'article.html'?"),
        ("theme-file-unused", "font.woff2", "put pictures and fonts into media/"),
    ]


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("a.md", "# A\n", "theme-article"),
        ("old/2026/a.html", "<h1>{{ x }}</h1>", "theme-article"),
        ("a.html", "\n<!DOCTYPE html><title>A</title>", "theme-article"),
        ("a.html", "<!DOCTYPE html><title>{{ title }}</title>", "theme-file-unused"),
        ("a.css", "p {}", "theme-file-unused"),
    ],
)
def test_what_may_be_an_article_does_not_go_away_in_the_folder_theme(home: Path, path: str, text: str, code: str) -> None:
    (home / "theme" / path).parent.mkdir(parents=True, exist_ok=True)
    (home / "theme" / path).write_text(text)
    (told,) = (each for each in desk.gather(["."])[0].problems if each.code.startswith("theme-"))
    assert (told.code, told.location.path) == (code, f"theme/{path}")
    assert told.severity == (Severity.ERROR if code == "theme-article" else Severity.WARNING)


def test_many_articles_in_the_folder_theme_are_one_error(home: Path) -> None:
    for number in range(150):
        (home / f"theme/{number:03}.md").write_text("# A\n")
    with pytest.raises(PublisherError) as caught:
        desk.gather(["."])
    article, full = caught.value.problems
    assert (article.code, Path(article.location.path).name, full.code) == ("theme-article", "000.md", "folder-too-full")
    assert article.message.endswith("(and so are 149 more)")
    assert cli.main(["build", ".", "-o", "out"]) == 1
    assert not (home / "out").exists()


def test_a_part_that_another_template_includes_is_used(home: Path) -> None:
    (home / "theme/front.html").write_text(
        '{% extends "newspaper/front.html" %}{% block foot %}{% include "own-foot.html" %}{% endblock %}'
    )
    (home / "theme/own-foot.html").write_text("<footer>Made by hand</footer>")
    pages, problems = built()
    assert "<footer>Made by hand</footer>" in pages["index.html"]
    assert problems == []


def test_a_mistake_in_a_template_is_told_once_with_its_line(home: Path) -> None:
    (home / "theme/article.html").write_text("<p>\n{{ artcle.headline }}")
    found, at = desk.gather(["."])
    made = build.render_all(planning.plan(found.publication, at.settings, found.media, ("webpage",)))
    (told,) = build.told(each for one in made for each in one.problems if each.severity == Severity.ERROR)
    assert (told.code, told.location.path, told.location.line) == ("theme-template", "theme/article.html", 2)
    assert told.message == "'artcle' is undefined (and so in 1 more page)"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<!DOCTYPE html><title>x</title><h1>{{ article.headline }}</h1>{{ body }}", ""),
        ('{% extends "newspaper/article.html" %}{% block main %}<h1>{{ article.headline }}</h1>{% endblock %}', "output-differs"),
        ('{% extends "newspaper/article.html" %}{% block main %}{{ body | upper }}{% endblock %}', "output-differs"),
    ],
)
def test_a_template_that_loses_the_article_is_an_error(home: Path, text: str, code: str) -> None:
    """What is written is read back, also by a template of one's own."""
    (home / "theme/article.html").write_text(text)
    found, at = desk.gather(["."])
    made = build.render_all(planning.plan(found.publication, at.settings, found.media, ("webpage",)))
    errors = [each for one in made for each in one.problems if each.severity == Severity.ERROR]
    assert code in {each.code for each in errors} if code else errors
    assert all("theme/article.html" in each.hint for each in errors if each.code == "output-differs")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("article.html", b"\xff\xfe", "theme-file-unusable"),
        ("style.css", b" " * (2**20 + 1), "file-too-large"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(home: Path, name: str, body: bytes, code: str) -> None:
    (home / "theme" / name).write_bytes(body)
    with pytest.raises(PublisherError) as caught:
        desk.gather(["."])
    (found,) = caught.value.problems
    assert (found.code, Path(found.location.path).name) == (code, name)


def test_templates_that_are_too_large_are_an_error(home: Path) -> None:
    (home / "theme/article.html").write_text(" " * 250_001)
    with pytest.raises(PublisherError, match="the templates are larger than 250 kB"):
        desk.gather(["."])


def test_no_folder_is_too_full_to_be_told(home: Path) -> None:
    for number in range(101):
        (home / f"theme/{number}.css").write_text("")
    with pytest.raises(PublisherError) as caught:
        desk.gather(["."])
    assert [each.code for each in caught.value.problems] == ["folder-too-full"]


def test_a_link_that_leads_out_of_the_folder_is_not_followed(home: Path) -> None:
    (home / "secret.css").write_text("p { color: red }")
    (home / "theme/extra.css").symlink_to(home / "secret.css")
    assert "color:red" not in built()[0]["style.css"]


# -- what pages share -----------------------------------------------------------------------------------------------------

SECTIONS = (Link(url="https://paper.example/harbour.html", name="Harbour"),)


def ferry(name: str, **around: Any) -> str:
    """Return the page of an article at an address, with what is around it."""
    article = replace(FERRY, url=f"https://paper.example/{name}.html", headline=f"Ferry {name}")
    site = Surroundings(**{"sheet": "https://paper.example/style.css", **around})
    return webpage.write(replace(PAPER, articles=(article,)), Target(site=site)).decode()


@hypothesis.given(st.text())
def test_what_is_escaped_is_spelled_as_markupsafe_does(text: str) -> None:
    assert templates._escaped(text) == str(markupsafe.escape(text))
    assert templates._escaped(markupsafe.Markup(text)) == text
    assert templates._escaped(7) == "7"


def test_the_links_to_sections_are_made_once_for_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "_MADE", made := dict[object, dict[str, object]]())
    texts = [ferry(name, sections=SECTIONS) for name in ("news/a", "news/b", "old/c", "news/d")]
    assert [len(each) for each in made.values()] == [2, 2]  # two parts, in two folders
    assert ['<li><a href="../harbour.html">Harbour</a></li>' in each for each in texts] == [True] * 4
    assert '<a href="harbour.html">Harbour</a>' in ferry("here", sections=SECTIONS)


@pytest.mark.parametrize(
    "other",
    [
        {"sections": (Link(url="https://paper.example/world.html", name="World"),)},
        {"sections": SECTIONS, "services": (("archive", "https://paper.example/archive.html"),)},
        {"sections": SECTIONS, "rest": Link(url="https://paper.example/more.html")},
    ],
)
def test_what_is_around_is_made_anew_where_it_is_another(other: dict[str, Any]) -> None:
    first, second = ferry("news/a", sections=SECTIONS), ferry("news/a", **other)
    assert first != second
    assert (ferry("news/a", sections=SECTIONS), ferry("news/a", **other)) == (first, second)


def test_a_section_is_marked_on_its_own_page_only() -> None:
    marked = '<a href="harbour.html" aria-current="page">Harbour</a>'
    assert [marked in ferry(name, sections=SECTIONS) for name in ("a", "harbour", "b")] == [False, True, False]


def test_a_template_of_ones_own_may_say_everywhere_what_it_likes() -> None:
    own = '{% extends "newspaper/article.html" %}{% block nav %}{% call same("nav") %}<i>{{ page.title }}</i>{% endcall %}{% endblock %}'
    theme = Theme(files=(("article.html", own),))
    assert all(f"<i>Ferry {name} – The Paper" in ferry(name, sections=SECTIONS, theme=theme) for name in ("a", "b"))


# -- what docs/themes.md says ---------------------------------------------------------------------------------------------

DOCUMENT = (Path(__file__).parents[1] / "docs/themes.md").read_text("utf-8")


def test_the_example_of_the_documentation_works(home: Path) -> None:
    (template,) = re.findall(r"```jinja\n(.*?)```", DOCUMENT, re.DOTALL)
    (style,) = re.findall(r"```css\n(.*?)```", DOCUMENT, re.DOTALL)
    (home / "theme/article.html").write_text(template)
    (home / "theme/extra.css").write_text(style)
    (home / "publisher.toml").write_text(f'{TOML}email = "desk@lantern.example"\n')
    pages, problems = built()
    assert 'What do you think of “The ferry”? <a href="mailto:desk@lantern.example">Write to us.</a>' in pages["articles/ferry.html"]
    assert ".letters{color:var(--accent)}" in pages["style.css"]
    assert problems == []


def test_every_block_and_every_value_is_documented() -> None:
    theme = Path(templates.__file__).parent / "newspaper"
    own = {name: (theme / name).read_text("utf-8") for name in ("base.html", "article.html", "front.html")}
    blocks = {name for text in own.values() for name in re.findall(r"\{% block (\w+)", text)} - {"edition", "top"}
    given = {*front_values(), *article_values()}
    assert [name for name in sorted(blocks | given) if f"`{name}`" not in DOCUMENT] == []


def article_values() -> set[str]:
    return set(writer._given(page(tongue="en"), FERRY))


def front_values() -> set[str]:
    made = front._Front(replace(PAPER, articles=(FERRY,)), Target())
    return set(front._given(made, page()))


# -- the blog -------------------------------------------------------------------------------------------------------------

FERRY = Article(
    identifier="tag:paper.example,2026:ferry",
    headline="The ferry",
    url="https://paper.example/news/ferry.html",
    description="It sailed at six.",
    body="<p>It sailed.</p>",
    article_section="Harbour",
    date_published=date(2026, 11, 21),
)
BLOG = Surroundings(theme=Theme(name="blog"))


def test_a_blog_has_its_newest_posts_on_the_front_page() -> None:
    many = tuple(
        replace(FERRY, identifier=f"{each}", url=f"https://paper.example/{each}.html", headline=f"Post {each}") for each in range(20)
    )
    publication = replace(PAPER, articles=many)
    text = front.write(publication, Target(site=BLOG)).decode()
    assert text.count('class="post h-entry"') == 12
    assert len(set(re.findall(r'href="(\d+)\.html"', text))) == 20  # without an archive all can be reached from here
    within = front.write(publication, Target(site=replace(BLOG, services=(("archive", "https://paper.example/archive.html"),)))).decode()
    assert len(set(re.findall(r'href="(\d+)\.html"', within))) == 12
    assert '<p class="all"><a href="archive.html">Archive</a></p>' in within


def test_a_blog_looks_other_than_a_newspaper() -> None:
    newspaper, blog = (templates.sheet(Theme(name=each)) for each in THEMES)
    assert "--column:" in blog
    assert "--column:" not in newspaper
    assert "#15181b" in webpage.write(replace(PAPER, articles=(FERRY,)), Target(site=BLOG)).decode()


@pytest.mark.parametrize("name", THEMES)
def test_the_article_comes_back_from_any_theme(name: str) -> None:
    publication = replace(PAPER, articles=(FERRY,))
    written = webpage.write(publication, Target(site=Surroundings(theme=Theme(name=name))))
    assert webpage.read(written).publication == publication


@pytest.mark.parametrize("name", THEMES)
def test_no_style_sheet_loads_anything_or_is_large(name: str) -> None:
    style = templates.sheet(Theme(name=name))
    assert "@import" not in style
    assert "url(" not in style
    assert len(style.encode()) < 20_000


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_of_the_blog_stands_out_from_its_paper(scheme: int) -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1."""
    look = templates.text(Theme(name="blog"), "look.css") or ""
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", re.findall(r"\{ (--paper.*?) \}", look)[scheme]))
    paper = luminance(colours["paper"])
    for each in ("ink", "soft", "accent"):
        low, high = sorted((paper, luminance(colours[each])))
        assert (high + 0.05) / (low + 0.05) >= 4.5, each


@pytest.mark.judges
def test_the_nu_html_checker_has_nothing_to_say_of_a_blog(tmp_path: Path) -> None:
    publication = replace(PAPER, articles=(FERRY,))
    (tmp_path / "article.html").write_bytes(webpage.write(publication, Target(site=BLOG)))
    (tmp_path / "front.html").write_bytes(front.write(publication, Target(site=BLOG)))
    assert nu.check([tmp_path / "article.html", tmp_path / "front.html"]) == []


def test_what_the_section_says_is_not_said_again() -> None:
    """An opinion in the section Opinion says so once; in another section it says so beside it."""
    opinion = replace(FERRY, type="OpinionNewsArticle", article_section="Opinion")
    for article, said in ((opinion, 0), (replace(opinion, article_section="Harbour"), 1)):
        text = webpage.write(replace(PAPER, articles=(article,)), Target()).decode()
        assert text.count('<span class="genre">Opinion</span>') == said

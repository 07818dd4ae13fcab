"""The main job on real input: what `seeds/` gives is what is committed in `exports/`, and every output gives it back."""

from __future__ import annotations

import atexit
import difflib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest

from publisher import cli, desk, markup, schema
from publisher.article import (
    ARTICLE_TYPES,
    Article,
    Correction,
    Image,
    Link,
    Media,
    Organization,
    Person,
    Place,
    Publication,
)
from publisher.cleaner import elements
from publisher.formats import newsarticle
from publisher.schema import JsonObject
from tests import forks

ROOT = Path(__file__).parents[1]
SEEDS, EXPORTS = ROOT / "seeds", ROOT / "exports"
GIVEN = "000_60a462808e73488c.txt"
GIVEN_ID = "tag:lantern.example,2026:000_60a462808e73488c"


OURS_ALONE = ("NO_COLOR", "PUBLISHER_DEBUG")
"""Variables of who tests."""


def publisher(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder, as a user does; as a program where the environment is to be another."""
    return program(*arguments, folder=folder, **environment) if environment else forks.publisher(arguments, folder, OURS_ALONE)


def program(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a program that begins anew."""
    command = [sys.executable, "-m", "publisher.cli", *arguments]
    inherited = {name: value for name, value in os.environ.items() if name not in OURS_ALONE}
    given = inherited | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL)


@cache
def newsroom() -> Path:
    """Return a folder like ours, with a copy of `seeds/`, an `article.md` and freshly built `exports/`; nobody may change it."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(SEEDS, folder / "seeds")
    shutil.copy(SEEDS / "market.md", folder / "article.md")
    done = program("build", "seeds", "-o", "exports", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@cache
def source() -> Publication:
    """Return what the seeds hold."""
    return desk.gather([str(newsroom() / "seeds")])[0].publication


def article(identifier: str = GIVEN_ID) -> Article:
    return next(each for each in source().articles if each.identifier == identifier)


# -- the golden set -------------------------------------------------------------------------------------------------------


def text_difference(before: bytes, after: bytes, name: str) -> str:
    """Return a unified diff of two files, or what can be said of files that are no text."""
    try:
        first, second = (each.decode().splitlines() for each in (before, after))
    except UnicodeDecodeError:
        return f"{name}: {len(before)} bytes became {len(after)} other bytes"
    return "\n".join(difflib.unified_diff(first, second, f"exports/{name}", f"built/{name}", lineterm="", n=1))


def member_differences(before: bytes, after: bytes, name: str) -> Iterator[str]:
    """Yield what differs between two archives: names and order, and each member's text and facts."""
    with zipfile.ZipFile(BytesIO(before)) as one, zipfile.ZipFile(BytesIO(after)) as other:
        yield text_difference("\n".join(one.namelist()).encode(), "\n".join(other.namelist()).encode(), f"{name} (list)")
        for member in set(one.namelist()) & set(other.namelist()):
            if one.read(member) != other.read(member):
                yield text_difference(one.read(member), other.read(member), f"{name}/{member}")
            facts = [
                (each.date_time, each.compress_type, each.external_attr, each.extra)
                for each in (one.getinfo(member), other.getinfo(member))
            ]
            if facts[0] != facts[1]:
                yield f"{name}/{member}: {facts[0]} became {facts[1]}"


def differences(before: bytes, after: bytes, name: str) -> str:
    """Return how a committed file differs from what was built, as a person can read it; empty when it does not."""
    if before == after:
        return ""
    found = member_differences(before, after, name) if name.endswith(".epub") else iter([text_difference(before, after, name)])
    return "\n".join(filter(None, found)) or f"{name}: other bytes"


def test_the_seeds_give_the_committed_files() -> None:
    assert files_below(EXPORTS) == files_below(newsroom() / "exports")


def test_the_seeds_give_the_committed_bytes() -> None:
    built = newsroom() / "exports"
    both = [name for name in files_below(built) if (EXPORTS / name).is_file()]
    found = [differences((EXPORTS / name).read_bytes(), (built / name).read_bytes(), name) for name in both]
    assert both
    assert "\n".join(filter(None, found)) == ""


def test_a_difference_in_an_epub_is_told_with_its_member_and_line() -> None:
    def book(text: str) -> bytes:
        with zipfile.ZipFile(made := BytesIO(), "w") as archive:
            archive.writestr(zipfile.ZipInfo("chapter.xhtml"), f"<p>\n{text}\n</p>")
        return made.getvalue()

    told = differences(book("one"), book("two"), "a.epub")
    assert told.splitlines()[-4:] == [" <p>", "-one", "+two", " </p>"]
    assert "a.epub/chapter.xhtml" in told


# -- the way back ---------------------------------------------------------------------------------------------------------


def shown(path: str) -> JsonObject:
    """Return what `publisher show PATH --json` prints."""
    import io
    from contextlib import redirect_stdout

    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "utf-8", newline="")) as out:
        assert cli.main(["show", str(newsroom() / path), "--json"]) == 0
        out.seek(0)
        return cast("JsonObject", json.loads(out.read()))


def page_of(given: Article) -> str:
    """Return where the page of an article is in the exports."""
    name = (given.url or "").rpartition("/")[2]
    return next(path for path in files_below(newsroom() / "exports") if quote(path) == f"articles/{name}")


def same(given: JsonObject, expected: Publication) -> None:
    """Hold that JSON is that of a publication, with a message that shows the field that differs."""
    assert json.dumps(given, ensure_ascii=False, indent=1) == json.dumps(schema.dump(expected), ensure_ascii=False, indent=1)


@pytest.mark.parametrize("path", ["feed.rss", "feed.atom", "feed.json", "the-lantern.epub"])
def test_a_feed_and_the_book_give_back_the_publication_with_all_its_articles(path: str) -> None:
    same(shown(f"exports/{path}"), source())


def test_each_issue_gives_back_its_articles_and_is_called_after_them() -> None:
    found = {
        path: shown(f"exports/{path}")
        for path in files_below(newsroom() / "exports")
        if path.startswith("issues/") and path.endswith(".epub")
    }
    held = {path.removeprefix("issues/the-lantern-").removesuffix(".epub"): schema.load(each)[0].articles for path, each in found.items()}
    for articles, each in zip(held.values(), found.values(), strict=True):
        same(each, replace(source(), articles=tuple(article(one.identifier) for one in articles)))
    months = {key: articles for key, articles in held.items() if key[:4].isdecimal()}
    assert len(months) > 1
    assert all(str(each.date_published).startswith(key) for key, articles in months.items() for each in articles)
    assert [each.identifier.rpartition(":")[2] for each in held["lights-and-bells"]] == [
        "lighthouse",
        "leuchtturm.de",
        "bells",
        "night-sky",
    ]


def test_each_page_gives_back_its_article() -> None:
    for each in source().articles:
        same(shown(f"exports/{page_of(each)}"), replace(source(), articles=(each,)))


def test_each_json_ld_gives_back_its_article_with_the_text_of_its_body() -> None:
    for each in source().articles:
        expected = newsarticle.carry(replace(source(), articles=(each,)))
        same(shown(f"exports/{page_of(each).removesuffix('.html')}.jsonld"), expected)


def test_a_source_alone_gives_the_article_that_it_is_among_all_sources() -> None:
    names = [each for each in files_below(newsroom() / "seeds") if each.endswith((".md", ".txt")) and each != "storm-glass.md"]
    alone = [desk.read(newsroom() / "seeds" / each).publication for each in names]
    assert len(alone) == len(source().articles)
    for each in alone:
        same(schema.dump(each), replace(source(), articles=(article(each.articles[0].identifier),)))


def test_the_draft_among_the_seeds_is_in_no_output() -> None:
    exports = newsroom() / "exports"
    texts = [(exports / path).read_bytes() for path in files_below(exports) if not path.startswith("media/")]
    assert [text for text in texts if b"storm-glass" in text] == []


# -- the given article ----------------------------------------------------------------------------------------------------

OUTPUTS = ["source", "feed.rss", "feed.atom", "feed.json", "the-lantern.epub", "page", "data"]
every_output = pytest.mark.parametrize("output", OUTPUTS)


@cache
def given(output: str) -> Article:
    """Return the given article as it is in the source or in one of the outputs."""
    if output == "source":
        return article()
    page = page_of(article())
    path = {"page": page, "data": page.removesuffix(".html") + ".jsonld"}.get(output, output)
    publication, _ = schema.load(shown(f"exports/{path}"))
    return next(each for each in publication.articles if each.identifier == GIVEN_ID)


def paragraphs(body: str) -> list[str]:
    return markup.to_text(body).split("\n\n")


def written_paragraphs() -> list[str]:
    """Return the paragraphs of the text as they are in the file, without the six parts that are no text."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", (SEEDS / GIVEN).read_text("utf-8")) if block.strip()]
    apart = ("# ", "By [", "October 24", "**", "Original url:", "<https:")
    return [block.replace("[questioned](#)", "questioned") for block in blocks if not block.startswith(apart)]


def test_the_given_file_is_unchanged() -> None:
    digest = hashlib.sha256((SEEDS / GIVEN).read_bytes()).hexdigest()
    assert digest == "5061a7b78d54400c1bafb42f4c011ee17f63ef4913b4e16a8965b2ecd27bdbf5"


@every_output
def test_its_headline(output: str) -> None:
    assert given(output).headline == "Putin and Trump Set to Meet in Paris on Nov. 11"


@every_output
def test_its_author_is_an_organization(output: str) -> None:
    assert given(output).author == (Organization(name="Reuters"),)


@every_output
def test_its_date_is_a_day(output: str) -> None:
    assert given(output).date_published == date(2018, 10, 24)
    assert type(given(output).date_published) is date


@every_output
def test_its_missing_picture_has_caption_and_credit(output: str) -> None:
    assert given(output).image == (Image(caption="Donald Trump", credit_text="Kremlin.ru"),)


@every_output
def test_its_related_article_has_the_title_as_it_was_typed_and_no_address(output: str) -> None:
    title = "Trump Delays Putin Meeting Until 'After the Russia Witch Hunt is Over,' Bolton Says"
    assert given(output).citation == (Link(name=title),)


@every_output
def test_it_says_where_it_first_appeared(output: str) -> None:
    assert given(output).is_based_on == "https://www.themoscowtimes.com/2018/10/24/putin-trump-meet-paris-november-11-a63282"


@every_output
def test_its_text_is_every_paragraph_as_it_was_typed_and_nothing_else(output: str) -> None:
    """No byline, date, caption, related article or address; quotes stay as straight as they were."""
    assert len(written_paragraphs()) == 12
    assert paragraphs(given(output).body) == written_paragraphs()


@every_output
def test_its_dead_link_is_plain_text(output: str) -> None:
    assert "Trump questioned the findings" in given(output).body
    assert "<a" not in given(output).body


def test_the_canonical_address_of_its_page_is_where_it_first_appeared() -> None:
    page = markup.parse_html((newsroom() / "exports" / page_of(article())).read_bytes())
    assert [each.get("href") for each in page.iterfind(".//link[@rel='canonical']")] == [article().is_based_on]


def test_nothing_is_shown_in_place_of_its_missing_picture() -> None:
    page = markup.parse_html((newsroom() / "exports" / page_of(article())).read_bytes())
    assert [each.tag for each in page.iterfind(".//article//*") if each.tag in ("img", "figure", "figcaption")] == []
    assert "Kremlin.ru" not in "".join(str(text) for each in page.iterfind(".//article") for text in each.itertext())


def test_what_was_guessed_or_left_is_told_with_its_line() -> None:
    found = desk.read(newsroom() / "seeds" / GIVEN).problems
    told = {(each.code, each.location.line, str(each.severity)) for each in found}
    assert told >= {
        ("clipping-dead-link", 5, "info"),
        ("clipping-picture-missing", 11, "info"),
        ("clipping-related-without-address", 17, "info"),
        ("clipping-dead-link", 33, "info"),
    }


# -- what the seeds show --------------------------------------------------------------------------------------------------


def values(value: object) -> Iterator[object]:
    """Yield a value of the model and all that is in it."""
    yield value
    if is_dataclass(value):
        for field in fields(value):
            yield from values(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            yield from values(each)


MODEL = (Publication, Article, Person, Organization, Image, Media, Link, Place, Correction)
UNWRITTEN = {"Publication.date_modified"}
"""What no source can say: feeds give the date of the newest change."""


def test_the_seeds_together_use_every_field_of_the_model() -> None:
    known = {f"{kind.__name__}.{field.name}" for kind in MODEL for field in fields(kind)}
    used = {
        f"{type(each).__name__}.{field.name}"
        for each in values(source())
        if is_dataclass(each)
        for field in fields(each)
        if getattr(each, field.name) not in (None, (), "")
    }
    assert sorted(known - used) == sorted(UNWRITTEN)


def test_the_seeds_together_use_every_kind_of_date() -> None:
    dates = [each for each in values(source()) if isinstance(each, date)]
    assert {type(each).__name__ for each in dates} == {"date", "datetime"}
    assert min(dates, key=lambda each: each.year).year < 1970
    assert len({each.utcoffset() for each in dates if isinstance(each, datetime)}) > 2


def elements_that_bodies_can_have() -> set[str]:
    """Return every element that is still there when a body with all of them has been cleaned."""
    blocks = (elements.BOUNDARIES | elements.PLAYERS | elements.INLINE | set(elements.RENAMED) | {"img", "br", "wbr"}) - {"html", "body"}
    inside = {
        "li": "<ul><li>x</li></ul>",
        "dt": "<dl><dt>x</dt><dd>y</dd></dl>",
        "rt": "<p><ruby>x<rt>y</rt></ruby></p>",
        "tr": "<table><caption>c</caption><thead><tr><th>x</th></tr></thead><tbody><tr><td>y</td></tr></tbody><tfoot><tr><td>z</td></tr></tfoot></table>",
        "figure": "<figure><img src='https://e.org/a.png' alt=''><figcaption>c</figcaption></figure>",
        "div": "<div role='doc-endnotes'><p>x</p></div>",
        "h6": "".join(f"<h{level}>x</h{level}>" for level in range(1, 7)),
    }
    attributes = "href='https://e.org/' src='https://e.org/a' dir='rtl' lang='ar' datetime='2018' alt=''"
    made = "".join(inside.get(tag, f"<{tag} {attributes}>x</{tag}>") for tag in sorted(blocks))
    return set(re.findall(r"<([a-z0-9]+)", markup.clean(made)))


def test_the_seeds_together_use_every_element_that_a_body_can_have() -> None:
    allowed = elements_that_bodies_can_have()
    used = {tag for each in source().articles for tag in re.findall(r"<([a-z0-9]+)", each.body)}
    assert len(allowed) > 50
    assert sorted(allowed - used) == []


def test_the_seeds_are_of_many_kinds() -> None:
    articles = source().articles
    assert {each.type for each in articles} <= set(ARTICLE_TYPES)
    assert "OpinionNewsArticle" in {each.type for each in articles}
    assert {each.in_language for each in articles} >= {"en", "ar", "ja", "ru", "de"}
    assert max(len(each.author) for each in articles) > 1


def test_the_translations_among_the_seeds_know_each_other() -> None:
    pairs = {(each.url, link.url) for each in source().articles for link in each.translations}
    assert pairs
    assert pairs == {(second, first) for first, second in pairs}

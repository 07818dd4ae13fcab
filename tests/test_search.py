"""Search in the page: how words are cut, what the index holds, and that no visitor loads much of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from publisher import build, planning, settings
from publisher.article import Article, Person
from publisher.newsstand import search
from publisher.newsstand.search import Part, fold, parts, terms
from publisher.outputs import Output
from publisher.problems import Problem
from publisher.settings import Settings
from publisher.themes import pages

SITE = "https://lantern.example/"
PAGE = f"{SITE}search.html"
TOML = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "{language}"\nsince = "2026"\n[site]\nsearch = {on}\n'


def known(language: str = "en", *, on: bool = True) -> Settings:
    return settings.read(TOML.format(language=language, on=str(on).lower()).encode())[0]


PUBLICATION = known().publication


def article(name: str, **more: Any) -> Article:
    return Article(**{"identifier": f"urn:{name}", "url": f"{SITE}articles/{name}.html", "headline": name, "body": "", **more})


def value(part: Part) -> Any:
    """Return what a script of the index gives to the page."""
    text = part.body.decode()
    assert text.startswith("publisherSearch(")
    name, found = json.loads("[" + text.removeprefix("publisherSearch(").removesuffix(");\n") + "]")
    assert name == part.name
    return found


def places(articles: list[Article]) -> dict[str, dict[int, int]]:
    """Return the weight of each term in each article, by the article's number."""
    found: dict[str, dict[int, int]] = {}
    for part in parts(PUBLICATION, articles, PAGE):
        for term, steps in value(part).items() if part.name.startswith("words-") else ():
            place, own = 0, found.setdefault(term, {})
            for step in steps:
                place += step
                own[place >> 2] = place & 3
    return found


# -- words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leuchttürme", "leuchtturme"),
        ("STRASSE straße", "strasse strasse"),
        ("Łódź, Ærø, Þing", "lodz, aero, thing"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Ἀθῆναι ΣΟΦΟΣ σοφός", "αθηναι σοφοσ σοφοσ"),
        ("ёлка Йод", "елка иод"),
        ("نُجُومٌ مدرســة أسماء", "نجوم مدرسه اسماء"),
        ("שָׁלוֹם", "שלום"),
        ("ガラス がらす", "ガラス がらす"),
        ("ｆｕｌｌ　１２", "full 12"),
        ("हिन्दी", "हिन्दी"),
        ("한국어", "한국어"),
    ],
)
def test_what_people_leave_out_is_left_out(text: str, expected: str) -> None:
    assert fold(text) == expected
    assert fold(expected) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The lamp's out, a 2nd time: 7!", ["the", "lamp", "out", "2nd", "time", "7"]),
        ("النجوم والبحر للبحر ال لله", ["نجوم", "بحر", "بحر", "ال", "لله"]),
        ("金継ぎ", ["金継", "継ぎ", "ぎ"]),
        ("2026年の春", ["2026", "年の", "の春", "春"]),
        ("茶 bowl茶碗", ["茶", "bowl", "茶碗", "碗"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("x" * 50, ["x" * 40]),
        ("", []),
    ],
)
def test_texts_are_cut_into_what_finds_them(text: str, expected: list[str]) -> None:
    assert list(terms(text)) == expected


# -- the index ------------------------------------------------------------------------------------------------------------


def test_the_headline_weighs_most() -> None:
    bells = article(
        "bells",
        headline="Six bells",
        description="Ringers at St Brannoc",
        body="<p>Six ringers pull ropes in a tower; Wren watches.</p>",
        author=(Person(name="Tobias Wren"),),
        keywords=("towers",),
    )
    found = places([bells, article("rope", body="<p>Ropes and bells</p>")])
    assert {term: found[term] for term in ("six", "bells", "ringers", "ropes", "wren", "towers", "tower")} == {
        "six": {0: 3},
        "bells": {0: 3, 1: 0},
        "ringers": {0: 2},
        "ropes": {0: 0, 1: 0},
        "wren": {0: 1},
        "towers": {0: 1},
        "tower": {0: 0},
    }


def test_a_part_tells_what_is_shown() -> None:
    given = article(
        "star", headline="أسماء", in_language="ar", article_section="Science", date_published=date(2026, 11, 7), description="x" * 400
    )
    (told, *_) = parts(PUBLICATION, [given], PAGE)
    ((url, headline, language, direction, section, day, shown, authors, standfirst),) = value(told)
    assert (url, headline, language, direction, section) == ("articles/star.html", "أسماء", "ar", "rtl", "Science")
    assert (day, shown, authors, len(standfirst)) == ("2026-11-07", "7 November 2026", "", 300)


def test_articles_without_an_address_are_not_found() -> None:
    assert places([article("a", url=None, headline="Hidden"), article("b", headline="Seen")]) == {"seen": {0: 3}}


def test_nothing_gives_an_index_of_nothing() -> None:
    (index,) = parts(PUBLICATION, [], PAGE)
    assert value(index) == {"count": 0, "size": 10, "articles": [], "words": [], "common": {}}


def test_parts_are_small_and_in_the_order_in_which_javascript_compares() -> None:
    # A character beyond the first 65,536 comes before U+FF21 there, since its first half is U+D840.
    words = " ".join(f"w{number}" for number in range(3000))
    several = parts(PUBLICATION, [article(str(number), body=f"<p>{words} 𠀀 ﬀ ﾊ Ａ</p>") for number in range(30)], PAGE)
    head = value(several[-1])
    assert several[-1].name == "index"
    firsts = [first for first, _ in head["words"]]
    assert len(firsts) > 3
    assert firsts == sorted(firsts, key=lambda each: each.encode("utf-16-be"))
    assert max(len(each.body) for each in several) < 17_000
    named = {*head["articles"], *(name for _, name in head["words"]), "index"}
    assert named == {each.name for each in several}


def test_what_half_of_many_articles_have_leads_to_the_newest() -> None:
    several = [
        article(str(number), headline=f"n{number}", body="<p>the ferry</p>" if number else "<p>the lamp</p>") for number in range(120)
    ]
    head = value(parts(PUBLICATION, several, PAGE)[-1])
    assert {term: len(found) for term, found in head["common"].items()} == {"ferry": 30, "the": 30}
    assert head["common"]["ferry"][:2] == [4, 4]
    assert places(several)["lamp"] == {0: 0}


def test_the_same_articles_give_the_same_index_and_others_have_other_names() -> None:
    first, again = (parts(PUBLICATION, [article("a", body="<p>One</p>")], PAGE) for _ in range(2))
    other = parts(PUBLICATION, [article("a", body="<p>Two</p>")], PAGE)
    assert first == again
    assert [each.name for each in first][:1] == [each.name for each in other][:1]
    assert [each.name for each in first][1] != [each.name for each in other][1]


# -- the page -------------------------------------------------------------------------------------------------------------


def planned(known_: Settings) -> list[Output]:
    given = replace(known_.publication, articles=(article("a"),))
    return [each for each in planning.plan(given, known_, lambda _: None, ("webpage",)) if each.format == "search"]


def test_there_is_no_search_unless_it_is_asked_for() -> None:
    assert planned(known(on=False)) == []
    paths = [each.path.partition("-")[0] for each in planned(known())]
    # The headline "a" is no word that anybody searches for.
    assert paths == ["search.html", "search/articles", "search/index.js"]


def rendered(known_: Settings) -> dict[str, tuple[bytes, tuple[Problem, ...]]]:
    return {each.path: (each.body, each.problems) for each in build.render_all(planned(known_))}


def test_only_this_page_lets_a_script_run() -> None:
    body, problems = rendered(known())["search.html"]
    page = body.decode()
    assert "script-src 'self' 'sha256-" in page.replace("&#39;", "'")
    assert "form-action 'self'" in page.replace("&#39;", "'")
    assert page.count("<script src=") == 0
    assert problems == ()


@pytest.mark.parametrize("language", ["en", "ar", "ja", "zh-TW", "de-AT", "pt-PT", "eu"])
def test_the_page_speaks_the_language_of_the_publication(language: str) -> None:
    page = rendered(known(language))["search.html"][0].decode()
    said = search.wording(pages.words(language).language)
    assert f'data-nothing="{said.nothing}"' in page
    assert "{n}" in said.found
    assert (said.found == search.wording("en").found) == (language in ("en", "eu"))


def test_every_language_of_the_pages_has_words_for_the_search() -> None:
    spoken = {pages.words(each).language for each in pages._known_words()} - {"en", "en-US", "und"}
    english = search.wording("en")
    assert [each for each in sorted(spoken) if search.wording(each) == english] == []
    assert len(spoken) >= 25


def test_the_script_and_the_index_agree() -> None:
    """What both say has to be changed in both."""
    text = (Path(search.__file__).parents[1] / "themes/search.js").read_text()
    assert all(f'"{letter}": "{plain}"' in text for letter, plain in ((chr(code), plain) for code, plain in search._LETTERS.items()))
    spelled = "".join(
        each if each == "-" else f"\\\\u{ord(each):04x}" if ord(each) < 0x10000 else f"\\\\u{{{ord(each):x}}}" for each in search._NO_SPACES
    )
    assert f'"{spelled}"' in text


def test_the_script_stays_the_same_when_it_is_put_into_one_line() -> None:
    text = (Path(search.__file__).parents[1] / "themes/search.js").read_text()
    code = search._script_of_page()
    assert ("\n" in code, "//" in code, "</" in code) == (False, False, False)
    assert [line for line in text.splitlines() if line.split(" // ")[0].rstrip().endswith((")", "]", '"', "`"))] == []

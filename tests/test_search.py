"""Search in the page: how words are cut, what the index holds, and that no visitor loads much of it."""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import build, planning, settings
from publisher.article import Article, Person
from publisher.newsstand import search
from publisher.newsstand.search import Part, fold, parts, periods, terms
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


def listed(several: list[Part]) -> list[dict[str, Any]]:
    """Return the periods of an index."""
    assert several[-1].name == "index"
    found: list[dict[str, Any]] = value(several[-1])
    return found


def places(articles: list[Article]) -> dict[str, dict[int, int]]:
    """Return the weight of each term in each article, by the article's number: 0 for the newest."""
    several = parts(PUBLICATION, articles, PAGE)
    words = {part.name: value(part) for part in several}
    found: dict[str, dict[int, int]] = {}
    first = 0
    for period in listed(several):
        for name in names(period, "words"):
            for term, steps in words[name].items():
                found.setdefault(term, {}).update((len(articles) - 1 - first - place // 4, place % 4) for place in accumulate(read(steps)))
        first += period["count"]
    return found


def names(period: dict[str, Any], kind: str) -> list[str]:
    """Return the names of the parts of a period."""
    digests = period[kind]["digests"]
    return [f"{kind}-{period['from']}-{digests[each * 8 : each * 8 + 8]}" for each in range(len(period[kind]["firsts"]))]


def read(steps: str) -> Iterator[int]:
    """Yield numbers from digits to the base 46, as the script does."""
    number = 0
    for code in map(ord, steps):
        digit = code - 32 - (code > 34) - (code > 60) - (code > 92)
        number = number * 46 + digit % 46
        if digit < 46:
            yield number
            number = 0


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
    assert places([article("b", headline="Seen"), article("a", url=None, headline="Hidden")]) == {"seen": {1: 3}}


def test_nothing_gives_an_index_of_nothing() -> None:
    (index,) = parts(PUBLICATION, [], PAGE)
    assert value(index) == []


def test_parts_are_small_and_in_the_order_in_which_javascript_compares() -> None:
    # A character beyond the first 65,536 comes before U+FF21 there, since its first half is U+D840.
    words = " ".join(f"w{number}" for number in range(3000))
    several = parts(PUBLICATION, [article(str(number), body=f"<p>{words} 𠀀 ﬀ ﾊ Ａ</p>") for number in range(30)], PAGE)
    (period,) = listed(several)
    firsts = period["words"]["firsts"]
    assert len(firsts) > 3
    assert firsts == sorted(firsts, key=lambda each: each.encode("utf-16-be"))
    assert max(len(each.body) for each in several) < 12_100
    assert {*names(period, "articles"), *names(period, "words"), "index"} == {each.name for each in several}
    assert period["count"] == 30


def test_each_word_is_in_the_part_that_the_list_says() -> None:
    several = parts(PUBLICATION, NEWS, PAGE)
    words = {part.name: value(part) for part in several}
    for period in listed(several):
        firsts = [each.encode("utf-16-be") for each in period["words"]["firsts"]]
        for place, name in enumerate(names(period, "words")):
            assert {bisect(firsts, term.encode("utf-16-be")) - 1 for term in words[name]} == {place}


@given(st.lists(st.integers(0, 10**12), min_size=1))
def test_numbers_are_read_as_they_were_written(numbers: list[int]) -> None:
    assert list(accumulate(read(search._steps(sorted(numbers))))) == sorted(numbers)


@given(st.lists(st.integers(1, 3_652_059)).map(sorted))
def test_every_day_is_in_one_period_which_begins_at_a_multiple_of_its_length(days: list[int]) -> None:
    found = list(periods(days))
    assert [place for _, start, end in found for place in range(start, end)] == list(range(len(days)))
    assert [first for first, _, _ in found] == sorted({first for first, _, _ in found})
    for (first, start, end), (later, _, _) in pairwise((*found, (1 << 22, 0, 0))):
        assert first <= days[start] <= days[end - 1] < later


def test_more_articles_are_in_more_and_in_larger_periods() -> None:
    found = [[end - start for _, start, end in periods([each * 7300 // count for each in range(count)])] for count in (100, 1000, 10_000)]
    assert [(len(each), max(each)) for each in found] == [(2, 57), (7, 158), (15, 702)]
    assert [len(list(periods([day] * 2000))) for day in (1, 738_000)] == [1, 1], "a day is not divided"


# -- what an edit touches -------------------------------------------------------------------------------------------------


def news(number: int) -> Article:
    """One of a row, ten days after that before it, with words of its own and some of others."""
    words = " ".join(f"word{number * other % 997}" for other in range(1, 150))
    texts = {"headline": f"Ferry {number}", "description": f"Trip {number} of many", "body": f"<p>The harbour. {words}</p>"}
    return article(f"ferry-{number}", date_published=date(2010, 1, 1) + timedelta(10 * number), **texts)


NEWS = [news(number) for number in reversed(range(400))]
"""The newest first."""


def written(articles: list[Article], former: list[Article] = NEWS) -> list[str]:
    """Return the names of the parts that are not there yet, without the list of parts."""
    before = {each.name for each in parts(PUBLICATION, former, PAGE)}
    return [each.name for each in parts(PUBLICATION, articles, PAGE) if each.name not in before]


def in_one_period(names_: list[str]) -> bool:
    return len({name.partition("-")[2].rpartition("-")[0] for name in names_}) == 1


@pytest.mark.parametrize("number", [0, 200, 399])
def test_an_article_that_comes_or_goes_touches_its_period_only(number: int) -> None:
    rest = [each for each in NEWS if each.identifier != f"urn:ferry-{number}"]
    total = len(parts(PUBLICATION, NEWS, PAGE))
    for names_ in (written(NEWS, rest), written(rest)):
        assert in_one_period(names_)
        assert len([each for each in names_ if each.startswith("articles-")]) <= 2
        assert len(names_) < total / 2


def test_a_word_more_touches_its_part_only() -> None:
    changed = [replace(each, body=each.body.replace("harbour", "harbour corrigendum")) if each is NEWS[200] else each for each in NEWS]
    (name,) = written(changed)
    assert name.startswith("words-")


def test_another_title_touches_its_words_and_its_record_only() -> None:
    changed = [replace(each, headline="Steamer") if each is NEWS[200] else each for each in NEWS]
    names_ = written(changed)
    assert in_one_period(names_)
    assert len([each for each in names_ if each.startswith("articles-")]) == 1
    assert len(names_) <= 4, "its record, the word that is new, and the two that are gone"


def test_the_order_of_articles_without_a_day_counts_too() -> None:
    several = [article("new", date_published=date(2026, 1, 1), headline="Lamp"), article("old", headline="Lamp")]
    assert places(several) == {"lamp": {0: 3, 1: 3}}
    assert [each["from"] for each in listed(parts(PUBLICATION, several, PAGE))] == ["0001-01-01", "1436-06-14"]


def test_a_word_of_all_articles_leads_to_all_of_them() -> None:
    assert len(places(NEWS)["harbour"]) == 400


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
    assert sorted(paths) == ["search.html", "search/index.js", "search/parts/articles"]


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

"""The rules for feeds: what each finds, what none of them calls wrong, where a problem is, and what can be repaired."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from publisher import formats
from publisher.problems import Problem, Rule, Severity, rules_in

HERE = Path(__file__).parent
CASES = HERE / "cases" / "feeds"
EXPORTS = HERE.parent / "exports"
rss, atom, jsonfeed = (formats.writer(name) for name in ("rss", "atom", "jsonfeed"))
FEEDS = {"rss": rss, "atom": atom, "json": jsonfeed}
LARGE = {"feed-too-large": "rss", "jsonfeed-too-large": "json"}
"""Rules about size, whose failing cases are made here."""

# -- every rule has a case that breaks it and one that does not -----------------------------------------------------------


def rules(ending: str) -> dict[str, Rule[Any]]:
    return {each.code: each for each in rules_in(vars(vars(FEEDS[ending])["rules"]))}


RULES = {code: each for ending in FEEDS for code, each in rules(ending).items()}


def cases(verdict: str) -> list[Any]:
    return [pytest.param(path, id=path.name) for path in sorted(CASES.glob(f"*.{verdict}.*"))]


def check(path: Path) -> list[Problem]:
    return FEEDS[path.suffix[1:]].check(path.read_bytes())


def code_of(path: Path) -> str:
    return path.name.partition(".")[0]


def alarms(problems: list[Problem]) -> list[str]:
    """What is worse than advice."""
    return [f"{each.location}: {each.code}: {each.message}" for each in problems if each.severity > Severity.INFO]


@pytest.mark.parametrize("path", cases("fail"))
def test_a_failing_case_breaks_its_rule_and_no_other(path: Path) -> None:
    problems = check(path)
    assert code_of(path) in {each.code for each in problems}
    assert {each.code for each in problems if each.severity == Severity.ERROR} <= {code_of(path)}


@pytest.mark.parametrize("path", cases("pass"))
def test_a_passing_case_keeps_its_rule(path: Path) -> None:
    problems = check(path)
    assert code_of(path) not in {each.code for each in problems}
    assert [each.code for each in problems if each.severity == Severity.ERROR] == []


def test_every_rule_has_both_cases_and_every_case_a_rule() -> None:
    for verdict in ("fail", "pass"):
        assert {code_of(path) for path in CASES.glob(f"*.{verdict}.*")} | set(LARGE) == set(RULES)
    assert {path.name.rsplit(".", 2)[1] for path in CASES.glob("*.*.*")} == {"fail", "pass"}


@pytest.mark.parametrize("code", LARGE)
def test_a_large_feed_breaks_only_the_rule_about_size(code: str) -> None:
    small = (EXPORTS / f"feed.{LARGE[code]}").read_bytes()
    large = FEEDS[LARGE[code]].check(small + b" " * 2_000_000)
    assert [each.code for each in large] == [code]
    assert FEEDS[LARGE[code]].check(small) == []


def test_there_are_as_many_rules_as_promised() -> None:
    assert len(rules("rss").keys() | rules("atom").keys()) >= 60
    assert len(rules("json")) >= 20


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_explains_itself(code: str) -> None:
    each = RULES[code]
    assert code.startswith(("rss-", "atom-", "feed-", "jsonfeed-"))
    assert each.explanation.strip().endswith(".")
    assert len(each.explanation.split()) > 5
    assert each.hint
    assert each.hint[0].islower()
    assert each.spec.startswith("https://")


# -- good feeds -----------------------------------------------------------------------------------------------------------

GOOD = sorted((CASES / "good").iterdir())


@pytest.mark.parametrize("path", GOOD, ids=[each.name for each in GOOD])
def test_a_good_feed_gives_no_alarm(path: Path) -> None:
    assert alarms(check(path)) == []


@pytest.mark.parametrize("ending", FEEDS)
def test_our_own_feeds_give_no_alarm(ending: str) -> None:
    assert alarms(check(EXPORTS / f"feed.{ending}")) == []


# -- where ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", cases("fail"))
def test_a_problem_has_a_place(path: Path) -> None:
    for each in check(path):
        assert each.location.line >= 1, each.code


def test_a_problem_in_xml_has_line_column_and_path() -> None:
    (found,) = [each for each in check(CASES / "rss-ttl.fail.rss") if each.code == "rss-ttl"]
    assert (found.location.line, found.location.column, found.location.pointer) == (10, 5, "/rss/channel/ttl")
    assert found.message == "the ttl is '1 hour'"


def test_a_problem_in_json_has_line_column_and_path() -> None:
    (found,) = [each for each in check(CASES / "jsonfeed-tag-empty.fail.json") if each.code == "jsonfeed-tag-empty"]
    assert (found.location.line, found.location.column, found.location.pointer) == (15, 9, "/items/0/tags/1")


def test_what_is_not_well_formed_has_line_and_column() -> None:
    (found,) = rss.check(b'<rss version="2.0">\n  <channel>\n  <title>Cod & chips</title></channel></rss>')
    assert (found.code, found.location.line, found.location.column) == ("xml-malformed", 3, 15)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("<rss>Cod & chips</rss>", "write &amp; for &"),
        ("<rss>Cod&nbsp;chips</rss>", "declare the prefix; for a character write itself, or its number such as &#160;"),
        ("\n<?xml version='1.0'?><rss/>", "remove what is before <?xml"),
        ("<rss><a><b></a></b></rss>", "close every element, the inner one first"),
    ],
)
def test_what_is_not_well_formed_has_advice(body: str, hint: str) -> None:
    assert rss.check(body.encode())[0].hint == hint


def test_a_long_value_is_cut() -> None:
    feed = (CASES / "rss-ttl.fail.rss").read_text().replace("1 hour", "x" * 500)
    (found,) = [each for each in rss.check(feed.encode()) if each.code == "rss-ttl"]
    assert len(found.message) < 100


def test_what_is_wrong_in_every_item_is_told_often_enough() -> None:
    item = "<item><title>Cod</title><pubDate>never</pubDate></item>"
    head = "<title>Herald</title><link>https://herald.example/</link><description>News</description>"
    found = rss.check(f'<rss version="2.0"><channel>{head}{item * 300}</channel></rss>'.encode())
    dates = [each for each in found if each.code == "rss-date-malformed"]
    assert len(dates) == 100
    assert dates[-1].message.endswith("there are more of these")

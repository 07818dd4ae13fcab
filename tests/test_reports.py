"""Reports: the same problems for people, for GitHub, for code scanning and for test runners."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from publisher import docs, reports, settings
from publisher.problems import Location, Problem, PublisherError, Severity
from publisher.reports import Choice

GUID = Problem(
    code="rss-guid-missing",
    severity=Severity.WARNING,
    message="the item “50 %: a, b” has no guid",
    hint="add a guid",
    location=Location(path="out/a feed.rss", line=3, column=7, pointer="/rss/channel/item[2]"),
)
LINK = Problem(code="rss-link-malformed", severity=Severity.ERROR, message="no\naddress \x0b", location=Location(path="b.rss"))
ALT = Problem(code="page-alt-missing", severity=Severity.INFO, message="no alt", location=Location(path="a.html", line=2))
ALL = [GUID, LINK, ALT]


def codes(choice: Choice) -> list[str]:
    return [each.code for each in choice(ALL)]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), ["rss-guid-missing", "rss-link-malformed", "page-alt-missing"]),
        (Choice(select=("rss",)), ["rss-guid-missing", "rss-link-malformed"]),
        (Choice(ignore=("rss-guid", "page-alt-missing")), ["rss-link-malformed"]),
        (Choice(select=("rss",), ignore=("rss-link",)), ["rss-guid-missing"]),
        (Choice(baseline=("rss-guid-missing out/a feed.rss", "rss-link-malformed other.rss")), ["rss-link-malformed", "page-alt-missing"]),
        (Choice(baseline=("rss-guid-missing out/*", "page-alt-missing")), ["rss-link-malformed"]),
        (Choice(baseline=("rss-guid-missing a feed.rss 1",), root="out"), ["rss-link-malformed", "page-alt-missing"]),
        (Choice(baseline=("rss-guid-missing out/a feed.rss 0",)), ["rss-guid-missing", "rss-link-malformed", "page-alt-missing"]),
        (Choice(baseline=("rss out/*",)), ["rss-guid-missing", "rss-link-malformed", "page-alt-missing"]),
    ],
    ids=[
        "all",
        "selected",
        "ignored",
        "both",
        "known in one file",
        "known in a folder",
        "below a folder",
        "none of them known",
        "a baseline names whole codes",
    ],
)
def test_what_counts(choice: Choice, expected: list[str]) -> None:
    assert codes(choice) == expected


def test_the_settings_say_what_counts() -> None:
    found, _ = settings.read(b'[check]\nselect = ["rss"]\nignore = ["rss-self"]\nbaseline = ["rss-guid-missing old/*"]\n')
    assert found.check == Choice(select=("rss",), ignore=("rss-self",), baseline=("rss-guid-missing old/*",))


def test_a_baseline_that_was_written_makes_all_known() -> None:
    written = reports.write("baseline", ALL, [], {})
    baseline = tomllib.loads(written)["check"]["baseline"]
    assert codes(Choice(baseline=tuple(baseline))) == []


def test_a_second_problem_of_a_known_kind_is_new() -> None:
    written = reports.write("baseline", ALL, [], {})
    known = Choice(baseline=tuple(tomllib.loads(written)["check"]["baseline"]))
    assert [each.code for each in known([*ALL, GUID])] == ["rss-guid-missing"]


def test_a_baseline_is_the_same_from_wherever_it_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    known = Choice(baseline=("rss-guid-missing out/a feed.rss 1",), root=str(tmp_path))
    absolute = replace(GUID, location=replace(GUID.location, path=str(tmp_path / "out/a feed.rss")))
    assert [list(known([each])) for each in (GUID, absolute)] == [[], []]


@pytest.mark.parametrize(
    "code", ["rss", "rss-guid-missing", "jsonld-no-article", "markdown-key", "source-media-missing", "epubcheck-rsc-005", "xml-malformed"]
)
def test_codes_and_their_beginnings_are_known(code: str) -> None:
    assert list(reports.misspelt([code], docs.rules())) == []


@pytest.mark.parametrize("code", ["rss-title-with-mrkup", "nosuchrule", "atom-guid", "Rss"])
def test_what_is_no_code_is_told(code: str) -> None:
    assert list(reports.misspelt([code], docs.rules())) == [code]


def test_every_code_in_the_house_is_known() -> None:
    """Else `--ignore` would refuse it."""
    house = Path(reports.__file__).parent
    codes = {code for path in house.rglob("*.py") for code in re.findall(r'\bproblem\(\s*"([a-z0-9-]+)"', path.read_text("utf-8"))}
    assert len(codes) > 50
    assert set(reports.misspelt(codes, docs.rules())) == set()


def test_json_is_one_problem_a_line() -> None:
    lines = [json.loads(line) for line in reports.write("json", ALL, [], {}).splitlines()]
    assert lines[0] == {
        "code": "rss-guid-missing",
        "severity": "warning",
        "message": "the item “50 %: a, b” has no guid",
        "hint": "add a guid",
        "spec": "",
        "location": {"path": "out/a feed.rss", "line": 3, "column": 7, "pointer": "/rss/channel/item[2]"},
    }
    assert [line["code"] for line in lines] == [each.code for each in ALL]


def test_github_gets_a_command_a_line_with_its_marks_escaped() -> None:
    assert reports.write("github", ALL, [], {}).split("\n") == [
        "::warning file=out/a feed.rss,line=3,col=7,title=rss-guid-missing::the item “50 %25: a, b” has no guid%0Aadd a guid",
        "::error file=b.rss,title=rss-link-malformed::no%0Aaddress \x0b",
        "::notice file=a.html,line=2,title=page-alt-missing::no alt",
        "",
    ]


def test_sarif_has_the_rule_and_the_place() -> None:
    log = json.loads(reports.write("sarif", ALL, ["out/a feed.rss", "b.rss", "a.html"], docs.rules()))
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    result = run["results"][0]
    assert (log["version"], rules[result["ruleIndex"]]["id"], result["level"]) == ("2.1.0", "rss-guid-missing", "warning")
    assert rules[result["ruleIndex"]]["helpUri"].startswith("https://")
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "out/a%20feed.rss"}, "region": {"startLine": 3, "startColumn": 7}},
            "logicalLocations": [{"fullyQualifiedName": "/rss/channel/item[2]"}],
        }
    ]


def test_junit_has_a_case_for_each_file_and_information_does_not_fail() -> None:
    suite = ElementTree.fromstring(reports.write("junit", ALL, ["out/a feed.rss", "b.rss", "a.html", "good.atom"], {})).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    failures = {case.get("name"): [failure.get("type") for failure in case.findall("failure")] for case in suite}
    assert failures == {"out/a feed.rss": ["rss-guid-missing"], "b.rss": ["rss-link-malformed"], "a.html": [], "good.atom": []}


def test_a_rule_is_explained_by_its_code() -> None:
    text = docs.explained("rss-guid-missing")
    assert text.startswith("rss-guid-missing (warning)\n\n")
    assert "\n\n→ " in text
    assert "https://" in text


@pytest.mark.parametrize("code", ["markdown-unknown-key", "source-link-dead", "epub-cover-unusable"])
def test_a_code_that_no_rule_has_is_said_to_be_told_elsewhere(code: str) -> None:
    with pytest.raises(PublisherError, match="is no rule of `check`") as error:
        docs.explained(code)
    assert "reading or building" in error.value.problems[0].hint


def test_a_misspelt_code_is_answered_with_the_closest() -> None:
    with pytest.raises(PublisherError, match="there is no rule") as error:
        docs.explained("rss-guid-mising")
    assert error.value.problems[0].hint == "did you mean 'rss-guid-missing'?"

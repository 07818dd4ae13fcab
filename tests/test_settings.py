"""`publisher.toml`: what it sets, what is assumed without it, and how mistakes are told."""

from __future__ import annotations

import contextlib
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import settings
from publisher.archives import Limits
from publisher.article import Image, Organization, Person, Publication
from publisher.issues import Selection
from publisher.problems import PublisherError, Severity

FULL = """
[publication]
name = "The Moscow Times"
alternate_name = "MT"
url = "https://www.themoscowtimes.com"
description = "News from Russia"
language = "en_us"
license = "CC BY-SA 4.0"
copyright_notice = "© 2018 The Moscow Times"
image = { src = "media/cover.png", alt = "The front page", credit = "MT" }
since = 1992-10-01
time_zone = "Europe/Moscow"
sections = ["News", "Opinion"]

[publisher]
name = "Stichting The Moscow Times"
url = "https://www.themoscowtimes.com/about"
email = "desk@themoscowtimes.com"
logo = "/media/logo.png"
same_as = ["https://en.wikipedia.org/wiki/The_Moscow_Times"]

[authors."Reuters"]
url = "https://www.reuters.com/"

[authors."Jane Doe"]
email = "jane@example.org"
image = "media/jane.jpg"

[authors."Bellingcat"]
type = "Organization"

[feeds]
size = 20
hub = "https://hub.example.org/"

[markdown]
smart = true
"""


def problems_of(toml: str) -> list[tuple[int, str, str]]:
    """Line, code and hint of what is wrong."""
    with pytest.raises(PublisherError) as raised:
        settings.read(toml.encode())
    assert all(each.severity == Severity.ERROR for each in raised.value.problems)
    return [(each.location.line, each.code, each.hint) for each in raised.value.problems]


def test_everything_can_be_set() -> None:
    found, problems = settings.read(FULL.encode())
    site = "https://www.themoscowtimes.com/"
    house = Organization(
        name="Stichting The Moscow Times",
        url="https://www.themoscowtimes.com/about",
        email="desk@themoscowtimes.com",
        logo=Image(content_url=f"{site}media/logo.png"),
        same_as=("https://en.wikipedia.org/wiki/The_Moscow_Times",),
    )
    assert problems == ()
    assert found.publication == Publication(
        identifier=site,
        name="The Moscow Times",
        url=site,
        alternate_name="MT",
        description="News from Russia",
        in_language="en-US",
        publisher=house,
        image=Image(content_url=f"{site}media/cover.png", description="The front page", credit_text="MT"),
        license="https://creativecommons.org/licenses/by-sa/4.0/",
        copyright_notice="© 2018 The Moscow Times",
        sections=("News", "Opinion"),
    )
    assert dict(found.parties) == {
        "stichting the moscow times": house,
        "reuters": Organization(name="Reuters", url="https://www.reuters.com/"),
        "jane doe": Person(name="Jane Doe", email="jane@example.org", image=Image(content_url=f"{site}media/jane.jpg")),
        "bellingcat": Organization(name="Bellingcat"),
    }
    assert (found.since, found.time_zone) == ("1992-10-01", ZoneInfo("Europe/Moscow"))
    assert (found.site.feed_size, found.site.hub, found.smart) == (20, "https://hub.example.org/", True)


def test_a_context_has_what_readers_need() -> None:
    found, _ = settings.read(FULL.encode())
    context = found.context("news/a.txt")
    assert (context.publication, context.parties, context.time_zone) == (found.publication, found.parties, found.time_zone)
    assert (context.path, context.since, context.smart) == ("news/a.txt", "1992-10-01", True)


def test_without_a_file_all_is_assumed_and_said_once() -> None:
    found, problems = settings.read(None)
    house = Organization(name="example.org", url="https://example.org/")
    assert found.publication == Publication(
        identifier="https://example.org/", name="example.org", url="https://example.org/", in_language="en", publisher=house
    )
    assert (found.site.feed_size, found.site.hub, found.smart, found.time_zone) == (40, None, False, None)
    assert [(each.code, each.severity) for each in problems] == [("settings-missing", Severity.INFO)]
    assert "the publication is called example.org and lives at https://example.org/" in problems[0].message


def test_each_assumption_is_said() -> None:
    found, problems = settings.read(b'[publication]\nurl = "https://lantern.example/news?x#y"')
    assert (found.publication.name, found.publication.url) == ("lantern.example", "https://lantern.example/news/")
    assert [each.code for each in problems] == ["settings-no-name", "settings-no-language", "settings-no-since"]


def test_the_publisher_can_be_a_person() -> None:
    found, _ = settings.read(b'[publication]\nname = "Notes"\n[publisher]\ntype = "Person"\nname = "Jane Doe"\nlogo = "jane.png"')
    assert found.publication.publisher == Person(name="Jane Doe", image=Image(content_url="https://example.org/jane.png"))


@pytest.mark.parametrize("since", ["2018", "'2018-10'", "2018-10-24", "'2018-10-24'"])
def test_a_domain_is_owned_since_a_year_or_a_day(since: str) -> None:
    found, _ = settings.read(f"[publication]\nsince = {since}".encode())
    assert found.since == since.strip("'")


def test_a_file_may_come_from_windows() -> None:
    found, _ = settings.read("\ufeff[publication]\r\nname = 'Ж'\r\n".encode("utf-16"))
    assert found.publication.name == "Ж"


WRONG = {
    'nmae = "x"': ("settings-unknown-key", "did you mean 'name'?"),
    'headline = "x"': ("settings-unknown-key", "use name, alternate_name, url, description"),
    "name = 5": ("settings-wrong-type", 'put it in quotes, such as "text"'),
    "name = [1]": ("settings-wrong-type", 'put it in quotes, such as "text"'),
    'url = "example.org"': ("settings-bad-url", 'write it in full, such as "https://example.org/"'),
    'url = "javascript:x"': ("settings-bad-url", 'write it in full, such as "https://example.org/"'),
    'language = "english!"': ("settings-bad-language", 'write a BCP 47 tag, such as "en" or "pt-BR"'),
    'time_zone = "Berlin"': ("settings-bad-time-zone", "did you mean 'Europe/Berlin'?"),
    'time_zone = "Europe/Berln"': ("settings-bad-time-zone", "did you mean 'Europe/Berlin'?"),
    'time_zone = "../etc/passwd"': ("settings-bad-time-zone", 'write a name such as "Europe/Berlin"'),
    'time_zone = "Europe"': ("settings-bad-time-zone", ""),
    "since = true": ("settings-wrong-type", 'put it in quotes, such as "text"'),
    'since = "long ago"': ("settings-bad-date", "write the year or the day from which you own the domain"),
    'license = "mine"': ("settings-bad-license", 'write its URL, or "CC BY 4.0"'),
    'sections = "News"': ("settings-wrong-type", 'write ["one", "two"]'),
    "sections = [1]": ("settings-wrong-type", 'write ["one", "two"]'),
    'image = { source = "x" }': ("settings-unknown-key", "did you mean 'src'?"),
    "image = 5": ("settings-wrong-type", 'put it in quotes, such as "text"'),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_is_an_error_with_its_line_and_what_to_write(line: str) -> None:
    found = problems_of(f'[publication]\ndescription = """\nname = 1\n"""\n{line}\n')
    code, hint = WRONG[line]
    assert (found[0][0], found[0][1]) == (5, code)
    assert found[0][2].startswith(hint)


def test_all_mistakes_are_told_at_once_in_their_order() -> None:
    toml = '[publishr]\nx = 1\n[authors]\nJane = "x"\n[authors."Q"]\nemail = "x"\ntype = "Robot"\n'
    toml += '[feeds]\nsize = "40"\n[markdown]\nsmart = 1\n'
    assert [(line, code) for line, code, _ in problems_of(toml)] == [
        (1, "settings-unknown-table"),
        (4, "settings-wrong-type"),
        (6, "settings-bad-email"),
        (7, "settings-bad-value"),
        (9, "settings-wrong-type"),
        (11, "settings-wrong-type"),
    ]


def test_a_feed_has_at_least_one_article() -> None:
    assert problems_of("[feeds]\nsize = 0") == [(2, "settings-bad-number", "write a number from 1 up")]


def test_broken_toml_is_told_with_line_and_column() -> None:
    with pytest.raises(PublisherError) as raised:
        settings.read(b"[publication]\nname = Moscow Times\n")
    location = raised.value.problems[0].location
    assert (raised.value.problems[0].code, location.line, location.column) == ("toml-malformed", 2, 8)


TWICE = {
    '[publication]\nname = "a"\nurl = "b"\nname = "c"\nsince = "2026"\n': (4, "'name' is there twice"),
    '[publication]\nname = "a"\nname = """\nb\n"""\n': (3, "'name' is there twice"),
    "[site]\n[feeds]\n[site]\n": (3, "'site' is there twice"),
    "[publication]\nimage = { src = 'a', src = 'b' }\n": (2, "'src' is there twice"),
    "[publication]\nname = 'a'\nname = 'b'": (3, "'name' is there twice"),
}


@pytest.mark.parametrize("written", TWICE)
def test_a_key_that_is_there_twice_is_told_as_such(written: str) -> None:
    with pytest.raises(PublisherError) as raised:
        settings.read(written.encode())
    (found,) = raised.value.problems
    assert (found.code, found.hint) == ("toml-malformed", "keep one of them")
    assert (found.location.line, found.message) == TWICE[written]


@pytest.mark.parametrize("key", settings.KEYS, ids=lambda key: f"{key.table}.{key.name}")
def test_every_documented_key_is_read_and_refuses_a_wrong_type(key: settings.Key) -> None:
    """A time of day is no value of any key, so a key that takes it is not read at all."""
    table = {'authors."Name"': 'authors."Jane"', "image": "publication.image", "issues": "[issues]"}.get(key.table, key.table)
    found = [(line, code) for line, code, _ in problems_of(f"[{table}]\n{key.name} = 10:30:00") if not code.startswith("settings-no-")]
    assert found == [(2, "settings-wrong-type")]


ISSUES = """
[[issues]]
select = "all"

[[issues]]
select = "newest"
size = 20
name = "Fresh"

[[issues]]
select = "week"
since = 2026-11-04

[[issues]]
select = "list"
name = "Lights"
articles = ["lighthouse.md", "bells"]
"""


def test_issues_are_as_many_tables_as_there_are_kinds() -> None:
    found, _ = settings.read(ISSUES.encode())
    assert found.issues == (
        Selection(select="all", line=2),
        Selection(select="newest", size=20, name="Fresh", line=5),
        Selection(select="week", since=date(2026, 11, 4), line=10),
        Selection(select="list", name="Lights", articles=("lighthouse.md", "bells"), line=17),
    )


@pytest.mark.parametrize(
    ("since", "day"), [("2026", date(2026, 1, 1)), ('"2026-11"', date(2026, 11, 1)), ("2026-11-04", date(2026, 11, 4))]
)
def test_the_first_issue_may_be_of_a_year_a_month_or_a_day(since: str, day: date) -> None:
    found, _ = settings.read(f'[[issues]]\nselect = "month"\nsince = {since}\n'.encode())
    assert found.issues[0].since == day


WRONG_ISSUES = {
    'select = "weak"': [(4, "settings-bad-value", "did you mean 'week'?")],
    "select = 7": [(4, "settings-wrong-type", 'put it in quotes, such as "text"')],
    'selct = "week"': [
        (3, "settings-no-select", "write select, one of all, newest,"),
        (4, "settings-unknown-key", "did you mean 'select'?"),
    ],
    'select = "newest"': [(4, "settings-no-size", "write size")],
    'select = "newest"\nsize = 0': [(5, "settings-bad-number", "write a number from 1 up")],
    'select = "list"\nname = "x"': [(4, "settings-no-articles", "write articles")],
    'select = "list"\narticles = ["x"]': [(4, "settings-no-name", "write name")],
    'select = "week"\nsize = 5': [(5, "settings-unused-key", "take it out")],
    'select = "all"\nname = "x"': [(5, "settings-unused-key", "take it out")],
    'select = "week"\nsince = "2026-02-31"': [(5, "settings-bad-date", "write a day that the calendar has")],
    'select = "month"': [(4, "settings-issues-twice", "take it out, or say what is different; the other one is in line 1")],
}


@pytest.mark.parametrize("lines", WRONG_ISSUES)
def test_a_mistake_in_an_issue_is_told_with_its_own_line(lines: str) -> None:
    found = problems_of(f'[[issues]]\nselect = "month"\n[[issues]]\n{lines}\n')
    assert [
        (line, code, hint[: len(expected)]) for (line, code, hint), (_, _, expected) in zip(found, WRONG_ISSUES[lines], strict=True)
    ] == [*WRONG_ISSUES[lines]]


def test_issues_may_be_written_as_a_list_too() -> None:
    found, _ = settings.read(b'\nissues = [{ select = "week" }]\n')
    assert found.issues == (Selection(select="week", line=2),)
    assert problems_of('\nissues = [{ select = "weak" }]\n') == [(2, "settings-bad-value", "did you mean 'week'?")]


@pytest.mark.parametrize("toml", ['[issues]\nselect = "week"', 'issues = "week"', 'issues = ["week"]'])
def test_one_bracket_too_few_is_told(toml: str) -> None:
    assert problems_of(toml) == [(1, "settings-wrong-type", "write [[issues]], with two brackets")]


def test_the_documentation_has_every_key() -> None:
    page = settings.document()
    assert [key.name for key in settings.KEYS if f"| `{key.name}` | {key.type} |" not in page] == []


@given(
    st.one_of(
        st.binary(),
        st.text().map(lambda text: text.encode(errors="ignore")),
        st.text().map(lambda text: f"[publication]\n{text}".encode(errors="ignore")),
    )
)
def test_any_bytes_are_settings_or_an_error(body: bytes) -> None:
    with contextlib.suppress(PublisherError):
        assert settings.read(body)[0].publication.url.endswith("/")


def test_limits_are_read_in_megabytes() -> None:
    found, problems = settings.read(b"[limits]\nfile = 5\nmembers = 10\nratio = 7\nunpacked = 20\n")
    assert not [each for each in problems if each.severity == Severity.ERROR]
    assert found.limits == Limits(file=5_000_000, members=10, ratio=7, unpacked=20_000_000)
    assert found.context("a.md").limits == found.limits

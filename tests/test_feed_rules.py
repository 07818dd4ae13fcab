"""The rules for feeds: what each finds, what none of them calls wrong, where a problem is, and what can be repaired."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats
from publisher.feedrules import values
from publisher.feedrules.texts import Html, looks_like_html
from publisher.problems import Problem, Rule, Severity

HERE = Path(__file__).parent
CASES = HERE / "cases" / "feeds"
EXPORTS = HERE.parent / "exports"
rss, atom, jsonfeed = (formats.writer(name) for name in ("rss", "atom", "jsonfeed"))
FEEDS = {"rss": rss, "atom": atom, "json": jsonfeed}
LARGE = {"feed-too-large": "rss", "jsonfeed-too-large": "json"}
"""Rules about size, whose failing cases are made here."""

# -- every rule has a case that breaks it and one that does not -----------------------------------------------------------


def rules(ending: str) -> dict[str, Rule[Any]]:
    return {each.code: each for each in vars(FEEDS[ending])["rules"].RULES}


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


@pytest.mark.parametrize("ending", ["rss", "atom"])
@pytest.mark.parametrize("beside", ["", "&gt;"])
def test_a_space_that_does_not_break_is_text_whatever_else_is_there(ending: str, beside: str) -> None:
    body = (CASES / f"{ending}-text-stray.fail.{ending}").read_text("utf-8").replace("&gt;\n", f"\u00a0{beside}\n")
    assert f"{ending}-text-stray" in {each.code for each in FEEDS[ending].check(body.encode())}


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


def test_a_tag_without_end_costs_no_more_than_its_length() -> None:
    assert Html(f"<a {'x' * 300_000}>").attributes == []
    assert Html(f"<a x{' ' * 300_000}>").attributes == []
    assert not looks_like_html("<p " * 300_000)


def test_thousands_of_tags_are_looked_through_once() -> None:
    feed = (CASES / "jsonfeed-tag-empty.pass.json").read_text()
    tags = ", ".join(f'"{number}"' for number in range(50_000))
    assert "jsonfeed-tag-empty" not in {each.code for each in jsonfeed.check(feed.replace('"lamp"', tags).encode())}


# -- good feeds -----------------------------------------------------------------------------------------------------------

GOOD = sorted((CASES / "good").iterdir())


@pytest.mark.parametrize("path", GOOD, ids=[each.name for each in GOOD])
def test_a_good_feed_gives_no_alarm(path: Path) -> None:
    assert alarms(check(path)) == []


@pytest.mark.parametrize("ending", FEEDS)
def test_our_own_feeds_give_no_alarm(ending: str) -> None:
    assert alarms(check(EXPORTS / f"feed.{ending}")) == []


# -- how bad it is --------------------------------------------------------------------------------------------------------


def changed(name: str, old: str, new: str) -> dict[str, Severity]:
    """What is wrong with a passing case in which `new` stands for `old`, advice left out."""
    body = (CASES / name).read_text()
    assert old in body
    found = FEEDS[name.rpartition(".")[2]].check(body.replace(old, new, 1).encode())
    return {each.code: each.severity for each in found if each.severity > Severity.INFO}


GEORSS = "http://www.georss.org/georss"
ITUNES = "http://www.itunes.com/DTDs/Podcast-1.0.dtd"
FILE = 'length="0" type="application/x-bittorrent"'
INSTEAD_OF_TTL = {
    f'<g:point xmlns:g="{GEORSS} ">54 -3</g:point>': ("feed-namespace-misspelt", Severity.WARNING),
    f'<i:author xmlns:i="{ITUNES}">Ines</i:author>': ("feed-namespace-misspelt", Severity.WARNING),
    "<webMaster></webMaster>": ("rss-empty", Severity.WARNING),
    "<skipDays/>": ("rss-empty", Severity.WARNING),
    "<skipHours><hour>24</hour></skipHours>": ("rss-skip-hours", Severity.ERROR),
    f'<item><title>Cod</title><guid>https://a.example/1</guid><enclosure url="magnet:?xt=urn:btih:c9" {FILE}/></item>': (
        "rss-enclosure-malformed",
        Severity.ERROR,
    ),
}


@pytest.mark.parametrize("new", INSTEAD_OF_TTL)
def test_a_fault_in_rss_is_as_bad_as_its_specification_says(new: str) -> None:
    code, severity = INSTEAD_OF_TTL[new]
    assert changed("rss-ttl.pass.rss", "<ttl>60</ttl>", new) == {code: severity}


@pytest.mark.parametrize("new", ["<author><name/></author>", "<author><name>Ines</name><uri></uri></author>"])
def test_an_empty_name_or_address_in_atom_breaks_nothing(new: str) -> None:
    found = changed("atom-person-without-name.pass.atom", "<author><name>The Lantern</name></author>", new)
    assert found == {"atom-empty": Severity.WARNING, "atom-self-missing": Severity.WARNING}


def test_foreign_elements_are_allowed_in_atom() -> None:
    found = changed("atom-person-without-name.pass.atom", "<entry>", "<entry><pubDate xmlns=''>Sun, 04 Oct 2026 18:49:00 +0100</pubDate>")
    assert found == {"atom-rss-element": Severity.WARNING, "atom-self-missing": Severity.WARNING}


def test_a_content_that_is_null_is_missing() -> None:
    found = changed("jsonfeed-null.pass.json", '"<p>At 18:49 on Saturday …</p>"', "null")
    assert found == {"jsonfeed-content-missing": Severity.ERROR, "jsonfeed-null": Severity.WARNING}


def test_a_zone_with_a_colon_is_called_one() -> None:
    (found,) = [
        each for each in rss.check(rss_with("<pubDate>Tue, 27 Apr 2010 23:36:04 GMT+00:00</pubDate>", "")[0]) if each.code[:8] == "rss-date"
    ]
    assert found.message.endswith("its time zone has a colon")


@pytest.mark.parametrize(
    ("date", "why"),
    [
        ("", "the date is empty"),
        ("2024-04-06", "this is a date of ISO 8601"),
        ("2024-04-06T09:00:00Z", "this is how Atom writes dates"),
        ("04/05/2024", "day and month cannot be told apart"),
        ("04/25/2024", "the month is not in words"),
    ],
)
def test_a_date_is_refused_with_its_reason(date: str, why: str) -> None:
    (found,) = [each for each in rss.check(rss_with(f"<pubDate>{date}</pubDate>", "")[0]) if each.code == "rss-date-malformed"]
    assert found.message.endswith(why)


def test_an_empty_link_is_called_empty() -> None:
    feed = (CASES / "rss-ttl.pass.rss").read_text().replace("https://lantern.example/lamp", "")
    assert [each.message for each in rss.check(feed.encode()) if each.code == "rss-link-malformed"] == ["the link is empty"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:4000/lamp",
        "HTTP://LOCALHOST/lamp",
        "http://lantern.local/",
        "http://[::1]/",
        "https://https://lantern.example/",
        "https://lantern.example/undefined",
        "https://lantern.example/null?a=b",
        "https://lantern.example/None",
        "https://lantern.example/[object%20Object]",
    ],
)
def test_an_address_that_cannot_be_meant_is_told(address: str) -> None:
    assert values.unlikely(address)


@pytest.mark.parametrize(
    "address", ["https://localhost.example/", "https://web.example/https://lantern.example/", "https://a.example/null-island"]
)
def test_an_address_that_only_looks_odd_is_left_alone(address: str) -> None:
    assert not values.unlikely(address)


def test_two_alternates_may_be_without_a_type() -> None:
    feed = (CASES / "atom-alternate-repeated.pass.atom").read_text()
    links = '<link href="https://lantern.example/1"/><link href="https://lantern.example/2"/>'
    found = atom.check(feed.replace("<entry>", f"<entry>{links}").encode())
    assert "there are two alternates without a type" in {each.message for each in found}


@pytest.mark.parametrize(
    ("title", "wrong"),
    [
        ("The &lt;b> tag explained", False),
        ("When a &amp;lt; b", False),
        ("The &lt;b>lamp&lt;/b> turns", True),
        ("One&lt;br/>two", True),
        ("Cod &amp;amp; chips", True),
    ],
)
def test_a_title_may_be_about_html(title: str, wrong: bool) -> None:
    feed = (CASES / "rss-ttl.pass.rss").read_text().replace("The lamp turns again", title)
    assert ("rss-title-with-markup" in {each.code for each in rss.check(feed.encode())}) == wrong


def test_dates_that_are_spelled_otherwise_are_compared_as_dates() -> None:
    dates = '"date_published": "Sat, 06 Apr 2024 09:00:00 GMT", "date_modified": "2024-04-06T10:00:00Z", "summary"'
    assert changed("jsonfeed-null.pass.json", '"summary"', dates) == {"jsonfeed-date-malformed": Severity.ERROR}


@pytest.mark.parametrize(("value", "told"), [("true", "true"), ('{"a": null}', '{"a": null}')])
def test_a_value_of_json_is_shown_as_json_has_it(value: str, told: str) -> None:
    feed = (CASES / "jsonfeed-null.pass.json").read_text().replace('"tag:lantern.example,2026:lamp"', value)
    assert [each.message for each in jsonfeed.check(feed.encode()) if each.code[:11] == "jsonfeed-id"] == [f"the id is {told}"]


def test_text_in_front_of_a_feed_is_shown() -> None:
    (found,) = rss.check(b"<b>Warning</b>: no lamp\n" + (CASES / "rss-ttl.pass.rss").read_bytes())
    assert found.message == "there is text before the feed: '<b>Warning</b>: no lamp'"
    assert "prints" in found.hint


@pytest.mark.parametrize(
    ("body", "message", "hint", "place"),
    [
        ('{"a":\n 1,}', "a comma stands before '}'", "take the last comma away", (2, 3)),
        ("{'a': 1}", "\"'a'\" is in quotes that JSON does not have", 'use straight double quotes: "', (1, 2)),
        ('{"a": 1} // b', "'// b' is a comment", "take it away: JSON has none", (1, 10)),
        ('{"a": [1', "'[1' is never closed", "close it, or check whether the file was cut short", (1, 7)),
        ('{"a": "b', "the text '\"b' is never closed", "close it, or check whether the file was cut short", (1, 7)),
        ('{"a": NaN}', "'NaN' is no number of JSON", "leave the member out", (1, 7)),
        ("<p>502</p>", "it begins with '<p>502</p>', as XML or a page does", "look at what the program that makes the feed prints", (1, 1)),
    ],
)
def test_what_is_no_json_has_words_and_advice(body: str, message: str, hint: str, place: tuple[int, int]) -> None:
    (found,) = jsonfeed.check(body.encode())
    assert (found.message, found.hint) == (f"this is not JSON: {message}", hint)
    assert (found.location.line, found.location.column) == place


def test_a_quotation_mark_in_a_text_of_json_has_to_be_escaped() -> None:
    assert jsonfeed.check(b'{"a": "b"c"}')[0].hint.startswith(r"write \" for a quotation mark")


def test_a_text_may_have_signs_that_look_like_wrong_ones() -> None:
    found = changed("rss-ttl.pass.rss", "The lamp turns again", "The sign � and the word MANHÃ»")
    assert found == {}


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


def test_what_is_no_json_has_line_and_column() -> None:
    (found,) = jsonfeed.check(b'{"version": "https://jsonfeed.org/version/1.1",\n "title": }')
    assert (found.code, found.location.line, found.location.column) == ("json-malformed", 2, 11)


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("<rss>Cod & chips</rss>", "write &amp; for &"),
        ("<rss>Cod&nbsp;chips</rss>", "write &#160; for &nbsp;"),
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


# -- what can be repaired -------------------------------------------------------------------------------------------------


def fixed(name: str, body: bytes) -> bytes:
    module = FEEDS[name]
    return vars(module)["fix"](body, module.check(body))  # type: ignore[no-any-return]


def rss_with(old: str, new: str) -> tuple[bytes, bytes]:
    """A feed with `old` where `new` should be, and with `new`."""
    feed = (CASES / "rss-ttl.pass.rss").read_text()
    assert "<ttl>60</ttl>" in feed
    return feed.replace("<ttl>60</ttl>", old).encode(), feed.replace("<ttl>60</ttl>", new).encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2026-10-04T18:49:00+01:00", "Sun, 04 Oct 2026 18:49:00 +0100"),
        ("2026-10-04 18:49Z", "Sun, 04 Oct 2026 18:49:00 +0000"),
        ("Sunday, October 4 2026", "Sunday, October 4 2026"),
        ("Fri, 04 Oct 2026 18:49:00 +0100", "Fri, 04 Oct 2026 18:49:00 +0100"),
        ("Sunday, 4 October 2026 18:49:00 +01:00", "Sun, 04 Oct 2026 18:49:00 +0100"),
        ("4 Oct 2026 18:49 UTC", "Sun, 04 Oct 2026 18:49:00 +0000"),
        ("4 Oct 26 18:49 UTC", "4 Oct 26 18:49 UTC"),
        ("Friday, 4 October 2026 18:49:00 +01:00", "Friday, 4 October 2026 18:49:00 +01:00"),
        ("<![CDATA[2026-10-04T18:49:00Z]]>", "<![CDATA[Sun, 04 Oct 2026 18:49:00 +0000]]>"),
        ("04.10.2026", "04.10.2026"),
        ("2026-10-04T18:49:00", "2026-10-04T18:49:00"),
        ("Sun, 04 Oct 2026 18:49:00 A", "Sun, 04 Oct 2026 18:49:00 A"),
    ],
)
def test_a_date_of_rss_is_rewritten_when_it_is_sure(old: str, new: str) -> None:
    given, wanted = rss_with(f"<pubDate>{old}</pubDate>", f"<pubDate>{new}</pubDate>")
    assert fixed("rss", given) == wanted


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" 2026-10-04T18:49:00Z\n", "2026-10-04T18:49:00+00:00"),
        ("2026-10-04 18:49:00.25+0100", "2026-10-04T18:49:00.25+01:00"),
        ("Sun, 04 Oct 2026 18:49:00 +0100", "2026-10-04T18:49:00+01:00"),
        ("2026-10-04", "2026-10-04"),
        ("Fri, 04 Oct 2026 18:49:00 +0100", "Fri, 04 Oct 2026 18:49:00 +0100"),
        ("2026-10-04t18:49:00z", "2026-10-04T18:49:00+00:00"),
    ],
)
def test_a_date_of_atom_is_rewritten_when_it_is_sure(old: str, new: str) -> None:
    feed = (CASES / "atom-published-late.pass.atom").read_text()
    published = "<published>2026-10-04T18:49:00+01:00</published>"
    given, wanted = (feed.replace(published, f"<published>{each}</published>").encode() for each in (old, new))
    assert fixed("atom", given) == wanted


REPAIRED = [
    ("rss-guid-not-a-url.fail.rss", b"<guid>", b'<guid isPermaLink="false">'),
    ("rss-permalink-unclear.fail.rss", b'isPermaLink="no"', b'isPermaLink="false"'),
    ("rss-element-unknown.fail.rss", b"webmaster>", b"webMaster>"),
    ("atom-address-malformed.fail.atom", b"> https://lantern.example/icon.png <", b">https://lantern.example/icon.png<"),
    ("atom-email-malformed.fail.atom", b"mailto:", b""),
    ("jsonfeed-id-with-space.fail.json", b'" lamp "', b'"lamp"'),
    ("jsonfeed-id-not-a-string.fail.json", b'"id": 17', b'"id": "17"'),
    ("jsonfeed-byte-order-mark.fail.json", b"\xef\xbb\xbf", b""),
]


@pytest.mark.parametrize(("name", "old", "new"), REPAIRED, ids=[each[0] for each in REPAIRED])
def test_a_repair_changes_only_what_is_wrong(name: str, old: bytes, new: bytes) -> None:
    body = (CASES / name).read_bytes()
    assert old in body
    assert fixed(name.rpartition(".")[2], body) == body.replace(old, new)


SPELLED = (
    *("Sun, 04 Oct 2026 18:49:00 +0100", "2026-10-04t17:49:00z", "Sunday, 4 October 2026 18:49:00 +01:00"),
    *("2026-10-04 18:49:00.25 +0100", "2026-10-04T18:49:00+01:00"),
)


def dated(ending: str, date: str) -> bytes:
    """A feed with one article of this date."""
    given = {
        "rss": ("rss-ttl.pass.rss", "<pubDate>Sun, 04 Oct 2026 18:49:00 +0100</pubDate>", f"<pubDate>{date}</pubDate>"),
        "atom": ("atom-date-malformed.pass.atom", "<published>2026-10-04T18:49:00+01:00<", f"<published>{date}<"),
        "json": ("jsonfeed-null.pass.json", '"summary"', f'"date_published": "{date}", "summary"'),
    }
    name, old, new = given[ending]
    feed = (CASES / name).read_text()
    assert old in feed
    return feed.replace(old, new).encode()


@pytest.mark.parametrize("ending", FEEDS)
@pytest.mark.parametrize("date", SPELLED)
def test_a_date_is_read_as_it_would_be_repaired(ending: str, date: str) -> None:
    body = dated(ending, date)
    found = FEEDS[ending].read(body).publication
    assert found.articles[0].date_published == datetime(2026, 10, 4, 17, 49, tzinfo=UTC)
    assert FEEDS[ending].read(fixed(ending, body)).publication == found


@pytest.mark.parametrize("name", ["isPermalink", "ispermalink"])
def test_a_misspelt_attribute_of_a_guid_is_spelled_right(name: str) -> None:
    body = (CASES / "rss-ttl.pass.rss").read_bytes()
    assert fixed("rss", body.replace(b"isPermaLink", name.encode())) == body


def test_description_and_text_change_places() -> None:
    text = "<content:encoded>Cod and chips</content:encoded>"
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    given = f'<rss version="2.0" {space}><channel><item>{text}\n <x/><description>Cod</description></item></channel></rss>'
    wanted = f'<rss version="2.0" {space}><channel><item><description>Cod</description>\n <x/>{text}</item></channel></rss>'
    assert fixed("rss", given.encode()) == wanted.encode()


def test_a_single_author_becomes_a_list() -> None:
    body = (CASES / "jsonfeed-author-deprecated.fail.json").read_bytes()
    problems = jsonfeed.check(fixed("json", body))
    assert "jsonfeed-author-deprecated" not in {each.code for each in problems}
    assert jsonfeed.read(body).publication == jsonfeed.read(fixed("json", body)).publication


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<category>Cod & chips</category>", "<category>Cod &amp; chips</category>"),
        ("<category>Caf&eacute;&nbsp;&amp; bar</category>", "<category>Caf&#233;&#160;&amp; bar</category>"),
        ("<category><![CDATA[a & b]]></category> & <!-- & -->", "<category><![CDATA[a & b]]></category> &amp; <!-- & -->"),
    ],
)
def test_what_is_not_well_formed_for_a_character_is_repaired(old: str, new: str) -> None:
    given, wanted = rss_with(old, new)
    assert fixed("rss", given) == wanted


def test_space_in_front_of_the_declaration_goes() -> None:
    body = (CASES / "rss-ttl.pass.rss").read_bytes()
    assert fixed("rss", b"\n " + body) == body


@pytest.mark.parametrize("path", cases("fail"))
def test_a_repair_leaves_no_new_problem(path: Path) -> None:
    module, ending = FEEDS[path.suffix[1:]], path.suffix[1:]
    before = module.check(path.read_bytes())
    after = module.check(fixed(ending, path.read_bytes()))
    assert {each.code for each in after} <= {each.code for each in before} | {"rss-link-missing"}


@pytest.mark.parametrize("path", GOOD, ids=[each.name for each in GOOD])
def test_there_is_nothing_to_repair_in_a_good_feed(path: Path) -> None:
    assert fixed(path.suffix[1:], path.read_bytes()) == path.read_bytes()


JUNK = (
    b"\0",
    b"\xff",
    b"&",
    b"&nbsp;",
    b"<",
    b"]]>",
    b"<![CDATA[",
    b'"',
    b"null",
    b"1e999",
    b"{",
    b"\\ud800",
    b"\xc2\x96",
    b"<!DOCTYPE a>",
)


@given(st.sampled_from(GOOD), st.integers(0, 5000), st.integers(0, 40), st.sampled_from(JUNK))
def test_a_damaged_feed_is_checked_and_repaired_or_left_alone(path: Path, start: int, length: int, junk: bytes) -> None:
    body = path.read_bytes()
    damaged = body[:start] + junk + body[start + length :]
    once = fixed(path.suffix[1:], damaged)
    worse = {"xml-malformed", "json-malformed"} & {each.code for each in FEEDS[path.suffix[1:]].check(once)}
    assert once == damaged or not worse


def test_what_cannot_be_repaired_stays() -> None:
    for ending in FEEDS:
        for body in (b"", b"<rss", b'{"version', b"\xff\xfe", b"<rss>&a;</rss>", "<rss>\u00e9</rss>".encode("utf-16")):
            assert fixed(ending, body) == body

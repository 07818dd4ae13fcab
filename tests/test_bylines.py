"""Bylines as newsrooms write them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from publisher import bylines
from publisher.agencies import AGENCIES
from publisher.article import Organization, Party, Person

HOUSE = Organization(name="The Moscow Times")
KNOWN: dict[str, Party] = {
    "reuters": Organization(name="Reuters", url="https://www.reuters.com/"),
    "associated press": Organization(name="Associated Press", url="https://apnews.com/"),
    "jane doe": Person(name="Jane Doe", email="jane@example.org"),
}

NAMES = {  # people as they are, organizations in brackets
    "By Jane Doe": "Jane Doe",
    "By Jane Doe and John Smith": "Jane Doe|John Smith",
    "Jane Doe, John Smith & Mary Major": "Jane Doe|John Smith|Mary Major",
    "By Ashley Parker, Philip Rucker, and Josh Dawsey": "Ashley Parker|Philip Rucker|Josh Dawsey",
    "By Woodward and Bernstein": "Woodward|Bernstein",
    "Written by Jane Doe": "Jane Doe",
    "By **Jane Doe**": "Jane Doe",
    "Doe, Jane; Smith, John": "Jane Doe|John Smith",
    "Martin Luther King, Jr.": "Martin Luther King Jr.",
    "By John Smith, PhD": "John Smith",
    "By Dan Brown": "Dan Brown",
    "By JD Vance": "JD Vance",
    "By George W.": "George W.",
    "Von Peter Müller, Berlin": "Peter Müller",
    "Par Jean Dupont avec AFP": "Jean Dupont|[AFP]",
    "Par Jean-Claude Juncker et Marie Curie": "Jean-Claude Juncker|Marie Curie",
    "Por José Ortega y Gasset": "José Ortega y Gasset",
    "Por María Pérez y Juan García": "María Pérez|Juan García",
    "Di Mario Rossi": "Mario Rossi",
    "Автор: Иван Петров": "Иван Петров",
    "Автор: корреспондент ТАСС": "[ТАСС]",
    "بقلم محمد أحمد": "محمد أحمد",
    "מאת: דוד כהן": "דוד כהן",
    "文／王伟": "王伟",
    "新华社记者王伟、李娜": "[新华社]|王伟|李娜",
    "記者：山田太郎": "山田太郎",
    "홍길동 기자": "홍길동",
    "By [Reuters](#)": "[Reuters]",
    "BY REUTERS": "[Reuters]",
    "Reuters Staff": "[Reuters]",
    "Sports Desk": "[Sports Desk]",
    "Parish Council Staff": "[Parish Council Staff]",
    "By the Echo team": "[the Echo team]",
    "AFP journalists": "[AFP]",
    "By The Associated Press": "[Associated Press]",
    "AFP/dpa/Reuters": "[AFP]|[dpa]|[Reuters]",
    "By Jane Doe for Reuters": "Jane Doe|[Reuters]",
    "Jane Doe, Reuters": "Jane Doe|[Reuters]",
    "By Jane Doe (AFP)": "Jane Doe|[AFP]",
    "By Jane Doe | Reuters": "Jane Doe|[Reuters]",
    "By Zeke Miller, Associated Press": "Zeke Miller|[Associated Press]",
    "By RFE/RL": "[RFE/RL]",
    "РИА Новости": "[РИА Новости]",
    "Jane Doe for The Washington Post": "Jane Doe|[The Washington Post]",
    "By Jane Doe, Special to The Moscow Times": "Jane Doe|[The Moscow Times]",
    "By Jane Doe, CNN Business": "Jane Doe|[CNN Business]",
    "Jane Doe, Washington correspondent": "Jane Doe",
    "By James O'Brien, Editor-in-Chief": "James O'Brien",
    "Political Editor Jane Doe": "Jane Doe",
    "Korrespondent Peter Müller": "Peter Müller",
    "By Jane Doe in Moscow and John Smith in Washington": "Jane Doe|John Smith",
    "By Jane Doe @janedoe": "Jane Doe",
    "Staff Writer": "[The Moscow Times]",
    "By our own correspondent.": "[The Moscow Times]",
    "By our own correspondent..": "[The Moscow Times]",
    "By Staff Writer.": "[The Moscow Times]",
    "By our own correspondent": "[The Moscow Times]",
    "From our correspondent": "[The Moscow Times]",
    "From our Washington correspondents": "[The Moscow Times]",
    "Redaktion": "[The Moscow Times]",
    "本报记者 王伟": "王伟",
    "By Agencies": "",
    "By AFP with Agencies": "[AFP]",
    "Ernst & Young": "Ernst & Young",
    "By Map": "Map",
    "文・山田太郎": "山田太郎",
    "取材・文 山田太郎": "山田太郎",
    "取材・文：山田 太郎": "山田 太郎",
    "文・山田太郎、写真・鈴木一郎": "山田太郎",
    "山田太郎記者": "山田太郎",
    "朝日新聞記者 山田太郎": "[朝日新聞]|山田太郎",
    "本报记者王伟 李娜 北京报道": "王伟|李娜",
    "記者王大明／台北報導": "王大明",
    "中央社記者王大明台北24日電": "[中央社]|王大明",
    "Text: Jane Doe, Foto: Max Minor": "Jane Doe",
    "By Jane Roe Staff Writer": "Jane Roe",
    "Jane Roe-Smith writer": "Jane Roe-Smith",
    "White House Reporter": "[White House Reporter]",
    "Local Democracy Reporter": "[Local Democracy Reporter]",
    "Middle East Correspondent": "[Middle East Correspondent]",
    "Daily Mail Reporter": "[Daily Mail Reporter]",
    "Science Reporter": "[Science Reporter]",
    "By Jane Doe, photos by Max Minor": "Jane Doe",
    "Editing by Max Minor": "Max Minor",
    "": "",
    "By": "By",
    "Von der Redaktion": "[The Moscow Times]",
}


def spelled(parties: tuple[Party, ...]) -> str:
    return "|".join(f"[{each.name}]" if isinstance(each, Organization) else each.name for each in parties)


@pytest.mark.parametrize("byline", NAMES)
def test_a_byline_names(byline: str) -> None:
    assert spelled(bylines.parties(byline, house=HOUSE)) == NAMES[byline]


def test_without_a_house_staff_writers_are_nobody() -> None:
    assert bylines.parties("By Staff Writer") == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Staff Writer.", True),
        ("From our Washington correspondents", True),
        ("Von der Redaktion", True),
        ("Par la rédaction.", True),
        ("Staff", False),
        ("By", False),
        ("From the harbour.", False),
        ("By Staff Writer, who was there.", False),
        ("By Ann Lee, Staff Writer", False),
    ],
)
def test_a_line_by_the_staff_is_nothing_else(line: str, *, expected: bool) -> None:
    assert bylines.is_by_staff(line) is expected


def test_a_known_party_is_given_as_it_is_known() -> None:
    assert bylines.parties("By JANE DOE and AP", KNOWN) == (KNOWN["jane doe"], KNOWN["associated press"])


def test_a_link_to_a_profile_is_kept_and_a_dead_one_is_not() -> None:
    found = bylines.parties("By [Jane Roe](https://example.org/jane) and [John Smith](#)")
    assert found == (Person(name="Jane Roe", url="https://example.org/jane"), Person(name="John Smith"))


@pytest.mark.parametrize(
    "byline", ["By Jane Roe <jane@e.org>", "By Jane Roe (jane@e.org)", "Jane Roe, jane@e.org", "By [Jane Roe](mailto:jane@e.org)"]
)
def test_an_email_address_is_kept(byline: str) -> None:
    assert bylines.parties(byline) == (Person(name="Jane Roe", email="jane@e.org"),)


def test_a_name_is_given_once() -> None:
    assert spelled(bylines.parties("By Reuters, Jane Doe and REUTERS")) == "[Reuters]|Jane Doe"


ROLES = {  # authors; editors; contributors
    "Reporting by A Smith and B Jones; editing by C Brown": "A Smith|B Jones; C Brown; ",
    "(Reporting by Jane Doe in Moscow; Editing by Mary Major and Max Minor)": "Jane Doe; Mary Major|Max Minor; ",
    "By Jane Doe, edited by Mary Major": "Jane Doe; Mary Major; ",
    "By Jane Doe | Edited by Mary Major": "Jane Doe; Mary Major; ",
    "By *Jane Doe*. *Editing by* Reuters": "Jane Doe; [Reuters]; ",
    "Editing by Mary Major; writing by Jane Doe": "Jane Doe; Mary Major; ",
    "By Jane Doe with additional reporting by Max Minor": "Jane Doe; ; Max Minor",
    "Jane Doe; translation by Max Minor; photos by Mary Major": "Jane Doe; ; Max Minor",
    "文・山田太郎　編集・佐藤花子": "山田太郎; 佐藤花子; ",
    "文/王伟 编辑：李娜": "王伟; 李娜; ",
    "Автор: Иван Петров, редактор: Анна Каренина": "Иван Петров; Анна Каренина; ",
    "Jane Doe, Political Editor": "Jane Doe; ; ",
}


@pytest.mark.parametrize("byline", ROLES)
def test_a_byline_says_who_wrote_edited_and_helped(byline: str) -> None:
    named = bylines.by_role(byline)
    assert "; ".join(map(spelled, (named.author, named.editor, named.contributor))) == ROLES[byline]


@pytest.mark.parametrize("group", AGENCIES, ids=lambda group: group[0])
def test_an_agency_is_an_organization_in_every_spelling(group: tuple[str, ...]) -> None:
    for name in group:
        assert bylines.parties(name) == (Organization(name=name),)


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "by staff writer",
        "Von Peter Müller",
        "Автор: иван",
        "بقلم محمد",
        "Reuters",
        "**Reuters Staff**",
        "홍길동 기자",
        "文／王伟",
        "文・山田太郎",
        "山田太郎記者",
        "記者王大明／台北報導",
        "Editing by Mary Major",
        "(Reporting by Jane Doe; Editing by Mary Major)",
    ],
)
def test_a_line_that_says_who_wrote_is_a_byline(line: str) -> None:
    assert bylines.is_byline(line)


@pytest.mark.parametrize(
    "line",
    [
        "By 2030, emissions must fall",
        "By the time he left the house it was dark",
        "By Tuesday, the Kremlin had said nothing about the meeting in Paris.",
        "Von der Leyen reist nach Paris",
        "Jane Doe",
        "Editing by hand takes time.",
        "By our reporters' count the crowd numbered ten thousand.",
        "By our editor's reckoning, the ferry will sail on Tuesday.",
        "By our writers and for our readers, since 1911.",
        "文学",
        "Map",
        "",
        "By " + "word " * 60,
    ],
)
def test_prose_is_no_byline(line: str) -> None:
    assert not bylines.is_byline(line)


@pytest.mark.parametrize(
    ("byline", "rest"),
    [
        ("Von Peter Müller, Berlin", "Berlin"),
        ("Jane Doe, Washington correspondent", "Washington correspondent"),
        ("By Jane Doe and John Smith", ""),
        ("By The Associated Press", ""),
        ("By Jane Doe <jane@example.org>", ""),
        ("Jane Doe via Reuters", ""),
        ("Jane Roe Staff Writer", "Staff Writer"),
    ],
)
def test_what_a_byline_says_beside_names_is_known(byline: str, rest: str) -> None:
    assert bylines.left_out(byline, bylines.parties(byline)) == rest


BEGINNINGS = ("", "By ", "Von ", "Di ")
WORDS = st.builds(
    "".join, st.lists(st.sampled_from(("to", "by", "von", "di", "de", "par", "af", "av", "ro", "la")), min_size=2, max_size=3)
)


@given(st.sampled_from(BEGINNINGS), st.lists(WORDS.map(str.title), min_size=2, max_size=3).map(" ".join))
@example("", "Toby Miller")
@example("", "Giuseppe Verdi Rossi")
def test_of_a_name_no_letters_are_left_out(beginning: str, name: str) -> None:
    found = bylines.parties(beginning + name)
    if [each.name for each in found] == [name]:
        assert bylines.left_out(beginning + name, found) == ""


def test_the_other_spellings_of_an_agency_are_not_left_out() -> None:
    assert bylines.left_out("Associated Press", (Organization(name="AP"),)) == ""


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = bylines.parties(text)
    assert all(each.name and each.name == each.name.strip() for each in found)
    bylines.is_byline(text)
    bylines.by_role(text)
    bylines.left_out(text, found)

"""Dates as people write them: what is read, what is refused, what is ambiguous."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import dates

DAY = date(2018, 10, 24)
MOSCOW = timezone(timedelta(hours=3))


def at(hour: int, minute: int = 0, *, second: int = 0, offset: float = 0) -> datetime:
    return datetime(2018, 10, 24, hour, minute, second, tzinfo=timezone(timedelta(hours=offset)))


DAYS = """
2018-10-24
20181024
2018/10/24
2018.10.24
24.10.2018
24. 10. 2018
24/10/2018
10/24/2018
October 24, 2018
Oct. 24, 2018
24 October 2018
24th of October 2018
Wednesday, October 24, 2018
Wed 24 Oct 2018
24-Oct-2018
le 24 octobre 2018
24. Oktober 2018
Mittwoch, 24. Oktober 2018
Mi., 24.10.2018
24 de octubre de 2018
24 de outubro de 2018
24 ottobre 2018
24 oktober 2018
24 października 2018
24. října 2018
24 Ekim 2018
24. lokakuuta 2018
2018. október 24.
24 octombrie 2018
ngày 24 tháng 10 2018
24 октября 2018
24 октября 2018 г.
24 октября 2018 года
24 жовтня 2018 року
24 Οκτωβρίου 2018
24 באוקטובר 2018
24 أكتوبر 2018
٢٤ أكتوبر ٢٠١٨
24 تشرين الأول 2018
۲۴/۱۰/۲۰۱۸
24 अक्टूबर 2018
2018年10月24日
２０１８年１０月２４日
2018年10月24日（水）
2018年10月24日 星期三
2018년 10월 24일
October\u00a024,\u00a02018
""".strip().split("\n")

MOMENTS = {
    "2018-10-24T08:00:00Z": at(8),
    "2018-10-24T08:00:00.123456+05:30": at(8, offset=5.5),
    "2018-10-24 08:00:00 +0100": at(8, offset=1),
    "2018-10-24 08:00": at(8),
    "20181024T080000Z": at(8),
    "2018-10-24T24:00:00Z": datetime(2018, 10, 25, tzinfo=UTC),
    "2018-10-24T23:59:60Z": at(23, 59, second=59),
    "Wed, 24 Oct 2018 08:00:00 GMT": at(8),
    "Wed, 24 Oct 2018 08:00:00 -0000": at(8),
    "Wed, 24 Oct 2018 08:00 EST": at(8, offset=-5),
    "October 24, 2018 at 3:05 p.m. EDT": at(15, 5, offset=-4),
    "October 24, 2018, 3:05 PM ET": at(15, 5, offset=-4),
    "Oct. 24, 2018, 12 a.m. PST": at(0, offset=-8),
    "October 24, 2018 12:30 PM": at(12, 30),
    "24 October 2018 | 15:30 UTC+3": at(15, 30, offset=3),
    "24. Oktober 2018, 15:30 Uhr": at(15, 30),
    "24.10.2018, 15.30 Uhr": at(15, 30),
    "le 24 octobre 2018 à 15h30": at(15, 30),
    "24 de outubro de 2018 às 15h30": at(15, 30),
    "24 ottobre 2018 alle 15.30": at(15, 30),
    "24 oktober 2018 kl. 15.30": at(15, 30),
    "24 Oktober 2018 pukul 15.30 WIB": at(15, 30, offset=7),
    "24 октября 2018 г., 15:30 МСК": at(15, 30, offset=3),
    "15:30, 24 октября 2018": at(15, 30),
    "15:30 24/10/2018 (MSK)": at(15, 30, offset=3),
    "2018-10-24T08:00:00 Europe/Moscow": at(8, offset=3),
    "2018年10月24日（水） 午後3時05分": at(15, 5),
    "2018年10月24日 15:30": at(15, 30),
    "2018년 10월 24일 오후 3:05": at(15, 5),
}

NO_DATES = """
October 2018
24 October
Oct 24
2018
today
yesterday
3 days ago
10:30
30 February 2018
2018-13-45
2018-10-24T08:00:00+99:99
0001-01-01T00:00:00Z
Chapter 3 of the year 2018
1234567890
no date at all
""".strip().split("\n")


@pytest.mark.parametrize("text", DAYS)
def test_a_day_stays_a_day(text: str) -> None:
    found = dates.read(text)
    assert found == dates.Written(value=DAY)
    assert not isinstance(found.value, datetime)


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_keeps_its_offset(text: str) -> None:
    found = dates.parse(text)
    assert isinstance(found, datetime)
    assert (found, found.utcoffset()) == (MOMENTS[text], MOMENTS[text].utcoffset())


@pytest.mark.parametrize("text", NO_DATES)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


@pytest.mark.parametrize("text", ["2021-W18-3", "2021W183", "2021-w18-3"])
def test_a_day_of_a_week_is_that_day(text: str) -> None:
    assert dates.parse(text) == date(2021, 5, 5)


@pytest.mark.parametrize("text", ["2021-W18", "2021-W18-8", "2021-W54-1", "W18-3 2021-W18-33"])
def test_a_week_without_a_day_is_no_date(text: str) -> None:
    assert dates.parse(text) is None


def test_a_moment_without_offset_is_in_the_zone_and_gets_its_offset_of_that_day() -> None:
    winter, summer = (dates.parse(text, zone=ZoneInfo("Europe/Berlin")) for text in ("2018-01-24 08:00", "2018-07-24 08:00"))
    assert isinstance(winter, datetime)
    assert isinstance(summer, datetime)
    assert (winter.isoformat(), summer.isoformat()) == ("2018-01-24T08:00:00+01:00", "2018-07-24T08:00:00+02:00")
    assert isinstance(winter.tzinfo, timezone)


def test_an_offset_has_whole_minutes() -> None:
    found = dates.parse("1880-01-01 12:00", zone=ZoneInfo("Europe/Berlin"))  # local mean time, 53 min 28 s
    assert isinstance(found, datetime)
    assert found.utcoffset() == timedelta(minutes=53)


@pytest.mark.parametrize(
    ("text", "language", "value", "ambiguous"),
    [
        ("03/04/2018", None, date(2018, 4, 3), True),
        ("03/04/2018", "en", date(2018, 4, 3), True),
        ("03/04/2018", "en-US", date(2018, 3, 4), False),
        ("03/04/2018", "en-GB", date(2018, 4, 3), False),
        ("03/04/2018", "fr", date(2018, 4, 3), False),
        ("03/03/2018", None, date(2018, 3, 3), False),
        ("13/04/2018", "en-US", date(2018, 4, 13), False),
        ("03.04.2018", "en-US", date(2018, 4, 3), False),
        ("24/10/18", None, date(2018, 10, 24), True),
        ("24 Oct 18", None, date(2018, 10, 24), True),
        ("24 Oct 75", None, date(1975, 10, 24), True),
    ],
)
def test_the_day_comes_first_except_in_american_english(text: str, language: str | None, value: date, ambiguous: bool) -> None:
    assert dates.read(text, language=language) == dates.Written(value=value, ambiguous=ambiguous)


def test_listopad_is_november_in_czech_and_october_in_croatian() -> None:
    assert dates.parse("24. listopadu 2018", language="cs") == date(2018, 11, 24)
    assert dates.parse("24. listopada 2018", language="hr") == date(2018, 10, 24)


def test_the_order_of_questions_does_not_change_the_answers() -> None:
    texts = ["24 mars 2018", "24 mai 2018", "24 juli 2018", "24 maart 2018"]
    assert [dates.parse(text) for text in texts] == [dates.parse(text) for text in reversed(texts)][::-1]


def test_common_forms_do_not_load_dateparser() -> None:
    texts = ["2018-10-24 08:00:00 +0100", "Wed, 24 Oct 2018 08:00:00 GMT", "October 24, 2018", "24.10.2018", "2018年10月24日"]
    code = f"import sys; from publisher import dates; [dates.read(each) for each in {texts!r}]; print('dateparser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@given(
    st.one_of(
        st.text(max_size=60), st.from_regex(r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}([ T]\d\d:\d\d(:\d\d)?([+-]\d\d:?\d\d)?)?", fullmatch=True)
    )
)
def test_anything_gives_a_canonical_date_or_none(text: str) -> None:
    found = dates.parse(text)
    if isinstance(found, datetime):
        offset = found.utcoffset()
        assert offset is not None
        assert not offset % timedelta(minutes=1)
        assert not found.microsecond
    assert found is None or found.year >= 1600

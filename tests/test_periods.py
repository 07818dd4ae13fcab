"""Lists cut by the calendar."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.article import Article
from publisher.newsstand import periods

DAYS = st.one_of(
    st.dates(date(1985, 1, 1), date(2031, 12, 31)).map(date.isoformat),
    st.dates(date(2018, 9, 1), date(2018, 10, 10)).map(date.isoformat),
    st.integers(0, 4**16 - 1).map(lambda number: f"undated-{''.join(str(number >> 2 * place & 3) for place in range(16))}"),
)
LISTS = st.lists(DAYS, max_size=60)
SIZES = st.integers(1, 9)


def parts(days: list[str], size: int, whole: str = "") -> dict[str, list[str]]:
    """Return the days of the articles of each part."""
    return {each.name: [days[place] for place in each.places] for each in periods.cut(days, size, whole)}


def row(first: str, *counts: int) -> list[str]:
    """Return days one after another, each as often as one of `counts` says."""
    start = date.fromisoformat(first)
    return [(start + timedelta(place)).isoformat() for place, count in enumerate(counts) for _ in range(count)][::-1]


# -- what holds of all lists ----------------------------------------------------------------------------------------------


@given(LISTS, SIZES)
def test_every_article_is_in_one_part_and_in_its_order(days: list[str], size: int) -> None:
    found = periods.cut(days, size)
    assert sorted(place for part in found for place in part.places) == [*range(len(days))]
    assert all(list(part.places) == sorted(part.places) for part in found)


@given(LISTS, SIZES)
def test_a_part_has_the_articles_of_its_period_and_no_more_than_fit_but_of_one_day(days: list[str], size: int) -> None:
    for name, inside in parts(days, size).items():
        assert len(inside) <= size or set(inside) == {name}
        assert not name or all(name in periods.above(each) for each in inside)
        assert not name or len([each for each in days if name in periods.above(each)]) == len(inside)


@given(LISTS, SIZES)
def test_the_newest_part_comes_first_and_what_has_no_date_last(days: list[str], size: int) -> None:
    found = [(not inside[0].startswith("undated"), max(inside), min(inside)) for inside in parts(days, size).values()]
    assert found == sorted(found, reverse=True)


@given(LISTS, SIZES, DAYS, st.integers(0, 60))
def test_an_article_more_or_less_changes_only_the_parts_of_its_own_branch(days: list[str], size: int, day: str, place: int) -> None:
    one, other = parts(days, size), parts([*days[:place], day, *days[place:]], size)
    differ = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}
    around = {"", *periods.above(day)}
    assert {name for name in differ if name in one and name in other} <= around
    left, came = differ - other.keys(), differ - one.keys()
    assert left <= around
    assert len(left) <= 1, "at most one part is divided"
    if not left:
        assert came <= around
    elif (whole := left.pop()) != "":
        assert all(whole in periods.above(other[name][0]) for name in came)


@given(LISTS, SIZES)
def test_of_the_periods_around_a_part_each_has_too_many_articles(days: list[str], size: int) -> None:
    for part in periods.cut(days, size):
        if part.name:
            assert periods.above(days[part.places[0]])[: len(part.divided) + 1] == (*part.divided, part.name)
        for name in part.divided:
            assert sum(name in periods.above(each) for each in days) > size


@given(DAYS)
def test_every_name_is_known_as_one(day: str) -> None:
    assert all(re.fullmatch(periods.NAME, each) for each in periods.above(day))


@given(st.dates())
def test_periods_lie_in_each_other(day: date) -> None:
    """Two days that have a smaller period together have every larger one together, and a day is in all that its period is in."""
    ours, next_ = periods.above(day.isoformat()), periods.above((day - timedelta(1 if day > date.min else 0)).isoformat())
    same = [one == other for one, other in zip(ours, next_, strict=True)]
    assert same == sorted(same, reverse=True)


# -- examples -------------------------------------------------------------------------------------------------------------


def test_a_day_is_in_periods_of_eight_sizes() -> None:
    assert periods.above("2018-09-14") == (
        "2010s",
        "2015--2019",
        "2018",
        "2018-07--09",
        "2018-09",
        "2018-09-11--20",
        "2018-09-11--15",
        "2018-09-14",
    )


@pytest.mark.parametrize(
    ("day", "ten", "five"),
    [
        ("2018-01-31", "2018-01-21--31", "2018-01-26--31"),
        ("2018-02-28", "2018-02-21--28", "2018-02-26--28"),
        ("2020-02-25", "2020-02-21--29", "2020-02-21--25"),
        ("2018-09-01", "2018-09-01--10", "2018-09-01--05"),
        ("2018-09-20", "2018-09-11--20", "2018-09-16--20"),
        ("0004-11-30", "0004-11-21--30", "0004-11-26--30"),
    ],
)
def test_the_last_days_of_a_month_go_on_to_its_end(day: str, ten: str, five: str) -> None:
    assert periods.above(day)[-3:-1] == (ten, five)


def test_a_list_that_fits_is_one_part_and_an_empty_one_none() -> None:
    assert parts(row("2018-09-01", 1, 1, 1), 3) == {"": ["2018-09-03", "2018-09-02", "2018-09-01"]}
    assert periods.cut([], 3) == ()


def test_a_list_is_divided_only_where_it_has_too_many() -> None:
    found = parts([*row("2018-09-01", *[1] * 12), "2017-03-01", "2003-02-01"], 6)
    assert {name: len(days) for name, days in found.items()} == {
        "2018-09-11--20": 2,
        "2018-09-06--10": 5,
        "2018-09-01--05": 5,
        "2017": 1,
        "2000s": 1,
    }


def test_a_day_is_not_divided() -> None:
    assert {name: len(days) for name, days in parts(row("2018-09-01", 2, 9), 3).items()} == {"2018-09-02": 9, "2018-09-01": 2}


def test_the_list_of_a_month_is_cut_into_days() -> None:
    assert list(parts(row("2018-09-01", 2, 2), 3, "2018-09")) == ["2018-09-02", "2018-09-01"]
    assert list(parts(row("2018-09-01", 1, 1), 3, "2018-09")) == ["2018-09"]


def test_the_day_of_an_article_is_the_one_it_shows() -> None:
    late = datetime(2018, 9, 14, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert late.astimezone(UTC).day == 13
    days = [periods.day(Article(identifier="a", headline="A", date_published=each)) for each in (late, date(2018, 9, 14), None)]
    assert days[:2] == ["2018-09-14"] * 2
    assert re.fullmatch("undated-[0-3]{16}", days[2])

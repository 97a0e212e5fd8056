"""Working days are Monday to Friday without the days of article 3 of the Algemene termijnenwet."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.routing.facts.working_days import (
    is_working_day,
    next_working_day,
    public_holidays,
    working_day_on_or_before,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_the_holidays_of_2027_on_weekdays_are_those_of_the_act() -> None:
    assert {day for day in public_holidays(2027) if day.weekday() < 5} == {
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday, equated by the act
        date(2027, 3, 29),
        date(2027, 4, 27),
        date(2027, 5, 5),  # every year, not once in five
        date(2027, 5, 6),
        date(2027, 5, 17),
    }


def test_both_days_of_christmas_2027_are_holidays_in_a_weekend() -> None:
    assert {date(2027, 12, 25), date(2027, 12, 26)} <= public_holidays(2027)


@pytest.mark.parametrize("year", [2025, 2031, 2036])
def test_kings_day_on_a_sunday_is_kept_on_the_saturday_and_takes_no_working_day(year: int) -> None:
    assert date(year, 4, 26) in public_holidays(year)
    assert date(year, 4, 27) not in public_holidays(year)
    assert is_working_day(date(year, 4, 25))
    assert is_working_day(date(year, 4, 28))


def test_kings_day_was_queens_day_before_2014() -> None:
    assert date(2013, 4, 30) in public_holidays(2013)
    assert date(2014, 4, 30) not in public_holidays(2014)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2027, 5, 4), 1, date(2027, 5, 7)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),
    ],
)
def test_counting_forward_skips_weekends_and_holidays(day: date, count: int, expected: date) -> None:
    assert next_working_day(day, count) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 2, 28), date(2027, 2, 26)),
        (date(2027, 3, 29), date(2027, 3, 25)),
        (date(2027, 2, 26), date(2027, 2, 26)),
    ],
)
def test_a_free_day_moves_back_to_the_last_working_day(day: date, expected: date) -> None:
    assert working_day_on_or_before(day) == expected


@given(day=DAYS, count=st.integers(1, 40))
def test_between_start_and_end_lie_exactly_the_counted_working_days(day: date, count: int) -> None:
    end = next_working_day(day, count)
    between = [day + timedelta(days=step) for step in range(1, (end - day).days + 1)]

    assert sum(is_working_day(one) for one in between) == count
    assert is_working_day(end)

"""Working days in the Netherlands: Monday to Friday without the days of the Algemene termijnenwet."""

from datetime import date, timedelta
from functools import cache
from typing import Final

from holidays.constants import OPTIONAL, PUBLIC
from holidays.utils import country_holidays

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@cache
def public_holidays(year: int) -> frozenset[date]:
    """Name the days of a year that article 3 of the Algemene termijnenwet treats as Sundays.

    Good Friday and Liberation Day count every year, although many employers do not give them.
    """
    return frozenset(country_holidays("NL", years=year, categories=(PUBLIC, OPTIONAL)))


def is_working_day(day: date) -> bool:
    """Tell whether offices work on this day."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date, count: int) -> date:
    """Count working days forward; the day itself is not counted."""
    while count > 0:
        day += _ONE_DAY
        count -= is_working_day(day)
    return day


def working_days_between(first: date, last: date) -> int:
    """Count the working days from the first day on until the day before the last."""
    return sum(is_working_day(first + timedelta(days=step)) for step in range((last - first).days))


def working_day_on_or_before(day: date) -> date:
    """Move a day in a weekend or on a public holiday back to the last working day before it."""
    while not is_working_day(day):
        day -= _ONE_DAY
    return day

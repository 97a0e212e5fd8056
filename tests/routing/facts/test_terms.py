"""A term is counted as the law counts it: the first day not, the last day in full, months by their day number."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.clock import AMSTERDAM
from service.routing.facts.terms import Due, Term, Unit
from service.routing.facts.working_days import next_working_day

DAYS = st.dates(date(2000, 1, 1), date(2150, 1, 1))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("3 months", "P3M"),
        ("1 month", "P1M"),
        ("30 days", "P30D"),
        ("2 weeks", "P2W"),
        ("1 year", "P1Y"),
        ("24 hours", "PT24H"),
        ("20 working days", None),
        ("1 working day at 12:00", None),
    ],
)
def test_a_term_is_written_back_as_it_was_read(written: str, iso: str | None) -> None:
    term = Term.parse(written)

    assert str(term) == written
    assert term.iso == iso


@pytest.mark.parametrize(
    "written", ["", "months", "3 maanden", "-1 day", "3.5 days", "3  months", "1 day at 25:61", "P3M"]
)
def test_what_is_no_term_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"a term reads like|must be in"):
        Term.parse(written)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 11, 23), date(2027, 2, 23)),
        (date(2026, 8, 31), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2028, 11, 30), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_months_keep_the_day_number_or_take_the_last_day_of_the_month(start: date, end: date) -> None:
    assert Term.parse("3 months").after(start) == end


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("1 year", date(2028, 2, 29), date(2029, 2, 28)),
        ("2 weeks", date(2026, 11, 23), date(2026, 12, 7)),
        ("30 days", date(2027, 5, 18), date(2027, 6, 17)),
        ("20 working days", date(2021, 10, 4), date(2021, 11, 1)),
        ("20 working days", date(2027, 6, 1), date(2027, 6, 29)),
        ("24 hours", date(2027, 4, 2), date(2027, 4, 3)),
        ("25 hours", date(2027, 4, 2), date(2027, 4, 3)),
        ("4 hours", date(2027, 4, 2), date(2027, 4, 2)),
        ("0 days", date(2027, 4, 2), date(2027, 4, 2)),
    ],
)
def test_a_term_ends_on_its_day(written: str, start: date, end: date) -> None:
    assert Term.parse(written).after(start) == end


@pytest.mark.parametrize(
    ("written", "end", "warned"),
    [
        ("14 days", date(2027, 2, 23), date(2027, 2, 9)),
        ("1 day", date(2027, 2, 28), date(2027, 2, 26)),
        ("1 week", date(2027, 4, 4), date(2027, 3, 25)),
    ],
)
def test_a_warning_comes_on_a_day_on_which_somebody_works(written: str, end: date, warned: date) -> None:
    assert Term.parse(written).before(end) == warned


def test_hours_are_counted_on_the_instant_also_when_the_clock_is_turned() -> None:
    noon_before_summer = datetime(2027, 3, 27, 12, tzinfo=AMSTERDAM)
    due = Term.parse("24 hours").due(noon_before_summer.date(), noon_before_summer.astimezone(UTC))

    assert due.day == date(2027, 3, 28)
    assert due.instant == datetime(2027, 3, 28, 13, tzinfo=AMSTERDAM)


def test_hours_can_end_on_the_next_local_day() -> None:
    late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)

    assert Term.parse("4 hours").due(date(2026, 11, 23), late).day == date(2026, 11, 24)


def test_hours_from_a_day_without_a_clock_end_on_a_day_and_make_no_hour_up() -> None:
    due = Term.parse("24 hours").due(date(2027, 4, 2), None)

    assert due == Due(date(2027, 4, 3), None)


def test_a_term_with_an_hour_ends_at_that_local_hour() -> None:
    due = Term.parse("1 working day at 12:00").due(date(2026, 11, 20), None)

    assert due == Due(date(2026, 11, 23), datetime(2026, 11, 23, 12, tzinfo=AMSTERDAM))


def test_a_term_in_days_names_no_instant() -> None:
    assert Term.parse("2 weeks").due(date(2026, 11, 23), datetime(2026, 11, 23, 9, tzinfo=UTC)).instant is None


@pytest.mark.parametrize(
    ("day", "over_at"),
    [
        # Summer time begins on Sunday 28 March 2027 and ends on Sunday 31 October: those days have 23 and 25 hours.
        (date(2027, 3, 27), "2027-03-27T23:00"),
        (date(2027, 3, 28), "2027-03-28T22:00"),
        (date(2027, 10, 30), "2027-10-30T22:00"),
        (date(2027, 10, 31), "2027-10-31T23:00"),
        (date(2026, 12, 31), "2026-12-31T23:00"),
        (date(2028, 2, 29), "2028-02-29T23:00"),
    ],
)
def test_a_day_counts_until_its_local_end_without_drift_over_a_daylight_saving_change(day: date, over_at: str) -> None:
    assert Due(day).over_at.astimezone(UTC) == datetime.fromisoformat(over_at).replace(tzinfo=UTC)


def test_a_day_of_hours_is_one_hour_earlier_by_the_clock_in_autumn() -> None:
    noon_before_winter = datetime(2027, 10, 30, 12, tzinfo=AMSTERDAM)
    due = Term.parse("24 hours").due(noon_before_winter.date(), noon_before_winter.astimezone(UTC))

    assert due == Due(date(2027, 10, 31), datetime(2027, 10, 31, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        # Easter 2027 is 28 March, 2030 is 21 April, with King's Day on the Saturday after it.
        (date(2027, 3, 1), date(2027, 3, 31)),
        (date(2030, 4, 1), date(2030, 5, 1)),
        # King's Day on a Sunday is kept on Saturday 26 April and takes no working day; 5 May is a Monday.
        (date(2031, 4, 7), date(2031, 5, 8)),
        (date(2036, 4, 7), date(2036, 5, 8)),
        # 5 May and Ascension are neighbours in 2027, and the same day in 2016.
        (date(2027, 4, 26), date(2027, 5, 28)),
        (date(2026, 12, 14), date(2027, 1, 13)),
    ],
)
def test_four_working_weeks_skip_the_days_of_the_act(start: date, end: date) -> None:
    assert Term.parse("20 working days").after(start) == end


@pytest.mark.parametrize(
    ("due", "unit", "begun", "ended", "later"),
    [
        # Friday to Monday is three days, and one working day.
        (Due(date(2026, 12, 1)), Unit.DAY, "2026-11-27T10:00", "2026-11-30T09:00", Due(date(2026, 12, 4))),
        (Due(date(2026, 12, 1)), Unit.WORKING_DAY, "2026-11-27T10:00", "2026-11-30T09:00", Due(date(2026, 12, 2))),
        (Due(date(2027, 2, 28)), Unit.MONTH, "2027-02-01T10:00", "2027-02-03T09:00", Due(date(2027, 3, 2))),
        # On the last day, and on with it on a Saturday: that day is there again on the Monday.
        (Due(date(2026, 11, 27)), Unit.WORKING_DAY, "2026-11-27T10:00", "2026-11-28T09:00", Due(date(2026, 11, 30))),
        (Due(date(2026, 11, 27)), Unit.DAY, "2026-11-27T10:00", "2026-11-27T12:00", Due(date(2026, 11, 27))),
        # A clock that went back in between takes no time away.
        (Due(date(2026, 12, 1)), Unit.DAY, "2026-11-27T10:00", "2026-11-20T09:00", Due(date(2026, 12, 1))),
        # Hours are hours, over a night in which the clock is put back, too.
        (
            Due(date(2027, 10, 30), datetime(2027, 10, 30, 20, tzinfo=UTC)),
            Unit.HOUR,
            "2027-10-30T18:00",
            "2027-10-31T18:00",
            Due(date(2027, 10, 31), datetime(2027, 10, 31, 20, tzinfo=UTC)),
        ),
        # Noon stays noon.
        (
            Due(date(2027, 3, 26), datetime(2027, 3, 26, 12, tzinfo=AMSTERDAM)),
            Unit.DAY,
            "2027-03-26T08:00",
            "2027-03-29T08:00",
            Due(date(2027, 3, 29), datetime(2027, 3, 29, 12, tzinfo=AMSTERDAM)),
        ),
    ],
)
def test_what_stood_still_is_due_later_by_that_time_in_its_own_unit(
    due: Due, unit: Unit, begun: str, ended: str, later: Due
) -> None:
    stood_still = (datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (begun, ended))

    assert due.later(unit, *stood_still) == later


@given(day=DAYS, unit=st.sampled_from(Unit), waited=st.integers(0, 72), still=st.integers(0, 2000))
def test_nothing_that_stood_still_in_time_is_over_when_it_runs_on(
    day: date, unit: Unit, waited: int, still: int
) -> None:
    due = Due(next_working_day(day, 1)) if unit is Unit.WORKING_DAY else Due(day)
    begun = due.over_at.astimezone(UTC) - timedelta(hours=waited, seconds=1)
    ended = begun + timedelta(hours=still)

    assert due.later(unit, begun, ended).over_at > ended


@given(
    amount=st.integers(0, 9999),
    unit=st.sampled_from(Unit),
    at=st.none() | st.times().map(lambda at: time(at.hour, at.minute)),
)
def test_every_term_survives_writing_and_reading(amount: int, unit: Unit, at: time | None) -> None:
    term = Term(amount, unit, at)

    assert Term.parse(str(term)) == term


@given(start=DAYS, months=st.integers(1, 36))
def test_a_later_start_never_ends_earlier(start: date, months: int) -> None:
    term = Term(months, Unit.MONTH)

    assert term.after(start) <= term.after(start + timedelta(days=1))
    assert term.after(start).day in {start.day, *range(28, start.day)}

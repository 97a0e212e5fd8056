"""The reflection period runs from its acceptance to its last day in full, or to the first event that ends it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.routing.facts.reflection_clock import ClockState, ReflectionClock, reflection_clock
from service.routing.facts.terms import Term
from service.routing.facts.working_days import working_day_on_or_before

THREE_MONTHS = Term.parse("3 months")
THIRTY_DAYS = Term.parse("30 days")
START = date(2027, 2, 1)
END = date(2027, 5, 1)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
ENDING = st.sampled_from(
    [
        ClockState.UNKNOWN_DESTINATION,
        ClockState.RECORD_SIGNED,
        ClockState.COOPERATED,
        ClockState.RENOUNCED,
        ClockState.OTHER_PERMIT_APPLIED,
    ]
)


@pytest.mark.parametrize(
    ("starts", "ends", "last_warning_of_the_end_itself"),
    [
        (date(2026, 8, 31), date(2026, 11, 30), date(2026, 11, 30)),
        (date(2026, 11, 23), date(2027, 2, 23), date(2027, 2, 23)),
        (date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 26)),
        (date(2027, 1, 4), date(2027, 4, 4), date(2027, 4, 2)),
        (date(2027, 2, 8), date(2027, 5, 8), date(2027, 5, 7)),
        (date(2027, 3, 31), date(2027, 6, 30), date(2027, 6, 30)),
        (date(2027, 9, 27), date(2027, 12, 27), date(2027, 12, 27)),
        (date(2027, 11, 30), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2028, 11, 30), date(2029, 2, 28), date(2029, 2, 28)),
    ],
)
def test_three_months_end_on_the_same_day_number_and_a_free_day_shifts_nothing(
    starts: date, ends: date, last_warning_of_the_end_itself: date
) -> None:
    assert reflection_clock(starts, THREE_MONTHS, starts, []) == ReflectionClock(starts, ends, ClockState.RUNNING)
    assert working_day_on_or_before(ends) == last_warning_of_the_end_itself


def test_thirty_days_do_not_count_the_day_of_acceptance() -> None:
    assert reflection_clock(date(2027, 5, 18), THIRTY_DAYS, date(2027, 5, 18), []).ends == date(2027, 6, 17)


@pytest.mark.parametrize(
    ("on", "state"),
    [
        (START, ClockState.RUNNING),
        (END, ClockState.RUNNING),
        (END + timedelta(days=1), ClockState.EXPIRED),
        (date(2040, 1, 1), ClockState.EXPIRED),
    ],
)
def test_the_last_day_counts_in_full(on: date, state: ClockState) -> None:
    assert reflection_clock(START, THREE_MONTHS, on, []) == ReflectionClock(START, END, state)


def test_an_ending_event_ends_the_period_from_its_own_day_on() -> None:
    events = [(ClockState.RECORD_SIGNED, date(2027, 4, 2))]

    assert reflection_clock(START, THREE_MONTHS, date(2027, 4, 1), events).state is ClockState.RUNNING
    assert reflection_clock(START, THREE_MONTHS, date(2027, 4, 2), events) == ReflectionClock(
        START, date(2027, 4, 2), ClockState.RECORD_SIGNED
    )


def test_the_first_of_several_events_counts_for_ever() -> None:
    events = [(ClockState.RECORD_SIGNED, date(2027, 4, 2)), (ClockState.RENOUNCED, date(2027, 3, 2))]

    clock = reflection_clock(START, THREE_MONTHS, date(2030, 1, 1), events)

    assert clock == ReflectionClock(START, date(2027, 3, 2), ClockState.RENOUNCED)


def test_of_two_events_on_one_day_the_first_listed_counts() -> None:
    events = [(ClockState.UNKNOWN_DESTINATION, date(2027, 3, 2)), (ClockState.RENOUNCED, date(2027, 3, 2))]

    assert reflection_clock(START, THREE_MONTHS, END, events).state is ClockState.UNKNOWN_DESTINATION


@pytest.mark.parametrize("day", [START - timedelta(days=1), END + timedelta(days=1)])
def test_what_happened_outside_the_period_does_not_end_it(day: date) -> None:
    clock = reflection_clock(START, THREE_MONTHS, date(2027, 12, 1), [(ClockState.RENOUNCED, day)])

    assert clock == ReflectionClock(START, END, ClockState.EXPIRED)


@pytest.mark.parametrize("day", [START, END])
def test_the_first_and_the_last_day_can_be_the_day_of_the_event(day: date) -> None:
    clock = reflection_clock(START, THREE_MONTHS, date(2027, 12, 1), [(ClockState.COOPERATED, day)])

    assert clock == ReflectionClock(START, day, ClockState.COOPERATED)


@given(starts=DAYS, on=DAYS, events=st.lists(st.tuples(ENDING, DAYS), max_size=4))
def test_the_period_never_outlives_its_length_nor_comes_back(
    starts: date, on: date, events: list[tuple[ClockState, date]]
) -> None:
    clock = reflection_clock(starts, THREE_MONTHS, on, events)
    later = reflection_clock(starts, THREE_MONTHS, on + timedelta(days=1), events)

    assert starts <= clock.ends <= THREE_MONTHS.after(starts)
    if clock.state is not ClockState.RUNNING:
        assert later == clock

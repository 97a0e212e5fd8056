"""What an attempt's outcome means for the message."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dispatch.backoff import (
    SCHEDULE,
    DeadLetter,
    Decision,
    Delivered,
    DisableEndpoint,
    HoldUntil,
    RetryAt,
    Tries,
    Trouble,
    decide,
    spread,
    trouble_with,
    wished_wait,
)
from service.dispatch.outcome import NOTHING_TRIED, Category, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAILING = sorted(set(Category) - NOTHING_TRIED - {Category.TAKEN, Category.GONE})
PASSING = sorted(set(FAILING) - {Category.REFUSED})


def decided(category: Category, before: Tries, jitter: float = 0.5, retry_after: str | None = None) -> Decision:
    outcome = Outcome(category, retry_after=retry_after)
    return decide(outcome, before.after(outcome), NOW, jitter)


@pytest.mark.parametrize("failed", range(9))
@pytest.mark.parametrize("category", PASSING)
def test_whatever_fails_is_tried_again_after_the_next_wait(category: Category, failed: int) -> None:
    assert decided(category, Tries(failed)) == RetryAt(NOW + SCHEDULE[failed + 1])


@pytest.mark.parametrize("category", FAILING)
def test_after_the_tenth_failure_a_person_takes_over(category: Category) -> None:
    assert decided(category, Tries(9)) == DeadLetter()


def test_what_is_refused_three_times_is_given_up_whatever_happened_in_between() -> None:
    assert decided(Category.REFUSED, Tries()) == RetryAt(NOW + SCHEDULE[1])
    assert decided(Category.REFUSED, Tries(1, 1)) == RetryAt(NOW + SCHEDULE[2])
    assert decided(Category.TIMEOUT, Tries(2, 2)) == RetryAt(NOW + SCHEDULE[3])
    assert decided(Category.REFUSED, Tries(3, 2)) == DeadLetter()


@pytest.mark.parametrize("failed", [0, 9, 30])
@pytest.mark.parametrize("category", sorted(NOTHING_TRIED))
def test_where_nothing_was_tried_nothing_is_used_up_and_nothing_given_up(category: Category, failed: int) -> None:
    before = Tries(failed, 2)
    assert before.after(Outcome(category)) == before
    decision = decided(category, before)
    assert isinstance(decision, HoldUntil)
    assert timedelta(0) < decision.at - NOW <= timedelta(hours=24)


@pytest.mark.parametrize("failed", [0, 4, 9, 10])
def test_what_is_taken_is_delivered_however_late(failed: int) -> None:
    assert decided(Category.TAKEN, Tries(failed, 3)) == Delivered()


@pytest.mark.parametrize("failed", [0, 9])
def test_a_system_that_is_gone_is_not_tried_again(failed: int) -> None:
    assert decided(Category.GONE, Tries(failed)) == DisableEndpoint()


@pytest.mark.parametrize(
    ("category", "before", "told"),
    [
        (Category.TAKEN, Tries(8), None),
        (Category.TIMEOUT, Tries(2), None),
        (Category.TIMEOUT, Tries(3), Trouble.HARD_TO_REACH),
        (Category.TIMEOUT, Tries(9), Trouble.GIVEN_UP),
        (Category.REFUSED, Tries(2, 2), Trouble.GIVEN_UP),
        (Category.GONE, Tries(), Trouble.GIVEN_UP),
        (Category.NO_ENDPOINT, Tries(), Trouble.NOBODY_LISTENS),
        (Category.OWN_FAULT, Tries(), Trouble.HARD_TO_REACH),
    ],
)
def test_a_person_is_told_before_it_is_too_late(category: Category, before: Tries, told: Trouble | None) -> None:
    outcome = Outcome(category)
    tries = before.after(outcome)
    assert trouble_with(decide(outcome, tries, NOW, 0.5), outcome, tries) is told


def test_the_ladder_lasts_three_days_and_some_hours() -> None:
    assert sum(SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.integers(0, 8), st.floats(0, 1))
def test_a_wait_varies_by_at_most_a_fifth(failed: int, jitter: float) -> None:
    decision = decided(Category.FAILED, Tries(failed), jitter)
    assert isinstance(decision, RetryAt)
    assert SCHEDULE[failed + 1] * 0.8 <= decision.at - NOW <= SCHEDULE[failed + 1] * 1.2


@given(st.integers(0, 8), st.floats(0, 1), st.integers(0, 200_000))
def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day(failed: int, jitter: float, seconds: int) -> None:
    decision = decided(Category.SLOWER, Tries(failed), jitter, str(seconds))
    assert isinstance(decision, RetryAt)
    assert decision.at - NOW >= min(timedelta(seconds=seconds), timedelta(hours=24))
    assert decision.at - NOW <= max(timedelta(hours=24), SCHEDULE[failed + 1] * 1.2)


def test_only_a_receiver_that_is_too_busy_can_ask_for_time() -> None:
    assert decided(Category.REFUSED, Tries(), retry_after="9999") == RetryAt(NOW + SCHEDULE[1])


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("120", 120),
        ("120.1", 121),
        ("0", 0),
        (" 30 ", 30),
        ("86401", 86_400),
        ("999999999", 86_400),
        (format_datetime(NOW + timedelta(minutes=10), usegmt=True), 600),
        (format_datetime(NOW - timedelta(minutes=10), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=10), usegmt=True), 86_400),
        ("Sun, 01 Mar 2026 12:05:00 -0000", 300),
        ("-5", 0),
        ("1e9", 0),
        ("soon", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_a_wish_is_read_in_seconds_or_as_a_date_and_nonsense_is_none(wish: str | None, seconds: int) -> None:
    assert wished_wait(wish, NOW) == timedelta(seconds=seconds)


@given(st.text())
def test_no_text_from_outside_breaks_the_reading_of_a_wish(wish: str) -> None:
    assert timedelta(0) <= wished_wait(wish, NOW) <= timedelta(hours=24)


def test_messages_spread_over_the_whole_jitter() -> None:
    places = sorted(spread(f"msg_{number}", 1) for number in range(1000))
    assert places[0] < 0.02
    assert places[-1] > 0.98
    assert 0.45 < places[500] < 0.55
    assert spread("msg_1", 1) == spread("msg_1", 1) != spread("msg_1", 2)

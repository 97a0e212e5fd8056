"""What an attempt's outcome means for the message."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.dispatch.backoff import (
    SCHEDULE,
    DeadLetter,
    Delivered,
    DisableEndpoint,
    RetryAt,
    decide,
    spread,
    wished_wait,
)
from service.dispatch.outcome import Category, Outcome

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENDINGS = {Category.TAKEN, Category.GONE}


@pytest.mark.parametrize("attempt", range(1, 10))
@pytest.mark.parametrize("category", sorted(set(Category) - ENDINGS))
def test_whatever_fails_is_tried_again_after_the_next_wait(category: Category, attempt: int) -> None:
    assert decide(Outcome(category), attempt, NOW, 0.5) == RetryAt(NOW + SCHEDULE[attempt])


@pytest.mark.parametrize("category", sorted(set(Category) - ENDINGS - {Category.NO_ENDPOINT}))
def test_after_the_tenth_attempt_a_person_takes_over(category: Category) -> None:
    assert decide(Outcome(category), 10, NOW, 0.5) == DeadLetter()


@pytest.mark.parametrize("attempt", [10, 20])
def test_where_nobody_listens_nothing_is_given_up(attempt: int) -> None:
    assert decide(Outcome(Category.NO_ENDPOINT), attempt, NOW, 0.5) == RetryAt(NOW + SCHEDULE[-1])


def test_a_message_sent_after_all_gets_the_whole_ladder_again() -> None:
    assert decide(Outcome(Category.TIMEOUT), 11, NOW, 0.5) == RetryAt(NOW + SCHEDULE[1])
    assert decide(Outcome(Category.TIMEOUT), 20, NOW, 0.5) == DeadLetter()


@pytest.mark.parametrize("attempt", [1, 5, 10, 11])
def test_what_is_taken_is_delivered_however_late(attempt: int) -> None:
    assert decide(Outcome(Category.TAKEN, 202), attempt, NOW, 0.5) == Delivered()


@pytest.mark.parametrize("attempt", [1, 10])
def test_a_system_that_is_gone_is_not_tried_again(attempt: int) -> None:
    assert decide(Outcome(Category.GONE, 410), attempt, NOW, 0.5) == DisableEndpoint()


def test_the_ladder_lasts_three_days_and_some_hours() -> None:
    assert sum(SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(st.integers(1, 9), st.floats(0, 1))
def test_a_wait_varies_by_at_most_a_fifth(attempt: int, jitter: float) -> None:
    decision = decide(Outcome(Category.FAILED), attempt, NOW, jitter)
    assert isinstance(decision, RetryAt)
    assert SCHEDULE[attempt] * 0.8 <= decision.at - NOW <= SCHEDULE[attempt] * 1.2


@given(st.integers(1, 9), st.floats(0, 1), st.integers(0, 200_000))
def test_a_receiver_that_asks_for_time_gets_it_up_to_a_day(attempt: int, jitter: float, seconds: int) -> None:
    decision = decide(Outcome(Category.SLOWER, 429, retry_after=str(seconds)), attempt, NOW, jitter)
    assert isinstance(decision, RetryAt)
    assert decision.at - NOW >= min(timedelta(seconds=seconds), timedelta(hours=24))
    assert decision.at - NOW <= max(timedelta(hours=24), SCHEDULE[attempt] * 1.2)


def test_only_a_receiver_that_is_too_busy_can_ask_for_time() -> None:
    assert decide(Outcome(Category.REFUSED, 404, retry_after="9999"), 1, NOW, 0.5) == RetryAt(NOW + SCHEDULE[1])


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

"""When a partner's system is left alone, and how it is found out that it works again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.dispatch.circuit import FAILURES_IN_A_ROW, LONGEST, REMEMBERED, SHORTEST, Health

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def after(endings: Iterable[str]) -> Health:
    """Give a health after endings: `.` is a success and `x` a failure."""
    health = Health()
    for ending in endings:
        health = health.after_success() if ending == "." else health.after_failure(NOW, probe=False)
    return health


def test_four_failures_are_borne_and_the_fifth_opens() -> None:
    assert after("xxxx").open_until is None
    assert after("xxxxx").open_until == NOW + SHORTEST


def test_a_success_in_between_starts_the_count_again() -> None:
    assert after("xxxx.xxxx").open_until is None


def test_a_system_that_fails_more_often_than_not_is_left_alone_although_it_works_now_and_then() -> None:
    half = ".x" * 10
    assert after(half).open_until is None
    assert after(half + "x").open_until is not None


def test_what_lies_far_back_is_forgotten() -> None:
    assert after("xxxx." * 2 + "." * REMEMBERED + "xx").open_until is None


def test_each_probe_that_fails_keeps_it_open_for_longer_up_to_a_bound() -> None:
    health, waits = after("x" * FAILURES_IN_A_ROW), []
    for _ in range(8):
        health = health.while_probed(NOW + timedelta(hours=1)).after_failure(NOW, probe=True)
        assert health.open_until is not None
        waits.append(health.open_until - NOW)
    assert waits[:2] == [2 * SHORTEST, 4 * SHORTEST]
    assert waits[-1] == LONGEST


def test_a_probe_that_is_taken_closes_it_and_what_was_is_forgotten() -> None:
    probed = after("x" * 12).while_probed(NOW + timedelta(hours=1))
    assert probed.after_success() == Health()


def test_what_was_under_way_when_it_opened_does_not_keep_it_open_for_longer() -> None:
    opened = after("x" * FAILURES_IN_A_ROW)
    assert opened.after_failure(NOW + SHORTEST, probe=False).open_until == opened.open_until


def test_a_system_that_asks_to_be_left_alone_is_left_alone_as_long_as_it_asks() -> None:
    wish = timedelta(minutes=20)
    assert Health().after_failure(NOW, probe=False, wish=wish).open_until == NOW + wish
    assert after("xxxxx").after_failure(NOW, probe=True, wish=wish).open_until == NOW + wish
    assert after("xxxxx").after_failure(NOW, probe=False, wish=wish).open_until == NOW + wish


def test_a_person_who_says_that_it_works_again_has_it_tried_at_once() -> None:
    assert after("xxxxx").may_be_tried(NOW).open_until == NOW
    assert Health().may_be_tried(NOW) == Health()


@given(st.text(".x", max_size=100))
def test_a_system_that_is_well_changes_nothing_that_would_have_to_be_kept(endings: str) -> None:
    health = after(endings + "." * REMEMBERED)
    assert health == Health() == health.after_success()


@given(st.text(".x", max_size=100))
def test_an_open_circuit_is_open_for_a_bounded_time(endings: str) -> None:
    open_until = after(endings).open_until
    assert open_until is None or NOW < open_until <= NOW + LONGEST

"""Time enters by one door, and days are Dutch days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.kernel.clock import MovedClock, SystemClock, local_day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 22, 22, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 23, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 2)),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam_in_winter_and_in_summer(instant: datetime, day: date) -> None:
    assert local_day(instant) == day


def test_a_moved_clock_runs_at_the_real_pace_and_leaves_real_time_alone() -> None:
    started = datetime.now(UTC) - timedelta(seconds=90)
    clock = MovedClock(datetime(2021, 10, 4, 9, 0, tzinfo=UTC), started)

    assert timedelta(seconds=90) <= clock.now() - datetime(2021, 10, 4, 9, 0, tzinfo=UTC) < timedelta(seconds=150)
    assert abs(clock.wall() - datetime.now(UTC)) < timedelta(seconds=60)


def test_a_clock_cannot_start_at_an_instant_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        MovedClock(datetime(2021, 10, 4, 9, 0))  # noqa: DTZ001 -- the mistake under test


def test_the_ordinary_clock_has_one_time() -> None:
    clock = SystemClock()

    assert abs(clock.now() - clock.wall()) < timedelta(seconds=1)

"""The only door for time: business time that a rehearsal can move, and real time for tokens and signatures."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """What the service asks of a clock; every instant is aware and in UTC."""

    def now(self) -> datetime:
        """Give business time: what due dates, decisions and retries are counted from."""
        ...

    def wall(self) -> datetime:
        """Give real time: what tokens, signatures and leases are checked against."""
        ...


class SystemClock:
    """The clock of an ordinary day: business time is real time."""

    def now(self) -> datetime:
        """Give business time."""
        return datetime.now(UTC)

    def wall(self) -> datetime:
        """Give real time."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class MovedClock:
    """A clock whose business time starts elsewhere and runs at the real pace, for rehearsing a case of another day."""

    starts_at: datetime
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        """Refuse an instant of which nobody knows the offset.

        Raises:
            ValueError: `starts_at` has no time zone.
        """
        if self.starts_at.tzinfo is None:
            message = "a moved clock needs an instant with a time zone"
            raise ValueError(message)

    def now(self) -> datetime:
        """Give business time: as long after `starts_at` as this clock has been running."""
        return self.starts_at.astimezone(UTC) + self._running()

    def wall(self) -> datetime:
        """Give real time."""
        return datetime.now(UTC)

    def _running(self) -> timedelta:
        return datetime.now(UTC) - self.started


def local_day(instant: datetime) -> date:
    """Give the day in the Netherlands on which an instant falls.

    Args:
        instant: an aware instant.
    """
    return instant.astimezone(AMSTERDAM).date()

"""Terms: the lengths of time that rules write down, such as "3 months" or "20 working days"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Self

from service.kernel.clock import AMSTERDAM, local_day
from service.routing.facts.working_days import next_working_day, working_day_on_or_before, working_days_between

_WRITTEN: Final = re.compile(
    r"(?P<amount>\d{1,4}) (?P<unit>hour|day|week|month|year|working day)s?(?: at (?P<at>[0-2]\d:[0-5]\d))?",
)


class Unit(StrEnum):
    """What a term counts in; working days skip weekends and public holidays."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    WORKING_DAY = "working day"


_ISO: Final = {Unit.HOUR: "PT{}H", Unit.DAY: "P{}D", Unit.WEEK: "P{}W", Unit.MONTH: "P{}M", Unit.YEAR: "P{}Y"}


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due: always a local day, and the instant too when the term names an hour."""

    day: date
    instant: datetime | None = None

    @property
    def over_at(self) -> datetime:
        """The instant at which it is over: the one that the term names, or else the end of its day, which counts."""
        return self.instant or datetime.combine(self.day + timedelta(days=1), time.min, AMSTERDAM)

    def later(self, unit: Unit, begun: datetime, ended: datetime) -> Self:
        """Move by a time during which nothing was counted, in the unit in which the rest is.

        As much is left at the end of that time as there was at its beginning, and of a day that had begun the whole.

        Args:
            unit: what the term counts in.
            begun: when counting stopped.
            ended: when it went on; nobody loses time where a clock went back in between.
        """
        ended = max(begun, ended)
        if unit is Unit.HOUR and self.instant is not None:
            over = self.instant.astimezone(UTC) + (ended - begun)
            return type(self)(local_day(over), over)
        first, last = local_day(begun), local_day(ended)
        if unit is Unit.WORKING_DAY:
            day = next_working_day(self.day, working_days_between(first, last))
        else:
            day = self.day + (last - first)
        if self.instant is None:
            return type(self)(day)
        return type(self)(day, datetime.combine(day, self.instant.astimezone(AMSTERDAM).time(), AMSTERDAM))


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time counted from a day or an instant; the first day itself never counts."""

    amount: int
    unit: Unit
    at: time | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a term as rules write it.

        Raises:
            ValueError: the text is not an amount and a unit, optionally with "at HH:MM".
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            message = 'a term reads like "3 months", "20 working days", "24 hours" or "1 working day at 12:00"'
            raise ValueError(message)
        at = time.fromisoformat(found["at"]) if found["at"] else None
        return cls(int(found["amount"]), Unit(found["unit"]), at)

    def __str__(self) -> str:
        """Return the term as rules write it."""
        plural = "" if self.amount == 1 else "s"
        return f"{self.amount} {self.unit}{plural}" + (f" at {self.at:%H:%M}" if self.at else "")

    @property
    def iso(self) -> str | None:
        """The ISO 8601 duration; working days have none."""
        pattern = _ISO.get(self.unit)
        return pattern.format(self.amount) if pattern else None

    def before(self, day: date) -> date:
        """Count back from a local day, to the last working day on or before; the warning must reach somebody."""
        days = self.amount * 7 if self.unit is Unit.WEEK else self.amount
        return working_day_on_or_before(day - timedelta(days=days))

    def after(self, day: date) -> date:
        """Count from a local day.

        Months and years keep the day number and clamp to the month's last day (Regulation (EEC, Euratom)
        1182/71, article 3(2)(c), taken as the model). Of a term in hours only whole days count: never too late.
        """
        match self.unit:
            case Unit.MONTH:
                return _months_later(day, self.amount)
            case Unit.YEAR:
                return _months_later(day, 12 * self.amount)
            case Unit.WEEK:
                return day + timedelta(weeks=self.amount)
            case Unit.DAY:
                return day + timedelta(days=self.amount)
            case Unit.HOUR:
                return day + timedelta(days=self.amount // 24)
            case Unit.WORKING_DAY:
                return next_working_day(day, self.amount)

    def due(self, day: date, instant: datetime | None) -> Due:
        """Say when the term is over, counted from an event on a day and, where it is known, at an instant.

        Args:
            day: the local day of the event.
            instant: the moment of the event on that day, with its offset; None when nobody recorded it, and then a
                term in hours has a day and no instant: an hour that nobody knows is not made up.
        """
        if self.unit is Unit.HOUR and instant is not None:
            over = instant + timedelta(hours=self.amount)
            return Due(local_day(over), over)
        last = self.after(day)
        if self.at is not None:
            return Due(last, datetime.combine(last, self.at, AMSTERDAM))
        return Due(last)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

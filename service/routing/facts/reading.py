"""The facts of one decision as code reads them: typed, with the days that have passed and the days terms count from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from service.kernel.clock import local_day
from service.routing.engine.compiled import Value
from service.routing.facts.answers import Answers
from service.routing.facts.parameters import Parameters
from service.routing.facts.places import Place, Places
from service.routing.facts.reflection_clock import ReflectionClock

_OLDEST_CHILD: Final = 17
_COMPLETIONS: Final = ("record_signed_on", "cooperated_on")


@dataclass(slots=True)
class Reading:
    """One decision in the making: what was told, the day, the law, and the values found so far."""

    answers: Answers
    on: date
    parameters: Parameters
    places: Places
    values: dict[str, Value]
    clock: ReflectionClock | None = None
    place: Place | None = None

    def choice(self, name: str) -> str:
        """Give a fact that is one word; a number that is known gives its digits."""
        return str(self.answers[name])

    def members(self, name: str) -> frozenset[str]:
        """Give the members of a fact that is a set."""
        found = self.answers[name]
        return found if isinstance(found, frozenset) else frozenset()

    def code(self, name: str) -> str | None:
        """Give a fact that is a code of somebody else's list, or None."""
        found = self.answers[name]
        return found if isinstance(found, str) else None

    def told_day(self, name: str) -> date | None:
        """Give a day as it was told, be it past or still to come."""
        found = self.answers[name]
        return found if isinstance(found, date) and not isinstance(found, datetime) else None

    def passed(self, name: str) -> date | None:
        """Give a day that was told and has come on the decision date; what is still to come has not happened."""
        day = self.told_day(name)
        return day if day is not None and day <= self.on else None

    @property
    def age(self) -> int | None:
        """The age in years, None when nobody knows it."""
        found = self.answers["age"]
        return found if isinstance(found, int) else None

    @property
    def received_at(self) -> datetime | None:
        """The instant at which the signal came in, None when nobody wrote it down."""
        found = self.answers["received_at"]
        return found if isinstance(found, datetime) else None

    @property
    def accepted_on(self) -> date | None:
        """The recorded day of acceptance that has come; without it no reflection period runs.

        A recorded day says that the offer was accepted, also where nobody filled in the choice.
        """
        return None if self.choice("reflection_choice") == "declined" else self.passed("accepted_on")

    @property
    def report_completed_on(self) -> date | None:
        """The first day on which the official record was signed or the person co-operated otherwise."""
        return min((day for name in _COMPLETIONS if (day := self.passed(name))), default=None)

    @property
    def found_place(self) -> Place:
        """The municipality that counts and its care coordination; registration counts before finding."""
        if self.place is None:
            age = self.age
            if self.values["child.child"] == "yes":
                # Whoever is treated as a child falls under the coordinator for the young, whatever age is claimed.
                age = _OLDEST_CHILD if age is None else min(age, _OLDEST_CHILD)
            self.place = self.places.look_up(self.code("registered_in") or self.code("found_in"), self.on, age)
        return self.place

    def start_of(self, name: str) -> tuple[date, datetime | None] | None:
        """Give the day that a term counts from, with its instant where one is known; None when it is not there.

        Args:
            name: one of the starts that the tables of deadlines and notifications may name.
        """
        return _STARTS[name](self)


def _received(reading: Reading) -> tuple[date, datetime | None]:
    instant = reading.received_at
    return (reading.on, None) if instant is None else (local_day(instant), instant)


def _day(day: date | None) -> tuple[date, None] | None:
    return None if day is None else (day, None)


_STARTS: Final[dict[str, Callable[[Reading], tuple[date, datetime | None] | None]]] = {
    "decided_on": lambda reading: (reading.on, None),
    "received": _received,
    "reflection_start": lambda reading: _day(reading.clock.starts if reading.clock else None),
    "reflection_end": lambda reading: _day(reading.clock.ends if reading.clock else None),
    "reported_on": lambda reading: _day(reading.passed("reported_on")),
    "report_completed_on": lambda reading: _day(reading.report_completed_on),
    "permit_from": lambda reading: _day(reading.passed("permit_from")),
    "case_ended_on": lambda reading: _day(reading.passed("case_ended_on")),
}
STARTS: Final = tuple(_STARTS)

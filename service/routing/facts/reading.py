"""The facts of one decision as code reads them: typed, with the days that have passed and the days terms count from."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Final, TypeVar

from service.kernel.clock import local_day
from service.routing.engine.compiled import Value
from service.routing.engine.table import EffectiveDay, Row
from service.routing.facts.answers import Answer, Answers
from service.routing.facts.parameters import Parameters
from service.routing.facts.places import Place, Places
from service.routing.facts.read_answers import Said
from service.routing.facts.reflection_clock import ReflectionClock

_OLDEST_CHILD: Final = 17
CLOCK: Final = "the clock"
_LAW: Final = "the law"
_COMPLETIONS: Final = ("record_signed_on", "cooperated_on")

_Found = TypeVar("_Found")


class Reading:
    """One decision in the making: what was told, the day, the law, and what was found so far.

    It notes who read what. Told otherwise, only what that reaches needs to be found again.

    Attributes:
        answers: what was told.
        on: the decision date.
        parameters: the amounts of the law.
        places: the reference data.
        values: what tables may read: the columns of the facts, and what code has worked out of them.
        rows: the rows that decided, by table.
        changed: the names of what differs from the reading before, as far as is known by now.
    """

    def __init__(
        self,
        answers: Answers,
        on: date,
        parameters: Parameters,
        places: Places,
        values: dict[str, Value],
    ) -> None:
        """Begin with what was told.

        Args:
            answers: what was told.
            on: the decision date.
            parameters: the amounts of the law.
            places: the reference data.
            values: the columns of the facts.
        """
        self.answers = answers
        self.on = on
        self.parameters = parameters
        self.places = places
        self.values = values
        self.rows: dict[str, tuple[Row, ...]] = {}
        self.changed: set[str] = set()
        self._before: Reading | None = None
        self._read_by: dict[str, set[str]] = {}
        self._noted: set[str] = set()
        self._clock: ReflectionClock | None = None
        self._place: tuple[tuple[str | None, int | None], Place] | None = None

    def told_otherwise(self, fact: str, said: Said) -> "Reading":
        """Begin again with one fact told otherwise; what the fact does not reach is taken from here.

        Args:
            fact: name of the fact.
            said: what is told of it instead.
        """
        return self.all_told_otherwise({fact: said})

    def all_told_otherwise(self, told: Mapping[str, Said]) -> "Reading":
        """Begin again with some facts told otherwise.

        Args:
            told: names of facts, and what is told of them instead.
        """
        answers, columns = self.answers, dict[str, Value]()
        for fact, said in told.items():
            answers = answers.told_otherwise(fact, said)
            columns |= answers.columns_of(fact)
        other = Reading(answers, self.on, self.parameters, self.places, self.values | columns)
        other.changed.update((*told, *(name for name, value in columns.items() if self.values[name] != value)))
        other._before, other._clock, other._place = self, self._clock, self._place
        return other

    def derive(self, name: str, compute: Callable[["Reading"], Value]) -> None:
        """Find a value by code, unless nothing that the code read before has changed.

        Args:
            name: of the value.
            compute: the code; it reads through the methods of this class alone.
        """
        if self.reaches(name):
            self.tell(name, self.noting(name, compute))

    def reaches(self, reader: str) -> bool:
        """Tell whether something has changed that a reader read before; whoever has not read yet is reached."""
        before = self._before
        return before is None or not self.changed.isdisjoint(before._read_by[reader])  # noqa: SLF001 -- of its own class

    def noting(self, reader: str, read: Callable[["Reading"], _Found]) -> _Found:
        """Let somebody read, and note what is read.

        Args:
            reader: name of who reads.
            read: the reading.
        """
        self._noted = self._read_by[reader] = set()
        return read(self)

    def day_of(self, effective_on: EffectiveDay) -> date:
        """Give the day by which a table chooses the version of its rows."""
        accepted = self.noting(_LAW, lambda reading: reading.accepted_on)
        return (accepted if effective_on is EffectiveDay.JUDGED_ON else None) or self.on

    def read_by(self, reader: str) -> frozenset[str]:
        """Give the names of what a reader read: facts, columns, outcomes, tables.

        Raises:
            KeyError: nobody of this name has read.
        """
        return frozenset(self._read_by[reader])

    def tell(self, name: str, value: Value) -> None:
        """Make a value known to the code and the tables that come after."""
        if self.values.get(name) != value:
            self.values[name] = value
            self.changed.add(name)

    def found(self, table: str, rows: tuple[Row, ...]) -> None:
        """Keep the rows that decided a table."""
        self.rows[table] = rows
        if self._before is not None and self._before.rows[table] != rows:
            self.changed.add(table)

    def value(self, name: str) -> Value:
        """Give a value that tables read too: a column of a fact, or the outcome of a table."""
        self._noted.add(name)
        return self.values[name]

    def rows_of(self, table: str) -> tuple[Row, ...]:
        """Give the rows that decided a table."""
        self._noted.add(table)
        return self.rows[table]

    def choice(self, name: str) -> str:
        """Give a fact that is one word; a number that is known gives its digits."""
        return str(self._answer(name))

    def members(self, name: str) -> AbstractSet[str]:
        """Give the members of a fact that is a set."""
        found = self._answer(name)
        return found if isinstance(found, frozenset) else frozenset()

    def code(self, name: str) -> str | None:
        """Give a fact that is a code of somebody else's list, or None."""
        found = self._answer(name)
        return found if isinstance(found, str) else None

    def told_day(self, name: str) -> date | None:
        """Give a day as it was told, be it past or still to come."""
        found = self._answer(name)
        return found if isinstance(found, date) and not isinstance(found, datetime) else None

    def passed(self, name: str) -> date | None:
        """Give a day that was told and has come on the decision date; what is still to come has not happened."""
        day = self.told_day(name)
        return day if day is not None and day <= self.on else None

    @property
    def age(self) -> int | None:
        """The age in years, None when nobody knows it."""
        found = self._answer("age")
        return found if isinstance(found, int) else None

    @property
    def turns_18_on(self) -> date | None:
        """Give the day on which the person turns 18, past or to come."""
        found = self._answer("turns_18_on")
        return found if isinstance(found, date) else None

    @property
    def received_at(self) -> datetime | None:
        """The instant at which the signal came in, None when nobody wrote it down."""
        found = self._answer("received_at")
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
    def clock(self) -> ReflectionClock | None:
        """The clock of the reflection period, once it was run and if it has started."""
        self._noted.add(CLOCK)
        return self._clock

    @clock.setter
    def clock(self, clock: ReflectionClock | None) -> None:
        if clock != self._clock:
            self.changed.add(CLOCK)
        self._clock = clock

    @property
    def found_place(self) -> Place:
        """The municipality that counts and its care coordination; registration counts before finding."""
        age = self.age
        if self.value("child.child") == "yes":
            # Whoever is treated as a child falls under the coordinator for the young, whatever age is claimed.
            age = _OLDEST_CHILD if age is None else min(age, _OLDEST_CHILD)
        asked = (self.code("registered_in") or self.code("found_in"), age)
        if self._place is None or self._place[0] != asked:
            self._place = asked, self.places.look_up(asked[0], self.on, age)
        return self._place[1]

    def start_of(self, name: str) -> tuple[date, datetime | None] | None:
        """Give the day that a term counts from, with its instant where one is known; None when it is not there.

        Args:
            name: one of the starts that the tables of deadlines and notifications may name.
        """
        return _STARTS[name](self)

    def _answer(self, name: str) -> Answer:
        self._noted.add(name)
        return self.answers[name]


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
    "turns_18_on": lambda reading: _day(reading.turns_18_on),
    "permit_from": lambda reading: _day(reading.passed("permit_from")),
    "prosecuted_on": lambda reading: _day(reading.passed("prosecuted_on")),
    "convicted_on": lambda reading: _day(reading.passed("convicted_on")),
    "case_ended_on": lambda reading: _day(reading.passed("case_ended_on")),
}

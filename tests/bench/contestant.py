"""Who takes part: an engine, ready to decide about each person, and a way to compare what it says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tests.bench.people import Person, Rows

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Contestant(Generic[Answer]):
    """An engine with everything prepared: one call is one decision about one person."""

    name: str
    calls: Sequence[Callable[[], Answer]]
    rows: Callable[[Answer], Rows]

    def disagreements(self, people: Sequence[Person]) -> list[str]:
        """Say where the engine finds other rows than the service does, by person and table."""
        return [
            f"{self.name}, person {number}, table {table}: {said.get(table)} instead of {wanted}"
            for number, (person, call) in enumerate(zip(people, self.calls, strict=True))
            for said in [self.rows(call())]
            for table, wanted in person.rows.items()
            if said.get(table) != wanted
        ]

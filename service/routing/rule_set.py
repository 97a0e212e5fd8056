"""A country's mechanism as data: everything a decision needs, read whole and never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from service.routing.answers import Answers
from service.routing.compiled import CompiledTable
from service.routing.entries import Words
from service.routing.parameters import Parameters
from service.routing.places import Places
from service.routing.steps import Step, ordered_steps
from service.routing.table import Status
from service.routing.vocabulary import Vocabulary


@dataclass(frozen=True)
class Disclosure:
    """Which facts a kind of message may carry, and on which legal basis."""

    content: str
    facts: tuple[str, ...]
    basis: str
    status: Status
    why: Words


@dataclass(frozen=True)
class Example:
    """A story with its facts, what must follow from them and what must not."""

    id: str
    story: Words
    on: date
    facts: Answers
    expect: Mapping[str, object]
    absent: Mapping[str, object]
    note: Words
    status: Status
    rules: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True)
class RuleSet:
    """Vocabulary, parameters, compiled tables in the order in which they read each other, places and examples."""

    country: str
    digest: str
    vocabulary: Vocabulary
    parameters: Parameters
    tables: Mapping[str, CompiledTable]
    places: Places
    disclosure: Mapping[str, Disclosure]
    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        """Give the name that decisions keep: the country and the hash of the content that decides."""
        return f"{self.country}@sha256:{self.digest}"

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Give derived values and tables in an order in which each finds what it reads."""
        return ordered_steps(self.tables)

    @cached_property
    def telling_numbers(self) -> Mapping[str, tuple[int, ...]]:
        """For every fact that is a number, one value out of each range that some rule treats alike."""
        return {
            name: tuple(sorted(self._starts_of_ranges(name)))
            for name, fact in self.vocabulary.facts.items()
            if fact.kind is FactKind.NUMBER
        }

    @cached_property
    def telling_municipalities(self) -> tuple[str, ...]:
        """One municipality of which the reference data know everything, to see what knowing one would change."""
        known = (one.code for one in self.places.municipalities.values() if one.central_municipality)
        return tuple(sorted(known)[:1])

    def _starts_of_ranges(self, fact: str) -> set[int]:
        number = self.vocabulary.facts[fact].number
        starts = {number.low} if number else set()
        for compiled in self.tables.values():
            boxes = [row.when for row in compiled.table.rows]
            cells = [box[fact] for box in boxes if fact in box]
            starts |= {bound for cell in cells for low, high in cell.spans for bound in (low, high + 1)}
        if fact == "age":
            starts |= {area.age_from for area in self.places.care_areas if area.age_from is not None}
        return {start for start in starts if number and start in number}

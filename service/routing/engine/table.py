"""A decision table as it is written: columns, outcomes, and rows with their legal sources and days of validity."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.routing.engine.cells import Cell
from service.routing.text.entries import Words

When = Mapping[str, Cell]

NONE = "none"


class Policy(StrEnum):
    """How many rows may apply: exactly one, the first of several, or all of them."""

    UNIQUE = "unique"
    FIRST = "first"
    COLLECT = "collect"


class Status(StrEnum):
    """How well a row is founded."""

    SOURCED = "sourced"
    OLD_TEXT = "old_text"
    ASSUMED = "assumed"
    CONTESTED = "contested"


class EffectiveDay(StrEnum):
    """The days by which a table can choose the version of its rows; never the day on which the machine runs."""

    DECIDED_ON = "decided_on"
    JUDGED_ON = "judged_on"


class ParameterKind(StrEnum):
    """What a parameter that an outcome names must hold."""

    TERM = "term"
    NUMBER = "number"
    TIME = "time"


@dataclass(frozen=True)
class Source:
    """Where a rule comes from, cited as a lawyer would; jci is the Juriconnect reference of wetten.overheid.nl."""

    cite: str
    jci: str | None = None
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Output:
    """One outcome column: the values that rows may give, or the kind of parameter that they may name.

    Attributes:
        favourable: groups of values, the best for the person first; a value that stands in none is not compared.
        without_row: values that no row gives on purpose, each with what gives it instead, per language.
    """

    name: str
    values: tuple[str, ...]
    optional: bool = False
    parameter: ParameterKind | None = None
    favourable: tuple[tuple[str, ...], ...] = ()
    without_row: Mapping[str, Words] = field(default_factory=dict)

    def as_input(self) -> tuple[str, ...]:
        """Give the values that another table reads; an outcome left out reads as `none`."""
        return (*self.values, NONE) if self.optional and NONE not in self.values else self.values

    def place(self, value: str) -> int | None:
        """Give the place of a value among the favourable ones, 0 for the best; None when it is not compared."""
        return next((place for place, group in enumerate(self.favourable) if value in group), None)


@dataclass(frozen=True)
class Row:
    """One row: when it applies, what then, why, and on which days (both included)."""

    id: str
    rule: str
    when: When
    then: Mapping[str, str]
    sources: tuple[Source, ...]
    status: Status
    valid_from: date | None
    valid_to: date | None
    note: Words
    line: int

    def applies_on(self, day: date) -> bool:
        """Tell whether the day lies within the row's days of validity."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def days(self) -> str:
        """Write the days of validity as a range."""
        return written_days(self.valid_from, self.valid_to)


@dataclass(frozen=True)
class Never:
    """A combination of values that cannot be true of anybody, and why."""

    when: When
    why: Words
    sources: tuple[Source, ...]
    line: int

    def holds_of(self, columns: Mapping[str, str | int]) -> bool:
        """Tell whether these values contradict each other in this way."""
        return all(columns[name] in cell for name, cell in self.when.items())


@dataclass(frozen=True)
class DecisionTable:
    """A table with its rows in the order of the file."""

    name: str
    title: Words
    policy: Policy
    why_first: Words
    effective_on: EffectiveDay
    inputs: tuple[str, ...]
    outputs: Mapping[str, Output]
    rows: tuple[Row, ...]
    never: tuple[Never, ...]
    file: str
    line: int

    def more_favourable(self, row: Row, other: Row) -> bool:
        """Tell whether a row is better for the person than another: by the first outcome in which they differ."""
        for name, output in self.outputs.items():
            place, otherwise = (output.place(one.then.get(name, NONE)) for one in (row, other))
            if output.favourable and place != otherwise:
                return place is not None and otherwise is not None and place < otherwise
        return False


def written_days(first: date | None, last: date | None) -> str:
    """Write days from the first to the last, both included, as a range; an open end stays empty."""
    if first == last and first is not None:
        return first.isoformat()
    return f"{first.isoformat() if first else ''}..{last.isoformat() if last else ''}"

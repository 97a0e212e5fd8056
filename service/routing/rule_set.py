"""A country's mechanism as data: everything a decision needs, read whole and never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from service.routing.disclosure import Disclosure
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import NONE, Row, Source, Status, When
from service.routing.facts.answers import Answers
from service.routing.facts.parameters import Parameters
from service.routing.facts.places import Places
from service.routing.facts.vocabulary import Vocabulary
from service.routing.period_steps import PeriodSteps
from service.routing.steps import Steps, ordered_steps
from service.routing.text.entries import Words


@dataclass(frozen=True)
class Phrases:
    """The words of explanations: sentences by audience and name, and what outcomes are called by place and value."""

    sentences: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    outcomes: Mapping[str, Mapping[str, Mapping[str, Words]]] = field(default_factory=dict)


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
class Entry:
    """An entry of the list that a collect table gives, described by its outcomes."""

    table: str
    then: When

    def means(self, row: Row) -> bool:
        """Tell whether what a row gives is such an entry; an outcome that it leaves out reads as `none`."""
        return all(row.then.get(name, NONE) in cell for name, cell in self.then.items())


@dataclass(frozen=True)
class Invariant:
    """A statement about every possible person, with its source.

    Attributes:
        when: whom it is about; an empty condition is everybody.
        never: what none of them has, all of it together.
        always: what each of them has, every part of it.
        told_otherwise: facts that, told otherwise, leave the outcomes and lists of `unchanged` as they are.
    """

    id: str
    text: Words
    sources: tuple[Source, ...]
    when: When
    never: When
    never_listed: tuple[Entry, ...]
    always: When
    always_listed: tuple[Entry, ...]
    told_otherwise: tuple[str, ...]
    unchanged: tuple[str, ...]
    valid_from: date | None
    valid_to: date | None
    file: str
    line: int


@dataclass(frozen=True, eq=False)
class RuleSet:
    """Vocabulary, parameters, tables in the order in which they read each other, places, examples and invariants."""

    country: str
    digest: str
    vocabulary: Vocabulary
    parameters: Parameters
    tables: Mapping[str, CompiledTable]
    places: Places
    disclosure: Disclosure
    examples: tuple[Example, ...]
    invariants: tuple[Invariant, ...] = ()
    phrases: Phrases = Phrases()
    period_steps: PeriodSteps = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Give the name that decisions keep: the country and the hash of the content that decides."""
        return f"{self.country}@sha256:{self.digest}"

    @cached_property
    def steps(self) -> Steps:
        """Give derived values and tables in an order in which each finds what it reads."""
        return ordered_steps(self.tables)

"""The facts that can be told about a case: one place from which questions, checks and documentation come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from service.routing.engine.domains import YES_OR_NO, Choice, Domain, Number
from service.routing.engine.table import Never, When
from service.routing.text.entries import Words

Default = str | int | tuple[str, ...] | None


class FactKind(StrEnum):
    """The kinds of facts; what is told per member of a set is kept with a case and can be read by no rule."""

    CHOICE = "choice"
    NUMBER = "number"
    SET = "set"
    MAP = "map"
    PER_MEMBER = "per_member"
    DATE = "date"
    INSTANT = "instant"
    CODE = "code"


class CodeList(StrEnum):
    """The code lists of others: CBS municipality codes, and ISO 3166-1 alpha-2 countries."""

    MUNICIPALITY = "municipality"
    COUNTRY = "country"


@dataclass(frozen=True)
class Fact:
    """One thing that can be told, the answer that counts when nothing is told, and how to ask for it.

    Attributes:
        of: the set whose members this fact says something about, each by itself.
    """

    name: str
    kind: FactKind
    default: Default
    group: str
    label: Words
    question: Words
    note: Words = field(default_factory=dict)
    ask_when: When = field(default_factory=dict)
    values: Mapping[str, Words] = field(default_factory=dict)
    keys: Mapping[str, Words] = field(default_factory=dict)
    number: Number | None = None
    codes: CodeList | None = None
    of: str | None = None
    line: int = 0

    def columns(self) -> Iterator[tuple[str, Domain]]:
        """Give the columns that tables can read: the fact itself, one per member or key, or whether it was told."""
        if self.kind is FactKind.CHOICE:
            yield self.name, Choice(tuple(self.values))
        elif self.kind is FactKind.NUMBER and self.number is not None:
            yield self.name, self.number
        elif self.kind is FactKind.SET:
            for member in self.values:
                yield f"{self.name}.{member}", YES_OR_NO
        elif self.kind is FactKind.MAP:
            for key in self.keys:
                yield f"{self.name}.{key}", Choice(tuple(self.values))
        elif self.kind is not FactKind.PER_MEMBER:
            yield f"{self.name}.told", YES_OR_NO


@dataclass(frozen=True)
class Derived:
    """A value that code computes from the facts, with its closed domain and how it comes about in words."""

    name: str
    domain: Domain
    values: Mapping[str, Words]
    label: Words
    how: Words
    line: int


@dataclass(frozen=True)
class Guard:
    """Facts and derived values about which an explanation keeps silent in some way, and why."""

    facts: tuple[str, ...] = ()
    why: Words = field(default_factory=dict)


@dataclass(frozen=True)
class Guards:
    """What an explanation may not do with some facts.

    Attributes:
        protected: what somebody is or went through; never named as a change, and said when it made no difference.
        own_choice: what somebody chooses; never named as a change, because that would be pressure.
        in_person_only: what is never told to the person in writing.
    """

    protected: Guard = Guard()
    own_choice: Guard = Guard()
    in_person_only: Guard = Guard()

    @property
    def frozen(self) -> frozenset[str]:
        """The facts and derived values that are never named as a way to another outcome."""
        return frozenset((*self.protected.facts, *self.own_choice.facts))


@dataclass(frozen=True)
class Vocabulary:
    """All facts in the order of asking, what code derives from them, and what can never be true together."""

    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    never: tuple[Never, ...]
    file: str = "facts.yaml"
    guards: Guards = Guards()

    @cached_property
    def fact_columns(self) -> Mapping[str, Domain]:
        """Give the columns that come straight from the facts."""
        return dict(column for fact in self.facts.values() for column in fact.columns())

    @cached_property
    def never_about(self) -> Mapping[str, tuple[Never, ...]]:
        """Give by fact what can never be true together with it."""
        return {
            fact.name: tuple(one for one in self.never if not one.when.keys().isdisjoint(dict(fact.columns())))
            for fact in self.facts.values()
        }

    def columns(self) -> Mapping[str, Domain]:
        """Give every name that a table can use as input, with its domain."""
        return {**self.fact_columns, **{name: derived.domain for name, derived in self.derived.items()}}

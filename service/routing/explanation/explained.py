"""What an explanation holds: what decided, on which ground, what would be otherwise; every part can be checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.routing.engine.compiled import Value
from service.routing.explanation.changes import Change
from service.routing.facts.read_answers import Said


class Audience(StrEnum):
    """Who reads the explanation: somebody who works on the case, or the person it is about."""

    PROFESSIONAL = "professional"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Known:
    """A column of a table and what the table found there."""

    column: str
    value: Value


@dataclass(frozen=True, slots=True)
class ToldFact:
    """A fact that mattered: what counts for it, and whether somebody told it or it counts by default."""

    fact: str
    value: Said | None
    told: bool


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A fact that mattered, in words."""

    label: str
    told: str


@dataclass(frozen=True, slots=True)
class FiredRow:
    """A row that applies, the columns that force what it says, and the facts behind them."""

    row: str
    rule: str
    status: str
    sources: tuple[str, ...]
    outcome: Mapping[str, str]
    columns: tuple[Known, ...]
    facts: tuple[ToldFact, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A cell that stands in the way of a row."""

    column: str
    wanted: str
    found: str


@dataclass(frozen=True, slots=True)
class BetterRow:
    """A row that would be better for the person and does not apply, what stands in its way, and what would change that.

    Nothing that somebody is, went through or chooses ever stands in its way.

    Attributes:
        change: the fewest facts to check, by which the row would apply; empty where no two facts that may be named do,
            or where fewer of them lead to something as good.
    """

    row: str
    rule: str
    sources: tuple[str, ...]
    outcome: Mapping[str, str]
    obstacles: tuple[Obstacle, ...]
    change: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class ExplainedTable:
    """What one table said and why; and why nothing better."""

    table: str
    fired: tuple[FiredRow, ...]
    better: tuple[BetterRow, ...]


@dataclass(frozen=True, slots=True)
class NoDifference:
    """A fact about what somebody is, and the parts of the decision that are the same whatever is told of it.

    Attributes:
        proved: the invariants by which it makes no difference for everybody, each by its name.
    """

    fact: str
    parts: tuple[str, ...]
    proved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision is as it is, for one audience.

    Attributes:
        starts: first day of the reflection period, where one runs or has run.
        ends: its last day.
        length: its length as an ISO 8601 duration, where one is offered, runs or has run.
        questions: the facts that nobody knows yet and that could change the decision.
    """

    on: date
    rule_set: str
    audience: Audience
    starts: date | None
    ends: date | None
    length: str | None
    tables: tuple[ExplainedTable, ...]
    no_difference: tuple[NoDifference, ...]
    questions: tuple[str, ...]

    def table(self, name: str) -> ExplainedTable | None:
        """Give what was found about a table, None when it is not explained to this audience."""
        return next((one for one in self.tables if one.table == name), None)

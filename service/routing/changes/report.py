"""Everything that a change of the rules changes, with a person for each kind of case, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar, Final

from service.kernel.errors import DomainError, Kind
from service.routing.changes.around import Altered, altered
from service.routing.changes.diff import TableDiff, reaches_back, table_diffs
from service.routing.changes.people import Person, somebody
from service.routing.decision import Json
from service.routing.engine.laid_together import Days
from service.routing.engine.two_lists import Outcome
from service.routing.engine.versions import Change
from service.routing.rule_set import RuleSet

_MOST_PEOPLE: Final = 30


class ReachesBack(DomainError):
    """A change alters outcomes of days that have passed, and nobody said that this is meant."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "reaches-back"
    title: ClassVar[str] = (
        "The change is retroactive: close the old rows and let new ones begin later, or say why it must be so"
    )


@dataclass(frozen=True)
class ChangeReport:
    """Two rule sets compared.

    Attributes:
        old: the rules as they are.
        new: the rules as they would be.
        today: the first day that has not passed; whatever changes days before it reaches back.
        tables: the tables that change, or that read what changes.
        around: what else changes.
    """

    old: RuleSet
    new: RuleSet
    today: date
    tables: tuple[TableDiff, ...]
    around: tuple[Altered, ...]

    @cached_property
    def people(self) -> Mapping[int, Person | None]:
        """Give a person for each change, by its place among all; beyond a number nobody is looked for."""
        every = [(one.name, change) for one in self.tables for change in one.changes]
        return {
            number: somebody(name, change, self.old, self.new, self.today)
            for number, (name, change) in enumerate(every[:_MOST_PEOPLE])
        }

    def seen(self, table: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Give how the rows of a table that reads what changes were seen to change, for the people of the changes.

        Args:
            table: its name.

        Returns:
            The rows that apply by the old rules only, and by the new ones only; each way once.
        """
        found = dict.fromkeys(
            moved
            for person in self.people.values()
            if person is not None and person.old is not None and any(moved := person.moved(table))
        )
        return tuple(found)

    @property
    def reaches_back(self) -> bool:
        """Whether outcomes of days that have passed change."""
        return any(reaches_back(change, self.today) for one in self.tables for change in one.changes) or any(
            one.reaches_back(self.today) for one in self.around
        )

    def as_json(self) -> Json:
        """Give the report as JSON; cells as rules write them."""
        people = iter(range(sum(len(one.changes) for one in self.tables)))
        return {
            "old": self.old.name,
            "new": self.new.name,
            "today": self.today.isoformat(),
            "retroactive": self.reaches_back,
            "tables": [
                {
                    "table": one.name,
                    "is_new": one.is_new,
                    "is_gone": one.is_gone,
                    "reads_what_changes": list(one.reached_by),
                    "complete": one.complete,
                    "exact": one.exact,
                    "seen": [{"old_rows": [*gone], "new_rows": [*come]} for gone, come in self.seen(one.name)]
                    if one.reached_by
                    else [],
                    "changes": [self._change(change, self.people.get(next(people))) for change in one.changes],
                }
                for one in self.tables
            ],
            "around": [
                {
                    "subject": one.subject,
                    "name": one.name,
                    "old": one.old,
                    "new": one.new,
                    "days": None if one.days is None else _days(one.days),
                    "retroactive": one.reaches_back(self.today),
                }
                for one in self.around
            ],
        }

    def _change(self, change: Change, person: Person | None) -> Json:
        return {
            "when": {column: str(cell) for column, cell in change.region.when.items()},
            "days": {axis: [_days(span) for span in spans] for axis, spans in change.region.days.items()},
            "old": _outcome(change.old),
            "new": _outcome(change.new),
            "old_rows": [row.id for row in change.old_rows],
            "new_rows": [row.id for row in change.new_rows],
            "retroactive": reaches_back(change, self.today),
            "example": None if person is None else _person(person),
        }


def report(old: RuleSet, new: RuleSet, today: date) -> ChangeReport:
    """Compare two rule sets.

    Args:
        old: the rules as they are.
        new: the rules as they would be.
        today: the first day that has not passed.

    Raises:
        NotProven: two versions of a table are too entangled to be compared.
    """
    return ChangeReport(old, new, today, table_diffs(old, new), altered(old, new))


def _outcome(outcome: Outcome) -> object:
    return dict(outcome) if isinstance(outcome, tuple) else outcome


def _days(span: Days) -> list[str | None]:
    return [None if day is None else day.isoformat() for day in span]


def _person(person: Person) -> Json:
    return {
        "facts": dict(person.facts),
        "on": person.on.isoformat(),
        "changed": list(person.changed_parts()),
        "old": None if person.old is None else person.old.as_json(),
        "new": person.new.as_json(),
    }

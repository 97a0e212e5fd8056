"""Follows an outcome back to the facts that it stands on, through the tables and the values that code derives.

Of a table it is proved which of its columns force the outcome. A derived value stands on the facts that its code read:
as long as these are told alike, the code goes the same way. Facts that make no difference to it are left out by trying.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import product
from math import prod
from typing import Final

from service.routing.engine.compiled import Value
from service.routing.engine.forced import sufficient_reason
from service.routing.engine.table import NONE, Policy, Row
from service.routing.explanation.ways import other_words
from service.routing.facts.derived import DERIVED
from service.routing.facts.read_answers import Said
from service.routing.facts.reading import CLOCK, Reading
from service.routing.rule_set import RuleSet

MOST_TRIED: Final = 300


class Grounds:
    """What one decision stands on; found when asked for, and once."""

    def __init__(self, rule_set: RuleSet, reading: Reading) -> None:
        """Prepare.

        Args:
            rule_set: the rules that decided.
            reading: what they found.
        """
        self._rules = rule_set
        self._reading = reading
        self._behind: dict[str, frozenset[str]] = {}
        self._told: dict[str, Value] = {}
        for name, rows in reading.rows.items():
            for row in rows:
                self._told |= rule_set.tables[name].outcomes.get(row.id, {})

    def value(self, column: str) -> Value:
        """Give what a table found in a column: a fact, a derived value, or the outcome of another table."""
        return self._told.get(column, self._reading.values.get(column, NONE))

    def columns(self, table: str, row: Row, output: str | None = None) -> tuple[str, ...]:
        """Give the columns of a table that force what it says, of which none could be left out.

        Args:
            table: name of the table.
            row: a row that applies.
            output: the one outcome that counts; all of them when left out.
        """
        compiled = self._rules.tables[table]
        if compiled.table.policy is Policy.COLLECT:
            # In a list every row answers a question of its own, and its cells are what it asks.
            return tuple(row.when)
        values = {name: self.value(name) for name in compiled.table.inputs}
        day = self._reading.day_of(compiled.table.effective_on)
        told = [name for name in values if name in self._reading.answers.given]
        return sufficient_reason(compiled, values, day, _said(output), keep=told)

    def facts(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Give the facts, in the order of asking, whose values alone make these columns what they are."""
        behind = frozenset[str]().union(*(self._facts_behind(name) for name in columns))
        order = {name: place for place, name in enumerate(self._rules.vocabulary.facts)}
        return tuple(sorted(behind, key=lambda name: (order[name.partition(".")[0]], name)))

    def can_apply(self, row: Row, fixed: Collection[str]) -> bool:
        """Tell whether a row could apply with some columns as they are, whatever the other facts turn out to be.

        Args:
            row: of whichever table.
            fixed: names of facts and derived values; those of a fact fix all its columns.
        """
        for column, cell in row.when.items():
            table, _, output = column.partition(".")
            if column in fixed or table in fixed:
                if self.value(column) not in cell:
                    return False
            elif table in self._rules.tables:
                giving = (
                    other for other in self._rules.tables[table].table.rows if other.then.get(output, NONE) in cell
                )
                if not any(self.can_apply(other, fixed) for other in giving):
                    return False
        return True

    def _facts_behind(self, column: str) -> frozenset[str]:
        if column not in self._behind:
            self._behind[column] = self._found_behind(column)
        return self._behind[column]

    def _found_behind(self, column: str) -> frozenset[str]:
        vocabulary = self._rules.vocabulary
        if column in vocabulary.derived:
            return frozenset(self.facts(self._read_by(column)))
        table, _, output = column.partition(".")
        if table in self._rules.tables:
            (row,) = self._reading.rows[table]
            return frozenset(self.facts(self.columns(table, row, output)))
        # Whether a day was told is a column; the fact behind it is the day.
        return frozenset({table if output == "told" else column})

    def _read_by(self, derived: str) -> frozenset[str]:
        """Give what the code of a derived value read, without the facts that it would do without."""
        needed = self._reading.read_by(derived)
        free: dict[str, list[Said]] = {}
        for name in sorted(needed, key=lambda one: one in self._reading.answers.given):
            fact = self._rules.vocabulary.facts.get(name)
            ways = [] if fact is None else list(other_words(fact, self._reading.answers))
            trial = free | {name: ways}
            if (
                ways
                and prod(len(one) + 1 for one in trial.values()) <= MOST_TRIED
                and self._holds(derived, needed, trial)
            ):
                free = trial
        # The clock that code runs and reads again is no ground of its own.
        return needed - free.keys() - {CLOCK}

    def _holds(self, derived: str, read: frozenset[str], free: dict[str, list[Said]]) -> bool:
        """Tell whether code finds the same whatever is told of the free facts, without reading anything else."""
        now = self._reading.values[derived]
        for told in product(*([None, *ways] for ways in free.values())):
            other = self._reading.all_told_otherwise(
                {name: said for name, said in zip(free, told, strict=True) if said is not None}
            )
            if other.noting(derived, DERIVED[derived].compute) != now or not other.read_by(derived) <= read:
                return False
        return True


def _said(output: str | None) -> Callable[[Row | None], object]:
    if output is None:
        return lambda row: None if row is None else tuple(sorted(row.then.items()))
    return lambda row: None if row is None else row.then.get(output, NONE)

"""Two rule sets side by side: for which kinds of persons does which table give another outcome, and from when?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from service.routing.changes.amounts import changed_parameters, pieces
from service.routing.engine.table import Policy
from service.routing.engine.two_lists import NO_ROW
from service.routing.engine.versions import Change, changes
from service.routing.facts.derived import DERIVED
from service.routing.rule_set import RuleSet


@dataclass(frozen=True)
class TableDiff:
    """What changes in one table.

    Attributes:
        name: of the table.
        changes: boxes that together are exactly the cases with another outcome for the same inputs.
        complete: whether those are all boxes; where there are very many, only the first are told.
        reached_by: what it reads of other tables, and of code behind them, that may change, so that more may follow.
            For whom is not laid out in boxes: between the tables stands code that counts days, which no column holds.
        is_new: whether only the new rule set has the table.
        is_gone: whether only the old rule set has it.
    """

    name: str
    changes: tuple[Change, ...] = ()
    complete: bool = True
    reached_by: tuple[str, ...] = ()
    is_new: bool = False
    is_gone: bool = False

    @property
    def exact(self) -> bool:
        """Whether the boxes are all that changes here; else more may follow from outcomes that it reads."""
        return self.complete and not self.reached_by and not self.is_new

    @property
    def touched(self) -> bool:
        """Whether anything about it may be different."""
        return bool(self.changes or self.reached_by or self.is_new or self.is_gone)


def table_diffs(old: RuleSet, new: RuleSet) -> tuple[TableDiff, ...]:
    """Compare the tables of two rule sets, in the order in which they read each other.

    Args:
        old: the rules as they are.
        new: the rules as they would be.

    Returns:
        The tables that change, or that read what changes.

    Raises:
        NotProven: two tables are too entangled to be compared.
    """
    amounts = changed_parameters(old.parameters, new.parameters)
    moved: set[str] = set()
    found = [_table_diff(name, old, new, amounts, moved) for name in new.tables]
    gone = [TableDiff(name, is_gone=True) for name in old.tables if name not in new.tables]
    return tuple(one for one in (*found, *gone) if one.touched)


def reaches_back(change: Change, today: date) -> bool:
    """Tell whether a change alters outcomes of days that have passed: whoever makes it must say that this is meant.

    What could not be told before had no outcome that could change.

    Args:
        change: a change of a table.
        today: the first day that has not passed.
    """
    starts = [min((first or date.min for first, _ in spans), default=date.min) for spans in change.region.days.values()]
    return change.known and all(first < today for first in starts)


def _table_diff(name: str, old: RuleSet, new: RuleSet, amounts: tuple[str, ...], moved: set[str]) -> TableDiff:
    table = new.tables[name].table
    reached_by = tuple(column for column in table.inputs if column in moved)
    is_new = name not in old.tables
    if is_new:
        found: tuple[Change, ...] = ()
        complete = True
    else:
        before, after = old.tables[name], new.tables[name]
        compared = changes(
            (before, pieces(before, old.parameters, amounts)), (after, pieces(after, new.parameters, amounts))
        )
        found, complete = _paired(compared.found), compared.complete
    if reached_by or is_new:
        moved.update(f"{name}.{output}" for output in table.outputs)
    elif table.policy is not Policy.COLLECT:
        moved.update(f"{name}.{output}" for change in found for output in _differing(change))
    if reached_by or is_new or found:
        moved.update(_derived_behind(name))
    return TableDiff(name, found, complete, reached_by, is_new)


def _derived_behind(read: str) -> Iterator[str]:
    """Name the derived values whose code reads a table, or another derived value that does."""
    for name, function in DERIVED.items():
        if read in function.after:
            yield name
            yield from _derived_behind(name)


def _differing(change: Change) -> Iterable[str]:
    """Name the outcomes of a table that a change changes."""
    old, new = (dict(gives) if isinstance(gives, tuple) else {} for gives in (change.old, change.new))
    return [output for output in dict.fromkeys((*old, *new)) if old.get(output) != new.get(output)]


def _paired(found: tuple[Change, ...]) -> tuple[Change, ...]:
    """Put what disappears from a list and what comes into it together, where the same cases and rule are concerned."""
    paired: list[Change] = []
    for change in found:
        twin = next((one for one in paired if _belong_together(one, change)), None)
        if twin is None:
            paired.append(change)
        else:
            gone, come = (twin, change) if twin.new is NO_ROW else (change, twin)
            together = replace(gone, new=come.new, new_rows=come.new_rows)
            paired[paired.index(twin)] = together
    return tuple(paired)


def _belong_together(one: Change, other: Change) -> bool:
    gone, come = (one, other) if one.new is NO_ROW else (other, one)
    return (
        gone.new is NO_ROW
        and come.old is NO_ROW
        and gone.region == come.region
        and {row.id for row in gone.old_rows} == {row.id for row in come.new_rows}
    )

"""All tables of a rule set side by side: every row of every table is one bit of one long number.

One AND per column narrows all tables at once, however many of them read it, and the row that decides a table leaves,
with one AND more, what can follow from its outcomes. Asking the tables one after the other finds the same.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import reduce
from itertools import accumulate, product
from operator import and_, itemgetter, xor
from typing import Any, Final

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.table import EffectiveDay

_WIDEST: Final = 64
"""How many combinations of values are looked up at once, at most."""

Group = tuple[Callable[[Mapping[str, Value]], Hashable], Mapping[Any, int]]


def joint_columns(columns: Mapping[str, Mapping[Value, int]]) -> tuple[Group, ...]:
    """Put columns of few values together, so that one look-up finds the rows that accept a value in each of them.

    Args:
        columns: by name and value the mask of the rows that accept it.

    Returns:
        For every group what picks its values, and the mask of each combination.
    """
    groups: list[list[str]] = []
    width = 0
    for name in sorted(columns, key=lambda one: len(columns[one])):
        width *= len(columns[name])
        if not 0 < width <= _WIDEST:
            groups.append([])
            width = len(columns[name])
        groups[-1].append(name)
    return tuple((itemgetter(*names), _combined([columns[name] for name in names])) for names in groups)


def _combined(columns: Sequence[Mapping[Value, int]]) -> Mapping[Any, int]:
    if len(columns) == 1:
        return columns[0]
    combinations = product(*(column.items() for column in columns))
    return {tuple(value for value, _ in one): reduce(and_, (mask for _, mask in one)) for one in combinations}


class JoinedTables:
    """The masks of many tables as masks over all their rows; the bits of each table start at its place."""

    def __init__(self, tables: Mapping[str, CompiledTable]) -> None:
        """Join tables.

        Args:
            tables: by name; a column that several of them read has the same domain in all of them.
        """
        widths = [len(compiled.table.rows) + len(compiled.never) for compiled in tables.values()]
        self.everything = (1 << sum(widths)) - 1
        self.tables = tables
        self._places = dict(zip(tables, accumulate(widths, initial=0), strict=False))
        self._by_decision = self._versions_by(EffectiveDay.DECIDED_ON)
        self._by_judgement = self._versions_by(EffectiveDay.JUDGED_ON)
        self.columns: Mapping[str, dict[Value, int]] = self._joined_columns()

    def place(self, name: str) -> int:
        """Give the number of the lowest bit of a table."""
        return self._places[name]

    def bits(self, name: str) -> int:
        """Give the bits of a table: its rows, and above them what can never be."""
        compiled = self.tables[name]
        return (compiled.row_bits | compiled.never_bits) << self._places[name]

    def valid_on(self, decided_on: date, judged_on: date) -> int:
        """Give the mask of the rows that are valid, each table by its own effective day."""
        starts, masks = self._by_decision
        judged_starts, judged_masks = self._by_judgement
        return masks[bisect_right(starts, decided_on)] & judged_masks[bisect_right(judged_starts, judged_on)]

    def left_by(self, outcomes: Mapping[str, Value]) -> int:
        """Give the mask of the rows, of whichever table, that accept these outcomes of a row."""
        masks = (self.columns[name][value] for name, value in outcomes.items() if name in self.columns)
        return reduce(and_, masks, self.everything)

    def _versions_by(self, day: EffectiveDay) -> tuple[list[date], list[int]]:
        dated = {name: one for name, one in self.tables.items() if one.table.effective_on is day}
        starts = sorted({start for compiled in dated.values() for start in compiled.starts})
        examples = [date.min, *starts]
        masks = [{name: one.valid_on(example) for name, one in dated.items()} for example in examples]
        return starts, [self._joined(by_table) for by_table in masks]

    def _joined_columns(self) -> dict[str, dict[Value, int]]:
        found: dict[str, dict[Value, dict[str, int]]] = {}
        for table, compiled in self.tables.items():
            for column, lookup in compiled.lookups.items():
                for value, mask in lookup.items():
                    found.setdefault(column, {}).setdefault(value, {})[table] = mask
        return {
            column: {value: self._joined(masks) for value, masks in by_value.items()}
            for column, by_value in found.items()
        }

    def _joined(self, masks: Mapping[str, int]) -> int:
        """Put masks of tables at their places; every row of the tables that are not named stays."""
        blocked = (self.bits(name) ^ (mask << self._places[name]) for name, mask in masks.items())
        return reduce(xor, blocked, self.everything)

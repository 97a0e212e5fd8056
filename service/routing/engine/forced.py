"""Says what a table can still answer when only some of its columns are known, and which of them it stands on.

A row can still decide when some case in its box, with the known columns as they are, is taken by no row in its way.
When all rows that can still decide say the same, the outcome is forced, and no further question is needed.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from functools import reduce
from operator import and_, or_

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.counterfactual import in_the_way
from service.routing.engine.proof import free_point
from service.routing.engine.table import Row

Outcome = tuple[tuple[str, str], ...]
Ways = Mapping[str, Collection[Value]]


class PartlyKnown:
    """A table with, for every column, the values that it can still have; a column that is not named can have any."""

    def __init__(self, compiled: CompiledTable, ways: Ways, day: date) -> None:
        """Look at a table that answers once: a unique or a first one.

        Args:
            compiled: the table.
            ways: by column the values that are still possible, at least one.
            day: the local day by which the version of the rows is chosen.

        Raises:
            KeyError: a value lies outside the domain of its column.
        """
        self.compiled = compiled
        self._grid = [
            list(
                dict.fromkeys(lookup[value] for value in ways[name]) if name in ways else dict.fromkeys(lookup.values())
            )
            for name, lookup in compiled.lookups.items()
        ]
        self._grid.append([compiled.valid_on(day)])
        touching = (reduce(or_, masks) for masks in self._grid)
        self.live = reduce(and_, touching, compiled.row_bits)

    def rows(self) -> Iterator[Row | None]:
        """Give each row that can still decide, and None when it can still happen that there is no row."""
        for bit, row in enumerate(self.compiled.table.rows):
            if self.live >> bit & 1 and self._can_decide(bit):
                yield row
        if free_point(self._grid, self.compiled.row_bits | self.compiled.never_bits) is not None:
            yield None

    def is_forced(self, said: Callable[[Row | None], object]) -> bool:
        """Tell whether every row that can still decide says the same; when no case is possible, nothing can differ."""
        rows = self.rows()
        first = next(rows, None)
        wanted = said(first)
        return all(said(row) == wanted for row in rows)

    def wanted_columns(self) -> list[tuple[str, int]]:
        """Give the columns that are not settled and how many of the rows that can still decide look at them."""
        can = 0
        for bit in range(len(self.compiled.table.rows)):
            if self.live >> bit & 1 and self._can_decide(bit):
                can |= 1 << bit
        found = []
        for name, masks in zip(self.compiled.table.inputs, self._grid, strict=False):
            needing = (can & ~reduce(and_, masks)).bit_count()
            if len(masks) > 1 and needing:
                found.append((name, needing))
        return found

    def _can_decide(self, bit: int) -> bool:
        inside = [[mask for mask in masks if mask >> bit & 1] for masks in self._grid]
        return all(inside) and free_point(inside, in_the_way(self.compiled, bit)) is not None


def outcome(row: Row | None) -> Outcome | None:
    """Give all that a row says; None where there is no row."""
    return None if row is None else tuple(sorted(row.then.items()))


def sufficient_reason(
    compiled: CompiledTable,
    values: Mapping[str, Value],
    day: date,
    said: Callable[[Row | None], object] = outcome,
    keep: Collection[str] = (),
) -> tuple[str, ...]:
    """Give columns whose values alone force what the table says, none of which could be left out.

    Args:
        compiled: a unique or a first table.
        values: the case; a value for every input.
        day: the local day by which the version of the rows is chosen.
        said: what of a row has to stay the same; by default all of it.
        keep: columns that are let go last, when there is a choice.
    """
    known: dict[str, tuple[Value, ...]] = {name: (values[name],) for name in compiled.table.inputs}
    for name in sorted(known, key=lambda one: one in keep):
        without = {other: ways for other, ways in known.items() if other != name}
        if PartlyKnown(compiled, without, day).is_forced(said):
            known = without
    return tuple(name for name in compiled.table.inputs if name in known)

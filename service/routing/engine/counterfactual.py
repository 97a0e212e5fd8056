"""Finds the smallest change of a case by which another row of a table would decide.

The sets of columns that could change are tried from the cheapest on. A set does when, with everything else as it is,
some case in the wanted row's box is taken by no row that would stand in its way; the cover search of the proofs knows.
So the first set that does is the cheapest there is, and that no other is cheaper is proved, not guessed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from heapq import heapify, heappop, heappush
from typing import Final

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.proof import NotProven, free_point
from service.routing.engine.table import Policy, Row

MOST_SETS: Final = 100_000


@dataclass(frozen=True)
class Counterfactual:
    """A row that would decide, the values that would have to be otherwise, and what they cost together."""

    row: Row
    changes: Mapping[str, Value]
    cost: int


@dataclass(frozen=True, order=True)
class _Attempt:
    cost: int
    size: int
    row: int
    columns: tuple[int, ...]
    last: int


def in_the_way(compiled: CompiledTable, bit: int) -> int:
    """Give the bits of what must not accept a case for a row to decide it.

    In a unique table that is every other row, in a first table every row before, in a list none; and what can never be.
    """
    if compiled.table.policy is Policy.COLLECT:
        return compiled.never_bits
    others = (1 << bit) - 1 if compiled.is_first else compiled.row_bits & ~(1 << bit)
    return others | compiled.never_bits


def counterfactual(
    compiled: CompiledTable,
    values: Mapping[str, Value],
    day: date,
    wanted: Collection[str],
    *,
    cost: Mapping[str, int] | None = None,
    frozen: Collection[str] = (),
) -> Counterfactual | None:
    """Give the cheapest change by which one of the wanted rows would decide, or None when no allowed change does that.

    Args:
        compiled: the table.
        values: the case; a value for every input.
        day: the local day by which the version of the rows is chosen; it is never changed.
        wanted: ids of rows.
        cost: what changing a column costs, at least 1; 1 where nothing is said.
        frozen: columns that must stay as they are.

    Raises:
        ValueOutsideDomain: a value is missing or not in its domain.
        NotProven: too many sets of columns would have to be tried.
    """
    proof = compiled.proof(values, day)
    search = _Search(compiled, (proof.masks, proof.validity), cost or {}, frozenset(frozen))
    attempts = [one for bit, row in enumerate(compiled.table.rows) if row.id in wanted for one in search.first(bit)]
    heapify(attempts)
    for _ in range(MOST_SETS):
        if not attempts:
            return None
        attempt = heappop(attempts)
        found = search.changes(attempt)
        if found is not None:
            return Counterfactual(compiled.table.rows[attempt.row], found, attempt.cost)
        for wider in search.wider(attempt):
            heappush(attempts, wider)
    raise NotProven(f"the change needs more than {MOST_SETS} sets of columns")


class _Search:
    """What is the same for every set of columns that is tried."""

    def __init__(
        self,
        compiled: CompiledTable,
        now: tuple[tuple[int, ...], int],
        cost: Mapping[str, int],
        frozen: frozenset[str],
    ) -> None:
        self._compiled = compiled
        self._now, self._validity = now
        names = compiled.table.inputs
        self._costs = [cost.get(name, 1) for name in names]
        self._free = [number for number, name in enumerate(names) if name not in frozen]
        self._values = [one_value_per_mask(compiled.lookups[name]) for name in names]

    def first(self, bit: int) -> Iterator[_Attempt]:
        """Give the cells that block a row, which must change whatever else does; nothing when one of them may not."""
        blocked = tuple(number for number, mask in enumerate(self._now) if not mask >> bit & 1)
        if self._validity >> bit & 1 and all(number in self._free for number in blocked):
            yield self._attempt(bit, blocked, -1)

    def wider(self, attempt: _Attempt) -> Iterator[_Attempt]:
        """Give the sets with one column more, each once."""
        for number in self._free:
            if number > attempt.last and number not in attempt.columns:
                yield self._attempt(attempt.row, tuple(sorted((*attempt.columns, number))), number)

    def changes(self, attempt: _Attempt) -> dict[str, Value] | None:
        """Give a value for each column of the set by which the row would decide."""
        wanted = 1 << attempt.row
        grid = [
            [mask for mask in self._values[number] if mask & wanted and mask != now]
            if number in attempt.columns
            else [now]
            for number, now in enumerate(self._now)
        ]
        if not all(grid):
            return None
        point = free_point([*grid, [self._validity]], in_the_way(self._compiled, attempt.row))
        if point is None:
            return None
        names = self._compiled.table.inputs
        return {names[number]: self._values[number][grid[number][point[number] or 0]] for number in attempt.columns}

    def _attempt(self, bit: int, columns: tuple[int, ...], last: int) -> _Attempt:
        return _Attempt(sum(self._costs[number] for number in columns), len(columns), bit, columns, last)


def one_value_per_mask(lookup: Mapping[Value, int]) -> dict[int, Value]:
    """Give one value for each group of values that no row of a table tells apart, by their mask."""
    found: dict[int, Value] = {}
    for value, mask in lookup.items():
        found.setdefault(mask, value)
    return found

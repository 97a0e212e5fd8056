"""Proves on the row masks that a table answers every possible case, and answers it once.

The proof walks down the columns with the set of rows that are still alive. A live row that the remaining columns do
not constrain covers everything below; no live row is a hole. Only the smallest surviving sets need to be explored,
because a hole under a set of rows is a hole under each subset. What was covered once is remembered. The question is
hard in general (co-NP), so the walk has a budget, and what it does not prove counts as not proven.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import ClassVar, Final

from service.kernel.errors import DomainError, Kind
from service.routing.engine.compiled import Column, CompiledTable
from service.routing.engine.table import Row

STATE_BUDGET: Final = 200_000
MOST_GAPS: Final = 20

Grid = Sequence[Sequence[int]]
Point = list[int | None]
Box = tuple[tuple[int, ...], ...]


class NotProven(DomainError):
    """A table is too entangled to be proved within the budget; it has to be split or simplified."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "not-proven"
    title: ClassVar[str] = "The table could not be proved"


@dataclass(frozen=True)
class Region:
    """A box of a table's cases: the columns that bound it, each with the values inside, in the table's order."""

    bounds: tuple[tuple[str, tuple[str, ...]], ...]

    def __str__(self) -> str:
        """Write the region as conditions; a region without bounds is every case."""
        written = [f"{column} = {' or '.join(values)}" for column, values in self.bounds]
        return ", ".join(written) if written else "every case"


@dataclass(frozen=True)
class Overlap:
    """Two rows that apply to the same cases, and where."""

    first: Row
    second: Row
    region: Region


def gaps(compiled: CompiledTable, budget: int = STATE_BUDGET) -> tuple[Region, ...]:
    """Give the cases that no row takes, as regions that are as wide as can be; nothing means the table is complete.

    Args:
        compiled: the table; its impossible combinations count as taken.
        budget: how many states each walk may visit.

    Raises:
        NotProven: the budget is used up.
    """
    columns = _columns(compiled)
    grid = [[atom.mask for atom in column.atoms] for column in columns]
    everything = compiled.row_bits | compiled.never_bits
    found: list[Region] = []
    while len(found) < MOST_GAPS and (hole := _Walk(grid, budget).hole(everything)) is not None:
        box = _widened(grid, everything, hole)
        found.append(_region(columns, box))
        fresh = everything + 1
        everything |= fresh
        grid = [
            [mask | (fresh if atom in inside else 0) for atom, mask in enumerate(masks)]
            for masks, inside in zip(grid, box, strict=True)
        ]
    return tuple(found)


def overlaps(compiled: CompiledTable, budget: int = STATE_BUDGET) -> tuple[Overlap, ...]:
    """Give the pairs of rows that take the same possible cases, each with a region where they do.

    Args:
        compiled: the table; what lies wholly in its impossible combinations is no overlap.
        budget: how many states each walk may visit.

    Raises:
        NotProven: the budget is used up.
    """
    columns = _columns(compiled)
    grid = [[atom.mask for atom in column.atoms] for column in columns]
    boxes = [_box_of(grid, bit) for bit in range(len(compiled.table.rows))]
    found: list[Overlap] = []
    for bit, row in enumerate(compiled.table.rows):
        for other in _bits(_touching(grid, boxes[bit], compiled.row_bits) >> (bit + 1)):
            second = bit + 1 + other
            shared = _shared(boxes[bit], boxes[second])
            region = _possible(columns, grid, shared, compiled.never_bits, budget)
            if region is not None:
                found.append(Overlap(row, compiled.table.rows[second], region))
    return tuple(found)


def dead_rows(compiled: CompiledTable, budget: int = STATE_BUDGET) -> tuple[Row, ...]:
    """Give the rows that can never decide: their cases are impossible or, in a first table, taken by rows before them.

    Args:
        compiled: the table.
        budget: how many states each walk may visit.

    Raises:
        NotProven: the budget is used up.
    """
    grid = [[atom.mask for atom in column.atoms] for column in _columns(compiled)]
    found: list[Row] = []
    for bit, row in enumerate(compiled.table.rows):
        earlier = (1 << bit) - 1 if compiled.is_first else 0
        inner = [[masks[atom] for atom in atoms] for masks, atoms in zip(grid, _box_of(grid, bit), strict=True)]
        if _Walk(inner, budget).hole(compiled.never_bits | earlier) is None:
            found.append(row)
    return tuple(found)


def free_point(grid: Grid, taken: int, budget: int = STATE_BUDGET) -> Point | None:
    """Give an atom per column, None where any will do, of a case that no taken row accepts; None when there is none.

    Args:
        grid: per column the masks that the case may have there.
        taken: the bits of the rows that must not accept it.
        budget: how many states the walk may visit.

    Raises:
        NotProven: the budget is used up.
    """
    return _Walk(grid, budget).hole(taken)


def swallowed_by(compiled: CompiledTable, row: Row) -> Row | None:
    """Give the first row before a row that takes all its cases alone, or None when it takes several of them.

    Args:
        compiled: a first table.
        row: one of its rows.
    """
    columns = _columns(compiled)
    number = compiled.table.rows.index(row)
    inside = [reduce(and_, (atom.mask for atom in column.atoms if atom.mask >> number & 1)) for column in columns]
    earlier = reduce(and_, inside) & ((1 << number) - 1)
    return next((compiled.table.rows[bit] for bit in _bits(earlier)), None)


class _Walk:
    """One walk down the columns of a grid of row masks, looking for a case that no row takes."""

    def __init__(self, grid: Grid, budget: int) -> None:
        self._grid = grid
        self._budget = budget
        self._full = [reduce(and_, masks) for masks in grid]
        self._covered: set[tuple[int, tuple[int, ...]]] = set()

    def hole(self, live: int) -> Point | None:
        """Give an atom per column where no live row is left, None for columns that do not matter; None if covered."""
        return self._search(live, tuple(range(len(self._grid))))

    def _search(self, live: int, free: tuple[int, ...]) -> Point | None:
        if not live:
            return [None] * len(self._grid)
        mattering = tuple(column for column in free if live & ~self._full[column])
        if reduce(and_, (self._full[column] for column in mattering), live):
            return None
        state = (live, mattering)
        if state in self._covered:
            return None
        if len(self._covered) >= self._budget:
            raise NotProven(f"the proof needs more than {self._budget} states")
        split = max(mattering, key=lambda column: (live & ~self._full[column]).bit_count())
        rest = tuple(column for column in mattering if column != split)
        for survivors, atom in _smallest(live, self._grid[split]):
            below = self._search(survivors, rest)
            if below is not None:
                below[split] = atom
                return below
        self._covered.add(state)
        return None


def _smallest(live: int, masks: Sequence[int]) -> list[tuple[int, int]]:
    """Give the sets of survivors that contain no other one, each with the first atom that leaves it."""
    groups: dict[int, int] = {}
    for atom, mask in enumerate(masks):
        groups.setdefault(live & mask, atom)
    minimal: list[tuple[int, int]] = []
    for survivors in sorted(groups, key=int.bit_count):
        if not any(smaller & ~survivors == 0 for smaller, _ in minimal):
            minimal.append((survivors, groups[survivors]))
    return minimal


def _widened(grid: Grid, everything: int, hole: Point) -> Box:
    inside = [tuple(range(len(masks))) if atom is None else (atom,) for masks, atom in zip(grid, hole, strict=True)]
    touching = [reduce(or_, (masks[atom] for atom in atoms)) for masks, atoms in zip(grid, inside, strict=True)]
    for column, masks in enumerate(grid):
        others = reduce(and_, (one for place, one in enumerate(touching) if place != column), everything)
        inside[column] = tuple(atom for atom, mask in enumerate(masks) if not mask & others)
        touching[column] = reduce(or_, (masks[atom] for atom in inside[column]))
    return tuple(inside)


def _possible(columns: Sequence[Column], grid: Grid, box: Box, taken: int, budget: int) -> Region | None:
    """Give a region of the box that the taken rows leave free, or None when they cover the box."""
    inner = [[masks[atom] for atom in atoms] for masks, atoms in zip(grid, box, strict=True)]
    hole = _Walk(inner, budget).hole(taken)
    if hole is None:
        return None
    widened = _widened(inner, taken, hole)
    return _region(
        columns, tuple(tuple(atoms[place] for place in places) for atoms, places in zip(box, widened, strict=True))
    )


def _columns(compiled: CompiledTable) -> tuple[Column, ...]:
    return (*compiled.columns, compiled.validity)


def _box_of(grid: Grid, bit: int) -> Box:
    return tuple(tuple(atom for atom, mask in enumerate(masks) if mask >> bit & 1) for masks in grid)


def _shared(one: Box, other: Box) -> Box:
    return tuple(tuple(atom for atom in left if atom in right) for left, right in zip(one, other, strict=True))


def _touching(grid: Grid, box: Box, live: int) -> int:
    for masks, atoms in zip(grid, box, strict=True):
        live &= reduce(or_, (masks[atom] for atom in atoms), 0)
    return live


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _region(columns: Sequence[Column], box: Box) -> Region:
    return Region(
        tuple(
            (column.name, tuple(column.atoms[atom].text for atom in atoms))
            for column, atoms in zip(columns, box, strict=True)
            if len(atoms) < len(column.atoms)
        ),
    )

"""Lays two versions of a table into one list over the columns of both, a row that both have as one row."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Final

from service.routing.engine.cells import Cell, Span
from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.table import Policy, Row, When
from service.routing.engine.two_lists import NO_ROW, Box, Outcome, TwoLists

Days = tuple[date | None, date | None]
Then = tuple[tuple[str, str], ...]

IMPOSSIBLE: Final = "impossible"
"""The outcome of a combination that can never be."""

_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """A row, or what a row says on some of its days.

    Attributes:
        row: the row.
        gives: its outcome; amounts may stand in the place of the parameters that it names.
        days: by which day it goes, and from when to when it holds; both days are included.
    """

    row: Row
    gives: Then
    days: Mapping[str, Days]


@dataclass(frozen=True)
class Side:
    """One version of a table: its columns with their values, and the pieces of its rows in their order."""

    compiled: CompiledTable
    pieces: Sequence[Piece]

    @property
    def is_list(self) -> bool:
        """Whether any number of rows may apply."""
        return self.compiled.table.policy is Policy.COLLECT


@dataclass(frozen=True)
class _Line:
    """A row or an impossible combination, with the days on which it holds and what it gives."""

    when: When
    days: Mapping[str, Days]
    gives: Outcome
    row: Row | None
    lookups: Mapping[str, Mapping[Value, int]]

    def accepts(self, column: str, value: Value) -> bool:
        """Tell whether the line accepts a value; a value that its version does not know, it does not."""
        known = self.lookups.get(column)
        return (known is None or value in known) and (column not in self.when or value in self.when[column])

    def holds_on(self, axis: str, day: date) -> bool:
        first, last = self.days.get(axis, (None, None))
        return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True)
class _Column:
    """A column of both versions; each atom is values that no line tells apart, or days from one to another."""

    name: str
    values: tuple[tuple[Value, ...], ...] = ()
    days: tuple[Days, ...] = ()

    def accepted_by(self, line: _Line) -> int:
        """Give the atoms that a line accepts."""
        if self.days:
            accepted = [line.holds_on(self.name, first or last or date.min) for first, last in self.days]
        else:
            accepted = [line.accepts(self.name, values[0]) for values in self.values]
        return sum(1 << atom for atom, one in enumerate(accepted) if one)

    def __len__(self) -> int:
        return len(self.days or self.values)


_Boxed = tuple[_Line, tuple[int, ...]]


class Laid:
    """Two versions as two lists of rows in one."""

    def __init__(self, old: Side, new: Side, asked: Then | None = None) -> None:
        """Lay two versions together; each keeps its order.

        Args:
            old: the version as it was.
            new: the version as it will be.
            asked: the one outcome that is asked for, where several may be given; None for all.
        """
        was, becomes = list(_lines(old, asked)), list(_lines(new, asked))
        self._columns = (*_inputs(old, new, (*was, *becomes)), *_axes((*was, *becomes)))
        pairs = [*_aligned(self._boxed(was), self._boxed(becomes))]
        self._lines = [(None if one is None else one[0], None if other is None else other[0]) for one, other in pairs]
        boxes = [next(one[1] for one in pair if one) for pair in pairs]
        never = [bit for bit, (one, other) in enumerate(self._lines) if one and other and one.gives == IMPOSSIBLE]
        ignored = _bits(never)
        self._sides = old, new
        self.lists = TwoLists(
            grid=[
                [_bits(bit for bit, box in enumerate(boxes) if box[place] >> atom & 1) for atom in range(len(column))]
                for place, column in enumerate(self._columns)
            ],
            outcomes=[next(line.gives for line in pair if line) for pair in self._lines],
            one=_bits(bit for bit, (line, _) in enumerate(self._lines) if line) & ~ignored,
            other=_bits(bit for bit, (_, line) in enumerate(self._lines) if line) & ~ignored,
            ignored=ignored,
        )

    def bounds(self, box: Box) -> tuple[dict[str, Cell], dict[str, tuple[Days, ...]]]:
        """Say what bounds a box of atoms: the values of columns, and days."""
        bounded = [(one, atoms) for one, atoms in zip(self._columns, box, strict=True) if len(atoms) < len(one)]
        cells = {
            one.name: _cell([value for atom in atoms for value in one.values[atom]])
            for one, atoms in bounded
            if one.values
        }
        return cells, {one.name: _joined([one.days[atom] for atom in atoms]) for one, atoms in bounded if one.days}

    def deciding(self, box: Box, gives: Outcome, side: int) -> tuple[Row, ...]:
        """Give the rows of one version (0 is the old one) that give an outcome somewhere in a box."""
        earlier = self.lists.ignored
        found: dict[str, Row] = {}
        for bit, pair in enumerate(self._lines):
            line = pair[side]
            if line is None or earlier >> bit & 1:
                continue
            alone = TwoLists(self.lists.grid, self.lists.outcomes, 1 << bit, 0, earlier)
            if line.row is not None and line.gives == gives and alone.difference(box):
                found[line.row.id] = line.row
            if not self._sides[side].is_list:
                earlier |= 1 << bit
        return tuple(found.values())

    def _boxed(self, lines: list[_Line]) -> list[tuple[_Line, tuple[int, ...]]]:
        return [(line, tuple(column.accepted_by(line) for column in self._columns)) for line in lines]


def _lines(side: Side, asked: Then | None) -> Iterator[_Line]:
    """Give what can never be and then the rows, in the order in which they decide."""
    lookups = side.compiled.lookups
    for one in side.compiled.never:
        yield _Line(one.when, {}, IMPOSSIBLE, None, lookups)
    for piece in side.pieces:
        if asked in (None, piece.gives):
            yield _Line(piece.row.when, piece.days, piece.gives, piece.row, lookups)
        elif not side.is_list:
            yield _Line(piece.row.when, piece.days, NO_ROW, piece.row, lookups)


def _inputs(old: Side, new: Side, lines: Sequence[_Line]) -> Iterator[_Column]:
    for name in dict.fromkeys((*old.compiled.lookups, *new.compiled.lookups)):
        known = dict.fromkeys(
            (*old.compiled.lookups.get(name, {}), *new.compiled.lookups.get(name, {})),
        )
        numbers = sorted(value for value in known if isinstance(value, int))
        words = [(value,) for value in known if isinstance(value, str)]
        yield _Column(name, (*_runs(name, numbers, lines), *words))


def _runs(name: str, numbers: list[int], lines: Sequence[_Line]) -> Iterator[tuple[Value, ...]]:
    """Give numbers that follow each other and that no line tells apart together."""
    for _, run in groupby(numbers, key=lambda number: [line.accepts(name, number) for line in lines]):
        yield tuple(run)


def _axes(lines: Sequence[_Line]) -> Iterator[_Column]:
    for axis in dict.fromkeys(axis for line in lines for axis in line.days):
        spans = [line.days[axis] for line in lines if axis in line.days]
        starts = sorted(
            {first for first, _ in spans if first is not None}
            | {last + _ONE_DAY for _, last in spans if last is not None}
        )
        cuts: list[date | None] = [None, *starts, None]
        yield _Column(axis, days=tuple((first, after and after - _ONE_DAY) for first, after in pairwise(cuts)))


def _aligned(old: list[_Boxed], new: list[_Boxed]) -> Iterator[tuple[_Boxed | None, _Boxed | None]]:
    """Give the lines of both versions in one order, and together what stands in both."""
    one, other = ([(line.gives, box) for line, box in boxed] for boxed in (old, new))
    for tag, start, end, new_start, new_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(old[start:end], new[new_start:new_end], strict=True)
        else:
            yield from ((boxed, None) for boxed in old[start:end])
            yield from ((None, boxed) for boxed in new[new_start:new_end])


def _cell(values: list[Value]) -> Cell:
    numbers = sorted(value for value in values if isinstance(value, int))
    spans: list[Span] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return Cell(tuple(value for value in values if isinstance(value, str)), tuple(spans))


def _joined(spans: list[Days]) -> tuple[Days, ...]:
    """Put spans of days that follow each other together."""
    joined: list[Days] = []
    for first, last in spans:
        before = joined[-1][1] if joined else None
        if before is not None and first == before + _ONE_DAY:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def _bits(places: Iterable[int]) -> int:
    return sum(1 << place for place in places)

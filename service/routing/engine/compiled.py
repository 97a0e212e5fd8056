"""A table turned into row masks: per column and value one number whose bits say which rows accept that value.

Asking a table is then one AND over its columns. The same masks prove that a table has no gap and no overlap, and
those of one evaluation say for every row which cells stood in its way. Bit i is row i of the file; the bits above the
rows are the combinations that can never be true.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import and_, itemgetter
from typing import ClassVar, NamedTuple

from service.kernel.errors import DomainError, Kind
from service.routing.engine.cells import Cell, Span, written_span
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.engine.table import NONE, DecisionTable, Never, Policy, Row, When, written_days

Value = str | int
VALIDITY = "validity"


class NoRowApplies(DomainError):
    """A table has no row for facts that are possible: the table has a gap."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "no-row-applies"
    title: ClassVar[str] = "No row of the table applies"


class SeveralRowsApply(DomainError):
    """A table that promises one outcome has several: the table has an overlap."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "several-rows-apply"
    title: ClassVar[str] = "Several rows of the table apply"


class ValueOutsideDomain(DomainError):
    """A table is asked about a column that is missing or a value that its column cannot take."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "value-outside-domain"
    title: ClassVar[str] = "A value lies outside the domain of its column"


class ImpossibleFacts(DomainError):
    """The facts contradict each other: the rules say that they are never true together."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "impossible-facts"
    title: ClassVar[str] = "These facts cannot be true together"


class Proof(NamedTuple):
    """What one evaluation saw: the value and the row mask of every column; enough to explain every row later."""

    values: tuple[Value, ...]
    day: date
    masks: tuple[int, ...]
    validity: int


class Finding(NamedTuple):
    """The rows of a table that apply, in the order of the file, and what they were found for."""

    compiled: "CompiledTable"
    rows: tuple[Row, ...]
    values: Mapping[str, Value]
    day: date

    @property
    def table(self) -> DecisionTable:
        """The table that was asked."""
        return self.compiled.table

    @property
    def proof(self) -> Proof:
        """What the table saw; a value and its masks belong together for ever, so they are put together when read."""
        return self.compiled.proof(self.values, self.day)


@dataclass(frozen=True, slots=True)
class Atom:
    """Values of a column that no row of the table tells apart, and the rows that accept them."""

    text: str
    mask: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column cut into atoms, in the order of its domain."""

    name: str
    atoms: tuple[Atom, ...]


class CompiledTable:
    """A table that can be asked, explained and proved; made once, never changed."""

    def __init__(self, table: DecisionTable, domains: Mapping[str, Domain], never: Iterable[Never] = ()) -> None:
        """Compile a table.

        Args:
            table: rows whose cells were read against the domains.
            domains: the closed domain of every input of the table.
            never: impossible combinations that hold for all tables; those that read only inputs of this one count.
        """
        self.table = table
        self.never = (*table.never, *(one for one in never if one.when and set(one.when) <= set(table.inputs)))
        self.row_bits = (1 << len(table.rows)) - 1
        self.never_bits = ((1 << len(self.never)) - 1) << len(table.rows)
        boxes = [*(row.when for row in table.rows), *(one.when for one in self.never)]
        inputs = [_compiled_column(name, domains[name], boxes) for name in table.inputs]
        starts, spans = _validity(table.rows, self.never_bits)
        self.columns = tuple(column for column, _ in inputs)
        self.validity = Column(VALIDITY, spans)
        self.lookups: Mapping[str, dict[Value, int]] = {column.name: lookup for column, lookup in inputs}
        self.starts = starts
        self.outcomes = _outcomes(table)
        self._pick = picker(table.inputs)
        self._row_of = {1 << bit: row for bit, row in enumerate(table.rows)}
        self.is_first = table.policy is Policy.FIRST

    def decide(self, values: Mapping[str, Value], day: date) -> Finding:
        """Find the rows that apply.

        Args:
            values: a value of its domain for every input of the table; further names are not read. They are kept,
                not copied, so that the finding can be explained.
            day: the local day by which the version of the rows is chosen.

        Raises:
            NoRowApplies: a unique or first table has no row for these values.
            SeveralRowsApply: a unique table has more than one.
            ImpossibleFacts: the values can never be true together.
            ValueOutsideDomain: a value is missing or not in its domain.
        """
        proof = self.proof(values, day)
        return Finding(self, self.rows_of(reduce(and_, proof.masks, proof.validity)), values, day)

    def proof(self, values: Mapping[str, Value], day: date) -> Proof:
        """Give what the table sees of these values on this day.

        Args:
            values: as in decide.
            day: as in decide.

        Raises:
            ValueOutsideDomain: a value is missing or not in its domain.
        """
        try:
            picked = self._pick(values)
            masks = tuple(map(dict.__getitem__, self.lookups.values(), picked))
        except KeyError:
            raise value_outside(f"table {self.table.name}", self.lookups, values) from None
        return Proof(picked, day, masks, self.valid_on(day))

    def valid_on(self, day: date) -> int:
        """Give the mask of the rows that are valid on a day."""
        return self.validity.atoms[bisect_right(self.starts, day)].mask

    @cached_property
    def written_cells(self) -> tuple[tuple[tuple[int, str, str], ...], ...]:
        """For every row the columns that it does not leave open: their numbers and names, and the cells in words."""
        numbers = {name: number for number, name in enumerate(self.table.inputs)}
        return tuple(
            tuple((number, name, str(row.when[name])) for name, number in numbers.items() if name in row.when)
            for row in self.table.rows
        )

    def rows_of(self, hit: int) -> tuple[Row, ...]:
        """Give the rows that decide.

        Args:
            hit: the bits that are left after the AND over all columns.

        Raises:
            NoRowApplies: as in decide.
            SeveralRowsApply: as in decide.
            ImpossibleFacts: as in decide.
        """
        if self.is_first and hit <= self.row_bits:
            hit &= -hit
        rows = self.listed(hit)
        if len(rows) == 1 or self.table.policy is Policy.COLLECT:
            return rows
        if not rows:
            raise NoRowApplies(f"table {self.table.name} has no row for these facts")
        ids = ", ".join(row.id for row in rows)
        raise SeveralRowsApply(f"table {self.table.name} has several rows for these facts: {ids}")

    def listed(self, hit: int) -> tuple[Row, ...]:
        """Give all rows that apply, in the order of the file.

        Args:
            hit: as in rows_of.

        Raises:
            ImpossibleFacts: as in decide.
        """
        if hit > self.row_bits:
            raise ImpossibleFacts(self._why(hit))
        found = []
        while hit:
            lowest = hit & -hit
            found.append(self._row_of[lowest])
            hit ^= lowest
        return tuple(found)

    def _why(self, hit: int) -> str:
        bits = hit >> len(self.table.rows)
        broken = next(one for bit, one in enumerate(self.never) if bits >> bit & 1)
        return f"{' and '.join(broken.when)} cannot be so together: {broken.why.get('en', '')}"


def value_outside(
    asked: str,
    lookups: Mapping[str, Mapping[Value, int]],
    values: Mapping[str, Value],
) -> ValueOutsideDomain:
    """Say which column has no value, or one that it cannot take; the value itself is not repeated.

    Args:
        asked: who cannot answer, such as `table shelter`.
        lookups: the values that each column can take.
        values: what was handed over.
    """
    missing = next((name for name in lookups if name not in values), None)
    if missing is not None:
        return ValueOutsideDomain(f"{asked} needs {missing}")
    strange = next(name for name, lookup in lookups.items() if values[name] not in lookup)
    return ValueOutsideDomain(f"{asked} cannot read this value of {strange}")


def picker(names: Collection[str]) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
    """Give what picks the values of these names; itemgetter gives no tuple for fewer than two."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple([values[name] for name in names])


def _compiled_column(name: str, domain: Domain, boxes: list[When]) -> tuple[Column, dict[Value, int]]:
    cells = [box.get(name) for box in boxes]
    if isinstance(domain, Choice):
        lookup: dict[Value, int] = {value: _mask(value, cells) for value in domain.values}
        return Column(name, tuple(Atom(str(value), mask) for value, mask in lookup.items())), lookup
    atoms: list[Atom] = []
    lookup = {}
    for span in _cut(domain, cells):
        mask = _mask(span[0], cells)
        atoms.append(Atom(written_span(span), mask))
        lookup.update(dict.fromkeys(range(span[0], span[1] + 1), mask))
    if domain.unknown:
        lookup[UNKNOWN] = _mask(UNKNOWN, cells)
        atoms.append(Atom(UNKNOWN, lookup[UNKNOWN]))
    return Column(name, tuple(atoms)), lookup


def _outcomes(table: DecisionTable) -> Mapping[str, Mapping[str, Value]]:
    """Lay out what other tables may read of each row; a list of rows is read by none."""
    if table.policy is Policy.COLLECT:
        return {}
    return {
        row.id: {f"{table.name}.{output}": row.then.get(output, NONE) for output in table.outputs} for row in table.rows
    }


def _mask(value: Value, cells: list[Cell | None]) -> int:
    return sum(1 << bit for bit, cell in enumerate(cells) if cell is None or value in cell)


def _cut(domain: Number, cells: list[Cell | None]) -> Iterator[Span]:
    starts = {domain.low}
    for cell in cells:
        for low, high in cell.spans if cell else ():
            starts.update((low, high + 1))
    inside = sorted(start for start in starts if start <= domain.high)
    for start, after in zip(inside, [*inside[1:], domain.high + 1], strict=True):
        yield start, after - 1


def _validity(rows: tuple[Row, ...], never_bits: int) -> tuple[list[date], tuple[Atom, ...]]:
    one_day = timedelta(days=1)
    starts = sorted(
        {row.valid_from for row in rows if row.valid_from} | {row.valid_to + one_day for row in rows if row.valid_to},
    )
    firsts: list[date | None] = [None, *starts]
    lasts: list[date | None] = [*(start - one_day for start in starts), None]
    atoms: list[Atom] = []
    for first, last in zip(firsts, lasts, strict=True):
        example = first or last or date.min
        mask = sum(1 << bit for bit, row in enumerate(rows) if row.applies_on(example))
        atoms.append(Atom(written_days(first, last), mask | never_bits))
    return starts, tuple(atoms)

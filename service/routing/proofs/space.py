"""Every column of a rule set side by side in one long number: a box of people is the set of values it still allows.

Each value of each column is a bit, and above the bits of a column stands one that is always empty. Adding one to the
highest value that a column can hold carries into that bit if, and only if, the column still allows something. So one
AND narrows a box by any condition, and one addition tells whether anybody is left in it.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import Value
from service.routing.engine.domains import UNKNOWN, Choice, Domain
from service.routing.engine.table import When

Box = int


class Space:
    """The columns, each with the values that are told apart, and where their bits stand."""

    def __init__(self, domains: Mapping[str, Domain], conditions: Iterable[When]) -> None:
        """Lay out the columns.

        Args:
            domains: the closed domain of every column.
            conditions: everything that is ever asked of the columns; numbers that none of it tells apart share a bit.
        """
        cuts = _cuts(domains, conditions)
        self.values: Mapping[str, tuple[Value, ...]] = {
            name: tuple(_examples(domain, cuts[name])) for name, domain in domains.items()
        }
        self._places: dict[str, int] = {}
        self._guards = 0
        width = 0
        for name, values in self.values.items():
            self._places[name] = width
            width += len(values) + 1
            self._guards |= 1 << (width - 1)
        self.everything: Box = (1 << width) - 1 ^ self._guards
        self.of_column: Mapping[str, Box] = {
            name: (1 << len(values)) - 1 << self._places[name] for name, values in self.values.items()
        }

    def box(self, when: When) -> Box:
        """Give the box of everybody for whom a condition holds."""
        found = self.everything
        for name, cell in when.items():
            found &= ~self.of_column[name] | self._bits(name, cell)
        return found

    def where(self, name: str, values: Iterable[Value]) -> Box:
        """Give the box of everybody who has one of these values in a column."""
        known, place = self.values[name], self._places[name]
        return self.everything & ~self.of_column[name] | sum(1 << place + known.index(value) for value in values)

    def somebody(self, box: Box) -> bool:
        """Tell whether the box allows a value in every column."""
        return (box + self.everything) & self._guards == self._guards

    def allowed(self, box: Box, name: str) -> list[Value]:
        """Give the values, or one for each range of numbers, that the box allows in a column."""
        place = self._places[name]
        return [value for bit, value in enumerate(self.values[name]) if box >> place + bit & 1]

    def border(self, name: str, number: Value) -> Value:
        """Give the number of a range that stands next to another range: its first, or its last in the lowest range."""
        known = self.values[name]
        place = known.index(number)
        after = known[place + 1] if place + 1 < len(known) else None
        return after - 1 if place == 0 and isinstance(after, int) else number

    def outside(self, box: Box, other: Box) -> Iterator[Box]:
        """Give, column by column, what of a box lies outside another; the pieces do not overlap."""
        left_out = self.everything & ~other
        for column in self.of_column.values():
            if column & left_out & box:
                yield box & ~(column & other)
                box &= ~(column & left_out)

    def _bits(self, name: str, cell: Cell) -> Box:
        return sum(1 << self._places[name] + bit for bit, value in enumerate(self.values[name]) if value in cell)


def _cuts(domains: Mapping[str, Domain], conditions: Iterable[When]) -> Mapping[str, set[int]]:
    found: dict[str, set[int]] = {name: set() for name in domains}
    for when in conditions:
        for name, cell in when.items():
            found[name].update(start for low, high in cell.spans for start in (low, high + 1))
    return found


def _examples(domain: Domain, cuts: set[int]) -> Iterator[Value]:
    """Give every word, and the first number of every range that is told apart."""
    if isinstance(domain, Choice):
        yield from domain.values
        return
    starts = sorted({domain.low, *cuts} | {domain.high + 1})
    yield from (low for low, high in pairwise(starts) if domain.low <= low < high <= domain.high + 1)
    if domain.unknown:
        yield UNKNOWN

"""Proves that a column never changes what a table says, or shows twins: two cases that differ in it alone.

The table is laid beside itself, once asked with one value of the column and once with another. Where the two lists of
rows give different outcomes, whoever stands there has a twin who is treated otherwise.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.counterfactual import one_value_per_mask
from service.routing.engine.forced import outcome
from service.routing.engine.table import Policy, Row
from service.routing.engine.two_lists import TwoLists


@dataclass(frozen=True)
class Twins:
    """A case without the column, the days on which it is looked at, and the two values that part the twins."""

    column: str
    one: Value
    other: Value
    case: Mapping[str, Value]
    days: str


def twins(compiled: CompiledTable, column: str, said: Callable[[Row | None], object] = outcome) -> Twins | None:
    """Give two cases that differ in a column alone and of which a table says different things, None where none do.

    Args:
        compiled: the table; twins of whom one can never be are not looked at.
        column: one of its inputs.
        said: what of a row counts; by default all of it.

    Raises:
        NotProven: the table is too entangled.
    """
    values = one_value_per_mask(compiled.lookups[column])
    rest = {name: one_value_per_mask(lookup) for name, lookup in compiled.lookups.items() if name != column}
    grid = [*(list(masks) for masks in rest.values()), [atom.mask for atom in compiled.validity.atoms]]
    outcomes = [said(row) for row in compiled.table.rows]
    for one, other in combinations(values, 2):
        ignored = compiled.never_bits & (one | other)
        for rows in _lists(compiled):
            found = TwoLists(grid, outcomes, rows & one, rows & other, ignored).difference()
            if found is not None:
                *atoms, days_of = (atoms[0] for atoms in found.box)
                case = {
                    name: masks[grid[place][atom]]
                    for place, ((name, masks), atom) in enumerate(zip(rest.items(), atoms, strict=True))
                }
                days = compiled.validity.atoms[days_of].text
                return Twins(column, values[one], values[other], case, days)
    return None


def _lists(compiled: CompiledTable) -> Iterator[int]:
    """Give the rows of a table that answers once, and one row after the other where each is an answer of its own."""
    if compiled.table.policy is Policy.COLLECT:
        yield from (1 << bit for bit in range(len(compiled.table.rows)))
    else:
        yield compiled.row_bits

"""What two versions of a large table differ in is what a general solver finds, reading rows in its own way."""

import pytest
import z3  # type: ignore[import-untyped]

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import Policy
from service.routing.engine.two_lists import NO_ROW, Outcome
from service.routing.engine.versions import Change, changes, whole_rows
from tests.routing.engine.test_what_if_against_z3 import Person, possible
from tests.routing.large_tables import two_versions

MOST = 30


def gives(person: Person, table: CompiledTable, outcome: Outcome) -> z3.BoolRef:
    if outcome is NO_ROW:
        return person.nothing
    rows = zip(person.first, table.table.rows, strict=True)
    return z3.Or([first for first, row in rows if tuple(sorted(row.then.items())) == outcome])


def agrees(seed: int, rows: int) -> bool:
    """Compare, and say whether all boxes were told."""
    old, new, domains = two_versions(seed, rows, (Policy.UNIQUE, Policy.FIRST)[seed % 2])
    found = changes((old, whole_rows(old)), (new, whole_rows(new)), MOST)
    was, becomes = Person(old, domains, "somebody"), Person(new, domains, "somebody")
    outcomes = {NO_ROW, *(tuple(sorted(row.then.items())) for row in (*old.table.rows, *new.table.rows))}

    def inside(change: Change) -> z3.BoolRef:
        cells = change.region.when.items()
        return z3.And([z3.Or([was.has[column][word] for word in cell.words]) for column, cell in cells])

    same = z3.Or([z3.And(gives(was, old, one), gives(becomes, new, one)) for one in outcomes])
    # Nobody who gets another outcome is outside of all boxes, and nobody inside a box gets another one than it says.
    outside = [z3.Not(inside(change)) for change in found.found]
    assert possible(was.can_be, z3.Not(same), *outside) is not found.complete
    for change in found.found:
        said = z3.And(gives(was, old, change.old), gives(becomes, new, change.new))
        assert not possible(was.can_be, inside(change), z3.Not(said))
        assert possible(was.can_be, inside(change))
    return found.complete


def test_versions_of_large_tables_differ_as_a_general_solver_finds_it() -> None:
    assert sum(agrees(seed, 40) for seed in range(10)) >= 5  # unique ones always


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_versions_of_a_hundred_large_tables_differ_as_a_general_solver_finds_it() -> None:
    for seed in range(100, 200):
        agrees(seed, (40, 60, 100)[seed % 3])

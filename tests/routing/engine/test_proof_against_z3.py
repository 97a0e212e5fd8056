"""What the proof finds in large tables is what a general solver finds, which reads the rows in its own way."""

import pytest

from service.routing.engine.proof import dead_rows, gaps, overlaps
from service.routing.engine.table import Policy
from tests.routing.large_tables import large_table
from tests.routing.solved import Solved


def agrees(seed: int, rows: int) -> None:
    policy = (Policy.UNIQUE, Policy.FIRST)[seed % 2]
    table, domains = large_table(seed, rows, policy)
    solved = Solved(table, domains)
    names = [row.id for row in table.table.rows]

    assert (gaps(table) != ()) == solved.has_gap()
    assert {names.index(row.id) for row in dead_rows(table)} == set(range(len(names))) - solved.alive()
    if policy is Policy.UNIQUE:
        found = {(names.index(one.first.id), names.index(one.second.id)) for one in overlaps(table)}
        assert found == solved.overlapping()


@pytest.mark.parametrize("seed", range(10))
def test_a_large_table_is_proved_as_a_general_solver_finds_it(seed: int) -> None:
    agrees(seed, 40)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_large_tables_are_proved_as_a_general_solver_finds_them() -> None:
    for seed in range(100, 200):
        agrees(seed, (40, 60, 100)[seed % 3])


def test_the_tables_that_are_compared_hold_flaws_of_every_kind() -> None:
    drawn = [large_table(seed, 40, (Policy.UNIQUE, Policy.FIRST)[seed % 2])[0] for seed in range(10)]

    assert 0 < sum(gaps(table) != () for table in drawn) < len(drawn)
    assert any(overlaps(table) for table in drawn if not table.is_first)
    assert any(dead_rows(table) for table in drawn)

"""What the proof finds in large tables is what a general solver finds, which reads the rows in its own way."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TypeVar

import pytest
import z3  # type: ignore[import-untyped]

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.proof import dead_rows, gaps, overlaps
from service.routing.engine.table import Policy, When
from tests.routing.large_tables import large_table

_Key = TypeVar("_Key")


class Solved:
    """A table as a solver sees it: one switch for each value of each column, one of which is on."""

    def __init__(self, table: CompiledTable, domains: Mapping[str, Domain]) -> None:
        self._switches = {
            name: {value: z3.Bool(f"{name}={value}") for value in domain.values}
            for name, domain in domains.items()
            if isinstance(domain, Choice)
        }
        self._rows = [z3.Bool(f"row {number}") for number in range(len(table.table.rows))]
        self._solver = z3.SolverFor("QF_FD")
        for switches in self._switches.values():
            self._solver.add(z3.PbEq([(switch, 1) for switch in switches.values()], 1))
        self._solver.add(*(z3.Not(self._holds(one.when)) for one in table.never))
        self._solver.add(*(row == self._holds(one.when) for row, one in zip(self._rows, table.table.rows, strict=True)))
        self._deciding = [*self._first()] if table.is_first else self._rows

    def _holds(self, when: When) -> z3.BoolRef:
        return z3.And([z3.Or([self._switches[name][word] for word in cell.words]) for name, cell in when.items()])

    def _first(self) -> Iterator[z3.BoolRef]:
        taken: z3.BoolRef = z3.BoolVal(val=False)
        for number, row in enumerate(self._rows):
            yield z3.And(row, z3.Not(taken))
            before, taken = taken, z3.Bool(f"taken {number}")
            self._solver.add(taken == z3.Or(before, row))

    def _seen(self, wanted: Mapping[_Key, z3.BoolRef]) -> set[_Key]:
        """Give what is wanted and true in some case, by asking for a case with something new until there is none."""
        found: set[_Key] = set()
        while self._solver.check(z3.Or([one for key, one in wanted.items() if key not in found])) == z3.sat:
            model = self._solver.model()
            found |= {key for key, one in wanted.items() if z3.is_true(model.eval(one, model_completion=True))}
        return found

    def has_gap(self) -> bool:
        return bool(self._solver.check(z3.Not(z3.Or(self._rows))) == z3.sat)

    def overlapping(self) -> set[tuple[int, int]]:
        return self._seen(
            {
                (one, other): z3.And(self._rows[one], self._rows[other])
                for one, other in combinations(range(len(self._rows)), 2)
            }
        )

    def alive(self) -> set[int]:
        return self._seen(dict(enumerate(self._deciding)))


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

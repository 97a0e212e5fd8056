"""Large tables decide as a general solver does, which reads the rows in its own way."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

import pytest
import z3  # type: ignore[import-untyped]

from service.routing.engine.compiled import CompiledTable, ImpossibleFacts, NoRowApplies, SeveralRowsApply
from service.routing.engine.domains import Choice
from service.routing.engine.table import Policy
from tests.routing.engine.test_what_if_against_z3 import Person
from tests.routing.large_tables import large_table

DAY = date(2026, 11, 23)
DRAWN = 20
"""How many cases of each table are drawn freely, beside one for everything that can come of it."""


def decided(table: CompiledTable, values: Mapping[str, str]) -> str:
    try:
        (row,) = table.decide(values, DAY).rows
    except ImpossibleFacts:
        return "impossible"
    except NoRowApplies:
        return "none"
    except SeveralRowsApply:
        return "several"
    return row.id


class Judge:
    """Everything that can come of a table, each as one switch of a solver."""

    def __init__(self, table: CompiledTable, person: Person) -> None:
        self._person = person
        self._solver = z3.SolverFor("QF_FD")
        for switches in person.has.values():
            self._solver.add(z3.PbEq([(one, 1) for one in switches.values()], 1))
        comes = {row.id: fires for row, fires in zip(table.table.rows, person.decides, strict=True)}
        comes |= {"none": person.nothing, "several": z3.Not(z3.Or(person.nothing, *person.decides))}
        self._comes = {name: z3.Bool(f"comes {name}") for name in (*comes, "impossible")}
        self._solver.add(*(self._comes[name] == z3.And(person.can_be, one) for name, one in comes.items()))
        self._solver.add(self._comes["impossible"] == z3.Not(person.can_be))

    def of(self, values: Mapping[str, str]) -> str:
        """Say what comes of a case."""
        assert self._solver.check(*self._person.is_told(values)) == z3.sat
        model = self._solver.model()
        (name,) = (name for name, comes in self._comes.items() if z3.is_true(model[comes]))
        return name

    def cases(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Find a case for everything that can come of the table."""
        for name, comes in self._comes.items():
            if self._solver.check(comes) == z3.sat:
                model = self._solver.model()
                yield (
                    name,
                    {
                        column: next(value for value, switch in switches.items() if z3.is_true(model[switch]))
                        for column, switches in self._person.has.items()
                    },
                )


def agrees(seed: int, rows: int) -> set[str]:
    """Compare, and give all that came of the table."""
    chance = Random(seed)  # noqa: S311 -- can be repeated from its seed
    table, domains = large_table(seed, rows, (Policy.UNIQUE, Policy.FIRST)[seed % 2])
    judge, seen = Judge(table, Person(table, domains, "somebody")), set[str]()
    for name, values in judge.cases():
        assert decided(table, values) == name
        seen.add(name)
    for _ in range(DRAWN):
        drawn = {name: chance.choice(one.values) for name, one in domains.items() if isinstance(one, Choice)}
        assert decided(table, drawn) == judge.of(drawn)
    return seen


def test_large_tables_decide_as_a_general_solver_does() -> None:
    seen = [agrees(seed, 40) for seed in range(10)]

    assert {"impossible", "none", "several"} <= set[str]().union(*seen)
    assert all(len(one) > 20 for one in seen)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_hundred_large_tables_decide_as_a_general_solver_does() -> None:
    for seed in range(100, 200):
        agrees(seed, (40, 60, 100)[seed % 3])

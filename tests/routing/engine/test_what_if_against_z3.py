"""Changes, reasons and twins of large tables are those that a general solver finds, reading rows in its own way."""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

import pytest
import z3  # type: ignore[import-untyped]

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.counterfactual import counterfactual
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.forced import sufficient_reason
from service.routing.engine.influence import twins
from service.routing.engine.table import Policy, Row, When
from tests.routing.large_tables import large_table

DAY = date(2026, 11, 23)
Values = dict[str, str]


def said(row: Row | None) -> int | None:
    return None if row is None else int(row.id.removeprefix("R-")) % 3


class Person:
    """A case as a solver sees it: one switch for each value of each column, and what the table makes of it."""

    def __init__(self, table: CompiledTable, domains: Mapping[str, Domain], name: str) -> None:
        self.has = {
            column: {value: z3.Bool(f"{name} {column}={value}") for value in domain.values}
            for column, domain in domains.items()
            if isinstance(domain, Choice)
        }
        fits = [self._fits(row.when) for row in table.table.rows]
        self.can_be = z3.And(
            *(z3.PbEq([(one, 1) for one in switches.values()], 1) for switches in self.has.values()),
            *(z3.Not(self._fits(never.when)) for never in table.never),
        )
        self.first = [z3.And(one, *map(z3.Not, fits[:number])) for number, one in enumerate(fits)]
        alone = [z3.And(one, *map(z3.Not, fits[:n] + fits[n + 1 :])) for n, one in enumerate(fits)]
        self.decides = self.first if table.is_first else alone
        self.nothing = z3.Not(z3.Or(fits))

    def is_told(self, values: Mapping[str, str]) -> Iterator[z3.BoolRef]:
        return (self.has[column][value] for column, value in values.items())

    def _fits(self, when: When) -> z3.BoolRef:
        return z3.And([z3.Or([self.has[column][word] for word in cell.words]) for column, cell in when.items()])


def possible(*wanted: z3.BoolRef) -> bool:
    solver = z3.SolverFor("QF_FD")
    solver.add(*wanted)
    return bool(solver.check() == z3.sat)


def cheapest(
    person: Person, table: CompiledTable, values: Values, wanted: set[str], cost: Mapping[str, int]
) -> int | None:
    solver = z3.Optimize()
    solver.add(person.can_be, z3.Or([person.decides[n] for n, row in enumerate(table.table.rows) if row.id in wanted]))
    total = z3.Sum([z3.If(person.has[column][value], 0, cost[column]) for column, value in values.items()])
    solver.minimize(total)
    return solver.model().eval(total).as_long() if solver.check() == z3.sat else None


def can_say_otherwise(person: Person, table: CompiledTable, known: Values, outcome: object) -> bool:
    others = [person.decides[n] for n, row in enumerate(table.table.rows) if said(row) != outcome]
    return possible(person.can_be, *person.is_told(known), z3.Or(*others, person.nothing))


def agrees(seed: int, rows: int) -> None:
    chance = Random(seed)  # noqa: S311 -- can be repeated from its seed
    table, domains = large_table(seed, rows, (Policy.UNIQUE, Policy.FIRST)[seed % 2])
    person, twin = Person(table, domains, "one"), Person(table, domains, "other")
    values = {name: chance.choice(domain.values) for name, domain in domains.items() if isinstance(domain, Choice)}
    cost = {name: chance.randint(1, 3) for name in values}
    wanted = {row.id for row in chance.sample(table.table.rows, 3)}

    found = counterfactual(table, values, DAY, wanted, cost=cost)
    assert (found.cost if found else None) == cheapest(person, table, values, wanted, cost)

    if possible(person.can_be, *person.is_told(values), z3.Or(person.decides)):
        (outcome,) = {
            said(row)
            for n, row in enumerate(table.table.rows)
            if possible(*person.is_told(values), person.can_be, person.decides[n])
        }
        known = {name: values[name] for name in sufficient_reason(table, values, DAY, said)}
        assert not can_say_otherwise(person, table, known, outcome)
        for name in known:
            assert can_say_otherwise(person, table, _without(known, name), outcome)

    column = chance.choice(table.table.inputs)
    alike = [
        person.has[name][value] == twin.has[name][value]
        for name, switches in person.has.items()
        if name != column
        for value in switches
    ]
    groups = [[n for n, row in enumerate(table.table.rows) if said(row) == group] for group in range(3)]
    parted = [z3.Or([person.first[n] for n in group]) != z3.Or([twin.first[n] for n in group]) for group in groups]
    assert (twins(table, column, said) is not None) == possible(person.can_be, twin.can_be, *alike, z3.Or(parted))


def _without(known: Values, name: str) -> Values:
    return {other: value for other, value in known.items() if other != name}


@pytest.mark.parametrize("seed", range(10))
def test_what_is_found_in_a_large_table_is_what_a_general_solver_finds(seed: int) -> None:
    agrees(seed, 40)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_what_is_found_in_a_hundred_large_tables_is_what_a_general_solver_finds() -> None:
    for seed in range(100, 200):
        agrees(seed, (40, 60, 100)[seed % 3])

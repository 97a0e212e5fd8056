"""A table as a general solver reads it, in its own way: what it finds is compared with what the proofs find."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TypeVar

import z3  # type: ignore[import-untyped]

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.table import When

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

    def has_overlap(self) -> bool:
        return bool(self._solver.check(z3.AtLeast(*self._rows, 2)) == z3.sat)

    def overlapping(self) -> set[tuple[int, int]]:
        return self._seen(
            {
                (one, other): z3.And(self._rows[one], self._rows[other])
                for one, other in combinations(range(len(self._rows)), 2)
            }
        )

    def alive(self) -> set[int]:
        return self._seen(dict(enumerate(self._deciding)))

"""The proofs of large tables beside a general solver's: is there a gap, an overlap, a row that never decides?

Both begin with the rows as they are written. Ours gives every gap as wide as it can be; the solver says whether there
is one. Two versions of such a table are compared by ours alone. The tables are unique ones, some with a flaw, and
first ones drawn freely: twelve columns each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Domain
from service.routing.engine.proof import dead_rows, gaps, overlaps
from service.routing.engine.table import Policy
from service.routing.engine.versions import changes, whole_rows
from tests.bench.report import Aim
from tests.bench.stopwatch import Laps, laps, middle, ratio
from tests.routing.large_tables import large_table, two_versions
from tests.routing.solved import Solved

Asked = tuple[bool, int]
Drawn = tuple[CompiledTable, dict[str, Domain]]

SIZES: Final = (40, 100, 200)
AIMS: Final = {40: 5.0, 200: 1.0}
_SEEDS: Final = range(2)


@dataclass(frozen=True)
class ProofReport:
    """The proofs of tables of each size, ours and the solver's."""

    found: Laps

    def as_json(self) -> dict[str, object]:
        """Give the figures: milliseconds of processor time for one table, and how much longer the solver takes."""
        return {
            "milliseconds": {name: spent / 1000 for name, spent in middle(self.found).items()},
            "z3_over_ours": {str(rows): self._times(rows) for rows in SIZES},
            "aims": {str(rows): {"aim": str(self._aim(rows)), "met": self._met(rows)} for rows in AIMS},
        }

    def lines(self) -> list[str]:
        """Give the figures as lines of text."""
        spent = middle(self.found)
        lines = ["\nThe proof of a table                 ours, ms          z3, ms      z3 / ours"]
        for rows in SIZES:
            ours, theirs = (spent[_name(who, rows)] / 1000 for who in ("ours", "z3"))
            lines.append(f"  {rows:>3} rows{ours:>32.1f}{theirs:>16.1f}{self._times(rows):>15.1f}")
        lines.append("\nTwo versions of a table compared, box by box          ms")
        lines += [f"  {rows:>3} rows{spent[_name('compared', rows)] / 1000:>48.1f}" for rows in SIZES]
        lines.append("")
        for rows in AIMS:
            verdict = "met" if self._met(rows) else "NOT MET"
            times = f"z3 takes {self._times(rows):.1f} times ours at {rows} rows"
            lines.append(f"  {times}; aim: {self._aim(rows)}: {verdict}")
        return lines

    def _times(self, rows: int) -> float:
        return ratio(self.found, _name("z3", rows), _name("ours", rows))

    def _aim(self, rows: int) -> Aim:
        return Aim("z3", "ours", AIMS[rows])

    def _met(self, rows: int) -> bool:
        return self._aim(rows).met(self._times(rows))


def proof_report(rounds: int) -> ProofReport:
    """Prove tables of every size, and time it."""
    calls: dict[str, Sequence[Callable[[], object]]] = {}
    for rows in SIZES:
        drawn = tables(rows)
        calls[_name("ours", rows)] = [partial(ours, *one) for one in drawn]
        calls[_name("z3", rows)] = [partial(z3s, *one) for one in drawn]
        calls[_name("compared", rows)] = [partial(compared, *one) for one in versions(rows)]
    return ProofReport(laps(calls, rounds))


def tables(rows: int) -> list[Drawn]:
    """Draw the tables of one size."""
    return [large_table(seed, rows, policy) for seed in _SEEDS for policy in (Policy.UNIQUE, Policy.FIRST)]


def versions(rows: int) -> list[tuple[CompiledTable, CompiledTable, dict[str, Domain]]]:
    """Draw tables of one size, each in two versions."""
    return [two_versions(seed, rows, policy) for seed in _SEEDS for policy in (Policy.UNIQUE, Policy.FIRST)]


def compared(old: CompiledTable, new: CompiledTable, domains: dict[str, Domain]) -> int:
    """Say how many boxes of cases get another outcome, beginning with the rows as they are written."""
    one, other = (CompiledTable(version.table, domains) for version in (old, new))
    return len(changes((one, whole_rows(one)), (other, whole_rows(other))).found)


def ours(compiled: CompiledTable, domains: dict[str, Domain]) -> Asked:
    """Say whether there is a gap, and whether rows overlap or how many never decide."""
    fresh = CompiledTable(compiled.table, domains)
    flaws = len(dead_rows(fresh)) if fresh.is_first else int(overlaps(fresh) != ())
    return gaps(fresh) != (), flaws


def z3s(compiled: CompiledTable, domains: dict[str, Domain]) -> Asked:
    """Let the solver say the same."""
    solved = Solved(compiled, domains)
    flaws = len(compiled.table.rows) - len(solved.alive()) if compiled.is_first else int(solved.has_overlap())
    return solved.has_gap(), flaws


def _name(who: str, rows: int) -> str:
    return f"{who}, {rows} rows"

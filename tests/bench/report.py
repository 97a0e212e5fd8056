"""What was measured, as a table for people and as JSON for machines."""

import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from service.routing.rule_set import RuleSet
from tests.bench.stopwatch import Laps, middle, ratio


@dataclass(frozen=True)
class Aim:
    """How many times longer one may or must take than another."""

    slow: str
    fast: str
    bound: float
    at_most: bool = False

    def __str__(self) -> str:
        """Write the aim."""
        return f"{'at most' if self.at_most else 'at least'} {self.bound:g}"

    def met(self, found: float) -> bool:
        """Tell whether what was found is good enough."""
        return found <= self.bound if self.at_most else found >= self.bound


@dataclass(frozen=True)
class Report:
    """One run: the engines side by side, and the service around ours."""

    rule_set: RuleSet
    people: int
    rounds: int
    compared: Laps
    whole: Laps
    aims: Sequence[Aim]

    def as_json(self) -> dict[str, object]:
        """Give all figures, times in microseconds of processor time."""
        return {
            "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}",
            "zen_engine": version("zen-engine"),
            "rule_set": self.rule_set.name,
            "tables": len(self.rule_set.tables),
            "rows": self._rows(),
            "people": self.people,
            "rounds": self.rounds,
            "tables_only": middle(self.compared),
            "ratios": [
                {
                    "slow": aim.slow,
                    "fast": aim.fast,
                    "times": ratio(self.compared, aim.slow, aim.fast),
                    "aim": str(aim),
                    "met": aim.met(ratio(self.compared, aim.slow, aim.fast)),
                }
                for aim in self.aims
            ],
            "over_zen": {name: ratio(self.compared, name, "zen-engine") for name in self.compared},
            "over_if_chain": {name: ratio(self.compared, name, "if chain") for name in self.compared},
            "whole": middle(self.whole),
        }

    def lines(self) -> Iterator[str]:
        """Give the figures as lines of text."""
        yield (
            f"{len(self.rule_set.tables)} tables, {self._rows()} rows, {self.people} people, {self.rounds} rounds; all"
            f" engines find the same rows. Python {platform.python_version()}, zen-engine {version('zen-engine')}."
        )
        yield "\nThe tables alone            us per decision    zen-engine = 1    if chain = 1"
        for name, spent in middle(self.compared).items():
            over = [ratio(self.compared, name, other) for other in ("zen-engine", "if chain")]
            yield f"  {name:<26}{spent:>15.1f}{over[0]:>18.3f}{over[1]:>16.2f}"
        yield ""
        for aim in self.aims:
            found = ratio(self.compared, aim.slow, aim.fast)
            verdict = "met" if aim.met(found) else "NOT MET"
            yield f"  {aim.slow} takes {found:.2f} times {aim.fast}; aim: {aim}: {verdict}"
        yield "\nThe service around them                 us"
        for name, spent in middle(self.whole).items():
            yield f"  {name:<30}{spent:>12.0f}"

    def _rows(self) -> int:
        return sum(len(compiled.table.rows) for compiled in self.rule_set.tables.values())

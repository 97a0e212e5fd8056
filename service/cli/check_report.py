"""Reports on a rule set that loaded: how much there is, what is proved, how well founded, which examples fail."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

from rich.box import HORIZONTALS
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.rules_screen import columns, heading, indented, status_text
from service.cli.words import Language
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import Policy, Status
from service.routing.examples import Outcome, story_mistakes
from service.routing.rule_set import RuleSet
from service.routing.text.in_dutch import in_dutch
from service.routing.text.mistakes import Mistake

Json = dict[str, object]

_MANY: Final = 1_000_000_000
_PROVED: Final = {
    Policy.UNIQUE: "complete, disjoint",
    Policy.FIRST: "complete",
    Policy.COLLECT: "every row can apply",
}


@dataclass(frozen=True)
class CheckReport:
    """What a check of a rule set found; the set itself was read whole and its tables proved."""

    rule_set: RuleSet
    outcomes: tuple[Outcome, ...]
    row_mistakes: tuple[Mistake, ...]
    remarks: tuple[Mistake, ...]
    coverage: Mapping[str, int]

    def mistakes(self) -> list[Mistake]:
        """Give every difference between a decision and its example, at the line of the example."""
        return [*self.row_mistakes, *story_mistakes(self.outcomes)]

    def as_json(self) -> Json:
        """Give the report as JSON."""
        return {
            "rule_set": self.rule_set.name,
            "tables": [_table_json(one) for one in self.rule_set.tables.values()],
            "invariants": {"proved": len(self.rule_set.invariants)},
            "parameters": len(self.rule_set.parameters.by_name),
            "reference": self._reference(),
            "statuses": {str(status): self._statuses()[status] for status in Status},
            "examples": {"run": len(self.outcomes), "passed": sum(one.holds for one in self.outcomes)},
            "coverage": dict(self.coverage),
            "remarks": mistakes_json(self.remarks),
            "mistakes": mistakes_json(self.mistakes()),
        }

    def parts(self) -> Iterator[RenderableType]:
        """Give the report as a screen."""
        yield Text(self.rule_set.name, style="dim", overflow="fold")
        yield _tables(self.rule_set.tables.values())
        yield heading("Invariants")
        yield indented(Text(f"{len(self.rule_set.invariants)} proved for every possible person", style="green"))
        yield heading("Rows, parameter values and disclosures")
        counts = self._statuses()
        yield indented(columns(((status_text(one, Language.EN), Text(str(counts[one]))) for one in Status), (12, 6)))
        yield heading("Beside the tables")
        beside = {"parameters": len(self.rule_set.parameters.by_name), **self._reference()}
        yield indented(columns(((name.replace("_", " "), str(count)) for name, count in beside.items()), (22, 6)))
        passed = sum(one.holds for one in self.outcomes)
        colour = "green" if passed == len(self.outcomes) else "red"
        yield heading("Examples")
        yield indented(Text(f"{passed} of {len(self.outcomes)} hold", style=colour))
        yield indented(Text("\n".join(self._reached())))
        if self.remarks:
            yield heading("Worth a look, and no mistake")
            yield indented(Text("\n".join(one.in_both() for one in self.remarks), style="yellow"))

    def _reached(self) -> Iterator[str]:
        counts = self.coverage
        yield f"{counts['in_stories']} of {counts['rows']} rows apply in one of them"
        yield f"{counts['with_near_miss']} of {counts['rows']} rows have an example of their own and a near miss"
        yield f"{counts['sources_reached']} of {counts['sources']} sources are reached"

    def _reference(self) -> dict[str, int]:
        places = self.rule_set.places
        return {
            "municipalities": len(places.municipalities),
            "municipality_changes": len(places.changes),
            "care_areas": len(places.care_areas),
        }

    def _statuses(self) -> Counter[Status]:
        rules = self.rule_set
        return Counter(
            [
                *(row.status for one in rules.tables.values() for row in one.table.rows),
                *(value.status for one in rules.parameters.by_name.values() for value in one.values),
                *(one.status for one in rules.disclosure.founded()),
            ]
        )


def mistakes_json(mistakes: Iterable[Mistake]) -> list[Mapping[str, object]]:
    """Give mistakes as JSON, one object each."""
    return [
        {
            "file": one.file,
            "line": one.line,
            "what": one.what,
            "what_in_dutch": in_dutch(one.what),
            "hint": one.hint,
            "example": None if one.example is None else dict(zip(("nl", "en"), one.example, strict=True)),
        }
        for one in mistakes
    ]


def states(compiled: CompiledTable) -> int:
    """Count the cases that a table tells apart; the proof holds for every one of them."""
    return prod(len(column.atoms) for column in (*compiled.columns, compiled.validity))


def _table_json(compiled: CompiledTable) -> Json:
    table = compiled.table
    return {"table": table.name, "policy": str(table.policy), "rows": len(table.rows), "states": states(compiled)}


def _tables(tables: Iterable[CompiledTable]) -> Table:
    grid = Table(box=HORIZONTALS, show_edge=False, pad_edge=False)
    for title in ("Table", "Policy"):
        grid.add_column(title)
    for title in ("Rows", "States"):
        grid.add_column(title, justify="right")
    grid.add_column("Proved")
    for one in tables:
        table = one.table
        name, count = Text(table.name, style="bold"), str(len(table.rows))
        grid.add_row(name, str(table.policy), count, _rounded(states(one)), Text(_PROVED[table.policy], style="dim"))
    return grid


def _rounded(count: int) -> str:
    return f"{count:,}" if count < _MANY else f"{count:.0e}".replace("e+", " x 10^")

"""How much of the rules the examples reach: which rows apply to somebody in them, and which have a near miss."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from service.routing.decide import decide_as_told
from service.routing.engine.table import Row
from service.routing.proofs.chain import Chain
from service.routing.proofs.row_people import row_example
from service.routing.row_examples import RowExample
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import Mistake

Place = tuple[str, str]

_MOST_SUGGESTED: Final = 10


@dataclass(frozen=True)
class Coverage:
    """The rows and the sources of a rule set, and how many of them the examples reach.

    Attributes:
        stories: the rows that apply in a story of examples/.
        examples: the rows with an example of their own, which has a near miss.
    """

    rule_set: RuleSet
    stories: Collection[Place]
    examples: Collection[Place]

    def counts(self) -> dict[str, int]:
        """Give the numbers: all rows, those reached, and the same of the sources that the rows cite."""
        rows = dict(self._rows())
        reached = {place for place in rows if place in self.stories or place in self.examples}
        return {
            "rows": len(rows),
            "in_stories": sum(place in self.stories for place in rows),
            "with_near_miss": sum(place in self.examples for place in rows),
            "sources": len(_cites(rows.values())),
            "sources_reached": len(_cites(rows[place] for place in reached)),
        }

    def remarks(self, chain: Chain) -> Iterator[Mistake]:
        """Give the rows without an example of their own, each with one that could be taken over.

        Args:
            chain: the tables behind each other, in which somebody is looked for.
        """
        missing = [(table, row) for (table, name), row in self._rows() if (table, name) not in self.examples]
        for number, (table, row) in enumerate(missing):
            found = row_example(self.rule_set, chain, table, row) if number < _MOST_SUGGESTED else None
            hint = None if found is None else f"examples/rows/{table}.yaml: {written(found)}"
            file = self.rule_set.tables[table].table.file
            yield Mistake(file, row.line, f"the row {row.id} has no example with a near miss", hint)

    def _rows(self) -> Iterator[tuple[Place, Row]]:
        for table, compiled in self.rule_set.tables.items():
            for row in compiled.table.rows:
                yield (table, row.id), row


def coverage(rule_set: RuleSet, examples: Collection[RowExample]) -> Coverage:
    """Find which rows the examples of a rule set reach.

    Args:
        rule_set: the rules with their stories.
        examples: the examples of single rows.
    """
    decisions = (decide_as_told(rule_set, one.facts, one.on) for one in rule_set.examples)
    told = {(table, row.id) for one in decisions for table, found in one.findings.items() for row in found.rows}
    return Coverage(rule_set, told, {(one.table, one.row) for one in examples})


def written(example: RowExample) -> str:
    """Write the example of a row as it stands in its file."""
    near = {name: said for name, said in example.near.given.items() if example.fires.given.get(name) != said}
    parts = {
        "row": example.row,
        "on": example.on,
        "fires": example.fires.given,
        "gives": dict(example.gives),
        "near": near,
        "instead": list(example.instead),
    }
    return _flow(parts)


def _flow(said: object) -> str:
    if isinstance(said, dict):
        return f"{{{', '.join(f'{name}: {_flow(one)}' for name, one in said.items())}}}"
    if isinstance(said, list):
        return f"[{', '.join(map(_flow, said))}]"
    text = str(said)
    return f'"{text}"' if ":" in text else text


def _cites(rows: Collection[Row] | Iterator[Row]) -> set[str]:
    return {source.cite for row in rows for source in row.sources}

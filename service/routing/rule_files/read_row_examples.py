"""Reads examples/rows/: for every row of a table somebody to whom it applies, and a near miss.

They stand beside the rules and decide nothing, so the service does not read them when it starts; the check does.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from service.routing.facts.answers import Answers, answers_in
from service.routing.row_examples import RowExample
from service.routing.rule_set import RuleSet
from service.routing.text.entries import day, entries, listed, one_word, text
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node, read_document

SCHEMA: Final = "nrm-row-examples/1"
_REQUIRED: Final = ("row", "fires", "gives", "near", "instead")


def read_row_examples(folder: Path, rule_set: RuleSet, mistakes: list[Mistake]) -> tuple[RowExample, ...]:
    """Read the examples of rows that stand beside a rule set.

    Args:
        folder: the folder of the rules.
        rule_set: the rules, read and sound.
        mistakes: where mistakes are added.
    """
    found: list[RowExample] = []
    for path in sorted(folder.glob("examples/rows/*.yaml")):
        document = read_document(path, str(path), mistakes)
        if document is not None:
            found.extend(_examples(document, rule_set, mistakes))
    return tuple(found)


def _examples(document: Node, rule_set: RuleSet, mistakes: list[Mistake]) -> Iterator[RowExample]:
    parts = entries(document, mistakes, required=("schema", "table", "on", "rows"), thing="a file of row examples")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    table = one_word(parts.get("table"), mistakes, "the table", tuple(rule_set.tables))
    if table is None:
        return
    reader = _RowReader(rule_set, table, mistakes)
    for node in listed(parts.get("rows"), mistakes, "rows"):
        found = reader.read(node, parts.get("on"))
        if found is not None:
            yield found


class _RowReader:
    """Reads the examples of the rows of one table."""

    def __init__(self, rule_set: RuleSet, table: str, mistakes: list[Mistake]) -> None:
        self._vocabulary = rule_set.vocabulary
        self._table = rule_set.tables[table].table
        self._rows = tuple(row.id for row in self._table.rows)
        self._mistakes = mistakes

    def read(self, node: Node, usual_day: Node | None) -> RowExample | None:
        before, mistakes = len(self._mistakes), self._mistakes
        said = entries(node, mistakes, required=_REQUIRED, optional=("on",), thing="an example of a row")
        row = one_word(said.get("row"), mistakes, "the row of an example", self._rows)
        on = day(said.get("on", usual_day), mistakes, f"the day of the example of {row}")
        of_near = listed(said.get("instead"), mistakes, f"instead of {row}")
        instead = [one_word(item, mistakes, f"instead of {row}", self._rows) for item in of_near]
        gives = self._gives(said.get("gives"), f"what {row} gives")
        people = self._people(said["fires"], said["near"]) if len(mistakes) == before else None
        if people is None or row is None or on is None:
            return None
        rows = tuple(one for one in instead if one is not None)
        return RowExample(self._table.name, row, on, *people, gives, rows, node.file, node.line)

    def _gives(self, node: Node | None, thing: str) -> dict[str, str]:
        if node is None:
            return {}
        parts = entries(node, self._mistakes, optional=tuple(self._table.outputs), thing=thing)
        said = {name: text(one, self._mistakes, f"{name} in {thing}") for name, one in parts.items()}
        return {name: one for name, one in said.items() if one is not None}

    def _people(self, fires: Node, near: Node) -> tuple[Answers, Answers] | None:
        if not isinstance(fires.value, dict) or not isinstance(near.value, dict) or len(near.value) != 1:
            self._mistakes.append(near.mistake("a near miss tells one fact otherwise", "{fact: value}"))
            return None
        otherwise = replace(fires, value=fires.value | near.value, key_lines={**fires.key_lines, **near.key_lines})
        one, other = (answers_in(said, self._vocabulary, self._mistakes) for said in (fires, otherwise))
        return None if one is None or other is None else (one, other)

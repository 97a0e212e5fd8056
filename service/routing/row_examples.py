"""For every row somebody to whom it applies, and a near miss: the same person with one fact told otherwise."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.routing.decide import decide_as_told
from service.routing.facts.answers import Answers
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import Mistake


@dataclass(frozen=True)
class RowExample:
    """Somebody to whom a row applies, and the same person but for one fact, to whom it does not.

    Attributes:
        gives: what the row says then.
        instead: the rows of the table that apply to the near miss.
    """

    table: str
    row: str
    on: date
    fires: Answers
    near: Answers
    gives: Mapping[str, str]
    instead: tuple[str, ...]
    file: str
    line: int


def row_example_mistakes(rule_set: RuleSet, examples: Iterable[RowExample]) -> list[Mistake]:
    """Decide about everybody in the examples of rows, and tell where another row applies than is written."""
    return [mistake for example in examples for mistake in _mistakes(rule_set, example)]


def _mistakes(rule_set: RuleSet, example: RowExample) -> Iterator[Mistake]:
    fired = rows_for(rule_set, example.table, example.fires, example.on)
    if example.row not in fired:
        what = f"the row {example.row} does not apply to its example, found {_listed(fired)}"
        yield Mistake(example.file, example.line, what)
    row = next(row for row in rule_set.tables[example.table].table.rows if row.id == example.row)
    if row.then != example.gives:
        what = f"the example of {example.row} wanted {_given(example.gives)}, and the row gives {_given(row.then)}"
        yield Mistake(example.file, example.line, what)
    near = rows_for(rule_set, example.table, example.near, example.on)
    if example.row in near:
        yield Mistake(example.file, example.line, f"the row {example.row} applies to its near miss too")
    elif near != example.instead:
        what = f"the near miss of {example.row}: wanted {_listed(example.instead)}, found {_listed(near)}"
        yield Mistake(example.file, example.line, what)


def rows_for(rule_set: RuleSet, table: str, answers: Answers, on: date) -> tuple[str, ...]:
    """Give the rows of a table that apply to somebody."""
    return tuple(row.id for row in decide_as_told(rule_set, answers, on).findings[table].rows)


def _listed(rows: Iterable[str]) -> str:
    return " and ".join(rows) or "no row"


def _given(then: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {said}" for name, said in sorted(then.items())) or "nothing"

"""Everybody in the examples at once: one number per value says who has it, so who meets a row is one AND."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from service.routing.decide import decide_as_told
from service.routing.engine.cells import Cell
from service.routing.engine.compiled import Value
from service.routing.engine.table import Policy, Row
from service.routing.facts.answers import Answers
from service.routing.rule_set import RuleSet


@dataclass(frozen=True)
class Told:
    """Somebody in an example, with the values, the days and the rows of every table as the rules are."""

    answers: Answers
    on: date
    values: Mapping[str, Value]
    days: Mapping[str, date]
    rows: Mapping[str, Sequence[Row]]


def told(rule_set: RuleSet, answers: Answers, on: date) -> Told:
    """Decide about somebody by the rules as they are."""
    findings = decide_as_told(rule_set, answers, on).findings
    return Told(
        answers,
        on,
        next(iter(findings.values())).values,
        {name: one.day for name, one in findings.items()},
        {name: one.rows for name, one in findings.items()},
    )


class Crowd:
    """People by number; a set of them is a number with a bit for each."""

    def __init__(self, people: Sequence[Told], rule_set: RuleSet) -> None:
        """Sort everybody by what they are."""
        self.people = people
        self._tables = {name: compiled.table for name, compiled in rule_set.tables.items()}
        self._having: dict[str, dict[Value, int]] = defaultdict(lambda: defaultdict(int))
        self._judged: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
        self._cells: dict[tuple[str, Cell], int] = {}
        for number, one in enumerate(people):
            for name, value in one.values.items():
                self._having[name][value] |= 1 << number
            for table, day in one.days.items():
                self._judged[table][day] |= 1 << number

    def touched(self, table: str, row: Row, changed: Row) -> int:
        """Give who meets other rows of a table once a row is changed, or the same that give something else."""
        assert self._tables[table].policy is not Policy.FIRST, "in a first table a row hangs on those before it"
        before, after = self._meeting(table, row), self._meeting(table, changed)
        return before ^ after if row.then == changed.then else before | after

    def _meeting(self, table: str, row: Row) -> int:
        found = sum(bits for day, bits in self._judged[table].items() if row.applies_on(day))
        for name, cell in row.when.items():
            found &= self._inside(name, cell)
        return found

    def _inside(self, name: str, cell: Cell) -> int:
        if (name, cell) not in self._cells:
            having = (bits for value, bits in self._having[name].items() if value in cell)
            self._cells[name, cell] = reduce(or_, having, 0)
        return self._cells[name, cell]


def numbers(bits: int) -> Iterator[int]:
    """Give the numbers of the people of a set."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1

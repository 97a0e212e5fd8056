"""The tables of a rule set in the Common Expression Language, by the engine that is fast from Python.

One compiled program for each table, a list of conditions and rows; each gets the values that it reads and nothing else,
because every value that is handed over is turned into one of the engine's.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import cel

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.domains import UNKNOWN
from service.routing.engine.table import EffectiveDay, Policy, Row
from service.routing.rule_set import RuleSet
from tests.bench.contestant import Contestant
from tests.bench.people import Person, Rows

Found = dict[str, Any]
_DAYS: Final = (EffectiveDay.DECIDED_ON, EffectiveDay.JUDGED_ON)


@dataclass(frozen=True, slots=True)
class Asked:
    """One table as a program: under which names it reads which columns, and what its rows give to others."""

    table: str
    program: cel.Program
    reads: tuple[tuple[str, str], ...]
    outcomes: Mapping[str, Mapping[str, Value]]


def cel_contestant(rule_set: RuleSet, people: Sequence[Person]) -> Contestant[Found]:
    """Prepare the programs."""
    programs = [_asked(name, compiled) for name, compiled in rule_set.tables.items()]
    return Contestant(
        "common-expression-language", [partial(_found, programs, _values(person)) for person in people], _rows
    )


def _found(programs: Sequence[Asked], told: Mapping[str, Value]) -> Found:
    values = dict(told)
    found: Found = {}
    for asked in programs:
        row = asked.program.execute({name: values[column] for name, column in asked.reads})
        found[asked.table] = row
        if asked.outcomes:
            values.update(asked.outcomes[row])
    return found


def _asked(name: str, compiled: CompiledTable) -> Asked:
    table = compiled.table
    columns = [*table.inputs, *((str(table.effective_on),) if compiled.starts else ())]
    if table.policy is Policy.COLLECT:
        text = " + ".join(
            f"({_condition(row, table.effective_on)} ? [{json.dumps(row.id)}] : [])" for row in table.rows
        )
    else:
        chosen = [f"{_condition(row, table.effective_on)} ? {json.dumps(row.id)} : " for row in table.rows]
        text = "".join(chosen) + '""'
    return Asked(name, cel.compile(text), tuple((_name(column), column) for column in columns), compiled.outcomes)


def _condition(row: Row, day: EffectiveDay) -> str:
    tests = [_test(_name(column), cell) for column, cell in row.when.items()]
    tests += [f"{day} >= {row.valid_from.toordinal()}"] if row.valid_from else []
    tests += [f"{day} <= {row.valid_to.toordinal()}"] if row.valid_to else []
    return " && ".join(tests) or "true"


def _test(name: str, cell: Cell) -> str:
    known = [f"{name} == {json.dumps(cell.words[0])}"] if len(cell.words) == 1 else []
    known += [f"{name} in {json.dumps(cell.words)}"] if len(cell.words) > 1 else []
    inside = " || ".join(f"({name} >= {low} && {name} <= {high})" for low, high in cell.spans)
    known += [f"({name} != {json.dumps(UNKNOWN)} && ({inside}))"] if inside else []
    return known[0] if len(known) == 1 else f"({' || '.join(known)})"


def _values(person: Person) -> Mapping[str, Value]:
    days = dict(zip(_DAYS, (person.on, person.judged_on), strict=True))
    return {**person.values, **{str(name): day.toordinal() for name, day in days.items()}}


def _name(column: str) -> str:
    return re.sub(r"\W", "__", column)


def _rows(answer: Found) -> Rows:
    return {table: tuple(found) if isinstance(found, list) else (found,) for table, found in answer.items()}

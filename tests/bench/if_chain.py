"""The tables of a rule set written out as one Python function of plain `if` chains, as a programmer would by hand.

It explains nothing, checks neither values nor overlaps, and knows no combination that cannot be: the least that code
can do to find the same rows.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable, Value
from service.routing.engine.domains import UNKNOWN
from service.routing.engine.table import NONE, EffectiveDay, Policy, Row
from service.routing.rule_set import RuleSet
from tests.bench.contestant import Contestant
from tests.bench.people import Person, Rows, read_by_tables

Found = dict[str, list[str]]
Chain = Callable[[Mapping[str, Value], int, int], Found]


def if_contestant(rule_set: RuleSet, people: Sequence[Person]) -> Contestant[Found]:
    """Prepare the written-out function."""
    chain = written_out(rule_set)
    calls = [partial(chain, one.values, one.on.toordinal(), one.judged_on.toordinal()) for one in people]
    return Contestant("if chain", calls, _rows)


def written_out(rule_set: RuleSet) -> Chain:
    """Compile the source of the function."""
    names: dict[str, Chain] = {}
    exec(source(rule_set), {}, names)  # noqa: S102 - generated from the rows of this repository, names and words checked
    return names["chain"]


def source(rule_set: RuleSet) -> str:
    """Write the function."""
    read = {column for compiled in rule_set.tables.values() for column in compiled.table.inputs}
    lines = ["def chain(values, decided_on, judged_on):"]
    lines += [f"    {_name(column)} = values[{column!r}]" for column in read_by_tables(rule_set)]
    for name, compiled in rule_set.tables.items():
        lines += _collected(compiled) if compiled.table.policy is Policy.COLLECT else _chosen(name, compiled, read)
    lines.append(f"    return {{{', '.join(f'{name!r}: {name}' for name in rule_set.tables)}}}")
    return "\n".join(lines)


def _collected(compiled: CompiledTable) -> Iterator[str]:
    table = compiled.table
    yield f"    {table.name} = []"
    for row in table.rows:
        yield f"    if {_condition(row, table.effective_on)}:"
        yield f"        {table.name}.append({row.id!r})"


def _chosen(name: str, compiled: CompiledTable, read: set[str]) -> Iterator[str]:
    table = compiled.table
    for number, row in enumerate(table.rows):
        yield f"    {'elif' if number else 'if'} {_condition(row, table.effective_on)}:"
        yield f"        {name} = [{row.id!r}]"
        for output in table.outputs:
            if (column := f"{name}.{output}") in read:
                yield f"        {_name(column)} = {row.then.get(output, NONE)!r}"
    yield "    else:"
    yield f"        raise LookupError({name!r})"


def _condition(row: Row, day: EffectiveDay) -> str:
    tests = [_test(_name(column), cell) for column, cell in row.when.items()]
    tests += [f"{day} >= {_number(row.valid_from)}"] if row.valid_from else []
    tests += [f"{day} <= {_number(row.valid_to)}"] if row.valid_to else []
    return " and ".join(tests) or "True"


def _test(name: str, cell: Cell) -> str:
    known = [f"{name} == {word!r}" for word in cell.words] if len(cell.words) == 1 else []
    known += [f"{name} in {cell.words!r}"] if len(cell.words) > 1 else []
    inside = " or ".join(f"{low} <= {name} <= {high}" for low, high in cell.spans)
    known += [f"{name} != {UNKNOWN!r} and ({inside})"] if inside else []
    return known[0] if len(known) == 1 else f"({' or '.join(known)})"


def _number(day: date) -> int:
    return day.toordinal()


def _name(column: str) -> str:
    return re.sub(r"\W", "__", column)


def _rows(answer: Found) -> Rows:
    return {table: tuple(found) for table, found in answer.items()}

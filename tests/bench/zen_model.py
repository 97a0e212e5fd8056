"""The tables of a rule set as a decision graph of zen-engine (JSON Decision Model), in its fastest form found.

One table after the other, each handing on what it read (fan-out edges and `$nodes` references were slower), tables
with as few outputs as the comparison needs, and at the end a node that drops the inputs, so that they are not turned
back into Python. The engine keeps the graph compiled in its static loader; `engine.evaluate` is its fast entry, some
ten times faster than `decision.evaluate`.
"""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, Final

import zen

from service.routing.engine.cells import Cell, Span
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import NONE, EffectiveDay, Policy, Row
from service.routing.rule_set import RuleSet
from tests.bench.contestant import Contestant
from tests.bench.people import Person, Rows

Json = dict[str, Any]

_ROW: Final = "row"


def zen_contestant(rule_set: RuleSet, people: Sequence[Person], *, trace: bool) -> Contestant["zen.EvaluateResponse"]:
    """Prepare zen-engine; with trace it explains which row of each table was hit."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": zen_model(rule_set)}}})
    contexts = [_context(person) for person in people]
    if trace:
        calls = [partial(engine.evaluate, "rules", context, {"trace": True}) for context in contexts]
    else:
        calls = [partial(engine.evaluate, "rules", context) for context in contexts]
    return Contestant("zen-engine, trace" if trace else "zen-engine", calls, _rows)


def zen_model(rule_set: RuleSet) -> Json:
    """Write the tables as one decision graph."""
    read = {column for compiled in rule_set.tables.values() for column in compiled.table.inputs}
    tables = [_table_node(name, compiled, rule_set, read) for name, compiled in rule_set.tables.items()]
    nodes = [
        _node("in", "inputNode", {}),
        *tables,
        _node("rows", "expressionNode", {"expressions": list(_expressions(rule_set)), "passThrough": False}),
        _node("out", "outputNode", {}),
    ]
    edges = [
        {"id": f"from {one['id']}", "type": "edge", "sourceId": one["id"], "targetId": other["id"]}
        for one, other in pairwise(nodes)
    ]
    return {"nodes": nodes, "edges": edges}


def _node(name: str, kind: str, content: Json) -> Json:
    return {"id": name, "type": kind, "name": name, "position": {"x": 0, "y": 0}, "content": content}


def _expressions(rule_set: RuleSet) -> Iterator[Json]:
    for name, compiled in rule_set.tables.items():
        many = compiled.table.policy is Policy.COLLECT
        yield {"id": name, "key": name, "value": name if many else f"{name}.{_ROW}"}


def _table_node(name: str, compiled: CompiledTable, rule_set: RuleSet, read: set[str]) -> Json:
    table = compiled.table
    many = table.policy is Policy.COLLECT
    fields = {
        column: column if column.partition(".")[0] in rule_set.tables else _flat(column) for column in table.inputs
    }
    if compiled.starts:
        fields["day"] = str(table.effective_on)
    outputs = [_ROW] if many else [_ROW, *(output for output in table.outputs if f"{name}.{output}" in read)]
    content = {
        "hitPolicy": "collect" if many else "first",
        "inputs": [{"id": column, "name": column, "field": field} for column, field in fields.items()],
        "outputs": [{"id": f"out {output}", "name": output, "field": output} for output in outputs],
        "rules": [_rule(row, list(fields), outputs) for row in table.rows],
        "passThrough": True,
        "outputPath": name,
        "executionMode": "single",
    }
    return _node(name, "decisionTableNode", content)


def _rule(row: Row, columns: list[str], outputs: list[str]) -> dict[str, str]:
    cells = {column: _cell(row.when.get(column)) for column in columns}
    if "day" in cells:
        cells["day"] = _days(row)
    given = {
        f"out {output}": json.dumps(row.id if output == _ROW else row.then.get(output, NONE)) for output in outputs
    }
    return {"_id": row.id, **cells, **given}


def _cell(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return ", ".join((*(json.dumps(word) for word in cell.words), *(_span(span) for span in cell.spans)))


def _span(span: Span) -> str:
    return f"[{span[0]}..{span[1]}]"


def _days(row: Row) -> str:
    if row.valid_from and row.valid_to:
        return _span((row.valid_from.toordinal(), row.valid_to.toordinal()))
    if row.valid_from:
        return f">= {row.valid_from.toordinal()}"
    return f"<= {row.valid_to.toordinal()}" if row.valid_to else ""


def _flat(column: str) -> str:
    return column.replace(".", "__")


def _context(person: Person) -> Json:
    days = {EffectiveDay.DECIDED_ON: person.on, EffectiveDay.JUDGED_ON: person.judged_on}
    told = {_flat(column): value for column, value in person.values.items()}
    return {**told, **{str(name): day.toordinal() for name, day in days.items()}}


def _rows(answer: "zen.EvaluateResponse") -> Rows:
    return {
        table: tuple(one[_ROW] for one in found) if isinstance(found, list) else (found,)
        for table, found in answer["result"].items()
    }

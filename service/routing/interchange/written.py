"""A table in the shape of a rule file: as plain data, and as the YAML that a rule writer would have typed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from service.routing.engine.cells import Cell, written_span
from service.routing.engine.table import DecisionTable, Never, Output, Row, Source, When
from service.routing.rule_files.read_table import SCHEMA
from service.routing.text.entries import Words

Written = dict[str, object]

_PLAIN: Final = re.compile(
    r"[A-Za-z_][A-Za-z0-9_.\-]*|-?[0-9]{1,9}\.\.(-?[0-9]{1,9})?|\.\.-?[0-9]{1,9}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
)
_NOT_WORDS: Final = ("true", "false", "null")


def written_table(table: DecisionTable, on: date | None = None) -> Written:
    """Give a table as its file would hold it.

    Args:
        table: the table.
        on: leave out the rows that are not valid on this day; None keeps all.
    """
    rows = [row for row in table.rows if on is None or row.applies_on(on)]
    return _present(
        schema=SCHEMA,
        table=table.name,
        title=dict(table.title),
        policy=str(table.policy),
        why_first=dict(table.why_first),
        effective_on=str(table.effective_on),
        inputs=list(table.inputs),
        outputs={name: written_output(output) for name, output in table.outputs.items()},
        never=[_written_never(one) for one in table.never],
        rows=[written_row(row) for row in rows],
    )


def written_output(output: Output) -> Written:
    """Give an outcome column as a file declares it."""
    return _present(
        values=list(output.values),
        parameter=None if output.parameter is None else str(output.parameter),
        optional=output.optional or None,
        favourable=[list(group) if len(group) > 1 else group[0] for group in output.favourable],
        without_row={value: dict(words) for value, words in output.without_row.items()},
    )


def written_row(row: Row) -> Written:
    """Give a row as a file holds it."""
    return _present(
        id=row.id,
        rule=row.rule if row.rule != row.id else None,
        when=written_when(row.when),
        then=dict(row.then),
        valid_from=row.valid_from and row.valid_from.isoformat(),
        valid_to=row.valid_to and row.valid_to.isoformat(),
        source=[_written_source(source) for source in row.sources],
        status=str(row.status),
        note=dict(row.note),
    )


def written_when(when: When) -> Written:
    """Give a condition as a file holds it."""
    return {column: _written_cell(cell) for column, cell in when.items()}


def yaml_text(written: Mapping[str, object]) -> str:
    """Write a table as YAML: a line for each entry, what a row holds in one line for each of its entries."""
    return "\n".join(_lines(written)) + "\n"


def _lines(written: Mapping[str, object]) -> Iterator[str]:
    for key, value in written.items():
        if key == "inputs" and isinstance(value, list):
            yield f"{key}:"
            yield from (f"  - {_flow(item)}" for item in value)
        elif key == "outputs" and isinstance(value, dict):
            yield f"{key}:"
            yield from (f"  {name}: {_flow(item)}" for name, item in value.items())
        elif key in ("rows", "never") and isinstance(value, list):
            yield f"{key}:"
            for item in value:
                entries = [f"{name}: {_flow(entry)}" for name, entry in item.items()]
                yield from (f"  {'-' if not place else ' '} {entry}" for place, entry in enumerate(entries))
        else:
            yield f"{key}: {_flow(value)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _written_cell(cell: Cell) -> object:
    parts: list[object] = [low if low == high else written_span((low, high)) for low, high in cell.spans]
    parts += cell.words
    return parts[0] if len(parts) == 1 else parts


def _written_source(source: Source) -> Written:
    return _present(cite=source.cite, jci=source.jci, url=source.url, note=source.note)


def _written_never(never: Never) -> Written:
    why: Words = dict(never.why)
    return _present(when=written_when(never.when), why=why, source=[_written_source(one) for one in never.sources])


def _present(**entries: object) -> Written:
    """Leave out what a file leaves out too; an outcome of nothing is one."""
    return {name: value for name, value in entries.items() if name == "then" or value not in (None, [], {})}

"""Checks that every term of a notice has a day to count from; without one nobody could say when it is due."""

from collections.abc import Iterator

from service.routing.engine.compiled import CompiledTable
from service.routing.text.mistakes import Mistake


def terms_without_start(compiled: CompiledTable) -> Iterator[Mistake]:
    """Give the rows that name a term under `due` and no day under `from`.

    Args:
        compiled: any table; those without these outcomes have no such rows.
    """
    table = compiled.table
    if {"due", "from"} <= table.outputs.keys():
        for row in table.rows:
            if "due" in row.then and "from" not in row.then:
                what = f"the row {row.id} gives due and no from"
                yield Mistake(table.file, row.line, what, "from says on which day the term starts")

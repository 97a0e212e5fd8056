"""Says in words, at the line of a row, what the proof of a table found."""

from collections.abc import Iterator

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.proof import NotProven, dead_rows, gaps, overlaps
from service.routing.engine.table import Policy
from service.routing.text.mistakes import Mistake


def proof_mistakes(compiled: CompiledTable) -> list[Mistake]:
    """Give the mistakes of a table as a whole: gaps, overlaps, rows that can never decide, no proof.

    Args:
        compiled: the table; a collect table may have gaps and overlaps.
    """
    try:
        return list(_found(compiled))
    except NotProven as error:
        table = compiled.table
        hint = "split the table, or let a derived value do part of the work"
        return [Mistake(table.file, table.line, f"the table {table.name} could not be proved: {error.detail}", hint)]


def _found(compiled: CompiledTable) -> Iterator[Mistake]:
    table = compiled.table
    if table.policy is not Policy.COLLECT:
        for region in gaps(compiled):
            what = f"the table {table.name} has no row for {region}"
            yield Mistake(table.file, table.line, what, "add a row, or a never when this cannot be")
    if table.policy is Policy.UNIQUE:
        for overlap in overlaps(compiled):
            one, other = overlap.first, overlap.second
            what = f"the rows {one.id} (line {one.line}) and {other.id} both apply to {overlap.region}"
            yield Mistake(table.file, other.line, what, "narrow one of the two")
    for row in dead_rows(compiled):
        reason = "the rows before it take all its cases" if compiled.is_first else "all its cases can never be"
        yield Mistake(table.file, row.line, f"the row {row.id} can never apply: {reason}")

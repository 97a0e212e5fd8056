"""Says in words, at the line of a row, what the proof of a table found."""

from collections.abc import Callable, Iterator

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.proof import STATE_BUDGET, NotProven, Region, dead_rows, gaps, overlaps, swallowed_by
from service.routing.engine.table import Policy, Row
from service.routing.text.entries import Words
from service.routing.text.mistakes import Mistake

Example = Callable[[Region], Words]


def proof_mistakes(
    compiled: CompiledTable, example: Example = lambda _: {}, budget: int = STATE_BUDGET
) -> list[Mistake]:
    """Give the mistakes of a table as a whole: gaps, overlaps, rows that can never decide, no proof.

    Args:
        compiled: the table; a collect table may have gaps and overlaps.
        example: says who could be in a region of the table.
        budget: how many states each proof may visit.
    """
    try:
        return list(_found(compiled, example, budget))
    except NotProven as error:
        table = compiled.table
        hint = "split the table, or let a derived value do part of the work"
        return [Mistake(table.file, table.line, f"the table {table.name} could not be proved: {error.detail}", hint)]


def _found(compiled: CompiledTable, example: Example, budget: int) -> Iterator[Mistake]:
    table = compiled.table
    if table.policy is not Policy.COLLECT:
        for region in gaps(compiled, budget):
            what = f"the table {table.name} has no row for {region}"
            hint = "add a row, or a never when this cannot be"
            yield Mistake(table.file, table.line, what, hint, _in_both(example(region)))
    if table.policy is Policy.UNIQUE:
        for overlap in overlaps(compiled, budget):
            one, other = overlap.first, overlap.second
            what = f"the rows {one.id} (line {one.line}) and {other.id} both apply to {overlap.region}"
            yield Mistake(table.file, other.line, what, "narrow one of the two", _in_both(example(overlap.region)))
    for row in dead_rows(compiled, budget):
        yield Mistake(table.file, row.line, f"the row {row.id} can never apply: {_why_dead(compiled, row)}")


def _in_both(said: Words) -> tuple[str, str] | None:
    return (said["nl"], said["en"]) if said else None


def _why_dead(compiled: CompiledTable, row: Row) -> str:
    if not compiled.is_first:
        return "all its cases can never be"
    wider = swallowed_by(compiled, row)
    return (
        "the rows before it take all its cases"
        if wider is None
        else f"{wider.id} (line {wider.line}) takes all its cases"
    )

"""Explains a finding afterwards: for every row that does not apply, each cell that stood in its way."""

from functools import reduce
from operator import and_
from typing import NamedTuple

from service.routing.engine.compiled import VALIDITY, CompiledTable, Proof
from service.routing.engine.table import Row


class BlockedCell(NamedTuple):
    """One cell that did not accept what was found; for the days of validity the column is called `validity`."""

    column: str
    wanted: str
    found: str


class BlockedRow(NamedTuple):
    """A row that does not apply, with every cell in its way."""

    row: Row
    cells: tuple[BlockedCell, ...]


def blocked(compiled: CompiledTable, proof: Proof) -> tuple[BlockedRow, ...]:
    """Give every row that did not fire, with all its blocking cells.

    In a first table a row after the deciding one may have no blocking cell: it would have applied too.

    Args:
        compiled: the table that was asked.
        proof: what the evaluation saw; nothing is evaluated again.
    """
    hit = reduce(and_, proof.masks, proof.validity)
    if compiled.is_first:
        hit &= -hit
    found = [str(value) for value in proof.values]
    return tuple(
        BlockedRow(row, _cells(compiled, proof, bit, found))
        for bit, row in enumerate(compiled.table.rows)
        if not hit >> bit & 1
    )


def _cells(compiled: CompiledTable, proof: Proof, bit: int, found: list[str]) -> tuple[BlockedCell, ...]:
    cells = [
        BlockedCell(name, wanted, found[column])
        for column, name, wanted in compiled.written_cells[bit]
        if not proof.masks[column] >> bit & 1
    ]
    if not proof.validity >> bit & 1:
        cells.append(BlockedCell(VALIDITY, compiled.table.rows[bit].days(), proof.day.isoformat()))
    return tuple(cells)

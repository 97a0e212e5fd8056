"""Explains a finding afterwards: for every row that does not apply, each cell that stood in its way."""

from dataclasses import dataclass

from service.routing.compiled import VALIDITY, CompiledTable, Proof
from service.routing.table import Row


@dataclass(frozen=True)
class BlockedCell:
    """One cell that did not accept what was found; for the days of validity the column is called `validity`."""

    column: str
    wanted: str
    found: str


@dataclass(frozen=True)
class BlockedRow:
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
    hit = proof.validity
    for mask in proof.masks:
        hit &= mask
    if compiled.is_first:
        hit &= -hit
    rows = compiled.table.rows
    return tuple(BlockedRow(row, _cells(compiled, proof, bit)) for bit, row in enumerate(rows) if not hit >> bit & 1)


def _cells(compiled: CompiledTable, proof: Proof, bit: int) -> tuple[BlockedCell, ...]:
    row = compiled.table.rows[bit]
    cells = [
        BlockedCell(name, str(row.when[name]), str(value))
        for name, value, mask in zip(compiled.table.inputs, proof.values, proof.masks, strict=True)
        if not mask >> bit & 1
    ]
    if not proof.validity >> bit & 1:
        cells.append(BlockedCell(VALIDITY, row.days(), proof.day.isoformat()))
    return tuple(cells)

"""What is written in vain: rows that nobody reaches, outcomes that no reached row gives, inputs that change nothing.

A row can be possible in its own table and still meet nobody, because no table before it gives what it waits for.
"""

from collections.abc import Iterator

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.influence import twins
from service.routing.engine.proof import NotProven
from service.routing.engine.table import DecisionTable, Row
from service.routing.proofs.chain import Chain
from service.routing.text.mistakes import Mistake


def unreached(chain: Chain) -> tuple[Mistake, ...]:
    """Give what in the tables comes to pass for nobody, each at its line; none of it makes a decision wrong.

    Args:
        chain: the tables behind each other.
    """
    return tuple(sorted(_unreached(chain)))


def _unreached(chain: Chain) -> Iterator[Mistake]:
    for compiled in chain.tables.values():
        yield from _inputs_in_vain(compiled)
        yield from _rows_in_vain(chain, compiled.table)


def _inputs_in_vain(compiled: CompiledTable) -> Iterator[Mistake]:
    table = compiled.table
    for column in table.inputs:
        if not _matters(compiled, column):
            what = f"the input {column} of the table {table.name} never decides which row applies"
            yield Mistake(table.file, table.line, what)


def _rows_in_vain(chain: Chain, table: DecisionTable) -> Iterator[Mistake]:
    reached = [row for row in table.rows if _somebody_reaches(chain, table.name, row)]
    for row in table.rows:
        if row not in reached:
            what = f"the row {row.id} meets nobody: the tables before it never give what it waits for"
            yield Mistake(table.file, row.line, what)
    for output in table.outputs.values():
        given = {row.then.get(output.name) for row in reached}
        for value in output.values:
            if (value in given) is (value in output.without_row):
                said = "a row gives that against its word" if value in given else "no row gives that"
                what = f"{output.name} of the table {table.name} can be {value}, and {said}"
                yield Mistake(table.file, table.line, what)


def _matters(compiled: CompiledTable, column: str) -> bool:
    try:
        # Two rows may say the same on different grounds: which of them applies matters too.
        return twins(compiled, column, lambda row: row and row.id) is not None
    except NotProven:
        return True


def _somebody_reaches(chain: Chain, table: str, row: Row) -> bool:
    try:
        return next(chain.people(chain.fires(chain.tables[table], row)), None) is not None
    except NotProven:
        return True

"""What is written and never comes to pass: rows that nobody reaches, and outcomes that no reached row gives.

A row can be possible in its own table and still meet nobody, because no table before it gives what it waits for.
"""

from collections.abc import Iterator

from service.routing.engine.proof import NotProven
from service.routing.engine.table import Row
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
        table = compiled.table
        reached = [row for row in table.rows if _somebody_reaches(chain, table.name, row)]
        for row in table.rows:
            if row not in reached:
                what = f"the row {row.id} meets nobody: the tables before it never give what it waits for"
                yield Mistake(table.file, row.line, what)
        for output in table.outputs.values():
            given = {row.then.get(output.name) for row in reached}
            for value in output.values:
                if value not in given:
                    what = f"{output.name} of the table {table.name} can be {value}, and no row gives that"
                    yield Mistake(table.file, table.line, what)


def _somebody_reaches(chain: Chain, table: str, row: Row) -> bool:
    try:
        return next(chain.people(chain.fires(chain.tables[table], row)), None) is not None
    except NotProven:
        return True

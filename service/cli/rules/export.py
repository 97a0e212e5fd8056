"""`nrm rules export`: the rules for engines and editors that are not ours."""

import sys
from typing import Annotated, ClassVar

import typer

from service.cli.rules.asked import Rules, day_of, rules_in, today
from service.kernel.errors import DomainError, Kind
from service.routing.interchange.dmn_export import USUAL_VERSION, VERSIONS, DmnExport
from service.routing.text.mistakes import meant, one_of


class NothingToExport(DomainError):
    """There is no table of the name, or no version of DMN of the number, that was asked for."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "nothing-to-export"
    title: ClassVar[str] = "There is nothing of this name to export"


def export(
    table: Annotated[str | None, typer.Argument(help="One table alone; every table when left out.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="The day whose rows are written, YYYY-MM-DD; today when left out.")
    ] = None,
    dmn: Annotated[bool, typer.Option("--dmn", help="As DMN, so far the only form.")] = True,
    version: Annotated[
        str, typer.Option("--version", help=f"Version of DMN: {' or '.join(VERSIONS)}.")
    ] = USUAL_VERSION,
    rules: Rules = None,
) -> None:
    """Write tables as DMN, the OMG's decision tables, to standard output; its header says what does not survive."""
    del dmn
    if version not in VERSIONS:
        raise NothingToExport(f"DMN {version} is not written ({one_of(VERSIONS)})")
    day = day_of(on) or today()
    rule_set = rules_in(rules)
    if table is not None and table not in rule_set.tables:
        raise NothingToExport(f"the rules hold no table {table!r} ({meant(table, rule_set.tables)})")
    sys.stdout.buffer.write(DmnExport(rule_set, day, table).text(version).encode())

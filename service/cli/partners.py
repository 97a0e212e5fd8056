"""`nrm partners`: fill the directory, list it, and register where a partner's system listens."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from service.casework.manage_partners import list_partners, listen_at, seed_partners
from service.casework.views.partners import SeedView
from service.cli.opening import opened
from service.partners.directory import read_directory
from service.wiring import DIRECTORY, Service

partners_group: Final = typer.Typer(no_args_is_help=True, help="The directory of partner organisations.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


@partners_group.command("seed")
def seed(
    file: Annotated[Path | None, typer.Argument(help="The directory's file; that of the rules when left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make the directory say what a file says; doing it again changes nothing."""
    with opened() as service:
        done = fill_directory(service, file)
    words = f"{done.registered} registered, {done.changed} changed, {done.unchanged} unchanged"
    print(done.model_dump_json(by_alias=True) if as_json else words)


@partners_group.command("list")
def show(*, as_json: AsJson = False) -> None:
    """List the directory."""
    with opened() as service:
        found = list_partners(service.operator())
    if as_json:
        print("[" + ",\n ".join(one.model_dump_json(by_alias=True) for one in found) + "]")
        return
    table = Table("id", "name", "kind", "area", "listens")
    for one in found:
        table.add_row(one.id, one.name, one.kind, one.area, "yes" if one.endpoint else "no")
    Console().print(table)


@partners_group.command("listen")
def listen(
    partner_id: Annotated[str, typer.Argument(help="The partner's id in the directory.")],
    url: Annotated[str, typer.Option(help="The https address at which its system takes messages.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Register where a partner's system listens; prints the secret that signs messages to it, this once."""
    with opened() as service:
        made = listen_at(service.operator(), partner_id, url)
    print(made.model_dump_json(by_alias=True) if as_json else made.secret)


def fill_directory(service: Service, file: Path | None) -> SeedView:
    """Fill the directory from a file.

    Args:
        service: the joined parts.
        file: the file; that of the rules in force when None.
    """
    source = file or service.settings.rules / DIRECTORY
    listings = read_directory(source.read_text(encoding="utf-8"), str(source))
    return seed_partners(service.operator(), listings)

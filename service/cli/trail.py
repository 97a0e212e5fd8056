"""`nrm trail`: hashes the whole trail again and says whether it holds."""

from typing import Annotated, Final

import typer

from service.access.roles import Role, caller
from service.casework.read_trail import verify
from service.cli.opening import opened

trail_group: Final = typer.Typer(no_args_is_help=True, help="The trail of what happened.")


@trail_group.command("verify")
def check(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")] = False) -> None:
    """Hash every entry again from its stored bytes; exit code 1 when a trail does not hold."""
    with opened() as service:
        found = verify(service.context(caller("operator", Role.AUDITOR, service.settings.node)))
    if as_json:
        print(found.model_dump_json(by_alias=True))
    else:
        print(f"{found.entries} entries in {found.streams} trails: {'verified' if found.verified else 'BROKEN'}")
        for broken in found.breaks:
            print(f"{broken.stream}, entry {broken.seq}: {broken.what}")
    if not found.verified:
        raise typer.Exit(1)


@trail_group.callback()
def trail() -> None:
    """Keep `verify` a command of its own."""

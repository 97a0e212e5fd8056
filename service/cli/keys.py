"""`nrm keys`: the keys that make personal data readable."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from service.casework.access.manage_keys import create_key, keys_status, retire_keys, rotate_keys
from service.casework.views.keys import KeysView
from service.cli.opening import opened

keys_group: Final = typer.Typer(no_args_is_help=True, help="The keys that make personal data readable.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


@keys_group.command("create")
def create() -> None:
    """Make a wrapping key: the first in the key file, or, when keys are kept elsewhere, a line to add there."""
    with opened() as service:
        line = create_key(service.operator())
    print(line or "made the key file; back it up apart from the database")


@keys_group.command("status")
def status(*, as_json: AsJson = False) -> None:
    """Say which wrapping keys there are and how many cases' keys each wraps; exit code 1 when any is away."""
    with opened() as service:
        found = keys_status(service.operator())
    if as_json:
        print(found.model_dump_json(by_alias=True))
    else:
        _show(found)
    if not found.available or not all(one.present for one in found.epochs):
        raise typer.Exit(1)


@keys_group.command("rotate")
def rotate(*, as_json: AsJson = False) -> None:
    """Put a newer wrapping key in the place of the one in use, and every case's key under it."""
    with opened() as service:
        done = rotate_keys(service.operator())
    words = f"{done.rewrapped} keys are wrapped by {done.epoch} now"
    print(done.model_dump_json(by_alias=True) if as_json else words)


@keys_group.command("retire")
def retire(*, as_json: AsJson = False) -> None:
    """Destroy the wrapping keys that nothing needs any more, ten minutes after a rotation at the earliest."""
    with opened() as service:
        done = retire_keys(service.operator())
    words = f"{len(done.retired)} destroyed, {len(done.kept)} kept"
    print(done.model_dump_json(by_alias=True) if as_json else words)


def _show(found: KeysView) -> None:
    table = Table("wrapping key", "made", "wraps", "")
    for one in found.epochs:
        made = "" if one.made_at is None else one.made_at.strftime("%Y-%m-%d %H:%M")
        state = "newest" if one.newest else "" if one.present else "AWAY"
        table.add_row(one.id, made, str(one.wraps), state)
    Console().print(table)
    print("personal data can be read" if found.available else "THE KEYS ARE AWAY: personal data cannot be read")

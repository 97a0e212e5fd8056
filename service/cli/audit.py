"""`nrm audit`: examines the whole log and says whether it holds, and gives what is to be kept outside."""

from pathlib import Path
from typing import Annotated, Final

import typer

from service.access.roles import Role, caller
from service.audit.checkpoint import read_verifier
from service.casework.context import Context
from service.casework.trail.continue_log import Reason, continue_log
from service.casework.trail.verify_log import newest_checkpoint, verify_log
from service.casework.views.trail import BreakView, LogVerificationView
from service.cli.opening import opened
from service.wiring import Service

audit_group: Final = typer.Typer(no_args_is_help=True, help="The log of everything that happened.")

_JSON: Final = typer.Option("--json", help="Print JSON instead of words.")
_FILE: Final = typer.Option("--checkpoint", exists=True, dir_okay=False, help="A checkpoint that was kept outside.")
_KEY: Final = typer.Option("--key", help="A key NAME+ID+KEY to trust beside this log's own; can be repeated.")


@audit_group.command("verify")
def verify(
    checkpoint: Annotated[Path | None, _FILE] = None,
    key: Annotated[list[str] | None, _KEY] = None,
    *,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Hash every entry again, build the tree again, and compare both with all that was signed and with the rows.

    Without a checkpoint from outside nobody can tell a log from an older copy of itself that was continued. The exit
    code is 1 when anything does not hold.
    """
    outside = None if checkpoint is None else checkpoint.read_text(encoding="utf-8")
    trusted = [read_verifier(one) for one in key or ()]
    with opened() as service:
        found = verify_log(_inspector(service), outside, trusted)
    print(found.model_dump_json(by_alias=True) if as_json else _in_words(found))
    if not found.verified:
        raise typer.Exit(1)


@audit_group.command("checkpoint")
def checkpoint(*, as_json: Annotated[bool, _JSON] = False) -> None:
    """Print the newest signed checkpoint, to be kept where nobody of this service can change it."""
    with opened() as service:
        newest = newest_checkpoint(_inspector(service))
    print(newest.model_dump_json(by_alias=True) if as_json else newest.note, end="\n" if as_json else "")


@audit_group.command("key")
def key(*, as_json: Annotated[bool, _JSON] = False) -> None:
    """Print the public key that checks this log's checkpoints."""
    with opened() as service:
        newest = newest_checkpoint(_inspector(service))
    print(newest.model_dump_json(by_alias=True) if as_json else newest.key)


@audit_group.command("continue")
def go_on(reason: Annotated[Reason, typer.Option(help="Why the log cannot go on under its old name.")]) -> None:
    """Let the log go on under the name that NRM_LOG_NAME has now, after a restored backup or a lost key.

    Keep the old log's key (`nrm audit key`): whoever verifies older checkpoints names it.
    """
    with opened() as service:
        continue_log(service.operator(), reason)
    print(f"the log goes on as {service.settings.log_name}")


def _inspector(service: Service) -> Context:
    return service.context(caller("operator", Role.AUDITOR, service.settings.node))


def _in_words(found: LogVerificationView) -> str:
    counted = (
        f"{found.entries} entries in {found.trails} trails, {found.checkpoints} signed checkpoints, "
        f"{found.rows} rows and {found.contents} sealed contents compared: {'verified' if found.verified else 'BROKEN'}"
    )
    waiting = [f"{found.waiting} entries wait for their place in the log"] if found.waiting else []
    return "\n".join([counted, f"log {found.origin}, root {found.root}", *waiting, *map(_told, found.breaks)])


def _told(broken: BreakView) -> str:
    where = [] if broken.stream is None else [f"{broken.stream}, entry {broken.seq}"]
    if broken.place is not None:
        where.append(f"place {broken.place} in the log")
    return f"{'; '.join(where)}: {broken.what}" if where else broken.what

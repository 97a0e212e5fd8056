"""`nrm signals`: submit a signal from files, and read one as it was told."""

import json
import sys
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from service.casework.commands.signals import ReceiveSignal
from service.casework.signals.read_signals import read_signal
from service.casework.signals.receive_signal import receive_signal
from service.cli.acting import AsJson, Org, Subject, coordinator, parsed
from service.cli.opening import opened
from service.kernel.ids import new_key
from service.routing.facts.answers import read_answers_file

signals_group: Final = typer.Typer(no_args_is_help=True, help="Signals about possible victims.")

_STANDARD_INPUT: Final = "-"
_KEY_LENGTH: Final = 40


@signals_group.command("add")
def add(  # noqa: PLR0913, PLR0917 -- every argument is an option of the command
    facts: Annotated[str, typer.Argument(help="File of facts, YAML 1.2 or JSON; - reads standard input.")],
    org: Org,
    subject: Subject = "terminal",
    key: Annotated[str | None, typer.Option(help="Submission key; a new one when left out.")] = None,
    case: Annotated[UUID | None, typer.Option(help="The case that the signal is about, when it is known.")] = None,
    narrative: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="File with what was seen or told.")
    ] = None,
    identity: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="JSON file with name, birthDate and contact."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Submit a signal; what is about a person comes from files, so that no list of commands holds it."""
    with opened() as service:
        source = sys.stdin.buffer if facts == _STANDARD_INPUT else Path(facts)
        answers = read_answers_file(source, service.rules().vocabulary)
        said: dict[str, object] = {
            "submission_key": key or new_key("terminal-")[:_KEY_LENGTH],
            "facts": dict(answers.given),
            "case_id": case,
            "narrative": None if narrative is None else narrative.read_text(encoding="utf-8"),
            "identity": None if identity is None else _read_identity(identity),
        }
        receipt = receive_signal(coordinator(service, org, subject), parsed(ReceiveSignal, said))
    print(receipt.model_dump_json(by_alias=True) if as_json else f"signal {receipt.signal_id}\ncase {receipt.case_id}")


@signals_group.command("show")
def show(signal_id: UUID, org: Org, subject: Subject = "terminal", as_json: AsJson = False) -> None:
    """Show a signal as it was told; the trail of its case then says who read it."""
    with opened() as service:
        found = read_signal(coordinator(service, org, subject), signal_id)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    print(
        f"signal {found.id}, {found.state}, submitted {found.submitted_at:%Y-%m-%d %H:%M} UTC by {found.submitted_by}"
    )
    print(f"case {found.case_id}")
    for name, value in found.facts.items():
        print(f"  {name}: {value if isinstance(value, str | int) else json.dumps(value)}")
    if found.identity is not None:
        for name, value in found.identity.model_dump(mode="json", exclude_none=True).items():
            print(f"  {name.replace('_', ' ')}: {value}")
    if found.narrative is not None:
        print(found.narrative)


def _read_identity(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        message = "this file is not JSON"
        raise typer.BadParameter(message, param_hint="--identity") from None

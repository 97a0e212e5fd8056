"""`nrm signals`: submit a signal from files, list what waits for triage, triage it, and read one as it was told."""

import json
import sys
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from service.casework.commands.signals import ReceiveSignal, TriageSignal
from service.casework.questions import ListSignals
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.signals.receive_without_case import opens_no_case, receive_without_case
from service.casework.signals.triage_signal import triage_signal
from service.casework.views.signals import ReceiptWithoutCase
from service.cli.acting import AsJson, Org, Subject, coordinator, parsed
from service.cli.opening import opened
from service.cli.plain_rows import plain_rows
from service.kernel.clock import local_day
from service.kernel.ids import new_key
from service.kernel.paging import USUAL_PAGE
from service.routing.facts.answers import read_answers_file
from service.signals.lifecycle import About, DismissReason, SignalEvent, SignalKind, SignalState

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
    kind: Annotated[SignalKind, typer.Option(help="A report, or a request for advice.")] = SignalKind.REPORT,
    about: Annotated[About, typer.Option(help="Whether somebody is known whom it is about.")] = About.PERSON,
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
            "kind": kind,
            "about": about,
        }
        context, command = coordinator(service, org, subject), parsed(ReceiveSignal, said)
        if opens_no_case(command):
            _print_advice(receive_without_case(context, command), as_json=as_json)
            return
        receipt = receive_signal(context, command)
    print(receipt.model_dump_json(by_alias=True) if as_json else f"signal {receipt.signal_id}\ncase {receipt.case_id}")


@signals_group.command("list")
def show_list(
    org: Org,
    subject: Subject = "terminal",
    state: Annotated[SignalState | None, typer.Option(help="`received` is what waits for triage.")] = None,
    size: Annotated[int, typer.Option(help="Signals on a page, 100 at most.")] = USUAL_PAGE,
    cursor: Annotated[str | None, typer.Option(help="From the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """List an organisation's signals, newest first; of those that wait also the desk and the day."""
    question = parsed(ListSignals, {"state": state, "page_size": size, "cursor": cursor})
    with opened() as service:
        page = list_signals(coordinator(service, org, subject), question)
    if as_json:
        print(page.model_dump_json(by_alias=True))
        return
    rows = [
        (
            *(f"{local_day(one.submitted_at)}", one.kind, one.outcome or "waits", one.owner or ""),
            *("" if one.due is None else one.due.isoformat(), str(one.version), str(one.id)),
        )
        for one in page.items
    ]
    print(plain_rows(("submitted", "kind", "outcome", "desk", "due", "version", "signal"), rows))
    if page.next_cursor is not None:
        print(f"more: --cursor {page.next_cursor}")


@signals_group.command("triage")
def triage(  # noqa: PLR0913, PLR0917 -- every argument is an option of the command
    signal_id: UUID,
    act: Annotated[SignalEvent, typer.Argument(help="What becomes of it.")],
    org: Org,
    seen: Annotated[int, typer.Option(help="Version of the signal that you saw, as `nrm signals list` prints it.")],
    case: Annotated[UUID | None, typer.Option(help="The case to link to.")] = None,
    reason: Annotated[DismissReason | None, typer.Option(help="Why it is dismissed.")] = None,
    explanation: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="File that says why, in your own words.")
    ] = None,
    subject: Subject = "terminal",
    as_json: AsJson = False,
) -> None:
    """Say what becomes of a signal, or take back what was said."""
    said: dict[str, object] = {
        "act": act,
        "case_id": case,
        "reason": reason,
        "explanation": None if explanation is None else explanation.read_text(encoding="utf-8"),
    }
    with opened() as service:
        command = parsed(TriageSignal, said)
        found = triage_signal(coordinator(service, org, subject), signal_id, frozenset({seen}), command)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    print(f"signal {found.id}, {found.outcome or 'waits for triage'}, version {found.version}")
    if found.case_id is not None:
        print(f"case {found.case_id}")


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
    print("no case" if found.case_id is None else f"case {found.case_id}")
    for name, value in found.facts.items():
        print(f"  {name}: {value if isinstance(value, str | int) else json.dumps(value)}")
    if found.identity is not None:
        for name, value in found.identity.model_dump(mode="json", exclude_none=True).items():
            print(f"  {name.replace('_', ' ')}: {value}")
    if found.narrative is not None:
        print(found.narrative)


def _print_advice(receipt: ReceiptWithoutCase, *, as_json: bool) -> None:
    if as_json:
        print(receipt.model_dump_json(by_alias=True))
        return
    print(f"signal {receipt.signal_id}\nno case")
    for desk in receipt.advice.desks:
        print(f"  {desk.name}: {desk.content} ({', '.join(desk.rules)})")


def _read_identity(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        message = "this file is not JSON"
        raise typer.BadParameter(message, param_hint="--identity") from None

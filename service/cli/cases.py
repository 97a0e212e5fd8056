"""`nrm cases`: list them, show one, read its trail."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer

from service.cases.lifecycle import CaseState
from service.casework.cases.list_cases import list_cases
from service.casework.cases.read_cases import read_case
from service.casework.cases.record_return import record_return
from service.casework.commands.cases import RecordReturn
from service.casework.questions import ListCases
from service.casework.reflection.show_period import read_period
from service.casework.rules.decide_as_known import decide_as_known
from service.casework.trail.read_trail import read_trail
from service.cli.acting import AsJson, Org, Subject, coordinator, parsed
from service.cli.opening import opened
from service.cli.plain_rows import plain_rows
from service.cli.rules_screen import print_json
from service.cli.show_case import case_lines
from service.cli.show_period import period_lines
from service.cli.words import Language
from service.kernel.clock import AMSTERDAM, local_day
from service.kernel.paging import USUAL_PAGE

cases_group: Final = typer.Typer(no_args_is_help=True, help="Cases of possible victims.")

_INSTANTS: Final = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"]


@cases_group.command("list")
def show_list(
    org: Org,
    subject: Subject = "terminal",
    state: Annotated[CaseState | None, typer.Option(help="Only cases in this state.")] = None,
    size: Annotated[int, typer.Option(help="Cases on a page, 100 at most.")] = USUAL_PAGE,
    cursor: Annotated[str | None, typer.Option(help="From the page before.")] = None,
    as_json: AsJson = False,
) -> None:
    """List an organisation's cases, newest first."""
    question = parsed(ListCases, {"state": state, "page_size": size, "cursor": cursor})
    with opened() as service:
        page = list_cases(coordinator(service, org, subject), question)
    if as_json:
        print(page.model_dump_json(by_alias=True))
        return
    rows = [
        (
            *(f"{local_day(one.opened_at)}", one.state, str(one.facts_version), one.decision_state or ""),
            *(str(one.open_tasks), str(one.id)),
        )
        for one in page.items
    ]
    print(plain_rows(("opened", "state", "facts", "decision", "tasks", "case"), rows))
    if page.next_cursor is not None:
        print(f"more: --cursor {page.next_cursor}")


@cases_group.command("show")
def show(
    case_id: UUID,
    org: Org,
    subject: Subject = "terminal",
    as_json: AsJson = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of outcomes.")] = Language.EN,
) -> None:
    """Show a case: what is known, what was decided, who was asked, what is to be done."""
    with opened() as service:
        case = read_case(coordinator(service, org, subject), case_id)
    if as_json:
        print(case.model_dump_json(by_alias=True))
        return
    for line in case_lines(case, lang):
        print(line)


@cases_group.command("as-known")
def as_known(
    case_id: UUID,
    org: Org,
    known_on: Annotated[datetime, typer.Option(formats=_INSTANTS, help="Instant up to which things count as known.")],
    valid_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day to decide about; else that of the instant."),
    ] = None,
    subject: Subject = "terminal",
) -> None:
    """Print, as JSON, what the decision would have been at an instant: by its facts and its rules; nothing is kept."""
    known = known_on if known_on.tzinfo else known_on.replace(tzinfo=AMSTERDAM)
    with opened() as service:
        context = coordinator(service, org, subject)
        found = decide_as_known(context, case_id, known, None if valid_on is None else valid_on.date())
    print_json(found.model_dump(mode="json"))


@cases_group.command("period")
def period(
    case_id: UUID,
    org: Org,
    subject: Subject = "terminal",
    as_json: AsJson = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of outcomes.")] = Language.EN,
) -> None:
    """Show the reflection period of a case: where it stands, what led there, what is due, what can follow."""
    with opened() as service:
        found = read_period(coordinator(service, org, subject), case_id)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    for line in period_lines(found, lang):
        print(line)


@cases_group.command("return")
def record(  # noqa: PLR0913, PLR0917 -- every argument is an option of the command
    case_id: UUID,
    org: Org,
    seen: Annotated[int, typer.Option(help="Version of the case that you saw, as `nrm cases show` prints it.")],
    on: Annotated[str, typer.Option(help="Day of the actual return, YYYY-MM-DD.")],
    follow_up: Annotated[bool, typer.Option(help="Whether the person wants contact afterwards.")],
    explanation: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="File that says why the day is so, or what it corrects."),
    ] = None,
    subject: Subject = "terminal",
    as_json: AsJson = False,
) -> None:
    """Record that the person has returned to another country; contact that is wanted becomes dated tasks."""
    said: dict[str, object] = {
        "returned_on": on,
        "follow_up_wanted": follow_up,
        "explanation": None if explanation is None else explanation.read_text(encoding="utf-8"),
    }
    with opened() as service:
        command = parsed(RecordReturn, said)
        receipt = record_return(coordinator(service, org, subject), case_id, frozenset({seen}), command)
    if as_json:
        print(receipt.model_dump_json(by_alias=True))
        return
    print(f"returned on {receipt.recorded.returned_on}, version {receipt.version}")
    for task in receipt.follow_up:
        print(f"task {task.id}, due {task.due}: {task.kind} ({task.rule})")


@cases_group.command("trail")
def trail(case_id: UUID, org: Org, subject: Subject = "terminal", as_json: AsJson = False) -> None:
    """Show who did what in a case; every entry is hashed again. Exit code 1 when the trail does not hold."""
    with opened() as service:
        found = read_trail(coordinator(service, org, subject), case_id)
    if as_json:
        print(found.model_dump_json(by_alias=True))
    else:
        for entry in found.entries:
            print(
                f"{entry.seq:4} {entry.ts:%Y-%m-%d %H:%M:%S} {entry.event:28} {entry.actor} ({entry.role}, {entry.org})"
            )
            for one in entry.objects:
                if one.fields:
                    print(f"     {one.type} {one.id}: {', '.join(one.fields)}")
        print("verified" if found.verified else "BROKEN")
    if not found.verified:
        raise typer.Exit(1)

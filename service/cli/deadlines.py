"""`nrm deadlines`: what is due when, and whether every clock runs that should."""

from datetime import datetime
from typing import Annotated, Final

import typer

from service.casework.deadlines.show_deadlines import list_deadlines
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.casework.questions import ListDeadlines
from service.cli.acting import AsJson, Org, Subject, coordinator, parsed
from service.cli.opening import opened
from service.cli.plain_rows import plain_rows
from service.cli.words import Language, said
from service.deadlines.lifecycle import DeadlineState

deadlines_group: Final = typer.Typer(no_args_is_help=True, help="What is due when in cases.")


@deadlines_group.command("list")
def show_list(
    org: Org,
    subject: Subject = "terminal",
    due_before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what is due before this day.")
    ] = None,
    cursor: Annotated[str | None, typer.Option(help="From the page before.")] = None,
    as_json: AsJson = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is due.")] = Language.EN,
) -> None:
    """List the deadlines that run in an organisation's cases, what rings first before the rest."""
    before = None if due_before is None else due_before.date()
    question = parsed(ListDeadlines, {"state": DeadlineState.RUNNING, "due_before": before, "cursor": cursor})
    with opened() as service:
        page = list_deadlines(coordinator(service, org, subject), question)
    if as_json:
        print(page.model_dump_json(by_alias=True))
        return
    rows = [
        (f"{one.due}", said("deadlines.kind", one.kind, lang), one.rule, one.owner, str(one.case_id))
        for one in page.items
    ]
    print(plain_rows(("due", "what", "rule", "owner", "case"), rows))
    if page.next_cursor is not None:
        print(f"more: --cursor {page.next_cursor}")


@deadlines_group.command("reconcile")
def reconcile(*, as_json: AsJson = False) -> None:
    """Start the clocks that decisions of open cases ask for and that are not there; the worker does so by itself."""
    with opened() as service:
        done = reconcile_clocks(service.operator())
    words = f"{done.started} clocks started in {done.cases} cases"
    print(done.model_dump_json(by_alias=True) if as_json else words)

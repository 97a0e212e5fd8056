"""`nrm deliveries`: what is on its way to partners, another try by hand, and what is not sent any more."""

from typing import Annotated, Final
from uuid import UUID

import typer

from service.casework.commands.deliveries import RecoverDeliveries, SkipDelivery, SkipReason
from service.casework.deliveries.read_deliveries import list_attempts, list_deliveries
from service.casework.deliveries.resend_deliveries import recover_deliveries, resend_delivery, skip_delivery
from service.casework.questions import ListAllDeliveries
from service.casework.views.deliveries import DeliveryLine
from service.cli.acting import AsJson, parsed
from service.cli.opening import opened
from service.dispatch.lifecycle import DeliveryState
from service.kernel.paging import USUAL_PAGE

deliveries_group: Final = typer.Typer(no_args_is_help=True, help="Messages on their way to partners.")

DeliveryId = Annotated[str, typer.Argument(help="The message's id, as partners see it: msg_…")]

_INSTANT: Final = "%Y-%m-%dT%H:%M:%SZ"


@deliveries_group.command("list")
def show_list(
    partner: Annotated[str | None, typer.Option(help="Only messages to this partner.")] = None,
    state: Annotated[DeliveryState | None, typer.Option(help="Only messages in this state.")] = None,
    size: Annotated[int, typer.Option(help="Messages on a page, 100 at most.")] = USUAL_PAGE,
    cursor: Annotated[str | None, typer.Option(help="From the page before.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List messages, newest first."""
    said: dict[str, object] = {"partner_id": partner, "state": state, "page_size": size, "cursor": cursor}
    with opened() as service:
        page = list_deliveries(service.operator(), parsed(ListAllDeliveries, said))
    if as_json:
        print(page.model_dump_json(by_alias=True))
        return
    for one in page.items:
        print(f"{one.id}  {one.partner_id}  {_said(one)}")
    if page.next_cursor is not None:
        print(f"more: --cursor {page.next_cursor}")


@deliveries_group.command("show")
def show(delivery_id: DeliveryId, *, as_json: AsJson = False) -> None:
    """Show every attempt at sending a message."""
    with opened() as service:
        found = list_attempts(service.operator(), delivery_id)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    for one in found.items:
        status = "" if one.http_status is None else f" ({one.http_status})"
        by_hand = ", by hand" if one.by_hand else ""
        print(f"{one.number}  {one.ended_at:{_INSTANT}}  {one.outcome}{status} in {one.latency_ms} ms{by_hand}")


@deliveries_group.command("resend")
def resend(delivery_id: DeliveryId, *, as_json: AsJson = False) -> None:
    """Send a message at once, or once more, under its own id."""
    with opened() as service:
        line = resend_delivery(service.operator(), delivery_id)
    print(line.model_dump_json(by_alias=True) if as_json else f"{line.id} is {line.state}")


@deliveries_group.command("recover")
def recover(
    endpoint_id: Annotated[UUID, typer.Argument(help="Where the partner's system listens.")],
    since: Annotated[str, typer.Option(help="First instant, such as 2026-11-23T00:00:00Z.")],
    until: Annotated[str, typer.Option(help="The instant before which messages were recorded.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Send everything to a partner that was recorded in a window of 14 days at most and did not arrive."""
    with opened() as service:
        command = parsed(RecoverDeliveries, {"since": since, "until": until})
        done = recover_deliveries(service.operator(), endpoint_id, command)
    if as_json:
        print(done.model_dump_json(by_alias=True))
        return
    print(f"{done.queued} queued, {done.held_back} behind a message that was given up")
    if done.continue_from is not None:
        print(f"there are more: --since {done.continue_from:%Y-%m-%dT%H:%M:%S.%fZ}")


@deliveries_group.command("skip")
def skip(
    delivery_id: DeliveryId,
    reason: Annotated[SkipReason, typer.Option(help="Why; the trail keeps it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Send a message no more and let those behind it go on; the desk keeps the task to reach the partner."""
    with opened() as service:
        line = skip_delivery(service.operator(), delivery_id, SkipDelivery(reason=reason))
    print(line.model_dump_json(by_alias=True) if as_json else f"{line.id} is {line.state}")


def _said(line: DeliveryLine) -> str:
    last = "" if line.outcome is None else f", the last {line.outcome}"
    said = f"{line.state}  attempts {line.attempts}{last}"
    if line.stopped_by not in {None, line.id}:
        return f"{said}  after {line.stopped_by}"
    return said if line.next_attempt_at is None else f"{said}  next {line.next_attempt_at:{_INSTANT}}"

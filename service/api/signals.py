"""Signals over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayReadReferrals, MayReadSignals, MayReadTrail, MaySubmit, MayTriage
from service.api.conditional import SeenVersions, tagged
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.signals import AnnounceGroup, ReceiveSignal, RecordMembers, TriageSignal
from service.casework.questions import ListSignals
from service.casework.signals.announce_group import announce_group
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.signals.receive_without_case import opens_no_case, receive_without_case
from service.casework.signals.record_members import record_members
from service.casework.signals.tell_number import read_number
from service.casework.signals.triage_signal import triage_signal
from service.casework.trail.read_trail import read_signal_trail
from service.casework.views.signals import GroupView, NumberView, Receipt, ReceiptWithoutCase, SignalPage, SignalView
from service.casework.views.trail import SignalTrailView

router: Final = APIRouter(prefix="/v1", tags=["signals"], redirect_slashes=False)


@router.post("/signals", status_code=HTTP_201_CREATED, operation_id="receiveSignal", summary="Submit a signal")
@repeatable
def submit(command: Outside[ReceiveSignal], context: MaySubmit, response: Response) -> Receipt | ReceiptWithoutCase:
    """Submit a signal: it opens a case or joins one, is decided about, and automatic referrals are queued.

    All of that is kept before the answer. The same submission key with the same content gives the same receipt again;
    with another content it is refused (422). A signal to a known case adds what nobody had told yet; where it differs
    from what is known, nothing is overwritten and a person is asked to compare.

    A report about nobody known (`about`) waits for triage, and a request for advice (`kind`) is answered at once with
    whom the rules name; neither opens a case, and nobody is told.
    """
    facts = inside_facts(command.facts, context.rules().vocabulary)
    said = command.model_copy(update={"facts": facts})
    if opens_no_case(said):
        kept = receive_without_case(context, said)
        response.headers["Location"] = f"/v1/signals/{kept.signal_id}"
        return kept
    receipt = receive_signal(context, said)
    response.headers["Location"] = f"/v1/cases/{receipt.case_id}"
    return receipt


@router.get("/signals", operation_id="listSignals", summary="List signals")
def show_signals(
    question: Annotated[Outside[ListSignals], Query()], context: MayReadSignals, response: Response
) -> SignalPage:
    """Give one page of the signals that the caller's organisation submitted, newest first.

    With `state=received` it is the queue of what waits for triage, each with the desk and the day.
    """
    page = list_signals(context, question)
    link_next(response, "/v1/signals", question, page.next_cursor)
    return page


@router.get("/signals/{signalId}", operation_id="readSignal", summary="Read a signal")
def show_signal(signalId: UUID, context: MayReadSignals, response: Response) -> SignalView:  # noqa: N803 -- the name in the address
    """Give a signal as it was told, with narrative and identity."""
    signal = read_signal(context, signalId)
    return tagged(response, signal)


@router.post(
    "/signal-groups", status_code=HTTP_201_CREATED, operation_id="announceGroup", summary="Announce a group of people"
)
@repeatable
def announce(command: Outside[AnnounceGroup], context: MaySubmit, response: Response) -> GroupView:
    """Announce how many people may be found at one place, and no name.

    Whom the rules name hears by a message that there is a number; until that has arrived, telling it is a task too. The
    same submission key with the same content gives the same group again.
    """
    facts = inside_facts(command.facts, context.rules().vocabulary)
    group = announce_group(context, command.model_copy(update={"facts": facts}))
    response.headers["Location"] = f"/v1/signals/{group.id}"
    return group


@router.get("/signal-groups/{groupId}/number", operation_id="readNumber", summary="Fetch how many people may be found")
def fetch(groupId: UUID, context: MayReadReferrals) -> NumberView:  # noqa: N803 -- the name in the address
    """Give a partner that was told of a group the number and the day; 404 when it was called off."""
    return read_number(context, groupId)


@router.post(
    "/signal-groups/{groupId}/members",
    status_code=HTTP_201_CREATED,
    operation_id="recordMembers",
    summary="Record the people of a group",
)
@repeatable
def record(
    groupId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordMembers],
    context: MaySubmit,
    response: Response,
) -> GroupView:
    """Open a case for each member, all of them or none; a member whose key is known already is not recorded again."""
    vocabulary = context.rules().vocabulary
    members = [one.model_copy(update={"facts": inside_facts(one.facts, vocabulary)}) for one in command.members]
    group = record_members(context, groupId, command.model_copy(update={"members": tuple(members)}))
    response.headers["Location"] = f"/v1/signals/{group.id}"
    return group


@router.post("/signals/{signalId}/triage", operation_id="triageSignal", summary="Say what becomes of a signal")
@repeatable
def triage(
    signalId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[TriageSignal],
    context: MayTriage,
    seen: SeenVersions,
    response: Response,
) -> SignalView:
    """Open a case for a signal that waits, link it to one, give advice alone or dismiss it with a reason.

    What joined a case by mistake is unlinked and waits again; what it alone had told stays until a person has corrected
    it. What was dismissed or answered with advice can be reopened.
    """
    signal = triage_signal(context, signalId, seen, command)
    return tagged(response, signal)


@router.get("/signals/{signalId}/trail", operation_id="readSignalTrail", summary="Read and verify a signal's own trail")
def show_trail(signalId: UUID, context: MayReadTrail) -> SignalTrailView:  # noqa: N803 -- the name in the address
    """Give every act on a signal while no case held it; what came before and after stands in the trail of its case."""
    return read_signal_trail(context, signalId)

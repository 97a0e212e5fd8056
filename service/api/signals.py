"""Signals over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayReadSignals, MaySubmit
from service.api.conditional import tag
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.signals import ReceiveSignal
from service.casework.questions import ListSignals
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.views.signals import Receipt, SignalPage, SignalView

router: Final = APIRouter(prefix="/v1", tags=["signals"], redirect_slashes=False)


@router.post("/signals", status_code=HTTP_201_CREATED, operation_id="receiveSignal", summary="Submit a signal")
@repeatable
def submit(command: Outside[ReceiveSignal], context: MaySubmit, response: Response) -> Receipt:
    """Submit a signal: it opens a case or joins one, is decided about, and automatic referrals are queued.

    All of that is kept before the answer. The same submission key with the same content gives the same receipt again;
    with another content it is refused (422). A signal to a known case adds what nobody had told yet; where it differs
    from what is known, nothing is overwritten and a person is asked to compare.
    """
    facts = inside_facts(command.facts, context.rules().vocabulary)
    receipt = receive_signal(context, command.model_copy(update={"facts": facts}))
    response.headers["Location"] = f"/v1/cases/{receipt.case_id}"
    return receipt


@router.get("/signals", operation_id="listSignals", summary="List signals")
def show_signals(
    question: Annotated[Outside[ListSignals], Query()], context: MayReadSignals, response: Response
) -> SignalPage:
    """Give one page of the signals that the caller's organisation submitted, newest first."""
    page = list_signals(context, question)
    link_next(response, "/v1/signals", question, page.next_cursor)
    return page


@router.get("/signals/{signalId}", operation_id="readSignal", summary="Read a signal")
def show_signal(signalId: UUID, context: MayReadSignals, response: Response) -> SignalView:  # noqa: N803 -- the name in the address
    """Give a signal as it was told, with narrative and identity."""
    signal = read_signal(context, signalId)
    tag(response, signal.version)
    return signal

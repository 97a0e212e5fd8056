"""Signals over HTTP."""

from typing import Final

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MaySubmit
from service.api.fact_names import inside_facts
from service.casework.commands import ReceiveSignal
from service.casework.receive_signal import receive_signal
from service.casework.views import Receipt

router: Final = APIRouter(prefix="/v1", tags=["signals"], redirect_slashes=False)


@router.post("/signals", status_code=HTTP_201_CREATED, operation_id="receiveSignal", summary="Submit a signal")
def submit(command: ReceiveSignal, context: MaySubmit, response: Response) -> Receipt:
    """Submit a signal: it opens a case, is decided about, and automatic referrals are queued, all before the answer.

    The same submission key with the same facts gives the same receipt again; with other facts it is refused (422).
    """
    facts = inside_facts(command.facts, context.rules().vocabulary)
    receipt = receive_signal(context, command.model_copy(update={"facts": facts}))
    response.headers["Location"] = f"/v1/cases/{receipt.case_id}"
    return receipt

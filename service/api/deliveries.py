"""Messages on their way to partners, over HTTP: what became of them, and another try."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from starlette.status import HTTP_202_ACCEPTED

from service.api.caller import MayReadDeliveries, MayResend
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.deliveries import RecoverDeliveries
from service.casework.deliveries.read_deliveries import list_attempts, list_deliveries
from service.casework.deliveries.resend_deliveries import recover_deliveries, resend_delivery
from service.casework.questions import ListDeliveries
from service.casework.views.deliveries import AttemptList, DeliveryLine, DeliveryPage, RecoveryView

router: Final = APIRouter(prefix="/v1", tags=["deliveries"], redirect_slashes=False)

DeliveryId = Annotated[str, Path(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


@router.get(
    "/webhook-endpoints/{endpointId}/deliveries", operation_id="listDeliveries", summary="List messages to a partner"
)
def show_deliveries(
    endpointId: UUID,  # noqa: N803 -- the name in the address
    question: Annotated[Outside[ListDeliveries], Query()],
    context: MayReadDeliveries,
    response: Response,
) -> DeliveryPage:
    """Give one page of the messages to the partner that listens here, newest first, as far as the caller may see."""
    page = list_deliveries(context, question, endpointId)
    link_next(response, f"/v1/webhook-endpoints/{endpointId}/deliveries", question, page.next_cursor)
    return page


@router.get(
    "/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/attempts",
    operation_id="listAttempts",
    summary="List the attempts at sending a message",
)
def show_attempts(
    endpointId: UUID,  # noqa: N803 -- the name in the address
    deliveryId: DeliveryId,  # noqa: N803 -- the name in the address
    context: MayReadDeliveries,
) -> AttemptList:
    """Give every attempt that ended: when, how, how long it took; nothing that the other side wrote."""
    return list_attempts(context, deliveryId, endpointId)


@router.post(
    "/deliveries/{deliveryId}/resends",
    status_code=HTTP_202_ACCEPTED,
    operation_id="resendDelivery",
    summary="Send a message again",
)
@repeatable
def resend(deliveryId: DeliveryId, context: MayResend, response: Response) -> DeliveryLine:  # noqa: ARG001, N803 -- what can be asked again has a response; the name in the address
    """Have a message sent at once under its own id, whether it has arrived before or not."""
    return resend_delivery(context, deliveryId)


@router.post(
    "/webhook-endpoints/{endpointId}/recoveries",
    status_code=HTTP_202_ACCEPTED,
    operation_id="recoverDeliveries",
    summary="Send everything that did not arrive",
)
def recover(
    endpointId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecoverDeliveries],
    context: MayResend,
) -> RecoveryView:
    """Have everything sent that was recorded in a window of time and has not arrived; says whether it stopped early."""
    return recover_deliveries(context, endpointId, command)

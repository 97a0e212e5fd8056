"""Where partners' systems listen, over HTTP: a partner manages its own, an administrator every partner's."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeEndpoints, MayReadEndpoints
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.casework.commands.partners import ChangeEndpoint, RegisterEndpoint, RotateSecret
from service.casework.partners.manage_endpoints import (
    change_endpoint,
    list_endpoints,
    read_endpoint,
    register_endpoint,
    rotate_secret,
)
from service.casework.partners.try_endpoint import send_test, verify_endpoint
from service.casework.questions import ListEndpoints
from service.casework.views.endpoints import (
    EndpointPage,
    EndpointView,
    NewSecretView,
    RegisteredView,
    TestDeliveryView,
    VerificationView,
)

router: Final = APIRouter(prefix="/v1", tags=["webhook-endpoints"], redirect_slashes=False)

_ADDRESS: Final = "/v1/webhook-endpoints"


@router.get("/webhook-endpoints", operation_id="listEndpoints", summary="List endpoints")
def show_endpoints(
    question: Annotated[Outside[ListEndpoints], Query()], context: MayReadEndpoints, response: Response
) -> EndpointPage:
    """Give one page of the endpoints that the caller manages, newest first."""
    page = list_endpoints(context, question)
    link_next(response, _ADDRESS, question, page.next_cursor)
    return page


@router.post(
    "/webhook-endpoints",
    status_code=HTTP_201_CREATED,
    operation_id="registerEndpoint",
    summary="Register where a partner's system will listen",
)
def register(command: Outside[RegisterEndpoint], context: MayChangeEndpoints, response: Response) -> RegisteredView:
    """Register an address; a shared secret stands in this answer only; nothing is sent there before it is verified."""
    registered = register_endpoint(context, command)
    response.headers["Location"] = f"{_ADDRESS}/{registered.id}"
    return tagged(response, registered)


@router.get("/webhook-endpoints/{endpointId}", operation_id="readEndpoint", summary="Read an endpoint")
def show_endpoint(endpointId: UUID, context: MayReadEndpoints, response: Response) -> EndpointView:  # noqa: N803 -- the name in the address
    """Give an endpoint without its secrets; its ETag is needed to change it."""
    return tagged(response, read_endpoint(context, endpointId))


@router.patch("/webhook-endpoints/{endpointId}", operation_id="changeEndpoint", summary="Pause or disable an endpoint")
def change(
    endpointId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[ChangeEndpoint],
    context: MayChangeEndpoints,
    seen: SeenVersions,
    response: Response,
) -> EndpointView:
    """Pause an endpoint, disable it, or take that back; what waits for the partner waits on."""
    return tagged(response, change_endpoint(context, endpointId, seen, command))


@router.post(
    "/webhook-endpoints/{endpointId}/verifications",
    status_code=HTTP_201_CREATED,
    operation_id="verifyEndpoint",
    summary="Let an endpoint prove whose it is",
)
def verify(endpointId: UUID, context: MayChangeEndpoints, response: Response) -> VerificationView:  # noqa: N803 -- the name in the address
    """Send a signed challenge, which must stand in the answer, and a wrongly signed one, which must not get 2xx."""
    response.headers["Location"] = f"{_ADDRESS}/{endpointId}"
    return verify_endpoint(context, endpointId)


@router.post(
    "/webhook-endpoints/{endpointId}/secrets",
    status_code=HTTP_201_CREATED,
    operation_id="rotateSecret",
    summary="Give an endpoint a new secret",
)
def rotate(
    endpointId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RotateSecret],
    context: MayChangeEndpoints,
    response: Response,
) -> NewSecretView:
    """Let a new secret sign, shown in this answer only when it is shared; older ones sign beside it for a while."""
    response.headers["Location"] = f"{_ADDRESS}/{endpointId}"
    return rotate_secret(context, endpointId, command)


@router.post(
    "/webhook-endpoints/{endpointId}/test-deliveries",
    status_code=HTTP_201_CREATED,
    operation_id="tryEndpoint",
    summary="Try an endpoint out",
)
def try_out(endpointId: UUID, context: MayChangeEndpoints, response: Response) -> TestDeliveryView:  # noqa: N803 -- the name in the address
    """Send a message about nothing, signed like a real one, and tell what came of it."""
    response.headers["Location"] = f"{_ADDRESS}/{endpointId}"
    return send_test(context, endpointId)

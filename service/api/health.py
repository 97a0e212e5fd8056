"""Whether this process lives, and whether it can do its work, as health checks ask (application/health+json)."""

from http import HTTPStatus
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse

from service.api.caller import MayBeTold, service_of
from service.api.openapi import VERSION
from service.casework.upkeep.check_readiness import check_readiness
from service.casework.views.health import CheckView, Status
from service.kernel.pulse import Felt

router: Final = APIRouter(tags=["health"], redirect_slashes=False)


class Health(BaseModel):
    """How something is, of which version; what was looked at stands there for whoever may see it."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, validate_by_name=True)

    status: Status
    version: Literal["1"] = "1"
    release_id: str = VERSION
    checks: dict[str, tuple[CheckView, ...]] | None = None


class HealthAnswer(JSONResponse):
    """The media type in which health is told."""

    media_type = "application/health+json"


_UNWELL: Final[dict[int | str, dict[str, Any]]] = {HTTPStatus.SERVICE_UNAVAILABLE.value: {"model": Health}}


@router.get(
    "/health",
    operation_id="readHealth",
    summary="Is the process alive",
    response_class=HealthAnswer,
    response_model=Health,
    responses=_UNWELL,
)
def show_health(request: Request) -> HealthAnswer:
    """Tell that the process lives; it looks at nothing else, so that a slow database does not get it killed."""
    is_well = service_of(request).pulse.felt() is not Felt.SILENT
    return _told(Health(status=Status.PASS if is_well else Status.FAIL))


@router.get(
    "/ready",
    operation_id="readReadiness",
    summary="Can the service do its work",
    response_class=HealthAnswer,
    response_model=Health,
    responses=_UNWELL,
    openapi_extra={"security": [{}]},
)
def show_readiness(request: Request, context: MayBeTold) -> HealthAnswer:
    """Tell whether everything is there that the service needs, and to an administrator what was looked at."""
    found = check_readiness(context, service_of(request).pulse.felt())
    return _told(Health(status=found.status, checks=found.checks))


def _told(health: Health) -> HealthAnswer:
    status = HTTPStatus.SERVICE_UNAVAILABLE if health.status is Status.FAIL else HTTPStatus.OK
    kept_back = {"checks"} if health.checks is None else set()
    return HealthAnswer(health.model_dump(mode="json", by_alias=True, exclude=kept_back), status)

"""Who is calling: a bearer token in the Authorization header, and nowhere else."""

from typing import Annotated, Final

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as ASGIScope

from service.access.roles import Scope
from service.casework.context import Context
from service.kernel.errors import Unavailable
from service.kernel.trace import trace_from
from service.wiring import Service

_SERVICE: Final = "nrm.service"
_BEARER: Final = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="JWT",
    description="A token of the service's issuer (RFC 6750), in the Authorization header only.",
    auto_error=False,
)


def answered_by(service: Service, app: ASGIApp) -> ASGIApp:
    """Have a service answer whatever an application is asked.

    Args:
        service: the joined parts.
        app: the routes, which serve any service.
    """

    async def answering(scope: ASGIScope, receive: Receive, send: Send) -> None:
        await app({**scope, _SERVICE: service}, receive, send)

    return answering


def service_of(request: Request) -> Service:
    """Give the joined parts that answer this request."""
    service: Service = request.scope[_SERVICE]
    return service


def context_of(
    request: Request,
    needed: SecurityScopes,
    token: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Context:
    """Give the use case's context for whoever holds the token, before anything of the body is looked at.

    The use case checks again what the token allows, whichever door it is reached by.

    Raises:
        Unauthenticated: there is no token, or none that is good.
        ScopeMissing: the token does not allow this; its holder learns nothing about what would be understood.
    """
    context = service_of(request).let_in(_told(request, token), trace_from(request.headers.get("traceparent")))
    for scope in needed.scopes:
        context.require(Scope(scope))
    return context


def context_if_told(
    request: Request,
    token: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
) -> Context:
    """Give the context of whoever holds the token, or the service's own where none can be checked.

    Raises:
        Unauthenticated: there is a token, and it is not good.
    """
    nobody = service_of(request).system().within(trace_from(request.headers.get("traceparent")))
    if "authorization" not in request.headers:
        return nobody
    try:
        # What the token allows decides how much is told, and not whether.
        return context_of(request, SecurityScopes(), token)
    except Unavailable:
        # Whether the token was revoked cannot be known now, so its holder is told what everybody is.
        return nobody


def _told(request: Request, token: HTTPAuthorizationCredentials | None) -> str:
    return "" if token is None or len(request.headers.getlist("authorization")) != 1 else token.credentials


MayBeTold = Annotated[Context, Security(context_if_told, scopes=[Scope.HEALTH_READ.value])]
MaySubmit = Annotated[Context, Security(context_of, scopes=[Scope.SIGNALS_WRITE.value])]
MayReadSignals = Annotated[Context, Security(context_of, scopes=[Scope.SIGNALS_READ.value])]
MayTriage = Annotated[Context, Security(context_of, scopes=[Scope.SIGNALS_TRIAGE.value])]
MayPlanConsultations = Annotated[Context, Security(context_of, scopes=[Scope.CONSULTATIONS_WRITE.value])]
MayReadConsultations = Annotated[Context, Security(context_of, scopes=[Scope.CONSULTATIONS_READ.value])]
MayReadCases = Annotated[Context, Security(context_of, scopes=[Scope.CASES_READ.value])]
MayChangeCases = Annotated[Context, Security(context_of, scopes=[Scope.CASES_WRITE.value])]
MayClose = Annotated[Context, Security(context_of, scopes=[Scope.CASES_CLOSE.value])]
MayReopen = Annotated[Context, Security(context_of, scopes=[Scope.CASES_REOPEN.value])]
MayReadPeriods = Annotated[Context, Security(context_of, scopes=[Scope.PERIODS_READ.value])]
MayChangePeriods = Annotated[Context, Security(context_of, scopes=[Scope.PERIODS_WRITE.value])]
MayReadRights = Annotated[Context, Security(context_of, scopes=[Scope.RIGHTS_READ.value])]
MayRecordRights = Annotated[Context, Security(context_of, scopes=[Scope.RIGHTS_WRITE.value])]
MayPreview = Annotated[Context, Security(context_of, scopes=[Scope.DECISIONS_PREVIEW.value])]
MayConfirm = Annotated[Context, Security(context_of, scopes=[Scope.DECISIONS_CONFIRM.value])]
MayOverride = Annotated[Context, Security(context_of, scopes=[Scope.DECISIONS_OVERRIDE.value])]
MayReadTasks = Annotated[Context, Security(context_of, scopes=[Scope.TASKS_READ.value])]
MayChangeTasks = Annotated[Context, Security(context_of, scopes=[Scope.TASKS_WRITE.value])]
MayReadDeadlines = Annotated[Context, Security(context_of, scopes=[Scope.DEADLINES_READ.value])]
MayChangeDeadlines = Annotated[Context, Security(context_of, scopes=[Scope.DEADLINES_WRITE.value])]
MayReadTrail = Annotated[Context, Security(context_of, scopes=[Scope.TRAIL_READ.value])]
MayReadReferrals = Annotated[Context, Security(context_of, scopes=[Scope.REFERRALS_READ.value])]
MayAnswer = Annotated[Context, Security(context_of, scopes=[Scope.REFERRALS_ANSWER.value])]
MayReadPartners = Annotated[Context, Security(context_of, scopes=[Scope.PARTNERS_READ.value])]
MayChangePartners = Annotated[Context, Security(context_of, scopes=[Scope.PARTNERS_WRITE.value])]
MayReadEndpoints = Annotated[Context, Security(context_of, scopes=[Scope.ENDPOINTS_READ.value])]
MayChangeEndpoints = Annotated[Context, Security(context_of, scopes=[Scope.ENDPOINTS_WRITE.value])]
MayReadRules = Annotated[Context, Security(context_of, scopes=[Scope.RULES_READ.value])]
MayPublishRules = Annotated[Context, Security(context_of, scopes=[Scope.RULES_PUBLISH.value])]
MayReadFigures = Annotated[Context, Security(context_of, scopes=[Scope.FIGURES_READ.value])]
MayDrawUpFigures = Annotated[Context, Security(context_of, scopes=[Scope.FIGURES_DRAW_UP.value])]
MayReadCapacity = Annotated[Context, Security(context_of, scopes=[Scope.CAPACITY_READ.value])]
MayReportCapacity = Annotated[Context, Security(context_of, scopes=[Scope.CAPACITY_WRITE.value])]
MayPlace = Annotated[Context, Security(context_of, scopes=[Scope.PLACEMENTS_WRITE.value])]
MayPlaceAsAsked = Annotated[Context, Security(context_of, scopes=[Scope.REFERRALS_PLACE.value])]
MayHoldPlaces = Annotated[Context, Security(context_of, scopes=[Scope.PLACES_HOLD.value])]
MayManage = Annotated[Context, Security(context_of, scopes=[Scope.REFERRALS_MANAGE.value])]
MayReadDeliveries = Annotated[Context, Security(context_of, scopes=[Scope.DELIVERIES_READ.value])]
MayResend = Annotated[Context, Security(context_of, scopes=[Scope.DELIVERIES_RESEND.value])]

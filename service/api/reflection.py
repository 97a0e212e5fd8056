"""The reflection period over HTTP."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangePeriods, MayReadPeriods
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.cases.take_step import take_step
from service.casework.commands.reflection import RecordReport, TakeStep
from service.casework.reflection.record_report import record_report
from service.casework.reflection.show_period import read_period
from service.casework.views.reflection import PeriodView

router: Final = APIRouter(prefix="/v1/cases/{caseId}/reflection-period", tags=["reflection"], redirect_slashes=False)


@router.get("", operation_id="readPeriod", summary="Read the reflection period of a case")
def show(caseId: UUID, context: MayReadPeriods, response: Response) -> PeriodView:  # noqa: N803 -- the name in the address
    """Give where the reflection period stands today, what led there, what can follow and who may establish it.

    Its ETag is that of the case; it is needed to take a step.
    """
    period = read_period(context, caseId)
    return tagged(response, period)


@router.post("/steps", status_code=HTTP_201_CREATED, operation_id="takeStep", summary="Record a step of the period")
@repeatable
def step(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[TakeStep],
    context: MayChangePeriods,
    seen: SeenVersions,
    response: Response,
) -> PeriodView:
    """Record a step with its day and who established it; what the rules say of the period changes with it.

    Who may establish a step stands in the period itself. Somebody of another organisation names the one that did, and
    how that was heard. A step that is recorded with another day is corrected with an explanation; null takes it back.
    """
    period = take_step(context, caseId, seen, command)
    response.headers["Location"] = f"/v1/cases/{caseId}/reflection-period"
    return tagged(response, period)


@router.post(
    "/reports",
    status_code=HTTP_201_CREATED,
    operation_id="recordReport",
    summary="Record a monthly report to the police",
)
@repeatable
def report(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordReport],
    context: MayChangePeriods,
    response: Response,
) -> PeriodView:
    """Record that the monthly report to the police unit was made, in time or late."""
    period = record_report(context, caseId, command)
    response.headers["Location"] = f"/v1/cases/{caseId}/reflection-period"
    return period

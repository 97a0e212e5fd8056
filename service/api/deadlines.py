"""Deadlines over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response

from service.api.caller import MayChangeDeadlines, MayReadDeadlines
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.deadlines import CompleteDeadline, SuspendDeadline
from service.casework.deadlines.show_deadlines import list_deadlines, read_deadlines
from service.casework.deadlines.work_on_deadlines import complete_deadline, resume_deadline, suspend_deadline
from service.casework.questions import ListDeadlines
from service.casework.views.deadlines import CaseDeadlines, DeadlinePage, DeadlineView

router: Final = APIRouter(prefix="/v1", tags=["deadlines"], redirect_slashes=False)


@router.get("/deadlines", operation_id="listDeadlines", summary="List deadlines")
def show_deadlines(
    question: Annotated[Outside[ListDeadlines], Query()], context: MayReadDeadlines, response: Response
) -> DeadlinePage:
    """Give one page of the deadlines in cases of the caller's organisation, what rings first before the rest."""
    page = list_deadlines(context, question)
    link_next(response, "/v1/deadlines", question, page.next_cursor)
    return page


@router.get("/cases/{caseId}/deadlines", operation_id="readDeadlines", summary="Read the deadlines of a case")
def show_deadlines_of_case(caseId: UUID, context: MayReadDeadlines) -> CaseDeadlines:  # noqa: N803 -- the name in the address
    """Give every clock of a case, also those that were met, missed or moved; to change one, name its version.

    A referral's own term to answer stands with the referral.
    """
    return read_deadlines(context, caseId)


@router.post(
    "/cases/{caseId}/deadlines/{deadlineId}/suspension",
    operation_id="suspendDeadline",
    summary="Let a deadline stand still",
)
@repeatable
def suspend(
    caseId: UUID,  # noqa: N803 -- the name in the address
    deadlineId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[SuspendDeadline],
    context: MayChangeDeadlines,
    seen: SeenVersions,
    response: Response,
) -> DeadlineView:
    """Stop a deadline with a reason; it rings no more until somebody lets it run on."""
    return tagged(response, suspend_deadline(context, caseId, deadlineId, seen, command))


@router.post(
    "/cases/{caseId}/deadlines/{deadlineId}/resumption",
    operation_id="resumeDeadline",
    summary="Let a deadline run on",
)
@repeatable
def resume(
    caseId: UUID,  # noqa: N803 -- the name in the address
    deadlineId: UUID,  # noqa: N803 -- the name in the address
    context: MayChangeDeadlines,
    seen: SeenVersions,
    response: Response,
) -> DeadlineView:
    """Let a deadline run on, later by the time that it stood still; the day that was set first stays visible."""
    return tagged(response, resume_deadline(context, caseId, deadlineId, seen))


@router.post(
    "/cases/{caseId}/deadlines/{deadlineId}/completion",
    operation_id="completeDeadline",
    summary="Say that a deadline was met",
)
@repeatable
def complete(
    caseId: UUID,  # noqa: N803 -- the name in the address
    deadlineId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[CompleteDeadline],
    context: MayChangeDeadlines,
    seen: SeenVersions,
    response: Response,
) -> DeadlineView:
    """Say on which day that was done which a deadline is about, in time or late."""
    return tagged(response, complete_deadline(context, caseId, deadlineId, seen, command))

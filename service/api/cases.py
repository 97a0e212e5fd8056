"""Cases, decisions and trails over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import (
    MayChangeCases,
    MayClose,
    MayConfirm,
    MayOverride,
    MayReadCases,
    MayReadTrail,
    MayReopen,
)
from service.api.conditional import SeenVersions, tagged
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.cases.change_facts import change_facts
from service.casework.cases.close_case import close_case
from service.casework.cases.compare_cases import compare_cases
from service.casework.cases.confirm_decision import UNSEEN, confirm_decision
from service.casework.cases.list_cases import list_cases, search_cases
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.cases.record_return import record_return
from service.casework.cases.reopen_case import reopen_case
from service.casework.commands.cases import (
    ChangeFacts,
    CloseCase,
    CompareCases,
    ConfirmDecision,
    OverrideDecision,
    RecordReturn,
    ReopenCase,
)
from service.casework.questions import ListCases, SearchCases
from service.casework.trail.read_trail import read_trail
from service.casework.views.cases import (
    CasePage,
    CaseStepReceipt,
    CaseView,
    ChangeView,
    ComparisonView,
    ConfirmationView,
    ReturnReceipt,
)
from service.casework.views.trail import TrailView

router: Final = APIRouter(prefix="/v1", tags=["cases"], redirect_slashes=False)


@router.get("/cases", operation_id="listCases", summary="List cases")
def show_cases(question: Annotated[Outside[ListCases], Query()], context: MayReadCases, response: Response) -> CasePage:
    """Give one page of the cases of the caller's organisation, newest first."""
    page = list_cases(context, question)
    link_next(response, "/v1/cases", question, page.next_cursor)
    return page


@router.post("/cases/_search", operation_id="searchCases", summary="Search cases")
def search(question: Outside[SearchCases], context: MayReadCases) -> CasePage:
    """Give one page of the cases that fit; the next page is asked for with the same body and the cursor."""
    return search_cases(context, question)


@router.get("/cases/{caseId}", operation_id="readCase", summary="Read a case")
def show_case(caseId: UUID, context: MayReadCases, response: Response) -> CaseView:  # noqa: N803 -- the name in the address
    """Give a case of the caller's organisation with its decisions, referrals, deliveries and tasks.

    Its ETag is needed to change its facts; it changes with facts and decisions, not with what partners answer.
    """
    case = read_case(context, caseId)
    return tagged(response, case)


@router.patch("/cases/{caseId}/facts", operation_id="changeFacts", summary="Change the facts of a case")
def change(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[ChangeFacts],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> ChangeView:
    """Make a new version of the facts and decide again; what was sent to partners stays sent."""
    facts = inside_facts(command.facts, context.rules().vocabulary)
    changed = change_facts(context, caseId, seen, command.model_copy(update={"facts": facts}))
    return tagged(response, changed)


@router.post(
    "/cases/{caseId}/returns",
    status_code=HTTP_201_CREATED,
    operation_id="recordReturn",
    summary="Record that the person has returned",
)
@repeatable
def record(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[RecordReturn],
    context: MayChangeCases,
    seen: SeenVersions,
    response: Response,
) -> ReturnReceipt:
    """Record the actual return to another country; contact that is wanted afterwards becomes tasks with their days.

    A second record needs an explanation and corrects the first: it becomes a new version, and open contacts move.
    """
    receipt = record_return(context, caseId, seen, command)
    response.headers["Location"] = f"/v1/cases/{caseId}"
    return tagged(response, receipt)


@router.post("/cases/{caseId}/closure", operation_id="closeCase", summary="Close a case")
@repeatable
def close(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[CloseCase],
    context: MayClose,
    seen: SeenVersions,
    response: Response,
) -> CaseStepReceipt:
    """Close a case in which everything has ended; 409 lists all that has not. It stays to be found and read.

    Consent can still be taken back and partners can still answer; a signal about the person reopens it.
    """
    return tagged(response, close_case(context, caseId, seen, command))


@router.post("/cases/{caseId}/reopening", operation_id="reopenCase", summary="Reopen a case")
@repeatable
def reopen(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[ReopenCase],
    context: MayReopen,
    seen: SeenVersions,
    response: Response,
) -> CaseStepReceipt:
    """Work on the same case again: it is decided on anew, and a reflection period that was used stays used."""
    return tagged(response, reopen_case(context, caseId, seen, command))


@router.post(
    "/cases/{caseId}/comparisons",
    status_code=HTTP_201_CREATED,
    operation_id="compareCases",
    summary="Say whether two cases are about one person",
)
@repeatable
def compare(
    caseId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[CompareCases],
    context: MayChangeCases,
    response: Response,
) -> ComparisonView:
    """Say that two cases of the organisation are about one person, or two; `undo` takes back what was said.

    Nothing is merged: both cases stay, are shown with each other, and nobody is asked again. A case that was closed for
    the other one is reopened when that is taken back.
    """
    said = compare_cases(context, caseId, command)
    response.headers["Location"] = f"/v1/cases/{caseId}"
    return said


@router.get("/cases/{caseId}/trail", operation_id="readTrail", summary="Read and verify the trail of a case")
def show_trail(caseId: UUID, context: MayReadTrail) -> TrailView:  # noqa: N803 -- the name in the address
    """Give every act in a case; each entry was hashed again from its stored bytes."""
    return read_trail(context, caseId)


@router.post(
    "/cases/{caseId}/decisions/{decisionId}/confirm",
    operation_id="confirmDecision",
    summary="Confirm a decision",
)
@repeatable
def confirm(
    caseId: UUID,  # noqa: N803 -- the name in the address
    decisionId: UUID,  # noqa: N803 -- the name in the address
    context: MayConfirm,
    response: Response,  # noqa: ARG001 -- repeatable looks at it
    command: Outside[ConfirmDecision] | None = None,
) -> ConfirmationView:
    """Confirm what the service proposed; referrals that waited for a person are queued.

    Whoever has previewed them can name the hash of each: when a partner would read something else, or something would
    be sent that was not seen, 409 says which, and nothing is sent.
    """
    return confirm_decision(context, caseId, decisionId, command or UNSEEN)


@router.post(
    "/cases/{caseId}/decisions/{decisionId}/override",
    operation_id="overrideDecision",
    summary="Decide otherwise about one part of a decision",
)
@repeatable
def override(
    caseId: UUID,  # noqa: N803 -- the name in the address
    decisionId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[OverrideDecision],
    context: MayOverride,
    response: Response,  # noqa: ARG001 -- repeatable looks at it
) -> ConfirmationView:
    """Put something else in the place of one part, with a reason; what still waited is queued as it then stands."""
    return override_decision(context, caseId, decisionId, command)

"""Referrals over HTTP, for the partner that was asked."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_200_OK, HTTP_201_CREATED

from service.api.caller import MayAnswer, MayReadReferrals
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.consent import AcknowledgeRecall
from service.casework.commands.referrals import AnswerReferral
from service.casework.consent.acknowledge_recall import acknowledge_recall
from service.casework.questions import ListReferrals
from service.casework.referrals.answer_referral import answer_referral
from service.casework.referrals.list_referrals import list_referrals
from service.casework.referrals.read_referral import read_referral
from service.casework.views.consent import RecallView
from service.casework.views.referrals import AnswerView, InboxPage, ReferralView

router: Final = APIRouter(prefix="/v1", tags=["referrals"], redirect_slashes=False)


@router.get("/referrals", operation_id="listReferrals", summary="List what a partner was asked")
def inbox(
    question: Annotated[Outside[ListReferrals], Query()], context: MayReadReferrals, response: Response
) -> InboxPage:
    """Give one page of the partner's own inbox, newest first: whoever has no system that listens can look here."""
    page = list_referrals(context, question)
    link_next(response, "/v1/referrals", question, page.next_cursor)
    return page


@router.get("/referrals/{referralId}", operation_id="readReferral", summary="Fetch a referral")
def fetch(referralId: UUID, context: MayReadReferrals) -> ReferralView:  # noqa: N803 -- the name in the address
    """Give the content of a referral to the partner that it was sent to."""
    return read_referral(context, referralId)


@router.post(
    "/referrals/{referralId}/answers",
    status_code=HTTP_201_CREATED,
    responses={HTTP_200_OK: {"description": "The same answer was there already", "model": AnswerView}},
    operation_id="answerReferral",
    summary="Answer a referral",
)
@repeatable
def answer(referralId: UUID, command: Outside[AnswerReferral], context: MayAnswer, response: Response) -> AnswerView:  # noqa: N803 -- the name in the address
    """Acknowledge, accept or decline a referral with a coded reason, or say that work on it has begun or is done.

    The same answer again is answered 200 with what became of the first one; nothing is done twice.
    """
    answered = answer_referral(context, referralId, command)
    if answered.repeated:
        response.status_code = HTTP_200_OK
    response.headers["Location"] = f"/v1/referrals/{answered.id}"
    return answered


@router.post(
    "/referrals/{referralId}/recall-acknowledgement",
    operation_id="acknowledgeRecall",
    summary="Say what became of what was read, after its ground ended",
)
@repeatable
def acknowledge(
    referralId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[AcknowledgeRecall],
    context: MayAnswer,
    response: Response,  # noqa: ARG001 -- repeatable looks at it
) -> RecallView:
    """Say what was done with what had been read: erased, kept because a law demands it, or nothing had been kept.

    Whoever was told that a referral, or some facts of it, lost the ground on which it was read owes this answer within
    a term; else somebody calls. 404 when the referral was taken back for another reason.
    """
    return acknowledge_recall(context, referralId, command)

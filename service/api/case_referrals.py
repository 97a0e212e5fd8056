"""The referrals of a case over HTTP, for the coordinators who work on it."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from service.api.caller import MayConfirm, MayManage, MayReadCases
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.repeatable import repeatable
from service.casework.commands.referrals import HandOverReferral, ReleaseReferral, WithdrawReferral
from service.casework.referrals.hand_over import hand_over_referral
from service.casework.referrals.work_on_referrals import (
    preview_referral,
    read_asked,
    release_referral,
    withdraw_referral,
)
from service.casework.views.referrals import PreviewView, ReferralLine

router: Final = APIRouter(prefix="/v1/cases/{caseId}/referrals/{referralId}", tags=["cases"], redirect_slashes=False)


@router.get("", operation_id="readAskedReferral", summary="Read a referral of a case")
def show_asked(caseId: UUID, referralId: UUID, context: MayReadCases, response: Response) -> ReferralLine:  # noqa: N803 -- the names in the address
    """Give a referral as it stands in its case, with its messages and answers; its ETag is needed to change it."""
    return tagged(response, read_asked(context, caseId, referralId))


@router.get("/preview", operation_id="previewReferral", summary="See what the partner will read")
def show_preview(caseId: UUID, referralId: UUID, context: MayManage, response: Response) -> PreviewView:  # noqa: N803 -- the names in the address
    """Give what the partner would read if it fetched the referral now, with its hash and why each fact may leave."""
    preview = preview_referral(context, caseId, referralId)
    return tagged(response, preview)


@router.post("/release", operation_id="releaseReferral", summary="Let a waiting referral go to its partner")
@repeatable
def release(
    caseId: UUID,  # noqa: N803 -- the names in the address
    referralId: UUID,  # noqa: N803 -- the names in the address
    context: MayConfirm,
    seen: SeenVersions,
    response: Response,
    command: Outside[ReleaseReferral] | None = None,
) -> ReferralLine:
    """Queue a referral that waits for a person by itself, because another partner could not help.

    Whoever has previewed it can name the hash of what was seen: when the partner would read something else, 409.
    """
    return tagged(response, release_referral(context, caseId, referralId, seen, command))


@router.post("/withdrawal", operation_id="withdrawReferral", summary="Take a referral back")
@repeatable
def take_back(
    caseId: UUID,  # noqa: N803 -- the names in the address
    referralId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[WithdrawReferral],
    context: MayManage,
    seen: SeenVersions,
    response: Response,
) -> ReferralLine:
    """Take a referral back; a partner that may know of it is told so, and reads and answers it no more."""
    return tagged(response, withdraw_referral(context, caseId, referralId, seen, command))


@router.post("/hand-over", operation_id="handOverReferral", summary="Say that a partner was told by a person")
@repeatable
def bring_over(
    caseId: UUID,  # noqa: N803 -- the names in the address
    referralId: UUID,  # noqa: N803 -- the names in the address
    command: Outside[HandOverReferral],
    context: MayManage,
    seen: SeenVersions,
    response: Response,
) -> ReferralLine:
    """Keep that a coordinator told the partner by telephone or in person, and what it answered if it did.

    What waited to be sent is sent no more, so that nobody is asked twice; the partner finds it in its inbox.
    """
    return tagged(response, hand_over_referral(context, caseId, referralId, seen, command))

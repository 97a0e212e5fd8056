"""What a partner may answer to a referral, and what a coordinator may do with one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID
from service.referrals.lifecycle import Answer, DeclineReason


class AnswerReferral(BaseModel):
    """A partner's answer to a referral; declining needs a coded reason, and nothing else has one."""

    model_config = AS_SAID

    answer: Answer
    reason: DeclineReason | None = Field(default=None, description="Why the referral is declined.")


ContentHash = Annotated[
    str,
    Field(
        pattern=r"^sha256:[0-9a-f]{64}$",
        description="Hash of the content as it was previewed; refused when the partner would read something else.",
    ),
]


class Previewed(BaseModel):
    """What somebody has seen that a partner will read."""

    model_config = AS_SAID

    referral_id: UUID
    content_hash: ContentHash


Previews = Annotated[
    tuple[Previewed, ...],
    Field(
        max_length=100,
        description="The contents as they were previewed, of every referral that this sends: nothing else is sent, and "
        "nothing beside them. Left out, whatever waits is sent as it then is.",
    ),
]


class ReleaseReferral(BaseModel):
    """A coordinator lets a referral go, and may say which content it is about."""

    model_config = AS_SAID

    content_hash: ContentHash | None = None


class WithdrawReferral(BaseModel):
    """A coordinator takes a referral back."""

    model_config = AS_SAID

    reason: Literal["person_decided", "mistake", "safety"] = Field(
        description="Why, as a code: the person decided otherwise, it was a mistake, or it is not safe. The partner is "
        "not told why."
    )


class HandOverReferral(BaseModel):
    """A coordinator told a partner of a referral, by telephone or in person, and may have heard its answer."""

    model_config = AS_SAID

    answer: Answer | None = Field(default=None, description="What the partner answered; left out when it did not yet.")
    reason: DeclineReason | None = Field(default=None, description="Why the referral is declined.")

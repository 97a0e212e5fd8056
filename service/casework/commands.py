"""What somebody may ask of the service, one frozen shape per use case; every door parses these and nothing else."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from service.referrals.lifecycle import DeclineReason

_AS_SAID: Final = ConfigDict(
    frozen=True,
    extra="forbid",
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
)

SubmissionKey = Annotated[
    str,
    Field(
        min_length=16,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Chosen by the sender, new for every signal; the same key and content give the same receipt again.",
        examples=["f3b0c8e2-1d6a-4a57-9d43-5f0c1a2b3c4d"],
    ),
]


class ReceiveSignal(BaseModel):
    """A signal about a possible victim: coded facts, and a key under which it can be repeated safely."""

    model_config = _AS_SAID

    submission_key: SubmissionKey
    facts: dict[str, JsonValue] = Field(description="What is known, by the names of the vocabulary.")


class Answer(StrEnum):
    """What a partner can say to a referral."""

    ACKNOWLEDGE = "acknowledge"
    ACCEPT = "accept"
    DECLINE = "decline"


class AnswerReferral(BaseModel):
    """A partner's answer to a referral; declining needs a coded reason, and nothing else has one."""

    model_config = _AS_SAID

    answer: Answer
    reason: DeclineReason | None = Field(default=None, description="Why the referral is declined.")

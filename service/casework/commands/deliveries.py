"""What somebody may do about messages that did not arrive."""

from enum import StrEnum

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Instant


class RecoverDeliveries(BaseModel):
    """Everything recorded from one instant until another that did not arrive is sent now."""

    model_config = AS_SAID

    since: Instant = Field(description="Messages recorded at this instant or later.")
    until: Instant = Field(description="Messages recorded before this instant, 14 days later at most.")


class SkipReason(StrEnum):
    """Why a message is not sent any more; a code, because the trail keeps it."""

    ARRIVED_OTHERWISE = "arrived_otherwise"
    NOT_NEEDED = "not_needed"
    CANNOT_BE_TAKEN = "cannot_be_taken"
    MISTAKE = "mistake"


class SkipDelivery(BaseModel):
    """A message is not sent any more, and those behind it go on."""

    model_config = AS_SAID

    reason: SkipReason

"""What somebody may say about a reflection period."""

from enum import StrEnum

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Day, PartnerId, Reason
from service.reflection.lifecycle import Step


class Learned(StrEnum):
    """How somebody heard of what another organisation established."""

    TELEPHONE = "telephone"
    LETTER = "letter"
    MESSAGE = "message"
    MEETING = "meeting"


class TakeStep(BaseModel):
    """A step of the reflection period was taken, or a recorded one has to be put right."""

    model_config = AS_SAID

    step: Step
    on: Day | None = Field(description="The local day; null when it turns out that it did not happen.")
    established_by: PartnerId | None = Field(
        default=None, description="Id in the directory of who established it; left out when that is the caller's own."
    )
    learned: Learned | None = Field(
        default=None, description="How it was heard; needed when another organisation established it."
    )
    explanation: Reason | None = Field(
        default=None, description="Needed to correct what was recorded, and to end a period early."
    )


class RecordReport(BaseModel):
    """The monthly report to the police was made."""

    model_config = AS_SAID

    due: Day = Field(description="The day on which it is due: which of the reports it is.")
    reported_on: Day = Field(description="The local day on which it was made, today at the latest.")

"""What somebody may do with a deadline of a case."""

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Day, Reason
from service.deadlines.lifecycle import SuspendReason


class SuspendDeadline(BaseModel):
    """A deadline stands still until somebody lets it run on."""

    model_config = AS_SAID

    reason: SuspendReason
    words: Reason | None = Field(default=None, description="Why, in a person's own words; needed with `other`.")


class CompleteDeadline(BaseModel):
    """What a deadline is about was done."""

    model_config = AS_SAID

    on: Day = Field(description="The local day on which it was done, today at the latest.")

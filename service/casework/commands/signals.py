"""What somebody may say about a possible victim."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from service.casework.commands.shape import AS_SAID, Day, SubmissionKey


class Identity(BaseModel):
    """Who the person is, as far as it was told; sealed with the case's own key and read by no rule."""

    model_config = AS_SAID

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    birth_date: Day | None = None
    contact: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")] | None = None


class ReceiveSignal(BaseModel):
    """A signal about a possible victim: coded facts, and a key under which it can be repeated safely."""

    model_config = AS_SAID

    submission_key: SubmissionKey
    facts: dict[str, JsonValue] = Field(description="What is known, by the names of the vocabulary.")
    narrative: Annotated[str, Field(min_length=1, max_length=10_000)] | None = Field(
        default=None, description="What was seen or told, in the reporter's words; sealed, and read by no rule."
    )
    identity: Identity | None = None
    case_id: UUID | None = Field(
        default=None, description="The case that the signal is about, when it is known; otherwise a new one is opened."
    )

"""What somebody may say about a possible victim."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from service.casework.commands.shape import AS_SAID, Day, Reason, SubmissionKey
from service.signals.lifecycle import About, DismissReason, SignalEvent, SignalKind


class Identity(BaseModel):
    """Who the person is, as far as it was told; sealed with the case's own key and read by no rule."""

    model_config = AS_SAID

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")] | None = None
    birth_date: Day | None = None
    contact: Annotated[str, Field(min_length=1, max_length=500, pattern=r"\S")] | None = None


class ReceiveSignal(BaseModel):
    """A signal: coded facts, and a key under which it can be repeated safely.

    A report about a person opens a case at once or joins the one that it names. A report about nobody known waits until
    somebody has looked at it. A request for advice holds coded facts alone and never a person.
    """

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
    kind: SignalKind = Field(
        default=SignalKind.REPORT, description="A report, or a request for advice, which opens no case."
    )
    about: About = Field(
        default=About.PERSON,
        description="Whether somebody is known whom the report is about: an address, a pattern or money is nobody yet.",
    )


class TriageSignal(BaseModel):
    """What becomes of a signal: one act, with what that act needs and nothing else."""

    model_config = AS_SAID

    act: SignalEvent
    case_id: UUID | None = Field(default=None, description="The case to link to; needed to link.")
    reason: DismissReason | None = Field(default=None, description="Needed to dismiss.")
    explanation: Reason | None = Field(
        default=None, description="Needed to unlink and to reopen, possible when dismissing; sealed."
    )

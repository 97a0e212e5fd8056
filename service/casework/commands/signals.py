"""What somebody may say about a possible victim."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from service.casework.commands.shape import AS_SAID, Day, Reason, SubmissionKey
from service.signals.lifecycle import About, DismissReason, SignalEvent, SignalKind

LARGEST_GROUP: Final = 1000
LARGEST_BATCH: Final = 50
"""Members that are recorded at once; nobody else writes meanwhile."""


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


class AnnounceGroup(BaseModel):
    """Several people who may be found, or were found, at one place: how many, and what they share; no name."""

    model_config = AS_SAID

    submission_key: SubmissionKey
    facts: dict[str, JsonValue] = Field(description="What all of them share, by the names of the vocabulary.")
    head_count: Annotated[int, Field(strict=True, ge=2, le=LARGEST_GROUP)] = Field(
        description="How many people, as far as it is known."
    )
    action_on: Day | None = Field(
        default=None, description="The local day of the action, today at the earliest; none when nothing was prepared."
    )


class GroupMember(BaseModel):
    """One person of a group: what is told of this person alone."""

    model_config = AS_SAID

    submission_key: SubmissionKey
    facts: dict[str, JsonValue] = Field(
        default_factory=dict, description="What is known of this person; it goes before what the group shares."
    )
    narrative: Annotated[str, Field(min_length=1, max_length=10_000)] | None = None
    identity: Identity | None = None


class RecordMembers(BaseModel):
    """People of a group who are known now; each becomes a case, all of them or none."""

    model_config = AS_SAID

    members: Annotated[tuple[GroupMember, ...], Field(min_length=1, max_length=LARGEST_BATCH)]


class TriageSignal(BaseModel):
    """What becomes of a signal: one act, with what that act needs and nothing else."""

    model_config = AS_SAID

    act: SignalEvent
    case_id: UUID | None = Field(default=None, description="The case to link to; needed to link.")
    reason: DismissReason | None = Field(default=None, description="Needed to dismiss.")
    explanation: Reason | None = Field(
        default=None, description="Needed to unlink and to reopen, possible when dismissing; sealed."
    )

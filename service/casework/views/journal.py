"""What doors show of what was established in a case."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer
from pydantic.alias_generators import to_camel

from service.casework.views.shape import SHOWN, ToldFacts
from service.journal.lifecycle import EntryKind, Occasion

NeedName = Annotated[str, PlainSerializer(to_camel)]
"""A need by its name in the vocabulary, shown in the spelling of the outside."""


class AssessmentView(BaseModel):
    """One risk and needs assessment as it was recorded."""

    model_config = SHOWN

    id: UUID
    on: date
    occasion: Occasion
    needs: ToldFacts
    risk: str | None
    remarks: str | None
    recorded_by: str
    recorded_at: datetime


class OpenNeed(BaseModel):
    """A need that is open, and what lies ready for it: open tasks, and referrals proposed or under way."""

    model_config = SHOWN

    need: NeedName
    tasks: tuple[UUID, ...]
    referrals: tuple[UUID, ...]


class AssessmentsView(BaseModel):
    """The assessments of a case, newest first, and what is open by the facts that count now."""

    model_config = SHOWN

    case_id: UUID
    version: int
    open_needs: tuple[OpenNeed, ...]
    not_assessed: tuple[NeedName, ...]
    assessments: tuple[AssessmentView, ...]


class TrackGround(BaseModel):
    """A rule by which a track is open, how well it is founded, and what to know about it in Dutch and English."""

    model_config = SHOWN

    rule: str
    status: str
    sources: tuple[str, ...]
    note: dict[str, str] | None


class TrackDate(BaseModel):
    """A clock that runs on a track."""

    model_config = SHOWN

    id: UUID
    kind: str
    rule: str
    due: date
    due_at: datetime | None


class TrackTask(BaseModel):
    """Something that a person must do on a track."""

    model_config = SHOWN

    id: UUID
    kind: str
    rule: str
    due: date | None


class TrackView(BaseModel):
    """A track that is open: on what it rests, its next dates and what is to be done."""

    model_config = SHOWN

    track: str
    rests_on: tuple[TrackGround, ...]
    dates: tuple[TrackDate, ...]
    tasks: tuple[TrackTask, ...]


class CompensationView(BaseModel):
    """A way to compensation, in Dutch and English, and how far it is."""

    model_config = SHOWN

    way: str
    words: dict[str, str]
    state: str


class StepView(BaseModel):
    """Something that was established on the way; `about` is the step that it ends."""

    model_config = SHOWN

    id: UUID
    kind: EntryKind
    on: date
    about: UUID | None
    said: ToldFacts
    recorded_by: str
    recorded_at: datetime


class TracksView(BaseModel):
    """The tracks of a case, the ways to compensation, and every step that was established, the newest first."""

    model_config = SHOWN

    case_id: UUID
    version: int
    tracks: tuple[TrackView, ...]
    no_data_to_parents: bool
    compensation: tuple[CompensationView, ...]
    steps: tuple[StepView, ...]

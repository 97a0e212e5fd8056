"""What doors show of a case's trail and of the whole log."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from service.access.roles import Role
from service.audit.event import Action, Event, Outcome
from service.casework.views.shape import SHOWN


class TouchedView(BaseModel):
    """One thing that an act touched: its kind, its id, its versions, and the names of the fields that were seen."""

    model_config = SHOWN

    type: str
    id: str
    version_before: int | None
    version_after: int | None
    fields: tuple[str, ...]


class TrailEntry(BaseModel):
    """One act in the trail of a case, read from the bytes that were hashed."""

    model_config = SHOWN

    seq: int
    ts: datetime
    event: Event
    action: Action
    outcome: Outcome
    actor: str
    role: Role
    org: str
    purpose: str
    policy: str | None
    objects: tuple[TouchedView, ...]
    hash: str
    previous: str | None


class BreakView(BaseModel):
    """A place where a trail or the log does not hold, as far as it is known where."""

    model_config = SHOWN

    stream: str | None
    seq: int | None
    place: int | None
    what: str


class TrailView(BaseModel):
    """The trail of a case, and whether every entry was hashed again and found to fit."""

    model_config = SHOWN

    case_id: UUID
    verified: bool
    first_break: BreakView | None
    entries: tuple[TrailEntry, ...]


class SignalTrailView(BaseModel):
    """A signal's own trail, and whether every entry was hashed again and found to fit."""

    model_config = SHOWN

    signal_id: UUID
    verified: bool
    first_break: BreakView | None
    entries: tuple[TrailEntry, ...]


class LogVerificationView(BaseModel):
    """What examining the whole log found; `place` counts entries of the log from 0, `seq` those of a trail from 1."""

    model_config = SHOWN

    verified: bool
    origin: str
    size: int
    root: str
    entries: int
    waiting: int
    trails: int
    checkpoints: int
    rows: int
    contents: int
    breaks: tuple[BreakView, ...]


class CheckpointView(BaseModel):
    """What the log promises about itself, signed, and the key that checks it."""

    model_config = SHOWN

    note: str
    key: str

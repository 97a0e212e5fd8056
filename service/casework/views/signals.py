"""What doors show of signals."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, ToldFacts
from service.signals.lifecycle import SignalState


class Receipt(BaseModel):
    """Proof that a signal was received, and where its case is found; the same at every repetition."""

    model_config = SHOWN

    signal_id: UUID
    case_id: UUID
    submission_key: str
    received_at: datetime


class SignalLine(BaseModel):
    """A signal in a list: when it came, by whom, and in which case it is; nothing of what was told."""

    model_config = SHOWN

    id: UUID
    state: SignalState
    submitted_at: datetime
    submitted_by: str
    case_id: UUID | None
    version: int


class SignalPage(BaseModel):
    """One page of signals, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[SignalLine, ...]
    next_cursor: str | None


class IdentityView(BaseModel):
    """Who the person is, as far as it was told."""

    model_config = SHOWN

    name: str | None
    birth_date: date | None
    contact: str | None


class SignalView(BaseModel):
    """A signal as it was told, opened for somebody who works on its case."""

    model_config = SHOWN

    id: UUID
    state: SignalState
    submitted_at: datetime
    submitted_by: str
    submission_key: str
    case_id: UUID | None
    version: int
    facts: ToldFacts
    narrative: str | None
    identity: IdentityView | None

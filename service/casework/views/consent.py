"""What doors show of consent."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.consent.policy import ChildView, Consent, Evidence, Informed, Purpose, Speaker


class ConsentEntryView(BaseModel):
    """One thing that was said about one purpose; the newest of a purpose counts.

    `told`: a reporter told so with a signal, and nobody recorded by whom, when, or after what was explained.
    """

    model_config = SHOWN

    version: int | None
    purpose: Purpose
    saying: Consent
    by: Speaker | None
    child_view: ChildView | None
    said_on: date | None
    language: str | None
    informed: tuple[Informed, ...]
    evidence: Evidence | Literal["told"]
    note: str | None
    facts_version: int
    recorded_by: str | None
    recorded_at: datetime


class ConsentView(BaseModel):
    """How consent to each purpose stands, and everything that was said about it, oldest first."""

    model_config = SHOWN

    case_id: UUID
    version: int
    now: dict[str, Consent]
    entries: tuple[ConsentEntryView, ...]


class ConsentReceipt(BaseModel):
    """What recording consent made: the versions that count now and the decision on them."""

    model_config = SHOWN

    case_id: UUID
    version: int
    facts_version: int
    decision_id: UUID
    recorded: ConsentEntryView

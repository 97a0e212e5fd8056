"""What doors show of the rights that a person was told about."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.rights.policy import How, Item


class RightsRecordView(BaseModel):
    """One time that the person was told; `counts` is false once a later record corrects it."""

    model_config = SHOWN

    version: int
    counts: bool
    items: tuple[Item, ...]
    given_on: date
    language: str
    understood: bool
    how: How
    given_by: str
    organisation: str
    corrects: int | None
    explanation: str | None
    recorded_by: str
    recorded_at: datetime


class ItemView(BaseModel):
    """One thing to be told, and the first day on which it was told so that the person understood it."""

    model_config = SHOWN

    item: Item
    given_on: date | None


class RightsView(BaseModel):
    """What a person was told: `missing` must still come before a report, `missingForConsent` before a consent."""

    model_config = SHOWN

    case_id: UUID
    items: tuple[ItemView, ...]
    missing: tuple[Item, ...]
    missing_for_consent: tuple[Item, ...]
    records: tuple[RightsRecordView, ...]

"""What doors show of referrals and the messages about them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, ToldFacts
from service.dispatch.lifecycle import DeliveryState
from service.referrals.lifecycle import DeclineReason, ReferralState


class DeliveryView(BaseModel):
    """How far the message about a referral has come."""

    model_config = SHOWN

    id: str
    state: DeliveryState
    attempts: int


class ReferralLine(BaseModel):
    """A referral as it stands in its case: who was asked for what, by which rule, and how far it has come."""

    model_config = SHOWN

    id: UUID
    partner_id: str
    partner_name: str
    asked_as: str
    content: str
    rule: str
    due: date | None
    due_at: datetime | None
    state: ReferralState
    decline_reason: DeclineReason | None
    deliveries: tuple[DeliveryView, ...]


class ReferralView(BaseModel):
    """What one partner may read of one referral; no case, by which it could match what is told without a name."""

    model_config = SHOWN

    id: UUID
    asked_as: str
    content: str
    state: ReferralState
    due: date | None
    due_at: datetime | None
    rule: str | None
    sources: tuple[str, ...]
    facts: ToldFacts


class AnswerView(BaseModel):
    """What an answer made of a referral."""

    model_config = SHOWN

    id: UUID
    state: ReferralState
    decline_reason: DeclineReason | None

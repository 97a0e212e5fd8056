"""What doors show of consent, and of who holds what on the strength of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, FactName
from service.consent.lifecycle import RecallOutcome, RecallState
from service.consent.policy import ChildView, Consent, Evidence, Informed, Purpose, Speaker
from service.consultations.lifecycle import ConsultationState
from service.referrals.lifecycle import ReferralState


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


class RecallView(BaseModel):
    """A recipient was told that its ground ended, and what it said it did.

    `whole`: all that it had read lost its ground; else `fields` names the facts that did. `byHand`: a person heard the
    answer.
    """

    model_config = SHOWN

    id: UUID
    whole: bool
    fields: tuple[FactName, ...]
    told_at: datetime
    answer_by: datetime
    state: RecallState
    outcome: RecallOutcome | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    by_hand: bool


class HeldField(BaseModel):
    """One fact that a recipient has read, and the grounds on which it may read it now; none when it may no longer."""

    model_config = SHOWN

    fact: str
    stands_on: tuple[str, ...]


class HolderView(BaseModel):
    """What one recipient has read, by the trail: first and last in real time, and the hash of what it read last."""

    model_config = SHOWN

    referral_id: UUID
    partner_id: str
    partner_name: str
    asked_as: str
    content: str
    rule: str
    state: ReferralState
    may_read: bool
    facts_version: int
    told_at: datetime | None
    first_read_at: datetime | None
    last_read_at: datetime | None
    content_hash: str | None
    fields: tuple[HeldField, ...]
    recalls: tuple[RecallView, ...]


class InvitedHolderView(BaseModel):
    """What one organisation has read for a consultation, by the trail: first and last in real time.

    `recalled` names the facts of which a person tells it that their ground ended, where no message about a referral
    does; the task to do so bears `rule`.
    """

    model_config = SHOWN

    consultation_id: UUID
    partner_id: str
    partner_name: str
    state: ConsultationState
    rule: str
    first_read_at: datetime | None
    last_read_at: datetime | None
    fields: tuple[HeldField, ...]
    recalled: tuple[FactName, ...]


class DisclosuresView(BaseModel):
    """Who holds what of a case: by a referral, or as invited to a consultation."""

    model_config = SHOWN

    case_id: UUID
    recipients: tuple[HolderView, ...]
    invited: tuple[InvitedHolderView, ...]

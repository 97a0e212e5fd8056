"""What doors show of referrals and the messages about them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, FactName, ToldFacts
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.referrals.lifecycle import Answer, Decliner, DeclineReason, ReferralState, WithdrawReason


class DeliveryView(BaseModel):
    """How far a message about a referral has come: that it waits, or that it was withdrawn."""

    model_config = SHOWN

    id: str
    kind: MessageKind
    state: DeliveryState
    attempts: int


class GivenAnswer(BaseModel):
    """What a partner answered and when; `byHand` when a coordinator wrote it down for the partner."""

    model_config = SHOWN

    answer: Answer
    reason: DeclineReason | None
    given_at: datetime
    given_by: str
    by_hand: bool


class ReferralLine(BaseModel):
    """A referral as it stands in its case: who was asked for what, by which rule, and how far it has come.

    `insteadOf` is the referral that another partner did not take, `askedNext` the one that was made in place of this.
    `version` is needed to change it. `consentGone`: its partner reads it no longer, although it has taken it.
    `declinedBy`: whose no it is, the partner's or the person's. `partnerPhone`: from the directory.
    """

    model_config = SHOWN

    id: UUID
    partner_id: str
    partner_name: str
    partner_phone: str
    asked_as: str
    content: str
    rule: str
    due: date | None
    due_at: datetime | None
    state: ReferralState
    version: int
    dispatch: str
    queued_at: datetime | None
    answer_by: datetime | None
    answers: tuple[GivenAnswer, ...]
    decline_reason: DeclineReason | None
    declined_by: Decliner | None
    withdraw_reason: WithdrawReason | None
    consent_gone: bool
    instead_of: UUID | None
    asked_next: UUID | None
    deliveries: tuple[DeliveryView, ...]


class InboxLine(BaseModel):
    """What a partner was asked and how far it is, without the content; no rule either, which could tell about whom.

    `acknowledgeBy`: a ground ended, and until then it says what became of what it had read; `recalledFields` names
    the facts when it is not all of it.
    """

    model_config = SHOWN

    id: UUID
    asked_as: str
    content: str
    state: ReferralState
    queued_at: datetime
    due: date | None
    due_at: datetime | None
    answer_by: datetime | None
    decline_reason: DeclineReason | None
    acknowledge_by: datetime | None
    recalled_fields: tuple[FactName, ...]


class InboxPage(BaseModel):
    """One page of a partner's inbox, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[InboxLine, ...]
    next_cursor: str | None


class ReferralContent(BaseModel):
    """What one partner may read of one referral; no case, by which it could match what is told without a name.

    Its canonical JSON (RFC 8785) is what `contentHash` is the hash of. `salt` is in it so that the hash alone, which
    stands in the trail for ever, tells nothing about the content.
    """

    model_config = SHOWN

    id: UUID
    asked_as: str
    content: str
    due: date | None
    due_at: datetime | None
    rule: str | None
    sources: tuple[str, ...]
    facts: ToldFacts
    salt: str


class ReferralView(ReferralContent):
    """The content of a referral with the hash of it, and how far the referral is."""

    state: ReferralState
    answer_by: datetime | None
    content_hash: str


class GroundView(BaseModel):
    """Why something may leave: in words, with what the law calls it; `consents` are the purposes that it rests on."""

    model_config = SHOWN

    name: str
    text: dict[str, str]
    sources: tuple[str, ...]
    status: str
    consents: tuple[str, ...]


class DisclosedField(BaseModel):
    """One fact that leaves: for which purpose, on which grounds, and why this recipient needs it."""

    model_config = SHOWN

    fact: str
    purpose: dict[str, str]
    grounds: tuple[GroundView, ...]
    why: dict[str, str]
    status: str


class PreviewView(BaseModel):
    """What the partner would read if it fetched the referral now, and why each fact may leave.

    `heldBack` are facts that are known and that this recipient could read, for which no ground holds now.
    """

    model_config = SHOWN

    content: ReferralContent
    content_hash: str
    fields: tuple[DisclosedField, ...]
    held_back: tuple[str, ...]
    version: int


class AnswerView(BaseModel):
    """What an answer made of a referral; `repeated` when the same answer was there already, and nothing has changed."""

    model_config = SHOWN

    id: UUID
    state: ReferralState
    decline_reason: DeclineReason | None
    repeated: bool

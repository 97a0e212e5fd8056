"""What use cases hand to every door: frozen shapes, the same in an HTTP answer and behind a command's --json."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from service.access.roles import Role
from service.audit.event import Event, Outcome
from service.cases.lifecycle import CaseState, DecisionState
from service.casework.decision_view import DecisionContent
from service.dispatch.lifecycle import DeliveryState
from service.partners.lifecycle import EndpointState
from service.referrals.lifecycle import DeclineReason, ReferralState

_SHOWN: Final = ConfigDict(
    frozen=True,
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
    json_schema_serialization_defaults_required=True,
)


def _named_as_outside(facts: dict[str, Any]) -> dict[str, Any]:
    """Give facts the names that they have over HTTP; values stay as they are."""
    return {to_camel(name): _named_as_outside(said) if isinstance(said, dict) else said for name, said in facts.items()}


ToldFacts = Annotated[dict[str, Any], PlainSerializer(_named_as_outside)]
"""Facts by the names of the vocabulary, shown in the spelling of the outside."""


class Receipt(BaseModel):
    """Proof that a signal was received, and where its case is found; the same at every repetition."""

    model_config = _SHOWN

    signal_id: UUID
    case_id: UUID
    submission_key: str
    received_at: datetime


class DeliveryView(BaseModel):
    """How far the message about a referral has come."""

    model_config = _SHOWN

    id: str
    state: DeliveryState
    attempts: int


class ReferralLine(BaseModel):
    """A referral as it stands in its case: who was asked for what, by which rule, and how far it has come."""

    model_config = _SHOWN

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


class DecisionView(BaseModel):
    """A decision as it was made: content in the shape of the decision contract, with the state a person gave it."""

    model_config = _SHOWN

    id: UUID
    state: DecisionState
    facts_version: int
    facts_digest: str
    made_at: datetime
    content: DecisionContent


class CaseView(BaseModel):
    """A case as its coordinator sees it."""

    model_config = _SHOWN

    id: UUID
    state: CaseState
    opened_at: datetime
    facts_version: int
    facts: ToldFacts
    decisions: tuple[DecisionView, ...]
    referrals: tuple[ReferralLine, ...]


class ConfirmationView(BaseModel):
    """What a confirmation set going."""

    model_config = _SHOWN

    case_id: UUID
    decision_id: UUID
    state: DecisionState
    queued: tuple[UUID, ...]


class ReferralView(BaseModel):
    """What one partner may read of one referral, and nothing else."""

    model_config = _SHOWN

    id: UUID
    case_id: UUID
    asked_as: str
    content: str
    state: ReferralState
    due: date | None
    due_at: datetime | None
    rule: str
    sources: tuple[str, ...]
    facts: ToldFacts


class AnswerView(BaseModel):
    """What an answer made of a referral."""

    model_config = _SHOWN

    id: UUID
    state: ReferralState
    decline_reason: DeclineReason | None


class TouchedView(BaseModel):
    """One thing that an act touched, by kind and id."""

    model_config = _SHOWN

    type: str
    id: str


class TrailEntry(BaseModel):
    """One act in the trail of a case, read from the bytes that were hashed."""

    model_config = _SHOWN

    seq: int
    ts: datetime
    event: Event
    outcome: Outcome
    actor: str
    role: Role
    org: str
    policy: str | None
    objects: tuple[TouchedView, ...]
    hash: str
    previous: str | None


class BreakView(BaseModel):
    """The first place where a trail does not hold."""

    model_config = _SHOWN

    stream: str
    seq: int
    what: str


class TrailView(BaseModel):
    """The trail of a case, and whether every entry was hashed again and found to fit."""

    model_config = _SHOWN

    case_id: UUID
    verified: bool
    first_break: BreakView | None
    entries: tuple[TrailEntry, ...]


class VerificationView(BaseModel):
    """What hashing all trails again found."""

    model_config = _SHOWN

    verified: bool
    streams: int
    entries: int
    breaks: tuple[BreakView, ...]


class PartnerView(BaseModel):
    """One organisation of the directory, and whether its system listens."""

    model_config = _SHOWN

    id: str
    name: str
    kind: str
    area: str
    endpoint: EndpointState | None


class SeedView(BaseModel):
    """What filling the directory changed."""

    model_config = _SHOWN

    registered: int
    changed: int
    unchanged: int


class EndpointView(BaseModel):
    """A new endpoint; its signing secret is shown this once."""

    model_config = _SHOWN

    id: UUID
    partner_id: str
    url: str
    secret: str

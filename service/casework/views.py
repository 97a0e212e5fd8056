"""What use cases hand to every door: frozen shapes, the same in an HTTP answer and behind a command's --json."""

from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel

from service.access.roles import Role
from service.audit.event import Action, Event, Outcome
from service.cases.lifecycle import CaseState, DecisionPart, DecisionState
from service.casework.decision_view import DecisionContent
from service.dispatch.lifecycle import DeliveryState
from service.partners.lifecycle import EndpointState
from service.recognition.traits import TraitKind
from service.referrals.lifecycle import DeclineReason, ReferralState
from service.signals.lifecycle import SignalState
from service.tasks.lifecycle import TaskOutcome, TaskState

SHOWN: Final = ConfigDict(
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

Chosen = Annotated[dict[str, Any], PlainSerializer(_named_as_outside)]
"""What a person chose, by the names of the decision, shown in the spelling of the outside."""


class Receipt(BaseModel):
    """Proof that a signal was received, and where its case is found; the same at every repetition."""

    model_config = SHOWN

    signal_id: UUID
    case_id: UUID
    submission_key: str
    received_at: datetime


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


class OverrideView(BaseModel):
    """What a person chose in place of one part of a decision, and why."""

    model_config = SHOWN

    part: DecisionPart
    chosen: Chosen
    reason: str
    chosen_by: str
    chosen_at: datetime


class TaskView(BaseModel):
    """Something that a person must do in a case."""

    model_config = SHOWN

    id: UUID
    case_id: UUID
    kind: str
    rule: str
    state: TaskState
    opened_at: datetime
    due: date | None
    owner: str | None
    outcome: TaskOutcome | None
    ended_by: str | None
    ended_at: datetime | None
    continued_as: UUID | None
    version: int


class DecisionView(BaseModel):
    """A decision as it was made: content in the shape of the decision contract, with the state a person gave it."""

    model_config = SHOWN

    id: UUID
    state: DecisionState
    facts_version: int
    facts_digest: str
    made_at: datetime
    content: DecisionContent
    overrides: tuple[OverrideView, ...]


class PossibleMatch(BaseModel):
    """Another case that may be about the same person: whom to ask, and by what kinds of traits it was found.

    `caseId` is given to the organisation whose case it is, and to whoever supervises all.
    """

    model_config = SHOWN

    contact: str
    case_id: UUID | None
    by: tuple[TraitKind, ...]


class CaseView(BaseModel):
    """A case as its coordinator sees it."""

    model_config = SHOWN

    id: UUID
    state: CaseState
    opened_at: datetime
    version: int
    facts_version: int
    facts: ToldFacts
    decisions: tuple[DecisionView, ...]
    referrals: tuple[ReferralLine, ...]
    tasks: tuple[TaskView, ...]
    possible_matches: tuple[PossibleMatch, ...]


class ChangeView(BaseModel):
    """What a change of facts made: the version that counts now and the decision on it."""

    model_config = SHOWN

    case_id: UUID
    version: int
    facts_version: int
    decision_id: UUID


class CaseLine(BaseModel):
    """A case in a list: how far it is, and nothing about the person."""

    model_config = SHOWN

    id: UUID
    state: CaseState
    opened_at: datetime
    version: int
    facts_version: int
    decision_id: UUID | None
    decision_state: DecisionState | None
    decided_on: date | None
    open_tasks: int


class CasePage(BaseModel):
    """One page of cases, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[CaseLine, ...]
    next_cursor: str | None


class TaskPage(BaseModel):
    """One page of tasks, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[TaskView, ...]
    next_cursor: str | None


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


class ConfirmationView(BaseModel):
    """What a confirmation set going."""

    model_config = SHOWN

    case_id: UUID
    decision_id: UUID
    state: DecisionState
    queued: tuple[UUID, ...]


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


class PartnerView(BaseModel):
    """One organisation of the directory, and whether its system listens."""

    model_config = SHOWN

    id: str
    name: str
    kind: str
    area: str
    endpoint: EndpointState | None


class SeedView(BaseModel):
    """What filling the directory changed."""

    model_config = SHOWN

    registered: int
    changed: int
    unchanged: int


class EndpointView(BaseModel):
    """A new endpoint; its signing secret is shown this once."""

    model_config = SHOWN

    id: UUID
    partner_id: str
    url: str
    secret: str

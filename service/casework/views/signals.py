"""What doors show of signals."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, ToldFacts
from service.signals.lifecycle import DismissReason, SignalEvent, SignalKind, SignalState, Standing


class DeskView(BaseModel):
    """An organisation that the rules name, what it could be asked or told, and on which ground."""

    model_config = SHOWN

    to: str
    partner_id: str
    name: str
    content: str
    rules: tuple[str, ...]
    sources: tuple[str, ...]


class AdviceView(BaseModel):
    """Whom to ask, by the rules of a day; nothing about a person was sent. `questions` could change the advice."""

    model_config = SHOWN

    on: date
    rule_set: str
    desks: tuple[DeskView, ...]
    questions: tuple[str, ...]


class Receipt(BaseModel):
    """Proof that a signal was received, and where its case is found; the same at every repetition."""

    model_config = SHOWN

    signal_id: UUID
    case_id: UUID
    submission_key: str
    received_at: datetime


class ReceiptWithoutCase(BaseModel):
    """Proof that a signal was received that opens no case, and whom the rules name; the same at every repetition."""

    model_config = SHOWN

    signal_id: UUID
    kind: SignalKind
    submission_key: str
    received_at: datetime
    advice: AdviceView


class SignalLine(BaseModel):
    """A signal in a list: when it came, by whom, and what became of it; nothing of what was told.

    While it waits, `owner` is the desk that looks at it, until the local day `due`.
    """

    model_config = SHOWN

    id: UUID
    kind: SignalKind
    state: SignalState
    outcome: Standing | None
    submitted_at: datetime
    submitted_by: str
    case_id: UUID | None
    group_id: UUID | None
    owner: str | None
    due: date | None
    version: int


class GroupMemberLine(BaseModel):
    """One person of a group, by the case that this person became; nothing of who it is."""

    model_config = SHOWN

    signal_id: UUID
    case_id: UUID | None
    submission_key: str


class GroupView(BaseModel):
    """People found at one place, or who may be: the number that was announced, and the cases that they became."""

    model_config = SHOWN

    id: UUID
    submission_key: str
    received_at: datetime
    state: SignalState
    outcome: Standing | None
    version: int
    head_count: int
    action_on: date | None
    facts: ToldFacts
    advice: AdviceView
    members: tuple[GroupMemberLine, ...]


class NumberView(BaseModel):
    """How many people may be found, and on which day: what a partner is told before there is a case."""

    model_config = SHOWN

    id: UUID
    head_count: int
    action_on: date | None


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


class AnnouncedView(BaseModel):
    """What was told of a group before anybody was known."""

    model_config = SHOWN

    head_count: int
    action_on: date | None


class StepView(BaseModel):
    """What somebody did with a signal in triage, and why."""

    model_config = SHOWN

    act: SignalEvent
    case_id: UUID | None
    reason: DismissReason | None
    explanation: str | None
    done_by: str
    done_at: datetime


class SignalView(BaseModel):
    """A signal as it was told, opened for somebody who works on its case or has to triage it."""

    model_config = SHOWN

    id: UUID
    kind: SignalKind
    state: SignalState
    outcome: Standing | None
    submitted_at: datetime
    submitted_by: str
    submission_key: str
    case_id: UUID | None
    version: int
    facts: ToldFacts
    narrative: str | None
    identity: IdentityView | None
    announced: AnnouncedView | None
    advice: AdviceView | None
    steps: tuple[StepView, ...]

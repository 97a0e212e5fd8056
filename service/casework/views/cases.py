"""What doors show of cases, their decisions and their facts."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.cases.lifecycle import CaseEvent, CaseState, CloseReason, DecisionPart, DecisionState, ReopenReason
from service.casework.views.decision import DecisionContent
from service.casework.views.referrals import ReferralLine
from service.casework.views.shape import SHOWN, Chosen, OutsideName, ToldFacts
from service.casework.views.tasks import TaskView
from service.recognition.lifecycle import Verdict
from service.recognition.traits import TraitKind


class OverrideView(BaseModel):
    """What a person chose in place of one part of a decision, and why."""

    model_config = SHOWN

    part: DecisionPart
    chosen: Chosen
    reason: str
    chosen_by: str
    chosen_at: datetime


class ReceiptView(BaseModel):
    """On what a decision was made and what came out: hashes of canonical JSON (RFC 8785), and the code that decided."""

    model_config = SHOWN

    facts: str
    rules: str
    engine: str
    outcome: str
    on: date | None = None


class DecisionView(BaseModel):
    """A decision as it was made: content in the shape of the decision contract, with the state a person gave it."""

    model_config = SHOWN

    id: UUID
    state: DecisionState
    facts_version: int
    facts_digest: str
    receipt: ReceiptView | None
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


class ComparisonView(BaseModel):
    """What a person said last of this case and another of the same organisation, and why."""

    model_config = SHOWN

    other_case_id: UUID
    verdict: Verdict
    reason: str
    said_by: str
    said_at: datetime


class ReturnView(BaseModel):
    """One record of a person's return; the newest version counts, those before it were corrected."""

    model_config = SHOWN

    version: int
    returned_on: date
    follow_up_wanted: bool
    explanation: str | None
    recorded_by: str
    recorded_at: datetime


class ToAsk(BaseModel):
    """A question whose answer would change something: in words, and with the codes that can answer it, if it has any.

    `fact` is the name to tell the answer by; consent alone is told where consent is recorded.
    """

    model_config = SHOWN

    fact: OutsideName
    question: dict[str, str]
    answers: dict[str, dict[str, str]]


class CaseStepView(BaseModel):
    """That a case was closed or reopened, when, by whom and why."""

    model_config = SHOWN

    version: int
    event: CaseEvent
    reason: CloseReason | ReopenReason
    explanation: str | None
    done_by: str
    done_at: datetime


class CaseStepReceipt(BaseModel):
    """What closing or reopening made of a case."""

    model_config = SHOWN

    case_id: UUID
    version: int
    state: CaseState
    recorded: CaseStepView


class CaseView(BaseModel):
    """A case as its coordinator sees it; `toAsk` is what to ask next, what decides most before the rest."""

    model_config = SHOWN

    id: UUID
    state: CaseState
    opened_at: datetime
    version: int
    facts_version: int
    facts: ToldFacts
    steps: tuple[CaseStepView, ...]
    returns: tuple[ReturnView, ...]
    decisions: tuple[DecisionView, ...]
    to_ask: tuple[ToAsk, ...]
    referrals: tuple[ReferralLine, ...]
    tasks: tuple[TaskView, ...]
    possible_matches: tuple[PossibleMatch, ...]
    comparisons: tuple[ComparisonView, ...]


class ChangeView(BaseModel):
    """What a change of facts made: the version that counts now and the decision on it."""

    model_config = SHOWN

    case_id: UUID
    version: int
    facts_version: int
    decision_id: UUID


class ReturnReceipt(BaseModel):
    """What recording a return made: the version of the case, what counts now, and the contacts that are to come."""

    model_config = SHOWN

    case_id: UUID
    version: int
    recorded: ReturnView
    follow_up: tuple[TaskView, ...]


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


class ConfirmationView(BaseModel):
    """What a confirmation set going."""

    model_config = SHOWN

    case_id: UUID
    decision_id: UUID
    state: DecisionState
    queued: tuple[UUID, ...]

"""What somebody may ask for in lists, one frozen shape per list; each filter is a code or an id."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from service.cases.lifecycle import CaseState, DecisionState
from service.casework.commands.shape import AS_SAID, Day, PartnerId, Pseudonym
from service.deadlines.lifecycle import DeadlineState
from service.dispatch.lifecycle import DeliveryState
from service.kernel.paging import LARGEST_PAGE, USUAL_PAGE
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import EndpointState
from service.places.policy import TargetGroup
from service.referrals.lifecycle import ReferralState
from service.routing.explanation.explained import Audience
from service.routing.text.spoken import Language
from service.signals.lifecycle import SignalKind, SignalState, Standing
from service.tasks.lifecycle import TaskState

_Code = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_-]+$")]


class Question(BaseModel):
    """One page of a list."""

    model_config = AS_SAID

    page_size: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = USUAL_PAGE
    cursor: Annotated[str, Field(max_length=64)] | None = Field(
        default=None, description="From the answer that held the page before."
    )


class ListSignals(Question):
    """Which signals."""

    state: SignalState | None = Field(default=None, description="`received` is the queue of what waits for triage.")
    outcome: Standing | None = Field(default=None, description="What triage came to.")
    kind: SignalKind | None = None
    case_id: UUID | None = None
    group_id: UUID | None = None


class ListTasks(Question):
    """Which tasks."""

    state: TaskState | None = None
    kind: _Code | None = None
    case_id: UUID | None = None
    signal_id: UUID | None = None
    question_id: UUID | None = Field(default=None, description="A question for places, which has no case.")
    owner: Pseudonym | None = None
    due_before: Day | None = Field(default=None, description="A local day; tasks due on it are not given.")


class ListDeadlines(Question):
    """Which deadlines."""

    state: DeadlineState | None = None
    kind: _Code | None = None
    case_id: UUID | None = None
    owner: Pseudonym | None = Field(default=None, description="The person or desk that has to do it.")
    due_before: Day | None = Field(default=None, description="A local day; deadlines due on it are not given.")


class ListReferrals(Question):
    """Which referrals in a partner's own inbox."""

    state: ReferralState | None = None


class ListDeliveries(Question):
    """Which messages."""

    state: DeliveryState | None = None


class ListAllDeliveries(ListDeliveries):
    """Which messages, to whichever partner."""

    partner_id: PartnerId | None = None


class ListCases(Question):
    """Which cases, by the day on which they were opened in the Netherlands."""

    state: CaseState | None = None
    decision_state: DecisionState | None = None
    opened_from: Day | None = Field(default=None, description="First local day.")
    opened_before: Day | None = Field(default=None, description="A local day; cases opened on it are not given.")


class SearchCases(ListCases):
    """Which cases, also by what hangs on them; asked in a body so that no address tells what is looked for."""

    case_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=LARGEST_PAGE)] | None = None
    open_task: _Code | None = Field(default=None, description="Kind of a task that is still open.")
    partner_id: _Code | None = Field(default=None, description="A partner that was asked.")
    referral_state: ReferralState | None = Field(default=None, description="Where a referral stands.")
    submission_key: Annotated[str, Field(min_length=16, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] | None = None


class ListPartners(BaseModel):
    """Which organisations of the directory; what is left out does not count."""

    model_config = AS_SAID

    kind: _Code | None = Field(default=None, description="What an organisation is to the rules.")
    service: _Code | None = Field(default=None, description="What it offers, in a code of the rules.")
    status: PartnerStatus | None = None
    stale: bool | None = Field(default=None, description="Whether what is known of it is older than it may be.")


class ListCapacity(BaseModel):
    """Which reported places; what is left out does not count."""

    model_config = AS_SAID

    shelter_type: _Code | None = Field(default=None, description="The kind of shelter, in a code of the rules.")
    target_group: TargetGroup | None = None
    partner_id: PartnerId | None = None
    left: bool | None = Field(default=None, description="Whether any can still be taken.")
    stale: bool | None = Field(default=None, description="Whether the report is older than it may be.")


class ListCapacityQuestions(Question):
    """Which questions for places."""

    answered: bool | None = Field(default=None, description="Whether anything was answered yet.")


class ExplainDecision(BaseModel):
    """To whom a decision is explained, and how."""

    model_config = AS_SAID

    audience: Audience = Field(default=Audience.PROFESSIONAL, description="Who reads the explanation.")
    language: Language = Field(default=Language.NL, description="The language of the sentences.")


class ListEndpoints(Question):
    """Which endpoints."""

    partner_id: PartnerId | None = None
    state: EndpointState | None = None

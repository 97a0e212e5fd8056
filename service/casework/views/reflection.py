"""What doors show of a reflection period."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.commands.reflection import Learned
from service.casework.views.shape import SHOWN
from service.deadlines.lifecycle import DeadlineState
from service.reflection.lifecycle import PeriodState, Step


class PeriodRecordView(BaseModel):
    """One record of a step: who established it, how that was heard, and who wrote it down; the newest one counts."""

    model_config = SHOWN

    version: int
    step: Step
    on: date | None
    established_by: str
    learned: Learned | None
    explanation: str | None
    recorded_by: str
    recorded_at: datetime


class PeriodStepView(BaseModel):
    """A step that counts; nobody is named where a signal told of it and nobody has recorded it since."""

    model_config = SHOWN

    step: Step
    on: date
    established_by: str | None


class MonthlyReportView(BaseModel):
    """A report to the police unit that is due each month."""

    model_config = SHOWN

    due: date
    state: DeadlineState
    reported_on: date | None


class NextStepView(BaseModel):
    """A step that can follow, and who may establish it, in a word and in Dutch and English sentences."""

    model_config = SHOWN

    step: Step
    label: dict[str, str]
    established_by: tuple[str, ...]
    who: dict[str, str]
    sources: tuple[str, ...]


class PeriodView(BaseModel):
    """The reflection period of a case as it stands today; while it runs, nobody may be transferred or removed.

    `status` is what the rules say, `state` where the period is in its life. `reason` says why there is none or why it
    ended. `transferBlockedBy` holds the sources.
    """

    model_config = SHOWN

    case_id: UUID
    version: int
    state: PeriodState
    status: str
    reason: str | None
    rule: str
    length: str | None
    starts: date | None
    ends: date | None
    days_left: int | None
    used: bool
    transfer_blocked: bool
    transfer_blocked_by: tuple[str, ...]
    reports: tuple[MonthlyReportView, ...]
    warnings: tuple[date, ...]
    steps: tuple[PeriodStepView, ...]
    next: tuple[NextStepView, ...]
    records: tuple[PeriodRecordView, ...]

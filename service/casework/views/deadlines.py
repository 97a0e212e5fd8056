"""What doors show of deadlines."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from service.casework.views.shape import SHOWN
from service.deadlines.lifecycle import DeadlineState, SuspendReason
from service.routing.text.deadline_words import DEADLINES
from service.routing.text.spoken import called


class DeadlineLine(BaseModel):
    """A clock of a case: the day that counts, the day for which it was set, and how it came about."""

    model_config = SHOWN

    id: UUID
    case_id: UUID
    kind: str
    generation: int = Field(description="Higher than 1 where the clock was set for another day before.")
    rule: str
    rule_set: str
    anchor: str | None = Field(description="The event from which it is counted, by its name in the rules.")
    term: str | None = Field(description="The length that was counted, as rules write it.")
    set_for: date
    set_for_at: datetime | None
    due: date
    due_at: datetime | None
    rings_at: datetime = Field(description="When the time is over, or in the morning on which a warning is due.")
    owner: str
    state: DeadlineState
    was_suspended: bool
    is_late: bool = Field(description="Whether it rang when the time had been over for a while.")
    started_at: datetime
    fired_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def called(self) -> dict[str, str]:
        """What is due, in words."""
        return called(DEADLINES, self.kind)


class SuspensionView(BaseModel):
    """A time during which a deadline stood still, or still does."""

    model_config = SHOWN

    reason: SuspendReason
    words: str | None
    begun_by: str
    begun_at: datetime
    ended_by: str | None
    ended_at: datetime | None


class DeadlineView(DeadlineLine):
    """A clock of a case, with what people said of it."""

    met_on: date | None
    suspensions: tuple[SuspensionView, ...]


class DeadlinePage(BaseModel):
    """One page of deadlines, what rings first before the rest, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[DeadlineLine, ...]
    next_cursor: str | None


class CaseDeadlines(BaseModel):
    """Every clock of a case, what rings first before the rest, with those that count no more."""

    model_config = SHOWN

    items: tuple[DeadlineView, ...]


class ClockAccepted(BaseModel):
    """What had rung by a clock that was ahead, and no longer holds anything back."""

    model_config = SHOWN

    rang: int
    cases: int
    newest: datetime
    since: datetime


class ClocksStarted(BaseModel):
    """What a look at all open cases found missing and set right."""

    model_config = SHOWN

    cases: int
    started: int

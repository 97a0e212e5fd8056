"""What doors show of tasks."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, computed_field

from service.casework.views.shape import SHOWN
from service.routing.text.spoken import called
from service.routing.text.task_words import TASKS
from service.tasks.lifecycle import TaskOutcome, TaskState


class TaskView(BaseModel):
    """Something that a person must do in a case, with a signal of no case yet, or about a question for places."""

    model_config = SHOWN

    id: UUID
    case_id: UUID | None
    signal_id: UUID | None
    question_id: UUID | None
    kind: str
    rule: str
    referral_id: UUID | None
    deadline_id: UUID | None
    state: TaskState
    opened_at: datetime
    due: date | None
    owner: str | None
    outcome: TaskOutcome | None
    ended_by: str | None
    ended_at: datetime | None
    continued_as: UUID | None
    version: int

    @computed_field  # type: ignore[prop-decorator]
    @property
    def called(self) -> dict[str, str]:
        """What is to be done, in words."""
        return called(TASKS, self.kind)


class TaskPage(BaseModel):
    """One page of tasks, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[TaskView, ...]
    next_cursor: str | None

"""How tasks are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.tasks.lifecycle import TaskOutcome, TaskState


class Task(SQLModel, table=True):
    """One thing that a person must do: in a case, perhaps about a referral or because of a clock, or without a case.

    What is about no case is about a signal that waits, or a question for places; `org` is the desk it lies on.

    A task that was handed over names the one that took its place.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("task_case", "case_id", "state"),
        Index("task_org", "org", "state", "opened_at"),
        Index("task_org_opened", "org", "opened_at"),
        Index("task_opened", "opened_at"),
        Index("task_signal", "signal_id"),
        Index("task_question", "question_id"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), nullable=True))
    signal_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("signal.id"), nullable=True))
    question_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("capacity_question.id"), nullable=True))
    org: str = Field(sa_column=Column(String(64), nullable=False))
    kind: str = Field(sa_column=Column(String(64), nullable=False))
    rule: str = Field(sa_column=Column(String(64), nullable=False))
    referral_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("referral.id"), nullable=True))
    deadline_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("deadline.id"), nullable=True))
    opened_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    due: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    owner: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    state: TaskState = Field(sa_column=Column(Coded(TaskState), nullable=False))
    outcome: TaskOutcome | None = Field(default=None, sa_column=Column(Coded(TaskOutcome), nullable=True))
    ended_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    continued_as: UUID | None = Field(default=None, sa_column=Column(ForeignKey("task.id"), nullable=True))
    version: int = 1

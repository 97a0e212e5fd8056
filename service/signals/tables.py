"""How signals are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.signals.lifecycle import SignalState


class Signal(SQLModel, table=True):
    """One report; its content lives with the case as facts, here stands only what recognises a repetition."""

    __tablename__ = "signal"
    __table_args__ = (UniqueConstraint("org", "submission_key"),)

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    submission_key: str = Field(sa_column=Column(String(64), nullable=False))
    content_digest: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_by: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: SignalState = Field(sa_column=Column(Coded(SignalState), nullable=False))
    case_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), nullable=True))

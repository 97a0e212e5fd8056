"""How signals are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.signals.lifecycle import SignalState


class Signal(SQLModel, table=True):
    """One report as it was told, sealed with the key of the case that holds it, and what recognises a repetition."""

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("org", "submission_key"),
        Index("signal_org", "org", "submitted_at"),
        Index("signal_submitted", "submitted_at"),
        Index("signal_case", "case_id"),
    )

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    submission_key: str = Field(sa_column=Column(String(64), nullable=False))
    content_digest: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_by: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: SignalState = Field(sa_column=Column(Coded(SignalState), nullable=False))
    facts: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    narrative: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    identity: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    version: int = 1
    case_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), nullable=True))

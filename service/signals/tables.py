"""How signals are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.signals.lifecycle import DismissReason, SignalEvent, SignalKind, Standing


class Signal(SQLModel, table=True):
    """One report as it was told, and what recognises a repetition.

    It is sealed with the key of the case that holds it, or with its own while none does: whoever erases a case erases
    what was reported about its person, and whoever erases a signal of no case destroys the key of its own id.
    """

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("org", "submission_key"),
        Index("signal_org", "org", "submitted_at"),
        Index("signal_submitted", "submitted_at"),
        Index("signal_case", "case_id"),
        Index("signal_group", "group_id"),
    )

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    submission_key: str = Field(sa_column=Column(String(64), nullable=False))
    content_digest: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_by: str = Field(sa_column=Column(String(64), nullable=False))
    submitted_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    kind: SignalKind = Field(default=SignalKind.REPORT, sa_column=Column(Coded(SignalKind), nullable=False))
    state: Standing = Field(sa_column=Column(Coded(Standing), nullable=False))
    facts: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    narrative: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    identity: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    announced: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    advice: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    version: int = 1
    case_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), nullable=True))
    group_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("signal.id"), nullable=True))


class SignalStep(SQLModel, table=True):
    """One act of triage on a signal and why, sealed with the signal's own key; never changed."""

    __tablename__ = "signal_step"

    signal_id: UUID = Field(sa_column=Column(ForeignKey("signal.id"), primary_key=True))
    version: int = Field(primary_key=True)
    event: SignalEvent = Field(sa_column=Column(Coded(SignalEvent), nullable=False))
    case_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("cases.id"), nullable=True))
    reason: DismissReason | None = Field(default=None, sa_column=Column(Coded(DismissReason), nullable=True))
    explanation: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), repr=False)
    done_by: str = Field(sa_column=Column(String(64), nullable=False))
    done_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

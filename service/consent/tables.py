"""How it is kept what was said about consent, and who was told that it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.consent.lifecycle import RecallOutcome, RecallState
from service.database.columns import CanonicalJson, Coded, UtcInstant


class ConsentEntry(SQLModel, table=True):
    """One thing that was said about one purpose, sealed; never changed, what is said later is an entry of its own.

    `facts_version` is the version of the facts that it made.
    """

    __tablename__ = "consent_entry"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    facts_version: int
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class Recall(SQLModel, table=True):
    """One recipient told that the ground on which it read something has ended.

    `whole` when all of it lost its ground, else `fields` names the facts that did, as the trail of its readings does.
    `by_hand` when a person heard its answer.
    """

    __tablename__ = "recall"
    __table_args__ = (Index("recall_case", "case_id"), Index("recall_referral", "referral_id"))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    referral_id: UUID = Field(sa_column=Column(ForeignKey("referral.id"), nullable=False))
    whole: bool
    fields: list[str] = Field(default_factory=list, sa_column=Column(CanonicalJson, nullable=False))
    told_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    answer_by: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: RecallState = Field(sa_column=Column(Coded(RecallState), nullable=False))
    outcome: RecallOutcome | None = Field(default=None, sa_column=Column(Coded(RecallOutcome), nullable=True))
    acknowledged_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    acknowledged_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    by_hand: bool = False
    version: int = 1

"""How entries of a journal are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.journal.lifecycle import EntryKind


class JournalEntry(SQLModel, table=True):
    """One thing that was established in a case, sealed; `number` counts the case's entries and none is ever changed.

    `about` is the entry that this one ends.
    """

    __tablename__ = "journal_entry"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    number: int
    kind: EntryKind = Field(sa_column=Column(Coded(EntryKind), nullable=False))
    about: UUID | None = Field(default=None, sa_column=Column(ForeignKey("journal_entry.id"), nullable=True))
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

"""How it is kept what was said about consent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import UtcInstant


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

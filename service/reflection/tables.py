"""How it is kept who established which step of a reflection period."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import UtcInstant


class PeriodRecord(SQLModel, table=True):
    """One record of a step, sealed; never changed, a correction is a record of its own."""

    __tablename__ = "period_record"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

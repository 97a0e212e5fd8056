"""How it is kept what a person was told about rights."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import UtcInstant


class RightsRecord(SQLModel, table=True):
    """One time that a person was told about rights, sealed; never changed, a correction is a record of its own."""

    __tablename__ = "rights_record"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

"""How figures are kept once they were drawn up."""

from datetime import datetime

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import UtcInstant


class PeriodFigures(SQLModel, table=True):
    """The figures of a period as canonical JSON, drawn up once: two versions would give away what changed."""

    __tablename__ = "period_figures"

    period: str = Field(sa_column=Column(String(7), primary_key=True))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    drawn_up_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    drawn_up_by: str = Field(sa_column=Column(String(64), nullable=False))

"""How it is remembered that somebody's tokens are good no longer."""

from datetime import datetime

from sqlalchemy import Column, String
from sqlmodel import Field, SQLModel

from service.database.columns import UtcInstant


class Revocation(SQLModel, table=True):
    """Somebody whose tokens that were given until an instant are good no longer, whoever gave them."""

    __tablename__ = "access_revocation"

    org: str = Field(sa_column=Column(String(64), primary_key=True))
    subject: str = Field(sa_column=Column(String(64), primary_key=True))
    revoked_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

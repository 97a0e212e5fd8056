"""How an answered request is remembered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import CanonicalJson, UtcInstant


class KeptRequest(SQLModel, table=True):
    """One request under a key of its sender, and how it was answered: sealed with the case's key, or refused.

    What is about no case is sealed with a key that all such answers have.

    The row is written in the transaction of the act itself: it is there exactly when the act happened.
    """

    __tablename__ = "kept_request"
    __table_args__ = (UniqueConstraint("org", "subject", "operation", "key"), Index("kept_request_end", "ends_at"))

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    subject: str = Field(sa_column=Column(String(64), nullable=False))
    operation: str = Field(sa_column=Column(String(200), nullable=False))
    key: str = Field(sa_column=Column(String(255), nullable=False))
    fingerprint: str = Field(sa_column=Column(String(64), nullable=False))
    ends_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    owner: UUID | None = None
    answer: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    refusal: dict[str, Any] | None = Field(default=None, sa_column=Column(CanonicalJson))

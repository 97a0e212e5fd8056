"""How the trail is kept: the exact bytes of every entry, and the last link of every stream."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.audit.event import Event
from service.database.columns import Coded, UtcInstant


class AuditEntry(SQLModel, table=True):
    """One act; `body` is what was hashed, the other columns only help to find it."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("stream", "seq"), Index("audit_entry_event", "event", "ts"))

    id: UUID = Field(primary_key=True)
    stream: str = Field(sa_column=Column(String(64), nullable=False))
    seq: int
    leaf_hash: str = Field(sa_column=Column(String(64), nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    ts: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    event: Event = Field(sa_column=Column(Coded(Event), nullable=False))


class AuditHead(SQLModel, table=True):
    """The last link of one stream, locked while the next is written."""

    __tablename__ = "audit_head"

    stream: str = Field(sa_column=Column(String(64), primary_key=True))
    seq: int
    hash: str = Field(sa_column=Column(String(64), nullable=False))

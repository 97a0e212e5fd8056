"""How the trail is kept: the exact bytes of every entry, the tree over them, and what was signed about it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.audit.event import Event
from service.database.columns import Coded, UtcInstant

_WAITING: Final = text("leaf_index IS NULL")


class AuditEntry(SQLModel, table=True):
    """One act; `body` is what was hashed, the other columns only help to find it.

    `leaf_index` is its place in the log, given once: in its own commit on SQLite, soon after it on PostgreSQL.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        UniqueConstraint("stream", "seq"),
        Index("audit_entry_event", "event", "ts"),
        Index("audit_entry_leaf", "leaf_index", unique=True),
        Index("audit_entry_waiting", "seq", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: UUID = Field(primary_key=True)
    stream: str = Field(sa_column=Column(String(64), nullable=False))
    seq: int
    leaf_hash: str = Field(sa_column=Column(String(64), nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    ts: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    event: Event = Field(sa_column=Column(Coded(Event), nullable=False))
    leaf_index: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))


class AuditHead(SQLModel, table=True):
    """The last link of one stream, locked while the next is written."""

    __tablename__ = "audit_head"

    stream: str = Field(sa_column=Column(String(64), primary_key=True))
    seq: int
    hash: str = Field(sa_column=Column(String(64), nullable=False))


class AuditNode(SQLModel, table=True):
    """A complete subtree of the log; level 0 are the leaves, so that each entry's place is known twice."""

    __tablename__ = "audit_node"

    level: int = Field(primary_key=True)
    idx: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AuditCheckpoint(SQLModel, table=True):
    """A signed note about the log at one size."""

    __tablename__ = "audit_checkpoint"

    size: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class AuditSequencer(SQLModel, table=True):
    """Which process gives entries their places just now, where many processes write; one row."""

    __tablename__ = "audit_sequencer"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    holder: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))

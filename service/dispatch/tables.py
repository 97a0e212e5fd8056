"""How messages wait: lanes of partner and case, the messages in them, and what each attempt met."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category

_SOMETHING_WAITS = text("pending > 0")


class Lane(SQLModel, table=True):
    """What goes to one partner about one case, in order; whoever holds the lease is the only one that sends from it.

    `token` grows with every lease. A worker that stood still and comes back holds an old one, and nothing that it
    writes is kept.
    """

    __tablename__ = "dispatch_lane"
    __table_args__ = (
        UniqueConstraint("partner_id", "case_id"),
        Index("dispatch_lane_due", "next_due", "id", sqlite_where=_SOMETHING_WAITS, postgresql_where=_SOMETHING_WAITS),
    )

    id: UUID = Field(primary_key=True)
    partner_id: str = Field(sa_column=Column(String(64), nullable=False))
    case_id: UUID
    last_seq: int = 0
    pending: int = 0
    next_due: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    token: int = 0


class Delivery(SQLModel, table=True):
    """One message; `body` is what is signed and sent, byte for byte, at every attempt."""

    __tablename__ = "dispatch_delivery"
    __table_args__ = (UniqueConstraint("lane_id", "seq"), Index("dispatch_delivery_referral", "referral_id"))

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    lane_id: UUID = Field(foreign_key="dispatch_lane.id")
    seq: int
    referral_id: UUID
    kind: MessageKind = Field(sa_column=Column(Coded(MessageKind), nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: DeliveryState = Field(sa_column=Column(Coded(DeliveryState), nullable=False))
    attempts: int = 0
    trace_id: str | None = Field(default=None, sa_column=Column(String(32)))


class Attempt(SQLModel, table=True):
    """One attempt that ended; the other side's words are not kept."""

    __tablename__ = "dispatch_attempt"

    delivery_id: str = Field(sa_column=Column(String(64), primary_key=True))
    n: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    outcome: Category = Field(sa_column=Column(Coded(Category), nullable=False))
    http_status: int | None = None
    latency_ms: int

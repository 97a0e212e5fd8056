"""How messages wait: lanes of partner and case, their messages, what each attempt met, and how partners do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.database.lease_clock import DatabaseTime
from service.dispatch.backoff import Trouble
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category

_CAN_BE_SENT = text("pending > 0 AND stopped_by IS NULL")
_IS_LEASED = text("lease_until IS NOT NULL")
_IS_WATCHED = text("warn_at IS NOT NULL")


class Lane(SQLModel, table=True):
    """What goes to one partner about one case, in order; whoever holds the lease is the only one that sends from it.

    `token` grows with every lease. A worker that stood still and comes back holds an old one, and nothing that it
    writes is kept. A lane in which a message was given up stands still until somebody has looked at that message.
    """

    __tablename__ = "dispatch_lane"
    __table_args__ = (
        UniqueConstraint("partner_id", "case_id"),
        Index(
            "dispatch_lane_due",
            *("partner_id", "next_due", "id"),
            sqlite_where=_CAN_BE_SENT,
            postgresql_where=_CAN_BE_SENT,
        ),
        Index(
            "dispatch_lane_leased",
            *("partner_id", "lease_until"),
            sqlite_where=_IS_LEASED,
            postgresql_where=_IS_LEASED,
        ),
    )

    id: UUID = Field(primary_key=True)
    partner_id: str = Field(sa_column=Column(String(64), nullable=False))
    case_id: UUID
    last_seq: int = 0
    pending: int = 0
    next_due: datetime = Field(default=None, sa_column=Column(UtcInstant, nullable=False, default=DatabaseTime()))
    lease_until: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    token: int = 0
    stopped_by: str | None = Field(default=None, sa_column=Column(String(64)))


class Delivery(SQLModel, table=True):
    """One message; `body` is what is signed and sent, byte for byte, at every attempt.

    `attempts` counts all of them; `failed` and `refused` those since the message was queued or given another chance.
    `outcome` is how the last try ended, `trouble` what a person was told about it, and at `warn_at` a person is told
    although it is tried on. `resent_from` is the state from which somebody wanted it sent by hand, until that is done.
    """

    __tablename__ = "dispatch_delivery"
    __table_args__ = (
        UniqueConstraint("lane_id", "seq"),
        Index("dispatch_delivery_referral", "referral_id"),
        Index("dispatch_delivery_recorded", "recorded_at", "id"),
        Index("dispatch_delivery_watched", "warn_at", sqlite_where=_IS_WATCHED, postgresql_where=_IS_WATCHED),
    )

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    lane_id: UUID = Field(foreign_key="dispatch_lane.id")
    seq: int
    referral_id: UUID
    kind: MessageKind = Field(sa_column=Column(Coded(MessageKind), nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: DeliveryState = Field(sa_column=Column(Coded(DeliveryState), nullable=False))
    resent_from: DeliveryState | None = Field(default=None, sa_column=Column(Coded(DeliveryState)))
    attempts: int = 0
    failed: int = 0
    refused: int = 0
    outcome: Category | None = Field(default=None, sa_column=Column(Coded(Category)))
    trouble: Trouble | None = Field(default=None, sa_column=Column(Coded(Trouble)))
    warn_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
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
    endpoint_id: UUID | None = None
    by_hand: bool = False


class Circuit(SQLModel, table=True):
    """How one partner's system has done lately, whether it is left alone, and when it last had its turn."""

    __tablename__ = "dispatch_circuit"

    partner_id: str = Field(sa_column=Column(String(64), primary_key=True))
    claimed_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    in_a_row: int = 0
    recent: int = 0
    opened: int = 0
    open_until: datetime | None = Field(default=None, sa_column=Column(UtcInstant))

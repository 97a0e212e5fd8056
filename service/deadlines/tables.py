"""How deadlines are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.deadlines.lifecycle import DeadlineState, SuspendReason


class Deadline(SQLModel, table=True):
    """One clock of a case; when its day changes, another generation of it takes over and this one stays as it was.

    `set_for` is the day that was set first, `due` the one that counts; they differ after a suspension. The instants
    beside them are there where an hour counts. `anchor` names what the term counts from: the day itself is a step of
    the person's and stands sealed in the facts. When it is due stands in the clear: what nobody can look up does not
    ring. `decision_id` is there where the rules set it.
    """

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "kind", "key", "generation"),
        Index("deadline_rings", "state", "rings_at"),
        Index("deadline_org", "org", "rings_at"),
        Index("deadline_all", "rings_at"),
        Index("deadline_fired", "fired_at"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    org: str = Field(sa_column=Column(String(64), nullable=False))
    kind: str = Field(sa_column=Column(String(64), nullable=False))
    key: str = Field(sa_column=Column(String(96), nullable=False))
    generation: int
    rule: str = Field(sa_column=Column(String(64), nullable=False))
    rule_set: str = Field(sa_column=Column(String(96), nullable=False))
    decision_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("case_decision.id"), nullable=True))
    anchor: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    term: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    set_for: date = Field(sa_column=Column(Date, nullable=False))
    set_for_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    due: date = Field(sa_column=Column(Date, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    rings_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    owner: str = Field(sa_column=Column(String(64), nullable=False))
    state: DeadlineState = Field(sa_column=Column(Coded(DeadlineState), nullable=False))
    was_suspended: bool = False
    started_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    fired_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    ended_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    met: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), repr=False)
    version: int = 1


class Suspension(SQLModel, table=True):
    """A time during which a clock stood still, whichever generation of it counts; none ended while it still does.

    Why stands there as a code and, sealed, in a person's words.
    """

    __tablename__ = "deadline_suspension"
    __table_args__ = (Index("deadline_suspension_case", "case_id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    kind: str = Field(sa_column=Column(String(64), nullable=False))
    key: str = Field(sa_column=Column(String(96), nullable=False))
    reason: SuspendReason = Field(sa_column=Column(Coded(SuspendReason), nullable=False))
    words: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), repr=False)
    begun_by: str = Field(sa_column=Column(String(64), nullable=False))
    begun_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    ended_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    version: int = 1

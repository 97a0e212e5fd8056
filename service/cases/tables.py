"""How cases, their facts and their decisions are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.cases.lifecycle import CaseEvent, CaseState, DecisionPart, DecisionState
from service.database.columns import Coded, UtcInstant


class Case(SQLModel, table=True):
    """One possible victim's file; the organisation that opened it is the one that works on it."""

    __tablename__ = "cases"
    __table_args__ = (Index("cases_org", "org", "opened_at"), Index("cases_opened", "opened_at"))

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    opened_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: CaseState = Field(sa_column=Column(Coded(CaseState), nullable=False))
    facts_version: int = 1
    version: int = 1


class CaseFacts(SQLModel, table=True):
    """What was told about a case in one version, sealed; a version is never changed."""

    __tablename__ = "case_facts"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    given: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    told_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class CaseDecision(SQLModel, table=True):
    """What the rules of one day say about one version of the facts, sealed, with everything needed to say it again.

    `facts_digest` is a commitment to the facts: worthless without the case's key, like everything sealed with it.
    """

    __tablename__ = "case_decision"
    __table_args__ = (Index("case_decision_case", "case_id", "made_at"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    facts_version: int
    facts_digest: str = Field(sa_column=Column(String(128), nullable=False))
    rule_set: str = Field(sa_column=Column(String(96), nullable=False))
    decided_on: date = Field(sa_column=Column(Date, nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    receipt: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), repr=False)
    made_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: DecisionState = Field(sa_column=Column(Coded(DecisionState), nullable=False))
    version: int = 1


class CaseStep(SQLModel, table=True):
    """That a case was closed or reopened, and why, sealed; none is ever changed."""

    __tablename__ = "case_step"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    event: CaseEvent = Field(sa_column=Column(Coded(CaseEvent), nullable=False))
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    done_by: str = Field(sa_column=Column(String(64), nullable=False))
    done_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class CaseReturn(SQLModel, table=True):
    """That the person returned to another country, sealed; a correction is a new version, and none is ever changed."""

    __tablename__ = "case_return"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class DecisionOverride(SQLModel, table=True):
    """What a person chose in place of one part of a decision, and why; never changed."""

    __tablename__ = "decision_override"
    __table_args__ = (Index("decision_override_decision", "decision_id"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    decision_id: UUID = Field(sa_column=Column(ForeignKey("case_decision.id"), nullable=False))
    part: DecisionPart = Field(sa_column=Column(Coded(DecisionPart), nullable=False))
    chosen: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    reason: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    chosen_by: str = Field(sa_column=Column(String(64), nullable=False))
    chosen_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

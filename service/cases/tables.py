"""How cases, their facts and their decisions are kept."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, String
from sqlmodel import Field, SQLModel

from service.cases.lifecycle import CaseState, DecisionState
from service.database.columns import CanonicalJson, Coded, UtcInstant


class Case(SQLModel, table=True):
    """One possible victim's file; the organisation that opened it is the one that works on it."""

    __tablename__ = "cases"

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    opened_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: CaseState = Field(sa_column=Column(Coded(CaseState), nullable=False))


class CaseFacts(SQLModel, table=True):
    """What was told about a case in one version; a version is never changed."""

    __tablename__ = "case_facts"

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    version: int = Field(primary_key=True)
    given: dict[str, Any] = Field(sa_column=Column(CanonicalJson, nullable=False))
    told_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class CaseDecision(SQLModel, table=True):
    """What the rules of one day say about one version of the facts, with everything needed to say it again."""

    __tablename__ = "case_decision"
    __table_args__ = (Index("case_decision_case", "case_id", "made_at"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    facts_version: int
    facts_digest: str = Field(sa_column=Column(String(64), nullable=False))
    rule_set: str = Field(sa_column=Column(String(96), nullable=False))
    decided_on: date = Field(sa_column=Column(Date, nullable=False))
    content: dict[str, Any] = Field(sa_column=Column(CanonicalJson, nullable=False))
    made_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: DecisionState = Field(sa_column=Column(Coded(DecisionState), nullable=False))

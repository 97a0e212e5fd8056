"""How rule sets and what became of proposals are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.rulebook.lifecycle import ProposalState


class KeptRuleSet(SQLModel, table=True):
    """The files of a rule set, compressed; `hash` is that of their canonical bytes, `name` the one that decisions keep.

    A rule set is never changed and never removed: a decision of today can be made again by it in thirty years.
    """

    __tablename__ = "rule_set"
    __table_args__ = (Index("rule_set_name", "name"),)

    hash: str = Field(sa_column=Column(String(64), primary_key=True))
    name: str = Field(sa_column=Column(String(96), nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    kept_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))


class RuleProposal(SQLModel, table=True):
    """A rule set that a policy owner wants in force, and what became of it; `number` counts what was published."""

    __tablename__ = "rule_proposal"
    __table_args__ = (Index("rule_proposal_number", "number", unique=True),)

    id: UUID = Field(primary_key=True)
    rule_set: str = Field(sa_column=Column(ForeignKey("rule_set.hash"), nullable=False))
    replaces: str = Field(sa_column=Column(ForeignKey("rule_set.hash"), nullable=False))
    reason: str = Field(sa_column=Column(String(1000), nullable=False))
    retroactive: str | None = Field(sa_column=Column(String(1000), nullable=True))
    state: ProposalState = Field(sa_column=Column(Coded(ProposalState), nullable=False))
    proposed_by: str = Field(sa_column=Column(String(64), nullable=False))
    proposed_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    published_by: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    published_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    number: int | None = None
    version: int = 1

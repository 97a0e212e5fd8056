"""How referrals are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import CanonicalJson, Coded, UtcInstant
from service.referrals.lifecycle import DeclineReason, ReferralState


class Referral(SQLModel, table=True):
    """One request to one partner; what it discloses is fixed when it is made, by the names of facts, sealed."""

    __tablename__ = "referral"
    __table_args__ = (Index("referral_case", "case_id"), Index("referral_partner", "partner_id", "state"))

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    decision_id: UUID = Field(sa_column=Column(ForeignKey("case_decision.id"), nullable=False))
    facts_version: int
    partner_id: str = Field(sa_column=Column(ForeignKey("partner.id"), nullable=False))
    asked_as: str = Field(sa_column=Column(String(64), nullable=False))
    content: str = Field(sa_column=Column(String(64), nullable=False))
    disclosed: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    rule: str = Field(sa_column=Column(String(64), nullable=False))
    sources: list[str] = Field(sa_column=Column(CanonicalJson, nullable=False))
    due: date | None = Field(default=None, sa_column=Column(Date, nullable=True))
    due_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    made_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: ReferralState = Field(sa_column=Column(Coded(ReferralState), nullable=False))
    version: int = 1
    decline_reason: DeclineReason | None = Field(default=None, sa_column=Column(Coded(DeclineReason), nullable=True))

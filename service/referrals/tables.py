"""How referrals are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import CanonicalJson, Coded, UtcInstant
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState, WithdrawReason


class Referral(SQLModel, table=True):
    """One request to one partner; what it discloses is fixed when it is made, by the names of facts, sealed.

    `dispatch` is how the rules send it, `answer_term` how long its partner may take to answer; none where nothing is
    asked. `instead_of` is the referral that another partner could not or did not take.
    """

    __tablename__ = "referral"
    __table_args__ = (
        Index("referral_case", "case_id"),
        Index("referral_inbox", "partner_id", "queued_at", "id"),
        Index("referral_answer_by", "state", "answer_by"),
    )

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
    dispatch: str = Field(sa_column=Column(String(64), nullable=False))
    answer_term: str | None = Field(default=None, sa_column=Column(String(64), nullable=True))
    instead_of: UUID | None = None
    queued_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    arrived_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    answer_by: datetime | None = Field(default=None, sa_column=Column(UtcInstant, nullable=True))
    consent_gone: bool = False
    decline_reason: DeclineReason | None = Field(default=None, sa_column=Column(Coded(DeclineReason), nullable=True))
    withdraw_reason: WithdrawReason | None = Field(default=None, sa_column=Column(Coded(WithdrawReason), nullable=True))


class ReferralAnswer(SQLModel, table=True):
    """What a partner answered and when, once per answer; `by_hand` when a coordinator heard it and wrote it down."""

    __tablename__ = "referral_answer"
    __table_args__ = (UniqueConstraint("referral_id", "answer"),)

    id: UUID = Field(primary_key=True)
    referral_id: UUID = Field(sa_column=Column(ForeignKey("referral.id"), nullable=False))
    answer: Answer = Field(sa_column=Column(Coded(Answer), nullable=False))
    reason: DeclineReason | None = Field(default=None, sa_column=Column(Coded(DeclineReason), nullable=True))
    given_by: str = Field(sa_column=Column(String(64), nullable=False))
    given_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    by_hand: bool = False

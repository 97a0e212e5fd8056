"""How case consultations are kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.consultations.lifecycle import Agenda, ConsultationState
from service.database.columns import Coded, UtcInstant


class Consultation(SQLModel, table=True):
    """One meeting about a case; `outcome` is what was decided there, or why it was cancelled, sealed."""

    __tablename__ = "consultation"
    __table_args__ = (Index("consultation_case", "case_id", "planned_at"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    org: str = Field(sa_column=Column(String(64), nullable=False))
    agenda: Agenda = Field(sa_column=Column(Coded(Agenda), nullable=False))
    planned_for: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    planned_by: str = Field(sa_column=Column(String(64), nullable=False))
    planned_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: ConsultationState = Field(sa_column=Column(Coded(ConsultationState), nullable=False))
    outcome: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True), repr=False)
    version: int = 1


class Participant(SQLModel, table=True):
    """Somebody by pseudonym who is invited for an organisation, and the facts that may be seen, by name, sealed."""

    __tablename__ = "consultation_participant"
    __table_args__ = (
        UniqueConstraint("consultation_id", "org", "participant"),
        Index("consultation_participant_org", "org"),
    )

    id: UUID = Field(primary_key=True)
    consultation_id: UUID = Field(sa_column=Column(ForeignKey("consultation.id"), nullable=False))
    org: str = Field(sa_column=Column(String(64), nullable=False))
    participant: str = Field(sa_column=Column(String(64), nullable=False))
    shared: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    present: bool = False

"""What doors show of case consultations."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN, ToldFacts
from service.consultations.lifecycle import Agenda, ConsultationState


class ParticipantView(BaseModel):
    """Somebody who is invited, the facts that this organisation may see by name, and whether somebody came."""

    model_config = SHOWN

    partner_id: str
    participant: str
    facts: tuple[str, ...]
    present: bool


class FollowUpView(BaseModel):
    """Something that was decided to be done."""

    model_config = SHOWN

    what: str
    owner: str
    due: date


class ConsultationView(BaseModel):
    """A consultation as the desk of its case sees it, with what was decided."""

    model_config = SHOWN

    id: UUID
    case_id: UUID
    agenda: Agenda
    planned_for: datetime
    planned_by: str
    state: ConsultationState
    version: int
    participants: tuple[ParticipantView, ...]
    decisions: str | None
    follow_ups: tuple[FollowUpView, ...]
    reason: str | None


class CaseConsultations(BaseModel):
    """The consultations of a case, oldest first."""

    model_config = SHOWN

    items: tuple[ConsultationView, ...]


class InvitationLine(BaseModel):
    """A consultation to which an organisation is invited: when and why, and nothing about the person."""

    model_config = SHOWN

    id: UUID
    agenda: Agenda
    planned_for: datetime
    state: ConsultationState
    participants: tuple[str, ...]


class InvitationPage(BaseModel):
    """The consultations to which an organisation is invited and that are not over, the next one first."""

    model_config = SHOWN

    items: tuple[InvitationLine, ...]


class InvitationView(BaseModel):
    """A consultation as somebody sees it who is invited: with the facts that were shared and may leave now."""

    model_config = SHOWN

    id: UUID
    agenda: Agenda
    planned_for: datetime
    state: ConsultationState
    participants: tuple[str, ...]
    facts: ToldFacts

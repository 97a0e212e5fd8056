"""What somebody may say of a case consultation."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Day, Instant, PartnerId, Pseudonym, Reason
from service.consultations.lifecycle import Agenda, ConsultationEvent

_FactName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z][A-Za-z0-9_]*$")]


class Invite(BaseModel):
    """Somebody who takes part, and the facts that this organisation may see; none unless they are named."""

    model_config = AS_SAID

    partner_id: PartnerId
    participant: Pseudonym
    facts: Annotated[tuple[_FactName, ...], Field(max_length=100)] = ()


class PlanConsultation(BaseModel):
    """A meeting about a case: when, why, and with whom."""

    model_config = AS_SAID

    agenda: Agenda
    planned_for: Instant = Field(description="When it begins.")
    participants: Annotated[tuple[Invite, ...], Field(min_length=1, max_length=30)]


class FollowUp(BaseModel):
    """Something that was decided to be done, by whom and until when."""

    model_config = AS_SAID

    what: Reason
    owner: Pseudonym
    due: Day


class MoveConsultation(BaseModel):
    """What happened to a consultation: it was held, with decisions; it is closed; or it is cancelled, with a reason."""

    model_config = AS_SAID

    event: ConsultationEvent
    present: Annotated[tuple[Pseudonym, ...], Field(min_length=1, max_length=30)] | None = Field(
        default=None, description="Who of those invited was there; needed when it was held."
    )
    decisions: Reason | None = Field(default=None, description="What was decided; needed when it was held; sealed.")
    follow_ups: Annotated[tuple[FollowUp, ...], Field(max_length=30)] = ()
    reason: Reason | None = Field(default=None, description="Needed to cancel; sealed.")

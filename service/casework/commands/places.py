"""What a partner may say of its places, and what a coordinator may ask about them."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Day, Instant, PartnerId, Reason
from service.places.lifecycle import PlaceAnswer
from service.places.policy import TargetGroup, Urgency

MOST: Final = 999

_Count = Annotated[int, Field(ge=0, le=MOST)]


class ReportCapacity(BaseModel):
    """How many places a partner has of one kind for one group."""

    model_config = AS_SAID

    shelter_type: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")] = Field(
        description="The kind of shelter, in a code of the rules: one that the partner offers, or an interim place."
    )
    target_group: TargetGroup
    places: _Count = Field(description="How many places there are.")
    free: _Count = Field(description="How many of them can be taken.")
    occupied: _Count | None = Field(
        default=None,
        description="How many people stay there; nothing is worked out from it.",
    )
    as_of: Instant | None = Field(default=None, description="When that was so; now when left out.")


class AskCapacity(BaseModel):
    """Whether somebody has places, asked without a person: nothing else can be said of whom they are for."""

    model_config = AS_SAID

    target_group: TargetGroup
    urgency: Urgency = Urgency.NORMAL
    count: Annotated[int, Field(ge=1, le=MOST)] = 1
    police_unit: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None,
        description="Ask only in this police unit, if so many people stay there that this tells nothing of one. "
        "It is told to no partner.",
    )


class AnswerCapacity(BaseModel):
    """Whether a partner has the places that are asked for."""

    model_config = AS_SAID

    answer: PlaceAnswer
    places: Annotated[int, Field(ge=1, le=MOST)] | None = Field(
        default=None, description="How many, with a yes; left out when as many as are asked for."
    )


class KeptPlace(BaseModel):
    """Where a place is kept for a person, and who placed."""

    model_config = AS_SAID

    partner_id: PartnerId = Field(description="The partner that has the place.")
    placed_by: PartnerId = Field(description="The organisation that placed: only the one that the decision names may.")
    capacity_id: UUID | None = Field(default=None, description="With a hold: of which reported places.")
    hold_id: UUID | None = Field(default=None, description="What was held of them; it is used by this.")
    explanation: Reason | None = Field(
        default=None, description="Why this place, where another region than that of the investigation was chosen."
    )


class OpenPlacement(BaseModel):
    """A person is to be placed; without a place the person waits for one of the proposed kind."""

    model_config = AS_SAID

    shelter_type: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[a-z0-9_]+$")] | None = Field(
        default=None, description="The kind of shelter; the proposed one when left out."
    )
    interim: bool = Field(default=False, description="Whether it is for the time until the proposed place is there.")
    place: KeptPlace | None = Field(default=None, description="Left out when no place of the kind is free.")


class ConfirmPlacement(BaseModel):
    """The person has come to the place."""

    model_config = AS_SAID

    placed_on: Day
    municipality: Annotated[str, Field(pattern=r"^GM[0-9]{4}$")] | None = Field(
        default=None,
        description="Municipality of the stay, where it is another than that of the case: its care coordinator takes "
        "over, and the former one stays until then. Never an address.",
    )


class EndPlacement(BaseModel):
    """The person has left the place, or it is not needed."""

    model_config = AS_SAID

    ended_on: Day
    reason: Literal["moved_on", "person_left", "returned", "not_needed", "mistake"] = Field(
        description="That somebody left with an unknown destination is established by the police and told as a "
        "fact; it ends every placement by itself."
    )
    explanation: Reason | None = None

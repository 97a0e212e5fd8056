"""What a partner may say of its places, and what a coordinator may ask about them."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, Instant
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

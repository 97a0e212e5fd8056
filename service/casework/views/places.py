"""What doors show of places; never where a shelter is, and never for whom somebody asks."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.dispatch.backoff import Trouble
from service.dispatch.lifecycle import DeliveryState
from service.places.lifecycle import EndReason, HoldState, PlaceAnswer, PlacementState, QuestionState
from service.places.policy import TargetGroup, Urgency


class CapacityView(BaseModel):
    """What a partner reports of its places, and how many of them can still be taken.

    `left` is what was `free` without what is held and what was taken since. `occupied` is how many people stay there,
    which is another number. `stale`: the report is older than it may be, so that nothing can be held on it.
    """

    model_config = SHOWN

    id: UUID
    partner_id: str
    partner_name: str
    shelter_type: str
    target_group: TargetGroup
    places: int
    free: int
    left: int
    occupied: int | None
    as_of: datetime
    reported_at: datetime
    stale: bool
    version: int


class CapacityList(BaseModel):
    """Reported places, by partner."""

    model_config = SHOWN

    items: tuple[CapacityView, ...]


class HoldView(BaseModel):
    """A place that is kept for somebody until an instant."""

    model_config = SHOWN

    id: UUID
    capacity_id: UUID
    state: HoldState
    held_at: datetime
    until: datetime
    version: int


class AskedPartner(BaseModel):
    """One partner that was asked for places, whether its system knows of it, and what it answers.

    `trouble`: why its system may not know; somebody asks on the phone. The partner finds it in its list all the same.
    """

    model_config = SHOWN

    partner_id: str
    partner_name: str
    delivery: DeliveryState
    trouble: Trouble | None
    answer: PlaceAnswer | None
    places: int | None
    answered_at: datetime | None


class CapacityAnswers(BaseModel):
    """What came of a question for places: what was known already, or who was asked and answers what.

    `state`: `settled` when there are places enough or everybody has said yes or no, `unanswered` when neither is so and
    the time to answer is over.
    `everywhere`: more partners were asked than those of the region, because the region would have told too much.
    """

    model_config = SHOWN

    id: UUID
    target_group: TargetGroup
    urgency: Urgency
    count: int
    asked_at: datetime
    answer_by: datetime
    state: QuestionState
    everywhere: bool
    reported: tuple[CapacityView, ...]
    asked: tuple[AskedPartner, ...]


class CapacityQuestionView(BaseModel):
    """All that a partner is told when it is asked for places."""

    model_config = SHOWN

    id: UUID
    target_group: TargetGroup
    urgency: Urgency
    count: int
    answer_by: datetime
    answer: PlaceAnswer | None
    places: int | None


class CapacityQuestionPage(BaseModel):
    """One page of what a partner was asked about places, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[CapacityQuestionView, ...]
    next_cursor: str | None


class PlacementView(BaseModel):
    """A person's place: waited for, kept, or where the person stays, and since and until when.

    `owner` sees to it. `questionId`: what CoMensha was asked, without the person, after nobody had found a place.
    `version` is needed to change it.
    """

    model_config = SHOWN

    id: UUID
    case_id: UUID
    shelter_type: str
    interim: bool
    state: PlacementState
    partner_id: str | None
    partner_name: str | None
    placed_by: str | None
    owner: str
    opened_at: datetime
    explanation: str | None
    placed_on: date | None
    municipality: str | None
    ended_on: date | None
    end_reason: EndReason | None
    end_explanation: str | None
    question_id: UUID | None
    version: int


class PlacementList(BaseModel):
    """A case's placements, oldest first."""

    model_config = SHOWN

    items: tuple[PlacementView, ...]


class PlacementAsPlacer(BaseModel):
    """A place that an organisation keeps for a person, or is to find: what it is and how far it is.

    What was said about the person, and who works on the case, is not told. `version` is needed to change it.
    """

    model_config = SHOWN

    id: UUID
    shelter_type: str
    interim: bool
    state: PlacementState
    partner_id: str | None
    partner_name: str | None
    version: int


class KindToPlace(BaseModel):
    """A kind of place that is proposed for the person, and whether it is for the time until another is there."""

    model_config = SHOWN

    shelter_type: str
    interim: bool


class FreePlace(BaseModel):
    """Places that a partner reported not too long ago and of which some can be taken."""

    model_config = SHOWN

    capacity_id: UUID
    partner_id: str
    partner_name: str
    shelter_type: str
    target_group: TargetGroup
    left: int
    as_of: datetime


class ToPlace(BaseModel):
    """What an organisation may place for a person, where there is room, and what it has placed; nothing else."""

    model_config = SHOWN

    kinds: tuple[KindToPlace, ...]
    free: tuple[FreePlace, ...]
    placements: tuple[PlacementAsPlacer, ...]

"""How places are kept: those that there are, about which nothing is sealed, and where a person stays."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.places.lifecycle import HoldState, PlaceAnswer, PlacementState, QuestionState
from service.places.policy import TargetGroup, Urgency


class Capacity(SQLModel, table=True):
    """What a partner says of its places of one kind for one group.

    `places` is how many there are and `free` how many of those can be taken; `occupied` is how many people stay there.
    The last is another number, told or not, and none of them is worked out from the others.
    """

    __tablename__ = "place_capacity"
    __table_args__ = (UniqueConstraint("partner_id", "shelter_type", "target_group"),)

    id: UUID = Field(primary_key=True)
    partner_id: str = Field(sa_column=Column(ForeignKey("partner.id"), nullable=False))
    shelter_type: str = Field(sa_column=Column(String(64), nullable=False))
    target_group: TargetGroup = Field(sa_column=Column(Coded(TargetGroup), nullable=False))
    places: int
    free: int
    occupied: int | None = None
    as_of: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    reported_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    reported_by: str = Field(sa_column=Column(String(64), nullable=False))
    version: int = 1


class PlaceHold(SQLModel, table=True):
    """A place that somebody is kept for some minutes; for whom is nobody's business yet."""

    __tablename__ = "place_hold"
    __table_args__ = (
        Index("place_hold_capacity", "capacity_id", "state"),
        Index("place_hold_until", "state", "until"),
    )

    id: UUID = Field(primary_key=True)
    capacity_id: UUID = Field(sa_column=Column(ForeignKey("place_capacity.id"), nullable=False))
    org: str = Field(sa_column=Column(String(64), nullable=False))
    held_by: str = Field(sa_column=Column(String(64), nullable=False))
    held_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    until: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    state: HoldState = Field(sa_column=Column(Coded(HoldState), nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    version: int = 1


class CapacityQuestion(SQLModel, table=True):
    """Whether there is a place, asked without a person: for whom as coarsely as can be, how soon and how many.

    `everywhere`: more partners were asked than those of a region, because the region would have told too much.
    """

    __tablename__ = "capacity_question"
    __table_args__ = (
        Index("capacity_question_org", "org", "asked_at"),
        Index("capacity_question_lapses", "state", "answer_by"),
    )

    id: UUID = Field(primary_key=True)
    org: str = Field(sa_column=Column(String(64), nullable=False))
    asked_by: str = Field(sa_column=Column(String(64), nullable=False))
    asked_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    answer_by: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    target_group: TargetGroup = Field(sa_column=Column(Coded(TargetGroup), nullable=False))
    urgency: Urgency = Field(sa_column=Column(Coded(Urgency), nullable=False))
    count: int
    everywhere: bool = False
    state: QuestionState = Field(sa_column=Column(Coded(QuestionState), nullable=False))
    version: int = 1


class CapacityAsk(SQLModel, table=True):
    """One partner that is asked, and what it answers; a later answer takes the place of an earlier one."""

    __tablename__ = "capacity_ask"
    __table_args__ = (UniqueConstraint("question_id", "partner_id"),)

    id: UUID = Field(primary_key=True)
    question_id: UUID = Field(sa_column=Column(ForeignKey("capacity_question.id"), nullable=False))
    partner_id: str = Field(sa_column=Column(ForeignKey("partner.id"), nullable=False))
    answer: PlaceAnswer | None = Field(default=None, sa_column=Column(Coded(PlaceAnswer)))
    places: int | None = None
    answered_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    version: int = 1


class Placement(SQLModel, table=True):
    """That a person waits for a place, has one kept, or stays there; when and why stands sealed in its steps.

    `owner` is who sees to it, always somebody. `interim`: until the place is there that is proposed.
    `question_id` is what CoMensha was asked after nobody had found a place.
    """

    __tablename__ = "placement"
    __table_args__ = (Index("placement_case", "case_id", "opened_at"),)

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    shelter_type: str = Field(sa_column=Column(String(64), nullable=False))
    interim: bool = False
    partner_id: str | None = Field(default=None, sa_column=Column(ForeignKey("partner.id"), nullable=True))
    placed_by: str | None = Field(default=None, sa_column=Column(ForeignKey("partner.id"), nullable=True))
    hold_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("place_hold.id"), nullable=True))
    question_id: UUID | None = Field(default=None, sa_column=Column(ForeignKey("capacity_question.id"), nullable=True))
    opened_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    owner: str = Field(sa_column=Column(String(64), nullable=False))
    state: PlacementState = Field(sa_column=Column(Coded(PlacementState), nullable=False))
    version: int = 1


class PlacementStep(SQLModel, table=True):
    """One step of a placement, sealed; none is ever changed."""

    __tablename__ = "placement_step"

    placement_id: UUID = Field(sa_column=Column(ForeignKey("placement.id"), primary_key=True))
    version: int = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    said: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    recorded_by: str = Field(sa_column=Column(String(64), nullable=False))
    recorded_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))

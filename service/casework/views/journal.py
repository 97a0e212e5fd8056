"""What doors show of what was established in a case."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer
from pydantic.alias_generators import to_camel

from service.casework.views.shape import SHOWN, ToldFacts
from service.journal.lifecycle import Occasion

NeedName = Annotated[str, PlainSerializer(to_camel)]
"""A need by its name in the vocabulary, shown in the spelling of the outside."""


class AssessmentView(BaseModel):
    """One risk and needs assessment as it was recorded."""

    model_config = SHOWN

    id: UUID
    on: date
    occasion: Occasion
    needs: ToldFacts
    risk: str | None
    remarks: str | None
    recorded_by: str
    recorded_at: datetime


class OpenNeed(BaseModel):
    """A need that is open, and what lies ready for it: open tasks, and referrals proposed or under way."""

    model_config = SHOWN

    need: NeedName
    tasks: tuple[UUID, ...]
    referrals: tuple[UUID, ...]


class AssessmentsView(BaseModel):
    """The assessments of a case, newest first, and what is open by the facts that count now."""

    model_config = SHOWN

    case_id: UUID
    version: int
    open_needs: tuple[OpenNeed, ...]
    not_assessed: tuple[NeedName, ...]
    assessments: tuple[AssessmentView, ...]

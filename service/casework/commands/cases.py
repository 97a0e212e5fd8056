"""What somebody may ask of a case and of what was decided about it."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue, StrictBool

from service.cases.lifecycle import CloseReason
from service.casework.commands.referrals import Previews
from service.casework.commands.shape import AS_SAID, Day, Reason
from service.recognition.lifecycle import Verdict


class ChangeFacts(BaseModel):
    """What is known now: facts with their new values; null means that a fact is not told any more (RFC 7396)."""

    model_config = AS_SAID

    facts: dict[str, JsonValue] = Field(description="What changes, by the names of the vocabulary.")


class CompareCases(BaseModel):
    """What a person says of two cases: that they are about one person, about two, or that this was a mistake."""

    model_config = AS_SAID

    other_case_id: UUID
    verdict: Verdict
    reason: Reason


class RecordReturn(BaseModel):
    """The person has returned to another country."""

    model_config = AS_SAID

    returned_on: Day = Field(description="The local day of the actual return, today at the latest.")
    follow_up_wanted: StrictBool = Field(description="Whether the person wants contact afterwards.")
    explanation: Reason | None = Field(
        default=None,
        description="Needed when the day lies before the case was opened, and when it corrects what was recorded.",
    )


class CloseCase(BaseModel):
    """Everything in a case has ended, and nobody works on it any more."""

    model_config = AS_SAID

    reason: CloseReason = Field(
        description="Why, as a code. The first four must show in the case: a departure that the police established, a "
        "recorded return, no indication any more, another open case of the same person; the others are explained."
    )
    explanation: Reason | None = None


class ReopenCase(BaseModel):
    """Somebody works on a closed case again."""

    model_config = AS_SAID

    reason: Literal["came_back", "person_asked", "more_known", "mistake"] = Field(description="Why, as a code.")
    explanation: Reason | None = None


class ChosenShelter(BaseModel):
    """A shelter that a person chose, in the words of the rules."""

    model_config = AS_SAID

    type: Annotated[str, Field(max_length=64)]
    placed_by: Annotated[str, Field(max_length=64)] | None = None


class ChosenRegion(BaseModel):
    """Another care coordinator than the region's own."""

    model_config = AS_SAID

    care_coordinator: Annotated[str, Field(max_length=64)] = Field(
        description="Id in the directory of the care coordinator who takes over."
    )
    central_municipality: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class OverrideDecision(BaseModel):
    """A person decides otherwise about one part of a decision, and says why."""

    model_config = AS_SAID

    reason: Reason
    shelter: ChosenShelter | None = None
    region: ChosenRegion | None = None
    withhold: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Referrals that wait for a person and shall not be sent."
    )
    previews: Previews | None = None


class ConfirmDecision(BaseModel):
    """A person confirms a decision, and may say which contents that person has seen."""

    model_config = AS_SAID

    previews: Previews | None = None


class PreviewDecision(BaseModel):
    """Facts to decide about without keeping them."""

    model_config = AS_SAID

    facts: dict[str, JsonValue] = Field(description="What is known, by the names of the vocabulary.")
    on: Day | None = Field(default=None, description="Decision date, a local day; left out means today.")

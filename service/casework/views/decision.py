"""A decision as it is shown: the parts of the decision contract, each as it was stored."""

from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from service.casework.views.shape import OutsideName

_STORED: Final = ConfigDict(
    frozen=True,
    # A decision is shown as it was made, also one of an older or newer version with more to say.
    extra="allow",
    alias_generator=to_camel,
    validate_by_name=True,
    validate_by_alias=True,
    hide_input_in_errors=True,
    json_schema_serialization_defaults_required=True,
)


class ReflectionPeriodPart(BaseModel):
    """Where the reflection period stands; `length` as an ISO 8601 duration."""

    model_config = _STORED

    status: str
    length: str | None
    reason: str | None
    starts: date | None
    ends: date | None
    rule: str


class ShelterPart(BaseModel):
    """The proposed shelter, the place until then, and who places."""

    model_config = _STORED

    type: str
    next: str | None
    interim: str | None
    placed_by: str | None
    rule: str
    interim_rule: str | None


class RegionPart(BaseModel):
    """The municipality that counts and who coordinates care there."""

    model_config = _STORED

    municipality: str | None
    central_municipality: str | None
    police_unit: str | None
    care_coordinator: str
    fallback: bool
    rules: tuple[str, ...]


class NotificationPart(BaseModel):
    """Somebody who is told something, by itself or after a person confirmed it."""

    model_config = _STORED

    to: str
    content: str
    due: date | None
    due_at: datetime | None
    dispatch: str
    rule: str


class DeadlinePart(BaseModel):
    """Something that is due on a local day, and at an instant when the term names an hour."""

    model_config = _STORED

    kind: str
    due: date
    due_at: datetime | None
    rule: str


class TaskPart(BaseModel):
    """Something that a person must do."""

    model_config = _STORED

    kind: str
    rule: str


class QuestionPart(BaseModel):
    """A fact that nobody knows yet, and the parts of the decision that its answer could change."""

    model_config = _STORED

    fact: str
    would_change: tuple[str, ...]


class TracePart(BaseModel):
    """A row that applied, with its legal sources."""

    model_config = _STORED

    table: str
    row: str
    rule: str
    status: str
    sources: tuple[str, ...]


class DecisionContent(BaseModel):
    """What the rules say about the facts on a day."""

    model_config = _STORED

    on: date
    rule_set: str
    reflection_period: ReflectionPeriodPart
    shelter: ShelterPart
    region: RegionPart
    notifications: tuple[NotificationPart, ...]
    tracks: tuple[str, ...]
    deadlines: tuple[DeadlinePart, ...]
    tasks: tuple[TaskPart, ...]
    questions: tuple[QuestionPart, ...]
    trace: tuple[TracePart, ...]


class NextQuestion(BaseModel):
    """What to ask next, because its answer decides most: in words, and the parts that it could change by itself."""

    model_config = _STORED

    fact: OutsideName
    question: dict[str, str]
    would_change: tuple[str, ...]


class PreviewView(DecisionContent):
    """What the rules would say, the parts that no answer can change any more, and what to ask next.

    When there is nothing to ask next, the decision is settled.
    """

    settled: tuple[str, ...]
    next_question: NextQuestion | None

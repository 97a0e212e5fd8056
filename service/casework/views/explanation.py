"""An explanation as it is shown: the data, each part of which can be checked, and the sentences that say it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, JsonValue

from service.cases.lifecycle import DecisionState
from service.casework.views.shape import SHOWN
from service.routing.text.spoken import Language


class KnownPart(BaseModel):
    """A column of a table and what the table found there."""

    model_config = SHOWN

    column: str
    value: str | int


class ToldFactPart(BaseModel):
    """A fact that mattered: what counts for it, and whether somebody told it or it counts by default."""

    model_config = SHOWN

    fact: str
    value: JsonValue
    told: bool


class FiredRowPart(BaseModel):
    """A row that applies, the columns that force what it says, and the facts behind them."""

    model_config = SHOWN

    row: str
    rule: str
    status: str
    sources: tuple[str, ...]
    outcome: dict[str, str]
    columns: tuple[KnownPart, ...]
    facts: tuple[ToldFactPart, ...]


class ObstaclePart(BaseModel):
    """A cell that stands in the way of a row."""

    model_config = SHOWN

    column: str
    wanted: str
    found: str


class ChangePart(BaseModel):
    """A fact to check, what is told of it, and what would have to be true instead."""

    model_config = SHOWN

    fact: str
    now: JsonValue
    then: JsonValue


class BetterRowPart(BaseModel):
    """A row that would be better for the person, what stands in its way, and the fewest facts to check for it."""

    model_config = SHOWN

    row: str
    rule: str
    sources: tuple[str, ...]
    outcome: dict[str, str]
    obstacles: tuple[ObstaclePart, ...]
    change: tuple[ChangePart, ...]


class ExplainedTablePart(BaseModel):
    """What one table said and why, and why nothing better."""

    model_config = SHOWN

    table: str
    fired: tuple[FiredRowPart, ...]
    better: tuple[BetterRowPart, ...]


class NoDifferencePart(BaseModel):
    """A fact about what somebody is, the parts that it leaves as they are, and the invariants that prove it."""

    model_config = SHOWN

    fact: str
    parts: tuple[str, ...]
    proved: tuple[str, ...]


class ParagraphPart(BaseModel):
    """Sentences about one part of the decision, or about the whole of it where no part is named."""

    model_config = SHOWN

    part: str | None
    sentences: tuple[str, ...]


class NamedFactPart(BaseModel):
    """A fact that counted, in words."""

    model_config = SHOWN

    label: str
    told: str


class ToldPartPart(BaseModel):
    """What the person is told of one part of the decision: what was found, the facts that counted, the laws."""

    model_config = SHOWN

    part: str
    outcome: tuple[str, ...]
    starts: date | None
    ends: date | None
    facts: tuple[NamedFactPart, ...]
    sources: tuple[str, ...]


class ToldToPersonView(BaseModel):
    """What the person is told of a decision: words that another may read, and no row or code."""

    model_config = SHOWN

    audience: Literal["person"]
    language: Language
    on: date
    parts: tuple[ToldPartPart, ...]
    no_difference: tuple[str, ...]
    questions: tuple[str, ...]
    text: tuple[ParagraphPart, ...]


class ExplanationView(BaseModel):
    """Why a decision is as it is and what became of it, for whoever works on the case."""

    model_config = SHOWN

    state: DecisionState
    on: date
    rule_set: str
    audience: Literal["professional"]
    language: Language
    starts: date | None
    ends: date | None
    length: str | None
    tables: tuple[ExplainedTablePart, ...]
    no_difference: tuple[NoDifferencePart, ...]
    questions: tuple[str, ...]
    text: tuple[ParagraphPart, ...]

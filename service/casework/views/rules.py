"""What doors show of rule sets: whether decisions come out again, what a draft would change, what was published."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.routing.changes.receipts import Part
from service.rulebook.lifecycle import ProposalState


class ReplayLine(BaseModel):
    """A decision made again: whether it came out to the byte, and what is not as its receipt says."""

    model_config = SHOWN

    case_id: UUID
    decision_id: UUID
    made_at: datetime
    reproduced: bool
    erased: bool
    differs: tuple[Part, ...]


class ReplayView(BaseModel):
    """What came of making decisions again with this version of the code; of an erased case nothing can be."""

    model_config = SHOWN

    engine: str
    decisions: int
    reproduced: int
    erased: int
    lines: tuple[ReplayLine, ...]

    @property
    def holds(self) -> bool:
        """Whether every decision came out again that is not erased."""
        return self.reproduced + self.erased == self.decisions


class ProposalView(BaseModel):
    """A rule set that somebody wants in force, and what became of it; `number` counts what was published."""

    model_config = SHOWN

    id: UUID
    rule_set: str
    hash: str
    state: ProposalState
    number: int | None
    reason: str
    retroactive: str | None
    proposed_by: str
    proposed_at: datetime
    published_by: str | None
    published_at: datetime | None
    version: int


class ProposalList(BaseModel):
    """What was proposed and published, newest first, and by which rules is decided now."""

    model_config = SHOWN

    in_force: str
    items: tuple[ProposalView, ...]


class ImpactGroup(BaseModel):
    """Open cases in which other rows of a table would decide."""

    model_config = SHOWN

    table: str
    old_rows: tuple[str, ...]
    new_rows: tuple[str, ...]
    cases: int
    case_ids: tuple[UUID, ...]


class ImpactView(BaseModel):
    """What a draft would change in the open cases; nothing about a person, and no group so small that it points at one.

    Who may not read cases is told no ids, counts rounded down to fives, and null for fewer than five, perhaps none.
    """

    model_config = SHOWN

    in_force: str
    draft: str
    open_cases: int | None
    changed: int | None
    groups: tuple[ImpactGroup, ...]
    not_understood: int | None


class MunicipalityView(BaseModel):
    """A municipality: the code by which facts name it, and what is known of it; nothing in it is inferred."""

    model_config = SHOWN

    code: str
    name: str
    province: str
    police_unit: str
    central_municipality: str | None


class MunicipalityList(BaseModel):
    """The municipalities of a day, by name."""

    model_config = SHOWN

    on: date
    items: tuple[MunicipalityView, ...]

"""What doors show of rule sets: whether decisions come out again, what a draft would change, what was published."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.routing.changes.receipts import Part


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

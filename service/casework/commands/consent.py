"""What somebody may record of what was said about consent, and what a recipient may say when it has ended."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from service.casework.commands.rights import Language
from service.casework.commands.shape import AS_SAID, Day, Reason
from service.consent.policy import ChildView, Evidence, Informed, Purpose, Saying, Speaker


class RecordConsent(BaseModel):
    """What was said about consent to one purpose, by whom, and after what was explained."""

    model_config = AS_SAID

    purpose: Purpose
    saying: Saying = Field(description="What was said; `not_asked` notes that it was not the moment to ask.")
    by: Speaker = Field(description="Who said it: the person, or for a child a parent with authority or the guardian.")
    child_view: ChildView | None = Field(
        default=None, description="What the child itself thinks of it, when somebody else speaks for it."
    )
    said_on: Day = Field(description="The local day on which it was said, today at the latest.")
    language: Language
    informed: Annotated[frozenset[Informed], Field(max_length=len(Informed))] = Field(
        default=frozenset(),
        description="What was explained beforehand; agreeing needs purpose, recipients and withdrawal.",
    )
    evidence: Evidence = Field(description="By what it can be shown.")
    note: Reason | None = Field(default=None, description="What else matters, in a person's own words.")


class AcknowledgeRecall(BaseModel):
    """A recipient says what it did with what it had read, after it was told that the ground for that ended."""

    model_config = AS_SAID

    outcome: Literal["erased", "kept_by_law", "had_nothing"] = Field(
        description="Erased, kept where a law demands it, or nothing had been kept."
    )
    recall_id: UUID | None = Field(
        default=None,
        description="Which message is answered, by its `recallId`; the newest when left out. Refused when it was "
        "followed by one about more.",
    )

"""What somebody may establish in a case."""

from pydantic import BaseModel, Field, JsonValue

from service.casework.commands.shape import AS_SAID, Day, Reason
from service.journal.lifecycle import Occasion


class RecordAssessment(BaseModel):
    """A risk and needs assessment: five needs, the six components of assistance, and how safe the person is."""

    model_config = AS_SAID

    on: Day = Field(description="The local day of the assessment, today at the latest.")
    occasion: Occasion
    needs: dict[str, JsonValue] = Field(
        description="What the person needs, as the fact `needs` has it: each `needed`, `not_needed`, `arranged` or "
        "`refused`; what is left out was not assessed."
    )
    risk: str | None = Field(
        default=None,
        max_length=64,
        description="How safe the person is, on the one scale of all partners (`risk`).",
    )
    remarks: Reason | None = Field(default=None, description="What codes cannot say; it stays in the case, sealed.")

"""What a policy owner may ask of the rules."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID


class ProposeRules(BaseModel):
    """A rule set is wanted in force: why, and why days that have passed must get another outcome if they do.

    Rules are about nobody, so the reasons are kept as written and not sealed.
    """

    model_config = AS_SAID

    reason: Annotated[str, Field(min_length=1, max_length=1000)]
    retroactive: Annotated[str, Field(min_length=1, max_length=1000)] | None = None

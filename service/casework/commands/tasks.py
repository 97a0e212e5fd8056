"""What somebody may do with a task on a desk."""

from pydantic import BaseModel

from service.casework.commands.referrals import Previews
from service.casework.commands.shape import AS_SAID, Day, Pseudonym
from service.tasks.lifecycle import TaskOutcome


class AssignTask(BaseModel):
    """Who does a task and until when; what is left out stays, null takes it away."""

    model_config = AS_SAID

    owner: Pseudonym | None = None
    due: Day | None = None


class FinishTask(BaseModel):
    """A task was done; whoever releases a referral by that may say which content was seen."""

    model_config = AS_SAID

    outcome: TaskOutcome
    previews: Previews | None = None


class HandOverTask(BaseModel):
    """Another person or desk goes on with a task."""

    model_config = AS_SAID

    to: Pseudonym

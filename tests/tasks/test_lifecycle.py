"""A task ends once, in one of three ways."""

import pytest

from service.kernel.transitions import IllegalTransition, next_state
from service.tasks.lifecycle import LIFECYCLE, TaskEvent, TaskState


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (TaskEvent.ASSIGN, TaskState.OPEN),
        (TaskEvent.FINISH, TaskState.DONE),
        (TaskEvent.HAND_OVER, TaskState.HANDED_OVER),
        (TaskEvent.DROP, TaskState.OBSOLETE),
    ],
)
def test_what_can_happen_to_an_open_task(event: TaskEvent, state: TaskState) -> None:
    assert next_state(LIFECYCLE, TaskState.OPEN, event) is state


@pytest.mark.parametrize("state", sorted(set(TaskState) - {TaskState.OPEN}))
@pytest.mark.parametrize("event", sorted(TaskEvent))
def test_nothing_happens_to_a_task_that_has_ended(state: TaskState, event: TaskEvent) -> None:
    with pytest.raises(IllegalTransition):
        next_state(LIFECYCLE, state, event)

"""The life of a task: open until somebody did it, handed it to another, or nobody needs it any more."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class TaskState(StrEnum):
    """Where a task can be."""

    OPEN = "open"
    DONE = "done"
    HANDED_OVER = "handed_over"
    OBSOLETE = "obsolete"


class TaskEvent(StrEnum):
    """What can happen to a task."""

    ASSIGN = "assign"
    FINISH = "finish"
    HAND_OVER = "hand_over"
    DROP = "drop"


class TaskOutcome(StrEnum):
    """What came of a task; a code, so that no story about a person stands in a list of work."""

    ACHIEVED = "achieved"
    NOT_POSSIBLE = "not_possible"
    NOT_WANTED = "not_wanted"
    NOT_NEEDED = "not_needed"


LIFECYCLE: Final[Mapping[tuple[TaskState, TaskEvent], TaskState]] = {
    (TaskState.OPEN, TaskEvent.ASSIGN): TaskState.OPEN,
    (TaskState.OPEN, TaskEvent.FINISH): TaskState.DONE,
    (TaskState.OPEN, TaskEvent.HAND_OVER): TaskState.HANDED_OVER,
    (TaskState.OPEN, TaskEvent.DROP): TaskState.OBSOLETE,
}

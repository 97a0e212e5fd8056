"""The life of a recall: a recipient is told that a ground ended, and says what it did with what it had read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class RecallState(StrEnum):
    """Where a recall can be; `by_hand` when no message can say it and a person must, `replaced` by one for more."""

    TOLD = "told"
    BY_HAND = "by_hand"
    UNANSWERED = "unanswered"
    ACKNOWLEDGED = "acknowledged"
    LIFTED = "lifted"
    REPLACED = "replaced"


class RecallEvent(StrEnum):
    """What can happen to a recall."""

    ACKNOWLEDGE = "acknowledge"
    MISS = "miss"
    LIFT = "lift"
    REPLACE = "replace"


class RecallOutcome(StrEnum):
    """What a recipient did with what it had read; `reached` when a person told it and it did not say."""

    ERASED = "erased"
    KEPT_BY_LAW = "kept_by_law"
    HAD_NOTHING = "had_nothing"
    REACHED = "reached"


WAITING: Final = frozenset({RecallState.TOLD, RecallState.BY_HAND, RecallState.UNANSWERED})
"""The states in which a recipient has not yet said what it did."""

LIFECYCLE: Final[Mapping[tuple[RecallState, RecallEvent], RecallState]] = {
    **{(state, RecallEvent.ACKNOWLEDGE): RecallState.ACKNOWLEDGED for state in WAITING},
    # Who says so late is heard; who is silent becomes somebody's task, however it was told.
    (RecallState.TOLD, RecallEvent.MISS): RecallState.UNANSWERED,
    (RecallState.BY_HAND, RecallEvent.MISS): RecallState.UNANSWERED,
    # More lost its ground before an answer came: one answer is awaited, about all of it.
    **{(state, RecallEvent.REPLACE): RecallState.REPLACED for state in WAITING},
    # The ground came back: nothing need be erased, and what was can be read again.
    **{(state, RecallEvent.LIFT): RecallState.LIFTED for state in (*WAITING, RecallState.ACKNOWLEDGED)},
}

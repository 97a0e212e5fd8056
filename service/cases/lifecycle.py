"""The life of a case and of a decision."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseState(StrEnum):
    """Where a case can be."""

    OPEN = "open"
    CLOSED = "closed"


class DecisionState(StrEnum):
    """Where a decision can be: the service proposes, a person confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"


class DecisionEvent(StrEnum):
    """What can happen to a decision."""

    CONFIRM = "confirm"
    SUPERSEDE = "supersede"


DECISION_LIFECYCLE: Final[Mapping[tuple[DecisionState, DecisionEvent], DecisionState]] = {
    (DecisionState.PROPOSED, DecisionEvent.CONFIRM): DecisionState.CONFIRMED,
    (DecisionState.PROPOSED, DecisionEvent.SUPERSEDE): DecisionState.SUPERSEDED,
    (DecisionState.CONFIRMED, DecisionEvent.SUPERSEDE): DecisionState.SUPERSEDED,
}

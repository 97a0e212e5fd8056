"""The life of a case and of a decision."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseState(StrEnum):
    """Where a case can be."""

    OPEN = "open"
    CLOSED = "closed"


class DecisionState(StrEnum):
    """Where a decision can be: the service proposes, a person confirms or decides otherwise."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    OVERRIDDEN = "overridden"
    SUPERSEDED = "superseded"


class DecisionEvent(StrEnum):
    """What can happen to a decision."""

    CONFIRM = "confirm"
    OVERRIDE = "override"
    SUPERSEDE = "supersede"


class DecisionPart(StrEnum):
    """The parts in whose place a person may put something else; what the law alone settles is not among them."""

    SHELTER = "shelter"
    REGION = "region"
    NOTIFICATIONS = "notifications"


LIVE: Final = frozenset({DecisionState.PROPOSED, DecisionState.CONFIRMED, DecisionState.OVERRIDDEN})
"""The states of the one decision of a case that counts."""

DECISION_LIFECYCLE: Final[Mapping[tuple[DecisionState, DecisionEvent], DecisionState]] = {
    (DecisionState.PROPOSED, DecisionEvent.CONFIRM): DecisionState.CONFIRMED,
    (DecisionState.PROPOSED, DecisionEvent.OVERRIDE): DecisionState.OVERRIDDEN,
    (DecisionState.CONFIRMED, DecisionEvent.OVERRIDE): DecisionState.OVERRIDDEN,
    (DecisionState.OVERRIDDEN, DecisionEvent.OVERRIDE): DecisionState.OVERRIDDEN,
    (DecisionState.PROPOSED, DecisionEvent.SUPERSEDE): DecisionState.SUPERSEDED,
    (DecisionState.CONFIRMED, DecisionEvent.SUPERSEDE): DecisionState.SUPERSEDED,
    (DecisionState.OVERRIDDEN, DecisionEvent.SUPERSEDE): DecisionState.SUPERSEDED,
}

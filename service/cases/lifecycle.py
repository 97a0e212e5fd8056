"""The life of a case and of a decision."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseState(StrEnum):
    """Where a case can be."""

    OPEN = "open"
    CLOSED = "closed"


class CaseEvent(StrEnum):
    """What can happen to a case."""

    CLOSE = "close"
    REOPEN = "reopen"


class CloseReason(StrEnum):
    """Why nobody works on a case any more; no source lists these reasons, so the list is assumed."""

    UNKNOWN_DESTINATION = "unknown_destination"
    RETURNED = "returned"
    NO_INDICATION = "no_indication"
    SAME_PERSON = "same_person"
    TRANSFERRED = "transferred"
    MOVED_ON = "moved_on"
    PERSON_DECLINED = "person_declined"
    MISTAKE = "mistake"


class ReopenReason(StrEnum):
    """Why somebody works on a case again; assumed, as the reasons to close it are."""

    CAME_BACK = "came_back"
    PERSON_ASKED = "person_asked"
    MORE_KNOWN = "more_known"
    MISTAKE = "mistake"
    NEW_SIGNAL = "new_signal"
    LATE_YES = "late_yes"


OF_ITSELF: Final = frozenset({ReopenReason.NEW_SIGNAL, ReopenReason.LATE_YES})
"""The reasons for which the service itself reopens a case: somebody needs help again, or gives it after all."""

SHOWN_IN_THE_CASE: Final = frozenset(
    {CloseReason.UNKNOWN_DESTINATION, CloseReason.RETURNED, CloseReason.NO_INDICATION, CloseReason.SAME_PERSON}
)
"""The reasons that the case itself must show; any other one is explained in words by whoever closes it."""

CASE_LIFECYCLE: Final[Mapping[tuple[CaseState, CaseEvent], CaseState]] = {
    (CaseState.OPEN, CaseEvent.CLOSE): CaseState.CLOSED,
    # Somebody comes back, or is told of again: the same case goes on, with all that happened in it.
    (CaseState.CLOSED, CaseEvent.REOPEN): CaseState.OPEN,
}


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

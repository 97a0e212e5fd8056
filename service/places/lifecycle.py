"""The lives of what is kept of places: a place that is held for a while, and one where a person stays."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class HoldState(StrEnum):
    """Where a hold can be."""

    HELD = "held"
    RELEASED = "released"
    EXPIRED = "expired"
    USED = "used"


class HoldEvent(StrEnum):
    """What can happen to a hold."""

    RELEASE = "release"
    EXPIRE = "expire"
    USE = "use"
    GIVE_BACK = "give_back"


HOLD_LIFECYCLE: Final[Mapping[tuple[HoldState, HoldEvent], HoldState]] = {
    (HoldState.HELD, HoldEvent.RELEASE): HoldState.RELEASED,
    (HoldState.HELD, HoldEvent.EXPIRE): HoldState.EXPIRED,
    (HoldState.HELD, HoldEvent.USE): HoldState.USED,
    # Whoever had the place is there no more.
    (HoldState.USED, HoldEvent.GIVE_BACK): HoldState.RELEASED,
}


class PlaceAnswer(StrEnum):
    """What a partner can say to the question whether it has places."""

    ACKNOWLEDGE = "acknowledge"
    YES = "yes"
    NO = "no"


class QuestionState(StrEnum):
    """Where a question for places can be."""

    OPEN = "open"
    SETTLED = "settled"
    UNANSWERED = "unanswered"


class QuestionEvent(StrEnum):
    """What can happen to a question for places."""

    SETTLE = "settle"
    REOPEN = "reopen"
    LAPSE = "lapse"


QUESTION_LIFECYCLE: Final[Mapping[tuple[QuestionState, QuestionEvent], QuestionState]] = {
    (QuestionState.OPEN, QuestionEvent.SETTLE): QuestionState.SETTLED,
    (QuestionState.OPEN, QuestionEvent.LAPSE): QuestionState.UNANSWERED,
    # A late answer is an answer.
    (QuestionState.UNANSWERED, QuestionEvent.SETTLE): QuestionState.SETTLED,
    # Somebody takes back what it said, and others have not said anything.
    (QuestionState.SETTLED, QuestionEvent.REOPEN): QuestionState.OPEN,
}


class PlacementState(StrEnum):
    """Where the placing of a person can be."""

    WAITING = "waiting"
    RESERVED = "reserved"
    PLACED = "placed"
    ENDED = "ended"


class PlacementEvent(StrEnum):
    """What can happen to it."""

    RESERVE = "reserve"
    CONFIRM = "confirm"
    END = "end"


class EndReason(StrEnum):
    """Why a placement ended."""

    MOVED_ON = "moved_on"
    PERSON_LEFT = "person_left"
    RETURNED = "returned"
    UNKNOWN_DESTINATION = "unknown_destination"
    NOT_NEEDED = "not_needed"
    MISTAKE = "mistake"


PLACEMENT_LIFECYCLE: Final[Mapping[tuple[PlacementState, PlacementEvent], PlacementState]] = {
    (PlacementState.WAITING, PlacementEvent.RESERVE): PlacementState.RESERVED,
    (PlacementState.RESERVED, PlacementEvent.CONFIRM): PlacementState.PLACED,
    **{
        (state, PlacementEvent.END): PlacementState.ENDED
        for state in PlacementState
        if state is not PlacementState.ENDED
    },
}

ENDINGS: Final[Mapping[EndReason, frozenset[PlacementState]]] = {
    # Whoever stays somewhere leaves for the next place, for another country, or by an own choice; never for nowhere.
    EndReason.MOVED_ON: frozenset({PlacementState.PLACED}),
    EndReason.PERSON_LEFT: frozenset({PlacementState.PLACED}),
    EndReason.RETURNED: frozenset({PlacementState.PLACED}),
    EndReason.UNKNOWN_DESTINATION: frozenset({PlacementState.WAITING, PlacementState.RESERVED, PlacementState.PLACED}),
    EndReason.NOT_NEEDED: frozenset({PlacementState.WAITING, PlacementState.RESERVED}),
    EndReason.MISTAKE: frozenset({PlacementState.WAITING, PlacementState.RESERVED, PlacementState.PLACED}),
}
"""In which states each reason can end a placement; that a shelter has no room any more is none of them."""

OPEN: Final = frozenset({PlacementState.WAITING, PlacementState.RESERVED, PlacementState.PLACED})
"""The states in which a person has a place, or somebody looks for one."""

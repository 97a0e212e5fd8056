"""The lives of what is kept of places: a place that is held for a while, and a question whether there is one."""

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


HOLD_LIFECYCLE: Final[Mapping[tuple[HoldState, HoldEvent], HoldState]] = {
    (HoldState.HELD, HoldEvent.RELEASE): HoldState.RELEASED,
    (HoldState.HELD, HoldEvent.EXPIRE): HoldState.EXPIRED,
    (HoldState.HELD, HoldEvent.USE): HoldState.USED,
}


class PlaceAnswer(StrEnum):
    """What a partner can say to the question whether it has places."""

    ACKNOWLEDGE = "acknowledge"
    YES = "yes"
    NO = "no"

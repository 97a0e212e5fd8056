"""The life of a signal: received, and then triaged once a case holds it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class SignalState(StrEnum):
    """Where a signal can be."""

    RECEIVED = "received"
    TRIAGED = "triaged"


class SignalEvent(StrEnum):
    """What can happen to a signal."""

    TRIAGE = "triage"


LIFECYCLE: Final[Mapping[tuple[SignalState, SignalEvent], SignalState]] = {
    (SignalState.RECEIVED, SignalEvent.TRIAGE): SignalState.TRIAGED,
}

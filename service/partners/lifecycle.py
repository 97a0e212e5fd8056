"""The life of an endpoint: nothing is sent to it before it has proved whose it is, and nothing after it is gone."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EndpointState(StrEnum):
    """Where an endpoint can be."""

    PENDING_VERIFICATION = "pending_verification"
    ACTIVE = "active"
    FAILING = "failing"
    PAUSED = "paused"
    DISABLED = "disabled"
    REPLACED = "replaced"


LISTENING: Final = frozenset({EndpointState.ACTIVE, EndpointState.FAILING})
"""The states in which messages are sent to an endpoint."""


class WantedState(StrEnum):
    """What an endpoint shall do from now on."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class EndpointEvent(StrEnum):
    """What can happen to an endpoint."""

    VERIFY = "verify"
    FAIL = "fail"
    RECOVER = "recover"
    PAUSE = "pause"
    RESUME = "resume"
    DISABLE = "disable"
    ENABLE = "enable"
    REPLACE = "replace"


_IN_USE: Final = tuple(state for state in EndpointState if state is not EndpointState.REPLACED)

LIFECYCLE: Final[Mapping[tuple[EndpointState, EndpointEvent], EndpointState]] = {
    (EndpointState.PENDING_VERIFICATION, EndpointEvent.VERIFY): EndpointState.ACTIVE,
    (EndpointState.PENDING_VERIFICATION, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.ACTIVE, EndpointEvent.FAIL): EndpointState.FAILING,
    (EndpointState.ACTIVE, EndpointEvent.PAUSE): EndpointState.PAUSED,
    (EndpointState.ACTIVE, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.FAILING, EndpointEvent.RECOVER): EndpointState.ACTIVE,
    (EndpointState.FAILING, EndpointEvent.PAUSE): EndpointState.PAUSED,
    (EndpointState.FAILING, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.PAUSED, EndpointEvent.RESUME): EndpointState.ACTIVE,
    (EndpointState.PAUSED, EndpointEvent.DISABLE): EndpointState.DISABLED,
    # Whoever was gone may have given the address to somebody else.
    (EndpointState.DISABLED, EndpointEvent.ENABLE): EndpointState.PENDING_VERIFICATION,
    **{(state, EndpointEvent.REPLACE): EndpointState.REPLACED for state in _IN_USE},
}

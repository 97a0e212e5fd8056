"""The life of an endpoint: active or failing until its system is gone, and replaced when a new one is registered."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EndpointState(StrEnum):
    """Where an endpoint can be."""

    ACTIVE = "active"
    FAILING = "failing"
    DISABLED = "disabled"
    REPLACED = "replaced"


LISTENING: Final = frozenset({EndpointState.ACTIVE, EndpointState.FAILING})
"""The states in which messages are sent to an endpoint."""


class EndpointEvent(StrEnum):
    """What can happen to an endpoint."""

    FAIL = "fail"
    RECOVER = "recover"
    DISABLE = "disable"
    REPLACE = "replace"


LIFECYCLE: Final[Mapping[tuple[EndpointState, EndpointEvent], EndpointState]] = {
    (EndpointState.ACTIVE, EndpointEvent.FAIL): EndpointState.FAILING,
    (EndpointState.FAILING, EndpointEvent.RECOVER): EndpointState.ACTIVE,
    (EndpointState.ACTIVE, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.FAILING, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.ACTIVE, EndpointEvent.REPLACE): EndpointState.REPLACED,
    (EndpointState.FAILING, EndpointEvent.REPLACE): EndpointState.REPLACED,
    (EndpointState.DISABLED, EndpointEvent.REPLACE): EndpointState.REPLACED,
}

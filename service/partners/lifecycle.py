"""The life of an endpoint: active until its system says that it is gone, and replaced when a new one is registered."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EndpointState(StrEnum):
    """Where an endpoint can be."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REPLACED = "replaced"


class EndpointEvent(StrEnum):
    """What can happen to an endpoint."""

    DISABLE = "disable"
    REPLACE = "replace"


LIFECYCLE: Final[Mapping[tuple[EndpointState, EndpointEvent], EndpointState]] = {
    (EndpointState.ACTIVE, EndpointEvent.DISABLE): EndpointState.DISABLED,
    (EndpointState.ACTIVE, EndpointEvent.REPLACE): EndpointState.REPLACED,
    (EndpointState.DISABLED, EndpointEvent.REPLACE): EndpointState.REPLACED,
}

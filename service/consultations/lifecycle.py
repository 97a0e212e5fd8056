"""The life of a case consultation: planned, held, and closed when all that was decided is on its way, or cancelled."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ConsultationState(StrEnum):
    """Where a consultation can be."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class ConsultationEvent(StrEnum):
    """What can happen to a consultation."""

    HOLD = "hold"
    CLOSE = "close"
    CANCEL = "cancel"


class Agenda(StrEnum):
    """Why people meet, as a code; no source lists the reasons, so the list is assumed."""

    REPEATED_ABSENCE = "repeated_absence"
    SAFETY = "safety"
    SHELTER = "shelter"
    CRIMINAL_AND_ADMINISTRATIVE = "criminal_and_administrative"
    RETURN = "return"
    OTHER = "other"


LIFECYCLE: Final[Mapping[tuple[ConsultationState, ConsultationEvent], ConsultationState]] = {
    (ConsultationState.PLANNED, ConsultationEvent.HOLD): ConsultationState.HELD,
    (ConsultationState.PLANNED, ConsultationEvent.CANCEL): ConsultationState.CANCELLED,
    (ConsultationState.HELD, ConsultationEvent.CLOSE): ConsultationState.CLOSED,
}

SHOWN: Final = frozenset({ConsultationState.PLANNED, ConsultationState.HELD})
"""While it is in one of these, whoever was invited reads what was shared; afterwards nobody outside does."""

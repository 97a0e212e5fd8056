"""The life of a delivery: which event leads from which state to which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class DeliveryState(StrEnum):
    """Where a delivery can be; in none of them is it forgotten."""

    DUE = "due"
    LEASED = "leased"
    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD_LETTER = "dead_letter"
    CANCELLED = "cancelled"


OPEN: Final = (DeliveryState.DUE, DeliveryState.LEASED, DeliveryState.WAITING)
"""The states in which a delivery is still to be sent."""


class DeliveryEvent(StrEnum):
    """What can happen to a delivery."""

    CLAIM = "claim"
    DELIVER = "deliver"
    RETRY = "retry"
    HOLD = "hold"
    GIVE_UP = "give_up"
    REVIVE = "revive"
    RESEND = "resend"
    KEEP = "keep"
    CANCEL = "cancel"


LIFECYCLE: Final[Mapping[tuple[DeliveryState, DeliveryEvent], DeliveryState]] = {
    (DeliveryState.DUE, DeliveryEvent.CLAIM): DeliveryState.LEASED,
    (DeliveryState.WAITING, DeliveryEvent.CLAIM): DeliveryState.LEASED,
    # The worker that held the lease died or stood still; its successor takes over.
    (DeliveryState.LEASED, DeliveryEvent.CLAIM): DeliveryState.LEASED,
    (DeliveryState.LEASED, DeliveryEvent.DELIVER): DeliveryState.DELIVERED,
    (DeliveryState.LEASED, DeliveryEvent.RETRY): DeliveryState.WAITING,
    # Nothing could be tried; it waits until something is put right.
    (DeliveryState.LEASED, DeliveryEvent.HOLD): DeliveryState.WAITING,
    (DeliveryState.LEASED, DeliveryEvent.GIVE_UP): DeliveryState.DEAD_LETTER,
    # The partner listens again: what was given up is sent after all.
    (DeliveryState.DEAD_LETTER, DeliveryEvent.REVIVE): DeliveryState.DUE,
    # Somebody wants it sent at once, or once more; what is being sent just now need not be.
    (DeliveryState.DUE, DeliveryEvent.RESEND): DeliveryState.DUE,
    (DeliveryState.WAITING, DeliveryEvent.RESEND): DeliveryState.DUE,
    (DeliveryState.DEAD_LETTER, DeliveryEvent.RESEND): DeliveryState.DUE,
    (DeliveryState.DELIVERED, DeliveryEvent.RESEND): DeliveryState.DUE,
    # It did not arrive once more, or need not any more; that it had arrived before stays true.
    (DeliveryState.LEASED, DeliveryEvent.KEEP): DeliveryState.DELIVERED,
    (DeliveryState.DUE, DeliveryEvent.KEEP): DeliveryState.DELIVERED,
    (DeliveryState.WAITING, DeliveryEvent.KEEP): DeliveryState.DELIVERED,
    # Nobody needs to hear it any more: what it announces was taken back, or is known to the partner another way. What
    # is being sent just now cannot be stopped.
    (DeliveryState.DUE, DeliveryEvent.CANCEL): DeliveryState.CANCELLED,
    (DeliveryState.WAITING, DeliveryEvent.CANCEL): DeliveryState.CANCELLED,
    (DeliveryState.DEAD_LETTER, DeliveryEvent.CANCEL): DeliveryState.CANCELLED,
}

"""What doors show of messages on their way to partners, and of the attempts at sending them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.dispatch.backoff import Trouble
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category


class DeliveryLine(BaseModel):
    """One message to a partner's system: what it announces, how far it is, and when it is tried again."""

    model_config = SHOWN

    id: str
    partner_id: str
    referral_id: UUID
    kind: MessageKind
    sequence: int
    recorded_at: datetime
    state: DeliveryState
    attempts: int
    outcome: Category | None
    trouble: Trouble | None
    next_attempt_at: datetime | None
    stopped_by: str | None


class DeliveryPage(BaseModel):
    """One page of messages, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[DeliveryLine, ...]
    next_cursor: str | None


class AttemptLine(BaseModel):
    """One attempt that ended, in categories and numbers; nothing that the other side wrote is kept."""

    model_config = SHOWN

    number: int
    ended_at: datetime
    outcome: Category
    http_status: int | None
    latency_ms: int
    endpoint_id: UUID | None
    by_hand: bool


class AttemptList(BaseModel):
    """All attempts at sending one message, in order."""

    model_config = SHOWN

    items: tuple[AttemptLine, ...]


class RecoveryView(BaseModel):
    """What a recovery did: how many messages are due now, and how many must wait for an older one that was given up.

    When it stopped early there are more; a recovery since `continue_from` goes on with them.
    """

    model_config = SHOWN

    queued: int
    held_back: int
    stopped_early: bool
    continue_from: datetime | None

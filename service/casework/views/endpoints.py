"""What doors show of where partners' systems listen; a secret is shown once, where it is made."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.dispatch.outcome import Category
from service.partners.lifecycle import EndpointState


class EndpointView(BaseModel):
    """Where a partner's system listens, and how it is with it."""

    model_config = SHOWN

    id: UUID
    partner_id: str
    url: str
    state: EndpointState
    registered_at: datetime
    failing_since: datetime | None
    version: int


class EndpointPage(BaseModel):
    """One page of endpoints, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[EndpointView, ...]
    next_cursor: str | None


class RegisteredView(EndpointView):
    """A new endpoint; its signing secret is shown this once."""

    secret: str


class NewSecretView(BaseModel):
    """The secret that signs from now on, shown this once, and until when those before it sign too."""

    model_config = SHOWN

    endpoint_id: UUID
    secret: str
    older_sign_until: tuple[datetime, ...]


class AnswerOfSystem(BaseModel):
    """What a partner's system made of one message about the wire."""

    model_config = SHOWN

    outcome: Category
    http_status: int | None
    latency_ms: int
    detail: str


class VerificationView(BaseModel):
    """Whether an endpoint proved whose it is: it must answer what we signed, and refuse what we signed wrongly."""

    model_config = SHOWN

    endpoint_id: UUID
    state: EndpointState
    verified: bool
    detail: str
    signed: AnswerOfSystem
    wrongly_signed: AnswerOfSystem


class TestDeliveryView(BaseModel):
    """What came of a message that was sent to try an endpoint out."""

    model_config = SHOWN

    endpoint_id: UUID
    message_id: str
    type: str
    delivered: bool
    answer: AnswerOfSystem

"""What doors show of where partners' systems listen; a secret is shown once, where it is made, a public key always."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from service.casework.views.shape import SHOWN
from service.dispatch.outcome import Category
from service.dispatch.signature import SignatureKind
from service.partners.lifecycle import EndpointState

PublicKey = Annotated[
    str | None,
    Field(description="The public key (whpk_) of what signs now, when signatures are asymmetric; else null."),
]


class EndpointView(BaseModel):
    """Where a partner's system listens, and how it is with it."""

    model_config = SHOWN

    id: UUID
    partner_id: str
    url: str
    signature: SignatureKind
    public_key: PublicKey
    state: EndpointState
    registered_at: datetime
    failing_since: datetime | None
    version: int


class EndpointPage(BaseModel):
    """One page of endpoints, newest first, and the cursor of the next page."""

    model_config = SHOWN

    items: tuple[EndpointView, ...]
    next_cursor: str | None


class GivenKey(BaseModel):
    """What a partner's system checks signatures with: a shared secret, shown this once, or a public key."""

    model_config = SHOWN

    secret: str | None = Field(description="The shared secret (whsec_), when signatures are symmetric; else null.")
    public_key: PublicKey

    @property
    def checks_with(self) -> str:
        """Give whichever of the two there is."""
        return self.public_key or self.secret or ""


class RegisteredView(EndpointView, GivenKey):
    """A new endpoint, and what its system checks signatures with; a shared secret is shown this once."""


class NewSecretView(GivenKey):
    """What signs from now on, a shared secret shown this once, and until when those before it sign too."""

    endpoint_id: UUID
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

"""What somebody may change about a partner and about where its system listens."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from service.casework.commands.shape import AS_SAID, PartnerId
from service.dispatch.signature import SignatureKind
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import WantedState

LONGEST_GRACE: Final = 7 * 24 * 60 * 60
"""Seconds for which an older secret may sign beside a new one."""

USUAL_GRACE: Final = 24 * 60 * 60
"""Seconds for which it does when nobody says how long."""


class ChangePartner(BaseModel):
    """Whether a partner is asked from now on."""

    model_config = AS_SAID

    status: PartnerStatus


class RegisterEndpoint(BaseModel):
    """Where a partner's system will listen."""

    model_config = AS_SAID

    partner_id: PartnerId | None = Field(
        default=None, description="Whose system it is; a partner leaves it out or names itself."
    )
    url: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        description="An https address on port 443 or 8443, of a host with a full name on the internet."
    )
    signature: SignatureKind = Field(
        default=SignatureKind.SYMMETRIC,
        description="How messages to it are signed. symmetric: v1 (HMAC-SHA-256), with a secret that both sides keep. "
        "asymmetric: v1a (ed25519), with a private key that never leaves the service and a public key to check with.",
    )


class ChangeEndpoint(BaseModel):
    """Whether an endpoint gets messages; one that was disabled must prove again whose it is."""

    model_config = AS_SAID

    state: WantedState = Field(
        description="active takes back a pause or a disabling; after a disabling the state is pending_verification."
    )


class RotateSecret(BaseModel):
    """A new secret signs from now on; those before it sign beside it for a while."""

    model_config = AS_SAID

    grace_period_seconds: Annotated[int, Field(ge=0, le=LONGEST_GRACE)] = Field(
        default=USUAL_GRACE,
        description="How long older secrets sign beside the new one; 0 takes them away at once, as when one leaked.",
    )

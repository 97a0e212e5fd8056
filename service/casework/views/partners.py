"""What doors show of partners and of where they listen."""

from uuid import UUID

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.partners.lifecycle import EndpointState


class PartnerView(BaseModel):
    """One organisation of the directory, and whether its system listens."""

    model_config = SHOWN

    id: str
    name: str
    kind: str
    area: str
    endpoint: EndpointState | None


class SeedView(BaseModel):
    """What filling the directory changed."""

    model_config = SHOWN

    registered: int
    changed: int
    unchanged: int


class EndpointView(BaseModel):
    """A new endpoint; its signing secret is shown this once."""

    model_config = SHOWN

    id: UUID
    partner_id: str
    url: str
    secret: str

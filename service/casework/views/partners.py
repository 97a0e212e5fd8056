"""What doors show of partners and of where they listen."""

from datetime import date

from pydantic import BaseModel

from service.casework.views.shape import SHOWN
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import EndpointState


class FeatureView(BaseModel):
    """An attribute of places or people, and the values of which one is enough."""

    model_config = SHOWN

    attribute: str
    values: tuple[str, ...]


class PartnerView(BaseModel):
    """One organisation of the directory, how well that is known, and whether its system listens."""

    model_config = SHOWN

    id: str
    name: str
    kind: str
    services: tuple[str, ...]
    areas: tuple[FeatureView, ...]
    target_groups: tuple[FeatureView, ...]
    email: str
    phone: str
    status: PartnerStatus
    valid_from: date | None
    valid_to: date | None
    as_of: date | None
    stale: bool
    source: str
    note: str
    endpoint: EndpointState | None
    version: int


class PartnerList(BaseModel):
    """Partners, by id."""

    model_config = SHOWN

    items: tuple[PartnerView, ...]


class SeedView(BaseModel):
    """What filling the directory changed."""

    model_config = SHOWN

    registered: int
    changed: int
    unchanged: int

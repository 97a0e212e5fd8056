"""How partners and their endpoints are kept."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Date, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import EndpointState


class Partner(SQLModel, table=True):
    """One organisation of the directory; services, areas and target groups as its file writes them."""

    __tablename__ = "partner"

    id: str = Field(sa_column=Column(String(64), primary_key=True))
    name: str = Field(sa_column=Column(String(200), nullable=False))
    kind: str = Field(sa_column=Column(String(64), nullable=False))
    source: str = Field(sa_column=Column(String(500), nullable=False))
    note: str = Field(sa_column=Column(String(1000), nullable=False))
    services: str = Field(sa_column=Column(String(500), nullable=False))
    areas: str = Field(sa_column=Column(String(1000), nullable=False))
    target_groups: str = Field(sa_column=Column(String(1000), nullable=False))
    email: str = Field(sa_column=Column(String(200), nullable=False))
    phone: str = Field(sa_column=Column(String(50), nullable=False))
    status: PartnerStatus = Field(sa_column=Column(Coded(PartnerStatus), nullable=False))
    valid_from: date | None = Field(default=None, sa_column=Column(Date))
    valid_to: date | None = Field(default=None, sa_column=Column(Date))
    as_of: date | None = Field(default=None, sa_column=Column(Date))
    version: int = 1


class Endpoint(SQLModel, table=True):
    """Where a partner's system listens; sealed, the secret with which messages to it are signed and those before it."""

    __tablename__ = "partner_endpoint"
    __table_args__ = (Index("partner_endpoint_partner", "partner_id", "state"),)

    id: UUID = Field(primary_key=True)
    partner_id: str = Field(sa_column=Column(ForeignKey("partner.id"), nullable=False))
    url: str = Field(sa_column=Column(String(2000), nullable=False))
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
    # The public half of the newest secret; an endpoint that has none shares its secrets with the partner's system.
    public_key: str | None = Field(default=None, sa_column=Column(String(64)))
    older_secrets: bytes | None = Field(default=None, sa_column=Column(LargeBinary), repr=False)
    registered_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
    challenged_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    tried_at: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    failing_since: datetime | None = Field(default=None, sa_column=Column(UtcInstant))
    state: EndpointState = Field(sa_column=Column(Coded(EndpointState), nullable=False))
    version: int = 1

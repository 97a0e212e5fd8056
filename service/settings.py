"""Every environment variable of the service: its type, a safe default and one sentence."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

_ROOT: Final = Path(__file__).resolve().parent.parent
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})

LogName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Provider(BaseModel):
    """A provider of tokens outside the service, for instance an organisation's single sign-on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    issuer: str = Field(min_length=1, description="Its name: the `iss` of its tokens, letter for letter.")
    audience: str = Field(min_length=1, description="What its tokens call this service: their `aud`.")
    keys_url: str = Field(pattern=r"^https?://[^\s#]+$", description="Where it publishes its keys (jwks_uri); https.")
    org_claim: str = Field(default="org", description="The claim that names the caller's organisation.")
    role_claim: str = Field(default="role", description="The claim that names the caller's role.")


class Settings(BaseSettings):
    """What an operator can set; each field is read from the variable of its name with `NRM_` before it."""

    model_config = SettingsConfigDict(
        env_prefix="NRM_", env_nested_delimiter="__", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(default=Path("var"), description="Folder of keys and of the embedded database.")
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy address of the database; a SQLite file in the home folder when left out.",
        repr=False,
    )
    keyring: str | None = Field(
        default=None,
        description="Wrapping keys of personal data, as `nrm keys create` prints them; a file in the home folder when "
        "neither this nor the command is set.",
        repr=False,
    )
    keyring_command: str | None = Field(
        default=None, description="Command that prints the wrapping keys, for instance from a vault."
    )
    lookup_key: str | None = Field(
        default=None,
        description="Key for recognising without reading, 32 bytes in base64; a file in the home folder when left out. "
        "Machines that share a database share it.",
        repr=False,
    )
    provider: Provider | None = Field(
        default=None,
        description="Provider of tokens to believe: NRM_PROVIDER__ISSUER, __AUDIENCE, __KEYS_URL, and if they are "
        "called otherwise __ORG_CLAIM and __ROLE_CLAIM. The caller's `sub` must be a pseudonym.",
    )
    local_tokens: bool = Field(
        default=True, description="Whether tokens of `nrm token` are believed; turn off where a provider gives them."
    )
    rules: Path = Field(
        default=_ROOT / "routing_rules" / "nl",
        description="Folder of the rules in force as long as none were published.",
    )
    host: str = Field(default="127.0.0.1", min_length=1, description="Network address to listen on.")
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s?#]+[^\s?#/]$",
        description="Where partners reach this service, https; may be left out, or be http, only where it listens on a "
        "loopback address.",
        validate_default=True,
    )
    port: int = Field(default=8080, ge=1, le=65535, description="TCP port to listen on.")
    allowed_hosts: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.:-]+(,[A-Za-z0-9.:-]+)*$",
        description="Names and addresses, separated by commas and without ports, under which callers may ask for this "
        "service (the Host header), beside those of the public address and of this machine itself.",
    )
    clock_starts_at: AwareDatetime | None = Field(
        default=None,
        description="Moves business time for a rehearsal: the instant at which this process starts, with its offset.",
    )
    allow_loopback: bool = Field(
        default=False,
        description="Whether a partner's system may listen on http://127.0.0.1, for trying the service out.",
    )
    allowed_networks: str = Field(
        default="",
        description="Closed networks into which messages may go all the same, as `10.1.0.0/16, fd00:1::/32`; every use "
        "is logged. Needed where partners are reached over a closed network only.",
    )
    lease_seconds: float = Field(
        default=60.0,
        ge=1,
        le=3600,
        description="How long a message is one worker's to send; when the worker dies, another sends it after that.",
    )
    worker: Literal["inside", "beside"] | None = Field(
        default=None,
        description="Whether `nrm serve` sends what is due, or `nrm worker` does; inside on SQLite, which one process "
        "writes best, and beside on PostgreSQL when left out.",
    )
    deliveries_per_partner: int = Field(
        default=2,
        ge=1,
        le=100,
        description="How many messages may be under way to one partner at the same time, on all machines together.",
    )
    log_name: LogName = Field(
        default="nrm",
        description="Name of this audit log, part of every entry and checkpoint; a new one after a restored backup.",
    )
    node: Name = Field(default="node-1", description="Name of this machine, part of every entry.")

    @field_validator("public_url")
    @classmethod
    def _leads_partners_here(cls, public_url: str | None, earlier: ValidationInfo) -> str | None:
        """Refuse an address that would stand in every message and lead nobody here, or in the clear."""
        if _is_loopback(earlier.data.get("host", "")):
            return public_url
        if public_url is None:
            kind, words = "public_url_missing", "needed when NRM_HOST is no loopback address: where partners reach it"
            raise PydanticCustomError(kind, words)
        if not public_url.startswith("https://"):
            kind, words = "public_url_in_the_clear", "https:// is needed when NRM_HOST is no loopback address"
            raise PydanticCustomError(kind, words)
        return public_url

    @field_validator("allowed_networks")
    @classmethod
    def _are_networks(cls, allowed_networks: str) -> str:
        try:
            _networks(allowed_networks)
        except ValueError:
            kind, words = "not_networks", "networks are written as 10.1.0.0/16, with commas between them"
            raise PydanticCustomError(kind, words) from None
        return allowed_networks

    @property
    def open_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Give the closed networks into which messages may go all the same."""
        return _networks(self.allowed_networks)

    @property
    def database_address(self) -> str:
        """Give the address of the database."""
        return self.database_url or f"sqlite:///{self.home / 'nrm.sqlite3'}"

    @property
    def worker_is_inside(self) -> bool:
        """Whether the service sends by itself."""
        return self.database_address.startswith("sqlite") if self.worker is None else self.worker == "inside"

    @property
    def public_address(self) -> str:
        """Give the address under which partners reach the service, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """Give the names under which callers may ask for this service, in small letters and without ports."""
        allowed = () if self.allowed_hosts is None else self.allowed_hosts.split(",")
        public = urlsplit(self.public_address).hostname or self.host
        return _THIS_MACHINE | {name.lower() for name in (public, *allowed)}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _networks(written: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one.strip()) for one in written.split(",") if one.strip())


def environment_with(settings: Settings) -> dict[str, str]:
    """Give the environment in which another process of ours finds these settings and no others.

    Args:
        settings: what the process should find.
    """
    prefix = str(Settings.model_config["env_prefix"])
    set_here = settings.model_dump(mode="json", exclude_none=True)
    others = {name: value for name, value in os.environ.items() if not name.startswith(prefix)}
    return {**others, **{f"{prefix}{name.upper()}": str(value) for name, value in set_here.items()}}

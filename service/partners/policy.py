"""Which addresses a partner's system may listen on, as far as the text of the address tells."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from service.kernel.errors import DomainError, Kind

PORTS: Final = frozenset({443, 8443})
"""Where a partner's system may listen; any other port belongs to something else."""

_LONGEST: Final = 2000
_LOOPBACK: Final = "127.0.0.1"
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
# The last label holds a letter first: what looks like a number is read as an IP address by resolvers.
_NAME: Final = re.compile(rf"(?=.{{4,253}}$)({_LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])", re.IGNORECASE)
_INSIDE: Final = (".local", ".localhost", ".localdomain", ".internal", ".intranet", ".lan", ".home", ".home.arpa")


class BadEndpoint(DomainError):
    """A message may not be sent to this address."""

    kind = Kind.INVALID
    code = "bad-endpoint"
    title = "A message may not be sent to this address"


def check_endpoint(url: str, *, loopback_allowed: bool) -> None:
    """Stop an address that no message may go to; where its name leads is checked again at every sending.

    Args:
        url: where the partner's system listens.
        loopback_allowed: whether `http://127.0.0.1` is acceptable, for trying the service out on one machine.

    Raises:
        BadEndpoint: it is no https address of a host with a full name on the internet, or holds more than that.
    """
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadEndpoint
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadEndpoint from None
    if "@" in parts.netloc or parts.fragment or "#" in url or port == 0:
        detail = "An address holds no user, no password and no fragment."
        raise BadEndpoint(detail)
    if loopback_allowed and (parts.scheme, parts.hostname) == ("http", _LOOPBACK):
        return
    if parts.scheme != "https":
        detail = "A partner's address begins with https://."
        raise BadEndpoint(detail)
    _check_host(parts)
    if port is not None and port not in PORTS:
        detail = f"A partner's system listens on port {' or '.join(map(str, sorted(PORTS)))}."
        raise BadEndpoint(detail)


def _check_host(parts: SplitResult) -> None:
    host = parts.hostname or ""
    if not _NAME.fullmatch(host):
        detail = "The host is a full name such as hooks.example.org, not a number and not one word."
        raise BadEndpoint(detail)
    if f".{host}".endswith(_INSIDE):
        detail = "The host is known inside one network only."
        raise BadEndpoint(detail)

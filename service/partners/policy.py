"""Which addresses a partner's system may listen on, as far as the text of the address tells."""

from typing import Final
from urllib.parse import urlsplit

from service.kernel.errors import DomainError, Kind

_LONGEST: Final = 2000
_LOOPBACK: Final = "127.0.0.1"


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
        BadEndpoint: it is not an https address, or holds a password, a fragment or no host.
    """
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise BadEndpoint
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadEndpoint from None
    if not parts.hostname or parts.username or parts.password or parts.fragment or port == 0:
        raise BadEndpoint
    if parts.scheme == "https" or (loopback_allowed and (parts.scheme, parts.hostname) == ("http", _LOOPBACK)):
        return
    detail = "A partner's address begins with https://."
    raise BadEndpoint(detail)

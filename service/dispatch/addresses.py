"""Which network addresses a message may go to: public ones, decided on the resolved address and on nothing else.

A partner's address is somebody else's text. Names that lead into our own network, to a cloud's metadata or back to
ourselves are stopped here. Python's own `is_global` lets several of these ranges pass, so the table is ours; the source
is IANA's special-purpose address registries.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Networks = Sequence[IPv4Network | IPv6Network]
"""Closed networks that an operator opened on purpose, as on a closed network of the government."""

_PUBLIC_V6: Final = IPv6Network("2000::/3")

_CLOSED_V4: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, reachable from inside only
        "169.254.0.0/16",  # link-local, and with it most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)

_CLOSED_V6: Final = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4: carries any IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def may_receive(address: str, *, loopback_allowed: bool = False, allowed: Networks = ()) -> bool:
    """Say whether a message may be sent to an address.

    Args:
        address: a resolved IP address in text, with or without a zone.
        loopback_allowed: whether this machine itself may receive, for trying the service out.
        allowed: closed networks that are open all the same; this machine itself is none of them.
    """
    found = _unwrapped(address)
    if found.is_loopback:
        return loopback_allowed
    return _is_public(found) or is_within(address, allowed)


def is_within(address: str, networks: Networks) -> bool:
    """Tell whether an address lies in one of these networks."""
    found = _unwrapped(address)
    return any(found in network for network in networks)


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv4Address):
        return not any(found in block for block in _CLOSED_V4)
    return found in _PUBLIC_V6 and not any(found in block for block in _CLOSED_V6)


def _unwrapped(address: str) -> IPv4Address | IPv6Address:
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found

"""Where a message may go, whatever a partner wrote."""

from ipaddress import ip_network

import pytest

from service.dispatch.addresses import may_receive


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "8.8.8.8", "172.32.0.1", "2a00:1450:4009:80b::200e", "::ffff:8.8.8.8"]
)
def test_a_public_address_may_receive(address: str) -> None:
    assert may_receive(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 -- an address to refuse, not to bind
        "10.1.2.3",
        "100.100.100.200",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.170",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::7f00:1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2001::1",
        "2001:db8::1",
        "2002:a9fe:a9fe::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_inside_or_special_may_not_even_when_loopback_may(address: str) -> None:
    assert not may_receive(address)
    assert not may_receive(address, loopback_allowed=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_receives_only_when_somebody_said_so(address: str) -> None:
    assert not may_receive(address)
    assert may_receive(address, loopback_allowed=True)


OPENED = [ip_network("10.1.0.0/16"), ip_network("fd00:1::/32"), ip_network("127.0.0.0/8")]


@pytest.mark.parametrize("address", ["10.1.2.3", "fd00:1::7", "::ffff:10.1.2.3", "8.8.8.8"])
def test_a_closed_network_that_somebody_opened_may_receive(address: str) -> None:
    assert may_receive(address, allowed=OPENED)


@pytest.mark.parametrize("address", ["10.2.0.1", "fd00:2::7", "169.254.169.254", "127.0.0.1", "::1"])
def test_opening_one_network_opens_no_other_and_never_this_machine(address: str) -> None:
    assert not may_receive(address, allowed=OPENED)

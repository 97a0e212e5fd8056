"""An operator's setting that would lead partners nowhere is refused before anything starts."""

import pytest
from pydantic import ValidationError

from service.settings import Settings


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("localhost", "http://localhost:8080"),
        ("::1", "http://[::1]:8080"),
    ],
)
def test_on_a_loopback_address_partners_are_led_to_where_the_service_listens(host: str, address: str) -> None:
    assert Settings(host=host).public_address == address


def test_the_service_is_asked_for_by_its_public_name_by_this_machine_s_and_by_those_that_are_allowed() -> None:
    here = {"localhost", "127.0.0.1", "::1"}

    assert Settings().hosts == here
    assert Settings(public_url="https://NRM.example.org:8443/api").hosts == {*here, "nrm.example.org"}
    assert Settings(allowed_hosts="10.0.0.7,Api.example.org,fe80::7").hosts == {
        *here,
        *("10.0.0.7", "api.example.org", "fe80::7"),
    }


@pytest.mark.parametrize("allowed", ["", "a,,b", "https://api.example.org", "api.example.org/v1", "*"])
def test_a_name_that_is_none_allows_nobody(allowed: str) -> None:
    with pytest.raises(ValidationError):
        Settings(allowed_hosts=allowed)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "nrm.example.org"])  # noqa: S104 -- refused here
def test_anywhere_else_it_must_be_said_where_partners_reach_it(host: str) -> None:
    with pytest.raises(ValidationError, match="needed when NRM_HOST is no loopback address"):
        Settings(host=host)
    with pytest.raises(ValidationError, match="https:// is needed"):
        Settings(host=host, public_url="http://nrm.example.org")

    assert Settings(host=host, public_url="https://nrm.example.org").public_address == "https://nrm.example.org"


def test_networks_that_are_opened_are_written_one_after_the_other() -> None:
    opened = Settings(allowed_networks="10.1.0.0/16, fd00:1::/32").open_networks

    assert [str(one) for one in opened] == ["10.1.0.0/16", "fd00:1::/32"]
    assert Settings().open_networks == ()


@pytest.mark.parametrize("written", ["10.1.0.5/16", "everything", "10.1.0.0/33", "10.1.0.0/16;10.2.0.0/16"])
def test_what_is_no_network_opens_nothing(written: str) -> None:
    with pytest.raises(ValidationError, match="networks are written as"):
        Settings(allowed_networks=written)

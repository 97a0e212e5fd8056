"""Identifiers sort by their making and cannot be guessed."""

import base64
import time

from service.kernel.ids import new_id, new_key, new_salt, new_signing_secret
from tests.waiting import until


def test_an_identifier_is_a_version_7_uuid_of_this_millisecond() -> None:
    made = new_id()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert abs((made.int >> 80) - time.time_ns() // 1_000_000) < 10_000


def test_a_later_identifier_sorts_later() -> None:
    earlier = new_id()
    until(lambda: new_id().int >> 80 > earlier.int >> 80, "the next millisecond")

    assert earlier < new_id()


def test_nothing_is_made_twice() -> None:
    made = {new_id() for _ in range(1000)} | {new_key("k_") for _ in range(1000)} | {new_salt() for _ in range(1000)}

    assert len(made) == 3000


def test_a_signing_secret_holds_thirty_two_bytes_in_the_standard_form() -> None:
    prefix, _, rest = new_signing_secret().partition("_")

    assert prefix == "whsec"
    assert len(base64.b64decode(rest, validate=True)) == 32

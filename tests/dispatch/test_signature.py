"""Signatures that somebody else's library accepts."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from service.dispatch.signature import (
    SignatureKind,
    UnusableMessage,
    UnusableSecret,
    new_secret,
    private_key,
    public_half,
    signed_headers,
    signing_key,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="


def written(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


@pytest.mark.parametrize(
    ("secret", "public_key", "signature"),
    [
        (SECRET, None, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        (
            PRIVATE,
            PUBLIC,
            "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
        ),
    ],
)
def test_the_published_vectors_are_reproduced(secret: str, public_key: str | None, signature: str) -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [secret], public_key)
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": signature,
    }
    assert public_half(secret) == public_key


@given(
    keys=st.lists(st.binary(min_size=24, max_size=64), min_size=1, max_size=4),
    body=st.dictionaries(st.text(), st.integers()).map(lambda value: json.dumps(value).encode()),
)
def test_a_receiver_with_any_of_the_secrets_verifies_the_message(keys: list[bytes], body: bytes) -> None:
    headers = signed_headers("msg_1", datetime.now(UTC), body, [written(key) for key in keys])
    for key in keys:
        assert Webhook(written(key)).verify(body, headers) == json.loads(body)


def test_a_changed_byte_is_noticed() -> None:
    headers = signed_headers("msg_1", datetime.now(UTC), b'{"a":1}', [SECRET])
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(b'{"a":2}', headers)


def test_several_signatures_are_separated_by_exactly_one_space() -> None:
    headers = signed_headers("msg_1", datetime.now(UTC), b"{}", [SECRET, written(b"k" * 32)])
    assert [part[:3] for part in headers["webhook-signature"].split(" ")] == ["v1,", "v1,"]


@pytest.mark.parametrize(
    "secret",
    [
        PRIVATE,
        PUBLIC,
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_not base64 at all",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        written(b"k" * 23),
        written(b"k" * 65),
    ],
)
def test_what_is_no_shared_secret_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(UnusableSecret) as refusal:
        signing_key(secret)
    assert secret.removeprefix("whsec_") == "" or secret not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize(
    "secret",
    [
        SECRET,
        PUBLIC,
        PRIVATE.removeprefix("whsk_"),
        "whsk_",
        "whsk_not base64 at all",
        # The seed alone, and halves of two different pairs.
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc=",
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvw==",
    ],
)
def test_what_is_no_private_key_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(UnusableSecret) as refusal:
        private_key(secret)
    assert secret.removeprefix("whsk_") == "" or secret not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("secrets", [[SECRET], [PRIVATE, SECRET], [SECRET, PRIVATE], [PUBLIC]])
def test_whoever_checks_with_a_public_key_never_gets_a_signature_of_a_shared_secret(secrets: list[str]) -> None:
    with pytest.raises(UnusableSecret):
        signed_headers("msg_1", datetime.now(UTC), b"{}", secrets, PUBLIC)


@pytest.mark.parametrize("secrets", [[PRIVATE], [PRIVATE, SECRET], [SECRET, PRIVATE], [PUBLIC]])
def test_whoever_shares_a_secret_gets_no_signature_of_a_private_key(secrets: list[str]) -> None:
    with pytest.raises(UnusableSecret):
        signed_headers("msg_1", datetime.now(UTC), b"{}", secrets)


def test_the_newest_key_must_be_the_one_that_the_receiver_was_given() -> None:
    newer = new_secret(SignatureKind.ASYMMETRIC)
    rotated = signed_headers("msg_1", datetime.now(UTC), b"{}", [newer, PRIVATE], public_half(newer))
    assert [part[:4] for part in rotated["webhook-signature"].split(" ")] == ["v1a,", "v1a,"]
    with pytest.raises(UnusableSecret):
        signed_headers("msg_1", datetime.now(UTC), b"{}", [newer, PRIVATE], PUBLIC)


def test_every_secret_that_is_made_is_another_and_of_the_kind_that_was_asked_for() -> None:
    shared, private = new_secret(SignatureKind.SYMMETRIC), new_secret(SignatureKind.ASYMMETRIC)
    assert len(signing_key(shared)) == 32
    assert public_half(shared) is None
    assert str(public_half(private)).startswith("whpk_")
    assert {shared, private}.isdisjoint({new_secret(kind) for kind in SignatureKind})


@pytest.mark.parametrize("public_key", [None, PUBLIC])
def test_a_message_without_any_secret_is_not_signed(public_key: str | None) -> None:
    with pytest.raises(UnusableSecret):
        signed_headers("msg_1", datetime.now(UTC), b"{}", [], public_key)


@pytest.mark.parametrize("message_id", ["", "msg_1.2", "msg_é"])
def test_an_id_that_would_make_the_signed_text_ambiguous_is_refused(message_id: str) -> None:
    with pytest.raises(UnusableMessage):
        signed_headers(message_id, datetime.now(UTC), b"{}", [SECRET])


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=2))])
def test_an_instant_elsewhere_than_in_utc_is_refused(zone: timezone | None) -> None:
    with pytest.raises(UnusableMessage):
        signed_headers("msg_1", datetime(2026, 3, 1, 12, tzinfo=zone), b"{}", [SECRET])

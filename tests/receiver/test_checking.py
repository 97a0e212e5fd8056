"""What a receiver checks signatures with, and what it does not take for a signature."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook

from service.receiver.checking import Key, NotSigned, UnusableKey, check, read_key, read_keys

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
BODY = b'{"test": 2432232314}'


def signed(*, at: datetime | None = None, private: str = PRIVATE, body: bytes = BODY) -> dict[str, str]:
    """Sign as the sender does that holds the private key."""
    timestamp = str(int((at or datetime.now(UTC)).timestamp()))
    key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private.removeprefix("whsk_"))[:32])
    signature = base64.b64encode(key.sign(f"msg_1.{timestamp}.".encode() + body)).decode()
    return {"webhook-id": "msg_1", "webhook-timestamp": timestamp, "webhook-signature": f"v1a,{signature}"}


def keyed(public_key: str = PUBLIC) -> list[Key]:
    return [read_key(public_key)]


def test_what_the_private_key_signed_just_now_is_taken_also_among_other_signatures() -> None:
    headers = signed()
    check(BODY, headers, keyed())
    signatures = f"v1,AAAA no-comma  v1a,AAAA v1a,*** {headers['webhook-signature']}"
    check(BODY, headers | {"webhook-signature": signatures}, keyed())


@pytest.mark.parametrize("late", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_what_was_signed_at_another_time_is_refused(late: timedelta) -> None:
    with pytest.raises(NotSigned):
        check(BODY, signed(at=datetime.now(UTC) - late), keyed())


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "1614265330"},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": "9" * 5000},
        {"webhook-signature": ""},
        {"webhook-signature": "v1a,"},
    ],
)
def test_what_does_not_fit_its_signature_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(NotSigned):
        check(BODY, signed() | change, keyed())
    with pytest.raises(NotSigned):
        check(BODY + b" ", signed(), keyed())


def test_a_signature_counts_only_under_its_own_version() -> None:
    headers = signed()
    renamed = headers["webhook-signature"].replace("v1a,", "v1,")
    with pytest.raises(NotSigned):
        check(BODY, headers | {"webhook-signature": f"{renamed} v1a,AAAA"}, keyed())


def test_whoever_knows_the_public_key_cannot_sign_with_it() -> None:
    now = datetime.now(UTC)
    headers = signed(at=now)
    forged = Webhook(base64.b64decode(PUBLIC.removeprefix("whpk_"))).sign("msg_1", now, BODY.decode())
    for signature in (forged, forged.replace("v1,", "v1a,")):
        with pytest.raises(NotSigned):
            check(BODY, headers | {"webhook-signature": signature}, keyed())


def test_a_message_signed_in_the_other_way_is_refused_in_words_that_say_so() -> None:
    now = datetime.now(UTC)
    shared = signed(at=now) | {"webhook-signature": Webhook(SECRET).sign("msg_1", now, BODY.decode())}
    check(BODY, shared, keyed(SECRET))
    with pytest.raises(NotSigned, match="no signature v1a"):
        check(BODY, shared, keyed())
    with pytest.raises(NotSigned, match="no signature v1,"):
        check(BODY, signed(), keyed(SECRET))
    check(BODY, signed(), read_keys(f"{SECRET}\n{PUBLIC}\n"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (PRIVATE, "the sender's private key"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "starts with whsec_"),
        ("whsec_MfKQ", "24 to 64 bytes"),
        ("whpk_" + PRIVATE.removeprefix("whsk_"), "32 bytes"),
        ("whpk_*", "32 bytes"),
        ("", "nothing to check signatures with"),
    ],
)
def test_what_is_no_key_for_a_receiver_is_refused_in_words_that_do_not_repeat_it(line: str, words: str) -> None:
    with pytest.raises(UnusableKey, match=words) as refusal:
        read_keys(f"{PUBLIC}\n{line}" if line else line)
    assert line == "" or line not in str(refusal.value)

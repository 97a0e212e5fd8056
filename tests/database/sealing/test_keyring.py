"""Wrapping keys open what they wrapped, are written down as lines, and their public half opens nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.database.sealing.keyring import (
    Keyring,
    KeysUnavailable,
    Wrapped,
    new_epoch,
    read_intake,
    read_keyring,
)
from service.kernel.ids import new_bytes

SECRET = new_bytes(32)
EPOCH = "019a9e5c-0000-7000-8000-000000000000"


def test_what_an_epoch_wrapped_it_opens_in_either_form() -> None:
    epoch = new_epoch()
    ring = Keyring((new_epoch(), epoch))

    for wrapped in (epoch.wrap(SECRET), epoch.intake.wrap(SECRET)):
        assert SECRET not in wrapped.content
        assert ring.unwrap(wrapped) == SECRET


def test_another_epoch_opens_neither_form() -> None:
    epoch, other = new_epoch(), new_epoch()

    for wrapped in (epoch.wrap(SECRET), epoch.intake.wrap(SECRET)):
        with pytest.raises(KeysUnavailable):
            other.unwrap(wrapped)
        with pytest.raises(KeysUnavailable):
            Keyring((other,)).unwrap(wrapped)


@given(at=st.integers(min_value=0, max_value=71), boxed=st.booleans())
def test_a_wrapped_key_of_which_a_byte_changed_is_refused(at: int, *, boxed: bool) -> None:
    epoch = new_epoch()
    wrapped = epoch.intake.wrap(SECRET) if boxed else epoch.wrap(SECRET)
    content = bytearray(wrapped.content)
    place = at % len(content)
    # The top bit of an X25519 public key is ignored (RFC 7748 section 5), so that one bit changes nothing.
    content[place] ^= 0x01

    with pytest.raises(KeysUnavailable):
        epoch.unwrap(replace(wrapped, content=bytes(content)))


@pytest.mark.parametrize("content", [b"", b"\x00", bytes(40), bytes(72)])
@pytest.mark.parametrize("form", ["wrapped", "boxed"])
def test_bytes_that_are_no_wrapped_key_are_refused(form: str, content: bytes) -> None:
    epoch = new_epoch()
    with pytest.raises(KeysUnavailable):
        epoch.unwrap(Wrapped(epoch.id, form, content))


def test_keys_come_back_from_their_lines_whether_below_or_behind_each_other() -> None:
    ring = Keyring((new_epoch(), new_epoch()))

    assert read_keyring(ring.as_text()) == ring
    assert read_keyring(";".join(epoch.as_line() for epoch in ring.epochs)) == ring
    assert read_intake(ring.newest.intake.as_line()) == ring.newest.intake


@pytest.mark.parametrize(
    "text",
    ["", "\n \n", "nonsense", "one two three", f"{EPOCH} AAAA", f"not-an-id {'A' * 43}=", f"{EPOCH} é"],
)
def test_text_that_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(KeysUnavailable) as refused:
        read_keyring(text)
    assert not text.strip() or text not in str(refused.value)


def test_an_epoch_knows_when_it_was_made() -> None:
    assert abs(new_epoch().made_at - datetime.now(UTC)) < timedelta(minutes=1)

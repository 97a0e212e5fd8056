"""Checkpoints are written as other people's tools read them, and nothing that is not signed is believed."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from service.audit.checkpoint import (
    Checkpoint,
    NotACheckpoint,
    Verifier,
    opened,
    read_checkpoint,
    read_signed,
    read_verifier,
    signed,
)

# The example that the documentation of the Go module golang.org/x/mod/sumdb/note prints.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
EXAMPLE_NOTE = (
    EXAMPLE_TEXT
    + "\n\N{EM DASH} PeterNeumann "
    + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VERIFIER = Verifier("nrm", KEY.public_key().public_bytes_raw())
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Verifier("nrm", OTHER_KEY.public_key().public_bytes_raw())
CHECKPOINT = Checkpoint("nrm", 7, bytes(32))
NOTE = signed(CHECKPOINT.text(), "nrm", KEY)


def test_a_note_of_another_tool_is_verified() -> None:
    assert opened(EXAMPLE_NOTE, [read_verifier(EXAMPLE_KEY)]) == EXAMPLE_TEXT


def test_a_key_is_written_as_other_tools_write_it() -> None:
    assert read_verifier(EXAMPLE_KEY).written() == EXAMPLE_KEY


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    text, _, signature = NOTE.partition("\n\n")

    assert text == "nrm\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert signature.startswith("\N{EM DASH} nrm ")
    assert read_checkpoint(opened(NOTE, [VERIFIER])) == CHECKPOINT


@given(st.data())
def test_no_note_with_a_changed_byte_says_something_else(data: st.DataObject) -> None:
    changed = bytearray(NOTE.encode())
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    note = changed.decode("utf-8", "replace")

    try:
        text = opened(note, [VERIFIER])
    except NotACheckpoint:
        return
    # Spare bits of the last base64 letter can be said in several ways; the text cannot.
    assert text == CHECKPOINT.text()


def test_signatures_of_unknown_keys_are_passed_over_and_a_wrong_one_of_a_known_key_is_not() -> None:
    _, _, ours = NOTE.partition("\n\n")
    text, _, theirs = signed(CHECKPOINT.text(), "nrm", OTHER_KEY).partition("\n\n")
    lie = base64.b64encode(OTHER.key_id + bytes(64)).decode()

    assert opened(f"{text}\n\n{theirs}{ours}", [VERIFIER]) == CHECKPOINT.text()
    with pytest.raises(NotACheckpoint, match="wrong"):
        opened(f"{text}\n\n{ours}\N{EM DASH} nrm {lie}\n", [VERIFIER, OTHER])


@pytest.mark.parametrize(
    "note",
    [
        "",
        CHECKPOINT.text(),
        CHECKPOINT.text() + "\n",
        CHECKPOINT.text() + "\nno dash\n",
        CHECKPOINT.text() + "\n\N{EM DASH} nrm not-base64\n",
        CHECKPOINT.text() + "\n\N{EM DASH} nrm\n",
        NOTE.removesuffix("\n"),
        NOTE.replace("nrm\n", "nrm\t\n", 1),
        signed(CHECKPOINT.text(), "nrm", OTHER_KEY),
        signed(CHECKPOINT.text(), "another", KEY),
    ],
)
def test_what_no_trusted_key_has_signed_is_refused(note: str) -> None:
    with pytest.raises(NotACheckpoint):
        opened(note, [VERIFIER])


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nrm\n7\n",
        f"nrm\n7\n{ROOT}",
        f"\n7\n{ROOT}\n",
        f"nrm\n07\n{ROOT}\n",
        f"nrm\n-7\n{ROOT}\n",
        f"nrm\n\u0667\n{ROOT}\n",
        f"nrm\n{2**63}\n{ROOT}\n",
        "nrm\n7\nAAAA\n",
        "nrm\n7\n!\n",
        f"nrm\n7\n{ROOT[:-2]}B=\n",
        f"nrm\n7\n{ROOT}\nmore\n",
    ],
)
def test_a_checkpoint_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "written", ["", "nrm", "nrm+00", "nrm+00000000+!", EXAMPLE_KEY.replace("c7", "c8"), "nrm+00000000+AQ=="]
)
def test_a_key_in_another_form_is_refused(written: str) -> None:
    with pytest.raises(NotACheckpoint):
        read_verifier(written)


def test_a_key_speaks_for_the_log_of_its_own_name_only() -> None:
    of_another = signed(Checkpoint("another", 7, bytes(32)).text(), "nrm", KEY)

    assert read_signed(NOTE, [VERIFIER]) == CHECKPOINT
    with pytest.raises(NotACheckpoint):
        read_signed(of_another, [VERIFIER])

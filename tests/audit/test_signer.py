"""The signer remembers what it signed, outside the database, and signs nothing that contradicts it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.audit.checkpoint import opened, read_checkpoint
from service.audit.keys import open_log_key
from service.audit.signer import LogRefused, Signer
from tests.audit.test_merkle import grown

ENTRIES = [f"entry {number}".encode() for number in range(9)]
REWRITTEN = [b"another", *ENTRIES[1:]]


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer("nrm", open_log_key(tmp_path / "keys"), tmp_path / "signed")


def sign(signer: Signer, entries: list[bytes]) -> str:
    trees, node_at = grown(entries)
    return signer.sign(len(entries), trees[-1].root(), node_at)


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = open_log_key(tmp_path / "keys"), open_log_key(tmp_path / "keys")

    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert [file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()] == [0o600]


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    open_log_key(tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(
        b"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VuBCIEIAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI\n"
        b"-----END PRIVATE KEY-----\n"
    )

    with pytest.raises(ValueError, match="Ed25519"):
        open_log_key(tmp_path)


def test_a_log_that_grows_is_signed_again_and_again(signer: Signer) -> None:
    for size in range(1, 10):
        signer.keep(sign(signer, ENTRIES[:size]))

        remembered = signer.last()
        assert remembered is not None
        assert remembered.size == size


def test_a_log_that_was_rewritten_is_not_signed(signer: Signer) -> None:
    signer.keep(sign(signer, ENTRIES[:5]))

    with pytest.raises(LogRefused, match="not the ones that were signed"):
        sign(signer, REWRITTEN)


def test_a_log_that_became_shorter_is_not_signed(signer: Signer) -> None:
    signer.keep(sign(signer, ENTRIES[:5]))

    with pytest.raises(LogRefused, match="had 5 entries"):
        sign(signer, ENTRIES[:4])


def test_what_was_signed_for_a_commit_that_failed_is_forgotten(signer: Signer) -> None:
    signer.keep(sign(signer, ENTRIES[:3]))
    sign(signer, [*ENTRIES[:3], b"never committed"])

    assert read_checkpoint(opened(sign(signer, ENTRIES[:5]), [signer.verifier])).size == 5


def test_an_older_checkpoint_does_not_take_the_place_of_a_newer_one(signer: Signer) -> None:
    older, newer = sign(signer, ENTRIES[:3]), sign(signer, ENTRIES[:5])
    signer.keep(newer)
    signer.keep(older)

    remembered = signer.last()
    assert remembered is not None
    assert remembered.size == 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_write_that_was_torn_leaves_the_checkpoint_before_it(signer: Signer, data: st.DataObject) -> None:
    signer.memory.unlink(missing_ok=True)
    for size in (3, 4, 5):
        signer.keep(sign(signer, ENTRIES[:size]))
    kept = signer.memory.read_bytes()
    slot = next(start for start in (0, 1024) if kept[start:].startswith(b"nrm\n5\n"))
    torn = bytearray(kept)
    torn[slot + data.draw(st.integers(0, 40))] ^= 1 << data.draw(st.integers(0, 7))
    signer.memory.write_bytes(torn)

    remembered = signer.last()

    assert remembered is not None
    assert remembered.size == 4


def test_the_memory_of_another_log_is_not_believed(signer: Signer, tmp_path: Path) -> None:
    signer.keep(sign(signer, ENTRIES[:5]))

    assert Signer("another", signer.key, signer.memory).last() is None

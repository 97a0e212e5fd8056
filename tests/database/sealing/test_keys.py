"""A process finds its keys in a file, in its environment or by a command, and notices when they are away."""

import stat
import sys
from pathlib import Path

import pytest

from service.database.sealing import keys as keys_module
from service.database.sealing.keyring import BOXED, WRAPPED, Keyring, KeysUnavailable, new_epoch
from service.database.sealing.keys import open_keys
from service.database.sealing.lookup import new_lookup_key
from service.kernel.ids import new_bytes

SECRET = new_bytes(32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_the_first_use_makes_a_key_file_for_its_owner_alone(folder: Path) -> None:
    keys = open_keys(folder)
    assert not folder.exists()

    assert keys.unwrap(keys.wrap(SECRET)) == SECRET
    assert keys.lookup.tag("name", "somebody")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "keyring": 0o600,
        "intake.pub": 0o600,
        "lookup.key": 0o600,
    }


def test_two_processes_that_start_together_share_the_key_file(folder: Path) -> None:
    one, other = open_keys(folder), open_keys(folder)

    assert other.unwrap(one.wrap(SECRET)) == SECRET
    assert one.lookup.id == other.lookup.id


def test_a_key_file_that_is_lost_is_not_made_anew(folder: Path) -> None:
    open_keys(folder).warm()
    (folder / "keyring").unlink()

    with pytest.raises(KeysUnavailable):
        open_keys(folder).ring()
    assert not (folder / "keyring").exists()


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"half a li"])
def test_a_damaged_key_file_is_keys_away_and_stays_as_it_is(folder: Path, damage: bytes) -> None:
    open_keys(folder).warm()
    (folder / "keyring").write_bytes(damage)

    keys = open_keys(folder)
    with pytest.raises(KeysUnavailable):
        keys.ring()
    assert keys.wrap(SECRET).form == BOXED
    assert (folder / "keyring").read_bytes() == damage


def test_keys_from_the_environment_leave_no_key_on_the_disk(folder: Path) -> None:
    ring = Keyring((new_epoch(), new_epoch()))
    keys = open_keys(folder, given=ring.as_text(), lookup=new_lookup_key().as_text())

    assert keys.wrap(SECRET).epoch == ring.newest.id
    assert keys.lookup.tag("name", "somebody")
    assert [file.name for file in folder.iterdir()] == ["intake.pub"]


def test_keys_come_from_a_command(folder: Path, tmp_path: Path) -> None:
    ring = Keyring((new_epoch(),))
    vault = tmp_path / "vault"
    vault.write_text(ring.as_text(), encoding="ascii")
    command = (sys.executable, "-c", "import sys; print(open(sys.argv[1]).read())", str(vault))

    wrapped = open_keys(folder, command=command).wrap(SECRET)
    assert (wrapped.epoch, wrapped.form) == (ring.newest.id, WRAPPED)

    vault.unlink()
    away = open_keys(folder, command=command)
    with pytest.raises(KeysUnavailable):
        away.unwrap(wrapped)
    assert Keyring(ring.epochs).unwrap(away.wrap(SECRET)) == SECRET


def test_a_command_that_is_not_there_is_keys_away(folder: Path) -> None:
    with pytest.raises(KeysUnavailable):
        open_keys(folder, command=("/nowhere/vault",)).ring()


def test_keys_are_fetched_once_and_again_after_they_were_forgotten(folder: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = "import sys; open(sys.argv[1], 'a').write('x'); print(sys.argv[2])"
    keys = open_keys(folder, command=(sys.executable, "-c", script, str(calls), new_epoch().as_line()))

    for _ in range(3):
        keys.ring()
    assert calls.read_text() == "x"
    keys.forget()
    keys.ring()
    assert calls.read_text() == "xx"


def test_keys_that_are_away_are_not_asked_for_at_every_act(folder: Path, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    script = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(1)"
    keys = open_keys(folder, command=(sys.executable, "-c", script, str(calls)))

    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            keys.ring()
    assert calls.read_text() == "x"


def test_a_key_is_held_for_a_limited_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1000.0
    monkeypatch.setattr(keys_module, "monotonic", lambda: moment)
    keys = open_keys(folder)
    keys.ring()
    (folder / "keyring").unlink()

    moment += keys_module.HELD_SECONDS - 1
    keys.ring()
    moment += 1
    with pytest.raises(KeysUnavailable):
        keys.ring()


def test_a_folder_that_cannot_be_made_is_keys_away(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    keys = open_keys(tmp_path / "keys")

    with pytest.raises(KeysUnavailable):
        keys.wrap(SECRET)
    with pytest.raises(KeysUnavailable):
        _ = keys.lookup

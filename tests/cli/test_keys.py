"""An operator sees how the keys stand and exchanges them from the terminal."""

import json
from pathlib import Path

import pytest

from service.database.sealing.keyring import read_keyring
from tests.cli.terminal import typed


@pytest.fixture
def at_home(home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    return home


def test_keys_are_made_rotated_and_shown(at_home: Path) -> None:
    assert typed("keys", "create").code == 0
    (first,) = read_keyring((at_home / "keys" / "keyring").read_text()).epochs

    rotated = json.loads(typed("keys", "rotate", "--json").out)
    shown = json.loads(typed("keys", "status", "--json").out)

    assert shown["available"]
    assert [epoch["id"] for epoch in shown["epochs"]] == [first.id, rotated["epoch"]]
    assert "personal data can be read" in typed("keys", "status").screen
    assert typed("keys", "retire").screen == "0 destroyed, 2 kept\n"


def test_no_command_shows_a_key_that_is_in_use(at_home: Path) -> None:
    said = "".join(typed("keys", *words).screen for words in (["create"], ["rotate"], ["status"], ["status", "--json"]))

    for line in (at_home / "keys" / "keyring").read_text().splitlines():
        assert line.split()[1] not in said


def test_keys_that_are_away_are_said_so_and_end_with_a_code_of_their_own(at_home: Path) -> None:
    typed("keys", "create")
    (at_home / "keys" / "keyring").unlink()

    heard = typed("keys", "status")
    assert "THE KEYS ARE AWAY" in heard.screen
    assert heard.code == 1
    assert typed("keys", "rotate").code == 8


def test_a_line_for_keys_that_are_kept_elsewhere_is_printed_once_and_kept_nowhere(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_KEYRING_COMMAND", "cat /nowhere/keys")

    line = typed("keys", "create").screen
    assert read_keyring(line).newest.secret
    assert not (at_home / "keys" / "keyring").exists()
    monkeypatch.delenv("NRM_KEYRING_COMMAND")
    monkeypatch.setenv("NRM_KEYRING", line)
    assert typed("keys", "status").code == 0


def test_no_key_is_made_before_there_is_a_trail_to_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRM_HOME", str(tmp_path))

    assert typed("keys", "create").code == 8
    assert not (tmp_path / "keys" / "keyring").exists()

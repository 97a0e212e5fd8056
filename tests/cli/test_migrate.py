"""Migrating waits for a database that is away, changes none that a newer version has been at, and says which it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from service.casework.upkeep.require_newest import DatabaseIsNewer, require_newest
from service.cli.newest_shape import upgrade
from service.database.engine import open_database
from tests.cli.terminal import typed
from tests.waiting import PATIENCE, until


@pytest.fixture
def newer(database_url: str) -> str:
    """Give a database that a later version of the service has migrated."""
    database = open_database(database_url)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    return database_url


def test_a_database_of_a_newer_version_is_told_apart_and_left_alone(newer: str) -> None:
    for act in (require_newest, upgrade):
        with pytest.raises(DatabaseIsNewer):
            act(newer)


@pytest.mark.parametrize("words", [("serve",), ("worker",), ("migrate",), ("migrate", "--check")])
def test_an_older_program_on_a_newer_database_says_what_to_start(
    newer: str, home: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", newer)

    heard = typed(*words)

    assert (heard.code, heard.out) == (5, b"")
    assert "start that version" in heard.err


def test_checking_says_by_its_exit_code_whether_the_newest_shape_is_there(
    database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    assert typed("migrate", "--check").code == 0

    database = open_database(database_url)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    database.close()
    heard = typed("migrate", "--check")

    assert heard.code == 8
    assert "nrm migrate" in heard.err


def test_looking_is_possible_while_somebody_writes(database_url: str) -> None:
    database = open_database(database_url)
    with database.writer.begin() as connection:
        connection.execute(text("UPDATE partner SET name = name"))
        require_newest(database_url)
    database.close()


def test_who_waits_goes_on_as_soon_as_somebody_has_migrated(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'nrm.sqlite3'}"
    command = [sys.executable, "-m", "service", "migrate", "--check", "--wait", str(PATIENCE)]
    environment = {"NRM_DATABASE_URL": address, "NRM_HOME": str(tmp_path)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as waiting:
        assert waiting.stderr is not None
        until(waiting.stderr.readline, "it says that it waits")
        assert waiting.poll() is None
        upgrade(address)
        assert waiting.wait(PATIENCE) == 0


def test_who_has_waited_long_enough_says_for_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRM_HOME", str(tmp_path))
    monkeypatch.setenv("NRM_DATABASE_URL", "postgresql+psycopg://nrm@127.0.0.1:9/nrm")

    heard = typed("migrate", "--wait", "0.1")

    assert heard.code == 8
    assert "Traceback" not in heard.err

"""The migrations and the tables say the same, and the trail's table only grows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from service.casework.upkeep.require_newest import DatabaseNotMigrated, require_newest
from service.cli.newest_shape import upgrade
from service.database.append_only import append_only
from service.database.engine import Database, open_database
from service.database.shape import known_shapes
from service.schema import METADATA
from service.wiring import Service
from tests.postgresql import database_on

PROJECT = Path(__file__).resolve().parents[2]
MIGRATE = "import sys; from service.cli.newest_shape import upgrade; upgrade(sys.argv[1])"


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path, kind: str) -> Iterator[str]:
    """Make a database that no migration has touched."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'empty.sqlite3'}"
        return
    with database_on(request.getfixturevalue("postgresql"), f"nrm_empty_{os.getpid()}") as made:
        yield made.render_as_string(hide_password=False)


def config(database_url: str) -> Config:
    found = Config(toml_file=PROJECT / "pyproject.toml")
    found.attributes["address"] = database_url
    return found


def test_the_migrations_make_exactly_the_tables_of_the_service(database_url: str, database: Database) -> None:
    command.check(config(database_url))

    assert set(inspect(database.reader).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_migrating_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    require_newest(database_url)


def test_the_shapes_that_are_known_are_those_of_the_migrations() -> None:
    walked = ScriptDirectory(str(PROJECT / "migrations")).walk_revisions()

    assert known_shapes() == tuple(one.revision for one in walked)


def test_a_service_does_not_start_on_an_old_database(tmp_path: Path) -> None:
    with pytest.raises(DatabaseNotMigrated):
        require_newest(f"sqlite:///{tmp_path / 'empty.sqlite3'}")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_machines_may_migrate_the_same_empty_database_at_once(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with empty_database(request, tmp_path, kind) as url:
        both = [subprocess.Popen([sys.executable, "-c", MIGRATE, url], cwd=PROJECT) for _ in "ab"]
        assert [one.wait(60) for one in both] == [0, 0]
        require_newest(url)


def test_what_was_made_can_be_taken_away_and_made_again(database_url: str) -> None:
    command.downgrade(config(database_url), "base")

    database = open_database(database_url)
    assert inspect(database.reader).get_table_names() == ["alembic_version"]
    database.close()
    upgrade(database_url)
    require_newest(database_url)


def test_rows_that_refer_to_each_other_outlive_a_new_shape_and_only_what_nobody_answered_still_rings(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'filled.sqlite3'}"
    command.upgrade(config(url), "0034")
    question = (
        "INSERT INTO capacity_question (id, org, asked_by, asked_at, answer_by, target_group, urgency, count,"
        " everywhere) VALUES ('{0}', 'o', 's', '2026-01-01', '2026-01-02', 'women', 'urgent', 2, 0)"
    )
    ask = "INSERT INTO capacity_ask (id, question_id, partner_id, answer, places, version) VALUES ({0}, 1)"
    said = (
        "'1', 'a', 'p', NULL, NULL",
        "'2', 'b', 'p', 'yes', 2",
        "'3', 'b', 'q', NULL, NULL",
        "'4', 'c', 'p', 'no', 0",
    )
    task = (
        "INSERT INTO task (id, org, kind, rule, opened_at, state, continued_as, version)"
        " VALUES ('{0}', 'o', 'k', 'r', '2026-01-01', 'handed_over', {1}, 1)"
    )
    partner = "INSERT INTO partner (id, name, kind, source, note) VALUES ('{0}', 'P', 'ngo', '', '')"
    filled = (
        *map(partner.format, "pq"),
        *map(question.format, "abc"),
        *map(ask.format, said),
        *(task.format("later", "NULL"), task.format("first", "'later'")),
    )
    database = open_database(url)
    with database.writer.begin() as rows:
        for statement in filled:
            rows.execute(text(statement))
    database.close()

    upgrade(url)

    database = open_database(url)
    with database.reader.connect() as rows:
        states = {one.id: one.state for one in rows.execute(text("SELECT id, state FROM capacity_question"))}
        following = rows.execute(text("SELECT continued_as FROM task WHERE id = 'first'")).scalar_one()
    database.close()
    assert (states, following) == ({"a": "open", "b": "settled", "c": "settled"}, "later")


@pytest.mark.parametrize("statement", ["DELETE FROM audit_entry", "UPDATE audit_entry SET event = 'case:read'"])
def test_the_database_refuses_to_change_what_happened(service: Service, statement: str) -> None:
    with pytest.raises(DBAPIError, match="only grows"), service.database.work() as work:
        work.session.connection().execute(text(statement))


def test_postgresql_is_told_the_same() -> None:
    statements = " ".join(str(statement) for statement in append_only("audit_entry", "postgresql"))

    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry" in statements
    assert "RAISE EXCEPTION" in statements

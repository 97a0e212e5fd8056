"""What every test can ask for: a database built by the migrations, the Dutch rules, and the joined service."""

import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import URL, Engine, event

from service.app import build_app
from service.casework.partners.manage_partners import seed_partners
from service.casework.trail.seal_log import seal_log
from service.cli.newest_shape import upgrade
from service.database.engine import Database, open_database
from service.partners.directory_file import read_directory
from service.routing.rule_set import RuleSet
from service.settings import Settings
from service.wiring import DIRECTORY, Service, open_service
from tests.compiled_once import share
from tests.doubles import FixedClock, nobody_listens
from tests.postgresql import database_on
from tests.postgresql import server as postgresql_server
from tests.reused import Reused, reused
from tests.routing.dutch import FOLDER
from tests.routing.dutch import rules as dutch_rules

RULES = FOLDER

Copy = tuple[Reused, Path]

SQLITE, POSTGRESQL = DATABASES = ("sqlite", "postgresql")


event.listen(Engine, "engine_connect", share)


def pytest_collectstart() -> None:
    """Look for no garbage while modules and tests are read: they stay until the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was read out of every search for garbage from here on, which would be a sixth of the work."""
    gc.freeze()
    gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever touches rows on both databases, unless its mark `only_on` names the one that it is about."""
    if "database_url" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only_on")
        metafunc.parametrize("database_url", DATABASES if only is None else only.args, indirect=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an empty SQLite database by the migrations, once."""
    file = tmp_path_factory.mktemp("migrated") / "nrm.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql() -> Iterator[URL]:
    """Give a PostgreSQL server, started when the first test needs it."""
    with postgresql_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_template(postgresql: URL) -> Iterator[str]:
    """Build an empty PostgreSQL database by the migrations, once, and name it."""
    name = f"nrm_template_{os.getpid()}"
    with database_on(postgresql, name) as empty:
        upgrade(empty.render_as_string(hide_password=False))
        yield name


@pytest.fixture(scope="session")
def empty_copy(tmp_path_factory: pytest.TempPathFactory, postgresql: URL, migrated_template: str) -> Iterator[Copy]:
    """Keep a PostgreSQL database that can be made empty again, and the home that goes with it."""
    with reused(postgresql, f"nrm_empty_copy_{os.getpid()}", migrated_template) as lent:
        yield lent, tmp_path_factory.mktemp("empty")


@pytest.fixture(scope="session")
def filled_copy(
    tmp_path_factory: pytest.TempPathFactory, postgresql: URL, migrated_template: str, rules: RuleSet
) -> Iterator[Copy]:
    """Keep a PostgreSQL database that can be given its directory of partners again, and the home that goes with it."""
    home = tmp_path_factory.mktemp("filled")
    with database_on(postgresql, f"nrm_filled_{os.getpid()}", migrated_template) as template:
        fill(home, template.render_as_string(hide_password=False), rules)
        with reused(postgresql, f"nrm_filled_copy_{os.getpid()}", str(template.database)) as lent:
            yield lent, home


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, rules: RuleSet) -> Path:
    """Build a home whose SQLite database has the directory of partners, once."""
    home = tmp_path_factory.mktemp("filled")
    fill(home, f"sqlite:///{shutil.copy(migrated_file, home)}", rules)
    return home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home folder of its own."""
    return tmp_path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, home: Path) -> str:
    """Give the address of a database of the test's own, on the one kind and then on the other.

    For who asks for the service it has the directory of partners; else it is empty.
    """
    filled = "service" in request.fixturenames
    if request.param == POSTGRESQL:
        lent, kept = request.getfixturevalue("filled_copy" if filled else "empty_copy")
        shutil.copytree(kept, home, dirs_exist_ok=True)
        return str(lent.lend().render_as_string(hide_password=False))
    file = request.getfixturevalue("migrated_file")
    shutil.copytree(request.getfixturevalue("filled_home") if filled else file.parent, home, dirs_exist_ok=True)
    return f"sqlite:///{home / file.name}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Open an empty database."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """Read the Dutch rules, once."""
    return dutch_rules()


@pytest.fixture
def clock() -> FixedClock:
    """Stop business time on Monday 23 November 2026, ten o'clock in Amsterdam."""
    return FixedClock()


@pytest.fixture
def empty_service(home: Path, database_url: str, rules: RuleSet, clock: FixedClock) -> Iterator[Service]:
    """Join the service on an empty database."""
    with joined(home, database_url, rules, clock) as service:
        yield service


@pytest.fixture
def service(empty_service: Service) -> Service:
    """Join the service on a database that has the directory of partners."""
    return empty_service


@contextmanager
def joined(home: Path, database_url: str, rules: RuleSet, clock: FixedClock) -> Iterator[Service]:
    """Join the service.

    Args:
        home: its home folder.
        database_url: its database.
        rules: its rules; reading them takes a while, and every test may share them because nobody can change them.
        clock: its business time.
    """
    settings = Settings(home=home, database_url=database_url, allow_loopback=True, allowed_hosts="api.example.org")
    parts = open_service(settings, checkpoints=True, clock=clock)
    yield replace(parts, rules=lambda: rules, carry=nobody_listens)
    parts.close()


def fill(home: Path, database_url: str, rules: RuleSet) -> None:
    """Fill the directory of partners, as an operator does."""
    file = RULES / DIRECTORY
    with joined(home, database_url, rules, FixedClock()) as service:
        seed_partners(service.operator(), read_directory(file.read_text(encoding="utf-8"), file.name))
        # What waits for hours until a test uses it would be a warning.
        seal_log(service.system(), "filler", timedelta(0))


@pytest.fixture
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Call the whole application, guards included, without a socket."""
    transport = httpx.ASGITransport(app=build_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example.org") as client:
        yield client

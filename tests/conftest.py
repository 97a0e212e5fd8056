"""What every test can ask for: a database built by the migrations, the Dutch rules, and the joined service."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from service.app import build_app
from service.casework.manage_partners import seed_partners
from service.cli.migrate import upgrade
from service.database.engine import Database, open_database
from service.partners.directory import read_directory
from service.routing.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.settings import Settings
from service.wiring import DIRECTORY, Service, open_service
from tests.doubles import FixedClock

RULES = Path(__file__).resolve().parent.parent / "routing_rules" / "nl"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build an empty database by the migrations, once."""
    file = tmp_path_factory.mktemp("migrated") / "nrm.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def home(tmp_path: Path, migrated_file: Path) -> Path:
    """Give a home folder of its own with an empty database in it."""
    shutil.copy(migrated_file, tmp_path / "nrm.sqlite3")
    return tmp_path


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    """Open an empty database."""
    opened = open_database(f"sqlite:///{home / 'nrm.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """Read the Dutch rules, once."""
    return load_rule_set(RULES)


@pytest.fixture
def clock() -> FixedClock:
    """Stop business time on Monday 23 November 2026, ten o'clock in Amsterdam."""
    return FixedClock()


@pytest.fixture
def empty_service(home: Path, rules: RuleSet, clock: FixedClock) -> Iterator[Service]:
    """Join the service on an empty database."""
    settings = Settings(home=home, allow_loopback=True)
    parts = open_service(settings, checkpoints=True, clock=clock)
    # Reading the rules takes a second; every test may share them because nobody can change them.
    joined = replace(parts, rules=lambda: rules)
    yield joined
    joined.close()


@pytest.fixture
def service(empty_service: Service) -> Service:
    """Join the service with the directory of partners filled."""
    file = RULES / DIRECTORY
    seed_partners(empty_service.operator(), read_directory(file.read_text(encoding="utf-8"), file.name))
    return empty_service


@pytest.fixture
async def api(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Call the whole application, guards included, without a socket."""
    transport = httpx.ASGITransport(app=build_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example.org") as client:
        yield client

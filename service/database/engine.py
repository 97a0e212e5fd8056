"""Opens the database: on SQLite one writer and separate readers, each with settings that survive a power cut."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool
from sqlmodel import Session

from service.database.away import unavailable_when_away
from service.database.bell import Bell
from service.database.group_commit import GroupCommit, Seal
from service.database.turns import PATIENCE
from service.database.unit_of_work import UnitOfWork, watch_writes
from service.kernel.owner_only import make_empty

BUSY_TIMEOUT: Final = 30_000
"""Milliseconds that a statement waits for another process's transaction."""

_PAGES_BEFORE_CHECKPOINT: Final = 1000
_READERS: Final = 8
_CONNECTIONS: Final = 10
_SECONDS_TO_CONNECT: Final = 10


@dataclass(frozen=True)
class Database:
    """The two ways into the rows: units of work that change something, and looks that cannot.

    Attributes:
        writer: connections that write.
        reader: connections that cannot.
        shared: the commit that several acts share, on SQLite.
        bell: rings in this process after each unit of work that was kept.
    """

    writer: Engine
    reader: Engine
    shared: GroupCommit | None
    bell: Bell = field(default_factory=Bell)

    @property
    def seal(self) -> Seal | None:
        """What stands in every commit beside the acts; None where somebody else adds it later."""
        return None if self.shared is None else self.shared.seal

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits when the block ends well and rolls back when it does not.

        Raises:
            UnauditedWrite: something was written without an audit entry.
            Unavailable: the turn to write did not come in time, or the database is away or full.
        """
        with unavailable_when_away(), self._act() as work:
            yield work
        self.bell.ring(work.kept)

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Open a session that reads one consistent moment and can write nothing.

        Raises:
            Unavailable: the database is away.
        """
        with unavailable_when_away(), Session(self.reader, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.reader.dispose()
        self.writer.dispose()

    def _act(self) -> AbstractContextManager[UnitOfWork]:
        return self._own_transaction() if self.shared is None else self.shared.act()

    @contextmanager
    def _own_transaction(self) -> Iterator[UnitOfWork]:
        with self.writer.connect() as connection, UnitOfWork(connection) as work:
            yield work


def open_database(url: str, *, checkpoints: bool = False, seal: Seal | None = None) -> Database:
    """Open the database behind an address.

    Args:
        url: SQLAlchemy address, `sqlite:///path` or `postgresql+psycopg://…`.
        checkpoints: whether this process moves SQLite's write-ahead log into the file. At most one process may:
            SQLite before 3.51.3 can corrupt the log when two connections do it at the same instant.
        seal: adds to every commit on SQLite what must stand in the same one; elsewhere commits run side by side.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _open_sqlite(address, checkpoints=checkpoints, seal=seal)
    return _open_postgresql(address)


def is_missing(url: str) -> bool:
    """Tell whether there is not even a file; looking into it would make one.

    Args:
        url: SQLAlchemy address.
    """
    address = make_url(url)
    return address.get_backend_name() == "sqlite" and not Path(address.database or "").exists()


def _open_postgresql(address: URL) -> Database:
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=PATIENCE,
        connect_args={"connect_timeout": _SECONDS_TO_CONNECT, "options": f"-c lock_timeout={BUSY_TIMEOUT}"},
    )
    watch_writes(engine)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer=engine, reader=reader, shared=None)


def _open_sqlite(address: URL, *, checkpoints: bool, seal: Seal | None) -> Database:
    if not address.database or address.database == ":memory:":
        message = "SQLite needs a file: readers and the writer are separate connections"
        raise ValueError(message)
    pages = _PAGES_BEFORE_CHECKPOINT if checkpoints else 0
    writer = _sqlite_engine(address, "BEGIN IMMEDIATE", 1, [f"PRAGMA wal_autocheckpoint={pages}"])
    reader = _sqlite_engine(address, "BEGIN", _READERS, ["PRAGMA wal_autocheckpoint=0", "PRAGMA query_only=ON"])
    watch_writes(writer)
    return Database(writer=writer, reader=reader, shared=GroupCommit(writer, seal))


def _sqlite_engine(address: URL, begin: str, connections: int, pragmas: list[str]) -> Engine:
    engine = create_engine(
        address,
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )
    settings = [
        f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA secure_delete=ON",
        *pragmas,
    ]

    @event.listens_for(engine, "do_connect")
    def _make(_dialect: Any, _record: ConnectionPoolEntry, *_how: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        # SQLite would let everybody read it; its write-ahead log gets the same rights.
        make_empty(Path(address.database or ""))

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _record: ConnectionPoolEntry) -> None:  # noqa: ANN401 -- the driver's own connection
        # The driver would begin only before the first write, and leave the reads before it outside the transaction.
        connection.isolation_level = None
        for setting in settings:
            connection.execute(setting)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine

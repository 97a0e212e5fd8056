"""One act, one transaction: all of it is kept or nothing, and no write is kept without an audit entry."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql import Executable
from sqlalchemy.sql.dml import UpdateBase
from sqlmodel import Session

from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind

AUDIT_ENTRIES: Final = "audit_entry"
"""The table whose growth proves that an act was written down."""

BOOKKEEPING: Final = frozenset(
    {
        *("audit_head", "audit_node", "audit_checkpoint", "audit_sequencer"),
        *("dispatch_lane", "dispatch_attempt", "dispatch_circuit", "kept_request"),
    }
)
"""Tables that may change by themselves: a lease, what one attempt at sending met, or that an answer is remembered for a
day, says nothing about a case."""

_UNKNOWN: Final = "an unnamed table"
_OPTION: Final = "unit_of_work"
_READING: Final = ("SELECT", "BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")


class UnauditedWrite(DomainError):
    """Something was about to be kept without a word in the trail, so nothing was kept."""

    kind = Kind.BROKEN
    code = "unaudited-write"
    title = "A change without an audit entry is not kept"


class UnitOfWork:
    """The transaction of one act; use cases open it, stores write into it.

    Attributes:
        session: the rows.
        kept: the tables whose rows were written and kept, or put into the commit that several acts share.
        vault: seals and opens personal data; handed in by whoever holds the keys, so an act without keys has none.
    """

    session: Session
    vault: Vault

    def __init__(self, connection: Connection) -> None:
        """Prepare a unit of work.

        Args:
            connection: a connection of its own; in a transaction that several acts share, the act gets a savepoint.
        """
        connection.execution_options(**{_OPTION: self})
        self.session = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        self.kept: set[str] = set()
        self._written: set[str] = set()
        self._last: list[tuple[str, Callable[[], object]]] = []

    def note_write(self, table: str) -> None:
        """Remember that a table was written."""
        self._written.add(table)

    def put_off(self, order: str, step: Callable[[], object]) -> None:
        """Do something as the last thing before the commit: a lock that many acts want is then held shortest.

        Args:
            order: the name of what is locked; every act locks in the order of the names, so none waits for another
                that waits for it. Steps of one name keep the order in which they were put off.
            step: what to do.
        """
        self._last.append((order, step))

    def commit(self) -> None:
        """Keep everything that was done.

        Raises:
            UnauditedWrite: a table was written and the trail was not.
        """
        self.session.flush()
        for _, step in sorted(self._last, key=itemgetter(0)):
            step()
        self._last.clear()
        self.session.flush()
        silent = self._written - BOOKKEEPING
        if silent and AUDIT_ENTRIES not in silent:
            self.session.rollback()
            detail = "Written without an audit entry: " + ", ".join(sorted(silent)) + "."
            raise UnauditedWrite(detail)
        self.session.commit()
        self.kept |= self._written
        self._written.clear()

    @contextmanager
    def part(self) -> Iterator[Self]:
        """Do a part of the act that can be undone by itself: when the block ends badly, only the part is taken back."""
        written, last = set(self._written), list(self._last)
        try:
            with self.session.begin_nested():
                yield self
        except BaseException:
            self._written, self._last = written, last
            raise

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit when the act went well, undo it when it did not."""
        try:
            if kind is None:
                self.commit()
        finally:
            self.session.close()


def watch_writes(engine: Engine) -> None:
    """Tell each unit of work of an engine what it writes, whether through objects, bulk statements or plain SQL.

    Args:
        engine: the engine whose connections units of work use.
    """

    @event.listens_for(engine, "before_execute")
    def _statement(connection: Connection, statement: Executable, *_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's signature
        if isinstance(statement, UpdateBase):
            _note(connection, str(getattr(statement.table, "name", _UNKNOWN)))

    @event.listens_for(engine, "before_cursor_execute")
    def _plain_sql(connection: Connection, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: ANN401, FBT001 -- SQLAlchemy's signature
        written_by_hand = context is None or context.compiled is None or not context.compiled.is_sql or context.is_text
        if written_by_hand and not sql.lstrip().upper().startswith(_READING):
            _note(connection, _UNKNOWN)


def _note(connection: Connection, table: str) -> None:
    work = connection.get_execution_options().get(_OPTION)
    if isinstance(work, UnitOfWork):
        work.note_write(table)

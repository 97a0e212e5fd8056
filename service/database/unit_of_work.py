"""One act, one transaction: all of it is kept or nothing, and no write is kept without an audit entry."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql import Executable
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import ReleaseSavepointClause, RollbackToSavepointClause, SavepointClause

from service.database.in_one_go import in_one_go
from service.database.rows import Rows
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

_Item = TypeVar("_Item")
_UNKNOWN: Final = "an unnamed table"
_OPTION: Final = "unit_of_work"
_MARKS: Final = (SavepointClause, RollbackToSavepointClause, ReleaseSavepointClause)
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

    session: Rows
    vault: Vault

    def __init__(self, connection: Connection) -> None:
        """Prepare a unit of work.

        Args:
            connection: a connection of its own; in a transaction that several acts share, the act gets a savepoint.
        """
        connection.execution_options(**{_OPTION: self})
        self._connection = connection
        self.session = Rows(connection)
        self.kept: set[str] = set()
        self._written: set[str] = set()
        self._last: dict[Callable[[UnitOfWork, Sequence[Any]], object], list[Any]] = {}

    def note_write(self, table: str) -> None:
        """Remember that a table was written."""
        self._written.add(table)

    def put_off(self, step: Callable[["UnitOfWork", Sequence[_Item]], object], item: _Item) -> None:
        """Hand something to a step that is taken once, as the last thing before the commit, with all it was handed.

        A lock that many acts want is then held shortest.

        Args:
            step: what is done with all of them.
            item: one of them.
        """
        self._last.setdefault(step, []).append(item)

    def commit(self) -> None:
        """Keep everything that was done.

        Raises:
            UnauditedWrite: a table was written and the trail was not.
        """
        for step, items in self._last.items():
            step(self, items)
        self._last.clear()
        if self.session.dirty or self.session.deleted:
            # How many rows these find is looked at.
            self.session.flush()
        with in_one_go(self._connection):
            self.session.flush()
            self._refuse_silence()
            self.session.commit()
        self.kept |= self._written
        self._written.clear()

    def _refuse_silence(self) -> None:
        silent = self._written - BOOKKEEPING
        if silent and AUDIT_ENTRIES not in silent:
            self.session.rollback()
            detail = "Written without an audit entry: " + ", ".join(sorted(silent)) + "."
            raise UnauditedWrite(detail)

    @contextmanager
    def part(self) -> Iterator[Self]:
        """Do a part of the act that can be undone by itself: when the block ends badly, only the part is taken back."""
        written, last = set(self._written), {step: list(items) for step, items in self._last.items()}
        try:
            with self.session.begin_nested():
                yield self
        except BaseException:
            self._written, self._last = written, last
            self.session.give_up_waiting()
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
        work = _work_of(connection)
        if work is not None and not isinstance(statement, _MARKS) and work.session.waits_for(statement):
            work.session.flush()
        if isinstance(statement, UpdateBase):
            _note(connection, str(getattr(statement.table, "name", _UNKNOWN)))

    @event.listens_for(engine, "before_cursor_execute")
    def _plain_sql(connection: Connection, _cursor: Any, sql: str, _values: Any, context: Any, _many: bool) -> None:  # noqa: ANN401, FBT001 -- SQLAlchemy's signature
        written_by_hand = context is None or context.compiled is None or not context.compiled.is_sql or context.is_text
        if written_by_hand and not sql.lstrip().upper().startswith(_READING):
            _note(connection, _UNKNOWN)


def _note(connection: Connection, table: str) -> None:
    work = _work_of(connection)
    if work is not None:
        work.note_write(table)


def _work_of(connection: Connection) -> UnitOfWork | None:
    work = connection.get_execution_options().get(_OPTION)
    return work if isinstance(work, UnitOfWork) else None

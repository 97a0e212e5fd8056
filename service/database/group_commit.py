"""Several acts share one commit on SQLite: a commit waits for the disk, and one wait does for everybody in line.

Acts run one after the other on the one writing connection, each inside a savepoint of its own. Whoever finishes while
others wait leaves the transaction open for the next; the last in line commits for all. Nobody goes on before the commit
that holds its act, and when that commit fails, nobody in it is told that something was kept.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

from service.database.turns import Turns
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import Unavailable

LARGEST: Final = 16
"""Acts in one commit at most: the first of them waits for all the others."""

Seal = Callable[[Connection], Callable[[], None]]
"""Adds to a transaction what must be in the same commit, and gives what is to be done once that commit holds."""


class _Group:
    """One open transaction and the acts in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.transaction = connection.begin()
        self.acts = 0
        self.wrote = False
        self.is_kept = False
        self.is_over = threading.Event()

    @property
    def is_open(self) -> bool:
        """Whether SQLite still has the transaction; a full disk makes it roll back by itself, with every act in it."""
        return bool(self.connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]


class GroupCommit:
    """Gives each act its place in a shared transaction; what `Database.work` uses on SQLite."""

    def __init__(self, writer: Engine, seal: Seal | None) -> None:
        """Prepare.

        Args:
            writer: the engine with the one connection that writes.
            seal: what is added just before each commit that holds anything.
        """
        self._writer = writer
        self.seal = seal
        self._turns = Turns()
        self._group: _Group | None = None

    @contextmanager
    def act(self) -> Iterator[UnitOfWork]:
        """Open a unit of work; when the block has ended, so has the commit that holds it.

        Raises:
            UnauditedWrite: something was written without an audit entry.
            Unavailable: the turn did not come in time, or the commit failed that was to hold the act.
        """
        self._turns.take()
        group = self._joined()
        try:
            with UnitOfWork(group.connection) as work:
                yield work
            group.wrote |= bool(work.kept)
        finally:
            self._leave(group)

    def _joined(self) -> _Group:
        """Join the open group or begin one; the turn is ours."""
        try:
            if self._group is None:
                connection = self._writer.connect()
                try:
                    self._group = _Group(connection)
                except BaseException:
                    connection.close()
                    raise
        except BaseException:
            self._turns.hand_on()
            raise
        self._group.acts += 1
        return self._group

    def _leave(self, group: _Group) -> None:
        """Leave the transaction open for whoever waits, or end it; either way, wait for its end."""
        if group.is_open and group.acts < LARGEST and self._turns.pass_on():
            group.is_over.wait()
        else:
            self._end(group)
        if not group.is_kept:
            detail = "It could not be kept."
            raise Unavailable(detail)

    def _end(self, group: _Group) -> None:
        """Commit for everybody in the group, tell them, and hand the turn on."""
        self._group = None
        try:
            if group.is_open:
                self._commit(group)
        finally:
            group.connection.close()
            group.is_over.set()
            self._turns.hand_on()

    def _commit(self, group: _Group) -> None:
        sealed = self.seal(group.connection) if self.seal is not None and group.wrote else None
        group.transaction.commit()
        group.is_kept = True
        if sealed is not None:
            sealed()

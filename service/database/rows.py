"""The rows of one act: new ones wait for each other and go to the database together, one statement for each table.

Nobody can tell that they waited. Before anything is asked of the database, and before anything that is there changes,
what waits is written; so a question finds every row that the same act has made before it.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Executable, Insert, MetaData, Table, insert, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlmodel import Session, SQLModel

_READS: Final = "reads"
_Row = TypeVar("_Row", bound=SQLModel)
_Question = TypeVar("_Question", bound=Executable)


class Rows(Session):
    """The session of one act."""

    def __init__(self, connection: Connection) -> None:
        """Begin; in a transaction that several acts share, the act gets a savepoint.

        Args:
            connection: the act's own, or the one that acts share one after the other.
        """
        super().__init__(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        self._waiting: list[SQLModel] = []
        self._made: set[str] = set()
        self._writing = False

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """Keep a row; a new one waits for those that come after it."""
        if not isinstance(instance, SQLModel) or inspect(instance).has_identity:
            super().add(instance, _warn=_warn)
            return
        if self.dirty or self.deleted:
            # What changed before this row was made is also written before it.
            self.flush()
        self._waiting.append(instance)
        self._made.add(str(getattr(instance, "id", None)))

    def refresh(self, instance: object, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        """Read a row again, with what this act has changed; one that waits is nobody else's and needs no lock yet."""
        if not any(instance is one for one in self._waiting):
            # SQLAlchemy would forget a change that is not written.
            self.flush()
            super().refresh(instance, *args, **kwargs)

    def flush(self, objects: Any = None) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        """Write what waits, and then what has changed."""
        if self._writing:
            return
        self._writing = True
        try:
            waiting, self._waiting = self._waiting, []
            for table, rows in _by_table(waiting):
                for _, alike in groupby([_values(table, row) for row in rows], key=tuple):
                    self.connection().execute(_insert(table), list(alike))
            for row in waiting:
                # It is there now: from here on it is watched as if it had been read.
                make_transient_to_detached(row)
                super().add(row)
            super().flush(objects)
        finally:
            self._writing = False

    def give_up_waiting(self) -> None:
        """Forget the rows that wait: the part of the act that made them is taken back."""
        self._waiting.clear()

    def made_here(self, row_id: object) -> bool:
        """Tell whether this act has made the row of an id, so that no other act can know the id yet."""
        return str(row_id) in self._made

    def new_rows_of(self, kind: type[_Row], *case_ids: UUID) -> list[_Row] | None:
        """Give the rows about cases that wait themselves, as all about them then does; None when one does not wait.

        Args:
            kind: which rows.
            case_ids: the cases.
        """
        waiting = {getattr(one, "id", None) for one in self._waiting}
        if not waiting.issuperset(case_ids):
            return None
        return [one for one in self._waiting if isinstance(one, kind) and getattr(one, "case_id", None) in case_ids]

    def waits_for(self, question: Executable) -> bool:
        """Tell whether an answer could miss a row that waits, or a change; only some questions name what they read."""
        tables = question.get_execution_options().get(_READS)
        return tables is None or bool(self.dirty) or any(isinstance(one, tables) for one in self._waiting)


def new_rows_of(session: Session, kind: type[_Row], *case_ids: UUID) -> list[_Row] | None:
    """Give the rows about cases that this very act opens, when the database knows nothing of them yet.

    Args:
        session: of the act, or of somebody who only looks.
        kind: which rows.
        case_ids: the cases.

    Returns:
        The rows in the order in which they were made; None when the database must be asked.
    """
    return session.new_rows_of(kind, *case_ids) if isinstance(session, Rows) else None


def reading_only(question: _Question, *kinds: type[SQLModel]) -> _Question:
    """Say which rows a question reads, so that it can be asked while others wait.

    Args:
        question: what is asked.
        kinds: every table that it reads.
    """
    return question.execution_options(**{_READS: kinds})


def _by_table(rows: Iterable[SQLModel]) -> Iterator[tuple[Table, list[SQLModel]]]:
    """Give the rows of each table, those of a table that others point at first."""
    ranked = [(_rank(_table(row)), row) for row in rows]
    for _, group in groupby(sorted(ranked, key=itemgetter(0)), key=itemgetter(0)):
        together = [row for _, row in group]
        yield _table(together[0]), together


def _table(row: SQLModel) -> Table:
    table: Table = type(row).__table__  # type: ignore[attr-defined]
    return table


def _rank(table: Table) -> int:
    return _ranks(table.metadata, len(table.metadata.tables))[table.name]


@lru_cache
def _ranks(metadata: MetaData, _count: int) -> Mapping[str, int]:
    return {table.name: rank for rank, table in enumerate(metadata.sorted_tables)}


@lru_cache
def _insert(table: Table) -> Insert:
    return insert(table)


@lru_cache
def _columns(table: Table) -> tuple[tuple[str, bool], ...]:
    return tuple((column.key, column.default is not None) for column in table.columns)


def _values(table: Table, row: SQLModel) -> dict[str, Any]:
    """Give what a row says; where it says nothing and the column knows what then counts, the column says it."""
    said = vars(row)
    return {name: value for name, default in _columns(table) if (value := said.get(name)) is not None or not default}

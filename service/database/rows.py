"""The rows of one act: new ones wait for each other and go to the database together, one statement for each table.

Nobody can tell that they waited. Before anything is asked of the database, and before anything that is there changes,
what waits is written; so a question finds every row that the same act has made before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from itertools import groupby
from operator import attrgetter
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
        self._waiting: list[_Waiting] = []
        self._made: set[str] = set()
        self._writing = False

    def add(self, instance: object, *, _warn: bool = True) -> None:
        """Keep a row; a new one waits for those that come after it."""
        if not isinstance(instance, SQLModel) or inspect(instance).has_identity:
            super().add(instance, _warn=_warn)
            return
        self._wait(_Waiting(_table(type(instance)), instance))

    def insert(self, kind: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
        """Keep new rows that nobody looks at any more in this act; making objects of them would cost more than them.

        Args:
            kind: the table.
            rows: their values by column, all with the same columns.
        """
        for row in rows:
            self._wait(_Waiting(_table(kind), row))

    def refresh(self, instance: object, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
        """Read a row again, with what this act has changed; one that waits is nobody else's and needs no lock yet."""
        if not any(instance is one.row for one in self._waiting):
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
            for table, together in groupby(sorted(waiting, key=_rank), key=attrgetter("table")):
                for _, alike in groupby([one.values() for one in together], key=tuple):
                    self.connection().execute(_insert(table), list(alike))
            for one in waiting:
                if isinstance(one.row, SQLModel):
                    # It is there now: from here on it is watched as if it had been read.
                    make_transient_to_detached(one.row)
                    super().add(one.row)
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
        rows = [one.row for one in self._waiting]
        if not {getattr(row, "id", None) for row in rows}.issuperset(case_ids):
            return None
        return [row for row in rows if isinstance(row, kind) and getattr(row, "case_id", None) in case_ids]

    def waits_for(self, question: Executable) -> bool:
        """Tell whether an answer could miss a row that waits, or a change; only some questions name what they read."""
        tables = question.get_execution_options().get(_READS)
        return tables is None or bool(self.dirty) or any(one.table in tables for one in self._waiting)

    def _wait(self, one: "_Waiting") -> None:
        if self.dirty or self.deleted:
            # What changed before this row was made is also written before it.
            self.flush()
        self._waiting.append(one)
        self._made.add(str(one.id))


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


def insert_rows(session: Session, kind: type[SQLModel], rows: Iterable[dict[str, Any]]) -> None:
    """Keep new rows of which nobody needs an object.

    Args:
        session: of the act.
        kind: the table.
        rows: their values by column, all with the same columns.
    """
    if isinstance(session, Rows):
        session.insert(kind, rows)
    else:
        session.connection().execute(_insert(_table(kind)), list(rows))


def reading_only(question: _Question, *kinds: type[SQLModel]) -> _Question:
    """Say which rows a question reads, so that it can be asked while others wait.

    Args:
        question: what is asked.
        kinds: every table that it reads.
    """
    return question.execution_options(**{_READS: frozenset(_table(kind) for kind in kinds)})


@dataclass(frozen=True)
class _Waiting:
    """A row that is not written yet: an object, or its values alone."""

    table: Table
    row: SQLModel | dict[str, Any]

    @property
    def id(self) -> object:
        return self.row.get("id") if isinstance(self.row, dict) else getattr(self.row, "id", None)

    def values(self) -> dict[str, Any]:
        """Give what the row says; where it says nothing and the column knows what then counts, the column says it."""
        if isinstance(self.row, dict):
            return self.row
        said = vars(self.row)
        return {
            name: value
            for name, default in _columns(self.table)
            if (value := said.get(name)) is not None or not default
        }


def _table(kind: type[SQLModel]) -> Table:
    table: Table = kind.__table__  # type: ignore[attr-defined]
    return table


def _rank(one: _Waiting) -> int:
    """Tell when a table's turn is: after all that it points at."""
    metadata = one.table.metadata
    return _ranks(metadata, len(metadata.tables))[one.table.name]


@lru_cache
def _ranks(metadata: MetaData, _count: int) -> Mapping[str, int]:
    # By name, without looking the tables up: a process need not know one that it never touches.
    points_at = {
        name: {key.target_fullname.partition(".")[0] for key in table.foreign_keys} - {name}
        for name, table in metadata.tables.items()
    }
    return {name: rank for rank, name in enumerate(TopologicalSorter(points_at).static_order())}


@lru_cache
def _insert(table: Table) -> Insert:
    return insert(table)


@lru_cache
def _columns(table: Table) -> tuple[tuple[str, bool], ...]:
    return tuple((column.key, column.default is not None) for column in table.columns)

"""A PostgreSQL database that one test uses after another; putting its rows back costs a hundredth of a new one."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL

from tests.postgresql import made_on, run

_SHAPE: Final = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
  SELECT 'table ' || oid || xmin AS part FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'function ' || oid || xmin FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT 'constraint ' || oid || xmin FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT 'trigger ' || oid || xmin FROM pg_trigger
  UNION ALL SELECT 'column ' || attrelid || attname || attribute.xmin FROM pg_attribute AS attribute
    JOIN pg_class AS its ON its.oid = attrelid WHERE its.relnamespace = 'public'::regnamespace
) AS parts
"""
"""Gives another word as soon as a table, column, constraint, trigger or function was made, changed or taken away."""

_OTHERS_OUT: Final = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Reused:
    """A copy of a template, made when it is first asked for and again whenever a test changed its shape."""

    def __init__(self, server: URL, name: str, template: str) -> None:
        """Name the copy and what it is a copy of; see `reused`."""
        self._server, self._name, self._template = server, name, template
        self._shape = ""
        self._rows: dict[str, bytes] = {}
        # One that is kept knows the tables; a new one would have to get to know them all.
        self._kept: psycopg.Connection | None = None

    def lend(self) -> URL:
        """Give the copy as it was made; until the next call it is the caller's."""
        address = self._server.set(database=self._name)
        if not self._put_back(address):
            self._make(address)
        return address

    def close(self) -> None:
        """Give the connection back."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _make(self, address: URL) -> None:
        self.close()
        made_on(self._server, self._name, self._template)
        self._kept = _connected(address)
        self._shape = _shape(self._kept)
        for (table,) in self._kept.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            with self._kept.cursor().copy(SQL("COPY {} TO STDOUT").format(Identifier(table))) as rows:
                self._rows[table] = b"".join(bytes(piece) for piece in rows)

    def _put_back(self, address: URL) -> bool:
        if not self._rows:
            return False
        connection = self._alone(address)
        if _shape(connection) != self._shape:
            return False
        # Neither what only grows nor what belongs to something else stands in the way.
        connection.execute("SET session_replication_role = replica")
        emptied = [SQL("DELETE FROM {}").format(Identifier(table)) for table in self._rows]
        with connection.transaction():
            connection.execute(SQL("; ").join(emptied))
            for table, rows in self._rows.items():
                if rows:
                    with connection.cursor().copy(SQL("COPY {} FROM STDIN").format(Identifier(table))) as filled:
                        filled.write(rows)
        return True

    def _alone(self, address: URL) -> psycopg.Connection:
        """Put everybody else out, whoever may have done the same to us."""
        if self._kept is not None:
            with suppress(psycopg.OperationalError):
                self._kept.execute(_OTHERS_OUT)
                return self._kept
        self.close()
        self._kept = _connected(address)
        self._kept.execute(_OTHERS_OUT)
        return self._kept


@contextmanager
def reused(server: URL, name: str, template: str) -> Iterator[Reused]:
    """Lend copies of a template, and leave none behind.

    Args:
        server: a server on which databases may be made.
        name: of the copy; made by us, so it needs no quoting.
        template: a database to which nobody is connected.
    """
    with closing(Reused(server, name, template)) as lent:
        yield lent
    run(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _connected(address: URL) -> psycopg.Connection:
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, prepare_threshold=None)


def _shape(connection: psycopg.Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])

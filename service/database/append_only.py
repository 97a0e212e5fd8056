"""Tables that only grow: the database itself refuses to change or remove a row, whoever asks."""

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

_POSTGRESQL = """
CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} only grows'; END $$
""".strip()


def append_only(table: str, dialect: str) -> tuple[TextClause, ...]:
    """Give the statements after which a table only grows.

    Args:
        table: the table's name, from our own code.
        dialect: `sqlite` or `postgresql`.
    """
    if dialect == "sqlite":
        return tuple(
            text(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
            for verb in ("UPDATE", "DELETE")
        )
    return (
        text(_POSTGRESQL.format(table=table)),
        text(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
        ),
    )

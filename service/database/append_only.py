"""Tables that only grow: the database itself refuses to change or remove a row, whoever asks."""

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause

_POSTGRESQL_ONCE = """
CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.{once} IS NULL AND NOT ({changed}) THEN RETURN NEW; END IF;
  RAISE EXCEPTION '{table} only grows';
END $$
""".strip()

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
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


def append_only_but_once(table: str, once: str, columns: tuple[str, ...], dialect: str) -> tuple[TextClause, ...]:
    """Give the statements after which a table only grows, but one empty column may be filled in once.

    Args:
        table: the table's name, from our own code.
        once: the column that may be filled in.
        columns: all others.
        dialect: `sqlite` or `postgresql`.
    """
    if dialect == "sqlite":
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
        return (
            text(
                f"CREATE TRIGGER {table}_refuses_update BEFORE UPDATE ON {table} "
                f"WHEN OLD.{once} IS NOT NULL OR {changed} {refuse}"
            ),
            text(f"CREATE TRIGGER {table}_refuses_delete BEFORE DELETE ON {table} {refuse}"),
        )
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    call = f"EXECUTE FUNCTION {table}_only_grows()"
    return (
        text(_POSTGRESQL_ONCE.format(table=table, once=once, changed=changed)),
        text(f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}"),
        text(f"CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"),
    )


def free(table: str, dialect: str) -> tuple[TextClause, ...]:
    """Give the statements after which a table that only grew can be changed again, for migrations alone.

    Args:
        table: the table's name, from our own code.
        dialect: `sqlite` or `postgresql`.
    """
    if dialect == "sqlite":
        return tuple(text(f"DROP TRIGGER {table}_refuses_{verb}") for verb in ("update", "delete"))
    return (text(f"DROP FUNCTION {table}_only_grows() CASCADE"),)

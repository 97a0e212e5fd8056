"""Keep the tree over the whole log, what was signed about it, and who gives entries their places in it.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only, append_only_but_once, free

revision = "0004"
down_revision = "0003"

_OTHERS = ("id", "stream", "seq", "leaf_hash", "body", "ts", "event")
_TABLES = ("audit_node", "audit_checkpoint")


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    waiting = sa.text("leaf_index IS NULL")
    op.add_column("audit_entry", sa.Column("leaf_index", sa.BigInteger(), nullable=True))
    op.create_index("audit_entry_leaf", "audit_entry", ["leaf_index"], unique=True)
    op.create_index("audit_entry_waiting", "audit_entry", ["seq", "id"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "audit_node",
        sa.Column("level", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("idx", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "audit_sequencer",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String(64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.execute(sa.text("INSERT INTO audit_sequencer (id) VALUES (1)"))
    for statement in (
        *free("audit_entry", dialect),
        *append_only_but_once("audit_entry", "leaf_index", _OTHERS, dialect),
        *(statement for table in _TABLES for statement in append_only(table, dialect)),
    ):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("audit_entry", *_TABLES):
        for statement in free(table, dialect):
            op.execute(statement)
    for table in ("audit_sequencer", *reversed(_TABLES)):
        op.drop_table(table)
    op.drop_index("audit_entry_waiting", "audit_entry")
    op.drop_index("audit_entry_leaf", "audit_entry")
    op.drop_column("audit_entry", "leaf_index")
    for statement in append_only("audit_entry", dialect):
        op.execute(statement)

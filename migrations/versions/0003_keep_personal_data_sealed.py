"""Keep personal data sealed, and the wrapped keys of cases with which it is.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_SEALED = (
    ("case_facts", "given"),
    ("case_decision", "content"),
    ("referral", "disclosed"),
    ("partner_endpoint", "secret"),
)


def upgrade() -> None:
    _refuse_what_is_in_the_clear()
    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.String(36), nullable=False),
        sa.Column("form", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_data_key_owner", "data_key", ["owner"])
    op.create_index("ix_data_key_epoch", "data_key", ["epoch"])
    for table, column in _SEALED:
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column(column, sa.LargeBinary(), nullable=False))
    with op.batch_alter_table("case_decision") as changed:
        changed.alter_column("facts_digest", existing_type=sa.String(64), type_=sa.String(128))


def downgrade() -> None:
    for table, column in _SEALED:
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column(column, sa.Text(), nullable=False))
    with op.batch_alter_table("case_decision") as changed:
        changed.alter_column("facts_digest", existing_type=sa.String(128), type_=sa.String(64))
    op.drop_table("data_key")


def _refuse_what_is_in_the_clear() -> None:
    """Stop on rows that an early version kept unsealed; dropping their columns would lose them in silence."""
    for table, _ in _SEALED:
        if op.get_bind().execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one():
            message = f"{table} holds rows that are not sealed; start with an empty database"
            raise RuntimeError(message)

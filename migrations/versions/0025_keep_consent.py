"""Keep what was said about consent, entry by entry.

Revision: 0025
After: 0024
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only, free

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "consent_entry",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    for statement in append_only("consent_entry", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in free("consent_entry", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("consent_entry")

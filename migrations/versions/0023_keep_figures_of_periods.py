"""Keep the figures of a period as they were first told.

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only, free

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_table(
        "period_figures",
        sa.Column("period", sa.String(7), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("drawn_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_up_by", sa.String(64), nullable=False),
    )
    for statement in append_only("period_figures", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in free("period_figures", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("period_figures")

"""Name the facts that a recipient must give back, where it may keep the others.

Revision: 0034
After: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.add_column("recall", sa.Column("fields", sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("recall", "fields")

"""Keep the wrapped keys of cases, with which personal data is sealed.

Revision: 0003
After: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("data_key")

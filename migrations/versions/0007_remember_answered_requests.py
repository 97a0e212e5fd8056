"""Remember how a request was answered, for the sender who asks again.

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "kept_request",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("operation", sa.String(200), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.UniqueConstraint("org", "subject", "operation", "key"),
    )
    op.create_index("kept_request_end", "kept_request", ["ends_at"])


def downgrade() -> None:
    op.drop_table("kept_request")

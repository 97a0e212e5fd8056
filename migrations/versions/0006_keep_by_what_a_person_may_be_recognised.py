"""Keep keyed tags by which two cases of one person may be recognised.

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "recognition_tag",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("kind", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(16), primary_key=True),
        sa.Column("tag", sa.LargeBinary(), primary_key=True),
    )
    op.create_index("recognition_tag_same", "recognition_tag", ["kind", "key", "tag"])


def downgrade() -> None:
    op.drop_table("recognition_tag")

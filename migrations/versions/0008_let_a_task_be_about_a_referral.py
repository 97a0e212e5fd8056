"""Let a task be about one referral of its case.

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("referral_id", sa.Uuid(), nullable=True))
        task.create_foreign_key("task_referral", "referral", ["referral_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("task") as task:
        task.drop_constraint("task_referral", type_="foreignkey")
        task.drop_column("referral_id")

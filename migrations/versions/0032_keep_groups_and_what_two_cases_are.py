"""Keep groups that were announced, whom they turned out to be, and what people said of two cases.

Revision: 0032
After: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("signal") as signal:
        signal.add_column(sa.Column("announced", sa.LargeBinary(), nullable=True))
        signal.add_column(sa.Column("group_id", sa.Uuid(), nullable=True))
        signal.create_foreign_key("signal_group_id", "signal", ["group_id"], ["id"])
    op.create_index("signal_group", "signal", ["group_id"])
    op.create_table(
        "case_comparison",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("other_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("verdict", sa.String(64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("said_by", sa.String(64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("case_comparison_case", "case_comparison", ["case_id", "said_at"])
    op.create_index("case_comparison_other", "case_comparison", ["other_id", "said_at"])


def downgrade() -> None:
    op.drop_table("case_comparison")
    op.drop_index("signal_group", "signal")
    with op.batch_alter_table("signal") as signal:
        signal.drop_constraint("signal_group_id", type_="foreignkey")
        signal.drop_column("group_id")
        signal.drop_column("announced")

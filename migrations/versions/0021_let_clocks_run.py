"""Let clocks run that ring by themselves, and let a task be there because of one.

Revision: 0021
After: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("org", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.String(96), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("rule_set", sa.String(96), nullable=False),
        sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("case_decision.id"), nullable=True),
        sa.Column("anchor", sa.String(64), nullable=True),
        sa.Column("term", sa.String(64), nullable=True),
        sa.Column("set_for", sa.Date(), nullable=False),
        sa.Column("set_for_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rings_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("was_suspended", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(64), nullable=True),
        sa.Column("met", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case_id", "kind", "key", "generation"),
    )
    op.create_index("deadline_rings", "deadline", ["state", "rings_at"])
    op.create_index("deadline_org", "deadline", ["org", "rings_at"])
    op.create_index("deadline_all", "deadline", ["rings_at"])
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("deadline_id", sa.Uuid(), nullable=True))
        task.create_foreign_key("task_deadline", "deadline", ["deadline_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("task") as task:
        task.drop_constraint("task_deadline", type_="foreignkey")
        task.drop_column("deadline_id")
    op.drop_table("deadline")

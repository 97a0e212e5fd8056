"""Let signals wait without a case, keep what triage did with them, and let a task be about a signal.

Revision: 0027
After: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

# Who came first opened the case; whoever came later joined it.
_FIRST = (
    "SELECT count(*) FROM signal AS earlier WHERE earlier.case_id = signal.case_id AND (earlier.submitted_at, "
    "earlier.id) < (signal.submitted_at, signal.id)"
)


def upgrade() -> None:
    op.add_column("signal", sa.Column("kind", sa.String(64), nullable=False, server_default="report"))
    op.add_column("signal", sa.Column("advice", sa.LargeBinary(), nullable=True))
    op.execute(f"UPDATE signal SET state = 'linked' WHERE state = 'triaged' AND ({_FIRST}) > 0")  # noqa: S608 -- our own words
    op.execute("UPDATE signal SET state = 'case_opened' WHERE state = 'triaged'")
    op.create_table(
        "signal_step",
        sa.Column("signal_id", sa.Uuid(), sa.ForeignKey("signal.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=True),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("explanation", sa.LargeBinary(), nullable=True),
        sa.Column("done_by", sa.String(64), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
    )
    with op.batch_alter_table("task") as task:
        task.alter_column("case_id", existing_type=sa.Uuid(), nullable=True)
        task.add_column(sa.Column("signal_id", sa.Uuid(), nullable=True))
        task.create_foreign_key("task_signal_id", "signal", ["signal_id"], ["id"])
    op.create_index("task_signal", "task", ["signal_id"])


def downgrade() -> None:
    op.drop_index("task_signal", "task")
    op.execute("DELETE FROM task WHERE case_id IS NULL")
    with op.batch_alter_table("task") as task:
        task.drop_constraint("task_signal_id", type_="foreignkey")
        task.drop_column("signal_id")
        task.alter_column("case_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("signal_step")
    op.execute("UPDATE signal SET state = 'triaged' WHERE case_id IS NOT NULL")
    with op.batch_alter_table("signal") as signal:
        signal.drop_column("advice")
        signal.drop_column("kind")

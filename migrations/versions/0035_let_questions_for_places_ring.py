"""Let a question for places ring when nobody answers it, and let a task lie on a desk without a case.

Revision: 0035
After: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    # Added in place: on SQLite another table would take the place of one that answers refer to.
    op.add_column("capacity_question", sa.Column("state", sa.String(64), nullable=False, server_default="open"))
    op.add_column("capacity_question", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    # What everybody has answered, or was offered enough for, rings no more; of the rest somebody hears now.
    op.execute(
        "UPDATE capacity_question SET state = 'settled' WHERE NOT EXISTS ("
        "SELECT 1 FROM capacity_ask WHERE question_id = capacity_question.id"
        " AND (answer IS NULL OR answer = 'acknowledge'))"
        " OR (SELECT sum(coalesce(places, 1)) FROM capacity_ask WHERE question_id = capacity_question.id"
        " AND answer = 'yes') >= capacity_question.count"
    )
    op.create_index("capacity_question_lapses", "capacity_question", ["state", "answer_by"])
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("question_id", sa.Uuid(), nullable=True))
        task.create_foreign_key("task_question_id_fkey", "capacity_question", ["question_id"], ["id"])
        task.create_index("task_question", ["question_id"])


def downgrade() -> None:
    op.execute("DELETE FROM task WHERE question_id IS NOT NULL")
    with op.batch_alter_table("task") as task:
        task.drop_index("task_question")
        task.drop_constraint("task_question_id_fkey", type_="foreignkey")
        task.drop_column("question_id")
    op.drop_index("capacity_question_lapses", "capacity_question")
    op.drop_column("capacity_question", "version")
    op.drop_column("capacity_question", "state")

"""Find a page of signals or tasks without sorting all of them, whoever asks and whatever their state.

Revision: 0019
After: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"

_INDEXES = (
    ("signal_submitted", "signal", ["submitted_at"]),
    ("task_opened", "task", ["opened_at"]),
    ("task_org_opened", "task", ["org", "opened_at"]),
)


def upgrade() -> None:
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)

"""Find the deadline that rang last, by which a clock that goes back is noticed.

Revision: 0036
After: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.create_index("deadline_fired", "deadline", ["fired_at"])


def downgrade() -> None:
    op.drop_index("deadline_fired", "deadline")

"""Let partners take turns, and leave a partner alone whose system does not work.

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_CAN_BE_SENT = sa.text("pending > 0 AND stopped_by IS NULL")
_IS_LEASED = sa.text("lease_until IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "dispatch_circuit",
        sa.Column("partner_id", sa.String(64), primary_key=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_a_row", sa.Integer(), nullable=False),
        sa.Column("recent", sa.Integer(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
    )
    op.drop_index("dispatch_lane_due", "dispatch_lane")
    _index("dispatch_lane_due", ["partner_id", "next_due", "id"], _CAN_BE_SENT)
    _index("dispatch_lane_leased", ["partner_id", "lease_until"], _IS_LEASED)


def downgrade() -> None:
    op.drop_index("dispatch_lane_leased", "dispatch_lane")
    op.drop_index("dispatch_lane_due", "dispatch_lane")
    _index("dispatch_lane_due", ["next_due", "id"], _CAN_BE_SENT)
    op.drop_table("dispatch_circuit")


def _index(name: str, columns: list[str], condition: sa.TextClause) -> None:
    op.create_index(name, "dispatch_lane", columns, sqlite_where=condition, postgresql_where=condition)

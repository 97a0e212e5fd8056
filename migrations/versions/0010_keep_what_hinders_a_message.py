"""Keep what hinders a message and who was told, let a lane stand still, and since when an endpoint fails.

Revision: 0010
After: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_SOMETHING_WAITS = sa.text("pending > 0")
_CAN_BE_SENT = sa.text("pending > 0 AND stopped_by IS NULL")
_IS_WATCHED = sa.text("warn_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("dispatch_lane", sa.Column("stopped_by", sa.String(64), nullable=True))
    _index_of_lanes(_CAN_BE_SENT)
    for name in ("failed", "refused"):
        op.add_column("dispatch_delivery", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("outcome", "trouble"):
        op.add_column("dispatch_delivery", sa.Column(name, sa.String(64), nullable=True))
    op.add_column("dispatch_delivery", sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "dispatch_delivery_watched",
        "dispatch_delivery",
        ["warn_at"],
        sqlite_where=_IS_WATCHED,
        postgresql_where=_IS_WATCHED,
    )
    op.add_column("dispatch_attempt", sa.Column("endpoint_id", sa.Uuid(), nullable=True))
    op.add_column("partner_endpoint", sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("partner_endpoint", "failing_since")
    op.drop_column("dispatch_attempt", "endpoint_id")
    op.drop_index("dispatch_delivery_watched", "dispatch_delivery")
    for name in ("warn_at", "trouble", "outcome", "refused", "failed"):
        op.drop_column("dispatch_delivery", name)
    _index_of_lanes(_SOMETHING_WAITS)
    op.drop_column("dispatch_lane", "stopped_by")


def _index_of_lanes(condition: sa.TextClause) -> None:
    op.drop_index("dispatch_lane_due", "dispatch_lane")
    op.create_index(
        "dispatch_lane_due", "dispatch_lane", ["next_due", "id"], sqlite_where=condition, postgresql_where=condition
    )

"""Keep when a message was recorded, and what somebody wants sent by hand.

Revision: 0016
After: 0015
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_INSTANT = sa.DateTime(timezone=True)
_DELIVERY = sa.table(
    "dispatch_delivery", sa.column("id"), sa.column("body", sa.LargeBinary()), sa.column("recorded_at", _INSTANT)
)


def upgrade() -> None:
    with op.batch_alter_table("dispatch_delivery") as delivery:
        # A process of the version before goes on queuing, and says nothing about it.
        delivery.add_column(sa.Column("recorded_at", _INSTANT, nullable=False, server_default=sa.func.now()))
        delivery.add_column(sa.Column("resent_from", sa.String(64), nullable=True))
    connection = op.get_bind()
    for message in connection.execute(sa.select(_DELIVERY.c.id, _DELIVERY.c.body)).all():
        said = datetime.fromisoformat(json.loads(bytes(message.body))["time"])
        this = sa.update(_DELIVERY).where(_DELIVERY.c.id == message.id)
        connection.execute(this.values(recorded_at=said))
    op.create_index("dispatch_delivery_recorded", "dispatch_delivery", ["recorded_at", "id"])
    op.add_column("dispatch_attempt", sa.Column("by_hand", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("dispatch_attempt", "by_hand")
    op.drop_index("dispatch_delivery_recorded", "dispatch_delivery")
    for name in ("resent_from", "recorded_at"):
        op.drop_column("dispatch_delivery", name)

"""Keep when a partner's system was last asked to prove itself or to take a test: it is left alone for a while.

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for name in ("challenged_at", "tried_at"):
        op.add_column("partner_endpoint", sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("tried_at", "challenged_at"):
        op.drop_column("partner_endpoint", name)

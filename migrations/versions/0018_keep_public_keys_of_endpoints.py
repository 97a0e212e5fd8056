"""Keep the public key of an endpoint whose messages the service alone can sign; endpoints of before share a secret.

Revision: 0018
After: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("partner_endpoint", sa.Column("public_key", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("partner_endpoint", "public_key")

"""Keep how a person reaches a partner; where it works is told by its areas and no longer in words.

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("partner", sa.Column("email", sa.String(200), nullable=False, server_default=""))
    op.add_column("partner", sa.Column("phone", sa.String(50), nullable=False, server_default=""))
    op.drop_column("partner", "area")


def downgrade() -> None:
    op.add_column("partner", sa.Column("area", sa.String(200), nullable=False, server_default=""))
    op.drop_column("partner", "phone")
    op.drop_column("partner", "email")

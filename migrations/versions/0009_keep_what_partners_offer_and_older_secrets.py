"""Keep what partners offer, where, for whom and how long that holds, and the secrets that still sign beside a new one.

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for name, length in (("services", 500), ("areas", 1000), ("target_groups", 1000)):
        op.add_column("partner", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.add_column("partner", sa.Column("status", sa.String(64), nullable=False, server_default="active"))
    for name in ("valid_from", "valid_to", "as_of"):
        op.add_column("partner", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("partner", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("partner_endpoint", sa.Column("older_secrets", sa.LargeBinary(), nullable=True))
    op.add_column("partner_endpoint", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    for name in ("version", "older_secrets"):
        op.drop_column("partner_endpoint", name)
    for name in ("version", "as_of", "valid_to", "valid_from", "status", "target_groups", "areas", "services"):
        op.drop_column("partner", name)

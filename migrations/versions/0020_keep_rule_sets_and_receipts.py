"""Keep every rule set that decides by its content, a receipt with each decision, and who put which rules in force.

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only, free

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "rule_set",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(96), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("rule_set_name", "rule_set", ["name"])
    for statement in append_only("rule_set", op.get_bind().dialect.name):
        op.execute(statement)
    op.create_table(
        "rule_proposal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("rule_set", sa.String(64), sa.ForeignKey("rule_set.hash"), nullable=False),
        sa.Column("replaces", sa.String(64), sa.ForeignKey("rule_set.hash"), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("retroactive", sa.String(1000), nullable=True),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.String(64), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("rule_proposal_number", "rule_proposal", ["number"], unique=True)
    op.add_column("case_decision", sa.Column("receipt", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("case_decision", "receipt")
    op.drop_table("rule_proposal")
    for statement in free("rule_set", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("rule_set")

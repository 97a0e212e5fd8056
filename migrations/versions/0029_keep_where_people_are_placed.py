"""Keep where people wait for a place, have one and stay.

Revision: 0029
After: 0028
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only, free

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("shelter_type", sa.String(64), nullable=False),
        sa.Column("interim", sa.Boolean(), nullable=False),
        sa.Column("partner_id", sa.String(64), sa.ForeignKey("partner.id"), nullable=True),
        sa.Column("placed_by", sa.String(64), sa.ForeignKey("partner.id"), nullable=True),
        sa.Column("hold_id", sa.Uuid(), sa.ForeignKey("place_hold.id"), nullable=True),
        sa.Column("question_id", sa.Uuid(), sa.ForeignKey("capacity_question.id"), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("placement_case", "placement", ["case_id", "opened_at"])
    op.create_table(
        "placement_step",
        sa.Column("placement_id", sa.Uuid(), sa.ForeignKey("placement.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    for statement in append_only("placement_step", op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in free("placement_step", op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_table("placement_step")
    op.drop_table("placement")

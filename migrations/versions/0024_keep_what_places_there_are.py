"""Keep what places partners report, who holds one for a while, and questions for places that are about nobody.

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "place_capacity",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("partner_id", sa.String(64), sa.ForeignKey("partner.id"), nullable=False),
        sa.Column("shelter_type", sa.String(64), nullable=False),
        sa.Column("target_group", sa.String(64), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("free", sa.Integer(), nullable=False),
        sa.Column("occupied", sa.Integer(), nullable=True),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_by", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("partner_id", "shelter_type", "target_group"),
    )
    op.create_table(
        "place_hold",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("capacity_id", sa.Uuid(), sa.ForeignKey("place_capacity.id"), nullable=False),
        sa.Column("org", sa.String(64), nullable=False),
        sa.Column("held_by", sa.String(64), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("place_hold_capacity", "place_hold", ["capacity_id", "state"])
    op.create_index("place_hold_until", "place_hold", ["state", "until"])
    op.create_table(
        "capacity_question",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("org", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("target_group", sa.String(64), nullable=False),
        sa.Column("urgency", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("everywhere", sa.Boolean(), nullable=False),
    )
    op.create_index("capacity_question_org", "capacity_question", ["org", "asked_at"])
    op.create_table(
        "capacity_ask",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("question_id", sa.Uuid(), sa.ForeignKey("capacity_question.id"), nullable=False),
        sa.Column("partner_id", sa.String(64), sa.ForeignKey("partner.id"), nullable=False),
        sa.Column("answer", sa.String(64), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("question_id", "partner_id"),
    )


def downgrade() -> None:
    for table in ("capacity_ask", "capacity_question", "place_hold", "place_capacity"):
        op.drop_table(table)

"""Keep what partners answer and by when they must, and who is asked instead.

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_WORDS = ("answer_term", "withdraw_reason")
_INSTANTS = ("queued_at", "arrived_at", "answer_by")
_INDEXES = (
    ("referral_inbox", ["partner_id", "queued_at", "id"]),
    ("referral_answer_by", ["state", "answer_by"]),
)


def upgrade() -> None:
    waits_for_a_person, no = sa.text("'after_confirmation'"), sa.text("false")
    op.add_column("referral", sa.Column("dispatch", sa.String(64), nullable=False, server_default=waits_for_a_person))
    op.add_column("referral", sa.Column("consent_gone", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("referral", sa.Column("instead_of", sa.Uuid(), nullable=True))
    for name in _WORDS:
        op.add_column("referral", sa.Column(name, sa.String(64), nullable=True))
    for name in _INSTANTS:
        op.add_column("referral", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE referral SET queued_at = made_at WHERE id IN (SELECT referral_id FROM dispatch_delivery)")
    op.drop_index("referral_partner", "referral")
    for name, columns in _INDEXES:
        op.create_index(name, "referral", columns)
    op.create_table(
        "referral_answer",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("referral_id", sa.Uuid(), sa.ForeignKey("referral.id"), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(64), nullable=True),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("referral_id", "answer"),
    )


def downgrade() -> None:
    op.drop_table("referral_answer")
    for name, _ in _INDEXES:
        op.drop_index(name, "referral")
    op.create_index("referral_partner", "referral", ["partner_id", "state"])
    for name in ("dispatch", "consent_gone", "instead_of", *_WORDS, *_INSTANTS):
        op.drop_column("referral", name)

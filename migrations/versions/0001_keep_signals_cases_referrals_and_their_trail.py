"""Keep signals, cases, referrals, deliveries and the trail of what happened.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

from service.database.append_only import append_only

revision = "0001"
down_revision = None

_TABLES = (
    "referral",
    "signal",
    "partner_endpoint",
    "partner",
    "dispatch_attempt",
    "dispatch_delivery",
    "dispatch_lane",
    "case_decision",
    "case_facts",
    "cases",
    "audit_head",
    "audit_entry",
)


def upgrade() -> None:
    _audit()
    _cases()
    _signals()
    _partners()
    _referrals()
    _dispatch()


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _code("stream"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _instant("ts"),
        _code("event"),
        sa.UniqueConstraint("stream", "seq"),
    )
    op.create_index("audit_entry_event", "audit_entry", ["event", "ts"])
    for statement in append_only("audit_entry", op.get_bind().dialect.name):
        op.execute(statement)
    op.create_table(
        "audit_head",
        sa.Column("stream", sa.String(64), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _code("org"),
        _instant("opened_at"),
        _code("state"),
    )
    op.create_table(
        "case_facts",
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("given", sa.Text(), nullable=False),
        _instant("told_at"),
    )
    op.create_table(
        "case_decision",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("facts_digest", sa.String(64), nullable=False),
        sa.Column("rule_set", sa.String(96), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _instant("made_at"),
        _code("state"),
    )
    op.create_index("case_decision_case", "case_decision", ["case_id", "made_at"])


def _signals() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _code("org"),
        _code("submission_key"),
        sa.Column("content_digest", sa.String(64), nullable=False),
        _code("submitted_by"),
        _instant("submitted_at"),
        _code("state"),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=True),
        sa.UniqueConstraint("org", "submission_key"),
    )


def _partners() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        _code("kind"),
        sa.Column("area", sa.String(200), nullable=False),
        sa.Column("source", sa.String(500), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
    )
    op.create_table(
        "partner_endpoint",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("partner_id", sa.String(64), sa.ForeignKey("partner.id"), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("secret", sa.String(128), nullable=False),
        _instant("registered_at"),
        _code("state"),
    )
    op.create_index("partner_endpoint_partner", "partner_endpoint", ["partner_id", "state"])


def _referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("case_decision.id"), nullable=False),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.String(64), sa.ForeignKey("partner.id"), nullable=False),
        _code("asked_as"),
        _code("content"),
        sa.Column("disclosed", sa.Text(), nullable=False),
        _code("rule"),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        _instant("due_at", nullable=True),
        _instant("made_at"),
        _code("state"),
        sa.Column("version", sa.Integer(), nullable=False),
        _code("decline_reason", nullable=True),
    )
    op.create_index("referral_case", "referral", ["case_id"])
    op.create_index("referral_partner", "referral", ["partner_id", "state"])


def _dispatch() -> None:
    op.create_table(
        "dispatch_lane",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _code("partner_id"),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        _instant("next_due"),
        _instant("lease_until", nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.UniqueConstraint("partner_id", "case_id"),
    )
    something_waits = sa.text("pending > 0")
    op.create_index(
        "dispatch_lane_due",
        "dispatch_lane",
        ["next_due", "id"],
        sqlite_where=something_waits,
        postgresql_where=something_waits,
    )
    op.create_table(
        "dispatch_delivery",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("lane_id", sa.Uuid(), sa.ForeignKey("dispatch_lane.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        _code("kind"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _code("state"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.UniqueConstraint("lane_id", "seq"),
    )
    op.create_index("dispatch_delivery_referral", "dispatch_delivery", ["referral_id"])
    op.create_table(
        "dispatch_attempt",
        sa.Column("delivery_id", sa.String(64), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        _instant("at"),
        _code("outcome"),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=False),
    )


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

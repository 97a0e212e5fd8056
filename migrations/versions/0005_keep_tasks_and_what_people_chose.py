"""Keep tasks, versions of what people change, what was told in a signal, and what people chose instead of the rules.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_FIRST = sa.text("1")
_VERSIONS = (("cases", "facts_version"), ("cases", "version"), ("case_decision", "version"), ("signal", "version"))
_TOLD = ("facts", "narrative", "identity")
_INDEXES = (
    ("cases_org", "cases", ["org", "opened_at"]),
    ("cases_opened", "cases", ["opened_at"]),
    ("signal_org", "signal", ["org", "submitted_at"]),
    ("signal_case", "signal", ["case_id"]),
)


def upgrade() -> None:
    for table, column in _VERSIONS:
        op.add_column(table, sa.Column(column, sa.Integer(), nullable=False, server_default=_FIRST))
    for column in _TOLD:
        op.add_column("signal", sa.Column(column, sa.LargeBinary(), nullable=True))
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
    _overrides()
    _tasks()


def downgrade() -> None:
    op.drop_table("task")
    op.drop_table("decision_override")
    for name, table, _ in _INDEXES:
        op.drop_index(name, table)
    for column in _TOLD:
        op.drop_column("signal", column)
    for table, column in _VERSIONS:
        op.drop_column(table, column)


def _overrides() -> None:
    op.create_table(
        "decision_override",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        sa.Column("decision_id", sa.Uuid(), sa.ForeignKey("case_decision.id"), nullable=False),
        _code("part"),
        sa.Column("chosen", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        _code("chosen_by"),
        _instant("chosen_at"),
    )
    op.create_index("decision_override_decision", "decision_override", ["decision_id"])


def _tasks() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("case_id", sa.Uuid(), sa.ForeignKey("cases.id"), nullable=False),
        _code("org"),
        _code("kind"),
        _code("rule"),
        _instant("opened_at"),
        sa.Column("due", sa.Date(), nullable=True),
        _code("owner", nullable=True),
        _code("state"),
        _code("outcome", nullable=True),
        _code("ended_by", nullable=True),
        _instant("ended_at", nullable=True),
        sa.Column("continued_as", sa.Uuid(), sa.ForeignKey("task.id"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("task_case", "task", ["case_id", "state"])
    op.create_index("task_org", "task", ["org", "state", "opened_at"])


def _code(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(64), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)

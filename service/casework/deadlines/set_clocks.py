"""The clocks of a case follow its decision: new ones start, moved ones start anew, and what is no longer due stops."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import groupby
from typing import Final
from uuid import UUID

from service.cases.tables import Case, CaseDecision
from service.casework.context import Context
from service.casework.deadlines.plan_clocks import Plan, cancel_clocks, start_clocks
from service.casework.tasks.open_tasks import drop_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import REFLECTION_WARNING, DeadlineState
from service.deadlines.tables import Deadline
from service.kernel.clock import AMSTERDAM
from service.routing.decision import Deadline as Listed
from service.routing.decision import Decision
from service.routing.facts.terms import Due

ESCALATION: Final = "escalation"
"""Kind of the clock after which somebody else hears of a deadline that was missed; its key is the deadline's id."""

KEPT_ELSEWHERE: Final = frozenset({"answer_due"})
"""Kinds that are no clocks of a case: each referral has its own term to answer, which alone is shown and applied."""

_DAY_OF_THE_DECISION: Final = "decided_on"
_OFFICE_OPENS: Final = "office_hours.opens"


def set_clocks(context: Context, work: UnitOfWork, case: Case, made: CaseDecision, decision: Decision) -> None:
    """Let the clocks that the rules ask for run in a case, and no others of theirs.

    A clock whose day changed goes on as a new generation, which is in the past when the facts say so: it rings at once.
    What was done stays done. Clocks that no decision asked for are left alone.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: what was decided about.
        made: the decision as kept.
        decision: the decision as made.
    """
    known = deadlines.newest(deadlines.deadlines_of(work.session, [case.id]))
    wanted = {(plan.kind, plan.key): plan for plan in plans(context, made.id, decision.deadlines)}
    set_before = {name: one for name, one in known.items() if one.decision_id is not None}
    moved = {name for name, plan in wanted.items() if name in known and _moves(known[name], plan)}
    over = [one for name, one in set_before.items() if name not in wanted or name in moved]
    cancel_clocks(context, work, case, [one for one in over if deadlines.is_live(one)])
    _forget_missed(context, work, case, known.values(), over)
    new = [(plan, known.get(name)) for name, plan in wanted.items() if name not in known or name in moved]
    start_clocks(context, work, case, new)


def plans(context: Context, decision_id: UUID, listed: Iterable[Listed]) -> Iterator[Plan]:
    """Give the clocks that a decision asks for.

    Args:
        context: whose rules say when offices open.
        decision_id: the decision.
        listed: its deadlines, in their order.
    """
    clocks = sorted((one for one in listed if one.kind not in KEPT_ELSEWHERE), key=_name)
    for (kind, rule), alike in groupby(clocks, key=_name):
        for number, one in enumerate(alike, start=1):
            yield Plan(
                kind=kind,
                rule=rule,
                due=Due(one.due, one.due_at),
                # A rule may ask for several of a kind; which one is told by its place among them.
                key=f"{rule}.{number}",
                anchor=one.anchor or None,
                term=one.term,
                rings_at=_morning(context, one) if kind == REFLECTION_WARNING else None,
                decision_id=decision_id,
            )


def _name(listed: Listed) -> tuple[str, str]:
    return listed.kind, listed.rule


def _morning(context: Context, listed: Listed) -> datetime:
    """Give the instant at which offices open on the day of a warning."""
    opens = time.fromisoformat(str(context.rules().parameters.on(_OFFICE_OPENS, listed.due)))
    return datetime.combine(listed.due, opens, AMSTERDAM)


def _moves(known: Deadline, plan: Plan) -> bool:
    """Tell whether a clock has to start anew."""
    if known.state is DeadlineState.CANCELLED:
        return True
    if plan.anchor == _DAY_OF_THE_DECISION or deadlines.is_done(known):
        # It counts from the first decision that asked for it; deciding again gives nobody more time.
        return False
    return (known.set_for, known.set_for_at) != plan.is_for


def _forget_missed(
    context: Context, work: UnitOfWork, case: Case, known: Iterable[Deadline], over: Sequence[Deadline]
) -> None:
    """Leave nobody busy with deadlines that were missed and are no longer due, or not then."""
    ids = {one.id for one in over if one.state is DeadlineState.MISSED}
    if ids:
        drop_because(context, work, case.id, ids)
        keys = {str(one) for one in ids}
        ladders = [one for one in known if one.kind == ESCALATION and one.key in keys and deadlines.is_live(one)]
        cancel_clocks(context, work, case, ladders)

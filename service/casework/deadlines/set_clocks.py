"""The clocks of a case follow its decision: new ones start, moved ones start anew, and what is no longer due stops."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from datetime import datetime, time
from itertools import groupby
from typing import Final
from uuid import UUID

from service.cases.tables import Case, CaseDecision
from service.casework.context import Context
from service.casework.deadlines.end_clocks import Name, cancel_clocks, forget_fired
from service.casework.deadlines.plan_clocks import Plan, start_clocks
from service.casework.tasks.after_return import needless_clocks
from service.casework.tasks.kinds import CLOCKS_WAIT
from service.casework.tasks.open_tasks import arrange_kind
from service.casework.upkeep.true_clock import ClockWentBack, has_gone_back
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import REFLECTION_WARNING, DeadlineState
from service.deadlines.tables import Deadline
from service.kernel.clock import AMSTERDAM
from service.routing.decision import Deadline as Listed
from service.routing.decision import Decision
from service.routing.facts.terms import Due

KEPT_ELSEWHERE: Final = frozenset({"answer_due"})
"""Kinds that are no clocks of a case: each referral has its own term to answer, which alone is shown and applied."""

_DAY_OF_THE_DECISION: Final = "decided_on"
_OFFICE_OPENS: Final = "office_hours.opens"


def set_clocks(context: Context, work: UnitOfWork, case: Case, made: CaseDecision, decision: Decision) -> None:
    """Let the clocks that the rules ask for run in a case, and no others of theirs.

    A clock whose day changed goes on as a new generation, which is in the past when the facts say so: it rings at once.
    What was done stays done. Clocks that no decision asked for are left alone. Where a clock of the case has rung later
    than now, the day of the decision is wrong: all of them stay as they are, and it is decided anew once time has come
    again.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: what was decided about.
        made: the decision as kept.
        decision: the decision as made.
    """
    known = deadlines.clocks(work.session, case.id)
    waits = are_ahead(context, known.values())
    if any(one.fired_at is not None for one in known.values()):
        wanted_task = {(CLOCKS_WAIT, ClockWentBack.code)} if waits else set()
        arrange_kind(context, work, case, CLOCKS_WAIT, frozenset(wanted_task))
    if waits:
        return
    not_needed = needless_clocks(work, case)
    wanted = tuple(one for one in plans(context, made.id, decision.deadlines) if one.kind not in not_needed)
    over, new = changes(known, wanted)
    _stop(context, work, case, over, {plan.name for plan, _ in new})
    start_clocks(context, work, case, new)


def are_ahead(context: Context, known: Iterable[Deadline]) -> bool:
    """Tell whether a clock of a case has rung later than now, so that nothing can be planned in it yet."""
    return has_gone_back(context, max((one.fired_at for one in known if one.fired_at is not None), default=None))


def stop_kinds(context: Context, work: UnitOfWork, case: Case, kinds: Container[str]) -> None:
    """Stop the clocks of some kinds, which nobody can meet any more, and leave nobody busy with those that were missed.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clocks they are.
        kinds: which clocks.
    """
    known = deadlines.clocks(work.session, case.id).values()
    _stop(context, work, case, [one for one in known if one.kind in kinds])


def _stop(
    context: Context, work: UnitOfWork, case: Case, over: Collection[Deadline], succeeded: Collection[Name] = ()
) -> None:
    cancel_clocks(context, work, case, [one for one in over if deadlines.is_unmet(one)], succeeded)
    fired = {one.id for one in over if one.fired_at is not None or one.was_suspended}
    if fired:
        forget_fired(context, work, case, fired)


def changes(
    known: Mapping[Name, Deadline], wanted: Collection[Plan]
) -> tuple[list[Deadline], list[tuple[Plan, Deadline | None]]]:
    """Compare the clocks that there are with those that the rules ask for.

    Args:
        known: of each clock of the case the generation that counts.
        wanted: what the rules ask for.

    Returns:
        What counts no more, ended or not; and what is to be started, each with the generation before it.
    """
    new = [(plan, former) for plan in wanted if (former := known.get(plan.name)) is None or _moves(former, plan)]
    kept = {plan.name for plan in wanted} - {plan.name for plan, _ in new}
    over = [one for name, one in known.items() if one.decision_id is not None and name not in kept]
    return over, new


def plans(context: Context, decision_id: UUID, listed: Iterable[Listed]) -> Iterator[Plan]:
    """Give the clocks that a decision asks for.

    Args:
        context: whose rules say when offices open.
        decision_id: the decision.
        listed: its deadlines, in their order.
    """
    clocks = sorted((one for one in listed if one.kind not in KEPT_ELSEWHERE), key=_asked_by)
    for (kind, rule), alike in groupby(clocks, key=_asked_by):
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


def _asked_by(listed: Listed) -> tuple[str, str]:
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

"""Who hears of a deadline that was missed: its owner at once, others after a while if nothing was done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.plan_clocks import Plan, start_clocks
from service.casework.tasks.kinds import DEADLINE_MISSED, ESCALATE
from service.casework.tasks.open_about import open_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import ESCALATION
from service.deadlines.tables import Deadline
from service.kernel.clock import local_day
from service.referrals import store as referrals
from service.routing.facts.terms import Due, Term
from service.routing.rule_set import RuleSet
from service.tasks import store as tasks

_USUAL: Final = "escalation.usual."


@dataclass(frozen=True)
class _Step:
    """Somebody who hears of it, and when."""

    rule: str
    whom: str
    due: Due


def begin_ladder(
    context: Context,
    work: UnitOfWork,
    case: Case,
    missed: Deadline,
    first: tuple[str, UUID | None] = (DEADLINE_MISSED, None),
) -> None:
    """Put a missed deadline on its owner's desk, unless it lies there already, and have others hear of it in time.

    Args:
        context: the worker's.
        work: the unit of work; it holds the case's row.
        case: the deadline's.
        missed: the deadline, fired just now.
        first: what its owner has to do, and about which referral, if about one.
    """
    if not tasks.open_tasks_because(work.session, case.id, {missed.id}):
        open_because(context, work, case, missed, [first])
    _climb(context, work, case, missed, _steps(context.rules(), missed))


def climb_ladder(context: Context, work: UnitOfWork, case: Case, clock: Deadline) -> None:
    """Let the next one hear of a missed deadline, unless somebody has done something about it.

    Args:
        context: the worker's.
        work: the unit of work; it holds the case's row.
        case: the clock's.
        clock: the clock that says so, fired just now; its key is the id of the missed deadline.
    """
    missed = deadlines.deadline_of(work.session, case.id, UUID(clock.key))
    if not tasks.open_tasks_because(work.session, case.id, {missed.id}):
        return
    steps = _steps(context.rules(), missed)
    reached = next((place for place, step in enumerate(steps) if step.rule == clock.rule), len(steps))
    _climb(context, work, case, missed, steps[reached:], clock)


def _climb(
    context: Context, work: UnitOfWork, case: Case, missed: Deadline, steps: Sequence[_Step], by: Deadline | None = None
) -> None:
    """Take the steps whose time has come, at least the one that a clock stands for, and set a clock for the next."""
    now = context.clock.now()
    taken = [step for step in steps if step.due.over_at <= now or (by is not None and step.rule == by.rule)]
    open_because(context, work, case, missed, [(ESCALATE + step.whom, _asked(work, case, step.whom)) for step in taken])
    following = next((step for step in steps if step not in taken), None)
    if following is not None:
        plan = Plan(ESCALATION, following.rule, following.due, key=str(missed.id), owner=missed.owner)
        start_clocks(context, work, case, [(plan, by)])


def _steps(rules: RuleSet, missed: Deadline) -> list[_Step]:
    """Give the steps for a kind of deadline, by its own parameters or the usual ones, in the order of their times."""
    fired_at: datetime = missed.fired_at or missed.rings_at
    day, by_name = local_day(fired_at), rules.parameters.by_name
    own = f"escalation.{missed.kind}."
    names = [name for name in by_name if name.startswith(own)] or [name for name in by_name if name.startswith(_USUAL)]
    found = []
    for name in names:
        value = next((one.value for one in by_name[name].values if one.holds_on(day)), None)
        if isinstance(value, Term):
            found.append(_Step(name, name.rpartition(".")[2], value.due(day, fired_at)))
    return sorted(found, key=lambda step: (step.due.over_at, step.rule))


def _asked(work: UnitOfWork, case: Case, whom: str) -> UUID | None:
    """Give the referral by which somebody already works on the case, so that whoever calls finds the contact."""
    asked = [one for one in referrals.referrals_of(work.session, case.id) if one.asked_as == whom]
    return asked[-1].id if asked else None

"""The time of a clock has come: its state, the trail and what follows change together, once, or not at all."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.firing.acts import RINGS, USUAL
from service.casework.tasks.end_tasks import drop_because
from service.casework.tasks.kinds import ACT_HINDERED
from service.casework.upkeep.true_clock import require_time_to_act
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineEvent, DeadlineState, lateness
from service.deadlines.tables import Deadline

_SAID: Final = {DeadlineEvent.RING: Event.DEADLINE_RANG, DeadlineEvent.MISS: Event.DEADLINE_MISSED}


def due_clock(context: Context, besides: Collection[UUID] = ()) -> UUID | None:
    """Give the clock whose time came longest ago, in business time; None when the time of none has come.

    Args:
        context: the worker's.
        besides: clocks that are left alone for now, because something hinders what follows.
    """
    with context.look() as session:
        return deadlines.longest_due(session, context.clock.now(), besides)


def fire_clock(context: Context, deadline_id: UUID) -> bool:
    """Let happen what follows when the time of a clock has come; say whether it was still to be done.

    However many workers see the same clock, one of them acts on it: the others find that it is over.

    Args:
        context: the worker's.
        deadline_id: which clock.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
        ClockWentBack: something has rung later than now.
        DeadlineNotFound: there is no such clock.
    """
    context.require(Scope.DEADLINES_FIRE)
    with context.work() as work:
        require_time_to_act(context, work.session)
        deadline = deadlines.deadline(work.session, deadline_id)
        # The case first, as everybody does.
        case = cases.hold(work.session, deadline.case_id)
        deadlines.hold(work.session, deadline)
        now = context.clock.now()
        if deadline.state is not DeadlineState.RUNNING or now < deadline.rings_at:
            return False
        ring, before = RINGS.get(deadline.kind, USUAL), deadline.version
        deadlines.fire(work.session, deadline, ring.event, now)
        touched = (Touched("deadline", str(deadline.id), before, deadline.version), *_late(deadline))
        context.record(work, Act(_SAID[ring.event], Action.UPDATE, str(case.id), touched))
        drop_because(context, work, case.id, {deadline.id}, ACT_HINDERED)
        ring.act(context, work, case, deadline)
        return True


def _late(deadline: Deadline) -> tuple[Touched, ...]:
    late = None if deadline.fired_at is None else lateness(deadline.rings_at, deadline.fired_at)
    return () if late is None else (Touched.late_by(late),)

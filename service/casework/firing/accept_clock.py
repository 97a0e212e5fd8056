"""A clock that was ahead let something ring too early: an operator says so, and time goes on from where it is.

What rang stays rung, for somebody may have acted on it. From now on it counts as rung now, so that it holds nothing
back, and each case's desk is asked to look at what rang too early; when it really rang stays in the case's trail.
"""

from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import ClassVar

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.tasks.kinds import RANG_EARLY
from service.casework.tasks.open_tasks import ask_once
from service.casework.upkeep.true_clock import LARGEST_DRIFT, require_true_clock
from service.casework.views.deadlines import ClockAccepted
from service.deadlines import store as deadlines
from service.kernel.errors import DomainError, Kind


class ClockReason(StrEnum):
    """Why a clock was ahead."""

    TIME_SOURCE = "time_source"
    BAD_START = "bad_start"
    UNKNOWN = "unknown"


class NothingAhead(DomainError):
    """Nothing has rung later than now, so there is nothing to accept."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "nothing-ahead"
    title: ClassVar[str] = "Nothing has rung later than now; the clock holds nothing back"


def accept_clock(context: Context, reason: ClockReason) -> ClockAccepted:
    """Let time go on from now, though something has rung later than now.

    Args:
        context: the operator's.
        reason: why the clock was ahead.

    Raises:
        ScopeMissing: the caller may not set clocks right.
        ClockDrifts: this machine's clock and the database's differ: nobody can know which one is right.
        NothingAhead: nothing has rung later than now.
    """
    context.require(Scope.DEADLINES_RECONCILE)
    with context.refusals_kept(Event.DEADLINE_REFUSED, Action.UPDATE), context.work() as work:
        require_true_clock(context, work.session)
        now = context.clock.now()
        ahead = deadlines.fired_after(work.session, now + 2 * LARGEST_DRIFT)
        rang = [one.fired_at for one in ahead if one.fired_at is not None]
        if not rang:
            raise NothingAhead
        by_case = {case_id: list(own) for case_id, own in groupby(ahead, key=attrgetter("case_id"))}
        for case_id, own in by_case.items():
            case = cases.hold(work.session, case_id)
            touched = []
            for one in own:
                deadlines.hold(work.session, one)
                deadlines.count_as_fired(work.session, one, now)
                touched.append(Touched("deadline", str(one.id), one.version - 1, one.version, ("fired_at",)))
            context.record(work, Act(Event.DEADLINE_RANG_EARLY, Action.UPDATE, str(case_id), tuple(touched)))
            if cases.is_open(case):
                ask_once(context, work, case, [(RANG_EARLY, reason.value)])
        said = (Touched("reason", reason.value), Touched("newest", max(rang).isoformat()))
        context.record(work, Act(Event.CLOCK_ACCEPTED, Action.EXECUTE, SYSTEM_STREAM, said))
        return ClockAccepted(rang=len(rang), cases=len(by_case), newest=max(rang), since=now)

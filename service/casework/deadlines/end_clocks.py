"""Clocks of a case end: what they are about was done, or nobody needs it any more."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.end_tasks import drop_because
from service.casework.tasks.kinds import ACT_HINDERED
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import ESCALATION, SUSPENSION_REVIEW, DeadlineState
from service.deadlines.tables import Deadline, Suspension

Name: TypeAlias = tuple[str, str]
"""Kind and key of a clock, by which it is known in its case whichever generation counts."""

_OF: Final = "/"


def meet_clock(context: Context, work: UnitOfWork, case: Case, named: Name, on: date) -> bool:
    """Note that what a clock is about was done, in time or late; say whether there was one that waited for it.

    Args:
        context: who did it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clock it is.
        named: kind and key of the clock.
        on: the local day on which it was done.
    """
    known = deadlines.clocks(work.session, case.id).get(named)
    if known is None or not (deadlines.is_live(known) or known.state is DeadlineState.MISSED):
        return False
    meet(context, work, case, known, on)
    return True


def stop_clock(context: Context, work: UnitOfWork, case: Case, named: Name) -> bool:
    """Stop a clock that nobody needs any more; say whether one ran.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clock it is.
        named: kind and key of the clock.
    """
    known = deadlines.clocks(work.session, case.id).get(named)
    if known is None or not deadlines.is_live(known):
        return False
    cancel_clocks(context, work, case, [known])
    return True


def meet(context: Context, work: UnitOfWork, case: Case, deadline: Deadline, on: date) -> None:
    """Note that what a deadline is about was done; whoever was busy with its delay is so no longer.

    Args:
        context: who did it.
        work: the unit of work of the act; it holds the case's row.
        case: the deadline's.
        deadline: which one.
        on: the local day on which it was done.

    Raises:
        IllegalTransition: it ended otherwise.
    """
    now, before = context.clock.now(), deadline.version
    asked = deadline.was_suspended or deadline.state is DeadlineState.MISSED or deadline.rings_at <= now
    sealed = deadlines.sealed_day(work.vault, deadline, on)
    deadlines.meet(work.session, deadline, sealed, context.caller.subject, now)
    ended = end_pauses(context, work, _open_pauses(work, [deadline]))
    touched = (Touched("deadline", str(deadline.id), before, deadline.version), *ended)
    commitment = work.vault.commitment(deadline.case_id, on.isoformat())
    act = Act(Event.DEADLINE_MET, Action.UPDATE, str(deadline.case_id), touched, commitment=commitment)
    context.record(work, act)
    if asked:
        forget_fired(context, work, case, {deadline.id})
    stop_clock(context, work, case, review_of(deadline))


def forget_fired(context: Context, work: UnitOfWork, case: Case, fired: Collection[UUID]) -> None:
    """Leave nobody busy with what followed from deadlines that no longer matter.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose deadlines they are.
        fired: their ids.
    """
    drop_because(context, work, case.id, fired)
    keys = {str(one) for one in fired}
    known = deadlines.deadlines_of(work.session, [case.id])
    ladders = [one for one in known if one.kind == ESCALATION and one.key in keys and deadlines.is_live(one)]
    cancel_clocks(context, work, case, ladders)


def cancel_clocks(
    context: Context, work: UnitOfWork, case: Case, unneeded: Collection[Deadline], succeeded: Collection[Name] = ()
) -> None:
    """Stop clocks from which nothing is to come any more, with one entry in the trail.

    What stood still does so no longer, so that a clock that is asked for again later runs.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clocks they are.
        unneeded: which; what they are about was done with none of them.
        succeeded: those of which another generation starts in the same act, and stands still if the former did.
    """
    ending = [one for one in unneeded if (one.kind, one.key) not in succeeded]
    ended = end_pauses(context, work, _open_pauses(work, ending))
    touched, now = [], context.clock.now()
    for one in unneeded:
        deadlines.cancel(work.session, one, context.caller.subject, now)
        touched.append(Touched("deadline", str(one.id), one.version - 1, one.version))
    if touched:
        act = Act(Event.DEADLINE_CANCELLED, Action.UPDATE, str(case.id), (*touched, *ended))
        context.record(work, act)
    overdue = {one.id for one in unneeded if one.rings_at <= now}
    if overdue:
        # That it could not ring need not bother anybody any more.
        drop_because(context, work, case.id, overdue, ACT_HINDERED)


def review_of(deadline: Deadline) -> Name:
    """Name the clock that reminds of a deadline standing still, whichever generation of the deadline does."""
    return SUSPENSION_REVIEW, f"{deadline.kind}{_OF}{deadline.key}"


def reviewed(review: Deadline) -> Name:
    """Name the clock of which another one reminds."""
    kind, _, key = review.key.partition(_OF)
    return kind, key


def end_pauses(context: Context, work: UnitOfWork, pauses: Iterable[Suspension]) -> tuple[Touched, ...]:
    """End times during which clocks stood still, and say how that touched them."""
    touched = []
    for one in pauses:
        deadlines.end_suspension(work.session, one, (context.caller.subject, context.clock.now()))
        touched.append(Touched("suspension", str(one.id), one.version - 1, one.version))
    return tuple(touched)


def _open_pauses(work: UnitOfWork, ending: Iterable[Deadline]) -> list[Suspension]:
    """Give the times during which clocks stand still that end with them; an open one would hold up their successors."""
    found: list[Suspension] = []
    for one in ending:
        if one.was_suspended:
            known = deadlines.suspensions(work.session, one.case_id)
            found += [each for each in known if (each.kind, each.key) == (one.kind, one.key) and each.ended_at is None]
    return found

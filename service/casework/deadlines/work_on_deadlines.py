"""People stop a deadline for a while, let it run on, or say that it was met; each with who, and why, in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.deadlines import CompleteDeadline, SuspendDeadline
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet, review_of, stop_clock
from service.casework.deadlines.plan_clocks import is_counted, plan_review, unit_of
from service.casework.deadlines.show_deadlines import deadline_view
from service.casework.tasks.end_tasks import drop_because
from service.casework.views.deadlines import DeadlineView
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import LIFECYCLE, NOT_BY_HAND, DeadlineEvent, DeadlineState, SuspendReason
from service.deadlines.tables import Deadline, Suspension
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.kernel.transitions import next_state
from service.kernel.versions import Seen, require_version
from service.routing.facts.terms import Due


class NotByHand(DomainError):
    """This clock follows from what is known of the case, and from nothing else."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "deadline-not-by-hand"
    title: ClassVar[str] = "This deadline follows the facts of the case; nobody suspends or meets it by hand"


class TimeIsOver(DomainError):
    """What should have been done by now is late, and does not become less so by standing still."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "deadline-over"
    title: ClassVar[str] = "The time of this deadline is over; it cannot stand still any more"


class DeadlineNotUnderstood(DomainError):
    """What was said of a deadline cannot be, or says too little."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "deadline-not-understood"
    title: ClassVar[str] = "What was said of the deadline cannot be kept"


@dataclass(frozen=True)
class _Held:
    """A deadline that nobody else may change now, and the transaction that holds it with its case."""

    work: UnitOfWork
    case: Case
    deadline: Deadline

    def shown(self) -> DeadlineView:
        """Show it as it is now."""
        return deadline_view(self.work, self.deadline, deadlines.suspensions(self.work.session, self.case.id))


def suspend_deadline(
    context: Context, case_id: UUID, deadline_id: UUID, seen: Seen, command: SuspendDeadline
) -> DeadlineView:
    """Let a deadline stand still; it rings no more until somebody lets it run on.

    Args:
        context: who says so.
        case_id: the case.
        deadline_id: a deadline of that case.
        seen: the versions of the deadline that the caller says to have seen.
        command: why.

    Raises:
        ScopeMissing: the caller may not change deadlines.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        DeadlineNotFound: the case has no such deadline.
        Unseen: the caller names no version.
        Stale: somebody changed the deadline in between.
        NotByHand: it follows the facts alone.
        DeadlineNotUnderstood: another reason than those listed is not said in words.
        IllegalTransition: it does not run.
        TimeIsOver: its time has come, whether or not anybody has noticed it yet.
    """
    with _held(context, case_id, deadline_id, seen) as held:
        if command.reason is SuspendReason.OTHER and command.words is None:
            problem = Problem("/words", "words-missing", "Say in words why, when no listed reason fits.")
            raise DeadlineNotUnderstood(problems=(problem,))
        work, deadline, before = held.work, held.deadline, held.deadline.version
        if deadline.state is DeadlineState.RUNNING and deadline.rings_at <= context.clock.now():
            raise TimeIsOver
        pause_id, words = new_id(), command.words
        sealed = None if words is None else deadlines.sealed_words(work.vault, case_id, pause_id, words)
        suspension = Suspension(
            id=pause_id,
            case_id=case_id,
            kind=deadline.kind,
            key=deadline.key,
            reason=command.reason,
            words=sealed,
            begun_by=context.caller.subject,
            begun_at=context.clock.now(),
        )
        deadlines.suspend(work.session, deadline, suspension)
        touched = (
            Touched("deadline", str(deadline.id), before, deadline.version),
            Touched("suspension", str(pause_id), None, suspension.version),
        )
        commitment = None if words is None else work.vault.commitment(case_id, words)
        act = Act(Event.DEADLINE_SUSPENDED, Action.UPDATE, str(case_id), touched, commitment=commitment)
        context.record(work, act)
        plan_review(context, work, held.case, deadline)
        return held.shown()


def resume_deadline(context: Context, case_id: UUID, deadline_id: UUID, seen: Seen) -> DeadlineView:
    """Let a deadline run on, later by the time that it stood still, in the unit in which it is counted.

    Args:
        context: who says so.
        case_id: the case.
        deadline_id: a deadline of that case.
        seen: the versions of the deadline that the caller says to have seen.

    Raises:
        ScopeMissing: the caller may not change deadlines.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        DeadlineNotFound: the case has no such deadline.
        Unseen: the caller names no version.
        Stale: somebody changed the deadline in between.
        NotByHand: it follows the facts alone.
        IllegalTransition: it does not stand still.
    """
    with _held(context, case_id, deadline_id, seen) as held:
        work, deadline, before, now = held.work, held.deadline, held.deadline.version, context.clock.now()
        pause = _open_pause(work, deadline)
        due = Due(deadline.due, deadline.due_at).later(unit_of(deadline.term), pause.begun_at, now)
        deadline.due, deadline.due_at, deadline.rings_at = due.day, due.instant, due.over_at
        deadlines.resume(work.session, deadline, pause, (context.caller.subject, now))
        touched = (
            Touched("deadline", str(deadline.id), before, deadline.version, ("due", "state")),
            Touched("suspension", str(pause.id), pause.version - 1, pause.version),
        )
        context.record(work, Act(Event.DEADLINE_RESUMED, Action.UPDATE, str(case_id), touched))
        stop_clock(context, work, held.case, review_of(deadline))
        known = deadlines.deadlines_of(work.session, [case_id])
        name = deadline.kind, deadline.key
        drop_because(context, work, case_id, {one.id for one in known if (one.kind, one.key) == name})
        return held.shown()


def complete_deadline(
    context: Context, case_id: UUID, deadline_id: UUID, seen: Seen, command: CompleteDeadline
) -> DeadlineView:
    """Say that what a deadline is about was done, in time or late.

    Args:
        context: who says so.
        case_id: the case.
        deadline_id: a deadline of that case.
        seen: the versions of the deadline that the caller says to have seen.
        command: on which day.

    Raises:
        ScopeMissing: the caller may not change deadlines.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        DeadlineNotFound: the case has no such deadline.
        Unseen: the caller names no version.
        Stale: somebody changed the deadline in between.
        NotByHand: it follows the facts alone.
        DeadlineNotUnderstood: the day is still to come, or lies before the time that the deadline counts.
        IllegalTransition: it is met or cancelled already.
    """
    with _held(context, case_id, deadline_id, seen) as held:
        if command.on > context.today():
            problem = Problem("/on", "still-to-come", "What was done is recorded when it has happened.")
            raise DeadlineNotUnderstood(problems=(problem,))
        if _before_its_start(held, command.on):
            problem = Problem("/on", "before-its-start", "This was not due yet on that day; say when it was done.")
            raise DeadlineNotUnderstood(problems=(problem,))
        meet(context, held.work, held.case, held.deadline, command.on)
        return held.shown()


@contextmanager
def _held(context: Context, case_id: UUID, deadline_id: UUID, seen: Seen) -> Iterator[_Held]:
    """Find a deadline for somebody who may change it, and hold it together with its case."""
    context.require(Scope.DEADLINES_WRITE)
    asked = (Touched("case", str(case_id)), Touched("deadline", str(deadline_id)))
    with context.refusals_kept(Event.DEADLINE_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        deadline = deadlines.deadline_of(work.session, case.id, deadline_id)
        deadlines.hold(work.session, deadline)
        require_version(deadline.version, seen)
        if deadline.kind in NOT_BY_HAND:
            raise NotByHand
        yield _Held(work, case, deadline)


def _before_its_start(held: _Held, on: date) -> bool:
    """Tell whether a day lies before a deadline was there and before the event from which its term counts."""
    work, deadline = held.work, held.deadline
    set_for = Due(deadline.set_for, deadline.set_for_at)
    if deadline.term is not None and is_counted(deadline.term, set_for, on):
        return False
    generations = [
        one
        for one in deadlines.deadlines_of(work.session, [held.case.id])
        if (one.kind, one.key) == (deadline.kind, deadline.key)
    ]
    return on < min(local_day(one.started_at) for one in generations)


def _open_pause(work: UnitOfWork, deadline: Deadline) -> Suspension:
    """Give the time during which a deadline stands still.

    Raises:
        IllegalTransition: it does not.
    """
    next_state(LIFECYCLE, deadline.state, DeadlineEvent.RESUME)
    pauses = deadlines.suspensions(work.session, deadline.case_id)
    name = deadline.kind, deadline.key
    return next(one for one in pauses if (one.kind, one.key) == name and one.ended_at is None)

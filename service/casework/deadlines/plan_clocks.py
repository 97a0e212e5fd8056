"""Clocks of a case are started and moved, each inside the act that has a reason for it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.end_clocks import Name, cancel_clocks, end_pauses, review_of
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.deadlines.tables import Deadline, Suspension
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.routing.facts.terms import Due, Term, Unit

_FIRST: Final = 1


class DueInThePast(DomainError):
    """Nobody can be asked to have done something by a time that is over."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "due-in-the-past"
    title: ClassVar[str] = "A deadline cannot be set for a time that is over"


@dataclass(frozen=True)
class Plan:
    """A clock that a case shall have.

    Attributes:
        kind: what is due.
        rule: the rule or the parameter that says when.
        due: the day, whose end counts, or the instant.
        key: which one of several of the kind in one case, such as the id of what it is about.
        owner: the person or desk that has to do it; the desk of the case when left out.
        anchor: the event from which it is counted, by its name in the rules.
        term: the length that was counted, as rules write it.
        rings_at: when it rings; when the time is over, unless it is a warning.
        decision_id: the decision that asks for it; None when it is no decision's.
    """

    kind: str
    rule: str
    due: Due
    key: str = ""
    owner: str | None = None
    anchor: str | None = None
    term: str | None = None
    rings_at: datetime | None = None
    decision_id: UUID | None = None

    @property
    def name(self) -> Name:
        """Kind and key."""
        return self.kind, self.key

    @property
    def is_for(self) -> tuple[date, datetime | None]:
        """The day and the instant that it is set for."""
        return self.due.day, self.due.instant


def plan_clock(context: Context, work: UnitOfWork, case: Case, plan: Plan) -> Deadline:
    """Have one clock run in a case as planned: start it, move it, or leave it when it runs so already.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clock it is.
        plan: what is due when; another time for the same kind and key takes the place of the former.

    Raises:
        DueInThePast: the time that the clock is set for is over, or was when the clock rang.
    """
    known = deadlines.clocks(work.session, case.id).get(plan.name)
    if known is not None and deadlines.is_live(known) and (known.set_for, known.set_for_at) == plan.is_for:
        return known
    has_rung = known is not None and known.fired_at is not None and plan.due.over_at <= known.fired_at
    if has_rung or plan.due.over_at <= context.clock.now():
        raise DueInThePast
    if known is not None and deadlines.is_live(known):
        cancel_clocks(context, work, case, [known], {plan.name})
    (started,) = start_clocks(context, work, case, [(plan, known)])
    return started


def start_clocks(
    context: Context,
    work: UnitOfWork,
    case: Case,
    planned: Collection[tuple[Plan, Deadline | None]],
    event: Event = Event.DEADLINE_STARTED,
) -> list[Deadline]:
    """Start clocks, with one entry in the trail.

    A clock that takes over from one that stood still for a while has the time of that too, and stands still if it does;
    unless that began before what the new one counts from.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        case: whose clocks they are.
        planned: what is due when, and the generation before it where there is one.
        event: how the trail calls it.
    """
    stood_still = any(former is not None and former.was_suspended for _, former in planned)
    pauses = deadlines.suspensions(work.session, case.id) if stood_still else []
    started: list[Deadline] = []
    stale: list[Suspension] = []
    for plan, former in planned:
        own = [one for one in pauses if (one.kind, one.key) == plan.name]
        counted = [one for one in own if is_counted(plan.term, plan.due, local_day(one.begun_at), one.begun_at)]
        started.append(_started(context, case, plan, former, counted))
        stale += [one for one in own if one.ended_at is None and one not in counted]
    if started:
        deadlines.add(work.session, started)
        touched = tuple(Touched("deadline", str(one.id), None, _FIRST) for one in started)
        touched += end_pauses(context, work, stale)
        policy = context.rules().name
        context.record(work, Act(event, Action.CREATE, str(case.id), touched, policy=policy))
    return started


def plan_review(context: Context, work: UnitOfWork, case: Case, suspended: Deadline) -> None:
    """Have somebody look in a while whether a deadline must stand still any longer: nothing else would remind them.

    Args:
        context: who suspended it, or noticed that it still is.
        work: the unit of work of the act; it holds the case's row.
        case: the deadline's.
        suspended: the deadline.
    """
    today, name = context.today(), "suspension.review"
    term = context.rules().parameters.term(name, today)
    if term is not None:
        due = term.due(today, None)
        kind, key = review_of(suspended)
        plan_clock(context, work, case, Plan(kind, name, due, key, suspended.owner, term=str(term)))


def unit_of(term: str | None) -> Unit:
    """Give what a clock counts in; days where nobody wrote down how it was counted."""
    return Unit.DAY if term is None else Term.parse(term).unit


def is_counted(term: str | None, due: Due, day: date, instant: datetime | None = None) -> bool:
    """Tell whether a time lies in a term, after the event from which it counts; not known of what has no term.

    The later the event, the later the end: whatever would end no earlier than the term did not happen before it began.

    Args:
        term: how long it counts, as rules write it.
        due: when it is over as first set.
        day: the local day in question.
        instant: the moment on it, which counts where an hour does.
    """
    return term is None or Term.parse(term).due(day, instant if due.instant else None).over_at >= due.over_at


def _started(
    context: Context, case: Case, plan: Plan, former: Deadline | None, pauses: Iterable[Suspension]
) -> Deadline:
    day, instant = plan.is_for
    due, stands_still = plan.due, False
    for pause in pauses:
        if pause.ended_at is None:
            stands_still = True
        else:
            due = due.later(unit_of(plan.term), pause.begun_at, pause.ended_at)
    return Deadline(
        id=new_id(),
        case_id=case.id,
        org=case.org,
        kind=plan.kind,
        key=plan.key,
        generation=1 if former is None else former.generation + 1,
        rule=plan.rule,
        rule_set=context.rules().name,
        decision_id=plan.decision_id,
        anchor=plan.anchor,
        term=plan.term,
        set_for=day,
        set_for_at=instant,
        due=due.day,
        due_at=due.instant,
        rings_at=plan.rings_at or due.over_at,
        owner=plan.owner or case.org,
        state=DeadlineState.SUSPENDED if stands_still else DeadlineState.RUNNING,
        # That it once stood still stays true of the clock, whichever generation counts.
        was_suspended=former is not None and former.was_suspended,
        started_at=context.clock.now(),
    )

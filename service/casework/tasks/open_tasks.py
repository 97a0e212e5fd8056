"""What a person must do: each task of a decision is opened once, and one that nobody needs any more is dropped."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.after_return import needless
from service.casework.tasks.kinds import ASKED_BY_EVENTS, COMPARE, CONSIDER_CLOSING, Ask
from service.database.unit_of_work import UnitOfWork
from service.deadlines.tables import Deadline
from service.kernel.ids import new_id
from service.referrals.tables import Referral
from service.routing.decision import Decision
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.tasks.store import Ending
from service.tasks.tables import Task

_FIRST: Final = 1


def open_tasks(
    context: Context, work: UnitOfWork, case: Case, decision: Decision, besides: frozenset[Ask] = frozenset()
) -> None:
    """Open the tasks that a decision asks for, and drop those that it no longer asks for.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: what was decided about.
        decision: the decision as made.
        besides: the kinds and rules of tasks that the facts leave behind without any decision.
    """
    known = tasks.tasks_of(work.session, [case.id])
    not_needed = needless(work, case)
    wanted = {(task.kind, task.rule) for task in decision.tasks if task.kind not in not_needed} | besides
    asked_by_rules = [task for task in known if _asked_by_rules(task)]
    drop_all(context, work, [task for task in asked_by_rules if tasks.is_open(task) and _ask(task) not in wanted])
    settled = {_ask(task) for task in known if task.state is not TaskState.OBSOLETE}
    add_tasks(context, work, case, sorted(wanted - settled))


def open_comparison(context: Context, work: UnitOfWork, case: Case) -> None:
    """Ask a person to compare two reports that differ, unless somebody is asked already."""
    ask_once(context, work, case, COMPARE)


def ask_once(context: Context, work: UnitOfWork, case: Case, ask: Ask) -> None:
    """Ask a person to do something in a case, unless somebody is asked already.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: where it is to be done.
        ask: the kind of the task and what asks for it.
    """
    known = tasks.tasks_of(work.session, [case.id])
    if not any(tasks.is_open(task) and _ask(task) == ask for task in known):
        add_tasks(context, work, case, [ask])


def plan_series(context: Context, work: UnitOfWork, case: Case, kind: str, days: Mapping[str, date]) -> None:
    """Have one task of a kind for every rule, due on its day: open, move or drop what is not so; done stays done.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        kind: what must be done on each day.
        days: the days by the rules that set them.
    """
    known = [task for task in tasks.tasks_of(work.session, [case.id]) if task.kind == kind]
    drop_all(context, work, [task for task in known if tasks.is_open(task) and task.rule not in days])
    for task in known:
        if tasks.is_open(task) and task.due != days[task.rule]:
            tasks.assign(work.session, task, frozenset({task.version}), task.owner, days[task.rule])
            touched = (Touched("task", str(task.id), task.version - 1, task.version, ("due",)),)
            context.record(work, Act(Event.TASK_ASSIGNED, Action.UPDATE, str(case.id), touched))
    settled = {task.rule for task in known if task.state is not TaskState.OBSOLETE}
    missing = [(rule, day) for rule, day in days.items() if rule not in settled]
    opened = [
        _task(context, case, (kind, rule)).sqlmodel_update({"owner": case.org, "due": day}) for rule, day in missing
    ]
    put_on_desk(context, work, opened)


def drop_kinds(context: Context, work: UnitOfWork, case: Case, kinds: Container[str]) -> None:
    """Drop the open tasks of some kinds, which nobody needs any more."""
    known = tasks.tasks_of(work.session, [case.id])
    drop_all(context, work, [task for task in known if task.kind in kinds and tasks.is_open(task)])


def arrange_kind(context: Context, work: UnitOfWork, case: Case, kind: str, wanted: frozenset[Ask]) -> None:
    """Have exactly the wanted tasks of a kind open: whoever acts has done the others.

    Args:
        context: who acts.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        kind: what must be done.
        wanted: the tasks of that kind that somebody still has to do.
    """
    open_ones = [one for one in tasks.tasks_of(work.session, [case.id]) if one.kind == kind and tasks.is_open(one)]
    finish_all(context, work, [task for task in open_ones if _ask(task) not in wanted])
    add_tasks(context, work, case, sorted(wanted - {_ask(task) for task in open_ones}))


def open_about(context: Context, work: UnitOfWork, case: Case, referral: Referral, kind: str) -> None:
    """Put something about a referral on the desk of its case, unless it lies there already.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: the referral's.
        referral: what it is about.
        kind: what must be done.
    """
    known = tasks.tasks_of(work.session, [case.id])
    if any(tasks.is_open(task) and (task.kind, task.referral_id) == (kind, referral.id) for task in known):
        return
    day = referral.due or context.today()
    task = _task(context, case, (kind, referral.rule))
    put_on_desk(context, work, [task.sqlmodel_update({"referral_id": referral.id, "owner": case.org, "due": day})])


def open_because(
    context: Context, work: UnitOfWork, case: Case, deadline: Deadline, kinds: Iterable[tuple[str, UUID | None]]
) -> None:
    """Open the tasks that follow when the time of a deadline has come, for whoever it is up to.

    Args:
        context: who noticed.
        work: the unit of work; it holds the case's row.
        case: the deadline's.
        deadline: whose time has come.
        kinds: what must be done, and about which referral, if about one.
    """
    today = context.today()
    opened = [
        _task(context, case, (kind, deadline.rule)).sqlmodel_update(
            {"deadline_id": deadline.id, "referral_id": referral_id, "owner": deadline.owner, "due": today}
        )
        for kind, referral_id in kinds
    ]
    put_on_desk(context, work, opened)


def open_tasks_because(work: UnitOfWork, case_id: UUID, deadline_ids: Container[UUID]) -> list[Task]:
    """Give the tasks that are open because of some deadlines of a case."""
    known = tasks.tasks_of(work.session, [case_id])
    return [task for task in known if task.deadline_id in deadline_ids and tasks.is_open(task)]


def drop_because(
    context: Context, work: UnitOfWork, case_id: UUID, deadline_ids: Container[UUID], kind: str | None = None
) -> None:
    """Drop the open tasks about deadlines that nobody needs to think of any more.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case_id: whose tasks they are.
        deadline_ids: which deadlines.
        kind: only tasks of this kind; all of them when left out.
    """
    because = open_tasks_because(work, case_id, deadline_ids)
    drop_all(context, work, [task for task in because if kind is None or task.kind == kind])


def drop_about(context: Context, work: UnitOfWork, referral: Referral, kinds: Container[str]) -> None:
    """Drop the open tasks about a referral that nobody needs to do any more.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        referral: what they are about.
        kinds: which tasks.
    """
    known = tasks.tasks_of(work.session, [referral.case_id])
    about = [task for task in known if task.referral_id == referral.id and task.kind in kinds]
    drop_all(context, work, [task for task in about if tasks.is_open(task)])


def finish_kind(context: Context, work: UnitOfWork, case: Case, kind: str, rule: str | None = None) -> None:
    """Note that the open tasks of a kind in a case were done by whoever acts.

    Args:
        context: who did them.
        work: the unit of work; it holds the case's row.
        case: where they lie.
        kind: which tasks.
        rule: only what this asks for; whoever asks when left out.
    """
    finish_all(context, work, _open_ones(work, case, kind, rule))


def drop_asked(context: Context, work: UnitOfWork, case: Case, ask: Ask) -> None:
    """Drop the open tasks of a kind that one rule or act asked for, which nobody needs any more."""
    drop_all(context, work, _open_ones(work, case, *ask))


def _open_ones(work: UnitOfWork, case: Case, kind: str, rule: str | None) -> list[Task]:
    known = [task for task in tasks.tasks_of(work.session, [case.id]) if task.kind == kind and tasks.is_open(task)]
    return [task for task in known if rule is None or task.rule == rule]


def finish_about(context: Context, work: UnitOfWork, referral: Referral, kinds: Container[str]) -> None:
    """Note that the open tasks about a referral were done by whoever acts.

    Args:
        context: who did them.
        work: the unit of work; it holds the case's row.
        referral: what they are about.
        kinds: which tasks.
    """
    about = [task for task in tasks.tasks_of(work.session, [referral.case_id]) if task.referral_id == referral.id]
    finish_all(context, work, [task for task in about if task.kind in kinds and tasks.is_open(task)])


def open_again(context: Context, work: UnitOfWork, case: Case, asks: Iterable[tuple[str, str]]) -> None:
    """Have tasks open that something new calls for, also when somebody did one like it before.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        asks: the kind of each and the rule that asks for it.
    """
    standing = {_ask(task) for task in tasks.tasks_of(work.session, [case.id]) if tasks.is_open(task)}
    add_tasks(context, work, case, sorted({*asks} - standing))


def finish_kinds(context: Context, work: UnitOfWork, case: Case, kinds: Container[str]) -> None:
    """Note that the open tasks of some kinds were done by whoever acts.

    Args:
        context: who did them.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        kinds: which tasks.
    """
    known = tasks.tasks_of(work.session, [case.id])
    finish_all(context, work, [task for task in known if task.kind in kinds and tasks.is_open(task)])


def finish_all(context: Context, work: UnitOfWork, done: Iterable[Task]) -> None:
    """Note that open tasks were done by whoever acts, each in the trail of what it is about.

    Args:
        context: who did them.
        work: the unit of work; it holds the row of the case or the signal.
        done: which tasks.
    """
    ending = Ending(context.caller.subject, context.clock.now(), TaskOutcome.ACHIEVED)
    for task in done:
        before = task.version
        tasks.finish(work.session, task, frozenset({before}), ending)
        touched = (Touched("task", str(task.id), before, task.version, ("outcome", "state")),)
        context.record(work, Act(Event.TASK_DONE, Action.UPDATE, stream_of(task), touched))


def drop_all(context: Context, work: UnitOfWork, unneeded: Iterable[Task]) -> None:
    """Drop open tasks that nobody needs to do any more, each in the trail of what it is about.

    Args:
        context: who caused it.
        work: the unit of work; it holds the row of what they are about.
        unneeded: which tasks.
    """
    ending = Ending(context.caller.subject, context.clock.now())
    for task in unneeded:
        before = task.version
        tasks.drop(work.session, task, ending)
        touched = (Touched("task", str(task.id), before, task.version),)
        context.record(work, Act(Event.TASK_OBSOLETE, Action.UPDATE, stream_of(task), touched))


def take_up_again(context: Context, work: UnitOfWork, case: Case) -> None:
    """Have open again what rules had asked for and nobody achieved: a case was closed over it, and somebody is back.

    What the rules do not ask for any more is dropped when they decide anew.

    Args:
        context: who reopens the case.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
    """
    asked = [task for task in tasks.tasks_of(work.session, [case.id]) if _asked_by_rules(task)]
    achieved = {_ask(task) for task in asked if task.outcome is TaskOutcome.ACHIEVED}
    given_up = {_ask(task) for task in asked if task.state is TaskState.DONE} - achieved
    open_again(context, work, case, given_up - {one for one in given_up if one[0] == CONSIDER_CLOSING})


def add_tasks(context: Context, work: UnitOfWork, case: Case, asks: Iterable[Ask]) -> None:
    """Open tasks in a case, with one entry in its trail.

    Args:
        context: who caused them.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        asks: the kind of each and the rule that asks for it.
    """
    put_on_desk(context, work, [_task(context, case, ask) for ask in asks])


def add_dated(context: Context, work: UnitOfWork, case: Case, ask: Ask, by: tuple[str, date]) -> None:
    """Open a task for somebody until a day.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: whose task it is.
        ask: the kind and what asks for it.
        by: who does it, and until when.
    """
    put_on_desk(context, work, [_task(context, case, ask).sqlmodel_update({"owner": by[0], "due": by[1]})])


def task_on_desk(context: Context, org: str, ask: Ask, due: date | None = None) -> Task:
    """Make an open task for an organisation; what it is about is still to be said.

    Args:
        context: who caused it.
        org: on whose desk it lies.
        ask: its kind and what asks for it.
        due: until when; no day when left out.
    """
    kind, rule = ask
    now = context.clock.now()
    return Task(id=new_id(), org=org, kind=kind, rule=rule, opened_at=now, due=due, state=TaskState.OPEN)


def put_on_desk(context: Context, work: UnitOfWork, opened: Sequence[Task]) -> None:
    """Open tasks, all of one case or about one thing without a case, with one entry in its trail.

    Args:
        context: who caused them.
        work: the unit of work; it holds the row of what they are about.
        opened: the tasks as made.
    """
    if opened:
        tasks.add(work.session, *opened)
        touched = tuple(Touched("task", str(task.id), None, _FIRST) for task in opened)
        context.record(work, Act(Event.TASK_OPENED, Action.CREATE, stream_of(opened[0]), touched))


def stream_of(task: Task) -> str:
    """Say in whose trail a task stands: its case's, that of the signal it is about, or the system's without either."""
    return str(task.case_id or task.signal_id or SYSTEM_STREAM)


def _task(context: Context, case: Case, ask: Ask) -> Task:
    return task_on_desk(context, case.org, ask).sqlmodel_update({"case_id": case.id})


def _asked_by_rules(task: Task) -> bool:
    return task.referral_id is None and task.deadline_id is None and task.kind not in ASKED_BY_EVENTS


def _ask(task: Task) -> Ask:
    return task.kind, task.rule

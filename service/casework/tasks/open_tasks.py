"""What rules and acts ask for in a case: each task is opened once, and dropped when nothing asks for it any more."""

from collections.abc import Iterable, Mapping
from datetime import date

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.after_return import needless
from service.casework.tasks.end_tasks import drop_all, finish_all
from service.casework.tasks.kinds import ASKED_BY_EVENTS, CONSIDER_CLOSING, Ask
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.database.unit_of_work import UnitOfWork
from service.routing.decision import Decision
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.tasks.tables import Task


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
    asked = {(task.kind, task.rule) for task in decision.tasks} | besides
    wanted = {ask for ask in asked if ask[0] not in not_needed}
    asked_by_rules = [task for task in known if _asked_by_rules(task)]
    drop_all(context, work, [task for task in asked_by_rules if tasks.is_open(task) and _ask(task) not in wanted])
    settled = {_ask(task) for task in known if task.state is not TaskState.OBSOLETE}
    add_tasks(context, work, case, sorted(wanted - settled))


def ask_once(context: Context, work: UnitOfWork, case: Case, asks: Iterable[Ask]) -> None:
    """Ask a person for what something new calls for, unless it lies on a desk already; what was done does not count.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: where it is to be done.
        asks: the kind of each task and what asks for it.
    """
    standing = set(map(_ask, tasks.open_tasks_of(work.session, case.id)))
    add_tasks(context, work, case, sorted({*asks} - standing))


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
    ask_once(context, work, case, given_up - {one for one in given_up if one[0] == CONSIDER_CLOSING})


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
    put_on_desk(context, work, [new_task(context, case, (kind, rule), (case.org, day)) for rule, day in missing])


def arrange_kind(context: Context, work: UnitOfWork, case: Case, kind: str, wanted: frozenset[Ask]) -> None:
    """Have exactly the wanted tasks of a kind open: whoever acts has done the others.

    Args:
        context: who acts.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        kind: what must be done.
        wanted: the tasks of that kind that somebody still has to do.
    """
    standing = [task for task in tasks.open_tasks_of(work.session, case.id) if task.kind == kind]
    finish_all(context, work, [task for task in standing if _ask(task) not in wanted])
    add_tasks(context, work, case, sorted(wanted - set(map(_ask, standing))))


def add_tasks(context: Context, work: UnitOfWork, case: Case, asks: Iterable[Ask]) -> None:
    """Open tasks in a case, with one entry in its trail.

    Args:
        context: who caused them.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        asks: the kind of each and the rule that asks for it.
    """
    put_on_desk(context, work, [new_task(context, case, ask) for ask in asks])


def _asked_by_rules(task: Task) -> bool:
    return task.referral_id is None and task.deadline_id is None and task.kind not in ASKED_BY_EVENTS


def _ask(task: Task) -> Ask:
    return task.kind, task.rule

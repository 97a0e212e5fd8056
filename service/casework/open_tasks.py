"""What a person must do: each task of a decision is opened once, and one that nobody needs any more is dropped."""

from collections.abc import Iterable
from typing import Final

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.routing.decision import Decision
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState
from service.tasks.store import Ending
from service.tasks.tables import Task

COMPARE: Final = ("compare_signals", "signal")
"""Kind and origin of the task that two reports differ; no rule asks for it and no rule can take it back."""

_FIRST: Final = 1


def open_tasks(context: Context, work: UnitOfWork, case: Case, decision: Decision) -> None:
    """Open the tasks that a decision asks for, and drop those that it no longer asks for.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        case: what was decided about.
        decision: the decision as made.
    """
    known = tasks.tasks_of(work.session, [case.id])
    wanted = {(task.kind, task.rule) for task in decision.tasks}
    _drop(context, work, [task for task in known if tasks.is_open(task) and _ask(task) not in wanted | {COMPARE}])
    settled = {_ask(task) for task in known if task.state is not TaskState.OBSOLETE}
    add_tasks(context, work, case, sorted(wanted - settled))


def open_comparison(context: Context, work: UnitOfWork, case: Case) -> None:
    """Ask a person to compare two reports that differ, unless somebody is asked already."""
    known = tasks.tasks_of(work.session, [case.id])
    if not any(tasks.is_open(task) and _ask(task) == COMPARE for task in known):
        add_tasks(context, work, case, [COMPARE])


def add_tasks(context: Context, work: UnitOfWork, case: Case, asks: Iterable[tuple[str, str]]) -> None:
    """Open tasks in a case, with one entry in its trail.

    Args:
        context: who caused them.
        work: the unit of work; it holds the case's row.
        case: whose tasks they are.
        asks: the kind of each and the rule that asks for it.
    """
    now = context.clock.now()
    opened = [
        Task(id=new_id(), case_id=case.id, org=case.org, kind=kind, rule=rule, opened_at=now, state=TaskState.OPEN)
        for kind, rule in asks
    ]
    if opened:
        tasks.add(work.session, *opened)
        touched = tuple(Touched("task", str(task.id), None, _FIRST) for task in opened)
        context.record(work, Act(Event.TASK_OPENED, Action.CREATE, str(case.id), touched))


def _drop(context: Context, work: UnitOfWork, unneeded: list[Task]) -> None:
    ending = Ending(context.caller.subject, context.clock.now())
    for task in unneeded:
        before = task.version
        tasks.drop(work.session, task, ending)
        touched = (Touched("task", str(task.id), before, task.version),)
        context.record(work, Act(Event.TASK_OBSOLETE, Action.UPDATE, str(task.case_id), touched))


def _ask(task: Task) -> tuple[str, str]:
    return task.kind, task.rule

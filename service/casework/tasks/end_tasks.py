"""Open tasks end: whoever acts has done them, or nobody needs to do them any more."""

from collections.abc import Container, Iterable
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.put_on_desk import stream_of
from service.database.unit_of_work import UnitOfWork
from service.referrals.tables import Referral
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskOutcome
from service.tasks.store import Ending
from service.tasks.tables import Task


def finish_kinds(
    context: Context, work: UnitOfWork, case: Case, kinds: Container[str], rule: str | None = None
) -> None:
    """Note that the open tasks of some kinds in a case were done by whoever acts.

    Args:
        context: who did them.
        work: the unit of work; it holds the case's row.
        case: where they lie.
        kinds: which tasks.
        rule: only what this asks for; whatever asks when left out.
    """
    finish_all(context, work, _of_kinds(work, case, kinds, rule))


def drop_kinds(context: Context, work: UnitOfWork, case: Case, kinds: Container[str], rule: str | None = None) -> None:
    """Drop the open tasks of some kinds in a case, which nobody needs any more.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: where they lie.
        kinds: which tasks.
        rule: only what this asks for; whatever asks when left out.
    """
    drop_all(context, work, _of_kinds(work, case, kinds, rule))


def finish_about(context: Context, work: UnitOfWork, referral: Referral, kinds: Container[str]) -> None:
    """Note that the open tasks about a referral were done by whoever acts.

    Args:
        context: who did them.
        work: the unit of work; it holds the case's row.
        referral: what they are about.
        kinds: which tasks.
    """
    finish_all(context, work, _about(work, referral, kinds))


def drop_about(context: Context, work: UnitOfWork, referral: Referral, kinds: Container[str]) -> None:
    """Drop the open tasks about a referral that nobody needs to do any more.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        referral: what they are about.
        kinds: which tasks.
    """
    drop_all(context, work, _about(work, referral, kinds))


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
    because = tasks.open_tasks_because(work.session, case_id, deadline_ids)
    drop_all(context, work, [task for task in because if kind is None or task.kind == kind])


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


def _of_kinds(work: UnitOfWork, case: Case, kinds: Container[str], rule: str | None) -> list[Task]:
    standing = tasks.open_tasks_of(work.session, case.id)
    return [task for task in standing if task.kind in kinds and rule in {None, task.rule}]


def _about(work: UnitOfWork, referral: Referral, kinds: Container[str]) -> list[Task]:
    standing = tasks.open_tasks_of(work.session, referral.case_id)
    return [task for task in standing if task.referral_id == referral.id and task.kind in kinds]

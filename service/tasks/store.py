"""Keeps tasks, finds them for those who may see them and moves them through their life."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.rows import new_rows_of
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.kernel.versions import Seen, require_version
from service.tasks.lifecycle import LIFECYCLE, TaskEvent, TaskOutcome, TaskState
from service.tasks.tables import Task


class TaskNotFound(DomainError):
    """There is no such task, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "task-not-found"
    title = "There is no such task"


@dataclass(frozen=True)
class Ending:
    """Who ended a task, when, and what came of it."""

    by: str
    at: datetime
    outcome: TaskOutcome | None = None


def add(session: Session, *tasks: Task) -> None:
    """Keep new tasks."""
    session.add_all(tasks)


def task_seen_by(session: Session, task_id: UUID, org: str | None, *, lock: bool = False) -> Task:
    """Find a task that an organisation may see.

    Args:
        session: where to look.
        task_id: which task.
        org: the organisation whose task it must be; None for those who supervise all.
        lock: whether nobody else may change the task until this transaction ends.

    Raises:
        TaskNotFound: there is none that this organisation may see.
    """
    question = select(Task).where(col(Task.id) == task_id)
    if org is not None:
        question = question.where(col(Task.org) == org)
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None:
        raise TaskNotFound
    return found


def tasks_of(session: Session, case_ids: Iterable[UUID]) -> list[Task]:
    """Give the tasks of some cases, in the order in which they were opened."""
    ids = list(case_ids)
    new = new_rows_of(session, Task, *ids)
    if new is not None:
        return new
    question = select(Task).where(col(Task.case_id).in_(ids))
    return list(session.exec(question.order_by(col(Task.opened_at), col(Task.kind), col(Task.rule), col(Task.id))))


def open_tasks_of(session: Session, case_id: UUID) -> list[Task]:
    """Give the tasks of a case that somebody still has to do, in the order in which they were opened."""
    return [task for task in tasks_of(session, [case_id]) if is_open(task)]


def open_tasks_because(session: Session, case_id: UUID, deadline_ids: Container[UUID]) -> list[Task]:
    """Give the open tasks of a case that are there because of some deadlines."""
    return [task for task in open_tasks_of(session, case_id) if task.deadline_id in deadline_ids]


def tasks_about(session: Session, signal_ids: Iterable[UUID]) -> list[Task]:
    """Give the tasks about some signals that wait or waited, in the order in which they were opened."""
    question = select(Task).where(col(Task.signal_id).in_(list(signal_ids)))
    return list(session.exec(question.order_by(col(Task.opened_at), col(Task.id))))


def tasks_on_question(session: Session, question_id: UUID) -> list[Task]:
    """Give the tasks about a question for places, in the order in which they were opened."""
    question = select(Task).where(col(Task.question_id) == question_id)
    return list(session.exec(question.order_by(col(Task.opened_at), col(Task.id))))


def assign(session: Session, task: Task, seen: Seen, owner: str | None, due: date | None) -> None:
    """Say who does a task and until when.

    Args:
        session: the session that holds the task.
        task: which one, locked.
        seen: the versions that the caller says to have seen.
        owner: pseudonym of a person or desk; None for nobody yet.
        due: a local day; None for no day.

    Raises:
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended.
    """
    require_version(task.version, seen)
    next_state(LIFECYCLE, task.state, TaskEvent.ASSIGN)
    task.owner = owner
    task.due = due
    task.version += 1
    session.flush()


def link(session: Session, task: Task, deadline_id: UUID) -> None:
    """Say which clock a task hangs on, in the act that moved the task."""
    task.deadline_id = deadline_id
    session.flush()


def finish(session: Session, task: Task, seen: Seen, ending: Ending) -> None:
    """Say that a task was done.

    Args:
        session: the session that holds the task.
        task: which one, locked.
        seen: the versions that the caller says to have seen.
        ending: who did it, when, and what came of it.

    Raises:
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended before.
    """
    require_version(task.version, seen)
    _end(session, task, TaskEvent.FINISH, ending)


def hand_over(session: Session, task: Task, seen: Seen, following: Task, ending: Ending) -> None:
    """End a task because another person or desk goes on with it.

    Args:
        session: the session that holds the task.
        task: which one, locked.
        seen: the versions that the caller says to have seen.
        following: the task that takes its place; kept here.
        ending: who handed it over, and when.

    Raises:
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended before.
    """
    require_version(task.version, seen)
    next_state(LIFECYCLE, task.state, TaskEvent.HAND_OVER)
    add(session, following)
    task.continued_as = following.id
    _end(session, task, TaskEvent.HAND_OVER, ending)


def drop(session: Session, task: Task, ending: Ending) -> None:
    """End a task that nobody needs any more, because the rules no longer ask for it.

    Raises:
        IllegalTransition: the task has ended before.
    """
    _end(session, task, TaskEvent.DROP, ending)


def is_open(task: Task) -> bool:
    """Tell whether somebody still has to do it."""
    return task.state is TaskState.OPEN


def _end(session: Session, task: Task, event: TaskEvent, ending: Ending) -> None:
    task.state = next_state(LIFECYCLE, task.state, event)
    task.outcome = ending.outcome
    task.ended_by = ending.by
    task.ended_at = ending.at
    task.version += 1
    session.flush()

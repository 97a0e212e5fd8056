"""A task is put on a desk: in a case, about a signal that waits, or about a question for places."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeAlias
from uuid import UUID

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.kinds import Ask
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.places.tables import CapacityQuestion
from service.signals.tables import Signal
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState
from service.tasks.tables import Task

By: TypeAlias = tuple[str | None, date | None]
"""Who does a task, and until when."""

_ANYBODY_ANY_DAY: Final[By] = (None, None)
_FIRST: Final = 1


def new_task(
    context: Context,
    home: Case | Signal | CapacityQuestion,
    ask: Ask,
    by: By = _ANYBODY_ANY_DAY,
    *,
    referral_id: UUID | None = None,
    deadline_id: UUID | None = None,
) -> Task:
    """Make an open task for the desk that has what it is about; it is kept when it is put there.

    Args:
        context: who caused it.
        home: in which case it is to be done, or about what else.
        ask: its kind and what asks for it.
        by: who does it, and until when.
        referral_id: about which referral, if about one.
        deadline_id: because of which clock, if of one.
    """
    kind, rule = ask
    owner, due = by
    return Task(
        id=new_id(),
        case_id=home.id if isinstance(home, Case) else None,
        signal_id=home.id if isinstance(home, Signal) else None,
        question_id=home.id if isinstance(home, CapacityQuestion) else None,
        org=home.org,
        kind=kind,
        rule=rule,
        referral_id=referral_id,
        deadline_id=deadline_id,
        opened_at=context.clock.now(),
        due=due,
        owner=owner,
        state=TaskState.OPEN,
    )


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

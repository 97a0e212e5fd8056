"""A signal that no case holds lies on somebody's desk, with a day, until triage has said what becomes of it."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from service.casework.context import Context
from service.casework.tasks.end_tasks import drop_all, finish_all
from service.casework.tasks.kinds import ANNOUNCE, TRIAGE, Ask
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.signals.tables import Signal
from service.tasks import store as tasks
from service.tasks.tables import Task

_TERM: Final = "signal.triage"


class TriageFirst(DomainError):
    """The task ends by triage, not by being ticked off: the signal would lie on nobody's desk."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "triage-first"
    title: ClassVar[str] = "This task ends when the signal is triaged"


def await_triage(context: Context, work: UnitOfWork, signal: Signal, after: date | None = None) -> None:
    """Put a signal on the desk of the organisation that has it.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the signal's row.
        signal: one that waits.
        after: the day from which the term counts; today when left out.
    """
    _open(context, work, signal, (TRIAGE, _TERM), _due(context, after or context.today()))


def announce(context: Context, work: UnitOfWork, group: Signal, rule: str, due: date) -> None:
    """Put on the desk that somebody is to hear how many people of a group may be found.

    Args:
        context: who announces it.
        work: the unit of work of the act; it holds the group's row.
        group: which one.
        rule: the rule that asks for it, which names who is to hear it.
        due: the last day that is early enough.
    """
    _open(context, work, group, (ANNOUNCE, rule), due)


def number_told(context: Context, work: UnitOfWork, group_id: UUID) -> None:
    """Note that nobody has to tell the number of a group any more, because a message did.

    Args:
        context: the worker's.
        work: the unit of work of the act.
        group_id: which group.
    """
    finish_all(context, work, _to_announce(work, group_id))


def need_no_announcing(context: Context, work: UnitOfWork, group: Signal) -> None:
    """Have nobody tell the number of a group that was called off.

    Args:
        context: who called it off.
        work: the unit of work of the act; it holds the group's row.
        group: which one.
    """
    drop_all(context, work, _to_announce(work, group.id))


def _to_announce(work: UnitOfWork, group_id: UUID) -> list[Task]:
    about = tasks.tasks_about(work.session, [group_id])
    return [task for task in about if task.kind == ANNOUNCE and tasks.is_open(task)]


def end_triage(context: Context, work: UnitOfWork, signal: Signal) -> None:
    """Note that nobody has to look at a signal any more, by whoever has just triaged it.

    Args:
        context: who triaged it.
        work: the unit of work of the act; it holds the signal's row.
        signal: which one.
    """
    about = tasks.tasks_about(work.session, [signal.id])
    finish_all(context, work, [task for task in about if task.kind == TRIAGE and tasks.is_open(task)])


def require_triaged(task: Task) -> None:
    """Stop whoever ticks off a signal that still waits.

    Args:
        task: about to be done.

    Raises:
        TriageFirst: the task is to triage a signal.
    """
    if task.kind == TRIAGE and tasks.is_open(task):
        raise TriageFirst


def _open(context: Context, work: UnitOfWork, signal: Signal, ask: Ask, due: date) -> None:
    put_on_desk(context, work, [new_task(context, signal, ask, (signal.org, due))])


def _due(context: Context, day: date) -> date:
    term = context.rules().parameters.term(_TERM, context.today())
    return day if term is None else term.after(day)

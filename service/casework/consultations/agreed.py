"""What was agreed in a consultation is a task with a clock, which moves with it and rings when its day is over."""

from datetime import date

from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.end_clocks import cancel_clocks, forget_fired, meet, stop_clock
from service.casework.deadlines.plan_clocks import Plan, plan_clock
from service.casework.tasks.kinds import FOLLOW_CONSULTATION
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import CONSULTATION_FOLLOW_UP
from service.deadlines.tables import Deadline
from service.routing.facts.terms import Due
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskOutcome
from service.tasks.tables import Task


def agree(context: Context, work: UnitOfWork, case: Case, name: str, by: tuple[str, date]) -> None:
    """Have something that was agreed done by somebody until a day, and others hear of it when it is not.

    Args:
        context: who says what was agreed.
        work: the unit of work; it holds the case's row.
        case: the consultation's.
        name: the consultation, and its place among what was agreed; what it is stays sealed there.
        by: who does it, and until when.

    Raises:
        DueInThePast: that day is over.
    """
    clock = plan_clock(context, work, case, _plan(name, *by))
    task = new_task(context, case, (FOLLOW_CONSULTATION, name), by, deadline_id=clock.id)
    put_on_desk(context, work, [task])


def move_agreed(context: Context, work: UnitOfWork, task: Task) -> None:
    """Let the clock of what was agreed ring on the day that its task has now; none without a day.

    Args:
        context: who moved it.
        work: the unit of work; it holds the case's row.
        task: the task, moved.

    Raises:
        DueInThePast: that day is over.
    """
    if task.kind != FOLLOW_CONSULTATION or task.deadline_id is None:
        return
    former = deadlines.deadline(work.session, task.deadline_id)
    if task.due == former.due and deadlines.is_unmet(former):
        return
    case = cases.hold(work.session, former.case_id)
    if task.due is None:
        stop_clock(context, work, case, (former.kind, former.key))
        return
    if not deadlines.is_live(former) and deadlines.is_unmet(former):
        cancel_clocks(context, work, case, [former], {(former.kind, former.key)})
    clock = plan_clock(context, work, case, _plan(former.key, task.owner or former.owner, task.due))
    tasks.link(work.session, task, clock.id)
    # Nobody need be busy with the day that was missed; the task itself goes on with the new one.
    forget_fired(context, work, case, {former.id})


def end_agreed(context: Context, work: UnitOfWork, case: Case, task: Task, clock: Deadline) -> None:
    """Let the clock of what was agreed be met by its task, in time or late, or stop it when the task came to nothing.

    Args:
        context: who ended the task.
        work: the unit of work; it holds the case's row.
        case: the clock's.
        task: the task, done.
        clock: the clock.
    """
    if not deadlines.is_unmet(clock):
        return
    if task.outcome is TaskOutcome.ACHIEVED:
        meet(context, work, case, clock, context.today())
    else:
        cancel_clocks(context, work, case, [clock])
        forget_fired(context, work, case, {clock.id})


def _plan(name: str, owner: str, day: date) -> Plan:
    return Plan(CONSULTATION_FOLLOW_UP, name, Due(day), name, owner)

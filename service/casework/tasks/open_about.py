"""What a referral calls for, or a clock whose time has come, is put on the desk of the case."""

from collections.abc import Iterable
from uuid import UUID

from service.cases.tables import Case
from service.casework.context import Context
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.database.unit_of_work import UnitOfWork
from service.deadlines.tables import Deadline
from service.referrals.tables import Referral
from service.tasks import store as tasks


def open_about(context: Context, work: UnitOfWork, case: Case, referral: Referral, kind: str) -> None:
    """Put something about a referral on the desk of its case, unless it lies there already.

    Args:
        context: who caused it.
        work: the unit of work; it holds the case's row.
        case: the referral's.
        referral: what it is about.
        kind: what must be done.
    """
    standing = tasks.open_tasks_of(work.session, case.id)
    if not any((task.kind, task.referral_id) == (kind, referral.id) for task in standing):
        by = (case.org, referral.due or context.today())
        put_on_desk(context, work, [new_task(context, case, (kind, referral.rule), by, referral_id=referral.id)])


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
    by = (deadline.owner, context.today())
    opened = [
        new_task(context, case, (kind, deadline.rule), by, referral_id=referral_id, deadline_id=deadline.id)
        for kind, referral_id in kinds
    ]
    put_on_desk(context, work, opened)

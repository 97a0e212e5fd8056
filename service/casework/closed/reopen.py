"""Somebody needs help again, or gives it after all: the same case goes on, with all that happened in it."""

from typing import Final

from service.cases.lifecycle import CaseEvent, ReopenReason
from service.cases.tables import Case, CaseStep
from service.casework.closed.take_case_step import take_case_step
from service.casework.context import Context
from service.casework.tasks.kinds import REVIEW_SHELTER
from service.casework.tasks.open_tasks import ask_once, take_up_again
from service.database.unit_of_work import UnitOfWork

_BACK: Final = frozenset({ReopenReason.CAME_BACK, ReopenReason.NEW_SIGNAL})
_LOOKED_AT_BY: Final = "SH-22"


def reopen(
    context: Context, work: UnitOfWork, case: Case, reason: ReopenReason, explanation: str | None = None
) -> CaseStep:
    """Have somebody work on a case again; whoever calls this decides anew afterwards, on what is known by then.

    What was not achieved before is to be done again, and somebody looks for shelter for whoever is back.

    Args:
        context: who reopens it, or caused that.
        work: the unit of work; it holds the case's row.
        case: which one.
        reason: why, as a code.
        explanation: why, in words.

    Raises:
        IllegalTransition: it is open already.
    """
    step = take_case_step(context, work, case, CaseEvent.REOPEN, reason, explanation)
    take_up_again(context, work, case)
    if reason in _BACK:
        ask_once(context, work, case, [(REVIEW_SHELTER, _LOOKED_AT_BY)])
    return step

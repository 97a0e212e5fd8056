"""Somebody works on a case again: the same case, whose facts are decided on anew; what was used up stays used up."""

from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import ReopenReason
from service.cases.tables import Case, CaseStep
from service.casework.cases.decide_again import decide_again
from service.casework.closed.reopen import reopen
from service.casework.closed.take_case_step import step_receipt
from service.casework.commands.cases import ReopenCase
from service.casework.context import Context
from service.casework.tasks.kinds import REVIEW_FACTS
from service.casework.tasks.open_tasks import ask_once
from service.casework.views.cases import CaseStepReceipt
from service.database.unit_of_work import UnitOfWork
from service.kernel.versions import Seen, require_version
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused

_REOPENED: Final = "reopened"


def reopen_case(context: Context, case_id: UUID, seen: Seen, command: ReopenCase) -> CaseStepReceipt:
    """Reopen a case, and decide anew on what is known of it.

    Args:
        context: who reopens it.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: why.

    Raises:
        ScopeMissing: the caller may not reopen cases.
        CaseNotFound: there is no such case for this caller.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        IllegalTransition: it is open already.
        KeysUnavailable: the keys are away, so nobody can know the facts.
    """
    context.require(Scope.CASES_REOPEN)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.CASE_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
        tried.in_case(case.id)
        require_version(case.version, seen)
        step = go_on(context, work, case, ReopenReason(command.reason), command.explanation)
        return step_receipt(work, case, step)


def go_on(
    context: Context, work: UnitOfWork, case: Case, reason: ReopenReason, explanation: str | None = None
) -> CaseStep:
    """Have somebody work on a closed case again, and decide anew on what is known of it.

    Args:
        context: who reopens it, or caused that.
        work: the unit of work; it holds the case's row.
        case: which one.
        reason: why, as a code.
        explanation: why, in words.

    Raises:
        IllegalTransition: it is open already.
        KeysUnavailable: the keys are away, so nobody can know the facts.
    """
    step = reopen(context, work, case, reason, explanation)
    try:
        decide_again(context, work, case)
    except (AnswersRefused, ImpossibleFacts):
        # The rules of today make nothing of what was told: a person does.
        ask_once(context, work, case, [(REVIEW_FACTS, _REOPENED)])
    return step

"""A case is closed or reopened: its state, why, and the entry change together."""

from typing import Final

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import CaseEvent
from service.cases.tables import Case, CaseStep
from service.casework.context import Context
from service.casework.views.cases import CaseStepReceipt, CaseStepView
from service.database.unit_of_work import UnitOfWork

_SAID: Final = {CaseEvent.CLOSE: Event.CASE_CLOSED, CaseEvent.REOPEN: Event.CASE_REOPENED}


def take_case_step(
    context: Context, work: UnitOfWork, case: Case, event: CaseEvent, reason: str, explanation: str | None
) -> CaseStep:
    """Move a case through its life and keep why, with one entry that does not tell it.

    Args:
        context: who moves it, or caused that.
        work: the unit of work of the act; it holds the case's row.
        case: which one.
        event: what happens to it.
        reason: why, as a code.
        explanation: why, in words.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    said, before = {"reason": reason, "explanation": explanation}, len(cases.steps(work.session, case.id))
    step = CaseStep(
        case_id=case.id,
        version=before + 1,
        event=event,
        said=cases.sealed_step(work.vault, case.id, before + 1, said),
        done_by=context.caller.subject,
        done_at=context.clock.now(),
    )
    cases.move_case(work.session, case, step)
    touched = (
        Touched("case", str(case.id), case.version - 1, case.version, ("state",)),
        Touched("case_step", str(case.id), before or None, step.version, tuple(sorted(said))),
    )
    commitment = work.vault.commitment(case.id, said)
    context.record(work, Act(_SAID[event], Action.UPDATE, str(case.id), touched, commitment=commitment))
    return step


def step_view(work: UnitOfWork, step: CaseStep) -> CaseStepView:
    """Show a step of a case."""
    said = cases.said_of_step(work.vault, step)
    return CaseStepView(version=step.version, event=step.event, done_by=step.done_by, done_at=step.done_at, **said)


def step_receipt(work: UnitOfWork, case: Case, step: CaseStep) -> CaseStepReceipt:
    """Show what a step made of a case."""
    return CaseStepReceipt(case_id=case.id, version=case.version, state=case.state, recorded=step_view(work, step))

"""Somebody looks at a case: only at one that they may see, and never unseen themselves."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision, CaseReturn
from service.casework.cases.compare_cases import comparisons
from service.casework.cases.recognise_person import possible_matches
from service.casework.cases.what_to_ask import what_to_ask
from service.casework.closed.take_case_step import step_view
from service.casework.context import Context
from service.casework.referrals.show_referrals import referral_lines
from service.casework.views.cases import CaseView, DecisionView, OverrideView, ReceiptView, ReturnView
from service.casework.views.decision import DecisionContent
from service.casework.views.tasks import TaskView
from service.database.unit_of_work import UnitOfWork
from service.referrals import store as referrals
from service.tasks import store as tasks
from service.tasks.tables import Task


def read_case(context: Context, case_id: UUID) -> CaseView:
    """Give a case with its decisions and referrals; that it was read is kept before it is given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        facts = cases.facts(work.session, case.id, case.facts_version)
        chosen = _overrides(work, case.id)
        kept = decisions.decisions_of(work.session, case.id)
        made = [_decision(work, one, chosen.get(one.id, ())) for one in kept]
        lines = referral_lines(work.session, referrals.referrals_of(work.session, case.id))
        context.record(work, Act(Event.CASE_READ, Action.READ, str(case.id), (asked,)))
        return CaseView(
            id=case.id,
            state=case.state,
            opened_at=case.opened_at,
            version=case.version,
            facts_version=facts.version,
            facts=cases.told(work.vault, facts),
            steps=tuple(step_view(work, one) for one in cases.steps(work.session, case.id)),
            returns=tuple(return_view(work, one) for one in cases.returns(work.session, case.id)),
            decisions=tuple(made),
            to_ask=what_to_ask(context.rules(), made[-1].content.questions if made else ()),
            referrals=lines,
            tasks=tuple(task_view(task) for task in tasks.tasks_of(work.session, [case.id])),
            possible_matches=possible_matches(context, work, case),
            comparisons=comparisons(work, case),
        )


def task_view(task: Task) -> TaskView:
    """Show a task."""
    return TaskView.model_validate(task, from_attributes=True)


def return_view(work: UnitOfWork, kept: CaseReturn) -> ReturnView:
    """Show one record of a return."""
    said = cases.said_of_return(work.vault, kept)
    return ReturnView(version=kept.version, recorded_by=kept.recorded_by, recorded_at=kept.recorded_at, **said)


def _overrides(work: UnitOfWork, case_id: UUID) -> dict[UUID, tuple[OverrideView, ...]]:
    found: dict[UUID, tuple[OverrideView, ...]] = {}
    for one in decisions.overrides_of(work.session, case_id):
        shown = OverrideView.model_validate(
            {
                "part": one.part,
                "chosen": decisions.chosen(work.vault, one),
                "reason": decisions.reason(work.vault, one),
                "chosen_by": one.chosen_by,
                "chosen_at": one.chosen_at,
            }
        )
        found[one.decision_id] = (*found.get(one.decision_id, ()), shown)
    return found


def _decision(work: UnitOfWork, decision: CaseDecision, overrides: tuple[OverrideView, ...]) -> DecisionView:
    return DecisionView(
        id=decision.id,
        state=decision.state,
        facts_version=decision.facts_version,
        facts_digest=decision.facts_digest,
        receipt=_receipt(work, decision),
        made_at=decision.made_at,
        content=DecisionContent.model_validate(decisions.content(work.vault, decision)),
        overrides=overrides,
    )


def _receipt(work: UnitOfWork, decision: CaseDecision) -> ReceiptView | None:
    said = decisions.receipt(work.vault, decision)
    return None if said is None else ReceiptView(**said)

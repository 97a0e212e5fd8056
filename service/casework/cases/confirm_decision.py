"""A person confirms what the service proposed: what waited for a person is released to the partners."""

from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.lifecycle import DecisionEvent
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.cases import ConfirmDecision
from service.casework.context import Context
from service.casework.referrals.as_previewed import require_as_previewed
from service.casework.referrals.ask_partner import queue
from service.casework.views.cases import ConfirmationView
from service.referrals import store as referrals

UNSEEN: Final = ConfirmDecision()
"""A confirmation by somebody who says nothing of what was seen."""


def confirm_decision(
    context: Context, case_id: UUID, decision_id: UUID, command: ConfirmDecision = UNSEEN
) -> ConfirmationView:
    """Confirm a decision and queue every referral that waited for it.

    Args:
        context: who confirms.
        case_id: the case, which the caller's organisation must have opened.
        decision_id: a decision of that case.
        command: what the caller says to have seen of what is sent; nothing when left out.

    Raises:
        ScopeMissing: the caller may not confirm decisions.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        DecisionNotFound: the case has no such decision.
        IllegalTransition: the decision is confirmed already, or a newer one has taken its place.
        ContentDiffers: something else would be sent than was seen.
    """
    context.require(Scope.DECISIONS_CONFIRM)
    asked = (Touched("case", str(case_id)), Touched("decision", str(decision_id)))
    with context.refusals_kept(Event.DECISION_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        decision = decisions.decision_of(work.session, case.id, decision_id)
        decisions.move(work.session, decision, DecisionEvent.CONFIRM)
        before = case.version
        cases.touch(work.session, case)
        touched = (
            Touched("decision", str(decision.id), decision.version - 1, decision.version),
            Touched("case", str(case.id), before, case.version),
        )
        act = Act(Event.DECISION_CONFIRMED, Action.UPDATE, str(case.id), touched, policy=decision.rule_set)
        context.record(work, act)
        waiting = referrals.proposed_by(work.session, decision.id)
        require_as_previewed(context, work, tried, waiting, command.previews)
        queued = tuple(queue(context, work, referral) for referral in waiting)
        return ConfirmationView(case_id=case.id, decision_id=decision.id, state=decision.state, queued=queued)

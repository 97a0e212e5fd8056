"""A recipient says what it did with what it had read, after the ground on which it had read it ended."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.commands.consent import AcknowledgeRecall
from service.casework.context import Context
from service.casework.referrals.recall import acknowledge
from service.casework.views.consent import RecallView
from service.consent import store as consents
from service.consent.lifecycle import RecallOutcome, RecallState
from service.consent.store import Acknowledgement
from service.referrals import store as referrals


def acknowledge_recall(context: Context, referral_id: UUID, command: AcknowledgeRecall) -> RecallView:
    """Keep a recipient's word, in time or late; the same again changes nothing.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: what it had read.
        command: what it did.

    Raises:
        ScopeMissing: the caller may not answer referrals.
        ReferralNotFound: this partner was not asked.
        RecallNotFound: it was not told so.
        IllegalTransition: it said something else before, the ground came back, or it was told of more meanwhile.
    """
    context.require(Scope.REFERRALS_ANSWER)
    asked = Touched("referral", str(referral_id))
    with context.refusals_kept(Event.RECALL_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        referral = referrals.referral_asked_of(work.session, referral_id, context.caller.org)
        tried.in_case(referral.case_id)
        case = cases.hold(work.session, referral.case_id)
        recalled = consents.recall_of(work.session, referral.id, command.recall_id)
        outcome = RecallOutcome(command.outcome)
        if recalled.state is RecallState.ACKNOWLEDGED and recalled.outcome is outcome:
            known = Touched("recall", str(recalled.id), recalled.version, recalled.version)
            context.record(work, Act(Event.REFERRAL_ANSWER_REPEATED, Action.READ, str(case.id), (known,)))
        else:
            said = Acknowledgement(outcome, context.caller.subject, context.clock.now())
            acknowledge(context, work, case, recalled, said)
        return RecallView.model_validate(recalled, from_attributes=True)

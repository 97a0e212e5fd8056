"""A partner answers: it has seen the referral, takes it, works on it, or cannot take it and says why with a code."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.casework.commands.referrals import AnswerReferral
from service.casework.context import Context
from service.casework.referrals.ask_partner import hold
from service.casework.referrals.keep_answer import check_reason, keep_answer
from service.casework.views.referrals import AnswerView
from service.referrals import store as referrals


def answer_referral(context: Context, referral_id: UUID, command: AnswerReferral) -> AnswerView:
    """Keep a partner's answer, and do what follows from it; the same answer again changes nothing.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: which referral.
        command: the answer.

    Raises:
        ScopeMissing: the caller may not answer referrals.
        ReasonMisplaced: a reason is missing, or given where there is none.
        ReferralNotFound: this partner was not asked.
        IllegalTransition: the referral is past this answer.
    """
    context.require(Scope.REFERRALS_ANSWER)
    check_reason(command)
    asked = Touched("referral", str(referral_id))
    with context.refusals_kept(Event.REFERRAL_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        referral = referrals.referral_asked_of(work.session, referral_id, context.caller.org)
        tried.in_case(referral.case_id)
        hold(work, referral)
        return keep_answer(context, work, referral, command)

"""A partner answers: it has seen the referral, takes it, or cannot take it and says why with a code."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.commands import Answer, AnswerReferral
from service.casework.context import Context
from service.casework.views.referrals import AnswerView
from service.kernel.errors import DomainError, Kind, Problem
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent

_MEANS: Final[Mapping[Answer, tuple[ReferralEvent, Event]]] = {
    Answer.ACKNOWLEDGE: (ReferralEvent.ACKNOWLEDGE, Event.REFERRAL_ACKNOWLEDGED),
    Answer.ACCEPT: (ReferralEvent.ACCEPT, Event.REFERRAL_ACCEPTED),
    Answer.DECLINE: (ReferralEvent.DECLINE, Event.REFERRAL_DECLINED),
}


class ReasonMisplaced(DomainError):
    """Declining needs a reason, and nothing else has one."""

    kind = Kind.INVALID
    code = "reason-misplaced"
    title = "A declined referral needs a reason, and no other answer has one"


def answer_referral(context: Context, referral_id: UUID, command: AnswerReferral) -> AnswerView:
    """Keep a partner's answer.

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
    if (command.answer is Answer.DECLINE) is (command.reason is None):
        raise ReasonMisplaced(problems=(Problem("/reason", "reason-misplaced", ReasonMisplaced.title),))
    happens, event = _MEANS[command.answer]
    asked = Touched("referral", str(referral_id))
    with context.refusals_kept(Event.REFERRAL_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        referral = referrals.referral_asked_of(work.session, referral_id, context.caller.org)
        tried.in_case(referral.case_id)
        before = referral.version
        state = referrals.move(work.session, referral, happens, command.reason)
        touched = Touched("referral", str(referral.id), before, referral.version, ("state",))
        context.record(work, Act(event, Action.UPDATE, str(referral.case_id), (touched,)))
        return AnswerView(id=referral.id, state=state, decline_reason=referral.decline_reason)

"""A coordinator brings a referral to its partner: by telephone or in person, and writes down the answer."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.commands.referrals import AnswerReferral, HandOverReferral
from service.casework.context import Context
from service.casework.referrals.ask_partner import answer_by, arrived
from service.casework.referrals.keep_answer import check_reason, keep_answer
from service.casework.referrals.work_on_referrals import held_referral, shown
from service.casework.tasks.end_tasks import finish_about
from service.casework.tasks.kinds import ABOUT_DELIVERY
from service.casework.views.referrals import ReferralLine
from service.database.unit_of_work import UnitOfWork
from service.kernel.versions import Seen
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralState
from service.referrals.tables import Referral


def hand_over_referral(
    context: Context, case_id: UUID, referral_id: UUID, seen: Seen, command: HandOverReferral
) -> ReferralLine:
    """Keep that a coordinator told the partner, by telephone or in person, and what the partner answered if it did.

    What waited to be sent is sent no more, so that nobody is asked twice; the partner finds the referral in its inbox.
    Its term to answer begins anew. A partner that was silent for too long can still be heard this way.

    Args:
        context: who handed it over.
        case_id: the case, which the caller's organisation must have opened.
        referral_id: a referral of that case.
        seen: the versions of the referral that the caller says to have seen.
        command: what the partner answered.

    Raises:
        ScopeMissing: the caller may not work on referrals.
        ReasonMisplaced: a reason is missing, or given where there is none.
        CaseNotFound: there is no such case for this caller.
        ReferralNotFound: the case has no such referral.
        Unseen: the caller names no version.
        Stale: somebody changed the referral in between.
        IllegalTransition: there is nothing to hand over, or the referral is past this answer.
    """
    said = None if command.answer is None else AnswerReferral(answer=command.answer, reason=command.reason)
    if said is not None:
        check_reason(said)
    with held_referral(context, Scope.REFERRALS_MANAGE, case_id, referral_id, seen) as held:
        hand_over(context, held.work, held.referral, said)
        return shown(held.work, held.referral)


def hand_over(context: Context, work: UnitOfWork, referral: Referral, said: AnswerReferral | None) -> None:
    """Keep that a partner was told by a person, and its answer.

    Args:
        context: who told it.
        work: the unit of work of the act; it holds the case and the referral.
        referral: what was handed over.
        said: what the partner answered, if it did.

    Raises:
        IllegalTransition: there is nothing to hand over, or the referral is past this answer.
    """
    if said is None or referral.state is not ReferralState.EXPIRED:
        before, now = referral.version, context.clock.now()
        referrals.hand_over(work.session, referral, answer_by(referral, now))
        touched = (Touched("referral", str(referral.id), before, referral.version),)
        context.record(work, Act(Event.REFERRAL_HANDED_OVER, Action.UPDATE, str(referral.case_id), touched))
        finish_about(context, work, referral, ABOUT_DELIVERY)
        arrived(context, work, referral)
    if said is not None:
        keep_answer(context, work, referral, said, by_hand=True)

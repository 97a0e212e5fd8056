"""A partner is silent for too long: its referral expires, a person knows of it, and the next partner is asked."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.referrals.ask_next import ask_next
from service.casework.referrals.ask_partner import hold, stop_telling
from service.casework.referrals.watch_silence import watch
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import ACT_HINDERED, SILENT_PARTNER
from service.casework.tasks.open_about import open_about
from service.casework.upkeep.true_clock import require_time_to_act
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralEvent
from service.referrals.tables import Referral


def overdue(context: Context, besides: Collection[UUID] = ()) -> UUID | None:
    """Give the referral whose partner should have answered longest ago, in business time; None when there is none.

    Args:
        context: the worker's.
        besides: referrals that are left alone for now, because something hinders their act.
    """
    with context.look() as session:
        return referrals.longest_overdue(session, context.clock.now(), besides)


def escalate_silence(context: Context, referral_id: UUID) -> bool:
    """Let a referral expire whose partner has not answered in time; say whether it was still to be done.

    However many workers see the same silence, one of them acts on it: the others find that it is over.

    Args:
        context: the worker's.
        referral_id: which referral.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
        ClockWentBack: something has rung later than now.
        ReferralNotFound: there is no such referral.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    with context.work() as work:
        require_time_to_act(context, work.session)
        referral = referrals.referral(work.session, referral_id)
        hold(work, referral)
        late = _late_by(referral, context.clock.now())
        if late is None:
            return False
        before = referral.version
        referrals.move(work.session, referral, ReferralEvent.EXPIRE)
        touched = (Touched("referral", str(referral.id), before, referral.version), Touched.late_by(late))
        context.record(work, Act(Event.REFERRAL_EXPIRED, Action.UPDATE, str(referral.case_id), touched))
        stop_telling(context, work, referral)
        drop_about(context, work, referral, {ACT_HINDERED})
        case = cases.hold(work.session, referral.case_id)
        open_about(context, work, case, referral, SILENT_PARTNER)
        ask_next(context, work, referral)
        watch(context, work, case, referral)
        return True


def _late_by(referral: Referral, now: datetime) -> timedelta | None:
    if referral.state not in UNANSWERED or referral.answer_by is None or now < referral.answer_by:
        return None
    return now - referral.answer_by

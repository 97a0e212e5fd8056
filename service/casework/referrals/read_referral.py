"""A partner fetches what it was asked: only its own referrals, only the facts fixed for it, and never unseen."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.referrals.ask_partner import arrived, hold
from service.casework.referrals.what_is_read import what_is_read
from service.casework.views.referrals import ReferralView
from service.database.unit_of_work import UnitOfWork
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent, ReferralState
from service.referrals.tables import Referral


def read_referral(context: Context, referral_id: UUID) -> ReferralView:
    """Give a partner the content of a referral; that it was read is kept before it is given.

    Args:
        context: the partner, whose organisation is its id in the directory.
        referral_id: which referral.

    Raises:
        ScopeMissing: the caller may not read referrals.
        ReferralNotFound: there is none that this partner may read.
    """
    context.require(Scope.REFERRALS_READ)
    asked = Touched("referral", str(referral_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        referral = _found(context, work, referral_id)
        read = what_is_read(context, work, referral)
        before = referral.version
        if referral.state is ReferralState.QUEUED:
            # Whoever reads it has it, whatever becomes of the message.
            referrals.move(work.session, referral, ReferralEvent.DELIVER)
            arrived(context, work, referral)
        shown = Touched("referral", str(referral.id), before, referral.version, read.names)
        touched = (shown, Touched("content", read.digest))
        context.record(work, Act(Event.REFERRAL_FETCHED, Action.READ, str(referral.case_id), touched))
        return ReferralView(
            **dict(read.content), state=referral.state, answer_by=referral.answer_by, content_hash=read.digest
        )


def _found(context: Context, work: UnitOfWork, referral_id: UUID) -> Referral:
    """Find a referral that the partner may read, and hold it: whoever takes a ground away sees who has read on it."""
    hold(work, referrals.referral_sent_to(work.session, referral_id, context.caller.org))
    return referrals.referral_sent_to(work.session, referral_id, context.caller.org)

"""A message is still on its way when three quarters of its time are over: a person knows before it is too late."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, select

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.deliveries.settle_attempt import tell_desk
from service.casework.upkeep.true_clock import require_time_to_act
from service.dispatch.backoff import Trouble
from service.dispatch.late import first_late, is_late, note_told
from service.dispatch.tables import Delivery, Lane
from service.referrals import store as referrals

_LET_PASS: Final = 0.75
"""Part of the time that a message has which may pass before a person is told."""


def warn_at(told_at: datetime, *ends: datetime | None) -> datetime | None:
    """Say when a person is told that a message has still not arrived; None when it has no time by which it must.

    Args:
        told_at: business time at which the message was recorded.
        ends: when what it announces must be done or answered; None where there is no term.
    """
    terms = [end for end in ends if end is not None]
    if not terms:
        return None
    return told_at + max(min(terms) - told_at, timedelta(0)) * _LET_PASS


def late_delivery(context: Context, besides: Collection[str] = ()) -> str | None:
    """Give the message that has been late longest and of which nobody knows; None when there is none.

    Args:
        context: the worker's.
        besides: messages that are left alone for now, because something hinders their act.
    """
    with context.look() as session:
        return first_late(session, context.clock.now(), besides)


def warn_of_late_delivery(context: Context, message_id: str) -> bool:
    """Put a late message on the desk of its case; say whether that was still to be done.

    However many workers see it, one of them acts on it: the others find that it is done, or that it has arrived.

    Args:
        context: the worker's.
        message_id: which message.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
        ClockWentBack: something has rung later than now.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    with context.work() as work:
        require_time_to_act(context, work.session)
        question = select(col(Lane.case_id), col(Delivery.referral_id)).join(
            Lane, col(Lane.id) == col(Delivery.lane_id)
        )
        case_id, referral_id = work.session.exec(question.where(col(Delivery.id) == message_id)).one()
        case = cases.hold(work.session, case_id)
        referral = referrals.referral(work.session, referral_id, lock=True)
        if not is_late(work.session, message_id, context.clock.now()):
            return False
        note_told(work.session, message_id)
        late = (Touched("delivery", message_id), Touched("referral", str(referral.id)))
        context.record(work, Act(Event.DELIVERY_LATE, Action.EXECUTE, str(case.id), late))
        tell_desk(context, work, (case, referral), Trouble.HARD_TO_REACH)
        return True

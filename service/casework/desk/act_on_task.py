"""Whoever has done a task about a referral has done something to the referral too, and need not say it twice."""

from typing import Final

from service.casework.context import Context
from service.casework.referrals.ask_next import ask_next
from service.casework.referrals.ask_partner import queue, withdraw
from service.casework.referrals.hand_over import hand_over
from service.casework.tasks.open_tasks import ABOUT_DELIVERY, PERSON_DECLINED, RELEASE_REFERRAL
from service.database.unit_of_work import UnitOfWork
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralState, WithdrawReason
from service.tasks.lifecycle import TaskOutcome
from service.tasks.tables import Task

_ACHIEVED: Final = TaskOutcome.ACHIEVED


def act_on_task(context: Context, work: UnitOfWork, task: Task) -> None:
    """Do to a referral what a task that was just done says about it.

    A partner that was reached has its referral handed over; what was to be released goes to its partner, or is taken
    back when it is not wanted. Somebody else is asked once the person has agreed to that.

    Args:
        context: who did the task.
        work: the unit of work of the act; it holds the case's row.
        task: the task, done.
    """
    if task.referral_id is None:
        return
    referral = referrals.referral(work.session, task.referral_id, lock=True)
    if task.kind in ABOUT_DELIVERY and task.outcome is _ACHIEVED and referral.state in UNANSWERED:
        hand_over(context, work, referral, None)
    if task.kind == PERSON_DECLINED and task.outcome is _ACHIEVED:
        ask_next(context, work, referral)
    if task.kind == RELEASE_REFERRAL and referral.state is ReferralState.PROPOSED:
        if task.outcome is _ACHIEVED:
            queue(context, work, referral)
        else:
            withdraw(context, work, referral, WithdrawReason.WITHHELD)

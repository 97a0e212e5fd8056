"""Whoever has done a task about a referral or a deadline has done something to it too, and need not say it twice."""

from typing import Final
from uuid import UUID

from service.cases import store as cases
from service.casework.consultations.agreed import end_agreed
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet, stop_clock
from service.casework.referrals.ask_next import ask_next
from service.casework.referrals.ask_partner import queue, withdraw
from service.casework.referrals.hand_over import hand_over
from service.casework.referrals.recall import heard_by_hand
from service.casework.referrals.watch_silence import given_up
from service.casework.tasks.kinds import (
    ABOUT_DELIVERY,
    ABOUT_RECALL,
    DEADLINE_MISSED,
    FOLLOW_CONSULTATION,
    PERSON_DECLINED,
    RELEASE_REFERRAL,
)
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import ESCALATION, DeadlineState
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralState, WithdrawReason
from service.referrals.tables import Referral
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskOutcome
from service.tasks.tables import Task

_ACHIEVED: Final = TaskOutcome.ACHIEVED


def act_on_task(context: Context, work: UnitOfWork, task: Task) -> None:
    """Do to a referral or a deadline what a task that was just done says about it.

    A partner that was reached has its referral handed over, or has heard that consent ended; what was to be released
    goes to its partner, or is taken back when it is not wanted. Somebody else is asked once the person agrees. What was
    done after its deadline is done.

    Args:
        context: who did the task.
        work: the unit of work of the act; it holds the case's row.
        task: the task, done.
    """
    if task.deadline_id is not None and task.kind not in ABOUT_RECALL:
        _act_on_deadline(context, work, task, task.deadline_id)
    elif task.referral_id is not None:
        _act_on_referral(context, work, task, task.referral_id)


def about_to_send(work: UnitOfWork, task: Task) -> list[Referral]:
    """Give what goes to its partner because a task was just done.

    Args:
        work: the unit of work of the act; it holds the case's row.
        task: the task, done.
    """
    if task.kind != RELEASE_REFERRAL or task.referral_id is None or task.outcome is not _ACHIEVED:
        return []
    referral = referrals.referral(work.session, task.referral_id, lock=True)
    return [referral] if referral.state is ReferralState.PROPOSED else []


def _act_on_deadline(context: Context, work: UnitOfWork, task: Task, deadline_id: UUID) -> None:
    deadline = deadlines.deadline(work.session, deadline_id)
    case = cases.hold(work.session, deadline.case_id)
    if task.kind == FOLLOW_CONSULTATION:
        end_agreed(context, work, case, task, deadline)
    elif task.kind == DEADLINE_MISSED and task.outcome is _ACHIEVED and deadline.state is DeadlineState.MISSED:
        meet(context, work, case, deadline, context.today())
    elif not tasks.open_tasks_because(work.session, case.id, {deadline.id}):
        # Nobody else needs to hear of what nobody has to do any more.
        stop_clock(context, work, case, (ESCALATION, str(deadline.id)))


def _act_on_referral(context: Context, work: UnitOfWork, task: Task, referral_id: UUID) -> None:
    referral = referrals.referral(work.session, referral_id, lock=True)
    if task.kind in ABOUT_DELIVERY and task.outcome is _ACHIEVED and referral.state in UNANSWERED:
        hand_over(context, work, referral, None)
    if task.kind in ABOUT_DELIVERY | ABOUT_RECALL and task.outcome is _ACHIEVED:
        heard_by_hand(context, work, referral)
    if task.kind == PERSON_DECLINED and task.outcome is _ACHIEVED:
        ask_next(context, work, referral)
    for released in about_to_send(work, task):
        queue(context, work, released)
    if task.kind == RELEASE_REFERRAL and referral.state is ReferralState.PROPOSED:
        withdraw(context, work, referral, WithdrawReason.WITHHELD)
        given_up(context, work, cases.hold(work.session, referral.case_id), referral)

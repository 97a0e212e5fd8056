"""What was to happen at its time fails again and again: a person hears of it, and it goes on being tried.

The task holds ids and the code of what hindered it, nothing else. It is dropped by whoever succeeds, or by whatever
makes the act needless. Nobody hears of it twice on one day, so that ticking it off does not bring it back at once.
"""

from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.referrals.ask_partner import hold
from service.casework.tasks.kinds import ACT_HINDERED
from service.casework.tasks.put_on_desk import new_task, put_on_desk
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind
from service.places import questions
from service.places.lifecycle import QuestionState
from service.places.tables import CapacityQuestion
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState

_UNEXPECTED: Final = "unexpected"


def tell_of_clock(context: Context, deadline_id: UUID, failure: Exception) -> bool:
    """Put on the desk of its case that a clock cannot ring; say whether anybody had to hear of it.

    Args:
        context: the worker's.
        deadline_id: which clock.
        failure: what hinders it.

    Raises:
        ScopeMissing: the caller is not the service itself.
        DeadlineNotFound: there is no such clock.
    """
    context.require(Scope.DEADLINES_FIRE)
    code = _code(failure)
    if code is None:
        return False
    with context.work() as work:
        deadline = deadlines.deadline(work.session, deadline_id)
        case = cases.hold(work.session, deadline.case_id)
        deadlines.hold(work.session, deadline)
        still = deadline.state is DeadlineState.RUNNING
        return still and _tell(context, work, case, code, deadline_id=deadline.id)


def tell_of_silence(context: Context, referral_id: UUID, failure: Exception) -> bool:
    """Put on the desk of its case that nothing follows from a partner's silence; say whether anybody had to hear.

    Args:
        context: the worker's.
        referral_id: about which referral.
        failure: what hinders it.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ReferralNotFound: there is no such referral.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    code = _code(failure)
    if code is None:
        return False
    with context.work() as work:
        referral = referrals.referral(work.session, referral_id)
        hold(work, referral)
        case = cases.hold(work.session, referral.case_id)
        return referral.state in UNANSWERED and _tell(context, work, case, code, referral_id=referral.id)


def tell_of_question(context: Context, question_id: UUID, failure: Exception) -> bool:
    """Put on the desk that asked that nothing follows from silence on its question; say whether anybody had to hear.

    Args:
        context: the worker's.
        question_id: which question for places.
        failure: what hinders it.

    Raises:
        ScopeMissing: the caller is not the service itself.
        QuestionNotFound: there is no such question.
    """
    context.require(Scope.REFERRALS_ESCALATE)
    code = _code(failure)
    if code is None:
        return False
    with context.work() as work:
        asked = questions.question_of(work.session, question_id, None, lock=True)
        return asked.state is QuestionState.OPEN and _tell(context, work, asked, code)


def tell_of_case(context: Context, case_id: UUID, failure: DomainError) -> bool:
    """Put on the desk of a case that nobody can see whether its clocks run; say whether anybody had to hear of it.

    Args:
        context: whoever looks.
        case_id: which case.
        failure: what hinders it, in this case alone.

    Raises:
        ScopeMissing: the caller may not look whether clocks are there.
    """
    context.require(Scope.DEADLINES_RECONCILE)
    with context.work() as work:
        case = cases.hold(work.session, case_id)
        told = [one for one in tasks.tasks_of(work.session, [case.id]) if one.state is not TaskState.OBSOLETE]
        # A key that is gone stays gone: whoever was told need not hear of it every day.
        about = (ACT_HINDERED, failure.code, None, None)
        heard = any((one.kind, one.rule, one.referral_id, one.deadline_id) == about for one in told)
        return cases.is_open(case) and not heard and _tell(context, work, case, failure.code)


def _code(failure: Exception) -> str | None:
    """Give the code of what hinders an act; None for what hinders the whole machine, which its operator sees."""
    if not isinstance(failure, DomainError):
        return _UNEXPECTED
    return None if failure.kind is Kind.UNAVAILABLE else failure.code


def _tell(
    context: Context,
    work: UnitOfWork,
    home: Case | CapacityQuestion,
    code: str,
    *,
    referral_id: UUID | None = None,
    deadline_id: UUID | None = None,
) -> bool:
    """Put it on the desk, unless it lies there or somebody has heard of it today."""
    session, today = work.session, context.today()
    known = tasks.tasks_of(session, [home.id]) if isinstance(home, Case) else tasks.tasks_on_question(session, home.id)
    about = [one for one in known if (one.referral_id, one.deadline_id) == (referral_id, deadline_id)]
    told = [one for one in about if one.kind == ACT_HINDERED]
    if any(tasks.is_open(one) or local_day(one.opened_at) == today for one in told):
        return False
    ask, by = (ACT_HINDERED, code), (home.org, today)
    put_on_desk(context, work, [new_task(context, home, ask, by, referral_id=referral_id, deadline_id=deadline_id)])
    return True

"""After a silence somebody must take what was asked; else the regional coordinator hears of it, and then CoMensha."""

from typing import Final

from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.end_clocks import cancel_clocks, forget_fired, meet_clock, stop_clock
from service.casework.deadlines.plan_clocks import Plan, plan_clock
from service.casework.referrals.asks import Chain, chain_of
from service.casework.tasks.end_tasks import drop_because
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import ESCALATION, REFERRAL_TAKEN
from service.kernel.clock import local_day
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralState
from service.referrals.tables import Referral
from service.routing.facts.terms import Term

_UNDER_WAY: Final = UNANSWERED | {ReferralState.PROPOSED, ReferralState.EXPIRED}


def watch(context: Context, work: UnitOfWork, case: Case, silent: Referral) -> None:
    """Let a clock run after the first silence in a matter; another silence gives nobody more time.

    Args:
        context: the worker's.
        work: the unit of work of the act; it holds the case's row.
        case: the referral's.
        silent: what was not answered.
    """
    name = (REFERRAL_TAKEN, str(_chain(work, silent).first.id))
    known = deadlines.clocks(work.session, case.id).get(name)
    if silent.answer_term is None or (known is not None and deadlines.is_unmet(known)):
        return
    now = context.clock.now()
    # As long again as the silent one had: what is urgent stays so.
    term = Term.parse(silent.answer_term)
    plan_clock(
        context, work, case, Plan(REFERRAL_TAKEN, "DL-12", term.due(local_day(now), now), name[1], term=str(term))
    )


def taken(context: Context, work: UnitOfWork, case: Case, chain: Chain) -> None:
    """Note that somebody has taken what a partner may have been silent about.

    Args:
        context: who has.
        work: the unit of work of the act; it holds the case's row.
        case: the referral's.
        chain: what was asked in the matter.
    """
    name = (REFERRAL_TAKEN, str(chain.first.id))
    if meet_clock(context, work, case, name, context.today()):
        clock = deadlines.clocks(work.session, case.id)[name]
        stop_clock(context, work, case, (ESCALATION, str(clock.id)))
        drop_because(context, work, case.id, {clock.id})


def given_up(context: Context, work: UnitOfWork, case: Case, referral: Referral) -> None:
    """Stop the clock when nobody is asked any more, because what was asked was taken back.

    Nobody is busy any longer with the silence either, nor hears of it.

    Args:
        context: who took it back, or caused that.
        work: the unit of work of the act; it holds the case's row.
        case: the referral's.
        referral: what was taken back just now.
    """
    chain = _chain(work, referral)
    if not any(one.state in _UNDER_WAY for one in chain.referrals):
        named = (REFERRAL_TAKEN, str(chain.first.id))
        clock = deadlines.clocks(work.session, case.id).get(named)
        if clock is not None and deadlines.is_unmet(clock):
            cancel_clocks(context, work, case, [clock])
            forget_fired(context, work, case, {clock.id})


def _chain(work: UnitOfWork, referral: Referral) -> Chain:
    return chain_of(referral, referrals.referrals_of(work.session, referral.case_id))

"""The rules ask something no longer: what nobody has taken is taken back, a person decides about what somebody has.

What is told about a person stands on a reason. When consent is what is missing now, it is read no longer, whoever has
taken it, and whoever may have read it is told so and says what became of it. So it is with each fact that somebody has
read, whether consent ended or what is known now lets that recipient have it no longer.
"""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.referrals.ask_partner import tell, withdraw
from service.casework.referrals.asks import Ask, Chain, asked_by
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.referrals.recall import let_stand, lift, recall, recall_facts
from service.casework.referrals.watch_silence import given_up
from service.casework.referrals.what_is_read import as_consent_stands, consent_changed, what_is_read
from service.casework.referrals.who_holds_what import Held, held
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import ABOUT_ANSWERS, RECONSIDER_REFERRAL
from service.casework.tasks.open_about import open_about
from service.database.unit_of_work import UnitOfWork
from service.dispatch.envelope import MessageKind
from service.referrals import store as referrals
from service.referrals.lifecycle import READABLE, TAKEN, UNANSWERED, ReferralState, WithdrawReason
from service.referrals.tables import Referral
from service.routing.facts.answers import Answers

_UNHEARD: Final = frozenset({ReferralState.PROPOSED, ReferralState.QUEUED, ReferralState.EXPIRED})


def keep_asking(context: Context, work: UnitOfWork, standing: Iterable[Chain]) -> None:
    """Let partners read on what the rules ask again, and clear the desk of the question whether they should.

    Of what is asked still, some facts may have lost their ground: whoever has read them is told so.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        standing: what was asked before and is asked still.
    """
    asked_still = [one for chain in standing for one in chain.referrals]
    holders = _holders(work, asked_still)
    for referral in asked_still:
        may_read_again = referral.consent_gone
        if may_read_again:
            _let_read(context, work, referral, may_read=True)
            lift(context, work, referral)
        may_read_again |= _look_at_each_fact(context, work, referral, holders)
        if may_read_again and referral.state in READABLE:
            tell(context, work, referral, MessageKind.REFERRAL_SENT)
        drop_about(context, work, referral, {RECONSIDER_REFERRAL})


def stop_asking(context: Context, work: UnitOfWork, no_longer: Iterable[Chain], answers: Answers) -> None:
    """Take back what nobody has taken, stop the reading of what lost its consent, and ask a person about the rest.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        no_longer: what was asked before and is asked no longer.
        answers: the facts that count now.
    """
    over = list(no_longer)
    holders = _holders(work, [one for chain in over for one in chain.referrals])
    for chain in over:
        for referral in chain.referrals:
            _stop_asking(context, work, referral, answers, holders)
        given_up(context, work, cases.hold(work.session, chain.first.case_id), chain.first)


def recall_without_asking(context: Context, work: UnitOfWork, case_id: UUID, answers: Answers) -> None:
    """Recall what lost its consent in a closed case, in which nobody is asked anything, and nobody has to reconsider.

    Args:
        context: who took consent back.
        work: the unit of work that keeps the decision; it holds the case's row.
        case_id: which case.
        answers: the facts that count now.
    """
    found = referrals.referrals_of(work.session, case_id, lock=True)
    holders = _holders(work, found)
    for referral in found:
        if _lost_its_consent(context, work, referral, answers):
            if referral.state is ReferralState.EXPIRED:
                withdraw(context, work, referral, WithdrawReason.CONSENT_GONE)
            elif referral.state in TAKEN and not referral.consent_gone:
                _let_read(context, work, referral, may_read=False)
            recall(context, work, referral)
        elif not referral.consent_gone:
            _look_at_each_fact(context, work, referral, holders)


def _stop_asking(
    context: Context, work: UnitOfWork, referral: Referral, answers: Answers, holders: Mapping[UUID, Held]
) -> None:
    lost_consent = _lost_its_consent(context, work, referral, answers)
    if referral.state in _UNHEARD:
        withdraw(context, work, referral, WithdrawReason.NOT_ASKED)
    elif referral.content in ABOUT_A_PERSON and referral.state in UNANSWERED | TAKEN:
        _stop(context, work, referral, lost_consent=lost_consent)
    else:
        # Whom else to ask is no longer the question.
        drop_about(context, work, referral, ABOUT_ANSWERS)
    if lost_consent:
        recall(context, work, referral)
    elif not referral.consent_gone:
        _look_at_each_fact(context, work, referral, holders)


def _may_tell(referral: Referral) -> bool:
    """Tell whether a partner may ever have read by a referral what is said of a person."""
    return referral.content in ABOUT_A_PERSON and referral.queued_at is not None


def _holders(work: UnitOfWork, found: Iterable[Referral]) -> Mapping[UUID, Held]:
    """Give what was read by referrals of one case; the trail says it, and is looked through once for all of them."""
    first = next(filter(_may_tell, found), None)
    return {} if first is None else held(work.session, first.case_id)


def _look_at_each_fact(context: Context, work: UnitOfWork, referral: Referral, holders: Mapping[UUID, Held]) -> bool:
    """Tell whoever has read a fact that it lost its ground, and say whether any stands on one again."""
    read = holders.get(referral.id) if _may_tell(referral) else None
    if read is None or not read.fields:
        return False
    lost = frozenset(read.fields - set(what_is_read(context, work, referral).names))
    stands_again = let_stand(context, work, referral, lost)
    recall_facts(context, work, referral, lost)
    return stands_again


def _stop(context: Context, work: UnitOfWork, referral: Referral, *, lost_consent: bool) -> None:
    if lost_consent and referral.state in UNANSWERED:
        withdraw(context, work, referral, WithdrawReason.CONSENT_GONE)
        return
    if lost_consent and not referral.consent_gone:
        _let_read(context, work, referral, may_read=False)
    if lost_consent or referral.state is not ReferralState.COMPLETED:
        case = cases.hold(work.session, referral.case_id)
        open_about(context, work, case, referral, RECONSIDER_REFERRAL)


def _lost_its_consent(context: Context, work: UnitOfWork, referral: Referral, answers: Answers) -> bool:
    """Tell whether the rules would not have asked this, had the person said then what the person says now."""
    if not _may_tell(referral):
        return False
    if referral.state not in UNANSWERED | TAKEN and not consent_changed(work, referral, answers.given):
        return False
    decided = as_consent_stands(context, work, referral, answers.given)
    return decided is None or Ask.of(referral) not in asked_by(decided)


def _let_read(context: Context, work: UnitOfWork, referral: Referral, *, may_read: bool) -> None:
    before = referral.version
    referrals.let_read(work.session, referral, may_read=may_read)
    event = Event.REFERRAL_READING_RESUMED if may_read else Event.REFERRAL_READING_STOPPED
    touched = (Touched("referral", str(referral.id), before, referral.version, ("consent_gone",)),)
    context.record(work, Act(event, Action.UPDATE, str(referral.case_id), touched))

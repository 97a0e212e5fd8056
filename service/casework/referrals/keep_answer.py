"""What follows from a partner's answer, whether its system gave it or a coordinator heard it on the telephone."""

from collections.abc import Mapping
from typing import Final

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import ReopenReason
from service.casework.closed.reopen import reopen
from service.casework.commands.referrals import AnswerReferral
from service.casework.context import Context
from service.casework.referrals.ask_next import ask_next
from service.casework.referrals.ask_partner import arrived, withdraw
from service.casework.referrals.asks import chain_of
from service.casework.referrals.contents import ASKS_FOR_AN_ANSWER
from service.casework.referrals.watch_silence import taken
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import (
    ABOUT_ANSWERS,
    ACT_HINDERED,
    LOOK_INTO_DECLINE,
    PERSON_DECLINED,
    RECONSIDER_REFERRAL,
    SILENT_PARTNER,
)
from service.casework.tasks.open_about import open_about
from service.casework.views.referrals import AnswerView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.referrals import store as referrals
from service.referrals.lifecycle import (
    CONSEQUENCES,
    UNANSWERED,
    Answer,
    Consequence,
    ReferralEvent,
    ReferralState,
    WithdrawReason,
)
from service.referrals.tables import Referral, ReferralAnswer

_MEANS: Final[Mapping[Answer, tuple[ReferralEvent, Event]]] = {
    Answer.ACKNOWLEDGE: (ReferralEvent.ACKNOWLEDGE, Event.REFERRAL_ACKNOWLEDGED),
    Answer.ACCEPT: (ReferralEvent.ACCEPT, Event.REFERRAL_ACCEPTED),
    Answer.START: (ReferralEvent.START, Event.REFERRAL_STARTED),
    Answer.COMPLETE: (ReferralEvent.COMPLETE, Event.REFERRAL_COMPLETED),
    Answer.DECLINE: (ReferralEvent.DECLINE, Event.REFERRAL_DECLINED),
}
_NO_LONGER_ASKED: Final = frozenset({ReferralState.WITHDRAWN, ReferralState.EXPIRED})
_UNDER_WAY: Final = frozenset({ReferralState.ACCEPTED, ReferralState.IN_PROGRESS})
_ON_A_DESK: Final[Mapping[Consequence, str]] = {
    Consequence.LOOK_INTO_IT: LOOK_INTO_DECLINE,
    Consequence.TALK_TO_THE_PERSON: PERSON_DECLINED,
}
_OPEN: Final = UNANSWERED | {ReferralState.PROPOSED, ReferralState.EXPIRED}


class ReasonMisplaced(DomainError):
    """Declining needs a reason, and nothing else has one."""

    kind = Kind.INVALID
    code = "reason-misplaced"
    title = "A declined referral needs a reason, and no other answer has one"


def check_reason(said: AnswerReferral) -> None:
    """Stop an answer whose reason is missing or has nothing to explain.

    Raises:
        ReasonMisplaced: it is.
    """
    if (said.answer is Answer.DECLINE) is (said.reason is None):
        raise ReasonMisplaced(problems=(Problem("/reason", "reason-misplaced", ReasonMisplaced.title),))


def keep_answer(
    context: Context, work: UnitOfWork, referral: Referral, said: AnswerReferral, *, by_hand: bool = False
) -> AnswerView:
    """Keep an answer and do what follows from it; an answer that was given before changes nothing.

    Args:
        context: who answers, or writes down what was answered.
        work: the unit of work of the act; it holds the case and the referral.
        referral: what is answered.
        said: the answer.
        by_hand: whether somebody else writes it down for the partner.

    Raises:
        IllegalTransition: the referral is past this answer.
    """
    given = referrals.answer_given(work.session, referral.id, said.answer)
    if given is not None and given.reason == said.reason and referral.state not in _NO_LONGER_ASKED:
        known = (Touched("referral", str(referral.id), referral.version, referral.version),)
        context.record(work, Act(Event.REFERRAL_ANSWER_REPEATED, Action.READ, str(referral.case_id), known))
        return _view(referral, repeated=True)
    happens, event = _MEANS[said.answer]
    before, was = referral.version, referral.state
    referrals.move(work.session, referral, happens, said.reason)
    answer = ReferralAnswer(
        id=new_id(),
        referral_id=referral.id,
        answer=said.answer,
        reason=said.reason,
        given_by=context.caller.subject,
        given_at=context.clock.now(),
        by_hand=by_hand,
    )
    referrals.keep_answer(work.session, answer)
    moved = Touched("referral", str(referral.id), before, referral.version, ("state",))
    touched = (moved, Touched("answer", str(answer.id), None, 1))
    context.record(work, Act(event, Action.UPDATE, str(referral.case_id), touched))
    arrived(context, work, referral)
    if said.answer is Answer.ACCEPT:
        _need_nobody_else(context, work, referral)
        _work_on_with(context, work, referral)
    if said.answer is Answer.DECLINE:
        _look_elsewhere(context, work, referral, in_time=was in UNANSWERED)
    return _view(referral, repeated=False)


def _need_nobody_else(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Take back what others were asked in the same matter, and clear the desk of it.

    Whoever had taken it before hands over now: the one that was asked in its place has said yes.
    """
    chain = chain_of(referral, referrals.referrals_of(work.session, referral.case_id))
    for one in chain.referrals:
        if one.id != referral.id and one.state in _OPEN | _UNDER_WAY:
            withdraw(context, work, one, WithdrawReason.TAKEN_ELSEWHERE)
        drop_about(context, work, one, ABOUT_ANSWERS)
    taken(context, work, cases.hold(work.session, referral.case_id), chain)


def _work_on_with(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Reopen the case in which nobody waited for a yes any more, and have a person decide what becomes of it.

    Its clocks start again when the service looks which are missing, or as soon as anything is decided anew.
    """
    case = cases.hold(work.session, referral.case_id)
    if referral.content in ASKS_FOR_AN_ANSWER and not cases.is_open(case):
        reopen(context, work, case, ReopenReason.LATE_YES)
        open_about(context, work, case, referral, RECONSIDER_REFERRAL)


def _look_elsewhere(context: Context, work: UnitOfWork, referral: Referral, *, in_time: bool) -> None:
    """Ask the next partner, or let a person look where another would say the same; after silence that was done."""
    drop_about(context, work, referral, {SILENT_PARTNER, ACT_HINDERED})
    case = cases.hold(work.session, referral.case_id)
    if referral.decline_reason is None or not cases.is_open(case):
        return
    consequence = CONSEQUENCES[referral.decline_reason]
    if consequence in _ON_A_DESK:
        open_about(context, work, case, referral, _ON_A_DESK[consequence])
    elif in_time:
        ask_next(context, work, referral)


def _view(referral: Referral, *, repeated: bool) -> AnswerView:
    return AnswerView(id=referral.id, state=referral.state, decline_reason=referral.decline_reason, repeated=repeated)

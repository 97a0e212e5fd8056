"""Who is asked because of a decision: each notification becomes a referral, sent at once or after a person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision
from service.casework.context import Context
from service.casework.referrals.ask_partner import AUTOMATIC, propose, queue
from service.casework.referrals.asks import Ask, Chain, asked_by_kept, chains
from service.casework.referrals.choose_partner import whom_to_ask
from service.casework.referrals.contents import ASKS_FOR_AN_ANSWER, HEAD_COUNT
from service.casework.referrals.take_back import keep_asking, stop_asking
from service.consent.policy import CONSENT
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.referrals import store as referrals
from service.referrals.lifecycle import BY_A_PERSON, TAKEN, UNANSWERED, DeclineReason, ReferralState
from service.referrals.tables import Referral
from service.routing.decision import Decision, Notification
from service.routing.facts.answers import Answers
from service.signals import store as signals

_VICTIM: Final = "victim"
_ANSWER: Final = "answer_due"
_USUAL_TERM: Final = "referral.answer"


@dataclass(frozen=True)
class _Deciding:
    """A decision about a case, as made and as kept, on the facts that count now."""

    made: CaseDecision
    answers: Answers
    decision: Decision


def open_referrals(
    context: Context,
    work: UnitOfWork,
    made: CaseDecision,
    found: tuple[Answers, Decision],
    former: CaseDecision | None = None,
) -> None:
    """Make a decision's referrals, queue those that the rules send by themselves, and stop what is asked no longer.

    Whoever was asked the same before, because of an earlier decision, is not asked again; what was taken back and is
    asked once more goes to the partner to which it had come. What had ceased is another matter when it begins anew, as
    when a child is missing once more: a person lets whoever was asked then be asked about it too.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision; it holds the case's row.
        made: the decision as kept.
        found: the facts that were decided on, and the decision as made.
        former: the decision that counted until then.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    answers, decision = found
    able = whom_to_ask(context, work.session, answers, decision.as_json())
    known = chains(referrals.referrals_of(work.session, made.case_id, lock=True))
    now = _Deciding(made, answers, decision)
    counted = any(one.content == HEAD_COUNT for one in decision.notifications)
    told_as_a_group = counted and signals.is_of_a_group(work.session, made.case_id)
    begin_anew = _begin_anew(work, now, former)
    standing: list[Chain] = []
    for notification in decision.notifications:
        if notification.to == _VICTIM or (notification.content == HEAD_COUNT and told_as_a_group):
            # What the person is told is handed over by the coordinator; no message leaves for it. How many people are
            # found was told once, by the group.
            continue
        candidates = [listing.id for listing in able(notification.to)]
        begun = _standing(known, notification, candidates)
        standing += begun
        if not begun or (Ask.by(notification) in begin_anew and _has_been(begun[-1])):
            _ask(context, work, now, notification, candidates[0])
        elif _came_to_nothing(begun[-1], made):
            _ask_again(context, work, now, notification, begun[-1])
    keep_asking(context, work, standing)
    stop_asking(context, work, [chain for chain in known if chain not in standing], answers)


def _standing(known: Iterable[Chain], notification: Notification, candidates: list[str]) -> list[Chain]:
    """Give what was asked before and is asked still; the fallback stands in only where there is nobody else.

    What the person has said no to stands, whoever would be asked now: somebody talks to the person first.
    """
    ask = Ask.by(notification)
    first_choices = candidates[:-1] or candidates
    return [
        chain
        for chain in known
        if chain.answers(ask, first_choices) or (Ask.of(chain.newest) == ask and _person_said_no(chain))
    ]


def _begin_anew(work: UnitOfWork, now: _Deciding, former: CaseDecision | None) -> Collection[Ask]:
    """Give what is asked now and was not asked until now; nothing where consent alone may have made the difference.

    Nor what goes by itself: whoever got that because of the person has it.
    """
    if former is None:
        return ()
    known = cases.told(work.vault, cases.facts(work.session, former.case_id, former.facts_version))
    if known.get(CONSENT) != now.answers.given.get(CONSENT):
        return ()
    asked = {Ask.by(one) for one in now.decision.notifications if one.dispatch != AUTOMATIC}
    return asked - asked_by_kept(decisions.content(work.vault, former))


def _has_been(chain: Chain) -> bool:
    """Tell whether a partner has had an ask before it ceased, and may still read what it was told."""
    newest = chain.newest
    had = newest.state in UNANSWERED | TAKEN or newest.state is ReferralState.DECLINED
    return had and not newest.consent_gone and not _person_said_no(chain)


def _person_said_no(chain: Chain) -> bool:
    return chain.newest.decline_reason is DeclineReason.PERSON_DECLINED


def _came_to_nothing(chain: Chain, made: CaseDecision) -> bool:
    """Tell whether the ask must be put again: it was taken back, or more is known than a partner had to decide on."""
    if chain.is_taken:
        return False
    newest = chain.newest
    too_little = newest.decline_reason is DeclineReason.NOT_ENOUGH_KNOWN and newest.facts_version < made.facts_version
    return newest.state is ReferralState.WITHDRAWN or too_little


def _ask(context: Context, work: UnitOfWork, now: _Deciding, notification: Notification, partner_id: str) -> None:
    referral = propose(context, work, _referral(context, work, now, notification, partner_id), now.made.rule_set)
    if notification.dispatch == AUTOMATIC:
        queue(context, work, referral)


def _ask_again(context: Context, work: UnitOfWork, now: _Deciding, notification: Notification, chain: Chain) -> None:
    new = _referral(context, work, now, notification, chain.newest.partner_id)
    new.instead_of = chain.newest.id
    referral = propose(context, work, new, now.made.rule_set)
    # What a person took back, and what a partner knew too little of, waits for a person whatever the rules send.
    taken_back = any(one.withdraw_reason in BY_A_PERSON for one in chain.referrals)
    needs_a_person = taken_back or chain.newest.state is ReferralState.DECLINED
    if notification.dispatch == AUTOMATIC and not needs_a_person:
        queue(context, work, referral)


def _referral(
    context: Context, work: UnitOfWork, now: _Deciding, notification: Notification, partner_id: str
) -> Referral:
    made, referral_id = now.made, new_id()
    names = context.rules().disclosure.names(notification.to, notification.content, notification.rule)
    return Referral(
        id=referral_id,
        case_id=made.case_id,
        decision_id=made.id,
        facts_version=made.facts_version,
        partner_id=partner_id,
        asked_as=notification.to,
        content=notification.content,
        disclosed=referrals.sealed_names(work.vault, made.case_id, referral_id, names),
        rule=notification.rule,
        sources=now.decision.sources(notification.rule),
        due=notification.due,
        due_at=notification.due_at,
        made_at=context.clock.now(),
        state=ReferralState.PROPOSED,
        dispatch=notification.dispatch,
        answer_term=_answer_term(context, now.decision, notification.content),
    )


def _answer_term(context: Context, decision: Decision, content: str) -> str | None:
    """Give the term that the decision itself names for an answer; what is only counted needs none."""
    if content not in ASKS_FOR_AN_ANSWER:
        return None
    term = context.rules().parameters.term(decision.term_of(_ANSWER) or _USUAL_TERM, decision.on)
    return None if term is None else str(term)

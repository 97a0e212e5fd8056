"""Nobody falls between two stools: when a partner cannot or does not help, the next one is asked, or a person knows."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.cases import decisions
from service.cases import store as cases
from service.casework.context import Context
from service.casework.referrals.ask_partner import AUTOMATIC, propose_instead, queue
from service.casework.referrals.asks import Ask, asked_by_kept
from service.casework.referrals.choose_partner import whom_to_ask
from service.casework.referrals.contents import ABOUT_A_PERSON
from service.casework.tasks.kinds import NOBODY_ACCEPTS, RELEASE_REFERRAL
from service.casework.tasks.open_about import open_about
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.vault import KeyDestroyed
from service.database.unit_of_work import UnitOfWork
from service.partners.directory import FALLBACK, Listing
from service.referrals import store as referrals
from service.referrals.lifecycle import BY_A_PERSON, CONSEQUENCES, Consequence, WithdrawReason
from service.referrals.tables import Referral
from service.routing.facts.answers import AnswersRefused, answers_from

_Decided = Mapping[str, Any]
_HELD_BACK = BY_A_PERSON | {WithdrawReason.WITHHELD}
_NEVER_TOLD = frozenset({WithdrawReason.SUPERSEDED})


def ask_next(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Ask the next partner what one partner declined or left unanswered, or put it on a desk when nobody is left.

    Nobody is asked twice. What the rules send by themselves is sent; anything else waits for a person. When the rules
    have stopped asking it of anybody, nobody is asked.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what came to nothing.
    """
    live = decisions.live_decision(work.session, referral.case_id)
    case = cases.hold(work.session, referral.case_id)
    try:
        decided = decisions.content(work.vault, live)
        if Ask.of(referral) not in asked_by_kept(decided):
            return
        told = cases.told(work.vault, cases.facts(work.session, case.id, live.facts_version))
        answers = answers_from(told, context.rules().vocabulary)
        candidates = whom_to_ask(context, work.session, answers, decided)(referral.asked_as)
    except (AnswersRefused, KeyDestroyed, NotSealedHere):
        # Nothing can be read that would tell whom to ask: a person finds somebody.
        open_about(context, work, case, referral, NOBODY_ACCEPTS)
        return
    made = referrals.referrals_of(work.session, case.id)
    candidates = _eligible(context, work, referral, candidates, made)
    following = _first_not_asked(referral, candidates, made, decided)
    if following is None:
        open_about(context, work, case, referral, NOBODY_ACCEPTS)
        return
    instead = propose_instead(context, work, referral, following.id, live.id)
    if instead.dispatch == AUTOMATIC:
        queue(context, work, instead)
    else:
        open_about(context, work, case, instead, RELEASE_REFERRAL)


def _eligible(
    context: Context, work: UnitOfWork, referral: Referral, candidates: Iterable[Listing], made: Iterable[Referral]
) -> tuple[Listing, ...]:
    """Pass over whoever helps the same people as one that found the person not eligible; the fallback helps anybody."""
    ask = Ask.of(referral)
    found = {
        one.partner_id
        for one in made
        if Ask.of(one) == ask
        and one.decline_reason is not None
        and CONSEQUENCES[one.decline_reason] is Consequence.ASK_ANOTHER_GROUP
    }
    groups = {one.target_groups for one in context.directory(work.session) if one.id in found}
    return tuple(one for one in candidates if one.kind == FALLBACK or one.target_groups not in groups)


def _first_not_asked(
    referral: Referral, candidates: Iterable[Listing], made: list[Referral], decided: _Decided
) -> Listing | None:
    ask = Ask.of(referral)
    asked = {one.partner_id for one in made if Ask.of(one) == ask and one.withdraw_reason not in _NEVER_TOLD}
    for candidate in candidates:
        if candidate.id not in asked and _may_know(candidate, referral, made, decided):
            return candidate
    return None


def _may_know(candidate: Listing, referral: Referral, made: Iterable[Referral], decided: _Decided) -> bool:
    """Tell whether a partner may be told what the rules mean for another kind of partner.

    The fallback steps in for everybody, but learns of a person only where the rules tell it of this person anyway, and
    no coordinator has held that back.
    """
    if candidate.kind == referral.asked_as or candidate.kind != FALLBACK or referral.content not in ABOUT_A_PERSON:
        return True
    told = any(one.asked_as == FALLBACK and one.content in ABOUT_A_PERSON for one in asked_by_kept(decided))
    held_back = any(
        one.asked_as == FALLBACK and one.content in ABOUT_A_PERSON and one.withdraw_reason in _HELD_BACK for one in made
    )
    return told and not held_back

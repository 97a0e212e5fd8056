"""A person is placed elsewhere: the care coordinator there takes over, and the former one stays until that is said."""

from typing import ClassVar, Final

from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.places.proposed_place import Decided
from service.casework.referrals.ask_partner import AUTOMATIC, propose_instead, queue, withdraw
from service.casework.referrals.asks import Ask, asked_by_kept, chains
from service.casework.referrals.choose_partner import whom_to_ask
from service.casework.tasks.kinds import RELEASE_REFERRAL
from service.casework.tasks.open_about import open_about
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.partners.directory import CARE_COORDINATOR
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralState, WithdrawReason
from service.routing.facts.answers import answers_from
from service.routing.facts.places import Standing

_NOBODY_ANSWERED: Final = UNANSWERED | {ReferralState.PROPOSED, ReferralState.EXPIRED}
_OVER: Final = frozenset({ReferralState.WITHDRAWN, ReferralState.DECLINED, ReferralState.COMPLETED})


class PlaceOfStayUnknown(DomainError):
    """There is no municipality of this code on the day."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "place-of-stay-unknown"
    title: ClassVar[str] = "There is no municipality of this code on that day"


def take_over(context: Context, work: UnitOfWork, case: Case, decided: Decided, municipality: str) -> None:
    """Ask the care coordinator of the place of stay to take over, unless that one is asked already.

    Whoever has taken the referral stays until the other one says yes; what nobody has answered is taken back. What the
    rules ask no longer, or the person consents to no longer, is asked of nobody.

    Args:
        context: who confirmed the placement.
        work: the unit of work; it holds the case's row.
        case: the placement's.
        decided: what counts for the case.
        municipality: where the person stays, by its code.

    Raises:
        PlaceOfStayUnknown: there is no such municipality.
    """
    told = cases.told(work.vault, cases.facts(work.session, case.id, decided.made.facts_version))
    answers = answers_from(told, context.rules().vocabulary)
    age = answers.given.get("age")
    there = context.rules().places.look_up(municipality, context.today(), age if isinstance(age, int) else None)
    if there.standing not in {Standing.CURRENT, Standing.MERGED}:
        problem = Problem("/municipality", PlaceOfStayUnknown.code, PlaceOfStayUnknown.title)
        raise PlaceOfStayUnknown(problems=(problem,))
    region = {
        "municipality": there.municipality,
        "care_coordinator": there.care_coordinator,
        "fallback": there.fallback,
    }
    following = whom_to_ask(context, work.session, answers, {**decided.content, "region": region})(CARE_COORDINATOR)[0]
    asked = asked_by_kept(decided.content)
    for chain in chains(referrals.referrals_of(work.session, case.id, lock=True)):
        former = chain.newest
        if former.consent_gone or Ask.of(former) not in asked:
            # What the person has refused since, a move to another region does not tell anybody anew.
            continue
        asked_already = following.id in {one.partner_id for one in chain.referrals if one.state not in _OVER}
        if former.asked_as != CARE_COORDINATOR or former.state in _OVER or asked_already:
            continue
        instead = propose_instead(context, work, former, following.id, decided.made.id)
        if former.state in _NOBODY_ANSWERED:
            withdraw(context, work, former, WithdrawReason.PERSON_DECIDED)
        if instead.dispatch == AUTOMATIC:
            queue(context, work, instead)
        else:
            open_about(context, work, case, instead, RELEASE_REFERRAL)

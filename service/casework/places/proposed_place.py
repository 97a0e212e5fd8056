"""What is proposed for a person, by the rules or by whoever decided otherwise, and who may place there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from service.cases import decisions
from service.cases import store as cases
from service.cases.lifecycle import DecisionPart
from service.cases.tables import Case, CaseDecision
from service.casework.commands.places import KeptPlace
from service.casework.context import Context
from service.casework.places.ask_capacity import works_in
from service.casework.referrals.choose_partner import group_of
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind
from service.partners import store as partners
from service.partners.directory import Group
from service.places.policy import MayNotPlace, Proposed, check_placer
from service.referrals import store as referrals
from service.referrals.lifecycle import TAKEN
from service.routing.facts.answers import answers_from

_INSIDE: Final = "RG-07"


class RegionUnexplained(DomainError):
    """A place outside the region of the investigation is chosen, and nobody says why."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "region-unexplained"
    title: ClassVar[str] = "A place is looked for in the region of the investigation; explain why this one is elsewhere"


@dataclass(frozen=True)
class Decided:
    """The decision of a case that counts.

    Attributes:
        made: the decision as kept.
        content: what the rules say.
        proposed: the shelter, by the rules or by whoever decided otherwise.
    """

    made: CaseDecision
    content: Mapping[str, Any]
    proposed: Proposed


def decided_for(work: UnitOfWork, case: Case) -> Decided:
    """Give what counts for a case now.

    Args:
        work: the unit of work; it holds the case's row.
        case: which case.

    Raises:
        DecisionNotFound: the case has no decision.
        KeysUnavailable: the keys are away.
    """
    made = decisions.live_decision(work.session, case.id)
    content = decisions.content(work.vault, made)
    shelter = {**content["shelter"], **_chosen(work, made)}
    proposed = Proposed(shelter["type"], shelter["placed_by"], shelter["interim"], shelter["next"] is not None)
    return Decided(made, content, proposed)


def check_place(
    context: Context, work: UnitOfWork, decided: Decided, place: KeptPlace, allowed: frozenset[str]
) -> None:
    """Stop a placement by somebody who does not place there, at somebody without shelter, or elsewhere unexplained.

    Whoever places and was asked about the person must have said yes: a coordinator writes down what it decided.

    Args:
        context: who writes it down.
        work: the unit of work; it holds the case's row.
        decided: what counts for the case.
        place: where the place is kept, and who placed.
        allowed: the kinds of organisations of which one may place.

    Raises:
        PartnerNotFound: the directory has no such organisation.
        MayNotPlace: it does not place here, has not said yes, or the other one has no shelter or takes nobody now.
        RegionUnexplained: the place is outside the region of the investigation, and nobody says why.
    """
    by, at = partners.listing(work.session, place.placed_by), partners.listing(work.session, place.partner_id)
    asked = [
        one for one in referrals.referrals_of(work.session, decided.made.case_id) if one.partner_id == place.placed_by
    ]
    agreed = by.id == context.caller.org or not asked or any(one.state in TAKEN for one in asked)
    check_placer(by.kind, allowed, agreed=agreed)
    if not at.services or not at.is_asked(context.today()):
        raise MayNotPlace
    region = decided.content["region"]
    inside = _INSIDE in region["rules"] and region["police_unit"] is not None
    if inside and place.explanation is None and not works_in(context, at, region["police_unit"]):
        raise RegionUnexplained


def known_of_person(context: Context, work: UnitOfWork, case: Case, decided: Decided) -> Group:
    """Give what is known of the person by which it is seen for whom places are.

    Args:
        context: whose rules count.
        work: the unit of work, which opens the facts.
        case: the person's.
        decided: what counts for the case.
    """
    told = cases.told(work.vault, cases.facts(work.session, case.id, decided.made.facts_version))
    return group_of(answers_from(told, context.rules().vocabulary), decided.content["tracks"])


def _chosen(work: UnitOfWork, made: CaseDecision) -> dict[str, Any]:
    """Give what somebody chose in place of the proposed shelter, if anybody did."""
    kept = [
        one
        for one in decisions.overrides_of(work.session, made.case_id)
        if one.decision_id == made.id and one.part is DecisionPart.SHELTER
    ]
    if not kept:
        return {}
    chosen = decisions.chosen(work.vault, kept[-1])
    return {name: said for name, said in chosen.items() if said is not None} | {"next": None}

"""A person decides otherwise than the rules propose: one part of a decision, with a reason that is kept sealed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.lifecycle import DecisionEvent, DecisionPart
from service.cases.tables import Case, CaseDecision, DecisionOverride
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.cases import ChosenRegion, ChosenShelter, OverrideDecision
from service.casework.context import Context
from service.casework.referrals.as_previewed import require_as_previewed
from service.casework.referrals.ask_partner import propose_instead, queue, withdraw
from service.casework.referrals.asks import chains
from service.casework.referrals.watch_silence import given_up
from service.casework.views.cases import ConfirmationView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.partners import store as partners
from service.partners.directory import CARE_COORDINATOR
from service.referrals import store as referrals
from service.referrals.lifecycle import UNANSWERED, ReferralState, WithdrawReason
from service.referrals.tables import Referral
from service.routing.rule_set import RuleSet

_SHELTER = "shelter"


class OverrideMisplaced(DomainError):
    """An override names one part, and chooses what exists."""

    kind = Kind.INVALID
    code = "override-misplaced"
    title = "An override changes one part of a decision, and chooses something that exists"


def override_decision(
    context: Context, case_id: UUID, decision_id: UUID, command: OverrideDecision
) -> ConfirmationView:
    """Put something else in the place of one part of a decision; the rest is released as if it were confirmed.

    Args:
        context: who decides.
        case_id: the case, which the caller's organisation must have opened.
        decision_id: a decision of that case.
        command: the part, what is chosen, and why.

    Raises:
        ScopeMissing: the caller may not decide otherwise.
        OverrideMisplaced: not exactly one part is named, or what is chosen does not exist.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        DecisionNotFound: the case has no such decision.
        IllegalTransition: a newer decision has taken its place.
        ContentDiffers: of what waited already, something else would be sent than was seen.
    """
    context.require(Scope.DECISIONS_OVERRIDE)
    part, chosen = _chosen(command, context.rules())
    asked = (Touched("case", str(case_id)), Touched("decision", str(decision_id)))
    with context.refusals_kept(Event.DECISION_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        decision = decisions.decision_of(work.session, case.id, decision_id)
        decisions.move(work.session, decision, DecisionEvent.OVERRIDE)
        _keep(context, work, case, decision, (part, chosen, command.reason))
        waiting = referrals.proposed_by(work.session, decision.id)
        released = _changed(context, work, decision, command, waiting)
        # Whom the override itself chooses nobody could have seen a preview for.
        stood = {one.id for one in waiting}
        as_waited = [one for one in released if one.id in stood]
        require_as_previewed(context, work, tried, as_waited, command.previews)
        queued = tuple(queue(context, work, referral) for referral in released)
        return ConfirmationView(case_id=case.id, decision_id=decision.id, state=decision.state, queued=queued)


def _chosen(command: OverrideDecision, rules: RuleSet) -> tuple[DecisionPart, dict[str, Any]]:
    named = [command.shelter, command.region, command.withhold]
    if sum(one is not None for one in named) != 1:
        raise OverrideMisplaced
    if command.shelter is not None:
        _check_shelter(command.shelter, rules)
        return DecisionPart.SHELTER, command.shelter.model_dump(mode="json")
    if command.region is not None:
        return DecisionPart.REGION, command.region.model_dump(mode="json")
    return DecisionPart.NOTIFICATIONS, {"withheld": [str(one) for one in command.withhold or ()]}


def _check_shelter(chosen: ChosenShelter, rules: RuleSet) -> None:
    outputs = rules.tables[_SHELTER].table.outputs
    for name, value in (("type", chosen.type), ("placed_by", chosen.placed_by)):
        if value is not None and value not in outputs[name].values:
            raise OverrideMisplaced(problems=(_problem(f"/shelter/{name}"),))


def _keep(
    context: Context, work: UnitOfWork, case: Case, decision: CaseDecision, choice: tuple[DecisionPart, Any, str]
) -> None:
    part, chosen, reason = choice
    kept_as = new_id()
    kept = DecisionOverride(
        id=kept_as,
        case_id=case.id,
        decision_id=decision.id,
        part=part,
        chosen=decisions.sealed_choice(work.vault, case.id, kept_as, chosen),
        reason=decisions.sealed_reason(work.vault, case.id, kept_as, reason),
        chosen_by=context.caller.subject,
        chosen_at=context.clock.now(),
    )
    cases.add(work.session, kept)
    before = case.version
    cases.touch(work.session, case)
    touched = (
        Touched("decision", str(decision.id), decision.version - 1, decision.version, (part.value,)),
        Touched("case", str(case.id), before, case.version),
        Touched("override", str(kept.id), None, 1),
    )
    commitment, policy = work.vault.commitment(case.id, {"chosen": chosen, "reason": reason}), decision.rule_set
    act = Act(Event.DECISION_OVERRIDDEN, Action.UPDATE, str(case.id), touched, policy=policy, commitment=commitment)
    context.record(work, act)


def _changed(
    context: Context, work: UnitOfWork, decision: CaseDecision, command: OverrideDecision, waiting: list[Referral]
) -> list[Referral]:
    if command.withhold is not None:
        return _without(context, work, waiting, command.withhold)
    if command.region is not None:
        return _to_another_coordinator(context, work, decision, command.region, waiting)
    return waiting


def _without(context: Context, work: UnitOfWork, waiting: list[Referral], withheld: Iterable[UUID]) -> list[Referral]:
    unwanted = set(withheld)
    if unwanted - {one.id for one in waiting}:
        raise OverrideMisplaced(problems=(_problem("/withhold"),))
    for referral in waiting:
        if referral.id in unwanted:
            withdraw(context, work, referral, WithdrawReason.WITHHELD)
            given_up(context, work, cases.hold(work.session, referral.case_id), referral)
    return [one for one in waiting if one.id not in unwanted]


def _to_another_coordinator(
    context: Context, work: UnitOfWork, decision: CaseDecision, chosen: ChosenRegion, waiting: list[Referral]
) -> list[Referral]:
    coordinators = {one.id for one in partners.directory(work.session) if one.kind == CARE_COORDINATOR}
    if chosen.care_coordinator not in coordinators:
        raise OverrideMisplaced(problems=(_problem("/region/care_coordinator"),))
    asked = [
        chain.newest
        for chain in chains(referrals.referrals_of(work.session, decision.case_id, lock=True))
        if chain.newest.decision_id == decision.id
        and chain.newest.asked_as == CARE_COORDINATOR
        and chain.newest.partner_id != chosen.care_coordinator
    ]
    instead = [propose_instead(context, work, one, chosen.care_coordinator, decision.id) for one in asked]
    for referral in asked:
        # Whoever has taken it stays until the other one takes over; nobody else is asked by two decisions at once.
        if referral.state in UNANSWERED | {ReferralState.PROPOSED, ReferralState.EXPIRED}:
            withdraw(context, work, referral, WithdrawReason.PERSON_DECIDED)
    no_more = {one.id for one in asked}
    return [*(one for one in waiting if one.id not in no_more), *instead]


def _problem(pointer: str) -> Problem:
    return Problem(pointer, "not-in-list", "This is not one of the values that can be chosen.")

"""A person decides otherwise: with a reason that nobody reads in the database, and with what follows from it."""

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.decisions import DecisionNotFound
from service.cases.lifecycle import DecisionPart, DecisionState
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.override_decision import OverrideMisplaced, override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts, ChosenRegion, ChosenShelter, OverrideDecision
from service.casework.trail.read_trail import read_trail
from service.casework.views.cases import CaseView
from service.kernel.ids import new_id
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case

REASON = "The perpetrators live around the corner of every place in this region."
ELSEWHERE = ChosenRegion(care_coordinator="coordinator-pmw-humanitas", central_municipality="Rotterdam")
A_WOMENS_SHELTER = OverrideDecision(reason=REASON, shelter=ChosenShelter(type="womens"))


def case_of(service: Service) -> CaseView:
    return read_case(coordinator(service), opened_case(service).case_id)


def test_another_shelter_stands_beside_the_proposal_with_who_and_why(service: Service) -> None:
    case = case_of(service)
    waiting = {line.id for line in case.referrals if line.state is ReferralState.PROPOSED}

    done = override_decision(coordinator(service), case.id, case.decisions[0].id, A_WOMENS_SHELTER)

    decision = read_case(coordinator(service), case.id).decisions[0]
    (override,) = decision.overrides
    assert (done.state, set(done.queued)) == (DecisionState.OVERRIDDEN, waiting)
    assert decision.content.shelter.type == case.decisions[0].content.shelter.type
    assert (override.part, override.reason, override.chosen_by) == (DecisionPart.SHELTER, REASON, "coordinator-1")
    assert override.chosen["type"] == "womens"


def test_another_region_s_care_coordinator_is_asked_and_the_own_one_no_more(service: Service) -> None:
    case = case_of(service)
    command = OverrideDecision(reason=REASON, region=ELSEWHERE)

    override_decision(coordinator(service), case.id, case.decisions[0].id, command)

    asked = [line for line in read_case(coordinator(service), case.id).referrals if line.asked_as == "care_coordinator"]
    assert {line.partner_id for line in asked if line.state is ReferralState.QUEUED} >= {ELSEWHERE.care_coordinator}
    assert not [line for line in asked if line.state is ReferralState.PROPOSED]


def test_what_a_person_withholds_is_never_sent(service: Service) -> None:
    case = case_of(service)
    first, *others = [line.id for line in case.referrals if line.state is ReferralState.PROPOSED]

    command = OverrideDecision(reason=REASON, withhold=(first,))
    done = override_decision(coordinator(service), case.id, case.decisions[0].id, command)

    after = {line.id: line for line in read_case(coordinator(service), case.id).referrals}
    assert (after[first].state, after[first].deliveries) == (ReferralState.WITHDRAWN, ())
    assert set(done.queued) == set(others)


def test_a_confirmed_decision_can_still_be_decided_otherwise(service: Service) -> None:
    case = case_of(service)
    confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    done = override_decision(coordinator(service), case.id, case.decisions[0].id, A_WOMENS_SHELTER)

    assert (done.state, done.queued) == (DecisionState.OVERRIDDEN, ())


def test_a_decision_whose_facts_have_changed_is_no_longer_there_to_override(service: Service) -> None:
    case = case_of(service)
    change_facts(coordinator(service), case.id, frozenset({1}), ChangeFacts(facts={"age": 31}))

    with pytest.raises(IllegalTransition):
        override_decision(coordinator(service), case.id, case.decisions[0].id, A_WOMENS_SHELTER)


@pytest.mark.parametrize(
    ("command", "pointers"),
    [
        (OverrideDecision(reason=REASON), []),
        (OverrideDecision(reason=REASON, shelter=ChosenShelter(type="womens"), region=ELSEWHERE), []),
        (OverrideDecision(reason=REASON, shelter=ChosenShelter(type="castle")), ["/shelter/type"]),
        (
            OverrideDecision(reason=REASON, shelter=ChosenShelter(type="womens", placed_by="the king")),
            ["/shelter/placed_by"],
        ),
        (
            OverrideDecision(reason=REASON, region=ChosenRegion(care_coordinator="comensha")),
            ["/region/care_coordinator"],
        ),
        (OverrideDecision(reason=REASON, withhold=(new_id(),)), ["/withhold"]),
    ],
)
def test_only_what_exists_can_be_chosen_and_a_refusal_leaves_the_decision_as_it_was(
    service: Service, command: OverrideDecision, pointers: list[str]
) -> None:
    case = case_of(service)

    with pytest.raises(OverrideMisplaced) as refused:
        override_decision(coordinator(service), case.id, case.decisions[0].id, command)

    assert [problem.pointer for problem in refused.value.problems] == pointers
    assert read_case(coordinator(service), case.id) == case


def test_a_case_or_decision_of_others_is_not_there(service: Service) -> None:
    one, other = case_of(service), case_of(service)

    with pytest.raises(CaseNotFound):
        override_decision(coordinator(service, OTHER_OFFICE), one.id, one.decisions[0].id, A_WOMENS_SHELTER)
    with pytest.raises(DecisionNotFound):
        override_decision(coordinator(service), other.id, one.decisions[0].id, A_WOMENS_SHELTER)
    with pytest.raises(ScopeMissing):
        override_decision(auditor(service), one.id, one.decisions[0].id, A_WOMENS_SHELTER)


def test_the_trail_tells_the_part_and_never_the_reason(service: Service) -> None:
    case = case_of(service)
    override_decision(coordinator(service), case.id, case.decisions[0].id, A_WOMENS_SHELTER)

    trail = read_trail(coordinator(service), case.id)
    told = [entry for entry in trail.entries if entry.event is Event.DECISION_OVERRIDDEN]
    assert [(entry.outcome, entry.policy) for entry in told] == [(Outcome.SUCCESS, case.decisions[0].content.rule_set)]
    assert "perpetrators" not in trail.model_dump_json()

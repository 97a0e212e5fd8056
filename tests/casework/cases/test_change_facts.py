"""More becomes known about a case: a new version, a new decision, and nothing sent twice or taken back."""

from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.lifecycle import DecisionState
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts, patched
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.read_trail import read_trail
from service.casework.views.referrals import ReferralLine
from service.kernel.versions import Stale, Unseen
from service.referrals.lifecycle import ReferralState
from service.referrals.store import ReferralNotFound
from service.routing.facts.answers import AnswersRefused
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner, says, told

FIRST = frozenset({1})


def test_a_change_makes_a_new_version_and_a_decision_that_takes_the_place_of_the_old_one(service: Service) -> None:
    case_id = opened_case(service).case_id

    done = change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": 16}))

    after = read_case(coordinator(service), case_id)
    assert (done.version, done.facts_version) == (after.version, after.facts_version) == (2, 2)
    assert after.facts == told(age=16)
    assert [one.state for one in after.decisions] == [DecisionState.SUPERSEDED, DecisionState.PROPOSED]
    assert [one.facts_version for one in after.decisions] == [1, 2]
    assert after.decisions[1].id == done.decision_id
    assert "child" in after.decisions[1].content.tracks


def test_what_was_sent_stays_sent_and_nobody_is_asked_the_same_twice(service: Service) -> None:
    case_id = opened_case(service).case_id
    sent = {line.id for line in lines(service, case_id) if line.state is ReferralState.QUEUED}

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"gender": "female"}))

    after = lines(service, case_id)
    assert sent <= {line.id for line in after if line.state is ReferralState.QUEUED}
    alive = [(line.partner_id, line.asked_as, line.content, line.rule) for line in after if is_alive(line.state)]
    assert len(alive) == len(set(alive))


def test_new_facts_plan_what_is_automatic_now(service: Service) -> None:
    dutch = {"citizenship": "dutch", "residence": None, "dublin_claimant": None}
    case_id = opened_case(service, **dutch, reflection_choice=None, accepted_on=None).case_id
    before = {line.asked_as for line in lines(service, case_id) if line.state is ReferralState.QUEUED}

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"acute_danger": "yes"}))

    after = {line.asked_as for line in lines(service, case_id) if line.state is ReferralState.QUEUED}
    assert before < after


def test_what_still_waited_for_a_person_is_withdrawn_with_the_decision_it_belonged_to(service: Service) -> None:
    case_id = opened_case(service).case_id
    waiting = {line.id for line in lines(service, case_id) if line.state is ReferralState.PROPOSED}

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"gender": "female"}))

    after = lines(service, case_id)
    assert waiting
    assert {line.state for line in after if line.id in waiting} == {ReferralState.WITHDRAWN}
    assert any(line.state is ReferralState.PROPOSED for line in after)


def test_what_nobody_was_told_yet_is_withdrawn_with_the_consent_that_it_needed(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo").case_id
    coordinator_asked = next(line for line in lines(service, case_id) if line.asked_as == "care_coordinator")

    says(service, case_id, registration="withdrawn")

    after = {line.id: line for line in lines(service, case_id)}
    assert coordinator_asked.state is ReferralState.QUEUED
    assert after[coordinator_asked.id].state is ReferralState.WITHDRAWN
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, coordinator_asked.partner_id), coordinator_asked.id)


def test_a_fact_that_becomes_null_is_not_told_any_more(service: Service) -> None:
    case_id = opened_case(service).case_id

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": None}))

    assert "age" not in read_case(coordinator(service), case_id).facts


def test_a_change_that_changes_nothing_decides_again_on_the_same_version(service: Service) -> None:
    case_id = opened_case(service).case_id

    done = change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": 30}))

    assert (done.version, done.facts_version) == (2, 1)
    assert len(read_case(coordinator(service), case_id).decisions) == 2


@pytest.mark.parametrize(("seen", "refusal"), [(frozenset({7}), Stale), (None, Unseen)])
def test_a_change_on_a_version_that_was_not_seen_is_refused_and_remembered(
    service: Service, seen: frozenset[int] | None, refusal: type[Exception]
) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(refusal):
        change_facts(coordinator(service), case_id, seen, ChangeFacts(facts={"age": 31}))

    last = read_trail(coordinator(service), case_id).entries[-1]
    assert (last.event, last.outcome) == (Event.FACTS_REFUSED, Outcome.REFUSED)
    assert read_case(coordinator(service), case_id).facts == told()


def test_somebody_who_confirmed_in_between_makes_the_change_stale(service: Service) -> None:
    case_id = opened_case(service).case_id
    confirm_decision(coordinator(service), case_id, read_case(coordinator(service), case_id).decisions[0].id)

    with pytest.raises(Stale):
        change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": 31}))


def test_facts_that_cannot_be_understood_change_nothing(service: Service) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(AnswersRefused) as refused:
        change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": 130, "citizenship": "martian"}))

    assert {problem.pointer for problem in refused.value.problems} == {"/facts/age", "/facts/citizenship"}
    assert read_case(coordinator(service), case_id).version == 1


def test_only_the_office_of_the_case_changes_it(service: Service) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(CaseNotFound):
        change_facts(coordinator(service, OTHER_OFFICE), case_id, FIRST, ChangeFacts(facts={"age": 31}))
    with pytest.raises(ScopeMissing):
        change_facts(auditor(service), case_id, FIRST, ChangeFacts(facts={"age": 31}))


def test_tasks_follow_the_decision(service: Service) -> None:
    case_id = opened_case(service, residence="unknown", reflection_choice="not_offered", accepted_on=None).case_id
    asked = {(task.kind, task.state) for task in read_case(coordinator(service), case_id).tasks}

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"residence": "none"}))

    after = {(task.kind, task.state) for task in read_case(coordinator(service), case_id).tasks}
    assert ("establish_status", TaskState.OPEN) in asked
    assert ("establish_status", TaskState.OBSOLETE) in after


def test_the_trail_of_a_change_names_the_facts_and_not_their_values(service: Service) -> None:
    case_id = opened_case(service).case_id
    # The first reading is an entry itself.
    before = len(read_trail(coordinator(service), case_id).entries) + 1

    change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": 16}))

    trail = read_trail(coordinator(service), case_id)
    assert trail.verified
    assert [one.event for one in trail.entries[before : before + 2]] == [Event.FACTS_CHANGED, Event.DECISION_SUPERSEDED]
    assert Event.DECISION_MADE in {one.event for one in trail.entries[before:]}


@pytest.mark.parametrize(
    ("known", "changes", "result"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": None}, {}),
        ({}, {"a": None}, {}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}, {"a": {"c": 2}}),
        ({"a": 1}, {"a": {"b": 2}}, {"a": {"b": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
    ],
)
def test_changes_are_applied_as_a_merge_patch(
    known: dict[str, object], changes: dict[str, object], result: dict[str, object]
) -> None:
    assert patched(known, changes) == result


def lines(service: Service, case_id: UUID) -> tuple[ReferralLine, ...]:
    return read_case(coordinator(service), case_id).referrals


def is_alive(state: ReferralState) -> bool:
    return state not in {ReferralState.WITHDRAWN, ReferralState.EXPIRED}

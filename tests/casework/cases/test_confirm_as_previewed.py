"""Whoever names what was previewed sends exactly that: by its hash, of every referral, and of no other."""

from uuid import UUID

import httpx
import pytest

from service.audit.event import Event
from service.cases.lifecycle import DecisionState
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChosenShelter, ConfirmDecision, OverrideDecision
from service.casework.commands.referrals import Previewed
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task
from service.casework.referrals.as_previewed import ContentDiffers
from service.casework.referrals.work_on_referrals import preview_referral
from service.kernel.ids import new_id
from service.referrals.lifecycle import ReferralState
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.casework.consent.test_facts_lose_their_ground import standing_on_danger
from tests.casework.referrals.test_work_on_referrals import waiting_for_release
from tests.factories import audit_bodies, bearer, coordinator, opened_case


def seen_in(service: Service, case_id: UUID) -> tuple[UUID, dict[str, Previewed]]:
    """Look at everything that waits for a person; give the decision, and what was seen by who is asked."""
    case = read_case(coordinator(service), case_id)
    previews = {
        line.asked_as: Previewed(
            referral_id=line.id, content_hash=preview_referral(coordinator(service), case_id, line.id).content_hash
        )
        for line in case.referrals
        if line.state is ReferralState.PROPOSED
    }
    return case.decisions[0].id, previews


def refused(service: Service, case_id: UUID) -> set[str]:
    """Give the referrals because of which a decision was refused just now, when nothing has changed."""
    case = read_case(coordinator(service), case_id)
    assert case.decisions[0].state is DecisionState.PROPOSED
    assert not [line for line in case.referrals if line.state is ReferralState.QUEUED and line.dispatch != "automatic"]
    [last] = [one for one in audit_bodies(service, case_id) if one["event"] == Event.DECISION_REFUSED][-1:]
    return {one["id"] for one in last["objects"] if one["type"] == "referral"}


def test_what_became_another_content_after_it_was_seen_is_not_sent_and_nothing_else_is(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo").case_id
    decision_id, seen = seen_in(service, case_id)
    approved = ConfirmDecision(previews=tuple(seen.values()))

    with pytest.raises(ContentDiffers) as differs:
        # Other rules came into force, by which CoMensha hears of health only where somebody is in danger.
        confirm_decision(coordinator(standing_on_danger(service)), case_id, decision_id, approved)

    place = list(seen).index("comensha")
    assert [one.pointer for one in differs.value.problems] == [f"/previews/{place}/content_hash"]
    assert refused(service, case_id) == {str(seen["comensha"].referral_id)}
    done = confirm_decision(coordinator(service), case_id, decision_id, approved)
    assert set(done.queued) == {one.referral_id for one in seen.values()}


@pytest.mark.only_on("sqlite")
async def test_what_was_not_seen_is_not_sent_with_the_rest(service: Service, api: httpx.AsyncClient) -> None:
    case_id = opened_case(service).case_id
    decision_id, seen = seen_in(service, case_id)
    first, *others = [one.model_dump(mode="json", by_alias=True) for one in seen.values()]
    elsewhere = {**first, "referralId": str(new_id())}
    address = f"/v1/cases/{case_id}/decisions/{decision_id}/confirm"

    for previews, code, about in (
        (others, "not-previewed", first["referralId"]),
        ([first, *others, elsewhere], "not-sent", elsewhere["referralId"]),
    ):
        answer = await api.post(address, json={"previews": previews}, headers=bearer(service))
        assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (409, [code])
        assert refused(service, case_id) == {about}
    answer = await api.post(address, json={"previews": [first, *others]}, headers=bearer(service))
    assert answer.status_code == 200


@pytest.mark.only_on("sqlite")
def test_whoever_decides_otherwise_sends_what_was_seen_too(service: Service) -> None:
    case_id = opened_case(service).case_id
    decision_id, seen = seen_in(service, case_id)
    one, *_ = seen.values()
    withheld = OverrideDecision(reason="Not yet.", withhold=(one.referral_id,), previews=tuple(seen.values()))
    shelter = ChosenShelter(type="womens")
    placed = OverrideDecision(reason="Safer.", shelter=shelter, previews=tuple(seen.values()))

    with pytest.raises(ContentDiffers):
        override_decision(coordinator(service), case_id, decision_id, withheld)
    assert refused(service, case_id) == {str(one.referral_id)}
    assert override_decision(coordinator(service), case_id, decision_id, placed).state is DecisionState.OVERRIDDEN


@pytest.mark.only_on("sqlite")
def test_whoever_releases_by_doing_the_task_sends_what_was_seen_too(service: Service) -> None:
    case_id, line = waiting_for_release(service)
    context = coordinator(service)
    now = preview_referral(context, case_id, line.id).content_hash
    [task] = [one for one in read_case(context, case_id).tasks if one.kind == "release_referral"]

    for content_hash, outcome in ((f"sha256:{'0' * 64}", TaskOutcome.ACHIEVED), (now, TaskOutcome.NOT_NEEDED)):
        seen = (Previewed(referral_id=line.id, content_hash=content_hash),)
        with pytest.raises(ContentDiffers):
            finish_task(context, task.id, frozenset({1}), FinishTask(outcome=outcome, previews=seen))
        last = audit_bodies(service, case_id)[-1]
        assert (last["event"], last["objects"][-1]["id"]) == (Event.TASK_REFUSED, str(line.id))
    seen = (Previewed(referral_id=line.id, content_hash=now),)
    finish_task(context, task.id, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED, previews=seen))
    [released] = [one for one in read_case(context, case_id).referrals if one.id == line.id]
    assert released.state is ReferralState.QUEUED

"""A coordinator looks at a referral, releases it or takes it back, and overwrites nobody's work."""

from uuid import UUID

import pytest

from service.access.roles import Role, caller
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChosenRegion, OverrideDecision
from service.casework.commands.partners import ChangeEndpoint, ChangePartner
from service.casework.commands.referrals import WithdrawReferral
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task, list_tasks
from service.casework.partners.manage_endpoints import change_endpoint
from service.casework.partners.manage_partners import change_partner
from service.casework.questions import ListTasks
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.work_on_referrals import read_asked, release_referral, withdraw_referral
from service.casework.trail.read_trail import read_trail
from service.casework.views.referrals import ReferralLine
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import WantedState
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState, WithdrawReason
from service.referrals.store import ReferralNotFound
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.casework.referrals.test_take_back import sent_everything
from tests.factories import (
    OFFICE,
    OTHER_OFFICE,
    answers,
    changed,
    confirmed,
    coordinator,
    lines_for,
    listen_at,
    one_more,
    open_tasks_about,
    opened_case,
    partner,
)

MISTAKE = WithdrawReferral(reason="mistake")
LAWYERS = "legal_aid"


def waiting_for_release(service: Service) -> tuple[UUID, ReferralLine]:
    """Let the first lawyers decline what was confirmed, so that the next ones wait for a person."""
    one_more(service, "other-lawyers", LAWYERS)
    case_id = opened_case(service).case_id
    confirmed(service, case_id)
    answers(service, lines_for(service, case_id, LAWYERS)[0], Answer.DECLINE, DeclineReason.NO_CAPACITY)
    return case_id, lines_for(service, case_id, LAWYERS)[-1]


def seen(line: ReferralLine) -> frozenset[int]:
    return frozenset({line.version})


def test_what_waits_is_released_to_its_partner(service: Service) -> None:
    case_id, line = waiting_for_release(service)

    released = release_referral(coordinator(service), case_id, line.id, seen(line))

    assert (released.state, released.version) == (ReferralState.QUEUED, line.version + 1)
    assert open_tasks_about(service, line) == []
    assert read_referral(partner(service, "other-lawyers"), line.id).facts


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (TaskOutcome.ACHIEVED, ReferralState.QUEUED),
        (TaskOutcome.NOT_WANTED, ReferralState.WITHDRAWN),
    ],
)
def test_doing_the_task_does_what_it_says(service: Service, outcome: TaskOutcome, state: ReferralState) -> None:
    case_id, line = waiting_for_release(service)
    (task,) = list_tasks(coordinator(service), ListTasks(kind="release_referral")).items

    finish_task(coordinator(service), task.id, frozenset({task.version}), FinishTask(outcome=outcome))

    assert lines_for(service, case_id, LAWYERS)[-1].state is state
    assert open_tasks_about(service, line) == []
    assert read_trail(coordinator(service), case_id).verified


def test_what_was_released_is_not_released_again(service: Service) -> None:
    case_id, line = waiting_for_release(service)
    released = release_referral(coordinator(service), case_id, line.id, seen(line))

    with pytest.raises(IllegalTransition):
        release_referral(coordinator(service), case_id, line.id, seen(released))


@pytest.mark.parametrize("answer", [None, Answer.ACKNOWLEDGE, Answer.ACCEPT])
def test_what_a_coordinator_takes_back_its_partner_reads_and_answers_no_more(
    service: Service, answer: Answer | None
) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, "emm")
    if answer is not None:
        answers(service, line, answer)
    line = lines_for(service, case_id, "emm")[0]

    withdrawn = withdraw_referral(coordinator(service), case_id, line.id, seen(line), MISTAKE)

    assert (withdrawn.state, withdrawn.withdraw_reason) == (ReferralState.WITHDRAWN, WithdrawReason.MISTAKE)
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "emm"), line.id)
    with pytest.raises(IllegalTransition):
        answers(service, line, Answer.ACCEPT)


def test_a_colleague_takes_back_what_a_partner_holds_whose_system_and_part_in_the_mechanism_have_ended(
    service: Service,
) -> None:
    endpoint = listen_at(service.operator(), "emm", "http://127.0.0.1:9/")
    case_id = opened_case(service).case_id
    answers(service, lines_for(service, case_id, "emm")[0], Answer.ACCEPT)
    change_endpoint(service.operator(), endpoint.id, frozenset({2}), ChangeEndpoint(state=WantedState.DISABLED))
    change_partner(service.operator(), "emm", frozenset({1}), ChangePartner(status=PartnerStatus.ENDED))
    (line,) = lines_for(service, case_id, "emm")
    colleague = service.context(caller("manager-1", Role.COORDINATOR, OFFICE))

    withdrawn = withdraw_referral(colleague, case_id, line.id, seen(line), MISTAKE)
    sent_everything(service)

    assert withdrawn.state is ReferralState.WITHDRAWN
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "emm"), line.id)
    # That it was taken back reaches nobody's system, so a person is to say it.
    assert open_tasks_about(service, line) == ["no_endpoint"]


def test_whoever_has_taken_a_referral_stays_until_the_one_in_its_place_says_yes(service: Service) -> None:
    case_id = opened_case(service).case_id
    (former,) = lines_for(service, case_id, "care_coordinator")
    answers(service, former, Answer.ACCEPT)
    elsewhere = OverrideDecision(reason="Placed elsewhere.", region=ChosenRegion(care_coordinator="coordinator-fier"))
    decision = read_case(coordinator(service), case_id).decisions[-1]
    override_decision(coordinator(service), case_id, decision.id, elsewhere)
    former, following = lines_for(service, case_id, "care_coordinator")
    assert (former.state, following.partner_id) == (ReferralState.ACCEPTED, "coordinator-fier")

    answers(service, following, Answer.ACCEPT)

    former, following = lines_for(service, case_id, "care_coordinator")
    assert (former.state, former.withdraw_reason) == (ReferralState.WITHDRAWN, WithdrawReason.TAKEN_ELSEWHERE)
    assert following.state is ReferralState.ACCEPTED


def test_what_a_coordinator_took_back_no_rule_sends_again_by_itself(service: Service) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, "emm")
    withdraw_referral(coordinator(service), case_id, line.id, seen(line), MISTAKE)

    changed(service, case_id, gender="female")

    _, again = lines_for(service, case_id, "emm")
    assert (again.dispatch, again.state) == ("automatic", ReferralState.PROPOSED)


def test_what_is_done_is_not_taken_back(service: Service) -> None:
    case_id = opened_case(service).case_id
    for answer in (Answer.ACCEPT, Answer.START, Answer.COMPLETE):
        answers(service, lines_for(service, case_id, "emm")[0], answer)
    (line,) = lines_for(service, case_id, "emm")

    with pytest.raises(IllegalTransition):
        withdraw_referral(coordinator(service), case_id, line.id, seen(line), MISTAKE)

    refused = read_trail(coordinator(service), case_id).entries[-1]
    assert (refused.event, refused.outcome) == (Event.REFERRAL_REFUSED, Outcome.REFUSED)


def test_nobody_takes_back_what_was_answered_since_they_looked(service: Service) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, "emm")
    answers(service, line, Answer.ACCEPT)

    with pytest.raises(Stale):
        withdraw_referral(coordinator(service), case_id, line.id, seen(line), MISTAKE)
    with pytest.raises(Unseen):
        withdraw_referral(coordinator(service), case_id, line.id, None, MISTAKE)


def test_a_referral_is_found_in_its_own_case_by_its_own_office_only(service: Service) -> None:
    case_id, other = opened_case(service).case_id, opened_case(service).case_id
    (line,) = lines_for(service, case_id, "emm")

    assert read_asked(coordinator(service), case_id, line.id) == line
    with pytest.raises(ReferralNotFound):
        read_asked(coordinator(service), other, line.id)
    with pytest.raises(CaseNotFound):
        read_asked(coordinator(service, OTHER_OFFICE), case_id, line.id)

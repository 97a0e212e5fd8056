"""A partner declines: the next one is asked, nobody is asked twice, and when nobody is left a person knows."""

import pytest

from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task, list_tasks
from service.casework.partners.manage_partners import seed_partners
from service.casework.questions import ListTasks
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.read_trail import read_trail
from service.partners.directory import Listing
from service.referrals.lifecycle import CONSEQUENCES, Answer, Consequence, Decliner, DeclineReason, ReferralState
from service.referrals.store import ReferralNotFound
from service.routing.facts.features import features
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.factories import (
    answers,
    changed,
    confirmed,
    coordinator,
    lines_for,
    one_more,
    open_tasks_about,
    opened_case,
    partner,
    stepped,
)

SECOND = "emm-second"
EXPERTS = "emm"
LAWYERS = "legal_aid"


def leading_to(consequence: Consequence) -> list[DeclineReason]:
    return [reason for reason, one in CONSEQUENCES.items() if one is consequence]


@pytest.mark.parametrize("reason", leading_to(Consequence.ASK_NEXT))
def test_who_cannot_help_is_followed_by_the_next_and_at_last_by_comensha(
    service: Service, reason: DeclineReason
) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id

    asked = []
    while lines_for(service, case_id, EXPERTS)[-1].state is ReferralState.QUEUED:
        newest = lines_for(service, case_id, EXPERTS)[-1]
        asked.append(newest.partner_id)
        answers(service, newest, Answer.DECLINE, reason)

    lines = lines_for(service, case_id, EXPERTS)
    assert asked == ["emm", SECOND, "comensha"]
    assert [line.partner_id for line in lines] == asked
    assert [line.asked_next for line in lines] == [*(line.id for line in lines[1:]), None]
    assert [open_tasks_about(service, line) for line in lines] == [[], [], ["nobody_accepts"]]
    assert read_trail(coordinator(service), case_id).verified


def test_the_next_partner_reads_what_the_first_one_could_read(service: Service) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id
    (first,) = lines_for(service, case_id, EXPERTS)
    told = read_referral(partner(service, "emm"), first.id)

    answers(service, first, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    read = read_referral(partner(service, SECOND), lines_for(service, case_id, EXPERTS)[-1].id)
    assert (read.facts, read.content, read.rule) == (told.facts, told.content, told.rule)
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "emm"), first.id)


def test_what_waits_for_a_person_waits_for_one_again(service: Service) -> None:
    one_more(service, "other-lawyers", LAWYERS)
    case_id = opened_case(service).case_id
    confirmed(service, case_id)
    (first,) = lines_for(service, case_id, LAWYERS)

    answers(service, first, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    second = lines_for(service, case_id, LAWYERS)[-1]
    assert (second.partner_id, second.state, second.deliveries) == ("other-lawyers", ReferralState.PROPOSED, ())
    assert open_tasks_about(service, second) == ["release_referral"]


@pytest.mark.parametrize("reason", leading_to(Consequence.LOOK_INTO_IT))
def test_a_reason_that_holds_everywhere_goes_to_a_person_and_to_nobody_else(
    service: Service, reason: DeclineReason
) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, EXPERTS)

    answers(service, line, Answer.DECLINE, reason)

    assert lines_for(service, case_id, EXPERTS)[-1].id == line.id
    assert open_tasks_about(service, line) == ["look_into_decline"]


def test_who_is_not_eligible_is_asked_of_nobody_who_helps_the_same_people(service: Service) -> None:
    one_more(service, SECOND, EXPERTS)
    others = Listing("emm-women", "Invented", EXPERTS, "invented", target_groups=features("gender=female|other"))
    seed_partners(service.operator(), [others])
    case_id = opened_case(service).case_id

    for _ in range(3):
        answers(service, lines_for(service, case_id, EXPERTS)[-1], Answer.DECLINE, DeclineReason.NOT_ELIGIBLE)

    lines = lines_for(service, case_id, EXPERTS)
    assert [line.partner_id for line in lines] == ["emm", "emm-women", "comensha"]
    assert open_tasks_about(service, lines[-1]) == ["nobody_accepts"]


def test_when_the_person_says_no_nobody_else_is_asked_until_somebody_has_talked_to_the_person(
    service: Service,
) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, EXPERTS)

    answers(service, line, Answer.DECLINE, DeclineReason.PERSON_DECLINED)
    # Nor when more is known, and somebody else would be asked first.
    changed(service, case_id, gender="female")

    (line,) = lines_for(service, case_id, EXPERTS)
    assert (line.declined_by, open_tasks_about(service, line)) == (Decliner.PERSON, ["person_declined"])
    (task,) = list_tasks(coordinator(service), ListTasks(kind="person_declined")).items
    finish_task(coordinator(service), task.id, frozenset({task.version}), FinishTask(outcome=TaskOutcome.ACHIEVED))
    assert [one.partner_id for one in lines_for(service, case_id, EXPERTS)] == ["emm", SECOND]


def test_a_no_of_the_partner_is_the_partner_s(service: Service) -> None:
    case_id = opened_case(service).case_id
    answers(service, lines_for(service, case_id, EXPERTS)[0], Answer.DECLINE, DeclineReason.SAFETY)

    assert lines_for(service, case_id, EXPERTS)[0].declined_by is Decliner.PARTNER


def test_when_more_is_known_who_knew_too_little_is_asked_again_by_a_person(service: Service) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, EXPERTS)
    answers(service, line, Answer.DECLINE, DeclineReason.NOT_ENOUGH_KNOWN)

    changed(service, case_id, gender="female")

    _, again = lines_for(service, case_id, EXPERTS)
    assert (again.partner_id, again.state, again.instead_of) == ("emm", ReferralState.PROPOSED, line.id)


def test_comensha_steps_in_only_with_what_it_may_know_of_the_person(service: Service) -> None:
    """The labour authority may tell the experts, with consent; nobody agreed that CoMensha is told who it is about."""
    consent = {"police_contact": "given", "registration": "refused"}
    case_id = opened_case(service, reporter="labour_authority", consent=consent).case_id
    confirmed(service, case_id)
    (line,) = (one for one in lines_for(service, case_id, EXPERTS) if one.content == "full")

    answers(service, line, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    told = [one for one in read_case(coordinator(service), case_id).referrals if one.partner_id == "comensha"]
    assert {one.content for one in told} == {"anonymous"}
    assert open_tasks_about(service, line) == ["nobody_accepts"]


def test_what_the_rules_have_stopped_asking_nobody_else_is_asked(service: Service) -> None:
    one_more(service, "other-lawyers", LAWYERS)
    case_id = opened_case(service).case_id
    confirmed(service, case_id)
    (line,) = lines_for(service, case_id, LAWYERS)
    answers(service, line, Answer.ACKNOWLEDGE)
    stepped(service, case_id, "renounced", "2026-11-23")

    answers(service, line, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    assert [one.partner_id for one in lines_for(service, case_id, LAWYERS)] == ["legal-aid"]


def test_a_new_decision_asks_nobody_again_who_declined(service: Service) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id
    for _ in range(2):
        answers(service, lines_for(service, case_id, EXPERTS)[-1], Answer.DECLINE, DeclineReason.NO_CAPACITY)
    before = [(line.id, line.state) for line in lines_for(service, case_id, EXPERTS)]

    changed(service, case_id, gender="female")

    assert [(line.id, line.state) for line in lines_for(service, case_id, EXPERTS)] == before


def test_a_new_decision_goes_on_with_the_partner_to_which_the_ask_had_come(service: Service) -> None:
    one_more(service, "other-lawyers", LAWYERS)
    case_id = opened_case(service).case_id
    confirmed(service, case_id)
    answers(service, lines_for(service, case_id, LAWYERS)[0], Answer.DECLINE, DeclineReason.NO_CAPACITY)

    changed(service, case_id, gender="female")
    confirmed(service, case_id)

    lines = lines_for(service, case_id, LAWYERS)
    assert [(line.partner_id, line.state) for line in lines] == [
        ("legal-aid", ReferralState.DECLINED),
        ("other-lawyers", ReferralState.WITHDRAWN),
        ("other-lawyers", ReferralState.QUEUED),
    ]
    assert [open_tasks_about(service, line) for line in lines] == [[], [], []]


def test_the_trail_tells_who_declined_and_who_was_asked_next(service: Service) -> None:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service).case_id
    answers(service, lines_for(service, case_id, EXPERTS)[0], Answer.DECLINE, DeclineReason.NO_CAPACITY)

    told = [one for one in read_trail(coordinator(service), case_id).entries if one.org == "emm"]
    assert [one.event for one in told] == [
        Event.REFERRAL_DECLINED,
        Event.REFERRAL_DELIVERY_STOPPED,
        Event.REFERRAL_PROPOSED,
        Event.REFERRAL_QUEUED,
    ]
    assert {one.actor for one in told} == {"system-1"}

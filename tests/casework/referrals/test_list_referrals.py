"""A partner's inbox: its own, newest first, and nothing by which it could tell whom it is about."""

from datetime import timedelta

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.questions import ListReferrals
from service.casework.referrals.list_referrals import list_referrals
from service.casework.trail.read_trail import read_trail
from service.casework.views.referrals import InboxLine
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import answers, coordinator, lines_for, opened_case, partner


def inbox(service: Service, partner_id: str, state: ReferralState | None = None) -> tuple[InboxLine, ...]:
    return list_referrals(partner(service, partner_id), ListReferrals(state=state)).items


def test_a_partner_finds_what_it_was_asked_newest_first_and_what_others_were_asked_not_at_all(
    service: Service, clock: FixedClock
) -> None:
    cases = []
    for _ in range(2):
        cases.append(opened_case(service).case_id)
        clock.move(timedelta(hours=1))

    asked = [line.id for case_id in reversed(cases) for line in lines_for(service, case_id, "emm")]
    assert [line.id for line in inbox(service, "emm")] == asked
    assert inbox(service, "iom") == ()


def test_what_waits_for_a_person_is_in_no_inbox_and_comes_in_when_it_is_released(
    service: Service, clock: FixedClock
) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)
    assert inbox(service, "legal-aid") == ()
    clock.move(timedelta(hours=1))
    later = opened_case(service).case_id
    clock.move(timedelta(hours=1))

    confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    (line,) = inbox(service, "legal-aid")
    assert (line.queued_at, line.state) == (clock.now(), ReferralState.QUEUED)
    assert lines_for(service, later, "legal_aid")[0].queued_at is None


def test_a_page_holds_what_is_asked_for_and_the_next_one_goes_on(service: Service, clock: FixedClock) -> None:
    for _ in range(3):
        opened_case(service)
        clock.move(timedelta(minutes=1))

    first = list_referrals(partner(service, "emm"), ListReferrals(page_size=2))
    second = list_referrals(partner(service, "emm"), ListReferrals(page_size=2, cursor=first.next_cursor))

    assert (len(first.items), len(second.items), second.next_cursor) == (2, 1, None)
    assert (*first.items, *second.items) == inbox(service, "emm")


def test_the_inbox_is_looked_through_by_state(service: Service) -> None:
    (line,) = lines_for(service, opened_case(service).case_id, "emm")
    opened_case(service)
    answers(service, line, Answer.DECLINE, DeclineReason.KNOWN_ALREADY)

    assert [one.id for one in inbox(service, "emm", ReferralState.DECLINED)] == [line.id]
    assert line.id not in {one.id for one in inbox(service, "emm", ReferralState.QUEUED)}


def test_a_line_tells_no_fact_no_case_and_not_why(service: Service) -> None:
    case_id = opened_case(service, consent={}, reporter="ngo").case_id
    (line,) = inbox(service, "comensha")

    assert set(line.model_dump()) == {
        *("id", "asked_as", "content", "state", "queued_at", "due", "due_at", "answer_by", "decline_reason"),
        *("acknowledge_by", "recalled_fields"),
    }
    assert line.content == "anonymous"
    assert str(case_id) not in line.model_dump_json()


def test_that_a_partner_looked_stands_in_the_trail_of_every_case_it_saw(service: Service) -> None:
    case_id = opened_case(service).case_id
    inbox(service, "emm")

    trail = read_trail(coordinator(service), case_id)
    (looked,) = [entry for entry in trail.entries if entry.event is Event.REFERRAL_LISTED]
    assert (looked.org, looked.actor) == ("emm", "system-1")
    assert trail.verified


def test_a_coordinator_has_no_inbox(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        list_referrals(coordinator(service, "emm"), ListReferrals())

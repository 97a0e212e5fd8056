"""A signal is received whole or not at all, and a repetition changes nothing."""

from threading import Thread

import pytest
from sqlalchemy import event
from sqlmodel import col, func, select

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.audit.tables import AuditEntry
from service.cases.tables import Case
from service.casework.cases.read_cases import read_case
from service.casework.partners.manage_partners import seed_partners
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.casework.views.signals import Receipt
from service.partners.directory import Listing, NobodyToAsk
from service.referrals.lifecycle import ReferralState
from service.routing.facts.answers import AnswersRefused
from service.signals.store import SubmissionKeyReused
from service.wiring import Service
from tests.factories import OTHER_OFFICE, coordinator, opened_case, partner, signal

KEY = "a-key-of-one-signal-0001"


def test_a_signal_opens_a_case_with_a_decision_and_referrals(service: Service) -> None:
    receipt = opened_case(service)

    case = read_case(coordinator(service), receipt.case_id)
    assert case.decisions[0].content.reflection_period.status == "running"
    told_at_once = {line.asked_as for line in case.referrals if line.state is ReferralState.QUEUED}
    waiting = {line.asked_as for line in case.referrals if line.state is ReferralState.PROPOSED}
    assert "comensha" in told_at_once
    assert waiting
    assert all(bool(line.deliveries) is (line.asked_as in told_at_once) for line in case.referrals)


def test_a_signal_asks_the_database_little_however_many_rows_it_becomes(service: Service) -> None:
    opened_case(service)
    asked: list[str] = []
    event.listen(service.database.writer, "before_cursor_execute", lambda *seen: asked.append(seen[2].split()[0]))

    opened_case(service)

    # Every statement is a way to the server and back, during which the transaction holds its locks.
    assert asked.count("SELECT") <= 5
    assert asked.count("INSERT") <= 14
    assert asked.count("UPDATE") <= 1


def test_the_victim_gets_no_message_but_everybody_else_is_asked_once_per_rule(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)

    told = [(one.to, one.rule) for one in case.decisions[0].content.notifications if one.to != "victim"]
    assert sorted((line.asked_as, line.rule) for line in case.referrals) == sorted(told)


def test_the_region_s_own_care_coordinator_is_asked(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)

    asked = {line.partner_name for line in case.referrals if line.asked_as == "care_coordinator"}
    assert asked == {"Veiligheidsregio Twente / Zorg- en Veiligheidshuis"}


def test_where_the_coordinator_has_no_name_comensha_is_asked_and_not_whoever_is_called_like_the_remark(
    service: Service,
) -> None:
    remark = "name not in source"
    stranger = Listing("stranger", remark, "care_coordinator", "invented")
    seed_partners(service.operator(), (stranger,))

    case = read_case(coordinator(service), opened_case(service, found_in="GM0034").case_id)

    region = case.decisions[0].content.region
    assert (region.care_coordinator, region.fallback) == (remark, True)
    asked = [line.partner_name for line in case.referrals if line.asked_as == "care_coordinator"]
    assert set(asked) == {"CoMensha"}


def test_the_same_submission_gets_the_same_receipt_and_no_second_case(service: Service) -> None:
    first = receive_signal(coordinator(service), signal(KEY))
    again = receive_signal(coordinator(service), signal(KEY))

    assert again == first
    assert cases_kept(service) == 1


def test_a_double_click_from_two_threads_opens_one_case(service: Service) -> None:
    receipts: list[Receipt] = []
    clicks = [Thread(target=lambda: receipts.append(receive_signal(coordinator(service), signal(KEY)))) for _ in "ab"]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    assert len(receipts) == 2
    assert receipts[0] == receipts[1]
    assert cases_kept(service) == 1


def test_another_signal_under_the_same_key_is_refused_and_remembered(service: Service) -> None:
    receive_signal(coordinator(service), signal(KEY))

    with pytest.raises(SubmissionKeyReused):
        receive_signal(coordinator(service), signal(KEY, age=31))
    assert cases_kept(service) == 1
    assert Event.SIGNAL_REFUSED in events(service)


def test_another_office_may_use_the_same_key(service: Service) -> None:
    first = receive_signal(coordinator(service), signal(KEY))
    second = receive_signal(coordinator(service, OTHER_OFFICE), signal(KEY))

    assert second.case_id != first.case_id


def test_facts_that_cannot_be_understood_leave_nothing_behind(service: Service) -> None:
    with pytest.raises(AnswersRefused) as refused:
        receive_signal(coordinator(service), signal(citizenship="martian"))

    assert [problem.pointer for problem in refused.value.problems] == ["/facts/citizenship"]
    assert "martian" not in str(refused.value.problems)
    assert cases_kept(service) == 0


def test_a_partner_may_not_submit_and_the_attempt_is_remembered(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        receive_signal(partner(service, "comensha"), signal())

    assert cases_kept(service) == 0
    assert Event.ACCESS_REFUSED in events(service)


def test_without_a_directory_nothing_is_kept_of_a_signal(empty_service: Service) -> None:
    with pytest.raises(NobodyToAsk):
        opened_case(empty_service)

    assert cases_kept(empty_service) == 0


def test_each_act_of_an_intake_is_one_entry_of_a_trail_that_holds(service: Service) -> None:
    receipt = opened_case(service)

    trail = read_trail(coordinator(service), receipt.case_id)
    told = [entry.event for entry in trail.entries]
    assert trail.verified
    assert told[:3] == [Event.SIGNAL_RECEIVED, Event.CASE_OPENED, Event.DECISION_MADE]
    later = {Event.REFERRAL_PROPOSED, Event.REFERRAL_QUEUED, Event.TASK_OPENED, Event.DEADLINE_STARTED}
    assert set(told[3:]) == later
    assert [entry.seq for entry in trail.entries] == list(range(1, len(told) + 1))


def cases_kept(service: Service) -> int:
    with service.database.look() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


def events(service: Service) -> set[Event]:
    with service.database.look() as session:
        return set(session.exec(select(col(AuditEntry.event))))

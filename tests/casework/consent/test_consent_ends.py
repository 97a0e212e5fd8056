"""Consent ends: what has not left is stopped, and every recipient hears of it and says what it did."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.casework.cases.read_cases import read_case
from service.casework.commands.consent import AcknowledgeRecall
from service.casework.commands.partners import ChangeEndpoint, ChangePartner
from service.casework.commands.tasks import FinishTask
from service.casework.consent.acknowledge_recall import acknowledge_recall
from service.casework.consent.read_disclosures import read_disclosures
from service.casework.deliveries.deliver_referrals import record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.partners.manage_endpoints import change_endpoint
from service.casework.partners.manage_partners import change_partner
from service.casework.questions import ListReferrals
from service.casework.referrals.list_referrals import list_referrals
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.verify_log import verify_log
from service.casework.views.consent import HolderView
from service.casework.views.referrals import ReferralLine
from service.casework.views.tasks import TaskView
from service.consent.lifecycle import RecallOutcome, RecallState
from service.consent.store import RecallNotFound
from service.dispatch.envelope import MessageKind
from service.kernel.transitions import IllegalTransition
from service.partners import endpoints
from service.partners import store as partners
from service.partners.directory import PartnerStatus
from service.partners.lifecycle import WantedState
from service.referrals.lifecycle import Answer, ReferralState
from service.referrals.store import ReferralNotFound
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import until
from tests.casework.sending import FAILED, TAKEN, prepared_all
from tests.doubles import FixedClock
from tests.factories import answers, auditor, confirmed, coordinator, lines_for, listen_at, opened_case, partner, says

CONSENT = {"registration": "given", "placement": "given", "police_contact": "given"}
ERASED, KEPT = AcknowledgeRecall(outcome="erased"), AcknowledgeRecall(outcome="kept_by_law")
TAKEN_BY = ("comensha", "care_coordinator")
TOLD_BY_CONSENT = ("comensha", "care_coordinator", "ind", "coa", "legal_aid")


def line_of(service: Service, case_id: UUID, kind: str) -> ReferralLine:
    return next(one for one in lines_for(service, case_id, kind) if one.content != "anonymous")


def sent(service: Service, *down: str) -> None:
    for sending in prepared_all(service):
        record(service.system(), sending, FAILED if sending.claimed.partner_id in down else TAKEN)


def holders(service: Service, case_id: UUID) -> dict[str, HolderView]:
    return {one.asked_as: one for one in read_disclosures(coordinator(service), case_id).recipients}


def open_tasks(service: Service, case_id: UUID) -> list[TaskView]:
    return [one for one in read_case(coordinator(service), case_id).tasks if one.state is TaskState.OPEN]


def tasks_about(service: Service, case_id: UUID, kind: str) -> dict[str, TaskView]:
    about = line_of(service, case_id, kind).id
    return {one.kind: one for one in open_tasks(service, case_id) if one.referral_id == about}


def does(service: Service, task: TaskView) -> None:
    done = FinishTask(outcome=TaskOutcome.ACHIEVED)
    finish_task(coordinator(service), task.id, frozenset({task.version}), done)


def owed(service: Service, partner_id: str) -> list[UUID]:
    """Give the referrals about which a partner still has to say something, as its inbox shows them."""
    page = list_referrals(partner(service, partner_id), ListReferrals())
    return [one.id for one in page.items if one.acknowledge_by is not None]


def state_of(service: Service, case_id: UUID, kind: str) -> RecallState:
    return holders(service, case_id)[kind].recalls[-1].state


def shared(service: Service) -> UUID:
    """Open a case that five organisations and the police have read by consent; two have taken it."""
    case_id = opened_case(service, reporter="ngo", consent=CONSENT).case_id
    confirmed(service, case_id)
    for kind in (*TOLD_BY_CONSENT, "police"):
        listen_at(service.operator(), line_of(service, case_id, kind).partner_id, f"http://127.0.0.1:9/{kind}")
    sent(service)
    for kind in (*TOLD_BY_CONSENT, "police"):
        line = line_of(service, case_id, kind)
        assert read_referral(partner(service, line.partner_id), line.id).facts
    for kind in TAKEN_BY:
        answers(service, line_of(service, case_id, kind), Answer.ACCEPT)
    return case_id


def lose_their_access(service: Service, case_id: UUID) -> None:
    """Take the address of one recipient away, and end the part of another."""
    operator = service.operator()
    with service.database.look() as session:
        coa = endpoints.active_endpoint(session, line_of(service, case_id, "coa").partner_id)
        lawyers = partners.known_partner(session, line_of(service, case_id, "legal_aid").partner_id)
    assert coa is not None
    change_endpoint(operator, coa.id, frozenset({coa.version}), ChangeEndpoint(state=WantedState.DISABLED))
    change_partner(operator, lawyers.id, frozenset({lawyers.version}), ChangePartner(status=PartnerStatus.ENDED))


@pytest.mark.only_on("sqlite")
def test_cn_04_nobody_reads_on_and_who_is_told_so_answers_once_in_its_own_name(service: Service) -> None:
    case_id = shared(service)

    says(service, case_id, registration="withdrawn")

    for kind in TOLD_BY_CONSENT:
        line = line_of(service, case_id, kind)
        assert line.deliveries[-1].kind is MessageKind.REFERRAL_WITHDRAWN, kind
        # What was taken waits for a person's decision.
        assert (line.state is ReferralState.ACCEPTED) is (kind in TAKEN_BY)
        with pytest.raises(ReferralNotFound):
            read_referral(partner(service, line.partner_id), line.id)
    # The police stand on a consent of their own.
    police = line_of(service, case_id, "police")
    assert read_referral(partner(service, police.partner_id), police.id).facts
    with pytest.raises(RecallNotFound):
        acknowledge_recall(partner(service, police.partner_id), police.id, ERASED)
    comensha = line_of(service, case_id, "comensha")
    with pytest.raises(ReferralNotFound):
        acknowledge_recall(partner(service, police.partner_id), comensha.id, ERASED)
    assert owed(service, "comensha") == [comensha.id]
    said = [acknowledge_recall(partner(service, "comensha"), comensha.id, ERASED) for _ in range(2)]
    assert said[0] == said[1]
    assert owed(service, "comensha") == []
    assert said[0].outcome is RecallOutcome.ERASED
    with pytest.raises(IllegalTransition):
        acknowledge_recall(partner(service, "comensha"), comensha.id, KEPT)


def test_cn_04_of_five_recipients_one_is_silent_one_is_down_and_two_have_lost_their_access(
    service: Service, clock: FixedClock
) -> None:
    case_id = shared(service)
    before = holders(service, case_id)
    lose_their_access(service, case_id)

    says(service, case_id, registration="withdrawn")
    sent(service, line_of(service, case_id, "ind").partner_id)
    acknowledge_recall(partner(service, "comensha"), line_of(service, case_id, "comensha").id, ERASED)
    does(service, tasks_about(service, case_id, "legal_aid")["recall_by_hand"])
    does(service, tasks_about(service, case_id, "coa")["no_endpoint"])
    term = holders(service, case_id)["ind"].recalls[-1].answer_by
    until(service, clock, term)

    found = {kind: one.recalls[-1].state for kind, one in holders(service, case_id).items() if one.recalls}
    assert {kind for kind, state in found.items() if state is RecallState.UNANSWERED} == {"care_coordinator", "ind"}
    assert "recall_unanswered" in tasks_about(service, case_id, "ind")
    until(service, clock, term + timedelta(days=10))
    assert {"escalate_to_comensha"} <= {one.kind for one in open_tasks(service, case_id)}
    late = line_of(service, case_id, "care_coordinator")
    acknowledge_recall(partner(service, late.partner_id), late.id, KEPT)
    assert "recall_unanswered" not in tasks_about(service, case_id, "care_coordinator")

    after = holders(service, case_id)
    for kind in TOLD_BY_CONSENT:
        assert [one.fact for one in after[kind].fields] == [one.fact for one in before[kind].fields]
        assert all(one.stands_on for one in before[kind].fields)
        assert not any(one.stands_on for one in after[kind].fields)
        assert (after[kind].may_read, after[kind].content_hash) == (False, before[kind].content_hash)
    assert {one.stands_on for one in after["police"].fields} == {("consent_police_contact",)}
    assert {kind: (one.recalls[-1].outcome, one.recalls[-1].by_hand) for kind, one in after.items() if one.recalls} == {
        "comensha": (RecallOutcome.ERASED, False),
        "care_coordinator": (RecallOutcome.KEPT_BY_LAW, False),
        "ind": (None, False),
        "coa": (RecallOutcome.REACHED, True),
        "legal_aid": (RecallOutcome.REACHED, True),
    }
    assert verify_log(auditor(service)).breaks == ()


@pytest.mark.only_on("sqlite")
def test_consent_that_comes_back_calls_nobody_any_more_and_says_so(service: Service) -> None:
    case_id = shared(service)
    says(service, case_id, registration="withdrawn")
    says(service, case_id, registration="given")

    line = line_of(service, case_id, "comensha")
    assert state_of(service, case_id, "comensha") is RecallState.LIFTED
    assert line.deliveries[-1].kind is MessageKind.REFERRAL_SENT
    assert read_referral(partner(service, "comensha"), line.id).facts
    assert tasks_about(service, case_id, "comensha") == {}


@pytest.mark.only_on("sqlite")
def test_whoever_heard_nothing_is_told_nothing(service: Service) -> None:
    case_id = opened_case(service, reporter="ngo", consent=CONSENT).case_id
    confirmed(service, case_id)

    says(service, case_id, registration="withdrawn")

    assert all(not one.recalls and not one.fields for one in holders(service, case_id).values())

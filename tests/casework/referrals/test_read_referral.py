"""A partner reads its own referral, only what is fixed for it, and never unseen."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.referrals import WithdrawReferral
from service.casework.referrals.escalate_silence import escalate_silence
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.work_on_referrals import withdraw_referral
from service.casework.views.referrals import ReferralLine
from service.kernel.ids import new_id
from service.referrals.lifecycle import Answer, DeclineReason
from service.referrals.store import ReferralNotFound
from service.routing.rule_set import RuleSet
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import answers, audit_bodies, coordinator, lines_for, opened_case, partner, referral_to, told
from tests.tampering import take_no_more_entries


def test_a_partner_reads_the_facts_that_its_content_discloses_and_nothing_else(
    service: Service, rules: RuleSet
) -> None:
    case_id = opened_case(service).case_id

    read = read_referral(partner(service, "comensha"), referral_to(service, case_id, "comensha"))

    may_be_told = set(rules.disclosure.names("comensha", "full", "NT-01"))
    assert read.content == "full"
    assert read.facts == {name: said for name, said in told().items() if name in may_be_told}
    assert "reporter" not in read.facts
    assert read.rule
    assert read.sources


def test_nothing_that_a_partner_reads_names_the_case(service: Service) -> None:
    case_id = opened_case(service).case_id

    read = read_referral(partner(service, "comensha"), referral_to(service, case_id, "comensha"))

    assert "case_id" not in read.model_dump()
    assert str(case_id) not in read.model_dump_json()


def test_content_without_a_person_does_not_tell_why_it_was_sent(service: Service) -> None:
    case_id = opened_case(service, consent={}, reporter="ngo").case_id
    (line,) = [one for one in read_case(coordinator(service), case_id).referrals if one.asked_as == "comensha"]

    read = read_referral(partner(service, "comensha"), line.id)

    assert (line.content, read.content) == ("anonymous", "anonymous")
    assert line.rule
    assert (read.rule, read.sources) == (None, ())
    assert read.facts == {"exploitation": ["sexual"]}


def test_that_it_was_read_stands_in_the_trail_with_the_names_of_what_was_shown(
    service: Service, rules: RuleSet
) -> None:
    case_id = opened_case(service).case_id
    referral_id = referral_to(service, case_id, "comensha")
    read = read_referral(partner(service, "comensha"), referral_id)

    last = audit_bodies(service, case_id)[-1]
    assert (last["event"], last["org"], last["role"]) == (Event.REFERRAL_FETCHED, "comensha", "partner")
    shown, content = last["objects"]
    assert (shown["type"], shown["id"]) == ("referral", str(referral_id))
    assert shown["fields"] == sorted(set(told()) & set(rules.disclosure.names("comensha", "full", "NT-01")))
    assert "accepted_on" in shown["fields"]
    assert (content["type"], content["id"]) == ("content", read.content_hash)


def test_a_referral_to_somebody_else_is_not_there(service: Service) -> None:
    referral_id = referral_to(service, opened_case(service).case_id, "comensha")

    for asked in (referral_id, new_id()):
        with pytest.raises(ReferralNotFound):
            read_referral(partner(service, "coa"), asked)


def test_a_referral_that_waits_for_a_person_is_not_there_yet(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)
    waiting = next(line for line in case.referrals if line.state == "proposed")
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, waiting.partner_id), waiting.id)

    confirm_decision(coordinator(service), case.id, case.decisions[0].id)

    assert read_referral(partner(service, waiting.partner_id), waiting.id).id == waiting.id


def test_access_ends_with_the_referral_however_that_ends(service: Service, clock: FixedClock) -> None:
    """Nobody reads on because there was something to read once: not after yes and done, not after no, not after us."""
    endings: list[Callable[[UUID, ReferralLine], object]] = [
        lambda _, line: [answers(service, line, one) for one in (Answer.ACCEPT, Answer.START, Answer.COMPLETE)],
        lambda _, line: answers(service, line, Answer.DECLINE, DeclineReason.NO_CAPACITY),
        lambda _, line: answers(service, line, Answer.DECLINE, DeclineReason.PERSON_DECLINED),
        lambda case_id, line: withdraw_referral(
            coordinator(service), case_id, line.id, frozenset({line.version}), WithdrawReferral(reason="safety")
        ),
        lambda _, line: escalate_silence(service.system(), line.id),
    ]
    cases = [opened_case(service).case_id for _ in endings]
    clock.move(timedelta(days=3))
    left = []
    for case_id, end in zip(cases, endings, strict=True):
        (line,) = lines_for(service, case_id, "emm")
        end(case_id, line)
        left.append(lines_for(service, case_id, "emm")[0].state)
        with pytest.raises(ReferralNotFound):
            read_referral(partner(service, "emm"), line.id)
    assert left == ["completed", "declined", "declined", "withdrawn", "expired"]


def test_a_coordinator_does_not_read_in_a_partner_s_place(service: Service) -> None:
    referral_id = referral_to(service, opened_case(service).case_id, "comensha")

    with pytest.raises(ScopeMissing):
        read_referral(coordinator(service, "comensha"), referral_id)


def test_when_the_trail_cannot_be_written_nothing_is_shown(service: Service, database_url: str) -> None:
    referral_id = referral_to(service, opened_case(service).case_id, "comensha")
    take_no_more_entries(database_url)

    with pytest.raises(Exception, match="nothing more"):
        read_referral(partner(service, "comensha"), referral_id)

"""One fact loses its ground, and the others stand: its recipient hears which, and says what it did with that one."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from service.audit.event import Event
from service.cases.tables import Case
from service.casework.commands.consent import AcknowledgeRecall
from service.casework.consent.acknowledge_recall import acknowledge_recall
from service.casework.context import Context
from service.casework.questions import ListReferrals
from service.casework.referrals.list_referrals import list_referrals
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.what_is_read import WhatIsRead, what_is_read
from service.casework.views.consent import RecallView
from service.consent.lifecycle import RecallState
from service.database.unit_of_work import UnitOfWork
from service.dispatch.envelope import MessageKind
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import Answer
from service.referrals.tables import Referral
from service.routing.disclosure import Ground
from service.wiring import Service
from tests.casework.clocks import changed, until
from tests.casework.consent.test_consent_ends import ERASED, holders, line_of, sent, tasks_about
from tests.casework.sending import listening, prepared_all
from tests.doubles import FixedClock
from tests.factories import answers, audit_bodies, opened_case, partner, says

SHELTER_FACTS = ["dublinClaimant", "psychologicalProblems", "residence"]


def read_by_comensha(service: Service, **facts: object) -> tuple[UUID, UUID]:
    """Open a case that CoMensha has read, as it must whatever the person agrees to: the police found her."""
    listening(service)
    case_id = opened_case(service, **facts).case_id
    line = line_of(service, case_id, "comensha")
    sent(service)
    assert read_referral(partner(service, "comensha"), line.id).facts
    return case_id, line.id


def messages(service: Service) -> list[Mapping[str, Any]]:
    """Give what is sent now, as its recipient gets it."""
    return [json.loads(one.parcel.body) for one in prepared_all(service)]


def recalls(service: Service, case_id: UUID) -> tuple[RecallView, ...]:
    return holders(service, case_id)["comensha"].recalls


def test_cn_05_whom_the_police_found_stays_registered_and_what_stood_on_consent_is_given_back_by_name(
    service: Service, clock: FixedClock
) -> None:
    case_id, referral_id = read_by_comensha(service)

    says(service, case_id, placement="withdrawn", registration="withdrawn")

    told = holders(service, case_id)["comensha"]
    assert told.may_read
    assert [one.fact for one in told.fields if not one.stands_on] == SHELTER_FACTS
    [recalled] = told.recalls
    assert (recalled.whole, list(recalled.fields), recalled.state) == (False, SHELTER_FACTS, RecallState.TOLD)
    [message] = messages(service)
    assert message["type"] == "nl.verwijsmechanisme.gegevens.ingetrokken.v1"
    assert message["data"] == {
        "referralId": str(referral_id),
        "recallId": str(recalled.id),
        "fields": SHELTER_FACTS,
    }
    [inbox] = [one for one in list_referrals(partner(service, "comensha"), ListReferrals()).items if one.acknowledge_by]
    assert (inbox.id, list(inbox.recalled_fields)) == (referral_id, SHELTER_FACTS)

    until(service, clock, recalled.answer_by)
    assert recalls(service, case_id)[0].state is RecallState.UNANSWERED
    assert "recall_unanswered" in tasks_about(service, case_id, "comensha")
    acknowledge_recall(partner(service, "comensha"), referral_id, ERASED)
    assert recalls(service, case_id)[0].state is RecallState.ACKNOWLEDGED
    assert "recall_unanswered" not in tasks_about(service, case_id, "comensha")

    says(service, case_id, placement="given")
    assert recalls(service, case_id)[0].state is RecallState.LIFTED
    assert line_of(service, case_id, "comensha").deliveries[-1].kind is MessageKind.REFERRAL_SENT
    says(service, case_id, placement="withdrawn")
    # What was erased once has been read again, or could be.
    assert [one.state for one in recalls(service, case_id)] == [RecallState.LIFTED, RecallState.TOLD]


def standing_on_danger(service: Service) -> Service:
    """Give the house under rules by which CoMensha hears of health as long as somebody is in acute danger."""
    rules = service.rules()
    danger: Ground = rules.disclosure.grounds["acute_danger"]
    lines = tuple(
        replace(
            line,
            told=tuple(
                replace(one, grounds=(danger,)) if "psychological_problems" in one.names else one for one in line.told
            ),
        )
        for line in rules.disclosure.lines
    )
    other = replace(rules, disclosure=replace(rules.disclosure, lines=lines))
    return replace(service, rules=lambda: other)


@pytest.mark.only_on("sqlite")
def test_what_is_known_now_takes_the_ground_of_one_fact_and_only_that_one_is_given_back(service: Service) -> None:
    house = standing_on_danger(service)
    case_id, referral_id = read_by_comensha(house, acute_danger="yes")

    changed(house, case_id, acute_danger="no")

    assert [list(one.fields) for one in recalls(house, case_id)] == [["psychologicalProblems"]]
    read = read_referral(partner(house, "comensha"), referral_id)
    assert "psychological_problems" not in read.facts
    assert "residence" in read.facts
    changed(house, case_id, acute_danger="yes")
    assert "psychological_problems" in read_referral(partner(house, "comensha"), referral_id).facts
    assert [one.state for one in recalls(house, case_id)] == [RecallState.LIFTED]


@pytest.mark.only_on("postgresql")
def test_whoever_reads_while_a_ground_ends_is_told_so_like_everybody_who_had_read(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    line = line_of(service, case_id, "comensha")
    sent(service)
    said = list[str]()

    def shown_while_consent_ends(context: Context, work: UnitOfWork, referral: Referral) -> WhatIsRead:
        read = what_is_read(context, work, referral)
        with Session(service.system().database.writer) as session, suppress(DBAPIError):
            session.exec(select(Case).where(col(Case.id) == case_id).with_for_update(nowait=True)).one()
            session.rollback()
            says(service, case_id, placement="withdrawn")
            said.append("meanwhile")
        return read

    monkeypatch.setattr("service.casework.referrals.read_referral.what_is_read", shown_while_consent_ends)
    read = read_referral(partner(service, "comensha"), line.id)
    if not said:
        says(service, case_id, placement="withdrawn")

    assert "residence" in read.facts
    assert [list(one.fields) for one in recalls(service, case_id)] == [SHELTER_FACTS]


@pytest.mark.only_on("sqlite")
def test_when_more_loses_its_ground_one_answer_is_awaited_about_all_and_an_early_one_does_not_count_for_it(
    service: Service,
) -> None:
    house = standing_on_danger(service)
    case_id, referral_id = read_by_comensha(house, acute_danger="yes")
    changed(house, case_id, acute_danger="no")
    [first] = recalls(house, case_id)
    # Whoever goes on with its work still hears what it must give back.
    answers(house, line_of(house, case_id, "comensha"), Answer.ACCEPT)

    says(house, case_id, placement="withdrawn")

    before, now = recalls(house, case_id)
    assert (before.id, before.state) == (first.id, RecallState.REPLACED)
    assert (list(now.fields), now.state) == (["acuteDanger", *SHELTER_FACTS], RecallState.TOLD)
    with pytest.raises(IllegalTransition):
        acknowledge_recall(
            partner(house, "comensha"), referral_id, AcknowledgeRecall(outcome="erased", recall_id=first.id)
        )
    assert recalls(house, case_id)[1].state is RecallState.TOLD
    assert audit_bodies(house, case_id)[-2]["event"] == Event.RECALL_REFUSED
    assert [one["data"].get("recallId") for one in messages(house)] == [str(first.id)]
    changed(house, case_id, acute_danger="yes")
    assert [list(one.fields) for one in recalls(house, case_id)][1] == ["acuteDanger", "dublinClaimant", "residence"]
    acknowledge_recall(partner(house, "comensha"), referral_id, AcknowledgeRecall(outcome="erased", recall_id=now.id))
    assert tasks_about(house, case_id, "comensha") == {}

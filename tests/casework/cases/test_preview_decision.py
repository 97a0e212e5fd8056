"""Trying the rules keeps no fact, and still says that somebody tried."""

from datetime import date

import pytest
from sqlmodel import col, func, select

from service.access.roles import Role, ScopeMissing, caller
from service.audit.event import Event
from service.audit.tables import AuditEntry
from service.cases.tables import Case
from service.casework.cases.preview_decision import preview_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import PreviewDecision
from service.routing.facts.answers import AnswersRefused
from service.wiring import Service
from tests.factories import coordinator, opened_case, partner, told


def test_a_preview_is_the_decision_that_a_signal_would_get(service: Service) -> None:
    tried = preview_decision(coordinator(service), PreviewDecision(facts=told()))

    made = read_case(coordinator(service), opened_case(service).case_id).decisions[0].content
    assert tried.model_dump(exclude={"settled", "next_question"}) == made.model_dump()


def test_a_preview_of_another_day_uses_that_day(service: Service) -> None:
    tried = preview_decision(coordinator(service), PreviewDecision(facts=told(), on=date(2027, 3, 1)))

    assert (tried.on, tried.reflection_period.status) == (date(2027, 3, 1), "ended")


@pytest.mark.only_on("sqlite")
def test_a_preview_asks_what_decides_most_until_nothing_more_needs_to_be_asked(service: Service) -> None:
    nothing = preview_decision(coordinator(service), PreviewDecision(facts={}))
    bank = preview_decision(coordinator(service), PreviewDecision(facts={"indication": "no", "reporter": "bank"}))

    assert nothing.next_question is not None
    assert nothing.next_question.fact == "indication"
    assert set(nothing.next_question.question) == {"nl", "en"}
    assert "reflection_period" in bank.settled


def test_nothing_is_kept_of_a_preview_but_that_somebody_asked(service: Service) -> None:
    preview_decision(coordinator(service), PreviewDecision(facts=told(citizenship="stateless")))

    with service.database.look() as session:
        assert session.exec(select(func.count()).select_from(Case)).one() == 0
        asked = select(AuditEntry.body).where(col(AuditEntry.event) == Event.DECISION_PREVIEWED)
        (body,) = session.exec(asked)
    assert b"stateless" not in body
    assert service.rules().name.encode() in body


def test_whoever_writes_the_rules_may_try_them_and_a_partner_may_not(service: Service) -> None:
    owner = service.context(caller("owner-1", Role.POLICY_OWNER, "ministry"))

    assert preview_decision(owner, PreviewDecision(facts={})).rule_set == service.rules().name
    with pytest.raises(ScopeMissing):
        preview_decision(partner(service, "comensha"), PreviewDecision(facts={}))


def test_facts_that_cannot_be_understood_are_refused(service: Service) -> None:
    with pytest.raises(AnswersRefused):
        preview_decision(coordinator(service), PreviewDecision(facts={"citizenship": "martian"}))

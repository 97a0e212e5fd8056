"""Whoever may read a decision may ask why, and nobody asks unseen."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.audit.tables import AuditEntry
from service.cases.decisions import DecisionNotFound
from service.cases.lifecycle import DecisionState
from service.casework.cases.explain_decision import RulesNotKept, explain_decision
from service.casework.cases.read_cases import read_case
from service.casework.questions import ExplainDecision
from service.casework.views.explanation import ExplanationView, ToldToPersonView
from service.routing.explanation.explained import Audience
from service.routing.text.spoken import Language
from service.wiring import Service
from tests.factories import OTHER_OFFICE, coordinator, opened_case, partner
from tests.tampering import unguarded

BOTH = ExplainDecision()
TO_THE_PERSON = ExplainDecision(audience=Audience.PERSON, language=Language.EN)


def decided(service: Service) -> UUID:
    case = read_case(coordinator(service), opened_case(service).case_id)
    return case.decisions[-1].id


def test_a_decision_is_explained_from_the_facts_that_it_was_made_on(service: Service) -> None:
    decision_id = decided(service)

    explanation = explain_decision(coordinator(service), decision_id, BOTH)

    assert isinstance(explanation, ExplanationView)
    assert explanation.state is DecisionState.PROPOSED
    assert {row.row for table in explanation.tables for row in table.fired} >= {"RP-12", "SH-09"}
    assert any("RP-12" in sentence for part in explanation.text for sentence in part.sentences)
    with service.database.look() as session:
        entries = select(AuditEntry.body).where(col(AuditEntry.event) == Event.DECISION_EXPLAINED)
        (body,) = session.exec(entries)
    assert str(decision_id).encode() in body
    assert b"third_country" not in body


@pytest.mark.only_on("sqlite")
def test_the_person_reads_no_row_and_no_criteria(service: Service) -> None:
    explanation = explain_decision(coordinator(service), decided(service), TO_THE_PERSON)

    assert isinstance(explanation, ToldToPersonView)
    assert explanation.language is Language.EN
    assert explanation.parts[0].facts[0].told == "From outside the EU"
    assert not re.search("RP-|SH-|third_country|rule_set|ruleSet|sha256", explanation.model_dump_json())


@pytest.mark.only_on("sqlite")
def test_nobody_else_learns_that_there_is_such_a_decision(service: Service) -> None:
    decision_id = decided(service)

    with pytest.raises(DecisionNotFound):
        explain_decision(coordinator(service, OTHER_OFFICE), decision_id, BOTH)
    with pytest.raises(ScopeMissing):
        explain_decision(partner(service, "comensha"), decision_id, BOTH)


@pytest.mark.only_on("sqlite")
def test_a_decision_is_explained_by_the_rules_that_it_was_made_by(service: Service) -> None:
    decision_id = decided(service)
    table = service.rules().tables["shelter"]
    later = replace(service.rules(), digest="later", tables={"shelter": table})

    explanation = explain_decision(replace(coordinator(service), rules=lambda: later), decision_id, BOTH)

    assert isinstance(explanation, ExplanationView)
    assert explanation.rule_set == service.rules().name
    assert len(explanation.tables) == len(service.rules().tables)


@pytest.mark.only_on("sqlite")
def test_a_decision_by_rules_that_nobody_kept_is_not_explained_by_others(service: Service, database_url: str) -> None:
    decision_id = decided(service)
    with unguarded(database_url) as rows:
        rows.execute(text("UPDATE case_decision SET rule_set = 'nl@sha256:unheard-of'"))

    with pytest.raises(RulesNotKept):
        explain_decision(coordinator(service), decision_id, BOTH)

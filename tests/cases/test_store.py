"""A case, its facts and its decisions are found together or not at all."""

import pytest

from service.cases import decisions
from service.cases import store as cases
from service.kernel.ids import new_id
from service.wiring import Service
from tests.factories import OFFICE, OTHER_OFFICE, coordinator, opened_case, told


def test_a_case_is_seen_by_its_office_and_by_those_who_supervise_all(service: Service) -> None:
    case_id = opened_case(service).case_id
    with service.database.look() as session:
        assert cases.case_seen_by(session, case_id, OFFICE).id == case_id
        assert cases.case_seen_by(session, case_id, None).id == case_id
        with pytest.raises(cases.CaseNotFound):
            cases.case_seen_by(session, case_id, OTHER_OFFICE)


def test_facts_are_found_by_their_version(service: Service) -> None:
    case_id = opened_case(service).case_id
    with coordinator(service).work() as work:
        facts = cases.facts(work.session, case_id, 1)
        assert cases.told(work.vault, facts) == told()
    with service.database.look() as session, pytest.raises(cases.CaseNotFound):
        cases.facts(session, case_id, 2)


def test_a_decision_is_found_through_its_own_case_only(service: Service) -> None:
    one, other = opened_case(service).case_id, opened_case(service).case_id
    with coordinator(service).work() as work:
        (decision,) = decisions.decisions_of(work.session, one)
        assert decisions.decision_of(work.session, one, decision.id).id == decision.id
        for case_id, decision_id in ((other, decision.id), (one, new_id())):
            with pytest.raises(decisions.DecisionNotFound):
                decisions.decision_of(work.session, case_id, decision_id)


def test_what_was_told_and_what_was_decided_stand_sealed_in_their_rows(service: Service) -> None:
    case_id = opened_case(service).case_id
    with coordinator(service).work() as work:
        facts, (decision,) = cases.facts(work.session, case_id, 1), decisions.decisions_of(work.session, case_id)

        assert b"third_country" not in facts.given + decision.content
        assert decisions.content(work.vault, decision)["rule_set"] == service.rules().name
        assert work.vault.committed(case_id, decision.facts_digest, told())

"""A case is seen by those who work on it or supervise, and that it was seen is kept."""

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.cases.read_cases import read_case
from service.casework.trail.read_trail import read_trail
from service.kernel.ids import new_id
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner, told


def test_a_coordinator_sees_what_was_told_and_what_was_decided(service: Service) -> None:
    case = read_case(coordinator(service), opened_case(service).case_id)

    assert case.facts == told()
    assert case.decisions[0].content.rule_set == service.rules().name
    assert case.decisions[0].content.on.isoformat() == "2026-11-23"
    assert case.decisions[0].content.trace
    assert [one.fact for one in case.to_ask][:2] == ["reflection_used", "acute_danger"]
    assert all(one.partner_phone for one in case.referrals)


def test_who_looked_at_a_case_stands_in_its_trail(service: Service) -> None:
    case_id = opened_case(service).case_id
    read_case(auditor(service), case_id)

    last = read_trail(coordinator(service), case_id).entries[-1]
    assert (last.event, last.actor, last.org) == (Event.CASE_READ, "auditor-1", "inspectorate")


def test_another_office_does_not_see_the_case_and_cannot_tell_that_it_exists(service: Service) -> None:
    case_id = opened_case(service).case_id
    refusals = []
    for asked in (case_id, new_id()):
        with pytest.raises(CaseNotFound) as refused:
            read_case(coordinator(service, OTHER_OFFICE), asked)
        refusals.append(str(refused.value))

    assert refusals[0] == refusals[1]


def test_an_attempt_from_another_office_leaves_the_case_s_own_trail_alone(service: Service) -> None:
    case_id = opened_case(service).case_id
    with pytest.raises(CaseNotFound):
        read_case(coordinator(service, OTHER_OFFICE), case_id)

    assert all(entry.org != OTHER_OFFICE for entry in read_trail(auditor(service), case_id).entries)


def test_a_partner_does_not_see_cases(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        read_case(partner(service, "comensha"), opened_case(service).case_id)

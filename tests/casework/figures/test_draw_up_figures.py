"""The National Rapporteur gets figures of half a year: counted once, and so that they point at nobody."""

from datetime import timedelta

import pytest

from service.access.roles import Role, ScopeMissing, caller
from service.audit.event import Event
from service.casework.context import Context
from service.casework.figures.draw_up_figures import PeriodNotOver, draw_up_figures, list_figures, read_figures
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.figures.counting import PeriodNotUnderstood
from service.figures.store import FiguresNotFound
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import auditor, coordinator, opened_case, partner

PERIOD = "2026-H2"


def policy_owner(service: Service) -> Context:
    return service.context(caller("p-001", Role.POLICY_OWNER, "ministry"))


def test_a_half_year_is_counted_once_and_for_ever(service: Service, clock: FixedClock) -> None:
    women = [opened_case(service, gender="female").case_id for _ in range(6)]
    for age in (16, 30):
        opened_case(service, gender="male", age=age)
    clock.move(timedelta(days=40))

    found = draw_up_figures(policy_owner(service), PERIOD)

    assert found.cases == 8
    assert found.tables["age_and_gender"] == {"adult, female": None, "adult, male": None, "child, male": None}
    assert found.tables["reporter"] == {"police": 8}
    opened_case(service, gender="female")
    assert draw_up_figures(policy_owner(service), PERIOD) == found
    assert read_figures(coordinator(service), PERIOD) == found
    assert list_figures(auditor(service)).items == (found,)
    assert [entry.event for entry in read_trail(auditor(service), women[0]).entries].count(Event.CASE_COUNTED) == 1
    assert verify_log(auditor(service)).verified


def test_of_few_people_nothing_is_told(service: Service, clock: FixedClock) -> None:
    opened_case(service)
    clock.move(timedelta(days=40))

    found = draw_up_figures(policy_owner(service), PERIOD)

    assert found.cases is None
    assert set(map(len, found.tables.values())) == {0}


def test_a_period_that_runs_on_is_not_counted_and_neither_is_one_that_is_none(service: Service) -> None:
    with pytest.raises(PeriodNotOver):
        draw_up_figures(policy_owner(service), PERIOD)
    with pytest.raises(PeriodNotUnderstood):
        draw_up_figures(policy_owner(service), "2026")
    with pytest.raises(FiguresNotFound):
        read_figures(policy_owner(service), PERIOD)


def test_who_may_not_count_or_read_figures_does_not(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        draw_up_figures(coordinator(service), PERIOD)
    with pytest.raises(ScopeMissing):
        read_figures(partner(service, "comensha"), PERIOD)

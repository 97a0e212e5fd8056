"""The clocks of a case follow its decision, and keep what was."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.audit.event import Event
from service.cases import store as cases
from service.casework.cases.read_cases import read_case
from service.casework.deadlines.end_clocks import meet_clock, stop_clock
from service.casework.deadlines.plan_clocks import DueInThePast, Plan, plan_clock
from service.casework.trail.read_trail import read_trail
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.deadlines.tables import Deadline
from service.kernel.clock import local_day
from service.routing.facts.terms import Due
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.casework.clocks import changed, clock_of, clocks_of, until
from tests.doubles import FixedClock
from tests.factories import audit_bodies, coordinator, opened_case, stepped

RUNNING, CANCELLED, MET = DeadlineState.RUNNING, DeadlineState.CANCELLED, DeadlineState.MET


def shown(found: list[Deadline]) -> list[tuple[str, date]]:
    return [(one.kind, one.due) for one in found if one.state is RUNNING]


@pytest.mark.only_on("sqlite")
def test_a_case_runs_the_clocks_of_its_decision_and_none_is_shown_while_another_is_applied(
    service: Service,
) -> None:
    case_id = opened_case(service).case_id

    found = clocks_of(service, case_id)

    decided = read_case(coordinator(service), case_id).decisions[0].content.deadlines
    assert sorted(shown(found)) == sorted((one.kind, one.due) for one in decided if one.kind != "answer_due")
    end = next(one for one in found if one.kind == "reflection_end")
    assert (end.due, end.rule, end.anchor) == (date(2027, 2, 23), "DL-01", "reflection_end")
    assert end.rings_at.isoformat() == "2027-02-23T23:00:00+00:00"
    last_warning = max((one for one in found if one.kind == "reflection_warning"), key=lambda one: one.due)
    assert last_warning.rings_at.isoformat() == "2027-02-22T08:00:00+00:00"
    assert {one.rule_set for one in found} == {service.rules().name}
    assert [one["event"] for one in audit_bodies(service, case_id)].count(Event.DEADLINE_STARTED) == 1
    assert read_trail(coordinator(service), case_id).verified


def test_another_day_starts_a_clock_anew_and_the_former_day_is_kept(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = {one.id for one in clocks_of(service, case_id)}

    stepped(service, case_id, "accepted", "2026-11-20", explanation="Invented: another day.")

    after = clocks_of(service, case_id)
    ends = [one for one in after if one.kind == "reflection_end"]
    assert [(one.generation, one.state, one.due) for one in sorted(ends, key=lambda one: one.generation)] == [
        (1, CANCELLED, date(2027, 2, 23)),
        (2, RUNNING, date(2027, 2, 20)),
    ]
    untouched = [one for one in after if one.kind == "assessment" and one.rule == "AS-01"]
    assert {one.id for one in untouched} <= before
    assert read_trail(coordinator(service), case_id).verified


@pytest.mark.only_on("sqlite")
def test_what_the_rules_no_longer_ask_for_stops_and_starts_again_when_they_do(service: Service) -> None:
    case_id = opened_case(service).case_id
    stepped(service, case_id, "unknown_destination", "2026-11-23")
    assert "reflection_report" not in {kind for kind, _ in shown(clocks_of(service, case_id))}

    stepped(service, case_id, "unknown_destination", None, explanation="Invented: seen again.")

    reports = [one for one in clocks_of(service, case_id) if one.kind == "reflection_report"]
    assert sorted((one.due.month, one.generation, one.state) for one in reports) == [
        (1, 1, CANCELLED),
        (1, 2, RUNNING),
        (12, 1, CANCELLED),
        (12, 2, RUNNING),
    ]


@pytest.mark.only_on("sqlite")
def test_deciding_again_gives_nobody_more_time(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service, age=17).case_id
    (recheck,) = [one for one in clocks_of(service, case_id) if one.kind == "age_recheck"]

    clock.move(timedelta(days=3))
    changed(service, case_id, addiction="no")

    assert [one.id for one in clocks_of(service, case_id) if one.kind == "age_recheck"] == [recheck.id]


@pytest.mark.only_on("sqlite")
def test_any_act_can_plan_meet_and_stop_a_clock_of_its_own(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    due = Due(date(2026, 11, 27))

    def planned(key: str = "first", due: Due = due) -> UUID:
        with context.work() as work:
            case = cases.hold(work.session, case_id)
            return plan_clock(context, work, case, Plan("visit", "assumed", due, key)).id

    first = planned()
    assert planned() == first
    later = planned(due=Due(date(2026, 11, 30)))
    assert later != first
    other = planned(key="second")
    # A decision leaves alone what no decision asked for.
    changed(service, case_id, addiction="no")
    with pytest.raises(DueInThePast):
        planned(due=Due(date(2026, 11, 22)))
    with context.work() as work:
        case = cases.hold(work.session, case_id)
        assert meet_clock(context, work, case, ("visit", "first"), date(2026, 11, 23)) is True
        assert meet_clock(context, work, case, ("visit", "first"), date(2026, 11, 23)) is False
        assert stop_clock(context, work, case, ("visit", "second")) is True
        assert stop_clock(context, work, case, ("visit", "second")) is False
    states = {one.id: one for one in clocks_of(service, case_id) if one.kind == "visit"}
    assert {one: states[one].state for one in (first, later, other)} == {
        first: CANCELLED,
        later: MET,
        other: CANCELLED,
    }
    with context.work() as work:
        assert deadlines.day_met(work.vault, states[later]) == date(2026, 11, 23)
        assert deadlines.day_met(work.vault, states[other]) is None
    assert read_trail(context, case_id).verified


def test_what_was_missed_and_is_asked_for_again_rings_again(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    missed = clock_of(service, case_id, "health_check")
    until(service, clock, missed.rings_at)
    today = local_day(clock.now()).isoformat()

    stepped(service, case_id, "unknown_destination", today)
    assert desk_of(service, case_id, missed.id) == []
    stepped(service, case_id, "unknown_destination", None, explanation="Invented: it was somebody else.")

    again = deadlines.newest(clocks_of(service, case_id))[missed.kind, missed.key]
    assert (again.generation, again.state) == (2, RUNNING)
    until(service, clock, again.rings_at)
    assert desk_of(service, case_id, again.id) == ["deadline_missed"]


def test_nobody_warns_of_an_end_that_has_been(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    warning = clock_of(service, case_id, "reflection_warning")
    until(service, clock, warning.rings_at)
    assert desk_of(service, case_id, warning.id)

    stepped(service, case_id, "renounced", local_day(clock.now()).isoformat())

    assert desk_of(service, case_id, warning.id) == []


def desk_of(service: Service, case_id: UUID, deadline_id: UUID) -> list[str]:
    tasks = read_case(coordinator(service), case_id).tasks
    return [one.kind for one in tasks if one.deadline_id == deadline_id and one.state is TaskState.OPEN]

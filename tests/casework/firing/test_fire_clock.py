"""The time of a clock comes: what follows happens once, in order, and however late; then somebody goes on with it."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.cases import store as cases
from service.casework.cases.read_cases import read_case
from service.casework.commands.tasks import FinishTask
from service.casework.deadlines.plan_clocks import DueInThePast, Plan, plan_clock
from service.casework.deliveries.deliver_referrals import record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.trail.read_trail import read_trail
from service.casework.upkeep.true_clock import ClockDrifts, ClockWentBack
from service.casework.views.tasks import TaskView
from service.deadlines.lifecycle import DeadlineState
from service.kernel.clock import MovedClock
from service.routing.facts.answers import AnswersRefused
from service.routing.facts.terms import Due
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clock_of, clocks_of, until
from tests.casework.sending import TAKEN, prepared_all
from tests.doubles import FixedClock
from tests.factories import audit_bodies, coordinator, lines_for, listen_at, opened_case, stepped
from tests.side_by_side import side_by_side

END = "reflection_end"
A_SECOND = timedelta(seconds=1)


class Slow(FixedClock):
    """The clock of a machine that is three seconds slow."""

    def wall(self) -> datetime:
        """Give a time that is over."""
        return super().wall() - timedelta(seconds=3)


def _not_understood(*_: object) -> None:
    raise AnswersRefused


def open_tasks(service: Service, case_id: UUID, deadline_id: UUID | None = None) -> list[TaskView]:
    """Give the tasks that are open because of one clock, or of any."""
    found = [one for one in read_case(coordinator(service), case_id).tasks if one.state is TaskState.OPEN]
    return [one for one in found if one.deadline_id is not None and deadline_id in (None, one.deadline_id)]


def kinds(tasks: list[TaskView]) -> list[str]:
    return sorted(one.kind for one in tasks)


def said(service: Service, case_id: UUID, *events: Event) -> list[list[str]]:
    return [[it["id"] for it in one["objects"]] for one in audit_bodies(service, case_id) if one["event"] in events]


def test_the_last_day_counts_in_full_and_the_period_is_over_the_day_after(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    end = clock_of(service, case_id, END)

    until(service, clock, end.rings_at - A_SECOND)
    assert fire_clock(service.system(), end.id) is False
    assert read_case(coordinator(service), case_id).decisions[-1].content.reflection_period.status == "running"

    version = read_case(coordinator(service), case_id).version
    assert end.id in until(service, clock, end.rings_at)

    case = read_case(coordinator(service), case_id)
    period = case.decisions[-1].content.reflection_period
    assert (period.status, period.reason, case.version) == ("ended", "expired", version + 1)
    assert clock_of(service, case_id, END).state is DeadlineState.MET
    assert "exit_plan" in {one.kind for one in case.tasks if one.state is TaskState.OPEN}
    assert read_trail(coordinator(service), case_id).verified


@pytest.mark.only_on("sqlite")
def test_a_warning_reaches_the_owner_and_whoever_of_care_and_police_works_on_the_case(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    warnings = [one for one in clocks_of(service, case_id) if one.kind == "reflection_warning"]

    until(service, clock, warnings[0].rings_at)

    told = open_tasks(service, case_id, warnings[0].id)
    asked = {one.id: one.asked_as for one in read_case(coordinator(service), case_id).referrals}
    assert sorted((one.kind, asked.get(one.referral_id)) for one in told if one.referral_id) == [
        ("warn_partner", "care_coordinator")
    ]
    assert kinds([one for one in told if one.referral_id is None]) == ["reflection_ends_soon"]

    # When it ends on another day, nobody is busy with the former one any more.
    stepped(service, case_id, "accepted", "2026-11-20", explanation="Invented: another day.")
    assert open_tasks(service, case_id, warnings[0].id) == []


@pytest.mark.only_on("sqlite")
def test_a_partner_that_listens_is_warned_by_a_message_that_says_nothing_of_the_person(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    [line] = lines_for(service, case_id, "care_coordinator")
    listen_at(service.operator(), line.partner_id, "http://127.0.0.1:9/care")
    [warning] = [one for one in clocks_of(service, case_id) if one.kind == "reflection_warning"][:1]
    for sending in prepared_all(service):
        record(service.system(), sending, TAKEN)

    until(service, clock, warning.rings_at)

    assert kinds(open_tasks(service, case_id, warning.id)) == ["reflection_ends_soon"]
    bodies = [json.loads(one.parcel.body) for one in prepared_all(service)]
    [told] = [one for one in bodies if one["type"] == "nl.verwijsmechanisme.bedenktijd.eindigt.v1"]
    assert (told["subject"], told["data"]) == (str(line.id), {"referralId": str(line.id)})


@pytest.mark.only_on("sqlite")
def test_a_period_ends_although_the_rules_no_longer_understand_the_facts(
    service: Service, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = opened_case(service).case_id
    end = clock_of(service, case_id, END)
    until(service, clock, end.rings_at - A_SECOND)
    clock.move(A_SECOND)

    monkeypatch.setattr("service.casework.firing.acts.decide_again", _not_understood)
    assert fire_clock(service.system(), end.id) is True

    assert kinds(open_tasks(service, case_id, end.id)) == ["review_facts"]


@pytest.mark.only_on("sqlite")
def test_what_nobody_did_is_missed_and_climbs_until_somebody_acts(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    check = clock_of(service, case_id, "health_check")

    until(service, clock, check.rings_at)
    assert clock_of(service, case_id, "health_check").state is DeadlineState.MISSED
    assert kinds(open_tasks(service, case_id, check.id)) == ["deadline_missed"]

    until(service, clock, check.rings_at + timedelta(hours=24))
    assert kinds(open_tasks(service, case_id, check.id)) == ["deadline_missed", "escalate_to_care_coordinator"]

    for task in open_tasks(service, case_id, check.id):
        command = FinishTask(outcome=TaskOutcome.NOT_POSSIBLE)
        finish_task(coordinator(service), task.id, frozenset({task.version}), command)
    until(service, clock, check.rings_at + timedelta(hours=48))
    assert open_tasks(service, case_id, check.id) == []


@pytest.mark.only_on("sqlite")
def test_the_target_for_police_and_prosecutor_goes_to_both_at_once_and_changes_nothing_else(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(
        service, dublin_claimant="yes", reported_on="2026-11-23", reflection_choice=None, accepted_on=None
    ).case_id
    target = clock_of(service, case_id, "dublin_target")
    assert (target.rule, target.due.isoformat()) == ("DL-04", "2026-12-21")
    decided = len(read_case(coordinator(service), case_id).decisions)

    until(service, clock, target.rings_at + timedelta(days=3))

    assert kinds(open_tasks(service, case_id, target.id)) == [
        "deadline_missed",
        "escalate_to_comensha",
        "escalate_to_police",
    ]
    assert len(read_case(coordinator(service), case_id).decisions) == decided


def test_after_two_days_of_downtime_each_clock_rings_once_in_order_and_says_how_late(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    due = [one for one in clocks_of(service, case_id) if one.kind in {"health_check", "assessment"}]
    noticed = due[1].rings_at + timedelta(days=2)
    waiting = [one.id for one in clocks_of(service, case_id) if one.rings_at <= noticed]

    fired = until(service, clock, noticed)

    assert [one for one in fired if one in waiting] == waiting
    assert len(waiting) == len(set(fired) & set(waiting)) >= 2
    entries = said(service, case_id, Event.DEADLINE_MISSED, Event.DEADLINE_RANG)
    assert {one[0]: one[1] for one in entries if one[0] == str(due[1].id)} == {str(due[1].id): "PT172800S"}
    assert len(entries) == len(fired)
    assert due_clock(service.system()) is None


def test_ten_workers_at_once_let_each_clock_ring_once(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    check = clock_of(service, case_id, "health_check")
    clock.move(check.rings_at - clock.now())
    due = due_clock(service.system())
    assert due is not None

    ends = side_by_side(*[partial(fire_clock, service.system(), due)] * 10)

    assert sorted(ends, key=str) == [*[False] * 9, True]
    assert len(said(service, case_id, Event.DEADLINE_MISSED)) == 1
    assert len(open_tasks(service, case_id, due)) == 1
    assert read_trail(coordinator(service), case_id).verified


@pytest.mark.only_on("sqlite")
def test_what_facts_put_into_the_past_rings_at_once_and_is_late(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service, accepted_on="2026-10-25").case_id

    fired = until(service, clock, clock.now())

    found = {one.id: one for one in clocks_of(service, case_id)}
    assert {found[one].kind for one in fired} == {"coa_allowance_application", "health_check"}
    assert all(len(objects) == 2 for objects in said(service, case_id, Event.DEADLINE_MISSED))


@pytest.mark.only_on("sqlite")
def test_a_machine_whose_clock_is_wrong_lets_nothing_ring_and_no_person_may(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    check = clock_of(service, case_id, "health_check")
    clock.move(check.rings_at - clock.now())

    with pytest.raises(ClockDrifts):
        fire_clock(replace(service.system(), clock=Slow(clock.now())), check.id)
    with pytest.raises(ScopeMissing):
        fire_clock(coordinator(service), check.id)

    assert clock_of(service, case_id, "health_check").state is DeadlineState.RUNNING


@pytest.mark.only_on("sqlite")
def test_where_time_goes_back_nothing_rings_until_it_has_come_again(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    check, later = clock_of(service, case_id, "health_check"), clock_of(service, case_id, "assessment")
    rang = max(check.rings_at, later.rings_at)
    (first, *_) = until(service, clock, check.rings_at)
    before = read_case(coordinator(service), case_id)

    clock.move(-timedelta(days=2))

    assert due_clock(service.system()) is None
    with pytest.raises(ClockWentBack):
        fire_clock(service.system(), first)
    again = Plan(check.kind, check.rule, Due(check.due, check.due_at), check.key)
    with pytest.raises(DueInThePast), service.system().work() as work:
        plan_clock(service.system(), work, cases.hold(work.session, case_id), again)
    assert read_case(coordinator(service), case_id) == before
    # A rehearsal may be played again.
    rehearsal = replace(service.system(), clock=MovedClock(clock.now()))
    assert fire_clock(rehearsal, first) is False

    assert first not in until(service, clock, rang + timedelta(days=1))
    assert read_trail(coordinator(service), case_id).verified

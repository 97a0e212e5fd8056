"""A case whose decision asks for a clock has it, whatever happened before; where it has none, somebody notices."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import col, delete

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.commands.journal import RecordAbsence
from service.casework.commands.signals import ReceiveSignal
from service.casework.consent.record_consent import record_consent
from service.casework.deadlines.plan_clocks import Plan
from service.casework.deadlines.set_clocks import changes
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.casework.journal.record_absence import record_absence
from service.casework.signals.receive_signal import receive_signal
from service.casework.tasks.kinds import ACT_HINDERED, CLOCKS_WAIT
from service.casework.trail.read_trail import read_trail
from service.casework.views.deadlines import ClocksStarted
from service.database.sealing.kept_keys import KeptKey
from service.deadlines.lifecycle import LIFECYCLE, DeadlineEvent, DeadlineState
from service.deadlines.tables import Deadline
from service.journal.lifecycle import AbsenceKind
from service.kernel.clock import local_day
from service.kernel.ids import new_id
from service.routing.facts.terms import Due
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.casework.clocks import clock_of, clocks_of, until
from tests.doubles import FixedClock
from tests.factories import audit_bodies, coordinator, opened_case, said_about_consent, says, told

NOTHING: Final = ClocksStarted(cases=0, started=0)
DAY: Final = date(2026, 11, 23)
DECISION: Final = new_id()


def test_a_case_of_before_there_were_clocks_gets_those_of_its_decision_once(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    opened_case(service)
    before = {_asked(one) for one in clocks_of(service, case_id)}
    with service.database.writer.begin() as connection:
        connection.execute(delete(Deadline).where(Deadline.case_id == case_id))  # type: ignore[arg-type]

    assert reconcile_clocks(service.system()) == ClocksStarted(cases=1, started=len(before))
    assert reconcile_clocks(service.operator()) == NOTHING

    # With what they count from and how long, by which they move when they stand still.
    assert {_asked(one) for one in clocks_of(service, case_id)} == before
    assert [one["event"] for one in audit_bodies(service, case_id)].count(Event.DEADLINE_RECONCILED) == 1
    assert read_trail(coordinator(service), case_id).verified
    # What has rung is there and is not asked for again.
    until(service, clock, clock.now() + timedelta(days=40))
    assert reconcile_clocks(service.system()) == NOTHING
    with pytest.raises(ScopeMissing):
        reconcile_clocks(coordinator(service))


@pytest.mark.only_on("sqlite")
def test_behind_a_clock_that_went_back_what_protects_is_taken_and_only_the_clocks_wait(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service, consent={}).case_id
    says(service, case_id, registration="given")
    until(service, clock, clock_of(service, case_id, "health_check").rings_at)
    rang_on = local_day(clock.now())
    before = clocks_of(service, case_id)
    desk, said_on = coordinator(service), rang_on.isoformat()

    clock.move(-timedelta(days=40))

    # The day that people know is told, though this machine says that it is still to come.
    withdrawn = said_about_consent("registration", "withdrawn", said_on=said_on)
    record_consent(desk, case_id, _seen(service, case_id), withdrawn)
    record_consent(desk, case_id, _seen(service, case_id), said_about_consent("placement", "refused", said_on=said_on))
    record_absence(desk, case_id, _seen(service, case_id), RecordAbsence(on=rang_on, kind=AbsenceKind.OTHER))
    receive_signal(desk, ReceiveSignal(submission_key="invented-again-1", case_id=case_id, facts=told(addiction="yes")))

    facts = read_case(desk, case_id).facts
    assert facts["consent"] == {"registration": "withdrawn", "placement": "refused"}
    assert (facts["absent_now"], facts["absences_last_30_days"], facts["addiction"]) == ("yes", 1, "yes")
    assert clocks_of(service, case_id) == before
    assert _tasks(service, case_id, CLOCKS_WAIT) == [("clock-went-back", TaskState.OPEN)]
    assert reconcile_clocks(service.system()) == NOTHING

    clock.move(timedelta(days=40))

    reconcile_clocks(service.system())
    assert _tasks(service, case_id, CLOCKS_WAIT) == [("clock-went-back", TaskState.DONE)]
    assert read_case(desk, case_id).decisions[-1].content.on == rang_on
    assert reconcile_clocks(service.system()) == NOTHING
    assert read_trail(desk, case_id).verified


@pytest.mark.only_on("sqlite")
def test_a_case_that_nobody_can_read_is_told_of_once_and_the_others_get_their_clocks(service: Service) -> None:
    destroyed, gone, other = (opened_case(service).case_id for _ in range(3))
    with service.database.writer.begin() as connection:
        connection.execute(delete(Deadline))
        connection.execute(delete(KeptKey).where(col(KeptKey.owner) == destroyed))
        connection.execute(update(KeptKey).where(col(KeptKey.owner) == gone).values(epoch="of-another-house"))

    started = [reconcile_clocks(service.system()).cases for _ in range(2)]

    assert started == [1, 0]
    assert clocks_of(service, other)
    assert _tasks(service, destroyed, ACT_HINDERED) == [("key-destroyed", TaskState.OPEN)]
    assert _tasks(service, gone, ACT_HINDERED) == [("wrapping-key-gone", TaskState.OPEN)]


def _seen(service: Service, case_id: UUID) -> frozenset[int]:
    return frozenset({read_case(coordinator(service), case_id).version})


def _tasks(service: Service, case_id: UUID, kind: str) -> list[tuple[str, TaskState]]:
    with service.database.look() as session:
        return [(one.rule, one.state) for one in tasks.tasks_of(session, [case_id]) if one.kind == kind]


def _asked(one: Deadline) -> tuple[object, ...]:
    return one.kind, one.key, one.due, one.anchor, one.term, one.rings_at


LISTED = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.integers(0, 3), max_size=3)
HAPPENED = st.sampled_from([None, *DeadlineEvent])


@given(steps=st.lists(st.tuples(LISTED, HAPPENED), min_size=1, max_size=8), anchored=st.booleans())
def test_after_any_sequence_of_changes_each_clock_asked_for_is_there_and_no_other_runs(
    steps: list[tuple[dict[str, int], DeadlineEvent | None]], *, anchored: bool
) -> None:
    known: dict[tuple[str, str], Deadline] = {}
    for listed, happened in steps:
        wanted = [_plan(key, days, anchored=anchored) for key, days in listed.items()]

        over, new = changes(known, wanted)

        for one in over:
            one.state = LIFECYCLE.get((one.state, DeadlineEvent.CANCEL), one.state)
        known |= {plan.name: _started(plan, former) for plan, former in new}
        counting = {name for name, one in known.items() if one.state is not DeadlineState.CANCELLED}
        assert {plan.name for plan in wanted} <= counting
        running = {name for name, one in known.items() if one.state is DeadlineState.RUNNING}
        assert running <= {plan.name for plan in wanted}
        assert changes(known, wanted)[1] == []
        for one in known.values():
            _happen(one, happened)


def _plan(key: str, days: int, *, anchored: bool) -> Plan:
    anchor = "decided_on" if anchored else "received"
    return Plan("kind", "rule", Due(DAY + timedelta(days)), key, anchor=anchor, decision_id=DECISION)


def _started(plan: Plan, former: Deadline | None) -> Deadline:
    return Deadline(
        id=new_id(),
        case_id=DECISION,
        org="office-north",
        kind=plan.kind,
        key=plan.key,
        generation=1 if former is None else former.generation + 1,
        rule=plan.rule,
        rule_set="nl",
        decision_id=plan.decision_id,
        set_for=plan.due.day,
        due=plan.due.day,
        rings_at=plan.due.over_at,
        owner="office-north",
        state=DeadlineState.RUNNING,
        started_at=plan.due.over_at,
    )


def _happen(one: Deadline, event: DeadlineEvent | None) -> None:
    following = None if event is None else LIFECYCLE.get((one.state, event))
    if following is not None and event is not DeadlineEvent.CANCEL:
        one.state = following
        one.met = b"sealed" if event is DeadlineEvent.MEET else one.met

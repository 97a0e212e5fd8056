"""A case whose decision asks for a clock has it, whatever happened before; where it has none, somebody notices."""

from datetime import date, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import delete

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.deadlines.plan_clocks import Plan
from service.casework.deadlines.reconcile_clocks import reconcile_clocks
from service.casework.deadlines.set_clocks import changes
from service.casework.trail.read_trail import read_trail
from service.casework.views.deadlines import ClocksStarted
from service.deadlines.lifecycle import LIFECYCLE, DeadlineEvent, DeadlineState
from service.deadlines.tables import Deadline
from service.kernel.ids import new_id
from service.routing.facts.terms import Due
from service.wiring import Service
from tests.casework.clocks import clocks_of, until
from tests.doubles import FixedClock
from tests.factories import audit_bodies, coordinator, opened_case

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

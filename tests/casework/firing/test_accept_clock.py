"""A clock was far ahead and is right again: an operator lets time go on, and nothing is silently wrong."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import SYSTEM_STREAM, Event
from service.casework.cases.read_cases import read_case
from service.casework.firing.accept_clock import ClockReason, NothingAhead, accept_clock
from service.casework.firing.fire_clock import fire_clock
from service.casework.tasks.kinds import RANG_EARLY
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.upkeep.true_clock import ClockDrifts, ClockWentBack
from service.wiring import Service
from tests.casework.clocks import clock_of, clocks_of, until
from tests.casework.firing.test_fire_clock import Slow
from tests.doubles import FixedClock
from tests.factories import audit_bodies, auditor, coordinator, opened_case

REASON = ClockReason.TIME_SOURCE


def test_what_rang_ahead_stays_rung_is_looked_at_by_a_person_and_holds_nothing_back(
    service: Service, clock: FixedClock
) -> None:
    case_id, other = opened_case(service).case_id, opened_case(service).case_id
    begun = clock.now()
    check = clock_of(service, case_id, "health_check")
    clock.move(timedelta(days=4000))
    assert fire_clock(service.system(), check.id) is True
    ahead = clock.now()
    clock.move(begun - ahead)
    rung = clock_of(service, case_id, "health_check").state
    later = next(one for one in clocks_of(service, other) if one.fired_at is None)
    with pytest.raises(ClockWentBack):
        fire_clock(service.system(), later.id)
    with pytest.raises(ClockDrifts):
        accept_clock(replace(service.operator(), clock=Slow(clock.now())), REASON)
    with pytest.raises(ScopeMissing):
        accept_clock(coordinator(service), REASON)

    done = accept_clock(service.operator(), REASON)

    assert (done.rang, done.cases, done.newest) == (1, 1, ahead)
    assert clock_of(service, case_id, "health_check").state is rung
    assert [one.rule for one in read_case(coordinator(service), case_id).tasks if one.kind == RANG_EARLY] == [REASON]
    assert RANG_EARLY not in {one.kind for one in read_case(coordinator(service), other).tasks}
    assert Event.CLOCK_ACCEPTED in {one["event"] for one in audit_bodies(service, SYSTEM_STREAM)}
    assert later.id in until(service, clock, later.rings_at)
    with pytest.raises(NothingAhead):
        accept_clock(service.operator(), REASON)
    assert read_trail(coordinator(service), case_id).verified
    assert verify_log(auditor(service)).breaks == ()

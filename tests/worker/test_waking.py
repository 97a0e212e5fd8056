"""The loop notices every silence by itself, outlives what hinders one of them, and stops when it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from service.casework.cases.read_cases import read_case
from service.casework.context import Context
from service.casework.deliveries.warn_of_late_delivery import late_delivery
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.tasks.kinds import ACT_HINDERED, DEADLINE_MISSED, IN_TROUBLE
from service.referrals.lifecycle import ReferralState
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from service.worker.waking import PATIENCE as TRIES
from service.worker.waking import wake
from tests.casework.clocks import clock_of
from tests.casework.sending import delivery_to, desk, listening, time_to_warning
from tests.doubles import FixedClock
from tests.factories import coordinator, lines_for, opened_case
from tests.waiting import until

PATIENCE = 20.0


@asynccontextmanager
async def waking(*services: Service) -> AsyncIterator[None]:
    stop = asyncio.Event()
    loops = [asyncio.create_task(wake(one.system(), stop, pause=0.02)) for one in services]
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(asyncio.gather(*loops), PATIENCE)


async def until_nobody_is_overdue(service: Service) -> None:
    await asyncio.to_thread(until, lambda: overdue(service.system()) is None, "nobody is overdue")


def expired(service: Service, case_id: UUID) -> int:
    return [line.state for line in lines_for(service, case_id, "emm")].count(ReferralState.EXPIRED)


async def test_what_is_overdue_expires_and_what_becomes_so_later_too(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    async with waking(service):
        clock.move(timedelta(days=5))
        await until_nobody_is_overdue(service)
        assert expired(service, case_id) == 1
        clock.move(timedelta(days=5))
        await until_nobody_is_overdue(service)
    assert expired(service, case_id) == 2


async def test_several_workers_act_once_on_one_silence(service: Service, clock: FixedClock) -> None:
    case_ids = [opened_case(service).case_id for _ in range(3)]
    clock.move(timedelta(days=5))

    async with waking(service, service, service):
        await until_nobody_is_overdue(service)

    assert [len(lines_for(service, case_id, "emm")) for case_id in case_ids] == [2, 2, 2]


async def test_a_message_that_is_late_is_noticed_too(service: Service, clock: FixedClock) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    clock.move(time_to_warning(service, delivery_to(service, case_id)))
    async with waking(service):
        await asyncio.to_thread(until, lambda: late_delivery(service.system()) is None, "nothing is late")
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OPEN): 1}


async def test_a_clock_of_a_case_is_noticed_too(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    assessment = clock_of(service, case_id, "assessment")
    clock.move(assessment.rings_at - clock.now())
    async with waking(service, service):
        await asyncio.to_thread(until, lambda: due_clock(service.system()) is None, "no clock is due")
    opened = [one for one in read_case(coordinator(service), case_id).tasks if one.kind == DEADLINE_MISSED]
    assert [one.deadline_id for one in opened] == [assessment.id]


async def test_one_that_fails_and_a_database_that_is_away_hinder_nobody_else(
    service: Service, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hindered, other = (opened_case(service).case_id for _ in "ab")
    (line,) = lines_for(service, hindered, "emm")
    clock.move(timedelta(days=5))
    failures = [OperationalError("a statement with a name in it", {}, Exception())] * 2

    def failing(context: Context, referral_id: UUID) -> bool:
        if referral_id == line.id and failures:
            raise failures.pop()
        return escalate_silence(context, referral_id)

    monkeypatch.setattr("service.worker.waking.escalate_silence", failing)
    async with waking(service):
        await until_nobody_is_overdue(service)

    assert expired(service, hindered) == expired(service, other) == 1
    assert [one.getMessage() for one in caplog.records] == [
        f"the silence about {line.id} could not be acted on: OperationalError"
    ] * 2


@pytest.mark.only_on("sqlite")
async def test_a_clock_that_fails_again_and_again_is_on_a_desk_once_until_it_rings(
    service: Service, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = opened_case(service).case_id
    assessment = clock_of(service, case_id, "assessment")
    clock.move(assessment.rings_at - clock.now())
    failures = [KeyError("a fact of the person")] * (3 * TRIES)

    def failing(context: Context, deadline_id: UUID) -> bool:
        if deadline_id == assessment.id and failures:
            raise failures.pop()
        return fire_clock(context, deadline_id)

    monkeypatch.setattr("service.worker.waking.fire_clock", failing)
    async with waking(service, service):
        await asyncio.to_thread(until, lambda: due_clock(service.system()) is None, "no clock is due")

    because = [one for one in read_case(coordinator(service), case_id).tasks if one.deadline_id == assessment.id]
    assert [(one.kind, one.rule, one.state) for one in because] == [
        (ACT_HINDERED, "unexpected", TaskState.OBSOLETE),
        (DEADLINE_MISSED, assessment.rule, TaskState.OPEN),
    ]

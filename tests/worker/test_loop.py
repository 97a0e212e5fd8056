"""The loop sends what is due without being asked, survives trouble, and stops when it is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from service.casework.cases.read_cases import read_case
from service.casework.deliveries.deliver_referrals import prepare
from service.dispatch.outcome import Category, Outcome
from service.dispatch.parcel import Parcel, Send
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from service.worker.loop import Deliveries, deliver
from tests.doubles import ScriptedSend
from tests.factories import coordinator, listen_at, opened_case
from tests.waiting import until

LEASE = timedelta(minutes=1)
PATIENCE = 20.0


@asynccontextmanager
async def working(service: Service, send: Send) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(deliver(Deliveries(service.system(), send, LEASE, longest_pause=0.05), stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


async def until_delivered(service: Service, case_id: UUID, partner_id: str = "comensha") -> None:
    def is_delivered() -> bool:
        lines = read_case(coordinator(service), case_id).referrals
        return all(line.state is ReferralState.DELIVERED for line in lines if line.partner_id == partner_id)

    await asyncio.to_thread(until, is_delivered, f"the referral to {partner_id} is delivered")


async def test_what_is_due_is_sent_and_what_comes_in_later_too(service: Service) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    send = ScriptedSend()
    before = opened_case(service).case_id
    async with working(service, send):
        await until_delivered(service, before)
        later = await asyncio.to_thread(opened_case, service)
        await until_delivered(service, later.case_id)
    assert len(send.parcels) == 2


async def test_told_to_stop_it_finishes_what_is_under_way_and_starts_nothing(service: Service) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    case_id = opened_case(service).case_id
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(parcel: Parcel) -> Outcome:
        started.set()
        await go_on.wait()
        return Outcome(Category.TAKEN, 202, 5)

    async with working(service, slow) as stop:
        await asyncio.wait_for(started.wait(), PATIENCE)
        stop.set()
        another = await asyncio.to_thread(opened_case, service)
        go_on.set()
    await until_delivered(service, case_id)
    lines = read_case(coordinator(service), another.case_id).referrals
    assert {one.attempts for line in lines for one in line.deliveries} == {0}


async def test_a_slow_partner_does_not_hold_up_another(service: Service) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/comensha")
    released = asyncio.Event()

    async def send(parcel: Parcel) -> Outcome:
        if parcel.url.endswith("comensha"):
            await released.wait()
        return Outcome(Category.TAKEN, 202, 5)

    case_id = opened_case(service).case_id
    asked = {line.partner_id for line in read_case(coordinator(service), case_id).referrals if line.deliveries}
    other = min(asked - {"comensha"})
    listen_at(service.operator(), other, "http://127.0.0.1:9/other")
    async with working(service, send):
        await until_delivered(service, case_id, other)
        released.set()
        await until_delivered(service, case_id)


async def test_the_loop_outlives_a_database_that_is_away(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    case_id = opened_case(service).case_id
    failures = [OperationalError("a statement with a name in it", {}, Exception())] * 2

    def failing(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return prepare(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("service.worker.loop.prepare", failing)
    async with working(service, ScriptedSend()):
        await until_delivered(service, case_id)
    assert [record.getMessage() for record in caplog.records] == ["nothing could be claimed: OperationalError"] * 2

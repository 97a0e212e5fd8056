"""The loops run together, in a thread beside whatever else the process does, and their death is felt."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from service.casework.cases.read_cases import read_case
from service.dispatch.outcome import Category, Outcome
from service.dispatch.parcel import Parcel, Send
from service.kernel.pulse import Felt, Pulse
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from service.worker.loop import Deliveries
from service.worker.running import WorkerInside
from tests.doubles import ScriptedSend
from tests.factories import coordinator, listen_at, opened_case
from tests.waiting import PATIENCE, until

NEVER_BY_ITSELF = 3600.0

Begin = Callable[[Send], WorkerInside]


@pytest.fixture
def pulse() -> Pulse:
    return Pulse()


@pytest.fixture
def begin(service: Service, pulse: Pulse) -> Iterator[Begin]:
    """Start a worker that looks again only when it is woken, and stop it when the test is over."""
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    begun = list[WorkerInside]()

    def begin(send: Send) -> WorkerInside:
        deliveries = Deliveries(service.system(), send, timedelta(minutes=1), NEVER_BY_ITSELF, pulse=pulse)
        begun.append(WorkerInside(deliveries))
        begun[-1].start()
        return begun[-1]

    yield begin
    for worker in begun:
        worker.stop()


def test_what_an_act_of_this_process_queues_is_sent_without_waiting_for_the_next_look(
    service: Service, begin: Begin, pulse: Pulse
) -> None:
    send = ScriptedSend()
    begin(send)
    for count in range(1, 4):
        opened_case(service)
        until(partial(is_sent, send, count), "the message is sent")
    assert pulse.felt() is Felt.BEATING


def is_sent(send: ScriptedSend, count: int) -> bool:
    return len(send.parcels) == count


def test_it_is_stopped_when_what_was_under_way_is_written_down(service: Service, begin: Begin) -> None:
    started, go_on = threading.Event(), threading.Event()

    async def slow(_: Parcel) -> Outcome:
        started.set()
        await asyncio.to_thread(go_on.wait)
        return Outcome(Category.TAKEN, 202, 5)

    case_id = opened_case(service).case_id
    worker = begin(slow)
    assert started.wait(PATIENCE)
    worker.tell_to_stop()
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert stopping.is_alive()
    go_on.set()
    stopping.join(PATIENCE)

    assert not stopping.is_alive()
    lines = read_case(coordinator(service), case_id).referrals
    assert [line.state for line in lines if line.partner_id == "comensha"] == [ReferralState.DELIVERED]


def test_a_worker_that_was_never_started_is_stopped_at_once(service: Service) -> None:
    WorkerInside(Deliveries(service.system(), ScriptedSend(), timedelta(minutes=1))).stop()


@pytest.mark.parametrize("loop", ["deliver", "seal", "sweep"])
def test_when_one_loop_dies_all_end_and_it_is_felt(
    begin: Begin, pulse: Pulse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, loop: str
) -> None:
    async def dying(*_: object) -> None:
        message = "a text with a name in it"
        raise RuntimeError(message)

    monkeypatch.setattr(f"service.worker.running.{loop}", dying)
    worker = begin(ScriptedSend())

    until(lambda: pulse.felt() is Felt.SILENT, "the end is felt")
    worker.stop()
    assert [record.getMessage() for record in caplog.records] == [
        "the worker has died and nothing is sent: ExceptionGroup"
    ]

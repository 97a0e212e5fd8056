"""Writers take turns in order of arrival."""

from functools import partial
from threading import Event, Thread

import pytest

from service.database import turns
from service.database.turns import Turns
from service.kernel.errors import Unavailable
from tests.waiting import until


def test_whoever_came_first_writes_first() -> None:
    queue, order = Turns(), []
    writers: list[Thread] = []

    def write(number: int) -> None:
        queue.take()
        order.append(number)
        queue.hand_on()

    queue.take()
    for number in range(5):
        writers.append(Thread(target=write, args=(number,)))
        writers[-1].start()
        until(partial(has_waiting, queue, number + 1), "the writer waits")
    queue.hand_on()
    for writer in writers:
        writer.join()

    assert order == [0, 1, 2, 3, 4]


def test_whoever_waits_too_long_is_asked_to_come_back_and_loses_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    queue = Turns()
    refused: list[Unavailable] = []

    def write() -> None:
        try:
            queue.take()
        except Unavailable as refusal:
            refused.append(refusal)

    queue.take()
    late = Thread(target=write)
    late.start()
    late.join()
    queue.hand_on()
    queue.take()

    assert len(refused) == 1


def test_a_turn_that_nobody_waits_for_stays_with_its_holder() -> None:
    queue, taken = Turns(), Event()
    queue.take()
    assert not queue.pass_on()

    def write() -> None:
        queue.take()
        taken.set()

    next_writer = Thread(target=write)
    next_writer.start()
    until(partial(has_waiting, queue, 1), "the writer waits")
    assert not taken.is_set()
    assert queue.pass_on()
    next_writer.join()
    assert taken.is_set()


def has_waiting(queue: Turns, writers: int) -> bool:
    return len(queue._waiting) == writers

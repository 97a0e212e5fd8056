"""Writers take turns in order of arrival."""

from functools import partial
from threading import Thread

import pytest

from service.database import turns
from service.database.turns import Turns
from service.kernel.errors import Unavailable
from tests.waiting import until


def test_whoever_came_first_writes_first() -> None:
    queue, order = Turns(), []
    writers: list[Thread] = []

    def write(number: int) -> None:
        with queue.turn():
            order.append(number)

    with queue.turn():
        for number in range(5):
            writers.append(Thread(target=write, args=(number,)))
            writers[-1].start()
            until(partial(has_waiting, queue, number + 1), "the writer waits")
    for writer in writers:
        writer.join()

    assert order == [0, 1, 2, 3, 4]


def test_whoever_waits_too_long_is_asked_to_come_back_and_loses_no_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    queue = Turns()
    refused: list[Unavailable] = []

    def write() -> None:
        try:
            with queue.turn():
                pass
        except Unavailable as refusal:
            refused.append(refusal)

    with queue.turn():
        late = Thread(target=write)
        late.start()
        late.join()
    with queue.turn():
        pass

    assert len(refused) == 1


def test_a_writer_that_fails_hands_its_turn_on() -> None:
    queue = Turns()
    with pytest.raises(ZeroDivisionError), queue.turn():
        raise ZeroDivisionError

    with queue.turn():
        pass


def has_waiting(queue: Turns, writers: int) -> bool:
    return len(queue._waiting) == writers

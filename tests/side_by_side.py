"""Several acts at the same moment, each in a thread of its own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import TypeVar

T = TypeVar("T")


def side_by_side(*acts: Callable[[], T]) -> list[T | Exception]:
    """Start acts at the same moment and give what each returned or raised, in the order of the acts."""
    start, ended = Barrier(len(acts)), dict[int, T | Exception]()

    def run(number: int, act: Callable[[], T]) -> None:
        start.wait()
        try:
            ended[number] = act()
        except Exception as failure:  # noqa: BLE001 -- whatever it is, the test looks at it
            ended[number] = failure

    threads = [Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[number] for number in range(len(acts))]

"""One writer at a time, in order of arrival: SQLite's busy timeout is no queue and starves somebody."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from service.kernel.errors import Unavailable

PATIENCE: Final = 30.0
"""Seconds that a writer waits for its turn before the caller is asked to come back."""


class Turns:
    """A lock whose holder hands it to whoever waits longest."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, hold it, and hand it on.

        Raises:
            Unavailable: the turn did not come in time.
        """
        self._take()
        try:
            yield
        finally:
            self._hand_on()

    def _take(self) -> None:
        mine = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._waiting.append(mine)
        if mine.wait(PATIENCE):
            return
        with self._guard:
            if mine.is_set():
                return
            self._waiting.remove(mine)
        detail = "Too many changes are waiting."
        raise Unavailable(detail)

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

"""One writer at a time, in order of arrival: SQLite's busy timeout is no queue and starves somebody."""

import threading
from collections import deque
from typing import Final

from service.kernel.errors import Unavailable

PATIENCE: Final = 30.0
"""Seconds that a writer waits for its turn before the caller is asked to come back."""


class Turns:
    """A lock whose holder hands it to whoever waits longest, and can tell whether anybody does."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self) -> None:
        """Wait for a turn; whoever gets it must pass or hand it on.

        Raises:
            Unavailable: the turn did not come in time.
        """
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

    def pass_on(self) -> bool:
        """Give the turn to whoever waits longest; when nobody does, say so and keep it."""
        with self._guard:
            return self._wake_next()

    def hand_on(self) -> None:
        """Give the turn to whoever waits longest, or to whoever comes next."""
        with self._guard:
            self._taken = self._wake_next()

    def _wake_next(self) -> bool:
        if not self._waiting:
            return False
        self._waiting.popleft().set()
        return True

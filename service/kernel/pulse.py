"""Whether that part of a process is alive which nobody calls and which therefore nobody would miss."""

import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

LONGEST_SILENCE: Final = 60.0
"""Seconds without a beat after which something stands still; nothing that it waits for takes as long."""


class Felt(StrEnum):
    """What can be felt of a pulse."""

    ELSEWHERE = "elsewhere"
    """Nothing runs by itself in this process, and nothing is meant to."""

    BEATING = "beating"
    SILENT = "silent"
    """It has died or stands still, and the process should be replaced."""


class Pulse:
    """Beaten again and again by what runs by itself, and felt by whoever is asked whether the process is well."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        """Expect nothing before the first beat.

        Args:
            seconds: a clock that never jumps.
        """
        self._seconds = seconds
        self._last: float | None = None
        self._is_over = False

    def beat(self) -> None:
        """Say that all is well just now."""
        self._last = self._seconds()

    def end(self) -> None:
        """Say that no beat will come any more."""
        self._is_over = True

    def felt(self) -> Felt:
        """Say what can be felt now."""
        if self._is_over:
            return Felt.SILENT
        if self._last is None:
            return Felt.ELSEWHERE
        return Felt.BEATING if self._seconds() - self._last <= LONGEST_SILENCE else Felt.SILENT

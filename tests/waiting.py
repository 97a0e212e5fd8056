"""Waiting for something that another process or thread does: until it holds, and never for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 30.0
"""Seconds after which something that should have happened has not."""

_LOOK_AGAIN = 0.02


def until(look: Callable[[], T | None], what: str, *, seconds: float = PATIENCE) -> T:
    """Look until there is something to see and give it; what is not there yet may be false or a refused connection."""
    deadline = time.monotonic() + seconds
    tick = threading.Event()
    while True:
        try:
            seen = look()
        except OSError as failure:
            seen, trouble = None, repr(failure)
        else:
            trouble = f"last seen: {seen!r}"
        if seen:
            return seen
        if time.monotonic() > deadline:
            message = f"in {seconds:.0f} s this did not happen: {what} ({trouble})"
            raise AssertionError(message)
        tick.wait(_LOOK_AGAIN)

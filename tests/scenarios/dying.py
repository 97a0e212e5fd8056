"""Runs a command of `nrm` that ends or stands still at a named call: `python -m tests.scenarios.dying POINT COMMAND…`.

A point is `module:function:before|after:N`, where N counts the calls; `stop:` in front of it makes the process stand
still there instead of dying. The production code knows nothing of this.
"""

import importlib
import itertools
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial

from service.cli.main import main

STANDING_STILL = "stop:"


def arm(point: str, tell: Callable[[], object] = lambda: None) -> None:
    """Put a deadly wrapper around a function or method, or one that tells and lets the process stand still."""
    end = partial(stand_still, tell) if point.startswith(STANDING_STILL) else die
    module, name, when, number = point.removeprefix(STANDING_STILL).split(":")
    *path, last = name.split(".")
    owner: object = importlib.import_module(module)
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, last, deadly(getattr(owner, last), when, int(number), end))


def deadly(really: Callable[..., object], when: str, number: int, end: Callable[[], None]) -> Callable[..., object]:
    """Wrap a function so that the process ends just before or after its n-th call."""
    calls = itertools.count(1)

    def wrapped(*arguments: object, **named: object) -> object:
        is_the_one = next(calls) == number
        if is_the_one and when == "before":
            end()
        result = really(*arguments, **named)
        if is_the_one and when == "after":
            end()
        return result

    return wrapped


def die() -> None:
    """Leave without any goodbye, as after a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


def stand_still(tell: Callable[[], object]) -> None:
    """Stop in the middle, as a suspended machine does; whoever wakes it lets it go on as if nothing had happened."""
    tell()
    # Sent to the process, the signal would let this thread go on until another has taken it.
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


if __name__ == "__main__":
    arm(sys.argv[1])
    del sys.argv[1]
    main()

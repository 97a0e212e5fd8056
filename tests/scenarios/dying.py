"""Runs a command of `nrm` that kills itself at a named call: `python -m tests.scenarios.dying POINT COMMAND…`.

A point is `module:function:before|after:N`, where N counts the calls. The production code knows nothing of this.
"""

import importlib
import itertools
import os
import signal
import sys
from collections.abc import Callable

from service.cli.main import main


def arm(point: str) -> None:
    """Put a deadly wrapper around a function or method."""
    module, name, when, number = point.split(":")
    *path, last = name.split(".")
    owner: object = importlib.import_module(module)
    for part in path:
        owner = getattr(owner, part)
    setattr(owner, last, deadly(getattr(owner, last), when, int(number)))


def deadly(really: Callable[..., object], when: str, number: int) -> Callable[..., object]:
    """Wrap a function so that the process dies by SIGKILL just before or after its n-th call."""
    calls = itertools.count(1)

    def wrapped(*arguments: object, **named: object) -> object:
        is_the_one = next(calls) == number
        if is_the_one and when == "before":
            die()
        result = really(*arguments, **named)
        if is_the_one and when == "after":
            die()
        return result

    return wrapped


def die() -> None:
    """Leave without any goodbye, as after a power cut."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    arm(sys.argv[1])
    del sys.argv[1]
    main()

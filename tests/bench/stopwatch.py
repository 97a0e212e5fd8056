"""Measures side by side: every round asks everybody once, so that a busy neighbour slows all of them alike."""

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median

Calls = Sequence[Callable[[], object]]
Laps = Mapping[str, list[float]]


def laps(calls: Mapping[str, Calls], rounds: int) -> Laps:
    """Give the microseconds of processor time per call, for everybody and every round.

    Args:
        calls: what to time, by name.
        rounds: how often everybody is timed.
    """
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, theirs in calls.items():
            found[name].append(_spent(theirs))
    return found


def middle(found: Laps) -> dict[str, float]:
    """Give everybody's median."""
    return {name: median(times) for name, times in found.items()}


def ratio(found: Laps, slow: str, fast: str) -> float:
    """Give how many times longer one takes than another: the median of the ratios within each round."""
    return median(one / other for one, other in zip(found[slow], found[fast], strict=True))


def _spent(calls: Calls) -> float:
    gc.collect()
    gc.disable()
    # Who ran before leaves the processor's caches full of other things; the first time round is not counted.
    for call in calls:
        call()
    started = time.process_time()
    for call in calls:
        call()
    spent = time.process_time() - started
    gc.enable()
    return spent / len(calls) * 1e6

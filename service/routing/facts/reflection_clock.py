"""The clock of the reflection period: from the recorded acceptance to its length or the first event that ends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.routing.facts.terms import Term


class ClockState(StrEnum):
    """Whether the period runs, and what ended it."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    EXPIRED = "expired"
    UNKNOWN_DESTINATION = "unknown_destination"
    RECORD_SIGNED = "record_signed"
    COOPERATED = "cooperated"
    RENOUNCED = "renounced"
    OTHER_PERMIT_APPLIED = "other_permit_applied"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ReflectionClock:
    """A period that has started; `ends` is its last day, which counts in full, or the day of the ending event."""

    starts: date
    ends: date
    state: ClockState


def reflection_clock(
    starts: date,
    length: Term,
    on: date,
    events: Iterable[tuple[ClockState, date]],
) -> ReflectionClock:
    """Run the clock up to a day.

    The way of counting follows Regulation (EEC, Euratom) 1182/71, article 3, as a model: the first day does not
    count, a period in months ends on the same day number or the month's last day, the last day counts in full.

    Args:
        starts: the recorded day of acceptance.
        length: the term of the period in the law of that day.
        on: the decision date.
        events: what may have ended the period and when; of two on one day the first listed counts.
    """
    natural_end = length.after(starts)
    limit = min(natural_end, on)
    within = [(day, state) for state, day in events if starts <= day <= limit]
    if within:
        day, ended_by = min(within, key=lambda found: found[0])
        return ReflectionClock(starts, day, ended_by)
    state = ClockState.RUNNING if on <= natural_end else ClockState.EXPIRED
    return ReflectionClock(starts, natural_end, state)

"""The life of a reflection period: offered, then running from its acceptance until it ends, once in a lifetime."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class PeriodState(StrEnum):
    """Where a period can be; from the acceptance on it runs."""

    NONE = "none"
    OFFERED = "offered"
    RUNNING = "running"
    ENDED = "ended"
    DECLINED = "declined"


class Step(StrEnum):
    """What can happen to a period or beside it; of steps on one day the one listed first comes first."""

    REPORTED = "reported"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNKNOWN_DESTINATION = "unknown_destination"
    RECORD_SIGNED = "record_signed"
    COOPERATED = "cooperated"
    RENOUNCED = "renounced"
    OTHER_PERMIT_APPLIED = "other_permit_applied"
    REVOKED = "revoked"


ENDINGS: Final = (
    Step.UNKNOWN_DESTINATION,
    Step.RECORD_SIGNED,
    Step.COOPERATED,
    Step.RENOUNCED,
    Step.OTHER_PERMIT_APPLIED,
    Step.REVOKED,
)
"""The steps that end a period that runs."""

_IN_ANY_CASE: Final = frozenset(
    {Step.REPORTED, Step.RECORD_SIGNED, Step.COOPERATED, Step.OTHER_PERMIT_APPLIED, Step.UNKNOWN_DESTINATION}
)
"""What happens to people whether or not they have a period: outside one it moves nothing."""

_MOVES: Final[Mapping[tuple[PeriodState, Step], PeriodState]] = {
    (PeriodState.NONE, Step.OFFERED): PeriodState.OFFERED,
    (PeriodState.OFFERED, Step.ACCEPTED): PeriodState.RUNNING,
    (PeriodState.OFFERED, Step.DECLINED): PeriodState.DECLINED,
    # Who declined has used nothing; no source says whether the police may offer again, so they may.
    (PeriodState.DECLINED, Step.OFFERED): PeriodState.OFFERED,
    **{(PeriodState.RUNNING, step): PeriodState.ENDED for step in ENDINGS},
}

LIFECYCLE: Final[Mapping[tuple[PeriodState, Step], PeriodState]] = {
    **{(state, step): state for state in PeriodState for step in _IN_ANY_CASE},
    **_MOVES,
}
"""Where each step leads; nothing leads out of the end, because a period can be had once."""

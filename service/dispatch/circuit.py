"""Decides when a partner's system is left alone for a while, and when it is tried again with one message.

While a circuit is open nothing is sent to the partner, so nothing is used up. When its time is over, one message is the
probe: is it taken, everything flows again; is it not, the circuit is open for longer.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

AT_ONCE: Final = 2
"""Messages that are under way to one partner at the same time, on all machines together, when nobody says otherwise."""

FAILURES_IN_A_ROW: Final = 5
"""Failures one after the other that open a circuit."""

REMEMBERED: Final = 20
"""Attempts that are remembered; a circuit opens as well when more than half of them failed."""

SHORTEST: Final = timedelta(seconds=10)
"""How long a circuit is open for the first time; twice as long after every probe that failed."""

LONGEST: Final = timedelta(minutes=5)
"""How long it is open at most, unless the partner's system asks for more."""

_ALL: Final = (1 << REMEMBERED) - 1


@dataclass(frozen=True)
class Health:
    """How a partner's system has done lately.

    Attributes:
        in_a_row: failures since the last success.
        recent: the last attempts, the newest as the lowest bit; a set bit failed.
        opened: how many times the circuit was opened since the last success.
        open_until: when the next probe may be sent; None while the circuit is closed.
    """

    in_a_row: int = 0
    recent: int = 0
    opened: int = 0
    open_until: datetime | None = None

    def after_success(self) -> Self:
        """Close the circuit; an open one forgets what opened it."""
        recent = 0 if self.open_until is not None else self.recent << 1 & _ALL
        return type(self)(recent=recent)

    def after_failure(self, now: datetime, *, probe: bool, wish: timedelta = timedelta(0)) -> Self:
        """Count a failure, and open the circuit when it was one too many or the partner asks to be left alone.

        Args:
            now: when it failed.
            probe: whether it was sent to find out if the circuit can be closed.
            wish: how long the partner's system asks to be left alone.
        """
        failed = replace(self, in_a_row=self.in_a_row + 1, recent=(self.recent << 1 | 1) & _ALL)
        too_many = failed.in_a_row >= FAILURES_IN_A_ROW or failed.recent.bit_count() * 2 > REMEMBERED
        if probe or (too_many and self.open_until is None):
            wait = min(SHORTEST * 2**self.opened, LONGEST)
            failed = replace(failed, opened=self.opened + 1, open_until=now + max(wait, wish))
        elif wish:
            failed = replace(failed, open_until=max(now + wish, self.open_until or now))
        return failed

    def while_probed(self, until: datetime) -> Self:
        """Keep everybody else away while a probe is under way.

        Args:
            until: when whoever probes has certainly ended, or has died.
        """
        return replace(self, open_until=until)

    def may_be_tried(self, now: datetime) -> Self:
        """Let the next message be a probe at once, if the circuit is open at all.

        Args:
            now: the present.
        """
        return self if self.open_until is None else replace(self, open_until=now)

"""Machines whose clock is wrong sign nothing and let nothing expire: the database's clock is the one they share."""

from datetime import timedelta
from typing import Final

from sqlmodel import Session

from service.casework.context import Context
from service.database.lease_clock import database_time
from service.kernel.errors import DomainError, Kind

LARGEST_DRIFT: Final = timedelta(seconds=2)
"""How far this machine's clock may be from the database's; a wrong signing instant is refused by receivers."""


class ClockDrifts(DomainError):
    """This machine's clock and the database's differ too much to act by it."""

    kind = Kind.UNAVAILABLE
    code = "clock-drifts"
    title = "This machine's clock is wrong; nothing is sent until it is right"


def require_true_clock(context: Context, session: Session) -> None:
    """Stop an act that goes by a clock which is wrong.

    Args:
        context: whose clock.
        session: on the database that knows better.

    Raises:
        ClockDrifts: it is wrong.
    """
    if abs(context.clock.wall() - database_time(session)) > LARGEST_DRIFT:
        raise ClockDrifts

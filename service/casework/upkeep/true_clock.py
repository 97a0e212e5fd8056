"""Machines whose clock is wrong sign nothing and let nothing expire: the database's clock is the one they share.

Time that goes back on all of them is seen by what has rung already: nothing rings by it, so that no term is counted
from a day that is over. What people tell is taken all the same, for it may protect somebody: only the clocks that
follow from it wait. A rehearsal is left out: it may be played again from where it starts.
"""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.casework.context import Context
from service.database.lease_clock import database_time
from service.deadlines import store as deadlines
from service.kernel.clock import MovedClock, local_day
from service.kernel.errors import DomainError, Kind

LARGEST_DRIFT: Final = timedelta(seconds=2)
"""How far this machine's clock may be from the database's; a wrong signing instant is refused by receivers."""


class ClockDrifts(DomainError):
    """This machine's clock and the database's differ too much to act by it."""

    kind = Kind.UNAVAILABLE
    code = "clock-drifts"
    title = "This machine's clock is wrong; nothing is sent until it is right"


class ClockWentBack(DomainError):
    """Something has happened at a time that this machine's clock has not reached."""

    kind = Kind.UNAVAILABLE
    code = "clock-went-back"
    title = "This machine's clock is behind what has happened already; nothing rings until it is right"


def require_time_to_act(context: Context, session: Session) -> None:
    """Stop what is to happen at its time where the clock is wrong, or behind what has rung already.

    Args:
        context: whose clock.
        session: on the database that knows better.

    Raises:
        ClockDrifts: it is wrong.
        ClockWentBack: something has rung later than now.
    """
    require_true_clock(context, session)
    if has_gone_back(context, deadlines.last_fired_at(session)):
        raise ClockWentBack


def day_reached(context: Context, session: Session) -> date:
    """Give the last day that is known to have come, so that what somebody tells of it is not still to come.

    Args:
        context: whose business time.
        session: where it stands what has rung.
    """
    last = deadlines.last_fired_at(session)
    return local_day(last) if last is not None and has_gone_back(context, last) else context.today()


def has_gone_back(context: Context, happened: datetime | None) -> bool:
    """Tell whether something has happened later than now, by more than two right clocks can differ."""
    if happened is None or isinstance(context.clock, MovedClock):
        return False
    return happened - context.clock.now() > 2 * LARGEST_DRIFT


def drift(context: Context, session: Session) -> timedelta:
    """Give by how much this machine's clock and the database's differ."""
    return abs(context.clock.wall() - database_time(session))


def require_true_clock(context: Context, session: Session) -> None:
    """Stop an act that goes by a clock which is wrong.

    Args:
        context: whose clock.
        session: on the database that knows better.

    Raises:
        ClockDrifts: it is wrong.
    """
    if drift(context, session) > LARGEST_DRIFT:
        raise ClockDrifts

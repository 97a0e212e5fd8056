"""When something may be established: on a day that has come, and not before what came before it."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, NoReturn

from service.kernel.errors import DomainError, Kind, Problem
from service.routing.facts.terms import Term


class EntryNotUnderstood(DomainError):
    """What was told cannot have happened like that."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "entry-not-understood"
    title: ClassVar[str] = "This cannot be recorded as it was told"


def require_day(day: date, today: date, not_before: date | None = None) -> None:
    """Stop a day that is still to come, or that lies before what it follows upon.

    Args:
        day: on which it happened, as told.
        today: the local day in business time.
        not_before: the day of what it follows upon; None when it follows upon nothing.

    Raises:
        EntryNotUnderstood: the day cannot be.
    """
    if day > today:
        _refuse("still-to-come", "Something is recorded when it has happened, today at the latest.")
    if not_before is not None and day < not_before:
        _refuse("out-of-order", "The day lies before that of what it follows upon.")


def counted(times: Iterable[tuple[date, int]], window: Term, today: date) -> int:
    """Count how often something happened in the time that the rules look at.

    Args:
        times: days, and how many to count on each.
        window: how long that time is.
        today: its last day.
    """
    return sum(number for day, number in times if day <= today < window.after(day))


def _refuse(code: str, detail: str) -> NoReturn:
    raise EntryNotUnderstood(problems=(Problem("/on", code, detail),))

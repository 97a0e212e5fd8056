"""Somebody calls without a token that is good; that it was tried is kept, and nothing that the caller says."""

from dataclasses import replace

from service.audit import store as audit
from service.audit.event import NOBODY, SYSTEM_STREAM, Act, Action, Event, Outcome
from service.casework.context import Context


def turn_away(context: Context) -> None:
    """Keep in the system's trail that a caller was turned away.

    Args:
        context: the service's own; who really called is not known.
    """
    refused = Act(Event.ACCESS_REFUSED, Action.EXECUTE, SYSTEM_STREAM, (), Outcome.REFUSED)
    with context.work() as work:
        nobody = replace(NOBODY, trace=context.trace)
        audit.append(work, [audit.Noted(refused, nobody, context.clock.wall(), context.origin)])

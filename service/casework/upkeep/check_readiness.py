"""Whether the service can do its work: what it needs is there, and what runs by itself keeps up."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.access.roles import Scope
from service.access.store import is_revoked
from service.audit.store import oldest_without_place
from service.casework.context import Context
from service.casework.upkeep.true_clock import LARGEST_DRIFT, drift, has_gone_back
from service.casework.views.health import CheckView, HealthView, Status
from service.database.shape import known_shapes, shape_of
from service.deadlines.store import last_fired_at
from service.dispatch.turns import backlog
from service.kernel.errors import Unavailable
from service.kernel.pulse import Felt
from service.routing.text.mistakes import FilesRefused

LATE: Final = timedelta(minutes=2)
"""How long something that runs by itself may be behind before somebody should look."""

_ORDER: Final = tuple(Status)

Check = tuple[str, CheckView]


def check_readiness(context: Context, felt: Felt) -> HealthView:
    """Look at everything that the service needs; nothing about a person is read, so the trail keeps nothing.

    What is late, or keeps people from reading what is sealed, is a warning: the service still takes in what comes,
    and an API that is taken away for it would make things worse.

    Args:
        context: who asks; only whoever may see how the service is made gets more than the sum of it.
        felt: the pulse of the worker inside this process.
    """
    checks = (*_database(context), _rules(context), _keys(context), *_worker(context, felt))
    return HealthView(
        status=max((check.status for _, check in checks), key=_ORDER.index),
        checks={name: (check,) for name, check in checks} if context.caller.may(Scope.HEALTH_READ) else None,
    )


def _database(context: Context) -> Iterator[Check]:
    began = context.clock.wall()
    try:
        with context.look() as session:
            shape = shape_of(session)
            took = context.clock.wall() - began
            yield (
                "database:responseTime",
                _seen("datastore", Status.PASS, began, took / timedelta(milliseconds=1), "ms"),
            )
            yield "database:migrations", _seen("datastore", _how_new(shape), began, shape)
            if shape not in known_shapes()[:1]:
                return
            # Where that cannot be looked up nobody is let in.
            is_revoked(session, context.caller)
            yield from _clock(context, session)
            waiting = backlog(session)
            late = _late(waiting.overdue)
            yield "deliveries:waiting", _seen("component", Status.PASS, began, waiting.messages, "messages")
            yield "deliveries:overdue", _seen("component", late, began, waiting.overdue.total_seconds(), "s")
            if context.database.shared is None:
                oldest = oldest_without_place(session)
                age = timedelta(0) if oldest is None else max(timedelta(0), began - oldest)
                yield "audit:unsealed", _seen("component", _late(age), began, age.total_seconds(), "s")
    except Unavailable:
        yield "database:responseTime", _seen("datastore", Status.FAIL, began)


def _clock(context: Context, session: Session) -> Iterator[Check]:
    """Compare this machine's clock with the database's and with what has rung; by a wrong one nothing rings."""
    at, apart, last = context.clock.wall(), drift(context, session), last_fired_at(session)
    wrong = Status.WARN if apart > LARGEST_DRIFT else Status.PASS
    yield "clock:difference", _seen("system", wrong, at, apart.total_seconds(), "s")
    behind = timedelta(0) if last is None else max(timedelta(0), last - context.clock.now())
    back = Status.WARN if has_gone_back(context, last) else Status.PASS
    yield "clock:behind", _seen("system", back, at, behind.total_seconds(), "s")


def _how_new(shape: str | None) -> Status:
    """Judge a shape: an unknown one is that of a newer service, beside which this one may still end its work."""
    newest, *older = known_shapes()
    if shape == newest:
        return Status.PASS
    return Status.FAIL if shape is None or shape in older else Status.WARN


def _rules(context: Context) -> Check:
    try:
        rules: str | None = context.rules().name
    except (FilesRefused, Unavailable):
        rules = None
    status = Status.FAIL if rules is None else Status.PASS
    return "rules:loaded", _seen("component", status, context.clock.wall(), rules)


def _keys(context: Context) -> Check:
    status = Status.PASS if context.keys.warm() else Status.WARN
    return "keys:available", _seen("component", status, context.clock.wall())


def _worker(context: Context, felt: Felt) -> Iterator[Check]:
    if felt is not Felt.ELSEWHERE:
        status = Status.FAIL if felt is Felt.SILENT else Status.PASS
        yield "worker:pulse", _seen("component", status, context.clock.wall(), felt.value)


def _late(age: timedelta) -> Status:
    return Status.WARN if age > LATE else Status.PASS


def _seen(
    component_type: str, status: Status, at: datetime, value: str | float | None = None, unit: str | None = None
) -> CheckView:
    return CheckView(component_type=component_type, status=status, observed_value=value, observed_unit=unit, time=at)

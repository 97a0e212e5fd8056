"""The clocks of a case as they are kept, and time that passes until they have rung."""

from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.deadlines import SuspendDeadline
from service.casework.deadlines.show_deadlines import read_deadlines
from service.casework.deadlines.work_on_deadlines import suspend_deadline
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import SuspendReason
from service.deadlines.tables import Deadline
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import coordinator


def clocks_of(service: Service, case_id: UUID) -> list[Deadline]:
    """Give every clock of a case, what rings first before the rest."""
    with service.database.look() as session:
        return deadlines.deadlines_of(session, [case_id])


def clock_of(service: Service, case_id: UUID, kind: str) -> Deadline:
    """Give the first clock of a kind in a case."""
    return next(one for one in clocks_of(service, case_id) if one.kind == kind)


def until(service: Service, clock: FixedClock, at: datetime) -> list[UUID]:
    """Let time pass as it does while nobody is there to notice, and then let one worker do all that is due, in order.

    Args:
        service: the service.
        clock: its business time.
        at: until when; nothing happens when that is over.
    """
    clock.move(max(at, clock.now()) - clock.now())
    fired = []
    while (due := due_clock(service.system())) is not None:
        assert fire_clock(service.system(), due) is True
        fired.append(due)
    return fired


def deadlines_in(service: Service, case_id: UUID) -> dict[str, str]:
    """Give one deadline of a case that runs, and one that stands still."""
    context = coordinator(service)
    found = {one.kind: one.id for one in read_deadlines(context, case_id).items}
    why = SuspendDeadline(reason=SuspendReason.PERSON_ILL)
    still = suspend_deadline(context, case_id, found["assessment"], frozenset({1}), why)
    return {"deadline": str(found["health_check"]), "suspended": str(still.id)}


def changed(service: Service, case_id: UUID, **facts: JsonValue) -> None:
    """Let a coordinator change facts of a case."""
    context = coordinator(service)
    version = read_case(context, case_id).version
    change_facts(context, case_id, frozenset({version}), ChangeFacts(facts=facts))

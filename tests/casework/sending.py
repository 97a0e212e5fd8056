"""Sending without a socket: what a worker does turn by turn, and what is seen of it afterwards."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.deliveries.deliver_referrals import Sending, prepare, record
from service.casework.trail.read_trail import read_trail
from service.casework.views.referrals import ReferralLine
from service.dispatch.outcome import Category, Outcome
from service.dispatch.signature import SignatureKind
from service.dispatch.tables import Circuit, Delivery, Lane
from service.partners.tables import Endpoint
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import coordinator, listen_at

LEASE = timedelta(minutes=1)
RUN_OUT = timedelta(0)
PARTNER = "comensha"
ADDRESS = "http://127.0.0.1:9/in"
TAKEN = Outcome(Category.TAKEN, 202, 5)
FAILED = Outcome(Category.FAILED, 500, 5)


def listening(service: Service, signature: SignatureKind = SignatureKind.SYMMETRIC) -> str:
    return listen_at(service.operator(), PARTNER, ADDRESS, signature).checks_with


def prepared(service: Service, lease: timedelta = LEASE) -> Sending:
    """Give the next message that can be sent; those to partners that do not listen are put off on the way."""
    found: list[Sending] | None = []
    while found == []:
        found = prepare(service.system(), lease)
    assert found is not None
    [sending] = found
    return sending


def prepared_all(service: Service) -> list[Sending]:
    """Give everything that can be sent now."""
    found: list[Sending] = []
    while (turn := prepare(service.system(), LEASE)) is not None:
        found += turn
    return found


def nothing_is_left(service: Service) -> bool:
    return prepared_all(service) == []


def desk(service: Service, case_id: UUID) -> Counter[tuple[str, TaskState]]:
    """Count the tasks about the referral to the partner, by kind and state."""
    about = line_to(service, case_id).id
    tasks = read_case(coordinator(service), case_id).tasks
    return Counter((task.kind, task.state) for task in tasks if task.referral_id == about)


def endpoints(service: Service) -> list[Endpoint]:
    with service.database.look() as session:
        return list(session.exec(select(Endpoint).order_by(col(Endpoint.registered_at))))


def delivery_to(service: Service, case_id: UUID) -> str:
    return line_to(service, case_id).deliveries[0].id


def tried(service: Service, outcome: Outcome, times: int = 1) -> None:
    for _ in range(times):
        everything_is_due(service)
        record(service.system(), prepared(service), outcome)


def line_to(service: Service, case_id: UUID, partner_id: str = PARTNER) -> ReferralLine:
    return next(line for line in read_case(coordinator(service), case_id).referrals if line.partner_id == partner_id)


def told_about(service: Service, case_id: UUID, line: ReferralLine) -> list[Event]:
    trail = read_trail(coordinator(service), case_id)
    assert trail.verified
    return [Event(one.event) for one in trail.entries if str(line.id) in {touched.id for touched in one.objects}]


def everything_is_due(service: Service) -> None:
    past = datetime.now(UTC) - LEASE
    with service.database.writer.begin() as connection:
        connection.execute(update(Lane).values(next_due=past))
        connection.execute(update(Circuit).where(col(Circuit.open_until).is_not(None)).values(open_until=past))


def time_to_warning(service: Service, message_id: str) -> timedelta:
    with service.database.look() as session:
        [warn] = session.exec(select(Delivery.warn_at).where(col(Delivery.id) == message_id))
    assert warn is not None
    return warn - service.clock.now()

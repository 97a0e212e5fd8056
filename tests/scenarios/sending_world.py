"""Messages that wait in their lanes, the partners they are for, workers that die, and whether all went well."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import col, select, update

from service.audit.event import Act, Action, Event, Touched
from service.casework.cases.read_cases import read_case
from service.casework.trail.verify_log import verify_log
from service.database.lease_clock import database_time
from service.dispatch.envelope import MessageKind
from service.dispatch.lifecycle import OPEN, DeliveryState
from service.dispatch.outcome import Category
from service.dispatch.store import QueuedMessage, enqueue
from service.dispatch.tables import Attempt, Delivery, Lane
from service.settings import environment_with
from service.wiring import Service
from tests.casework.sending import everything_is_due
from tests.factories import audit_bodies, auditor, coordinator, listen_at, opened_case
from tests.scenarios.listener import Listener, listening
from tests.scenarios.nursery import Worker
from tests.waiting import PATIENCE, until

IN_ONE_LANE = 3


@dataclass
class SendingWorld:
    """One case whose partners all listen; one lane holds several messages."""

    service: Service
    listener: Listener
    case_id: UUID
    workers: list[Worker] = field(default_factory=list)
    lease_seconds: int = 1

    def worker(self, *points: str, mutant: str | None = None) -> Worker:
        """Start a worker."""
        settings = self.service.settings.model_copy(update={"lease_seconds": self.lease_seconds, "worker": "beside"})
        started = Worker(environment_with(settings), *points, mutant=mutant)
        self.workers.append(started)
        return started

    def messages_in_order(self) -> list[Delivery]:
        """Give the messages of the lane that holds several."""
        several = next(one.lane_id for one in self.messages() if one.seq == IN_ONE_LANE)
        return [one for one in self.messages() if one.lane_id == several]

    def messages(self) -> list[Delivery]:
        """Give all messages about the case, lane by lane and in order."""
        with self.service.database.look() as session:
            of_case = select(Delivery).join(Lane, col(Lane.id) == col(Delivery.lane_id))
            ordered = of_case.where(col(Lane.case_id) == self.case_id).order_by(
                col(Delivery.lane_id), col(Delivery.seq)
            )
            return list(session.exec(ordered))

    @contextmanager
    def one_lane(self) -> Iterator[None]:
        """Let only the lane with several messages be due while the block runs.

        A process that stands still has then nothing else under way: on SQLite it would keep everybody from writing. Nor
        does it take its own message again because the machine is slow.
        """
        self.lease_seconds = 3
        first = self.messages_in_order()[0].lane_id
        later = datetime.now(UTC) + timedelta(hours=1)
        with self.service.database.writer.begin() as connection:
            connection.execute(update(Lane).where(col(Lane.id) != first).values(next_due=later))
        yield
        everything_is_due(self.service)

    def check(self, patience: float = PATIENCE) -> None:
        """Wait until nothing moves by itself any more, and see that everything is as it must be."""
        self._leases_are_bounded()
        until(self._is_settled, "nothing is left to be sent", seconds=patience)
        messages = self.messages()
        ids = [one.id for one in messages]
        assert {one.state for one in messages} == {DeliveryState.DELIVERED}
        assert {post.id for post in self.listener.posts} == set(ids)
        assert sorted(self.listener.effects()) == sorted(ids)
        for lane in {one.lane_id for one in messages}:
            in_order = [one.id for one in messages if one.lane_id == lane]
            assert self.listener.first_arrivals(in_order) == in_order
        self._trail_knows_what_left(ids)
        self._lanes_are_at_rest()
        assert verify_log(auditor(self.service)).verified

    def _is_settled(self) -> bool:
        states = {one.state for one in self.messages()}
        if DeliveryState.WAITING in states:
            # An attempt failed because the machine is slow: nobody waits minutes for the next.
            everything_is_due(self.service)
        return states.isdisjoint(OPEN) or DeliveryState.DEAD_LETTER in states

    def _trail_knows_what_left(self, ids: list[str]) -> None:
        told: dict[str, Counter[str]] = {event: Counter() for event in (Event.REFERRAL_SENDING, Event.REFERRAL_SENT)}
        for entry in audit_bodies(self.service, self.case_id):
            if entry["event"] in told:
                told[entry["event"]].update(one["id"] for one in entry["objects"] if one["type"] == "delivery")
        left = Counter(post.id for post in self.listener.posts)
        assert all(told[Event.REFERRAL_SENDING][one] >= left[one] for one in ids), "something left without a trace"
        assert told[Event.REFERRAL_SENT] == Counter(ids)

    def _leases_are_bounded(self) -> None:
        with self.service.database.look() as session:
            longest = database_time(session) + timedelta(seconds=self.lease_seconds)
            held = session.exec(select(Lane.lease_until).where(col(Lane.lease_until).is_not(None))).all()
        assert all(until_when is not None and until_when <= longest for until_when in held), "held for too long"

    def _lanes_are_at_rest(self) -> None:
        with self.service.database.look() as session:
            lanes = session.exec(select(Lane)).all()
            taken = select(Attempt.delivery_id).where(col(Attempt.outcome) == Category.TAKEN)
            taken_once = Counter(session.exec(taken))
        assert {(lane.pending, lane.lease_until, lane.stopped_by) for lane in lanes} == {(0, None, None)}
        assert set(taken_once.values()) == {1}


@contextmanager
def sending_world(service: Service) -> Iterator[SendingWorld]:
    """Open a case, let every partner listen that is asked about it, and let more than one message wait for one."""
    with listening() as listener:
        case_id = opened_case(service).case_id
        queued = [line for line in read_case(coordinator(service), case_id).referrals if line.deliveries]
        for line in queued:
            path = f"/{line.partner_id}"
            listener.secrets[path] = listen_at(service.operator(), line.partner_id, listener.url + path).checks_with
        _tell_again(service, case_id, queued[0].partner_id, queued[0].id)
        world = SendingWorld(service, listener, case_id)
        try:
            yield world
        finally:
            for worker in world.workers:
                worker.kill()


def _tell_again(service: Service, case_id: UUID, partner_id: str, referral_id: UUID) -> None:
    context = coordinator(service)
    for _ in range(IN_ONE_LANE - 1):
        with context.work() as work:
            message = QueuedMessage(
                partner_id=partner_id,
                case_id=case_id,
                referral_id=referral_id,
                kind=MessageKind.REFERRAL_SENT,
                recorded_at=context.clock.now(),
                dataref=f"{context.public_url}/v1/referrals/{referral_id}",
            )
            touched = (Touched("delivery", enqueue(work.session, message)),)
            context.record(work, Act(Event.REFERRAL_QUEUED, Action.UPDATE, str(case_id), touched))

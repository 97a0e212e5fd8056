"""Nobody was there for two days, and whoever comes back dies at it: each clock rings once, in order, marked late."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest

from service.audit.event import Event
from service.casework.trail.verify_log import verify_log
from service.deadlines.tables import Deadline
from service.settings import environment_with
from service.wiring import Service
from tests.casework.clocks import clocks_of
from tests.factories import audit_bodies, auditor, opened_case
from tests.scenarios.nursery import Worker
from tests.waiting import until

RINGS: Final = {Event.DEADLINE_MISSED, Event.DEADLINE_RANG}
POINTS: Final = {
    "inside the second clock's transaction": "service.deadlines.store:fire:after:2",
}
MORE_POINTS: Final = {
    "when all is written and nothing committed": "service.casework.firing.ladder:start_clocks:after:1",
    "once the first is committed": "service.worker.waking:fire_clock:after:1",
}
ALL_POINTS = [
    *(pytest.param(point, id=step) for step, point in POINTS.items()),
    *(pytest.param(point, id=step, marks=pytest.mark.long) for step, point in MORE_POINTS.items()),
]

Start = Callable[..., Worker]


@pytest.fixture
def case_id(service: Service) -> UUID:
    return opened_case(service).case_id


@pytest.fixture
def start(service: Service, case_id: UUID) -> Iterator[Start]:
    """Start workers two days after the second of the clocks has rung for nobody."""
    noticed = clocks_of(service, case_id)[1].rings_at + timedelta(days=2)
    settings = service.settings.model_copy(update={"clock_starts_at": noticed, "worker": "beside"})
    workers: list[Worker] = []

    def started(*points: str) -> Worker:
        workers.append(Worker(environment_with(settings), *points))
        return workers[-1]

    yield started
    for worker in workers:
        worker.kill()


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("point", ALL_POINTS)
def test_a_worker_that_is_killed_while_clocks_ring_loses_and_repeats_nothing(
    service: Service, case_id: UUID, start: Start, point: str
) -> None:
    _ring_once(service, case_id, start, point, heirs=1)


@pytest.mark.long
@pytest.mark.only_on("postgresql")
def test_three_heirs_of_a_worker_that_was_killed_lose_and_repeat_nothing(
    service: Service, case_id: UUID, start: Start
) -> None:
    _ring_once(service, case_id, start, next(iter(POINTS.values())), heirs=3)


def _ring_once(service: Service, case_id: UUID, start: Start, point: str, *, heirs: int) -> None:
    waiting = [one for one in clocks_of(service, case_id)[:2] if one.fired_at is None]

    start(point).wait_for_death()
    for _ in range(heirs):
        start()
    until(lambda: all(_has_rung(service, case_id, one) for one in waiting), "both clocks have rung")

    rung = [one["objects"] for one in audit_bodies(service, case_id) if one["event"] in RINGS]
    told = [objects[0]["id"] for objects in rung]
    assert [one for one in told if one in {str(it.id) for it in waiting}] == [str(one.id) for one in waiting]
    assert len(told) == len(set(told))
    assert all(objects[1]["id"].startswith("PT") for objects in rung[:2])
    assert verify_log(auditor(service)).verified


def _has_rung(service: Service, case_id: UUID, deadline: Deadline) -> bool:
    return next(one for one in clocks_of(service, case_id) if one.id == deadline.id).fired_at is not None

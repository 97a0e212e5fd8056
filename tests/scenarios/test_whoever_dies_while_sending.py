"""Whichever worker dies or stands still at whichever step: each message arrives in its order, and counts once.

The workers are real processes; they end by SIGKILL, or stand still by SIGSTOP until others have gone on without them.
The last tests take away what this rests on, one thing at a time, and see that the very same checks notice.
"""

import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pytest
from sqlmodel import col, update

from service.dispatch.backoff import SCHEDULE
from service.dispatch.tables import Delivery
from service.wiring import Service
from tests.scenarios.mutants import MUTANTS
from tests.scenarios.sending_world import SendingWorld, sending_world

USE_CASE = "service.casework.deliveries.deliver_referrals"
LOOP = "service.worker.loop"

CLAIMED: Final = f"{LOOP}:prepare:after:1"
SIGNED: Final = f"{USE_CASE}:_signed:after:1"
ANSWERED: Final = f"{LOOP}:record:before:1"
POINTS: Final = {
    "once the claim is committed": CLAIMED,
    "after the answer, before it is recorded": ANSWERED,
    "inside the record's transaction": "service.dispatch.store:record:after:1",
}
MORE_POINTS: Final = {
    "before claiming": f"{LOOP}:prepare:before:1",
    "inside the claim's transaction": f"{USE_CASE}:claim:after:1",
    "signed, before the claim is committed": SIGNED,
    "before the first byte leaves": "service.dispatch.sender:Sender.__call__:before:1",
    "when all is written and nothing committed": f"{USE_CASE}:settle_attempt:after:1",
    "once the record is committed": f"{LOOP}:record:after:1",
    "once the second claim is committed": f"{LOOP}:prepare:after:2",
    "after the third answer": f"{LOOP}:record:before:3",
    "inside the fourth record's transaction": "service.dispatch.store:record:after:4",
    "once the last record is committed": f"{LOOP}:record:after:5",
}
ALL_POINTS = [
    *(pytest.param(point, id=step) for step, point in POINTS.items()),
    *(pytest.param(point, id=step, marks=pytest.mark.long) for step, point in MORE_POINTS.items()),
]


@pytest.fixture
def world(service: Service) -> Iterator[SendingWorld]:
    with sending_world(service) as made:
        yield made


def a_worker_dies(world: SendingWorld, point: str, mutant: str | None = None) -> None:
    world.worker(point, mutant=mutant).wait_for_death()
    world.worker(mutant=mutant)


def a_heir_dies_too(world: SendingWorld) -> None:
    """Let the one that takes over an expired lease die at the same place."""
    for _ in range(2):
        world.worker(CLAIMED).wait_for_death()
    world.worker()


def a_worker_dies_while_the_partner_takes_it(world: SendingWorld) -> None:
    victim = world.worker("os:kill:before:99")

    def kill_once() -> None:
        world.listener.on_post = lambda: None
        os.kill(victim.pid, signal.SIGKILL)

    world.listener.on_post = kill_once
    victim.wait_for_death()
    world.worker()


def a_zombie_sends_after_its_heir(world: SendingWorld) -> None:
    """Let a worker stand still with a message in its hand until everything has been delivered without it."""
    with world.one_lane():
        zombie = world.worker("stop:service.dispatch.sender:Sender.__call__:before:1")
        zombie.wait_until_it_stands_still()
    heir = world.worker()
    world.check()
    heir.stop()
    zombie.wake()
    zombie.stop()


def a_zombie_records_over_its_heir(world: SendingWorld, mutant: str | None = None) -> None:
    """Let a worker stand still with the news of a last failure until its heir has the news of success."""
    last_try = update(Delivery).where(col(Delivery.id) == world.messages_in_order()[0].id)
    with world.service.database.writer.begin() as connection:
        connection.execute(last_try.values(failed=len(SCHEDULE) - 1))
    with world.one_lane():
        world.listener.answers.append(500)
        zombie = world.worker(f"stop:{ANSWERED}", mutant=mutant)
        zombie.wait_until_it_stands_still()
        heir = world.worker(f"stop:{ANSWERED}", mutant=mutant)
        heir.wait_until_it_stands_still()
        zombie.wake()
        zombie.stop()
        heir.wake()


@pytest.mark.parametrize("point", ALL_POINTS)
def test_a_worker_that_is_killed_loses_and_doubles_nothing(world: SendingWorld, point: str) -> None:
    a_worker_dies(world, point)
    world.check()


@pytest.mark.parametrize(
    "happens",
    [
        a_heir_dies_too,
        a_worker_dies_while_the_partner_takes_it,
        a_zombie_sends_after_its_heir,
        a_zombie_records_over_its_heir,
    ],
)
def test_whatever_happens_to_workers_nothing_is_lost_or_doubled(
    world: SendingWorld, happens: Callable[[SendingWorld], None]
) -> None:
    happens(world)
    world.check()


@pytest.mark.parametrize(
    ("mutant", "happens"),
    [
        ("no fencing", a_zombie_records_over_its_heir),
        ("endless lease", partial(a_worker_dies, point=CLAIMED)),
        ("commit after the answer", partial(a_worker_dies, point=SIGNED)),
    ],
    ids=MUTANTS.keys(),
)
def test_without_what_makes_it_safe_the_same_checks_fail(
    world: SendingWorld, mutant: str, happens: Callable[..., None]
) -> None:
    happens(world, mutant=mutant)
    with pytest.raises(AssertionError):
        world.check()

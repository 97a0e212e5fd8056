"""Signals keep coming while service, worker and receiver are killed at random: nothing is lost, nothing is doubled."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random, SystemRandom
from threading import Event, Thread
from typing import Self

import httpx
import pytest
from sqlalchemy import text

from service.database.engine import open_database
from service.kernel.clock import SystemClock, local_day
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import open_service
from tests.factories import told_over_http
from tests.scenarios.test_killed_under_load import keys_kept, signals_that_are_not_whole, the_log_holds
from tests.scenarios.world import PARTNER, World, let_partner_listen, prepared
from tests.waiting import until

VICTIMS = ("service", "worker", "receiver")
SENDERS = 3
BREATH = 0.25
"""Seconds between two signals of one sender, so that the partner can follow on a small machine."""

LONGEST_PEACE = 1.5
"""Seconds that all are left alone at most once the next to be killed is at work."""

PATIENCE = 900.0
"""Seconds that anything may take; on a busy machine a process that was killed is back only after a while."""

REFERRALS = "SELECT state FROM referral WHERE partner_id = :partner"
DELIVERIES = """
SELECT d.state FROM dispatch_delivery d JOIN dispatch_lane l ON l.id = d.lane_id WHERE l.partner_id = :partner
"""
ACCEPTANCES = "SELECT id FROM audit_entry WHERE event = 'referral:accepted'"


@dataclass
class Intake:
    """Senders that repeat each signal under its key until it is answered, whatever happens meanwhile."""

    world: World
    submitted: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    others: list[int] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    threads: list[Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Let signals come in."""
        self.threads += [Thread(target=self._send) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Let each sender end with the signal that it is at."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _send(self) -> None:
        today = local_day(SystemClock().now()).isoformat()
        while not self.over.wait(BREATH):
            key = new_key("storm-")[:40]
            body = {"submissionKey": key, "facts": told_over_http(acceptedOn=today)}
            self.submitted.add(key)
            answer = until(
                partial(self.world.post, "/signals", "coordinator", body), "it is answered", seconds=PATIENCE
            )
            if answer.status_code == httpx.codes.CREATED:
                self.acknowledged.add(key)
            else:
                self.others.append(answer.status_code)


@pytest.fixture
def world(home: Path, database_url: str) -> Iterator[World]:
    made = prepared(home, database_url)
    try:
        for name in VICTIMS:
            made.start(name)
        yield made
    finally:
        made.stop_all()


@pytest.mark.timeout(3600)
@pytest.mark.long
@pytest.mark.parametrize("kills", [5, 50])
def test_whoever_is_killed_every_signal_is_kept_sent_and_answered_once(
    world: World, database_url: str, kills: int
) -> None:
    seed = SystemRandom().randrange(2**32)
    chance = Random(seed)  # noqa: S311 -- can be repeated from its seed
    victims = [chance.choice(VICTIMS) for _ in range(kills)]
    with Intake(world) as intake:
        for victim in victims:
            world.wait_until_at_work(victim, PATIENCE)
            Event().wait(chance.uniform(0, LONGEST_PEACE))
            world.kill(victim)
            world.launch(victim)
        for name in VICTIMS:
            world.wait_until_at_work(name, PATIENCE)

    send_what_waits(world, database_url)
    until(lambda: is_settled(world, database_url), "everything is delivered and answered", seconds=PATIENCE)
    counts = world.receiver_counts()
    states, deliveries = column(database_url, REFERRALS), column(database_url, DELIVERIES)
    print(
        f"seed {seed}: {kills} kills ({', '.join(f'{victims.count(name)} of the {name}' for name in VICTIMS)});",
        f"{len(intake.submitted)} signals submitted, {len(intake.acknowledged)} acknowledged,",
        f"{len(keys_kept(database_url))} kept; {len(states)} referrals, {len(deliveries)} messages,",
        f"{deliveries.count('cancelled')} of them answered before the worker had noted that they arrived,",
        f"{counts['messages']} received, {counts['effects']} effects, {counts['answered']} answers",
    )
    assert intake.others == []
    assert intake.submitted == intake.acknowledged
    assert sorted(keys_kept(database_url)) == sorted(intake.acknowledged)
    assert signals_that_are_not_whole(database_url) == []
    # Whoever answered has the message, also where the worker died before it could note so: it is not sent once more.
    assert set(deliveries) <= {"delivered", "cancelled"}
    assert set(states) == {"accepted"}
    assert len(states) == len(deliveries) == counts["messages"] == counts["effects"] == counts["messages_with_effect"]
    assert len(column(database_url, ACCEPTANCES)) == len(states)
    assert the_log_holds(world)


def send_what_waits(world: World, database_url: str) -> None:
    """Register the partner's address again, as an operator does after trouble, so that nothing waits for its ladder."""
    joined = open_service(Settings(home=world.home, database_url=database_url, allow_loopback=True))
    let_partner_listen(joined, world)
    joined.close()


def is_settled(world: World, database_url: str) -> bool:
    states = column(database_url, REFERRALS)
    return set(states) == {"accepted"} and world.receiver_counts()["answered"] == len(states)


def column(database_url: str, question: str) -> list[str]:
    database = open_database(database_url)
    with database.look() as session:
        found = [str(value) for value in session.connection().execute(text(question), {"partner": PARTNER}).scalars()]
    database.close()
    return found

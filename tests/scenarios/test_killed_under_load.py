"""Signals come in without a pause while the service is killed at any moment: what was answered is kept, whole."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random, SystemRandom
from threading import Event, Thread
from typing import Self

import httpx
import pytest
from sqlalchemy import text

from service.cli.partners import fill_directory
from service.database.engine import open_database
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import open_service
from tests.factories import bearer, told_over_http
from tests.scenarios.world import World

SENDERS = 6
LONGEST_LIFE = 0.8
"""Seconds that the service lives at most once signals come in."""

SIGNALS_THAT_ARE_NOT_WHOLE = """
SELECT submission_key FROM signal WHERE case_id IS NULL
OR 1 <> (SELECT count(*) FROM case_facts f WHERE f.case_id = signal.case_id)
OR 1 <> (SELECT count(*) FROM case_decision d WHERE d.case_id = signal.case_id)
OR 3 <> (SELECT count(*) FROM audit_entry e WHERE e.stream = CAST(signal.case_id AS VARCHAR(64))
         AND e.event IN ('signal:received', 'case:opened', 'decision:made'))
OR (SELECT count(*) FROM referral r WHERE r.case_id = signal.case_id AND r.state <> 'proposed')
   <> (SELECT count(*) FROM dispatch_delivery d JOIN dispatch_lane l ON l.id = d.lane_id
       WHERE l.case_id = signal.case_id)
"""
# SQLite keeps an id without its hyphens; a stream is named with them.
STREAM_ON_SQLITE = (
    "lower("
    + " || '-' || ".join(
        f"substr(signal.case_id, {start}, {length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    )
    + ")"
)


class Storm:
    """Senders that submit one signal after the other, each under its own key, until the service does not answer."""

    def __init__(self, world: World) -> None:
        self.acknowledged: set[str] = set()
        self.others: list[int] = []
        self.first = Event()
        self._world = world
        self._threads = [Thread(target=self._send) for _ in range(SENDERS)]

    def __enter__(self) -> Self:
        """Let signals come in, and go on once the first is answered."""
        for thread in self._threads:
            thread.start()
        assert self.first.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        """Wait until every sender has seen the end of the service."""
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        with httpx.Client(trust_env=False, timeout=30, headers=dict(self._world.tokens["coordinator"])) as client:
            while True:
                key = new_key("storm-")[:40]
                body = {"submissionKey": key, "facts": told_over_http()}
                try:
                    answer = client.post(f"{self._world.url}/signals", json=body)
                except httpx.TransportError:
                    return
                if answer.status_code == httpx.codes.CREATED:
                    self.acknowledged.add(key)
                else:
                    self.others.append(answer.status_code)
                self.first.set()


@pytest.fixture
def world(home: Path, database_url: str) -> Iterator[World]:
    joined = open_service(Settings(home=home, database_url=database_url))
    fill_directory(joined, None)
    made = World(home, {"coordinator": bearer(joined)}, database_url=database_url)
    joined.close()
    try:
        yield made
    finally:
        made.stop_all()


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.long)])
def test_what_was_answered_is_kept_whole_whenever_the_service_is_killed(
    world: World, database_url: str, kills: int
) -> None:
    seed = SystemRandom().randrange(2**32)
    chance, acknowledged, others = Random(seed), set[str](), list[int]()  # noqa: S311 -- can be repeated from its seed
    for _ in range(kills):
        world.start("service")
        with Storm(world) as storm:
            Event().wait(chance.uniform(0, LONGEST_LIFE))
            world.kill("service")
        acknowledged |= storm.acknowledged
        others += storm.others

    assert others == []
    kept = keys_kept(database_url)
    print(f"seed {seed}: {kills} kills, {len(acknowledged)} signals acknowledged, {len(kept)} kept")
    assert len(kept) == len(set(kept))
    assert acknowledged - set(kept) == set()
    assert signals_that_are_not_whole(database_url) == []
    assert the_log_holds(world)


def keys_kept(database_url: str) -> list[str]:
    return column(database_url, "SELECT submission_key FROM signal")


def signals_that_are_not_whole(database_url: str) -> list[str]:
    question = SIGNALS_THAT_ARE_NOT_WHOLE
    if database_url.startswith("sqlite"):
        question = question.replace("CAST(signal.case_id AS VARCHAR(64))", STREAM_ON_SQLITE)
    return column(database_url, question)


def column(database_url: str, question: str) -> list[str]:
    database = open_database(database_url)
    with database.look() as session:
        found = [str(value) for value in session.connection().execute(text(question)).scalars()]
    database.close()
    return found


def the_log_holds(world: World) -> bool:
    """Let the command examine the whole log and every row."""
    command = [sys.executable, "-m", "service", "audit", "verify"]
    done = subprocess.run(command, env=world.environment(), capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode == 0

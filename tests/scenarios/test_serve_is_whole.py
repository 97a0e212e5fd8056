"""`nrm serve` alone is a whole system on the embedded database, and elsewhere where it is asked to be."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from sqlalchemy import text

from service.database.engine import open_database
from service.kernel.ids import new_key
from tests.factories import told_over_http
from tests.scenarios.world import PARTNER, World, prepared
from tests.waiting import PATIENCE, until


@pytest.fixture
def world(home: Path, database_url: str) -> Iterator[World]:
    # On the embedded database nobody has to say where the worker is.
    made = prepared(home, database_url, worker=None if database_url.startswith("sqlite") else "inside")
    # An attempt lasts half a lease at most, and a partner that thinks for a second must not be late.
    made.lease_seconds = 60
    try:
        yield made
    finally:
        made.stop_all()


def test_one_process_takes_a_signal_in_sends_it_on_and_hears_the_answer(world: World) -> None:
    world.start("receiver")
    world.start("service")
    case = submitted(world)

    until(lambda: states(world, case) == ["accepted"], "the partner's answer stands in the case")
    assert world.receiver_counts()["effects"] == 1
    assert world.stop("service") == 0


def test_told_to_stop_it_waits_for_what_a_slow_partner_answers_and_keeps_it(world: World, database_url: str) -> None:
    with slow_partner(world.receiver_port) as (asked, answer):
        world.start("service")
        submitted(world)
        assert asked.wait(PATIENCE)
        process = world.running.pop("service")
        process.send_signal(signal.SIGTERM)
        until(lambda: world.get("/health", "coordinator") is None, "nobody is let in any more")
        assert process.poll() is None
        answer.set()
        assert process.wait(PATIENCE) == 0

    assert outcomes(database_url) == ["taken"]


def test_told_twice_it_stops_at_once(world: World, database_url: str) -> None:
    with slow_partner(world.receiver_port) as (asked, _):
        world.start("service")
        submitted(world)
        assert asked.wait(PATIENCE)
        process = world.running.pop("service")
        process.send_signal(signal.SIGTERM)
        until(lambda: world.get("/health", "coordinator") is None, "nobody is let in any more")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == -signal.SIGTERM

    assert outcomes(database_url) == []


def test_a_second_service_on_the_port_sends_nothing_and_says_why(world: World) -> None:
    world.start("service")
    done = subprocess.run(
        [sys.executable, "-m", "service", "serve"],
        env=world.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert done.returncode != 0
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_worker_beside_a_service_that_sends_is_refused_in_a_sentence(world: World) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service", "worker"],
        env=world.environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert (done.returncode, done.stdout) == (5, "")
    assert "NRM_WORKER=beside" in done.stderr


def submitted(world: World) -> str:
    body = {"submissionKey": new_key("whole-")[:40], "facts": told_over_http()}
    answer = world.post("/signals", "coordinator", body)
    assert answer is not None
    assert answer.status_code == httpx.codes.CREATED, answer.text
    return str(answer.json()["caseId"])


def states(world: World, case: str) -> list[str]:
    answer = world.get(f"/cases/{case}", "coordinator")
    lines = [] if answer is None else answer.json()["referrals"]
    return [line["state"] for line in lines if line["partnerId"] == PARTNER]


def outcomes(database_url: str) -> list[str]:
    """Read what became of attempts at the one partner that listens."""
    question = text("SELECT outcome FROM dispatch_attempt WHERE http_status IS NOT NULL")
    database = open_database(database_url)
    with database.look() as session:
        found = [str(value) for value in session.connection().execute(question).scalars()]
    database.close()
    return found


@contextmanager
def slow_partner(port: int) -> Iterator[tuple[Event, Event]]:
    """Listen as a partner that is asked, and answers only when it is let."""
    asked, answer = Event(), Event()

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.set()
            answer.wait(PATIENCE)
            self.send_response(httpx.codes.ACCEPTED)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", port), Slow) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            yield asked, answer
        finally:
            answer.set()
            server.shutdown()
            serving.join()

"""The script that every container starts with, run with real processes on PostgreSQL as the arrangement runs it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import URL

from docker.is_well import is_well
from service.kernel.clock import SystemClock, local_day
from service.kernel.ids import new_key
from tests.architecture.source import ROOT
from tests.factories import told_over_http
from tests.postgresql import database_on
from tests.scenarios.world import World, free_port, prepared
from tests.side_by_side import side_by_side
from tests.waiting import PATIENCE, until

SCRIPT = str(ROOT / "docker" / "entrypoint.sh")
SIGNALS = 6


@pytest.fixture
def machines(home: Path, postgresql: URL, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[World, World]]:
    """Give two machines on an empty database whose address comes in a file, as a secret does."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("NRM_WAIT_SECONDS", str(PATIENCE))
    with database_on(postgresql, f"nrm_containers_{os.getpid()}") as made:
        address = made.render_as_string(hide_password=False)
        (home / "address").write_text(address)
        monkeypatch.setenv("NRM_DATABASE_URL_FILE", str(home / "address"))
        one = World(home, {}, worker=None, starter=(SCRIPT,))
        other = World(home, {}, worker=None, starter=(SCRIPT,), receiver_port=one.receiver_port)
        try:
            yield one, other
        finally:
            one.stop_all()
            other.stop_all()


def ran(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([SCRIPT, *words], env=world.environment(), capture_output=True, text=True, check=False)


def test_two_services_two_workers_and_a_partner_share_the_work_and_stop_when_told(
    machines: tuple[World, World], home: Path
) -> None:
    one, other = machines
    one.launch("service")
    until(lambda: "waiting" in one.log("service").read_text(), "the service says that it waits for the database")
    migrated = ran(one, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    tokens = prepared(home, (home / "address").read_text(), receiver_port=one.receiver_port).tokens
    one.tokens = other.tokens = tokens
    until(lambda: one.get("/health", "coordinator"), "the service that was started first answers")
    for machine, name in ((other, "service"), (one, "worker"), (other, "worker"), (one, "receiver")):
        machine.start(name)
    assert is_well(one.service_port)
    assert is_well(other.service_port)

    today = local_day(SystemClock().now()).isoformat()
    bodies = [
        {"submissionKey": new_key("shared-")[:40], "facts": told_over_http(acceptedOn=today)} for _ in range(SIGNALS)
    ]
    answers = side_by_side(
        *[partial(machine.post, "/signals", "coordinator", body) for body in bodies for machine in machines]
    )
    given = [answer.status_code for answer in answers if isinstance(answer, httpx.Response)]
    assert given == [httpx.codes.CREATED] * 2 * SIGNALS
    until(lambda: one.receiver_counts()["answered"] == SIGNALS, "the partner has answered each referral")
    counts = one.receiver_counts()
    assert counts["messages"] == counts["effects"] == SIGNALS

    ended = {
        f"{name} {number}": machine.stop(name)
        for number, machine in enumerate(machines)
        for name in list(machine.running)
    }
    assert set(ended.values()) == {0}, ended
    assert len(ended) == 5
    verified = ran(one, "audit", "verify")
    assert verified.returncode == 0, verified.stdout


def test_it_does_not_serve_what_nobody_migrated(machines: tuple[World, World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NRM_WAIT_SECONDS", "0.1")
    one, _ = machines

    done = ran(one, "serve")

    assert (done.returncode, done.stdout) == (8, "")
    assert "nrm migrate" in done.stderr


def test_nobody_is_well_where_nobody_listens() -> None:
    assert not is_well(free_port())

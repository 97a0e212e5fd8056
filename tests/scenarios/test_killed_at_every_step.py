"""Whichever process dies at whichever step: what was answered is kept, the referral arrives once, the trail holds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection, text, update

from service.database.engine import open_database
from service.dispatch.tables import Lane
from service.kernel.clock import SystemClock, local_day
from service.kernel.ids import new_key
from tests.conftest import POSTGRESQL, SQLITE
from tests.factories import told_over_http
from tests.postgresql import database_on
from tests.scenarios.world import PARTNER, World, prepared
from tests.waiting import until

COMMIT = "service.database.unit_of_work:UnitOfWork.commit"
READ = "service.api.referrals:read_referral"
ANSWER = "service.api.referrals:answer_referral"
STORE = "service.receiver.inbox:Inbox.store"
POST = "service.receiver.answering:Partner.post"

STEPS = {
    "service before the signal is committed": f"{COMMIT}:before:1",
    "service after the signal is committed": f"{COMMIT}:after:1",
    "worker after claiming, before sending": "service.dispatch.sender:Sender.__call__:before:1",
    "worker after sending, before recording": "service.worker.loop:record:before:1",
    "worker after recording": "service.worker.loop:record:after:1",
    "receiver after storing": f"{STORE}:after:1",
    "receiver after fetching": "service.receiver.answering:Partner.fetch:after:1",
    "receiver after answering": f"{POST}:after:2",
}
BETWEEN = {
    "service before the partner reads": f"{READ}:before:1",
    "service after the partner's reading is kept": f"{READ}:after:1",
    "service before the partner's answer is kept": f"{ANSWER}:before:1",
    "service after the acknowledgement is kept": f"{ANSWER}:after:1",
    "service after the acceptance is kept": f"{ANSWER}:after:2",
    "worker before claiming": "service.worker.loop:prepare:before:1",
    "worker inside the claim's transaction": "service.casework.deliveries.deliver_referrals:claim:after:1",
    "worker inside the record's transaction": "service.referrals.store:move:after:1",
    "receiver before storing": f"{STORE}:before:1",
    "receiver after its file is opened": "service.receiver.inbox:Inbox.open_file:after:1",
    "receiver after acknowledging": f"{POST}:after:1",
    "receiver after noting the acknowledgement": "service.receiver.inbox:Inbox.advance:after:1",
}
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
POINTS = [
    *(pytest.param(step, point, id=step) for step, point in STEPS.items()),
    *(pytest.param(step, point, id=step, marks=pytest.mark.long) for step, point in BETWEEN.items()),
]


@pytest.fixture(scope="module", params=[SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.long)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("home")
    with database_for(request, home) as database_url:
        made = prepared(home, database_url)
        try:
            for name in ("service", "worker", "receiver"):
                made.start(name)
            yield made
        finally:
            made.stop_all()


@contextmanager
def database_for(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """Give the address of an empty database for all steps together."""
    if request.param == SQLITE:
        file = copy(request.getfixturevalue("migrated_file"), home / "nrm.sqlite3")
        yield f"sqlite:///{file}"
        return
    server, template = request.getfixturevalue("postgresql"), request.getfixturevalue("migrated_template")
    with database_on(server, f"nrm_steps_{os.getpid()}", template) as made:
        yield made.render_as_string(hide_password=False)


@pytest.mark.parametrize(("step", "point"), POINTS)
def test_a_signal_gets_its_answer_although_a_process_is_killed(world: World, step: str, point: str) -> None:
    victim = step.partition(" ")[0]
    messages_before = world.receiver_counts()["messages"]
    world.stop(victim)
    world.start(victim, dying_at=point)

    signal: dict[str, object] = {"submissionKey": new_key("killed-")[:40], "facts": told_over_http(acceptedOn=today())}
    first_answer = world.post("/signals", "coordinator", signal)
    world.wait_for_death(victim)
    world.start(victim)
    receipt = submitted_again(world, signal)
    assert first_answer is None or first_answer.json() == receipt

    until(lambda: is_accepted(world, receipt["caseId"]), "the referral is accepted")
    until(lambda: told_that_it_arrived(world, receipt["caseId"]), "the trail tells that it arrived, once")
    until(lambda: world.receiver_counts()["answered"] == messages_before + 1, "the partner has noted its answer")
    counts = world.receiver_counts()
    assert counts["messages"] == messages_before + 1
    assert counts["effects"] == counts["messages_with_effect"] == counts["messages"]
    trail = read(world, f"/cases/{receipt['caseId']}/trail", "auditor")
    assert trail["verified"] is True
    assert signals_kept(world, signal["submissionKey"]) == 1
    assert waiting_messages(world, receipt["caseId"]) == 0


def submitted_again(world: World, signal: dict[str, object]) -> dict[str, Any]:
    """Submit a signal once more, as a coordinator does who saw no answer."""
    answer = until(lambda: world.post("/signals", "coordinator", signal), "the signal is answered")
    assert answer.is_success, answer.text
    receipt: dict[str, Any] = answer.json()
    return receipt


def is_accepted(world: World, case_id: str) -> bool:
    """Tell whether the partner has accepted; an attempt that failed because it was dead does not wait for its ladder.

    On a busy machine a partner that was killed may be back only after the second attempt; the third is minutes away.
    """
    line = line_to_partner(world, case_id)
    if any(one["state"] == "waiting" for one in line["deliveries"]):
        with rows(world) as connection:
            connection.execute(update(Lane).values(next_due=LONG_AGO))
    return bool(line["state"] == "accepted")


def told_that_it_arrived(world: World, case_id: str) -> bool:
    """Tell whether the trail says that the message was taken, or that it was not needed as the partner had read it."""
    trail = read(world, f"/cases/{case_id}/trail", "auditor")
    events = [entry["event"] for entry in trail["entries"]]
    return events.count("referral:sent") + events.count("referral:delivery_stopped") == 1


def waiting_messages(world: World, case_id: str) -> int:
    states = {one["state"] for one in line_to_partner(world, case_id)["deliveries"]}
    return len(states - {"delivered", "cancelled"})


def line_to_partner(world: World, case_id: str) -> dict[str, Any]:
    case = read(world, f"/cases/{case_id}", "coordinator")
    [line] = [line for line in case["referrals"] if line["partnerId"] == PARTNER]
    return dict(line)


def signals_kept(world: World, submission_key: object) -> int:
    question = text("SELECT count(*) FROM signal WHERE submission_key = :key")
    with rows(world) as connection:
        return int(connection.execute(question, {"key": submission_key}).scalar_one())


@contextmanager
def rows(world: World) -> Iterator[Connection]:
    database = open_database(world.database_address)
    try:
        with database.writer.begin() as connection:
            yield connection
    finally:
        database.close()


def read(world: World, path: str, role: str) -> dict[str, Any]:
    answer = until(lambda: world.get(path, role), f"{path} is answered")
    assert answer.is_success, answer.text
    content: dict[str, Any] = answer.json()
    return content


def today() -> str:
    return local_day(SystemClock().now()).isoformat()

"""The receiver that the README prints is a partner's system: run as printed, with the standard library alone."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from service.access.roles import Role
from service.cli.partners import fill_directory
from service.kernel.clock import SystemClock, local_day
from service.kernel.ids import new_key
from service.settings import Settings
from service.wiring import open_service
from tests.architecture.source import ROOT
from tests.factories import bearer, told_over_http
from tests.scenarios.world import World
from tests.waiting import until

PARTNER = "comensha"
MOST_LINES = 25


@dataclass(frozen=True)
class Shelter:
    """A partner with the printed program, and the service that sends to it."""

    world: World
    secret: str

    def told(self, **event: str) -> int:
        """Bring it a message that the service has signed."""
        return self.brought(event, self.secret, datetime.now(UTC)).status_code

    def brought(self, event: Mapping[str, object], secret: str, at: datetime) -> httpx.Response:
        """Bring it a message and give its answer."""
        body = json.dumps(event)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret).sign("msg_1", at, body),
        }
        return httpx.post(self.world.receiver_url, content=body, headers=headers, trust_env=False)

    def kept(self) -> list[tuple[Any, ...]]:
        """Look into the file in which it keeps referrals."""
        with closing(sqlite3.connect(self.world.home / "referrals.sqlite3")) as rows:
            return rows.execute("SELECT id, sequence, done > 0 FROM referral WHERE url IS NOT NULL").fetchall()

    def printed(self) -> list[dict[str, Any]]:
        """Give the contents that it handed to the shelter's own system."""
        lines = (self.world.home / "shelter.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


def program() -> str:
    """Give the program as it stands in the README."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Receive a referral")[2]
    found = re.search(r"^```python\n(.*?)^```$", section, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def shelter(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Shelter]:
    home = tmp_path_factory.mktemp("shelter")
    copy(migrated_file, home / "nrm.sqlite3")
    (home / "receiver.py").write_text(program(), encoding="utf-8")
    joined = open_service(Settings(home=home, allow_loopback=True))
    fill_directory(joined, None)
    world = World(home, {"coordinator": bearer(joined), "partner": bearer(joined, Role.PARTNER, PARTNER)})
    joined.close()
    try:
        world.start("service")
        registered = asked(world, "/webhook-endpoints", {"url": world.receiver_url})
        token = world.tokens["partner"]["Authorization"].removeprefix("Bearer ")
        with (home / "shelter.log").open("wb") as log:
            # -I and -S: nothing but the standard library can be imported.
            world.running["shelter"] = subprocess.Popen(
                [sys.executable, "-I", "-S", "receiver.py", str(world.receiver_port)],
                cwd=home,
                env={**os.environ, "SECRET": registered["secret"], "TOKEN": token},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(lambda: listens(world.receiver_port), "the shelter's program listens")
        proved = asked(world, f"/webhook-endpoints/{registered['id']}/verifications")
        assert proved["verified"], proved
        world.start("worker")
        yield Shelter(world, registered["secret"])
    finally:
        world.stop_all()


def asked(world: World, path: str, body: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Ask the service something as the shelter's keeper does."""
    answer = httpx.post(world.url + path, json=body, headers=dict(world.tokens["partner"]), trust_env=False)
    assert answer.is_success, answer.text
    said: dict[str, Any] = answer.json()
    return said


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port)):
        return True


def test_the_program_is_as_short_as_the_readme_says() -> None:
    assert len([line for line in program().splitlines() if line.strip()]) <= MOST_LINES


def test_a_referral_is_fetched_and_acknowledged_once_however_often_it_is_announced(shelter: Shelter) -> None:
    today = local_day(SystemClock().now()).isoformat()
    body = {"submissionKey": new_key("readme-")[:40], "facts": told_over_http(acceptedOn=today)}
    receipt = until(lambda: shelter.world.post("/signals", "coordinator", body), "the signal is answered").json()

    def referral() -> dict[str, Any] | None:
        case = shelter.world.get(f"/cases/{receipt['caseId']}", "coordinator")
        lines = [] if case is None else case.json()["referrals"]
        return next((one for one in lines if one["partnerId"] == PARTNER and one["state"] == "acknowledged"), None)

    line = until(referral, "the referral is acknowledged")
    until(lambda: shelter.kept() == [(line["id"], "0000000001", 1)], "the shelter has noted that it is done")
    dataref = f"{shelter.world.url}/referrals/{line['id']}"
    assert shelter.told(subject=line["id"], sequence="0000000001", dataref=dataref) == 202
    assert shelter.told(subject=line["id"], sequence="0000000000", dataref=dataref) == 202
    assert shelter.kept() == [(line["id"], "0000000001", 1)]
    assert [content["id"] for content in shelter.printed()] == [line["id"]]

    assert shelter.told(subject=line["id"], sequence="0000000002", dataref=dataref) == 202
    until(lambda: shelter.kept() == [(line["id"], "0000000002", 1)], "a newer message about it is worked off as well")


def test_a_referral_that_is_no_longer_there_is_put_aside(shelter: Shelter) -> None:
    gone = "0192d3a0-0000-7000-8000-000000000000"
    assert shelter.told(subject=gone, sequence="0000000001", dataref=f"{shelter.world.url}/referrals/{gone}") == 202
    until(lambda: (gone, "0000000001", 1) in shelter.kept(), "the shelter does not ask for it any more")


def test_a_challenge_is_echoed_when_we_signed_it_and_refused_when_somebody_else_did(shelter: Shelter) -> None:
    challenge, now = (
        {"id": "msg_1", "subject": "endpoint-1", "data": {"challenge": "say-this-again"}},
        datetime.now(UTC),
    )
    signed = shelter.brought(challenge, shelter.secret, now)
    assert signed.is_success
    assert "say-this-again" in signed.text
    wrongly_signed = shelter.brought(challenge, "whsec_" + "B" * 32, now)
    assert (wrongly_signed.status_code, wrongly_signed.text) == (401, "")


def test_what_the_service_did_not_sign_just_now_is_refused_and_not_kept(shelter: Shelter) -> None:
    event = {"subject": "forged", "sequence": "0000000009", "dataref": "http://127.0.0.1:9/"}
    now = datetime.now(UTC)
    assert shelter.brought(event, "whsec_" + "B" * 32, now).status_code == 401
    assert shelter.brought(event, shelter.secret, now - timedelta(minutes=6)).status_code == 401
    assert httpx.post(shelter.world.receiver_url, json=event, trust_env=False).status_code == 401
    assert "forged" not in {row[0] for row in shelter.kept()}

"""What is taken back reaches the partner's system: it hears of it in order, has nothing to do, and gets in no more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.kernel.ids import new_key
from tests.factories import told_over_http
from tests.scenarios.world import PARTNER, World, prepared
from tests.waiting import until


@pytest.fixture
def world(home: Path, database_url: str) -> Iterator[World]:
    made = prepared(home, database_url, worker="inside")
    made.lease_seconds = 60
    try:
        made.start("receiver")
        made.start("service")
        yield made
    finally:
        made.stop_all()


def read(world: World, path: str, role: str) -> dict[str, Any]:
    answer = world.get(path, role)
    assert answer is not None
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def line_of(world: World, case_id: str) -> dict[str, Any]:
    lines = read(world, f"/cases/{case_id}", "coordinator")["referrals"]
    return next(line for line in lines if line["partnerId"] == PARTNER)


def test_a_withdrawal_travels_to_the_partner_that_had_taken_the_referral(world: World) -> None:
    receipt = world.post("/signals", "coordinator", {"submissionKey": new_key("back-")[:40], "facts": told_over_http()})
    assert receipt is not None
    case_id = receipt.json()["caseId"]
    until(lambda: line_of(world, case_id)["state"] == "accepted", "the partner takes the referral")
    until(lambda: world.receiver_counts()["answered"] == 1, "the partner has noted its answer")

    line = line_of(world, case_id)
    withdrawn = httpx.post(
        f"{world.url}/cases/{case_id}/referrals/{line['id']}/withdrawal",
        json={"reason": "person_decided"},
        headers={**world.tokens["coordinator"], "If-Match": f'"{line["version"]}"'},
        trust_env=False,
    )

    assert withdrawn.status_code == 200, withdrawn.text
    until(lambda: world.receiver_counts()["forgotten"] == 1, "the partner hears that it was taken back")
    until(
        lambda: [one["state"] for one in line_of(world, case_id)["deliveries"]] == ["delivered"] * 2,
        "both messages are noted as delivered",
    )
    assert [one["kind"] for one in line_of(world, case_id)["deliveries"]] == ["referral_sent", "referral_withdrawn"]
    for late in (
        world.get(f"/referrals/{line['id']}", "partner"),
        world.post(f"/referrals/{line['id']}/answers", "partner", {"answer": "start"}),
    ):
        assert late is not None
        assert late.status_code == (404 if late.request.method == "GET" else 409)
    assert world.receiver_counts()["effects"] == 1
    assert read(world, f"/cases/{case_id}/trail", "auditor")["verified"] is True

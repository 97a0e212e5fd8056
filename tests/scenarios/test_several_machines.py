"""Several services and several workers on one PostgreSQL: every signal is kept once and every referral sent once."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from service.kernel.clock import SystemClock, local_day
from service.kernel.ids import new_key
from tests.factories import told_over_http
from tests.scenarios.world import World, prepared
from tests.side_by_side import side_by_side
from tests.waiting import until

SIGNALS = 12

pytestmark = pytest.mark.only_on("postgresql")


@pytest.fixture
def machines(home: Path, database_url: str) -> Iterator[tuple[World, World]]:
    one = prepared(home, database_url)
    other = World(home, one.tokens, receiver_port=one.receiver_port, database_url=database_url)
    try:
        one.start("receiver")
        for machine in (one, other):
            machine.start("service")
            machine.start("worker")
        yield one, other
    finally:
        one.stop_all()
        other.stop_all()


def test_two_services_and_two_workers_share_the_work_and_do_nothing_twice(machines: tuple[World, World]) -> None:
    today = local_day(SystemClock().now()).isoformat()
    bodies = [
        {"submissionKey": new_key("shared-")[:40], "facts": told_over_http(acceptedOn=today)} for _ in range(SIGNALS)
    ]
    # Each signal is submitted to both, as a coordinator's system does that saw no answer.
    answers = side_by_side(
        *[partial(machine.post, "/signals", "coordinator", body) for body in bodies for machine in machines]
    )
    given = [answer for answer in answers if isinstance(answer, httpx.Response)]
    assert [answer.status_code for answer in given] == [httpx.codes.CREATED] * 2 * SIGNALS
    cases = {answer.json()["caseId"] for answer in given}
    assert len(cases) == SIGNALS

    one, _ = machines
    until(lambda: one.receiver_counts()["answered"] == SIGNALS, "the partner has answered each referral")
    counts = one.receiver_counts()
    assert counts["messages"] == counts["effects"] == SIGNALS

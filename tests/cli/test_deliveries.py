"""An operator finds what did not arrive, sends it by hand, or says why it is not sent any more."""

import json
from pathlib import Path

import pytest

from service.dispatch.outcome import Category, Outcome
from service.wiring import Service
from tests.casework.sending import PARTNER, delivery_to, endpoints, listening, tried
from tests.cli.terminal import typed
from tests.factories import opened_case

pytestmark = pytest.mark.only_on("sqlite")

WINDOW = ("--since", "2026-11-20T00:00:00Z", "--until", "2026-11-30T00:00:00Z")


@pytest.fixture
def message_id(service: Service, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let a message be refused three times, so that it is given up."""
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, Outcome(Category.REFUSED, 422, 5), 3)
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    return delivery_to(service, case_id)


def test_what_was_given_up_is_found_and_sent_once_more(message_id: str) -> None:
    found = typed("deliveries", "list", "--state", "dead_letter", "--partner", PARTNER)
    attempts = typed("deliveries", "show", message_id)
    resent = typed("deliveries", "resend", message_id)

    assert found.screen == f"{message_id}  {PARTNER}  dead_letter  attempts 3, the last refused\n"
    assert [line.split("  ")[2] for line in attempts.screen.splitlines()] == ["refused (422) in 5 ms"] * 3
    assert resent.screen == f"{message_id} is due\n"


def test_what_was_lost_in_a_window_is_sent_and_more_than_that_is_not(service: Service, message_id: str) -> None:
    [endpoint] = endpoints(service)
    recovered = typed("deliveries", "recover", str(endpoint.id), *WINDOW)
    too_long = typed("deliveries", "recover", str(endpoint.id), *WINDOW[:3], "2026-12-30T00:00:00Z")

    assert recovered.screen == "1 queued, 0 behind a message that was given up\n"
    assert (too_long.code, too_long.screen) == (2, "")
    assert f"{message_id}  {PARTNER}  due" in typed("deliveries", "list").screen


def test_a_message_is_skipped_for_a_reason_and_only_once(message_id: str) -> None:
    without = typed("deliveries", "skip", message_id)
    done = typed("deliveries", "skip", message_id, "--reason", "cannot_be_taken", "--json")
    again = typed("deliveries", "skip", message_id, "--reason", "mistake")

    assert without.code == 2
    assert json.loads(done.out)["state"] == "cancelled"
    assert again.code == 5
    assert "'cancel' is not possible while the state is 'cancelled'" in again.err


@pytest.mark.usefixtures("message_id")
def test_a_message_that_is_not_there_is_said_not_to_be() -> None:
    done = typed("deliveries", "show", "msg_of_nobody")
    assert (done.code, done.err) == (4, "There is no such delivery\n")

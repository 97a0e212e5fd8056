"""What went wrong in other systems of this kind, each under its own name, and does not here."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col
from standardwebhooks import Webhook, WebhookVerificationError

from service.access.roles import Role
from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.deliveries.deliver_referrals import record
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.tasks.kinds import DELIVER_BY_HAND, NO_ENDPOINT
from service.casework.trail.read_trail import read_trail
from service.database.sealing.kept_keys import KeptKey
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Outcome, category_of
from service.kernel.canonical_json import canonical_bytes
from service.kernel.clock import local_day
from service.kernel.ids import new_key
from service.partners.lifecycle import EndpointState
from service.referrals.lifecycle import ReferralState
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.casework.clocks import clock_of, clocks_of, until
from tests.casework.sending import (
    FAILED,
    PARTNER,
    TAKEN,
    desk,
    endpoints,
    everything_is_due,
    line_to,
    listening,
    prepared,
    prepared_all,
    tried,
)
from tests.cli.terminal import nrm
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, bearer, coordinator, listen_at, opened_case, told, told_over_http

pytestmark = pytest.mark.only_on("sqlite")

AN_INSTANT = timedelta(microseconds=1)


async def test_preview_differs_from_what_is_sent(api: httpx.AsyncClient, service: Service) -> None:
    case_id = opened_case(service).case_id
    lines = [one for one in read_case(coordinator(service), case_id).referrals if one.state is ReferralState.QUEUED]

    for line in lines:
        shown = await api.get(f"/v1/cases/{case_id}/referrals/{line.id}/preview", headers=bearer(service))
        read = await api.get(f"/v1/referrals/{line.id}", headers=bearer(service, Role.PARTNER, line.partner_id))
        content = shown.json()["content"]
        assert canonical_bytes({name: read.json()[name] for name in content}) == canonical_bytes(content)
    assert len(lines) > 1


async def test_two_clocks_one_shown_and_another_applied(
    api: httpx.AsyncClient, service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    decided = read_case(coordinator(service), case_id).decisions[-1].content
    running = {(one.kind, one.due) for one in clocks_of(service, case_id)}
    assert {(one.kind, one.due) for one in decided.deadlines if one.kind != "answer_due"} == running

    line = line_to(service, case_id)
    shown = (await api.get(f"/v1/referrals/{line.id}", headers=bearer(service, Role.PARTNER, PARTNER))).json()
    applied = datetime.fromisoformat(shown["answerBy"])
    assert applied == line.answer_by
    clock.move(applied - AN_INSTANT - clock.now())
    assert overdue(service.system()) is None
    clock.move(AN_INSTANT)
    assert escalate_silence(service.system(), line.id) is True


async def test_a_list_is_filtered_and_search_counts_and_errors_leak(api: httpx.AsyncClient, service: Service) -> None:
    case_id = str(opened_case(service, found_in="GM0363").case_id)
    others = bearer(service, Role.COORDINATOR, OTHER_OFFICE)
    nowhere = "00000000-0000-7000-8000-000000000000"

    for path in ("/v1/cases", "/v1/signals", "/v1/tasks", "/v1/cases?pageSize=1"):
        assert (await api.get(path, headers=others)).json() == {"items": [], "nextCursor": None}
    searched = await api.post("/v1/cases/_search", json={"caseIds": [case_id]}, headers=others)
    assert searched.json() == {"items": [], "nextCursor": None}
    for path in ("/v1/cases/{}", "/v1/cases/{}/trail"):
        theirs, none = [await api.get(path.format(one), headers=others) for one in (case_id, nowhere)]
        assert {**theirs.json(), "instance": ""} == {**none.json(), "instance": ""}
        assert case_id not in theirs.text


async def test_a_sub_resource_is_loaded_by_its_own_id_and_the_parent_in_the_path_is_ignored(
    api: httpx.AsyncClient, service: Service
) -> None:
    mine, other = opened_case(service).case_id, opened_case(service).case_id
    line = line_to(service, other)
    decision = read_case(coordinator(service), other).decisions[-1].id
    headers = {**bearer(service), "If-Match": f'"{line.version}"'}

    for path, body in (
        (f"referrals/{line.id}/withdrawal", {"reason": "mistake"}),
        (f"referrals/{line.id}/hand-over", {}),
        (f"decisions/{decision}/confirm", None),
    ):
        answer = await api.post(f"/v1/cases/{mine}/{path}", json=body, headers=headers)
        assert answer.status_code == 404, path
    assert line_to(service, other).version == line.version


async def test_the_right_to_override_is_checked_in_the_client_only(api: httpx.AsyncClient, service: Service) -> None:
    case_id = opened_case(service).case_id
    decision = read_case(coordinator(service), case_id).decisions[-1]
    chosen = {"reason": "Somebody wished it.", "shelter": {"type": "none"}}
    path = f"/v1/cases/{case_id}/decisions/{decision.id}/override"

    for role in (Role.PARTNER, Role.AUDITOR, Role.POLICY_OWNER, Role.ADMINISTRATOR):
        assert (await api.post(path, json=chosen, headers=bearer(service, role))).status_code == 403
    narrow = bearer(service, without="decisions:override")
    assert (await api.post(path, json=chosen, headers=narrow)).status_code == 403
    assert read_case(coordinator(service), case_id).decisions[-1] == decision


async def test_an_illegal_transition_is_answered_200_and_ignored(api: httpx.AsyncClient, service: Service) -> None:
    case_id = opened_case(service).case_id
    line = line_to(service, case_id)
    partner = bearer(service, Role.PARTNER, PARTNER)

    early = await api.post(f"/v1/referrals/{line.id}/answers", json={"answer": "complete"}, headers=partner)

    assert (early.status_code, early.headers["content-type"]) == (409, "application/problem+json")
    assert read_trail(coordinator(service), case_id).entries[-1].event == Event.REFERRAL_REFUSED
    assert line_to(service, case_id).state is line.state


@pytest.mark.parametrize("status", [300, 302, 304, 399])
def test_a_status_below_400_counts_as_delivered(service: Service, status: int) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    record(service.system(), prepared(service), Outcome(category_of(status), status, 5))

    line = line_to(service, case_id)
    assert (line.state, line.deliveries[0].state) == (ReferralState.QUEUED, DeliveryState.WAITING)


def test_one_broken_hook_stops_the_others(service: Service) -> None:
    for partner_id in (PARTNER, "emm"):
        listen_at(service.operator(), partner_id, "http://127.0.0.1:9/in")
    case_id = opened_case(service).case_id

    for sending in prepared_all(service):
        broken = sending.claimed.message_id == line_to(service, case_id).deliveries[0].id
        record(service.system(), sending, FAILED if broken else TAKEN)

    assert line_to(service, case_id).state is ReferralState.QUEUED
    assert line_to(service, case_id, "emm").state is ReferralState.DELIVERED


def test_the_record_of_a_delivery_is_erased_when_the_retries_run_out_and_nobody_is_told(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 10)

    [delivery] = line_to(service, case_id).deliveries
    assert (delivery.state, delivery.attempts) == (DeliveryState.DEAD_LETTER, 10)
    assert desk(service, case_id)[DELIVER_BY_HAND, TaskState.OPEN] == 1


def test_the_audit_trail_is_deleted_with_the_case(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = read_trail(coordinator(service), case_id).entries

    with service.database.writer.begin() as connection:
        # Erasing a case is destroying its key.
        connection.execute(delete(KeptKey).where(col(KeptKey.owner) == case_id))
    with pytest.raises(DBAPIError), service.database.writer.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry"))

    trail = read_trail(coordinator(service), case_id)
    assert trail.verified
    assert trail.entries[: len(before)] == before


@pytest.mark.parametrize(
    ("accepted", "last_day_is_over_at"),
    [
        # From summer time into winter time, and the other way round.
        ("2026-09-25", "2026-12-25T23:00"),
        ("2027-01-25", "2027-04-25T22:00"),
    ],
)
def test_a_wall_clock_drifts_over_a_daylight_saving_change(
    service: Service, clock: FixedClock, accepted: str, last_day_is_over_at: str
) -> None:
    clock.move(datetime.fromisoformat(f"{accepted}T09:00").replace(tzinfo=UTC) - clock.now())
    case_id = opened_case(service, accepted_on=accepted).case_id
    end = clock_of(service, case_id, "reflection_end")

    assert end.rings_at == datetime.fromisoformat(last_day_is_over_at).replace(tzinfo=UTC)
    until(service, clock, end.rings_at - AN_INSTANT)
    assert local_day(clock.now()) == end.due
    assert read_case(coordinator(service), case_id).decisions[-1].content.reflection_period.status == "running"


async def test_optional_fields_of_an_identity_are_mapped_unconditionally(
    api: httpx.AsyncClient, service: Service
) -> None:
    for identity in (None, {}, {"name": "Ms Invented"}, {"birthDate": "1996-01-31"}, {"contact": "+31 6 555 0100"}):
        body = {"submissionKey": new_key("part-")[:40], "facts": told_over_http(), "identity": identity}
        receipt = await api.post("/v1/signals", json=body, headers=bearer(service))
        assert receipt.status_code == 201, receipt.text
        read = await api.get(f"/v1/signals/{receipt.json()['signalId']}", headers=bearer(service))
        kept = read.json()["identity"]
        assert {name: said for name, said in (kept or {}).items() if said is not None} == (identity or {})


async def test_a_change_of_state_is_committed_first_and_validated_after(
    api: httpx.AsyncClient, service: Service
) -> None:
    case_id = opened_case(service).case_id
    line, before = line_to(service, case_id), read_case(coordinator(service), case_id)
    partner = bearer(service, Role.PARTNER, PARTNER)

    unexplained = await api.post(f"/v1/referrals/{line.id}/answers", json={"answer": "decline"}, headers=partner)
    impossible = await api.patch(
        f"/v1/cases/{case_id}/facts",
        json={"facts": {"age": 31, "citizenship": "martian"}},
        headers={**bearer(service), "If-Match": f'"{before.version}"'},
    )

    assert 400 <= unexplained.status_code < 500
    assert 400 <= impossible.status_code < 500
    assert line_to(service, case_id).state is line.state
    after = read_case(coordinator(service), case_id)
    assert (after.version, after.facts) == (before.version, before.facts)


async def test_a_second_door_has_its_own_logic(
    api: httpx.AsyncClient, service: Service, home: Path, database_url: str, tmp_path: Path
) -> None:
    """Give one person to the terminal and to HTTP, and then the same nonsense."""
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(told()))
    asked = await api.post(
        "/v1/decisions/preview",
        json={"facts": told_over_http(), "on": "2026-11-23"},
        headers=bearer(service, Role.POLICY_OWNER),
    )
    typed = nrm(home, "rules", "decide", str(facts), "--on", "2026-11-23", "--json", NRM_DATABASE_URL=database_url)
    at_the_terminal, over_http = json.loads(typed.out), asked.json()
    for part in ("reflectionPeriod", "shelter", "notifications", "deadlines", "tasks"):
        assert snake(over_http[part]) == at_the_terminal[snake_name(part)]

    facts.write_text(json.dumps({**told(), "age": 200}))
    refused = await api.post(
        "/v1/decisions/preview", json={"facts": told_over_http(age=200)}, headers=bearer(service, Role.POLICY_OWNER)
    )
    typed = nrm(home, "rules", "decide", str(facts), NRM_DATABASE_URL=database_url)
    (mistake,) = refused.json()["errors"]
    assert typed.code != 0
    assert mistake["detail"] in typed.err


def snake_name(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def snake(said: Any) -> Any:  # noqa: ANN401 -- JSON has any shape
    """Spell the names of members as files do; values stay as they are."""
    if isinstance(said, dict):
        return {snake_name(name): snake(value) for name, value in said.items()}
    return [snake(one) for one in said] if isinstance(said, list) else said


def test_the_signature_is_over_json_that_was_written_anew(service: Service) -> None:
    secret = listening(service)
    opened_case(service)
    parcel = prepared(service).parcel

    Webhook(secret).verify(parcel.body, dict(parcel.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(json.dumps(json.loads(parcel.body), indent=1), dict(parcel.headers))


def test_a_retry_has_a_new_id(service: Service) -> None:
    listening(service)
    opened_case(service)
    first = prepared(service)
    record(service.system(), first, FAILED)
    everything_is_due(service)
    again = prepared(service)

    assert again.parcel.headers["webhook-id"] == first.parcel.headers["webhook-id"]
    assert again.parcel.body == first.parcel.body


def test_an_endpoint_is_disabled_silently(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    record(service.system(), prepared(service), Outcome(category_of(410), 410, 5))
    assert [one.state for one in endpoints(service)] == [EndpointState.DISABLED]
    assert desk(service, case_id)[DELIVER_BY_HAND, TaskState.OPEN] == 1

    another = opened_case(service, age=31).case_id
    prepared_all(service)
    assert desk(service, another)[NO_ENDPOINT, TaskState.OPEN] == 1

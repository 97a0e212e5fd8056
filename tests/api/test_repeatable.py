"""A request that is sent again under its key is answered as the first time, and nothing is done twice."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlmodel import select

from service.access.roles import Role, ScopeMissing
from service.cases.tables import Case
from service.casework.upkeep import do_once
from service.casework.upkeep.forget_answers import forget_answers
from service.repeats import store as repeats
from service.repeats.store import KEPT_FOR, Identity
from service.repeats.tables import KeptRequest
from service.wiring import Service
from service.worker.sweeping import sweep
from tests.factories import OTHER_OFFICE, audit_bodies, bearer, coordinator, opened_case, referral_to, told_over_http
from tests.waiting import until

KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
BODY: dict[str, Any] = {"submissionKey": "a-key-of-one-signal-0001", "facts": told_over_http()}
ACCEPT = {"answer": "accept"}
NOT_REMEMBERED = {
    # What looks and changes nothing.
    *("searchCases", "previewDecision"),
    # A secret stands in one answer only.
    *("registerEndpoint", "rotateSecret"),
    # What calls a partner's system while the caller waits, and what is about many cases and never done twice.
    *("verifyEndpoint", "tryEndpoint", "recoverDeliveries", "drawUpFigures"),
}


@pytest.fixture
def asked(service: Service) -> str:
    return f"/v1/referrals/{referral_to(service, opened_case(service).case_id, 'comensha')}/answers"


def comensha(service: Service, key: str | None = KEY) -> dict[str, str]:
    return {**bearer(service, Role.PARTNER, "comensha"), **({} if key is None else {"Idempotency-Key": key})}


def cases(service: Service) -> int:
    with service.database.look() as session:
        return len(session.exec(select(Case)).all())


def kept(service: Service) -> list[KeptRequest]:
    with service.database.look() as session:
        return list(session.exec(select(KeptRequest)))


async def test_the_same_request_gets_the_same_answer_with_its_status_and_headers(
    api: httpx.AsyncClient, service: Service
) -> None:
    first, again = [
        await api.post("/v1/signals", json=BODY, headers={**bearer(service), "Idempotency-Key": KEY}) for _ in range(2)
    ]

    assert (first.status_code, first.headers["Location"]) == (201, f"/v1/cases/{first.json()['caseId']}")
    assert (again.status_code, again.content, again.headers["Location"]) == (
        201,
        first.content,
        first.headers["Location"],
    )
    assert cases(service) == 1
    events = [entry["event"] for entry in audit_bodies(service, first.json()["caseId"])]
    assert events[-1] == "request:repeated"
    assert events.count("signal:received") == 1


async def test_what_would_be_a_repetition_the_second_time_is_the_first_answer_under_its_key(
    api: httpx.AsyncClient, service: Service, asked: str
) -> None:
    first = await api.post(asked, json=ACCEPT, headers=comensha(service))
    again = await api.post(asked, json=ACCEPT, headers=comensha(service))
    without = await api.post(asked, json=ACCEPT, headers=comensha(service, None))

    assert [one.status_code for one in (first, again, without)] == [201, 201, 200]
    assert again.json() == first.json()


async def test_a_refusal_is_repeated_too_although_meanwhile_it_would_be_possible(
    api: httpx.AsyncClient, service: Service
) -> None:
    nowhere = "/v1/referrals/00000000-0000-7000-8000-000000000000/answers"
    first, again = [await api.post(nowhere, json=ACCEPT, headers=comensha(service)) for _ in range(2)]

    assert (first.status_code, again.status_code) == (404, 404)
    assert {**again.json(), "instance": ""} == {**first.json(), "instance": ""}
    assert [entry["event"] for entry in audit_bodies(service, "sys")][-2:] == ["referral:refused", "request:repeated"]


async def test_another_content_under_the_same_key_is_422_and_done_nowhere(
    api: httpx.AsyncClient, service: Service, asked: str
) -> None:
    await api.post(asked, json={"answer": "acknowledge"}, headers=comensha(service))
    other = await api.post(asked, json=ACCEPT, headers=comensha(service))

    assert (other.status_code, other.json()["type"]) == (422, "urn:nrm:problem:idempotency-key-reused")
    assert audit_bodies(service, "sys")[-1]["event"] == "request:refused"


async def test_the_order_of_members_is_not_another_content(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "Idempotency-Key": KEY}
    await api.post("/v1/signals", json=BODY, headers=headers)
    turned = {"facts": dict(reversed(BODY["facts"].items())), "submissionKey": BODY["submissionKey"]}

    assert (await api.post("/v1/signals", json=turned, headers=headers)).status_code == 201


async def test_a_mistake_can_be_put_right_under_the_same_key(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "Idempotency-Key": KEY}
    wrong = await api.post("/v1/signals", json={**BODY, "facts": {"age": 300}}, headers=headers)
    right = await api.post("/v1/signals", json=BODY, headers=headers)

    assert (wrong.status_code, right.status_code) == (400, 201)


async def test_a_key_is_its_sender_s_own(api: httpx.AsyncClient, service: Service) -> None:
    north = await api.post("/v1/signals", json=BODY, headers={**bearer(service), "Idempotency-Key": KEY})
    south = await api.post(
        "/v1/signals", json=BODY, headers={**bearer(service, org=OTHER_OFFICE), "Idempotency-Key": KEY}
    )

    assert (south.status_code, south.json()["caseId"] == north.json()["caseId"]) == (201, False)


async def test_who_may_not_do_it_is_told_so_before_anything_is_looked_up(
    api: httpx.AsyncClient, service: Service
) -> None:
    answer = await api.post("/v1/signals", json=BODY, headers=comensha(service))

    assert answer.status_code == 403
    assert kept(service) == []


async def test_one_key_serves_two_operations(api: httpx.AsyncClient, service: Service, asked: str) -> None:
    other = referral_to(service, opened_case(service, age=31).case_id, "comensha")
    first = await api.post(asked, json=ACCEPT, headers=comensha(service))
    second = await api.post(f"/v1/referrals/{other}/answers", json=ACCEPT, headers=comensha(service))

    assert first.json()["id"] != second.json()["id"]


@pytest.mark.parametrize(
    "key",
    ["", '""', '"short"', f'"{"x" * 256}"', '"with a blank in between"', '"half-quoted-0123456789', "a,b;c=0123456789"],
)
async def test_a_key_that_is_none_is_400(api: httpx.AsyncClient, service: Service, key: str) -> None:
    answer = await api.post("/v1/signals", json=BODY, headers={**bearer(service), "Idempotency-Key": key})

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:nrm:problem:bad-idempotency-key")
    assert cases(service) == 0


async def test_two_keys_are_none_and_a_bare_one_is_tolerated(api: httpx.AsyncClient, service: Service) -> None:
    own = list(bearer(service).items())
    two = await api.post("/v1/signals", json=BODY, headers=[*own, ("Idempotency-Key", KEY), ("Idempotency-Key", KEY)])
    bare = await api.post("/v1/signals", json=BODY, headers=[*own, ("Idempotency-Key", KEY.strip('"'))])
    quoted = await api.post("/v1/signals", json=BODY, headers=[*own, ("Idempotency-Key", KEY)])

    assert [one.status_code for one in (two, bare, quoted)] == [400, 201, 201]
    assert len(kept(service)) == 1


async def test_a_day_later_the_key_is_free(
    api: httpx.AsyncClient, service: Service, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.post(asked, json={"answer": "acknowledge"}, headers=comensha(service))
    for minutes, status in ((-1, 422), (1, 201)):
        later = datetime.now(UTC) + KEPT_FOR + timedelta(minutes=minutes)
        monkeypatch.setattr(type(service.clock), "wall", lambda _clock, later=later: later)
        assert (await api.post(asked, json=ACCEPT, headers=comensha(service))).status_code == status

    assert len(kept(service)) == 1


async def test_the_kept_answer_and_the_fingerprint_can_be_read_by_nobody(
    api: httpx.AsyncClient, service: Service
) -> None:
    answer = await api.post("/v1/signals", json=BODY, headers={**bearer(service), "Idempotency-Key": KEY})

    (row,) = kept(service)
    assert row.answer is not None
    assert answer.json()["signalId"].encode() not in row.answer
    assert len(row.fingerprint) == 64


async def test_the_worker_forgets_what_has_had_its_day_although_nobody_asks_again(
    api: httpx.AsyncClient, service: Service, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.post(asked, json=ACCEPT, headers=comensha(service))

    assert forget_answers(service.system()) == 0
    later = datetime.now(UTC) + KEPT_FOR + timedelta(minutes=1)
    monkeypatch.setattr(type(service.clock), "wall", lambda _clock: later)
    sweeping = asyncio.create_task(sweep(service.system(), going := asyncio.Event()))
    await asyncio.to_thread(until, lambda: kept(service) == [], "the kept answer is forgotten")
    going.set()
    await sweeping


def test_only_the_service_itself_forgets(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        forget_answers(coordinator(service))


class Noticing(set[Identity]):
    """The requests that are being worked on, which tells when somebody met his own."""

    def __init__(self) -> None:
        super().__init__()
        self.met = threading.Event()

    def __contains__(self, who: object) -> bool:
        """Look, and tell."""
        found = super().__contains__(who)
        if found:
            self.met.set()
        return found


async def test_while_the_first_is_being_worked_on_the_second_is_409_and_may_ask_again(
    api: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, running, claim = threading.Event(), threading.Event(), Noticing(), repeats.claim

    def slow(*given: Any) -> Any:  # noqa: ANN401 -- whatever the store takes and gives
        begun.set()
        assert go_on.wait(10)
        return claim(*given)

    monkeypatch.setattr(repeats, "claim", slow)
    monkeypatch.setattr(do_once, "_running", running)
    headers = {**bearer(service), "Idempotency-Key": KEY}
    first = asyncio.create_task(api.post("/v1/signals", json=BODY, headers=headers))
    assert await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(api.post("/v1/signals", json=BODY, headers=headers))
    assert await asyncio.to_thread(running.met.wait, 10)
    go_on.set()

    assert (await first).status_code == 201
    assert ((await second).status_code, (await second).headers["Retry-After"]) == (409, "1")
    assert cases(service) == 1


async def test_a_crash_leaves_nothing_and_the_key_free(
    api: httpx.AsyncClient, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {**bearer(service), "Idempotency-Key": KEY}
    with monkeypatch.context() as broken:
        broken.setattr(repeats, "answered", lambda *_given: 1 / 0)
        crashed = await api.post("/v1/signals", json=BODY, headers=headers)
    left = (cases(service), kept(service))
    again = await api.post("/v1/signals", json=BODY, headers=headers)

    assert (crashed.status_code, left, again.status_code) == (500, (0, []), 201)


@pytest.mark.only_on("sqlite")
async def test_whatever_is_done_by_post_can_be_asked_again_under_a_key(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/v1/openapi.json")).json()["paths"]
    posts = [methods["post"] for methods in paths.values() if "post" in methods]

    without = {
        one["operationId"]
        for one in posts
        if "Idempotency-Key" not in {parameter["name"] for parameter in one.get("parameters", [])}
    }

    assert without == NOT_REMEMBERED

"""Whoever comes without a good token is turned away, and the trail says so without believing a word."""

import json

import httpx
import pytest
from sqlalchemy import text

from service.wiring import Service
from tests.factories import bearer

MARKER = "a-marker-of-the-caller"


@pytest.mark.parametrize("headers", [{}, {"Authorization": f"Bearer {MARKER}"}, {"Authorization": "Basic abc"}])
async def test_a_caller_without_a_good_token_is_kept_in_the_trail_without_an_identity(
    api: httpx.AsyncClient, service: Service, headers: dict[str, str]
) -> None:
    before = entries_of_nobody(service)

    answer = await api.get("/v1/cases/01900000-0000-7000-8000-000000000000", headers=headers)

    assert answer.status_code == 401
    [entry] = entries_of_nobody(service)[len(before) :]
    assert (entry["event"], entry["outcome"], entry["role"], entry["org"]) == (
        "access:refused",
        "refused",
        "none",
        "none",
    )
    assert (entry["subjects"], entry["objects"]) == ([], [])
    assert MARKER not in json.dumps(entry)


async def test_the_trace_of_a_caller_who_was_turned_away_is_kept(api: httpx.AsyncClient, service: Service) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"

    await api.get(
        "/v1/cases/01900000-0000-7000-8000-000000000000", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    )

    assert entries_of_nobody(service)[-1]["trace"] == trace


async def test_a_good_token_leaves_no_such_entry(api: httpx.AsyncClient, service: Service) -> None:
    await api.get("/v1/cases/01900000-0000-7000-8000-000000000000", headers=bearer(service))

    assert entries_of_nobody(service) == []


def entries_of_nobody(service: Service) -> list[dict[str, object]]:
    with service.database.look() as session:
        bodies = session.connection().execute(text("SELECT body FROM audit_entry WHERE stream = 'sys' ORDER BY seq"))
        entries = [json.loads(bytes(body)) for body in bodies.scalars()]
    return [entry for entry in entries if entry["actor"] == "nobody"]

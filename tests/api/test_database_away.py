"""A database that is full, busy or away is said so with 503, and nothing half stays behind."""

import itertools
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from service.app import build_app
from service.database.engine import open_database
from service.schema import METADATA
from service.wiring import Service
from tests.factories import bearer, told_over_http
from tests.tampering import full_disk

SIGNAL = {"submissionKey": "a-key-of-one-signal-0001", "facts": told_over_http()}


async def test_a_full_disk_is_said_and_leaves_nothing_half_kept(
    service: Service, api: httpx.AsyncClient, database_url: str
) -> None:
    with full_disk(service.database, database_url):
        before, refused = await submitted_until_refused(service, api, database_url)
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert refused.headers["Retry-After"]
        assert rows_in_every_table(database_url) == before

    accepted = await api.post("/v1/signals", json=SIGNAL, headers=bearer(service))
    assert accepted.status_code == httpx.codes.CREATED


async def submitted_until_refused(
    service: Service, api: httpx.AsyncClient, database_url: str
) -> tuple[dict[str, int], httpx.Response]:
    """Submit signals as long as the room that is left lasts; give what was kept just before the first refusal."""
    for number in itertools.count():
        before = rows_in_every_table(database_url)
        signal = SIGNAL | {"submissionKey": f"until-the-disk-is-full-{number:04}"}
        answer = await api.post("/v1/signals", json=signal, headers=bearer(service))
        if not answer.is_success:
            return before, answer
    raise AssertionError


@pytest.mark.only_on("postgresql")
async def test_connections_that_the_server_has_ended_are_made_anew(
    service: Service, api: httpx.AsyncClient, database_url: str
) -> None:
    assert (await api.post("/v1/signals", json=SIGNAL, headers=bearer(service))).is_success
    engine = create_engine(database_url)
    with engine.connect() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 -- our own text
    engine.dispose()

    assert (await api.post("/v1/signals", json=SIGNAL, headers=bearer(service))).is_success


async def test_a_database_that_cannot_be_reached_is_said(service: Service, tmp_path: Path) -> None:
    nowhere = open_database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    transport = httpx.ASGITransport(app=build_app(replace(service, database=nowhere)))
    async with httpx.AsyncClient(transport=transport, base_url="http://api.example.org") as api:
        refused = await api.post("/v1/signals", json=SIGNAL, headers=bearer(service))
    nowhere.close()

    assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE


def rows_in_every_table(database_url: str) -> dict[str, int]:
    """Count what is kept."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        counts = {
            name: int(connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one())  # noqa: S608 -- our own name
            for name in METADATA.tables
        }
    engine.dispose()
    return counts

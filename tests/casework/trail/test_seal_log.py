"""Where many processes write, one of them gives every entry its place and signs; another takes over when it is gone."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.audit.signer import LogRefused
from service.casework.trail.seal_log import seal_log
from service.casework.trail.verify_log import verify_log
from service.wiring import Service
from service.worker.sealing import seal
from tests.factories import auditor, opened_case
from tests.tampering import unguarded

pytestmark = pytest.mark.only_on("postgresql")


def waiting(service: Service) -> int:
    with service.database.look() as session:
        return int(
            session.connection().execute(text("SELECT count(*) FROM audit_entry WHERE leaf_index IS NULL")).scalar_one()
        )


def test_what_was_written_waits_until_it_is_sealed(service: Service) -> None:
    opened_case(service)
    assert waiting(service) > 0

    assert seal_log(service.system(), "one")

    assert waiting(service) == 0
    assert verify_log(auditor(service)).verified


def test_nothing_to_seal_is_nothing_done(service: Service) -> None:
    opened_case(service)
    assert seal_log(service.system(), "one")

    assert not seal_log(service.system(), "one")


def test_only_one_process_seals_until_its_lease_is_over(service: Service) -> None:
    opened_case(service)
    assert seal_log(service.system(), "one", timedelta(minutes=1))
    opened_case(service)

    assert not seal_log(service.system(), "other")
    assert waiting(service) > 0

    assert seal_log(service.system(), "one", timedelta(0))
    opened_case(service)
    assert seal_log(service.system(), "other")
    assert waiting(service) == 0
    assert verify_log(auditor(service)).verified


def test_each_trail_stands_in_the_log_in_its_own_order(service: Service) -> None:
    for _ in range(3):
        opened_case(service)
    seal_log(service.system(), "one")

    with service.database.look() as session:
        rows = session.connection().execute(text("SELECT stream, seq FROM audit_entry ORDER BY leaf_index")).all()
    trails: dict[str, list[int]] = {}
    for row in rows:
        trails.setdefault(row.stream, []).append(row.seq)
    assert len(trails) == 4
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in trails.values())


def test_a_log_that_was_changed_below_is_not_signed(service: Service, database_url: str) -> None:
    opened_case(service)
    seal_log(service.system(), "one", timedelta(0))
    with unguarded(database_url) as rows:
        rows.execute(text("DELETE FROM audit_node"))
        rows.execute(text("DELETE FROM audit_checkpoint"))
        rows.execute(text("UPDATE audit_entry SET leaf_index = NULL"))
        rows.execute(text("DELETE FROM audit_entry WHERE stream <> 'sys'"))

    with pytest.raises(LogRefused):
        seal_log(service.system(), "one", timedelta(0))
    assert not verify_log(auditor(service)).verified


async def test_the_worker_seals_until_it_is_told_to_stop_and_once_more_then(service: Service) -> None:
    stop = asyncio.Event()
    sealing = asyncio.create_task(seal(service.system(), stop, 0.01))
    await asyncio.to_thread(opened_case, service)
    stop.set()
    await sealing

    assert await asyncio.to_thread(waiting, service) == 0

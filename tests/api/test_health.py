"""Health is told in one word to everybody, in detail to an administrator, and never with the words of a failure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine, text

from service.access.roles import Role
from service.app import build_app
from service.casework.access.revoke_access import revoke_access
from service.database.engine import open_database
from service.database.shape import known_shapes
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused, Mistake
from service.wiring import Service
from tests.factories import OFFICE, bearer, opened_case
from tests.tampering import unguarded

MARK = "Zq7Marker"


def asking(service: Service) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=build_app(service)), base_url="http://api.example.org")


def administrator(service: Service) -> dict[str, str]:
    return bearer(service, Role.ADMINISTRATOR, OFFICE)


async def found(service: Service) -> tuple[int, str, dict[str, str]]:
    """Give status, sum and what was looked at, as an administrator sees it."""
    async with asking(service) as api:
        answer = await api.get("/ready", headers=administrator(service))
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/health+json"
    assert MARK not in answer.text
    return answer.status_code, said["status"], {name: one["status"] for name, (one,) in said["checks"].items()}


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_everybody_is_told_one_word(api: httpx.AsyncClient, path: str) -> None:
    answer, head = await api.get(path), await api.head(path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/health+json")
    assert answer.json() == {"status": "pass", "version": "1", "releaseId": "1.0.0"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert (head.status_code, head.content) == (200, b"")


async def test_an_administrator_is_told_what_was_looked_at(service: Service, rules: RuleSet) -> None:
    opened_case(service)
    async with asking(service) as api:
        checks = (await api.get("/ready", headers=administrator(service))).json()["checks"]

    sealed_later = {"audit:unsealed"} if service.database.shared is None else set()
    assert set(checks) == sealed_later | {
        *("database:responseTime", "database:migrations", "rules:loaded", "keys:available"),
        *("deliveries:waiting", "deliveries:overdue", "clock:difference", "clock:behind"),
    }
    assert {one["status"] for (one,) in checks.values()} == {"pass"}
    assert checks["rules:loaded"][0]["observedValue"] == rules.name
    assert checks["database:migrations"][0]["observedValue"] == known_shapes()[0]
    assert checks["deliveries:waiting"][0]["observedValue"] > 0
    assert checks["deliveries:overdue"][0]["observedUnit"] == "s"
    assert datetime.fromisoformat(checks["database:responseTime"][0]["time"]) <= datetime.now(UTC)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.PARTNER, Role.AUDITOR, Role.POLICY_OWNER])
async def test_nobody_else_is_told_more_than_the_word(api: httpx.AsyncClient, service: Service, role: Role) -> None:
    answer = await api.get("/ready", headers=bearer(service, role, OFFICE))

    assert (answer.status_code, "checks" in answer.json()) == (200, False)


async def test_a_token_that_is_not_good_is_refused(api: httpx.AsyncClient) -> None:
    assert (await api.get("/ready", headers={"Authorization": "Bearer x.y.z"})).status_code == 401


async def test_an_administrator_whose_tokens_were_revoked_is_told_nothing(
    api: httpx.AsyncClient, service: Service
) -> None:
    token = administrator(service)
    revoke_access(service.operator(), OFFICE, "caller-1")

    assert (await api.get("/ready", headers=token)).status_code == 401


async def test_a_database_that_is_away_is_a_failure_of_which_everybody_is_told_one_word(
    service: Service, tmp_path: Path
) -> None:
    nowhere = open_database(f"postgresql+psycopg://{MARK}@/nothing?host={tmp_path}")
    alone = replace(service, database=nowhere)
    async with asking(alone) as api:
        lives = await api.get("/health")
        told = [await api.get("/ready", headers=headers) for headers in ({}, administrator(service))]
    nowhere.close()

    assert lives.status_code == 200
    for answer in told:
        assert (answer.status_code, MARK in answer.text) == (503, False)
        assert answer.json() == {"status": "fail", "version": "1", "releaseId": "1.0.0"}


@pytest.mark.parametrize(
    ("change", "status", "how"),
    [
        ("UPDATE alembic_version SET version_num = '0001'", 503, "fail"),
        ("DROP TABLE alembic_version", 503, "fail"),
        # Beside a newer service this one may end its work.
        ("UPDATE alembic_version SET version_num = 'newer'", 200, "warn"),
    ],
)
async def test_a_database_of_another_shape_is_told(
    service: Service, database_url: str, change: str, status: int, how: str
) -> None:
    behind_its_back(database_url, change)

    assert await found(service) == (
        status,
        how,
        {
            "database:responseTime": "pass",
            "database:migrations": how,
            "rules:loaded": "pass",
            "keys:available": "pass",
        },
    )


async def test_where_nobody_s_access_can_be_looked_up_everybody_is_told_the_word_that_it_fails(
    service: Service, database_url: str
) -> None:
    behind_its_back(database_url, "DROP TABLE access_revocation")
    async with asking(service) as api:
        told = [await api.get("/ready", headers=headers) for headers in ({}, administrator(service))]
        refused = await api.get("/v1/cases", headers=bearer(service))

    for answer in told:
        assert (answer.status_code, answer.json()) == (503, {"status": "fail", "version": "1", "releaseId": "1.0.0"})
    assert refused.status_code == 503


async def test_rules_that_cannot_be_read_are_a_failure(service: Service) -> None:
    def refused() -> RuleSet:
        raise FilesRefused([Mistake(MARK, 1, MARK)])

    status, how, checks = await found(replace(service, rules=refused))

    assert (status, how, checks["rules:loaded"]) == (503, "fail", "fail")


async def test_keys_that_are_away_are_a_warning_because_signals_are_still_taken_in(
    service: Service, home: Path
) -> None:
    (home / "keys" / "keyring").unlink()
    service.keys.forget()

    status, how, checks = await found(service)

    assert (status, how, checks["keys:available"]) == (200, "warn", "warn")


async def test_messages_that_nobody_sends_are_a_warning(service: Service, database_url: str) -> None:
    opened_case(service)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    behind_its_back(database_url, "UPDATE dispatch_lane SET next_due = :due", due=f"{long_ago:%Y-%m-%d %H:%M:%S.%f}")

    status, how, checks = await found(service)

    assert (status, how, checks["deliveries:overdue"]) == (200, "warn", "warn")


async def test_a_clock_that_is_behind_what_has_rung_is_a_warning(service: Service, database_url: str) -> None:
    opened_case(service)
    tomorrow = service.clock.now() + timedelta(days=1)
    behind_its_back(database_url, "UPDATE deadline SET fired_at = :at", at=f"{tomorrow:%Y-%m-%d %H:%M:%S.%f}")

    status, how, checks = await found(service)

    assert (status, how, checks["clock:behind"], checks["clock:difference"]) == (200, "warn", "warn", "pass")


@pytest.mark.only_on("postgresql")
async def test_entries_that_nobody_seals_are_a_warning(service: Service, database_url: str) -> None:
    opened_case(service)
    with unguarded(database_url) as rows:
        rows.execute(text("UPDATE audit_entry SET ts = ts - interval '1 hour'"))

    status, how, checks = await found(service)

    assert (status, how, checks["audit:unsealed"]) == (200, "warn", "warn")


async def test_a_worker_inside_that_has_died_makes_the_process_one_to_be_replaced(service: Service) -> None:
    service.pulse.beat()
    alive = await found(service)
    service.pulse.end()
    async with asking(service) as api:
        lives = await api.get("/health")

    assert (alive[0], alive[2]["worker:pulse"]) == (200, "pass")
    assert (lives.status_code, lives.json()["status"]) == (503, "fail")
    assert (await found(service))[:2] == (503, "fail")


def behind_its_back(database_url: str, statement: str, **values: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()

"""A partner's token is revoked between message and fetch: it is told so, nothing is lost, and nobody else waits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from service.access.roles import Role, ScopeMissing, caller
from service.access.tokens import LEEWAY, BadSubject
from service.audit.event import SYSTEM_STREAM, Event
from service.casework.access.revoke_access import revoke_access
from service.casework.deliveries.deliver_referrals import record
from service.casework.trail.verify_log import verify_log
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.casework.sending import PARTNER, TAKEN, line_to, listening, prepared
from tests.cli.terminal import typed
from tests.factories import audit_bodies, auditor, bearer, coordinator, listen_at, opened_case

OTHER = "emm"


def address(service: Service, case_id: UUID, partner_id: str = PARTNER) -> str:
    return f"/v1/referrals/{line_to(service, case_id, partner_id).id}"


def given(service: Service, later: timedelta) -> dict[str, str]:
    """Give a token that says to have been given later than now."""
    who = caller("caller-1", Role.PARTNER, PARTNER)
    return {"Authorization": f"Bearer {service.issuer().issue(who, service.clock.wall() + later)}"}


async def test_whose_token_is_revoked_reads_and_answers_nothing_until_it_has_another(
    service: Service, api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening(service)
    listen_at(service.operator(), OTHER, "http://127.0.0.1:9/other")
    first, second = (opened_case(service).case_id for _ in "ab")
    lost, others = bearer(service, Role.PARTNER, PARTNER), bearer(service, Role.PARTNER, OTHER)
    revoke_access(service.operator(), PARTNER, "caller-1")

    for _ in range(4):
        record(service.system(), prepared(service), TAKEN)
    fetched = await api.get(address(service, first), headers=lost)
    answered = await api.post(f"{address(service, first)}/answers", json={"answer": "accept"}, headers=lost)

    for refused in (fetched, answered):
        assert (refused.status_code, refused.json()["detail"]) == (401, "A valid bearer token is needed")
        assert 'error="invalid_token"' in refused.headers["WWW-Authenticate"]
    assert audit_bodies(service, SYSTEM_STREAM)[-1]["event"] == Event.ACCESS_REFUSED
    assert (await api.get(address(service, first, OTHER), headers=others)).is_success
    # What was sent to it meanwhile has arrived, the case beside it too, and all of it waits for the next token.
    assert {line_to(service, one).state for one in (first, second)} == {ReferralState.DELIVERED}
    after = datetime.now(UTC) + timedelta(seconds=LEEWAY + 1)
    monkeypatch.setattr(service.clock, "wall", lambda: after)
    another = given(service, timedelta(0))
    for case_id in (first, second):
        assert (await api.get(address(service, case_id), headers=another)).is_success
    accepted = await api.post(f"{address(service, first)}/answers", json={"answer": "accept"}, headers=another)
    assert accepted.is_success
    assert verify_log(auditor(service)).verified


async def test_a_token_of_an_issuer_whose_clock_is_ahead_does_not_outlive_the_revocation(
    service: Service, api: httpx.AsyncClient
) -> None:
    ahead = given(service, timedelta(seconds=LEEWAY - 5))
    assert (await api.get("/v1/referrals", headers=ahead)).is_success
    revoke_access(service.operator(), PARTNER, "caller-1")
    assert (await api.get("/v1/referrals", headers=ahead)).status_code == httpx.codes.UNAUTHORIZED


async def test_nobody_else_of_the_same_pseudonym_or_organisation_is_refused(
    service: Service, api: httpx.AsyncClient
) -> None:
    token = bearer(service, Role.PARTNER, PARTNER)
    revoke_access(service.operator(), OTHER, "caller-1")
    revoke_access(service.operator(), PARTNER, "caller-2")
    assert (await api.get("/v1/referrals", headers=token)).is_success


def test_who_may_revoke_and_whom(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        revoke_access(coordinator(service), PARTNER, "caller-1")
    with pytest.raises(BadSubject):
        revoke_access(service.operator(), PARTNER, "Jane Doe")


async def test_an_operator_revokes_at_the_terminal_as_often_as_is_needed(
    service: Service, api: httpx.AsyncClient, home: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NRM_HOME", str(home))
    monkeypatch.setenv("NRM_DATABASE_URL", database_url)
    token = bearer(service, Role.PARTNER, PARTNER)
    for _ in "ab":
        done = typed("revoke", "--org", PARTNER, "--subject", "caller-1")
        assert done.screen == f"every token of caller-1 of {PARTNER} is refused from now on\n"
    assert (await api.get("/v1/referrals", headers=token)).status_code == httpx.codes.UNAUTHORIZED

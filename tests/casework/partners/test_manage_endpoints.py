"""A partner registers where its system listens, pauses it and gives it new secrets; another partner's it never sees."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.access.roles import Role, ScopeMissing, caller
from service.casework.commands.partners import ChangeEndpoint, RegisterEndpoint, RotateSecret
from service.casework.context import Context
from service.casework.partners.manage_endpoints import (
    PartnerUnnamed,
    change_endpoint,
    list_endpoints,
    read_endpoint,
    register_endpoint,
    rotate_secret,
)
from service.casework.questions import ListEndpoints
from service.casework.views.endpoints import RegisteredView
from service.dispatch.signature import SignatureKind, public_half
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.partners import endpoints
from service.partners.endpoints import EndpointNotFound, EndpointReplaced, TooManySecrets
from service.partners.lifecycle import EndpointState, WantedState
from service.partners.policy import BadEndpoint
from service.partners.store import PartnerNotFound
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import audit_bodies, auditor, coordinator, listen_at, partner

HERE = "https://hooks.example.org/in"
ELSEWHERE = "https://other.example.org/in"


def registered(context: Context, url: str = HERE, partner_id: str | None = None) -> RegisteredView:
    return register_endpoint(context, RegisterEndpoint(partner_id=partner_id, url=url))


def last_entry(service: Service) -> tuple[str, str, str]:
    entry = audit_bodies(service, "sys")[-1]
    return entry["event"], entry["outcome"], entry["actor"]


def test_a_partner_registers_its_own_system_and_nothing_is_sent_there_yet(service: Service) -> None:
    made = registered(partner(service, "coa"))

    assert (made.partner_id, made.state) == ("coa", EndpointState.PENDING_VERIFICATION)
    with service.database.look() as session:
        assert endpoints.active_endpoint(session, "coa") is None
    assert last_entry(service) == ("endpoint:registered", "success", "system-1")


def test_a_partner_registers_nothing_for_another(service: Service) -> None:
    with pytest.raises(PartnerNotFound):
        registered(partner(service, "coa"), partner_id="comensha")

    assert last_entry(service) == ("endpoint:refused", "refused", "system-1")


def test_an_administrator_says_whose_system_it_is(service: Service) -> None:
    with pytest.raises(PartnerUnnamed):
        registered(service.operator())
    with pytest.raises(PartnerNotFound):
        registered(service.operator(), partner_id="nobody")


def test_no_message_may_go_to_an_open_address_and_that_it_was_tried_is_kept(service: Service) -> None:
    with pytest.raises(BadEndpoint):
        registered(partner(service, "coa"), "http://hooks.example.org/in")

    assert last_entry(service) == ("endpoint:refused", "refused", "system-1")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.POLICY_OWNER])
def test_nobody_else_changes_endpoints(service: Service, role: Role) -> None:
    made = registered(partner(service, "coa"))
    somebody = service.context(caller("somebody-1", role, "coa"))

    with pytest.raises(ScopeMissing):
        registered(somebody)
    with pytest.raises(ScopeMissing):
        rotate_secret(somebody, made.id, RotateSecret())
    with pytest.raises(ScopeMissing):
        change_endpoint(somebody, made.id, frozenset({1}), ChangeEndpoint(state=WantedState.PAUSED))


def test_a_newer_endpoint_takes_the_place_of_the_older_only_when_it_has_proved_itself(service: Service) -> None:
    first = listen_at(service.operator(), "coa", HERE)
    registered(partner(service, "coa"), ELSEWHERE)
    with service.database.look() as session:
        active = endpoints.active_endpoint(session, "coa")
    assert active is not None
    assert active.id == first.id

    second = listen_at(service.operator(), "coa", ELSEWHERE)

    with service.database.look() as session:
        active = endpoints.active_endpoint(session, "coa")
    assert active is not None
    assert active.id == second.id
    assert first.checks_with != second.checks_with
    shown = list_endpoints(partner(service, "coa"), ListEndpoints()).items
    assert [one.state for one in shown] == ["active", "replaced", "replaced"]


def test_a_partner_sees_its_own_endpoints_an_administrator_and_an_auditor_all(service: Service) -> None:
    ours, theirs = registered(partner(service, "coa")), registered(partner(service, "comensha"))

    assert [one.id for one in list_endpoints(partner(service, "coa"), ListEndpoints()).items] == [ours.id]
    assert list_endpoints(partner(service, "coa"), ListEndpoints(partner_id="comensha")).items == ()
    for sees_all in (service.operator(), auditor(service)):
        assert {one.id for one in list_endpoints(sees_all, ListEndpoints()).items} == {ours.id, theirs.id}
        assert read_endpoint(sees_all, theirs.id).partner_id == "comensha"
    with pytest.raises(EndpointNotFound):
        read_endpoint(partner(service, "coa"), theirs.id)
    with pytest.raises(EndpointNotFound):
        rotate_secret(partner(service, "coa"), theirs.id, RotateSecret())
    with pytest.raises(EndpointNotFound):
        change_endpoint(partner(service, "coa"), theirs.id, frozenset({1}), ChangeEndpoint(state=WantedState.DISABLED))
    with pytest.raises(ScopeMissing):
        list_endpoints(coordinator(service), ListEndpoints())


def test_a_secret_is_shown_once_and_never_printed_with_its_row(service: Service) -> None:
    made = registered(partner(service, "coa"))
    rotated = rotate_secret(partner(service, "coa"), made.id, RotateSecret())

    with service.database.look() as session:
        kept = endpoints.endpoint_of(session, made.id, None)
    for secret in (made.checks_with, rotated.checks_with):
        assert secret not in repr(kept)
        assert secret.encode() not in kept.secret + (kept.older_secrets or b"")
        assert secret not in str(list_endpoints(service.operator(), ListEndpoints()))
        assert secret not in str(audit_bodies(service, "sys"))


def test_a_public_key_can_always_be_read_and_its_private_half_never(service: Service) -> None:
    asked = RegisterEndpoint(url=HERE, signature=SignatureKind.ASYMMETRIC)
    made = register_endpoint(partner(service, "coa"), asked)
    assert (made.signature, made.secret) == ("asymmetric", None)
    assert read_endpoint(partner(service, "coa"), made.id).public_key == made.public_key == made.checks_with

    rotated = rotate_secret(partner(service, "coa"), made.id, RotateSecret())

    read = read_endpoint(auditor(service), made.id)
    assert (read.signature, read.public_key, rotated.secret) == ("asymmetric", rotated.public_key, None)
    private = signing(service, made)
    assert [public_half(one) for one in private] == [rotated.public_key, made.public_key]
    for one in private:
        shown = f"{made!r}{rotated!r}{read!r}{audit_bodies(service, 'sys')}"
        # Neither the whole nor the seed: the second half of a private key is its public half.
        assert one.removeprefix("whsk_")[:40] not in shown


def test_a_paused_endpoint_gets_nothing_until_it_is_resumed(service: Service) -> None:
    made = listen_at(service.operator(), "coa", HERE)
    system = partner(service, "coa")

    paused = change_endpoint(system, made.id, frozenset({2}), ChangeEndpoint(state=WantedState.PAUSED))
    with service.database.look() as session:
        assert endpoints.active_endpoint(session, "coa") is None
    resumed = change_endpoint(system, made.id, frozenset({paused.version}), ChangeEndpoint(state=WantedState.ACTIVE))

    assert (paused.state, resumed.state) == ("paused", "active")
    assert last_entry(service) == ("endpoint:resumed", "success", "system-1")


def test_a_disabled_endpoint_must_prove_again_whose_it_is(service: Service) -> None:
    made = listen_at(service.operator(), "coa", HERE)

    disabled = change_endpoint(service.operator(), made.id, frozenset({2}), ChangeEndpoint(state=WantedState.DISABLED))
    enabled = change_endpoint(
        service.operator(), made.id, frozenset({disabled.version}), ChangeEndpoint(state=WantedState.ACTIVE)
    )

    assert (disabled.state, enabled.state) == ("disabled", "pending_verification")


def test_a_change_names_the_version_that_was_seen_and_can_happen(service: Service) -> None:
    made = registered(partner(service, "coa"))
    paused = ChangeEndpoint(state=WantedState.PAUSED)

    with pytest.raises(Unseen):
        change_endpoint(service.operator(), made.id, None, paused)
    with pytest.raises(Stale):
        change_endpoint(service.operator(), made.id, frozenset({7}), paused)
    with pytest.raises(IllegalTransition):
        change_endpoint(service.operator(), made.id, frozenset({1}), paused)
    assert last_entry(service) == ("endpoint:refused", "refused", "operator")


def signing(service: Service, made: RegisteredView) -> list[str]:
    with service.operator().work() as work:
        endpoint = endpoints.endpoint_of(work.session, made.id, None)
        return endpoints.secrets(work.vault, endpoint, service.clock.now())


def test_older_secrets_sign_beside_the_new_one_until_their_time_is_over(service: Service, clock: FixedClock) -> None:
    made = listen_at(service.operator(), "coa", HERE)

    second = rotate_secret(service.operator(), made.id, RotateSecret(grace_period_seconds=100))
    clock.move(timedelta(seconds=60))
    third = rotate_secret(service.operator(), made.id, RotateSecret())

    assert signing(service, made) == [third.checks_with, second.checks_with, made.checks_with]
    # A later rotation gives nobody more time than was promised before.
    assert third.older_sign_until == (clock.now() + timedelta(days=1), clock.now() + timedelta(seconds=40))
    clock.move(timedelta(seconds=40))
    assert signing(service, made) == [third.checks_with, second.checks_with]
    clock.move(timedelta(days=1))
    assert signing(service, made) == [third.checks_with]


def test_a_secret_that_leaked_stops_signing_at_once(service: Service) -> None:
    made = listen_at(service.operator(), "coa", HERE)
    rotate_secret(service.operator(), made.id, RotateSecret())

    last = rotate_secret(service.operator(), made.id, RotateSecret(grace_period_seconds=0))

    assert last.older_sign_until == ()
    assert signing(service, made) == [last.checks_with]
    assert last_entry(service) == ("endpoint:rotated", "success", "operator")


def test_at_most_ten_older_secrets_sign_and_none_stops_before_its_time(service: Service) -> None:
    made = listen_at(service.operator(), "coa", HERE)
    for _ in range(10):
        rotate_secret(service.operator(), made.id, RotateSecret())
    before = signing(service, made)

    with pytest.raises(TooManySecrets):
        rotate_secret(service.operator(), made.id, RotateSecret())

    assert signing(service, made) == before
    assert len(before) == 11
    rotate_secret(service.operator(), made.id, RotateSecret(grace_period_seconds=0))
    assert len(signing(service, made)) == 1


def test_what_was_replaced_gets_no_secret_any_more(service: Service) -> None:
    first = registered(partner(service, "coa"))
    registered(partner(service, "coa"), ELSEWHERE)

    with pytest.raises(EndpointReplaced):
        rotate_secret(partner(service, "coa"), first.id, RotateSecret())


def test_an_organisation_that_is_no_partner_registers_nothing(service: Service) -> None:
    stranger = replace(service.operator(), caller=caller("system-9", Role.PARTNER, "office-north"))

    with pytest.raises(PartnerNotFound):
        registered(stranger)

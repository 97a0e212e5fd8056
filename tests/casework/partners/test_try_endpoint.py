"""An endpoint proves whose it is before anything is sent there, and can be tried out afterwards."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import cycle
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from service.casework.commands.partners import ChangeEndpoint, RegisterEndpoint, RotateSecret
from service.casework.context import Context
from service.casework.partners.manage_endpoints import change_endpoint, read_endpoint, register_endpoint, rotate_secret
from service.casework.partners.try_endpoint import send_test, verify_endpoint
from service.dispatch.outcome import Category, Outcome
from service.dispatch.parcel import Carry, Parcel, Reply
from service.dispatch.signature import SignatureKind
from service.kernel.transitions import IllegalTransition
from service.partners.endpoints import AskedTooOften, EndpointNotFound, EndpointNotVerified
from service.partners.lifecycle import WantedState
from service.wiring import Service
from tests.casework.sending import LEASE, nothing_is_left, prepared
from tests.doubles import HonestSystem, nobody_listens
from tests.factories import audit_bodies, left_alone, listen_at, opened_case, partner

HERE = "https://hooks.example.org/in"
TAKEN, REFUSED = Outcome(Category.TAKEN, 200, 5), Outcome(Category.REFUSED, 401, 5)


def told(parcel: Parcel) -> dict[str, str]:
    data: dict[str, str] = json.loads(parcel.body)["data"]
    return data


def takes_everything(parcel: Parcel) -> Reply:
    return Reply(TAKEN, parcel.body)


def refuses_everything(_: Parcel) -> Reply:
    return Reply(REFUSED)


class Each:
    """Answers the first message in one way and the second in another."""

    def __init__(self, *answers: Callable[[Parcel], Reply]) -> None:
        self._answers = cycle(answers)

    def __call__(self, parcel: Parcel) -> Reply:
        return next(self._answers)(parcel)


def pending(
    service: Service, partner_id: str = "comensha", kind: SignatureKind = SignatureKind.SYMMETRIC
) -> tuple[UUID, str]:
    made = register_endpoint(partner(service, partner_id), RegisterEndpoint(url=HERE, signature=kind))
    return made.id, made.checks_with


def at(context: Context, carry: Carry) -> Context:
    return replace(context, carry=carry)


def test_who_answers_what_we_signed_and_refuses_what_we_did_not_listens_from_now_on(service: Service) -> None:
    endpoint_id, secret = pending(service)

    found = verify_endpoint(at(partner(service, "comensha"), HonestSystem(secret)), endpoint_id)

    assert (found.verified, found.state) == (True, "active")
    assert (found.signed.http_status, found.wrongly_signed.http_status) == (200, 401)
    entries = [(one["event"], one["outcome"]) for one in audit_bodies(service, "sys")[-2:]]
    assert entries == [("endpoint:challenged", "success"), ("endpoint:verified", "success")]


@pytest.mark.parametrize(
    ("carry", "why"),
    [
        (takes_everything, "the system does not check signatures"),
        (refuses_everything, "What was signed rightly was not taken."),
        (nobody_listens, "What was signed rightly was not taken."),
        (Each(lambda _: Reply(TAKEN, b"welcome"), refuses_everything), "does not hold the challenge"),
        (Each(takes_everything, nobody_listens), "was not answered"),
        (Each(lambda one: Reply(Outcome(Category.REDIRECTED, 302), one.body), refuses_everything), "not taken"),
    ],
)
def test_whoever_does_not_prove_itself_stays_as_it_is_and_is_told_why(service: Service, carry: Carry, why: str) -> None:
    endpoint_id, _ = pending(service)

    found = verify_endpoint(at(partner(service, "comensha"), carry), endpoint_id)

    assert (found.verified, found.state) == (False, "pending_verification")
    assert why in found.detail
    assert audit_bodies(service, "sys")[-1]["outcome"] == "failed"
    assert read_endpoint(service.operator(), endpoint_id).state == "pending_verification"


@pytest.mark.parametrize("kind", SignatureKind)
def test_the_two_messages_look_alike_but_for_the_key(service: Service, kind: SignatureKind) -> None:
    endpoint_id, secret = pending(service, kind=kind)
    carried: list[Parcel] = []

    def remembered(parcel: Parcel) -> Reply:
        carried.append(parcel)
        return HonestSystem(secret)(parcel)

    verify_endpoint(at(partner(service, "comensha"), remembered), endpoint_id)

    signed, wrongly_signed = carried
    assert signed.headers.keys() == wrongly_signed.headers.keys()
    assert len(signed.body) == len(wrongly_signed.body)
    signatures = [one.headers["webhook-signature"].partition(",") for one in carried]
    assert {version for version, _, _ in signatures} == {"v1" if kind is SignatureKind.SYMMETRIC else "v1a"}
    assert len({len(signature) for *_, signature in signatures}) == 1
    assert told(signed)["challenge"] != told(wrongly_signed)["challenge"]
    assert signed.headers["webhook-id"] != wrongly_signed.headers["webhook-id"]


def test_where_the_address_is_blocked_the_words_say_so(service: Service) -> None:
    endpoint_id, _ = pending(service)
    blocked = Reply(Outcome(Category.BLOCKED_ADDRESS))

    found = verify_endpoint(at(partner(service, "comensha"), lambda _: blocked), endpoint_id)

    assert "address range blocked by configuration" in found.signed.detail


def test_what_waited_for_a_partner_is_sent_as_soon_as_it_has_proved_itself(service: Service) -> None:
    opened_case(service)
    endpoint_id, secret = pending(service)
    assert nothing_is_left(service)

    verify_endpoint(at(partner(service, "comensha"), HonestSystem(secret)), endpoint_id)

    sending = prepared(service, LEASE)
    assert sending.endpoint_id == endpoint_id
    Webhook(secret).verify(sending.parcel.body, dict(sending.parcel.headers))


def test_a_system_is_left_alone_for_a_while_whatever_endpoint_is_asked(service: Service) -> None:
    first, _ = pending(service)
    verify_endpoint(partner(service, "comensha"), first)

    with pytest.raises(AskedTooOften):
        verify_endpoint(partner(service, "comensha"), first)
    second, secret = pending(service)
    with pytest.raises(AskedTooOften):
        verify_endpoint(partner(service, "comensha"), second)
    # Another partner does not wait for this one.
    verify_endpoint(partner(service, "coa"), pending(service, "coa")[0])
    left_alone(service.operator(), "comensha")
    assert verify_endpoint(at(partner(service, "comensha"), HonestSystem(secret)), second).verified


def test_whoever_has_proved_itself_is_not_asked_again(service: Service) -> None:
    made = listen_at(service.operator(), "comensha", HERE)

    with pytest.raises(IllegalTransition):
        verify_endpoint(service.operator(), made.id)


def test_another_partner_s_endpoint_is_not_there(service: Service) -> None:
    endpoint_id, _ = pending(service)

    with pytest.raises(EndpointNotFound):
        verify_endpoint(partner(service, "coa"), endpoint_id)
    with pytest.raises(EndpointNotFound):
        send_test(partner(service, "coa"), endpoint_id)


def test_an_endpoint_that_was_replaced_while_it_was_asked_proves_nothing(service: Service) -> None:
    endpoint_id, secret = pending(service)

    def meanwhile(parcel: Parcel) -> Reply:
        if read_endpoint(service.operator(), endpoint_id).state == "pending_verification":
            pending(service)
        return HonestSystem(secret)(parcel)

    with pytest.raises(IllegalTransition):
        verify_endpoint(at(partner(service, "comensha"), meanwhile), endpoint_id)

    assert read_endpoint(service.operator(), endpoint_id).state == "replaced"


def test_a_test_is_signed_like_a_real_message_by_every_secret_and_holds_nothing(service: Service) -> None:
    made = listen_at(service.operator(), "comensha", HERE)
    rotated = rotate_secret(service.operator(), made.id, RotateSecret())
    old, new = HonestSystem(made.checks_with), HonestSystem(rotated.checks_with)

    done = send_test(at(partner(service, "comensha"), old), made.id)
    left_alone(service.operator(), "comensha")
    again = send_test(at(partner(service, "comensha"), new), made.id)

    assert done.delivered
    assert again.delivered
    (parcel,) = new.taken
    event = json.loads(parcel.body)
    assert (event["type"], event["data"], "dataref" in event) == (again.type, {}, False)
    assert event["id"] == again.message_id == parcel.headers["webhook-id"]
    entries = [(one["event"], one["outcome"]) for one in audit_bodies(service, "sys")[-2:]]
    assert entries == [("endpoint:trying", "success"), ("endpoint:tried", "success")]


def test_a_test_that_nobody_takes_says_why(service: Service) -> None:
    made = listen_at(service.operator(), "comensha", HERE)

    done = send_test(service.operator(), made.id)

    assert (done.delivered, done.answer.detail) == (False, "The system could not be reached.")
    assert audit_bodies(service, "sys")[-1]["outcome"] == "failed"
    with pytest.raises(AskedTooOften):
        send_test(service.operator(), made.id)


def test_a_paused_system_can_be_tried_and_one_that_has_not_proved_itself_cannot(service: Service) -> None:
    made = listen_at(service.operator(), "comensha", HERE)
    change_endpoint(service.operator(), made.id, frozenset({2}), ChangeEndpoint(state=WantedState.PAUSED))
    endpoint_id, _ = pending(service, "coa")

    assert send_test(at(service.operator(), HonestSystem(made.checks_with)), made.id).delivered
    with pytest.raises(EndpointNotVerified):
        send_test(service.operator(), endpoint_id)

"""Acts at the same moment: each ends as if it had been alone, and none fails because of another."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import text

from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.partners import RegisterEndpoint
from service.casework.commands.referrals import AnswerReferral
from service.casework.deliveries.deliver_referrals import Sending, prepare, record
from service.casework.partners.manage_endpoints import read_endpoint, register_endpoint
from service.casework.partners.try_endpoint import verify_endpoint
from service.casework.referrals.answer_referral import answer_referral
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.casework.views.endpoints import RegisteredView, VerificationView
from service.casework.views.signals import Receipt
from service.dispatch.outcome import Category, Outcome
from service.kernel.errors import DomainError, Kind
from service.referrals.lifecycle import Answer
from service.signals.store import SubmissionKeyReused
from service.wiring import Service
from tests.casework.sending import prepared_all
from tests.doubles import HonestSystem
from tests.factories import (
    auditor,
    coordinator,
    left_alone,
    listen_at,
    opened_case,
    referral_to,
    registered_and_proved,
    signal,
)
from tests.factories import partner as partner_s
from tests.side_by_side import side_by_side

KEY = "a-key-of-one-signal-0001"
LEASE = timedelta(minutes=1)
ADDRESS = "http://127.0.0.1:9/"
TAKEN = Outcome(Category.TAKEN, 202, 5)
SWITCHED_OFF = Outcome(Category.GONE, 410, 5)
ROUNDS = 6


def test_many_clicks_at_once_are_one_signal(service: Service) -> None:
    clicks = side_by_side(*[partial(receive_signal, coordinator(service), signal(KEY))] * 8)

    [receipt] = set(clicks)
    assert isinstance(receipt, Receipt)
    assert read_trail(auditor(service), receipt.case_id).verified


def test_of_two_signals_under_one_key_one_is_kept_and_the_other_refused(service: Service) -> None:
    for number in range(ROUNDS):
        key = f"{KEY}-{number}"
        ends = side_by_side(
            *[partial(receive_signal, coordinator(service), signal(key, age=age)) for age in (30, 31, 32, 33)]
        )
        assert sorted(type(end).__name__ for end in ends) == [Receipt.__name__, *[SubmissionKeyReused.__name__] * 3]


def test_the_first_acts_of_an_empty_service_may_come_at_once(empty_service: Service) -> None:
    def ask_for_too_much() -> Kind | None:
        try:
            listen_at(coordinator(empty_service), "comensha", ADDRESS)
        except DomainError as refusal:
            return refusal.kind
        return None

    assert side_by_side(*[ask_for_too_much] * 8) == [Kind.FORBIDDEN] * 8


def test_of_systems_that_a_partner_registers_at_once_one_remains_and_one_can_prove_itself(service: Service) -> None:
    wanted = RegisterEndpoint(partner_id="comensha", url=ADDRESS)
    ends = side_by_side(*[partial(register_endpoint, service.operator(), wanted)] * 6)

    registered = [end for end in ends if isinstance(end, RegisteredView)]
    assert len(registered) == 6
    remaining = [one for one in registered if read_endpoint(service.operator(), one.id).state == "pending_verification"]
    assert len(remaining) == 1
    operator = replace(service.operator(), carry=HonestSystem(remaining[0].checks_with))
    proofs = side_by_side(*[partial(verify_endpoint, operator, remaining[0].id)] * 6)
    assert [one.verified for one in proofs if isinstance(one, VerificationView)] == [True]


def test_sending_confirming_answering_and_registering_do_not_wait_for_each_other_in_a_circle(
    service: Service,
) -> None:
    listen_at(service.operator(), "comensha", ADDRESS)
    before = deadlocks(service)
    for number in range(ROUNDS):
        case_id = opened_case(service).case_id
        sending = prepared_all(service)
        left_alone(service.operator(), "comensha")
        ended = SWITCHED_OFF if number % 2 else TAKEN
        ends = side_by_side(
            partial(record_all, service, sending, ended),
            partial(confirm_first, service, case_id),
            partial(registered_and_proved, service.operator(), "comensha", ADDRESS),
            partial(acknowledge, service, referral_to(service, case_id, "comensha")),
            partial(receive_signal, coordinator(service), signal()),
            partial(prepare, service.system(), LEASE, most=8),
        )
        assert not [end for end in ends if isinstance(end, Exception)]
        assert read_trail(auditor(service), case_id).verified
    assert deadlocks(service) == before


def record_all(service: Service, sending: list[Sending], ended: Outcome) -> object:
    return [record(service.system(), one, ended) for one in sending]


def confirm_first(service: Service, case_id: UUID) -> object:
    decision = read_case(coordinator(service), case_id).decisions[0]
    return confirm_decision(coordinator(service), case_id, decision.id)


def acknowledge(service: Service, referral_id: UUID) -> object:
    return answer_referral(partner_s(service, "comensha"), referral_id, AnswerReferral(answer=Answer.ACKNOWLEDGE))


def deadlocks(service: Service) -> int:
    """Give how often the server has undone one act for another's sake; SQLite lets only one act write."""
    if service.database.shared is not None:
        return 0
    with service.database.look() as session:
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(session.connection().execute(counted).scalar_one())

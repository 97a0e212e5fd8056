"""Whoever looks at messages sees its own only, in categories and numbers, and stands in the trail."""

from uuid import UUID

import pytest
from sqlmodel import col, select, update

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.deliveries.read_deliveries import DeliveryNotFound, list_attempts, list_deliveries
from service.casework.questions import ListAllDeliveries, ListDeliveries
from service.casework.trail.read_trail import read_trail
from service.dispatch.backoff import Trouble
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.outcome import Category
from service.dispatch.tables import Delivery, Lane
from service.partners.endpoints import EndpointNotFound
from service.partners.lifecycle import EndpointState
from service.partners.tables import Endpoint
from service.wiring import Service
from tests.casework.sending import FAILED, PARTNER, delivery_to, listening, nothing_is_left, tried
from tests.dispatch.lanes import queued
from tests.factories import OTHER_OFFICE, auditor, coordinator, listen_at, opened_case, partner


def endpoint_of(service: Service, partner_id: str = PARTNER) -> UUID:
    with service.database.look() as session:
        of_partner = select(Endpoint.id).where(col(Endpoint.partner_id) == partner_id)
        return session.exec(of_partner.where(col(Endpoint.state) != EndpointState.REPLACED)).one()


def test_a_message_is_shown_with_what_it_met_and_when_it_is_tried_again(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    tried(service, FAILED, 4)

    [line] = list_deliveries(partner(service, PARTNER), ListDeliveries(), endpoint_of(service)).items
    attempts = list_attempts(partner(service, PARTNER), line.id, endpoint_of(service)).items

    assert (line.id, line.partner_id, line.sequence) == (delivery_to(service, case_id), PARTNER, 1)
    assert (line.state, line.attempts, line.outcome) == (DeliveryState.WAITING, 4, Category.FAILED)
    assert line.trouble is Trouble.HARD_TO_REACH
    assert line.next_attempt_at is not None
    assert [(one.number, one.outcome, one.http_status) for one in attempts] == [
        (number, Category.FAILED, 500) for number in range(1, 5)
    ]
    assert {one.endpoint_id for one in attempts} == {endpoint_of(service)}


def test_a_list_can_be_limited_to_a_state_and_to_a_partner(service: Service) -> None:
    listening(service)
    opened_case(service)
    tried(service, FAILED)
    assert nothing_is_left(service)

    def listed(question: ListAllDeliveries) -> set[str]:
        return {one.partner_id for one in list_deliveries(service.operator(), question).items}

    assert PARTNER in listed(ListAllDeliveries(state=DeliveryState.WAITING))
    assert listed(ListAllDeliveries(state=DeliveryState.DELIVERED)) == set()
    assert listed(ListAllDeliveries(partner_id=PARTNER)) == {PARTNER}
    assert len(listed(ListAllDeliveries())) > 1


def test_pages_follow_each_other_without_a_gap(service: Service) -> None:
    listening(service)
    ids = {delivery_to(service, opened_case(service).case_id) for _ in range(5)}
    seen: list[str] = []
    cursor: str | None = None
    while True:
        question = ListAllDeliveries(partner_id=PARTNER, page_size=2, cursor=cursor)
        page = list_deliveries(service.operator(), question)
        seen += [one.id for one in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == sorted(ids, reverse=True)


def test_whoever_has_nothing_to_do_with_it_sees_no_message_and_no_endpoint(service: Service) -> None:
    listening(service)
    message_id = delivery_to(service, opened_case(service).case_id)
    endpoint_id = endpoint_of(service)
    for stranger in (coordinator(service, OTHER_OFFICE), partner(service, "coa")):
        with pytest.raises(EndpointNotFound):
            list_deliveries(stranger, ListDeliveries(), endpoint_id)
        with pytest.raises(EndpointNotFound):
            list_attempts(stranger, message_id, endpoint_id)
        with pytest.raises(DeliveryNotFound):
            list_attempts(stranger, message_id)
        assert list_deliveries(stranger, ListAllDeliveries()).items == ()
    with pytest.raises(ScopeMissing):
        list_deliveries(service.system(), ListAllDeliveries())


def test_a_coordinator_sees_the_messages_of_its_own_cases_only(service: Service) -> None:
    listening(service)
    ours = delivery_to(service, opened_case(service).case_id)
    foreign = coordinator(service, OTHER_OFFICE)
    assert [one.id for one in list_deliveries(coordinator(service), ListDeliveries(), endpoint_of(service)).items] == [
        ours
    ]
    assert list_deliveries(foreign, ListAllDeliveries()).items == ()


def test_a_message_is_not_reached_through_another_partner_s_endpoint(service: Service) -> None:
    listening(service)
    listen_at(service.operator(), "emm", "http://127.0.0.1:9/emm")
    message_id = delivery_to(service, opened_case(service).case_id)
    with pytest.raises(DeliveryNotFound):
        list_attempts(service.operator(), message_id, endpoint_of(service, "emm"))


def test_whoever_looks_stands_in_the_trail_of_the_case(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    list_deliveries(auditor(service), ListDeliveries(), endpoint_of(service))
    list_attempts(auditor(service), delivery_to(service, case_id))
    seen = [one.event for one in read_trail(coordinator(service), case_id).entries if one.actor == "auditor-1"]
    assert seen == [Event.DELIVERY_LISTED, Event.DELIVERY_READ]


def test_a_partner_cannot_tell_from_its_messages_which_are_about_the_same_case(service: Service) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    first, second = delivery_to(service, case_id), queued(service.database, PARTNER, case_id)

    def seen() -> dict[str, tuple[bool, str | None]]:
        lines = list_deliveries(partner(service, PARTNER), ListDeliveries(), endpoint_of(service)).items
        return {one.id: (one.next_attempt_at is not None, one.stopped_by) for one in lines}

    assert seen() == {first: (True, None), second: (False, None)}
    with service.database.writer.begin() as connection:
        connection.execute(update(Lane).where(col(Lane.partner_id) == PARTNER).values(stopped_by=first))
    assert seen() == {first: (False, first), second: (False, None)}
    operators = list_deliveries(service.operator(), ListAllDeliveries(partner_id=PARTNER)).items
    assert {one.stopped_by for one in operators} == {first}


def test_a_partner_hears_nothing_of_a_message_that_was_taken_back_before_it_was_tried(service: Service) -> None:
    listening(service)
    message_id = delivery_to(service, opened_case(service).case_id)
    with service.database.writer.begin() as connection:
        taken_back = update(Delivery).where(col(Delivery.id) == message_id)
        connection.execute(taken_back.values(state=DeliveryState.CANCELLED))

    assert list_deliveries(partner(service, PARTNER), ListDeliveries(), endpoint_of(service)).items == ()
    with pytest.raises(DeliveryNotFound):
        list_attempts(partner(service, PARTNER), message_id)
    assert list_attempts(service.operator(), message_id).items == ()

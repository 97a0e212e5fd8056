"""A person is told of a message that does not arrive while there is still time, once, and not when it has arrived."""

from datetime import UTC, datetime, timedelta

from service.audit.event import Event
from service.casework.deliveries.deliver_referrals import record
from service.casework.deliveries.warn_of_late_delivery import late_delivery, warn_at, warn_of_late_delivery
from service.casework.tasks.kinds import IN_TROUBLE, NO_ENDPOINT
from service.casework.trail.read_trail import read_trail
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.casework.sending import (
    TAKEN,
    delivery_to,
    desk,
    listening,
    nothing_is_left,
    prepared,
    time_to_warning,
    tried,
)
from tests.doubles import FixedClock
from tests.factories import coordinator, opened_case
from tests.side_by_side import side_by_side

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_three_quarters_of_the_shortest_time_may_pass() -> None:
    assert warn_at(NOW, None, None) is None
    assert warn_at(NOW, NOW + 4 * DAY, None) == NOW + 3 * DAY
    assert warn_at(NOW, NOW + 4 * DAY, NOW + DAY) == NOW + DAY * 0.75
    assert warn_at(NOW, NOW - DAY) == NOW


def test_a_message_that_is_late_lies_on_the_desk_once_and_not_any_more_when_it_arrives(
    service: Service, clock: FixedClock
) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    message_id = delivery_to(service, case_id)
    assert late_delivery(service.system()) is None

    clock.move(time_to_warning(service, message_id))
    everybody_late(service)
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OPEN): 1}
    assert late_delivery(service.system()) is None
    assert warn_of_late_delivery(service.system(), message_id) is False
    assert Event.DELIVERY_LATE in {one.event for one in read_trail(coordinator(service), case_id).entries}

    tried(service, TAKEN)
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OBSOLETE): 1}


def test_a_message_that_has_arrived_in_time_is_never_late(service: Service, clock: FixedClock) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    message_id = delivery_to(service, case_id)
    wait = time_to_warning(service, message_id)
    record(service.system(), prepared(service), TAKEN)
    clock.move(wait)
    assert warn_of_late_delivery(service.system(), message_id) is False
    assert desk(service, case_id) == {}


def test_where_a_desk_knows_already_that_nobody_listens_nothing_is_added(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    wait = time_to_warning(service, delivery_to(service, case_id))
    assert nothing_is_left(service)
    clock.move(wait)
    everybody_late(service)
    assert desk(service, case_id) == {(NO_ENDPOINT, TaskState.OPEN): 1}


def test_two_workers_that_see_the_same_open_one_task(service: Service, clock: FixedClock) -> None:
    listening(service)
    case_id = opened_case(service).case_id
    message_id = delivery_to(service, case_id)
    clock.move(time_to_warning(service, message_id))
    done = side_by_side(*[lambda: warn_of_late_delivery(service.system(), message_id)] * 3)
    assert sorted(map(str, done)) == ["False", "False", "True"]
    assert desk(service, case_id) == {(IN_TROUBLE, TaskState.OPEN): 1}


def everybody_late(service: Service) -> None:
    while (message_id := late_delivery(service.system())) is not None:
        assert warn_of_late_delivery(service.system(), message_id)

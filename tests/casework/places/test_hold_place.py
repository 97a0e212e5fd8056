"""A place is kept for one coordinator and for some minutes."""

from datetime import timedelta
from functools import partial

import pytest

from service.audit.event import SYSTEM_STREAM, Event
from service.casework.places.hold_place import CapacityStale, expire_hold, hold_over, hold_place, release_place
from service.casework.places.report_capacity import list_capacity
from service.casework.questions import ListCapacity
from service.casework.trail.verify_log import verify_log
from service.casework.views.places import HoldView
from service.kernel.errors import DomainError
from service.kernel.ids import new_id
from service.kernel.transitions import IllegalTransition
from service.places.lifecycle import HoldState
from service.places.store import CapacityNotFound, HoldNotFound, HoldOver, NoFreePlace
from service.wiring import Service
from tests.casework.places.reports import reported
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, audit_bodies, auditor, coordinator
from tests.side_by_side import side_by_side

MINUTES = timedelta(minutes=15)


def left(service: Service) -> int:
    (one,) = list_capacity(coordinator(service), ListCapacity()).items
    return one.left


def ends_of(service: Service) -> list[str]:
    events = (Event.HOLD_EXPIRED, Event.HOLD_RELEASED)
    return [one["event"] for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] in events]


def test_two_coordinators_never_have_the_same_place(service: Service) -> None:
    places = reported(service, free=2)
    wanting = [coordinator(service), coordinator(service, OTHER_OFFICE)] * 3

    ends = side_by_side(*[partial(hold_place, one, places.id) for one in wanting])

    assert sorted(type(one).__name__ for one in ends) == [HoldView.__name__] * 2 + [NoFreePlace.__name__] * 4
    assert left(service) == 0
    assert verify_log(auditor(service)).verified


def test_a_hold_ends_on_time_and_once_however_many_workers_see_it(service: Service, clock: FixedClock) -> None:
    places = reported(service)
    held = hold_place(coordinator(service), places.id)
    assert held.until == clock.now() + MINUTES
    clock.move(MINUTES - timedelta(seconds=1))
    assert (left(service), hold_over(service.system()), expire_hold(service.system(), held.id)) == (0, None, False)
    clock.move(timedelta(seconds=1))
    # It is over for everybody at that instant, also while no worker has come by.
    assert left(service) == 1
    with pytest.raises(HoldOver):
        release_place(coordinator(service), places.id, held.id)
    assert hold_over(service.system()) == held.id

    ends = side_by_side(*[partial(expire_hold, service.system(), held.id)] * 4)

    assert sorted(map(str, ends)) == ["False"] * 3 + ["True"]
    assert ends_of(service) == [Event.HOLD_EXPIRED]
    assert hold_over(service.system()) is None


def test_what_is_given_back_others_may_have_at_once(service: Service) -> None:
    places = reported(service)
    held = hold_place(coordinator(service), places.id)

    released = release_place(coordinator(service), places.id, held.id)

    assert released.state is HoldState.RELEASED
    assert hold_place(coordinator(service, OTHER_OFFICE), places.id).state is HoldState.HELD
    with pytest.raises(IllegalTransition):
        release_place(coordinator(service), places.id, held.id)


def test_nobody_holds_what_is_not_there_or_gives_back_what_another_one_holds(
    service: Service, clock: FixedClock
) -> None:
    places = reported(service)
    held = hold_place(coordinator(service), places.id)
    other = reported(service, "womens-zwolle")
    full = reported(service, "womens-ede", free=0)
    wrong: list[tuple[partial[HoldView], type[DomainError]]] = [
        (partial(hold_place, coordinator(service), new_id()), CapacityNotFound),
        (partial(hold_place, coordinator(service), full.id), NoFreePlace),
        (partial(release_place, coordinator(service, OTHER_OFFICE), places.id, held.id), HoldNotFound),
        (partial(release_place, coordinator(service), other.id, held.id), HoldNotFound),
    ]
    for act, refusal in wrong:
        with pytest.raises(refusal):
            act()
    clock.move(timedelta(hours=24))
    with pytest.raises(CapacityStale):
        hold_place(coordinator(service), other.id)

    refused = [one["outcome"] for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] == Event.HOLD_REFUSED]
    assert refused == ["refused"] * (len(wrong) + 1)
    assert ends_of(service) == []

"""A partner says what places it has; how many people stay there says nothing about that."""

from datetime import timedelta
from typing import Any

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import SYSTEM_STREAM, Event
from service.casework.commands.places import ReportCapacity
from service.casework.places.report_capacity import list_capacity, report_capacity
from service.casework.questions import ListCapacity
from service.kernel.errors import DomainError
from service.places.policy import CapacityNotUnderstood, TargetGroup
from service.places.store import OlderReport
from service.wiring import Service
from tests.casework.places.reports import WOMENS, reported
from tests.doubles import FixedClock
from tests.factories import audit_bodies, coordinator, partner

ALL = ListCapacity()


def test_a_report_takes_the_place_of_the_one_before_and_grows_old(service: Service, clock: FixedClock) -> None:
    first = reported(service, free=3)
    reported(service, "kadera-omm", shelter_type="omm", target_group=TargetGroup.MULTIPROBLEM)
    clock.move(timedelta(hours=23))
    again = reported(service, free=2)
    clock.move(timedelta(hours=1))

    assert (again.id, again.version, again.left) == (first.id, 2, 2)
    known = {one.partner_id: one for one in list_capacity(coordinator(service), ALL).items}
    assert {name: one.stale for name, one in known.items()} == {WOMENS: False, "kadera-omm": True}
    complained_about = list_capacity(coordinator(service), ListCapacity(stale=True)).items
    assert [one.partner_id for one in complained_about] == ["kadera-omm"]
    own = list_capacity(partner(service, "kadera-omm"), ALL).items
    assert [one.partner_id for one in own] == ["kadera-omm"]


@pytest.mark.only_on("sqlite")
def test_how_many_people_stay_somewhere_and_how_many_places_there_are_are_two_numbers(service: Service) -> None:
    """Twenty-nine people in the shelter of 2021 are no thirty-six places, and more of either changes not the other."""
    full = reported(service, places=4, free=2, occupied=9)
    unsaid = reported(service, places=4, free=2)

    assert (full.places, full.free, full.left, full.occupied) == (4, 2, 2, 9)
    assert (unsaid.places, unsaid.free, unsaid.left, unsaid.occupied) == (4, 2, 2, None)


def test_a_report_that_cannot_be_so_changes_nothing_and_stands_in_the_trail(
    service: Service, clock: FixedClock
) -> None:
    kept = reported(service)
    clock.move(timedelta(hours=1))
    wrong: list[tuple[dict[str, Any], type[DomainError]]] = [
        ({"free": 5}, CapacityNotUnderstood),
        ({"shelter_type": "cosm"}, CapacityNotUnderstood),
        ({"as_of": clock.now() + timedelta(minutes=1)}, CapacityNotUnderstood),
        ({"as_of": clock.now() - timedelta(hours=2)}, OlderReport),
    ]

    for said, refusal in wrong:
        with pytest.raises(refusal):
            reported(service, **said)

    assert list_capacity(coordinator(service), ALL).items == (kept,)
    refused = [one for one in audit_bodies(service, SYSTEM_STREAM) if one["event"] == Event.CAPACITY_REFUSED]
    assert [one["outcome"] for one in refused] == ["refused"] * len(wrong)


@pytest.mark.only_on("sqlite")
def test_only_a_partner_speaks_of_its_places(service: Service) -> None:
    said = ReportCapacity(shelter_type="womens", target_group=TargetGroup.WOMEN, places=1, free=1)

    with pytest.raises(ScopeMissing):
        report_capacity(coordinator(service, WOMENS), said)

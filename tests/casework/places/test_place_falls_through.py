"""A place that falls through leaves nobody behind, and what cannot be is not recorded of one."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, update

from service.casework.commands.partners import ChangePartner
from service.casework.commands.places import ConfirmPlacement, OpenPlacement
from service.casework.partners.manage_partners import change_partner
from service.casework.places.hold_place import hold_place
from service.casework.places.placement_steps import PlacementNotUnderstood
from service.casework.places.show_placements import list_placements
from service.partners.directory import PartnerStatus
from service.partners.tables import Partner
from service.places.lifecycle import PlacementState
from service.places.policy import MayNotPlace, TargetGroup
from service.referrals.lifecycle import Answer, ReferralState
from service.wiring import Service
from tests.casework.places.placing import COSM, TODAY, came, desk, fired, left, opened, shown
from tests.casework.places.reports import reported
from tests.doubles import FixedClock
from tests.factories import answers, changed, coordinator, lines_for

pytestmark = pytest.mark.only_on("sqlite")


def test_a_kept_place_that_was_a_mistake_leaves_the_person_on_the_desk(service: Service, case_id: UUID) -> None:
    left(service, opened(service, case_id), reason="mistake")

    assert "after_placement" in desk(service, case_id)
    opened(service, case_id)
    assert shown(service, case_id) == [("cosm", PlacementState.ENDED), ("cosm", PlacementState.RESERVED)]


def test_somebody_hears_of_it_when_nobody_comes_to_a_kept_place(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    never, kept = left(service, opened(service, case_id), reason="not_needed"), opened(service, case_id)
    assert never.state is PlacementState.ENDED
    clock.move(timedelta(hours=24) - timedelta(seconds=1))
    assert not fired(service, "placement_kept")
    clock.move(timedelta(seconds=1))

    assert fired(service, "placement_kept")

    assert "deadline_missed" in desk(service, case_id)
    came(service, kept)
    assert "deadline_missed" not in desk(service, case_id)


def test_whoever_waits_no_more_is_no_longer_on_the_desk_as_waiting(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    opened(service, case_id, OpenPlacement())
    clock.move(timedelta(hours=24))
    fired(service, "placement_waiting")
    assert "waits_for_place" in desk(service, case_id)

    (waiting,) = list_placements(coordinator(service), case_id).items
    left(service, waiting, reason="not_needed")

    assert "waits_for_place" not in desk(service, case_id)


def test_where_comensha_is_not_there_the_desk_alone_hears_that_somebody_waits(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    changed(service, case_id, gender="female")
    opened(service, case_id, OpenPlacement())
    with service.database.writer.begin() as connection:
        gone = update(Partner).where(col(Partner.id) == "comensha").values(status=PartnerStatus.ENDED, version=9)
        connection.execute(gone)
    clock.move(timedelta(hours=24))

    assert fired(service, "placement_waiting")

    assert "waits_for_place" in desk(service, case_id)
    (waiting,) = list_placements(coordinator(service), case_id).items
    assert waiting.question_id is None


def test_nobody_leaves_before_having_come(service: Service, case_id: UUID) -> None:
    stays = came(service, opened(service, case_id))

    with pytest.raises(PlacementNotUnderstood):
        left(service, stays, reason="person_left", ended_on=TODAY - timedelta(days=1))

    assert shown(service, case_id) == [("cosm", PlacementState.PLACED)]


def test_nobody_is_placed_where_the_places_are_for_others_or_nobody_is_taken(service: Service, case_id: UUID) -> None:
    changed(service, case_id, gender="female")
    of_men = reported(service, "comensha", shelter_type="cosm", target_group=TargetGroup.MEN)
    held = hold_place(coordinator(service), of_men.id)
    theirs = COSM.model_copy(update={"capacity_id": of_men.id, "hold_id": held.id})
    paused = ChangePartner(status=PartnerStatus.PAUSED)
    change_partner(service.operator(), "kadera-omm", frozenset({1}), paused)
    nobody_there = OpenPlacement(place=COSM.model_copy(update={"partner_id": "kadera-omm"}))

    with pytest.raises(PlacementNotUnderstood):
        opened(service, case_id, OpenPlacement(place=theirs))
    with pytest.raises(MayNotPlace):
        opened(service, case_id, nobody_there)

    assert shown(service, case_id) == []


def test_back_where_the_person_was_the_coordinator_there_is_asked_again(service: Service, case_id: UUID) -> None:
    there = ConfirmPlacement(placed_on=TODAY, municipality="GM0363")
    back = there.model_copy(update={"municipality": "GM0153"})
    answers(service, lines_for(service, case_id, "care_coordinator")[0], Answer.ACCEPT)
    stay = came(service, opened(service, case_id), there)
    first, second = lines_for(service, case_id, "care_coordinator")
    answers(service, second, Answer.ACCEPT)
    left(service, stay, reason="person_left")

    came(service, opened(service, case_id), back)

    third = lines_for(service, case_id, "care_coordinator")[-1]
    assert (third.partner_id, third.state) == (first.partner_id, ReferralState.QUEUED)
    assert third.id != first.id

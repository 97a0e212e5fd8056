"""CoMensha places by its own door: its referral is the only way in, and behind it stands nothing but the placing."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial as with_these
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Outcome
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.places import EndPlacement, OpenPlacement
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import AtDesk, ByReferral, NotAcceptedYet
from service.casework.places.end_placement import end_placement
from service.casework.places.hold_place import hold_place
from service.casework.places.keep_place import LookedForAlready, open_placement, reserve_place
from service.casework.places.place_as_asked import hold_as_asked, release_as_asked, show_what_to_place
from service.casework.places.show_placements import list_placements
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.places import CapacityView, HoldView, ToPlace
from service.kernel.errors import DomainError
from service.kernel.versions import Stale
from service.places.lifecycle import HoldState, PlacementState
from service.places.policy import MayNotPlace, TypeNotProposed
from service.places.store import CapacityNotFound, HoldNotFound, NoFreePlace, PlacementNotFound
from service.referrals.lifecycle import Answer
from service.referrals.store import ReferralNotFound
from service.wiring import Service
from tests.casework.places.placing import BED, CAME, COSM, HERE, LEFT
from tests.casework.places.reports import reported
from tests.doubles import FixedClock
from tests.factories import answers, auditor, coordinator, lines_for, opened_case, partner, says
from tests.side_by_side import side_by_side


@pytest.fixture
def case_id(service: Service) -> UUID:
    """Open a case of a woman in her reflection period, found at night, of whom CoMensha was told."""
    return opened_case(service, received_at="2026-11-22T22:30:00+01:00").case_id


def asked(service: Service, case_id: UUID, *later: Answer) -> UUID:
    """Give the referral to CoMensha, after its answers."""
    (line,) = lines_for(service, case_id, "comensha")
    for answer in later:
        answers(service, line, answer)
    return line.id


def sees(service: Service, referral_id: UUID, org: str = "comensha") -> ToPlace:
    return show_what_to_place(partner(service, org), referral_id)


def cosm(service: Service, free: int = 1) -> CapacityView:
    return reported(service, "comensha", shelter_type="cosm", free=free)


@pytest.mark.only_on("sqlite")
def test_comensha_looks_holds_keeps_and_confirms_and_the_desk_sees_all_of_it(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    places, womens = cosm(service), reported(service)
    clock.move(timedelta(minutes=1))
    referral_id = asked(service, case_id, Answer.ACCEPT)
    mine, door = partner(service, "comensha"), ByReferral(referral_id)

    before = sees(service, referral_id)
    held = hold_as_asked(mine, referral_id, places.id)
    place = COSM.model_copy(update={"capacity_id": places.id, "hold_id": held.id})
    waits = open_placement(mine, door, OpenPlacement())
    kept = reserve_place(mine, door, waits.id, frozenset({waits.version}), place)
    came = confirm_placement(mine, door, kept.id, frozenset({kept.version}), CAME)

    assert [(one.shelter_type, one.interim) for one in before.kinds] == [("cosm", False)]
    assert [(one.capacity_id, one.left) for one in before.free] == [(places.id, 1)]
    assert womens.id not in {one.capacity_id for one in before.free}
    assert (came.state, came.partner_id) == (PlacementState.PLACED, "comensha")
    assert sees(service, referral_id) == before.model_copy(update={"free": (), "placements": (came,)})
    (shown,) = list_placements(coordinator(service), case_id).items
    assert (shown.id, shown.placed_by, shown.placed_on, shown.owner) == (
        *(came.id, "comensha", CAME.placed_on),
        "office-north",
    )
    told = [one for one in read_trail(coordinator(service), case_id).entries if one.org == "comensha"]
    placing = [one for one in told if one.event.startswith(("placement", "hold", "place"))]
    assert len(placing) == 6
    assert all(str(referral_id) in {object_.id for object_ in one.objects} for one in placing)
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_nothing_else_of_the_case_is_in_sight_and_nobody_else_comes_in(service: Service, case_id: UUID) -> None:
    referral_id, others = asked(service, case_id, Answer.ACCEPT), opened_case(service).case_id
    asked(service, others, Answer.ACCEPT)
    bed = open_placement(coordinator(service), AtDesk(case_id), BED)
    theirs = open_placement(coordinator(service), AtDesk(others), HERE)
    confirm_decision(coordinator(service), case_id, read_case(coordinator(service), case_id).decisions[-1].id)
    (to_coa,) = lines_for(service, case_id, "coa")
    mine, seen = partner(service, "comensha"), frozenset({1, 2})

    assert sees(service, referral_id).placements == ()
    for placement_id in (bed.id, theirs.id):
        with pytest.raises(PlacementNotFound):
            end_placement(mine, ByReferral(referral_id), placement_id, seen, LEFT)
    # Whoever was asked for something else places nobody, and neither does whoever was not asked.
    for referral, org in ((referral_id, "coa"), (to_coa.id, "coa"), (to_coa.id, "comensha")):
        with pytest.raises(ReferralNotFound):
            sees(service, referral, org)
    for stranger in (coordinator(service), auditor(service)):
        with pytest.raises(ScopeMissing):
            show_what_to_place(stranger, referral_id)
    with pytest.raises(ScopeMissing):
        open_placement(mine, AtDesk(case_id), HERE)
    assert {one.id for one in list_placements(coordinator(service), case_id).items} == {bed.id}


@pytest.mark.only_on("sqlite")
def test_what_the_placer_may_not_do_is_refused_in_the_trail_and_changes_nothing(
    service: Service, case_id: UUID
) -> None:
    places, womens = cosm(service, free=2), reported(service)
    referral_id, mine = asked(service, case_id), partner(service, "comensha")
    held = hold_place(coordinator(service), places.id)
    keep = with_these(open_placement, mine, ByReferral(referral_id))
    by_police = COSM.model_copy(update={"placed_by": "police"})
    of_the_desk = COSM.model_copy(update={"capacity_id": places.id, "hold_id": held.id})

    def refused(*acts: tuple[type[DomainError], Callable[[], object]]) -> None:
        for refusal, act in acts:
            with pytest.raises(refusal):
                act()

    assert sees(service, referral_id).kinds
    refused((NotAcceptedYet, with_these(keep, HERE)))
    refused((NotAcceptedYet, with_these(hold_as_asked, mine, referral_id, places.id)))
    asked(service, case_id, Answer.ACCEPT)
    refused(
        (MayNotPlace, with_these(keep, OpenPlacement(place=by_police))),
        (TypeNotProposed, with_these(keep, OpenPlacement(shelter_type="omm"))),
        (TypeNotProposed, with_these(keep, BED)),
        (HoldNotFound, with_these(keep, OpenPlacement(place=of_the_desk))),
        (CapacityNotFound, with_these(hold_as_asked, mine, referral_id, womens.id)),
        (HoldNotFound, with_these(release_as_asked, mine, referral_id, places.id, held.id)),
    )
    assert sees(service, referral_id).placements == ()
    entries = read_trail(auditor(service), case_id).entries
    assert len([one for one in entries if one.outcome is Outcome.REFUSED]) == 8

    kept, door = keep(HERE), ByReferral(referral_id)
    refused(
        (LookedForAlready, with_these(keep, HERE)),
        (Stale, with_these(confirm_placement, mine, door, kept.id, frozenset({9}), CAME)),
    )
    mistake = EndPlacement(ended_on=CAME.placed_on, reason="mistake")
    ended = end_placement(mine, door, kept.id, frozenset({kept.version}), mistake)
    assert ended.state is PlacementState.ENDED
    mine_held = hold_as_asked(mine, referral_id, places.id)
    assert release_as_asked(mine, referral_id, places.id, mine_held.id).state is HoldState.RELEASED


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("end", ["completed", "without consent"])
def test_after_the_referral_has_ended_the_door_is_closed(service: Service, end: str) -> None:
    consent = {"registration": "given", "placement": "given"}
    case_id = opened_case(service, reporter="ngo", consent=consent).case_id
    confirm_decision(coordinator(service), case_id, read_case(coordinator(service), case_id).decisions[-1].id)
    referral_id, places = asked(service, case_id, Answer.ACCEPT), cosm(service)
    mine, door = partner(service, "comensha"), ByReferral(referral_id)
    kept = open_placement(mine, door, HERE)
    seen = frozenset({kept.version})

    if end == "completed":
        asked(service, case_id, Answer.START, Answer.COMPLETE)
    else:
        says(service, case_id, registration="withdrawn")

    closed: tuple[Callable[[], object], ...] = (
        with_these(show_what_to_place, mine, referral_id),
        with_these(hold_as_asked, mine, referral_id, places.id),
        with_these(open_placement, mine, door, OpenPlacement()),
        with_these(confirm_placement, mine, door, kept.id, seen, CAME),
    )
    for act in closed:
        with pytest.raises(ReferralNotFound):
            act()
    (still,) = list_placements(coordinator(service), case_id).items
    assert (still.state, still.version) == (PlacementState.RESERVED, kept.version)


@pytest.mark.only_on("sqlite")
def test_a_place_that_tells_of_health_is_told_once_the_person_has_agreed(service: Service) -> None:
    several = {"psychological_problems": "yes", "addiction": "yes", "consent": {"registration": "given"}}
    case_id = opened_case(service, **several).case_id
    assert read_case(coordinator(service), case_id).decisions[-1].content.shelter.type == "omm"
    referral_id = asked(service, case_id, Answer.ACCEPT)

    with pytest.raises(ReferralNotFound):
        sees(service, referral_id)
    says(service, case_id, placement="given")
    assert ("omm", False) in {(one.shelter_type, one.interim) for one in sees(service, referral_id).kinds}


@pytest.mark.only_on("sqlite")
def test_who_refuses_a_place_after_all_is_placed_no_more_and_the_kept_place_can_be_given_up(
    service: Service, case_id: UUID
) -> None:
    referral_id = asked(service, case_id, Answer.ACCEPT)
    mine, door = partner(service, "comensha"), ByReferral(referral_id)
    kept = open_placement(mine, door, HERE)

    says(service, case_id, placement="withdrawn")

    assert sees(service, referral_id).kinds == ()
    not_needed = EndPlacement(ended_on=CAME.placed_on, reason="not_needed")
    end_placement(mine, door, kept.id, frozenset({kept.version}), not_needed)
    with pytest.raises(ReferralNotFound):
        open_placement(mine, door, HERE)


def test_two_doors_never_give_one_place_twice_nor_one_person_two(service: Service, case_id: UUID) -> None:
    referral_id, places = asked(service, case_id, Answer.ACCEPT), cosm(service, free=2)
    mine, desk = partner(service, "comensha"), coordinator(service)
    by_desk, by_referral = (
        with_these(hold_place, desk, places.id),
        with_these(hold_as_asked, mine, referral_id, places.id),
    )

    held = side_by_side(*[by_desk, by_referral] * 3)
    kept = side_by_side(
        with_these(open_placement, desk, AtDesk(case_id), HERE),
        with_these(open_placement, mine, ByReferral(referral_id), HERE),
    )

    assert sorted(type(one).__name__ for one in held) == [HoldView.__name__] * 2 + [NoFreePlace.__name__] * 4
    assert [type(one) for one in kept if isinstance(one, Exception)] == [LookedForAlready]
    assert len(list_placements(desk, case_id).items) == 1
    assert verify_log(auditor(service)).verified

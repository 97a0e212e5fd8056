"""Somebody is placed: by who may place, warm from one place to the next, and never without an owner."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest

from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChosenShelter, OverrideDecision
from service.casework.commands.places import ConfirmPlacement, KeptPlace, OpenPlacement
from service.casework.places.ask_capacity import read_answers
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import AtDesk
from service.casework.places.end_placement import NextNotConfirmed, end_placement
from service.casework.places.hold_place import expire_hold, hold_place
from service.casework.places.keep_place import LookedForAlready, open_placement, reserve_place
from service.casework.places.placement_steps import PlacementNotUnderstood
from service.casework.places.proposed_place import RegionUnexplained
from service.casework.places.report_capacity import list_capacity
from service.casework.places.show_placements import list_placements
from service.casework.questions import ListCapacity
from service.casework.referrals.work_on_referrals import preview_referral
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.places import PlacementView
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.places.lifecycle import EndReason, PlacementState
from service.places.policy import MayNotPlace, TargetGroup, TypeNotProposed
from service.places.store import HoldOver, PlacementNotFound
from service.referrals.lifecycle import Answer, ReferralState
from service.wiring import Service
from tests.casework.places.placing import BED, CAME, COSM, HERE, LEFT, TODAY, came, desk, fired, left, opened, shown
from tests.casework.places.reports import reported
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, answers, auditor, changed, coordinator, lines_for, opened_case, says, stepped


def clocks(service: Service, case_id: UUID, kind: str) -> list[tuple[date, DeadlineState, str]]:
    with service.database.look() as session:
        return [
            (one.due, one.state, one.rule) for one in deadlines.deadlines_of(session, [case_id]) if one.kind == kind
        ]


def test_comensha_places_in_cosm_and_the_person_leaves_for_the_next_place_only(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    stays = came(service, opened(service, case_id))
    assert (stays.state, stays.shelter_type, stays.placed_on, stays.owner) == (
        *(PlacementState.PLACED, "cosm", TODAY),
        "coordinator-1",
    )
    with pytest.raises(NextNotConfirmed):
        left(service, stays)
    stepped(service, case_id, "cooperated", "2026-11-23")
    # Told on the phone: a place in the women's shelter, through the coordinator of the region.
    answers(service, lines_for(service, case_id, "care_coordinator")[0], Answer.ACCEPT)
    coordinator_id = lines_for(service, case_id, "care_coordinator")[0].partner_id
    place = KeptPlace(partner_id="womens-enschede", placed_by=coordinator_id)
    following = opened(service, case_id, OpenPlacement(shelter_type="womens", place=place))
    with pytest.raises(NextNotConfirmed):
        left(service, stays)
    clock.move(timedelta(hours=1))
    came(service, following)
    assert "end_former_placement" in desk(service, case_id)

    ended = left(service, stays)

    assert (ended.state, ended.end_reason, ended.ended_on) == (PlacementState.ENDED, EndReason.MOVED_ON, TODAY)
    assert shown(service, case_id) == [("cosm", PlacementState.ENDED), ("womens", PlacementState.PLACED)]
    assert "end_former_placement" not in desk(service, case_id)
    assert clocks(service, case_id, "placement_end") == [(date(2027, 2, 23), DeadlineState.MET, "DL-10")]
    with pytest.raises(NextNotConfirmed):
        left(service, as_it_is(service, following))
    assert verify_log(auditor(service)).verified


def as_it_is(service: Service, one: PlacementView) -> PlacementView:
    found = list_placements(coordinator(service), one.case_id).items
    return next(line for line in found if line.id == one.id)


def test_where_no_place_is_free_the_kind_is_kept_and_comensha_is_asked_after_a_day(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    changed(service, case_id, gender="female")
    waits = opened(service, case_id, OpenPlacement())
    crisis = KeptPlace(partner_id="kadera-omm", placed_by="comensha")
    opened(service, case_id, OpenPlacement(shelter_type="crisis", interim=True, place=crisis))
    assert shown(service, case_id) == [("cosm", PlacementState.WAITING), ("crisis", PlacementState.RESERVED)]
    clock.move(timedelta(hours=24) - timedelta(seconds=1))
    assert not fired(service, "placement_waiting")
    clock.move(timedelta(seconds=1))

    assert fired(service, "placement_waiting")

    assert not fired(service, "placement_waiting")
    assert "waits_for_place" in desk(service, case_id)
    (waiting, _) = list_placements(coordinator(service), case_id).items
    assert waiting.question_id is not None
    asked = read_answers(coordinator(service), waiting.question_id)
    assert (asked.target_group, [one.partner_id for one in asked.asked]) == (TargetGroup.WOMEN, ["comensha"])
    kept = reserve_place(coordinator(service), AtDesk(case_id), waits.id, frozenset({waiting.version}), COSM)
    assert kept.state is PlacementState.RESERVED
    assert "waits_for_place" not in desk(service, case_id)
    assert verify_log(auditor(service)).verified


def test_unknown_destination_established_by_the_police_ends_every_placement_on_that_day(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    came(service, opened(service, case_id))
    clock.move(timedelta(days=2))

    stepped(service, case_id, "unknown_destination", "2026-11-24")

    (one,) = list_placements(coordinator(service), case_id).items
    assert (one.state, one.end_reason, one.ended_on) == (
        *(PlacementState.ENDED, EndReason.UNKNOWN_DESTINATION),
        date(2026, 11, 24),
    )
    assert [state for _, state, _ in clocks(service, case_id, "placement_end")] == [DeadlineState.MET]


def test_a_held_place_is_used_by_a_placement_and_stays_taken(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    free = reported(service, "comensha", shelter_type="cosm", free=1)
    held = hold_place(coordinator(service), free.id)
    clock.move(timedelta(minutes=1))
    with_hold = COSM.model_copy(update={"capacity_id": free.id, "hold_id": held.id})

    opened(service, case_id, OpenPlacement(place=with_hold))

    clock.move(timedelta(hours=1))
    assert not expire_hold(service.system(), held.id)
    (one,) = list_capacity(coordinator(service), ListCapacity()).items
    assert (one.free, one.left) == (1, 0)
    kept = list_placements(coordinator(service), case_id).items[0]
    left(service, kept, reason="not_needed")
    (one,) = list_capacity(coordinator(service), ListCapacity()).items
    assert (one.free, one.left) == (1, 1)
    assert verify_log(auditor(service)).verified


def test_the_police_place_for_a_night_and_comensha_judges_the_next_working_day_at_noon(
    service: Service, clock: FixedClock
) -> None:
    """Outside office hours, on a Sunday night; nobody knows yet whether the person wants a reflection period."""
    late = opened_case(service, received_at="2026-11-22T22:30:00+01:00", reflection_choice=None, accepted_on=None)

    came(service, opened(service, late.case_id, BED))

    assert clocks(service, late.case_id, "suitability_check") == [(TODAY, DeadlineState.RUNNING, "DL-14")]
    examination, assessment = date(2026, 11, 30), date(2026, 11, 25)
    assert clocks(service, late.case_id, "health_check") == [(examination, DeadlineState.RUNNING, "DL-11")]
    # At every move, beside those that are counted from the first contact.
    assert (assessment, DeadlineState.RUNNING, "AS-01") in clocks(service, late.case_id, "assessment")
    answers(service, lines_for(service, late.case_id, "comensha")[0], Answer.ACCEPT)
    came(service, opened(service, late.case_id))
    assert clocks(service, late.case_id, "suitability_check") == [(TODAY, DeadlineState.MET, "DL-14")]


def test_placed_elsewhere_the_coordinator_there_takes_over_and_the_former_one_stays_until_then(
    service: Service, case_id: UUID
) -> None:
    former = lines_for(service, case_id, "care_coordinator")[0]
    answers(service, former, Answer.ACCEPT)

    came(service, opened(service, case_id), ConfirmPlacement(placed_on=TODAY, municipality="GM0363"))

    former, following = lines_for(service, case_id, "care_coordinator")
    assert (former.state, following.partner_id) == (ReferralState.ACCEPTED, "coordinator-hvo-querido-acm")
    answers(service, following, Answer.ACCEPT)
    former, following = lines_for(service, case_id, "care_coordinator")
    assert (former.state, following.state) == (ReferralState.WITHDRAWN, ReferralState.ACCEPTED)


def test_placed_elsewhere_after_a_refusal_nobody_new_is_told_and_the_former_one_reads_no_more(service: Service) -> None:
    case_id = opened_case(service, consent={"placement": "given"}).case_id
    for kind in ("comensha", "care_coordinator"):
        answers(service, lines_for(service, case_id, kind)[0], Answer.ACCEPT)
    kept = opened(service, case_id)
    says(service, case_id, registration="refused")

    came(service, kept, ConfirmPlacement(placed_on=TODAY, municipality="GM0363"))

    (former,) = lines_for(service, case_id, "care_coordinator")
    assert former.consent_gone
    preview = preview_referral(coordinator(service), case_id, former.id)
    assert preview.content.facts == {}


def test_nobody_places_who_may_not_and_what_is_refused_changes_nothing(
    service: Service, case_id: UUID, clock: FixedClock
) -> None:
    other = opened_case(service).case_id
    free = reported(service, "comensha", shelter_type="cosm", free=1)
    held = hold_place(coordinator(service), free.id)
    clock.move(timedelta(minutes=15))
    over = COSM.model_copy(update={"capacity_id": free.id, "hold_id": held.id})
    by_police = COSM.model_copy(update={"placed_by": "police"})
    nowhere = COSM.model_copy(update={"partner_id": "emm"})
    place = partial(open_placement, coordinator(service))
    wrong: list[tuple[partial[PlacementView], type[DomainError]]] = [
        (partial(place, AtDesk(case_id), OpenPlacement(place=over)), HoldOver),
        (partial(place, AtDesk(case_id), OpenPlacement(place=by_police)), MayNotPlace),
        (partial(place, AtDesk(case_id), OpenPlacement(place=nowhere)), MayNotPlace),
        # CoMensha was told of this one and has not said yes.
        (partial(place, AtDesk(other), HERE), MayNotPlace),
        (partial(place, AtDesk(case_id), OpenPlacement(shelter_type="omm", place=COSM)), TypeNotProposed),
        (partial(place, AtDesk(case_id), BED), TypeNotProposed),
        (partial(open_placement, coordinator(service, OTHER_OFFICE), AtDesk(case_id), HERE), CaseNotFound),
    ]
    for act, refusal in wrong:
        with pytest.raises(refusal):
            act()
    assert shown(service, case_id) == shown(service, other) == []

    kept = opened(service, case_id)
    seen, ours = frozenset({kept.version}), coordinator(service)
    tomorrow = ConfirmPlacement(placed_on=TODAY + timedelta(days=1))
    later: list[tuple[partial[PlacementView], type[DomainError]]] = [
        (partial(place, AtDesk(case_id), HERE), LookedForAlready),
        (partial(confirm_placement, ours, AtDesk(case_id), kept.id, seen, tomorrow), PlacementNotUnderstood),
        (partial(confirm_placement, ours, AtDesk(case_id), kept.id, None, CAME), Unseen),
        (partial(confirm_placement, ours, AtDesk(case_id), kept.id, frozenset({9}), CAME), Stale),
        (partial(confirm_placement, ours, AtDesk(other), kept.id, seen, CAME), PlacementNotFound),
        (partial(end_placement, ours, AtDesk(case_id), kept.id, seen, LEFT), IllegalTransition),
        (partial(reserve_place, ours, AtDesk(case_id), kept.id, seen, COSM), IllegalTransition),
    ]
    for act, refusal in later:
        with pytest.raises(refusal):
            act()
    assert shown(service, case_id) == [("cosm", PlacementState.RESERVED)]
    told = [one for one in read_trail(ours, case_id).entries if one.event is Event.PLACEMENT_REFUSED]
    assert len(told) == len(wrong) + len(later) - 3
    assert read_trail(ours, case_id).verified


@pytest.mark.only_on("sqlite")
def test_a_place_outside_the_region_of_the_investigation_is_explained(service: Service, case_id: UUID) -> None:
    """Found in Enschede; the police of Oost-Nederland investigate."""
    elsewhere = KeptPlace(partner_id="womens-amsterdam", placed_by="comensha")
    with pytest.raises(RegionUnexplained):
        opened(service, case_id, OpenPlacement(place=elsewhere))

    why = "Invented: she is afraid to meet somebody there."
    placed = opened(service, case_id, OpenPlacement(place=elsewhere.model_copy(update={"explanation": why})))

    assert (placed.partner_id, placed.explanation) == ("womens-amsterdam", why)


@pytest.mark.only_on("sqlite")
def test_a_person_may_leave_and_is_not_forgotten(service: Service, case_id: UUID) -> None:
    stays = came(service, opened(service, case_id))

    left(service, stays, reason="person_left", explanation="Went to a sister, invented.")

    assert "after_placement" in desk(service, case_id)
    came(service, opened(service, case_id))
    assert "after_placement" not in desk(service, case_id)


@pytest.mark.only_on("sqlite")
def test_whoever_decides_otherwise_places_otherwise(service: Service, case_id: UUID) -> None:
    decision = read_case(coordinator(service), case_id).decisions[-1]
    chosen = ChosenShelter(type="omm", placed_by="comensha")
    override_decision(
        coordinator(service), case_id, decision.id, OverrideDecision(reason="More is needed.", shelter=chosen)
    )

    with pytest.raises(TypeNotProposed):
        opened(service, case_id, OpenPlacement(shelter_type="cosm", place=COSM))
    at_kadera = KeptPlace(partner_id="kadera-omm", placed_by="comensha")
    assert opened(service, case_id, OpenPlacement(place=at_kadera)).shelter_type == "omm"


@pytest.mark.only_on("sqlite")
def test_nobody_is_placed_who_refuses_shelter(service: Service) -> None:
    """Found by the police, registered all the same, and offered help where the person is."""
    case_id = opened_case(service, consent={"registration": "not_asked", "placement": "refused"}).case_id

    with pytest.raises(TypeNotProposed):
        opened(service, case_id)
    with pytest.raises(TypeNotProposed):
        opened(service, case_id, OpenPlacement())

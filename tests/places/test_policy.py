"""What a partner can say of its places, and whom it is there for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.places.lifecycle import PlaceAnswer
from service.places.policy import (
    INTERIM,
    SHELTERS,
    TRAITS,
    CapacityNotUnderstood,
    MayNotPlace,
    Proposed,
    TargetGroup,
    TypeNotProposed,
    as_told,
    check_placer,
    check_report,
    helps,
    kinds_to_place,
    placers,
    settles,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OMM = frozenset({"omm"})


def test_a_partner_reports_what_it_offers_and_interim_places() -> None:
    for kind in ("omm", *INTERIM):
        check_report(kind, OMM, (6, 2), (NOW, NOW))


@pytest.mark.parametrize(
    ("kind", "offered", "numbers", "as_of", "pointer"),
    [
        ("cosm", OMM, (6, 2), NOW, "/shelter_type"),
        ("crisis", frozenset(), (6, 2), NOW, "/shelter_type"),
        ("omm", OMM, (6, 7), NOW, "/free"),
        ("omm", OMM, (6, 2), NOW + timedelta(seconds=1), "/as_of"),
    ],
)
def test_what_cannot_be_so_is_not_kept(
    kind: str, offered: frozenset[str], numbers: tuple[int, int], as_of: datetime, pointer: str
) -> None:
    with pytest.raises(CapacityNotUnderstood) as refused:
        check_report(kind, offered, numbers, (as_of, NOW))

    assert [one.pointer for one in refused.value.problems] == [pointer]


def test_every_group_has_traits_and_kinds_of_shelter() -> None:
    assert SHELTERS.keys() == TRAITS.keys() == set(TargetGroup)


@pytest.mark.parametrize(
    ("asks_for", "groups"),
    [
        ({}, set(TargetGroup)),
        ({"gender": {"female", "other"}}, {TargetGroup.WOMEN, TargetGroup.FAMILIES}),
        ({"multiproblem": {"yes"}}, {TargetGroup.MULTIPROBLEM}),
        ({"child": {"yes"}, "loverboy": {"yes"}}, {TargetGroup.CHILDREN}),
        ({"exploitation": {"labour"}}, {TargetGroup.LABOUR_GROUPS}),
    ],
)
def test_whoever_helps_only_some_people_is_there_for_the_groups_that_they_make_up(
    asks_for: dict[str, set[str]], groups: set[TargetGroup]
) -> None:
    target_groups = {name: frozenset(values) for name, values in asks_for.items()}

    assert {group for group in TargetGroup if helps(target_groups, group)} == groups


COMENSHA = {"comensha"}
POLICE = {"police"}
HOUSES = {"womens_shelter", "mens_shelter"}


@pytest.mark.parametrize(
    ("proposed", "wanted", "kinds"),
    [
        pytest.param(Proposed("cosm", "comensha"), ("cosm", False), COMENSHA, id="SH-09"),
        pytest.param(Proposed("omm", "comensha", "cosm"), ("omm", False), COMENSHA, id="SH-10"),
        pytest.param(Proposed("omm", "comensha", "cosm"), ("cosm", True), COMENSHA, id="SH-10 until then"),
        pytest.param(Proposed("cosm", "comensha", "emergency_bed"), ("emergency_bed", True), POLICE, id="SH-02"),
        pytest.param(Proposed("cosm", "comensha", "crisis"), ("crisis", True), POLICE | COMENSHA, id="SH-01"),
        pytest.param(Proposed("womens", "central_municipality"), ("womens", False), HOUSES, id="SH-12"),
        pytest.param(
            Proposed("womens_or_mens", "central_municipality"),
            ("mens", False),
            HOUSES,
            id="SH-14",
        ),
        pytest.param(
            Proposed("protected_minor", "nidos"),
            ("protected_minor", False),
            {"nidos"},
            id="SH-04",
        ),
        pytest.param(
            Proposed("youth_care", "youth_care"),
            ("youth_care", False),
            {"youth_care_provider"},
            id="SH-05",
        ),
        pytest.param(Proposed("coa_centre", "coa"), ("coa_centre", False), {"coa"}, id="SH-08"),
        pytest.param(
            Proposed("cosm", "comensha", None, follow_up=True),
            ("womens", False),
            {"care_coordinator", "comensha"},
            id="SH-18",
        ),
    ],
)
def test_only_who_places_there_may_place(proposed: Proposed, wanted: tuple[str, bool], kinds: set[str]) -> None:
    allowed = placers(proposed, wanted, waits=False)

    assert allowed == kinds
    for kind in ("comensha", "police", "womens_shelter", "nidos", "emm"):
        if kind not in kinds:
            with pytest.raises(MayNotPlace):
                check_placer(kind, allowed, agreed=True)


def test_whoever_places_has_said_yes_first() -> None:
    with pytest.raises(MayNotPlace):
        check_placer("comensha", frozenset(COMENSHA), agreed=False)


@pytest.mark.parametrize(
    ("proposed", "wanted"),
    [
        pytest.param(Proposed("ambulatory", None), ("ambulatory", False), id="SH-03"),
        pytest.param(Proposed("review", None), ("review", False), id="SH-22"),
        pytest.param(Proposed("cosm", "comensha"), ("omm", False), id="another kind"),
        pytest.param(Proposed("cosm", "comensha"), ("womens", False), id="follow-up before its time"),
        pytest.param(Proposed("cosm", "comensha"), ("emergency_bed", True), id="a bed in office hours"),
        pytest.param(Proposed("cosm", "comensha"), ("crisis", True), id="a crisis place for no reason"),
    ],
)
def test_nobody_is_placed_where_that_is_not_proposed(proposed: Proposed, wanted: tuple[str, bool]) -> None:
    with pytest.raises(TypeNotProposed):
        placers(proposed, wanted, waits=False)


def test_whoever_waits_gets_a_crisis_place_until_then() -> None:
    """SH-19: the proposed kind is kept, and nobody sleeps outside for it."""
    assert placers(Proposed("cosm", "comensha"), ("crisis", True), waits=True) == POLICE | COMENSHA


@pytest.mark.parametrize(
    ("answers", "enough"),
    [
        ([], True),
        ([(None, None)], False),
        ([(PlaceAnswer.ACKNOWLEDGE, None), (PlaceAnswer.NO, None)], False),
        ([(PlaceAnswer.NO, None), (PlaceAnswer.NO, None)], True),
        ([(PlaceAnswer.YES, 1), (None, None)], False),
        ([(PlaceAnswer.YES, None), (PlaceAnswer.YES, None), (None, None)], True),
        ([(PlaceAnswer.YES, 2), (None, None)], True),
        ([(PlaceAnswer.YES, 1), (PlaceAnswer.NO, None)], True),
    ],
)
def test_a_question_for_two_places_is_settled_by_two_places_or_by_everybody(
    answers: list[tuple[PlaceAnswer | None, int | None]], *, enough: bool
) -> None:
    assert settles(2, answers) is enough


def test_whoever_is_asked_to_place_is_shown_the_kinds_in_which_it_places_and_no_others() -> None:
    cosm = Proposed("cosm", "comensha", interim="emergency_bed")
    assert kinds_to_place("comensha", cosm, waits=False) == {("cosm", False)}
    assert kinds_to_place("comensha", cosm, waits=True) == {("cosm", False), ("crisis", True)}
    assert kinds_to_place("police", cosm, waits=False) == {("emergency_bed", True)}
    assert kinds_to_place("ind", cosm, waits=True) == set()
    either = Proposed("womens_or_mens", "comensha")
    assert kinds_to_place("comensha", either, waits=False) == {("womens", False), ("mens", False)}
    assert kinds_to_place("comensha", Proposed("ambulatory"), waits=False) == set()


def test_a_place_that_tells_of_health_is_told_of_with_agreement_only() -> None:
    omm = Proposed("omm", "comensha", interim="cosm", follow_up=True)
    assert as_told(omm, agreed=True) == omm
    # COSM for the meantime would tell as much; a bed in acute danger does not.
    assert as_told(omm, agreed=False) == Proposed("none")
    assert as_told(replace(omm, interim="crisis"), agreed=False) == Proposed("none", interim="crisis")
    assert as_told(Proposed("cosm", "comensha"), agreed=False) == Proposed("cosm", "comensha")

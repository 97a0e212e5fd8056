"""Who is asked for something, and in which order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.partners.directory import (
    Listing,
    NobodyToAsk,
    PartnerStatus,
    Where,
    candidates,
)
from service.routing.facts.features import Feature

TODAY = date(2026, 11, 23)
COMENSHA = Listing("comensha", "CoMensha", "comensha", "invented")
TWENTE = Listing("twente", "Twente desk", "care_coordinator", "invented")
ZWOLLE = Listing("zwolle", "Zwolle desk", "care_coordinator", "invented")
COA = Listing("coa", "COA", "coa", "invented")
DIRECTORY = [ZWOLLE, TWENTE, COA, COMENSHA]
ENSCHEDE = {"code": "GM0153", "central_municipality": "Enschede", "province": "Overijssel", "police_unit": "East"}


def house(name: str, *areas: Feature, **more: object) -> Listing:
    return replace(Listing(name, name, "shelter_provider", "invented", areas=areas), **more)  # type: ignore[arg-type]


IN_TOWN = house("a-in-town", Feature("code", ("GM0014", "GM0153")))
IN_PROVINCE = house("b-in-province", Feature("province", ("Overijssel",)))
ANYWHERE = house("c-anywhere")
ELSEWHERE = house("d-elsewhere", Feature("province", ("Zeeland",)), Feature("police_unit", ("West",)))
HOUSES = [ANYWHERE, ELSEWHERE, IN_PROVINCE, IN_TOWN, COMENSHA]


@pytest.mark.parametrize(
    ("asked_as", "coordinator", "chosen"),
    [
        ("coa", None, COA),
        ("care_coordinator", "Twente desk", TWENTE),
        ("care_coordinator", "Nobody's desk", COMENSHA),
        ("care_coordinator", None, COMENSHA),
        ("iom", "Twente desk", COMENSHA),
        ("comensha", "Twente desk", COMENSHA),
    ],
)
def test_the_organisation_meant_is_asked_or_comensha_steps_in(
    asked_as: str, coordinator: str | None, chosen: Listing
) -> None:
    assert candidates(asked_as, Where({}, coordinator), {}, DIRECTORY, TODAY)[0] == chosen


def test_a_directory_without_a_fallback_cannot_be_used() -> None:
    with pytest.raises(NobodyToAsk):
        candidates("iom", Where(), {}, [COA], TODAY)


def test_the_narrowest_area_is_asked_first_and_what_lies_elsewhere_never() -> None:
    asked = candidates("shelter_provider", Where(ENSCHEDE), {}, HOUSES, TODAY)

    assert asked == (IN_TOWN, IN_PROVINCE, ANYWHERE, COMENSHA)


def test_where_nobody_knows_the_place_only_those_without_a_restriction_are_asked() -> None:
    assert candidates("shelter_provider", Where(), {}, HOUSES, TODAY) == (ANYWHERE, COMENSHA)


def test_a_service_is_asked_for_like_a_kind() -> None:
    offers = replace(COA, services=frozenset({"coa_centre"}))

    assert candidates("coa_centre", Where(), {}, [offers, COMENSHA], TODAY) == (offers, COMENSHA)


@pytest.mark.parametrize(
    ("person", "helped"),
    [
        ({"gender": {"female"}, "child": {"no"}}, True),
        ({"gender": {"male"}, "child": {"no"}}, False),
        ({"gender": {"female"}, "child": {"yes"}}, False),
        ({"child": {"no"}}, True),
        ({}, True),
    ],
)
def test_who_does_not_fit_the_target_group_is_sent_elsewhere_and_what_is_unknown_excludes_nobody(
    person: dict[str, set[str]], *, helped: bool
) -> None:
    for_women = house("women", target_groups=(Feature("gender", ("female", "other")), Feature("child", ("no",))))

    asked = candidates(
        "shelter_provider",
        Where(),
        {name: frozenset(one) for name, one in person.items()},
        [for_women, COMENSHA],
        TODAY,
    )

    assert (for_women in asked) is helped


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"status": PartnerStatus.PAUSED}, False),
        ({"status": PartnerStatus.ENDED}, False),
        ({"valid_from": TODAY + timedelta(1)}, False),
        ({"valid_to": TODAY - timedelta(1)}, False),
        ({"valid_from": TODAY, "valid_to": TODAY}, True),
    ],
)
def test_only_who_takes_part_on_the_day_is_asked(changes: dict[str, object], *, asked: bool) -> None:
    dated = house("dated", **changes)

    assert (dated in candidates("shelter_provider", Where(), {}, [dated, COMENSHA], TODAY)) is asked


VALUES = dict.fromkeys(("code", "province", "police_unit"), ("one", "two", "three"))
FEATURES = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.lists(st.sampled_from(VALUES[name]), min_size=1, unique=True).map(
        lambda values: Feature(name, tuple(values))
    )
)
LISTINGS = st.builds(
    Listing,
    id=st.text("abcdefgh", min_size=1, max_size=4),
    name=st.just("An invented house"),
    kind=st.sampled_from(["coa", "police", "comensha"]),
    source=st.just("invented"),
    services=st.frozensets(st.sampled_from(["coa", "omm"])),
    areas=st.lists(FEATURES, max_size=3).map(tuple),
    target_groups=st.lists(st.just(Feature("gender", ("male",))), max_size=1).map(tuple),
    status=st.sampled_from(PartnerStatus),
    valid_to=st.none() | st.dates(TODAY - timedelta(2), TODAY + timedelta(2)),
)
PLACES = st.dictionaries(st.sampled_from(sorted(VALUES)), st.sampled_from(["one", "two", "three"])).map(Where)
DIRECTORIES = st.lists(LISTINGS, max_size=8, unique_by=lambda one: one.id)


@given(st.sampled_from(["coa", "omm", "comensha", "nobody"]), PLACES, st.sampled_from(["male", "female"]), DIRECTORIES)
def test_whatever_the_directory_holds_comensha_stands_last_and_everybody_before_fits(
    asked_as: str, where: Where, gender: str, listings: list[Listing]
) -> None:
    directory = [*listings, COMENSHA]
    group = {"gender": frozenset({gender})}

    found = candidates(asked_as, where, group, directory, TODAY)

    assert [one.kind for one in found].count("comensha") == 1
    assert found[-1].kind == "comensha"
    assert len(set(found)) == len(found)
    for one in found[:-1]:
        assert asked_as in {one.kind, *one.services}
        assert one.is_asked(TODAY)
        assert not one.areas or any(where.attributes.get(area.attribute) in area.values for area in one.areas)
        assert not one.target_groups or gender == "male"
    assert found == candidates(asked_as, where, group, reversed(directory), TODAY)


@given(PLACES, DIRECTORIES, LISTINGS)
def test_one_more_in_the_directory_takes_nobody_away(where: Where, listings: list[Listing], more: Listing) -> None:
    directory = [COMENSHA, *(one for one in listings if one.kind != "comensha")]
    before = candidates("coa", where, {}, directory, TODAY)

    after = candidates("coa", where, {}, [*directory, replace(more, id="new", kind="coa")], TODAY)

    assert [one for one in after if one.id != "new"] == list(before)

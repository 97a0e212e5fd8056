"""A municipality points to its central municipality and its care coordinator, and nothing is inferred."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from service.routing.facts.places import Arrangement, Change, Coordination, Places, Standing
from tests.routing.dutch import TODAY, rules


def places() -> Places:
    return rules().places


@pytest.mark.parametrize(
    ("code", "central", "police_unit", "coordinator", "fallback"),
    [
        ("GM0153", "Enschede", "Oost-Nederland", "Veiligheidsregio Twente / Zorg- en Veiligheidshuis", False),
        ("GM0114", "Emmen", "Noord-Nederland", "GGD Drenthe", False),
        ("GM0518", "'s-Gravenhage", "Den Haag", "SHOP Den Haag", False),
        ("GM0363", "Amsterdam", "Amsterdam", "HVO-Querido / ACM", False),
        ("GM0599", "Rotterdam", "Rotterdam", "PMW Humanitas", False),
        ("GM0014", "Groningen", "Noord-Nederland", "MJD", False),
        ("GM0244", "Zwolle", "Oost-Nederland", "Moviera", False),
        ("GM0193", "Zwolle", "Oost-Nederland", "CoMensha", True),
        ("GM0917", "Heerlen", "Limburg", "CoMensha", True),
        ("GM0855", "Tilburg", "Zeeland-West-Brabant", "name not in source", True),
    ],
)
def test_a_municipality_gives_its_region(
    code: str, central: str, police_unit: str, coordinator: str, *, fallback: bool
) -> None:
    place = places().look_up(code, TODAY, 30)

    assert (place.municipality, place.central_municipality, place.police_unit) == (code, central, police_unit)
    assert (place.care_coordinator, place.fallback) == (coordinator, fallback)


def test_an_unknown_central_municipality_stays_unknown_while_the_coordinator_is_known() -> None:
    westland = places().look_up("GM1783", TODAY, 30)

    assert westland.central_municipality is None
    assert westland.care_coordinator == "SHOP Den Haag"


def test_a_hundred_and_eighty_eight_municipalities_name_their_central_municipality() -> None:
    all_of_them = places().municipalities.values()

    assert len(all_of_them) == 342
    assert sum(1 for one in all_of_them if one.central_municipality) == 188


def test_every_central_municipality_of_the_decree_is_named() -> None:
    assert len({one.central_municipality for one in places().municipalities.values() if one.central_municipality}) == 35


def test_the_region_of_shelter_and_that_of_care_can_differ() -> None:
    eemnes = places().look_up("GM0317", TODAY, 30)

    assert (eemnes.central_municipality, eemnes.care_coordinator) == ("Hilversum", "Moviera")


def test_tholen_keeps_the_shelter_of_zeeland_and_the_coordination_of_brabant() -> None:
    tholen = places().look_up("GM0716", TODAY, 30)

    assert tholen.central_municipality == "Vlissingen"
    assert tholen.care_coordinator == "with the Brabant region (name not found)"
    assert (tholen.arrangement, tholen.coordination) == (Arrangement.OTHER_REGION, Coordination.UNNAMED)


@pytest.mark.parametrize(
    ("age", "coordinator", "fallback"),
    [(0, "MEE-Veluwe", False), (22, "MEE-Veluwe", False), (23, "Moviera", False), (None, "CoMensha", True)],
)
def test_a_region_that_splits_by_age_asks_for_the_age(age: int | None, coordinator: str, *, fallback: bool) -> None:
    place = places().look_up("GM0200", TODAY, age)

    assert (place.care_coordinator, place.fallback, place.arrangement) == (coordinator, fallback, Arrangement.BY_AGE)


def test_twente_has_its_own_coordinator_since_may_2021() -> None:
    assert places().look_up("GM0153", date(2021, 4, 30), 30).care_coordinator == "CoMensha"
    assert not places().look_up("GM0153", date(2021, 5, 1), 30).fallback


@pytest.mark.parametrize(
    ("day", "standing", "municipality"),
    [
        (date(2022, 3, 24), Standing.MERGED, "GM0363"),
        (date(2026, 11, 23), Standing.MERGED, "GM0363"),
    ],
)
def test_weesp_is_amsterdam_since_the_day_of_the_merger(day: date, standing: Standing, municipality: str) -> None:
    place = places().look_up("GM0457", day, 30)

    assert (place.standing, place.municipality) == (standing, municipality)


def test_before_the_merger_the_old_code_is_kept_and_nothing_is_said_about_it() -> None:
    weesp = places().look_up("GM0457", date(2022, 3, 23), 30)

    assert (weesp.standing, weesp.municipality, weesp.central_municipality) == (Standing.CURRENT, "GM0457", None)
    assert weesp.fallback


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2027, 1, 1)])
def test_a_planned_merger_changes_nothing(day: date) -> None:
    place = places().look_up("GM1696", day, 30)

    assert (place.municipality, place.central_municipality) == ("GM1696", "Hilversum")


def test_the_same_merger_counts_from_its_day_once_it_is_done() -> None:
    planned = places().changes["GM1696"]
    done = replace(places(), changes={"GM1696": replace(planned, done=True)})

    assert done.look_up("GM1696", date(2026, 12, 31), 30).municipality == "GM1696"
    assert done.look_up("GM1696", date(2027, 1, 1), 30).municipality == "GM0402"


def test_a_code_that_merged_twice_is_followed_to_the_end() -> None:
    twice = replace(
        places(),
        changes={
            "GM9001": Change(date(2020, 1, 1), "GM9001", "GM9002", done=True),
            "GM9002": Change(date(2024, 1, 1), "GM9002", "GM0344", done=True),
        },
    )

    assert twice.look_up("GM9001", TODAY, 30).municipality == "GM0344"


def test_changes_that_run_in_a_circle_still_give_an_answer() -> None:
    circle = replace(
        places(),
        changes={
            "GM0344": Change(date(2020, 1, 1), "GM0344", "GM0363", done=True),
            "GM0363": Change(date(2020, 1, 1), "GM0363", "GM0344", done=True),
        },
    )

    assert circle.look_up("GM0344", TODAY, 30).standing is Standing.MERGED


@pytest.mark.parametrize(
    ("code", "standing"),
    [("GM0788", Standing.SPLIT), ("GM9999", Standing.UNKNOWN_CODE), (None, Standing.NOT_GIVEN)],
)
def test_without_one_municipality_comensha_steps_in(code: str | None, standing: Standing) -> None:
    place = places().look_up(code, TODAY, 30)

    assert place.standing is standing
    assert (place.municipality, place.central_municipality, place.police_unit) == (None, None, None)
    assert (place.care_coordinator, place.fallback) == ("CoMensha", True)


def test_the_reference_data_name_only_what_exists() -> None:
    known = places()
    attributes = {"code": {"GM0014", "GM0716"}} | {
        name: {getattr(one, name) for one in known.municipalities.values()}
        for name in ("central_municipality", "safety_region", "province", "police_unit")
    }

    for area in known.care_areas:
        if area.attribute != "anywhere":
            assert set(area.values) <= attributes[area.attribute]
    assert {change.new_code for change in known.changes.values() if change.new_code} <= set(known.municipalities)


def test_every_partner_that_is_told_something_stands_in_the_directory() -> None:
    directory = (Path(__file__).parents[3] / "routing_rules/nl/reference/partners.csv").read_text(encoding="utf-8")
    recipients = set(rules().tables["notifications"].table.outputs["to"].values) - {"victim"}

    kinds = {line.split(",")[2] for line in directory.splitlines()[1:]}
    assert recipients - kinds == set()

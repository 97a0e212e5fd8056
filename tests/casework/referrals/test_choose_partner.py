"""Who can be asked about a case is read off the case: where it is, and what is known of the person."""

from dataclasses import replace
from datetime import date

import pytest

from service.casework.referrals.choose_partner import whom_to_ask
from service.partners import store as partners
from service.partners.directory import Listing
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.wiring import Service
from tests.factories import told

pytestmark = pytest.mark.only_on("sqlite")
TODAY = date(2026, 11, 23)


def asked(service: Service, asked_as: str, **changes: object) -> list[str]:
    answers = answers_from(told(**changes), service.rules().vocabulary)
    decision = decide(service.rules(), answers, TODAY)
    with service.database.look() as session:
        found = whom_to_ask(service.operator(), session, answers, decision.as_json())
        return [one.id for one in found(asked_as)]


def test_the_shelter_of_the_own_central_municipality_is_asked_and_then_comensha(service: Service) -> None:
    assert asked(service, "womens", found_in="GM0153", gender="female") == ["womens-enschede", "comensha"]


def test_a_man_is_not_sent_to_a_house_for_women(service: Service) -> None:
    assert asked(service, "womens", found_in="GM0153", gender="male") == ["comensha"]


def test_where_nobody_knows_the_place_no_regional_house_is_asked(service: Service) -> None:
    assert asked(service, "womens", found_in=None, gender="female") == ["comensha"]


@pytest.mark.parametrize(
    ("known", "offered"),
    [
        ({"age": 15, "loverboy": "yes"}, True),
        ({"age": 15}, True),
        ({"age": 15, "loverboy": "no"}, False),
        ({"age": 19, "loverboy": "yes"}, False),
        ({"age": None, "adult": "yes", "loverboy": "yes"}, False),
        ({"age": 19, "age_in_doubt": "yes", "loverboy": "yes"}, True),
    ],
)
def test_a_programme_for_minors_is_asked_for_whom_the_rules_treat_as_a_child(
    service: Service, known: dict[str, object], *, offered: bool
) -> None:
    assert ("fier-loverboy" in asked(service, "youth_care", **known)) is offered


def test_multiproblem_shelter_is_asked_when_any_of_the_problems_is_known_or_none_is(service: Service) -> None:
    assert "kadera-omm" in asked(service, "omm", addiction="yes", psychological_problems="no")
    assert "kadera-omm" in asked(service, "omm", psychological_problems=None)


def test_the_coordinator_of_the_region_is_asked_and_nobody_else_s(service: Service) -> None:
    found = asked(service, "care_coordinator", found_in="GM0153")

    assert found == ["coordinator-veiligheidsregio-twente-zorg-en-veiligheidshuis", "comensha"]


def test_every_listing_says_where_it_was_found_and_reaches_nobody_real(service: Service) -> None:
    with service.database.look() as session:
        directory: list[Listing] = partners.directory(session)

    assert all(one.source for one in directory)
    assert all(one.contact.email.endswith("@example.org") for one in directory)
    assert all(one.contact.phone.startswith("555-01") for one in directory)
    assert {one.id for one in directory if replace(one, services=frozenset()) == one} >= {"police", "ind"}

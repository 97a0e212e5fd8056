"""Whoever is told something reads what a line of the rules lets through for a reason, and nothing beside it."""

from datetime import date

import pytest
from hypothesis import given, settings

from service.routing.decide import decide_as_told
from service.routing.decision import Decision
from service.routing.disclosure import Cleared
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import Answers
from service.routing.rule_set import Example
from tests.routing.dutch import decided, rules
from tests.routing.people import DAYS, people

ABOUT_A_PERSON = ("full", "needed_facts")
HEALTH = {"psychological_problems", "addiction", "mild_intellectual_disability", "medical_limitation"}


def leaving(decision: Decision) -> dict[tuple[str, str, str], dict[str, Cleared]]:
    lines = rules().disclosure
    sent = [(one.to, one.content, one.rule) for one in decision.notifications if one.to != "victim"]
    return {one: lines.cleared(*one, decision.values) for one in sent}


@pytest.mark.parametrize("example", rules().examples, ids=lambda example: example.id)
def test_cn_01_each_field_that_leaves_has_a_line_a_purpose_a_ground_and_a_reason(
    example: Example,
) -> None:
    decision = decide_as_told(rules(), example.facts, example.on)

    for (to, content, rule), cleared in leaving(decision).items():
        lines = [line for line in rules().disclosure.lines if line.is_about(to, content, rule)]
        assert len(lines) == 1, (to, content, rule)
        assert cleared.keys() <= set(lines[0].names)
        assert bool(cleared) is (content in ABOUT_A_PERSON or bool(lines[0].told)), (to, content, rule)
        for fact, one in cleared.items():
            assert one.process.purpose.keys() >= {"nl", "en"}, fact
            assert all(ground.sources and ground.holds(decision.values) for ground in one.grounds), fact
            assert one.grounds, fact
            assert one.why.keys() >= {"nl", "en"}, fact


@given(told=people(), on=DAYS)
@settings(max_examples=100)
def test_whoever_the_rules_tell_about_a_person_has_a_ground_for_it(told: Answers, on: date) -> None:
    try:
        decision = decide_as_told(rules(), told, on)
    except ImpossibleFacts:
        return

    for (to, content, rule), cleared in leaving(decision).items():
        if content in ABOUT_A_PERSON:
            assert cleared, f"{rule} tells {to} {content}, and no ground holds"


def read_by(decision: Decision, to: str) -> set[str]:
    return {name for (told, _, _), cleared in leaving(decision).items() if told == to for name in cleared}


def test_cn_08_health_goes_only_to_those_who_place_and_care_and_only_with_consent_to_placement() -> None:
    with_consent, everything = decided(), leaving(decided(exploitation=["sexual", "labour"]))

    assert {to for (to, _, _), cleared in everything.items() if HEALTH & cleared.keys()} == {
        "comensha",
        "care_coordinator",
    }
    assert read_by(with_consent, "comensha") >= {"household", "psychological_problems"}
    for said in ("not_asked", "refused", "withdrawn"):
        told = read_by(decided(consent={"registration": "given", "placement": said}), "comensha")
        assert not HEALTH & told
        assert ("household" in told) is (said == "not_asked")


def test_a_care_coordinator_has_no_ground_after_a_refusal_though_the_police_found_the_person() -> None:
    for said in ("refused", "withdrawn"):
        values = decided(consent={"registration": said}).values
        assert rules().disclosure.cleared("care_coordinator", "full", "NT-14", values) == {}
        assert rules().disclosure.cleared("comensha", "full", "NT-01", values)


def test_nt_06_the_police_read_nothing_about_health_and_in_acute_danger_only_what_protects() -> None:
    asked = decided(reporter="ngo", consent={"police_contact": "given"})
    in_danger = decided(reporter="ngo", consent={}, acute_danger="yes")

    assert "exploitation" in read_by(asked, "police")
    assert not HEALTH & read_by(asked, "police")
    assert read_by(in_danger, "police") == {
        *("age", "age_in_doubt", "household", "found_in", "acute_danger", "perpetrators_near")
    }


def test_each_reads_what_its_own_part_needs() -> None:
    running = decided(reflection_choice="accepted", accepted_on="2026-11-23", reported_on="2026-11-23")

    assert not {"exploitation", "found_in", "household"} & read_by(running, "legal_aid")
    assert {"found_in", "household", "accepted_on"} <= read_by(running, "coa")
    assert {"accepted_on", "reported_on", "record_signed_on"} <= read_by(running, "ind")
    assert not {"exploitation", "household", "gender", "found_in"} & read_by(running, "ind")


def test_tr_03_and_tr_04_abroad_goes_a_minimal_package_and_only_with_separate_consent() -> None:
    home: dict[str, object] = {
        "citizenship": "eu",
        "residence": "unknown",
        "wants_return": "yes",
        "return_country": "HU",
    }
    asked = decided(home, consent={"registration": "given", "transnational": "given"})
    unasked = decided(home, consent={"registration": "given", "placement": "given"})

    assert read_by(asked, "foreign_partner") == {"role", "age", "adult", "age_in_doubt", "household"}
    assert read_by(unasked, "foreign_partner") == read_by(unasked, "iom") == set()


def test_cn_03_who_refuses_everything_is_counted_and_nothing_else() -> None:
    refused = {"registration": "refused", "placement": "refused", "police_contact": "refused"}
    decision = decided(reporter="ngo", consent=refused)

    told = {name for cleared in leaving(decision).values() for name in cleared}
    assert told <= {"exploitation"}
    assert not [one for one in decision.notifications if one.content in ABOUT_A_PERSON]


def test_cn_05_the_police_register_whoever_they_found_and_place_nobody_who_refuses() -> None:
    decision = decided(consent={"registration": "refused", "placement": "refused"})

    assert {"role", "age", "found_in"} <= read_by(decision, "comensha")
    assert not {"household", "residence", "distance_wanted", *HEALTH} & read_by(decision, "comensha")
    assert decision.shelter.type == "ambulatory"


def test_nt_18_nothing_is_ever_sent_to_an_embassy_an_employer_or_family() -> None:
    told = {row.then["to"] for row in rules().tables["notifications"].table.rows}

    assert {line.to for line in rules().disclosure.lines} == told - {"victim"}
    assert not [one for one in told if any(word in one for word in ("embassy", "consul", "employer", "family"))]


def test_nt_02_consent_to_registration_alone_lets_others_than_the_police_register_a_person() -> None:
    for said, may in (("given", True), ("refused", False), ("withdrawn", False), ("not_asked", False)):
        told = read_by(decided(reporter="ngo", consent={"registration": said}), "comensha")
        assert ({"role", "age", "found_in"} <= told) is may, said

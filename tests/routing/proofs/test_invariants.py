"""The statements about every possible person are proved, and a table that breaks one is found out, with a person."""

from dataclasses import replace
from datetime import date

import pytest

from service.routing.engine.cells import Cell
from service.routing.engine.proof import NotProven
from service.routing.engine.table import Row
from service.routing.facts.answers import answers_from
from service.routing.proofs.chain import Chain
from service.routing.proofs.invariants import Broken, breaks, broken_invariants, chain_of
from service.routing.proofs.person import Person
from service.routing.rule_files.invariant_mistakes import invariant_mistakes
from service.routing.rule_set import Invariant, RuleSet
from tests.routing.dutch import rules
from tests.routing.mutants import giving, with_row, with_table

BREAKING: dict[str, tuple[str, str, dict[str, str | None]]] = {
    "no-minor-in-a-house-for-adults": ("shelter", "SH-05a", {"type": "womens"}),
    "no-minor-in-a-bed-for-adults": ("interim_shelter", "IN-05", {"interim": "cosm"}),
    "in-doubt-a-child": ("child", "CH-01a", {"child": "no"}),
    "age-unknown-protects": ("child", "CH-01e", {"child": "no"}),
    "unaccompanied-children-have-a-guardian": ("shelter", "SH-04a", {"type": "youth_care"}),
    "a-child-is-never-left-without-a-place": ("shelter", "SH-06a", {"type": "review"}),
    "no-doubt-refuses-the-period": (
        "reflection_availability",
        "RP-13",
        {"status": "not_available", "reason": "lawful_stay"},
    ),
    "a-missing-answer-is-no-refusal": ("detention_agreement", "DA-05", {"agreement": "refused"}),
    "thirty-days-for-dublin-claimants": ("reflection_availability", "RP-07", {"status": "review"}),
    "thirty-days-for-nobody-else": ("reflection_availability", "RP-12", {"period": "dublin"}),
    "no-three-months-for-dublin-claimants": ("reflection_availability", "RP-07", {"period": "ordinary"}),
    "no-period-without-a-need": ("reflection_availability", "RP-01", {"status": "offer", "period": "ordinary"}),
    "the-offer-is-never-forgotten": ("reflection_availability", "RP-12", {"status": "review"}),
    "terms-of-the-period-run-within-it": ("deadlines", "AS-01a", {"kind": "reflection_warning"}),
    "four-weeks-for-dublin-claimants-only": ("deadlines", "DL-05a", {"kind": "dublin_target"}),
    "no-period-still-registered": ("notifications", "NT-03", {"content": "advice"}),
    "no-period-still-rights": ("notifications", "NT-19", {"dispatch": "after_confirmation"}),
    "no-period-still-a-way-to-help": ("shelter", "SH-22", {"type": "none"}),
    "help-without-a-report": ("adult_ground", "AG-04", {"ground": "detained"}),
    "declining-takes-no-help-away": ("adult_ground", "AG-13", {"ground": "detained"}),
    "a-report-keeps-the-place": ("shelter", "SH-18c", {"next": None}),
    "nobody-against-their-will": ("shelter", "SH-03", {"type": "cosm"}),
    "no-man-in-the-womens-shelter": ("shelter", "SH-13a", {"type": "womens"}),
    "no-woman-in-the-mens-shelter": ("shelter", "SH-12b", {"type": "mens"}),
    "houses-of-the-municipality-need-a-right-of-stay": ("shelter", "SH-09", {"type": "womens"}),
    "no-municipality-is-guessed": ("shelter", "SH-12b", {"placed_by": "central_municipality"}),
    "gender-decides-the-house-and-nothing-else": ("shelter", "SH-13a", {"placed_by": "comensha"}),
    "danger-reaches-the-police": ("notifications", "NT-06", {"dispatch": "after_confirmation"}),
    "danger-has-a-bed-tonight": ("interim_shelter", "SH-01", {"interim": "emergency_bed"}),
    "not-beside-the-perpetrators": ("region", "RG-08a", {"applies": "inside_police_region"}),
    "the-police-always-register": ("notifications", "NT-01", {"content": "anonymous"}),
    "no-helper-learns-a-name-without-consent": ("notifications", "NT-03", {"content": "full"}),
    "nothing-personal-by-itself": ("notifications", "NT-05a", {"dispatch": "automatic"}),
    "nothing-abroad-without-consent": ("notifications", "TR-04", {"to": "foreign_partner"}),
    "a-bank-signal-about-nobody-stays-with-the-police": ("notifications", "NT-15b", {"to": "comensha"}),
    "legal-aid-in-the-period": ("notifications", "NT-13b", {"to": "police"}),
    "refusal-is-looked-at-by-a-person": ("tasks", "SH-22", {"kind": "exit_plan"}),
    "one-desk-sees-every-sign-of-exploited-work": ("notifications", "NT-07c", {"to": "emm"}),
    "a-worker-without-a-right-of-stay-has-two-ways": ("tracks", "RS-05", {"track": "labour_criminal"}),
    "an-eu-citizen-finds-a-house": ("shelter", "SH-12b", {"type": "review"}),
    "an-unaccompanied-child-without-a-guardian-is-somebody-s-work": ("tasks", "CH-02", {"kind": "exit_plan"}),
    "a-child-s-return-is-decided-on-first": ("tasks", "CH-08b", {"kind": "exit_plan"}),
    "a-child-s-wish-to-return-sends-nothing-abroad": ("notifications", "TR-04", {"to": "foreign_partner"}),
    **{
        f"an-open-need-for-{need}-is-somebody-s-work": ("tasks", f"AS-02{row}", {"kind": "exit_plan"})
        for need, row in zip(
            (
                *("respect-and-recognition", "protection", "access-to-justice", "compensation", "assistance"),
                *("safe-shelter", "material-help", "medical-treatment", "psychological-help"),
                *("advice-and-information", "translation-and-interpreting"),
            ),
            "abcdefghijk",
            strict=True,
        )
    },
}
"""For every statement one changed outcome of one row that breaks it."""


def invariant(name: str) -> Invariant:
    return next(one for one in rules().invariants if one.id == name)


def found_broken(changed: RuleSet, name: str) -> Broken:
    only = replace(changed, invariants=(invariant(name),))
    (broken,) = broken_invariants(only, chain_of(only))
    return broken


def test_every_statement_is_proved_for_the_rules_as_they_are() -> None:
    assert len(rules().invariants) >= 15
    assert [one.invariant.id for one in broken_invariants(rules(), chain_of(rules()))] == []


def test_every_statement_has_a_changed_row_that_breaks_it() -> None:
    assert {one.id for one in rules().invariants} - BREAKING.keys() == {"the-form-of-exploitation-decides-no-period"}


@pytest.mark.parametrize("name", BREAKING)
def test_a_changed_row_that_breaks_a_statement_is_found_out_with_a_person(name: str) -> None:
    table, row, then = BREAKING[name]
    changed = with_row(rules(), table, row, giving(**then))

    person = found_broken(changed, name).person

    assert person is not None
    assert breaks(changed, invariant(name), person)
    assert not breaks(rules(), invariant(name), person)


def test_a_period_that_hangs_on_the_form_of_exploitation_is_found_out_with_a_person() -> None:
    name, table = "the-form-of-exploitation-decides-no-period", rules().tables["reflection_availability"].table

    def for_labour_only(row: Row) -> list[Row]:
        if row.id != "RP-12":
            return [row]
        with_labour = replace(row, when={**row.when, "exploitation.labour": Cell(("yes",))})
        without = replace(row, id="RP-12x", when={**row.when, "exploitation.labour": Cell(("no",))})
        return [with_labour, giving(status="review", period=None)(without)]

    rows = tuple(one for row in table.rows for one in for_labour_only(row))
    changed = with_table(rules(), replace(table, inputs=(*table.inputs, "exploitation.labour"), rows=rows))

    person = found_broken(changed, name).person

    assert person is not None
    assert breaks(changed, invariant(name), person)


def test_code_that_reckons_with_the_outcome_of_a_table_is_no_proof_that_two_people_fare_alike() -> None:
    """Whoever accepted has thirty days as a Dublin claimant and three months otherwise: one has ended, one runs."""
    accepted_offer = {"reflection_availability.status": Cell(("offer",)), "accepted": Cell(("yes",))}
    alike = replace(
        invariant("the-form-of-exploitation-decides-no-period"),
        when=accepted_offer,
        told_otherwise=("dublin_claimant",),
        unchanged=("reflection_period.status",),
    )
    only = replace(rules(), invariants=(alike,))
    claimant = {"indication": "yes", "residence": "none", "citizenship": "third_country", "dublin_claimant": "yes"}
    late = Person(answers_from({**claimant, "accepted_on": "2026-10-01"}, rules().vocabulary), date(2026, 11, 23))

    assert breaks(only, alike, late)
    assert [one.invariant for one in broken_invariants(only, chain_of(only))] == [alike]


def test_a_difference_that_only_the_law_of_other_days_makes_breaks_no_statement_about_these_days() -> None:
    claim = {"indicated": "yes", "citizenship": "third_country", "residence_basis": "none"}
    ever = replace(
        invariant("the-form-of-exploitation-decides-no-period"),
        when={name: Cell((word,)) for name, word in claim.items()},
        told_otherwise=("dublin_claimant",),
        unchanged=("reflection_availability.status",),
    )
    since = replace(ever, id="since", valid_from=date(2023, 5, 18))
    both = replace(rules(), invariants=(ever, since))

    assert [one.invariant.id for one in broken_invariants(both, chain_of(both))] == [ever.id]


def test_every_statement_is_about_somebody() -> None:
    chain: Chain = chain_of(rules())
    about = {
        one.id: next(chain.people(chain.space.box(one.when) & chain.judged_from(one.valid_from, one.valid_to)), None)
        for one in rules().invariants
    }
    assert [name for name, box in about.items() if box is None] == []


def test_a_statement_for_which_nobody_can_be_shown_and_no_proof_found_is_refused_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changed = with_row(rules(), "shelter", "SH-05a", giving(type="womens"))
    only = replace(changed, invariants=(invariant("no-minor-in-a-house-for-adults"),))
    monkeypatch.setattr("service.routing.proofs.invariants.breaks", lambda *_: False)

    (mistake,) = invariant_mistakes(only)

    assert mistake.what == "the invariant no-minor-in-a-house-for-adults could not be proved"


def test_a_statement_about_the_law_of_some_days_says_nothing_about_others() -> None:
    facts = {"indication": "yes", "dublin_claimant": "yes"}
    claimant = answers_from(facts, rules().vocabulary)
    since = invariant("thirty-days-for-dublin-claimants")

    assert not breaks(rules(), since, Person(claimant, date(2023, 5, 17)))
    assert breaks(rules(), replace(since, valid_from=None), Person(claimant, date(2023, 5, 17)))
    assert list(broken_invariants(replace(rules(), invariants=(replace(since, valid_from=None),)), chain_of(rules())))


def test_a_search_for_people_that_takes_too_long_proves_nothing() -> None:
    with pytest.raises(NotProven):
        next(chain_of(rules()).people(0, budget=0))


def test_the_person_for_whom_a_statement_is_broken_is_told_no_more_of_than_it_takes() -> None:
    changed = with_row(rules(), "shelter", "SH-05a", giving(type="womens"))

    person = found_broken(changed, "no-minor-in-a-house-for-adults").person

    assert person is not None
    assert person.answers.given.keys() == {"indication", "citizenship"}
    assert person.described()["nl"].startswith("iemand van wie op ")
    assert person.described()["en"].endswith("is told: Indication of trafficking: Yes; Citizenship: EU, EEA or Swiss")

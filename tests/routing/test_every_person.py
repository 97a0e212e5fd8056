"""Every possible person gets a decision, and no combination of facts breaks what protects people."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from service.kernel.canonical_json import canonical_bytes
from service.routing.decide import decide, decide_as_told
from service.routing.decision import PARTS, Decision
from service.routing.facts.answers import Answers, answers_from
from tests.routing.dutch import rules
from tests.routing.people import DAYS, people

ADULT_HOUSES = {"cosm", "omm", "womens", "mens", "womens_or_mens", "group_beds"}
HELPERS = {
    "attention_officer",
    "care_coordinator",
    "coa",
    "comensha",
    "fairwork",
    "iom",
    "legal_aid",
    "rapporteur",
    "union",
    "veilig_thuis",
    "victim_support",
}
PERSONAL = {"full", "needed_facts"}
POLICE = ("police", "border_police")
YES = st.just("yes")
NOT_POLICE = st.sampled_from(["ngo", "care", "self", "coa", "union", "bank", "youth_care", "unknown"])
many = settings(max_examples=300)


def decided(person: Answers, on: date) -> Decision:
    return decide_as_told(rules(), person, on)


@many
@given(person=people(), on=DAYS)
def test_every_possible_person_gets_a_decision(person: Answers, on: date) -> None:
    decision = decided(person, on)
    period = decision.reflection_period

    assert (period.starts is None) == (period.ends is None)
    assert (period.starts is not None) == (period.status in ("running", "ended"))
    assert (period.length is not None) == (period.status in ("offer", "offer_provisional", "running", "ended"))
    assert (period.reason is not None) == (period.status in ("not_available", "ended"))
    assert decision.region.care_coordinator
    assert decision.region.fallback or decision.region.municipality is not None
    assert all(one.due is not None for one in decision.notifications if one.due_at is not None)


@settings(max_examples=60)
@given(person=people(), on=DAYS)
def test_every_question_promises_a_part_of_the_decision(person: Answers, on: date) -> None:
    for question in decide(rules(), person, on).questions:
        assert question.would_change
        assert set(question.would_change) <= set(PARTS)


@many
@given(person=people(indication=YES, age=st.integers(0, 17)), on=DAYS)
def test_no_child_is_ever_placed_in_a_house_for_adults(person: Answers, on: date) -> None:
    shelter = decided(person, on).shelter

    assert shelter.type not in ADULT_HOUSES
    assert shelter.interim in (None, "crisis")


@many
@given(person=people(indication=YES, age_in_doubt=YES), on=DAYS)
def test_nobody_whose_age_is_in_doubt_is_placed_in_a_house_for_adults(person: Answers, on: date) -> None:
    assert decided(person, on).shelter.type not in ADULT_HOUSES


@many
@given(person=people(indication=YES, role=st.just("victim")), on=DAYS)
def test_whoever_has_no_period_still_hears_of_their_rights(person: Answers, on: date) -> None:
    decision = decided(person, on)
    heard = [one for one in decision.notifications if one.to == "victim" and one.content == "rights_information"]

    about_a_person = decision.reflection_period.status != "none"
    assert about_a_person or person["reporter"] == "bank"
    assert len(heard) == about_a_person
    assert all(one.dispatch == "automatic" for one in heard)


@many
@given(
    person=people(
        reporter=NOT_POLICE,
        consent=st.fixed_dictionaries(
            {"registration": st.sampled_from(["refused", "withdrawn", "not_asked"])},
            optional={
                "placement": st.sampled_from(["given", "refused"]),
                "police_contact": st.sampled_from(["given", "refused"]),
            },
        ),
    ),
    on=DAYS,
)
def test_without_consent_no_helper_and_no_immigration_service_learns_who_it_is(person: Answers, on: date) -> None:
    for one in decided(person, on).notifications:
        if one.to in HELPERS | {"ind", "prosecutor"}:
            assert one.content not in PERSONAL, one


@many
@given(person=people(reporter=NOT_POLICE, consent=st.just({}), acute_danger=st.just("no")), on=DAYS)
def test_nothing_personal_leaves_by_itself_without_consent_or_danger(person: Answers, on: date) -> None:
    for one in decided(person, on).notifications:
        assert one.dispatch == "after_confirmation" or one.content not in PERSONAL, one


@many
@given(person=people(indication=YES, role=st.just("victim"), reporter=st.sampled_from(POLICE)), on=DAYS)
def test_the_police_always_register_a_possible_victim(person: Answers, on: date) -> None:
    registered = [one for one in decided(person, on).notifications if one.rule == "NT-01"]

    assert [(one.to, one.content, one.dispatch) for one in registered] == [("comensha", "full", "automatic")]


@many
@given(person=people(age=st.integers(18, 120), age_in_doubt=st.just("no"), shelter_wanted=st.just("no")), on=DAYS)
def test_no_adult_is_placed_against_their_will(person: Answers, on: date) -> None:
    shelter = decided(person, on).shelter

    assert shelter.type in ("ambulatory", "none")
    assert shelter.interim is None


@many
@given(person=people(wants_return=YES), on=DAYS)
def test_nothing_goes_abroad_without_separate_consent(person: Answers, on: date) -> None:
    consent = person["consent"]
    assert isinstance(consent, dict)
    abroad = [one for one in decided(person, on).notifications if one.to in ("foreign_partner", "iom")]

    assert not abroad or consent["transnational"] == "given"
    assert all(one.dispatch == "after_confirmation" for one in abroad)


@many
@given(person=people(), on=DAYS)
def test_the_order_of_telling_never_changes_a_byte(person: Answers, on: date) -> None:
    turned = Answers(person.vocabulary, dict(reversed(list(person.given.items()))))

    assert canonical_bytes(decided(person, on).as_json()) == canonical_bytes(decided(turned, on).as_json())


@settings(max_examples=60)
@given(person=people(), on=DAYS, more=st.data())
def test_how_certain_each_form_is_never_changes_a_decision(person: Answers, on: date, more: st.DataObject) -> None:
    certainty = rules().vocabulary.facts["exploitation_certainty"]
    forms = person["exploitation"] if "exploitation" in person.given else frozenset()
    assert isinstance(forms, frozenset)
    told = sorted(forms & set(certainty.keys))
    words = st.dictionaries(st.sampled_from(told), st.sampled_from(list(certainty.values))) if told else st.just({})
    surer = answers_from({**person.given, certainty.name: more.draw(words)}, rules().vocabulary)

    assert canonical_bytes(decide(rules(), surer, on).as_json()) == canonical_bytes(
        decide(rules(), person, on).as_json()
    )


@many
@given(person=people(), on=DAYS)
def test_every_decision_names_a_source_for_each_row(person: Answers, on: date) -> None:
    for finding in decided(person, on).findings.values():
        assert all(row.sources for row in finding.rows)

"""Only what could change the decision is asked; whoever knows nothing is protected first."""

import inspect
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.routing import assembly
from service.routing.decide import decide, decide_as_told
from service.routing.decision import PARTS, Decision
from service.routing.facts import derived
from service.routing.facts.answers import Answers
from tests.routing.asked_one_by_one import questions_one_by_one
from tests.routing.dutch import ADULT, DUBLIN, DUTCH, TODAY, asked, decided, decided_on_facts, rules, told
from tests.routing.people import DAYS, people

Facts = dict[str, object]


def changes(decision: Decision, fact: str) -> tuple[str, ...]:
    return next((one.would_change for one in decision.questions if one.fact == fact), ())


def test_when_everything_is_known_nothing_is_asked() -> None:
    assert decided().questions == ()


@pytest.mark.parametrize(
    ("unknown", "part"),
    [
        ("citizenship", "reflection_period"),
        ("residence", "reflection_period"),
        ("dublin_claimant", "reflection_period"),
        ("reflection_used", "reflection_period"),
        ("age", "shelter"),
        ("addiction", "shelter"),
        ("psychological_problems", "shelter"),
        ("mild_intellectual_disability", "shelter"),
        ("acute_danger", "shelter"),
        ("indication", "shelter"),
        ("perpetrators_near", "tasks"),
        ("distance_wanted", "tasks"),
        ("exploitation", "notifications"),
    ],
)
def test_an_unknown_fact_is_asked_with_what_its_answer_would_change(unknown: str, part: str) -> None:
    value: object = ["unknown"] if unknown == "exploitation" else "unknown"

    assert part in changes(decided({unknown: value}), unknown)


def test_a_missing_place_is_asked_because_it_decides_the_region() -> None:
    facts = {name: value for name, value in ADULT.items() if name != "found_in"}

    assert "region" in changes(decided_on_facts(facts), "found_in")


def test_consent_is_asked_for_each_purpose_that_matters() -> None:
    decision = decided(reporter="ngo", consent={})

    assert {"consent.registration", "consent.placement", "consent.police_contact"} <= asked(decision)
    assert "consent.transnational" not in asked(decision)


def test_consent_to_send_data_abroad_is_asked_once_somebody_wants_to_return() -> None:
    assert "consent.transnational" in asked(decided(wants_return="yes", return_country="HU"))


@pytest.mark.parametrize(
    ("facts", "fact"),
    [
        ({"reflection_choice": "accepted"}, "accepted_on"),
        ({"detention": "yes"}, "prosecutor_agrees"),
        ({"detention": "yes"}, "police_agree"),
        (DUBLIN, "prosecutor_needs_presence"),
        ({"in_coa_centre": "yes", "residence": "asylum_procedure"}, "safe_there"),
        ({"exploitation": ["labour"]}, "coercion"),
        ({"absent_now": "yes"}, "absences_last_30_days"),
    ],
)
def test_one_answer_leads_to_the_next_question(facts: Facts, fact: str) -> None:
    assert fact in asked(decided(facts))
    assert fact not in asked(decided())


@pytest.mark.parametrize("fact", ["residence", "dublin_claimant", "in_coa_centre", "reflection_used", "loverboy"])
def test_a_dutch_woman_is_not_asked_what_decides_nothing_about_her(fact: str) -> None:
    facts = {name: value for name, value in (ADULT | DUTCH).items() if name not in (fact, "dublin_claimant")}

    assert fact not in asked(decided_on_facts(facts))


def test_the_gender_is_asked_where_a_house_must_be_chosen_and_not_before() -> None:
    assert "shelter" in changes(decided(DUTCH, gender="unknown"), "gender")
    assert "shelter" not in changes(decided(gender="unknown"), "gender")


def test_whoever_knows_nothing_but_an_indication_protects_first() -> None:
    decision = decided_on_facts({"indication": "yes"})

    assert decision.reflection_period.status == "offer_provisional"
    assert decision.shelter.type == "protected_minor"
    assert decision.shelter.interim is None
    assert told(decision, "comensha") == {("anonymous", "automatic")}
    assert {"acute_danger", "age", "citizenship", "residence", "consent.registration"} <= asked(decision)


def test_without_any_fact_only_the_threshold_and_its_surroundings_are_asked() -> None:
    decision = decided_on_facts({})

    assert decision.shelter.type == "none"
    assert asked(decision) == {"acute_danger", "adult", "age", "found_in", "indication", "reporter"}


def test_every_question_has_an_answer_that_changes_what_it_promises() -> None:
    told_so_far = Answers(rules().vocabulary, {"indication": "yes", "adult": "yes"})
    decision = decide(rules(), told_so_far, TODAY)

    assert decision.questions
    for question in decision.questions:
        assert set(question.would_change) <= set(PARTS)
        assert question.would_change
        fact = rules().vocabulary.facts[question.fact.partition(".")[0]]
        if fact.values and "." not in question.fact and fact.name != "exploitation":
            others = [
                decide_as_told(rules(), Answers(rules().vocabulary, {**told_so_far.given, fact.name: value}), TODAY)
                for value in fact.values
                if value != "unknown"
            ]
            assert any(replace(other, findings={}) != replace(decision, questions=(), findings={}) for other in others)


def test_asking_changes_nothing_of_the_decision_itself() -> None:
    told_so_far = Answers(rules().vocabulary, {"indication": "yes"})

    asked_about = decide(rules(), told_so_far, TODAY)

    assert replace(asked_about, questions=()) == decide_as_told(rules(), told_so_far, TODAY)


def test_questions_come_by_the_name_of_the_fact() -> None:
    names = [one.fact for one in decided_on_facts({"indication": "yes"}).questions]

    assert names == sorted(names)


IN_A_PERIOD: Final = people(
    indication=st.just("yes"), reflection_choice=st.just("accepted"), accepted_on=DAYS.map(date.isoformat)
)


def ask_as_whole_decisions_show(people_of: st.SearchStrategy[Answers], persons: int) -> None:
    """Hold what is asked of as many people against what whole decisions on every answer show."""

    @settings(max_examples=persons)
    @given(person=people_of, on=DAYS)
    def hold(person: Answers, on: date) -> None:
        assert decide(rules(), person, on).questions == questions_one_by_one(rules(), person, on)

    hold()


def test_what_is_asked_of_anybody_is_what_whole_decisions_on_every_answer_show() -> None:
    ask_as_whole_decisions_show(people(), 60)


def test_while_a_period_runs_as_much_is_asked_as_whole_decisions_show() -> None:
    ask_as_whole_decisions_show(IN_A_PERIOD, 60)


@pytest.mark.long
@pytest.mark.parametrize("people_of", [people(), IN_A_PERIOD], ids=["anybody", "in a period"])
def test_as_much_is_asked_of_many_as_whole_decisions_show(people_of: st.SearchStrategy[Answers]) -> None:
    ask_as_whole_decisions_show(people_of, 1_000)


@settings(max_examples=60)
@given(
    told_so_far=st.sets(st.sampled_from(sorted(ADULT))),
    changed=st.sampled_from([{}, DUTCH, DUBLIN, {"reporter": "bank"}, {"detention": "yes"}]),
)
def test_whatever_is_left_out_of_a_plain_story_is_asked_as_whole_decisions_show(
    told_so_far: set[str], changed: Facts
) -> None:
    facts = {name: value for name, value in ADULT.items() if name in told_so_far} | {"indication": "yes"} | changed
    decision = decided_on_facts(facts)
    person = Answers(rules().vocabulary, dict(facts))  # type: ignore[arg-type]

    assert decision.questions == questions_one_by_one(rules(), person, TODAY)


@pytest.mark.parametrize("code", [assembly, derived])
def test_code_reads_only_where_it_is_noted_what_it_reads(code: ModuleType) -> None:
    written = inspect.getsource(code)

    assert "reading." in written
    assert "reading.values" not in written
    assert "reading.answers" not in written

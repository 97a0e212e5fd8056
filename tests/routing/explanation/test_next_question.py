"""An intake asks what decides most, and stops only when no answer can change anything any more."""

from collections.abc import Collection
from datetime import date

import pytest
from hypothesis import given, settings

from service.routing.decide import decide_and_keep_reading, decide_as_told
from service.routing.decision import PARTS
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.explanation.next_question import LEGAL, Intake, intake
from service.routing.explanation.possible import Possible
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.routing.questions import without_rules
from service.routing.rule_set import Example
from tests.routing.dutch import ADULT, TODAY, rules
from tests.routing.people import DAYS, people

NOT_KNOWN = ("unknown", "not_asked", "not_answered", ["unknown"], None)


def known(told: dict[str, object]) -> Answers:
    return answers_from(told, rules().vocabulary)


def possible(answers: Answers, on: date) -> Possible:
    return Possible(rules(), decide_and_keep_reading(rules(), answers, on)[1])


def answered(answers: Answers, other: Answers, questions: Collection[str]) -> dict[str, object]:
    """Give what is known with another person's answers to the questions that are open."""
    told: dict[str, object] = dict(answers.given)
    for question in questions:
        fact, _, key = question.partition(".")
        said = other.given.get(fact)
        if isinstance(said, dict):
            kept = answers.given.get(fact)
            added = {key: said[key]} if key in said else {}
            told[fact] = {**(kept if isinstance(kept, dict) else {}), **added}
        elif said is not None:
            told[fact] = said
    return told


@settings(max_examples=60, deadline=None)
@given(people(), people(), DAYS)
def test_whatever_is_answered_leaves_what_is_settled_as_it_is(answers: Answers, other: Answers, on: date) -> None:
    try:
        found = possible(answers, on)
        then = decide_as_told(rules(), known(answered(answers, other, found.asked)), on)
    except (AnswersRefused, ImpossibleFacts):
        return
    now = decide_as_told(rules(), answers, on)
    for part in found.settled():
        assert without_rules(getattr(then, part)) == without_rules(getattr(now, part)), part


def asked_until_settled(example: Example, parts: Collection[str]) -> tuple[list[str], Intake]:
    """Answer question after question as the example would, knowing nothing but what is no question."""
    vocabulary, given_facts = rules().vocabulary, example.facts.given
    told: dict[str, object] = {
        name: said
        for name, said in given_facts.items()
        if vocabulary.facts[name].default not in ("unknown", "not_asked", "not_answered", ("unknown",))
    }
    asked: list[str] = []
    unanswered: set[str] = set()
    while (now := intake(rules(), known(told), example.on, parts, unanswered)).question is not None:
        question = now.question.fact
        assert question not in asked
        asked.append(question)
        fact, _, key = question.partition(".")
        said = given_facts.get(fact)
        said = said.get(key) if isinstance(said, dict) else said
        if said in NOT_KNOWN:
            unanswered.add(question)
        elif key:
            entries = told.get(fact)
            told[fact] = {**(entries if isinstance(entries, dict) else {}), key: said}
        else:
            told[fact] = said
    return asked, now


@pytest.mark.parametrize("name", ["G01", "G12", "G24", "G50"])
def test_an_intake_of_the_period_and_the_shelter_ends_where_the_whole_story_does_and_asks_less(name: str) -> None:
    example = next(one for one in rules().examples if one.id == name)
    whole = decide_as_told(rules(), example.facts, example.on)

    asked, end = asked_until_settled(example, LEGAL)

    assert end.decision.reflection_period.status == whole.reflection_period.status
    assert end.decision.shelter.type == whole.shelter.type
    assert len(asked) < len(rules().vocabulary.facts) / 2
    assert "perpetrators_near" not in asked


def test_what_decides_the_period_and_the_shelter_is_asked_first() -> None:
    first = intake(rules(), known({}), TODAY).question

    assert first is not None
    assert first.fact == "indication"
    assert set(LEGAL) <= set(first.would_change)


def test_nothing_is_asked_when_everything_is_settled() -> None:
    told = {
        **ADULT,
        "consent": dict.fromkeys(("registration", "placement", "police_contact", "transnational"), "given"),
    }

    end = intake(rules(), known(told), TODAY)

    assert (end.question, set(end.settled)) == (None, set(PARTS))


def test_a_question_that_nobody_can_answer_is_not_asked_again() -> None:
    told = {name: said for name, said in ADULT.items() if name != "reflection_used"}

    first = intake(rules(), known(told), TODAY, ["reflection_period"])
    second = intake(rules(), known(told), TODAY, ["reflection_period"], ["reflection_used"])

    assert first.question is not None
    assert first.question.fact == "reflection_used"
    assert second.question is None

"""Facts and rules and a day make a decision; nothing here opens a file, a database or a socket."""

from dataclasses import replace
from datetime import date
from typing import Any

from service.routing.assembly import ASSEMBLED
from service.routing.decision import Decision
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.questions import open_questions
from service.routing.rule_set import RuleSet
from service.routing.steps import find


def decide(rule_set: RuleSet, answers: Answers, on: date) -> Decision:
    """Decide about the facts on a day, and say which unknown facts could change the decision.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        on: the decision date, a local day; it picks the version of the rules.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    return decide_and_keep_reading(rule_set, answers, on)[0]


def decide_and_keep_reading(rule_set: RuleSet, answers: Answers, on: date) -> tuple[Decision, Reading]:
    """Decide, and give what was found and who read what on the way, for whoever has to explain it.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        on: the decision date.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    reading = _reading(rule_set, answers, on)
    decision = _decision(rule_set, reading)
    return replace(decision, questions=open_questions(rule_set, reading, decision)), reading


def decide_as_told(rule_set: RuleSet, answers: Answers, on: date) -> Decision:
    """Decide without asking what the unknown facts could change.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        on: the decision date.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    return _decision(rule_set, _reading(rule_set, answers, on))


def _reading(rule_set: RuleSet, answers: Answers, on: date) -> Reading:
    return Reading(answers, on, rule_set.parameters, rule_set.places, answers.columns())


def _decision(rule_set: RuleSet, reading: Reading) -> Decision:
    findings = find(rule_set.steps, reading)
    parts: dict[str, Any] = {name: reading.noting(name, part) for name, part in ASSEMBLED.items()}
    return Decision(on=reading.on, rule_set=rule_set.name, questions=(), findings=findings, **parts)

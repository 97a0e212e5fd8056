"""Facts and rules and a day make a decision; nothing here opens a file, a database or a socket."""

from dataclasses import replace
from datetime import date

from service.routing import assembly
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
    decision = decide_as_told(rule_set, answers, on)
    questions = open_questions(rule_set, answers, decision, lambda told: decide_as_told(rule_set, told, on))
    return replace(decision, questions=questions)


def decide_as_told(rule_set: RuleSet, answers: Answers, on: date) -> Decision:
    """Decide without asking what the unknown facts could change.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        on: the decision date.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    reading = Reading(answers, on, rule_set.parameters, rule_set.places, answers.columns())
    findings = find(rule_set.steps, reading)
    return Decision(
        on=on,
        rule_set=rule_set.name,
        reflection_period=assembly.reflection_period(reading, findings),
        shelter=assembly.shelter(findings),
        region=assembly.region(reading, findings),
        notifications=assembly.notifications(reading, findings),
        tracks=assembly.tracks(findings),
        deadlines=assembly.deadlines(reading, findings),
        tasks=assembly.tasks(findings),
        questions=(),
        findings=findings,
    )

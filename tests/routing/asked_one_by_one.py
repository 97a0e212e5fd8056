"""Finds the open questions the slow and obvious way: a whole decision on every answer, compared as a whole."""

from datetime import date

from service.routing.decide import decide_as_told
from service.routing.decision import PARTS, Decision, Question
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet
from service.routing.unsaid import unsaid


def questions_one_by_one(rule_set: RuleSet, answers: Answers, on: date) -> tuple[Question, ...]:
    """Decide on every answer that could be given to one fact alone, and compare whole decisions."""
    now = _outcome(decide_as_told(rule_set, answers, on))
    reading = Reading(answers, on, rule_set.parameters, rule_set.places, answers.columns())
    found = []
    for name, fact, sayings in unsaid(rule_set, reading):
        others = [Answers(answers.vocabulary, {**answers.given, fact.name: said}) for said in sayings]
        outcomes = [_outcome(decide_as_told(rule_set, other, on)) for other in others if _possible(other)]
        changed = tuple(part for part in PARTS if any(outcome[part] != now[part] for outcome in outcomes))
        if changed:
            found.append(Question(name, changed))
    return tuple(sorted(found, key=lambda question: question.fact))


def _outcome(decision: Decision) -> dict[str, object]:
    return {part: _without_rules(getattr(decision, part)) for part in PARTS}


def _without_rules(part: object) -> object:
    if isinstance(part, tuple):
        return frozenset(_without_rules(one) for one in part)
    if hasattr(part, "__slots__"):
        return tuple(getattr(part, name) for name in part.__slots__ if name not in ("rule", "rules", "interim_rule"))
    return part


def _possible(answers: Answers) -> bool:
    columns = answers.columns()
    return not any(
        all(columns[name] in cell for name, cell in never.when.items()) for never in answers.vocabulary.never
    )

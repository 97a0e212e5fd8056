"""Which unknown facts are worth asking: those of which some answer would change the decision."""

from collections.abc import Mapping

from service.routing.assembly import ASSEMBLED
from service.routing.decision import PARTS, Decision, Question
from service.routing.facts.reading import Reading
from service.routing.facts.vocabulary import Fact
from service.routing.rule_set import RuleSet
from service.routing.steps import find
from service.routing.unsaid import unsaid


def open_questions(rule_set: RuleSet, reading: Reading, decision: Decision) -> tuple[Question, ...]:
    """Ask, for every fact that nobody knows, whether an answer to it alone would change the decision.

    Args:
        rule_set: the mechanism of a country.
        reading: what was told and found, and what each part of the decision read.
        decision: what followed from it.

    Returns:
        The questions by the name of the fact; a purpose of consent is asked as `consent.registration`.
    """
    now = {part: without_rules(getattr(decision, part)) for part in PARTS}
    found = []
    for name, fact, sayings in unsaid(rule_set, reading):
        others = [reading.told_otherwise(fact.name, said) for said in sayings]
        changed = frozenset[str]().union(
            *(_changed(rule_set, now, other) for other in others if _possible(other, fact))
        )
        if changed:
            found.append(Question(name, tuple(part for part in PARTS if part in changed)))
    return tuple(sorted(found, key=lambda question: question.fact))


def _changed(rule_set: RuleSet, now: Mapping[str, object], other: Reading) -> set[str]:
    """Give the parts that are not as they are now; what the other telling does not reach is not looked at."""
    find(rule_set.steps, other)
    return {part for part in PARTS if other.reaches(part) and without_rules(ASSEMBLED[part](other)) != now[part]}


def _possible(other: Reading, fact: Fact) -> bool:
    # Everything else was told together before, and was possible.
    return not any(never.holds_of(other.values) for never in other.answers.vocabulary.never_about[fact.name])


def without_rules(part: object) -> object:
    """Give a part without the rules that led to it: another road to the same place changes nothing."""
    if isinstance(part, tuple):
        return frozenset(without_rules(one) for one in part)
    if hasattr(part, "__slots__"):
        return tuple(getattr(part, name) for name in part.__slots__ if name not in ("rule", "rules", "interim_rule"))
    return part
